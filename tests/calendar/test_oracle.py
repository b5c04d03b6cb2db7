"""The library against the oracle that walks minute by minute, over random calendars.

`BUBANCHENG_ORACLE_CASES=20000 pytest tests/calendar/test_oracle.py` compares more of them.
"""

import os
import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bubancheng.calendar import WorkCalendar
from tests.oracles import minute_walk as oracle
from tests.support import DAY, HOUR, MINUTE, all_week, calendar_of

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


# -- the turn of the clock, which the oracle does not know: minute by minute by the zone's own clock

SPANS = {
    "00:00-24:00": [(0, 1440)],
    "09:00-17:00": [(540, 1020)],
    "22:00-06:00": [(0, 360), (1320, 1440)],
    "00:30-01:10,02:20-02:40,02:50-12:00": [(30, 70), (140, 160), (170, 720)],
    "12:00-18:00,20:00-00:40": [(0, 40), (720, 1080), (1200, 1440)],
}
TURNS = [
    ("Europe/Berlin", "2026-03-29"),
    ("Europe/Berlin", "2026-10-25"),
    ("America/New_York", "2026-03-08"),
    ("America/New_York", "2026-11-01"),
    ("America/Sao_Paulo", "2015-10-18"),
    ("America/Sao_Paulo", "2015-02-21"),
    ("Atlantic/Azores", "2026-03-29"),
    ("Atlantic/Azores", "2026-10-25"),
    ("Australia/Lord_Howe", "2026-04-05"),
    ("Australia/Lord_Howe", "2026-10-04"),
    ("Asia/Shanghai", "1990-04-15"),
    ("Asia/Shanghai", "1990-09-16"),
    ("Asia/Shanghai", "1991-04-14"),
    ("Asia/Shanghai", "1991-09-15"),
    ("Africa/Casablanca", "2026-02-15"),
    ("Asia/Beirut", "2026-03-29"),
    ("America/Havana", "2026-11-01"),
    ("America/Caracas", "2016-05-01"),
    ("Asia/Pyongyang", "2018-05-05"),
    ("Pacific/Apia", "2011-12-30"),
    ("Pacific/Kwajalein", "1993-08-21"),
]


def shows_twice(wall: datetime) -> bool:
    """Tell whether the clock of a zone shows this time twice."""
    return wall.replace(fold=0).utcoffset() != wall.replace(fold=1).utcoffset()


@pytest.mark.parametrize("spans", SPANS)
@pytest.mark.parametrize(("zone", "date"), TURNS)
def test_around_a_turn_of_the_clock_an_instant_is_open_as_the_clock_shows(
    zone: str, date: str, spans: str
) -> None:
    """Times shown twice are left out: which of the two an edge means is our own convention."""
    tz, week = ZoneInfo(zone), all_week(spans, zone=zone)
    start = datetime.fromisoformat(date).replace(tzinfo=tz).astimezone(UTC) - 14 * HOUR
    for n in range(0, 52 * 60, 10):
        instant = start + n * MINUTE
        wall = instant.astimezone(tz)
        if not shows_twice(wall):
            clock = wall.hour * 60 + wall.minute
            expected = any(a <= clock < b for a, b in SPANS[spans])
            assert expected == week.is_open(instant), wall


@pytest.mark.parametrize("spans", ["00:00-24:00", "09:00-17:00", "22:00-06:00"])
@pytest.mark.parametrize(("zone", "date"), TURNS)
def test_around_a_turn_of_the_clock_the_open_minutes_add_up(zone: str, date: str, spans: str) -> None:
    """No edge of these spans lies in an hour that is shown twice or left out, but for midnight itself."""
    tz, week = ZoneInfo(zone), all_week(spans, zone=zone)
    start = datetime.fromisoformat(date).replace(tzinfo=tz).astimezone(UTC) - 14 * HOUR
    walked = timedelta()
    for n in range(0, 52 * 60, 10):
        instant = start + n * MINUTE
        assert walked == week.between(start, instant)
        if walked:
            assert walked == week.between(start, week.add(start, walked))
        wall = instant.astimezone(tz)
        clock = wall.hour * 60 + wall.minute
        walked += 10 * MINUTE * any(a <= clock < b for a, b in SPANS[spans])
