"""Stores that remove tickets wrongly, in one way each."""

from collections.abc import Iterator
from typing import Any

from bubancheng.errors import ConflictError
from bubancheng.store import ChangeSet, Link, MemoryStore


class KeepingNames(MemoryStore):
    """Keeps the personal data of a ticket that goes."""

    def _remove(self, district: str, ticket: str) -> None:
        key = district, "personal", ticket
        kept = {key: self._records[key]} if key in self._records else {}
        super()._remove(district, ticket)
        self._records |= kept


class FinishingTheirTurn(MemoryStore):
    """Lets whoever has claimed something for a ticket that goes have it again."""

    def _remove(self, district: str, ticket: str) -> None:
        claimed = {key: it for key, it in self._outbox.items() if it.attempts and it.ticket == ticket}
        super()._remove(district, ticket)
        self._outbox |= claimed


class Sweeping(MemoryStore):
    """Takes every record under the number along, the commands too."""

    def _remove(self, district: str, ticket: str) -> None:
        super()._remove(district, ticket)
        for key in [key for key in self._records if (key[0], key[2]) == (district, ticket)]:
            del self._records[key]


class Everywhere(MemoryStore):
    """Takes along what waits for the same number in any district."""

    def _remove(self, district: str, ticket: str) -> None:
        super()._remove(district, ticket)
        for key in [key for key, it in self._outbox.items() if it.ticket == ticket]:
            del self._outbox[key]


class AtAnyVersion(MemoryStore):
    """Removes a ticket that has changed meanwhile."""

    def _check_removed(
        self, key: tuple[str, str], expected: int, versions: dict[tuple[str, str], int]
    ) -> None:
        found = self._version(key, versions)
        super()._check_removed(key, found if expected else 0, versions)


class Unmoved(MemoryStore):
    """Says nothing where there is nothing to remove."""

    def _check_removed(
        self, key: tuple[str, str], expected: int, versions: dict[tuple[str, str], int]
    ) -> None:
        if self._version(key, versions):
            super()._check_removed(key, expected, versions)

    def _remove(self, district: str, ticket: str) -> None:
        if (district, ticket) in self._rows:
            super()._remove(district, ticket)


class RemovingLast(MemoryStore):
    """Removes in a commit of its own, when all else is done."""

    def commit(self, *changes: ChangeSet) -> None:
        with self._lock:
            gone = [it.removed for it in changes if it.removed is not None]
            if any(it.row and it.row.ticket in gone for it in changes):
                super().commit(*changes)
                return
            super().commit(*[it for it in changes if it.removed is None])
            super().commit(*[it for it in changes if it.removed is not None])


class Grudging(MemoryStore):
    """Takes no number that was ever removed."""

    def __init__(self) -> None:
        super().__init__()
        self._gone: set[tuple[str, str]] = set()

    def _remove(self, district: str, ticket: str) -> None:
        super()._remove(district, ticket)
        self._gone.add((district, ticket))

    def _check(self, change: ChangeSet, versions: dict[Any, int], written: set[Any]) -> None:
        if change.row is not None and (change.district, change.row.ticket) in self._gone:
            raise ConflictError(change.row.ticket)
        super()._check(change, versions, written)


class Burying(MemoryStore):
    """Hides the entries of a ticket that goes, until somebody takes its number."""

    def __init__(self) -> None:
        super().__init__()
        self._buried: dict[tuple[str, str], list[Link]] = {}

    def _remove(self, district: str, ticket: str) -> None:
        self._buried[district, ticket] = self._links.get((district, ticket), [])
        super()._remove(district, ticket)

    def entries(self, district: str, ticket: str, after: int = 0) -> Iterator[Link]:
        key = district, ticket
        old = self._buried.get(key, []) if key in self._rows else []
        return iter([*old, *super().entries(district, ticket, after)])


REMOVING: dict[type[MemoryStore], str] = {
    KeepingNames: "test_a_ticket_that_is_removed_goes_wholly",
    FinishingTheirTurn: "test_a_ticket_that_is_removed_goes_wholly",
    Sweeping: "test_a_removal_takes_nothing_else_along",
    Everywhere: "test_a_removal_takes_nothing_else_along",
    AtAnyVersion: "test_a_removal_of_another_version_is_a_conflict_and_changes_nothing",
    Unmoved: "test_a_removal_of_another_version_is_a_conflict_and_changes_nothing",
    RemovingLast: "test_a_removal_of_another_version_is_a_conflict_and_changes_nothing",
    Grudging: "test_the_number_of_a_removed_ticket_is_free_again",
    Burying: "test_the_number_of_a_removed_ticket_is_free_again",
}
"""Each wrong store, and the one check that rejects it."""
