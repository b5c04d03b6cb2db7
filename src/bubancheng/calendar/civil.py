"""The civil days of a zone: an instant as a day and the real time since its midnight, and back.

Every other module counts in these pairs `(day, us)`: `day` is the index of a civil date in the
table, `us` the microseconds that have really passed since that date's midnight. The two differ
from the wall clock only on a day on which the zone's offset changes (a `turn`).
"""

import datetime as dt
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bubancheng.calendar.hours import DAY, SECOND
from bubancheng.errors import CalendarError, KindError, UnknownDayError

_MICROSECOND = dt.timedelta(microseconds=1)
_UTC_ORIGIN = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_STEP = 4  # days between two looks at the zone's offset; no zone ever turned twice in so few


def find_zone(name: str) -> ZoneInfo:
    """Return the zone of an IANA name; `CalendarError` where there is none."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError) as error:
        raise CalendarError("zone", [f"{name!r} is not an IANA time zone such as Asia/Shanghai"]) from error


def _utc(wall: dt.datetime) -> int:
    """Return an aware wall time in UTC microseconds; one that the zone leaves out is its turn.

    Of a time shown twice, `fold` decides.
    """
    at = (wall - _UTC_ORIGIN) // _MICROSECOND
    if wall.fold or not isinstance(wall.tzinfo, ZoneInfo):
        return at
    other = (wall.replace(fold=1) - _UTC_ORIGIN) // _MICROSECOND
    return _turn_between(wall.tzinfo, other, at) if other < at else at


def _turn_between(zone: ZoneInfo, early: int, late: int) -> int:
    """Return the instant in (early, late] at which the zone's offset changes, to the second."""
    first, last = early // SECOND, late // SECOND
    before = _offset(zone, first)
    while last - first > 1:
        middle = (first + last) // 2
        if _offset(zone, middle) == before:
            first = middle
        else:
            last = middle
    return last * SECOND


def _offset(zone: ZoneInfo, seconds: int) -> dt.timedelta | None:
    return (_UTC_ORIGIN + dt.timedelta(seconds=seconds)).astimezone(zone).utcoffset()


@lru_cache(maxsize=64)
def _turns(zone: ZoneInfo, first: dt.date, days: int) -> dict[int, int]:
    """Map each day that does not last 24 hours to its midnight in UTC microseconds."""
    midnight = dt.datetime(first.year, first.month, first.day, tzinfo=zone)
    marks = [*range(0, days, _STEP), days]
    offsets = [(midnight + dt.timedelta(mark)).utcoffset() for mark in marks]
    turns: dict[int, int] = {}
    for (left, before), (right, after) in pairwise(zip(marks, offsets, strict=True)):
        if before == after:
            continue
        for day in range(max(left - 1, 0), min(right + 1, days)):
            start = _utc(midnight + dt.timedelta(day))
            if _utc(midnight + dt.timedelta(day + 1)) - start != DAY:
                turns[day] = start
    return turns


@lru_cache(maxsize=8)
def _numbered(first: dt.date, count: int) -> tuple[tuple[dt.date, ...], dict[dt.date, int]]:
    """Return the dates from `first` on and the index of each; shared by all calendars of a range."""
    dates = tuple(map(dt.date.fromordinal, range(first.toordinal(), first.toordinal() + count)))
    return dates, {date: index for index, date in enumerate(dates)}


