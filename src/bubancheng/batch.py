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
import warnings
from collections.abc import Iterator
from functools import cached_property
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import ArrayLike, NDArray

from bubancheng.calendar import WorkCalendar
from bubancheng.calendar.civil import CivilDays
from bubancheng.calendar.hours import DAY, SECOND
from bubancheng.calendar.table import Table
from bubancheng.errors import ArgumentError, KindError, ProvisionalWarning, UnknownDayError

__all__ = ["add", "add_workdays", "between", "lights"]

_Ints = NDArray[np.int64]

_CHUNK = 1 << 16  # elements; more gain nothing, fewer pay for the calls
_BUCKETS = 1 << 19  # entries a finder may have before it takes more steps instead
_OFF = 1 << 40  # a day, a count of days or of seconds that lies off every table
_FAR = 1 << 62  # a lead that carries every value away from all true ones
_EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 wall clock, as datetime64 is
_EPOCH_DAY = _EPOCH.toordinal()
_MICROSECOND = dt.timedelta(microseconds=1)
_CLOCK_UNITS = frozenset({"h", "m", "s", "ms", "us"})
_SPAN_UNITS = _CLOCK_UNITS | {"W", "D"}


def add_workdays(cal: WorkCalendar, days: ArrayLike, n: ArrayLike) -> NDArray[np.datetime64]:
    """Return the n-th working day after each day (`WorkCalendar.add_workdays`), datetime64[D].

    `days`: datetime64[D]; `n`: whole numbers of working days, negative ones count back, 0 gives the
    day itself. Errors: `UnknownDayError` where an element lies off the table or the count leaves it,
    `KindError` for other kinds of values and for NaT.
    """
    shape, day, count = _aligned(_civil_days(days), _counts(n))
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
    shape, start, amount = _aligned(_instants(starts, "starts"), _amounts(seconds))
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
    shape, start, end = _aligned(_instants(a, "a"), _instants(b, "b"))
    seconds = np.empty(start.size)
    latest = _tables(cal).hours.between(start, end, seconds)
    _warn_after(cal, latest)
    return seconds.reshape(shape)


def lights(due: ArrayLike, now: ArrayLike, warn: np.timedelta64) -> NDArray[np.int8]:
    """Return 0 (green), 1 (yellow: 0 <= due - now <= warn) or 2 (red: now > due) for each, int8.

    `due` and `now`: datetime64[us]; a due time of NaT is none yet, hence green. `warn`: natural time.
    Errors: `KindError` for other kinds of values and for NaT in `now` and `warn`.
    """
    shape, ends, clock = _aligned(_instants(due, "due"), _instants(now, "now"))
    if clock.size and clock.min() == _NAT:
        raise KindError(_NAT_REFUSED)
    ahead = max(_span(warn), -1)
    latest = np.iinfo(np.int64).max - max(ahead, 0)
    shown = np.empty(ends.size, np.int8)
    late = np.empty(min(ends.size, _CHUNK), np.bool_)
    for part in _chunks(ends.size):
        end, at = ends[part], clock if clock.ndim == 0 else clock[part]
        near, red = shown[part].view(np.bool_), late[: end.size]
        np.less_equal(end, np.minimum(at, latest) + ahead, out=near)
        np.less(end, at, out=red)
        if end.min() == _NAT:
            timed = end != _NAT
            near &= timed
            red &= timed
        shown[part] += red.view(np.int8)
    return shown.reshape(shape)


# -- what the callers hand in

_NAT = int(np.datetime64("NaT").view(np.int64))
_NAT_REFUSED = "NaT is no day and no instant: leave such elements out"


def _civil_days(values: ArrayLike) -> _Ints:
    given = np.asarray(values)
    if given.dtype.kind != "M" or np.datetime_data(given.dtype) != ("D", 1):
        msg = f"civil dates (datetime64[D]) are meant, got {given.dtype}: use .astype('datetime64[D]')"
        raise KindError(msg)
    return given.astype("datetime64[D]", copy=False).view(np.int64)


