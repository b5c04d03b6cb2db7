"""The reference store: everything in dictionaries, gone with the process."""

import threading
from bisect import bisect_right
from collections.abc import Iterable, Iterator

import attrs

from bubancheng.errors import ConflictError
from bubancheng.store.contract import (
    WRITE_ONCE,
    ChangeSet,
    Filter,
    Link,
    OutboxRow,
    Record,
    StateRow,
)


class MemoryStore:
    """The storage contract in memory; what every other store must behave like."""

    is_borrowed = False

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._rows: dict[tuple[str, str], StateRow] = {}
        self._links: dict[tuple[str, str], list[Link]] = {}
        self._records: dict[tuple[str, str, str], str] = {}
        self._outbox: dict[tuple[str, str], OutboxRow] = {}

    def load(self, district: str, ticket: str) -> StateRow | None:
        """Return the state row of a ticket."""
        return self._rows.get((district, ticket))

    def entries(self, district: str, ticket: str, after: int = 0) -> Iterator[Link]:
        """Yield the stored entries of a ticket."""
        with self._lock:
            links = tuple(self._links.get((district, ticket), ()))
        return iter(links[after:])

    def lookup(self, district: str, kind: str, key: str) -> str | None:
        """Return the text of a record."""
        return self._records.get((district, kind, key))

    def commit(self, *changes: ChangeSet) -> None:
        """Check every change, then apply them all."""
        with self._lock:
            versions: dict[tuple[str, str], int] = {}
            written: set[tuple[str, str, str]] = set()
            for change in changes:
                self._check(change, versions, written)
            for change in changes:
                self._apply(change)

    def _check(
        self,
        change: ChangeSet,
        versions: dict[tuple[str, str], int],
        written: set[tuple[str, str, str]],
    ) -> None:
        if change.row is not None:
            key = change.district, change.row.ticket
            stored, version = self._rows.get(key), self._version(key, versions)
            if version != change.expected:
                name = change.row.ticket
                msg = f"ticket {name!r} has version {version}, not {change.expected}: read it again"
                raise ConflictError(msg)
            told = change.expected_told
            if told is not None and stored is not None and stored.told != told:
                msg = f"of ticket {change.row.ticket!r} something else was told meanwhile: read it again"
                raise ConflictError(msg)
            versions[key] = change.row.version
        if change.removed is not None:
            self._check_removed((change.district, change.removed), change.expected, versions)
        for record in change.records:
            place = (change.district, record.kind, record.key)
            if record.kind in WRITE_ONCE and (place in self._records or place in written):
                msg = f"{record.kind} {record.key!r} is there already: read its outcome"
                raise ConflictError(msg)
            written.add(place)

    def _version(self, key: tuple[str, str], versions: dict[tuple[str, str], int]) -> int:
        """Return the version that the changes before it leave a ticket at; 0 where there is none."""
        stored = self._rows.get(key)
        return versions.get(key, stored.version if stored else 0)

    def _check_removed(
        self, key: tuple[str, str], expected: int, versions: dict[tuple[str, str], int]
    ) -> None:
        version = self._version(key, versions)
        if not version or version != expected:
            found = f"has version {version}, not {expected}" if version else "is not there"
            msg = f"ticket {key[1]!r}, which is to be removed, {found}: read it again"
            raise ConflictError(msg)
        versions[key] = 0

    def _apply(self, change: ChangeSet) -> None:
        if change.row is not None:
            key = change.district, change.row.ticket
            self._rows[key] = change.row
            self._links.setdefault(key, []).extend(change.links)
        for record in change.records:
            self._records[change.district, record.kind, record.key] = record.text
        for row in change.outbox:
            self._outbox[row.district, row.id] = row
        for row_id in change.finished:
            self._outbox.pop((change.district, row_id), None)
        if change.removed is not None:
            self._remove(change.district, change.removed)

    def _remove(self, district: str, ticket: str) -> None:
        del self._rows[district, ticket]
        self._links.pop((district, ticket), None)
        self._records.pop((district, "personal", ticket), None)
        for key in [
            key for key, row in self._outbox.items() if (row.district, row.ticket) == (district, ticket)
        ]:
            del self._outbox[key]

    def find(self, wanted: Filter) -> list[StateRow]:
        """Return the rows that a filter asks for."""
        with self._lock:
            keys = sorted(key for key in self._rows if key[0] == wanted.district)
            rows = [self._rows[key] for key in keys[bisect_right(keys, (wanted.district, wanted.after)) :]]
        fitting = [
            row
            for row in rows
            if (wanted.unit is None or row.unit == wanted.unit)
            and (wanted.step is None or row.step == wanted.step)
            and (wanted.light is None or row.told.partition("\t")[0] == wanted.light)
        ]
        return fitting[: wanted.limit]

    def due_before(self, district: str, instant: int, limit: int = 1000) -> list[StateRow]:
        """Return rows whose `next_change` is not after an instant."""
        with self._lock:
            rows = [
                (row.next_change, row.ticket, row)
                for row in self._rows.values()
                if row.district == district and row.next_change is not None and row.next_change <= instant
            ]
        return [row for _, _, row in sorted(rows, key=lambda it: it[:2])[:limit]]

    def claim(self, district: str, kinds: Iterable[str], n: int, *, now: int, lease: int) -> list[OutboxRow]:
        """Take up to n rows that are due."""
        wanted = set(kinds)
        with self._lock:
            due = [
                row
                for row in self._outbox.values()
                if row.district == district and row.kind in wanted and row.due <= now
            ]
            taken = sorted(due, key=lambda row: (row.due, row.id))[:n]
            for row in taken:
                claimed = attrs.evolve(row, due=now + lease, attempts=row.attempts + 1)
                self._outbox[row.district, row.id] = claimed
            return [self._outbox[row.district, row.id] for row in taken]

    def finish(self, row: OutboxRow) -> None:
        """Remove an outbox row."""
        with self._lock:
            self._outbox.pop((row.district, row.id), None)

    def districts(self) -> list[str]:
        """Return the districts of which there are tickets."""
        return sorted({row.district for row in self._rows.values() if row.told})

    def holdings(self) -> list[str]:
        """Return every name under which anything is kept."""
        return sorted({key[0] for held in (self._rows, self._records, self._outbox) for key in held})

    def records(self, district: str, after: tuple[str, str] = ("", ""), limit: int = 1000) -> list[Record]:
        """Return records ordered by kind and key."""
        with self._lock:
            keys = sorted(key for key in self._records if key[0] == district and key[1:] > after)
            return [Record(kind, key, self._records[district, kind, key]) for _, kind, key in keys[:limit]]

    def waiting(self, district: str, after: str = "", limit: int = 1000) -> list[OutboxRow]:
        """Return outbox rows ordered by id."""
        with self._lock:
            keys = sorted(key for key in self._outbox if key[0] == district and key[1] > after)
            return [self._outbox[key] for key in keys[:limit]]

    def close(self) -> None:
        """Do nothing: there is nothing to let go of."""