class CivilDays:
    """The days of one zone from `first` on, `count` of them."""

    __slots__ = ("_steady", "aware", "count", "dates", "first", "indexes", "last", "naive", "turns", "zone")

    def __init__(self, zone: ZoneInfo, first: dt.date, last: dt.date) -> None:
        self.zone, self.first, self.last = zone, first, last
        self.count = (last - first).days + 1
        self.dates, self.indexes = _numbered(first, self.count)
        self.naive = dt.datetime(first.year, first.month, first.day)  # noqa: DTZ001 wall clock of the zone
        self.aware = self.naive.replace(tzinfo=zone)
        self.turns = _turns(zone, first, self.count)
        self._steady = first.toordinal() + max(self.turns, default=-1), last.toordinal()

    def moved(self, when: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
        """Return an instant in a zone; a naive one, which means this zone, as it is.

        Errors: `KindError` for anything but a datetime, `UnknownDayError` where no year is left.
        """
        if not isinstance(when, dt.datetime) or (when.tzinfo is not None and when.utcoffset() is None):
            msg = f"an instant (datetime) is meant, got {when!r}"
            raise KindError(msg)
        try:
            return when if when.tzinfo is None or when.tzinfo is zone else when.astimezone(zone)
        except OverflowError:
            raise UnknownDayError(None, self.first, self.last) from None

    def locate(self, when: dt.datetime) -> tuple[int, int]:
        """Return the day and the microseconds since its midnight.

        Errors: `KindError` for anything but a datetime, `UnknownDayError` outside the table.
        """
        here = self.moved(when, self.zone)
        own = here.tzinfo
        since = here - (self.naive if own is None else self.aware)
        day = since.days
        if not 0 <= day < self.count:
            raise UnknownDayError(when.date(), self.first, self.last)
        if day in self.turns:
            return day, _utc(here if own is not None else here.replace(tzinfo=self.zone)) - self.turns[day]
        return day, since.seconds * SECOND + since.microseconds

    def instant(self, day: int, us: int, like: dt.datetime) -> dt.datetime:
        """Return the instant `us` after the midnight of `day`, in the zone that `like` has."""
        own = like.tzinfo
        if day in self.turns:
            there = (_UTC_ORIGIN + dt.timedelta(0, 0, self.turns[day] + us)).astimezone(self.zone)
            return there.replace(tzinfo=None) if own is None else there.astimezone(own)
        if own is None:
            return self.naive + dt.timedelta(day, 0, us)
        if own is self.zone:
            return self.aware + dt.timedelta(day, 0, us)
        return (self.aware + dt.timedelta(day, 0, us)).astimezone(own)

    def elapsed(self, day: int, clock: int) -> int:
        """Return the real time from the midnight of `day` until its wall clock shows `clock`.

        24:00 is the next midnight; of an hour shown twice the first counts.
        """
        if day not in self.turns:
            return clock
        return _utc(self.aware + dt.timedelta(day, 0, clock)) - self.turns[day]

    def at_clock(self, day: int, clock: int) -> tuple[int, int]:
        """Return where the wall clock of `day` shows `clock`; from 24:00 on, the days after it."""
        day, clock = day + clock // DAY, clock % DAY
        return day, self.elapsed(day, clock)

    def clock(self, day: int, us: int) -> int:
        """Return what the wall clock shows `us` after the midnight of `day`, in microseconds."""
        if day not in self.turns:
            return us
        wall = self.instant(day, us, self.naive)
        return (wall - self.naive - dt.timedelta(day)) // _MICROSECOND

    def index(self, day: dt.date) -> int:
        """Return the index of a civil date; `KindError` for a datetime or anything else."""
        if type(day) is not dt.date and (isinstance(day, dt.datetime) or not isinstance(day, dt.date)):
            msg = f"a civil date (date) is meant, got {day!r}: convert it in the calendar's zone first"
            raise KindError(msg)
        found = day.toordinal() - self.first.toordinal()
        if not 0 <= found < self.count:
            raise UnknownDayError(day, self.first, self.last)
        return found

    def is_steady(self, a: dt.datetime, b: dt.datetime) -> bool:
        """Whether both are in this very zone, and no clock of it turns from `a` on to `b`."""
        after, until = self._steady
        return b.tzinfo is self.zone and after < a.toordinal() and b.toordinal() <= until

    def edges(self) -> tuple[dt.datetime, dt.datetime]:
        """Return the first instant of the table, and the first one after it."""
        return self.aware.astimezone(dt.UTC), (self.aware + dt.timedelta(self.count)).astimezone(dt.UTC)

    def date(self, day: int) -> dt.date:
        """Return the civil date of an index; `UnknownDayError` outside the table."""
        if not 0 <= day < self.count:
            raise UnknownDayError(None, self.first, self.last)
        return self.dates[day]
