"""Finding tickets, by their light at an instant too, and pages of the board, however many there are.

What was told of a ticket is its light for as long as its `next_change` lies ahead: a row becomes due when
time changes its light, and at once when a command does (see `Writer.row`), until a sweep tells it. So the
store finds tickets by the light last told, and only those that are due are counted anew.
"""

import datetime as dt
from collections.abc import Iterator
from heapq import merge
from itertools import islice
from operator import attrgetter

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.desk.ground import PAGE, Ground
from bubancheng.desk.outlook import Told, micros, outlook
from bubancheng.desk.view import BoardLine, line_of
from bubancheng.sla import Light
from bubancheng.store import Filter, StateRow
from bubancheng.ticket import Ticket

_MOST = 1000  # untold changes that are counted one by one; where there are more, nobody sweeps


def find(ground: Ground, wanted: Filter, light: Light | None, now: dt.datetime) -> list[Ticket]:
    """Return the tickets that a filter asks for, of one light at an instant where one is asked for."""
    page = attrs.evolve(wanted, limit=min(max(wanted.limit, 1), PAGE))
    rows = ground.rows(page) if light is None else _lit(ground, page, light, now)
    return [ground.ticket(row) for row in islice(rows, max(wanted.limit, 0))]


def _lit(ground: Ground, page: Filter, light: Light, now: dt.datetime) -> Iterator[StateRow]:
    """Yield the rows of a light: those told so that are not due, and those that are due and show it."""

    def shows(row: StateRow) -> bool:
        seen = outlook(ground.district, ground.calendar, ground.ticket(row), now)
        return seen.told.light is light

    due = ground.store.due_before(ground.district.name, micros(now), _MOST + 1)
    if len(due) > _MOST or ground.was_swept_after(now):
        return (row for row in ground.rows(attrs.evolve(page, limit=PAGE)) if shows(row))
    untold = {row.ticket for row in due}
    told = ground.rows(attrs.evolve(page, light=light.value))
    return merge(
        (row for row in told if row.ticket not in untold and Told.read(row.told).light is light),
        sorted((row for row in due if _fits(row, page) and shows(row)), key=attrgetter("ticket")),
        key=attrgetter("ticket"),
    )


def _fits(row: StateRow, wanted: Filter) -> bool:
    return row.ticket > wanted.after and wanted.unit in {None, row.unit} and wanted.step in {None, row.step}


def board(
    ground: Ground, now: dt.datetime, calendar: WorkCalendar, after: str, limit: int | None
) -> Iterator[BoardLine]:
    """Yield the board's lines after a number, all of them or at most so many."""
    size = PAGE if limit is None else min(max(limit, 1), PAGE)
    rows = ground.rows(Filter(district=ground.district.name, after=after, limit=size))
    lines = (line_of(ground.district, calendar, ground.ticket(row), now) for row in rows)
    return islice((it for it in lines if it is not None), limit if limit is None else max(limit, 0))
