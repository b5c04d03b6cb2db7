"""The clock (计时): what one target says of one ticket."""

import datetime as dt

import attrs

from bubancheng.sla.light import Light

_TICK = dt.timedelta(microseconds=1)
_NONE = dt.timedelta(0)


@attrs.frozen(kw_only=True)
class Clock:
    """What one target says of one ticket; a pure value, `now` comes with each question.

    `started` may lie ahead (a deemed start); `deemed`: it started by itself; `due` is None while the
    class has no limit, `original_due` is what it was before any extension; `paused`: the spans that
    were left out, `paused_since`: an open pause; `stopped`: when the duty was fulfilled; `levels`: when
    each numbered warning begins; `green_when_done`: what a stopped clock shows instead of its last light.
    """

    target: str
    started: dt.datetime | None
    deemed: bool
    due: dt.datetime | None
    provisional: bool
    stopped: dt.datetime | None
    yellow_from: dt.datetime | None
    original_due: dt.datetime | None = None
    paused: tuple[tuple[dt.datetime, dt.datetime], ...] = ()
    paused_since: dt.datetime | None = None
    levels: tuple[dt.datetime, ...] = ()
    green_when_done: bool = False

    def is_running(self, now: dt.datetime) -> bool:
        """Whether it has started by `now`, and has a due time."""
        return self.due is not None and self.started is not None and self.started <= now

    def _seen(self, now: dt.datetime) -> dt.datetime:
        """Return the instant whose light shows at `now`: it stands still when stopped or paused."""
        for halt in (self.stopped, self.paused_since):
            if halt is not None and halt < now:
                now = halt
        return now

    def light(self, now: dt.datetime) -> Light:
        """Return the light: yellow from 24 hours before the due time, both ends in, red after it.

        Frozen when stopped or paused; green while there is no due time.
        """
        if self.green_when_done and self.stopped is not None and self.stopped <= now:
            return Light.GREEN
        if self.due is None or self.yellow_from is None or not self.is_running(now):
            return Light.GREEN
        seen = self._seen(now)
        if seen > self.due:
            return Light.RED
        return Light.YELLOW if seen >= self.yellow_from else Light.GREEN

    def level(self, now: dt.datetime) -> int:
        """Return how many of the numbered warnings have begun; 0 before the first."""
        if not self.is_running(now):
            return 0
        seen = self._seen(now)
        return sum(seen >= begins for begins in self.levels)

    def remaining(self, now: dt.datetime) -> dt.timedelta | None:
        """Return the natural time to the due time, negative when late; None while there is none."""
        if self.due is None or not self.is_running(now):
            return None
        return self.due - self._seen(now)

    def is_overdue(self, now: dt.datetime) -> bool:
        """Whether the duty was not fulfilled in time; once true it stays so."""
        remaining = self.remaining(now)
        return remaining is not None and remaining < _NONE

    @property
    def met(self) -> bool | None:
        """Whether the duty was fulfilled in time; None while it is open."""
        if self.stopped is None:
            return None
        return self.due is None or self.stopped <= self.due

    def next_change(self, now: dt.datetime) -> dt.datetime | None:
        """Return the first instant after `now` whose light differs, to the microsecond.

        None when red, stopped or paused, and before there is a due time.
        """
        if self.due is None or self.yellow_from is None or not self.is_running(now):
            return None
        if now > self.due or self._seen(now) < now or now in (self.stopped, self.paused_since):
            return None
        return self.yellow_from if now < self.yellow_from else self.due + _TICK
