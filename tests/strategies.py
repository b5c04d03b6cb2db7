"""Calendars, instants and amounts of working time, drawn for the laws."""

import datetime as dt
from functools import cache

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

from bubancheng.calendar import WorkCalendar
from tests.support import DAY, WEEKDAYS

FIRST, LAST = dt.datetime(2024, 1, 1), dt.datetime(2027, 12, 31, 23, 59, 59, 999999)

# The laws are many and cheap; a case may have to build a calendar first.
law = settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])

HOURS: tuple[tuple[str, ...], ...] = (
    ("09:00-17:00",) * 5,
    ("09:00-12:00,13:30-17:30",) * 5,
    ("00:00-24:00",) * 7,
    ("22:00-06:00",) * 5,
    ("08:30-11:30,13:00-17:00", "", "09:00-12:00", "", "20:00-02:00", "10:00-14:00"),
    ("", "", "06:15-09:15"),
)
ZONES = ("Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")

Intervals = tuple[tuple[dt.datetime, dt.datetime], ...]


@cache
def calendar(hours: tuple[str, ...], zone: str, closures: Intervals = (), seed: int = 0) -> WorkCalendar:
    """Return a calendar; `seed` scatters holidays, extra days and date hours over the years drawn from."""
    dates = [FIRST.date() + n * DAY for n in range(seed, 1461, 17)] if seed else []
    return WorkCalendar(
        {name: text for name, text in zip(WEEKDAYS, hours, strict=False) if text},
        holidays=dates[::3],
        workdays=[day for day in dates[1::3] if hours != HOURS[3]],
        date_hours=dict.fromkeys(dates[2::3], "09:00-11:00"),
        zone=zone,
        closures=closures,
    )


def instants(zone: dt.tzinfo | None = dt.UTC) -> st.SearchStrategy[dt.datetime]:
    """Return instants of four years: to the microsecond, or on a half hour, where things happen."""
    exact = st.datetimes(FIRST, LAST)
    half_hours = st.integers(0, 1461 * 48 - 1).map(lambda n: FIRST + n * dt.timedelta(minutes=30))
    return st.one_of(half_hours, exact).map(lambda when: when.replace(tzinfo=zone))


def dates() -> st.SearchStrategy[dt.date]:
    """Return dates of the same four years."""
    return st.dates(FIRST.date(), LAST.date())


def amounts(most: dt.timedelta = 40 * DAY) -> st.SearchStrategy[dt.timedelta]:
    """Return positive amounts of working time: to the microsecond, or whole hours."""
    exact = st.timedeltas(dt.timedelta(microseconds=1), most)
    return st.one_of(
        st.integers(1, most // dt.timedelta(hours=1)).map(lambda n: dt.timedelta(hours=n)), exact
    )


def closures() -> st.SearchStrategy[Intervals]:
    """Return up to four closures, from a quarter of an hour to three weeks, overlaps included."""
    one = st.tuples(instants(None), st.integers(1, 96 * 21)).map(
        lambda pair: (pair[0], pair[0] + pair[1] * dt.timedelta(minutes=15))
    )
    return st.lists(one, min_size=1, max_size=4).map(tuple)


@st.composite
def calendars(draw: st.DrawFn, /, *, closed: bool = False) -> WorkCalendar:
    """Return calendars of all kinds; the open ones are built once and shared."""
    hours = draw(st.sampled_from(HOURS))
    zone = draw(st.sampled_from(ZONES))
    seed = 0 if hours == HOURS[3] else draw(st.integers(0, 3))
    return calendar(hours, zone, draw(closures()) if closed else (), seed)
