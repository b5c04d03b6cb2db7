"""The tables of a file: older ones become new ones in place, and every question goes by an index."""

import itertools
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bubancheng.actions import Resolve
from bubancheng.desk import Desk
from bubancheng.errors import StoreError
from bubancheng.sla import Light
from bubancheng.sqlite import SqliteStore
from bubancheng.store import Filter
from bubancheng.testing.contracts.together import at_once
from tests.acting import OFFICER, OWNER, UNOWNED, WINDOW, Clock, accepted, acknowledged, open_desk, registered

VERSION_1 = """
CREATE TABLE bubancheng_ticket (
    district TEXT NOT NULL, ticket TEXT NOT NULL, version INTEGER NOT NULL, head TEXT NOT NULL,
    step TEXT NOT NULL, unit TEXT, told TEXT NOT NULL, next_change INTEGER, text TEXT NOT NULL,
    PRIMARY KEY (district, ticket)
) STRICT;
CREATE INDEX bubancheng_ticket_by_change ON bubancheng_ticket (district, next_change)
    WHERE next_change IS NOT NULL;
CREATE INDEX bubancheng_ticket_by_unit ON bubancheng_ticket (district, unit, ticket);
CREATE TABLE bubancheng_entry (
    district TEXT NOT NULL, ticket TEXT NOT NULL, sequence INTEGER NOT NULL, text TEXT NOT NULL,
    hash TEXT NOT NULL, PRIMARY KEY (district, ticket, sequence),
    FOREIGN KEY (district, ticket) REFERENCES bubancheng_ticket (district, ticket)
) STRICT, WITHOUT ROWID;
CREATE TABLE bubancheng_record (
    district TEXT NOT NULL, kind TEXT NOT NULL, key TEXT NOT NULL, text TEXT NOT NULL,
    PRIMARY KEY (district, kind, key)
) STRICT;
CREATE TABLE bubancheng_outbox (
    district TEXT NOT NULL, id TEXT NOT NULL, ticket TEXT NOT NULL, kind TEXT NOT NULL, due INTEGER NOT NULL,
    attempts INTEGER NOT NULL, text TEXT NOT NULL, PRIMARY KEY (district, id),
    FOREIGN KEY (district, ticket) REFERENCES bubancheng_ticket (district, ticket)
) STRICT;
CREATE INDEX bubancheng_outbox_by_due ON bubancheng_outbox (district, due);
"""  # as a new file was made in 0.1
COLUMNS = "district, ticket, version, head, step, unit, told, next_change, text"
TABLES = {"ticket": COLUMNS, "entry": "*", "record": "*", "outbox": "*"}


def busy(path: Path) -> Desk:
    """Return a desk on a new file, with tickets of every light, some of whose changes nobody was told."""
    clock = Clock()
    desk = open_desk(clock, SqliteStore(str(path)))
    accepted(desk, "B", UNOWNED)
    acknowledged(desk, "A")
    acknowledged(desk, "D")
    desk.do(Resolve(ticket="D", outcome="办成", root_cause="other", measure="case_only"), actor=OFFICER)
    clock.put("2024-03-27 17:00")
    desk.sweep()
    registered(desk, "C")
    return desk


def as_version_1(path: Path, *, application_id: int = 0x62626331, user_version: int = 1) -> None:
    """Write what a file holds into tables as they were in version 1, in its place."""
    new = path.with_suffix(".new")
    path.rename(new)
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.executescript(VERSION_1)
        db.execute("ATTACH ? AS new", (str(new),))
        for table, columns in TABLES.items():
            db.execute(
                f"INSERT INTO main.bubancheng_{table} SELECT {columns} FROM new.bubancheng_{table}"  # noqa: S608
            )
        db.execute(f"PRAGMA application_id = {application_id}")
        db.execute(f"PRAGMA user_version = {user_version}")


def held(path: Path) -> dict[str, list[tuple[object, ...]]]:
    """Return all rows of a file, by table."""
    with closing(sqlite3.connect(path)) as db:
        return {
            table: sorted(db.execute(f"SELECT {columns} FROM bubancheng_{table}"), key=repr)  # noqa: S608
            for table, columns in TABLES.items()
        }


