"""Every day of twenty years against the notices of the State Council (tests/data/cn-days.json)."""

import datetime as dt
from itertools import pairwise

import pytest

from bubancheng.calendar import DayKind
from tests.support import DAY, china, cn_days, on, quiet

YEARS = range(2007, 2027)

# Days that the notice for the following year ruled (cn-days.json, how_to_read.key and left_out;
# 2005-12-31 is the make-up Saturday of the notice for 2006).
RULED_BY_THE_NEXT_YEAR = [
    "2005-12-31",
    "2006-12-30",
    "2006-12-31",
    "2007-12-29",
    "2007-12-30",
    "2007-12-31",
    "2011-12-31",
    "2018-12-29",
    "2018-12-30",
    "2018-12-31",
    "2022-12-31",
]


def days_of(year: int) -> list[dt.date]:
    first = dt.date(year, 1, 1)
    return [first + n * DAY for n in range((dt.date(year + 1, 1, 1) - first).days)]


def listed(year: int, key: str) -> set[dt.date]:
    return {on(day) for day in cn_days()["years"][str(year)][key]}


def test_the_table_covers_the_years_that_are_compared() -> None:
    assert [str(year) for year in YEARS] == sorted(cn_days()["years"])


@pytest.mark.parametrize("year", YEARS)
def test_each_day_of_a_year_is_worked_or_off_as_its_notice_says(year: int) -> None:
    off, make_up = listed(year, "off"), listed(year, "make_up")
    expected = {day: day in make_up or (day.weekday() < 5 and day not in off) for day in days_of(year)}
    with quiet():
        assert expected == {day: china().is_workday(day) for day in days_of(year)}


@pytest.mark.parametrize("year", YEARS)
def test_a_year_has_as_many_working_days_as_its_notice_leaves(year: int) -> None:
    with quiet():
        counted = china().workdays_between(dt.date(year - 1, 12, 31), dt.date(year, 12, 31))
    assert cn_days()["years"][str(year)]["working_days"] == counted


@pytest.mark.parametrize("year", YEARS)
def test_the_days_off_of_a_notice_are_holidays_and_bear_a_name(year: int) -> None:
    """Weekdays: of a weekend that joins a holiday sources differ on whether the notice names it."""
    found = {day: china().day(day) for day in listed(year, "off") if day.weekday() < 5}
    assert dict.fromkeys(found, (DayKind.HOLIDAY, True)) == {
        day: (it.kind, bool(it.name)) for day, it in found.items()
    }


@pytest.mark.parametrize("year", YEARS)
def test_the_weekend_days_worked_in_exchange_are_make_up_days(year: int) -> None:
    make_up = listed(year, "make_up")
    assert make_up == {day for day in days_of(year) if china().day(day).kind is DayKind.MAKE_UP}


@pytest.mark.parametrize("year", YEARS)
def test_days_that_no_notice_names_follow_the_week(year: int) -> None:
    named = listed(year, "off") | listed(year, "make_up")
    plain = [day for day in days_of(year) if day not in named]
    off = {DayKind.WEEKEND, DayKind.HOLIDAY}  # sources differ on weekends that join a holiday
    assert all(
        china().day(day).kind is DayKind.WORKDAY if day.weekday() < 5 else china().day(day).kind in off
        for day in plain
    )


@pytest.mark.parametrize("year", YEARS)
def test_the_ranks_of_a_year_count_each_working_day_once(year: int) -> None:
    days = [on(f"{year - 1}-12-31"), *days_of(year)]
    with quiet():
        assert [china().is_workday(day) for day in days[1:]] == [
            bool(china().workdays_between(a, b)) for a, b in pairwise(days)
        ]


@pytest.mark.parametrize("day", ["2005-12-31", "2006-12-30", "2006-12-31"])
def test_make_up_days_before_the_table_are_known_too(day: str) -> None:
    assert china().is_workday(on(day))


def test_the_monday_after_the_prolonged_holiday_of_2020_is_an_ordinary_working_day() -> None:
    """cn-days.json leaves out 2020-02-03: a Monday, worked under the rule."""
    day = china().day(on("2020-02-03"))
    assert (DayKind.WORKDAY, True) == (day.kind, china().is_workday(day.date))


@pytest.mark.parametrize("day", RULED_BY_THE_NEXT_YEAR)
def test_a_day_in_december_names_the_notice_of_the_year_that_ruled_it(day: str) -> None:
    """The source is the notice that decided the day, not the one of the day's own year."""
    assert f"{int(day[:4]) + 1}年" in china().day(on(day)).source


@pytest.mark.parametrize("year", YEARS)
def test_a_day_within_the_year_names_the_notice_of_its_year(year: int) -> None:
    off = {day for day in listed(year, "off") if day.weekday() < 5}
    inside = sorted(day for day in off | listed(year, "make_up") if day < dt.date(year, 12, 29))
    assert [] == [day for day in inside if f"{year}年" not in china().day(day).source]


def test_the_calendar_is_settled_as_far_as_the_table_is() -> None:
    assert on(cn_days()["settled_until"]) == china().known_until


@pytest.mark.parametrize(
    ("date", "number"),
    [
        ("2026-10-01", "国办发明电〔2025〕7号"),
        ("2025-10-11", "国办发明电〔2024〕12号"),
        ("2018-12-31", "国办发明电〔2018〕15号"),  # ruled by the notice for 2019
        ("2019-05-03", "国办发明电〔2019〕3号"),  # Labour Day, revised in March 2019
        ("2020-02-01", "国办发明电〔2020〕1号"),  # the Spring Festival, extended in January 2020
        ("2015-09-03", "国发明电〔2015〕1号"),  # a holiday of its own
    ],
)
def test_a_day_names_the_document_that_ruled_it(date: str, number: str) -> None:
    assert number in china().day(on(date)).source
