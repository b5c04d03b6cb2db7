"""Due times kept by the day of their start: the same as counting each one anew."""

import datetime as dt
from fractions import Fraction
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzoffset
from hypothesis import given
from hypothesis import strategies as st

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import UnknownDayError
from bubancheng.sla import Counting, Limit, LimitUnit
from bubancheng.sla.deadline import Count
from bubancheng.testing.strategies import countings
from tests.strategies import law
from tests.support import all_week, at, china

BEIJING, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")

LIMITS = [
    "1个工作日",
    "3个工作日",
    "0.5个工作日",
    "2.5个工作日",
    "当日",
    "7日",
    "1个月",
    "2个工作小时",
    "24小时",
    "当场",
]
CALENDARS = [
    china(),
    WorkCalendar.china(
        "09:00-12:00,13:30-17:30", closures=((at("2026-03-04 00:00"), at("2026-03-05 12:00")),)
    ),
    all_week("22:00-06:00"),
    all_week("00:00-24:00", zone="Europe/Berlin"),
    WorkCalendar({"mon": "09:00-17:00", "sat": "10:00-02:00"}, zone="America/New_York"),
]
ZONES = [None, dt.UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), tzoffset(None, 28_800)]


@law
@given(
    st.sampled_from(CALENDARS),
    st.sampled_from(LIMITS),
    st.datetimes(dt.datetime(2026, 2, 25), dt.datetime(2026, 4, 8)),
    st.sampled_from(ZONES),
    countings(),
)
def test_a_day_that_was_counted_before_gives_what_counting_anew_gives(
    calendar: WorkCalendar, text: str, start: dt.datetime, zone: dt.tzinfo | None, counting: Counting
) -> None:
    limit, when = Limit.parse(text), start.replace(tzinfo=zone)
    anew = Count(limit.amount, limit.unit, when, calendar, counting).run()
    for _ in range(2):
        due = limit.due(when, calendar, counting)
        assert anew == (due.at, due.provisional)
        assert due.at.tzinfo is zone


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_the_close_is_the_turning_point_of_the_same_day(seconds: int) -> None:
    """Decision 4: at the close it is the next working day's."""
    limit = Limit.parse("当日")
    close = dt.datetime(2026, 3, 6, 17, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Friday
    expected = close if seconds < 0 else close + dt.timedelta(3)
    for _ in range(2):
        assert expected == limit.due(close + dt.timedelta(seconds=seconds), china()).at


def test_a_start_beyond_the_table_is_refused_each_time() -> None:
    limit, calendar = Limit.parse("3个工作日"), china()
    for _ in range(2):
        with pytest.raises(UnknownDayError):
            limit.due(dt.datetime(2120, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")), calendar)


def test_one_limit_serves_two_calendars_in_turn() -> None:
    limit, early, late = (
        Limit.parse("1个工作日"),
        WorkCalendar.china("09:00-12:00"),
        WorkCalendar.china("09:00-18:00"),
    )
    start = dt.datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert [12, 18, 12] == [limit.due(start, it).at.hour for it in (early, late, early)]


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-03-02 00:00", "2026-03-02 17:00"),
        ("2026-03-02 16:59:59.999999", "2026-03-02 17:00"),
        ("2026-03-02 17:00", "2026-03-03 17:00"),
        ("2026-03-02 10:00", "2026-03-02 17:00"),  # once more after the close was asked
        ("2026-03-06 18:00", "2026-03-09 17:00"),
        ("2026-03-07 00:00", "2026-03-09 17:00"),
        ("2026-03-07 23:00", "2026-03-09 17:00"),
        ("2004-01-01 10:00", "2004-01-02 17:00"),  # the first day of the table, a holiday
    ],
)
@pytest.mark.parametrize("zone", [BEIJING, dt.UTC], ids=str)
def test_the_same_day_is_kept_in_two_halves(start: str, due: str, zone: dt.tzinfo) -> None:
    """Decision 4: until the close of this working day, at or after it until that of the next."""
    instant, expected = (at(it).replace(tzinfo=BEIJING).astimezone(zone) for it in (start, due))
    assert expected == Limit.parse("当日").due(instant, china()).at


@pytest.mark.parametrize(
    ("start", "due"),
    [
        ("2026-10-24 12:00", "2026-10-24 17:00"),
        ("2026-10-25 12:00", "2026-10-25 17:00"),
        ("2026-10-25 18:00", "2026-10-26 17:00"),
    ],
)
def test_a_day_on_which_the_clock_turns_is_counted_each_time(start: str, due: str) -> None:
    week = WorkCalendar(
        dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), "09:00-17:00"), zone="Europe/Berlin"
    )
    instant, expected = (at(it).replace(tzinfo=BERLIN) for it in (start, due))
    assert expected == Limit.parse("当日").due(instant, week).at


