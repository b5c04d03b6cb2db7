"""`WorkCalendar`: which instants are working time, and counting it."""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from os import PathLike
from typing import Any

from bubancheng.calendar.accelerating import compiled
from bubancheng.calendar.building import Hours, Interval, china_spec, week_spec
from bubancheng.calendar.line import Line, make_line
from bubancheng.calendar.notice import Notice
from bubancheng.calendar.spec import CalendarSpec, Day, DayKind
from bubancheng.calendar.table import Table
from bubancheng.errors import (
    BubanchengError,
    CalendarError,
    KindError,
    ProvisionalWarning,
    UnknownDayError,
    warn,
)

_MICROSECOND = dt.timedelta(microseconds=1)
_timedelta = dt.timedelta
_ZERO = dt.timedelta(0)


class WorkCalendar:
    """Working days (工作日) and working time of one district, from tables built once.

    A naive datetime means the calendar's zone; an aware one comes back in the zone it came in.
    Dates outside the table raise `UnknownDayError`; a date where an instant is meant, or the
    reverse, raises `KindError` (a `TypeError`). Methods with a bare result emit
    `ProvisionalWarning` when a day they counted is not officially announced yet. Instances are
    immutable, may be shared between threads, and compare by `version`.
    """

    def __init__(  # noqa: PLR0913 the fixed signature
        self,
        hours: Hours,
        *,
        holidays: Iterable[dt.date] | Mapping[dt.date, str] = (),
        workdays: Iterable[dt.date] = (),
        date_hours: Mapping[dt.date, str] | None = None,
        closures: Iterable[Interval] = (),
        openings: Iterable[Interval] = (),
        zone: str = "Asia/Shanghai",
    ) -> None:
        """Build a calendar of any week: 1990 to 2049.

        `hours`: one string for Monday to Friday, or a mapping of mon ... sun (one left out is
        closed); `holidays`: dates off, or a mapping of dates to names; `workdays`: extra working
        days; `date_hours`: the hours of single dates, which makes them working days;
        `closures` and `openings`: intervals of instants without and with working time.
        """
        self._set_up(
            week_spec(
                hours,
                holidays=holidays,
                workdays=workdays,
                date_hours=date_hours,
                closures=closures,
                openings=openings,
                zone=zone,
            )
        )

    @classmethod
    def china(  # noqa: PLR0913 the fixed signature
        cls,
        hours: Hours = "09:00-17:00",
        *,
        date_hours: Mapping[dt.date, str] | None = None,
        closures: Iterable[Interval] = (),
        openings: Iterable[Interval] = (),
        notices: Iterable[str | PathLike[str] | Notice] = (),
        unknown: str = "provisional",
    ) -> "WorkCalendar":
        """Build the calendar of mainland China: 2004 to 2099, Asia/Shanghai.

        What decides a day, the last one wins: the week, the State Council's notices as
        chinese-calendar has them, `notices` (paths of TOML files, in the order of their issue),
        `date_hours`, `closures`. Days after `known_until` follow the statute and are provisional;
        with `unknown="error"` they raise `UnknownDayError` instead.
        """
        return cls._of(
            china_spec(
                hours,
                date_hours=date_hours,
                closures=closures,
                openings=openings,
                notices=notices,
                unknown=unknown,
            )
        )

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> "WorkCalendar":
        """Return the calendar that `to_dict` described, whatever tables are installed now.

        Errors: `CalendarError` for data that no `to_dict` wrote.
        """
        try:
            return cls._of(CalendarSpec.from_dict(data))
        except (KeyError, IndexError, TypeError, ValueError, AttributeError, StopIteration) as error:
            if isinstance(error, BubanchengError):
                raise
            raise CalendarError("stored calendar", [f"is damaged: {type(error).__name__} {error}"]) from error

    def to_dict(self) -> dict[str, Any]:
        """Return all that decides this calendar's answers, as plain JSON values."""
        return self.spec.to_dict()

    @classmethod
    def _of(cls, spec: CalendarSpec) -> "WorkCalendar":
        made = cls.__new__(cls)
        made._set_up(spec)  # noqa: SLF001 another constructor of the same class
        return made

    def _set_up(self, spec: CalendarSpec) -> None:
        self._hold(spec, Table(spec), {})
        table, civil = self.table, self._civil
        self._index, self._flags, self._settled = civil.indexes, table.flags, table.settled
        # how many working days there are up to each date, and the working days, numbered from 1
        self._places = dict(zip(civil.dates, table.rank, strict=True))
        self._numbered_workdays = [civil.first, *table.workdays]
        self._settled_workdays = table.rank[table.settled]
        self.kept: dict[Any, Any] = {}  # what others counted with this calendar and may count on again
        self._quicken()

    def _hold(self, spec: CalendarSpec, table: Table, lines: dict[dt.tzinfo | None, Line]) -> None:
        """Keep what counting instants takes."""
        self.spec, self.table, self._civil, self._version = spec, table, table.civil, ""
        self._lines = lines  # each drawn when its zone is first asked for

    def _quicken(self) -> None:
        """Put compiled calls before `add` and `between` where there are any; a subclass has its own ways.

        They keep another calendar over the same lines, as with this one they would go in a circle. Attributes
        are set one by one, here and below: Python reads them more slowly once `__dict__` was asked for.
        """
        made = compiled("compiled")
        if made is not None and type(self) is WorkCalendar:
            plain = WorkCalendar.__new__(WorkCalendar)
            plain._hold(self.spec, self.table, self._lines)  # noqa: SLF001 one of the same class
            for name, call in made(self._lines, add=plain.add, between=plain.between).items():
                setattr(self, name, call)

    def __getstate__(self) -> dict[str, Any]:
        return {name: value for name, value in vars(self).items() if name not in {"add", "between"}}

    def __setstate__(self, state: dict[str, Any]) -> None:
        for name, value in state.items():
            setattr(self, name, value)
        self._quicken()

    # -- what is known

    @property
    def known_from(self) -> dt.date:
        """The first day of the table."""
        return self.spec.first

    @property
    def known_until(self) -> dt.date:
        """The last day that no notice can change any more; later days are provisional."""
        return self.spec.known_until

    @property
    def zone(self) -> str:
        """The IANA name of the zone in which civil dates are meant."""
        return self.spec.zone

    @property
    def version(self) -> str:
        """The content hash: equal versions give equal answers."""
        if not self._version:
            self._version = self.spec.version()
        return self._version

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, WorkCalendar):
            return NotImplemented
        return self is other or self.version == other.version

    def __hash__(self) -> int:
        return hash(self.version)

    def __repr__(self) -> str:
        return f"<WorkCalendar {self.zone} {self.known_from}..{self.known_until} {self.version}>"

    def is_provisional(self, a: dt.datetime | dt.date, b: dt.datetime | dt.date) -> bool:
        """Tell whether a day from `a` to `b`, both ends in, is not officially settled yet."""
        return max(self._day_of(a), self._day_of(b)) > self.table.settled

    def _day_of(self, value: dt.datetime | dt.date) -> int:
        if isinstance(value, dt.datetime):
            return self._civil.locate(value)[0]
        return self._civil.index(value)

    def _warn(self, day: int) -> None:
        warn(
            f"{self._civil.date(day)} is later than {self.known_until}: its official notice is not "
            "known (暂定); add it with notices=[...] when it is published",
            ProvisionalWarning,
        )

    # -- days

    def day(self, date: dt.date) -> Day:
        """Return what a civil date is, and which notice or article decided it."""
        index = self._civil.index(date)
        spec, weekday = self.spec, date.weekday()
        special = spec.special.get(date)
        kind = DayKind.WORKDAY if spec.week[weekday] else DayKind.WEEKEND
        name, source = None, spec.week_source
        if special is not None:
            name, source = special.name, special.source
            if special.works:
                kind = DayKind.WORKDAY if spec.week[weekday] else DayKind.MAKE_UP
            else:
                kind = DayKind.HOLIDAY
        if date in spec.date_hours:
            kind, source = DayKind.WORKDAY, "date_hours"
        if kind in {DayKind.WORKDAY, DayKind.MAKE_UP} and not self.table.flags[index]:
            kind, source = DayKind.CLOSED, "closures"
        provisional = index > self.table.settled
        return Day(date=date, kind=kind, name=name, provisional=provisional, source=source)

    def is_workday(self, date: dt.date) -> bool:
        """Tell whether a civil date is a working day."""
        try:
            index = self._index[date]
        except (KeyError, TypeError):
            index = self._civil.index(date)
        if index > self._settled:
            self._warn(index)
        return self._flags[index] == 1

    def add_workdays(self, date: dt.date, n: int) -> dt.date:
        """Return the n-th working day after `date` (before it when negative; n = 0: the day).

        The start day is not counted (民法典 第201条). Errors: `UnknownDayError` where the count
        leaves the table, `KindError` for an n that is no whole number.
        """
        try:
            place = self._places[date] + n
            if n > 0 and place <= self._settled_workdays and n.__class__ is int:
                return self._numbered_workdays[place]
        except (KeyError, TypeError):
            pass  # said below, with what was got
        return self._add_workdays(date, n)

    def _add_workdays(self, date: dt.date, n: int) -> dt.date:
        """Add working days where the start, the count or the result is not an ordinary one."""
        table = self.table
        index = self._civil.index(date)
        if type(n) is not int:
            msg = f"n is a whole number of working days, got {n!r}"
            raise KindError(msg)
        if n == 0:
            return date
        rank = table.rank[index]
        place = rank + n - 1 if n > 0 else rank - table.flags[index] + n
        if not 0 <= place < len(table.workdays):
            raise UnknownDayError(None, self._civil.first, self._civil.last)
        found = table.workdays[place]
        last = max(index, self._civil.index(found))
        if last > table.settled:
            self._warn(last)
        return found

    def workdays_between(self, a: dt.date, b: dt.date) -> int:
        """Return the number of working days in (a, b]; negative when b is before a."""
        start, end = self._civil.index(a), self._civil.index(b)
        if start > self.table.settled or end > self.table.settled:
            self._warn(max(start, end))
        return self.table.rank[end] - self.table.rank[start]

    # -- instants

    def is_open(self, when: dt.datetime) -> bool:
        """Tell whether an instant is working time; spans are half-open."""
        day, us = self._civil.locate(when)
        if day > self.table.settled:
            self._warn(day)
        return bool(bisect_right(self.table.patterns[day][0], us) & 1)

    def next_open(self, when: dt.datetime) -> dt.datetime:
        """Return the instant itself if it is working time, else the next span's start."""
        table = self.table
        day, us = self._civil.locate(when)
        bounds = table.patterns[day][0]
        place = bisect_right(bounds, us)
        if place & 1:
            found, at = day, us
        elif place < len(bounds):
            found, at = day, bounds[place]
        else:
            found = bisect_right(table.worked, table.worked[day + 1]) - 1
            if found >= self._civil.count:
                raise UnknownDayError(None, self._civil.first, self._civil.last)
            at = table.patterns[found][0][0]
        if found > table.settled:
            self._warn(found)
        return self._civil.instant(found, at, when)

    def previous_open(self, when: dt.datetime) -> dt.datetime:
        """Return the instant itself if it is working time, else the previous span's end."""
        table = self.table
        day, us = self._civil.locate(when)
        if day > table.settled:
            self._warn(day)
        bounds = table.patterns[day][0]
        place = bisect_right(bounds, us)
        if place & 1:
            return self._civil.instant(day, us, when)
        if place:
            return self._civil.instant(day, bounds[place - 1], when)
        found = bisect_left(table.worked, table.worked[day]) - 1
        if found < 0:
            raise UnknownDayError(None, self._civil.first, self._civil.last)
        return self._civil.instant(found, table.patterns[found][0][-1], when)

    def add(self, when: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        """Return the instant that lies `amount` of working time after `when`.

        For w > 0 the earliest u with `between(when, u) == w`, so a limit may end exactly at
        closing; for w < 0 the latest u with `between(u, when) == -w`; `add(t, 0) == t`.
        """
        try:
            zone = when.tzinfo
            line = self._lines.get(zone)
            if line is not None and amount > _ZERO:
                first, starts, leads, upto, near = line
                place = first[when.toordinal()]
                while starts[place] <= when:
                    place += 1
                target = when - leads[place]
                if target > upto[place]:  # noqa: PLR1730 min() costs more than the rest
                    target = upto[place]
                target += amount
                low, high = near[target.days]
                found = leads[bisect_left(upto, target, low, high)] + target
                return found if found.tzinfo is zone else found.replace(tzinfo=zone)  # another name of UTC
        except (AttributeError, TypeError, LookupError, OverflowError):
            pass  # answered, or said, below
        return self._add(when, amount)

    def _add(self, when: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        """Add working time where the start, the amount or the result is not an ordinary one."""
        if not isinstance(amount, _timedelta):
            msg = f"an amount of working time (timedelta) is meant, got {amount!r}"
            raise KindError(msg)
        other = self._for_line(when)
        if other is not None:
            found = WorkCalendar.add(self, other, amount)  # not the way of a subclass, which asked already
            return found if found.tzinfo is when.tzinfo else found.astimezone(when.tzinfo)
        day, us = self._civil.locate(when)
        last, at = self.table.add(day, us, amount // _MICROSECOND)
        if max(last, day) > self.table.settled:
            self._warn(max(last, day))
        return self._civil.instant(last, at, when)

    def _for_line(self, when: dt.datetime) -> dt.datetime | None:
        """Return an instant that a line can take; None where it was one already, and no line holds it.

        Lines are drawn in naive instants, in the calendar's own zone and in UTC; others go by UTC.
        """
        elsewhere = self._civil.moved(when, dt.UTC)
        zone = when.tzinfo
        if zone is not None and zone is not self._civil.zone and zone is not dt.UTC:
            return elsewhere
        if zone in self._lines:
            return None
        self._lines[zone] = make_line(self.table, zone)
        return when

    def between(self, a: dt.datetime, b: dt.datetime) -> dt.timedelta:
        """Return the working time in [a, b); `between(b, a)` is its negative."""
        try:
            zone = a.tzinfo
            line = self._lines.get(zone)
            if line is not None and b.tzinfo is zone:
                first, starts, leads, upto, _ = line
                place = first[a.toordinal()]
                while starts[place] <= a:
                    place += 1
                until_a = a - leads[place]
                if until_a > upto[place]:  # noqa: PLR1730 min() costs more than the rest
                    until_a = upto[place]
                place = first[b.toordinal()]
                while starts[place] <= b:
                    place += 1
                until_b = b - leads[place]
                if until_b > upto[place]:
                    return upto[place] - until_a
                return until_b - until_a
        except (AttributeError, TypeError, LookupError, OverflowError):
            pass  # answered, or said, below
        return self._between(a, b)

    def _between(self, a: dt.datetime, b: dt.datetime) -> dt.timedelta:
        """Count working time where a zone, a turn of the clock or an unsettled day is in the way."""
        table, civil = self.table, self._civil
        other, other_end = self._for_line(a), self._for_line(b)
        if (a.tzinfo is None) != (b.tzinfo is None):
            msg = f"both instants need a zone or neither: got {a!r} and {b!r}"
            raise KindError(msg)
        if other is not None or other_end is not None:
            return WorkCalendar.between(self, other or a, other_end or b)
        day, us = civil.locate(a)
        end_day, end_us = civil.locate(b)
        if day > table.settled or end_day > table.settled:
            self._warn(max(day, end_day))
        return dt.timedelta(0, 0, table.done_at(end_day, end_us) - table.done_at(day, us))
