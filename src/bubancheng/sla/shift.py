"""What moves a due time after it was set: pauses (暂停) and extensions (延期)."""

import datetime as dt

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.sla.counting import Counting
from bubancheng.sla.deadline import end_of_day, end_of_workday
from bubancheng.sla.history import History
from bubancheng.sla.limit import Limit
from bubancheng.sla.notation import NATURAL_TIME, LimitUnit
from bubancheng.sla.target import Target

PAUSED, RESUMED, EXTENDED = "paused", "resumed", "extended"
"""The kinds of entry that move a due time; their facts: pause_reason, extension, target."""

MOVING = frozenset({PAUSED, EXTENDED})

_NATURAL_DAYS = {LimitUnit.DAY, LimitUnit.MONTH, LimitUnit.BY_AGREEMENT}
_WORKING_TIME = {LimitUnit.WORKING_HOUR, LimitUnit.WORKING_MINUTE}


@attrs.frozen
class Basis:
    """What a due time is counted from: what happened, the calendar, the conventions."""

    history: History
    calendar: WorkCalendar
    counting: Counting


@attrs.frozen(kw_only=True)
class Moved:
    """A due time after pauses and extensions, what it was without extensions, and those that counted."""

    due: dt.datetime
    original_due: dt.datetime
    extensions: tuple[Limit, ...]
    paused: tuple[tuple[dt.datetime, dt.datetime], ...]
    paused_since: dt.datetime | None


def move(target: Target, limit: Limit, due: dt.datetime, started: dt.datetime, basis: Basis) -> Moved:
    """Return where pauses and extensions put a due time.

    A pause counts only if it begins before the due time as it stands then; an open one leaves the due
    time where it is until it ends. Source: 行政许可法 第45条 (listed reasons, written notice) and 第42条.
    """
    spans, since = _pauses(target, started, basis)
    events: list[tuple[dt.datetime, Limit | tuple[dt.datetime, dt.datetime]]] = [
        (start, (start, end)) for start, end in spans
    ]
    original, _ = _moved(events, limit, due, basis)
    extensions = [
        (mark.at, Limit.parse(str(mark.facts.get("extension"))))
        for mark in basis.history.of(EXTENDED)
        if mark.facts.get("target", target.name) == target.name
    ]
    final, counted = _moved([*events, *extensions], limit, due, basis)
    return Moved(due=final, original_due=original, extensions=counted, paused=spans, paused_since=since)


def _moved(
    events: list[tuple[dt.datetime, Limit | tuple[dt.datetime, dt.datetime]]],
    limit: Limit,
    due: dt.datetime,
    basis: Basis,
) -> tuple[dt.datetime, tuple[Limit, ...]]:
    """Return where events put a due time, and the extensions among them that were asked in time."""
    extensions: list[Limit] = []
    for at, event in sorted(events, key=lambda it: it[0]):
        if at > due:
            continue
        if isinstance(event, Limit):
            due = event.due(due, basis.calendar, basis.counting).at
            extensions.append(event)
        else:
            due = _left_out(limit.unit, due, event, basis)
    return due, tuple(extensions)


def _left_out(
    unit: LimitUnit,
    due: dt.datetime,
    span: tuple[dt.datetime, dt.datetime],
    basis: Basis,
) -> dt.datetime:
    """Return a due time with one paused span left out.

    Whole days: the days after the one on which the pause began, up to the one on which it ended, as
    counting from a day leaves out that day.
    """
    calendar, counting = basis.calendar, basis.counting
    table, civil = calendar.table, calendar.table.civil
    start, end = span
    if unit in NATURAL_TIME:
        return (due.astimezone(dt.UTC) + (end - start)).astimezone(due.tzinfo)
    first, last = civil.locate(start)[0], civil.locate(end)[0]
    day, us = civil.locate(due)
    if unit in _NATURAL_DAYS:
        return end_of_day(day + last - first, due, calendar, counting)
    if counting.pause == "exact" or unit in _WORKING_TIME:
        lost = table.done_at(*civil.locate(end)) - table.done_at(*civil.locate(start))
        return civil.instant(*table.add(day, us, lost), due)
    return end_of_workday(day, table.rank[last] - table.rank[first], due, calendar, counting)


def _pauses(
    target: Target, started: dt.datetime, basis: Basis
) -> tuple[tuple[tuple[dt.datetime, dt.datetime], ...], dt.datetime | None]:
    """Return the closed spans that pause a target, after its start, and an open one's begin."""
    spans: list[tuple[dt.datetime, dt.datetime]] = []
    since: dt.datetime | None = None
    moving = [*basis.history.of(PAUSED), *basis.history.of(RESUMED)]
    for mark in sorted(moving, key=lambda it: (it.at, it.sequence)):
        if mark.kind == PAUSED and since is None and mark.facts.get("pause_reason") in target.pauses:
            since = max(mark.at, started)
        elif mark.kind == RESUMED and since is not None:
            end = mark.at
            if target.pause_max is not None:
                end = min(end, target.pause_max.due(since, basis.calendar).at)
            if end > since:
                spans.append((since, end))
            since = None
    return tuple(spans), since
