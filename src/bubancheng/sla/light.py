"""The traffic light (红黄绿): three values, and when a warning begins."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from enum import Enum
from fractions import Fraction
from functools import lru_cache

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.calendar.hours import MINUTE
from bubancheng.errors import ArgumentError, KindError
from bubancheng.sla.limit import Limit
from bubancheng.sla.notation import LimitUnit


class Light(Enum):
    """What a ticket shows: in time, near its limit, late."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


@attrs.frozen
class Share:
    """A share of the working time between start and due time, such as a quarter (25%)."""

    part: Fraction

    def __attrs_post_init__(self) -> None:
        if not 0 < self.part <= 1:
            msg = f"a share lies above 0% and up to 100%, got {float(self.part):.0%}"
            raise ArgumentError(msg)

    def __str__(self) -> str:
        return f"{float(self.part * 100):g}%"


Warning_ = Limit | Share
"""How long before a due time a warning begins."""

_FURTHEST = 10_000  # of any unit: no limit is longer

_PERCENT = re.compile(r"(\d+(?:\.\d+)?)\s*%")


def parse_warning(text: str) -> Warning_:
    """Return a warning: 24小时, 2个工作小时, 3日, 1个工作日, 25%.

    Errors: `LimitError` or `ArgumentError` with what is allowed.
    """
    if isinstance(text, str) and "%" in unicodedata.normalize("NFKC", text):
        return parse_share(text)
    limit = Limit.parse(text)
    check_warning(limit)
    return limit


def parse_share(text: str) -> Share:
    """Return a share such as 25%; `ArgumentError` for anything else."""
    is_text = isinstance(text, str)
    found = _PERCENT.fullmatch(unicodedata.normalize("NFKC", text).strip()) if is_text else None
    if found is None:
        msg = f"a share is a percentage such as 25%, got {text!r}"
        raise ArgumentError(msg)
    return Share(Fraction(found[1]) / 100)


def _natural(minutes: Fraction) -> Callable[[Limit, dt.datetime, WorkCalendar], dt.datetime]:
    @lru_cache(maxsize=64)
    def span(before: Limit) -> dt.timedelta:
        return dt.timedelta(microseconds=round(before.amount * minutes * MINUTE))

    def begins(before: Limit, due: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
        begin = due - span(before)  # by the wall clock, which is right where no clock turns
        if calendar.table.civil.is_steady(begin, due):
            return begin
        return (due.astimezone(dt.UTC) - span(before)).astimezone(due.tzinfo)

    return begins


def _working(minutes: int) -> Callable[[Limit, dt.datetime, WorkCalendar], dt.datetime]:
    return lambda before, due, calendar: _back(due, round(before.amount * minutes * MINUTE), calendar)


def _back(due: dt.datetime, amount: int, calendar: WorkCalendar) -> dt.datetime:
    civil = calendar.table.civil
    return civil.instant(*calendar.table.add(*civil.locate(due), -amount), due)


def _working_days(before: Limit, due: dt.datetime, calendar: WorkCalendar) -> dt.datetime:
    """Return the same clock time, whole working days earlier."""
    table, civil = calendar.table, calendar.table.civil
    day, us = civil.locate(due)
    place = max(table.rank[day] - table.flags[day] - int(before.amount), 0)
    return civil.instant(civil.index(table.workdays[place]), us, due)


_BEGINS: dict[LimitUnit, Callable[[Limit, dt.datetime, WorkCalendar], dt.datetime]] = {
    LimitUnit.SECOND: _natural(Fraction(1, 60)),
    LimitUnit.MINUTE: _natural(Fraction(1)),
    LimitUnit.HOUR: _natural(Fraction(60)),
    LimitUnit.DAY: _natural(Fraction(24 * 60)),
    LimitUnit.WORKING_MINUTE: _working(1),
    LimitUnit.WORKING_HOUR: _working(60),
    LimitUnit.WORKING_DAY: _working_days,
}


def check_warning(before: Warning_) -> None:
    """Refuse a limit that cannot say how long before a due time a warning begins."""
    if isinstance(before, Share):
        return
    if not isinstance(before, Limit):
        msg = f"a warning is a Limit or a Share, got {before!r}: use parse_warning"
        raise KindError(msg)
    if before.amount > _FURTHEST:
        msg = f"a warning of {before} begins before all days: at most {_FURTHEST}"
        raise ArgumentError(msg)
    whole = before.unit is not LimitUnit.WORKING_DAY or before.amount.denominator == 1
    if before.unit not in _BEGINS or not whole:
        forms = "24小时, 2个工作小时, 3日, 1个工作日, 25%"
        msg = f"a light warns hours, days, whole working days or a share before ({forms}), got {before}"
        raise ArgumentError(msg)


def warning_begins(
    before: Warning_, due: dt.datetime, calendar: WorkCalendar, started: dt.datetime | None = None
) -> dt.datetime:
    """Return the first instant of a warning for a due time (24 natural hours: domain decision 9)."""
    if isinstance(before, Limit):
        return _BEGINS[before.unit](before, due, calendar)
    table, civil = calendar.table, calendar.table.civil
    since = due if started is None else started
    amount = table.done_at(*civil.locate(due)) - table.done_at(*civil.locate(since))
    return _back(due, round(max(amount, 0) * before.part), calendar)
