"""`WorkCalendar`: each question at each boundary, in the calendar's zone and in others."""

import datetime as dt
from zoneinfo import ZoneInfo

import attrs
import pytest
from dateutil.tz import tzoffset

from bubancheng.calendar import Day, DayKind, Notice, WorkCalendar
from bubancheng.calendar.spec import CalendarSpec, SpecialDay
from bubancheng.errors import UnknownDayError
from bubancheng.sla import Limit
from bubancheng.sla.light import warning_begins
from tests.support import (
    DAY,
    FIRST_OF_ALL,
    HOUR,
    LAST_OF_ALL,
    MINUTE,
    US,
    WEEKDAYS,
    all_week,
    at,
    china,
    on,
    quiet,
)

# 2026-03-02 is a Monday; none of these weeks knows a holiday.
LUNCH = WorkCalendar("09:00-12:00,13:30-17:30")
NIGHT = WorkCalendar("22:00-06:00")
ROUND_THE_CLOCK = all_week()
MIDNIGHT_TO_MIDNIGHT = WorkCalendar("00:00-24:00")
WEEKS = {"lunch": LUNCH, "night": NIGHT, "always": ROUND_THE_CLOCK, "whole days": MIDNIGHT_TO_MIDNIGHT}

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")

# -- is_open


@pytest.mark.parametrize(
    ("week", "when", "expected"),
    [
        ("lunch", "2026-03-02 08:59:59.999999", False),
        ("lunch", "2026-03-02 09:00", True),
        ("lunch", "2026-03-02 10:30", True),
        ("lunch", "2026-03-02 11:59:59.999999", True),
        ("lunch", "2026-03-02 12:00", False),
        ("lunch", "2026-03-02 13:29:59.999999", False),
        ("lunch", "2026-03-02 13:30", True),
        ("lunch", "2026-03-02 17:29:59.999999", True),
        ("lunch", "2026-03-02 17:30", False),
        ("lunch", "2026-03-07 10:00", False),
        ("lunch", "2026-03-08 10:00", False),
        ("night", "2026-03-02 03:00", False),  # Sunday's night is not worked
        ("night", "2026-03-02 21:59:59.999999", False),
        ("night", "2026-03-02 22:00", True),
        ("night", "2026-03-02 23:59:59.999999", True),
        ("night", "2026-03-03 00:00", True),
        ("night", "2026-03-03 05:59:59.999999", True),
        ("night", "2026-03-03 06:00", False),
        ("night", "2026-03-07 05:59", True),  # Saturday: the end of Friday's night
        ("night", "2026-03-07 06:00", False),
        ("night", "2026-03-07 22:00", False),
        ("always", "2026-03-08 00:00", True),
        ("always", "2026-03-07 23:59:59.999999", True),
        ("whole days", "2026-03-06 23:59:59.999999", True),
        ("whole days", "2026-03-07 00:00", False),
        ("whole days", "2026-03-08 23:59:59.999999", False),
        ("whole days", "2026-03-09 00:00", True),
    ],
)
def test_a_span_is_open_from_its_start_up_to_its_end(week: str, when: str, *, expected: bool) -> None:
    assert expected == WEEKS[week].is_open(at(when))


# -- next_open, previous_open


@pytest.mark.parametrize(
    ("week", "when", "expected"),
    [
        ("lunch", "2026-03-02 00:00", "2026-03-02 09:00"),
        ("lunch", "2026-03-02 08:59:59.999999", "2026-03-02 09:00"),
        ("lunch", "2026-03-02 09:00", "2026-03-02 09:00"),
        ("lunch", "2026-03-02 10:15:00.000001", "2026-03-02 10:15:00.000001"),
        ("lunch", "2026-03-02 12:00", "2026-03-02 13:30"),
        ("lunch", "2026-03-02 13:00", "2026-03-02 13:30"),
        ("lunch", "2026-03-02 17:29:59.999999", "2026-03-02 17:29:59.999999"),
        ("lunch", "2026-03-02 17:30", "2026-03-03 09:00"),
        ("lunch", "2026-03-06 17:30", "2026-03-09 09:00"),
        ("lunch", "2026-03-07 12:00", "2026-03-09 09:00"),
        ("night", "2026-03-03 06:00", "2026-03-03 22:00"),
        ("night", "2026-03-03 02:00", "2026-03-03 02:00"),
        ("night", "2026-03-07 06:00", "2026-03-09 22:00"),
        ("always", "2026-03-08 00:00", "2026-03-08 00:00"),
        ("whole days", "2026-03-07 00:00", "2026-03-09 00:00"),
    ],
)
def test_next_open_is_the_instant_or_the_next_start(week: str, when: str, expected: str) -> None:
    assert at(expected) == WEEKS[week].next_open(at(when))


@pytest.mark.parametrize(
    ("week", "when", "expected"),
    [
        ("lunch", "2026-03-02 08:59", "2026-02-27 17:30"),
        ("lunch", "2026-03-02 09:00", "2026-03-02 09:00"),
        ("lunch", "2026-03-02 10:15:00.000001", "2026-03-02 10:15:00.000001"),
        ("lunch", "2026-03-02 12:00", "2026-03-02 12:00"),
        ("lunch", "2026-03-02 13:29:59.999999", "2026-03-02 12:00"),
        ("lunch", "2026-03-02 13:30", "2026-03-02 13:30"),
        ("lunch", "2026-03-02 17:30", "2026-03-02 17:30"),
        ("lunch", "2026-03-02 23:00", "2026-03-02 17:30"),
        ("lunch", "2026-03-08 23:59:59.999999", "2026-03-06 17:30"),
        ("night", "2026-03-02 22:00", "2026-03-02 22:00"),
        ("night", "2026-03-02 21:59:59.999999", "2026-02-28 06:00"),
        ("night", "2026-03-08 12:00", "2026-03-07 06:00"),
        ("always", "2026-03-08 00:00", "2026-03-08 00:00"),
        ("whole days", "2026-03-07 00:00", "2026-03-07 00:00"),
        ("whole days", "2026-03-08 12:00", "2026-03-07 00:00"),
    ],
)
def test_previous_open_is_the_instant_or_the_previous_end(week: str, when: str, expected: str) -> None:
    assert at(expected) == WEEKS[week].previous_open(at(when))


def test_the_first_day_of_the_table_has_the_previous_end_of_the_second() -> None:
    """1990-01-01 is a Monday."""
    assert at("1990-01-01 17:30") == LUNCH.previous_open(at("1990-01-02 08:59"))
    assert at("1990-01-01 09:00") == LUNCH.next_open(at("1990-01-01 00:00"))
    with pytest.raises(UnknownDayError):
        LUNCH.previous_open(at("1990-01-01 08:59"))


# -- add, between


