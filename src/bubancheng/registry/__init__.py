"""Find, check, bind and call plugins, one at a time; what a plugin does wrong becomes a value."""

from bubancheng.registry.binding import Registry
from bubancheng.registry.choosing import PluginSettings, read_choice
from bubancheng.registry.examining import Failure, Fault, faults, has_hook
from bubancheng.registry.finding import find_point, make, offered
from bubancheng.registry.surveying import (
    Installed,
    district_of,
    examined,
    find_district,
    hooks_of,
    installed,
    stores_offered,
)

__all__ = [
    "Failure",
    "Fault",
    "Installed",
    "PluginSettings",
    "Registry",
    "district_of",
    "examined",
    "faults",
    "find_district",
    "find_point",
    "has_hook",
    "hooks_of",
    "installed",
    "make",
    "offered",
    "read_choice",
    "stores_offered",
]
