"""The traffic light (红黄绿): three values, and when yellow begins."""

import datetime as dt
from collections.abc import Callable
from enum import Enum

from bubancheng.calendar import WorkCalendar
from bubancheng.calendar.hours import MINUTE
from bubancheng.errors import ArgumentError
from bubancheng.sla.limit import Limit
from bubancheng.sla.notation import LimitUnit


class Light(Enum):
    """What a ticket shows: in time, near its limit, late."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


def _natural(minutes: float) -> Callable[[Limit, dt.datetime, WorkCalendar], dt.datetime]:
    return lambda before, due, _: due - float(before.amount) * dt.timedelta(minutes=minutes)


def _working(minutes: int) -> Callable[[Limit, dt.datetime, WorkCalendar], dt.datetime]:
    def begins(before: Limit, due: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
        day, us = calendar.table.civil.locate(due)
        place = calendar.table.add(day, us, -round(before.amount * minutes * MINUTE))
        return calendar.table.civil.instant(*place, due)

    return begins


def _working_days(before: Limit, due: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
    """Return the same clock time, whole working days earlier."""
    table, civil = calendar.table, calendar.table.civil
    day, us = civil.locate(due)
    place = max(table.rank[day] - table.flags[day] - int(before.amount), 0)
    return civil.instant(civil.index(table.workdays[place]), us, due)


_BEGINS: dict[LimitUnit, Callable[[Limit, dt.datetime, WorkCalendar], dt.datetime]] = {
    LimitUnit.SECOND: _natural(1 / 60),
    LimitUnit.MINUTE: _natural(1),
    LimitUnit.HOUR: _natural(60),
    LimitUnit.DAY: _natural(24 * 60),
    LimitUnit.WORKING_MINUTE: _working(1),
    LimitUnit.WORKING_HOUR: _working(60),
    LimitUnit.WORKING_DAY: _working_days,
}


def check_warning(before: Limit) -> None:
    """Refuse a limit that cannot say how long before a due time a light turns yellow."""
    whole = before.unit is not LimitUnit.WORKING_DAY or before.amount.denominator == 1
    if before.unit not in _BEGINS or not whole:
        forms = "24小时, 2个工作小时, 3日, 1个工作日"
        msg = f"a light warns hours, days or whole working days before ({forms}), got {before}"
        raise ArgumentError(msg)


def yellow_from(before: Limit, due: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
    """Return the first instant of yellow for a due time (24 natural hours: domain decision 9)."""
    return _BEGINS[before.unit](before, due, calendar)