def _instants(values: ArrayLike, name: str) -> _Ints:
    """Return instants as microseconds since 1970; NaT passes here and is refused later."""
    given = np.asarray(values)
    if given.dtype.kind != "M" or np.datetime_data(given.dtype)[0] not in _CLOCK_UNITS:
        msg = f"{name}: instants (datetime64[us]) are meant, got {given.dtype}: use .astype('datetime64[us]')"
        raise KindError(msg)
    return _microseconds(given, "datetime64[us]", name)


def _span(value: np.timedelta64) -> int:
    given = np.asarray(value)
    if given.shape or given.dtype.kind != "m" or np.datetime_data(given.dtype)[0] not in _SPAN_UNITS:
        msg = f"warn: one span of time (timedelta64[us]) is meant, got {value!r}"
        raise KindError(msg)
    span = int(_microseconds(given, "timedelta64[us]", "warn"))
    if span == _NAT:
        msg = "warn: a span of time is meant, got NaT"
        raise KindError(msg)
    return span


def _microseconds(given: NDArray[Any], unit: str, name: str) -> _Ints:
    """Return times in microseconds; numpy itself would let those overflow that do not fit."""
    found = given.astype(unit, copy=False)
    if found is not given and ((found.astype(given.dtype) != given) & ~np.isnat(given)).any():
        msg = f"{name}: a time is too far away for {unit}"
        raise ArgumentError(msg)
    return found.view(np.int64)


def _counts(values: ArrayLike) -> _Ints:
    given = np.asarray(_bounded(values))
    if given.dtype.kind not in "iu":
        msg = f"n: whole numbers of working days are meant, got {given.dtype}"
        raise KindError(msg)
    return _signed(given)


def _amounts(values: ArrayLike) -> NDArray[Any]:
    """Return seconds as int64 or float64."""
    given = np.asarray(_bounded(values))
    if given.dtype.kind == "f":
        return given.astype(np.float64, copy=False)
    if given.dtype.kind not in "iu":
        msg = f"seconds: numbers (int or float) are meant, got {given.dtype}"
        raise KindError(msg)
    return _signed(given)


def _bounded(value: ArrayLike) -> ArrayLike:
    """Return a Python int that numpy can hold; what lies off every table stays off."""
    return max(min(value, _OFF), -_OFF) if type(value) is int else value


def _signed(given: NDArray[Any]) -> _Ints:
    if given.dtype == np.uint64:
        given = np.minimum(given, np.uint64(_OFF))
    return given.astype(np.int64, copy=False)


def _aligned(first: NDArray[Any], second: NDArray[Any]) -> tuple[tuple[int, ...], NDArray[Any], NDArray[Any]]:
    """Return the common shape and both arrays flat; the second stays 0-d where it is one value."""
    try:
        shape = np.broadcast_shapes(first.shape, second.shape)
    except ValueError:
        msg = f"the arguments of shapes {first.shape} and {second.shape} do not fit each other"
        raise ArgumentError(msg) from None
    flat = np.broadcast_to(first, shape).reshape(-1)
    return shape, flat, second if second.ndim == 0 else np.broadcast_to(second, shape).reshape(-1)


def _chunks(size: int) -> Iterator[slice]:
    return (slice(low, min(low + _CHUNK, size)) for low in range(0, size, _CHUNK))


# -- what a calendar's tables become


class _Tables:
    """One calendar's tables as arrays, each part built when first asked for."""

    def __init__(self, table: Table) -> None:
        self._table = table

    @cached_property
    def days(self) -> "_Days":
        return _Days(self._table)

    @cached_property
    def hours(self) -> "_Hours":
        return _Hours(self._table)


_known: WeakKeyDictionary[WorkCalendar, _Tables] = WeakKeyDictionary()


def _tables(cal: WorkCalendar) -> _Tables:
    found = _known.get(cal)
    if found is None:
        found = _known[cal] = _Tables(cal.table)
    return found


def _warn_after(cal: WorkCalendar, latest: int) -> None:
    """Warn once where the latest day touched, as an index of the table, is not settled."""
    if latest > cal.table.settled:
        warnings.warn(
            f"{cal.known_from + dt.timedelta(latest)} is later than {cal.known_until}: its official "
            "notice is not known (暂定); add it with notices=[...] when it is published",
            ProvisionalWarning,
            stacklevel=3,
        )


