"""A second opinion on working time that walks: minute by minute, day by day, and nothing cleverer.

Written from `design.md` 3.1 to 3.3 and `domain.md` 5.1, 6 (decisions 2 to 8, 20) and 7, without sight of the library.
All datetimes are naive local ones with minute precision; there is no daylight saving. An instant stands for the start
of its minute, so "the minute 16:59" is [16:59, 17:00). The only speed-up is a cache of the open minutes of each date.

Run `python tests/oracles/minute_walk.py` for the self-check.

Ambiguities met in the text, and how they are read here. (Marked *: the text can well be read the other way, and the
answers differ. Marked +: the text settles it, but a reader may slip.)

Spans, weeks, closures

1.  Span notation. An end below the start lies on the next day; "24:00" is the end of the same day, and "22:00-00:00"
    means the same as "22:00-24:00" (accepted, never generated). An end equal to the start ("08:00-08:00") is refused,
    though it might mean 24 hours. Spans stand in order and do not overlap; spans that touch
    ("09:00-12:00,12:00-17:00") are accepted, since spans are half-open, and are generated now and then.
2.  + Only the day on which a span *starts* has to be a working day: the tail of Friday's "22:00-06:00" is open on
    Saturday, also where Saturday is a holiday; a holiday on Friday removes the tail, too.
3.  A date that is in both `holidays` and `workdays`: the text is silent; a working day here (the rule in cn-days.json
    tests make-up days first). Never generated.
4.  An extra working day whose weekday has no hours, where Monday has none either: `ValueError`. Never generated.
5.  + An extra working day whose weekday has hours takes that weekday's, not Monday's. `date_hours` on an extra working
    day wins over both.
6.  "A closure that takes all the working time of a date": closures are taken together here; two that swallow a date
    only between them make it a day off as well. *
7.  "All the working time of a date" with an overnight span is the time of the spans that start on this date: the tail
    after midnight counts for it, the tail of the day before does not. *
8.  `next_open` and `previous_open` speak of "the next span's start" and "the previous span's end". Where a closure cuts
    a span, these are the ends of what is left: the first open minute, and the end of the last open minute.

Which day, which close

9.  The day of a start is its calendar date ("the calendar day of acknowledgement", decision 3), also when the start
    lies in the tail of the overnight span of the day before. So a start on Saturday 02:00 in Friday's shift is a start
    on a day off: `roll` and 当日 move it on to Monday. *
10. The close of a day is the end of its last span, closures left out; for an overnight day that is on the next calendar
    day (Friday's "22:00-06:00" closes on Saturday 06:00). Hence no start is ever "at or after the close" of an
    overnight day. *
11. + `roll` ("at or after the close") and 当日 compare with that same nominal close, closures left out: with hours to
    17:00 and a typhoon from 14:00 a start at 15:00 keeps its day.
12. + `roll` looks neither at lunch nor at the opening: only a day off and the last close of the day move a start. A
    date swallowed by closures is a day off, for `roll`, for 当日 and for `shift_last_day`.
13. The close of a day off (natural days and months with shift_last_day="none", day_end="close_of_business"): it has
    none, so 24:00 (decision 5: "24:00 if it has none"). A date that only closures made a day off is treated alike,
    although its hours would give a close. *
14. "midnight" is the end of the last day, 24:00, that is 00:00 of the date after; for an overnight day too: the
    midnight inside its span, not the one after its close. day_end="HH:MM" is that time on the calendar date of the
    last day, whatever the opening hours are ("24:00" is accepted as midnight). *

First day

15. With `included`, or `included_before` with a late HH:MM, a start after the close (with `keep_day`) counts its own
    day, and a limit of one day then ends at a close that lies *before* the start. The conventions say just that, so
    the oracle returns it and neither moves nor caps it. The same holds for a `day_end` earlier than the start. *
16. A start on a day off, working days, `keep_day`: the first working day after it is day 1, whatever `first_day` says
    (a day off cannot be counted, so it can neither be included nor cost a day).
17. With `roll` the next working day takes the place of the start day: day 0 when `excluded`, day 1 when `included`.
18. `included_before:HH:MM` is strict: a start exactly at HH:MM is excluded. It looks at the clock of the start, not at
    opening hours. A start that was rolled is taken as lying at 00:00 of its new day, hence before any HH:MM but
    "00:00", not at that day's opening. *
19. Natural days and months: a start on a day off is counted or not by its clock alone. `out_of_hours` has no part in
    them (natural days run through; only their last day is shifted). *
20. Months, `excluded`: the corresponding day, else the last of the month. `included`: the day before the corresponding
    day; where no corresponding day exists, the last of the month and not the day before it (2023-01-31 + 1 month ends
    2023-02-28 in both; 2023-03-01 included ends 2023-03-31; 2023-01-28 included ends 2023-02-27). *
21. `shift_last_day` moves on to the next working day once the last day is known; nothing shifts the first day.

当日 and fractions

22. close_roll does not look at `first_day`, `out_of_hours` or `day_end`: always the close, always rolled. *
23. natural_day ("natural_day_24h", decision 4): until 24:00 of the calendar date of the start, day off or not,
    without a shift; not 24 hours from the start. *
24. business_hours (n_business_hours(8), decision 4): a whole regular day's working time, by `add`, from the start.
25. "A regular day" where weekdays differ: Monday, or the first weekday of mon..sun that has hours; closures and
    `date_hours` left out. *
26. A fraction of a working day (`n` a Fraction) comes "by `add`, after the whole days": from the due instant of the
    whole days, under the same conventions, or from the start itself when there is no whole day. So 1.5 working days
    from Monday 10:00 is the middle of Wednesday, and `first_day` says nothing about half a day. *
27. A limit of no days, or a negative one, is refused with `ValueError`.
"""

