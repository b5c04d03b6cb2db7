"""Openings that come again and again."""

import datetime as dt
import re
from typing import Any

import pytest
from dateutil.rrule import SA, WEEKLY, rrule

from bubancheng.calendar import WorkCalendar, recurring
from bubancheng.errors import CalendarError, KindError
from tests.support import MINUTE, US, at, on

MORNING = dt.timedelta(hours=3)
SATURDAYS = recurring(
    "FREQ=WEEKLY;BYDAY=SA", start=at("2026-03-07 09:00"), lasting=MORNING, until=at("2026-03-31 00:00")
)


def test_a_rule_gives_an_interval_for_each_occurrence() -> None:
    days = [7, 14, 21, 28]
    assert [(at(f"2026-03-{day:02} 09:00"), at(f"2026-03-{day:02} 12:00")) for day in days] == list(SATURDAYS)


def test_a_rule_object_of_dateutil_gives_the_same() -> None:
    rule = rrule(WEEKLY, byweekday=SA, dtstart=at("2026-03-07 09:00"))
    again = recurring(rule, start=at("2026-03-07 09:00"), lasting=MORNING, until=at("2026-03-31 00:00"))
    assert SATURDAYS == again


def test_a_hall_that_opens_on_saturdays_has_working_time_and_no_working_day() -> None:
    """A hall open on Saturday does not make Saturday a working day (domain.md 5.2)."""
    week = WorkCalendar("09:00-17:00", openings=SATURDAYS)
    assert (True, False) == (week.is_open(at("2026-03-14 10:00")), week.is_workday(on("2026-03-14")))
    assert at("2026-03-14 10:00") == week.add(at("2026-03-13 16:00"), dt.timedelta(hours=2))
    assert not week.is_open(at("2026-04-04 10:00"))


def test_a_rule_without_an_end_ends_with_until() -> None:
    endless = recurring(
        "FREQ=DAILY", start=at("2026-03-01 20:00"), lasting=MORNING, until=at("2026-03-03 20:00")
    )
    assert 3 == len(endless)


@pytest.mark.parametrize("rule", ["", "every Saturday", "FREQ=NEVER", "FREQ=WEEKLY;BYDAY=XX", 5, None])
def test_what_is_no_rule_is_refused(rule: Any) -> None:
    with pytest.raises(CalendarError, match=rf"^recurring: {re.escape(repr(rule))} .*FREQ=WEEKLY;BYDAY=SA"):
        recurring(rule, start=at("2026-03-07 09:00"), lasting=MORNING, until=at("2026-03-31 00:00"))


def test_too_many_occurrences_are_refused() -> None:
    """50,000 are not too many."""
    start, until = at("2026-03-07 09:00"), at("2027-03-31 00:00")
    found = recurring("FREQ=MINUTELY;COUNT=50000", start=start, lasting=MORNING, until=until)
    assert (50_000, start + 49_999 * MINUTE) == (len(found), found[-1][0])
    with pytest.raises(CalendarError, match=r"COUNT=50001.* more than 50000"):
        recurring("FREQ=MINUTELY;COUNT=50001", start=start, lasting=MORNING, until=until)
    with pytest.raises(CalendarError, match="more than 50000"):
        recurring("FREQ=SECONDLY", start=start, lasting=MORNING, until=until)


def test_a_begin_before_the_start_is_left_out_and_the_shortest_span_is_one() -> None:
    rule = rrule(WEEKLY, byweekday=SA, dtstart=at("2026-03-07 09:00"))
    start = at("2026-03-14 09:00")
    assert ((start, start + US),) == recurring(rule, start=start, lasting=US, until=start)


@pytest.mark.parametrize("lasting", [dt.timedelta(0), -MORNING, 3, None])
def test_a_span_that_is_none_is_refused(lasting: Any) -> None:
    with pytest.raises(CalendarError, match=rf"^recurring: .*positive span.*{re.escape(repr(lasting))}"):
        recurring("FREQ=DAILY", start=at("2026-03-07 09:00"), lasting=lasting, until=at("2026-03-31 00:00"))


@pytest.mark.parametrize("name", ["start", "until"])
@pytest.mark.parametrize("when", [at("2026-03-07 09:00+08:00"), on("2026-03-07"), None])
def test_an_end_with_a_zone_or_without_a_time_is_refused(name: str, when: Any) -> None:
    given = {"start": at("2026-03-07 09:00"), "until": at("2026-03-31 00:00")} | {name: when}
    with pytest.raises(KindError, match=rf"^{name} .*without a zone.*{re.escape(repr(when))}"):
        recurring("FREQ=DAILY", lasting=MORNING, **given)
