"""The conventions of counting: their names and values, and each against the oracle that walks."""

import os
import random
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from typing import Any

import attrs
import pytest

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import ArgumentError, KindError
from bubancheng.sla import Counting, Limit, LimitUnit
from tests.oracles import minute_walk as oracle
from tests.support import at, calendar_of, china

VALUES = {
    "first_day": [
        "excluded",
        "included",
        "included_before:12:00",
        "included_before:00:00",
        "included_before:24:00",
    ],
    "out_of_hours": ["keep_day", "roll"],
    "day_end": ["close_of_business", "midnight", "00:00", "17:30", "24:00"],
    "shift_last_day": ["next_workday", "none"],
    "same_day": ["close_roll", "natural_day", "business_hours"],
    "pause": ["whole_days", "exact"],
}
PAIRS = [(name, value) for name, values in VALUES.items() for value in values]


def test_the_defaults_follow_the_law() -> None:
    """Decisions 2 to 6 and 20 of domain.md, as design 3.2 writes them."""
    expected = {
        "first_day": "excluded",
        "out_of_hours": "keep_day",
        "day_end": "close_of_business",
        "shift_last_day": "next_workday",
        "same_day": "close_roll",
        "pause": "whole_days",
    }
    assert expected == attrs.asdict(Counting())


@pytest.mark.parametrize(("name", "value"), PAIRS)
def test_each_value_of_each_field_is_accepted(name: str, value: str) -> None:
    assert value == getattr(Counting(**{name: value}), name)
    assert Counting(**{name: value}) == Counting.of({name: value})


BAD_VALUES = [
    *[(name, value) for name in VALUES for value in ("", "Excluded", "yes", " roll", "HH:MM")],
    *[(name, value) for name in VALUES for value in (None, 1, True, 1.5, ["excluded"], b"roll")],
    *[
        ("first_day", f"included_before:{clock}")
        for clock in ("", "HH:MM", "noon", "25:00", "24:01", "12:60", "12", "12:00:00", "-1:00", "12:00 ")
    ],
    *[("first_day", value) for value in ("included_before", "included_after:12:00", "keep_day")],
    *[("day_end", value) for value in ("25:00", "24:01", "12:60", "17", "17:00:00", "noon", "next_workday")],
    *[(name, "17:00") for name in VALUES if name != "day_end"],
    ("first_day", "exc12:00"),
    ("first_day", "included_before 12:00"),
    ("out_of_hours", "kee12:00"),
    ("out_of_hours", "excluded"),
    ("shift_last_day", "roll"),
    ("same_day", "next_workday"),
    ("pause", "none"),
]


@pytest.mark.parametrize(
    ("name", "value"), BAD_VALUES, ids=[f"{name}={value!r}" for name, value in BAD_VALUES]
)
def test_any_other_value_is_refused_with_those_there_are(name: str, value: Any) -> None:
    with pytest.raises(ArgumentError) as caught:
        Counting.of({name: value})
    message = str(caught.value)
    assert [] == [word for word in (name, repr(value), VALUES[name][0]) if word not in message]


@pytest.mark.parametrize("name", ["", "firstday", "First_Day", "weekend", None, 5])
def test_an_unknown_convention_is_refused_with_those_there_are(name: Any) -> None:
    with pytest.raises(ArgumentError) as caught:
        Counting.of({name: "excluded"})
    assert [] == [word for word in (repr(name), *VALUES) if word not in str(caught.value)]


@pytest.mark.parametrize(
    "values", [None, 5, "first_day", ["first_day"], [("first_day", "excluded")]], ids=repr
)
def test_conventions_come_as_a_mapping(values: Any) -> None:
    with pytest.raises(KindError) as caught:
        Counting.of(values)
    assert repr(values) in str(caught.value)


# -- against the oracle

WEEKS = int(os.environ.get("BUBANCHENG_ORACLE_CASES", "600")) // 12
STARTS = 6


def cases(rng: random.Random) -> Iterator[tuple[oracle.Week, WorkCalendar, datetime]]:
    week = oracle.random_week(rng)
    ours = calendar_of(week)
    for _ in range(STARTS):
        near = rng.random() < 0.8
        yield week, ours, oracle.random_start_near(rng, week) if near else oracle.random_start(rng)


