"""Targets: which duties a rule sets, what starts and ends each, and how long it may take."""

import datetime as dt
from collections.abc import Iterator, Mapping

import attrs

from bubancheng.errors import ArgumentError, KindError
from bubancheng.sla.limit import Limit
from bubancheng.sla.notation import LimitUnit
from bubancheng.ticket import Mark, Ticket

_STEP, _DUE = "step:", "due:"


@attrs.frozen(kw_only=True, cache_hash=True)
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
class Target:
    """One duty with a limit.

    `starts`: the kind of entry that starts it, or "step:a,b" (the first entry into one of these steps),
    or "due:other" (the due time of another target); `stops`: the kinds that fulfil it. `again`: the last
    such entry starts it, not the first (a new round, a new clock). `per`: a fact by which it is
    counted apart, such as the unit of each co-handler.

    `limit`, or `limits` by the value of the fact `axis`: a class without one has no due time, a ticket
    without the fact counts as `unclassified`. `due_fact`: the fact that holds an agreed due time.
    `pauses`: the reasons that pause it, for `pause_max` at most. `capped_by` names a target whose
    due time this one never passes. `watched`: the light watches it.
    """

    name: str
    starts: str
    stops: tuple[str, ...]
    limits: Mapping[str, Limit] = attrs.field(factory=dict, hash=False)
    limit: Limit | None = None
    axis: str = "class"
    unclassified: str = ""
    due_fact: str = "agreed_due"
    again: bool = False
    per: str | None = None
    deemed: Deemed | None = None
    capped_by: str | None = None
    pauses: frozenset[str] = frozenset()
    pause_max: Limit | None = None
    watched: bool = False

    def __attrs_post_init__(self) -> None:
        for limit in (self.limit, self.pause_max, *self.limits.values()):
            if limit is not None and not isinstance(limit, Limit):
                msg = f"target {self.name!r} takes limits such as Limit.parse('当日'), got {limit!r}"
                raise KindError(msg)
        if self.limit is not None and self.limits:
            msg = f"target {self.name!r} has one limit and limits by class: keep one of the two"
            raise ArgumentError(msg)

    @property
    def waits_for(self) -> tuple[str, ...]:
        """The targets whose due times this one needs."""
        start = (self.starts.removeprefix(_DUE),) if self.starts.startswith(_DUE) else ()
        return start if self.capped_by is None else (*start, self.capped_by)

    def starts_at_due_of(self) -> str | None:
        """Return the target at whose due time this one starts; None where an entry starts it."""
        return self.starts.removeprefix(_DUE) if self.starts.startswith(_DUE) else None

    def limit_for(self, ticket: Ticket) -> Limit | None:
        """Return the limit of a ticket's class; None where its class has no number."""
        if self.limit is not None:
            return self.limit
        return self.limits.get(ticket.text(self.axis) or self.unclassified)

    def starting(self, ticket: Ticket) -> Mark | None:
        """Return the entry that starts it."""
        found = [mark for mark in ticket.marks if self._is_start(mark)]
        if not found:
            return None
        return max(found, key=_at) if self.again else min(found, key=_at)

    def _is_start(self, mark: Mark) -> bool:
        if self.starts.startswith(_STEP):
            return mark.step in self.starts.removeprefix(_STEP).split(",")
        return mark.kind == self.starts

    def stopping(self, ticket: Ticket, since: Mark | None) -> dt.datetime | None:
        """Return when it was fulfilled; of a target that starts again, only after its last start."""
        return min(
            (
                mark.at
                for mark in ticket.marks
                if mark.kind in self.stops
                and (not self.again or since is None or mark.sequence > since.sequence)
                and (
                    self.per is None or since is None or mark.facts.get(self.per) == since.facts.get(self.per)
                )
            ),
            default=None,
        )

    def legs(self, ticket: Ticket) -> Iterator[tuple[str, Mark]]:
        """Yield a name and the starting entry for each value of `per`."""
        latest: dict[str, Mark] = {}
        for mark in ticket.marks:
            if self.per is not None and self._is_start(mark) and mark.facts.get(self.per) is not None:
                value = str(mark.facts[self.per])
                if self.again or value not in latest:
                    latest[value] = mark
        for value, mark in latest.items():
            yield f"{self.name}:{value}", mark


def _at(mark: Mark) -> dt.datetime:
    return mark.at
