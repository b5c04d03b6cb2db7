"""Corrections (更正): of what really stands there, to what could have been stated, and to nothing else."""

import datetime as dt

import attrs

from bubancheng.actions import Action, stated_facts
from bubancheng.desk.deriving import DERIVED_FACTS
from bubancheng.desk.wording import known_facts
from bubancheng.district import District, Rule
from bubancheng.errors import ArgumentError
from bubancheng.ticket import Amendment, Fact, Mark, Ticket


@attrs.frozen(kw_only=True)
class Corrections:
    """The corrections of one action, by the words of its district's rules.

    `may_lie_ahead`: whether a corrected time may lie after `recorded_at`, as those of an import may.
    """

    action: Action
    district: District
    rule: Rule
    recorded_at: dt.datetime
    may_lie_ahead: bool

    def made(self, ticket: Ticket | None) -> tuple[Amendment, ...]:
        """Return the corrections of an action, checked against what really stands there."""
        marks = {} if ticket is None else {mark.sequence: mark for mark in ticket.marks}
        found = []
        for amendment in self.action.amendments():
            mark = marks.get(amendment.sequence)
            if mark is None:
                name = self.action.ticket
                msg = f"ticket {name!r} has no entry {amendment.sequence}: it has 1 to {len(marks)}"
                raise ArgumentError(msg)
            field, old, new = amendment.field, amendment.old, amendment.new
            if field == "at":
                old, was = _instant_text(old), _instant_text(mark.at.isoformat())
            else:
                known = [
                    known_facts({field: it}, self.district, self.rule)[field] if it is not None else None
                    for it in (old, new)
                ]
                (old, new), was = known, mark.facts.get(field)
            if old != was:
                msg = (
                    f"entry {amendment.sequence} has {field} = {was!r}, not {amendment.old!r}: read it again"
                )
                raise ArgumentError(msg)
            self._check(mark, field, new)
            found.append(attrs.evolve(amendment, old=old, new=new))
        return tuple(found)

    def _check(self, mark: Mark, field: str, new: Fact) -> None:
        """Refuse a correction to what no command could have stated."""
        if field == "at":
            at = dt.datetime.fromisoformat(new) if isinstance(new, str) and _is_instant(new) else None
            ahead = at is not None and at > self.recorded_at
            if ahead and not self.may_lie_ahead:  # a ledger may hold times ahead
                msg = f"{new} has not happened yet at {self.recorded_at}"
                raise ArgumentError(msg)
            return
        if field in DERIVED_FACTS or (field not in mark.facts and field not in stated_facts()):
            msg = (
                f"{field!r} is no fact that anybody states: entry {mark.sequence} has {', '.join(mark.facts)}"
            )
            raise ArgumentError(msg)
        rows = self.district.flow.transitions
        if new is None and any(field in row.needs for row in rows if row.entry == mark.kind):
            msg = f"{field!r} cannot be left blank: a {mark.kind!r} entry of {self.action.ticket!r} needs it"
            raise ArgumentError(msg)


def _is_instant(text: str) -> bool:
    try:
        return dt.datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _instant_text(value: Fact) -> Fact:
    """Return an instant's text in UTC, for comparing; anything else as it is."""
    try:
        return dt.datetime.fromisoformat(str(value)).astimezone(dt.UTC).isoformat()
    except ValueError:
        return value