@pytest.mark.parametrize(
    ("week", "when", "amount", "expected"),
    [
        ("lunch", "2026-03-02 08:00", 7 * HOUR, "2026-03-02 17:30"),
        ("lunch", "2026-03-02 09:00", US, "2026-03-02 09:00:00.000001"),
        ("lunch", "2026-03-02 09:00", 3 * HOUR, "2026-03-02 12:00"),
        ("lunch", "2026-03-02 09:00", 3 * HOUR + US, "2026-03-02 13:30:00.000001"),
        ("lunch", "2026-03-02 09:00", 7 * HOUR, "2026-03-02 17:30"),
        ("lunch", "2026-03-02 09:00", 7 * HOUR + US, "2026-03-03 09:00:00.000001"),
        ("lunch", "2026-03-02 12:00", HOUR, "2026-03-02 14:30"),
        ("lunch", "2026-03-02 12:30", HOUR, "2026-03-02 14:30"),
        ("lunch", "2026-03-02 17:30", HOUR, "2026-03-03 10:00"),
        ("lunch", "2026-03-06 17:00", HOUR, "2026-03-09 09:30"),
        ("lunch", "2026-03-07 10:00", HOUR, "2026-03-09 10:00"),
        ("lunch", "2026-03-02 09:00", 70 * HOUR, "2026-03-13 17:30"),
        ("lunch", "2026-03-02 10:00", -HOUR, "2026-03-02 09:00"),
        ("lunch", "2026-03-02 12:00", -3 * HOUR, "2026-03-02 09:00"),
        ("lunch", "2026-03-02 13:30", -US, "2026-03-02 11:59:59.999999"),
        ("lunch", "2026-03-02 14:00", -30 * MINUTE, "2026-03-02 13:30"),
        ("lunch", "2026-03-02 14:00", -30 * MINUTE - US, "2026-03-02 11:59:59.999999"),
        ("lunch", "2026-03-02 09:00", -US, "2026-02-27 17:29:59.999999"),
        ("lunch", "2026-03-07 10:00", -HOUR, "2026-03-06 16:30"),
        ("lunch", "2026-03-09 09:30", -HOUR, "2026-03-06 17:00"),
        ("lunch", "2026-03-09 10:00", -HOUR, "2026-03-09 09:00"),
        ("night", "2026-03-06 22:00", 8 * HOUR, "2026-03-07 06:00"),
        ("night", "2026-03-06 23:00", 8 * HOUR, "2026-03-09 23:00"),
        ("night", "2026-03-09 23:00", -8 * HOUR, "2026-03-06 23:00"),
        ("night", "2026-03-03 00:00", -2 * HOUR, "2026-03-02 22:00"),
        ("always", "2026-03-07 20:00", 28 * HOUR, "2026-03-09 00:00"),
        ("always", "2026-03-07 20:00", -20 * HOUR, "2026-03-07 00:00"),
        ("whole days", "2026-03-06 00:00", 24 * HOUR, "2026-03-07 00:00"),
        ("whole days", "2026-03-06 00:00", 24 * HOUR + US, "2026-03-09 00:00:00.000001"),
        ("whole days", "2026-03-09 00:00", -24 * HOUR, "2026-03-06 00:00"),
    ],
)
def test_add_counts_working_time_only(week: str, when: str, amount: dt.timedelta, expected: str) -> None:
    assert at(expected) == WEEKS[week].add(at(when), amount)


@pytest.mark.parametrize(
    "when", ["2026-03-02 10:00", "2026-03-02 12:00", "2026-03-02 12:30", "2026-03-08 00:00"]
)
def test_adding_nothing_gives_the_instant_itself_also_when_it_is_closed(when: str) -> None:
    assert at(when) == LUNCH.add(at(when), dt.timedelta())


@pytest.mark.parametrize(
    ("week", "start", "end", "expected"),
    [
        ("lunch", "2026-03-02 09:00", "2026-03-02 12:00", 3 * HOUR),
        ("lunch", "2026-03-02 08:00", "2026-03-02 18:00", 7 * HOUR),
        ("lunch", "2026-03-02 12:00", "2026-03-02 13:30", 0 * HOUR),
        ("lunch", "2026-03-02 11:59:59.999999", "2026-03-02 12:00:00.000001", US),
        ("lunch", "2026-03-02 13:29:59.999999", "2026-03-02 13:30:00.000001", US),
        ("lunch", "2026-03-02 17:30", "2026-03-03 09:00", 0 * HOUR),
        ("lunch", "2026-03-06 17:00", "2026-03-09 09:30", HOUR),
        ("lunch", "2026-03-02 00:00", "2026-03-09 00:00", 35 * HOUR),
        ("lunch", "2026-03-02 10:00", "2026-03-02 10:00", 0 * HOUR),
        ("lunch", "2026-03-02 12:00", "2026-03-02 09:00", -3 * HOUR),
        ("night", "2026-03-07 00:00", "2026-03-09 00:00", 6 * HOUR),
        ("night", "2026-03-02 00:00", "2026-03-09 00:00", 40 * HOUR),
        ("always", "2026-03-02 00:00", "2026-03-09 00:00", 168 * HOUR),
        ("whole days", "2026-03-06 12:00", "2026-03-09 12:00", 24 * HOUR),
    ],
)
def test_between_is_the_working_time_of_a_half_open_interval(
    week: str, start: str, end: str, expected: dt.timedelta
) -> None:
    assert expected == WEEKS[week].between(at(start), at(end))


def test_between_is_exact_to_the_microsecond_over_decades() -> None:
    """2088 weeks of 35 hours from Monday 1991-01-07 to Monday 2031-01-13, less a microsecond."""
    assert 2088 * 35 * HOUR - US == LUNCH.between(at("1991-01-07 09:00:00.000001"), at("2031-01-13 00:00"))


def test_the_first_and_the_last_working_instant_of_the_table_are_reached_and_no_other() -> None:
    """1990-01-01 is a Monday, 2049-12-31 a Friday."""
    start, end = at("1990-01-01 09:00"), at("2049-12-31 17:30")
    assert (start, end) == (LUNCH.add(start + 3 * HOUR, -3 * HOUR), LUNCH.add(end - 4 * HOUR, 4 * HOUR))
    with pytest.raises(UnknownDayError):
        LUNCH.add(start + 3 * HOUR, -3 * HOUR - US)
    with pytest.raises(UnknownDayError):
        LUNCH.add(end - 4 * HOUR, 4 * HOUR + US)


# -- days


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2026-09-30", 1, "2026-10-08"),
        ("2026-09-30", 3, "2026-10-10"),
        ("2026-10-03", 1, "2026-10-08"),
        ("2026-10-03", -1, "2026-09-30"),
        ("2026-10-08", -1, "2026-09-30"),
        ("2026-10-09", -1, "2026-10-08"),
        ("2026-10-03", 0, "2026-10-03"),
        ("2026-09-30", 0, "2026-09-30"),
        ("2026-09-19", 1, "2026-09-20"),
        ("2025-12-31", 1, "2026-01-04"),
        ("2026-01-04", -1, "2025-12-31"),
        ("2025-12-31", 248, "2026-12-31"),
        ("2026-02-13", 2, "2026-02-24"),
    ],
)
def test_add_workdays_does_not_count_the_start_day(start: str, n: int, expected: str) -> None:
    with quiet():
        assert on(expected) == china().add_workdays(on(start), n)


