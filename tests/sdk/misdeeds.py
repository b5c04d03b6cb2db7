"""What plugins do wrong, as a table: something for every hook, and something for each hook alone."""

import asyncio
import datetime as dt
import sys
from collections.abc import Callable, Mapping
from typing import Any

import attrs

from bubancheng.district import Assignment, District
from bubancheng.hooks import HOOKS, Advice, CalendarChanges, DistrictPlugin, Health, hookimpl
from tests.acting import DISTRICT, instant

Deed = Callable[[Any], object]

ALL_ROUTES = tuple(route.id for route in DISTRICT.routes)
ASSIGNED = Assignment(unit="区公安分局", rule="x")


class UnprintableError(Exception):
    """An error without words."""

    def __str__(self) -> str:
        raise self


class Unprintable:
    """A value that cannot be shown."""

    def __repr__(self) -> str:
        msg = "no words"
        raise ValueError(msg)


class Liar:
    """A value that says of itself that it is what was expected, and is not."""

    def __init__(self, kind: type) -> None:
        self.kind = kind

    @property
    def __class__(self) -> Any:
        return self.kind

    @__class__.setter
    def __class__(self, _: object) -> None:
        raise TypeError


def raising(error: BaseException) -> Deed:
    """Return the deed of raising."""

    def deed(_: object) -> object:
        raise error

    return deed


def returning(answer: object) -> Deed:
    """Return the deed of answering."""
    return lambda _: answer


def leaving(_: object) -> object:
    """Leave the program."""
    sys.exit(3)


def deep(request: object) -> object:
    """Never come to an end."""
    return deep(request)


def later(_: object) -> object:
    """Answer with a promise."""

    async def promise() -> None:
        pass

    return promise()


def overwriting(request: Any) -> object:
    """Change what was given."""
    name = attrs.fields(type(request))[0].name
    setattr(request, name, "T2")
    return None


# for every hook: the name of the deed, the deed, what the recorded reason says
COMMON: Mapping[str, tuple[Deed, str]] = {
    "raises": (raising(RuntimeError("数据库连不上")), "RuntimeError: 数据库连不上"),
    "raises without words": (raising(UnprintableError()), "UnprintableError: (an error without words)"),
    "raises a book": (raising(RuntimeError("长" * 100_000)), "RuntimeError: 长长长"),
    "leaves": (leaving, "SystemExit: 3"),
    "stops": (raising(StopIteration()), "StopIteration"),
    "is cancelled": (raising(asyncio.CancelledError()), "CancelledError"),
    "closes": (raising(GeneratorExit()), "GeneratorExit"),
    "never ends": (deep, "RecursionError"),
    "answers a number": (returning(42), "42"),
    "answers what cannot be shown": (returning(Unprintable()), "Unprintable that cannot be printed"),
    "answers a promise": (later, "coroutine"),
}

# hooks that are asked with a record
ASKED = tuple(hook for hook in HOOKS if hook not in {"bubancheng_district", "bubancheng_health"})

NOON = instant("2024-03-25 12:00")
LATER = NOON + dt.timedelta(hours=1)


def _wrong(kind: type, **values: object) -> Any:
    return kind(**values)


