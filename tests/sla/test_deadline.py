"""When limits end: the provisional mark, the zone, the turn of the clock, months, and the last day."""

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import KindError, LimitError, UnknownDayError
from bubancheng.sla import Counting, Limit
from bubancheng.testing.strategies import HOURS, calendar, countings, instants
from tests.strategies import law
from tests.support import DAY, FIRST_OF_ALL, HOUR, LAST_OF_ALL, all_week, at, china, on

BEIJING, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")


def due(limit: str, start: str, week: WorkCalendar | None = None, /, **counting: str) -> dt.datetime:
    return Limit.parse(limit).due(at(start), week or china(), Counting(**counting)).at


# -- provisional: 2026-12-28 (a Monday) is the last settled day


@pytest.mark.parametrize(
    ("limit", "start", "counting", "expected", "provisional"),
    [
        # working days: a day after the start day, up to the due day
        ("1个工作日", "2026-12-25 10:00", {}, "2026-12-28 17:00", False),
        ("1个工作日", "2026-12-27 10:00", {}, "2026-12-28 17:00", False),
        ("1个工作日", "2026-12-28 10:00", {}, "2026-12-29 17:00", True),
        ("2个工作日", "2026-12-25 10:00", {}, "2026-12-29 17:00", True),
        ("3个工作日", "2026-12-29 10:00", {}, "2027-01-04 17:00", True),
        ("1个工作日", "2026-12-28 18:00", {"out_of_hours": "roll"}, "2026-12-30 17:00", True),
        ("1个工作日", "2026-12-25 18:00", {"out_of_hours": "roll"}, "2026-12-29 17:00", True),
        ("1个工作日", "2026-12-28 10:00", {"first_day": "included"}, "2026-12-28 17:00", False),
        ("1个工作日", "2026-12-25 10:00", {"day_end": "midnight"}, "2026-12-29 00:00", False),
        ("1个工作日", "2026-12-28 10:00", {"day_end": "midnight"}, "2026-12-30 00:00", True),
        # the start day itself is not a day after the start day
        ("1个工作日", "2027-03-02 10:00", {"first_day": "included"}, "2027-03-02 17:00", False),
        # fractions
        ("0.5个工作日", "2026-12-28 09:00", {}, "2026-12-28 13:00", False),
        ("0.5个工作日", "2026-12-28 13:00", {}, "2026-12-28 17:00", False),
        ("0.5个工作日", "2026-12-28 13:01", {}, "2026-12-29 09:01", True),
        ("0.5个工作日", "2026-12-29 09:00", {}, "2026-12-29 13:00", False),
        ("1.5个工作日", "2026-12-25 09:00", {}, "2026-12-29 13:00", True),
        # working hours
        ("2个工作小时", "2026-12-28 15:00", {}, "2026-12-28 17:00", False),
        ("2个工作小时", "2026-12-28 15:01", {}, "2026-12-29 09:01", True),
        ("2个工作小时", "2027-03-02 09:00", {}, "2027-03-02 11:00", False),
        ("9个工作小时", "2027-03-02 09:00", {}, "2027-03-03 10:00", True),
        # 当日: the start day too
        ("当日", "2026-12-28 16:59", {}, "2026-12-28 17:00", False),
        ("当日", "2026-12-28 17:00", {}, "2026-12-29 17:00", True),
        ("当日", "2026-12-29 10:00", {}, "2026-12-29 17:00", True),
        ("当日", "2026-12-28 09:00", {"same_day": "business_hours"}, "2026-12-28 17:00", False),
        ("当日", "2026-12-28 09:01", {"same_day": "business_hours"}, "2026-12-29 09:01", True),
        ("当日", "2026-12-29 09:00", {"same_day": "business_hours"}, "2026-12-29 17:00", True),
        ("当日", "2026-12-28 09:00", {"same_day": "natural_day"}, "2026-12-29 00:00", False),
        ("当日", "2027-03-02 09:00", {"same_day": "natural_day"}, "2027-03-03 00:00", False),
        # natural hours never
        ("24小时", "2026-12-28 10:00", {}, "2026-12-29 10:00", False),
        ("24小时", "2027-03-02 10:00", {}, "2027-03-03 10:00", False),
        ("60秒", "2027-03-02 10:00", {}, "2027-03-02 10:01", False),
        ("当场", "2027-03-02 10:00", {}, "2027-03-02 10:00", False),
        # natural days and months: only through the shift of the last day
        ("7日", "2026-12-21 10:00", {}, "2026-12-28 17:00", False),
        ("7日", "2026-12-22 10:00", {}, "2026-12-29 17:00", True),
        ("7日", "2026-12-25 10:00", {}, "2027-01-04 17:00", True),
        ("7日", "2026-12-22 10:00", {"shift_last_day": "none"}, "2026-12-29 17:00", False),
        (
            "7日",
            "2026-12-25 10:00",
            {"shift_last_day": "none", "day_end": "17:00"},
            "2027-01-01 17:00",
            False,
        ),
        ("2日", "2026-12-25 10:00", {}, "2026-12-28 17:00", False),
        ("1个月", "2026-11-28 10:00", {}, "2026-12-28 17:00", False),
        ("1个月", "2026-11-30 10:00", {}, "2026-12-30 17:00", True),
        ("1个月", "2026-11-30 10:00", {"shift_last_day": "none"}, "2026-12-30 17:00", False),
        ("3个月", "2026-11-30 10:00", {}, "2027-03-01 17:00", True),
    ],
)
def test_a_deadline_is_provisional_exactly_when_its_count_met_an_unsettled_day(
    limit: str, start: str, counting: dict[str, str], expected: str, *, provisional: bool
) -> None:
    """Design 3.1. 2027-02-28 is a Sunday, 2027-01-01 a Friday and a holiday."""
    deadline = Limit.parse(limit).due(at(start), china(), Counting(**counting))
    assert (at(expected), provisional) == (deadline.at, deadline.provisional)


