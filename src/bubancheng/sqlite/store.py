"""The storage contract on one SQLite file: durable after every commit, standard library only."""

import sqlite3
from collections.abc import Iterable, Iterator

from bubancheng.errors import ConflictError
from bubancheng.sqlite.file import SqliteConnection, SqliteFile
from bubancheng.store import ChangeSet, Filter, Link, OutboxRow, Record, StateRow
from bubancheng.store.contract import WRITE_ONCE

_OUTBOX = "id, district, ticket, kind, due, attempts, text"
_STATE = "district, ticket, version, head, step, unit, told, next_change, text"

# from one district to the next, without the rows between: there may be millions
_DISTRICTS = """
WITH RECURSIVE each_one (district) AS (
    SELECT min(district) FROM bubancheng_ticket
    UNION ALL
    SELECT (SELECT min(district) FROM bubancheng_ticket WHERE district > each_one.district)
        FROM each_one WHERE district IS NOT NULL
)
SELECT district FROM each_one WHERE EXISTS (
    SELECT 1 FROM bubancheng_ticket AS held WHERE held.district = each_one.district AND held.light > ''
) ORDER BY district
"""


def _state(row: tuple[object, ...]) -> StateRow:
    return StateRow(**dict(zip(_STATE.split(", "), row, strict=True)))  # type: ignore[arg-type] # as it was written


def _outbox(row: tuple[object, ...]) -> OutboxRow:
    return OutboxRow(**dict(zip(_OUTBOX.split(", "), row, strict=True)))  # type: ignore[arg-type] # as it was written


