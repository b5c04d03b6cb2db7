"""What holds of every calendar, whatever its week, holidays, closures and zone."""

import datetime as dt
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubancheng.calendar import DayKind, Notice, WorkCalendar
from bubancheng.sla import Limit
from bubancheng.testing.strategies import (
    HOURS,
    ZONES,
    amounts,
    calendar,
    calendars,
    closures,
    dates,
    instants,
)
from tests.strategies import law
from tests.support import DAY, US, at, china, on

NOTHING = dt.timedelta()


# -- working time


@law
@given(calendars(), instants(), amounts())
def test_between_gives_back_what_add_was_given(week: WorkCalendar, t: dt.datetime, w: dt.timedelta) -> None:
    assert (w, w) == (week.between(t, week.add(t, w)), week.between(week.add(t, -w), t))


@law
@given(calendars(closed=True), instants(), amounts())
def test_between_gives_back_what_add_was_given_around_closures(
    week: WorkCalendar, t: dt.datetime, w: dt.timedelta
) -> None:
    assert (w, w) == (week.between(t, week.add(t, w)), week.between(week.add(t, -w), t))


@law
@given(calendars(), instants(), amounts())
def test_add_gives_the_earliest_instant_and_backwards_the_latest(
    week: WorkCalendar, t: dt.datetime, w: dt.timedelta
) -> None:
    assert (w - US, w - US) == (
        week.between(t, week.add(t, w) - US),
        week.between(week.add(t, -w) + US, t),
    )


@law
@given(calendars(), instants(), amounts(), amounts())
def test_adding_twice_is_adding_the_sum(
    week: WorkCalendar, t: dt.datetime, v: dt.timedelta, w: dt.timedelta
) -> None:
    assert week.add(t, v + w) == week.add(week.add(t, v), w)
    assert week.add(t, -v - w) == week.add(week.add(t, -v), -w)


@law
@given(calendars(), instants(), instants(), amounts())
def test_a_later_start_never_ends_earlier(
    week: WorkCalendar, s: dt.datetime, t: dt.datetime, w: dt.timedelta
) -> None:
    first, second = sorted([s, t])
    assert week.add(first, w) <= week.add(second, w)
    assert week.add(first, -w) <= week.add(second, -w)


@law
@given(calendars(), instants(), amounts(), amounts())
def test_more_working_time_ends_later(
    week: WorkCalendar, t: dt.datetime, v: dt.timedelta, w: dt.timedelta
) -> None:
    assert week.add(t, -v - w) < week.add(t, -v) < t < week.add(t, v) < week.add(t, v + w)


@law
@given(calendars(closed=True), instants(None))
def test_adding_nothing_changes_nothing(week: WorkCalendar, t: dt.datetime) -> None:
    assert t == week.add(t, NOTHING)


@law
@given(calendars(), instants(), instants(), instants())
def test_working_time_adds_up(week: WorkCalendar, a: dt.datetime, b: dt.datetime, c: dt.datetime) -> None:
    assert week.between(a, c) == week.between(a, b) + week.between(b, c)
    assert week.between(a, b) == -week.between(b, a)


@law
@given(calendars(), instants(), instants())
def test_working_time_is_never_longer_than_the_time_that_passes(
    week: WorkCalendar, a: dt.datetime, b: dt.datetime
) -> None:
    first, second = sorted([a, b])
    assert NOTHING <= week.between(first, second) <= second - first


@law
@given(calendars(closed=True), instants())
def test_nothing_is_worked_before_the_next_open_instant_which_is_open(
    week: WorkCalendar, t: dt.datetime
) -> None:
    following = week.next_open(t)
    assert (True, True, NOTHING) == (t <= following, week.is_open(following), week.between(t, following))
    assert (t == following) == week.is_open(t)


@law
@given(calendars(closed=True), instants())
def test_nothing_is_worked_since_the_previous_open_instant_and_just_before_it_something_was(
    week: WorkCalendar, t: dt.datetime
) -> None:
    previous = week.previous_open(t)
    assert (True, NOTHING) == (previous <= t, week.between(previous, t))
    assert previous == t or week.is_open(previous - US)


