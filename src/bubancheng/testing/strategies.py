"""Hypothesis strategies: instants, calendars, limits, conventions and tickets, for laws of your own.

Everything is drawn from four years around the edge of what is announced, so that holidays, make-up working
days and provisional ones all come up.
"""

import datetime as dt
from fractions import Fraction
from functools import lru_cache

from hypothesis import strategies as st

from bubancheng.calendar import WorkCalendar
from bubancheng.district import District
from bubancheng.sla import Counting, Limit, LimitUnit
from bubancheng.testing.timing import ticket_of
from bubancheng.ticket import Ticket

Intervals = tuple[tuple[dt.datetime, dt.datetime], ...]

FIRST, LAST = dt.datetime(2024, 1, 1), dt.datetime(2027, 12, 31, 23, 59, 59, 999999)  # noqa: DTZ001 in any zone
HOURS: tuple[tuple[str, ...], ...] = (
    ("09:00-17:00",) * 5,
    ("09:00-12:00,13:30-17:30",) * 5,
    ("00:00-24:00",) * 7,
    ("22:00-06:00",) * 5,
    ("08:30-11:30,13:00-17:00", "", "09:00-12:00", "", "20:00-02:00", "10:00-14:00"),
    ("", "", "06:15-09:15"),
)
"""Weeks from Monday on: plain, with a lunch break, round the clock, overnight, uneven, hardly any."""

ZONES = ("Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe")

_DAY = dt.timedelta(days=1)
_DAYS = (LAST - FIRST).days + 1
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_OVERNIGHT = HOURS[3]
_BARE = (LimitUnit.ON_THE_SPOT, LimitUnit.SAME_DAY)
_WHOLE = (LimitUnit.DAY, LimitUnit.MONTH)
_FRACTIONAL = tuple(it for it in LimitUnit if it not in {*_BARE, *_WHOLE, LimitUnit.BY_AGREEMENT})


def instants(zone: dt.tzinfo | None = dt.UTC) -> st.SearchStrategy[dt.datetime]:
    """Return instants of the four years: to the microsecond, or on a half hour, where things happen."""
    exact = st.datetimes(FIRST, LAST)
    half_hours = st.integers(0, _DAYS * 48 - 1).map(lambda n: FIRST + n * dt.timedelta(minutes=30))
    return st.one_of(half_hours, exact).map(lambda when: when.replace(tzinfo=zone))


def dates() -> st.SearchStrategy[dt.date]:
    """Return dates of the same four years."""
    return st.dates(FIRST.date(), LAST.date())


def amounts(most: dt.timedelta = 40 * _DAY) -> st.SearchStrategy[dt.timedelta]:
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


@lru_cache(maxsize=256)
def calendar(hours: tuple[str, ...], zone: str, closures: Intervals = (), seed: int = 0) -> WorkCalendar:
    """Return one calendar of `HOURS` and `ZONES`; `seed` scatters holidays, extra days and date hours."""
    dates = [FIRST.date() + n * _DAY for n in range(seed, _DAYS, 17)] if seed else []
    return WorkCalendar(
        {name: text for name, text in zip(_WEEKDAYS, hours, strict=False) if text},
        holidays=dates[::3],
        workdays=[day for day in dates[1::3] if hours != _OVERNIGHT],
        date_hours=dict.fromkeys(dates[2::3], "09:00-11:00"),
        zone=zone,
        closures=closures,
    )


@st.composite
def calendars(draw: st.DrawFn, /, *, closed: bool = False) -> WorkCalendar:
    """Return calendars of all kinds; `closed`: with closures, else built once and shared."""
    hours = draw(st.sampled_from(HOURS))
    zone = draw(st.sampled_from(ZONES))
    seed = 0 if hours == _OVERNIGHT else draw(st.integers(0, 3))
    return calendar(hours, zone, draw(closures()) if closed else (), seed)


def limits(most: int = 30) -> st.SearchStrategy[Limit]:
    """Return limits of every unit that ends by itself: bare ones, whole ones, halves and smaller parts."""
    return st.one_of(
        st.builds(Limit, st.just(Fraction(0)), st.sampled_from(_BARE)),
        st.builds(Limit, st.integers(1, most).map(Fraction), st.sampled_from((*_WHOLE, *_FRACTIONAL))),
        st.builds(
            Limit, st.fractions(Fraction(1, 12), most, max_denominator=12), st.sampled_from(_FRACTIONAL)
        ),
    )


def countings() -> st.SearchStrategy[Counting]:
    """Return conventions of counting, each way of each."""
    return st.builds(
        Counting,
        first_day=st.sampled_from(["excluded", "included", "included_before:12:00"]),
        out_of_hours=st.sampled_from(["keep_day", "roll"]),
        day_end=st.sampled_from(["close_of_business", "midnight", "12:00", "18:00", "00:00"]),
        shift_last_day=st.sampled_from(["next_workday", "none"]),
        same_day=st.sampled_from(["close_roll", "natural_day", "business_hours"]),
        pause=st.sampled_from(["whole_days", "exact"]),
    )


@st.composite
def tickets(
    draw: st.DrawFn, /, district: District, work_calendar: WorkCalendar, *, within: int = 20
) -> Ticket:
    """Return tickets of a district: registered, perhaps classified, and then as far as it went.

    The times follow one another over at most `within` days, and may fall together.
    """
    begin = draw(instants(dt.UTC).filter(lambda at: district.rule_on(at.date()) is not None))
    rule = district.rule_on(begin.date())
    kinds = ("dispatched", "acknowledged", "contacted", "resolved")
    reached = draw(st.integers(0, len(kinds)))
    minutes = st.integers(0, within * 24 * 60 // len(kinds))
    events, at = [("registered", begin)], begin
    for kind in kinds[:reached]:
        at += dt.timedelta(minutes=draw(minutes))
        events.append((kind, at))
    words = [] if rule is None else [it.id for it in rule.categories]
    category = draw(st.none() | st.sampled_from(words)) if words else None
    return ticket_of(district, events, work_calendar, category=category)
