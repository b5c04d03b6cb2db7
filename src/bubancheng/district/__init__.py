"""The district profile: rules by date, flow, units, channels, roles and words, read from TOML."""

from bubancheng.district.duties import Duty
from bubancheng.district.knowledge import Question, Reply, Tip
from bubancheng.district.metrics import Metric, Tally
from bubancheng.district.model import (
    Assignment,
    Category,
    Channel,
    Code,
    District,
    Exclusion,
    LedgerColumn,
    Role,
    Route,
    Rule,
    ServicePoint,
    Unit,
    Unreachable,
)
from bubancheng.district.profile import parse_profile, read_profile
from bubancheng.district.retaining import Retention

__all__ = [
    "Assignment",
    "Category",
    "Channel",
    "Code",
    "District",
    "Duty",
    "Exclusion",
    "LedgerColumn",
    "Metric",
    "Question",
    "Reply",
    "Retention",
    "Role",
    "Route",
    "Rule",
    "ServicePoint",
    "Tally",
    "Tip",
    "Unit",
    "Unreachable",
    "parse_profile",
    "read_profile",
]
