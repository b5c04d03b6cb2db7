"""Policies: which clocks run on a ticket, how they count, when they warn."""

import datetime as dt
from collections.abc import Mapping

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import ArgumentError, UnknownNameError
from bubancheng.sla.clock import Clock
from bubancheng.sla.counting import DEFAULT, Counting
from bubancheng.sla.dues import Due
from bubancheng.sla.history import History
from bubancheng.sla.light import Warning_, check_warning, warning_begins
from bubancheng.sla.limit import Limit
from bubancheng.sla.notation import LimitUnit
from bubancheng.sla.shift import MOVING, Basis, move
from bubancheng.sla.target import Target
from bubancheng.ticket import Mark, Ticket

_BY_AGREEMENT = Limit.parse("约定")


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
    warnings: tuple[Warning_, ...] = attrs.field(init=False, repr=False, eq=False)
    """The light's warning and the numbered ones."""
    _ordered: tuple[Target, ...] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        if self.closed not in ("frozen", "green"):
            msg = f'closed takes "frozen" or "green", got {self.closed!r}'
            raise ArgumentError(msg)
        object.__setattr__(self, "warnings", (self.warn_before, *self.levels))
        for before in self.warnings:
            check_warning(before)
        object.__setattr__(self, "_ordered", _in_order(self.targets))

    def clocks(self, ticket: Ticket, calendar: WorkCalendar) -> dict[str, Clock]:
        """Return a clock for each target by its name; one counted apart has "name:value" for each."""
        made = _Clocks(self, Basis(History(ticket), calendar, self.counting))
        for target in self._ordered:
            if not target.is_occasional or made.history.has_any(target.starting_kinds):
                made.add(target)
        return made.clocks

    def watched(self, clocks: Mapping[str, Clock]) -> Clock:
        """Return the clock that the light watches: of several, the one that started last.

        Of two that are no new round, one without a due time gives way to one that is due and not stopped.
        """
        found: Clock | None = None
        is_round = False  # whether what was found is a new round
        for target in self.targets:
            clock = clocks.get(target.name) if target.watched else None
            newer, plain = target.again and not is_round, not (target.again or is_round)
            if clock is not None and (found is None or _goes_before(clock, found, newer=newer, plain=plain)):
                found, is_round = clock, target.again
        if found is None:
            msg = "the light watches no target of this policy: give one of them watched=True"
            raise ArgumentError(msg)
        return found

    def target(self, name: str) -> Target:
        """Return a target by its name; `UnknownNameError` for another."""
        for target in self.targets:
            if target.name == name:
                return target
        raise UnknownNameError("目标 target", name, (target.name for target in self.targets))


