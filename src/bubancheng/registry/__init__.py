"""Find, check, bind and call plugins, one at a time; what a plugin does wrong becomes a value."""

from bubancheng.registry.binding import Registry
from bubancheng.registry.examining import Failure, faults
from bubancheng.registry.finding import find_point, make, offered
from bubancheng.registry.surveying import (
    Installed,
    find_district,
    hooks_of,
    installed,
    opens_stores,
    stores_offered,
)

__all__ = [
    "Failure",
    "Installed",
    "Registry",
    "faults",
    "find_district",
    "find_point",
    "hooks_of",
    "installed",
    "make",
    "offered",
    "opens_stores",
    "stores_offered",
]
