"""The library against the oracle that walks minute by minute, over random calendars.

`BUBANCHENG_ORACLE_CASES=20000 pytest tests/calendar/test_oracle.py` compares more of them.
"""

import os
import random
from datetime import timedelta

import pytest

from bubancheng.calendar import WorkCalendar
from tests.oracles import minute_walk as oracle
from tests.support import DAY, MINUTE, calendar_of

CASES = int(os.environ.get("BUBANCHENG_ORACLE_CASES", "600"))
STARTS = 10  # cases a calendar: building it, and filling the oracle's cache, is what takes time


def compare(week: oracle.Week, ours: WorkCalendar, rng: random.Random) -> None:
    """Compare one random start: every question a calendar answers."""
    t = oracle.random_start_near(rng, week) if rng.random() < 0.8 else oracle.random_start(rng)
    u = t + timedelta(minutes=rng.randrange(-20 * oracle.DAY, 20 * oracle.DAY))
    minutes = rng.choice([1, 60, rng.randrange(1, 4000)])
    n = rng.randrange(1, 30)
    day = t.date()
    expected = {
        "is_open": oracle.is_open(week, t),
        "next_open": oracle.next_open(week, t),
        "previous_open": oracle.previous_open(week, t),
        "add": oracle.add(week, t, minutes),
        "add back": oracle.add(week, t, -minutes),
        "between": oracle.between(week, t, u) * MINUTE,
        "is_workday": [oracle.is_workday(week, day + k * DAY) for k in range(-2, 3)],
        "add_workdays": oracle.add_workdays(week, day, n),
        "add_workdays back": oracle.add_workdays(week, day, -n),
        "workdays_between": oracle.workdays_between(week, day, u.date()),
    }
    found = {
        "is_open": ours.is_open(t),
        "next_open": ours.next_open(t),
        "previous_open": ours.previous_open(t),
        "add": ours.add(t, minutes * MINUTE),
        "add back": ours.add(t, -minutes * MINUTE),
        "between": ours.between(t, u),
        "is_workday": [ours.is_workday(day + k * DAY) for k in range(-2, 3)],
        "add_workdays": ours.add_workdays(day, n),
        "add_workdays back": ours.add_workdays(day, -n),
        "workdays_between": ours.workdays_between(day, u.date()),
    }
    assert expected == found, f"start {t}, other {u}, {minutes} minutes, {n} days, {week}"


@pytest.mark.parametrize("seed", range(-(-CASES // STARTS)))
def test_a_random_calendar_answers_as_the_oracle_walks(seed: int) -> None:
    rng = random.Random(f"calendar {seed}")
    week = oracle.random_week(rng)
    ours = calendar_of(week)
    for _ in range(STARTS):
        compare(week, ours, rng)


def test_the_oracle_agrees_with_the_golden_table_and_with_cases_worked_out_by_hand() -> None:
    """An oracle that is wrong proves nothing: 16 rows, the years, and what was reckoned on paper."""
    assert 16 * 8 + 4 + 20 == oracle.check_golden()
    assert oracle.check_by_hand() > 50
