"""The clocks of one ticket: each target's, made from what happened."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.sla.clock import Clock
from bubancheng.sla.counting import Counting
from bubancheng.sla.dues import Due
from bubancheng.sla.history import History
from bubancheng.sla.light import Warning_, warning_begins
from bubancheng.sla.limit import Limit
from bubancheng.sla.notation import LimitUnit
from bubancheng.sla.shift import MOVING, Basis, move
from bubancheng.sla.target import Target, instant_in
from bubancheng.ticket import Mark, Ticket

_BY_AGREEMENT = Limit.parse("约定")


@attrs.frozen(kw_only=True)
class Terms:
    """What a policy gives to its clocks: the targets by name, each after those it waits for, and the rest."""

    targets: Mapping[str, Target]
    final: tuple[str, ...]
    counting: Counting
    warn_before: Warning_
    levels: tuple[Warning_, ...]
    green_when_done: bool


class Clocks(Mapping[str, Clock]):
    """The clocks of one ticket by name, each made when it is first asked for, after those it waits for."""

    __slots__ = ("_calendar", "_end", "_history", "_made", "_moves", "_terms")

    def __init__(self, terms: Terms, ticket: Ticket, calendar: WorkCalendar) -> None:
        self._terms, self._calendar, self._history = terms, calendar, History(ticket)
        self._end = self._history.earliest(terms.final)
        self._moves = self._history.has_any(MOVING)
        self._made: dict[str, Clock] = {}

    def __getitem__(self, name: str) -> Clock:
        clock = self._made.get(name)
        if clock is None:
            clock = self._made[name] = self._make(name)
        return clock

    def get(self, name: str, default: Any = None) -> Any:  # noqa: ANN401 the signature of a mapping
        """Return a clock by its name; the default where the ticket has none, without an exception's cost."""
        target = self._terms.targets.get(name)
        if target is not None and target.is_occasional and not self._occurs(target):
            return default
        return self._made.get(name) or super().get(name, default)

    def __iter__(self) -> Iterator[str]:
        for target in self._terms.targets.values():
            if target.per is not None:
                yield from target.legs(self._history)
            elif self._occurs(target):
                yield target.name

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __repr__(self) -> str:
        return f"Clocks({dict(self)})"

    def _occurs(self, target: Target) -> bool:
        return not target.is_occasional or self._history.has_any(target.starting_kinds)

    def _make(self, name: str) -> Clock:
        """Make one clock; `KeyError` where the ticket has none of this name."""
        target = self._terms.targets.get(name)
        if target is None or target.per is not None:
            return self._leg(name)
        if not self._occurs(target):
            raise KeyError(name)
        mark = None if target.starts_at_due_of else target.starting(self._history)
        started, deemed = self._start(target, mark)
        if started is not None and not target.again and self._end is not None and self._end < started:
            started, deemed = None, False
        return self._clock(name, target, mark, started, deemed=deemed)

    def _leg(self, name: str) -> Clock:
        for target in self._terms.targets.values():
            leg = None if target.per is None else target.legs(self._history).get(name)
            if leg is not None:
                return self._clock(name, target, leg, leg.at, deemed=False)
        raise KeyError(name)

    def _start(self, target: Target, mark: Mark | None) -> tuple[dt.datetime | None, bool]:
        """Return when a target starts, and whether by itself; None where it never will."""
        if target.starts_at_due_of is not None:
            return self._due_of(target.starts_at_due_of)[0], False
        started = None if mark is None else mark.at
        if target.deemed is None:
            return started, False
        before = self._history.first(target.deemed.kind)
        if before is None:
            return started, False
        at, _ = self._count(target.deemed.after, before)
        return (at, True) if started is None or at < started else (started, False)

    def _due_of(self, name: str) -> tuple[dt.datetime | None, bool]:
        """Return the due time of another target, and whether that is provisional; None where it has none."""
        clock = self.get(name)
        return (None, False) if clock is None else (clock.due, clock.provisional)

    def _count(self, limit: Limit, start: dt.datetime) -> Due:
        return limit.dues(self._calendar, self._terms.counting).find(start)

    def _clock(
        self, name: str, target: Target, mark: Mark | None, started: dt.datetime | None, *, deemed: bool
    ) -> Clock:
        calendar, done = self._calendar, self._terms.green_when_done
        stopped = target.stopping(self._history, mark)
        found = None if started is None else self._due(target, mark, started)
        if started is None or found is None:
            limit = target.limit_for(self._history.ticket)
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
        if self._moves:
            moved = move(target, limit, due, started, Basis(self._history, calendar, self._terms.counting))
            if moved.due != due and not limit.is_natural_time:
                provisional = provisional or calendar.is_provisional(due, moved.due)
            due = moved.due
        original_due = due
        if target.capped_by is not None:
            cap, cap_provisional = self._due_of(target.capped_by)
            if cap is not None and cap < due:
                due, provisional = cap, cap_provisional
        terms = self._terms
        clock = Clock(
            target=name,
            started=started,
            deemed=deemed,
            due=due,
            limit=limit,
            original_due=original_due,
            provisional=provisional,
            stopped=stopped,
            yellow_from=warning_begins(terms.warn_before, due, calendar, started),
            levels=tuple([warning_begins(it, due, calendar, started) for it in terms.levels])
            if terms.levels
            else (),
            green_when_done=done,
        )
        if moved is None:
            return clock
        return attrs.evolve(
            clock,
            original_due=moved.original_due,
            extensions=moved.extensions,
            paused=moved.paused,
            paused_since=moved.paused_since,
        )

    def _due(self, target: Target, mark: Mark | None, started: dt.datetime) -> tuple[Limit, Due] | None:
        """Return the limit of a target that started, and when it ends; None where it has no end (yet)."""
        ticket = self._history.ticket
        limit = target.limit_for(ticket)
        if target.remainder is None and (limit is None or limit.unit is not LimitUnit.BY_AGREEMENT):
            return None if limit is None else (limit, self._count(limit, started))
        own = None if mark is None else mark.facts.get(target.due_fact)
        agreed = ticket.text(target.due_fact) if own is None and target.per is None else own
        if agreed is not None:
            return _BY_AGREEMENT, (instant_in(target.due_fact, agreed), False)
        other = None if target.remainder is None else self._due_of(target.remainder.of)[0]
        if target.remainder is None or other is None:
            return None
        table = self._calendar.table
        left = table.rank[table.civil.locate(other)[0]] - table.rank[table.civil.locate(started)[0]]
        limit = target.remainder.limit(left)
        return limit, self._count(limit, started)
