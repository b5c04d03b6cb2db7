"""The embedded store: one SQLite file, durable after every commit, standard library only."""

import sqlite3
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bubancheng.errors import ConflictError, StoreError
from bubancheng.hooks import DistrictPlugin, StoreRequest, hookimpl
from bubancheng.store import ChangeSet, Filter, Link, OutboxRow, Record, StateRow, Store
from bubancheng.store.contract import WRITE_ONCE

_SCHEMA_VERSION = 1
_BUSY = 10.0  # seconds to wait for another writer
_PAUSE = 0.005  # seconds between two tries
_APPLICATION_ID = 0x62626331  # "bbc1"

_SCHEMA = """
CREATE TABLE ticket (
    district TEXT NOT NULL,
    ticket TEXT NOT NULL,
    version INTEGER NOT NULL,
    head TEXT NOT NULL,
    step TEXT NOT NULL,
    unit TEXT,
    light TEXT NOT NULL,
    next_change INTEGER,
    text TEXT NOT NULL,
    PRIMARY KEY (district, ticket)
) STRICT;
CREATE INDEX ticket_by_change ON ticket (district, next_change) WHERE next_change IS NOT NULL;
CREATE INDEX ticket_by_unit ON ticket (district, unit, ticket);
CREATE TABLE entry (
    district TEXT NOT NULL,
    ticket TEXT NOT NULL,
    sequence INTEGER NOT NULL,
    text TEXT NOT NULL,
    hash TEXT NOT NULL,
    PRIMARY KEY (district, ticket, sequence),
    FOREIGN KEY (district, ticket) REFERENCES ticket (district, ticket)
) STRICT, WITHOUT ROWID;
CREATE TABLE record (
    district TEXT NOT NULL,
    kind TEXT NOT NULL,
    key TEXT NOT NULL,
    text TEXT NOT NULL,
    PRIMARY KEY (district, kind, key)
) STRICT;
CREATE TABLE outbox (
    district TEXT NOT NULL,
    id TEXT NOT NULL,
    ticket TEXT NOT NULL,
    kind TEXT NOT NULL,
    due INTEGER NOT NULL,
    attempts INTEGER NOT NULL,
    PRIMARY KEY (district, id),
    FOREIGN KEY (district, ticket) REFERENCES ticket (district, ticket)
) STRICT;
CREATE INDEX outbox_by_due ON outbox (district, due);
"""

_STATE = "district, ticket, version, head, step, unit, light, next_change, text"


def _state(row: tuple[object, ...]) -> StateRow:
    names = ("district", "ticket", "version", "head", "step", "unit", "light", "next_change", "text")
    return StateRow(**dict(zip(names, row, strict=True)))  # type: ignore[arg-type]


