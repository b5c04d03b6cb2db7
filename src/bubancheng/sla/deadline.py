"""When a limit ends: the one place where conventions, calendar and start meet."""

import datetime as dt
from collections.abc import Callable
from fractions import Fraction

from bubancheng.calendar import WorkCalendar
from bubancheng.calendar.hours import DAY, SECOND
from bubancheng.errors import LimitError, UnknownDayError
from bubancheng.sla.counting import Counting, clock_time
from bubancheng.sla.notation import LimitUnit

_SECONDS = {
    LimitUnit.SECOND: 1,
    LimitUnit.MINUTE: 60,
    LimitUnit.HOUR: 3600,
    LimitUnit.WORKING_MINUTE: 60,
    LimitUnit.WORKING_HOUR: 3600,
}


def end_of_day(day: int, like: dt.datetime, calendar: WorkCalendar, counting: Counting) -> dt.datetime:
    """Return the end of a last day that was moved to `day`, shifted off a day off by the conventions."""
    count = Count(Fraction(0), LimitUnit.DAY, like, calendar, counting)
    return count.end_of(count.shifted(day))


def end_of_workday(
    day: int, n: int, like: dt.datetime, calendar: WorkCalendar, counting: Counting
) -> dt.datetime:
    """Return the end of the n-th working day after `day`; of the day itself for 0."""
    if n == 0:
        return like
    count = Count(Fraction(n), LimitUnit.WORKING_DAY, like, calendar, counting)
    return count.end_of(count.workday_after(day, n))


def _months_after(date: dt.date, months: int) -> dt.date:
    """Return the corresponding day of a later month, or that month's last (民法典 第202条)."""
    from dateutil.relativedelta import relativedelta  # noqa: PLC0415 few limits need it, and it is slow to load

    return date + relativedelta(months=months)