def test_the_first_and_the_last_working_day_of_the_table_are_reached_and_no_other() -> None:
    """1990-01-01 is a Monday, 2049-12-31 a Friday."""
    first, last = on("1990-01-01"), on("2049-12-31")
    assert (first, last) == (LUNCH.add_workdays(first + DAY, -1), LUNCH.add_workdays(last - DAY, 1))
    for date, n in ((first + DAY, -2), (first, -1), (last - DAY, 2), (last, 1)):
        with pytest.raises(UnknownDayError):
            LUNCH.add_workdays(date, n)


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("2026-09-30", "2026-10-08", 1),
        ("2026-09-29", "2026-09-30", 1),
        ("2026-09-30", "2026-10-07", 0),
        ("2026-10-08", "2026-09-30", -1),
        ("2026-10-08", "2026-10-08", 0),
        ("2026-10-09", "2026-10-10", 1),
        ("2025-12-31", "2026-12-28", 245),
        ("2026-12-28", "2025-12-31", -245),
    ],
)
def test_workdays_between_counts_after_the_first_up_to_the_second(a: str, b: str, expected: int) -> None:
    """2026 has 248 working days (domain.md 5.2), three of them after 28 December."""
    assert expected == china().workdays_between(on(a), on(b))


@pytest.mark.parametrize(
    ("date", "kind", "name", "source"),
    [
        ("2026-03-02", DayKind.WORKDAY, None, "第七条"),
        ("2026-03-07", DayKind.WEEKEND, None, "第七条"),
        ("2026-10-01", DayKind.HOLIDAY, "国庆节", "2026年"),
        ("2026-01-02", DayKind.HOLIDAY, "元旦", "2026年"),
        ("2026-02-16", DayKind.HOLIDAY, "春节", "2026年"),
        ("2026-04-05", DayKind.HOLIDAY, "清明节", "2026年"),
        ("2026-05-04", DayKind.HOLIDAY, "劳动节", "2026年"),
        ("2026-06-19", DayKind.HOLIDAY, "端午节", "2026年"),
        ("2026-09-25", DayKind.HOLIDAY, "中秋节", "2026年"),
        ("2026-10-10", DayKind.MAKE_UP, "国庆节", "2026年"),
        ("2026-02-28", DayKind.MAKE_UP, "春节", "2026年"),
    ],
)
def test_a_day_says_what_it_is_and_what_decided_it(
    date: str, kind: DayKind, name: str | None, source: str
) -> None:
    day = china().day(on(date))
    assert (on(date), kind, name, False) == (day.date, day.kind, day.name, day.provisional)
    assert source in day.source


@pytest.mark.parametrize("kind", DayKind)
def test_working_days_and_make_up_days_are_the_ones_that_count(kind: DayKind) -> None:
    week = WorkCalendar(
        "09:00-17:00",
        holidays=[on("2026-03-03")],
        workdays=[on("2026-03-07")],
        closures=[(at("2026-03-04 00:00"), at("2026-03-05 00:00"))],
    )
    dates = {
        DayKind.WORKDAY: "2026-03-02",
        DayKind.HOLIDAY: "2026-03-03",
        DayKind.CLOSED: "2026-03-04",
        DayKind.MAKE_UP: "2026-03-07",
        DayKind.WEEKEND: "2026-03-08",
    }
    works = kind in {DayKind.WORKDAY, DayKind.MAKE_UP}
    day = week.day(on(dates[kind]))
    assert (kind, works, works) == (day.kind, day.is_workday, week.is_workday(day.date))


def test_a_calendar_of_any_week_says_so_as_its_source() -> None:
    week = WorkCalendar("09:00-17:00", holidays={on("2026-03-03"): "三月三"}, workdays=[on("2026-03-07")])
    found = [week.day(on(date)) for date in ("2026-03-02", "2026-03-03", "2026-03-07")]
    assert [("hours", None), ("holidays", "三月三"), ("workdays", None)] == [
        (it.source, it.name) for it in found
    ]


def test_hours_of_a_single_date_are_its_source_and_a_closure_comes_before_all() -> None:
    week = WorkCalendar(
        "09:00-17:00",
        workdays=[on("2026-03-07")],
        date_hours={on("2026-03-08"): "09:00-12:00", on("2026-03-15"): "09:00-12:00"},
        closures=[
            (at("2026-03-07 00:00"), at("2026-03-08 00:00")),
            (at("2026-03-15 09:00"), at("2026-03-15 12:00")),
        ],
    )
    found = [week.day(on(f"2026-03-{date:02}")) for date in (7, 8, 14, 15)]
    assert [
        (DayKind.CLOSED, "closures"),
        (DayKind.WORKDAY, "date_hours"),
        (DayKind.WEEKEND, "hours"),
        (DayKind.CLOSED, "closures"),
    ] == [(day.kind, day.source) for day in found]


def test_the_first_working_day_after_a_day_off_that_is_not_announced_yet() -> None:
    """1 January 2027 is a Friday: the count goes by the statute, and starts on the weekend."""
    with quiet():
        found = [china().add_workdays(on(f"2027-01-{date:02}"), n) for date, n in ((2, 1), (4, 1), (3, -1))]
    assert [on("2027-01-04"), on("2027-01-05"), on("2026-12-31")] == found


def test_a_search_that_leaves_the_table_names_what_is_known() -> None:
    week = WorkCalendar("09:00-17:00")
    for search, when in ((week.previous_open, "1990-01-01 08:00"), (week.next_open, "2049-12-31 18:00")):
        with pytest.raises(UnknownDayError) as caught:
            search(at(when))
        error = caught.value
        assert (None, on("1990-01-01"), on("2049-12-31")) == (error.day, error.first, error.last)


def test_holidays_may_be_a_list_without_names() -> None:
    day = WorkCalendar("09:00-17:00", holidays=[on("2026-03-03")]).day(on("2026-03-03"))
    assert (DayKind.HOLIDAY, None) == (day.kind, day.name)


def test_holidays_count_from_the_first_to_the_last_day_of_the_table_and_beyond_it_change_nothing() -> None:
    """1990-01-01 is a Monday, 2049-12-31 a Friday."""
    inside = WorkCalendar("09:00-17:00", holidays=[on("1990-01-01"), on("2049-12-31")])
    beyond = WorkCalendar("09:00-17:00", holidays=[on("1989-12-31"), on("2050-01-01"), on("2060-01-01")])
    for week, works in ((inside, False), (beyond, True)):
        assert [works, works] == [week.is_workday(on(date)) for date in ("1990-01-01", "2049-12-31")]


