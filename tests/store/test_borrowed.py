"""A store on the embedder's own connection: its rows and ours commit, or vanish, together."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from bubancheng.actions import Accept, Acknowledge, Register
from bubancheng.desk import Deed, Desk
from bubancheng.errors import BubanchengError, ConflictError, NotAllowedError, StoreError
from bubancheng.hooks import DistrictPlugin, Notice, hookimpl
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, Filter, OutboxRow
from bubancheng.testing.contracts.storing.rows import HERE, change, row
from tests.acting import (
    IMPORT,
    OFFICER,
    OWNED,
    OWNER,
    WINDOW,
    Clock,
    accepted,
    instant,
    open_desk,
    registered,
)

HOWS: dict[str, dict[str, Any]] = {
    "legacy": {},
    "by hand": {"isolation_level": None},
    "immediate": {"isolation_level": "IMMEDIATE"},
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file of the embedder's."""
    return tmp_path / "embedder.db"


@pytest.fixture(params=HOWS)
def db(path: Path, request: pytest.FixtureRequest) -> Iterator[sqlite3.Connection]:
    """A connection of the embedder's, with a table of its own, in each of the ways Python opens one."""
    db = sqlite3.connect(path, **HOWS[request.param])
    db.execute("CREATE TABLE form (number TEXT PRIMARY KEY)")
    db.commit()
    yield db
    db.close()


def begin(db: sqlite3.Connection) -> None:
    """Begin a transaction, where Python does not by itself."""
    if not db.in_transaction:
        db.execute("BEGIN")


def desk_on(db: sqlite3.Connection, clock: Clock | None = None) -> Desk:
    """Return a desk on the embedder's connection."""
    return open_desk(clock or Clock(), SqliteStore.on(db))


def seen_by_others(path: Path) -> tuple[list[str], list[str]]:
    """Return the embedder's forms and our tickets, as another connection sees them."""
    other = sqlite3.connect(path)
    forms = [it[0] for it in other.execute("SELECT number FROM form ORDER BY 1")]
    tickets = [it[0] for it in other.execute("SELECT ticket FROM bubancheng_ticket ORDER BY 1")]
    other.close()
    return forms, tickets


class TestTogether:
    @pytest.fixture
    def desk(self, db: sqlite3.Connection) -> Desk:
        """A desk whose calendar is settled."""
        desk = desk_on(db)
        db.commit()
        return desk

    def test_nothing_is_seen_before_the_embedder_commits(
        self, desk: Desk, db: sqlite3.Connection, path: Path
    ) -> None:
        begin(db)
        db.execute("INSERT INTO form VALUES ('F1')")
        registered(desk)
        before = seen_by_others(path)
        db.commit()
        assert (([], []), (["F1"], ["T1"])) == (before, seen_by_others(path))

    def test_both_vanish_with_a_rollback(self, desk: Desk, db: sqlite3.Connection, path: Path) -> None:
        begin(db)
        db.execute("INSERT INTO form VALUES ('F1')")
        registered(desk)
        db.rollback()
        assert (([], []), []) == (seen_by_others(path), desk.find(actor=WINDOW))

    @pytest.mark.parametrize("ours_first", [False, True])
    def test_the_order_does_not_matter(
        self, desk: Desk, db: sqlite3.Connection, path: Path, *, ours_first: bool
    ) -> None:
        begin(db)
        if ours_first:
            registered(desk)
        db.execute("INSERT INTO form VALUES ('F1')")
        if not ours_first:
            registered(desk)
        db.rollback()
        assert ([], []) == seen_by_others(path)

    def test_a_command_outside_a_transaction_opens_one_and_leaves_it_open(
        self, desk: Desk, db: sqlite3.Connection, path: Path
    ) -> None:
        registered(desk)
        open_then = db.in_transaction, seen_by_others(path)
        db.commit()
        assert ((True, ([], [])), ([], ["T1"])) == (open_then, seen_by_others(path))

    def test_what_is_not_committed_yet_is_read_on_the_same_connection(self, desk: Desk) -> None:
        registered(desk)
        assert (["T1"], []) == ([it.id for it in desk.find(actor=WINDOW)], desk.verify())

    def test_several_commands_are_one_transaction(
        self, desk: Desk, db: sqlite3.Connection, path: Path
    ) -> None:
        for number in ("T1", "T2", "T3"):
            registered(desk, number)
        db.rollback()
        registered(desk, "T4")
        db.commit()
        assert ([], ["T4"]) == seen_by_others(path)

    def test_a_savepoint_of_the_embedders_takes_ours_back(
        self, desk: Desk, db: sqlite3.Connection, path: Path
    ) -> None:
        begin(db)
        registered(desk, "T1")
        db.execute("SAVEPOINT theirs")
        registered(desk, "T2")
        db.execute("ROLLBACK TO theirs")
        registered(desk, "T3")
        db.execute("RELEASE theirs")
        db.commit()
        assert ([], ["T1", "T3"]) == seen_by_others(path)

    def test_a_command_taken_back_may_be_given_again(self, desk: Desk, db: sqlite3.Connection) -> None:
        action = Register(ticket="T1", matter=OWNED)
        desk.do(action, actor=WINDOW, command_id="c1")
        db.rollback()
        assert 1 == desk.do(action, actor=WINDOW, command_id="c1").version

    def test_who_reads_what_is_on_record_with_the_embedders_commit(
        self, desk: Desk, db: sqlite3.Connection
    ) -> None:
        desk.do(Register(ticket="T1", matter=OWNED, phone="138"), actor=WINDOW)
        db.commit()
        desk.personal("T1", actor=WINDOW, purpose="核对")
        assert db.in_transaction

    def test_closing_the_desk_leaves_the_connection_to_its_owner(
        self, desk: Desk, db: sqlite3.Connection
    ) -> None:
        desk.close()
        assert [] == db.execute("SELECT * FROM form").fetchall()

    def test_a_second_desk_on_the_file_finds_the_tables(
        self, desk: Desk, db: sqlite3.Connection, path: Path
    ) -> None:
        registered(desk)
        db.commit()
        other = sqlite3.connect(path)
        found = [it.id for it in desk_on(other).find(actor=WINDOW)]
        other.close()
        assert ["T1"] == found


