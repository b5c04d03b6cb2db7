"""The compiled calls of `bubancheng-fast`: what the Python methods answer, and nothing else.

Deselected by default, as they need it installed: `uv run --extra fast pytest -m fast tests/calendar`.
"""

import datetime as dt
import random
import warnings
from collections.abc import Callable
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubancheng.calendar import WorkCalendar
from bubancheng.testing.strategies import ZONES, amounts, calendars, instants
from tests.oracles import minute_walk as oracle
from tests.strategies import law
from tests.support import DAY, FIRST_OF_ALL, HOUR, LAST_OF_ALL, MINUTE, US, all_week, at, calendar_of, china

pytestmark = pytest.mark.fast

SHANGHAI = ZoneInfo("Asia/Shanghai")
T, W = at("2026-03-05 10:03:07.012345"), 9 * HOUR + 7 * US
PLACE = "bubancheng.calendar.work.compiled"

Call = Callable[..., Any]


@lru_cache(maxsize=64)
def plain(week: WorkCalendar) -> WorkCalendar:
    """Return an equal calendar that counts in Python."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(PLACE, lambda _: None)
        return WorkCalendar.from_dict(week.to_dict())


def outcome(call: Call, *arguments: object, **named: object) -> object:
    """Return all that a caller can see: the answer with type, zone and fold, or the error; and the warnings."""
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        try:
            answer: Any = call(*arguments, **named)
        except Exception as error:  # noqa: BLE001 whatever it is, both must raise it
            answer = error
    seen = type(answer), str(answer), id(getattr(answer, "tzinfo", None)), getattr(answer, "fold", None)
    return seen, [(it.category, str(it.message), it.filename, it.lineno) for it in caught]


def same(week: WorkCalendar, t: Any, u: Any, w: Any) -> None:
    """Compare both questions, once all lines are drawn: until then Python looks at strange things otherwise."""
    other = plain(week)
    for zone in (None, ZoneInfo(week.zone), dt.UTC):
        for it in (other, week):
            it.add(T.replace(tzinfo=zone), US)
    assert outcome(other.add, t, w) == outcome(week.add, t, w), (t, w)
    assert outcome(other.between, t, u) == outcome(week.between, t, u), (t, u)


def zones(own: str) -> tuple[dt.tzinfo | None, ...]:
    """Return all kinds of zones: none, the calendar's own, UTC, equal ones that are another, and others."""
    return (
        None,
        ZoneInfo(own),
        dt.UTC,
        ZoneInfo.no_cache(own),
        dt.timezone(dt.timedelta(0), "Z"),
        dt.timezone(8 * HOUR),
        ZoneInfo("America/New_York"),
    )


# -- against the library without it, and against counts that need no library


def test_the_calls_are_compiled_here_and_the_other_calendar_counts_in_python() -> None:
    assert ("Call", "Call") == (type(china().add).__name__, type(china().between).__name__)
    assert ("method", "method") == (type(plain(china()).add).__name__, type(plain(china()).between).__name__)


@pytest.mark.parametrize("seed", range(12))
def test_a_random_calendar_answers_as_the_oracle_walks_and_as_python_counts(seed: int) -> None:
    rng = random.Random(f"fast {seed}")
    week = oracle.random_week(rng)
    ours = calendar_of(week)
    for _ in range(10):
        t, minutes = oracle.random_start_near(rng, week), rng.randrange(1, 4000)
        u = t + dt.timedelta(minutes=rng.randrange(-20 * oracle.DAY, 20 * oracle.DAY))
        assert oracle.add(week, t, minutes) == ours.add(t, minutes * MINUTE)
        assert oracle.between(week, t, u) * MINUTE == ours.between(t, u)
        for zone in zones("Asia/Shanghai"):
            same(
                ours,
                t.replace(tzinfo=zone),
                u.replace(tzinfo=zone),
                minutes * MINUTE + rng.randrange(-2, 3) * US,
            )


@law
@given(calendars(closed=True), instants(None), instants(None), amounts(), st.sampled_from(range(7)))
def test_every_zone_answers_as_python_counts(
    week: WorkCalendar, t: dt.datetime, u: dt.datetime, w: dt.timedelta, which: int
) -> None:
    zone = zones(week.zone)[which]
    same(week, t.replace(tzinfo=zone), u.replace(tzinfo=zone), w)


def anything(zone: dt.tzinfo | None) -> st.SearchStrategy[dt.datetime]:
    """Return instants of all years there are, in a zone, of both folds."""
    return st.builds(lambda when, fold: when.replace(tzinfo=zone, fold=fold), st.datetimes(), st.booleans())


@law
@given(st.sampled_from(ZONES), st.data(), st.timedeltas())
def test_whatever_is_asked_it_answers_as_python_counts(
    own: str, data: st.DataObject, w: dt.timedelta
) -> None:
    t, u = (data.draw(st.sampled_from(zones(own)).flatmap(anything)) for _ in range(2))
    for week in (all_week("09:00-17:00", own), china(), china("error")):
        same(week, t, u, w)