from __future__ import annotations

import calendar as civil
import csv
import json
import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from fractions import Fraction
from pathlib import Path

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY = 1440
"""Minutes in a day."""
FURTHEST = 4000
"""No walk goes further than this many days from where it began."""
ONE_DAY = timedelta(days=1)
ONE_MINUTE = timedelta(minutes=1)
FIRST, LAST = date(2020, 1, 1), date(2024, 12, 31)
"""The dates that random weeks and starts keep to."""

Span = tuple[int, int]
"""Start and end in minutes from the midnight of the day that owns the span; the end may exceed 1440."""
Closure = tuple[datetime, datetime]


@dataclass(frozen=True)
class Week:
    """A working calendar, described plainly. Do not change the mappings after the first question."""

    hours: Mapping[str, str]
    """"mon" to "sun" -> "09:00-12:00,13:30-17:30"; a weekday left out is closed."""
    holidays: frozenset[date] = frozenset()
    workdays: frozenset[date] = frozenset()
    """Extra working days."""
    date_hours: Mapping[date, str] = field(default_factory=dict)
    """Makes its date a working day with these hours."""
    closures: tuple[Closure, ...] = ()
    """Half-open intervals of naive local time."""
    _owned: dict[date, frozenset[int]] = field(default_factory=dict, init=False, repr=False, compare=False)
    _open: dict[date, frozenset[int]] = field(default_factory=dict, init=False, repr=False, compare=False)


# --- The day ---------------------------------------------------------------------------------------------------------


def parse_time(text: str) -> int:
    """Minutes from midnight of "HH:MM"; "24:00" is 1440."""
    hour, minute = text.split(":")
    if len(hour) != 2 or len(minute) != 2 or not int(minute) < 60 or int(hour) * 60 + int(minute) > DAY:
        msg = f"not a time of day: {text!r}"
        raise ValueError(msg)
    return int(hour) * 60 + int(minute)


def parse_spans(text: str) -> list[Span]:
    """The spans of "09:00-12:00,13:30-17:30", in order; the end of an overnight span exceeds 1440."""
    spans: list[Span] = []
    for part in text.split(","):
        start, end = (parse_time(half.strip()) for half in part.split("-"))
        if end < start:
            end += DAY
        if end == start or start >= DAY or (spans and start < spans[-1][1]):
            msg = f"empty, overlapping or unordered span in {text!r}"
            raise ValueError(msg)
        spans.append((start, end))
    return spans


def spans_of(week: Week, day: date) -> list[Span]:
    """The spans that start on this day by `hours` and `date_hours`, closures left out; none on a day off."""
    name = WEEKDAYS[day.weekday()]
    if day in week.date_hours:
        return parse_spans(week.date_hours[day])
    if day in week.workdays:
        if name in week.hours:
            return parse_spans(week.hours[name])
        if "mon" in week.hours:
            return parse_spans(week.hours["mon"])
        msg = f"extra working day {day} has no hours, and Monday has none to lend"
        raise ValueError(msg)
    if day in week.holidays or name not in week.hours:
        return []
    return parse_spans(week.hours[name])


def instant(day: date, minute: int) -> datetime:
    """The instant so many minutes after the midnight with which the day begins."""
    return datetime.combine(day, time()) + timedelta(minutes=minute)


def clock(t: datetime) -> int:
    """Minutes since midnight; refuses what the oracle does not know."""
    if t.tzinfo is not None or t.second or t.microsecond:
        msg = f"the oracle takes naive datetimes with minute precision, not {t!r}"
        raise ValueError(msg)
    return t.hour * 60 + t.minute


def owned_minutes(week: Week, day: date) -> frozenset[int]:
    """Open minutes of the spans that start on this day, from its midnight: 0 to 2879."""
    if day not in week._owned:
        near = [c for c in week.closures if c[0] < instant(day, 2 * DAY) and instant(day, 0) < c[1]]
        found = set()
        for start, end in spans_of(week, day):
            t = instant(day, start)
            for minute in range(start, end):
                if not near or not any(closed_from <= t < closed_to for closed_from, closed_to in near):
                    found.add(minute)
                t += ONE_MINUTE
        week._owned[day] = frozenset(found)
    return week._owned[day]


def open_minutes(week: Week, day: date) -> frozenset[int]:
    """Open minutes of a calendar date, 0 to 1439, the tail of the night before with them."""
    if day not in week._open:
        today = owned_minutes(week, day)
        before = owned_minutes(week, day - ONE_DAY)
        week._open[day] = frozenset(m for m in range(DAY) if m in today or m + DAY in before)
    return week._open[day]


def close_of(week: Week, day: date) -> datetime:
    """The end of the day's last span, closures left out; 24:00 on a day off."""
    if not is_workday(week, day):
        return instant(day, DAY)
    return instant(day, spans_of(week, day)[-1][1])


