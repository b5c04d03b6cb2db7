"""Policies: which clocks run on a ticket, how they count, when they warn."""

import datetime as dt
from collections.abc import Mapping

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import ArgumentError, UnknownNameError
from bubancheng.sla.clock import Clock
from bubancheng.sla.counting import DEFAULT, Counting
from bubancheng.sla.light import Warning_, check_warning, warning_begins
from bubancheng.sla.limit import Limit
from bubancheng.sla.notation import LimitUnit
from bubancheng.sla.shift import Basis, Moved, move
from bubancheng.sla.target import Deemed, Target
from bubancheng.ticket import Mark, Ticket


def _in_order(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """Return the targets so that each comes after those it waits for; refuse what cannot be."""
    names = [target.name for target in targets]
    problems = [
        f"target {name!r} is given twice" for name in sorted({it for it in names if names.count(it) > 1})
    ]
    problems += [
        f"target {target.name!r} waits for {other!r}, which does not exist"
        for target in targets
        for other in target.waits_for
        if other not in names
    ]
    ordered: list[Target] = []
    left = list(targets)
    while left and not problems:
        ready = [it for it in left if {*it.waits_for} <= {done.name for done in ordered}]
        if not ready:
            problems.append(
                f"targets wait for each other (capped_by, due:): {', '.join(it.name for it in left)}"
            )
        ordered += ready
        left = [it for it in left if it not in ready]
    if problems:
        msg = "; ".join(problems)
        raise ArgumentError(msg)
    return tuple(ordered)


@attrs.frozen(kw_only=True)
class Policy:
    """A district's set of targets, how it counts, and when it warns.

    `final`: the kinds of entry that end a ticket; no clock starts after one of them. `levels`: numbered
    warnings beside the light. `closed`: what a closed ticket shows, "frozen" or "green".
    """

    targets: tuple[Target, ...]
    final: tuple[str, ...] = ("resolved",)
    counting: Counting = DEFAULT
    warn_before: Warning_ = attrs.field(default=Limit.parse("24小时"))
    levels: tuple[Warning_, ...] = ()
    closed: str = "frozen"
    _ordered: tuple[Target, ...] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        if self.closed not in ("frozen", "green"):
            msg = f'closed takes "frozen" or "green", got {self.closed!r}'
            raise ArgumentError(msg)
        for before in (self.warn_before, *self.levels):
            check_warning(before)
        object.__setattr__(self, "_ordered", _in_order(self.targets))

    def clocks(self, ticket: Ticket, calendar: WorkCalendar) -> dict[str, Clock]:
        """Return a clock for each target by its name; one counted apart has "name:value" for each."""
        made = _Clocks(self, Basis(ticket, calendar, self.counting))
        for target in self._ordered:
            made.add(target)
        return made.clocks

    def watched(self, clocks: Mapping[str, Clock]) -> Clock:
        """Return the clock that the light watches."""
        for target in self.targets:
            if target.watched:
                return clocks[target.name]
        msg = "the light watches no target of this policy: give one of them watched=True"
        raise ArgumentError(msg)

    def target(self, name: str) -> Target:
        """Return a target by its name; `UnknownNameError` for another."""
        for target in self.targets:
            if target.name == name:
                return target
        raise UnknownNameError("目标 target", name, (target.name for target in self.targets))


class _Clocks:
    """The clocks of one ticket while they are being made, each after those it waits for."""

    def __init__(self, policy: Policy, basis: Basis) -> None:
        self._policy, self._basis = policy, basis
        self.clocks: dict[str, Clock] = {}
        self._deemed: dict[Deemed, dt.datetime] = {}
        self._end = min((it.at for it in basis.ticket.marks if it.kind in policy.final), default=None)

    def add(self, target: Target) -> None:
        """Make the clock, or the clocks, of a target."""
        ticket = self._basis.ticket
        if target.per is not None:
            for name, leg in target.legs(ticket):
                self.clocks[name] = self._clock(name, target, leg, (leg.at, False))
            return
        mark = target.starting(ticket)
        start = self._start(target, mark)
        if start[0] is not None and self._end is not None and self._end < start[0]:
            start = None, False
        self.clocks[target.name] = self._clock(target.name, target, mark, start)

    def _start(self, target: Target, mark: Mark | None) -> tuple[dt.datetime | None, bool]:
        """Return when a target starts, and whether by itself; None where it never will."""
        other = target.starts_at_due_of()
        if other is not None:
            return self.clocks[other].due, False
        started = None if mark is None else mark.at
        before = None if target.deemed is None else self._basis.ticket.first(target.deemed.kind)
        if target.deemed is not None and before is not None:
            at = self._deemed.get(target.deemed)
            if at is None:
                at = target.deemed.after.due(before, self._basis.calendar, self._basis.counting).at
                self._deemed[target.deemed] = at
            if started is None or at < started:
                return at, True
        return started, False

    def _clock(
        self, name: str, target: Target, mark: Mark | None, start: tuple[dt.datetime | None, bool]
    ) -> Clock:
        basis, policy, (started, deemed) = self._basis, self._policy, start
        limit = target.limit_for(basis.ticket)
        due: dt.datetime | None = None
        moved: Moved | None = None
        provisional = False
        if started is not None and limit is not None:
            due, provisional = self._due(target, limit, mark, started)
        if started is not None and limit is not None and due is not None:
            moved = move(target, limit, due, started, basis)
            if moved.due != due and not limit.is_natural_time:
                provisional = provisional or basis.calendar.is_provisional(due, moved.due)
            due = moved.due
        cap = self.clocks[target.capped_by] if target.capped_by else None
        if due is not None and cap is not None and cap.due is not None and cap.due < due:
            due, provisional = cap.due, cap.provisional
        warnings = (policy.warn_before, *policy.levels) if due is not None else ()
        begins = [warning_begins(it, due, basis.calendar, started) for it in warnings if due is not None]
        return Clock(
            target=name,
            started=started,
            deemed=deemed,
            due=due,
            original_due=moved.original_due if moved else None,
            provisional=provisional,
            stopped=target.stopping(basis.ticket, mark),
            yellow_from=begins[0] if begins else None,
            paused=moved.paused if moved else (),
            paused_since=moved.paused_since if moved else None,
            levels=tuple(begins[1:]),
            green_when_done=policy.closed == "green",
        )

    def _due(
        self, target: Target, limit: Limit, mark: Mark | None, started: dt.datetime
    ) -> tuple[dt.datetime | None, bool]:
        if limit.unit is not LimitUnit.BY_AGREEMENT:
            deadline = limit.due(started, self._basis.calendar, self._basis.counting)
            return deadline.at, deadline.provisional
        own = None if mark is None else mark.facts.get(target.due_fact)
        agreed = self._basis.ticket.text(target.due_fact) if own is None else str(own)
        return (None if agreed is None else _agreed(target, agreed)), False


def _agreed(target: Target, text: str) -> dt.datetime:
    """Return the agreed due time that a fact writes."""
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        msg = f"the fact {target.due_fact!r} takes an instant with a zone in ISO 8601, got {text!r}"
        raise ArgumentError(msg)
    return at