# for one hook: its own records with nonsense inside, and where the reason says it is
NESTED: tuple[tuple[str, object, str], ...] = (
    ("bubancheng_dispatch", Assignment, "expected Assignment or None"),
    ("bubancheng_dispatch", _wrong(Assignment, unit=3, rule="x"), "unit is 3, expected str"),
    ("bubancheng_dispatch", _wrong(Assignment, unit="甲局", rule=None), "rule is None, expected str"),
    ("bubancheng_dispatch", _wrong(Assignment, unit=["甲局"], rule="x"), "unit is ['甲局'], expected str"),
    ("bubancheng_dispatch", Liar(Assignment), "expected Assignment or None"),
    ("bubancheng_triage", Liar(Advice), "expected Advice or None"),
    ("bubancheng_health", Liar(Health), "expected Health or None"),
    ("bubancheng_calendar", Liar(CalendarChanges), "expected CalendarChanges or None"),
    ("bubancheng_district", Liar(District), "expected District or None"),
    ("bubancheng_dispatch", Advice(rule="x"), "expected Assignment or None"),
    ("bubancheng_triage", _wrong(Advice, rule="x", category=7), "category is 7, expected str or None"),
    ("bubancheng_triage", _wrong(Advice, rule="x", in_scope=1), "in_scope is 1, expected bool or None"),
    ("bubancheng_triage", _wrong(Advice, rule="x", in_scope="no"), "in_scope is 'no', expected bool or None"),
    ("bubancheng_triage", _wrong(Advice, rule=None), "rule is None, expected str"),
    ("bubancheng_triage", ASSIGNED, "expected Advice or None"),
    ("bubancheng_health", _wrong(Health, ok="yes"), "ok is 'yes', expected bool"),
    ("bubancheng_health", _wrong(Health, ok=1), "ok is 1, expected bool"),
    ("bubancheng_health", _wrong(Health, ok=True, detail=None), "detail is None, expected str"),
    ("bubancheng_health", True, "expected Health or None"),
    ("bubancheng_notify", True, "returned True, expected None"),
    ("bubancheng_notify", False, "returned False, expected None"),
    ("bubancheng_calendar", _wrong(CalendarChanges, closures=("x",)), "closures[1] is 'x', expected tuple"),
    ("bubancheng_calendar", _wrong(CalendarChanges, closures=[(NOON, LATER)]), "closures is ["),
    ("bubancheng_calendar", _wrong(CalendarChanges, closures=((NOON,),)), "closures[1][2] is None"),
    ("bubancheng_calendar", _wrong(CalendarChanges, openings=((NOON, LATER, NOON),)), "openings[1][3] is"),
    ("bubancheng_calendar", _wrong(CalendarChanges, closures=((NOON.date(), LATER),)), "closures[1][1] is"),
    ("bubancheng_calendar", _wrong(CalendarChanges, notices="2027.toml"), "notices is '2027.toml'"),
    ("bubancheng_calendar", _wrong(CalendarChanges, notices=(2027,)), "notices[1] is 2027, expected str"),
    ("bubancheng_calendar", CalendarChanges(closures=((LATER, NOON),)), "closures"),
    ("bubancheng_calendar", CalendarChanges(notices=("no-such-notice.toml",)), "no-such-notice.toml"),
    ("bubancheng_district", attrs.evolve(DISTRICT, name=_wrong(int)), "name is 0, expected str"),
    ("bubancheng_district", attrs.evolve(DISTRICT, units=_wrong(list)), "units is [], expected tuple"),
    (
        "bubancheng_district",
        attrs.evolve(DISTRICT, units=(attrs.evolve(DISTRICT.units[0], matters=_wrong(str)),)),
        "units[1].matters is ''",
    ),
    ("bubancheng_district", "chongming", "expected District or None"),
    ("bubancheng_store", "desk.db", "which is no store: it lacks load"),
    ("bubancheng_store", True, "which is no store"),
)


def doing(hook: str, deed: Deed) -> DistrictPlugin:
    """Return a plugin that implements one hook, by a deed."""

    def alone(self: DistrictPlugin) -> object:  # noqa: ARG001 a method
        return deed(None)

    def asked(self: DistrictPlugin, request: object) -> object:  # noqa: ARG001
        return deed(request)

    def told(self: DistrictPlugin, notice: object) -> object:  # noqa: ARG001
        return deed(notice)

    method = told if hook == "bubancheng_notify" else asked if hook in ASKED else alone
    kind = type("Doing", (DistrictPlugin,), {hook: hookimpl(method), "routes": ALL_ROUTES})
    plugin: DistrictPlugin = kind({})
    return plugin


def factory(settings: Mapping[str, Any]) -> DistrictPlugin:
    """Make a plugin of the hook and the deed in its settings, for an entry point."""
    return doing(settings["hook"], settings["deed"])