@law
@given(calendars(), instants(), amounts())
def test_an_instant_is_the_same_in_every_zone(week: WorkCalendar, t: dt.datetime, w: dt.timedelta) -> None:
    there = t.astimezone(dt.timezone(dt.timedelta(hours=-7)))
    assert (week.add(t, w), week.is_open(t)) == (week.add(there, w), week.is_open(there))


@law
@given(st.sampled_from(HOURS), instants(dt.timezone(dt.timedelta(hours=8))), amounts())
def test_a_naive_instant_is_one_of_the_calendars_zone(
    hours: tuple[str, ...], t: dt.datetime, w: dt.timedelta
) -> None:
    week = calendar(hours, "Asia/Shanghai")
    assert week.add(t, w).replace(tzinfo=None) == week.add(t.replace(tzinfo=None), w)


# -- working days


@law
@given(calendars(), dates(), st.integers(1, 200))
def test_workdays_between_gives_back_what_add_workdays_was_given(
    week: WorkCalendar, day: dt.date, n: int
) -> None:
    later, earlier = week.add_workdays(day, n), week.add_workdays(day, -n)
    assert (n, True) == (week.workdays_between(day, later), week.is_workday(later))
    assert (-n, True) == (week.workdays_between(day - DAY, earlier - DAY), week.is_workday(earlier))


@law
@given(calendars(), dates(), st.integers(1, 100), st.integers(1, 100))
def test_adding_days_twice_is_adding_the_sum(week: WorkCalendar, day: dt.date, m: int, n: int) -> None:
    assert week.add_workdays(day, m + n) == week.add_workdays(week.add_workdays(day, m), n)
    assert week.add_workdays(day, -m - n) == week.add_workdays(week.add_workdays(day, -m), -n)


@law
@given(calendars(), dates(), dates(), dates())
def test_working_days_add_up(week: WorkCalendar, a: dt.date, b: dt.date, c: dt.date) -> None:
    assert week.workdays_between(a, c) == week.workdays_between(a, b) + week.workdays_between(b, c)
    assert week.workdays_between(a, b) == -week.workdays_between(b, a)


@law
@given(calendars(closed=True), dates())
def test_a_day_counts_once_if_it_is_worked(week: WorkCalendar, day: dt.date) -> None:
    works = week.is_workday(day)
    assert (works, int(works)) == (week.day(day).is_workday, week.workdays_between(day - DAY, day))


# -- closures


@law
@given(st.sampled_from(HOURS), closures(), instants(), amounts(20 * DAY))
def test_a_closure_never_shortens_working_time(
    hours: tuple[str, ...], intervals: Any, t: dt.datetime, w: dt.timedelta
) -> None:
    week, shut = (calendar(hours, "Asia/Shanghai", given) for given in ((), intervals))
    assert week.add(t, w) <= shut.add(t, w)
    assert shut.add(t, -w) <= week.add(t, -w)
    assert NOTHING <= shut.between(t, t + 30 * DAY) <= week.between(t, t + 30 * DAY)


@law
@given(
    st.sampled_from(HOURS),
    closures(),
    instants(None),
    st.sampled_from(
        ["1个工作日", "3个工作日", "5个工作日", "当日", "7日", "1个月", "0.5个工作日", "2个工作小时"]
    ),
)
def test_a_closure_never_shortens_a_limit(
    hours: tuple[str, ...], intervals: Any, t: dt.datetime, limit: str
) -> None:
    week, shut = (calendar(hours, "Asia/Shanghai", given) for given in ((), intervals))
    assert Limit.parse(limit).due(t, week).at <= Limit.parse(limit).due(t, shut).at


