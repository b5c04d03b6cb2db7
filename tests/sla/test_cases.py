"""Deadline facts from the public tests of other systems (tests/data/sla-cases.json)."""

import datetime as dt
import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bubancheng.calendar import WorkCalendar
from bubancheng.sla import Limit
from tests.support import DATA, DAY

TABLE: dict[str, Any] = json.loads((DATA / "sla-cases.json").read_text("utf-8"))


def hours_text(spans: list[list[str]]) -> str:
    return ",".join("-".join(span) for span in spans)


def calendar_of(table: Mapping[str, Any]) -> WorkCalendar:
    """Return the calendar of a case; a date with spans of its own and none at all is a holiday."""
    overrides = {dt.date.fromisoformat(day): spans for day, spans in table.get("overrides", {}).items()}
    holidays = {dt.date.fromisoformat(day) for day in table.get("holidays", [])}
    holidays |= {
        dt.date.fromisoformat(f"{year}-{day}")
        for year in range(1990, 2041)
        for day in table.get("yearly_holidays", [])
    }
    holidays |= {day for day, spans in overrides.items() if not spans}
    return WorkCalendar(
        {name: hours_text(spans) for name, spans in table["weekly"].items()},
        holidays=holidays,
        date_hours={day: hours_text(spans) for day, spans in overrides.items() if spans},
        zone=table["timezone"],
    )


class Case:
    """One expectation with the calendar, the start and the pauses that hold for it."""

    def __init__(self, case: Mapping[str, Any], expectation: Mapping[str, Any]) -> None:
        merged = {**case, **expectation}
        self.expectation = expectation
        self.calendar = calendar_of(merged["calendar"])
        self.zone = ZoneInfo(merged["calendar"]["timezone"])
        self.start = self.instant(expectation.get("from", case["start"]))
        self.pauses = [(self.instant(a), self.instant(b)) for a, b in merged["pauses"]]

    def instant(self, text: str) -> dt.datetime:
        """Return an instant of the table, in the calendar's zone: Z is UTC, no zone is local."""
        when = dt.datetime.fromisoformat(text)
        return when.replace(tzinfo=self.zone) if when.tzinfo is None else when.astimezone(self.zone)

    def lost(self, until: dt.datetime) -> dt.timedelta:
        """Return the working time lost in pauses between the start and an instant."""
        spans = [(max(a, self.start), min(b, until)) for a, b in self.pauses]
        return sum((self.calendar.between(a, b) for a, b in spans if a < b), dt.timedelta())

    def due(self) -> dt.datetime:
        """Return when the target's working time, pauses left out, has passed."""
        target, at = dt.timedelta(seconds=self.expectation["target_seconds"]), self.start
        while (later := self.calendar.add(self.start, target + self.lost(at))) != at:
            at = later
        return at

    def elapsed(self) -> float:
        """Return the working seconds up to `to`, pauses left out; 0 where it is not later."""
        to = self.instant(self.expectation["to"])
        if to <= self.start:
            return 0
        return (self.calendar.between(self.start, to) - self.lost(to)).total_seconds()

    def working_days(self) -> dt.datetime:
        """Return the same clock time N working days later, or the close; lost time is added after it."""
        n = self.expectation["days"]
        if self.expectation.get("end_of_day"):
            at = Limit.parse(f"{n}个工作日").due(self.start, self.calendar).at
        else:
            at = self.same_clock(self.calendar.add_workdays(self.start.date(), n))
        return self.calendar.add(at, self.lost(dt.datetime.max.replace(tzinfo=dt.UTC) - DAY))

    def same_time_days(self) -> dt.datetime:
        """Return the next open moment from the same clock time of the N-th later day with hours."""
        day = self.calendar.add_workdays(self.start.date(), self.expectation["days"])
        return self.calendar.next_open(self.same_clock(day))

    def before(self) -> dt.datetime:
        """Return the instant that lies the working seconds before the deadline `start`."""
        return self.calendar.add(self.start, -dt.timedelta(seconds=self.expectation["working_seconds"]))

    def same_clock(self, day: dt.date) -> dt.datetime:
        return dt.datetime.combine(day, self.start.timetz())


def check(case: Case) -> None:
    kind, expectation = case.expectation["kind"], case.expectation
    if kind == "elapsed":
        assert expectation["expected_seconds"] == case.elapsed()
        return
    ways: dict[str, Callable[[], dt.datetime]] = {
        "due": case.due,
        "working_days": case.working_days,
        "same_time_days": case.same_time_days,
        "before": case.before,
    }
    found = ways[kind]()
    if expectation.get("boundary") == "next_opening":
        found = case.calendar.next_open(found)
    assert case.instant(expectation["expected"]) == found


def expectations() -> Iterator[Any]:
    for case in TABLE["cases"]:
        for number, expectation in enumerate(case["expects"], start=1):
            yield pytest.param(case, expectation, id=f"{case['id']} {number} {expectation['kind']}")


def test_the_table_has_the_expectations_it_claims() -> None:
    assert "15 cases, 31 expectations" in TABLE["about"]
    assert (15, 31) == (len(TABLE["cases"]), len(list(expectations())))


@pytest.mark.parametrize(("case", "expectation"), list(expectations()))
def test_the_answer_is_that_of_another_systems_public_test(
    case: Mapping[str, Any], expectation: Mapping[str, Any]
) -> None:
    check(Case(case, expectation))
