"""Stores on a file that are wrong in one way each, where processes end, are killed, or are several."""

import sqlite3
import threading
import time
from collections.abc import Iterable

import attrs

from bubancheng.errors import ConflictError
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, Filter, OutboxRow
from bubancheng.testing import Loan


class Overruling(SqliteStore):
    """On a connection of the embedder's it commits by itself."""

    def commit(self, *changes: ChangeSet) -> None:
        super().commit(*changes)
        self._file.db.commit()


def lend(path: str) -> Loan:
    """Return a store that overrules its owner."""
    db = sqlite3.connect(path)
    return Loan(store=Overruling.on(db), commit=db.commit, rollback=db.rollback, close=db.close)


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
            for row in change.outbox:
                self._held.pop(row.id, None)

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

    def commit(self, *changes: ChangeSet) -> None:
        with self._file._lock:
            try:
                with self._file.transaction():
                    for change in changes:
                        self._apply(change)
                    raise _UndoneError
            except _UndoneError:
                pass
            for change in changes:
                super().commit(change)
                if change.row is not None and change.row.version == 2:
                    time.sleep(0.3)


class Remembering(SqliteStore):
    """Compares versions with what this process saw last, not with the file."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self._versions = {
            (it, row.ticket): row.version for it in self.districts() for row in self.find(Filter(district=it))
        }

    def _apply(self, change: ChangeSet) -> None:
        if change.row is not None:
            key = change.district, change.row.ticket
            stored = self.load(*key)
            actual = 0 if stored is None else stored.version
            if self._versions.get(key, 0) == change.expected:
                change = attrs.evolve(change, expected=actual)
                if len(list(self.entries(*key))) >= change.row.version:
                    change = attrs.evolve(change, links=())
        super()._apply(change)
        if change.row is not None:
            self._versions[change.district, change.row.ticket] = change.row.version

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
            time.sleep(0.002)
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

LENT = "test_a_borrowed_store_commits_and_vanishes_with_its_owner"
"""The check that rejects a store that overrules its owner."""