# -- hours of single dates, extra working days


def test_a_weekday_left_out_of_the_mapping_is_closed() -> None:
    week = WorkCalendar({"tue": "09:00-12:00", "sat": "10:00-11:00"})
    days = [on("2026-03-02") + n * DAY for n in range(7)]
    assert [False, True, False, False, False, True, False] == [week.is_workday(day) for day in days]


def test_the_order_of_spans_does_not_matter() -> None:
    assert LUNCH == WorkCalendar("13:30-17:30,09:00-12:00")


@pytest.mark.parametrize(
    "hours",
    [
        "０９：００－１２：００，１３：３０－１７：３０",
        "09:00–12:00、13:30–17:30",
        "09:00—12:00;13:30—17:30",
        "09:00~12:00；13:30～17:30",
        "09:00至12:00、13:30至17:30",
    ],
)
def test_hours_may_be_typed_full_width_and_as_chinese_writes_spans(hours: str) -> None:
    assert LUNCH == WorkCalendar(hours)


def test_a_span_may_begin_and_end_with_the_last_minute_of_an_hour() -> None:
    week = WorkCalendar("08:59-16:59")
    assert [False, True, True, False] == [
        week.is_open(at(f"2026-03-02 {clock}")) for clock in ("08:58", "08:59", "16:58", "16:59")
    ]


def test_an_overnight_span_that_ends_at_midnight_may_be_written_either_way() -> None:
    assert WorkCalendar("18:00-24:00") == WorkCalendar("18:00-00:00")


def test_spans_that_touch_are_one_working_time() -> None:
    week = WorkCalendar("09:00-12:00,12:00-17:00")
    noon = at("2026-03-02 12:00")
    assert (True, noon, noon) == (week.is_open(noon), week.next_open(noon), week.previous_open(noon))
    assert at("2026-03-02 13:00") == week.add(at("2026-03-02 11:00"), 2 * HOUR)


def test_an_extra_working_day_whose_weekday_has_no_hours_takes_mondays() -> None:
    week = WorkCalendar(
        {"mon": "09:00-12:00", "tue": "13:00-17:00"}, workdays=[on("2026-03-07"), on("2026-03-10")]
    )
    assert 3 * HOUR == week.between(at("2026-03-07 00:00"), at("2026-03-08 00:00"))


def test_an_extra_working_day_in_a_week_without_a_monday_takes_the_first_weekday_that_is_worked() -> None:
    week = WorkCalendar({"tue": "09:00-12:00", "wed": "09:00-17:00"}, workdays=[on("2026-03-07")])
    assert 3 * HOUR == week.between(at("2026-03-07 00:00"), at("2026-03-08 00:00"))


def test_an_extra_working_day_whose_weekday_has_hours_keeps_its_own() -> None:
    week = WorkCalendar({"mon": "09:00-12:00", "sat": "13:00-17:00"}, workdays=[on("2026-03-07")])
    assert 4 * HOUR == week.between(at("2026-03-07 00:00"), at("2026-03-08 00:00"))


def test_a_make_up_saturday_in_china_has_mondays_hours() -> None:
    assert 8 * HOUR == china().between(at("2026-10-10 00:00"), at("2026-10-11 00:00"))


@pytest.mark.parametrize("date", ["2026-03-02", "2026-03-07", "2026-10-01", "2026-10-10"])
def test_date_hours_make_their_date_a_working_day_with_these_hours(date: str) -> None:
    """A workday, a weekend day, a holiday and a make-up day alike."""
    week = WorkCalendar.china(date_hours={on(date): "10:00-12:00"})
    midnight = at(f"{date} 00:00")
    assert (True, True) == (week.is_workday(on(date)), week.day(on(date)).is_workday)
    assert 2 * HOUR == week.between(midnight, midnight + DAY)
    assert midnight + 12 * HOUR == week.add(midnight, 2 * HOUR)


def test_date_hours_win_over_holidays_of_any_week() -> None:
    date = on("2026-03-03")
    week = WorkCalendar("09:00-17:00", holidays={date: "三月三"}, date_hours={date: "09:00-12:00"})
    assert (True, "三月三") == (week.is_workday(date), week.day(date).name)


def test_overnight_date_hours_reach_into_the_day_after() -> None:
    week = WorkCalendar("09:00-17:00", date_hours={on("2026-03-06"): "20:00-02:00"})
    assert [True, False] == [week.is_open(at(when)) for when in ("2026-03-07 01:59", "2026-03-07 02:00")]
    assert (True, False) == (week.is_workday(on("2026-03-06")), week.is_workday(on("2026-03-07")))


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin"])
def test_a_night_may_end_where_the_hours_of_the_day_after_begin(zone: str) -> None:
    """Each on a plain day and, in Berlin, after a turn of the clock."""
    for date in ("2026-03-02", "2026-03-29"):
        week = WorkCalendar("09:00-17:00", date_hours={on(date): "20:00-09:00"}, zone=zone)
        assert 21 * HOUR == week.between(at(f"{date} 12:00"), at(f"{date} 12:00") + DAY + 12 * HOUR)


def test_a_holiday_takes_its_own_night_away_and_leaves_the_night_before() -> None:
    week = WorkCalendar("22:00-06:00", holidays=[on("2026-03-04")])
    whens = ["2026-03-04 05:00", "2026-03-04 22:00", "2026-03-05 05:00", "2026-03-05 22:00"]
    assert [True, False, False, True] == [week.is_open(at(when)) for when in whens]


def test_an_extra_working_night_reaches_into_the_day_after() -> None:
    week = WorkCalendar("22:00-06:00", workdays=[on("2026-03-07")])
    assert [True, True, False] == [
        week.is_open(at(when)) for when in ("2026-03-07 23:00", "2026-03-08 05:00", "2026-03-08 23:00")
    ]


# -- closures and openings


TYPHOON = (at("2026-03-03 14:00"), at("2026-03-05 12:00"))


def closed(*intervals: tuple[dt.datetime, dt.datetime], hours: str = "09:00-17:00") -> WorkCalendar:
    return WorkCalendar(hours, closures=intervals)


def test_a_typhoon_order_in_the_evening_leaves_a_day_that_closed_before_it_as_it_was() -> None:
    order = (at("2026-03-03 19:00"), at("2026-03-04 12:00"))
    week = closed(order)
    assert [True, True] == [week.is_workday(on(date)) for date in ("2026-03-03", "2026-03-04")]
    assert at("2026-03-03 17:00") == week.add(at("2026-03-03 09:00"), 8 * HOUR)
    assert at("2026-03-04 12:00") == week.next_open(at("2026-03-03 17:00"))


