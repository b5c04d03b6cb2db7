"""One SQLite file: whose it is, its tables, its transactions, and what its troubles are called."""

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from bubancheng.errors import StoreError
from bubancheng.sqlite.copying import back_up, faults_of
from bubancheng.sqlite.schema import held_in, newest, upgrade

_BUSY = 10.0  # seconds to wait for another writer
_PAUSE = 0.005  # seconds between two tries
_APPLICATION_ID = 0x62626331  # "bbc1"


@contextmanager
def _trouble(name: str, what: str) -> Iterator[None]:
    try:
        yield
    except (sqlite3.Error, OSError, UnicodeError) as error:
        msg = f"存储 {name} 无法使用 (cannot {what}): {error}"
        raise StoreError(msg) from error


class SqliteConnection:
    """A connection of the embedder's: our tables in its file, our rows in its transaction.

    Nothing here commits: each change is a savepoint within the transaction that is open, or that the first
    change opens. Only the tables, where they are missing or older and no transaction is open, are made
    for good at once; inside a transaction they are part of it. Errors: `StoreError`.
    """

    def __init__(self, db: sqlite3.Connection) -> None:
        self.db = db
        self._lock = threading.RLock()
        if self._held() != newest():
            is_free = not db.in_transaction
            with self.transaction():
                upgrade(self.db, held_in(self.db))  # somebody else may have done it meanwhile
            if is_free:
                db.commit()

    def _held(self) -> int:
        with self._lock, _trouble("(connection)", "read"), self._plain():
            return held_in(self.db)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Undo what was done inside on any error; the embedder commits, or rolls everything back."""
        with self._lock, _trouble("(connection)", "write"), self._plain():
            if not self.db.in_transaction:
                self.db.execute("BEGIN IMMEDIATE")
            self.db.execute("SAVEPOINT bubancheng")
            try:
                yield
            except BaseException:
                self.db.execute("ROLLBACK TO bubancheng")
                raise
            finally:
                self.db.execute("RELEASE bubancheng")

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Return all rows of a query, as tuples whatever the embedder's row factory makes of them."""
        with self._lock, _trouble("(connection)", "read"), self._plain():
            return self.db.execute(sql, values).fetchall()

    @contextmanager
    def _plain(self) -> Iterator[None]:
        """Let rows be tuples and texts be str for a while, whatever the embedder makes of them."""
        factories = self.db.row_factory, self.db.text_factory
        self.db.row_factory, self.db.text_factory = None, str
        try:
            yield
        finally:
            self.db.row_factory, self.db.text_factory = factories

    def faults(self) -> list[str]:
        """Return what is wrong with the database by SQLite's own checks."""
        with self._lock, _trouble("(connection)", "check"), self._plain():
            return faults_of(self.db)

    def back_up(self, target: str) -> None:
        """Leave the copying to the owner of the connection, who knows the file."""
        msg = f"{target}：借用的连接不由我们备份 (a borrowed connection): back up with its owner's means"
        raise StoreError(msg)

    def close(self) -> None:
        """Leave the connection to its owner."""


class SqliteFile:
    """A file of ours, opened: WAL, synchronous FULL, foreign keys, a busy timeout of 10 seconds.

    Errors: `StoreError` with what to check where it cannot be opened, read or written.
    """

    def __init__(self, path: str, *, create: bool = True) -> None:
        self._path = path
        self._lock = threading.RLock()
        with self._trouble("open"):
            self._check_path(Path(path), create=create)
            self.db = sqlite3.connect(path, timeout=_BUSY, isolation_level=None, check_same_thread=False)
            try:
                self._prepare()
            except BaseException:
                self.db.close()
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
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.execute("PRAGMA foreign_keys = ON")
        self.db.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
        with self.transaction():  # what another process has done meanwhile is seen in here
            held = self._pragma("user_version") if self._pragma("application_id") else 0
            if held != newest():
                upgrade(self.db, held)
                self.db.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
                self.db.execute(f"PRAGMA user_version = {newest()}")

    def _pragma(self, name: str) -> int:
        return self.db.execute(f"PRAGMA {name}").fetchone()[0]  # type: ignore[no-any-return]  # numbers all

    def _refuse_strangers(self) -> None:
        (tables,) = self.db.execute("SELECT count(*) FROM sqlite_master").fetchone()
        if not tables:
            return
        if self._pragma("application_id") != _APPLICATION_ID:
            msg = f"{self._path} 是别的程序的 SQLite 文件 (not a bubancheng store): choose another"
            raise StoreError(msg)
        version = self._pragma("user_version")
        if not 1 <= version <= newest():
            versions = f"结构版本为 {version}，本程序为 {newest()}"
            msg = f"存储 {self._path} 的{versions}: use the program version that wrote it"
            raise StoreError(msg)

    def _use_wal(self) -> None:
        """Switch to write-ahead logging; SQLite does not wait by itself for others who do the same."""
        end = time.monotonic() + _BUSY
        while True:
            try:
                self.db.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > end:
                    raise
                time.sleep(_PAUSE)
            else:
                return

    def _trouble(self, what: str) -> AbstractContextManager[None]:
        return _trouble(self._path, what)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Keep other writers out, commit at the end, roll back on any error."""
        with self._lock, self._trouble("write"):
            self.db.execute("BEGIN IMMEDIATE")
            try:
                yield
                self.db.execute("COMMIT")
            except BaseException:
                if self.db.in_transaction:
                    self.db.execute("ROLLBACK")
                raise

    def rows(self, sql: str, *values: object) -> list[tuple[object, ...]]:
        """Return all rows of a query."""
        with self._lock, self._trouble("read"):
            return self.db.execute(sql, values).fetchall()

    def faults(self) -> list[str]:
        """Return what is wrong with the file by SQLite's own checks."""
        with self._lock, self._trouble("check"):
            return faults_of(self.db)

    def back_up(self, target: str) -> None:
        """Copy the file, as it stands now, to a new one; writers go on meanwhile."""
        back_up(self._path, target)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self.db.close()
