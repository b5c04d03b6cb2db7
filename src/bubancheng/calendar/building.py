"""From what a caller writes to a calendar's spec: checked, all faults at once."""

import datetime as dt
from collections.abc import Iterable, Mapping
from os import PathLike

from bubancheng.calendar import china
from bubancheng.calendar.hours import Spans, parse_spans, parse_week
from bubancheng.calendar.notice import Notice, read_notice
from bubancheng.calendar.spec import CalendarSpec, SpecialDay
from bubancheng.errors import ArgumentError, CalendarError, KindError

Hours = str | Mapping[str, str]
Interval = tuple[dt.datetime, dt.datetime]

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
    names = dict(holidays) if isinstance(holidays, Mapping) else dict.fromkeys(holidays)
    off = {_civil_date(day) for day in names}
    extra = {_civil_date(day) for day in workdays}
    if both := sorted(off & extra):
        raise CalendarError("calendar", [f"{day} is both off and worked" for day in both])
    special = {day: SpecialDay(works=False, name=name, source="holidays") for day, name in names.items()}
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
        closures=_intervals("closures", closures),
        openings=_intervals("openings", openings),
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
    read = tuple(it if isinstance(it, Notice) else read_notice(it) for it in notices)
    known_until = china.known_until(read)
    return CalendarSpec(
        zone="Asia/Shanghai",
        first=china.FIRST,
        last=known_until if unknown == "error" else china.LAST,
        known_until=known_until,
        week=parse_week(hours),
        week_source=china.WEEK_SOURCE,
        special=china.special_days(read),
        date_hours=_parsed(date_hours),
        closures=_intervals("closures", closures),
        openings=_intervals("openings", openings),
    )


def _civil_date(value: object) -> dt.date:
    if isinstance(value, dt.date) and not isinstance(value, dt.datetime):
        return value
    msg = f"a civil date (date) is meant, got {value!r}"
    raise KindError(msg)


def _parsed(date_hours: Mapping[dt.date, str] | None) -> dict[dt.date, Spans]:
    return {_civil_date(day): parse_spans(text) for day, text in (date_hours or {}).items()}


def _intervals(what: str, pairs: Iterable[Interval]) -> tuple[Interval, ...]:
    """Return intervals of instants, checked; all faults at once."""
    problems, found = [], []
    for pair in pairs:
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
        if start >= end:
            problems.append(f"{start} to {end} does not end after it starts: swap the two")
        found.append((start, end))
    if problems:
        raise CalendarError(what, problems)
    return tuple(found)
