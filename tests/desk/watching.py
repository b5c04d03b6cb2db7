"""A store that is watched: what was committed to it."""

from collections.abc import Iterable, Iterator

from bubancheng.store import ChangeSet, Filter, Link, OutboxRow, StateRow, Store


class WatchedStore:
    """A store that keeps what was committed to it since it was last asked."""

    def __init__(self, inner: Store) -> None:
        self.inner, self.seen, self.is_borrowed = inner, list[ChangeSet](), inner.is_borrowed

    def load(self, district: str, ticket: str) -> StateRow | None:
        """Pass on."""
        return self.inner.load(district, ticket)

    def entries(self, district: str, ticket: str, after: int = 0) -> Iterator[Link]:
        """Pass on."""
        return self.inner.entries(district, ticket, after)

    def lookup(self, district: str, kind: str, key: str) -> str | None:
        """Pass on."""
        return self.inner.lookup(district, kind, key)

    def commit(self, *changes: ChangeSet) -> None:
        """Pass on, and keep it once it is done."""
        self.inner.commit(*changes)
        self.seen += changes

    def find(self, wanted: Filter) -> list[StateRow]:
        """Pass on."""
        return self.inner.find(wanted)

    def due_before(self, district: str, instant: int, limit: int = 1000) -> list[StateRow]:
        """Pass on."""
        return self.inner.due_before(district, instant, limit)

    def claim(self, district: str, kinds: Iterable[str], n: int, *, now: int, lease: int) -> list[OutboxRow]:
        """Pass on."""
        return self.inner.claim(district, kinds, n, now=now, lease=lease)

    def finish(self, row: OutboxRow) -> None:
        """Pass on."""
        self.inner.finish(row)

    def districts(self) -> list[str]:
        """Pass on."""
        return self.inner.districts()

    def close(self) -> None:
        """Pass on."""
        self.inner.close()

    def taken(self) -> list[ChangeSet]:
        """Return what was committed since the last time."""
        seen, self.seen = self.seen, []
        return seen
