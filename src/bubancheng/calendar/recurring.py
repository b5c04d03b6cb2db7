"""Openings that come again and again, such as a hall that is open every Saturday morning."""

import datetime as dt
from itertools import islice
from typing import TYPE_CHECKING

from bubancheng.calendar.building import Interval
from bubancheng.errors import CalendarError, KindError

if TYPE_CHECKING:
    from dateutil.rrule import rrule, rruleset

_MOST = 50_000  # occurrences; a rule that gives more is a mistake


def recurring(
    rule: "str | rrule | rruleset", *, start: dt.datetime, lasting: dt.timedelta, until: dt.datetime
) -> tuple[Interval, ...]:
    """Return the intervals of a recurring opening or closure, for `openings` or `closures`.

    `rule`: as RFC 5545 writes it ("FREQ=WEEKLY;BYDAY=SA"), or dateutil's own object; `start`: the first
    occurrence's begin; `lasting`: how long each lasts; `until`: no occurrence begins after it. All times
    are of the calendar's zone, without a zone of their own. Errors: `CalendarError` for a rule that cannot
    be read or gives more than 50,000 occurrences, `KindError` for anything but naive instants.
    """
    from dateutil.rrule import rrulestr  # noqa: PLC0415 few calendars need it, and it is slow to load

    for name, when in (("start", start), ("until", until)):
        if not isinstance(when, dt.datetime) or when.tzinfo is not None:
            msg = f"{name} takes an instant without a zone (the calendar's own), got {when!r}"
            raise KindError(msg)
    if not isinstance(lasting, dt.timedelta) or lasting <= dt.timedelta(0):
        raise CalendarError("recurring", [f"lasting needs a positive span, got {lasting!r}"])
    try:
        wanted = rrulestr(rule, dtstart=start) if isinstance(rule, str) else rule
        begins = list(islice(wanted.xafter(start, inc=True), _MOST + 1))
    except (ValueError, TypeError, AttributeError) as error:
        raise CalendarError(
            "recurring", [f'{rule!r} is no rule such as "FREQ=WEEKLY;BYDAY=SA": {error}']
        ) from error
    kept = [begin for begin in begins if begin <= until]
    if len(kept) > _MOST:
        raise CalendarError("recurring", [f"{rule!r} gives more than {_MOST} occurrences: end it earlier"])
    return tuple((begin, begin + lasting) for begin in kept)