def regular_minutes(week: Week) -> int:
    """Working minutes of a regular day: Monday's, or those of the first weekday that has hours."""
    for name in WEEKDAYS:
        if name in week.hours:
            return sum(end - start for start, end in parse_spans(week.hours[name]))
    msg = "no weekday has hours"
    raise LookupError(msg)


def _walk(start: date, step: int) -> Iterator[date]:
    """The start, then day after day (step 1) or day before day (step -1); LookupError when it goes too far."""
    day = start
    for _ in range(FURTHEST + 1):
        yield day
        day += step * ONE_DAY
    msg = f"walked {FURTHEST} days from {start} without an answer"
    raise LookupError(msg)


# --- Instants --------------------------------------------------------------------------------------------------------


def is_open(week: Week, t: datetime) -> bool:
    """Whether the minute that begins at t is working time."""
    return clock(t) in open_minutes(week, t.date())


def add(week: Week, t: datetime, minutes: int) -> datetime:
    """Working time from t.

    For minutes > 0 the earliest u with between(t, u) == minutes, for minutes < 0 the latest u with
    between(u, t) == -minutes, for 0 t itself.
    """
    now = clock(t)
    left = abs(minutes)
    if left == 0:
        return t
    if minutes > 0:
        for day in _walk(t.date(), 1):
            opened = open_minutes(week, day)
            for minute in range(now if day == t.date() else 0, DAY):
                if minute in opened:
                    left -= 1
                    if left == 0:
                        return instant(day, minute + 1)
    else:
        for day in _walk(t.date(), -1):
            opened = open_minutes(week, day)
            for minute in reversed(range(now if day == t.date() else DAY)):
                if minute in opened:
                    left -= 1
                    if left == 0:
                        return instant(day, minute)
    raise AssertionError  # the walk ends in an answer or a LookupError


def between(week: Week, a: datetime, b: datetime) -> int:
    """Working minutes in [a, b); the negative of those in [b, a) when b < a."""
    first, last = clock(a), clock(b)
    if b < a:
        return -between(week, b, a)
    total = 0
    for day in _walk(a.date(), 1):
        opened = open_minutes(week, day)
        for minute in range(first if day == a.date() else 0, last if day == b.date() else DAY):
            if minute in opened:
                total += 1
        if day == b.date():
            break
    return total


def next_open(week: Week, t: datetime) -> datetime:
    """The instant itself if open, else the start of the next open minute."""
    now = clock(t)
    for day in _walk(t.date(), 1):
        opened = open_minutes(week, day)
        for minute in range(now if day == t.date() else 0, DAY):
            if minute in opened:
                return instant(day, minute)
    raise AssertionError


def previous_open(week: Week, t: datetime) -> datetime:
    """The instant itself if open, else the end of the last open minute before it."""
    now = clock(t)
    if is_open(week, t):
        return t
    for day in _walk(t.date(), -1):
        opened = open_minutes(week, day)
        for minute in reversed(range(now if day == t.date() else DAY)):
            if minute in opened:
                return instant(day, minute + 1)
    raise AssertionError


# --- Days ------------------------------------------------------------------------------------------------------------


def is_workday(week: Week, day: date) -> bool:
    """Whether the day counts: some working time of its own is left after the closures."""
    return len(owned_minutes(week, day)) > 0


def add_workdays(week: Week, day: date, n: int) -> date:
    """The n-th working day after the day (before it for n < 0); the day itself for 0."""
    left = abs(n)
    for here in _walk(day, 1 if n > 0 else -1):
        if here != day and is_workday(week, here):
            left -= 1
        if left == 0:
            return here
    raise AssertionError


def workdays_between(week: Week, a: date, b: date) -> int:
    """Working days in (a, b]; the negative of those in (b, a] when b < a."""
    if b < a:
        return -workdays_between(week, b, a)
    total = 0
    for day in _walk(a, 1):
        if day != a and is_workday(week, day):
            total += 1
        if day == b:
            break
    return total


# --- Limits ----------------------------------------------------------------------------------------------------------


def _counts_first_day(first_day: str, minute: int) -> bool:
    """Whether a start at this minute of its day counts the day."""
    if first_day == "excluded":
        return False
    if first_day == "included":
        return True
    word, _, limit = first_day.partition(":")
    if word != "included_before":
        msg = f"unknown first_day {first_day!r}"
        raise ValueError(msg)
    return minute < parse_time(limit)


def _end_of(week: Week, day: date, day_end: str) -> datetime:
    """The instant at which a limit ends whose last day is this."""
    if day_end == "close_of_business":
        return close_of(week, day)
    if day_end == "midnight":
        return instant(day, DAY)
    return instant(day, parse_time(day_end))


def _shifted(week: Week, day: date, shift_last_day: str) -> date:
    """The last day, moved on to the next working day where the convention says so."""
    if shift_last_day == "none":
        return day
    if shift_last_day != "next_workday":
        msg = f"unknown shift_last_day {shift_last_day!r}"
        raise ValueError(msg)
    for here in _walk(day, 1):
        if is_workday(week, here):
            return here
    raise AssertionError


def _positive(n: int | Fraction) -> None:
    """Refuse a limit of nothing."""
    if n <= 0:
        msg = f"a limit is positive, not {n}"
        raise ValueError(msg)


