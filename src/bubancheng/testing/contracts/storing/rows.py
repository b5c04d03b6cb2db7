"""What is put into a store to look at it: rows whose every column tells which row it is."""

from typing import Any

from bubancheng.store import ChangeSet, Filter, Link, OutboxRow, Record, StateRow, Store

HERE, THERE = "here", "there"
SECOND = 1_000_000
MINUTE = 60 * SECOND


def row(ticket: str = "T1", version: int = 1, *, district: str = HERE, **columns: Any) -> StateRow:  # noqa: ANN401 any column
    """Return a state row."""
    usual: dict[str, Any] = {
        "head": f"head of {ticket} {version}",
        "step": "registered",
        "unit": None,
        "told": "green",
        "next_change": None,
        "text": f"text of {ticket} {version}",
    }
    return StateRow(district=district, ticket=ticket, version=version, **(usual | columns))


def link(sequence: int = 1) -> Link:
    """Return a stored entry."""
    return Link(sequence, f"entry {sequence}", f"hash {sequence}")


def change(state: StateRow, expected: int = 0, **more: Any) -> ChangeSet:  # noqa: ANN401 any field
    """Return a change that brings a ticket to a state, one entry further."""
    return ChangeSet(
        district=state.district, expected=expected, row=state, **({"links": (link(state.version),)} | more)
    )


def records(*given: Record, district: str = HERE) -> ChangeSet:
    """Return a change of records only."""
    return ChangeSet(district=district, records=given)


def waiting(name: str = "a", **columns: Any) -> OutboxRow:  # noqa: ANN401 any column
    """Return a row of the outbox for ticket T1."""
    usual: dict[str, Any] = {"district": HERE, "ticket": "T1", "kind": "dispatch", "due": 0}
    return OutboxRow(id=name, **(usual | columns))


def put(*rows: OutboxRow, district: str = HERE) -> ChangeSet:
    """Return a change of the outbox only."""
    return ChangeSet(district=district, outbox=rows)


def take(store: Store, n: int = 100, *, now: int = 0, district: str = HERE) -> list[OutboxRow]:
    """Claim dispatches for a minute."""
    return store.claim(district, ["dispatch"], n, now=now, lease=MINUTE)


def taken(store: Store, n: int = 100, *, now: int = 0, district: str = HERE) -> list[str]:
    """Claim dispatches for a minute; return their ids in order."""
    return sorted(it.id for it in take(store, n, now=now, district=district))


def found(store: Store, **wanted: Any) -> list[str]:  # noqa: ANN401 any filter
    """Return the numbers of the tickets that a filter finds."""
    return [it.ticket for it in store.find(Filter(district=HERE, **wanted))]


def sequences(store: Store, ticket: str = "T1", after: int = 0) -> list[int]:
    """Return the numbers of a ticket's entries."""
    return [it.sequence for it in store.entries(HERE, ticket, after)]
