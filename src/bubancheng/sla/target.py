"""Targets: which duties a rule sets, what starts and ends each, and how long it may take."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from operator import attrgetter

import attrs

from bubancheng.errors import ArgumentError, KindError
from bubancheng.sla.history import History
from bubancheng.sla.limit import Limit
from bubancheng.sla.notation import LimitUnit
from bubancheng.ticket import Fact, Mark, Ticket

_STEP, _DUE = "step:", "due:"
_at, _sequence, _at_and_sequence = attrgetter("at"), attrgetter("sequence"), attrgetter("at", "sequence")


@attrs.frozen(kw_only=True)
class Deemed:
    """A start that comes by itself: the `kind` of entry it runs from, and the limit after it.

    An order that is not acknowledged (接单) in time counts as acknowledged at the limit's end.
    """

    kind: str
    after: Limit

    def __attrs_post_init__(self) -> None:
        if self.after.unit is LimitUnit.BY_AGREEMENT:
            msg = f"nothing is deemed to happen by agreement: {self.after}; give a limit with a number"
            raise ArgumentError(msg)


@attrs.frozen(kw_only=True)
class Remainder:
    """A limit that is a share of the working days another target has left when this one starts.

    Broken days do not count, and there are `at_least` so many. Source: domain decision 23, 协办时限.
    """

    of: str
    part: Fraction = Fraction(1, 2)
    at_least: int = 1

    def __attrs_post_init__(self) -> None:
        if not 0 < self.part <= 1 or self.at_least < 1:
            msg = f"a remainder takes a part above 0 up to 1 and at least 1 day, got {self!r}"
            raise ArgumentError(msg)

    def limit(self, workdays_left: int) -> Limit:
        """Return the limit where another target has so many working days left."""
        days = max(workdays_left * self.part // 1, self.at_least)
        return Limit(Fraction(days), LimitUnit.WORKING_DAY)


@attrs.frozen(kw_only=True)
class Target:
    """One duty with a limit.

    `starts`: the kinds of entry that start it ("a" or "a,b"), or "step:a,b" (the first entry into one of
    these steps), or "due:other" (the due time of another target); `stops`: the kinds that fulfil it, each
    perhaps only where a fact is true, or is this ("contact_attempted?unreachable",
    "called_back?level=unit"). `again`: the last such entry starts it, not the first (a new round, a new
    clock, also after the ticket was closed); it has no clock before. `per`: a fact by which it is counted
    apart, such as the unit of each co-handler.

    `limit`, or `limits` by the value of the fact `axis`: a class without one has no due time, a ticket
    without the fact counts as `unclassified`; or a `remainder` of another target's working days.
    `due_fact`: the fact that holds an agreed due time, for a limit by agreement, and in place of a
    remainder. `stop_fact`: the fact of a fulfilling entry that says when it really happened, such as a
    postmark (邮戳，民事诉讼法 第85条). `pauses`: the reasons that pause it, for `pause_max` at most.
    `capped_by` names a target whose due time this one never passes. `watched`: the light watches it.
    """

    name: str
    starts: str
    stops: tuple[str, ...]
    limits: Mapping[str, Limit] = attrs.field(factory=dict, hash=False)
    limit: Limit | None = None
    remainder: Remainder | None = None
    axis: str = "class"
    unclassified: str = ""
    due_fact: str = "agreed_due"
    stop_fact: str | None = None
    again: bool = False
    per: str | None = None
    deemed: Deemed | None = None
    capped_by: str | None = None
    pauses: frozenset[str] = frozenset()
    pause_max: Limit | None = None
    watched: bool = False
    is_occasional: bool = attrs.field(init=False, repr=False, eq=False)
    """Whether it has a clock only once something started it: it may start again, or is counted apart."""
    starting_kinds: frozenset[str] = attrs.field(init=False, repr=False, eq=False)
    """The kinds of entry that start it; empty where a step or a due time does."""
    _steps: frozenset[str] = attrs.field(init=False, repr=False, eq=False)
    _plain_stops: bool = attrs.field(init=False, repr=False, eq=False)
    starts_at_due_of: str | None = attrs.field(init=False, repr=False, eq=False)
    """The target at whose due time this one starts; None where an entry starts it."""

    def __attrs_post_init__(self) -> None:
        for limit in (self.limit, self.pause_max, *self.limits.values()):
            if limit is not None and not isinstance(limit, Limit):
                msg = f"target {self.name!r} takes limits such as Limit.parse('当日'), got {limit!r}"
                raise KindError(msg)
        if (self.limit is not None) + bool(self.limits) + (self.remainder is not None) > 1:
            msg = f"target {self.name!r} has more than one of limit, limits and remainder: keep one"
            raise ArgumentError(msg)
        steps = self.starts.removeprefix(_STEP).split(",") if self.starts.startswith(_STEP) else ()
        other = self.starts.removeprefix(_DUE) if self.starts.startswith(_DUE) else None
        kinds = () if steps or other else self.starts.split(",")
        object.__setattr__(self, "starting_kinds", frozenset(kinds))
        object.__setattr__(self, "is_occasional", bool(kinds) and (self.again or self.per is not None))
        object.__setattr__(self, "_steps", frozenset(steps))
        plain = not self.again and self.per is None and self.stop_fact is None
        plain = plain and not any("?" in stop for stop in self.stops)
        object.__setattr__(self, "_plain_stops", plain)
        object.__setattr__(self, "starts_at_due_of", other)

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The targets whose due times this one needs."""
        rest = None if self.remainder is None else self.remainder.of
        return tuple(name for name in (self.starts_at_due_of, self.capped_by, rest) if name is not None)

    def limit_for(self, ticket: Ticket) -> Limit | None:
        """Return the limit of a ticket's class; None where its class has no number of its own."""
        if self.limit is not None:
            return self.limit
        return self.limits.get(ticket.text(self.axis) or self.unclassified)

    def _starts(self, history: History) -> Sequence[Mark]:
        if self._steps:
            return history.into(self._steps)
        if len(self.starting_kinds) == 1:
            return history.of(self.starts)
        return sorted((mark for kind in self.starting_kinds for mark in history.of(kind)), key=_sequence)

    def starting(self, history: History) -> Mark | None:
        """Return the entry that starts it."""
        marks = self._starts(history)
        if len(marks) == 1:
            return marks[0]
        if self.again:  # of two at one instant the one that was written later
            return max(marks, key=_at_and_sequence, default=None)
        return min(marks, key=_at, default=None)

    def stopping(self, history: History, since: Mark | None) -> dt.datetime | None:
        """Return when it was fulfilled; of a target that starts again, only after its last start."""
        if self._plain_stops:
            return history.earliest(self.stops)
        ends = (self._happened(mark) for mark in self._ends(history) if self._ends_this(mark, since))
        return min(ends, default=None)

    def _happened(self, mark: Mark) -> dt.datetime:
        """Return when an entry really happened: at the instant that its fact gives, where it has one."""
        given = None if self.stop_fact is None else mark.facts.get(self.stop_fact)
        return mark.at if given is None else min(mark.at, instant_in(self.stop_fact, given))

    def _ends(self, history: History) -> Iterator[Mark]:
        for stop in self.stops:
            kind, _, wanted = stop.partition("?")
            fact, given, value = wanted.partition("=")
            for mark in history.of(kind):
                found = mark.facts.get(fact)
                if not wanted or (str(found) == value if given else found):
                    yield mark

    def _ends_this(self, mark: Mark, since: Mark | None) -> bool:
        if since is None:
            return True
        later = not self.again or mark.sequence > since.sequence
        return later and (self.per is None or mark.facts.get(self.per) == since.facts.get(self.per))

    def legs(self, history: History) -> dict[str, Mark]:
        """Return the starting entry for each value of `per`, by the name of its clock."""
        latest: dict[str, Mark] = {}
        for mark in self._starts(history):
            value = None if self.per is None else mark.facts.get(self.per)
            if value is not None and (self.again or f"{self.name}:{value}" not in latest):
                latest[f"{self.name}:{value}"] = mark
        return latest


def instant_in(fact: str | None, value: Fact) -> dt.datetime:
    """Return the instant that a fact writes; `ArgumentError` for anything else."""
    try:
        at = dt.datetime.fromisoformat(str(value))
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        msg = f"the fact {fact!r} takes an instant with a zone in ISO 8601, got {value!r}"
        raise ArgumentError(msg)
    return at
