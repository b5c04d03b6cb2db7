"""Working time as a broken line over the wall clock: the ordinary call, fast.

Where no clock turns and every day is settled, wall time and working time map to each other piece
by piece: flat where the office is closed, rising where it is open. Adding goes up the line and down again.
What the line does not hold raises a `LookupError`, and `Table` answers.
"""

import datetime as dt
from bisect import bisect_left

from bubancheng.calendar.hours import DAY
from bubancheng.calendar.table import Table

Line = tuple[
    dict[int, int],
    list[dt.datetime],
    list[dt.datetime],
    list[dt.timedelta],
    list[tuple[int, int]],
]
"""`first`, `starts`, `leads`, `upto`, `near` of one table, in instants of one zone.

Place p lies after the p-th span's start: the working time at an instant there is `instant - leads[p]`, but
`upto[p]` at most, and it ends at `starts[p]`. `first` has a place from which to look for the instants of a
date, by the date's ordinal (settled dates after the last turn only); `near` tells between which places a
whole number of working 24 hours lies. A tuple, because taking it apart costs less than looking names up.
"""


def make_line(table: Table, zone: dt.tzinfo | None) -> Line:
    """Return the line of a table in naive instants, or in those of a zone: its own, or UTC."""
    civil, settled = table.civil, table.settled
    turn = max(civil.turns, default=-1)
    midnight = civil.naive
    if zone is not None:  # reckoned from the last day, whose offset holds for the whole line
        last = civil.aware + dt.timedelta(civil.count - 1)
        midnight = last.astimezone(zone) - dt.timedelta(civil.count - 1)
    ordinal = midnight.toordinal()
    late = midnight.time() != dt.time()  # the zone's date d begins within our day d - 1
    first: dict[int, int] = {}
    starts: list[dt.datetime] = []
    leads, upto = [dt.datetime.min.replace(tzinfo=zone)], [dt.timedelta(0)]
    for day, (bounds, _, _, day_leads) in enumerate(table.patterns[: settled + 1]):
        if turn < day <= settled - late:
            first[ordinal + day + late] = len(starts)
        base = day * DAY
        done = table.worked[day]
        for start, end, lead in zip(bounds[::2], bounds[1::2], day_leads, strict=True):
            starts.append(midnight + dt.timedelta(0, 0, base + start))
            leads.append(midnight + dt.timedelta(0, 0, base + lead - done))
            upto.append(dt.timedelta(0, 0, done + end - lead))
    starts.append(dt.datetime.max.replace(tzinfo=zone))
    days = upto[-1].days + 2
    marks = [bisect_left(upto, dt.timedelta(day)) for day in range(days + 1)]
    near = [(marks[day], min(marks[day + 1] + 1, len(upto))) for day in range(days)]
    return first, starts, leads, upto, near
