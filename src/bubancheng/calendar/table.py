"""The tables that make every count cheap: ranks of days, and prefix sums of working time.

Built once from a `CalendarSpec`; afterwards no method walks. Days are indexes from the first day
of the table, times are microseconds of really elapsed time since that day's midnight.
"""

import datetime as dt
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from itertools import accumulate, compress, pairwise

from bubancheng.calendar.civil import CivilDays, find_zone
from bubancheng.calendar.hours import DAY, Spans, regular_spans
from bubancheng.calendar.spec import CalendarSpec, is_overnight
from bubancheng.errors import CalendarError, UnknownDayError

Pattern = tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]]
"""The working time of one civil day, ready for bisection.

`bounds`: start and end of each span in turn. `before`: for each place between bounds, the working
time done there (inside a span: up to the span's start). `done`: working time at the end of each
span. `leads`: what to add to an amount of working time to get the time of day, for each span.
"""


def make_pattern(pieces: Sequence[tuple[int, int]]) -> Pattern:
    """Return the pattern of sorted, disjoint spans."""
    bounds: list[int] = []
    before, done, leads = [0], [], []
    total = 0
    for start, end in pieces:
        bounds += (start, end)
        leads.append(start - total)
        before.append(total)
        total += end - start
        before.append(total)
        done.append(total)
    return tuple(bounds), tuple(before), tuple(done), tuple(leads)


_CLOSED = make_pattern(())