class _Days:
    """Working days as two look-ups, indexed by days since 1970 (or since `origin`, if that is earlier).

    `ahead` leads from a day to its place, to which n is added; on a day off that is one too few for a
    negative n, so `halves` has places in half steps and `(halves + 2n + (n < 0)) >> 1` fits both.
    `landings` leads from a place to the day found, and to `_OFF` from all that lies off the table.
    """

    def __init__(self, table: Table) -> None:
        self._civil = civil = table.civil
        self._first = first = civil.first.toordinal() - _EPOCH_DAY
        self._end, self._settled = first + civil.count, first + table.settled
        self._origin = origin = min(first - 1, 0)
        flags = np.frombuffer(table.flags, np.bool_)
        self._ahead = np.full(self._end - origin + 1, -_OFF, np.int64)
        self._ahead[first - origin : -1] = np.cumsum(flags)
        self._halves = 2 * self._ahead
        self._halves[first - origin : -1] += ~flags
        self._landings = np.concatenate(([_OFF], np.flatnonzero(flags) + first, [_OFF]))

    def add(self, days: _Ints, n: _Ints, found: _Ints) -> int:
        """Write what lies `n` working days from `days` to `found`; return the latest day touched."""
        rooms = np.empty((2, min(days.size, _CHUNK)), np.int64)
        composed = self._composed(n) if n.ndim == 0 and days.size > 2 * self._ahead.size else None
        latest = self._first
        for part in _chunks(days.size):
            day, landed = days[part], found[part]
            if composed is None:
                back = self._walk(day, n if n.ndim == 0 else n[part], landed, rooms[:, : day.size])
            else:
                back = bool(n <= 0)
                composed.take(self._index(day), 0, landed, "clip")
            top = int(landed.max())
            if back or top >= _OFF:
                top = max(top, _top(day, self._first, self._end, 1, self._civil))
            if top >= _OFF:
                raise UnknownDayError(None, self._civil.first, self._civil.last)
            if back and top > self._settled:  # no days from a day is no count, so nothing was consulted
                counted = np.broadcast_to(n if n.ndim == 0 else n[part], day.shape) != 0
                top = int(np.maximum(day, landed).max(where=counted, initial=self._first))
            latest = max(latest, top)
        return latest - self._first

    def _composed(self, n: _Ints) -> _Ints:
        """Return both look-ups in one, for a single n."""
        composed = np.full(self._ahead.size, _OFF, np.int64)
        every = np.arange(self._first, self._end, dtype=np.int64)
        landed = composed[self._first - self._origin : -1]
        self._walk(every, n, landed, np.empty((2, every.size), np.int64))
        return composed

    def _index(self, day: _Ints) -> _Ints:
        return day - self._origin if self._origin else day

    def _walk(self, day: _Ints, n: _Ints, landed: _Ints, rooms: _Ints) -> bool:
        """Write to `landed`; tell whether a count was zero or negative, so that the start counts."""
        place, room = rooms
        index = self._index(day)
        if n.min() > 0:
            self._ahead.take(index, 0, place, "clip")
            np.add(place, n, out=place)
            self._landings.take(place, 0, landed, "clip")
            return False
        np.clip(n, -_OFF, _OFF, out=room)
        self._halves.take(index, 0, place, "clip")
        np.add(place, room, out=place)
        np.add(place, room, out=place)
        np.right_shift(room, 63, out=room)
        np.subtract(place, room, out=place)
        np.right_shift(place, 1, out=place)
        self._landings.take(place, 0, landed, "clip")
        still = n == 0
        if still.any():
            np.copyto(landed, day, where=still)
        return True


