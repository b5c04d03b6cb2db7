"""Chains beside the tickets' own: who read what (查阅记录), and what was taken out (销毁清册)."""

import datetime as dt
from collections.abc import Mapping

from bubancheng.store import ChangeSet, Link, StateRow, Store
from bubancheng.ticket import Actor, Effect, Entry, Fact, chain

DESTROYED, MOVED, ACCESSES_DESTROYED = "destroyed", "moved", "accesses_destroyed"


def access_district(district: str) -> str:
    """Return the name under which a store keeps a district's access records."""
    return f"{district}/access"


def removed_district(district: str) -> str:
    """Return the name under which a store keeps a district's register of what was taken out (销毁清册)."""
    return f"{district}/removed"


def appended(  # noqa: PLR0913 one argument a part of an entry
    store: Store,
    district: str,
    ticket: str,
    kind: str,
    facts: Mapping[str, Fact],
    *,
    actor: Actor,
    at: dt.datetime,
    reason: str | None = None,
    approver: Actor | None = None,
) -> ChangeSet:
    """Return the change set that appends an entry to the chain of a ticket in such a district."""
    row = store.load(district, ticket)
    sequence = 1 if row is None else row.version + 1
    entry = Entry(
        district=district,
        ticket=ticket,
        sequence=sequence,
        kind=kind,
        effect=Effect(facts=facts),
        actor=actor,
        at=at,
        recorded_at=at,
        reason=reason,
        approver=approver,
    )
    text = chain.encode(entry)
    head = chain.link(chain.start(district, ticket) if row is None else row.head, text)
    after = StateRow(
        district=district,
        ticket=ticket,
        version=sequence,
        head=head,
        step="",
        unit=None,
        told="",
        next_change=None,
        text="",
    )
    return ChangeSet(district=district, expected=sequence - 1, row=after, links=[Link(sequence, text, head)])


def removal(store: Store, district: str, ticket: str) -> Entry | None:
    """Return how a ticket was taken out, as the register has it; None where it never was."""
    found = None
    for link in store.entries(removed_district(district), ticket):
        entry = chain.decode(link.text)
        if entry.kind in {DESTROYED, MOVED}:
            found = entry
    return found
