"""Opening hours as people write them: "09:00-12:00,13:30-17:30"."""

import re
import unicodedata
from collections.abc import Mapping
from itertools import pairwise

from bubancheng.errors import CalendarError, KindError

SECOND = 1_000_000
MINUTE = 60 * SECOND
DAY = 24 * 60 * MINUTE

Spans = tuple[tuple[int, int], ...]
"""Half-open spans in microseconds after midnight; an overnight span ends after 24 hours."""

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

_SPAN = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")
_DASHES = str.maketrans({"–": "-", "—": "-", "~": "-", "至": "-", "、": ",", ";": ","})


def parse_spans(text: str) -> Spans:
    """Return the spans of one day, sorted; half-open, in microseconds after midnight.

    Accepts full-width digits and punctuation. An end at or before its start means the next day
    (22:00-06:00); 24:00 is allowed as an end. Errors: `KindError` for anything but a string,
    `CalendarError` for a span that cannot be read, is empty, or overlaps another.
    """
    if not isinstance(text, str):
        msg = f'hours take a string such as "09:00-17:00", got {text!r}'
        raise KindError(msg)
    problems: list[str] = []
    spans: list[tuple[int, int]] = []
    for part in unicodedata.normalize("NFKC", text).translate(_DASHES).split(","):
        found = _SPAN.fullmatch(part.strip())
        if found is None:
            problems.append(f'{part.strip()!r} is not a span such as "09:00-17:00"')
            continue
        hour, minute, end_hour, end_minute = map(int, found.groups())
        start = (hour * 60 + minute) * MINUTE
        end = (end_hour * 60 + end_minute) * MINUTE
        if minute > 59 or end_minute > 59 or start >= DAY or end > DAY or start == end:  # noqa: PLR2004 clock minutes
            problems.append(f"{part.strip()!r} needs clock times from 00:00 to 24:00 that differ")
            continue
        spans.append((start, end if end > start else end + DAY))
    spans.sort()
    problems += ["two spans of one day overlap" for (_, end), (start, _) in pairwise(spans) if start < end]
    if problems:
        raise CalendarError(f"hours {text!r}", problems)
    return tuple(spans)


def parse_week(hours: str | Mapping[str, str]) -> tuple[Spans, ...]:
    """Return the spans of Monday to Sunday; one string means Monday to Friday.

    Errors: `CalendarError` for a day that is not one of mon, tue, wed, thu, fri, sat, sun, or a
    week without any hours; all faults at once.
    """
    if isinstance(hours, str):
        daily = parse_spans(hours)
        return (daily,) * 5 + ((), ())
    if not isinstance(hours, Mapping):
        msg = f"hours take a string or a mapping of weekdays, got {hours!r}"
        raise KindError(msg)
    problems = [f"{key!r} is not one of {', '.join(WEEKDAYS)}" for key in hours if key not in WEEKDAYS]
    week: list[Spans] = []
    for weekday in WEEKDAYS:
        try:
            week.append(parse_spans(hours[weekday]) if weekday in hours else ())
        except CalendarError as error:
            problems += [f"{weekday}: {problem}" for problem in error.problems]
            week.append(())
    if not problems and not any(week):
        problems.append("a week needs at least one span of working time")
    if problems:
        raise CalendarError("weekly hours", problems)
    return tuple(week)


def regular_spans(week: tuple[Spans, ...]) -> Spans:
    """Return Monday's spans, or those of the first weekday that has any.

    What an extra working day takes whose own weekday has no hours.
    """
    return next(spans for spans in week if spans)