def test_a_typhoon_order_stops_work_at_its_hour() -> None:
    week = closed((at("2026-03-03 19:00"), at("2026-03-04 00:00")), hours="09:00-21:00")
    whens = ["2026-03-03 18:59:59.999999", "2026-03-03 19:00", "2026-03-03 20:59"]
    assert [True, False, False] == [week.is_open(at(when)) for when in whens]
    assert 10 * HOUR == week.between(at("2026-03-03 00:00"), at("2026-03-04 00:00"))
    assert at("2026-03-04 09:30") == week.add(at("2026-03-03 18:30"), HOUR)


def test_a_closure_is_half_open() -> None:
    week = closed((at("2026-03-03 10:00"), at("2026-03-03 11:00")))
    whens = [
        "2026-03-03 09:59:59.999999",
        "2026-03-03 10:00",
        "2026-03-03 10:59:59.999999",
        "2026-03-03 11:00",
    ]
    assert [True, False, False, True] == [week.is_open(at(when)) for when in whens]


def test_next_and_previous_open_find_what_a_closure_leaves_of_a_span() -> None:
    week = closed(TYPHOON)
    assert at("2026-03-05 12:00") == week.next_open(at("2026-03-03 14:00"))
    assert at("2026-03-03 14:00") == week.previous_open(at("2026-03-05 11:59:59.999999"))


def test_a_closure_that_takes_all_working_time_makes_the_day_off_and_no_other() -> None:
    week = closed(TYPHOON)
    found = [week.day(on(f"2026-03-{number:02}")).kind for number in (3, 4, 5)]
    assert [DayKind.WORKDAY, DayKind.CLOSED, DayKind.WORKDAY] == found
    assert on("2026-03-05") == week.add_workdays(on("2026-03-03"), 1)
    assert "closures" == week.day(on("2026-03-04")).source


@pytest.mark.parametrize(
    ("closure", "expected"),
    [
        (("2026-03-03 09:00", "2026-03-03 17:00"), False),
        (("2026-03-03 09:00:00.000001", "2026-03-03 17:00"), True),
        (("2026-03-03 09:00", "2026-03-03 16:59:59.999999"), True),
        (("2026-03-03 00:00", "2026-03-04 00:00"), False),
        (("2026-03-02 00:00", "2026-03-04 00:00"), False),
        (("2026-03-03 17:00", "2026-03-04 09:00"), True),
    ],
)
def test_a_day_stays_a_working_day_while_a_microsecond_is_left(
    closure: tuple[str, str], *, expected: bool
) -> None:
    week = closed((at(closure[0]), at(closure[1])))
    assert (expected, expected) == (week.is_workday(on("2026-03-03")), week.day(on("2026-03-03")).is_workday)


def test_two_closures_that_take_a_day_between_them_make_it_a_day_off() -> None:
    week = closed(
        (at("2026-03-03 12:00"), at("2026-03-03 17:00")), (at("2026-03-03 09:00"), at("2026-03-03 12:30"))
    )
    assert not week.is_workday(on("2026-03-03"))


def test_an_overnight_day_is_off_only_when_its_tail_is_closed_too() -> None:
    until_midnight = closed((at("2026-03-03 22:00"), at("2026-03-04 00:00")), hours="22:00-06:00")
    until_morning = closed((at("2026-03-03 22:00"), at("2026-03-04 06:00")), hours="22:00-06:00")
    assert (True, False) == (
        until_midnight.is_workday(on("2026-03-03")),
        until_morning.is_workday(on("2026-03-03")),
    )
    assert until_morning.is_workday(on("2026-03-04"))


def test_a_closure_wins_over_date_hours_and_openings() -> None:
    date = on("2026-03-07")
    week = WorkCalendar(
        "09:00-17:00",
        date_hours={date: "09:00-12:00"},
        openings=[(at("2026-03-07 11:00"), at("2026-03-07 15:00"))],
        closures=[(at("2026-03-07 08:00"), at("2026-03-07 14:00"))],
    )
    assert [False, True] == [week.is_open(at(when)) for when in ("2026-03-07 13:59", "2026-03-07 14:00")]
    assert not week.is_workday(date)


def test_a_closure_may_be_given_in_another_zone() -> None:
    """14:00 to 16:00 in Beijing."""
    utc = dt.UTC
    week = closed((at("2026-03-03 06:00").replace(tzinfo=utc), at("2026-03-03 08:00").replace(tzinfo=utc)))
    assert [True, False, True] == [
        week.is_open(at(when)) for when in ("2026-03-03 13:59", "2026-03-03 14:00", "2026-03-03 16:00")
    ]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("1960-01-01", "1970-01-01"),
        ("1989-12-01", "1990-01-01"),
        ("2050-01-01", "2050-02-01"),
        ("2090-01-01", "2091-01-01"),
    ],
)
def test_a_closure_outside_the_table_changes_nothing(start: str, end: str) -> None:
    """Neither one that ends where the table begins, nor one that begins where it ends."""
    week, plain = closed((at(start), at(end))), WorkCalendar("09:00-17:00")
    first, last = at("1990-01-01 00:00"), at("2049-12-31 23:59")
    assert plain.between(first, last) == week.between(first, last)
    assert [True, True] == [week.is_workday(on(date)) for date in ("1990-01-01", "2049-12-31")]


def test_a_closure_until_further_notice_may_end_with_time_itself() -> None:
    week = closed((at("2040-01-01 00:00"), LAST_OF_ALL))  # 2040-01-02 is a Monday
    assert (True, False) == (week.is_workday(on("2039-12-30")), week.is_workday(on("2040-01-02")))


@pytest.mark.parametrize("own", [dt.UTC, None], ids=["aware", "naive"])
@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
@pytest.mark.parametrize("end", ["first", "last"])
def test_a_closure_may_begin_or_end_with_time_itself(zone: str, end: str, own: dt.tzinfo | None) -> None:
    """In some zone the first or the last instant has no civil date; the closure has one all the same."""
    first, last, new_year = (it.replace(tzinfo=own) for it in (FIRST_OF_ALL, LAST_OF_ALL, at("2010-01-01")))
    closure = (first, new_year) if end == "first" else (new_year, last)
    week = WorkCalendar("09:00-17:00", closures=[closure], zone=zone)
    assert (end == "last", end == "first") == (
        week.is_workday(on("2009-12-30")),
        week.is_workday(on("2010-01-05")),
    )


@pytest.mark.parametrize("date", ["1990-01-01", "2049-12-31"])
@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [("09:00", "17:00", False), ("09:00", "12:00", True), ("00:00", "24:00", False)],
)
def test_a_closure_counts_on_the_first_and_on_the_last_day_of_the_table_too(
    date: str, start: str, end: str, *, expected: bool
) -> None:
    """Monday and Friday."""
    midnight = at(f"{date} 00:00")
    until = midnight + int(end[:2]) * HOUR
    week = closed((midnight + int(start[:2]) * HOUR, until))
    assert (expected, False) == (week.is_workday(on(date)), week.is_open(midnight + 10 * HOUR))


