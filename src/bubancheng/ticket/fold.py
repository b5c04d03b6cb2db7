"""The ticket (工单): what its entries add up to."""

import datetime as dt
from collections.abc import Iterable, Mapping
from types import MappingProxyType

import attrs

from bubancheng.errors import ArgumentError
from bubancheng.ticket.entry import Amendment, Entry, Fact


@attrs.frozen
class Mark:
    """What a ticket keeps of an entry: enough for every clock and every view as of an instant."""

    sequence: int
    kind: str
    at: dt.datetime
    step: str | None
    facts: Mapping[str, Fact] = attrs.field(hash=False)


@attrs.frozen(kw_only=True)
class Ticket:
    """The state of one ticket, folded from its entries.

    `rule` is the version of the district's rules it was registered under; `step` where it stands;
    `facts` what is known of it; `marks` its history in short, corrections applied.
    """

    district: str
    id: str
    rule: str
    marks: tuple[Mark, ...]
    step: str
    facts: Mapping[str, Fact] = attrs.field(hash=False)

    @property
    def version(self) -> int:
        """The sequence of the last entry."""
        return self.marks[-1].sequence

    @property
    def unit(self) -> str | None:
        """The unit (主办单位) that is responsible now; None while nobody is."""
        return self.text("unit")

    def text(self, fact: str) -> str | None:
        """Return a fact as text, None where it is not known."""
        value = self.facts.get(fact)
        return None if value is None else str(value)

    def first(self, kind: str) -> dt.datetime | None:
        """Return when the first entry of a kind happened; None where none has."""
        return next((mark.at for mark in self.marks if mark.kind == kind), None)

    def as_of(self, now: dt.datetime) -> "Ticket | None":
        """Return the ticket as it stood at an instant; None before it was registered.

        What happened later has not happened yet; corrections count as known from the start.
        """
        if all(mark.at <= now for mark in self.marks):
            return self
        seen = tuple(mark for mark in self.marks if mark.at <= now)
        if not seen or seen[0].sequence != self.marks[0].sequence:
            return None
        return _summed(self.district, self.id, self.rule, seen)

    def before(self, mark: Mark) -> "Ticket":
        """Return the ticket as it stood before one of its entries, which is not the first."""
        return _summed(self.district, self.id, self.rule, self.marks[: self.marks.index(mark)])

    def after(self, entry: Entry) -> "Ticket":
        """Return the ticket with one more entry."""
        if entry.sequence != self.version + 1:
            msg = f"entry {entry.sequence} cannot follow entry {self.version}: sequences have no gap"
            raise ArgumentError(msg)
        marks = _amended(self.marks, entry.effect.amends)
        return _summed(self.district, self.id, self.rule, (*marks, _mark(entry)))


def fold(entries: Iterable[Entry], *, rule: str) -> Ticket:
    """Return the ticket that entries add up to; `ArgumentError` where there is none, or a gap."""
    ticket: Ticket | None = None
    for entry in entries:
        ticket = opened(entry, rule=rule) if ticket is None else ticket.after(entry)
    if ticket is None:
        msg = "a ticket needs at least one entry"
        raise ArgumentError(msg)
    return ticket


def opened(entry: Entry, *, rule: str) -> Ticket:
    """Return the ticket that its first entry opens."""
    return _summed(entry.district, entry.ticket, rule, (_mark(entry),))


def restored(district: str, ticket: str, rule: str, marks: Iterable[Mark]) -> Ticket:
    """Return the ticket of stored marks."""
    return _summed(district, ticket, rule, tuple(marks))


def _mark(entry: Entry) -> Mark:
    return Mark(entry.sequence, entry.kind, entry.at, entry.effect.step, entry.effect.facts)


def _amended(marks: tuple[Mark, ...], amends: tuple[Amendment, ...]) -> tuple[Mark, ...]:
    for amendment in amends:
        marks = tuple(
            _replaced(mark, amendment) if mark.sequence == amendment.sequence else mark for mark in marks
        )
    return marks


def _replaced(mark: Mark, amendment: Amendment) -> Mark:
    if amendment.field == "at":
        return attrs.evolve(mark, at=_corrected(amendment.new))
    facts = MappingProxyType({**mark.facts, amendment.field: amendment.new})
    return attrs.evolve(mark, facts=facts)


def _corrected(value: Fact) -> dt.datetime:
    """Return the instant that a corrected time writes."""
    try:
        at = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        msg = f"a corrected time is an instant with a zone such as 2024-03-25T12:30:00+08:00, got {value!r}"
        raise ArgumentError(msg)
    return at


def _summed(district: str, ticket: str, rule: str, marks: tuple[Mark, ...]) -> Ticket:
    step = ""
    facts: dict[str, Fact] = {}
    for mark in marks:
        step = mark.step or step
        facts.update(mark.facts)
    return Ticket(
        district=district, id=ticket, rule=rule, marks=marks, step=step, facts=MappingProxyType(facts)
    )
