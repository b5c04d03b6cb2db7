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


# The numbers in the heads of the yearly notices, by the year that they are for; older ones bear none we know.
NUMBERS = {
    2008: "国办发明电〔2007〕52号",
    2009: "国办发明电〔2008〕42号",
    2010: "国办发明电〔2009〕27号",
    2011: "国办发明电〔2010〕40号",
    2012: "国办发明电〔2011〕45号",
    2013: "国办发明电〔2012〕33号",
    2014: "国办发明电〔2013〕28号",
    2015: "国办发明电〔2014〕28号",
    2016: "国办发明电〔2015〕18号",
    2017: "国办发明电〔2016〕17号",
    2018: "国办发明电〔2017〕12号",
    2019: "国办发明电〔2018〕15号",
    2020: "国办发明电〔2019〕16号",
    2021: "国办发明电〔2020〕27号",
    2022: "国办发明电〔2021〕11号",
    2023: "国办发明电〔2022〕16号",
    2024: "国办发明电〔2023〕7号",
    2025: "国办发明电〔2024〕12号",
    2026: "国办发明电〔2025〕7号",
}


@pytest.mark.parametrize("year", range(2004, 2027))
@pytest.mark.parametrize("day", ["01-01", "10-01"])
def test_a_holiday_names_the_yearly_notice_with_its_number(year: int, day: str) -> None:
    number = f"（{NUMBERS[year]}）" if year in NUMBERS else ""
    expected = f"国务院办公厅关于{year}年部分节假日安排的通知{number}"
    assert expected == china().day(on(f"{year}-{day}")).source


@pytest.mark.parametrize(
    ("date", "source"),
    [
        # ruled by the notice for the year after
        ("2018-12-29", f"国务院办公厅关于2019年部分节假日安排的通知（{NUMBERS[2019]}）"),
        ("2018-12-31", f"国务院办公厅关于2019年部分节假日安排的通知（{NUMBERS[2019]}）"),
        # corrected in the middle of the year (cn-days.json, notices): a holiday of its own, Labour Day,
        # the prolonged Spring Festival; and the days beside them, which were not
        *(
            (f"2015-09-{day}", "调整2015年放假安排的通知（国发明电〔2015〕1号）")
            for day in ("03", "04", "06")
        ),
        *(
            (f"2019-{day}", "调整2019年放假安排的通知（国办发明电〔2019〕3号）")
            for day in ("04-28", "05-02", "05-03", "05-04", "05-05")
        ),
        ("2019-05-01", f"国务院办公厅关于2019年部分节假日安排的通知（{NUMBERS[2019]}）"),
        *(
            (f"2020-{day}", "调整2020年放假安排的通知（国办发明电〔2020〕1号）")
            for day in ("01-31", "02-01", "02-02")
        ),
        ("2020-01-30", f"国务院办公厅关于2020年部分节假日安排的通知（{NUMBERS[2020]}）"),
    ],
)
def test_a_day_names_the_notice_that_ruled_it_last(date: str, source: str) -> None:
    assert source == china().day(on(date)).source


def test_a_day_of_the_week_names_the_article_of_the_week() -> None:
    expected = "国务院关于职工工作时间的规定（国务院令第174号）第七条"
    assert {expected} == {china().day(on(date)).source for date in ("2026-03-02", "2026-03-07")}


def test_the_make_up_saturday_of_the_notice_for_2006_belongs_to_new_year() -> None:
    assert "元旦" == china().day(on("2005-12-31")).name
