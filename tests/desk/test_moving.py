"""Moving closed files into an archive: whole on one side or the other, whatever happens in between."""

import contextlib
import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from bubancheng.actions import Archive, Decline, Register
from bubancheng.desk import Clearance, Desk
from bubancheng.errors import (
    ArgumentError,
    NotAllowedError,
    RemovedTicketError,
    StoreError,
)
from bubancheng.privacy import new_query_code
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, MemoryStore, Store
from bubancheng.ticket import Actor
from tests.acting import CENTRE, IMPORT, OFFICE, OVERSEER, WINDOW, Clock, instant
from tests.desk.filing import (
    HERE,
    MOVABLE,
    QUICK_CASE,
    QUICK_PERSONAL,
    START,
    Cut,
    CutError,
    Stores,
    close,
    fill,
    kept,
    open_here,
    reopen,
)
from tests.support import DAY, US

NAME = "2020年档案库"


@pytest.fixture
def clock() -> Clock:
    """A clock that stands when the files were closed."""
    return Clock(START)


@pytest.fixture(params=["memory", "sqlite"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """What makes stores of each kind."""
    made = Stores(request.param, tmp_path)
    yield made
    made.close()


@pytest.fixture
def store(stores: Stores) -> Store:
    """The store of the desk."""
    return stores()


@pytest.fixture
def archive(stores: Stores) -> Store:
    """The store of the archive."""
    return stores()


@pytest.fixture
def desk(clock: Clock, store: Store) -> Desk:
    """A desk with a closed file of each class."""
    desk = open_here(clock, store)
    fill(desk)
    return desk


def move(desk: Desk, clock: Clock, archive: Store, now: dt.datetime = MOVABLE, **more: Any) -> Clearance:
    """Put the clock to an instant, and move as of it."""
    clock.now = now
    return desk.archive_into(archive, **{"name": NAME, "actor": OFFICE, **more})


def everything(store: Store) -> str:
    """Return all that a store keeps of Q1 and Q2, byte for byte."""
    return str(
        [
            (
                store.load(district, ticket),
                [*store.entries(district, ticket)],
                store.lookup(district, "personal", ticket),
            )
            for district in ("chongming", "chongming/access")
            for ticket in ("Q1", "Q2")
        ]
    )


class TestMove:
    def test_what_need_not_stay_at_hand_is_there_as_it_was_here(
        self, desk: Desk, clock: Clock, store: Store, archive: Store
    ) -> None:
        before = everything(store)
        assert Clearance(moved=2) == move(desk, clock, archive)
        assert before == everything(archive)
        assert ["O1", "P1", "S1"] == [it.id for it in desk.find(actor=WINDOW)]

    def test_before_its_limit_nothing_is_moved(self, desk: Desk, clock: Clock, archive: Store) -> None:
        assert Clearance() == move(desk, clock, archive, MOVABLE - US)

    def test_nothing_of_it_is_left_here(self, desk: Desk, clock: Clock, store: Store, archive: Store) -> None:
        move(desk, clock, archive)
        assert str([(None, [], None)] * 4) == everything(store)

    def test_a_desk_on_the_archive_reads_verifies_and_purges(
        self, desk: Desk, clock: Clock, archive: Store
    ) -> None:
        move(desk, clock, archive)
        other = open_here(clock, archive)
        assert ("张三丰", 2) == (
            other.personal("Q1", actor=WINDOW, purpose="复查")["reporter"],
            len([it for it in other.accesses("Q1", actor=OFFICE) if it.at < MOVABLE]),
        )
        assert ([], []) == (other.verify(), [*other.removals(actor=OFFICE)])
        clock.now = QUICK_PERSONAL
        assert Clearance(erased=2) == other.purge(actor=OFFICE)
        clock.now = QUICK_CASE
        assert 2 == other.purge(actor=OFFICE).destroyed
        assert ([], []) == (other.verify(), other.find(actor=WINDOW))

    def test_the_register_says_where_and_holds_the_hashes_of_both_chains(
        self, desk: Desk, clock: Clock, archive: Store
    ) -> None:
        move(desk, clock, archive)
        (entry,) = desk.removals("Q1", actor=OFFICE)
        hashes, accesses = (
            tuple(it.hash for it in archive.entries(district, "Q1"))
            for district in ("chongming", "chongming/access")
        )
        assert ("moved", "在线期限届满，移交档案库") == (entry.kind, entry.reason)
        assert {
            "retention": "quick",
            "since": MOVABLE.isoformat(),
            "version": 3,
            "head": hashes[-1],
            "hashes": hashes,
            "access_hashes": accesses,
            "to": NAME,
        } == dict(entry.effect.facts)

    def test_an_anchor_of_before_still_holds(self, desk: Desk, clock: Clock, archive: Store) -> None:
        anchor = desk.anchor().digest
        move(desk, clock, archive)
        assert ([], []) == (desk.verify(anchor=anchor), desk.verify())

    def test_a_number_that_was_moved_says_when_and_where_to(
        self, desk: Desk, clock: Clock, archive: Store
    ) -> None:
        move(desk, clock, archive)
        with pytest.raises(RemovedTicketError, match="已于 2020-04-02 移交档案库 '2020年档案库'"):
            desk.get("Q1", actor=WINDOW)

    def test_a_reporter_is_not_told_where_to(self, clock: Clock, store: Store, archive: Store) -> None:
        desk, code = open_here(clock, store), new_query_code()
        close(desk, "Q1", "quick", query_code=code)
        move(desk, clock, archive)
        with pytest.raises(RemovedTicketError, match=r"已于 2020-04-02 移交档案库 \(moved") as told:
            desk.track(code)
        assert NAME not in str(told.value)

    def test_moving_again_moves_what_came_since(self, desk: Desk, clock: Clock, archive: Store) -> None:
        move(desk, clock, archive)
        close(desk, "Q3", "quick")
        assert Clearance() == move(desk, clock, archive)
        assert Clearance(moved=1) == move(desk, clock, archive, MOVABLE + 60 * DAY)
        assert ["Q1", "Q2", "Q3"] == [it.id for it in open_here(clock, archive).find(actor=WINDOW)]

    def test_each_is_told_as_it_goes(self, desk: Desk, clock: Clock, archive: Store) -> None:
        told: list[Any] = []
        move(desk, clock, archive, tell=told.append)
        assert [("Q1", "move"), ("Q2", "move")] == [(it.ticket, it.due) for it in told]

    def test_a_file_that_is_to_be_destroyed_is_not_moved_any_more(
        self, desk: Desk, clock: Clock, archive: Store
    ) -> None:
        assert Clearance() == move(desk, clock, archive, QUICK_CASE)

    def test_nothing_waits_in_the_archive_after_a_move(
        self, desk: Desk, clock: Clock, archive: Store
    ) -> None:
        move(desk, clock, archive)
        assert [] == archive.claim("chongming", ["moving"], 9, now=2**62, lease=1)

    def test_access_records_that_come_after_a_move_go_in_their_time(
        self, desk: Desk, clock: Clock, archive: Store
    ) -> None:
        """Looked at on 2 April 2020, for six months: 2 October is a day off until the 8th."""
        move(desk, clock, archive)
        desk.accesses("Q1", actor=OVERSEER)
        clock.put("2020-10-09 16:59")
        early = desk.purge(actor=OFFICE)
        clock.put("2020-10-09 17:00")
        assert (Clearance(), Clearance(accesses=1), []) == (early, desk.purge(actor=OFFICE), desk.verify())


class TestRefused:
    @pytest.mark.parametrize("actor", [WINDOW, CENTRE, OVERSEER, IMPORT], ids=lambda it: it.role)
    def test_who_has_no_right_may_not(self, desk: Desk, clock: Clock, archive: Store, actor: Actor) -> None:
        with pytest.raises(NotAllowedError, match="no right"):
            move(desk, clock, archive, actor=actor)

    @pytest.mark.parametrize("name", ["", " ", "postgresql://desk:secret@db/archive"])
    def test_a_name_is_no_address(self, desk: Desk, clock: Clock, archive: Store, name: str) -> None:
        with pytest.raises(ArgumentError, match="档案库名称"):
            move(desk, clock, archive, name=name)

    def test_an_instant_that_has_not_come(self, desk: Desk, archive: Store) -> None:
        with pytest.raises(ArgumentError, match="还没有到"):
            desk.archive_into(archive, name=NAME, actor=OFFICE, now=MOVABLE)

    def test_the_store_itself_is_no_archive(self, desk: Desk, clock: Clock, store: Store) -> None:
        before = everything(store)
        with pytest.raises(ArgumentError, match="就是本存储"):
            move(desk, clock, store)
        assert before == everything(store)

    def test_nor_is_another_connection_to_it(self, clock: Clock, tmp_path: Path) -> None:
        path = str(tmp_path / "desk.db")
        store, again = SqliteStore(path), SqliteStore(path)
        desk = open_here(clock, store)
        fill(desk)
        with pytest.raises(ArgumentError, match="就是本存储"):
            move(desk, clock, again)
        assert 5 == len(desk.find(actor=WINDOW))
        store.close()
        again.close()

    @pytest.mark.parametrize("side", ["store", "archive"])
    def test_a_connection_of_the_embedders_commits_too_late(self, clock: Clock, side: str) -> None:
        stores = {"store": MemoryStore(), "archive": MemoryStore()}
        desk = open_here(clock, stores["store"])
        fill(desk)
        stores[side].is_borrowed = True
        with pytest.raises(ArgumentError, match="connection of yours"):
            move(desk, clock, stores["archive"])

    def test_an_archive_that_holds_another_file_of_that_number(
        self, desk: Desk, clock: Clock, archive: Store
    ) -> None:
        close(open_here(clock, archive), "Q1", "permanent")
        kept_there = archive.load("chongming", "Q1")
        done = move(desk, clock, archive)
        assert (1, ["Q1"]) == (done.moved, [it.split()[1] for it in done.broken])
        assert kept_there == archive.load("chongming", "Q1")
        assert "Q1" == desk.get("Q1", actor=WINDOW).id

    def test_a_file_that_does_not_fit_its_hashes_stays(self, clock: Clock) -> None:
        store, archive = MemoryStore(), MemoryStore()
        desk = open_here(clock, store)
        fill(desk)
        links = store._links["chongming/access", "Q1"]
        links[0] = attrs.evolve(links[0], text=links[0].text.replace("i-1", "i-2"))
        done = move(desk, clock, archive)
        assert (1, ["Q1"]) == (done.moved, [it.split()[1] for it in done.broken])
        assert None is archive.load("chongming", "Q1")


class Forgetful(MemoryStore):
    """An archive that says yes and does not keep an entry, or keeps another."""

    def __init__(self, fault: str) -> None:
        super().__init__()
        self.fault = fault

    def commit(self, *changes: ChangeSet) -> None:
        """Keep what was given, but for one thing."""
        super().commit(*(self._faulty(it) for it in changes))

    def _faulty(self, change: ChangeSet) -> ChangeSet:
        links, row = list(change.links), change.row
        if self.fault == "entry":
            return attrs.evolve(change, links=links[:-1])
        if self.fault == "text" and links:
            spoilt = attrs.evolve(links[-1], text=links[-1].text + " ")
            return attrs.evolve(change, links=[*links[:-1], spoilt])
        if self.fault == "row" and row is not None:
            return attrs.evolve(change, row=attrs.evolve(row, unit="区民政局"))
        return attrs.evolve(change, records=[]) if self.fault == "personal" and row is not None else change


@pytest.mark.parametrize("fault", ["entry", "text", "row", "personal"])
def test_an_archive_that_did_not_keep_it_gets_no_file(clock: Clock, fault: str) -> None:
    store, archive = MemoryStore(), Forgetful(fault)
    desk = open_here(clock, store)
    fill(desk)
    before = everything(store)
    with pytest.raises(StoreError, match="没有照原样存下"):
        move(desk, clock, archive)
    assert before == everything(store)


class TestCutOff:
    @pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
    @pytest.mark.parametrize("side", ["store", "archive"])
    def test_cut_off_at_any_commit_and_repeated_it_ends_as_undisturbed(
        self, stores: Stores, side: str, *, after: bool
    ) -> None:
        ends = set()
        for at in range(1, 20):
            clock = Clock(START)
            both = {"store": stores(), "archive": stores()}
            fill(open_here(clock, both["store"]))
            before = everything(both["store"])
            cut = Cut(both[side], at, after=after)
            clock.now = MOVABLE
            broken_off: dict[str, Any] = both | {side: cut}
            with contextlib.suppress(CutError):
                move(open_here(clock, broken_off["store"]), clock, broken_off["archive"])
            desk = open_here(clock, both["store"])
            assert [] == desk.verify()
            done = move(desk, clock, both["archive"])
            there = open_here(clock, both["archive"])
            assert (0, (), [], []) == (done.kept, done.broken, desk.verify(), there.verify())
            assert before == everything(both["archive"])
            waiting = both["archive"].claim("chongming", ["moving"], 9, now=2**62, lease=1)
            ends.add(f"{sorted(kept(desk).items())}{waiting}")
            if not cut.is_cut:
                break
        assert (1, True) == (len(ends), at > 2)

    @pytest.mark.parametrize("at", [1, 2])
    def test_a_copy_of_a_file_that_was_taken_up_again_is_taken_away(self, stores: Stores, at: int) -> None:
        clock, store, archive = Clock(START), stores(), stores()
        fill(open_here(clock, store))
        clock.now = MOVABLE
        with pytest.raises(CutError):
            move(open_here(clock, Cut(store, at, after=False)), clock, archive)
        desk = open_here(clock, store)
        copied = f"Q{at}"
        assert archive.load("chongming", copied) is not None
        reopen(desk, copied)
        assert Clearance(moved=2 - at) == move(desk, clock, archive)
        assert (None, None) == tuple(archive.load(it, copied) for it in ("chongming", "chongming/access"))
        assert "pending_dispatch" == desk.get(copied, actor=WINDOW).step

    def test_a_copy_of_a_file_that_was_destroyed_here_is_taken_away(self, stores: Stores) -> None:
        clock, store, archive = Clock(START), stores(), stores()
        fill(open_here(clock, store))
        clock.now = MOVABLE
        with pytest.raises(CutError):
            move(open_here(clock, Cut(store, 1, after=False)), clock, archive)
        desk = open_here(clock, store)
        clock.now = QUICK_CASE
        desk.purge(actor=OFFICE)
        move(desk, clock, archive, QUICK_CASE)
        assert None is archive.load("chongming", "Q1")

    def test_a_copy_is_never_taken_away_that_may_be_the_only_one(self, stores: Stores) -> None:
        """Another name for the same archive, and a file that vanished here behind everybody's back."""
        clock, store, archive = Clock(START), stores(), stores()
        fill(open_here(clock, store))
        clock.now = MOVABLE
        with pytest.raises(CutError):
            move(open_here(clock, Cut(store, 1, after=True)), clock, archive)
        move(open_here(clock, store), clock, archive, name="另一个名称")
        assert ["Q1", "Q2"] == [it.id for it in open_here(clock, archive).find(actor=WINDOW)]

    def test_personal_data_that_was_erased_since_it_was_copied_is_not_there_either(
        self, stores: Stores
    ) -> None:
        clock, store, archive = Clock(START), stores(), stores()
        fill(open_here(clock, store))
        clock.now = MOVABLE
        with pytest.raises(CutError):
            move(open_here(clock, Cut(store, 1, after=False)), clock, archive)
        desk = open_here(clock, store)
        clock.now = QUICK_PERSONAL
        desk.purge(actor=OFFICE)
        move(desk, clock, archive, QUICK_PERSONAL)
        there = open_here(clock, archive)
        assert ({}, []) == (there.personal("Q1", actor=WINDOW), there.verify())


class Meddling(MemoryStore):
    """A store in which somebody writes right before a file is taken out."""

    def __init__(self) -> None:
        super().__init__()
        self.meddle: Any = None

    def commit(self, *changes: ChangeSet) -> None:
        """Let the other one go first."""
        if self.meddle is not None and any(it.removed for it in changes):
            meddle, self.meddle = self.meddle, None
            meddle()
        super().commit(*changes)


class TestChangedMeanwhile:
    def test_a_file_that_is_taken_up_again_stays_and_its_copy_goes(self, clock: Clock) -> None:
        store, archive = Meddling(), MemoryStore()
        desk = open_here(clock, store)
        close(desk, "Q1", "quick")
        store.meddle = lambda: reopen(desk, "Q1")
        assert Clearance(kept=1) == move(desk, clock, archive)
        assert ("pending_dispatch", None, []) == (
            desk.get("Q1", actor=WINDOW).step,
            archive.load("chongming", "Q1"),
            desk.verify(),
        )

    def test_a_file_that_is_read_meanwhile_is_moved_the_next_time_with_that_record(
        self, clock: Clock
    ) -> None:
        store, archive = Meddling(), MemoryStore()
        desk = open_here(clock, store)
        close(desk, "Q1", "quick")
        desk.get("Q1", actor=OVERSEER)
        store.meddle = lambda: desk.get("Q1", actor=OVERSEER)
        assert (Clearance(kept=1), Clearance(moved=1)) == (
            move(desk, clock, archive),
            move(desk, clock, archive),
        )
        assert 2 == len(open_here(clock, archive).accesses("Q1", actor=OFFICE))

    def test_a_file_that_is_destroyed_meanwhile_is_no_file_of_the_archives(self, clock: Clock) -> None:
        store, archive = Meddling(), MemoryStore()
        desk = open_here(clock, store)
        close(desk, "Q1", "quick")
        clock.now = QUICK_CASE
        store.meddle = lambda: desk.purge(actor=OFFICE)
        assert Clearance(kept=1) == desk.archive_into(archive, name=NAME, actor=OFFICE, now=QUICK_CASE - DAY)
        assert (None, ["destroyed"]) == (
            archive.load("chongming", "Q1"),
            [it.kind for it in desk.removals(actor=OFFICE)],
        )

    def test_what_two_move_is_moved_once(self, stores: Stores) -> None:
        clock, store, archive = Clock(START), stores(), stores()
        desk = open_here(clock, store)
        for number in range(30):
            close(desk, f"Q{number:02}", "quick")
        clock.now = MOVABLE
        done: list[Clearance] = []
        gate = threading.Barrier(2)

        def work() -> None:
            gate.wait()
            done.append(desk.archive_into(archive, name=NAME, actor=OFFICE))

        workers = [threading.Thread(target=work) for _ in range(2)]
        for it in workers:
            it.start()
        for it in workers:
            it.join()
        desk.archive_into(archive, name=NAME, actor=OFFICE)
        there = open_here(clock, archive)
        assert (30, 30, [], []) == (
            len(there.find(actor=WINDOW)),
            len([*desk.removals(actor=OFFICE)]),
            desk.find(actor=WINDOW),
            desk.verify() + there.verify(),
        )


def test_the_calendars_that_its_figures_rest_on_go_along(clock: Clock, stores: Stores) -> None:
    store, archive = stores(), stores()
    desk = open_here(clock, store)
    old = desk.calendar
    new = HERE.work_calendar(closures=[(instant("2020-03-09 09:00"), instant("2020-03-09 17:00"))])
    desk.do(Register(ticket="Q1", matter="x"), actor=WINDOW)
    desk.apply_calendar(new, actor=OFFICE)
    words: dict[str, Any] = {"exclusion": "legal_bar", "citation": "第三条", "explanation": "已说明"}
    desk.do(Decline(ticket="Q1", **words), actor=WINDOW)
    desk.do(Archive(ticket="Q1", retention="quick"), actor=WINDOW)
    move(desk, clock, archive)
    with Desk.open(HERE, calendar=new, store=archive, clock=clock) as there:
        assert (new.version, old.version, ["Q1"]) == (
            there.calendar.version,
            there.kept_calendar(old.version).version,
            [it.id for it in there.find(actor=WINDOW)],
        )