@law
@given(st.sampled_from(HOURS[:3]), closures(), dates())
def test_a_closure_makes_no_working_day(hours: tuple[str, ...], intervals: Any, day: dt.date) -> None:
    week, shut = (calendar(hours, "Asia/Shanghai", given) for given in ((), intervals))
    assert week.is_workday(day) or not shut.is_workday(day)


# -- stored calendars


def stored_and_read(week: WorkCalendar) -> WorkCalendar:
    return WorkCalendar.from_dict(json.loads(json.dumps(week.to_dict())))


@law
@given(calendars(closed=True), instants(), amounts())
def test_a_calendar_that_was_stored_as_json_is_equal_and_answers_alike(
    week: WorkCalendar, t: dt.datetime, w: dt.timedelta
) -> None:
    again = stored_and_read(week)
    assert (week, week.version, hash(week)) == (again, again.version, hash(again))
    assert week.add(t, w) == again.add(t, w)
    assert [week.day(t.date() + n * DAY) for n in range(20)] == [
        again.day(t.date() + n * DAY) for n in range(20)
    ]


NOTICE = Notice(document="二〇二七", year=2027, off=(on("2027-01-01"),), work=(on("2027-01-03"),))

STORED: dict[str, Callable[[], WorkCalendar]] = {
    "china": china,
    "strict": lambda: china("error"),
    "notice": lambda: WorkCalendar.china(notices=[NOTICE]),
    "names": lambda: WorkCalendar("09:00-17:00", holidays={on("2026-03-03"): "三月三"}),
    "date hours": lambda: WorkCalendar("09:00-17:00", date_hours={on("2026-03-03"): "20:00-02:00"}),
    "aware closure": lambda: WorkCalendar(
        "09:00-17:00", closures=[(at("2026-03-03 01:00+00:00"), at("2026-03-03 03:00+00:00"))]
    ),
    "opening": lambda: WorkCalendar(
        "09:00-17:00", openings=[(at("2026-03-07 09:00"), at("2026-03-07 12:00"))]
    ),
}


@pytest.mark.parametrize("build", STORED.values(), ids=STORED)
def test_every_kind_of_calendar_survives_storing(build: Callable[[], WorkCalendar]) -> None:
    week = build()
    again = stored_and_read(week)
    assert (week, week.version, week.to_dict()) == (again, again.version, again.to_dict())
    start, end = at("2026-03-01 00:00"), at("2026-11-01 00:00")
    assert week.between(start, end) == again.between(start, end)


def test_a_stored_calendar_is_written_as_these_plain_values() -> None:
    """What stores hold by version: neither the keys nor the hash over them may change unseen."""
    week = WorkCalendar(
        {"mon": "09:00-12:00"},
        holidays={on("2026-03-09"): "三月三"},
        workdays=[on("2026-03-07")],
        date_hours={on("2026-03-16"): "20:00-02:00", on("2026-03-08"): "09:00-10:00"},
        closures=[(at("2026-03-02 09:00"), at("2026-03-02 10:00"))],
        openings=[(at("2026-03-03 01:00+00:00"), at("2026-03-03 02:00+00:00"))],
    )
    expected = (
        '{"closures":[["2026-03-02T01:00:00+00:00","2026-03-02T02:00:00+00:00"]],'
        '"date_hours":{"2026-03-08":[[32400000000,36000000000]],"2026-03-16":[[72000000000,93600000000]]},'
        '"first":"1990-01-01","known_until":"2049-12-31","last":"2049-12-31",'
        '"openings":[["2026-03-03T01:00:00+00:00","2026-03-03T02:00:00+00:00"]],'
        '"special":{"2026-03-07":[1,null,"workdays"],"2026-03-09":[0,"三月三","holidays"]},'
        '"week":[[[32400000000,43200000000]],[],[],[],[],[],[]],"week_source":"hours","zone":"Asia/Shanghai"}'
    )
    assert json.loads(expected) == week.to_dict()
    assert hashlib.sha256(expected.encode()).hexdigest()[:16] == week.version
    stored = week.to_dict()
    assert ["2026-03-07", "2026-03-09"] == list(stored["special"])
    assert ["2026-03-08", "2026-03-16"] == list(stored["date_hours"])


