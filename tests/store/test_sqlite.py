"""The SQLite store: durability, several processes, and every file that is not what it should be."""

import os
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from bubancheng.errors import BubanchengError, StoreError
from bubancheng.hooks import StoreRequest
from bubancheng.sqlite import SqlitePlugin, SqliteStore
from bubancheng.store import ChangeSet, Filter, Link, Record
from bubancheng.testing.contracts.storing.rows import HERE, change, link, row
from bubancheng.testing.contracts.together import at_once

NOBODY = 65534


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A place for a store."""
    return tmp_path / "desk.db"


def fill(path: Path, tickets: int = 1) -> None:
    """Make a store with tickets."""
    store = SqliteStore(str(path))
    store.commit(
        *[
            ChangeSet(
                district=HERE,
                row=row(f"T{it:03}", next_change=it),
                links=(Link(1, "内容" * 50, "hash"),),
                records=(Record("personal", f"T{it:03}", "{}"),),
            )
            for it in range(1, tickets + 1)
        ]
    )
    store.close()


def refusal(path: Path | str, *, create: bool = True) -> str:
    """Return the sentence with which a store refuses a path."""
    with pytest.raises(StoreError) as caught:
        SqliteStore(str(path), create=create).close()
    return str(caught.value)


def edit(path: Path, *statements: str) -> None:
    """Change a file behind the store's back."""
    db = sqlite3.connect(path, isolation_level=None)
    for statement in statements:
        db.execute(statement)
    db.close()


def pragma(store: SqliteStore, name: str) -> object:
    """Return what the store's own connection is set to."""
    return store._file.db.execute(f"PRAGMA {name}").fetchone()[0]