def draw(rng: random.Random, name: str) -> str:
    values = {
        "first_day": ["excluded", "included", "included_before:12:00", "included_before:24:00"],
        "day_end": ["close_of_business", "midnight", "12:00", "17:30"],
    }
    return rng.choice(values.get(name, VALUES[name]))


def first_day_of(week: oracle.Week, start: datetime, first_day: str, day_end: str) -> str:
    """Return the convention the oracle has to use.

    We count no day whose end has passed at the start, so that no limit ends before it starts; the
    oracle takes the convention at its word.
    """
    ended = oracle._end_of(week, start.date(), day_end) < start
    return "excluded" if ended else first_day


def rolls(week: oracle.Week, start: datetime) -> bool:
    return not oracle.is_workday(week, start.date()) or start >= oracle.close_of(week, start.date())


@pytest.mark.parametrize("seed", range(WEEKS))
def test_working_days_end_where_the_oracle_ends(seed: int) -> None:
    rng = random.Random(f"working days {seed}")
    for week, ours, start in cases(rng):
        first_day, out_of_hours, day_end = (
            draw(rng, name) for name in ("first_day", "out_of_hours", "day_end")
        )
        n = rng.choice([1, 1, 2, 3, 5, 10])
        moved = out_of_hours == "roll" and rolls(week, start)
        theirs = first_day if moved else first_day_of(week, start, first_day, day_end)
        expected = oracle.due_working_days(
            week, start, n, first_day=theirs, out_of_hours=out_of_hours, day_end=day_end
        )
        counting = Counting(first_day=first_day, out_of_hours=out_of_hours, day_end=day_end)
        found = Limit.parse(f"{n}个工作日").due(start, ours, counting).at
        assert expected == found, f"{n} from {start}, {counting}, {week}"


@pytest.mark.parametrize("seed", range(WEEKS))
def test_fractions_of_a_working_day_end_where_the_oracle_ends(seed: int) -> None:
    rng = random.Random(f"fractions {seed}")
    for week, ours, start in cases(rng):
        amount = Fraction(rng.choice([1, 2, 3, 5, 7]), rng.choice([2, 3, 4]))
        if (amount % 1 * oracle.regular_minutes(week)).denominator != 1:
            continue  # the oracle knows whole minutes only
        first_day, out_of_hours, day_end = (
            draw(rng, name) for name in ("first_day", "out_of_hours", "day_end")
        )
        moved = out_of_hours == "roll" and rolls(week, start)
        theirs = first_day if moved else first_day_of(week, start, first_day, day_end)
        expected = oracle.due_working_days(
            week, start, amount, first_day=theirs, out_of_hours=out_of_hours, day_end=day_end
        )
        counting = Counting(first_day=first_day, out_of_hours=out_of_hours, day_end=day_end)
        found = Limit(amount, LimitUnit.WORKING_DAY).due(start, ours, counting).at
        assert expected == found, f"{amount} from {start}, {counting}, {week}"