def test_the_kinds_of_a_day_are_these_words() -> None:
    assert ["workday", "weekend", "holiday", "make_up", "closed"] == [kind.value for kind in DayKind]


def test_a_naive_closure_in_the_second_of_two_equal_hours_survives_storing() -> None:
    """02:30 comes twice on 2026-10-25 in Berlin; the version must not be that of the first."""
    first, second = (
        WorkCalendar({"sun": "00:00-24:00"}, closures=[(start, at("2026-10-25 12:00"))], zone="Europe/Berlin")
        for start in (dt.datetime(2026, 10, 25, 2, 30, fold=fold) for fold in (0, 1))
    )
    midnight = at("2026-10-25 00:00")
    assert second.between(midnight, midnight + DAY) == stored_and_read(second).between(
        midnight, midnight + DAY
    )
    assert first.version != second.version


DIFFERENT: dict[str, Callable[[], WorkCalendar]] = {
    "plain": lambda: WorkCalendar("09:00-17:00"),
    "hours": lambda: WorkCalendar("09:00-17:30"),
    "lunch": lambda: WorkCalendar("09:00-12:00,13:00-17:00"),
    "a sixth day": lambda: WorkCalendar(
        dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat"), "09:00-17:00")
    ),
    "zone": lambda: WorkCalendar("09:00-17:00", zone="Asia/Urumqi"),
    "holiday": lambda: WorkCalendar("09:00-17:00", holidays=[on("2026-03-03")]),
    "another holiday": lambda: WorkCalendar("09:00-17:00", holidays=[on("2026-03-04")]),
    "named holiday": lambda: WorkCalendar("09:00-17:00", holidays={on("2026-03-03"): "三月三"}),
    "workday": lambda: WorkCalendar("09:00-17:00", workdays=[on("2026-03-07")]),
    "date hours": lambda: WorkCalendar("09:00-17:00", date_hours={on("2026-03-07"): "09:00-17:00"}),
    "other date hours": lambda: WorkCalendar("09:00-17:00", date_hours={on("2026-03-07"): "09:00-12:00"}),
    "closure": lambda: WorkCalendar(
        "09:00-17:00", closures=[(at("2026-03-03 09:00"), at("2026-03-03 12:00"))]
    ),
    "longer closure": lambda: WorkCalendar(
        "09:00-17:00", closures=[(at("2026-03-03 09:00"), at("2026-03-03 12:00:00.000001"))]
    ),
    "opening": lambda: WorkCalendar(
        "09:00-17:00", openings=[(at("2026-03-03 09:00"), at("2026-03-03 12:00"))]
    ),
    "china": china,
    "strict china": lambda: china("error"),
    "china's notice": lambda: WorkCalendar.china(notices=[NOTICE]),
}


def test_the_version_differs_where_anything_differs() -> None:
    versions = {name: build().version for name, build in DIFFERENT.items()}
    assert len(DIFFERENT) == len(set(versions.values())), versions


@pytest.mark.parametrize("build", DIFFERENT.values(), ids=DIFFERENT)
def test_the_version_is_the_same_when_the_same_calendar_is_built_again(
    build: Callable[[], WorkCalendar],
) -> None:
    assert (build(), build().version) == (build(), build().version)


@pytest.mark.parametrize("zone", ZONES)
def test_the_version_does_not_depend_on_the_order_in_which_a_week_was_written(zone: str) -> None:
    hours = {"fri": "09:00-12:00", "mon": "13:00-17:00,09:00-12:00"}
    turned = {"mon": "09:00-12:00,13:00-17:00", "fri": "09:00-12:00"}
    days = [on("2026-03-03"), on("2026-03-04")]
    assert (
        WorkCalendar(hours, holidays=days, zone=zone).version
        == WorkCalendar(turned, holidays=days[::-1], zone=zone).version
    )
