"""Copying a SQLite file in use (联机备份), checking it, and bringing an older one up to date."""

import sqlite3
import threading
from pathlib import Path

import pytest

from bubancheng.actions import Register
from bubancheng.desk import Desk
from bubancheng.errors import StoreError
from bubancheng.sqlite import SqliteStore, schema
from bubancheng.store import Backed, Filter, MemoryStore
from bubancheng.testing.contracts.storing.rows import HERE, change, row
from tests.acting import CALENDAR, DISTRICT, OWNED, WINDOW, Clock
from tests.cli.calling import call


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A place for a store."""
    return tmp_path / "desk.db"


def desk_on(path: Path) -> Desk:
    """Open a desk on a file."""
    return Desk.open(DISTRICT, calendar=CALENDAR, store=SqliteStore(str(path)), clock=Clock())


def tickets(path: Path, district: str = HERE) -> list[str]:
    """Return the numbers of a district's tickets in a file."""
    store = SqliteStore(str(path), create=False)
    try:
        return [it.ticket for it in store.find(Filter(district=district, limit=10_000))]
    finally:
        store.close()


class TestBackup:
    def test_a_copy_holds_what_was_committed(self, path: Path, tmp_path: Path) -> None:
        with desk_on(path) as desk:
            desk.do(Register(ticket="T1", matter=OWNED), actor=WINDOW)
            store = SqliteStore(str(path))
            store.back_up(str(tmp_path / "copy.db"))
            store.close()
        assert ["T1"] == tickets(tmp_path / "copy.db", DISTRICT.name)
        with desk_on(tmp_path / "copy.db") as copied:
            assert ([], []) == (copied.faults(), copied.verify())

    def test_writers_go_on_and_the_copy_is_of_one_instant(self, path: Path, tmp_path: Path) -> None:
        store, stop = SqliteStore(str(path)), threading.Event()
        written: list[str] = []

        def write() -> None:
            mine = SqliteStore(str(path))
            while not stop.is_set():
                name = f"T{len(written):05}"
                mine.commit(change(row(name)))
                written.append(name)
            mine.close()

        writer = threading.Thread(target=write)
        writer.start()
        try:
            copies = []
            for number in range(5):
                before = len(written)
                store.back_up(str(tmp_path / f"{number}.db"))
                copies.append((before, tickets(tmp_path / f"{number}.db")))
        finally:
            stop.set()
            writer.join()
            store.close()
        for before, found in copies:
            assert written[: len(found)] == found  # nothing missing in between
            assert len(found) >= before

    def test_a_copy_lies_in_one_file(self, path: Path, tmp_path: Path) -> None:
        store = SqliteStore(str(path))
        store.commit(change(row()))
        (tmp_path / "copies").mkdir()
        store.back_up(str(tmp_path / "copies" / "copy.db"))
        store.close()
        assert ["copy.db"] == [it.name for it in (tmp_path / "copies").iterdir()]

    def test_nothing_is_overwritten(self, path: Path, tmp_path: Path) -> None:
        (tmp_path / "copy.db").write_text("别的东西", encoding="utf-8")
        store = SqliteStore(str(path))
        with pytest.raises(StoreError, match="never overwritten"):
            store.back_up(str(tmp_path / "copy.db"))
        store.close()
        assert "别的东西" == (tmp_path / "copy.db").read_text("utf-8")

    def test_a_folder_that_is_not_there_is_told(self, path: Path, tmp_path: Path) -> None:
        store = SqliteStore(str(path))
        with pytest.raises(StoreError, match="cannot be written"):
            store.back_up(str(tmp_path / "no" / "copy.db"))
        store.close()

    def test_a_damaged_file_gives_no_copy(self, path: Path, tmp_path: Path) -> None:
        store = SqliteStore(str(path))
        store.commit(*[change(row(f"T{it:04}")) for it in range(500)])
        store.close()
        data = bytearray(path.read_bytes())
        data[8192:20480] = bytes(12288)
        path.write_bytes(data)
        store = SqliteStore(str(path))
        with pytest.raises(StoreError):
            store.back_up(str(tmp_path / "copy.db"))
        store.close()
        assert [path.name] == sorted(
            it.name for it in tmp_path.iterdir() if not it.name.endswith(("-wal", "-shm"))
        )

    def test_a_borrowed_connection_is_its_owners_to_copy(self, path: Path, tmp_path: Path) -> None:
        db = sqlite3.connect(path)
        with pytest.raises(StoreError, match="borrowed"):
            SqliteStore.on(db).back_up(str(tmp_path / "copy.db"))
        db.close()

    def test_memory_has_nothing_to_copy(self) -> None:
        assert (True, False) == (issubclass(SqliteStore, Backed), isinstance(MemoryStore(), Backed))

    def test_one_command_does_it(self, path: Path, tmp_path: Path) -> None:
        with desk_on(path) as desk:
            desk.do(Register(ticket="T1", matter=OWNED), actor=WINDOW)
        done = call("backup", "--store", f"sqlite:///{path}", str(tmp_path / "copy.db"))
        assert (0, ["T1"]) == (done.exit_code, tickets(tmp_path / "copy.db", DISTRICT.name))


