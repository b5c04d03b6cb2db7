"""Plugins as they should be: a type checker finds nothing here. Never run, only checked."""

import datetime as dt
from collections.abc import Mapping
from typing import assert_type

import attrs

from bubancheng.desk import Desk
from bubancheng.district import Assignment, District
from bubancheng.hooks import (
    Advice,
    CalendarChanges,
    CalendarRequest,
    DispatchRequest,
    DistrictPlugin,
    Health,
    Notice,
    StoreRequest,
    TriageRequest,
    hookimpl,
    profile_plugin,
)
from bubancheng.registry import Failure, Registry
from bubancheng.store import MemoryStore, Store

plugin = profile_plugin(__package__, "profile.toml")


@attrs.frozen(kw_only=True)
class Wanted:
    """The settings of a plugin."""

    url: str
    timeout: float = 5.0


class Everything(DistrictPlugin):
    """Implements every hook."""

    Settings = Wanted
    settings: Wanted
    routes = ("sms",)

    @hookimpl
    def bubancheng_district(self) -> District | None:
        return None

    @hookimpl
    def bubancheng_store(self, request: StoreRequest) -> Store | None:
        assert_type(request.url, str)
        return MemoryStore() if request.create else None

    @hookimpl
    def bubancheng_calendar(self, request: CalendarRequest) -> CalendarChanges | None:
        start = dt.datetime(2026, 9, 1, 19, tzinfo=dt.UTC)
        closed = (start, start + dt.timedelta(hours=12))
        return CalendarChanges(closures=(closed,)) if request.district == "demo" else None

    @hookimpl
    def bubancheng_triage(self, request: TriageRequest) -> Advice | None:
        assert_type(request.intake_reason, str | None)
        return Advice(rule="x", in_scope=True, category="simple")

    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
        assert_type(request.place, str | None)
        return Assignment(unit=request.matter, rule=self.settings.url)

    @hookimpl
    def bubancheng_notify(self, notice: Notice) -> None:
        assert_type(notice.due, dt.datetime | None)
        assert_type(notice.contact, Mapping[str, str])

    @hookimpl
    def bubancheng_health(self) -> Health:
        return Health(ok=True, detail=f"{self.settings.timeout:.1f} s")


class Narrower(DistrictPlugin):
    """Gives less than it might, which is allowed."""

    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment:
        return Assignment(unit=request.matter, rule="x")


def factory(settings: Mapping[str, object]) -> DistrictPlugin:
    """Make a plugin."""
    return Everything(settings)


def called(registry: Registry, request: DispatchRequest, notice: Notice) -> None:
    """Ask plugins: the host sees the types of their answers."""
    registry.add("everything", Everything(Wanted(url="https://example.org")))
    assert_type(registry.dispatch(request), tuple[Assignment | None, list[Failure]])
    assert_type(registry.notify("everything", notice), Failure | None)
    assert_type(registry.calendar(CalendarRequest(district="demo")), list[CalendarChanges])
    with Desk.open("demo", settings={"everything": {"url": "x"}}, strict=True) as desk:
        assert_type(desk.health(), dict[str, Health | None])
    Desk.open("demo", settings="desk.toml").close()