@pytest.mark.parametrize("date", ["1990-01-01", "2049-12-31"])
def test_a_closure_that_ends_within_the_first_or_the_last_day_leaves_its_afternoon(date: str) -> None:
    noon = at(f"{date} 12:00")
    assert closed((noon - 2 * DAY, noon)).is_open(noon)


def test_a_closure_of_the_last_night_of_the_table_takes_all_that_the_table_knows_of_it() -> None:
    """2049-12-31 is a Friday."""
    week = closed((at("2049-12-31 22:00"), at("2050-01-01 06:00")), hours="22:00-06:00")
    assert [True, False] == [week.is_workday(on(date)) for date in ("2049-12-30", "2049-12-31")]


def test_an_opening_adds_working_time_and_no_working_day() -> None:
    """A hall open on Saturday does not make Saturday a working day (domain.md 5.2)."""
    week = WorkCalendar("09:00-17:00", openings=[(at("2026-03-07 09:00"), at("2026-03-07 12:00"))])
    assert (True, False) == (week.is_open(at("2026-03-07 10:00")), week.is_workday(on("2026-03-07")))
    assert at("2026-03-07 10:00") == week.add(at("2026-03-06 16:00"), 2 * HOUR)
    assert on("2026-03-09") == week.add_workdays(on("2026-03-06"), 1)


def test_an_opening_that_overlaps_the_hours_counts_once() -> None:
    week = WorkCalendar("09:00-17:00", openings=[(at("2026-03-06 16:00"), at("2026-03-06 20:00"))])
    assert 11 * HOUR == week.between(at("2026-03-06 00:00"), at("2026-03-07 00:00"))
    assert at("2026-03-06 20:00") == week.previous_open(at("2026-03-07 12:00"))


@pytest.mark.parametrize(
    ("openings", "hours"),
    [
        (["17:00 20:00"], 9.5),
        (["14:00 15:00"], 7),
        (["11:00 14:00"], 8.5),
        (["12:00 13:30"], 8.5),
        (["08:00 09:00", "17:00 18:00", "17:45 20:00", "18:00 19:00"], 10.5),
        (["06:00 07:00", "19:00 20:00"], 9),
    ],
    ids=str,
)
def test_openings_and_hours_that_overlap_or_touch_count_once(openings: list[str], hours: float) -> None:
    """Beside 09:00-12:00 and 13:30-17:30."""
    pairs = [tuple(at(f"2026-03-06 {clock}") for clock in it.split()) for it in openings]
    week = WorkCalendar("09:00-12:00,13:30-17:30", openings=pairs)  # type: ignore[arg-type]
    assert hours * HOUR == week.between(at("2026-03-06 00:00"), at("2026-03-07 00:00"))


@pytest.mark.parametrize(
    ("closures", "hours"),
    [
        (["08:00 08:30"], 7),
        (["08:00 09:00"], 7),
        (["17:30 18:00", "08:00 08:30"], 7),
        (["10:00 11:00", "12:00 13:30"], 6),
        (["09:30 10:00", "11:00 14:00", "17:00 19:00"], 4.5),
        (["10:00 11:00", "10:30 11:30", "11:30 12:00"], 5),
    ],
    ids=str,
)
def test_closures_take_what_they_cover_and_nothing_else(closures: list[str], hours: float) -> None:
    """Out of 09:00-12:00 and 13:30-17:30."""
    pairs = [tuple(at(f"2026-03-06 {clock}") for clock in it.split()) for it in closures]
    week = WorkCalendar("09:00-12:00,13:30-17:30", closures=pairs)  # type: ignore[arg-type]
    assert hours * HOUR == week.between(at("2026-03-06 00:00"), at("2026-03-07 00:00"))


# -- zones


def test_naive_in_is_naive_out() -> None:
    start = at("2026-03-02 16:30")
    found = [LUNCH.add(start, HOUR), LUNCH.next_open(start), LUNCH.previous_open(start)]
    assert [None, None, None] == [it.tzinfo for it in found]


@pytest.mark.parametrize(
    "zone",
    [
        SHANGHAI,
        dt.UTC,
        BERLIN,
        ZoneInfo("America/New_York"),
        dt.timezone(dt.timedelta(hours=8)),
        tzoffset("dateutil, which cannot be hashed", 28_800),
    ],
    ids=str,
)
def test_an_aware_instant_comes_back_in_the_very_zone_it_came_in(zone: dt.tzinfo) -> None:
    start = dt.datetime(2026, 3, 2, 16, 30, tzinfo=SHANGHAI).astimezone(zone)
    found = {
        "add": LUNCH.add(start, HOUR + HOUR / 2),
        "next": LUNCH.next_open(start + 2 * HOUR),
        "previous": LUNCH.previous_open(start + 2 * HOUR),
    }
    expected = {
        "add": dt.datetime(2026, 3, 3, 9, 30, tzinfo=SHANGHAI),
        "next": dt.datetime(2026, 3, 3, 9, 0, tzinfo=SHANGHAI),
        "previous": dt.datetime(2026, 3, 2, 17, 30, tzinfo=SHANGHAI),
    }
    assert expected == found
    assert all(it.tzinfo is zone for it in found.values())


def test_utc_by_another_name_keeps_its_name() -> None:
    """Two fixed offsets of nothing are equal to Python, whatever they are called."""
    zulu, week = dt.timezone(dt.timedelta(0), "Z"), WorkCalendar("09:00-12:00,13:30-17:30")
    start = dt.datetime(2026, 3, 2, 3, 30, tzinfo=dt.UTC)  # 11:30 in Beijing
    for zone in (dt.UTC, zulu, dt.UTC, zulu):
        found = week.add(start.replace(tzinfo=zone), HOUR)
        assert (start + 2.5 * HOUR, zone.tzname(None)) == (found, found.tzname())
        assert HOUR == week.between(start.replace(tzinfo=zone), found)


@pytest.mark.parametrize("zone", [None, SHANGHAI, dt.UTC, BERLIN], ids=str)
def test_what_a_subclass_does_to_an_amount_it_does_once(zone: dt.tzinfo | None) -> None:
    """Also where its zone was never asked for before, and each time after that."""

    class Doubled(WorkCalendar):
        def add(self, when: dt.datetime, amount: dt.timedelta) -> dt.datetime:
            return super().add(when, 2 * amount)

        def between(self, a: dt.datetime, b: dt.datetime) -> dt.timedelta:
            return super().between(a, b) / 2

    week = Doubled("09:00-12:00,13:30-17:30")
    start, end = dt.datetime(2026, 3, 2, 9), dt.datetime(2026, 3, 2, 11)
    if zone is not None:
        start, end = (it.replace(tzinfo=SHANGHAI).astimezone(zone) for it in (start, end))
    for _ in range(2):
        assert (end, HOUR) == (week.add(start, HOUR), week.between(start, end))