class _Clocks:
    """The clocks of one ticket while they are being made, each after those it waits for."""

    __slots__ = ("_basis", "_end", "_policy", "clocks", "history")

    def __init__(self, policy: Policy, basis: Basis) -> None:
        self._policy, self._basis, self.history = policy, basis, basis.history
        self.clocks: dict[str, Clock] = {}
        self._end = basis.history.earliest(policy.final)

    def add(self, target: Target) -> None:
        """Make the clock, or the clocks, of a target."""
        if target.per is not None:
            for name, leg in target.legs(self._basis.history):
                self.clocks[name] = self._clock(name, target, leg, leg.at, deemed=False)
            return
        mark = None if target.starts_at_due_of else target.starting(self._basis.history)
        started, deemed = self._start(target, mark)
        if started is not None and not target.again and self._end is not None and self._end < started:
            started, deemed = None, False
        self.clocks[target.name] = self._clock(target.name, target, mark, started, deemed=deemed)

    def _start(self, target: Target, mark: Mark | None) -> tuple[dt.datetime | None, bool]:
        """Return when a target starts, and whether by itself; None where it never will."""
        if target.starts_at_due_of is not None:
            return self._due_of(target.starts_at_due_of)[0], False
        started = None if mark is None else mark.at
        if target.deemed is None:
            return started, False
        before = self._basis.history.first(target.deemed.kind)
        if before is None:
            return started, False
        at, _ = self._count(target.deemed.after, before)
        return (at, True) if started is None or at < started else (started, False)

    def _due_of(self, name: str | None) -> tuple[dt.datetime | None, bool]:
        """Return the due time of another target, and whether that is provisional; None where it has none."""
        clock = None if name is None else self.clocks.get(name)
        return (None, False) if clock is None else (clock.due, clock.provisional)

    def _count(self, limit: Limit, start: dt.datetime) -> Due:
        return limit.dues(self._basis.calendar, self._basis.counting).find(start)

    def _clock(
        self, name: str, target: Target, mark: Mark | None, started: dt.datetime | None, *, deemed: bool
    ) -> Clock:
        basis, policy = self._basis, self._policy
        stopped = target.stopping(basis.history, mark)
        done = policy.closed == "green"
        found = None if started is None else self._due(target, mark, started)
        if started is None or found is None:
            limit = target.limit_for(basis.history.ticket)
            return Clock(
                target=name,
                started=started,
                deemed=deemed,
                limit=limit,
                stopped=stopped,
                green_when_done=done,
            )
        limit, (due, provisional) = found
        moved = None
        if basis.history.has_any(MOVING):
            moved = move(target, limit, due, started, basis)
            if moved.due != due and not limit.is_natural_time:
                provisional = provisional or basis.calendar.is_provisional(due, moved.due)
        original_due, due = (due, due) if moved is None else (moved.original_due, moved.due)
        cap, cap_provisional = self._due_of(target.capped_by)
        if cap is not None and cap < due:
            due, provisional = cap, cap_provisional
        warnings = [warning_begins(it, due, basis.calendar, started) for it in policy.warnings]
        return Clock(
            target=name,
            started=started,
            deemed=deemed,
            due=due,
            limit=limit,
            original_due=original_due,
            extensions=() if moved is None else moved.extensions,
            provisional=provisional,
            stopped=stopped,
            yellow_from=warnings[0],
            paused=() if moved is None else moved.paused,
            paused_since=None if moved is None else moved.paused_since,
            levels=tuple(warnings[1:]),
            green_when_done=done,
        )

    def _due(self, target: Target, mark: Mark | None, started: dt.datetime) -> tuple[Limit, Due] | None:
        """Return the limit of a target that started, and when it ends; None where it has no end (yet)."""
        ticket = self._basis.history.ticket
        limit = target.limit_for(ticket)
        if target.remainder is None and (limit is None or limit.unit is not LimitUnit.BY_AGREEMENT):
            return None if limit is None else (limit, self._count(limit, started))
        own = None if mark is None else mark.facts.get(target.due_fact)
        agreed = ticket.text(target.due_fact) if own is None and target.per is None else own
        if agreed is not None:
            return _BY_AGREEMENT, (_agreed(target, str(agreed)), False)
        other = None if target.remainder is None else self._due_of(target.remainder.of)[0]
        if target.remainder is None or other is None:
            return None
        table = self._basis.calendar.table
        left = table.rank[table.civil.locate(other)[0]] - table.rank[table.civil.locate(started)[0]]
        limit = target.remainder.limit(left)
        return limit, self._count(limit, started)


def _goes_before(clock: Clock, other: Clock, *, newer: bool, plain: bool) -> bool:
    """Whether the light watches a clock rather than another: the one that started later.

    Of two that started together a new round counts (`newer`). Where neither is one (`plain`), a clock
    without a due time gives way to one that still runs towards its own.
    """
    if plain and (clock.due is None) != (other.due is None):
        dated = other if clock.due is None else clock
        if dated.stopped is None:
            return dated is clock
    if clock.started is None:
        return False
    if other.started is None or clock.started == other.started:
        return other.started is None or newer
    return clock.started > other.started


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
