"""What several test modules share: short ways to write times, and the tables of tests/data."""

import csv
import datetime as dt
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import ProvisionalWarning
from tests.oracles.minute_walk import Week

DATA = Path(__file__).parent / "data"

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

US = dt.timedelta(microseconds=1)
MINUTE = dt.timedelta(minutes=1)
HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)

FIRST_OF_ALL = dt.datetime.min  # noqa: DTZ901 naive on purpose, as most instants here
LAST_OF_ALL = dt.datetime.max  # noqa: DTZ901


def at(text: str) -> dt.datetime:
    """Return the instant of an ISO 8601 text, naive where the text has no offset."""
    return dt.datetime.fromisoformat(text)


def on(text: str) -> dt.date:
    """Return the civil date of an ISO 8601 text."""
    return dt.date.fromisoformat(text)


@contextmanager
def quiet() -> Iterator[None]:
    """Let provisional answers pass without the warning, which tests of its own demand."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ProvisionalWarning)
        yield


@cache
def china(unknown: str = "provisional") -> WorkCalendar:
    """Return the calendar of mainland China, 09:00 to 17:00, as the golden table assumes."""
    return WorkCalendar.china("09:00-17:00", unknown=unknown)


@cache
def all_week(spans: str = "00:00-24:00", zone: str = "Asia/Shanghai") -> WorkCalendar:
    """Return a calendar that has the same spans on all seven days."""
    return WorkCalendar(dict.fromkeys(WEEKDAYS, spans), zone=zone)


@cache
def cn_days() -> dict[str, Any]:
    """Return the State Council days, 2007 to 2026."""
    table: dict[str, Any] = json.loads((DATA / "cn-days.json").read_text("utf-8"))
    return table


@cache
def golden_rows() -> tuple[dict[str, str], ...]:
    """Return the rows of the Chongming golden table (domain.md section 7)."""
    with (DATA / "golden-chongming.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def calendar_of(week: Week) -> WorkCalendar:
    """Return the library's calendar for the week that the oracle walks."""
    return WorkCalendar(
        week.hours,
        holidays=week.holidays,
        workdays=week.workdays,
        date_hours=week.date_hours,
        closures=week.closures,
    )
