"""Working days as two look-ups: from the day to its place, and back."""

import numpy as np

from bubancheng.batch.shared import CHUNK, EPOCH_DAY, OFF, Ints, chunks, top_of
from bubancheng.calendar.accelerating import compiled
from bubancheng.calendar.table import Table
from bubancheng.errors import UnknownDayError

_SHORT = 1 << 16  # days of a table whose places fit into 16 bits, and so into the nearest cache


class Days:
    """Working days as two look-ups, indexed by days since 1970 (or since `origin`, if that is earlier).

    `ahead` leads from a day to its place, to which n is added; on a day off that is one too few for a
    negative n, so `halves` has places in half steps and `(halves + 2n + (n < 0)) >> 1` fits both.
    `landings` leads from a place to the day found, and to `OFF` from all that lies off the table.
    """

    def __init__(self, table: Table) -> None:
        self._civil = civil = table.civil
        self._first = first = civil.first.toordinal() - EPOCH_DAY
        self._end, self._settled = first + civil.count, first + table.settled
        self._origin = origin = min(first - 1, 0)
        flags = np.frombuffer(table.flags, np.bool_)
        self._ahead = np.full(self._end - origin + 1, -OFF, np.int64)
        self._ahead[first - origin : -1] = np.cumsum(flags)
        self._halves = 2 * self._ahead
        self._halves[first - origin : -1] += ~flags
        self._landings = np.concatenate(([OFF], np.flatnonzero(flags) + first, [OFF]))
        self._compiled = compiled("add_workdays") if civil.count <= _SHORT else None
        self._short = tuple(
            it.astype(np.uint16) for it in (self._ahead[first - origin : -1], self._landings[:-1] - first)
        )

    def add(self, days: Ints, n: Ints, found: Ints) -> int:
        """Write what lies `n` working days from `days` to `found`; return the latest day touched."""
        if self._compiled is not None and days.flags.c_contiguous and n.flags.c_contiguous:
            latest = self._compiled(days, n, *self._short, self._first, found)
            if latest is not None:  # else a day or a count that is not ordinary
                return int(latest) - self._first
        rooms = np.empty((2, min(days.size, CHUNK)), np.int64)
        composed = self._composed(n) if n.ndim == 0 and days.size > 2 * self._ahead.size else None
        latest = self._first
        for part in chunks(days.size):
            day, landed = days[part], found[part]
            if composed is None:
                back = self._walk(day, n if n.ndim == 0 else n[part], landed, rooms[:, : day.size])
            else:
                back = bool(n <= 0)
                composed.take(self._index(day), 0, landed, "clip")
            top = int(landed.max())
            if back or top >= OFF:
                top = max(top, top_of(day, self._first, self._end, 1, self._civil))
            if top >= OFF:
                raise UnknownDayError(None, self._civil.first, self._civil.last)
            if back and top > self._settled:  # no days from a day is no count, so nothing was consulted
                counted = np.broadcast_to(n if n.ndim == 0 else n[part], day.shape) != 0
                top = int(np.maximum(day, landed).max(where=counted, initial=self._first))
            latest = max(latest, top)
        return latest - self._first

    def _composed(self, n: Ints) -> Ints:
        """Return both look-ups in one, for a single n."""
        composed = np.full(self._ahead.size, OFF, np.int64)
        every = np.arange(self._first, self._end, dtype=np.int64)
        landed = composed[self._first - self._origin : -1]
        self._walk(every, n, landed, np.empty((2, every.size), np.int64))
        return composed

    def _index(self, day: Ints) -> Ints:
        return day - self._origin if self._origin else day

    def _walk(self, day: Ints, n: Ints, landed: Ints, rooms: Ints) -> bool:
        """Write to `landed`; tell whether a count was zero or negative, so that the start counts."""
        place, room = rooms
        index = self._index(day)
        if n.min() > 0:
            self._ahead.take(index, 0, place, "clip")
            np.add(place, n, out=place)
            self._landings.take(place, 0, landed, "clip")
            return False
        np.clip(n, -OFF, OFF, out=room)
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
