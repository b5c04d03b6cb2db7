"""Limits, conventions of counting, policies, deadlines, clocks, lights and their explanations.

Pure functions of (entries, policy, calendar, now): no clock, no counter, no store.
"""

from bubancheng.sla.clock import Clock
from bubancheng.sla.counting import Counting
from bubancheng.sla.dues import Deadline
from bubancheng.sla.explain import Explanation, Step
from bubancheng.sla.light import Light, Share
from bubancheng.sla.limit import Limit
from bubancheng.sla.notation import LimitUnit
from bubancheng.sla.policy import Policy
from bubancheng.sla.target import Deemed, Remainder, Target
from bubancheng.sla.why import ClockExplanation, explain_clock

__all__ = [
    "Clock",
    "ClockExplanation",
    "Counting",
    "Deadline",
    "Deemed",
    "Explanation",
    "Light",
    "Limit",
    "LimitUnit",
    "Policy",
    "Remainder",
    "Share",
    "Step",
    "Target",
    "explain_clock",
]
