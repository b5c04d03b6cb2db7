"""Stores on a file that check or copy themselves wrongly, in one way each."""

import sqlite3
from contextlib import closing
from pathlib import Path

from bubancheng.sqlite import SqliteStore


class Anxious(SqliteStore):
    """Takes a ticket that has changed for a fault."""

    def faults(self) -> list[str]:
        changed = "SELECT ticket FROM bubancheng_ticket WHERE version > 1"
        return [str(row[0]) for row in self._file.rows(changed)]


class WithoutOutbox(SqliteStore):
    """Copies tickets and records, and nothing of what must still be done."""

    def back_up(self, target: str) -> None:
        super().back_up(target)
        with closing(sqlite3.connect(target)) as copy, copy:
            copy.execute("DELETE FROM bubancheng_outbox")


class Overwriting(SqliteStore):
    """Makes a newer copy in the place of an older one."""

    def back_up(self, target: str) -> None:
        Path(target).unlink(missing_ok=True)
        super().back_up(target)


COPYING: dict[type[SqliteStore], str] = {
    Anxious: "test_a_whole_store_has_no_faults",
    WithoutOutbox: "test_a_copy_holds_the_same_and_is_a_store",
    Overwriting: "test_a_copy_is_never_overwritten",
}
"""Each wrong store, and the one check that rejects it."""