class SqliteStore:
    """The storage contract on one file; threads share it, and so may several processes.

    WAL, synchronous FULL, foreign keys, a busy timeout of 10 seconds. Errors: `StoreError` with what to check
    where the file cannot be opened, read or written.
    """

    def __init__(self, path: str, *, create: bool = True) -> None:
        self._path = path
        self._lock = threading.RLock()
        with self._trouble("open"):
            self._check_path(Path(path), create=create)
            self._db = sqlite3.connect(path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
            try:
                self._prepare()
            except BaseException:
                self._db.close()
                raise

    @staticmethod
    def _check_path(path: Path, *, create: bool) -> None:
        if path.is_dir():
            msg = f"存储 {path} 是目录 (a directory)，应为文件"
            raise StoreError(msg)
        if not path.parent.is_dir():
            msg = f"存储 {path} 所在的目录不存在 (no such folder): create {path.parent} first"
            raise StoreError(msg)
        if not create and not path.exists():
            near = "、".join(sorted(it.name for it in path.parent.glob("*.db"))) or "无 (none)"
            msg = f"没有存储 (no such store) {path}；该目录现有 (there is): {near}"
            raise StoreError(msg)

    def _prepare(self) -> None:
        """Check whose file it is before anything is written to it; make the tables of a new one."""
        self._refuse_strangers()
        self._use_wal()
        self._db.execute("PRAGMA synchronous = FULL")
        self._db.execute("PRAGMA foreign_keys = ON")
        with self._transaction():
            if not self._pragma("application_id"):
                for statement in _SCHEMA.split(";"):
                    self._db.execute(statement)
                self._db.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                self._db.execute(f"PRAGMA user_version = {_SCHEMA_VERSION}")

    def _pragma(self, name: str) -> object:
        return self._db.execute(f"PRAGMA {name}").fetchone()[0]

    def _refuse_strangers(self) -> None:
        (tables,) = self._db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not tables:
            return
        if self._pragma("application_id") != _APPLICATION_ID:
            msg = f"{self._path} 是别的程序的 SQLite 文件 (not a bubancheng store): choose another"
            raise StoreError(msg)
        version = self._pragma("user_version")
        if version != _SCHEMA_VERSION:
            versions = f"结构版本为 {version}，本程序为 {_SCHEMA_VERSION}"
            msg = f"存储 {self._path} 的{versions}: use the program version that wrote it"
            raise StoreError(msg)

    def _use_wal(self) -> None:
        """Switch to write-ahead logging; SQLite does not wait by itself for others who do the same."""
        end = time.monotonic() + _BUSY
        while True:
            try:
                self._db.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError:
                if time.monotonic() > end:
                    raise
                time.sleep(_PAUSE)
            else:
                return

    @contextmanager
    def _trouble(self, what: str) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, OSError, UnicodeDecodeError) as error:
            msg = f"存储 {self._path} 无法使用 (cannot {what}): {error}"
            raise StoreError(msg) from error

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        with self._lock, self._trouble("write"):
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self._db.execute("COMMIT")
            except BaseException:
                if self._db.in_transaction:
                    self._db.execute("ROLLBACK")
                raise

    def _rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        with self._lock, self._trouble("read"):
            return self._db.execute(sql, values).fetchall()

    def load(self, district: str, ticket: str) -> StateRow | None:
        """Return the state row of a ticket."""
        rows = self._rows(f"SELECT {_STATE} FROM ticket WHERE district = ? AND ticket = ?", district, ticket)  # noqa: S608 constant columns
        return _state(rows[0]) if rows else None

    def entries(self, district: str, ticket: str, after: int = 0) -> Iterator[Link]:
        """Yield the stored entries of a ticket, a page at a time."""
        page = 500
        while True:
            rows = self._rows(
                "SELECT sequence, text, hash FROM entry "
                "WHERE district = ? AND ticket = ? AND sequence > ? ORDER BY sequence LIMIT ?",
                district,
                ticket,
                after,
                page,
            )
            links = [Link(*row) for row in rows]  # type: ignore[arg-type]
            yield from links
            if len(links) < page:
                return
            after = links[-1].sequence

    def lookup(self, district: str, kind: str, key: str) -> str | None:
        """Return the text of a record."""
        rows = self._rows(
            "SELECT text FROM record WHERE district = ? AND kind = ? AND key = ?", district, kind, key
        )
        return str(rows[0][0]) if rows else None

    def commit(self, *changes: ChangeSet) -> None:
        """Apply all the changes in one transaction."""
        with self._transaction():
            for change in changes:
                self._apply(change)

    def _apply(self, change: ChangeSet) -> None:
        row = change.row
        if row is not None:
            values = (row.version, row.head, row.step, row.unit, row.light, row.next_change, row.text)
            key = (change.district, row.ticket)
            if change.expected:
                done = self._db.execute(
                    "UPDATE ticket SET version = ?, head = ?, step = ?, unit = ?, light = ?, "
                    "next_change = ?, text = ? WHERE district = ? AND ticket = ? AND version = ? "
                    "AND light = coalesce(?, light)",
                    (*values, *key, change.expected, change.expected_light),
                ).rowcount
            else:
                done = self._db.execute(
                    f"INSERT OR IGNORE INTO ticket ({_STATE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",  # noqa: S608 constant columns
                    (*key, *values),
                ).rowcount
            if done != 1:
                msg = f"ticket {row.ticket!r} is not at version {change.expected}: read it again"
                raise ConflictError(msg)
            self._db.executemany(
                "INSERT INTO entry VALUES (?, ?, ?, ?, ?)",
                [(*key, link.sequence, link.text, link.hash) for link in change.links],
            )
        for record in change.records:
            self._put(change.district, record)
        self._db.executemany(
            "INSERT OR REPLACE INTO outbox VALUES (?, ?, ?, ?, ?, ?)",
            [(it.district, it.id, it.ticket, it.kind, it.due, it.attempts) for it in change.outbox],
        )
        self._db.executemany(
            "DELETE FROM outbox WHERE district = ? AND id = ?",
            [(change.district, row_id) for row_id in change.finished],
        )

    def _put(self, district: str, record: Record) -> None:
        verb = "OR IGNORE" if record.kind in WRITE_ONCE else "OR REPLACE"
        done = self._db.execute(
            f"INSERT {verb} INTO record VALUES (?, ?, ?, ?)",  # noqa: S608 one of two constants
            (district, record.kind, record.key, record.text),
        ).rowcount
        if done != 1:
            msg = f"{record.kind} {record.key!r} is there already: read its outcome"
            raise ConflictError(msg)

    def find(self, wanted: Filter) -> list[StateRow]:
        """Return the rows that a filter asks for."""
        conditions, values = ["district = ?", "ticket > ?"], [wanted.district, wanted.after]
        for column, value in (("unit", wanted.unit), ("step", wanted.step)):
            if value is not None:
                conditions.append(f"{column} = ?")
                values.append(value)
        rows = self._rows(
            f"SELECT {_STATE} FROM ticket WHERE {' AND '.join(conditions)} ORDER BY ticket LIMIT ?",  # noqa: S608 constant columns
            *values,
            wanted.limit,
        )
        return [_state(row) for row in rows]

    def due_before(self, district: str, instant: int, limit: int = 1000) -> list[StateRow]:
        """Return rows whose `next_change` is not after an instant."""
        rows = self._rows(
            f"SELECT {_STATE} FROM ticket WHERE district = ? AND next_change <= ? "  # noqa: S608 constant columns
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
        with self._transaction():
            rows = self._db.execute(
                "UPDATE outbox SET due = ?, attempts = attempts + 1 "  # noqa: S608 constant columns
                "WHERE district = ? AND id IN (SELECT id FROM outbox "
                f"WHERE district = ? AND due <= ? AND kind IN ({marks}) ORDER BY due, id LIMIT ?) "
                "RETURNING id, district, ticket, kind, due, attempts",
                (now + lease, district, district, now, *wanted, n),
            ).fetchall()
        names = ("id", "district", "ticket", "kind", "due", "attempts")
        return [OutboxRow(**dict(zip(names, row, strict=True))) for row in rows]

    def finish(self, row: OutboxRow) -> None:
        """Remove an outbox row."""
        with self._transaction():
            self._db.execute("DELETE FROM outbox WHERE district = ? AND id = ?", (row.district, row.id))

    def districts(self) -> list[str]:
        """Return the districts of which there are tickets."""
        return [str(row[0]) for row in self._rows("SELECT DISTINCT district FROM ticket ORDER BY 1")]

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._db.close()


class SqlitePlugin(DistrictPlugin):
    """Offers the embedded store for URLs such as sqlite:///relative.db and sqlite:////absolute.db."""

    @hookimpl
    def bubancheng_store(self, request: StoreRequest) -> Store | None:
        """Open a SQLite file; None for any other URL."""
        scheme, found, path = request.url.partition("://")
        if scheme != "sqlite" or not found:
            return None
        if not path.startswith("/") or path == "/":
            msg = f"{request.url!r} names no file: write sqlite:///relative.db or sqlite:////absolute.db"
            raise StoreError(msg)
        return SqliteStore(path[1:], create=request.create)


def plugin(settings: Mapping[str, object]) -> DistrictPlugin:
    """Return the plugin, as its entry point asks for it."""
    return SqlitePlugin(settings)