class TestDurability:
    @pytest.mark.parametrize(
        ("name", "value"), [("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1)]
    )
    def test_a_store_is_set_to_lose_nothing(self, path: Path, name: str, value: object) -> None:
        store = SqliteStore(str(path))
        assert value == pragma(store, name)
        store.close()

    def test_a_store_waits_for_others(self, path: Path) -> None:
        store = SqliteStore(str(path))
        assert int(str(pragma(store, "busy_timeout"))) > 0
        store.close()

    def test_what_was_committed_is_there_after_opening_again(self, path: Path) -> None:
        fill(path)
        store = SqliteStore(str(path), create=False)
        assert [it.ticket for it in store.find(Filter(district=HERE))] == ["T001"]
        store.close()

    def test_a_closed_store_leaves_no_second_file(self, path: Path) -> None:
        fill(path)
        assert [it.name for it in path.parent.iterdir()] == ["desk.db"]

    def test_a_closed_store_says_so(self, path: Path) -> None:
        store = SqliteStore(str(path))
        store.close()
        with pytest.raises(StoreError, match="closed"):
            store.load(HERE, "T1")

    def test_a_store_is_closed_twice_without_harm(self, path: Path) -> None:
        store = SqliteStore(str(path))
        store.close()
        store.close()

    def test_entries_cannot_lie_without_their_ticket(self, path: Path) -> None:
        fill(path)
        db = sqlite3.connect(path)
        db.execute("PRAGMA foreign_keys = ON")
        with pytest.raises(sqlite3.IntegrityError):
            db.execute("DELETE FROM bubancheng_ticket")
        db.close()


COUNTER = """
import sys
from bubancheng.errors import ConflictError
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet
from bubancheng.testing.contracts.storing.rows import HERE, link, row
store, left = SqliteStore(sys.argv[1]), int(sys.argv[2])
while left:
    state = store.load(HERE, "T1")
    version = state.version if state else 0
    try:
        store.commit(ChangeSet(district=HERE, expected=version, row=row(version=version + 1), links=[link(version + 1)]))
    except ConflictError:
        continue
    left -= 1
"""


class TestSeveral:
    def test_two_processes_lose_nothing(self, path: Path) -> None:
        root = str(Path(__file__).parents[2])
        workers = [
            subprocess.Popen(  # noqa: S603 our own interpreter
                [sys.executable, "-c", COUNTER, str(path), "40"],
                env=os.environ | {"PYTHONPATH": root},
                stderr=subprocess.PIPE,
            )
            for _ in range(2)
        ]
        errors = [it.communicate()[1].decode() for it in workers]
        store = SqliteStore(str(path))
        entries = list(store.entries(HERE, "T1"))
        store.close()
        assert (["", ""], [link(it) for it in range(1, 81)]) == (errors, entries)

    def test_two_stores_on_one_file_see_each_other(self, path: Path) -> None:
        first, second = SqliteStore(str(path)), SqliteStore(str(path))
        first.commit(change(row()))
        assert row() == second.load(HERE, "T1")
        first.close()
        second.close()

    def test_many_can_open_a_new_file_at_once(self, path: Path) -> None:
        def opener(name: Path) -> Callable[[], None]:
            return lambda: SqliteStore(str(name)).close()

        outcomes = []
        for number in range(30):
            outcomes += at_once(*[opener(path.with_name(f"{number}.db"))] * 8)
        assert [None] * 240 == outcomes

    def test_a_store_waits_for_a_writer_that_is_slow(self, path: Path) -> None:
        fill(path)
        other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        other.execute("BEGIN IMMEDIATE")
        timer = threading.Timer(0.1, other.execute, ["COMMIT"])
        timer.start()
        store = SqliteStore(str(path))
        assert store.districts() == [HERE]
        store.close()
        timer.join()
        other.close()


class TestRefusals:
    def test_a_folder_is_no_store(self, tmp_path: Path) -> None:
        assert "目录" in refusal(tmp_path)

    def test_a_missing_folder_is_named(self, tmp_path: Path) -> None:
        assert str(tmp_path / "no") in refusal(tmp_path / "no" / "desk.db")

    def test_a_missing_file_is_refused_where_none_may_be_made(self, path: Path) -> None:
        assert "no such store" in refusal(path, create=False)
        assert not path.exists()

    def test_a_missing_file_says_what_is_there_instead(self, path: Path) -> None:
        fill(path.with_name("other.db"))
        assert "other.db" in refusal(path, create=False)

    @pytest.mark.parametrize(
        "content", [b"hello " * 1000, b"\x89PNG\r\n\x1a\n" + bytes(2000), b"PK\x03\x04" + bytes(500), b"xy"]
    )
    def test_a_file_that_is_no_database_is_refused_and_kept(self, path: Path, content: bytes) -> None:
        path.write_bytes(content)
        assert (str(path) in refusal(path), content) == (True, path.read_bytes())

    def test_the_database_of_another_program_is_refused(self, path: Path) -> None:
        edit(path, "CREATE TABLE bookmark (url)")
        assert "not a bubancheng store" in refusal(path)

    def test_the_database_of_another_program_is_not_touched(self, path: Path) -> None:
        edit(path, "CREATE TABLE bookmark (url)")
        before = path.read_bytes()
        refusal(path)
        assert before == path.read_bytes()

    @pytest.mark.parametrize("version", [0, 3, 99])
    def test_another_schema_is_refused_with_both_versions(self, path: Path, version: int) -> None:
        fill(path)
        edit(path, f"PRAGMA user_version = {version}")
        sentence = refusal(path)
        assert (f"结构版本为 {version}" in sentence, "本程序为 2" in sentence) == (True, True)

    def test_a_name_that_is_too_long_is_refused(self, tmp_path: Path) -> None:
        assert refusal(tmp_path / ("x" * 300))

    def test_a_file_is_no_folder(self, path: Path) -> None:
        fill(path)
        assert refusal(path / "desk.db")


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that everybody may enter; the tests may run as root, whom no permission stops."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


@pytest.fixture
def plain_user() -> Iterator[Callable[[], None]]:
    """A function that gives up the rights of root until the test is over."""
    before = os.geteuid()
    yield lambda: os.seteuid(NOBODY) if before == 0 else None
    os.seteuid(before)


@pytest.mark.skipif(os.name != "posix", reason="permissions are POSIX's here")
class TestPermissions:
    def test_a_file_that_may_only_be_read_is_refused(
        self, open_folder: Path, plain_user: Callable[[], None]
    ) -> None:
        path = open_folder / "desk.db"
        fill(path)
        path.chmod(0o444)
        plain_user()
        assert str(path) in refusal(path)

    def test_a_new_file_that_may_only_be_read_is_refused_without_waiting(
        self, open_folder: Path, plain_user: Callable[[], None]
    ) -> None:
        path = open_folder / "desk.db"
        path.touch(0o444)
        plain_user()
        before = time.monotonic()
        refusal(path)
        assert time.monotonic() - before < 5

    def test_a_file_that_may_not_be_read_is_refused(
        self, open_folder: Path, plain_user: Callable[[], None]
    ) -> None:
        path = open_folder / "desk.db"
        fill(path)
        path.chmod(0)
        plain_user()
        assert str(path) in refusal(path)

    def test_a_folder_in_which_nothing_may_be_made_is_refused(
        self, open_folder: Path, plain_user: Callable[[], None]
    ) -> None:
        open_folder.chmod(0o555)
        plain_user()
        assert str(open_folder) in refusal(open_folder / "desk.db")

    def test_a_folder_that_may_not_be_entered_is_refused(
        self, open_folder: Path, plain_user: Callable[[], None]
    ) -> None:
        inner = open_folder / "inner"
        inner.mkdir()
        inner.chmod(0)
        plain_user()
        with pytest.raises(StoreError):
            SqliteStore(str(inner / "desk.db"))


def read_all(path: Path) -> None:
    """Ask a store everything that can be asked."""
    store = SqliteStore(str(path), create=False)
    try:
        store.districts()
        store.due_before(HERE, 10**9)
        for state in store.find(Filter(district=HERE, limit=1000)):
            list(store.entries(HERE, state.ticket))
            store.lookup(HERE, "personal", state.ticket)
        store.claim(HERE, ["dispatch"], 10, now=0, lease=1)
    finally:
        store.close()


class TestDamage:
    @pytest.mark.parametrize("seed", range(30))
    def test_a_damaged_file_is_read_or_refused_and_nothing_else(self, path: Path, seed: int) -> None:
        fill(path, 60)
        rng, data = random.Random(seed), bytearray(path.read_bytes())
        for _ in range(rng.choice((1, 20, 2000))):
            data[rng.randrange(len(data))] = rng.randrange(256)
        path.write_bytes(data)
        with suppress(StoreError):
            read_all(path)

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
    def test_a_file_that_was_cut_off_is_refused(self, path: Path, share: float) -> None:
        fill(path, 60)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])
        with pytest.raises(StoreError):
            read_all(path)

    def test_a_file_that_vanished_into_a_write_error_is_refused(self, path: Path) -> None:
        fill(path)
        store = SqliteStore(str(path))
        edit(path, "DROP TABLE bubancheng_record")
        with pytest.raises(StoreError, match="no such table"):
            store.lookup(HERE, "command", "c")
        store.close()


class TestPlugin:
    @pytest.mark.parametrize("url", ["postgresql://x/y", "sqlite:desk.db", "desk.db", "", "SQLITE:///x"])
    def test_any_other_url_is_not_its(self, url: str) -> None:
        assert SqlitePlugin({}).bubancheng_store(StoreRequest(url=url)) is None

    @pytest.mark.parametrize("url", ["sqlite://", "sqlite:///", "sqlite://desk.db"])
    def test_a_url_without_a_file_says_how_to_write_one(self, url: str) -> None:
        with pytest.raises(BubanchengError, match=r"sqlite:///relative\.db"):
            SqlitePlugin({}).bubancheng_store(StoreRequest(url=url))

    def test_three_strokes_are_a_relative_path(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(tmp_path)
        store = SqlitePlugin({}).bubancheng_store(StoreRequest(url="sqlite:///台账.db"))
        assert (tmp_path / "台账.db").is_file()
        assert store is not None
        store.close()

    def test_four_strokes_are_an_absolute_path(self, path: Path) -> None:
        store = SqlitePlugin({}).bubancheng_store(StoreRequest(url=f"sqlite:///{path}"))
        assert path.is_file()
        assert store is not None
        store.close()
