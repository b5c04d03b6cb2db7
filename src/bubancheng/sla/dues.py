"""Due times by the day of the start, kept: most limits ask for nothing else of it."""

import datetime as dt
from fractions import Fraction

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import KindError, UnknownDayError
from bubancheng.sla.counting import Counting
from bubancheng.sla.deadline import Count
from bubancheng.sla.notation import LimitUnit

Due = tuple[dt.datetime, bool]
"""When a limit ends, and whether that is provisional."""

_BY_DAY = {LimitUnit.WORKING_DAY, LimitUnit.DAY, LimitUnit.MONTH}
_LAST = dt.datetime.max  # noqa: DTZ901 each table puts its zone on it


@attrs.frozen
class Deadline:
    """When a limit ends: the instant, whether it rests on an unannounced day, by which calendar."""

    at: dt.datetime
    provisional: bool
    calendar_version: str


def kept_dues(amount: Fraction, unit: LimitUnit, calendar: WorkCalendar, counting: Counting) -> "Dues":
    """Return the due times of a limit, the same ones whenever the same calendar is asked."""
    if not isinstance(calendar, WorkCalendar) or not isinstance(counting, Counting):
        msg = f"a WorkCalendar and a Counting are meant, got {calendar!r} and {counting!r}"
        raise KindError(msg)
    key = amount, unit, counting
    found = calendar.kept.get(key)
    if found is None:
        found = calendar.kept[key] = Dues(amount, unit, calendar, counting)
    return found


class Dues:
    """When one limit ends by one calendar and one set of conventions.

    Where the day of the start decides, or the day and whether it was over (当日), a day is counted once
    and kept; a calendar never changes. Everything else is counted each time.
    """

    __slots__ = ("_amount", "_keeps", "_kept", "_unit", "_zone", "calendar", "counting")

    def __init__(self, amount: Fraction, unit: LimitUnit, calendar: WorkCalendar, counting: Counting) -> None:
        self._amount, self._unit, self.calendar, self.counting = amount, unit, calendar, counting
        self._zone = calendar.table.civil.zone
        self._kept: dict[int, tuple[dt.datetime, Due | None, Due | None]] = {}
        plain = counting.first_day == "excluded" and counting.out_of_hours == "keep_day"
        whole = unit in _BY_DAY and amount.denominator == 1
        self._keeps = (plain and whole) or (unit is LimitUnit.SAME_DAY and counting.same_day == "close_roll")

    def find(self, start: dt.datetime) -> Due:
        """Return when the limit ends if it starts at `start`, in the zone that `start` has."""
        if not self._keeps or not isinstance(start, dt.datetime) or start.tzinfo is None:
            return self._count(start)
        if start.tzinfo is not self._zone:
            at, provisional = self.find(self.calendar.table.civil.moved(start, self._zone))
            return at.astimezone(start.tzinfo), provisional
        kept = self._kept.get(start.toordinal())
        if kept is None:
            day, _ = self.calendar.table.civil.locate(start)
            if day in self.calendar.table.civil.turns:
                return self._count(start)
            kept = self._kept[start.toordinal()] = self._look(day, start)
        over, before, after = kept
        found = before if start < over else after
        return self._count(start) if found is None else found

    def _count(self, start: dt.datetime) -> Due:
        return Count(self._amount, self._unit, start, self.calendar, self.counting).run()

    def _look(self, day: int, like: dt.datetime) -> tuple[dt.datetime, Due | None, Due | None]:
        """Count from the first instant of a day and, where that matters, from when it is over.

        None where that count leaves the table: it is made, and refused, when somebody asks for it.
        """
        civil = self.calendar.table.civil
        midnight = civil.instant(day, 0, like)
        before = self._counted(midnight)
        if self._unit is not LimitUnit.SAME_DAY:
            return _LAST.replace(tzinfo=self._zone), before, before
        close = self.calendar.table.close(day) if self.calendar.table.flags[day] else 0
        if close is None or close == 0:
            return midnight, before, before
        over = civil.instant(*civil.at_clock(day, close), like)
        return over, before, self._counted(over)

    def _counted(self, start: dt.datetime) -> Due | None:
        try:
            return self._count(start)
        except UnknownDayError:
            return None
