"""The district profile: rules by date, flow, units, channels, roles and words, read from TOML."""

from bubancheng.district.model import (
    Assignment,
    Category,
    Channel,
    District,
    Exclusion,
    Role,
    Rule,
    Unit,
)
from bubancheng.district.profile import parse_profile, read_profile

__all__ = [
    "Assignment",
    "Category",
    "Channel",
    "District",
    "Exclusion",
    "Role",
    "Rule",
    "Unit",
    "parse_profile",
    "read_profile",
]