@pytest.mark.parametrize("same_day", VALUES["same_day"])
@pytest.mark.parametrize("seed", range(WEEKS // 2))
def test_the_same_day_ends_where_the_oracle_ends(seed: int, same_day: str) -> None:
    rng = random.Random(f"same day {seed}")
    for week, ours, start in cases(rng):
        expected = oracle.due_same_day(week, start, same_day=same_day)
        found = Limit.parse("当日").due(start, ours, Counting(same_day=same_day)).at
        assert expected == found, f"from {start}, {week}"


@pytest.mark.parametrize("seed", range(WEEKS))
def test_natural_days_end_where_the_oracle_ends(seed: int) -> None:
    """With `keep_day` only: our `roll` moves the start of natural days too, the oracle's does not."""
    rng = random.Random(f"natural days {seed}")
    for week, ours, start in cases(rng):
        first_day, shift, day_end = (draw(rng, name) for name in ("first_day", "shift_last_day", "day_end"))
        n = rng.choice([1, 1, 2, 7, 15, 60])
        expected = oracle.due_natural_days(
            week,
            start,
            n,
            first_day=first_day_of(week, start, first_day, day_end),
            shift_last_day=shift,
            day_end=day_end,
        )
        counting = Counting(first_day=first_day, shift_last_day=shift, day_end=day_end)
        assert expected == Limit.parse(f"{n}日").due(start, ours, counting).at, (
            f"{n} from {start}, {counting}, {week}"
        )


@pytest.mark.parametrize("seed", range(WEEKS))
def test_months_end_where_the_oracle_ends(seed: int) -> None:
    """With `keep_day` only; a month without the corresponding day has tests of its own below."""
    rng = random.Random(f"months {seed}")
    for week, ours, start in cases(rng):
        if start.day > 28:
            start = start.replace(day=rng.randrange(1, 29))  # noqa: PLW2901
        first_day, shift, day_end = (draw(rng, name) for name in ("first_day", "shift_last_day", "day_end"))
        n = rng.choice([1, 2, 3, 6, 12, 13])
        expected = oracle.due_months(
            week,
            start,
            n,
            first_day=first_day_of(week, start, first_day, day_end),
            shift_last_day=shift,
            day_end=day_end,
        )
        counting = Counting(first_day=first_day, shift_last_day=shift, day_end=day_end)
        found = Limit.parse(f"{n}个月").due(start, ours, counting).at
        assert expected == found, f"{n} from {start}, {counting}, {week}"


# -- single conventions, reckoned by hand (hours 09:00 to 17:00, notice for 2026)


@pytest.mark.parametrize(
    ("start", "n", "expected"),
    [
        ("2026-01-28 10:00", 1, "2026-02-28 17:00"),
        ("2026-01-29 10:00", 1, "2026-02-28 17:00"),
        ("2026-01-31 10:00", 1, "2026-02-28 17:00"),
        ("2026-03-31 10:00", 1, "2026-04-30 17:00"),
        ("2023-12-31 10:00", 2, "2024-02-29 17:00"),
    ],
)
def test_a_month_without_the_corresponding_day_ends_with_its_last_day(
    start: str, n: int, expected: str
) -> None:
    """民法典 第202条; 2026-02-28 is a make-up Saturday."""
    assert at(expected) == Limit.parse(f"{n}个月").due(at(start), china()).at


@pytest.mark.parametrize(
    ("start", "expected"),
    [
        ("2026-01-28 10:00", "2026-02-27 17:00"),
        ("2026-01-29 10:00", "2026-02-28 17:00"),
        ("2026-01-30 10:00", "2026-02-28 17:00"),
        ("2026-01-31 10:00", "2026-02-28 17:00"),
        ("2026-03-31 10:00", "2026-04-30 17:00"),
        ("2026-03-30 10:00", "2026-04-29 17:00"),
    ],
)
def test_a_month_whose_first_day_counts_ends_with_its_last_day_too(start: str, expected: str) -> None:
    """The last day of the month stands in for a missing corresponding day (第202条), never the day before it.

    No month that begins on 31 January with that day counted is over on 27 February.
    """
    counting = Counting(first_day="included")
    assert at(expected) == Limit.parse("1个月").due(at(start), china(), counting).at


@pytest.mark.parametrize(
    ("first_day", "start", "expected"),
    [
        ("excluded", "2026-03-02 10:00", "2026-03-03 17:00"),
        ("included", "2026-03-02 10:00", "2026-03-02 17:00"),
        ("included", "2026-03-02 17:00", "2026-03-02 17:00"),
        ("included", "2026-03-02 17:00:00.000001", "2026-03-03 17:00"),
        ("included", "2026-02-28 10:00", "2026-02-28 17:00"),
        ("included", "2026-03-01 10:00", "2026-03-02 17:00"),
        ("included_before:12:00", "2026-03-02 11:59:59.999999", "2026-03-02 17:00"),
        ("included_before:12:00", "2026-03-02 12:00", "2026-03-03 17:00"),
        ("included_before:00:00", "2026-03-02 00:00", "2026-03-03 17:00"),
        ("included_before:24:00", "2026-03-02 16:59", "2026-03-02 17:00"),
    ],
)
def test_the_first_day_counts_as_its_convention_says(first_day: str, start: str, expected: str) -> None:
    """2026-02-28 is a make-up Saturday, 2026-03-01 a Sunday."""
    counting = Counting(first_day=first_day)
    assert at(expected) == Limit.parse("1个工作日").due(at(start), china(), counting).at


@pytest.mark.parametrize(
    ("start", "kept", "rolled"),
    [
        ("2026-03-02 08:59", "2026-03-03 17:00", "2026-03-03 17:00"),
        ("2026-03-02 16:59:59.999999", "2026-03-03 17:00", "2026-03-03 17:00"),
        ("2026-03-02 17:00", "2026-03-03 17:00", "2026-03-04 17:00"),
        ("2026-03-02 23:59", "2026-03-03 17:00", "2026-03-04 17:00"),
        ("2026-03-01 10:00", "2026-03-02 17:00", "2026-03-03 17:00"),
        ("2026-02-28 18:00", "2026-03-02 17:00", "2026-03-03 17:00"),
    ],
)
def test_a_start_out_of_hours_keeps_its_day_or_rolls(start: str, kept: str, rolled: str) -> None:
    limit = Limit.parse("1个工作日")
    assert [at(kept), at(rolled)] == [
        limit.due(at(start), china(), Counting(out_of_hours=way)).at for way in ("keep_day", "roll")
    ]


@pytest.mark.parametrize(
    ("first_day", "expected"),
    [
        ("excluded", "2026-03-04 17:00"),
        ("included_before:00:00", "2026-03-04 17:00"),
        ("included_before:00:01", "2026-03-03 17:00"),
        ("included", "2026-03-03 17:00"),
    ],
)
def test_a_start_that_rolls_is_one_of_midnight(first_day: str, expected: str) -> None:
    """Moved to the next working day as a whole: midnight lies before 00:01 and not before 00:00."""
    counting = Counting(first_day=first_day, out_of_hours="roll")
    assert at(expected) == Limit.parse("1个工作日").due(at("2026-03-02 18:00"), china(), counting).at


def test_lunch_is_not_out_of_hours() -> None:
    week = WorkCalendar("09:00-12:00,13:30-17:30")
    found = Limit.parse("1个工作日").due(at("2026-03-02 12:30"), week, Counting(out_of_hours="roll"))
    assert at("2026-03-03 17:30") == found.at


@pytest.mark.parametrize(
    ("day_end", "expected"),
    [
        ("close_of_business", "2026-03-03 17:00"),
        ("midnight", "2026-03-04 00:00"),
        ("24:00", "2026-03-04 00:00"),
        ("18:30", "2026-03-03 18:30"),
        ("9:05", "2026-03-03 09:05"),
    ],
)
def test_the_last_day_ends_as_its_convention_says(day_end: str, expected: str) -> None:
    counting = Counting(day_end=day_end)
    assert at(expected) == Limit.parse("1个工作日").due(at("2026-03-02 10:00"), china(), counting).at


@pytest.mark.parametrize(
    ("same_day", "start", "expected"),
    [
        ("close_roll", "2026-03-02 08:00", "2026-03-02 17:00"),
        ("close_roll", "2026-03-02 16:59:59.999999", "2026-03-02 17:00"),
        ("close_roll", "2026-03-02 17:00", "2026-03-03 17:00"),
        ("close_roll", "2026-03-01 10:00", "2026-03-02 17:00"),
        ("natural_day", "2026-03-02 10:00", "2026-03-03 00:00"),
        ("natural_day", "2026-03-01 00:00", "2026-03-02 00:00"),
        ("business_hours", "2026-03-02 09:00", "2026-03-02 17:00"),
        ("business_hours", "2026-03-02 10:00", "2026-03-03 10:00"),
        ("business_hours", "2026-03-01 10:00", "2026-03-02 17:00"),
    ],
)
def test_the_same_day_means_what_its_convention_says(same_day: str, start: str, expected: str) -> None:
    counting = Counting(same_day=same_day)
    assert at(expected) == Limit.parse("当日").due(at(start), china(), counting).at
