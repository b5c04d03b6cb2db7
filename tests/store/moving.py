"""What the tests of moving put into stores, and stores that fail, list oddly, or lose something."""

import attrs

from bubancheng.store import ChangeSet, Filter, Link, MemoryStore, OutboxRow, Record, StateRow
from bubancheng.store.copying.tallying import OWN, PortableStore
from bubancheng.testing.contracts.storing.rows import HERE, THERE, put, records, row, take, waiting
from bubancheng.ticket import chain

READS = f"{HERE}/access"
_EVERY = 10**6
_LENGTHS = {"T1": 1, "T2": 3, "T10": 2, "t1": 1, "中": 1, "a\tb": 1, "a": 1, "a ": 1}


class CutError(Exception):
    """Ends a copy as a kill would."""


def history(ticket: str, length: int, *, district: str = HERE, words: str = "entry") -> list[Link]:
    """Return a whole chain of entries."""
    links, head = [], chain.start(district, ticket)
    for sequence in range(1, length + 1):
        text = f"{words} {sequence} of {ticket}"
        head = chain.link(head, text)
        links.append(Link(sequence, text, head))
    return links


def grown(  # noqa: PLR0913 all of them with an ordinary value
    ticket: str,
    length: int,
    since: int = 0,
    *,
    district: str = HERE,
    words: str = "entry",
    told: str = "green",
) -> ChangeSet:
    """Return a change that brings a ticket to so many entries."""
    links = history(ticket, length, district=district, words=words)
    state = row(ticket, length, district=district, head=links[-1].hash, told=told)
    return ChangeSet(district=district, expected=since, row=state, links=links[since:])


def fill(store: PortableStore) -> None:
    """Put something of every kind into a store, also with texts that some servers order in their own way."""
    store.commit(*[grown(ticket, length) for ticket, length in _LENGTHS.items()])
    store.commit(grown("T1", 2, district=THERE), grown("T1", 2, district=READS, told=""))
    kinds = "command", "query", "external", "personal", "setting", "anchor"
    keys = "T1", "a", "a\t", "a "
    store.commit(records(*[Record(kind, key, f"{kind} {key}") for kind in kinds for key in keys]))
    store.commit(records(Record("setting", "x", "1"), district="empty"))
    store.commit(put(waiting("a"), waiting("b", due=7, kind="notice"), waiting("c", ticket="T2", due=5)))
    take(store, 1)


def held(store: PortableStore, name: str = HERE) -> tuple[object, ...]:
    """Return all that a store holds under a name, but what copying keeps for itself."""
    rows = sorted(store.find(Filter(district=name, limit=_EVERY)), key=lambda it: it.ticket)
    links = [list(store.entries(name, it.ticket)) for it in rows]
    kept = [it for it in store.records(name, limit=_EVERY) if it.kind != OWN]
    return rows, links, sorted(kept, key=repr), sorted(store.waiting(name, limit=_EVERY), key=repr)


def same(source: PortableStore, target: PortableStore) -> bool:
    """Whether a target holds the same under every name of the source."""
    return all(held(source, it) == held(target, it) for it in source.holdings())


class Cutting(MemoryStore):
    """Ends whoever writes at a commit, before it is made or after it."""

    def __init__(self) -> None:
        super().__init__()
        self.left, self.is_made = 10**9, False

    def commit(self, *changes: ChangeSet) -> None:
        self.left -= 1
        if self.left > 0 or self.is_made:
            super().commit(*changes)
        if self.left <= 0:
            raise CutError


class Counting(MemoryStore):
    """Remembers what was written, but for what copying keeps for itself."""

    def __init__(self) -> None:
        super().__init__()
        self.written: list[ChangeSet] = []

    def commit(self, *changes: ChangeSet) -> None:
        super().commit(*changes)
        self.written += [it for it in changes if not any(record.kind == OWN for record in it.records)]


class Backwards(MemoryStore):
    """Lists everything from its end, as a server does whose order is not ours."""

    def find(self, wanted: Filter) -> list[StateRow]:
        rows = super().find(attrs.evolve(wanted, after="", limit=_EVERY))
        return [it for it in reversed(rows) if not wanted.after or it.ticket < wanted.after][: wanted.limit]

    def records(self, district: str, after: tuple[str, str] = ("", ""), limit: int = 1000) -> list[Record]:
        every = reversed(super().records(district, limit=_EVERY))
        return [it for it in every if after == ("", "") or (it.kind, it.key) < after][:limit]

    def waiting(self, district: str, after: str = "", limit: int = 1000) -> list[OutboxRow]:
        every = reversed(super().waiting(district, limit=_EVERY))
        return [it for it in every if not after or it.id < after][:limit]


class ForgettingLeases(MemoryStore):
    """Takes no notice of how often a row was claimed."""

    def commit(self, *changes: ChangeSet) -> None:
        afresh = [[attrs.evolve(row, attempts=0) for row in it.outbox] for it in changes]
        super().commit(*[attrs.evolve(it, outbox=rows) for it, rows in zip(changes, afresh, strict=True)])


class Trimming(MemoryStore):
    """Takes blanks off the ends of what an entry says."""

    def commit(self, *changes: ChangeSet) -> None:
        links = [[attrs.evolve(link, text=link.text.strip()) for link in it.links] for it in changes]
        super().commit(*[attrs.evolve(it, links=some) for it, some in zip(changes, links, strict=True)])


class LosingPersonal(MemoryStore):
    """Keeps no personal data."""

    def commit(self, *changes: ChangeSet) -> None:
        kept = [[record for record in it.records if record.kind != "personal"] for it in changes]
        super().commit(*[attrs.evolve(it, records=some) for it, some in zip(changes, kept, strict=True)])
