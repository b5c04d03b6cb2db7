"""The flow (流程): which action leads from which step to which, who may do it, what it needs."""

from bubancheng.flow.conditions import (
    Approved,
    AtMost,
    BeforeDue,
    Case,
    Condition,
    Happened,
    Known,
    Listed,
    OnDuty,
    Open,
    OtherUnit,
    Settled,
    Within,
)
from bubancheng.flow.table import Flow, FlowStep, Relation, Stage, Transition, is_related

__all__ = [
    "Approved",
    "AtMost",
    "BeforeDue",
    "Case",
    "Condition",
    "Flow",
    "FlowStep",
    "Happened",
    "Known",
    "Listed",
    "OnDuty",
    "Open",
    "OtherUnit",
    "Relation",
    "Settled",
    "Stage",
    "Transition",
    "Within",
    "is_related",
]
