"""What days and hours have in common: chunks, the edges of tables, the epoch of datetime64."""

import datetime as dt
from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bubancheng.calendar.civil import CivilDays
from bubancheng.errors import KindError, UnknownDayError

Ints = NDArray[np.int64]

CHUNK = 1 << 16  # elements; more gain nothing, fewer pay for the calls
OFF = 1 << 40  # a day, a count of days or of seconds that lies off every table
FAR = 1 << 62  # a lead that carries every value away from all true ones
EPOCH = dt.datetime(1970, 1, 1)  # noqa: DTZ001 wall clock, as datetime64 is
EPOCH_DAY = EPOCH.toordinal()
MICROSECOND = dt.timedelta(microseconds=1)
NAT = int(np.datetime64("NaT").view(np.int64))
NAT_REFUSED = "NaT is no day and no instant: leave such elements out"


def chunks(size: int) -> Iterator[slice]:
    """Yield the slices of an array that stay in the cache."""
    return (slice(low, min(low + CHUNK, size)) for low in range(0, size, CHUNK))


def top_of(values: Ints, first: int, end: int, day: int, civil: CivilDays) -> int:
    """Return the largest value; refuse what lies outside [first, end), in units of `day` to a day."""
    top = int(values.max())
    if values.min() >= first and top < end:
        return top
    off = values[(values < first) | (values >= end)]
    if (off == NAT).any():
        raise KindError(NAT_REFUSED)
    try:
        date = dt.date.fromordinal(EPOCH_DAY + int(off[0]) // day)
    except (ValueError, OverflowError):
        date = None
    raise UnknownDayError(date, civil.first, civil.last)


def wall_of(instant: np.int64) -> dt.datetime:
    """Return the wall time of microseconds since 1970."""
    return EPOCH + dt.timedelta(0, 0, int(instant))
