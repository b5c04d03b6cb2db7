"""The strategies: what they draw is of use, of every kind, and lies where they say."""

import datetime as dt

import pytest
from hypothesis import find, given

from bubancheng.calendar import WorkCalendar
from bubancheng.sla import Counting, Limit, LimitUnit
from bubancheng.testing import Timing
from bubancheng.testing.strategies import (
    FIRST,
    LAST,
    amounts,
    calendars,
    countings,
    dates,
    instants,
    limits,
    tickets,
)
from bubancheng.ticket import Ticket
from tests.acting import CALENDAR, DISTRICT
from tests.strategies import law

DRAWN = [it for it in LimitUnit if it is not LimitUnit.BY_AGREEMENT]


@law
@given(calendars(closed=True), instants(), limits(), countings())
def test_whatever_is_drawn_can_be_counted(
    week: WorkCalendar, start: dt.datetime, limit: Limit, counting: Counting
) -> None:
    assert start <= limit.due(start, week, counting).at


@law
@given(dates(), instants(None), amounts(dt.timedelta(hours=5)))
def test_what_is_drawn_lies_in_the_four_years(date: dt.date, at: dt.datetime, amount: dt.timedelta) -> None:
    assert FIRST.date() <= date <= LAST.date()
    assert FIRST <= at <= LAST
    assert dt.timedelta(0) < amount <= dt.timedelta(hours=5)


@pytest.mark.parametrize("unit", DRAWN, ids=lambda it: it.value)
def test_every_unit_that_ends_by_itself_is_drawn(unit: LimitUnit) -> None:
    assert unit is find(limits(), lambda limit: limit.unit is unit).unit


@law
@given(tickets(DISTRICT, CALENDAR))
def test_a_ticket_has_a_clock_by_the_rules_of_its_day(ticket: Ticket) -> None:
    timing = Timing.of_ticket(ticket, DISTRICT, CALENDAR)
    assert "registered" == ticket.marks[0].kind
    assert sorted(mark.at for mark in ticket.marks) == [mark.at for mark in ticket.marks]
    assert (ticket.first("resolved") is None) is (timing.clock().stopped is None)


@pytest.mark.parametrize("kind", ["dispatched", "acknowledged", "contacted", "resolved"])
def test_a_ticket_goes_as_far_as_any_step(kind: str) -> None:
    assert kind == find(tickets(DISTRICT, CALENDAR), lambda it: it.marks[-1].kind == kind).marks[-1].kind
