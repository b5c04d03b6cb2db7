"""What a plugin may implement: one documented base class, one frozen record a hook."""

from bubancheng.hooks.plugin import (
    HOOKS,
    DistrictPlugin,
    district_plugin,
    hookimpl,
    hookspec,
    profile_plugin,
)
from bubancheng.hooks.records import (
    Advice,
    CalendarChanges,
    CalendarRequest,
    DispatchRequest,
    Health,
    Notice,
    StoreRequest,
    TriageRequest,
)

__all__ = [
    "HOOKS",
    "Advice",
    "CalendarChanges",
    "CalendarRequest",
    "DispatchRequest",
    "DistrictPlugin",
    "Health",
    "Notice",
    "StoreRequest",
    "TriageRequest",
    "district_plugin",
    "hookimpl",
    "hookspec",
    "profile_plugin",
]
