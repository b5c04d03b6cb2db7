"""Working time as a broken line over the wall clock, in timedeltas: the ordinary call, fast.

Where no clock turns and every day is settled, wall time and working time map to each other piece
by piece: flat where the office is closed, rising where it is open. Adding goes up the line and down again.
The line speaks timedeltas since the table's first midnight, because making a timedelta from numbers
costs more than all the rest. What it does not hold, it refuses with a `LookupError`, and `Table`
answers.
"""

import datetime as dt
from bisect import bisect_left
from itertools import accumulate

from bubancheng.calendar.table import Pattern, Table

_ZERO = dt.timedelta(0)
_BEFORE = dt.timedelta(-(10**7))  # earlier and later than every day of any table
_AFTER = dt.timedelta(10**7)

Piece = tuple[dt.timedelta, dt.timedelta]


class Line:
    """The line of one table.

    Place p lies after the p-th span's start: its working time is `since - leads[p]`, but `upto[p]` at most.
    `first[day]` is the place at a day's midnight, for settled days after the last turn only; `near`
    tells between which places a whole number of working 24 hours lies.
    """

    __slots__ = ("_first", "_leads", "_near", "_starts", "_upto")

    def __init__(self, table: Table) -> None:
        starts, lengths, first = _pieces(table)
        self._upto = upto = list(accumulate(lengths, initial=_ZERO))
        self._starts = [*starts, _AFTER]
        leads = [_BEFORE, *(start - done for start, done in zip(starts, upto, strict=False))]
        turn, settled = max(table.civil.turns, default=-1), table.settled
        self._first = {day: place for day, place in enumerate(first) if turn < day <= settled}
        known = first[settled + 1] if settled + 1 < len(first) else len(starts)
        self._leads = leads[: known + 1]  # no place after the settled days, so that none is ever found
        days = upto[-1].days + 2
        marks = [bisect_left(upto, dt.timedelta(day)) for day in range(days + 1)]
        self._near = [(marks[day], min(marks[day + 1] + 1, len(upto))) for day in range(days)]

    def done(self, since: dt.timedelta) -> dt.timedelta:
        """Return the working time from the first midnight to `since`; `LookupError` off the line."""
        place, starts = self._first[since.days], self._starts
        while starts[place] <= since:
            place += 1
        since -= self._leads[place]
        upto = self._upto[place]
        return upto if since > upto else since  # noqa: FURB136 min() costs more than the rest

    def add(self, since: dt.timedelta, amount: dt.timedelta) -> dt.timedelta:
        """Return the earliest time by which a positive amount is done; `LookupError` off the line."""
        place, starts, leads, upto = self._first[since.days], self._starts, self._leads, self._upto
        while starts[place] <= since:
            place += 1
        target = since - leads[place]
        if target > upto[place]:  # noqa: PLR1730 min() costs more than the rest
            target = upto[place]
        target += amount
        low, high = self._near[target.days]
        return leads[bisect_left(upto, target, low, high)] + target


def _pieces(table: Table) -> tuple[list[dt.timedelta], list[dt.timedelta], list[int]]:
    """Return the starts and lengths of all spans, and how many lie before each day."""
    starts: list[dt.timedelta] = []
    lengths: list[dt.timedelta] = []
    first: list[int] = []
    made: dict[int, list[Piece]] = {}
    for day, pattern in enumerate(table.patterns):
        first.append(len(starts))
        pieces = made.get(id(pattern))
        if pieces is None:
            pieces = made[id(pattern)] = _of_pattern(pattern)
        if pieces:
            midnight = dt.timedelta(day)
            for start, length in pieces:
                starts.append(midnight + start)
                lengths.append(length)
    return starts, lengths, first


def _of_pattern(pattern: Pattern) -> list[Piece]:
    bounds = pattern[0]
    return [
        (dt.timedelta(0, 0, start), dt.timedelta(0, 0, end - start))
        for start, end in zip(bounds[::2], bounds[1::2], strict=True)
    ]