def test_an_aware_instant_is_read_in_the_calendars_zone() -> None:
    """01:00 UTC is 09:00 in Beijing; Sunday evening in New York is Monday morning there."""
    whens = [dt.datetime(2026, 3, 2, 0, 59, tzinfo=dt.UTC), dt.datetime(2026, 3, 2, 1, tzinfo=dt.UTC)]
    assert [False, True] == [LUNCH.is_open(when) for when in whens]
    assert LUNCH.is_open(dt.datetime(2026, 3, 1, 20, tzinfo=ZoneInfo("America/New_York")))


@pytest.mark.parametrize(
    "own", ["Asia/Shanghai", "America/Bogota", "Asia/Kathmandu", "Etc/UTC", "Europe/Berlin"]
)
def test_an_instant_is_the_same_in_whatever_zone_it_comes(own: str) -> None:
    """In the calendar's own zone the brute-force oracle holds it; here every hour of two weeks in others."""
    week = all_week("09:00-12:00,13:30-17:30,20:00-02:00", zone=own)
    hours = [dt.datetime(2026, 3, 1, tzinfo=ZoneInfo(own)) + n * HOUR for n in range(14 * 24)]
    ends = [week.add(hour, 9 * HOUR) for hour in hours]
    for zone in (dt.UTC, ZoneInfo("America/New_York"), tzoffset(None, 20_700)):
        there = [hour.astimezone(zone) for hour in hours]
        assert ends == [week.add(hour, 9 * HOUR) for hour in there]
        pairs = zip(there, ends, strict=True)
        assert {9 * HOUR} == {week.between(hour, end.astimezone(zone)) for hour, end in pairs}


def test_between_takes_two_instants_of_different_zones() -> None:
    a = dt.datetime(2026, 3, 2, 2, tzinfo=dt.UTC)  # 10:00 in Beijing
    b = dt.datetime(2026, 3, 2, 12, tzinfo=SHANGHAI)
    assert (2 * HOUR, -2 * HOUR) == (LUNCH.between(a, b), LUNCH.between(b, a))


def test_is_provisional_reads_an_instant_in_the_calendars_zone() -> None:
    """16:30 UTC on 28 December is 00:30 of the 29th in Beijing."""
    whens = [dt.datetime(2026, 12, 28, 15, 59, tzinfo=dt.UTC), dt.datetime(2026, 12, 28, 16, tzinfo=dt.UTC)]
    assert [False, True] == [china().is_provisional(when, when) for when in whens]


def test_the_calendar_tells_its_zone() -> None:
    assert ("Asia/Shanghai", "Europe/Berlin") == (china().zone, all_week(zone="Europe/Berlin").zone)


# -- daylight saving

TURNS = [
    ("Europe/Berlin", "2026-03-29", 23),
    ("Europe/Berlin", "2026-10-25", 25),
    ("America/New_York", "2026-03-08", 23),
    ("America/New_York", "2026-11-01", 25),
    ("America/Sao_Paulo", "2015-10-18", 23),  # 00:00 does not exist
    ("America/Sao_Paulo", "2015-02-21", 25),  # 24:00 is 23:00 again
    ("Atlantic/Azores", "2026-03-29", 23),  # 00:00 does not exist
    ("Atlantic/Azores", "2026-10-25", 25),  # 00:00 comes twice
    ("Australia/Lord_Howe", "2026-04-05", 24.5),
    ("Asia/Shanghai", "1990-04-15", 23),
    ("Asia/Shanghai", "1990-09-16", 25),
    ("Asia/Shanghai", "1991-04-14", 23),
    ("Asia/Shanghai", "1991-09-15", 25),
]


@pytest.mark.parametrize(("zone", "date", "expected"), TURNS)
def test_a_day_on_which_the_clock_turns_has_the_hours_that_really_pass(
    zone: str, date: str, expected: float
) -> None:
    week, midnight = all_week(zone=zone), at(f"{date} 00:00")
    assert expected * HOUR == week.between(midnight, midnight + DAY)
    assert 24 * HOUR == week.between(midnight - DAY, midnight)
    assert 24 * HOUR == week.between(midnight + DAY, midnight + 2 * DAY)


def test_a_clock_may_turn_on_the_first_day_of_the_table() -> None:
    """In Lima 1990-01-01 began at 01:00."""
    midnight = at("1990-01-01 00:00")
    assert 23 * HOUR == all_week(zone="America/Lima").between(midnight, midnight + DAY)


@pytest.mark.parametrize(("zone", "date", "length"), TURNS)
def test_add_lets_the_real_hours_of_a_turning_day_pass(zone: str, date: str, length: float) -> None:
    midnight = at(f"{date} 00:00").replace(tzinfo=ZoneInfo(zone))
    start = midnight - 2 * HOUR
    expected = start.astimezone(dt.UTC) + (length + 10) * HOUR
    assert expected == all_week(zone=zone).add(start, (length + 10) * HOUR).astimezone(dt.UTC)


@pytest.mark.parametrize(("zone", "date", "length"), TURNS)
def test_add_backwards_lets_the_real_hours_of_a_turning_day_pass(zone: str, date: str, length: float) -> None:
    start = at(f"{date} 00:00").replace(tzinfo=ZoneInfo(zone)) + DAY + 2 * HOUR
    expected = start.astimezone(dt.UTC) - (length + 10) * HOUR
    assert expected == all_week(zone=zone).add(start, -(length + 10) * HOUR).astimezone(dt.UTC)


@pytest.mark.parametrize(("zone", "date", "length"), TURNS)
def test_office_hours_that_do_not_touch_the_turn_keep_their_length(
    zone: str, date: str, length: float
) -> None:
    del length
    week, midnight = all_week("09:00-17:00", zone=zone), at(f"{date} 00:00")
    assert 8 * HOUR == week.between(midnight, midnight + DAY)
    assert midnight + 17 * HOUR == week.add(midnight, 8 * HOUR)
    assert [False, True, True, False] == [
        week.is_open(midnight + at_hour) for at_hour in (9 * HOUR - US, 9 * HOUR, 17 * HOUR - US, 17 * HOUR)
    ]


@pytest.mark.parametrize(("zone", "date", "length"), TURNS)
def test_a_turning_day_is_exact_to_the_microsecond_too(zone: str, date: str, length: float) -> None:
    del length
    week, ten = all_week("09:00-17:00", zone=zone), at(f"{date} 10:00")
    assert (ten + US, US) == (week.next_open(ten + US), week.between(ten, ten + US))
    assert ten + 3 * US == week.add(ten + US, 2 * US)


def test_24_hours_before_the_morning_after_a_turn_are_hours_that_really_pass() -> None:
    """The last turn that Shanghai saw: 1991-09-15 lasted 25 hours."""
    shanghai = all_week().table.civil.zone
    due = dt.datetime(1991, 9, 16, 0, 30, tzinfo=shanghai)
    found = warning_begins(Limit.parse("24小时"), due, all_week())
    assert due.astimezone(dt.UTC) - DAY == found.astimezone(dt.UTC)