@pytest.mark.parametrize("limit", ["1个工作日", "当日", "0.5个工作日", "3个工作日", "5个工作日"])
@pytest.mark.parametrize("start", ["2026-12-29 16:00", "2026-12-30 16:00", "2026-12-31 16:00"])
def test_tickets_of_the_last_three_days_of_the_year_are_provisional(start: str, limit: str) -> None:
    """A notice of the next year may still change 29 to 31 December (design 3.1)."""
    assert Limit.parse(limit).due(at(start), china()).provisional


def test_no_deadline_of_another_week_is_provisional() -> None:
    week = WorkCalendar("09:00-17:00")
    assert not Limit.parse("3个工作日").due(at("2040-03-02 10:00"), week).provisional


@pytest.mark.parametrize("limit", ["1个工作日", "当日", "2个工作小时", "24小时", "7日", "1个月", "当场"])
def test_a_deadline_names_the_calendar_it_was_counted_with(limit: str) -> None:
    assert china().version == Limit.parse(limit).due(at("2026-03-02 10:00"), china()).calendar_version


# -- zones

LIMITS = ["1个工作日", "0.5个工作日", "当日", "2个工作小时", "24小时", "7日", "1个月", "当场"]


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("zone", [BEIJING, dt.UTC, BERLIN, dt.timezone(9 * HOUR)], ids=str)
def test_a_deadline_comes_back_in_the_zone_its_start_came_in(zone: dt.tzinfo, limit: str) -> None:
    naive = at("2026-03-02 16:30")
    aware = naive.replace(tzinfo=BEIJING)
    expected = Limit.parse(limit).due(naive, china()).at
    found = Limit.parse(limit).due(aware.astimezone(zone), china()).at
    assert (None, zone) == (expected.tzinfo, found.tzinfo)
    assert expected.replace(tzinfo=BEIJING) == found


def test_the_day_of_the_start_is_that_of_the_calendars_zone() -> None:
    """Thursday 18:00 UTC is Friday 02:00 in Beijing: Monday is day 1, and its close is 09:00 UTC."""
    start = dt.datetime(2026, 11, 26, 18, tzinfo=dt.UTC)
    found = Limit.parse("1个工作日").due(start, china()).at
    assert dt.datetime(2026, 11, 30, 9, tzinfo=dt.UTC) == found