class Count:
    """One count: where the start lies in the calendar's table, and how the edges are decided.

    After counting, `last` is the last day of the limit, and `rest_from` the place from which a
    fraction of a day was added as working time.
    """

    __slots__ = (
        "amount",
        "civil",
        "clock",
        "counting",
        "day",
        "last",
        "rest_from",
        "start",
        "table",
        "unit",
        "us",
    )

    def __init__(
        self,
        amount: Fraction,
        unit: LimitUnit,
        start: dt.datetime,
        calendar: WorkCalendar,
        counting: Counting,
    ) -> None:
        self.amount, self.unit, self.start, self.counting = amount, unit, start, counting
        self.table, self.civil = calendar.table, calendar.table.civil
        self.day, self.us = self.civil.locate(start)
        self.clock = self.civil.clock(self.day, self.us)
        self.last = self.day
        self.rest_from: tuple[int, int] | None = None

    def run(self) -> tuple[dt.datetime, bool]:
        """Return when the limit ends, and whether that is provisional."""
        return _WAYS[self.unit](self)

    # -- what the conventions decide

    def is_over(self) -> bool:
        """Whether the start lies on a day off, or at or after the close."""
        close = self.table.close(self.day)
        return not self.table.flags[self.day] or close is None or self.clock >= close

    def first_day(self) -> tuple[int, bool]:
        """Return the day that the count starts from, and whether it counts itself.

        A day whose end has passed at the start never counts: no limit ends before it starts.
        """
        if self.counting.out_of_hours == "roll" and self.is_over():
            return self.workday_after(self.day, 1), self.counting.counts_first_day(0)
        counts = self.counting.counts_first_day(self.clock) and self.clock <= self.last_clock(self.day)
        return self.day, counts

    def workday_after(self, day: int, n: int) -> int:
        """Return the n-th working day after a day."""
        return self.nth_workday(self.table.rank[day] + n)

    def nth_workday(self, n: int) -> int:
        """Return the n-th working day of the table, from 1."""
        if not 0 < n <= len(self.table.workdays):
            raise UnknownDayError(None, self.civil.first, self.civil.last)
        return self.civil.index(self.table.workdays[n - 1])

    def end_of(self, day: int) -> dt.datetime:
        """Return when a limit that ends on this day ends."""
        return self.at_clock(day, self.last_clock(day))

    def last_clock(self, day: int) -> int:
        """Return what the clock shows at the end of a last day (民法典 第203条第二款)."""
        end = self.counting.day_end
        works = end == "close_of_business" and self.table.flags[day]
        clock = self.table.close(day) if works else clock_time(end)
        return DAY if clock is None else clock

    def at_clock(self, day: int, clock: int) -> dt.datetime:
        """Return the instant at which the wall clock of a day shows this, in the start's zone."""
        day, us = self.civil.at_clock(day, clock)
        return self.civil.instant(day, us, self.start)

    def is_provisional(self, day: int, *, with_start: bool = False) -> bool:
        """Whether a day after the start day (or from it on) up to `day` is not settled."""
        self.last = day
        return day > self.table.settled and (with_start or day > self.day)

    # -- the ways to count

    def working_days(self) -> tuple[dt.datetime, bool]:
        """Count working days; a fraction is that share of a regular day's time after the whole days."""
        whole, rest = divmod(self.amount, 1) if self.amount.denominator != 1 else (self.amount.numerator, 0)
        if not whole:
            return self.working_time((self.day, self.us), rest * self.table.regular)
        day, counts = self.first_day()
        before = self.table.rank[day] - (self.table.flags[day] if counts else 0)
        last = self.nth_workday(before + int(whole))
        if rest:
            end = self.civil.at_clock(last, self.last_clock(last))
            return self.working_time(end, rest * self.table.regular)
        return self.end_of(last), self.is_provisional(last)

    def working_time(
        self, place: tuple[int, int], amount: Fraction | int, *, with_start: bool = False
    ) -> tuple[dt.datetime, bool]:
        """Add microseconds of working time to a place."""
        self.rest_from = place
        last, at = self.table.add(*place, round(amount))
        return self.civil.instant(last, at, self.start), self.is_provisional(last, with_start=with_start)

    def working_hours(self) -> tuple[dt.datetime, bool]:
        """Add working hours or minutes to the start."""
        return self.working_time((self.day, self.us), self.amount * _SECONDS[self.unit] * SECOND)

    def same_day(self) -> tuple[dt.datetime, bool]:
        """Find the end of 当日: the close of this working day, else of the next one (decision 4)."""
        if self.counting.same_day == "natural_day":
            return self.at_clock(self.day, DAY), False
        if self.counting.same_day == "business_hours":
            return self.working_time((self.day, self.us), Fraction(self.table.regular), with_start=True)
        day = self.workday_after(self.day, 1) if self.is_over() else self.day
        close = self.table.close(day)
        return self.at_clock(day, DAY if close is None else close), self.is_provisional(day, with_start=True)

    def natural_time(self) -> tuple[dt.datetime, bool]:
        """Add real elapsed time (民法典 第201条第二款); no day is consulted."""
        own = self.start.tzinfo
        try:
            amount = dt.timedelta(microseconds=round(self.amount * _SECONDS[self.unit] * SECOND))
            aware = self.start if own is not None else self.start.replace(tzinfo=self.civil.zone)
            at = (aware.astimezone(dt.UTC) + amount).astimezone(own or self.civil.zone)
        except OverflowError:
            raise UnknownDayError(None, self.civil.first, self.civil.last) from None
        return (at if own is not None else at.replace(tzinfo=None)), False

    def by_date(self) -> tuple[dt.datetime, bool]:
        """Count natural days, or months to the corresponding day, else the month's last (民法典 第202条).

        A last day that is off shifts (第203条第一款); where the first day counts, the last one comes a day
        earlier.
        """
        day = self.shifted(self.unshifted())
        provisional = self.is_provisional(day)
        return self.end_of(day), provisional and self.counting.shift_last_day != "none"

    def unshifted(self) -> int:
        """Return the last day of natural days or months, before any shift."""
        first, counts = self.first_day()
        date = self.civil.date(first)
        try:
            if self.unit is LimitUnit.DAY:
                return self.civil.index(date + dt.timedelta(int(self.amount) - counts))
            last = _months_after(date, int(self.amount))
            return self.civil.index(last - dt.timedelta(counts and last.day == date.day))
        except (OverflowError, ValueError):
            raise UnknownDayError(None, self.civil.first, self.civil.last) from None

    def shifted(self, day: int) -> int:
        """Return a last day, or the next working day where it is off and the conventions shift it."""
        if self.counting.shift_last_day == "none" or self.table.flags[day]:
            return day
        return self.workday_after(day, 1)

    def on_the_spot(self) -> tuple[dt.datetime, bool]:
        """Return the start: due at once."""
        return self.start, False

    def by_agreement(self) -> tuple[dt.datetime, bool]:
        """Refuse: the agreed instant is a fact of the ticket."""
        msg = "a limit by agreement (约定) has no due time until somebody sets the agreed date"
        raise LimitError(msg)


_WAYS: dict[LimitUnit, Callable[[Count], tuple[dt.datetime, bool]]] = {
    LimitUnit.ON_THE_SPOT: Count.on_the_spot,
    LimitUnit.SAME_DAY: Count.same_day,
    LimitUnit.WORKING_DAY: Count.working_days,
    LimitUnit.WORKING_HOUR: Count.working_hours,
    LimitUnit.WORKING_MINUTE: Count.working_hours,
    LimitUnit.SECOND: Count.natural_time,
    LimitUnit.MINUTE: Count.natural_time,
    LimitUnit.HOUR: Count.natural_time,
    LimitUnit.DAY: Count.by_date,
    LimitUnit.MONTH: Count.by_date,
    LimitUnit.BY_AGREEMENT: Count.by_agreement,
}
