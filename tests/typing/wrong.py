"""Plugins as they should not be: a type checker complains of every marked line and of no other. Never run."""

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
from bubancheng.registry import Registry
from bubancheng.store import Store

plugin = profile_plugin(__package__, 3)  # E: a path is a text


class WrongResults(DistrictPlugin):
    """Answers with something else."""

    @hookimpl
    def bubancheng_district(self) -> str | None:  # E: no district
        return None

    @hookimpl
    def bubancheng_store(self, request: StoreRequest) -> str | None:  # E: no store
        return request.url

    @hookimpl
    def bubancheng_calendar(self, request: CalendarRequest) -> list[CalendarChanges]:  # E: one, not many
        return [CalendarChanges(notices=(request.district,))]

    @hookimpl
    def bubancheng_triage(self, request: TriageRequest) -> bool:  # E: advice is a record
        return request.matter == ""

    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest) -> str | None:  # E: an assignment names its rule
        return request.matter

    @hookimpl
    def bubancheng_notify(self, notice: Notice) -> bool:  # E: nothing is asked back
        return notice.id == ""

    @hookimpl
    def bubancheng_health(self) -> bool:  # E: health is a record
        return True


class WrongArguments(DistrictPlugin):
    """Takes something else."""

    @hookimpl
    def bubancheng_district(self, name: str) -> District | None:  # E: takes nothing
        return None

    @hookimpl
    def bubancheng_store(self, request: str) -> Store | None:  # E: the request is a record
        return None

    @hookimpl
    def bubancheng_calendar(self) -> CalendarChanges | None:  # E: is asked for a district
        return None

    @hookimpl
    def bubancheng_triage(self, request: DispatchRequest) -> Advice | None:  # E: the request of another hook
        return None

    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest, now: str) -> Assignment | None:  # E: one too many
        return None

    @hookimpl
    def bubancheng_notify(self, *, notice: Notice) -> None:  # E: is called by position
        return None

    @hookimpl
    async def bubancheng_health(self) -> Health | None:  # E: hooks are synchronous
        return None


class WrongInside(DistrictPlugin):
    """Has the right signatures and the wrong contents."""

    routes = (1, 2)  # E: routes are texts

    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
        request.matter = "x"  # E: requests are frozen
        print(request.phone)  # E: nothing personal is told
        return Assignment(unit=request.place, rule="x")  # E: the place may be unknown

    @hookimpl
    def bubancheng_triage(self, request: TriageRequest) -> Advice | None:
        return Advice(category=7, rule=request.matter)  # E: a class is a text

    @hookimpl
    def bubancheng_calendar(self, request: CalendarRequest) -> CalendarChanges | None:
        return CalendarChanges(closures=(request.district,))  # E: closures are intervals

    @hookimpl
    def bubancheng_notify(self, notice: Notice) -> None:
        notice.contact["phone"] = "x"  # E: contact data cannot be changed

    @hookimpl
    def bubancheng_health(self) -> Health | None:
        return Health(True)  # E: fields are named


def called(registry: Registry, notice: Notice) -> None:
    """Ask plugins wrongly."""
    registry.add("x", WrongInside)  # E: an instance is meant
    registry.dispatch(notice)  # E: a notice is no request
    registry.notify(notice)  # E: by which plugin
    Desk.open("demo", settings={"x": 3})  # E: settings are tables
    Desk.open("demo", strict="yes")  # E: strict is true or false