def test_the_second_of_two_equal_hours_follows_the_first() -> None:
    """2026-10-25 03:00 in Berlin becomes 02:00 again."""
    week = all_week(zone="Europe/Berlin")
    first, second = (dt.datetime(2026, 10, 25, 2, 30, fold=fold) for fold in (0, 1))
    assert HOUR == week.between(first, second)
    found = week.add(at("2026-10-25 00:00"), 3 * HOUR)
    assert (at("2026-10-25 02:00"), 1) == (found.replace(fold=0), found.fold)


@pytest.mark.parametrize(("saturday", "expected"), [("2026-03-28", 7), ("2026-10-24", 9), ("2026-03-21", 8)])
def test_a_night_over_the_turn_lasts_as_long_as_it_really_lasts(saturday: str, expected: int) -> None:
    week = WorkCalendar({"sat": "22:00-06:00"}, zone="Europe/Berlin")
    midnight = at(f"{saturday} 00:00")
    assert expected * HOUR == week.between(midnight, midnight + 2 * DAY)
    assert midnight + 30 * HOUR == week.add(midnight, expected * HOUR)


@pytest.mark.parametrize(
    ("zone", "date"),
    [
        ("Europe/Berlin", "2026-03-29"),
        ("Europe/Berlin", "2026-10-25"),
        ("America/New_York", "2026-11-01"),
        ("America/Sao_Paulo", "2015-10-18"),
        ("Asia/Shanghai", "1991-04-14"),
    ],
)
def test_the_night_that_begins_on_a_turning_day_ends_in_the_morning_after(zone: str, date: str) -> None:
    week, midnight = all_week("22:00-06:00", zone=zone), at(f"{date} 00:00")
    assert [True, True, False] == [week.is_open(midnight + n * HOUR) for n in (23, 27, 30)]
    assert 8 * HOUR == week.between(midnight + 20 * HOUR, midnight + 36 * HOUR)
    assert midnight + 30 * HOUR == week.add(midnight + 22 * HOUR, 8 * HOUR)


@pytest.mark.parametrize(
    ("spans", "when", "expected"),
    [
        ("00:00-02:30", "2026-03-29 01:59", True),
        ("00:00-02:30", "2026-03-29 03:15", False),
        ("02:30-05:00", "2026-03-29 01:59", False),
        ("02:30-05:00", "2026-03-29 03:15", True),
        ("02:15-02:45", "2026-03-29 03:20", False),
        ("02:00-05:00", "2026-03-29 03:00", True),
        ("00:00-03:00", "2026-03-29 03:00", False),
    ],
)
def test_a_span_edge_in_the_hour_that_is_left_out_lies_at_the_turn(
    spans: str, when: str, *, expected: bool
) -> None:
    """02:00 in Berlin becomes 03:00: what the clock shows decides, so 03:15 is never within 00:00-02:30."""
    assert expected == all_week(spans, zone="Europe/Berlin").is_open(at(when))


@pytest.mark.parametrize(
    "start", ["02:00", "02:01", "02:07", "02:10", "02:29", "02:30", "02:43", "02:59", "03:00"]
)
def test_a_span_that_begins_in_the_hour_that_is_left_out_lasts_from_the_turn_on_to_the_second(
    start: str,
) -> None:
    week, midnight = all_week(f"{start}-05:00", zone="Europe/Berlin"), at("2026-03-29 00:00")
    assert 2 * HOUR == week.between(midnight, midnight + 12 * HOUR)
    assert at("2026-03-29 03:00") == week.next_open(midnight)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin"])
def test_a_break_in_the_hour_that_is_left_out_is_no_overlap(zone: str) -> None:
    """02:00 became 03:00 there on these days: two hours and five are worked."""
    week = all_week("00:00-02:30,03:00-08:00", zone=zone)
    midnight = at("1990-04-15 00:00" if zone == "Asia/Shanghai" else "1990-03-25 00:00")
    assert 7 * HOUR == week.between(midnight, midnight + DAY)


def test_a_night_that_ends_in_the_hour_that_is_left_out_is_no_overlap() -> None:
    week = WorkCalendar({"sat": "22:00-02:30", "sun": "03:00-08:00"})
    assert 9 * HOUR == week.between(at("1990-04-14 12:00"), at("1990-04-16 00:00"))


def test_a_span_within_the_hour_that_is_left_out_opens_nothing() -> None:
    week, midnight = all_week("02:10-02:40,09:00-17:00", zone="Europe/Berlin"), at("2026-03-29 00:00")
    assert midnight + 9 * HOUR == week.next_open(midnight)
    assert 8 * HOUR == week.between(midnight, midnight + DAY)


def test_a_date_that_a_zone_left_out_has_no_working_time() -> None:
    """Samoa went from Thursday 2011-12-29 to Saturday the 31st."""
    week = WorkCalendar("09:00-17:00", zone="Pacific/Apia")
    assert 8 * HOUR == week.between(at("2011-12-29 00:00"), at("2011-12-31 12:00"))


# -- calendars as values


def test_equal_calendars_are_equal_and_hash_alike() -> None:
    same = WorkCalendar(dict.fromkeys(WEEKDAYS[:5], "09:00-12:00,13:30-17:30"))
    assert (True, True, hash(LUNCH)) == (same == LUNCH, same.version == LUNCH.version, hash(same))


def test_a_calendar_is_unlike_anything_else() -> None:
    assert (False, True) == (LUNCH == "09:00-12:00,13:30-17:30", LUNCH != NIGHT)


@pytest.mark.parametrize("record", [CalendarSpec, Day, Notice, SpecialDay])
def test_a_record_takes_its_values_by_name(record: type[attrs.AttrsInstance]) -> None:
    assert [] == [field.name for field in attrs.fields(record) if not field.kw_only]


def test_a_calendar_introduces_itself() -> None:
    assert {"Asia/Shanghai", china().version} <= set(repr(china()).strip("<>").split())


def test_a_closure_over_a_day_of_25_hours_takes_all_of_them() -> None:
    """In Berlin 2026-10-25 lasts 25 hours, the 24th and the 26th 24."""
    week = WorkCalendar(
        dict.fromkeys(WEEKDAYS, "00:00-24:00"),
        closures=[(at("2026-10-24 12:00"), at("2026-10-26 12:00"))],
        zone="Europe/Berlin",
    )
    assert dt.timedelta(0) == week.between(at("2026-10-25 00:00"), at("2026-10-26 00:00"))
    assert 24 * HOUR == week.between(at("2026-10-24 00:00"), at("2026-10-27 00:00"))


@pytest.mark.parametrize("day", [-1, 21915])
def test_an_index_off_the_table_has_no_date(day: int) -> None:
    """1990 to 2049 are 21,915 days."""
    civil = WorkCalendar("09:00-17:00").table.civil
    assert (on("1990-01-01"), on("2049-12-31")) == (civil.date(0), civil.date(21914))
    with pytest.raises(UnknownDayError):
        civil.date(day)
