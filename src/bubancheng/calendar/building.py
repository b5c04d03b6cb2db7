"""From what a caller writes to a calendar's spec: checked, all faults at once."""

import datetime as dt
from collections.abc import Iterable, Mapping
from os import PathLike
from typing import TypeVar

from bubancheng.calendar import china
from bubancheng.calendar.civil import find_zone
from bubancheng.calendar.hours import Spans, parse_spans, parse_week
from bubancheng.calendar.notice import Notice, read_notice
from bubancheng.calendar.spec import CalendarSpec, SpecialDay
from bubancheng.errors import ArgumentError, CalendarError, KindError

T = TypeVar("T")
Hours = str | Mapping[str, str]
Interval = tuple[dt.datetime, dt.datetime]

_BEFORE_ALL = dt.datetime(dt.MINYEAR, 1, 1, tzinfo=dt.UTC)
_AFTER_ALL = dt.datetime(dt.MAXYEAR, 12, 31, tzinfo=dt.UTC)
_CHINA = "Asia/Shanghai"
_FIRST, _LAST = dt.date(1990, 1, 1), dt.date(2049, 12, 31)


def week_spec(  # noqa: PLR0913 the constructor's own arguments
    hours: Hours,
    *,
    holidays: Iterable[dt.date] | Mapping[dt.date, str],
    workdays: Iterable[dt.date],
    date_hours: Mapping[dt.date, str] | None,
    closures: Iterable[Interval],
    openings: Iterable[Interval],
    zone: str,
) -> CalendarSpec:
    """Return the spec of any week, 1990 to 2049."""
    named = holidays if isinstance(holidays, Mapping) else {}
    if wrong := [name for name in named.values() if name is not None and not isinstance(name, str)]:
        msg = f"holidays map dates to names, got the name {wrong[0]!r}"
        raise KindError(msg)
    off = {_civil_date(day) for day in _each("holidays", holidays)}
    extra = {_civil_date(day) for day in _each("workdays", workdays)}
    if both := sorted(off & extra):
        raise CalendarError("calendar", [f"{day} is both off and worked" for day in both])
    special = {day: SpecialDay(works=False, name=named.get(day), source="holidays") for day in off}
    special |= {day: SpecialDay(works=True, name=None, source="workdays") for day in extra}
    return CalendarSpec(
        zone=zone,
        first=_FIRST,
        last=_LAST,
        known_until=_LAST,
        week=parse_week(hours),
        week_source="hours",
        special=special,
        date_hours=_parsed(date_hours),
        closures=_intervals("closures", closures, find_zone(zone)),
        openings=_intervals("openings", openings, find_zone(zone)),
    )


def china_spec(  # noqa: PLR0913 the constructor's own arguments
    hours: Hours,
    *,
    date_hours: Mapping[dt.date, str] | None,
    closures: Iterable[Interval],
    openings: Iterable[Interval],
    notices: Iterable[str | PathLike[str] | Notice],
    unknown: str,
) -> CalendarSpec:
    """Return the spec of mainland China, 2004 to 2099, or to the last settled day."""
    if unknown not in ("provisional", "error"):
        msg = f'unknown takes "provisional" or "error", got {unknown!r}'
        raise ArgumentError(msg)
    if isinstance(notices, str | PathLike):
        msg = f"notices takes a list of paths, got one path {notices!r}: put it in a list"
        raise KindError(msg)
    read = tuple(it if isinstance(it, Notice) else read_notice(it) for it in _each("notices", notices))
    zone = find_zone(_CHINA)
    known_until = china.known_until(read)
    return CalendarSpec(
        zone=_CHINA,
        first=china.FIRST,
        last=known_until if unknown == "error" else china.LAST,
        known_until=known_until,
        week=parse_week(hours),
        week_source=china.WEEK_SOURCE,
        special=china.special_days(read),
        date_hours=_parsed(date_hours),
        closures=_intervals("closures", closures, zone),
        openings=_intervals("openings", openings, zone),
    )


def _civil_date(value: object) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    msg = f"a civil date (date) is meant, got {value!r}"
    raise KindError(msg)


def _each(what: str, values: Iterable[T]) -> Iterable[T]:
    try:
        return tuple(values)
    except TypeError:
        msg = f"{what} takes a list, got {values!r}"
        raise KindError(msg) from None


def _parsed(date_hours: Mapping[dt.date, str] | None) -> dict[dt.date, Spans]:
    if date_hours is not None and not isinstance(date_hours, Mapping):
        msg = f"date_hours takes a mapping of dates to hours, got {date_hours!r}"
        raise KindError(msg)
    return {_civil_date(day): parse_spans(text) for day, text in (date_hours or {}).items()}


def _intervals(what: str, pairs: Iterable[Interval], zone: dt.tzinfo) -> tuple[Interval, ...]:
    """Return intervals of instants in UTC, checked; all faults at once."""
    problems, found = [], []
    for pair in _each(what, pairs):
        try:
            start, end = pair
        except (TypeError, ValueError):
            problems.append(f"{pair!r} is not a pair (start, end)")
            continue
        if not isinstance(start, dt.datetime) or not isinstance(end, dt.datetime):
            msg = f"{what} are pairs of instants (datetime), got {pair!r}"
            raise KindError(msg)
        if (start.tzinfo is None) != (end.tzinfo is None):
            msg = f"{what}: one instant of {pair!r} has a zone and the other has none"
            raise KindError(msg)
        first, last = _in_utc(start, zone), _in_utc(end, zone)
        if first >= last:
            problems.append(f"{start} to {end} does not end after it starts: swap the two")
        found.append((first, last))
    if problems:
        raise CalendarError(what, problems)
    return tuple(found)


def _in_utc(when: dt.datetime, zone: dt.tzinfo) -> dt.datetime:
    """Return an instant in UTC; one before or after all time is the first or the last there is."""
    aware = when.replace(tzinfo=zone) if when.tzinfo is None else when
    try:
        return aware.astimezone(dt.UTC)
    except OverflowError:
        return _BEFORE_ALL if when.year == dt.MINYEAR else _AFTER_ALL