def version(path: Path) -> int:
    """Return the version of a file."""
    with closing(sqlite3.connect(path)) as db:
        return int(db.execute("PRAGMA user_version").fetchone()[0])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of version 1 that a desk has used."""
    path = tmp_path / "desk.db"
    busy(path).close()
    as_version_1(path)
    return path


class TestUpgrade:
    def test_an_older_file_keeps_every_row(self, path: Path) -> None:
        before = held(path)
        assert 4 == len(before["ticket"])
        SqliteStore(str(path), create=False).close()
        assert (2, before) == (version(path), held(path))

    def test_an_older_file_finds_by_light(self, path: Path) -> None:
        desk = open_desk(Clock("2024-03-27 17:00"), SqliteStore(str(path)))
        found = {light: [it.id for it in desk.find(actor=WINDOW, light=light)] for light in Light}
        whole = desk.verify(), desk.faults()
        desk.close()
        assert ({Light.GREEN: ["B", "C", "D"], Light.YELLOW: ["A"], Light.RED: []}, ([], [])) == (
            found,
            whole,
        )

    def test_an_upgraded_file_has_the_tables_of_a_new_one(self, path: Path, tmp_path: Path) -> None:
        SqliteStore(str(path)).close()
        SqliteStore(str(tmp_path / "new.db")).close()

        def shape(file: Path) -> list[tuple[object, ...]]:
            with closing(sqlite3.connect(file)) as db:
                names = [it[0] for it in db.execute("SELECT name FROM sqlite_master ORDER BY name")]
                return [
                    (name, *it)
                    for name in names
                    for pragma in ("table_xinfo", "index_xinfo")
                    for it in db.execute(f"PRAGMA {pragma}({name})")
                ]

        assert shape(tmp_path / "new.db") == shape(path)

    def test_two_who_open_an_older_file_at_once_upgrade_it_once(self, path: Path) -> None:
        before = held(path)
        assert [None] * 4 == at_once(*[lambda: SqliteStore(str(path)).close()] * 4)
        assert (2, before) == (version(path), held(path))

    def test_an_upgrade_that_fails_leaves_the_older_file(self, path: Path) -> None:
        with closing(sqlite3.connect(path)) as db:
            db.execute("CREATE TABLE bubancheng_ticket_by_step (x)")  # in the way of an index of that name
        before = held(path)
        with pytest.raises(StoreError, match="bubancheng_ticket_by_step"):
            SqliteStore(str(path))
        assert (1, before) == (version(path), held(path))


class TestBorrowed:
    """Tables in an embedder's file, whose version number is the embedder's."""

    @pytest.fixture
    def lent(self, tmp_path: Path) -> Iterator[sqlite3.Connection]:
        path = tmp_path / "desk.db"
        busy(path).close()
        as_version_1(path, application_id=42, user_version=7)
        db = sqlite3.connect(path)
        yield db
        db.close()

    def test_older_tables_of_an_embedder_become_new_ones(self, lent: sqlite3.Connection) -> None:
        store = SqliteStore.on(lent)
        assert not lent.in_transaction
        assert ["A"] == [it.ticket for it in store.find(Filter(district="chongming", light="yellow"))]
        assert 7 == lent.execute("PRAGMA user_version").fetchone()[0]

    def test_inside_a_transaction_the_upgrade_is_part_of_it(self, lent: sqlite3.Connection) -> None:
        lent.execute("BEGIN")
        SqliteStore.on(lent)
        lent.rollback()
        assert (
            []
            == lent.execute(
                "SELECT name FROM sqlite_master WHERE name = 'bubancheng_ticket_by_light'"
            ).fetchall()
        )

    def test_what_is_new_is_left_as_it_is(self, lent: sqlite3.Connection) -> None:
        SqliteStore.on(lent)
        before = lent.execute("PRAGMA schema_version").fetchone()
        SqliteStore.on(lent)
        assert before == lent.execute("PRAGMA schema_version").fetchone()


def plans(store: SqliteStore, ask: Callable[[], object]) -> list[str]:
    """Return how SQLite answers what a call asks."""
    said: list[str] = []
    db = store._file.db
    db.set_trace_callback(said.append)
    ask()
    db.set_trace_callback(None)
    return [str(step[3]) for words in said for step in db.execute(f"EXPLAIN QUERY PLAN {words}")]


WANTED = {"unit": OWNER, "step": "acknowledged", "light": "red"}
SHAPES = [dict(names) for count in range(4) for names in itertools.combinations(WANTED.items(), count)]


class TestPlans:
    @pytest.mark.parametrize("after", ["", "A"])
    @pytest.mark.parametrize("shape", SHAPES, ids=lambda it: "+".join(it) or "all")
    def test_every_filter_is_a_search_by_an_index_in_order(
        self, shape: dict[str, Any], after: str, tmp_path: Path
    ) -> None:
        store = SqliteStore(str(tmp_path / "desk.db"))
        (plan,) = plans(store, partial(store.find, Filter(district="chongming", after=after, **shape)))
        store.close()
        assert ("SEARCH", True) == (plan.split()[0], plan.endswith("AND ticket>?)"))

    @pytest.mark.parametrize(
        ("shape", "index"),
        [
            ({}, "sqlite_autoindex_bubancheng_ticket_1"),
            ({"unit": OWNER}, "bubancheng_ticket_by_unit"),
            ({"step": "dispatched"}, "bubancheng_ticket_by_step"),
            ({"light": "red"}, "bubancheng_ticket_by_light"),
            ({"unit": OWNER, "light": "red"}, "bubancheng_ticket_by_unit_light"),
            ({"unit": OWNER, "step": "dispatched"}, "bubancheng_ticket_by_unit_step"),
        ],
        ids=lambda it: "+".join(it) if isinstance(it, dict) else it,
    )
    def test_each_filter_has_its_index(self, shape: dict[str, Any], index: str, tmp_path: Path) -> None:
        store = SqliteStore(str(tmp_path / "desk.db"))
        (plan,) = plans(store, partial(store.find, Filter(district="chongming", **shape)))
        store.close()
        assert index == plan.split(" INDEX ")[1].split()[0]

    def test_what_is_due_is_a_search_in_order(self, tmp_path: Path) -> None:
        store = SqliteStore(str(tmp_path / "desk.db"))
        found = plans(store, partial(store.due_before, "chongming", 5))
        store.close()
        assert [
            "SEARCH bubancheng_ticket USING INDEX bubancheng_ticket_by_change (district=? AND next_change<?)"
        ] == found

    def test_districts_are_listed_without_reading_tickets(self, tmp_path: Path) -> None:
        store = SqliteStore(str(tmp_path / "desk.db"))
        found = plans(store, partial(store.districts))
        store.close()
        tables = [it for it in found if "bubancheng_ticket" in it or "held" in it]
        assert (3, set()) == (len(tables), {it for it in tables if not it.startswith("SEARCH")})