def due_working_days(
    week: Week,
    start: datetime,
    n: int | Fraction,
    *,
    first_day: str = "excluded",
    out_of_hours: str = "keep_day",
    day_end: str = "close_of_business",
) -> datetime:
    """N working days from the start; a Fraction adds its share of a regular day by `add` after the whole days."""
    _positive(n)
    whole = int(n)
    if n != whole:
        share = (n - whole) * regular_minutes(week)
        if share.denominator != 1:
            msg = f"{n} working days are not whole minutes: {share}"
            raise ValueError(msg)
        base = start
        if whole:
            base = due_working_days(
                week, start, whole, first_day=first_day, out_of_hours=out_of_hours, day_end=day_end
            )
        return add(week, base, int(share))

    day, minute = start.date(), clock(start)
    if out_of_hours not in {"keep_day", "roll"}:
        msg = f"unknown out_of_hours {out_of_hours!r}"
        raise ValueError(msg)
    if out_of_hours == "roll" and (not is_workday(week, day) or start >= close_of(week, day)):
        day, minute = add_workdays(week, day, 1), 0

    counted = 0
    include = _counts_first_day(first_day, minute)
    for here in _walk(day, 1):
        if is_workday(week, here) and (here != day or include):
            counted += 1
        if counted == whole:
            return _end_of(week, here, day_end)
    raise AssertionError


def due_same_day(week: Week, start: datetime, *, same_day: str = "close_roll") -> datetime:
    """当日."""
    day = start.date()
    clock(start)
    if same_day == "natural_day":
        return instant(day, DAY)
    if same_day == "business_hours":
        return add(week, start, regular_minutes(week))
    if same_day != "close_roll":
        msg = f"unknown same_day {same_day!r}"
        raise ValueError(msg)
    if is_workday(week, day) and start < close_of(week, day):
        return close_of(week, day)
    return close_of(week, add_workdays(week, day, 1))


def due_natural_days(
    week: Week,
    start: datetime,
    n: int,
    *,
    first_day: str = "excluded",
    shift_last_day: str = "next_workday",
    day_end: str = "close_of_business",
) -> datetime:
    """N natural days from the start."""
    _positive(n)
    counted = 0
    include = _counts_first_day(first_day, clock(start))
    for here in _walk(start.date(), 1):
        if here != start.date() or include:
            counted += 1
        if counted == n:
            return _end_of(week, _shifted(week, here, shift_last_day), day_end)
    raise AssertionError


def due_months(
    week: Week,
    start: datetime,
    n: int,
    *,
    first_day: str = "excluded",
    shift_last_day: str = "next_workday",
    day_end: str = "close_of_business",
) -> datetime:
    """N months from the start."""
    _positive(n)
    include = _counts_first_day(first_day, clock(start))
    year, month = start.year, start.month
    for _ in range(n):
        month += 1
        if month > 12:
            year, month = year + 1, 1
    last_of_month = civil.monthrange(year, month)[1]
    if start.day > last_of_month:
        last = date(year, month, last_of_month)
    else:
        last = date(year, month, start.day)
        if include:
            last -= ONE_DAY
    return _end_of(week, _shifted(week, last, shift_last_day), day_end)


# --- Random weeks and starts -----------------------------------------------------------------------------------------


def _hhmm(minute: int) -> str:
    return f"{minute // 60:02d}:{minute % 60:02d}"


def _random_date(rng: random.Random) -> date:
    return FIRST + rng.randrange((LAST - FIRST).days + 1) * ONE_DAY


def _random_hours(rng: random.Random, first: int, last: int) -> str:
    """One to three spans in [first, last], in minutes from midnight; they start before 24:00."""
    ordinary = [
        "09:00-17:00",
        "09:00-12:00,13:30-17:30",
        "08:30-11:30,13:00-17:00",
        "00:00-24:00",
        "09:00-12:00",
    ]
    if rng.random() < 0.4:
        text = rng.choice(ordinary)
        spans = parse_spans(text)
        if first <= spans[0][0] and spans[-1][1] <= last:
            return text
    while True:
        grain = rng.choice([1, 5, 15, 30, 30, 60, 60])
        points = [m for m in range(first, last + 1) if m % grain == 0]
        count = rng.choice([1, 1, 2, 2, 2, 3])
        if len(points) < 2 * count:
            continue
        marks = sorted(rng.sample(points, 2 * count))
        if rng.random() < 0.5:  # one edge lies on the edge of what is allowed
            marks[rng.choice([0, -1])] = rng.choice([first, last])
            marks.sort()
        spans = list(zip(marks[::2], marks[1::2], strict=True))
        if count > 1 and rng.random() < 0.05:
            spans[1] = (spans[0][1], spans[1][1])
        if any(start >= DAY or end <= start for start, end in spans):
            continue
        if any(end - start >= DAY and (start, end) != (0, DAY) for start, end in spans):
            continue
        return ",".join(f"{_hhmm(s)}-{_hhmm(e if e <= DAY else e - DAY)}" for s, e in spans)


