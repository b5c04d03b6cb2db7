"""What else a row of the table may ask for: how often, until when, approved by whom.

Each condition is a value that says what speaks against a case; None where nothing does.
"""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Protocol

import attrs

from bubancheng.actions import Action
from bubancheng.calendar import WorkCalendar
from bubancheng.sla import Clock, Counting, Limit
from bubancheng.ticket import Actor, Fact, Ticket

_NOBODY: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())


@attrs.frozen(kw_only=True)
class Case:
    """What is asked for: an action, by whom, approved by whom, when, on which ticket.

    `clocks` gives the ticket's clocks; `rank` how difficult a class is, None for an unknown one.
    """

    action: Action
    actor: Actor
    ticket: Ticket | None
    at: dt.datetime
    calendar: WorkCalendar
    counting: Counting
    clocks: Callable[[], Mapping[str, Clock]]
    rank: Callable[[Fact], int | None]
    approver: Actor | None = None
    holders: Callable[[str], tuple[frozenset[str], frozenset[str]]] = attrs.field(default=lambda _: _NOBODY)
    """Who holds a post in the ticket's unit that day, and who stands in for them."""
    facts: Mapping[str, Fact] = attrs.field(
        default=attrs.Factory(lambda self: self.action.facts(), takes_self=True), hash=False
    )
    """What the action states, in the district's own identifiers where it knows the words."""

    @property
    def unit(self) -> str | None:
        """The unit that is responsible for the ticket."""
        return None if self.ticket is None else self.ticket.unit


class Condition(Protocol):
    """Something that must hold for a row to apply."""

    def refusal(self, case: Case) -> str | None:
        """Return what speaks against it; None where nothing does."""


@attrs.frozen
class AtMost:
    """The entry may happen so many times on one ticket."""

    entry: str
    times: int

    def refusal(self, case: Case) -> str | None:
        """Return how often it happened, where that is often enough."""
        marks = () if case.ticket is None else case.ticket.marks
        count = sum(mark.kind == self.entry for mark in marks)
        return f"it happened {count} times, at most {self.times} allowed" if count >= self.times else None


@attrs.frozen
class Within:
    """It must happen within a limit after the last entry of a kind."""

    after: str
    limit: Limit

    def refusal(self, case: Case) -> str | None:
        """Return until when it was possible, where that is over."""
        marks = () if case.ticket is None else case.ticket.marks
        since = max((mark.at for mark in marks if mark.kind == self.after), default=None)
        if since is None:
            return f"nothing of kind {self.after!r} happened before"
        until = self.limit.due(since, case.calendar, case.counting).at
        return f"it was possible until {until:%Y-%m-%d %H:%M} ({self.limit})" if case.at > until else None


@attrs.frozen
class BeforeDue:
    """It must happen before a target's due time."""

    target: str

    def refusal(self, case: Case) -> str | None:
        """Return the due time, where it has passed."""
        clock = case.clocks().get(self.target)
        if clock is None or clock.due is None:
            return f"no limit {self.target!r} is running"
        return f"the limit ended at {clock.due:%Y-%m-%d %H:%M}" if case.at > clock.due else None


@attrs.frozen
class Approved:
    """Somebody else with one of these roles must approve it; `harder`: only where the class goes up."""

    roles: frozenset[str]
    harder: bool = False

    def refusal(self, case: Case) -> str | None:
        """Return who must approve it, where nobody did."""
        if not self.is_asked(case):
            return None
        takers = ", ".join(sorted(self.roles))
        if case.approver is None:
            return f"it needs the approval of {takers}"
        if case.approver.id == case.actor.id:
            return "nobody approves what he does himself"
        if case.approver.role not in self.roles:
            return f"role {case.approver.role!r} may not approve it; it takes {takers}"
        return None if not self.harder or (case.action.reason or "").strip() else "it needs reason"

    def is_asked(self, case: Case) -> bool:
        """Whether this case needs an approval."""
        return not self.harder or self._goes_up(case)

    @staticmethod
    def _goes_up(case: Case) -> bool:
        known = None if case.ticket is None else case.ticket.facts.get("class")
        before, after = case.rank(known), case.rank(case.facts.get("class"))
        return before is not None and after is not None and after > before


