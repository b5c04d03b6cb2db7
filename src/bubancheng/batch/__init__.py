"""The calendar's arithmetic over arrays: the answers of the scalar calls, for millions at once.

Needs numpy, the extra `[batch]`. Instants are `datetime64[us]` wall times in the calendar's zone,
civil dates `datetime64[D]`; arguments broadcast against each other, and results have that shape.
Where the scalar call raises for one element, the batch raises for all of them.

Days are two look-ups: from the day to its place among the working days, and back. Hours are the
same with spans: working time is a broken line over the instants, adding goes up it and down again,
and the right piece is found by the high bits of a value (`_Finder`), never by bisection. Everything
goes in chunks that stay in the cache.
"""

import datetime as dt
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bubancheng.batch.arguments import aligned, amounts_of, civil_days, instants, span_of, whole_counts
from bubancheng.batch.days import Days
from bubancheng.batch.hours import Hours
from bubancheng.batch.shared import CHUNK, NAT, NAT_REFUSED, chunks
from bubancheng.calendar import WorkCalendar
from bubancheng.calendar.table import Table
from bubancheng.errors import KindError, ProvisionalWarning, warn

__all__ = ["add", "add_workdays", "between", "lights"]


def add_workdays(cal: WorkCalendar, days: ArrayLike, n: ArrayLike) -> NDArray[np.datetime64]:
    """Return the n-th working day after each day (`WorkCalendar.add_workdays`), datetime64[D].

    `days`: datetime64[D]; `n`: whole numbers of working days, negative ones count back, 0 gives the
    day itself. Errors: `UnknownDayError` where an element lies off the table or the count leaves it,
    `KindError` for other kinds of values and for NaT.
    """
    shape, day, count = aligned(civil_days(days), whole_counts(n))
    found = np.empty(day.size, np.int64)
    latest = _tables(cal).days.add(day, count, found)
    _warn_after(cal, latest)
    return found.view("datetime64[D]").reshape(shape)


def add(cal: WorkCalendar, starts: ArrayLike, seconds: ArrayLike) -> NDArray[np.datetime64]:
    """Return the instants `seconds` of working time after `starts` (`WorkCalendar.add`), datetime64[us].

    `seconds`: whole numbers, or floats, which count to the nearest microsecond as in a timedelta;
    negative ones count back. Errors: `UnknownDayError` where an element lies off the table or the
    count leaves it, `KindError` for other kinds of values and for NaT, NaN and infinities.
    """
    shape, start, amount = aligned(instants(starts, "starts"), amounts_of(seconds))
    found = np.empty(start.size, np.int64)
    latest = _tables(cal).hours.add(start, amount, found)
    _warn_after(cal, latest)
    return found.view("datetime64[us]").reshape(shape)


def between(cal: WorkCalendar, a: ArrayLike, b: ArrayLike) -> NDArray[np.float64]:
    """Return the working time in [a, b) in seconds (`WorkCalendar.between`), negative where b < a.

    Each is the float64 nearest to the exact time, which tells microseconds apart up to 285 years.
    Errors: `UnknownDayError` for an element off the table, `KindError` for other kinds of values and
    for NaT.
    """
    shape, start, end = aligned(instants(a, "a"), instants(b, "b"))
    seconds = np.empty(start.size)
    latest = _tables(cal).hours.between(start, end, seconds)
    _warn_after(cal, latest)
    return seconds.reshape(shape)


def lights(due: ArrayLike, now: ArrayLike, warn: np.timedelta64) -> NDArray[np.int8]:
    """Return 0 (green), 1 (yellow: 0 <= due - now <= warn) or 2 (red: now > due) for each, int8.

    `due` and `now`: datetime64[us]; a due time of NaT is none yet, hence green. `warn`: natural time.
    Errors: `KindError` for other kinds of values and for NaT in `now` and `warn`.
    """
    shape, ends, clock = aligned(instants(due, "due"), instants(now, "now"))
    if clock.size and clock.min() == NAT:
        raise KindError(NAT_REFUSED)
    ahead = max(span_of(warn), -1)
    latest = np.iinfo(np.int64).max - max(ahead, 0)
    shown = np.empty(ends.size, np.int8)
    late = np.empty(min(ends.size, CHUNK), np.bool_)
    for part in chunks(ends.size):
        end, at = ends[part], clock if clock.ndim == 0 else clock[part]
        near, red = shown[part].view(np.bool_), late[: end.size]
        np.less_equal(end, np.minimum(at, latest) + ahead, out=near)
        np.less(end, at, out=red)
        if end.min() == NAT:
            timed = end != NAT
            near &= timed
            red &= timed
        shown[part] += red.view(np.int8)
    return shown.reshape(shape)


class _Tables:
    """One calendar's tables as arrays, each part built when first asked for."""

    def __init__(self, table: Table) -> None:
        self._table = table

    @cached_property
    def days(self) -> "Days":
        return Days(self._table)

    @cached_property
    def hours(self) -> "Hours":
        return Hours(self._table)


_known: WeakKeyDictionary[WorkCalendar, _Tables] = WeakKeyDictionary()


def _tables(cal: WorkCalendar) -> _Tables:
    found = _known.get(cal)
    if found is None:
        found = _known[cal] = _Tables(cal.table)
    return found


def _warn_after(cal: WorkCalendar, latest: int) -> None:
    """Warn once where the latest day touched, as an index of the table, is not settled."""
    if latest > cal.table.settled:
        warn(
            f"{cal.known_from + dt.timedelta(latest)} is later than {cal.known_until}: its official "
            "notice is not known (暂定); add it with notices=[...] when it is published",
            ProvisionalWarning,
        )