class TestChecks:
    def test_a_whole_file_has_no_faults(self, path: Path) -> None:
        store = SqliteStore(str(path))
        store.commit(change(row()))
        assert [] == store.faults()
        store.close()

    def test_verify_tells_what_is_wrong_below_the_chains(self, path: Path) -> None:
        with desk_on(path) as desk:
            desk.do(Register(ticket="T1", matter=OWNED), actor=WINDOW)
        db = sqlite3.connect(path)
        db.execute("INSERT INTO bubancheng_outbox VALUES ('chongming', 'x', 'nobody', 'dispatch', 0, 0, '')")
        db.commit()
        db.close()
        done = call("verify", "--store", f"sqlite:///{path}")
        assert 1 == done.exit_code
        assert "bubancheng_outbox" in done.stdout


class TestFullDisk:
    def test_a_full_disk_refuses_and_loses_nothing(self, path: Path) -> None:
        store = SqliteStore(str(path))
        store.commit(change(row("T0")))
        db = store._file.db
        pages = db.execute("PRAGMA page_count").fetchone()[0]
        db.execute(f"PRAGMA max_page_count = {pages}")
        with pytest.raises(StoreError, match="full"):
            store.commit(*[change(row(f"T{it}")) for it in range(1, 2000)])
        assert ["T0"] == tickets(path)
        db.execute("PRAGMA max_page_count = 1073741823")
        store.commit(change(row("T1")))
        store.close()
        assert ["T0", "T1"] == tickets(path)


class TestUpgrades:
    LATER = "CREATE TABLE bubancheng_later (id TEXT NOT NULL) STRICT"

    def version(self, path: Path) -> int:
        db = sqlite3.connect(path)
        (found,) = db.execute("PRAGMA user_version").fetchone()
        db.close()
        return int(found)

    def test_an_older_file_takes_the_steps_it_has_not_had(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = SqliteStore(str(path))
        store.commit(change(row()))
        store.close()
        monkeypatch.setattr(schema, "SCHEMA", (*schema.SCHEMA, self.LATER))
        assert ["T1"] == tickets(path)
        assert schema.newest() == self.version(path)

    def test_a_new_file_takes_all_steps(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(schema, "SCHEMA", (*schema.SCHEMA, self.LATER))
        SqliteStore(str(path)).close()
        db = sqlite3.connect(path)
        assert [] == db.execute("SELECT * FROM bubancheng_later").fetchall()
        db.close()

    def test_a_step_that_fails_leaves_the_file_as_it_was(
        self, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = SqliteStore(str(path))
        store.commit(change(row()))
        store.close()
        with monkeypatch.context() as patch:
            patch.setattr(schema, "SCHEMA", (*schema.SCHEMA, f"{self.LATER}; CREATE NONSENSE"))
            with pytest.raises(StoreError, match="NONSENSE"):
                SqliteStore(str(path))
        assert (2, ["T1"]) == (self.version(path), tickets(path))

    def test_a_newer_file_is_refused(self, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        with monkeypatch.context() as patch:
            patch.setattr(schema, "SCHEMA", (*schema.SCHEMA, self.LATER))
            SqliteStore(str(path)).close()
        with pytest.raises(StoreError, match="结构版本为 3，本程序为 2"):
            SqliteStore(str(path))