@attrs.frozen
class OtherUnit:
    """A unit that the action names must not be the responsible one."""

    field: str

    def refusal(self, case: Case) -> str | None:
        """Return the unit, where it is the responsible one."""
        named = case.facts.get(self.field)
        return f"{self.field} is the responsible unit itself, {named!r}" if named == case.unit else None


@attrs.frozen
class Open:
    """Something the action names must be open: begun by one kind of entry, not yet ended by others.

    Such as a co-handling that was asked for and not answered. `closed` turns it round: it must not be open.
    """

    field: str
    begins: str
    ends: tuple[str, ...]
    closed: bool = False

    def refusal(self, case: Case) -> str | None:
        """Return that it is not open, or that it is."""
        named, is_open = case.facts.get(self.field), False
        for mark in () if case.ticket is None else case.ticket.marks:
            if mark.facts.get(self.field) == named:
                is_open = mark.kind == self.begins or (is_open and mark.kind not in self.ends)
        if is_open == (not self.closed):
            return None
        return f"{self.field} {named!r} is {'open already' if self.closed else 'not open'}"


@attrs.frozen
class Settled:
    """Everything of a kind that was begun must have ended: every item of a case, every co-handling."""

    field: str
    begins: str
    ends: tuple[str, ...]

    def refusal(self, case: Case) -> str | None:
        """Return what is still open."""
        left: list[Fact] = []
        for mark in () if case.ticket is None else case.ticket.marks:
            named = mark.facts.get(self.field)
            if mark.kind == self.begins and named not in left:
                left.append(named)
            elif mark.kind in self.ends and named in left:
                left.remove(named)
        return f"{self.field} {', '.join(map(str, left))} is still open" if left else None


@attrs.frozen
class OnDuty:
    """A person that the action names must hold a post that day; a substitute only for a stated reason."""

    field: str
    post: str

    def refusal(self, case: Case) -> str | None:
        """Return who holds the post, where the named person does not."""
        named = case.facts.get(self.field)
        holders, substitutes = case.holders(self.post)
        if named in holders or (named in substitutes and (case.action.reason or "").strip()):
            return None
        if named in substitutes:
            return f"{named!r} stands in for {', '.join(sorted(holders))}: it needs reason"
        known = ", ".join(sorted(holders | substitutes)) or "nobody"
        return f"{named!r} does not hold the post {self.post!r} that day; {known} does"


@attrs.frozen
class Known:
    """Facts that the ticket must have by now, from this action or an earlier one."""

    facts: tuple[str, ...]

    def refusal(self, case: Case) -> str | None:
        """Return what is not known yet."""
        stated, ticket = case.facts, case.ticket
        missing = [
            it for it in self.facts if stated.get(it) is None and (ticket is None or ticket.text(it) is None)
        ]
        return f"nobody has stated {', '.join(missing)}" if missing else None


@attrs.frozen
class Happened:
    """An entry of a kind must have happened; with a `field`, one in which that fact has this value."""

    kind: str
    field: str | None = None
    value: Fact = None

    def refusal(self, case: Case) -> str | None:
        """Return what has not happened yet."""
        marks = () if case.ticket is None else case.ticket.marks
        found = any(
            mark.kind == self.kind and (self.field is None or mark.facts.get(self.field) == self.value)
            for mark in marks
        )
        what = self.kind if self.field is None else f"{self.kind} ({self.field} = {self.value})"
        return None if found else f"{what} has not happened"


@attrs.frozen
class Listed:
    """A reason that the action names must be one for which the target may be paused."""

    field: str
    values: frozenset[str]

    def refusal(self, case: Case) -> str | None:
        """Return the listed ones, where it is none of them."""
        named = case.facts.get(self.field)
        return None if named in self.values else f"{named!r} is not listed: {', '.join(sorted(self.values))}"
