"""Stores on a file that are wrong in one way each, where processes end, are killed, or are several."""

import sqlite3
import threading
import time
from collections.abc import Iterable
from contextlib import suppress

import attrs

from bubancheng.errors import ConflictError
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, Filter, OutboxRow
from bubancheng.testing import Loan


class Overruling(SqliteStore):
    """On a connection of the embedder's it commits by itself; removals alone it leaves to the owner."""

    def commit(self, *changes: ChangeSet) -> None:
        super().commit(*changes)
        if not any(it.removed for it in changes):
            self._file.db.commit()


class RemovingAtOnce(SqliteStore):
    """On a connection of the embedder's it commits when something is removed."""

    def commit(self, *changes: ChangeSet) -> None:
        super().commit(*changes)
        if any(it.removed for it in changes):
            self._file.db.commit()


def lend(kind: type[SqliteStore], path: str) -> Loan:
    """Return a store that overrules its owner."""
    db = sqlite3.connect(path)
    return Loan(store=kind.on(db), commit=db.commit, rollback=db.rollback, close=db.close)


class Tidy(SqliteStore):
    """Clears the records away when it is closed."""

    def close(self) -> None:
        with self._file.transaction():
            self._file.db.execute("DELETE FROM bubancheng_record")
        super().close()


class Buffering(SqliteStore):
    """Writes settings when it is closed, and not before."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._later: list[ChangeSet] = []

    def commit(self, *changes: ChangeSet) -> None:
        once = [attrs.evolve(it, records=[r for r in it.records if r.kind != "setting"]) for it in changes]
        super().commit(*once)
        settings = [[r for r in it.records if r.kind == "setting"] for it in changes]
        self._later += [
            ChangeSet(district=it.district, records=kept) for it, kept in zip(changes, settings, strict=True)
        ]

    def lookup(self, district: str, kind: str, key: str) -> str | None:
        for change in reversed(self._later):
            for record in reversed(change.records):
                if (change.district, record.kind, record.key) == (district, kind, key):
                    return record.text
        return super().lookup(district, kind, key)

    def close(self) -> None:
        super().commit(*self._later)
        super().close()


class Pocketing(SqliteStore):
    """Takes a claimed row out of the file and keeps it in its memory until the claim runs out."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._held: dict[str, OutboxRow] = {}
        self._pocket = threading.RLock()

    def claim(self, district: str, kinds: Iterable[str], n: int, *, now: int, lease: int) -> list[OutboxRow]:
        with self._pocket:
            back = [it for it in self._held.values() if it.due <= now]
            self.commit(ChangeSet(district=district, outbox=back))
            rows = super().claim(district, kinds, n, now=now, lease=lease)
            super().commit(ChangeSet(district=district, finished=[it.id for it in rows]))
            self._held |= {it.id: it for it in rows}
            return rows

    def commit(self, *changes: ChangeSet) -> None:
        super().commit(*changes)
        for change in changes:
            gone = {it.id for it in self._held.values() if it.ticket == change.removed}
            for name in {*gone, *(it.id for it in change.outbox)}:
                self._held.pop(name, None)

    def finish(self, row: OutboxRow) -> None:
        self._held.pop(row.id, None)
        super().finish(row)

    def close(self) -> None:
        for row in tuple(self._held.values()):
            super().commit(ChangeSet(district=row.district, outbox=[row]))
        super().close()


class _UndoneError(Exception):
    """Takes a trial back."""


class InTwoSteps(SqliteStore):
    """Tries a commit as a whole, then makes each change in a transaction of its own."""

    def _try(self, *changes: ChangeSet) -> None:
        for change in changes:
            self._apply(change)
        raise _UndoneError

    def commit(self, *changes: ChangeSet) -> None:
        with self._file._lock:
            with suppress(_UndoneError), self._file.transaction():
                self._try(*changes)
            for change in changes:
                super().commit(change)
                if change.row is not None and change.row.version in {2, 3} and change is not changes[-1]:
                    time.sleep(0.5)  # so that a kill comes in between


class Remembering(SqliteStore):
    """Compares versions with what this process saw last, not with the file."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._versions = {
            (row.district, row.ticket): row.version
            for district in self.districts()
            for row in self.find(Filter(district=district))
        }

    def _apply(self, change: ChangeSet) -> None:
        row = change.row
        if row is not None:
            key = row.district, row.ticket
            stored = self.load(*key)
            actual = 0 if stored is None else stored.version
            if self._versions.get(key, 0) == change.expected:
                change = attrs.evolve(change, expected=actual)
                if len(list(self.entries(*key))) >= row.version:
                    change = attrs.evolve(change, links=())
        super()._apply(change)
        if row is not None:
            self._versions[row.district, row.ticket] = row.version

    def commit(self, *changes: ChangeSet) -> None:
        before = dict(self._versions)
        try:
            super().commit(*changes)
        except ConflictError:
            self._versions = before
            raise


class LookingFirst(SqliteStore):
    """Looks for what waits in one transaction and claims it in the next; only threads are kept apart."""

    def claim(self, district: str, kinds: Iterable[str], n: int, *, now: int, lease: int) -> list[OutboxRow]:
        with self._file._lock:
            rows = super().claim(district, kinds, n, now=now, lease=lease)
            again = [attrs.evolve(it, due=0, attempts=it.attempts - 1) for it in rows]
            self.commit(ChangeSet(district=district, outbox=again))
            time.sleep(0.02 if rows else 0)
            self.commit(ChangeSet(district=district, outbox=rows))
            return rows


ON_FILES: dict[type[SqliteStore], str] = {
    Tidy: "test_everything_is_there_when_the_store_is_opened_again",
    Buffering: "test_what_was_committed_survives_a_kill",
    Pocketing: "test_what_was_claimed_before_a_kill_comes_again",
    InTwoSteps: "test_a_kill_within_a_commit_leaves_all_of_it_or_nothing",
    Remembering: "test_of_two_processes_with_one_version_one_wins",
    LookingFirst: "test_two_processes_never_claim_the_same",
}
"""Each wrong store, and the one check that rejects it."""

LENT: dict[type[SqliteStore], str] = {
    Overruling: "test_a_borrowed_store_commits_and_vanishes_with_its_owner",
    RemovingAtOnce: "test_a_removal_vanishes_with_its_owner",
}
"""Each store that overrules its owner, and the one check that rejects it."""
