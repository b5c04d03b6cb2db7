"""Policies: which clocks run on a ticket, and what each of them says."""

import datetime as dt
from collections.abc import Mapping

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.sla.counting import DEFAULT, Counting
from bubancheng.sla.light import Light, check_warning, yellow_from
from bubancheng.sla.limit import Limit
from bubancheng.sla.notation import LimitUnit
from bubancheng.ticket import Ticket

_TICK = dt.timedelta(microseconds=1)


@attrs.frozen(kw_only=True)
class Deemed:
    """A start that comes by itself: the `kind` of entry it runs from, and the limit after it.

    An order that is not acknowledged (接单) in time counts as acknowledged at the limit's end.
    """

    kind: str
    after: Limit


@attrs.frozen(kw_only=True)
class Target:
    """One duty with a limit: started by entries of a kind, fulfilled by entries of others.

    `limits` maps the value of the fact `axis` to a limit; a class without one has no due time, a
    ticket without the fact counts as `unclassified`. `capped_by` names a target whose due time this
    one never passes. `watched`: the light watches it.
    """

    name: str
    starts: str
    stops: tuple[str, ...]
    limits: Mapping[str, Limit] = attrs.field(factory=dict, hash=False)
    limit: Limit | None = None
    axis: str = "class"
    unclassified: str = ""
    deemed: Deemed | None = None
    capped_by: str | None = None
    watched: bool = False

    def limit_for(self, ticket: Ticket) -> Limit | None:
        """Return the limit of a ticket's class; None where its class has no number."""
        if self.limit is not None:
            return self.limit
        return self.limits.get(ticket.text(self.axis) or self.unclassified)


@attrs.frozen(kw_only=True)
class Clock:
    """What one target says of one ticket; a pure value, `now` comes with each question.

    `started` may lie ahead (a deemed start); `deemed`: it started by itself; `due` is None while the
    class has no limit; `stopped`: when the duty was fulfilled.
    """

    target: str
    started: dt.datetime | None
    deemed: bool
    due: dt.datetime | None
    provisional: bool
    stopped: dt.datetime | None
    yellow_from: dt.datetime | None

    def is_running(self, now: dt.datetime) -> bool:
        """Whether it has started by `now`, and has a due time."""
        return self.due is not None and self.started is not None and self.started <= now

    def light(self, now: dt.datetime) -> Light:
        """Return the light: yellow from 24 hours before the due time, both ends in, red after it.

        Frozen when stopped; green while there is no due time.
        """
        if self.stopped is not None and self.stopped < now:
            now = self.stopped
        if self.due is None or self.yellow_from is None or not self.is_running(now):
            return Light.GREEN
        if now > self.due:
            return Light.RED
        return Light.YELLOW if now >= self.yellow_from else Light.GREEN

    def remaining(self, now: dt.datetime) -> dt.timedelta | None:
        """Return the natural time to the due time, negative when late; None while there is none."""
        if self.due is None or not self.is_running(now):
            return None
        return self.due - (now if self.stopped is None else min(now, self.stopped))

    def is_overdue(self, now: dt.datetime) -> bool:
        """Whether the duty was not fulfilled in time; once true it stays so."""
        remaining = self.remaining(now)
        return remaining is not None and remaining < dt.timedelta(0)

    def next_change(self, now: dt.datetime) -> dt.datetime | None:
        """Return the first instant after `now` whose light differs, to the microsecond."""
        if self.due is None or self.yellow_from is None or not self.is_running(now):
            return None
        if now > self.due or (self.stopped is not None and self.stopped <= now):
            return None
        return self.yellow_from if now < self.yellow_from else self.due + _TICK


@attrs.frozen(kw_only=True)
class Policy:
    """A district's set of targets, how it counts, and when it warns.

    `final`: the kinds of entry that end a ticket; no clock starts after one of them.
    """

    targets: tuple[Target, ...]
    final: tuple[str, ...] = ("resolved",)
    counting: Counting = DEFAULT
    warn_before: Limit = attrs.field(default=Limit.parse("24小时"))

    @warn_before.validator
    def _warns(self, _field: object, before: Limit) -> None:
        check_warning(before)

    def clocks(self, ticket: Ticket, calendar: WorkCalendar) -> dict[str, Clock]:
        """Return a clock for each target, by its name, in the order of the targets."""
        made: dict[str, Clock] = {}
        for target in sorted(self.targets, key=lambda it: it.capped_by is not None):
            made[target.name] = self._clock(target, ticket, calendar, made)
        return {target.name: made[target.name] for target in self.targets}

    def watched(self, clocks: Mapping[str, Clock]) -> Clock:
        """Return the clock that the light watches."""
        return clocks[next(target.name for target in self.targets if target.watched)]

    def _clock(
        self, target: Target, ticket: Ticket, calendar: WorkCalendar, made: Mapping[str, Clock]
    ) -> Clock:
        started, deemed = self._start(target, ticket, calendar)
        limit = target.limit_for(ticket)
        due, provisional = None, False
        if started is not None and limit is not None:
            if limit.unit is LimitUnit.BY_AGREEMENT:
                agreed = ticket.text("agreed_due")
                due = None if agreed is None else dt.datetime.fromisoformat(agreed)
            else:
                deadline = limit.due(started, calendar, self.counting)
                due, provisional = deadline.at, deadline.provisional
        cap = made[target.capped_by].due if target.capped_by else None
        if due is not None and cap is not None and cap < due:
            due = cap
        return Clock(
            target=target.name,
            started=started,
            deemed=deemed,
            due=due,
            provisional=provisional,
            stopped=_first(ticket, target.stops),
            yellow_from=None if due is None else yellow_from(self.warn_before, due, calendar),
        )

    def _start(
        self, target: Target, ticket: Ticket, calendar: WorkCalendar
    ) -> tuple[dt.datetime | None, bool]:
        """Return when a target starts, and whether by itself; None where it never will."""
        started, deemed = ticket.first(target.starts), False
        if target.deemed is not None:
            before = ticket.first(target.deemed.kind)
            if before is not None:
                at = target.deemed.after.due(before, calendar, self.counting).at
                if started is None or at < started:
                    started, deemed = at, True
        end = _first(ticket, self.final)
        if started is not None and end is not None and end < started:
            return None, False
        return started, deemed


def _first(ticket: Ticket, kinds: tuple[str, ...]) -> dt.datetime | None:
    return min((mark.at for mark in ticket.marks if mark.kind in kinds), default=None)