class _Finder:
    """How many of sorted `marks` lie at or below a value: a look-up by its high bits, then few steps."""

    def __init__(self, marks: _Ints, end: int) -> None:
        closest = int(np.diff(marks).min()) if marks.size > 1 else end
        self._shift = max(closest, end // _BUCKETS, 1).bit_length() - 1
        edges = np.arange((end >> self._shift) + 1, dtype=np.int64) << self._shift
        self._below = np.searchsorted(marks, edges, "right")
        passed = np.searchsorted(marks, edges + (1 << self._shift) - 1, "right")
        self._steps = int((passed - self._below).max())
        self._marks = np.append(marks, np.iinfo(np.int64).max)

    def find(self, values: _Ints, place: _Ints, room: _Ints, passed: NDArray[np.bool_]) -> None:
        """Write the places of `values` to `place`; `room` and `passed` are for the way."""
        np.right_shift(values, self._shift, out=room)
        self._below.take(room, 0, place, "clip")
        for _ in range(self._steps):
            self._marks.take(place, 0, room, "clip")
            np.less_equal(room, values, out=passed)
            np.add(place, passed, out=place)


class _Hours:
    """Working time as a broken line over the wall clock: piece by piece, both ways.

    On a piece the working time done is `min(instant - lead, upto)`, from its start to the next one's.
    A day on which the zone's offset changes (a turn), if it has working time, has pieces whose lead is
    `_FAR`: what starts or ends there is left to the scalar calls.
    """

    def __init__(self, table: Table) -> None:
        self._table, self._civil = table, table.civil
        self._origin = (table.civil.first.toordinal() - _EPOCH_DAY) * DAY
        self._end = self._origin + table.civil.count * DAY
        self._total = table.worked[-1]
        begins, self._upto, self._lead = _pieces(table, self._origin)
        self._turns = np.array(sorted(table.civil.turns), np.int64)
        self._starts = _Finder(begins[1:], self._end - self._origin)
        self._ends = _Finder(self._upto, self._total)

    def add(self, starts: _Ints, seconds: NDArray[Any], found: _Ints) -> int:
        """Write what lies `seconds` of working time from `starts`; return the latest day touched."""
        rooms = _Rooms(starts.size)
        one = self._microseconds(seconds) if seconds.ndim == 0 and starts.size else None
        latest = self._origin
        for part in _chunks(starts.size):
            start, reached = starts[part], found[part]
            amount = one if one is not None else self._microseconds(seconds[part])
            latest = max(latest, self._done(start, reached, rooms))
            np.add(reached, amount, out=reached)
            if reached.min() < 0 or reached.max() > self._total:
                raise UnknownDayError(None, self._civil.first, self._civil.last)
            self._reach(start, amount, reached, rooms)
            latest = max(latest, int(reached.max()) - 1)
        return (latest - self._origin) // DAY

    def between(self, starts: _Ints, ends: _Ints, seconds: NDArray[np.float64]) -> int:
        """Write the seconds of working time from `starts` to `ends`; return the latest day touched."""
        rooms = _Rooms(starts.size)
        size = min(starts.size, _CHUNK)
        done, gone = np.empty(size, np.int64), np.empty(size, np.int64)
        latest = self._origin
        if ends.ndim == 0 and starts.size:
            ends = np.broadcast_to(ends, starts.shape)
        for part in _chunks(starts.size):
            start, end = starts[part], ends[part]
            before, after = done[: start.size], gone[: start.size]
            latest = max(latest, self._done(start, before, rooms), self._done(end, after, rooms))
            np.subtract(after, before, out=after)
            np.true_divide(after, SECOND, out=seconds[part])
        return (latest - self._origin) // DAY

    def _done(self, instants: _Ints, done: _Ints, rooms: "_Rooms") -> int:
        """Write the working time before each instant to `done`; return the latest instant."""
        top = _top(instants, self._origin, self._end, DAY, self._civil)
        place, room, passed = rooms.of(instants.size)
        np.subtract(instants, self._origin, out=done)
        self._starts.find(done, place, room, passed)
        self._lead.take(place, 0, room, "clip")
        np.subtract(instants, room, out=done)
        self._upto.take(place, 0, room, "clip")
        np.minimum(done, room, out=done)
        if self._turns.size and done.min() < 0:
            for at in np.flatnonzero(done < 0):
                done[at] = self._table.done_at(*self._civil.locate(_wall(instants[at])))
        return top

    def _reach(self, start: _Ints, amount: _Ints, target: _Ints, rooms: "_Rooms") -> None:
        """Turn working time into the instant that has it: the earliest forwards, the latest backwards."""
        place, room, passed = rooms.of(start.size)
        forwards = 1 if amount.min() > 0 else 0 if amount.max() < 0 else (amount > 0).astype(np.int64)
        key = rooms.key[: start.size]
        np.subtract(target, forwards, out=key)
        self._ends.find(key, place, room, passed)
        self._lead.take(place, 0, room, "clip")
        np.add(target, room, out=target)
        if not isinstance(forwards, int):
            still = amount == 0
            np.copyto(target, start, where=still)
            if self._turns.size:
                target[still & np.isin((start - self._origin) // DAY, self._turns)] = _FAR
        if self._turns.size and target.max() > _FAR >> 1:
            for at in np.flatnonzero(target > _FAR >> 1):
                wall = _wall(start[at])
                w = int(amount if amount.ndim == 0 else amount[at])
                found = self._table.add(*self._civil.locate(wall), w)
                target[at] = (self._civil.instant(*found, wall) - _EPOCH) // _MICROSECOND

    def _microseconds(self, seconds: NDArray[Any]) -> _Ints:
        """Return seconds as whole microseconds, rounded as a timedelta rounds."""
        if not np.isfinite(seconds.min() + seconds.max()):
            msg = "seconds: finite numbers are meant, got NaN or an infinity"
            raise KindError(msg)
        bound = self._total // SECOND + 1
        if seconds.min() < -bound or seconds.max() > bound:
            raise UnknownDayError(None, self._civil.first, self._civil.last)
        if seconds.dtype.kind == "i":
            return np.asarray(seconds * SECOND)
        whole = np.trunc(seconds)
        return np.asarray(whole * SECOND + np.rint((seconds - whole) * SECOND)).astype(np.int64)


class _Rooms:
    """The buffers of one call."""

    def __init__(self, size: int) -> None:
        self._size = min(size, _CHUNK)
        self._place, self._room, self.key = np.empty((3, self._size), np.int64)
        self._passed = np.empty(self._size, np.bool_)

    def of(self, size: int) -> tuple[_Ints, _Ints, NDArray[np.bool_]]:
        return self._place[:size], self._room[:size], self._passed[:size]


def _pieces(table: Table, origin: int) -> tuple[_Ints, _Ints, _Ints]:
    """Return `begins` (since the table's first midnight), `upto` and `lead` of the pieces, in order."""
    _, examples, kind = np.unique(
        np.fromiter(map(id, table.patterns), np.int64), return_index=True, return_inverse=True
    )
    bounds = [table.patterns[day][0] for day in examples]
    spans = np.array([edge for pattern in bounds for edge in pattern], np.int64).reshape(-1, 2)
    counts = np.array([len(pattern) // 2 for pattern in bounds])
    a_day = counts[kind]
    day = np.repeat(np.arange(a_day.size, dtype=np.int64), a_day)
    nth = np.arange(day.size) - np.repeat(np.cumsum(a_day) - a_day, a_day)
    own = spans[(np.cumsum(counts) - counts)[kind][day] + nth]
    begins, ends = own.T + day * DAY
    upto = np.cumsum(ends - begins)
    lead = ends - upto + origin

    turned = np.isin(day, list(table.civil.turns))
    joined = (begins[1:] == ends[:-1]) & ~turned[1:] & ~turned[:-1]
    opens, closes = np.append(True, ~joined), np.append(~joined, True)
    begins, lead, turned, day, upto = begins[opens], lead[opens], turned[opens], day[opens], upto[closes]

    begins[turned], lead[turned] = day[turned] * DAY, _FAR
    over = np.flatnonzero(turned & np.append(day[1:] != day[:-1], True)) + 1
    begins = np.insert(begins, np.append(0, over), np.append(-1, (day[over - 1] + 1) * DAY))
    lead = np.insert(lead, np.append(0, over), -_FAR)
    upto = np.insert(upto, np.append(0, over), np.append(0, upto[over - 1]))
    return begins, upto, lead


def _top(values: _Ints, first: int, end: int, day: int, civil: CivilDays) -> int:
    """Return the largest value; refuse what lies outside [first, end), in units of `day` to a day."""
    top = int(values.max())
    if values.min() >= first and top < end:
        return top
    off = values[(values < first) | (values >= end)]
    if (off == _NAT).any():
        raise KindError(_NAT_REFUSED)
    try:
        date = dt.date.fromordinal(_EPOCH_DAY + int(off[0]) // day)
    except (ValueError, OverflowError):
        date = None
    raise UnknownDayError(date, civil.first, civil.last)


def _wall(instant: np.int64) -> dt.datetime:
    return _EPOCH + dt.timedelta(0, 0, int(instant))