# -- the turn of the clock


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-03-28 12:00", "2026-03-29 13:00"),
        ("2026-10-24 12:00", "2026-10-25 11:00"),
        ("2026-03-29 12:00", "2026-03-30 12:00"),
    ],
)
def test_natural_hours_are_the_hours_that_really_pass(start: str, expected: str) -> None:
    week = WorkCalendar("09:00-17:00", zone="Europe/Berlin")
    limit, aware = Limit.parse("24小时"), at(start).replace(tzinfo=BERLIN)
    assert at(expected) == limit.due(at(start), week).at
    assert 24 * HOUR == limit.due(aware, week).at.astimezone(dt.UTC) - aware.astimezone(dt.UTC)


@pytest.mark.parametrize(("start", "expected"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-03-21", 8)])
def test_a_close_after_midnight_is_where_the_clock_shows_it(start: str, expected: int) -> None:
    """The night from Saturday to Sunday, 22:00 to 06:00 in Berlin."""
    week, evening = all_week("22:00-06:00", zone="Europe/Berlin"), at(start) + 22 * HOUR
    aware = evening.replace(tzinfo=BERLIN)
    found = Limit.parse("当日").due(aware, week).at
    assert (evening + 8 * HOUR).replace(tzinfo=BERLIN) == found
    assert expected * HOUR == found.astimezone(dt.UTC) - aware.astimezone(dt.UTC)


def test_midnight_ends_a_turning_day_where_the_next_begins() -> None:
    week = all_week(zone="America/Sao_Paulo")
    found = due("当日", "2015-02-21 10:00", week, same_day="natural_day")
    assert at("2015-02-22 00:00") == found


# -- months, natural days, the last day


@pytest.mark.parametrize(
    ("limit", "start", "counting", "expected"),
    [
        # domain.md section 7
        ("1个月", "2026-01-31 10:00", {}, "2026-02-28 17:00"),
        ("1个月", "2026-09-30 10:00", {}, "2026-10-30 17:00"),
        ("7日", "2026-09-18 10:00", {}, "2026-09-28 17:00"),
        ("7日", "2026-09-18 10:00", {"shift_last_day": "none", "day_end": "17:00"}, "2026-09-25 17:00"),
        # a day off has no close of business: 24:00 (decision 5)
        ("7日", "2026-09-18 10:00", {"shift_last_day": "none"}, "2026-09-26 00:00"),
        ("7日", "2026-09-16 10:00", {"shift_last_day": "none"}, "2026-09-23 17:00"),
        ("7日", "2026-09-18 10:00", {"day_end": "midnight"}, "2026-09-29 00:00"),
        ("7日", "2026-09-18 10:00", {"first_day": "included"}, "2026-09-24 17:00"),
        ("1日", "2026-09-18 10:00", {"first_day": "included"}, "2026-09-18 17:00"),
        ("1日", "2026-09-19 10:00", {}, "2026-09-20 17:00"),
        ("12个月", "2024-02-29 10:00", {}, "2025-02-28 17:00"),
        ("1个月", "2026-09-01 10:00", {}, "2026-10-08 17:00"),
        ("1个月", "2026-09-01 10:00", {"shift_last_day": "none"}, "2026-10-02 00:00"),
        ("1个月", "2026-03-01 10:00", {"first_day": "included"}, "2026-03-31 17:00"),
        ("15个自然日", "2026-09-18 10:00", {}, "2026-10-08 17:00"),
    ],
)
def test_natural_days_and_months_end_as_the_law_says(
    limit: str, start: str, counting: dict[str, str], expected: str
) -> None:
    assert at(expected) == Limit.parse(limit).due(at(start), china(), Counting(**counting)).at


def test_a_short_day_ends_a_limit_with_its_own_close() -> None:
    week = WorkCalendar.china(date_hours={on("2026-03-03"): "09:00-12:00"})
    assert at("2026-03-03 12:00") == due("1个工作日", "2026-03-02 10:00", week)
    assert at("2026-03-03 12:00") == due("当日", "2026-03-03 11:59", week)
    assert at("2026-03-04 17:00") == due("当日", "2026-03-03 12:00", week)


def test_an_overnight_day_ends_a_limit_in_the_morning() -> None:
    week = WorkCalendar("22:00-06:00")
    assert at("2026-03-07 06:00") == due("1个工作日", "2026-03-05 23:00", week)


@pytest.mark.parametrize("closed_from", ["09:00:00.000001", "14:00", "16:59"])
def test_a_closure_never_moves_the_close(closed_from: str) -> None:
    """Day limits land at the close that `hours` give, closures left out."""
    closure = (at(f"2026-03-03 {closed_from}"), at("2026-03-04 00:00"))
    week = WorkCalendar.china(closures=[closure])
    assert at("2026-03-03 17:00") == due("1个工作日", "2026-03-02 10:00", week)
    assert at("2026-03-03 17:00") == due("当日", "2026-03-03 16:59:59", week)
    assert at("2026-03-04 17:00") == due("1个工作日", "2026-03-03 16:59:59", week, out_of_hours="roll")


def test_a_day_that_is_closed_altogether_counts_no_more() -> None:
    week = WorkCalendar.china(closures=[(at("2026-03-03 00:00"), at("2026-03-04 00:00"))])
    assert at("2026-03-04 17:00") == due("1个工作日", "2026-03-02 10:00", week)
    assert at("2026-03-04 17:00") == due("当日", "2026-03-03 10:00", week)
    assert at("2026-03-04 17:00") == due("1日", "2026-03-02 10:00", week)


def test_a_day_that_is_closed_altogether_has_no_close_and_ends_at_midnight() -> None:
    """As any other day off does (decision 5), where the last day does not shift."""
    week = WorkCalendar.china(closures=[(at("2026-03-03 00:00"), at("2026-03-04 00:00"))])
    assert at("2026-03-04 00:00") == due("1日", "2026-03-02 10:00", week, shift_last_day="none")


@pytest.mark.parametrize(
    ("limit", "start", "expected"),
    [
        ("0.5个工作日", "2026-03-02 09:00", "2026-03-02 13:00"),
        ("0.5个工作日", "2026-03-02 15:00", "2026-03-03 11:00"),
        ("0.5个工作日", "2026-03-01 15:00", "2026-03-02 13:00"),
        ("1.5个工作日", "2026-03-02 10:00", "2026-03-04 13:00"),
        ("2.25个工作日", "2026-03-02 10:00", "2026-03-05 11:00"),
        ("8个工作小时", "2026-03-02 09:00", "2026-03-02 17:00"),
        ("8个工作小时", "2026-03-02 10:00", "2026-03-03 10:00"),
        ("0.5个工作小时", "2026-03-02 16:45", "2026-03-03 09:15"),
        ("30个工作分钟", "2026-03-02 16:45", "2026-03-03 09:15"),
        ("24小时", "2026-03-07 10:00", "2026-03-08 10:00"),
        ("60秒", "2026-03-07 23:59:30", "2026-03-08 00:00:30"),
        ("30分钟", "2026-03-07 23:45", "2026-03-08 00:15"),
        ("0.5小时", "2026-03-07 23:45", "2026-03-08 00:15"),
        ("当场", "2026-03-07 23:45:00.000001", "2026-03-07 23:45:00.000001"),
    ],
)
def test_fractions_and_hours_end_to_the_minute(limit: str, start: str, expected: str) -> None:
    assert at(expected) == due(limit, start)


# -- laws

ALL = [
    "当场",
    "60秒",
    "24小时",
    "2个工作小时",
    "0.5个工作日",
    "当日",
    "1个工作日",
    "2.5个工作日",
    "7日",
    "1日",
    "1个月",
]


@law
@given(st.sampled_from(HOURS), instants(None), st.sampled_from(ALL), countings())
def test_no_limit_ends_before_it_starts(
    hours: tuple[str, ...], start: dt.datetime, limit: str, counting: Counting
) -> None:
    assert start <= Limit.parse(limit).due(start, calendar(hours, "Asia/Shanghai"), counting).at


@law
@given(
    st.sampled_from(HOURS),
    instants(None),
    st.sampled_from(["个工作日", "个工作小时", "小时", "日", "个月"]),
    st.integers(1, 30),
    countings(),
)
def test_a_longer_limit_never_ends_earlier(
    hours: tuple[str, ...], start: dt.datetime, unit: str, n: int, counting: Counting
) -> None:
    week = calendar(hours, "Asia/Shanghai")
    shorter, longer = (Limit.parse(f"{k}{unit}").due(start, week, counting).at for k in (n, n + 1))
    assert shorter <= longer


@law
@given(st.sampled_from(HOURS), instants(None), st.integers(0, 40 * 24), st.sampled_from([*ALL, "5个工作日"]))
def test_a_later_start_never_ends_a_limit_earlier(
    hours: tuple[str, ...], start: dt.datetime, later: int, limit: str
) -> None:
    week = calendar(hours, "Asia/Shanghai")
    first, second = (Limit.parse(limit).due(it, week).at for it in (start, start + later * HOUR))
    assert first <= second


# -- refusals


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize(
    "start", [None, 5, float("nan"), "2026-03-02 10:00", on("2026-03-02"), dt.time(9)], ids=repr
)
def test_a_start_that_is_no_instant_is_refused(start: Any, limit: str) -> None:
    with pytest.raises(KindError) as caught:
        Limit.parse(limit).due(start, china())
    assert repr(start) in str(caught.value)


@pytest.mark.parametrize("limit", LIMITS)
@pytest.mark.parametrize("start", [FIRST_OF_ALL, LAST_OF_ALL, at("2003-12-31 23:59"), at("2100-01-01 00:00")])
def test_a_start_outside_the_table_is_refused(start: dt.datetime, limit: str) -> None:
    with pytest.raises(UnknownDayError, match="2004-01-01 to 2099-12-31"):
        Limit.parse(limit).due(start, china())


@pytest.mark.parametrize("unit", ["个工作日", "个工作小时", "小时", "分钟", "秒", "日", "个月"])
def test_a_limit_that_leaves_time_itself_is_refused(unit: str) -> None:
    with pytest.raises(UnknownDayError, match="2004-01-01 to 2099-12-31"):
        Limit.parse(f"999999999999{unit}").due(at("2026-03-02 10:00"), china())


def test_a_limit_by_agreement_has_no_due_time_of_its_own() -> None:
    with pytest.raises(LimitError, match="约定"):
        Limit.parse("约定").due(at("2026-03-02 10:00"), china())


@pytest.mark.parametrize(
    ("week", "counting"), [(None, Counting()), ("china", Counting()), (china(), "roll"), (china(), None)]
)
def test_a_calendar_and_conventions_of_the_wrong_kind_are_refused(week: Any, counting: Any) -> None:
    with pytest.raises(KindError) as caught:
        Limit.parse("1个工作日").due(at("2026-03-02 10:00"), week, counting)
    assert [True, True] == [repr(it) in str(caught.value) for it in (week, counting)]


def test_the_first_working_day_of_the_table_can_be_a_last_day() -> None:
    """2004-01-02 is the Friday after New Year's Day."""
    assert at("2004-01-02 17:00") == due("1个工作日", "2004-01-01 10:00")
    assert at("2004-01-02 17:00") == due("1个工作日", "2004-01-02 10:00", first_day="included")


def test_the_last_day_of_the_table_can_be_a_last_day() -> None:
    """2099-12-31 is a Thursday."""
    limit, start = Limit.parse("1个工作日"), at("2099-12-30 10:00")
    assert at("2099-12-31 17:00") == limit.due(start, china()).at
    assert at("2100-01-01 00:00") == limit.due(start, china(), Counting(day_end="midnight")).at
    with pytest.raises(UnknownDayError):
        limit.due(start + DAY, china())