def _united(pieces: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(pieces):
        if merged and start <= merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


def _without(pieces: Iterable[tuple[int, int]], cuts: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    left: list[tuple[int, int]] = []
    for piece_start, end in pieces:
        start = piece_start
        for cut_start, cut_end in cuts:
            if cut_end <= start or cut_start >= end:
                continue
            if cut_start > start:
                left.append((start, cut_start))
            start = cut_end
        if start < end:
            left.append((start, end))
    return left


class Table:
    """The answers of one calendar, as lists.

    `rank[i]`: working days up to and including day i. `workdays`: their dates in order.
    `worked[i]`: working time before day i (one more entry than days). `patterns[i]`: the working
    time of civil day i. `settled`: the index of the last day that no notice can change any more.
    """

    __slots__ = (
        "_shape_of",
        "_shapes",
        "civil",
        "flags",
        "patterns",
        "rank",
        "regular",
        "settled",
        "workdays",
        "worked",
    )

    def __init__(self, spec: CalendarSpec) -> None:
        self.civil = civil = CivilDays(find_zone(spec.zone), spec.first, spec.last)
        self.settled = (spec.known_until - spec.first).days
        self.regular = sum(end - start for start, end in regular_spans(spec.week))
        self._shapes: list[Spans] = [()]
        self._shape_of = self._days_of(spec)
        cuts, additions = self._by_day(spec.closures), self._by_day(spec.openings)
        self.flags = flags = bytearray(map(bool, self._shape_of))
        self.patterns = self._civil_patterns(cuts, additions)
        for day in {near for cut in cuts for near in (cut - 1, cut)}:
            if 0 <= day < civil.count and flags[day]:
                flags[day] = self._has_time_left(day, cuts)
        self.rank = list(accumulate(flags))
        self.workdays = list(compress(civil.dates, flags))
        self.worked = [0, *accumulate(pattern[1][-1] for pattern in self.patterns)]
        if not self.worked[-1]:
            raise CalendarError("calendar", ["no working time is left: closures take all of it"])

    def _days_of(self, spec: CalendarSpec) -> list[int]:
        """Return for each day which of `_shapes` its own working spans are (0: none)."""
        numbers: dict[Spans, int] = {(): 0}

        def number(spans: Spans) -> int:
            if spans not in numbers:
                numbers[spans] = len(self._shapes)
                self._shapes.append(spans)
            return numbers[spans]

        week = [number(spans) for spans in spec.week]
        extra = [shape or number(regular_spans(spec.week)) for shape in week]
        turn = spec.first.weekday()
        count, ordinal = self.civil.count, spec.first.toordinal()
        days = ((week[turn:] + week[:turn]) * (count // 7 + 1))[:count]
        for date, special in spec.special.items():
            index = date.toordinal() - ordinal
            if 0 <= index < count:
                days[index] = extra[date.weekday()] if special.works else 0
        for date, spans in spec.date_hours.items():
            days[self.civil.index(date)] = number(spans)
        return days

    def _by_day(
        self, intervals: Iterable[tuple[dt.datetime, dt.datetime]]
    ) -> dict[int, list[tuple[int, int]]]:
        """Return the pieces of intervals of instants, by civil day, clipped to the table."""
        found: dict[int, list[tuple[int, int]]] = {}
        first, end = self.civil.edges()
        for start, until in intervals:
            if until <= first or start >= end:
                continue
            from_day, from_us = self.civil.locate(start) if start > first else (0, 0)
            to_day, to_us = self.civil.locate(until) if until < end else (self.civil.count - 1, 2 * DAY)
            for day in range(from_day, to_day + 1):
                piece = (from_us if day == from_day else 0, to_us if day == to_day else 2 * DAY)
                if piece[0] < piece[1]:
                    found.setdefault(day, []).append(piece)
        return {day: _united(pieces) for day, pieces in found.items()}

    def _own_pieces(self, day: int) -> list[tuple[int, tuple[int, int]]]:
        """Return the working spans of a date as pieces of civil days, in elapsed time."""
        pieces = []
        for start, end in self._shapes[self._shape_of[day]]:
            for shift in range(2):
                low, high = max(start - shift * DAY, 0), min(end - shift * DAY, DAY)
                at = day + shift
                if low < high and at < self.civil.count:
                    piece = self.civil.elapsed(at, low), self.civil.elapsed(at, high)
                    if piece[0] < piece[1]:
                        pieces.append((at, piece))
        return pieces

    def _has_time_left(self, day: int, cuts: dict[int, list[tuple[int, int]]]) -> bool:
        return any(_without([piece], cuts.get(at, ())) for at, piece in self._own_pieces(day))

    def _civil_patterns(
        self, cuts: dict[int, list[tuple[int, int]]], additions: dict[int, list[tuple[int, int]]]
    ) -> list[Pattern]:
        """Return the working time of each civil day, overnight spans cut at midnight."""
        shapes, shape_of = self._shapes, self._shape_of
        plain = [
            make_pattern(tuple((start, min(end, DAY)) for start, end in spans)) if spans else _CLOSED
            for spans in shapes
        ]
        patterns = list(map(plain.__getitem__, shape_of))
        careful = {*cuts, *additions, *self.civil.turns}
        overnight = {number for number, spans in enumerate(shapes) if is_overnight(spans)}
        if overnight:
            self._spill(patterns, overnight)
            careful |= {day + 1 for day in self.civil.turns if day + 1 < self.civil.count}
        for day in sorted(careful):
            own = self._pieces_on(day)
            self._refuse_overlap(day, own)
            pieces = _united([*own, *additions.get(day, ())])
            patterns[day] = make_pattern(_without(pieces, cuts.get(day, ())))
        return patterns

    def _pieces_on(self, day: int) -> list[tuple[int, int]]:
        return sorted(
            piece
            for owner in (day - 1, day)
            if owner >= 0
            for at, piece in self._own_pieces(owner)
            if at == day
        )

    def _spill(self, patterns: list[Pattern], overnight: set[int]) -> None:
        """Set the patterns of days after an overnight span; each pair of shapes is made once."""
        made: dict[tuple[int, int], Pattern] = {}
        turns = self.civil.turns
        for day, pair in enumerate(pairwise(self._shape_of), start=1):
            if pair[0] not in overnight or day in turns or day - 1 in turns:
                continue
            if pair not in made:
                pieces = self._pieces_on(day)
                self._refuse_overlap(day, pieces)
                made[pair] = make_pattern(_united(pieces))
            patterns[day] = made[pair]

    def _refuse_overlap(self, day: int, pieces: Sequence[tuple[int, int]]) -> None:
        for (_, end), (start, _) in pairwise(pieces):
            if start < end:
                date = self.civil.date(day)
                raise CalendarError(
                    "hours", [f"an overnight span of {date - dt.timedelta(1)} overlaps the hours of {date}"]
                )

    def done_at(self, day: int, us: int) -> int:
        """Return the working time from the start of the table to an instant."""
        bounds, before, _, _ = self.patterns[day]
        place = bisect_right(bounds, us)
        done = self.worked[day] + before[place]
        return done + us - bounds[place - 1] if place & 1 else done

    def add(self, day: int, us: int, amount: int) -> tuple[int, int]:
        """Return the place that lies `amount` microseconds of working time from another.

        Forwards the earliest such place, backwards the latest; `UnknownDayError` off the table.
        """
        if not amount:
            return day, us
        worked = self.worked
        target = self.done_at(day, us) + amount
        if amount > 0:
            day = bisect_left(worked, target) - 1
            if day >= self.civil.count:
                raise UnknownDayError(None, self.civil.first, self.civil.last)
            _, _, done, leads = self.patterns[day]
            rest = target - worked[day]
            return day, leads[bisect_left(done, rest)] + rest
        if target < 0:
            raise UnknownDayError(None, self.civil.first, self.civil.last)
        day = bisect_right(worked, target) - 1
        _, _, done, leads = self.patterns[day]
        rest = target - worked[day]
        return day, leads[bisect_right(done, rest)] + rest

    def close(self, day: int) -> int | None:
        """Return the wall clock of a date's close of business, closures left out; None if off.

        More than 24 hours for a date whose last span runs overnight.
        """
        spans = self._shapes[self._shape_of[day]]
        return spans[-1][1] if spans else None

    def spans(self, day: int) -> Spans:
        """Return the spans that `hours` or `date_hours` give a date, closures left out."""
        return self._shapes[self._shape_of[day]]