class TestFollowUp:
    """What follows from a command waits for the embedder's commit, and then for a sweep."""

    def test_nothing_follows_inside_the_embedders_transaction(self, db: sqlite3.Connection) -> None:
        desk = desk_on(db)
        assert ("pending_dispatch", True) == (accepted(desk).step, db.in_transaction)

    def test_a_sweep_after_the_commit_dispatches(self, db: sqlite3.Connection) -> None:
        clock = Clock()
        desk = desk_on(db, clock)
        accepted(desk)
        db.commit()
        clock.put("2024-03-25 10:01")
        desk.sweep()
        db.commit()
        desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
        db.commit()
        assert ("acknowledged", OWNER) == (
            desk.get("T1", actor=WINDOW).step,
            desk.get("T1", actor=WINDOW).unit,
        )

    def test_a_sweep_of_another_desk_dispatches_too(self, db: sqlite3.Connection, path: Path) -> None:
        desk = desk_on(db)
        accepted(desk)
        db.commit()
        other = sqlite3.connect(path)
        sweeper = desk_on(other)
        sweeper.sweep()
        other.commit()
        other.close()
        assert "dispatched" == desk.get("T1", actor=WINDOW).step

    def test_what_was_rolled_back_is_followed_by_nothing(self, db: sqlite3.Connection) -> None:
        desk = desk_on(db)
        db.commit()
        accepted(desk)
        db.rollback()
        assert ([], []) == (desk.sweep(), desk.find(actor=WINDOW))

    def test_a_sweep_commits_nothing(self, db: sqlite3.Connection) -> None:
        desk = desk_on(db)
        accepted(desk)
        db.commit()
        desk.sweep()
        db.rollback()
        assert "pending_dispatch" == desk.get("T1", actor=WINDOW).step

    def test_sweeping_twice_dispatches_once(self, db: sqlite3.Connection) -> None:
        desk = desk_on(db)
        accepted(desk)
        db.commit()
        for _ in range(2):
            desk.sweep()
            db.commit()
        assert 1 == [it.kind for it in desk.history("T1", actor=WINDOW)].count("dispatched")


