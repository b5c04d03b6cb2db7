"""Deadlines, lights and the closed loop of "办不成事" windows, explained and embeddable.

PYTEST_DONT_REWRITE: nothing is asserted here, and a program that loaded this first may start pytest unwarned.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from bubancheng.calendar import WorkCalendar
    from bubancheng.desk import Desk
    from bubancheng.district import District
    from bubancheng.errors import BubanchengError
    from bubancheng.hooks import DistrictPlugin, hookimpl
    from bubancheng.sla import Clock, Counting, Deadline, Light, Limit, Policy
    from bubancheng.ticket import Actor, Entry, Ticket

_HOMES = {
    "Actor": "ticket",
    "BubanchengError": "errors",
    "Clock": "sla",
    "Counting": "sla",
    "Deadline": "sla",
    "Desk": "desk",
    "District": "district",
    "DistrictPlugin": "hooks",
    "Entry": "ticket",
    "Light": "sla",
    "Limit": "sla",
    "Policy": "sla",
    "Ticket": "ticket",
    "WorkCalendar": "calendar",
    "hookimpl": "hooks",
}

__all__ = [
    "Actor",
    "BubanchengError",
    "Clock",
    "Counting",
    "Deadline",
    "Desk",
    "District",
    "DistrictPlugin",
    "Entry",
    "Light",
    "Limit",
    "Policy",
    "Ticket",
    "WorkCalendar",
    "hookimpl",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401 a module's attribute can be anything
    if name == "__version__":
        return import_module("importlib.metadata").version("bubancheng")
    if name not in _HOMES:
        msg = f"module 'bubancheng' has no attribute {name!r}"
        raise AttributeError(msg)
    value = getattr(import_module(f"bubancheng.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