def test_a_start_in_the_hour_that_is_left_out_lies_at_the_turn() -> None:
    """In Berlin on 2026-03-29: 02:45 was never shown, and at 03:00 an office that closes at 02:30 is over."""
    week = WorkCalendar(
        {"sat": "00:00-02:30", "sun": "00:00-02:30", "mon": "00:00-02:30"}, zone="Europe/Berlin"
    )
    found = Limit.parse("当日").due(at("2026-03-29 02:45").replace(tzinfo=BERLIN), week).at
    assert at("2026-03-30 02:30").replace(tzinfo=BERLIN) == found


def test_the_same_day_as_business_hours_is_counted_each_time() -> None:
    limit, counting = Limit.parse("当日"), Counting(same_day="business_hours")
    starts = [at(f"2026-03-02 {clock}").replace(tzinfo=BEIJING) for clock in ("09:00", "10:00", "16:00")]
    expected = ["2026-03-02 17:00", "2026-03-03 10:00", "2026-03-03 16:00"]
    assert [at(it).replace(tzinfo=BEIJING) for it in expected] == [
        limit.due(start, china(), counting).at for start in starts
    ]


@pytest.mark.parametrize("aware", [False, True])
@pytest.mark.parametrize("text", ["当日", "1个工作日"])
def test_the_first_start_of_a_day_does_not_bind_the_next(text: str, *, aware: bool) -> None:
    """What is kept for one limit, calendar and set of conventions is not taken for another."""
    start = at("2026-03-02 10:00").replace(tzinfo=BEIJING if aware else None)
    short = WorkCalendar.china("09:00-12:00")
    limit = Limit.parse(text)
    found = [limit.due(start, week).at.hour for week in (china(), short, china())]
    assert [17, 12, 17] == found
    midnight = Counting(day_end="midnight", same_day="natural_day")
    assert [17, 0, 17] == [
        limit.due(start, china(), counting).at.hour for counting in (Counting(), midnight, Counting())
    ]


@pytest.mark.parametrize("zone", [BEIJING, dt.UTC], ids=str)
@pytest.mark.parametrize(("unknown", "day"), [("error", "2026-12-28"), ("provisional", "2099-12-31")])
def test_the_last_working_day_of_the_table_can_be_the_same_day(
    unknown: str, day: str, zone: dt.tzinfo
) -> None:
    start, close = (
        at(f"{day} {clock}").replace(tzinfo=BEIJING).astimezone(zone) for clock in ("10:00", "17:00")
    )
    assert close == Limit.parse("当日").due(start, china(unknown)).at


@pytest.mark.parametrize("zone", [BEIJING, dt.UTC], ids=str)
@pytest.mark.parametrize(("text", "expected"), [("1个工作日", [9, 10, 9]), ("3日", [9, 12, 9])])
def test_where_a_start_out_of_hours_rolls_the_hour_decides_too(
    text: str, expected: list[int], zone: dt.tzinfo
) -> None:
    """Friday 2026-03-06: at the close the start rolls to Monday the 9th, and the count goes from there."""
    limit, counting = Limit.parse(text), Counting(out_of_hours="roll")
    starts = [
        at(f"2026-03-06 {clock}").replace(tzinfo=BEIJING).astimezone(zone)
        for clock in ("16:59", "17:00", "10:00")
    ]
    dues = [dt.datetime(2026, 3, day, 17, tzinfo=BEIJING) for day in expected]
    assert dues == [limit.due(start, china(), counting).at for start in starts]


def test_a_day_off_after_an_office_that_closes_at_midnight_is_off_from_its_first_instant_on() -> None:
    """Friday's 24:00 is Saturday's midnight: what comes in from then on is due on Monday, at its 24:00."""
    week = WorkCalendar("00:00-24:00")
    starts = [dt.datetime(2026, 3, 7, hour, tzinfo=BEIJING) for hour in (0, 10)]
    found = [Limit.parse("当日").due(start, week).at for start in starts]
    assert [dt.datetime(2026, 3, 10, tzinfo=BEIJING)] * 2 == found


@pytest.mark.parametrize("text", ["当日", "3个工作日", "4日", "1个月"])
def test_a_count_that_leaves_the_table_is_refused_each_time(text: str) -> None:
    """2026-12-28 is the last day that is known, a Monday; at its close it is over."""
    limit, start = Limit.parse(text), at("2026-12-28 17:00").replace(tzinfo=BEIJING)
    for _ in range(2):
        with pytest.raises(UnknownDayError):
            limit.due(start, china("error"))


def test_a_limit_that_was_counted_is_the_same_value_as_before() -> None:
    limit = Limit(Fraction(1), LimitUnit.WORKING_DAY)
    before = repr(limit), hash(limit)
    assert at("2026-03-03 17:00+08:00") == limit.due(at("2026-03-02 10:00+08:00"), china()).at
    assert (before, True) == ((repr(limit), hash(limit)), limit == Limit.parse("1个工作日"))
    with pytest.raises(TypeError):
        Limit(Fraction(1), LimitUnit.WORKING_DAY, None)  # type: ignore[call-arg]