class SqliteStore:
    """The storage contract on one file; threads share it, and so may several processes."""

    is_borrowed: bool = False

    def __init__(self, path: str, *, create: bool = True) -> None:
        self._file: SqliteFile | SqliteConnection = SqliteFile(path, create=create)

    @classmethod
    def on(cls, connection: sqlite3.Connection) -> "SqliteStore":
        """Return a store on a connection of the embedder's, whose commit or rollback takes ours along.

        A desk on it neither commits nor dispatches by itself: call `sweep` after the commit.
        """
        made = cls.__new__(cls)
        made._file = SqliteConnection(connection)  # noqa: SLF001 another constructor of the same class
        made.is_borrowed = True
        return made

    def load(self, district: str, ticket: str) -> StateRow | None:
        """Return the state row of a ticket."""
        sql = f"SELECT {_STATE} FROM bubancheng_ticket WHERE district = ? AND ticket = ?"  # noqa: S608 constant columns
        rows = self._file.rows(sql, district, ticket)
        return _state(rows[0]) if rows else None

    def entries(self, district: str, ticket: str, after: int = 0) -> Iterator[Link]:
        """Yield the stored entries of a ticket, a page at a time."""
        page = 500
        while True:
            rows = self._file.rows(
                "SELECT sequence, text, hash FROM bubancheng_entry "
                "WHERE district = ? AND ticket = ? AND sequence > ? ORDER BY sequence LIMIT ?",
                district,
                ticket,
                after,
                page,
            )
            links = [Link(*row) for row in rows]  # type: ignore[arg-type] # a row as it was written
            yield from links
            if len(links) < page:
                return
            after = links[-1].sequence

    def lookup(self, district: str, kind: str, key: str) -> str | None:
        """Return the text of a record."""
        rows = self._file.rows(
            "SELECT text FROM bubancheng_record WHERE district = ? AND kind = ? AND key = ?",
            district,
            kind,
            key,
        )
        return str(rows[0][0]) if rows else None

    def commit(self, *changes: ChangeSet) -> None:
        """Apply all the changes in one transaction."""
        with self._file.transaction():
            for change in changes:
                self._apply(change)

    def _apply(self, change: ChangeSet) -> None:
        row = change.row
        if row is not None:
            values = (row.version, row.head, row.step, row.unit, row.told, row.next_change, row.text)
            key = (change.district, row.ticket)
            if change.expected:
                done = self._file.db.execute(
                    "UPDATE bubancheng_ticket SET version = ?, head = ?, step = ?, unit = ?, told = ?, "
                    "next_change = ?, text = ? WHERE district = ? AND ticket = ? AND version = ? "
                    "AND told = coalesce(?, told)",
                    (*values, *key, change.expected, change.expected_told),
                ).rowcount
            else:
                done = self._file.db.execute(
                    f"INSERT OR IGNORE INTO bubancheng_ticket ({_STATE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 constant columns
                    (*key, *values),
                ).rowcount
            if done != 1:
                msg = f"ticket {row.ticket!r} is not at version {change.expected}: read it again"
                raise ConflictError(msg)
            self._file.db.executemany(
                "INSERT INTO bubancheng_entry VALUES (?, ?, ?, ?, ?)",
                [(*key, link.sequence, link.text, link.hash) for link in change.links],
            )
        for record in change.records:
            self._put(change.district, record)
        self._file.db.executemany(
            "INSERT OR REPLACE INTO bubancheng_outbox VALUES (?, ?, ?, ?, ?, ?, ?)",
            [(it.district, it.id, it.ticket, it.kind, it.due, it.attempts, it.text) for it in change.outbox],
        )
        self._file.db.executemany(
            "DELETE FROM bubancheng_outbox WHERE district = ? AND id = ?",
            [(change.district, row_id) for row_id in change.finished],
        )
        if change.removed is not None:
            self._remove((change.district, change.removed), change.expected)

    def _remove(self, key: tuple[str, str], expected: int) -> None:
        for what in (
            "bubancheng_outbox WHERE district = ? AND ticket = ?",
            "bubancheng_entry WHERE district = ? AND ticket = ?",
            "bubancheng_record WHERE district = ? AND key = ? AND kind = 'personal'",
        ):
            self._file.db.execute(f"DELETE FROM {what}", key)  # noqa: S608 one of three constants
        done = self._file.db.execute(
            "DELETE FROM bubancheng_ticket WHERE district = ? AND ticket = ? AND version = ?",
            (*key, expected),
        ).rowcount
        if done != 1:
            msg = f"ticket {key[1]!r}, which is to be removed, is not at version {expected}: read it again"
            raise ConflictError(msg)

    def _put(self, district: str, record: Record) -> None:
        verb = "OR IGNORE" if record.kind in WRITE_ONCE else "OR REPLACE"
        done = self._file.db.execute(
            f"INSERT {verb} INTO bubancheng_record VALUES (?, ?, ?, ?)",  # noqa: S608 one of two constants
            (district, record.kind, record.key, record.text),
        ).rowcount
        if done != 1:
            msg = f"{record.kind} {record.key!r} is there already: read its outcome"
            raise ConflictError(msg)

    def find(self, wanted: Filter) -> list[StateRow]:
        """Return the rows that a filter asks for."""
        conditions, values = ["district = ?", "ticket > ?"], [wanted.district, wanted.after]
        for column, value in (("unit", wanted.unit), ("step", wanted.step), ("light", wanted.light)):
            if value is not None:
                conditions.append(f"{column} = ?")
                values.append(value)
        rows = self._file.rows(
            f"SELECT {_STATE} FROM bubancheng_ticket "  # noqa: S608 constant columns
            f"WHERE {' AND '.join(conditions)} ORDER BY ticket LIMIT ?",
            *values,
            wanted.limit,
        )
        return [_state(row) for row in rows]

    def due_before(self, district: str, instant: int, limit: int = 1000) -> list[StateRow]:
        """Return rows whose `next_change` is not after an instant."""
        rows = self._file.rows(
            f"SELECT {_STATE} FROM bubancheng_ticket WHERE district = ? AND next_change <= ? "  # noqa: S608 constant columns
            "ORDER BY next_change, ticket LIMIT ?",
            district,
            instant,
            limit,
        )
        return [_state(row) for row in rows]

    def claim(self, district: str, kinds: Iterable[str], n: int, *, now: int, lease: int) -> list[OutboxRow]:
        """Take up to n rows that are due."""
        wanted = tuple(kinds)
        marks = ", ".join("?" * len(wanted))
        with self._file.transaction():
            rows = self._file.db.execute(
                "UPDATE bubancheng_outbox SET due = ?, attempts = attempts + 1 "  # noqa: S608 constant columns
                "WHERE district = ? AND id IN (SELECT id FROM bubancheng_outbox "
                f"WHERE district = ? AND due <= ? AND kind IN ({marks}) ORDER BY due, id LIMIT ?) "
                f"RETURNING {_OUTBOX}",
                (now + lease, district, district, now, *wanted, n),
            ).fetchall()
        return [_outbox(row) for row in rows]

    def finish(self, row: OutboxRow) -> None:
        """Remove an outbox row."""
        with self._file.transaction():
            self._file.db.execute(
                "DELETE FROM bubancheng_outbox WHERE district = ? AND id = ?", (row.district, row.id)
            )

    def districts(self) -> list[str]:
        """Return the districts of which there are tickets."""
        return [str(row[0]) for row in self._file.rows(_DISTRICTS)]

    def holdings(self) -> list[str]:
        """Return every name under which anything is kept."""
        tables = [f"SELECT district FROM bubancheng_{it}" for it in ("ticket", "record", "outbox")]  # noqa: S608 constant names
        return [str(row[0]) for row in self._file.rows(f"{' UNION '.join(tables)} ORDER BY 1")]

    def records(self, district: str, after: tuple[str, str] = ("", ""), limit: int = 1000) -> list[Record]:
        """Return records ordered by kind and key."""
        rows = self._file.rows(
            "SELECT kind, key, text FROM bubancheng_record "
            "WHERE district = ? AND (kind, key) > (?, ?) ORDER BY kind, key LIMIT ?",
            district,
            *after,
            limit,
        )
        return [Record(*row) for row in rows]  # type: ignore[arg-type] # as it was written

    def waiting(self, district: str, after: str = "", limit: int = 1000) -> list[OutboxRow]:
        """Return outbox rows ordered by id."""
        rows = self._file.rows(
            f"SELECT {_OUTBOX} FROM bubancheng_outbox WHERE district = ? AND id > ? ORDER BY id LIMIT ?",  # noqa: S608 constant columns
            district,
            after,
            limit,
        )
        return [_outbox(row) for row in rows]

    def faults(self) -> list[str]:
        """Return what is wrong with the file by SQLite's own checks; nothing where it is whole."""
        return self._file.faults()

    def back_up(self, target: str) -> None:
        """Copy everything, as it stands now, to a new file (联机备份); writers go on meanwhile."""
        self._file.back_up(target)

    def close(self) -> None:
        """Close the file."""
        self._file.close()
