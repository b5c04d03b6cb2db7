"""The clock (计时): what one target says of one ticket."""

import datetime as dt

import attrs

from bubancheng.errors import KindError
from bubancheng.sla.light import Light
from bubancheng.sla.limit import Limit

_TICK = dt.timedelta(microseconds=1)
_NONE = dt.timedelta(0)


@attrs.frozen(kw_only=True, slots=False)  # with slots it would take thrice the time to make
class Clock:
    """What one target says of one ticket; a pure value, `now` comes with each question.

    `started` may lie ahead (a deemed start); `deemed`: it started by itself; `due` is None while the
    class has no limit, `limit` what was counted, `original_due` the due time before any extension,
    `extensions` those that counted; `paused`: the spans that were left out, `paused_since`: an open pause;
    `stopped`: when the duty was fulfilled; `levels`: when each numbered warning begins; `green_when_done`:
    what a stopped clock shows instead of its last light.
    """

    target: str
    started: dt.datetime | None
    deemed: bool = False
    due: dt.datetime | None = None
    provisional: bool = False
    stopped: dt.datetime | None = None
    yellow_from: dt.datetime | None = None
    limit: Limit | None = None
    original_due: dt.datetime | None = None
    extensions: tuple[Limit, ...] = ()
    paused: tuple[tuple[dt.datetime, dt.datetime], ...] = ()
    paused_since: dt.datetime | None = None
    levels: tuple[dt.datetime, ...] = ()
    green_when_done: bool = False

    def is_running(self, now: dt.datetime) -> bool:
        """Whether it has started by `now`, and has a due time."""
        return self.due is not None and self.started is not None and self.started <= _utc(now)

    def _halted(self) -> dt.datetime | None:
        """Return from when the light stands still: the clock is stopped, or paused."""
        stopped, paused = self.stopped, self.paused_since
        return paused if stopped is None or (paused is not None and paused < stopped) else stopped

    def _seen(self, at: dt.datetime) -> dt.datetime:
        """Return the instant, in UTC, whose light shows at `at`."""
        halt = self._halted()
        return _utc(halt) if halt is not None and halt < at else at

    def light(self, now: dt.datetime) -> Light:
        """Return the light: yellow from 24 hours before the due time, both ends in, red after it.

        Frozen when stopped or paused; green while there is no due time.
        """
        due, yellow_from, halt = self.due, self.yellow_from, self._halted()
        _check(now)
        if due is None or yellow_from is None or self.started is None:
            return Light.GREEN
        if self.green_when_done and self.stopped is not None and not _is_later(self.stopped, now):
            return Light.GREEN
        seen = halt if halt is not None and _is_later(now, halt) else now
        if _is_later(yellow_from, seen) or _is_later(self.started, now):
            return Light.GREEN
        return Light.RED if _is_later(seen, due) else Light.YELLOW

    def level(self, now: dt.datetime) -> int:
        """Return how many of the numbered warnings have begun; 0 before the first."""
        seen = self._seen(_utc(now))
        return sum(seen >= begins for begins in self.levels) if self.is_running(now) else 0

    def remaining(self, now: dt.datetime) -> dt.timedelta | None:
        """Return the real time to the due time, negative when late; None while there is none."""
        seen = self._seen(_utc(now))
        return self.due - seen if self.due is not None and self.is_running(now) else None

    def is_overdue(self, now: dt.datetime) -> bool:
        """Whether the duty was not fulfilled in time; once true it stays so."""
        remaining = self.remaining(now)
        return remaining is not None and remaining < _NONE

    @property
    def met(self) -> bool | None:
        """Whether the duty was fulfilled in time; None while it is open."""
        if self.stopped is None:
            return None
        return self.due is None or _utc(self.stopped) <= self.due

    def next_change(self, now: dt.datetime) -> dt.datetime | None:
        """Return the first instant after `now` whose light differs, to the microsecond.

        None when red, stopped or paused before it, and before there is a due time.
        """
        at, halt = _utc(now), self._halted()
        if self.due is None or self.yellow_from is None or not self.is_running(now) or at > self.due:
            return None
        change = self.yellow_from if at < self.yellow_from else self.due + _TICK
        return None if halt is not None and _utc(halt) < change else change


def _check(when: dt.datetime) -> None:
    """Refuse anything but an instant with a zone."""
    if not isinstance(when, dt.datetime) or when.tzinfo is None:
        msg = f"now takes an instant with a zone (aware datetime), got {when!r}"
        raise KindError(msg)


def _utc(when: dt.datetime) -> dt.datetime:
    """Return an instant in UTC, where comparing and subtracting are about real time."""
    _check(when)
    return when.astimezone(dt.UTC)


def _is_later(when: dt.datetime, other: dt.datetime) -> bool:
    """Whether an instant lies after another in real time: within one offset the wall clock tells."""
    if when.tzinfo is other.tzinfo and when.utcoffset() == other.utcoffset():
        return when > other
    return when.astimezone(dt.UTC) > other.astimezone(dt.UTC)