class TestErrors:
    def test_a_refused_command_leaves_the_transaction_usable(
        self, db: sqlite3.Connection, path: Path
    ) -> None:
        desk = desk_on(db)
        db.commit()
        begin(db)
        db.execute("INSERT INTO form VALUES ('F1')")
        registered(desk)
        with pytest.raises(NotAllowedError):
            desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
        db.execute("INSERT INTO form VALUES ('F2')")
        db.commit()
        assert (["F1", "F2"], ["T1"]) == seen_by_others(path)

    def test_a_conflict_takes_back_its_own_and_nothing_else(self, db: sqlite3.Connection, path: Path) -> None:
        store = SqliteStore.on(db)
        begin(db)
        db.execute("INSERT INTO form VALUES ('F1')")
        store.commit(change(row("A")))
        with pytest.raises(ConflictError):
            store.commit(change(row("B")), change(row("A")))
        db.execute("INSERT INTO form VALUES ('F2')")
        db.commit()
        assert (["F1", "F2"], ["A"]) == seen_by_others(path)

    def test_what_the_file_cannot_take_takes_back_its_own_and_nothing_else(
        self, db: sqlite3.Connection, path: Path
    ) -> None:
        store = SqliteStore.on(db)
        begin(db)
        db.execute("INSERT INTO form VALUES ('F1')")
        bad = attrs.evolve(row("B"), version="x")  # type: ignore[arg-type] # STRICT refuses it
        with pytest.raises(StoreError):
            store.commit(change(row("A")), ChangeSet(district=HERE, row=bad))
        store.commit(change(row("C")))
        db.commit()
        assert (["F1"], ["C"]) == seen_by_others(path)

    def test_an_interruption_takes_back_its_own_and_nothing_else(
        self, db: sqlite3.Connection, path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        store = SqliteStore.on(db)
        db.commit()
        begin(db)
        db.execute("INSERT INTO form VALUES ('F1')")

        def interrupt(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patched:
            patched.setattr(store, "_put", interrupt)
            with pytest.raises(KeyboardInterrupt):
                store.commit(attrs.evolve(change(row("A")), records=[object()]))  # type: ignore[list-item]
        db.commit()
        assert (["F1"], []) == seen_by_others(path)

    def test_a_closed_connection_is_said_in_our_words(self, path: Path) -> None:
        db = sqlite3.connect(path)
        store = SqliteStore.on(db)
        db.close()
        with pytest.raises(StoreError, match="closed"):
            store.load(HERE, "T1")

    def test_an_import_of_many_is_taken_back_whole(self, db: sqlite3.Connection, path: Path) -> None:
        desk = desk_on(db)
        db.commit()
        good = [Deed(Register(ticket="T1", matter=OWNED), instant("2024-03-01 09:00"))]
        bad = [Deed(Accept(ticket="T9"), instant("2024-03-01 09:00"))]
        with pytest.raises(BubanchengError):
            desk.replay([good, bad], actor=IMPORT)
        db.commit()
        assert ([], []) == seen_by_others(path)


def as_dict(cursor: sqlite3.Cursor, values: tuple[object, ...]) -> dict[str, object]:
    """Make a dictionary of a row."""
    return dict(zip([it[0] for it in cursor.description], values, strict=True))


class TestRowFactory:
    """The embedder reads its rows as it likes; ours are read all the same."""

    @pytest.fixture(params=[sqlite3.Row, as_dict], ids=["Row", "dict"])
    def desk(self, path: Path, request: pytest.FixtureRequest) -> Iterator[Desk]:
        """A desk on a connection with a row factory."""
        db = sqlite3.connect(path)
        db.row_factory = request.param
        yield desk_on(db)
        db.close()

    def test_a_ticket_is_dispatched_and_its_notices_go_out(self, desk: Desk) -> None:
        told: list[str] = []

        class Notifier(DistrictPlugin):
            routes = ("unit_inbox",)

            @hookimpl
            def bubancheng_notify(self, notice: Notice) -> None:
                told.append(notice.event)

        desk.bind("notifier", Notifier())
        accepted(desk)
        desk.sweep()
        desk.relay()
        assert ("dispatched", ["dispatched"], []) == (desk.get("T1", actor=WINDOW).step, told, desk.verify())


class TestReading:
    @pytest.mark.parametrize("factory", [sqlite3.Row, as_dict], ids=["Row", "dict"])
    def test_whatever_the_row_factory_tickets_are_read(self, path: Path, factory: object) -> None:
        db = sqlite3.connect(path)
        db.row_factory = factory  # type: ignore[assignment]
        store = SqliteStore.on(db)
        store.commit(change(row("A")))
        found = store.load(HERE, "A"), [it.ticket for it in store.find(Filter(district=HERE))]
        kept = db.row_factory
        db.close()
        assert (row("A"), ["A"], factory) == (found[0], found[1], kept)

    def test_whatever_the_text_factory_tickets_are_read(self, path: Path) -> None:
        db = sqlite3.connect(path)
        db.text_factory = bytes
        store = SqliteStore.on(db)
        store.commit(change(row("A")))
        found = store.load(HERE, "A")
        db.close()
        assert row("A") == found

    def test_an_outbox_row_reads_back(self, path: Path) -> None:
        db = sqlite3.connect(path)
        store = SqliteStore.on(db)
        waiting = OutboxRow(id="o", district=HERE, ticket="A", kind="k", due=1, text="t")
        store.commit(attrs.evolve(change(row("A")), outbox=[waiting]))
        claimed = store.claim(HERE, ["k"], 9, now=5, lease=10)
        db.close()
        assert [attrs.evolve(waiting, due=15, attempts=1)] == claimed


def test_a_store_says_whose_connection_it_is_on(path: Path, tmp_path: Path) -> None:
    db = sqlite3.connect(path)
    own = SqliteStore(str(tmp_path / "own.db"))
    assert (True, False) == (SqliteStore.on(db).is_borrowed, own.is_borrowed)
    own.close()
    db.close()


def test_the_tables_of_the_embedder_are_left_alone(path: Path) -> None:
    db = sqlite3.connect(path)
    db.execute("CREATE TABLE ticket (x)")
    db.execute("PRAGMA user_version = 7")
    db.execute("PRAGMA application_id = 42")
    SqliteStore.on(db)
    found = [db.execute(f"PRAGMA {it}").fetchone()[0] for it in ("user_version", "application_id")]
    ours = [
        it[0]
        for it in db.execute(
            "SELECT name FROM sqlite_master WHERE name NOT LIKE 'bubancheng_%' AND sql NOT NULL"
        )
    ]
    db.close()
    assert ([7, 42], ["ticket"]) == (found, ours)
