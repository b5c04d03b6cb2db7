"""Fixtures for pytest: a clock that stands still, a calendar, a district, a desk in memory.

Each test gets its own. Nothing of the library is loaded before a test asks for it.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

if TYPE_CHECKING:
    from bubancheng.calendar import WorkCalendar
    from bubancheng.desk import Desk
    from bubancheng.district import District
    from bubancheng.testing.clocks import FrozenClock

MARK = "sla"
DISTRICT_OPTION = "sla_district"


class Setting(NamedTuple):
    """What a test asks for by `@pytest.mark.sla(...)`; the nearest mark wins, argument by argument."""

    district: str | None = None
    now: str = "2026-03-02 09:00"  # an ordinary Monday
    hours: str | None = None


def setting_of(request: pytest.FixtureRequest) -> Setting:
    """Return what the marks of a test and the configuration ask for."""
    given: dict[str, str] = {}
    for mark in request.node.iter_markers(MARK):
        unknown = sorted({*mark.kwargs} - {*Setting._fields})
        if mark.args or unknown:
            names = ", ".join(f"{it}=" for it in Setting._fields)
            msg = f"@pytest.mark.sla takes {names}, got {mark.args or ''}{', '.join(unknown)}"
            raise pytest.UsageError(msg)
        given = {**mark.kwargs, **given}
    place = given.get("district") or request.config.getini(DISTRICT_OPTION)
    if place and str(place).endswith(".toml"):
        place = str(request.config.rootpath / Path(place))
    return Setting(**given)._replace(district=place or None)


def _place(request: pytest.FixtureRequest) -> str:
    place = setting_of(request).district
    if place is None:
        msg = (
            f"{request.fixturename} needs a district: mark the test with "
            f"@pytest.mark.sla(district='chongming'), or set {DISTRICT_OPTION} = chongming "
            "in the configuration of pytest; a .toml path works too"
        )
        raise pytest.UsageError(msg)
    return place


@pytest.fixture
def sla_clock(request: pytest.FixtureRequest) -> "FrozenClock":
    """Return a clock that stands still at the mark's `now`, or on an ordinary Monday morning."""
    from bubancheng.testing.clocks import FrozenClock  # noqa: PLC0415 loaded when asked for

    return FrozenClock(setting_of(request).now)


@pytest.fixture
def sla_district(request: pytest.FixtureRequest) -> "District":
    """Return the district that the mark, or the option `sla_district`, names."""
    from bubancheng.desk import Desk  # noqa: PLC0415 loaded when asked for

    with Desk.open(_place(request)) as desk:
        return desk.district


@pytest.fixture
def sla_calendar(request: pytest.FixtureRequest) -> "WorkCalendar":
    """Return the calendar of the mark's hours, else the district's, else China's, 09:00 to 17:00."""
    from bubancheng.calendar import WorkCalendar  # noqa: PLC0415 loaded when asked for

    asked = setting_of(request)
    if asked.hours is not None or asked.district is None:
        return WorkCalendar.china(asked.hours or "09:00-17:00")
    from bubancheng.desk import Desk  # noqa: PLC0415 loaded when asked for

    with Desk.open(asked.district) as desk:
        return desk.calendar


@pytest.fixture
def sla_desk(request: pytest.FixtureRequest, sla_clock: "FrozenClock") -> Iterator["Desk"]:
    """Give a desk of the district, in memory, by `sla_clock` and the hours of `sla_calendar`."""
    from bubancheng.calendar import WorkCalendar  # noqa: PLC0415 loaded when asked for
    from bubancheng.desk import Desk  # noqa: PLC0415 loaded when asked for

    hours = setting_of(request).hours
    calendar = None if hours is None else WorkCalendar.china(hours)
    with Desk.open(_place(request), calendar=calendar, clock=sla_clock) as desk:
        yield desk