def _random_closures(rng: random.Random, week: Week, how_many: int) -> tuple[Closure, ...]:
    """Closures of every size, many of them laid exactly along the spans of some date."""
    found: list[Closure] = []
    earliest, latest = instant(FIRST, 0), instant(LAST, DAY)

    def put(start: datetime, end: datetime) -> None:
        start, end = max(start, earliest), min(end, latest)
        if start < end:
            found.append((start, end))

    while len(found) < how_many:
        day = _random_date(rng)
        spans = [(instant(day, s), instant(day, e)) for s, e in spans_of(week, day)]
        some = timedelta(minutes=rng.choice([1, 7, 30, 90, 600]))
        kind = rng.randrange(13)
        if kind == 0:  # minutes to hours, anywhere
            start = instant(day, rng.randrange(DAY))
            put(start, start + timedelta(minutes=rng.choice([1, 2, 15, 59, 60, 240, 700])))
        elif kind == 1:  # days to weeks, from any minute
            start = instant(day, rng.choice([0, 1140, rng.randrange(DAY)]))
            put(start, start + timedelta(minutes=rng.randrange(DAY, rng.choice([3, 8, 25]) * DAY)))
        elif kind == 2:  # whole calendar dates
            put(instant(day, 0), instant(day, rng.choice([1, 1, 2, 5]) * DAY))
        elif kind == 3 and found:  # overlaps, repeats or continues one that is there
            start, end = rng.choice(found)
            moved = [
                (start, end),
                (start + some, end + some),
                (start - some, end - ONE_MINUTE),
                (end, end + some),
            ]
            put(*rng.choice(moved))
        elif not spans:
            continue
        elif kind in {4, 5}:  # the working time of a date, exactly
            put(spans[0][0], spans[-1][1])
        elif kind == 6:  # the same, in one closure a span
            for start, end in spans:
                put(start, end)
        elif kind == 7:  # all of it but a minute, at one end or the other
            put(
                *rng.choice(
                    [(spans[0][0] + ONE_MINUTE, spans[-1][1]), (spans[0][0], spans[-1][1] - ONE_MINUTE)]
                )
            )
        elif kind == 8:  # one span, exactly
            put(*rng.choice(spans))
        elif kind == 9:  # ends where a span starts, or starts where one ends
            start, end = rng.choice(spans)
            put(*rng.choice([(start - some, start), (end, end + some)]))
        elif kind == 10:  # from a span's start, or up to its end
            start, end = rng.choice(spans)
            put(*rng.choice([(start, start + some), (end - some, end)]))
        elif kind == 11 and len(spans) > 1:  # a break, exactly
            put(spans[0][1], spans[1][0])
        elif kind == 12:  # two that swallow a date between them
            middle = (
                spans[0][0] + rng.randrange(1, (spans[-1][1] - spans[0][0]) // ONE_MINUTE + 1) * ONE_MINUTE
            )
            put(spans[0][0], middle)
            put(middle - rng.choice([0 * ONE_MINUTE, ONE_MINUTE, some]), spans[-1][1])
    return tuple(found)


def random_week(rng: random.Random) -> Week:
    """A valid week of any kind, with holidays, extra days, date hours and closures within 2020 to 2024.

    Each weekday gets a cut, and the spans of a weekday keep between its cut and the next day's, also those of
    `date_hours` and those that an extra day borrows from Monday; so no span ever overlaps that of a neighbour.
    """
    kind = rng.random()
    if kind < 0.5:
        cuts = [0] * 7  # no overnight spans
    elif kind < 0.75:
        cuts = [rng.randrange(60, 840, 30)] * 7
    else:
        cuts = [rng.choice([0, 0, 360, 480, rng.randrange(840)]) for _ in range(7)]

    def window(weekday: int) -> Span:
        return cuts[weekday], DAY + cuts[(weekday + 1) % 7]

    shape = rng.random()
    if shape < 0.45:
        opened = [0, 1, 2, 3, 4]
    elif shape < 0.6:
        opened = list(range(7))
    elif shape < 0.75:
        opened = [rng.randrange(7)]
    else:
        opened = sorted(rng.sample(range(7), rng.randrange(2, 7)))

    hours: dict[str, str] = {}
    tightest = max(cuts), DAY + min(cuts)
    if rng.random() < 0.5:
        text = _random_hours(rng, *tightest)
        hours = {WEEKDAYS[weekday]: text for weekday in opened}
    else:
        hours = {WEEKDAYS[weekday]: _random_hours(rng, *window(weekday)) for weekday in opened}

    def has_hours(day: date) -> bool:
        if WEEKDAYS[day.weekday()] in hours:
            return True
        if "mon" not in hours:
            return False
        spans = parse_spans(hours["mon"])
        first, last = window(day.weekday())
        return first <= spans[0][0] and spans[-1][1] <= last

    busy = rng.choice([0, 1, 5, 20, 60])
    workdays = {day for day in (_random_date(rng) for _ in range(rng.randrange(busy + 1))) if has_hours(day)}
    holidays: set[date] = set()
    for _ in range(rng.randrange(busy + 1)):
        day = _random_date(rng)
        for _ in range(rng.choice([1, 1, 2, 3, 3, 7, 8, 16])):
            if day <= LAST:
                holidays.add(day)
            day += ONE_DAY
    for holiday in sorted(holidays):  # make-up days sit close to holidays
        day = holiday + rng.choice([-2, -1, 1, 2]) * ONE_DAY
        if rng.random() < 0.1 and FIRST <= day <= LAST and has_hours(day):
            workdays.add(day)
    holidays -= workdays

    date_hours: dict[date, str] = {}
    for _ in range(rng.randrange(busy + 1)):
        pool = [_random_date(rng)]
        if rng.random() < 0.5:
            pool += sorted(holidays)[:50] + sorted(workdays)[:50]
        day = rng.choice(pool)
        date_hours[day] = _random_hours(rng, *window(day.weekday()))

    week = Week(hours, frozenset(holidays), frozenset(workdays), date_hours)
    closures = _random_closures(rng, week, rng.randrange(rng.choice([1, 4, 15, 60])))
    return Week(hours, frozenset(holidays), frozenset(workdays), date_hours, closures)


def random_start(rng: random.Random) -> datetime:
    """Any minute within 2020 to 2024, round times and both sides of them preferred."""
    minute = rng.randrange(DAY)
    kind = rng.random()
    if kind < 0.4:
        minute -= minute % 30
    elif kind < 0.6:
        minute = rng.choice([0, 1, 539, 540, 541, 719, 720, 721, 809, 810, 1019, 1020, 1021, 1439])
    return instant(_random_date(rng), minute)


def random_start_near(rng: random.Random, week: Week) -> datetime:
    """A start within 2020 to 2024 beside something special of this week: a span's edge, a closure, a holiday."""
    marks = [instant(day, 0) for day in [*week.holidays, *week.workdays, *week.date_hours]]
    marks += [edge for closure in week.closures for edge in closure]
    mark = rng.choice(sorted(marks)) if marks and rng.random() < 0.8 else random_start(rng)
    if rng.random() < 0.6:
        spans = spans_of(week, mark.date() + rng.choice([-1, 0, 0, 0, 1]) * ONE_DAY)
        if spans:
            mark = instant(mark.date(), rng.choice(rng.choice(spans)))
    mark += timedelta(minutes=rng.choice([-1, 0, 0, 1, rng.randrange(-3 * DAY, DAY)]))
    return min(max(mark, instant(FIRST, 0)), instant(LAST, DAY - 1))


# --- Self-check ------------------------------------------------------------------------------------------------------


def _expect(what: str, expected: object, got: object) -> None:
    """Stop with both values when they differ; works under -O too."""
    if expected != got:
        msg = f"{what}: expected {expected}, got {got}"
        raise SystemExit(msg)


def _data(name: str) -> Path:
    """A data file of the tests."""
    return Path(__file__).resolve().parents[1] / "data" / name


def china(hours: str = "09:00-17:00") -> Week:
    """The State Council days of cn-days.json, 2007 to 2026."""
    years = json.loads(_data("cn-days.json").read_text(encoding="utf-8"))["years"].values()
    return Week(
        dict.fromkeys(WEEKDAYS[:5], hours),
        frozenset(date.fromisoformat(day) for year in years for day in year["off"]),
        frozenset(date.fromisoformat(day) for year in years for day in year["make_up"]),
    )


def check_golden() -> int:
    """The golden table, the figures below it, and the working days of each year; the number of values compared."""
    week, compared = china(), 0
    with _data("golden-chongming.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    _expect("golden rows", 16, len(rows))
    for row in rows:
        start = datetime.fromisoformat(row["acknowledged_at"])
        _expect(f"{start} simple", datetime.fromisoformat(row["simple_due"]), due_same_day(week, start))
        general = due_working_days(week, start, 3)
        _expect(f"{start} yellow", datetime.fromisoformat(row["general_yellow_from"]), general - ONE_DAY)
        compared += 2
        for name, n in (("contact_due", 1), ("general_due", 3), ("complex_due", 5)):
            plain = datetime.fromisoformat(row[name])
            rolled = datetime.fromisoformat(row[f"rolled_{name}"] or row[name])
            _expect(f"{start} {name}", plain, due_working_days(week, start, n))
            _expect(f"{start} rolled {name}", rolled, due_working_days(week, start, n, out_of_hours="roll"))
            compared += 2
    d = datetime
    _expect("1 month, no such day", d(2026, 2, 28, 17), due_months(week, d(2026, 1, 31, 10), 1))
    _expect("1 month", d(2026, 10, 30, 17), due_months(week, d(2026, 9, 30, 10), 1))
    _expect("7 days", d(2026, 9, 28, 17), due_natural_days(week, d(2026, 9, 18, 10), 7))
    unshifted = due_natural_days(week, d(2026, 9, 18, 10), 7, shift_last_day="none", day_end="17:00")
    _expect("7 days, no shift", d(2026, 9, 25, 17), unshifted)
    years = json.loads(_data("cn-days.json").read_text(encoding="utf-8"))["years"]
    for year, entry in years.items():
        got = workdays_between(week, date(int(year) - 1, 12, 31), date(int(year), 12, 31))
        _expect(f"working days of {year}", entry["working_days"], got)
    return compared + 4 + len(years)


def check_by_hand() -> int:
    """Small cases worked out by hand; the number of values compared."""
    d = datetime
    five = WEEKDAYS[:5]
    night = Week(dict.fromkeys(five, "08:00-12:00,22:00-06:00"), holidays=frozenset({date(2023, 3, 8)}))
    lunch = Week(dict.fromkeys(five, "09:00-12:00,13:30-17:30"))
    storm = Week(
        dict.fromkeys(five, "09:00-17:00"),
        holidays=frozenset({date(2023, 3, 12)}),
        workdays=frozenset({date(2023, 3, 11)}),
        date_hours={date(2023, 3, 12): "10:00-11:00"},
        closures=((d(2023, 3, 7, 14), d(2023, 3, 9, 12)), (d(2023, 3, 10, 9), d(2023, 3, 10, 16, 59))),
    )
    late = "included_before:20:00"
    rows: list[tuple[object, object]] = [
        # 2023-03-06 is a Monday. Friday's night shift is open on Saturday, Wednesday's is not there (a holiday).
        (True, is_open(night, d(2023, 3, 11, 5, 59))),
        (False, is_open(night, d(2023, 3, 11, 6))),
        (True, is_open(night, d(2023, 3, 8, 5))),
        (False, is_open(night, d(2023, 3, 8, 22))),
        (False, is_open(night, d(2023, 3, 9, 1))),
        (12 * 60, between(night, d(2023, 3, 7), d(2023, 3, 9)) - 6 * 60),
        (d(2023, 3, 9, 9), add(night, d(2023, 3, 8, 5), 120)),
        (d(2023, 3, 8, 5, 59), add(night, d(2023, 3, 9, 8), -1)),
        (d(2023, 3, 8, 6), previous_open(night, d(2023, 3, 9, 7))),
        (d(2023, 3, 9, 8), next_open(night, d(2023, 3, 8, 6))),
        (d(2023, 3, 11, 6), due_working_days(night, d(2023, 3, 9, 3), 1)),
        (d(2023, 3, 11, 0), due_working_days(night, d(2023, 3, 9, 3), 1, day_end="midnight")),
        (d(2023, 3, 14, 6), due_same_day(night, d(2023, 3, 11, 2))),
        (d(2023, 3, 11, 6), due_same_day(night, d(2023, 3, 10, 23))),
        # Lunch.
        (d(2023, 3, 6, 12), add(lunch, d(2023, 3, 6, 9), 180)),
        (d(2023, 3, 6, 13, 31), add(lunch, d(2023, 3, 6, 9), 181)),
        (d(2023, 3, 6, 13, 30), add(lunch, d(2023, 3, 6, 14), -30)),
        (d(2023, 3, 6, 11, 59), add(lunch, d(2023, 3, 6, 14), -31)),
        (-180, between(lunch, d(2023, 3, 6, 13), d(2023, 3, 6, 1))),
        (d(2023, 3, 7, 17, 30), due_working_days(lunch, d(2023, 3, 6, 12, 30), 1, out_of_hours="roll")),
        (d(2023, 3, 7, 17, 30), due_working_days(lunch, d(2023, 3, 6, 17, 29), 1, out_of_hours="roll")),
        (d(2023, 3, 8, 17, 30), due_working_days(lunch, d(2023, 3, 6, 17, 30), 1, out_of_hours="roll")),
        (d(2023, 3, 6, 17, 30), due_working_days(lunch, d(2023, 3, 4, 9), 1, first_day="included")),
        (
            d(2023, 3, 6, 17, 30),
            due_working_days(lunch, d(2023, 3, 6, 11, 59), 1, first_day="included_before:12:00"),
        ),
        (
            d(2023, 3, 7, 17, 30),
            due_working_days(lunch, d(2023, 3, 6, 12), 1, first_day="included_before:12:00"),
        ),
        (d(2023, 3, 6, 17, 30), due_working_days(lunch, d(2023, 3, 6, 19), 1, first_day=late)),
        (
            d(2023, 3, 7, 17, 30),
            due_working_days(lunch, d(2023, 3, 6, 19), 1, first_day=late, out_of_hours="roll"),
        ),
        (d(2023, 3, 8, 14), due_working_days(lunch, d(2023, 3, 6, 10), Fraction(3, 2))),
        (d(2023, 3, 7, 10), due_same_day(lunch, d(2023, 3, 6, 10), same_day="business_hours")),
        (d(2023, 3, 5, 0), due_same_day(lunch, d(2023, 3, 4, 10), same_day="natural_day")),
        (d(2023, 3, 6, 17, 30), due_same_day(lunch, d(2023, 3, 4, 10))),
        (d(2023, 3, 7, 17, 30), due_same_day(lunch, d(2023, 3, 6, 17, 30))),
        # A storm from Tuesday 14:00 to Thursday noon; Friday all but its last minute; Saturday extra; Sunday a
        # holiday with an hour by date_hours.
        ([True, True, False, True, True], [is_workday(storm, date(2023, 3, n)) for n in range(6, 11)]),
        ([True, True, True, False], [is_workday(storm, date(2023, 3, n)) for n in (11, 12, 13, 18)]),
        (d(2023, 3, 7, 17), due_working_days(storm, d(2023, 3, 6, 10), 1)),
        (d(2023, 3, 9, 17), due_working_days(storm, d(2023, 3, 6, 10), 2)),
        (d(2023, 3, 12, 11), due_working_days(storm, d(2023, 3, 10, 10), 2)),
        (d(2023, 3, 7, 17), due_same_day(storm, d(2023, 3, 7, 15))),
        (d(2023, 3, 9, 17), due_working_days(storm, d(2023, 3, 7, 15), 1, out_of_hours="roll")),
        (d(2023, 3, 9, 17), due_same_day(storm, d(2023, 3, 8, 9))),
        (d(2023, 3, 9, 12), next_open(storm, d(2023, 3, 7, 14))),
        (d(2023, 3, 7, 14), previous_open(storm, d(2023, 3, 9, 11))),
        (d(2023, 3, 11, 9, 1), add(storm, d(2023, 3, 9, 17), 2)),
        (-1, workdays_between(storm, date(2023, 3, 9), date(2023, 3, 7))),
        (date(2023, 3, 7), add_workdays(storm, date(2023, 3, 9), -1)),
        (d(2023, 3, 9, 17), due_natural_days(storm, d(2023, 3, 6, 10), 2)),
        (d(2023, 3, 9, 0), due_natural_days(storm, d(2023, 3, 6, 10), 2, shift_last_day="none")),
        # Months.
        (d(2024, 2, 29, 17), due_months(storm, d(2024, 1, 31, 8), 1)),
        (d(2023, 2, 28, 17), due_months(storm, d(2023, 1, 31, 8), 1, first_day="included")),
        (d(2023, 3, 31, 17), due_months(storm, d(2023, 3, 1, 8), 1, first_day="included")),
        (d(2023, 2, 27, 17), due_months(storm, d(2023, 1, 28, 8), 1, first_day="included")),
        (d(2024, 1, 31, 17), due_months(storm, d(2022, 12, 31, 8), 13)),
    ]
    for number, (expected, got) in enumerate(rows):
        _expect(f"by hand, row {number}", expected, got)
    try:
        add(Week({}), d(2023, 1, 2), 1)
    except LookupError:
        return len(rows) + 1
    msg = "a week without hours must end in LookupError"
    raise SystemExit(msg)


def check_valid(week: Week) -> None:
    """No span runs into the spans of the next day, also if a holiday were none; the exceptions are well formed."""
    if week.holidays & week.workdays or any(start >= end for start, end in week.closures):
        msg = f"malformed {week}"
        raise SystemExit(msg)
    lifted = Week(week.hours, frozenset(), week.workdays, week.date_hours)
    day = FIRST - ONE_DAY
    before = spans_of(lifted, day)
    while day <= LAST:
        day += ONE_DAY
        today = spans_of(lifted, day)
        if before and today and before[-1][1] > DAY + today[0][0]:
            msg = f"overlap at {day} in {week}"
            raise SystemExit(msg)
        before = today


def check_laws(rng: random.Random, week: Week, t: datetime, u: datetime, w: int) -> None:
    """What holds between add and between, between days and their sums, and of a date's open minutes."""
    covered = any(
        instant(day, start) <= t < instant(day, end)
        for day in (t.date() - ONE_DAY, t.date())
        for start, end in spans_of(week, day)
    )
    plain = covered and not any(closed_from <= t < closed_to for closed_from, closed_to in week.closures)
    _expect(f"open {t} in {week}", plain, is_open(week, t))
    _expect("add 0", t, add(week, t, 0))
    ahead, back = add(week, t, w), add(week, t, -w)
    _expect(f"between {t} and {ahead} in {week}", w, between(week, t, ahead))
    _expect(f"between {back} and {t} in {week}", w, between(week, back, t))
    _expect(f"earliest {t} + {w} in {week}", w - 1, between(week, t, ahead - ONE_MINUTE))
    _expect(f"latest {t} - {w} in {week}", w - 1, between(week, back + ONE_MINUTE, t))
    _expect(f"out and back {t} + {w} in {week}", next_open(week, t), add(week, ahead, -w))
    last_end = t if is_open(week, t - ONE_MINUTE) else previous_open(week, t - ONE_MINUTE)
    _expect(f"back and out {t} - {w} in {week}", last_end, add(week, back, w))
    _expect("negative", -between(week, t, u), between(week, u, t))
    middle = min(t, u) + rng.randrange(int(abs(u - t) / ONE_MINUTE) + 1) * ONE_MINUTE
    _expect("sum", between(week, t, u), between(week, t, middle) + between(week, middle, u))
    following, previous = next_open(week, t), previous_open(week, t)
    _expect(
        "next is open, nothing is left out",
        (True, 0),
        (is_open(week, following), between(week, t, following)),
    )
    _expect("nothing is left out before", 0, between(week, previous, t))
    _expect("previous", True, previous == t or is_open(week, previous - ONE_MINUTE))
    n = rng.randrange(1, 8)
    later, earlier = add_workdays(week, t.date(), n), add_workdays(week, t.date(), -n)
    _expect(
        "working days ahead", (n, True), (workdays_between(week, t.date(), later), is_workday(week, later))
    )
    before = workdays_between(week, earlier, t.date()) - is_workday(week, t.date())
    _expect("working days back", (n - 1, True), (before, is_workday(week, earlier)))
    _expect("due", close_of(week, later), due_working_days(week, t, n))


def main() -> None:
    """Check the oracle against the golden table, hand-made cases and its own laws."""
    print(f"golden table and figures: {check_golden()} values")
    print(f"by hand: {check_by_hand()} values")
    rng = random.Random(20231026)
    weeks = laws = overnight = 0
    for _ in range(300):
        week = random_week(rng)
        check_valid(week)
        weeks += 1
        overnight += any(parse_spans(text)[-1][1] > DAY for text in week.hours.values())
        for _ in range(8):
            t = random_start(rng) if rng.random() < 0.3 else random_start_near(rng, week)
            u = t + timedelta(minutes=rng.randrange(-12 * DAY, 12 * DAY))
            check_laws(rng, week, t, u, rng.choice([1, 60, rng.randrange(1, 4000)]))
            laws += 1
    print(f"laws: {weeks} random weeks ({overnight} with overnight spans), {laws} rounds")


if __name__ == "__main__":
    main()