@pytest.mark.parametrize("zone", [None, SHANGHAI, dt.UTC], ids=str)
def test_at_every_bound_of_a_span_and_a_microsecond_beside_it_python_counts_the_same(
    zone: dt.tzinfo | None,
) -> None:
    week = WorkCalendar.china(
        {"mon": "09:00-12:00,13:30-17:30", "tue": "22:00-06:00", "fri": "00:00-24:00"},
        closures=[(at("2026-03-10 10:00"), at("2026-03-10 10:00:00.000001"))],
    )
    clocks = [0, 6, 9, 10, 12, 13.5, 17.5, 22]
    moments = [
        at("2026-03-01").replace(tzinfo=zone) + day * DAY + clock * HOUR + beside * US
        for day in range(14)
        for clock in clocks
        for beside in (-1, 0, 1)
    ]
    for t, u in zip(moments, moments[7:] + moments[:7], strict=True):
        for w in (US, 3 * HOUR - US, 3 * HOUR, 3 * HOUR + US, DAY - US, DAY, DAY + US):
            same(week, t, u, w)


def test_at_the_edge_of_what_is_known_it_warns_as_python_does() -> None:
    for days in range(-3, 4):
        for w in (US, 8 * HOUR, 8 * HOUR + US, 16 * HOUR, 30 * DAY):
            same(china(), at("2026-12-28 12:00") + days * DAY, at("2026-12-28 12:00") - days * DAY, w)
            same(china("error"), at("2026-12-28 12:00") + days * DAY, at("2027-01-01 12:00"), w)


@pytest.mark.parametrize("zone", [None, SHANGHAI, dt.UTC], ids=str)
def test_where_work_never_stops_adding_is_adding_on_every_date_there_is(zone: dt.tzinfo | None) -> None:
    """From 1992 on, as until then clocks were turned in Shanghai; expected is what Python's own sum says."""
    week = all_week()
    start = at("1992-01-01 03:04:05.000006").replace(tzinfo=zone)
    week.add(start, US)
    for day in range(21180):
        t, w = start + day * DAY, dt.timedelta(day % 7, 86_399 * (day % 2), day % 3 + 1)
        assert t + w == week.add(t, w)
        assert (w, -w) == (week.between(t, t + w), week.between(t + w, t))


# -- what is not ordinary


class Later(dt.datetime):
    """An instant that lies about itself in every way."""

    def __sub__(self, other: Any) -> Any:
        return "later"

    def __gt__(self, other: object) -> bool:
        raise ZeroDivisionError

    def toordinal(self) -> int:
        return -1


class Longer(dt.timedelta):
    """An amount that lies about its size."""

    def __gt__(self, other: object) -> bool:
        return True

    def __radd__(self, other: Any) -> Any:
        return other


class Nowhere(dt.tzinfo):
    """A zone that can be neither compared, nor counted in."""

    __hash__ = None  # type: ignore[assignment]

    def utcoffset(self, when: dt.datetime | None, /) -> dt.timedelta:
        del when
        return HOUR

    def dst(self, when: dt.datetime | None, /) -> None:
        del when

    def tzname(self, when: dt.datetime | None, /) -> None:
        del when


STRANGE: dict[str, Any] = {
    "nothing": None,
    "a number": 5,
    "a fraction": 1.5,
    "not a number": float("nan"),
    "a text": "2026-03-05",
    "a list": [T],
    "a class": dt.datetime,
    "a date": T.date(),
    "a time": T.time(),
    "an amount": W,
    "no amount": dt.timedelta(),
    "less than nothing": -W,
    "a longer one": Longer(hours=1),
    "the least of all": dt.timedelta.min,
    "the most of all": dt.timedelta.max,
    "more than all dates": dt.timedelta(3_999_999),
    "half a day, to who counts microseconds in 64 bits": dt.timedelta(213503983),
    "the least that is positive": dt.timedelta.resolution,
    "an instant": T,
    "an aware one": T.replace(tzinfo=SHANGHAI),
    "one in UTC": T.replace(tzinfo=dt.UTC),
    "one of a fold": T.replace(fold=1),
    "a later one": Later(2026, 3, 5),
    "one nowhere": T.replace(tzinfo=Nowhere()),
    "the first": FIRST_OF_ALL,
    "the last": LAST_OF_ALL,
    "the first in UTC": FIRST_OF_ALL.replace(tzinfo=dt.UTC),
    "the last in Shanghai": LAST_OF_ALL.replace(tzinfo=SHANGHAI),
}


@pytest.mark.parametrize("first", STRANGE.values(), ids=STRANGE)
def test_what_is_strange_gets_the_answer_or_the_error_that_python_gives(first: Any) -> None:
    for second in STRANGE.values():
        same(china(), first, second, second)
