"""Working time as a broken line over the instants: adding goes up it and down again."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bubancheng.batch.shared import CHUNK, EPOCH, EPOCH_DAY, FAR, MICROSECOND, Ints, chunks, top_of, wall_of
from bubancheng.calendar.hours import DAY, SECOND
from bubancheng.calendar.table import Table
from bubancheng.errors import KindError, UnknownDayError

_BUCKETS = 1 << 19  # entries a finder may have before it takes more steps instead


class _Finder:
    """How many of sorted `marks` lie at or below a value: a look-up by its high bits, then few steps."""

    def __init__(self, marks: Ints, end: int) -> None:
        closest = int(np.diff(marks).min()) if marks.size > 1 else end
        self._shift = max(closest, end // _BUCKETS, 1).bit_length() - 1
        edges = np.arange((end >> self._shift) + 1, dtype=np.int64) << self._shift
        self._below = np.searchsorted(marks, edges, "right")
        passed = np.searchsorted(marks, edges + (1 << self._shift) - 1, "right")
        self._steps = int((passed - self._below).max())
        self._marks = np.append(marks, np.iinfo(np.int64).max)

    def find(self, values: Ints, place: Ints, room: Ints, passed: NDArray[np.bool_]) -> None:
        """Write the places of `values` to `place`; `room` and `passed` are for the way."""
        np.right_shift(values, self._shift, out=room)
        self._below.take(room, 0, place, "clip")
        for _ in range(self._steps):
            self._marks.take(place, 0, room, "clip")
            np.less_equal(room, values, out=passed)
            np.add(place, passed, out=place)


class Hours:
    """Working time as a broken line over the wall clock: piece by piece, both ways.

    On a piece the working time done is `min(instant - lead, upto)`, from its start to the next one's.
    A day on which the zone's offset changes (a turn), if it has working time, has pieces whose lead is
    `FAR`: what starts or ends there is left to the scalar calls.
    """

    def __init__(self, table: Table) -> None:
        self._table, self._civil = table, table.civil
        self._origin = (table.civil.first.toordinal() - EPOCH_DAY) * DAY
        self._end = self._origin + table.civil.count * DAY
        self._total = table.worked[-1]
        begins, self._upto, self._lead = _pieces(table, self._origin)
        self._turns = np.array(sorted(table.civil.turns), np.int64)
        self._starts = _Finder(begins[1:], self._end - self._origin)
        self._ends = _Finder(self._upto, self._total)

    def add(self, starts: Ints, seconds: NDArray[Any], found: Ints) -> int:
        """Write what lies `seconds` of working time from `starts`; return the latest day touched."""
        rooms = _Rooms(starts.size)
        one = self._microseconds(seconds) if seconds.ndim == 0 and starts.size else None
        latest = self._origin
        for part in chunks(starts.size):
            start, reached = starts[part], found[part]
            amount = one if one is not None else self._microseconds(seconds[part])
            latest = max(latest, self._done(start, reached, rooms))
            np.add(reached, amount, out=reached)
            if reached.min() < 0 or reached.max() > self._total:
                raise UnknownDayError(None, self._civil.first, self._civil.last)
            self._reach(start, amount, reached, rooms)
            latest = max(latest, int(reached.max()) - 1)
        return (latest - self._origin) // DAY

    def between(self, starts: Ints, ends: Ints, seconds: NDArray[np.float64]) -> int:
        """Write the seconds of working time from `starts` to `ends`; return the latest day touched."""
        rooms = _Rooms(starts.size)
        size = min(starts.size, CHUNK)
        done, gone = np.empty(size, np.int64), np.empty(size, np.int64)
        latest = self._origin
        if ends.ndim == 0 and starts.size:
            ends = np.broadcast_to(ends, starts.shape)
        for part in chunks(starts.size):
            start, end = starts[part], ends[part]
            before, after = done[: start.size], gone[: start.size]
            latest = max(latest, self._done(start, before, rooms), self._done(end, after, rooms))
            np.subtract(after, before, out=after)
            np.true_divide(after, SECOND, out=seconds[part])
        return (latest - self._origin) // DAY

    def _done(self, instants: Ints, done: Ints, rooms: "_Rooms") -> int:
        """Write the working time before each instant to `done`; return the latest instant."""
        top = top_of(instants, self._origin, self._end, DAY, self._civil)
        place, room, passed = rooms.of(instants.size)
        np.subtract(instants, self._origin, out=done)
        self._starts.find(done, place, room, passed)
        self._lead.take(place, 0, room, "clip")
        np.subtract(instants, room, out=done)
        self._upto.take(place, 0, room, "clip")
        np.minimum(done, room, out=done)
        if self._turns.size and done.min() < 0:
            for at in np.flatnonzero(done < 0):
                done[at] = self._table.done_at(*self._civil.locate(wall_of(instants[at])))
        return top

    def _reach(self, start: Ints, amount: Ints, target: Ints, rooms: "_Rooms") -> None:
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
                target[still & np.isin((start - self._origin) // DAY, self._turns)] = FAR
        if self._turns.size and target.max() > FAR >> 1:
            for at in np.flatnonzero(target > FAR >> 1):
                wall = wall_of(start[at])
                w = int(amount if amount.ndim == 0 else amount[at])
                found = self._table.add(*self._civil.locate(wall), w)
                target[at] = (self._civil.instant(*found, wall) - EPOCH) // MICROSECOND

    def _microseconds(self, seconds: NDArray[Any]) -> Ints:
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
        self._size = min(size, CHUNK)
        self._place, self._room, self.key = np.empty((3, self._size), np.int64)
        self._passed = np.empty(self._size, np.bool_)

    def of(self, size: int) -> tuple[Ints, Ints, NDArray[np.bool_]]:
        return self._place[:size], self._room[:size], self._passed[:size]


def _pieces(table: Table, origin: int) -> tuple[Ints, Ints, Ints]:
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

    begins[turned], lead[turned] = day[turned] * DAY, FAR
    over = np.flatnonzero(turned & np.append(day[1:] != day[:-1], True)) + 1
    begins = np.insert(begins, np.append(0, over), np.append(-1, (day[over - 1] + 1) * DAY))
    lead = np.insert(lead, np.append(0, over), -FAR)
    upto = np.insert(upto, np.append(0, over), np.append(0, upto[over - 1]))
    return begins, upto, lead
