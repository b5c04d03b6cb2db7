"""The district profile: rules by date, flow, units, channels, roles and words, read from TOML."""

from bubancheng.district.model import (
    Assignment,
    Category,
    Channel,
    Code,
    District,
    Exclusion,
    Role,
    Route,
    Rule,
    ServicePoint,
    Unit,
    Unreachable,
)
from bubancheng.district.profile import parse_profile, read_profile

__all__ = [
    "Assignment",
    "Category",
    "Channel",
    "Code",
    "District",
    "Exclusion",
    "Role",
    "Route",
    "Rule",
    "ServicePoint",
    "Unit",
    "Unreachable",
    "parse_profile",
    "read_profile",
]
