"""A clock that stands still until a test moves it."""

import datetime as dt

from bubancheng.errors import ArgumentError, KindError
from bubancheng.testing.cells import read_moment

_ZONE = dt.timezone(dt.timedelta(hours=8))


class FrozenClock:
    """Gives the same instant each time it is called; `Desk.open(clock=...)` takes it.

    A time without an offset is meant in `zone`, China's unless given.
    """

    def __init__(self, now: dt.datetime | str, zone: dt.tzinfo = _ZONE) -> None:
        self._zone = zone
        self.now = self._instant(now)

    def __call__(self) -> dt.datetime:
        """Return the instant at which the clock stands."""
        return self.now

    def put(self, now: dt.datetime | str) -> dt.datetime:
        """Put the clock to an instant, backwards too, and return it."""
        self.now = self._instant(now)
        return self.now

    def advance(self, by: dt.timedelta) -> dt.datetime:
        """Let time pass and return the new instant; `ArgumentError` for a negative amount: use `put`."""
        if not isinstance(by, dt.timedelta):
            msg = f"time passes by a timedelta, got {by!r}"
            raise KindError(msg)
        if by < dt.timedelta(0):
            msg = f"time does not pass backwards, got {by}: use put"
            raise ArgumentError(msg)
        self.now += by
        return self.now

    def _instant(self, moment: dt.datetime | str) -> dt.datetime:
        at = read_moment(moment) if isinstance(moment, str) else moment
        if not isinstance(at, dt.datetime):
            msg = f"a clock is put to an instant, got {at!r}"
            raise KindError(msg)
        return at.replace(tzinfo=self._zone) if at.tzinfo is None else at
