"""All that a store keeps under one name: listed a page at a time, counted, and summed up in a digest."""

import hashlib
from collections.abc import Iterator
from operator import attrgetter
from typing import Protocol

import attrs

from bubancheng.errors import BrokenChainError
from bubancheng.store.contract import Filter, OutboxRow, Portable, Record, StateRow, Store
from bubancheng.ticket import chain

OWN = "migration"
"""The kind of record that copying writes for itself: it is neither copied nor counted."""

_PAGE = 100  # rows held at a time
_SIZE = 2**256
_PARTS = {kind: attrgetter(*(it.name for it in attrs.fields(kind))) for kind in (StateRow, Record, OutboxRow)}


class PortableStore(Store, Portable, Protocol):
    """A store that can list all it holds."""


@attrs.frozen(kw_only=True)
class Tally:
    """How much is kept under one name, and a digest of it in which the order plays no part.

    `entries`: how many the tickets have by their versions; what they say is in the digest by the hash of
    the last of them.
    """

    tickets: int = 0
    entries: int = 0
    records: int = 0
    waiting: int = 0
    digest: int = 0

    def plus(self, it: StateRow | Record | OutboxRow) -> "Tally":
        """Return the tally with one thing more."""
        return Tally(
            tickets=self.tickets + (type(it) is StateRow),
            entries=self.entries + (it.version if isinstance(it, StateRow) else 0),
            records=self.records + (type(it) is Record),
            waiting=self.waiting + (type(it) is OutboxRow),
            digest=(self.digest + number_of(repr(_PARTS[type(it)](it)))) % _SIZE,
        )


def number_of(text: str) -> int:
    """Return the SHA-256 of a text as a number; numbers of many texts can be added in any order."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest())


def rows_of(store: Store, name: str) -> Iterator[StateRow]:
    """Yield the state rows under a name."""
    after = ""
    while page := store.find(Filter(district=name, after=after, limit=_PAGE)):
        yield from page
        after = page[-1].ticket


def row_pairs(store: Store, other: Store, name: str) -> Iterator[tuple[StateRow, StateRow | None]]:
    """Yield each ticket of a store with what another has under its number, however that orders them."""
    is_blank, after = not other.find(Filter(district=name, limit=1)), ""
    while page := store.find(Filter(district=name, after=after, limit=_PAGE)):
        near = {} if is_blank else other.find(Filter(district=name, after=after, limit=_PAGE))
        known = {it.ticket: it for it in near}
        for row in page:
            found = known.get(row.ticket)
            yield row, found if found or is_blank else other.load(name, row.ticket)
        after = page[-1].ticket


def records_of(store: Portable, name: str) -> Iterator[Record]:
    """Yield the records under a name, but those of copying itself."""
    after = "", ""
    while page := store.records(name, after, _PAGE):
        yield from (it for it in page if it.kind != OWN)
        after = page[-1].kind, page[-1].key


def record_pairs(store: Portable, other: PortableStore, name: str) -> Iterator[tuple[Record, str | None]]:
    """Yield each record of a store with the text that another has in its place."""
    is_blank, after = not other.records(name, limit=1), ("", "")
    while page := store.records(name, after, _PAGE):
        near = [] if is_blank else other.records(name, after, _PAGE)
        known = {(it.kind, it.key): it.text for it in near}
        for it in page:
            found = known.get((it.kind, it.key))
            if it.kind != OWN:
                is_known = found is not None or is_blank
                yield it, found if is_known else other.lookup(name, it.kind, it.key)
        after = page[-1].kind, page[-1].key


def waiting_of(store: Portable, name: str) -> Iterator[OutboxRow]:
    """Yield what waits under a name."""
    after = ""
    while page := store.waiting(name, after, _PAGE):
        yield from page
        after = page[-1].id


def waiting_pairs(
    store: Portable, other: Portable, name: str
) -> Iterator[tuple[OutboxRow, OutboxRow | None]]:
    """Yield each row of an outbox with another's; None also where that lists it in another place."""
    after = ""
    while page := store.waiting(name, after, _PAGE):
        known = {it.id: it for it in other.waiting(name, after, _PAGE)}
        yield from ((it, known.get(it.id)) for it in page)
        after = page[-1].id


def tally_of(store: PortableStore, name: str) -> Tally:
    """Return how much a store keeps under a name."""
    tally = Tally()
    for row in rows_of(store, name):
        tally = tally.plus(row)
    for record in records_of(store, name):
        tally = tally.plus(record)
    for waiting in waiting_of(store, name):
        tally = tally.plus(waiting)
    return tally


def chain_fault(store: Store, row: StateRow) -> BrokenChainError | None:
    """Walk the chain of a ticket; return where it is broken, None where it is whole."""
    links = ((it.text, it.hash) for it in store.entries(row.district, row.ticket))
    try:
        chain.check(row.district, row.ticket, links, head=row.head, version=row.version)
    except BrokenChainError as error:
        return error
    return None
