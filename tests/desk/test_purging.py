"""Purging: what is due when, what goes and what stays, cut off anywhere, by several at once."""

import contextlib
import datetime as dt
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import attrs
import pytest

from bubancheng.actions import Note, Register
from bubancheng.desk import Clearance, Deed, Desk, Expiry
from bubancheng.district import Retention
from bubancheng.errors import ArgumentError, BubanchengError, NotAllowedError
from bubancheng.sla import Limit
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, MemoryStore, Store
from bubancheng.ticket import Actor
from tests.acting import CENTRE, DISTRICT, HEAD, IMPORT, OFFICE, OFFICER, OVERSEER, WINDOW, Clock, instant
from tests.desk.filing import (
    CASE,
    HERE,
    MOVABLE,
    NAME,
    PERSONAL,
    PHONE,
    QUICK,
    QUICK_CASE,
    QUICK_PERSONAL,
    SECOND,
    START,
    TEXT,
    Cut,
    CutError,
    Stores,
    close,
    fill,
    kept,
    open_here,
    planned,
    reopen,
)
from tests.support import DAY, US

LATE = CASE + 365 * DAY


@pytest.fixture
def clock() -> Clock:
    """A clock that stands when the files were closed."""
    return Clock(START)


@pytest.fixture
def store(stores: Stores) -> Store:
    """A store."""
    return stores()


@pytest.fixture
def desk(clock: Clock, store: Store) -> Desk:
    """A desk with a closed file of each class."""
    desk = open_here(clock, store)
    fill(desk)
    return desk


@pytest.fixture(params=["memory", "sqlite"])
def stores(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Stores]:
    """What makes stores of each kind."""
    made = Stores(request.param, tmp_path)
    yield made
    made.close()


def purge(desk: Desk, clock: Clock, now: dt.datetime, **more: Any) -> Clearance:
    """Put the clock to an instant, and purge as of it."""
    clock.now = now
    return desk.purge(actor=OFFICE, **more)


class TestPlan:
    """By the calendar of the law: months end on the day of the same number, or on the working day after it."""

    @pytest.mark.parametrize(
        ("now", "due"),
        [
            (MOVABLE - US, []),
            (MOVABLE, [("Q1", "move"), ("Q2", "move")]),
            (QUICK_PERSONAL - US, [("Q1", "move"), ("Q2", "move")]),
            (
                QUICK_PERSONAL,
                [("Q1", "personal"), ("Q1", "move"), ("Q2", "personal"), ("Q2", "move")],
            ),
            (QUICK_CASE, [("Q1", "destroy"), ("Q2", "destroy")]),
            (
                PERSONAL,
                [("P1", "personal"), ("Q1", "destroy"), ("Q2", "destroy"), ("S1", "personal")],
            ),
            (
                CASE - US,
                [("P1", "personal"), ("Q1", "destroy"), ("Q2", "destroy"), ("S1", "personal")],
            ),
            (CASE, [("P1", "personal"), ("Q1", "destroy"), ("Q2", "destroy"), ("S1", "destroy")]),
        ],
    )
    def test_what_is_due_when(self, desk: Desk, now: dt.datetime, due: list[tuple[str, str]]) -> None:
        assert due == planned(desk, now)

    @pytest.mark.parametrize(
        ("closed", "ends"),
        [
            ("2024-04-02 10:00", "2027-04-02 17:00"),  # a Friday
            ("2024-02-29 10:00", "2027-03-01 17:00"),  # 28 February, the month's last, is a Sunday
            ("2021-05-01 10:00", "2024-05-06 17:00"),  # 1 to 5 May 2024 are days off by the notice
            ("2023-10-08 10:00", "2026-10-08 17:00"),  # the first working day after the National Day
            ("2023-09-20 10:00", "2026-09-20 17:00"),  # a Sunday that is worked (调休)
        ],
    )
    def test_thirty_six_months(self, clock: Clock, store: Store, closed: str, ends: str) -> None:
        desk = open_here(clock, store)
        clock.put(closed)
        close(desk, "T1")
        (found,) = desk.expiries(instant(ends))
        assert ([], instant(ends), "ten_years") == (
            planned(desk, instant(ends) - US),
            found.since,
            found.retention,
        )

    def test_without_an_instant_it_is_now(self, desk: Desk, clock: Clock) -> None:
        clock.now = MOVABLE
        assert ["Q1", "Q2"] == [it.ticket for it in desk.expiries()]

    def test_planning_changes_nothing(self, desk: Desk) -> None:
        before = kept(desk)
        assert 4 == len(planned(desk, CASE))
        assert before == kept(desk)

    def test_a_file_that_was_taken_up_again_is_not_due(self, desk: Desk) -> None:
        reopen(desk, "Q1")
        assert [("Q2", "destroy")] == planned(desk, QUICK_CASE)

    @pytest.mark.usefixtures("desk")
    def test_a_class_that_the_profile_does_not_have_any_more_is_kept(self, store: Store) -> None:
        """Files are kept in doubt; a correction gives such a one a class that exists."""
        other = open_here(Clock(START), store, DISTRICT)
        assert [("P1", "personal"), ("S1", "destroy")] == planned(other, LATE)

    @pytest.mark.usefixtures("desk")
    def test_a_profile_without_classes_keeps_everything(self, store: Store) -> None:
        other = open_here(Clock(START), store, attrs.evolve(HERE, retentions=()))
        assert [] == planned(other, LATE)

    def test_a_limit_past_the_last_day_of_the_calendar_has_not_ended(
        self, clock: Clock, store: Store
    ) -> None:
        long = Retention(id="long", name="长", case=Limit.parse("1200个月"))
        desk = open_here(clock, store, attrs.evolve(DISTRICT, retentions=(long,)))
        close(desk, "T1")
        assert [] == planned(desk, instant("2099-12-31 17:00"))

    def test_a_made_up_class_is_refused_with_what_there_is(self, clock: Clock, store: Store) -> None:
        with pytest.raises(ArgumentError, match=r"十年.*三十年.*永久.*速"):
            close(open_here(clock, store), "T1", "一百年")


class TestPurge:
    def test_what_is_due_goes_and_what_is_not_stays(self, desk: Desk, clock: Clock) -> None:
        done = purge(desk, clock, QUICK_CASE)
        assert Clearance(destroyed=2, accesses=1) == done  # who read Q1 in 2020 need not be known any more
        assert {"O1", "P1", "S1"} == {it.id for it in desk.find(actor=WINDOW)}

    def test_personal_data_goes_before_the_file(self, desk: Desk, clock: Clock) -> None:
        assert Clearance(erased=2) == purge(desk, clock, QUICK_PERSONAL)
        found = [desk.personal(it, actor=WINDOW) for it in ("Q1", "Q2")]
        assert ([{}, {}], 3) == (found, len(desk.personal("S1", actor=WINDOW)))
        assert "erased" == desk.history("Q1", actor=WINDOW)[-1].kind

    def test_the_end_of_all_limits(self, desk: Desk, clock: Clock) -> None:
        """The records of who read Q1 and S1 are of 2020: 6 and 36 months are over when the files go."""
        assert Clearance(erased=1, destroyed=3, accesses=2) == purge(desk, clock, LATE)
        assert ["O1", "P1"] == [it.id for it in desk.find(actor=WINDOW)]

    @pytest.mark.parametrize("now", [MOVABLE, QUICK_PERSONAL, QUICK_CASE, PERSONAL, CASE, LATE])
    def test_a_second_purge_finds_nothing(self, desk: Desk, clock: Clock, now: dt.datetime) -> None:
        purge(desk, clock, now)
        after = kept(desk)
        assert (Clearance(), after) == (desk.purge(actor=OFFICE), kept(desk))

    def test_nothing_of_a_destroyed_file_is_left_in_the_store(
        self, clock: Clock, desk: Desk, store: Store
    ) -> None:
        purge(desk, clock, LATE)
        ours = [it for it in ("Q1", "Q2", "S1") if store.load("chongming", it) is not None]
        left = [[*store.entries("chongming", it)] for it in ("Q1", "Q2", "S1")]
        data = [store.lookup("chongming", "personal", it) for it in ("Q1", "Q2", "S1")]
        assert ([], [[]] * 3, [None] * 3) == (ours, left, data)

    def test_the_register_holds_nobodys_data(self, desk: Desk, clock: Clock) -> None:
        purge(desk, clock, LATE)
        said = str([*desk.removals(actor=OFFICE)])
        assert [] == [it for it in (NAME, PHONE, TEXT) if it in said]

    def test_each_is_told_as_it_goes(self, desk: Desk, clock: Clock) -> None:
        told: list[Expiry] = []
        purge(desk, clock, QUICK_CASE, tell=told.append)
        assert [
            ("Q1", "destroy", "quick", QUICK_CASE),
            ("Q2", "destroy", "quick", QUICK_CASE),
            ("Q1", "accesses", "quick", instant("2020-09-02 17:00")),  # read on 2 March: a Wednesday
        ] == [(it.ticket, it.due, it.retention, it.since) for it in told]

    @pytest.mark.parametrize(
        "actor", [WINDOW, HEAD, OFFICER, CENTRE, OVERSEER, IMPORT], ids=lambda it: it.role
    )
    def test_who_has_no_right_may_not(self, desk: Desk, clock: Clock, actor: Actor) -> None:
        clock.now = LATE
        with pytest.raises(NotAllowedError, match="no right"):
            desk.purge(actor=actor)
        assert 5 == len(desk.find(actor=WINDOW))

    @pytest.mark.parametrize("right", ["erase", "destroy"])
    def test_it_takes_both_rights(self, store: Store, clock: Clock, right: str) -> None:
        roles = tuple(
            attrs.evolve(it, rights=frozenset({right, "erase_early"})) if it.id == OFFICE.role else it
            for it in HERE.roles
        )
        desk = open_here(clock, store, attrs.evolve(HERE, roles=roles))
        with pytest.raises(NotAllowedError, match="no right"):
            desk.purge(actor=OFFICE)

    def test_who_may_erase_early_destroys_nothing_early(self, store: Store, clock: Clock) -> None:
        rights = frozenset({"erase", "erase_early", "destroy", "accesses"})
        roles = tuple(attrs.evolve(it, rights=rights) if it.id == OFFICE.role else it for it in HERE.roles)
        desk = open_here(clock, store, attrs.evolve(HERE, roles=roles))
        fill(desk)
        assert Clearance() == desk.purge(actor=OFFICE)

    def test_an_instant_that_has_not_come_is_for_plans_only(self, desk: Desk) -> None:
        with pytest.raises(ArgumentError, match="还没有到"):
            desk.purge(actor=OFFICE, now=LATE)
        assert 5 == len(desk.find(actor=WINDOW))

    def test_an_instant_that_is_past_purges_what_was_due_then(self, desk: Desk, clock: Clock) -> None:
        clock.now = LATE
        assert Clearance(erased=2) == desk.purge(actor=OFFICE, now=QUICK_PERSONAL)

    def test_the_second_person_is_on_record(self, desk: Desk, clock: Clock) -> None:
        purge(desk, clock, QUICK_CASE, approver=SECOND)
        assert [("d-1", SECOND)] * 3 == [(it.actor.id, it.approver) for it in desk.removals(actor=OFFICE)]

    @pytest.mark.parametrize("second", [OFFICE, WINDOW], ids=lambda it: it.id)
    def test_the_second_person_is_another_one_with_the_right(
        self, desk: Desk, clock: Clock, second: Actor
    ) -> None:
        clock.now = LATE
        with pytest.raises(NotAllowedError, match="second person"):
            desk.purge(actor=OFFICE, approver=second)

    def test_a_ticket_that_has_no_personal_data_is_left_alone(self, clock: Clock, store: Store) -> None:
        desk = open_here(clock, store)
        close(desk, "T1", reporter=None, phone=None, text=None)
        before = desk.history("T1", actor=WINDOW)
        assert Clearance() == purge(desk, clock, PERSONAL)
        assert before == desk.history("T1", actor=WINDOW)


class TestAccesses:
    """Who read a file is known until the last of its records is old enough, and the file is gone."""

    def test_they_outlive_the_file(self, desk: Desk, clock: Clock) -> None:
        clock.now = QUICK_CASE - DAY
        desk.get("Q2", actor=OVERSEER)
        purge(desk, clock, QUICK_CASE)
        assert (1, 0) == (len(desk.accesses("Q2", actor=OFFICE)), len(desk.accesses("Q1", actor=OFFICE)))

    @pytest.mark.parametrize(("before", "left"), [(US, 1), (0 * US, 0)])
    def test_until_six_months_after_the_last(
        self, desk: Desk, clock: Clock, before: dt.timedelta, left: int
    ) -> None:
        """Read on Tuesday 1 March 2022: 1 September 2022 is a Thursday."""
        clock.put("2022-03-01 11:00")
        desk.get("Q2", actor=OVERSEER)
        purge(desk, clock, QUICK_CASE)
        purge(desk, clock, instant("2022-09-01 17:00") - before)
        assert left == len(desk.accesses("Q2", actor=OFFICE))

    def test_those_of_a_file_that_is_there_stay(self, desk: Desk, clock: Clock) -> None:
        purge(desk, clock, CASE - US)
        assert 2 == len(desk.accesses("S1", actor=OFFICE))

    def test_who_looked_for_tickets_stays_known(self, desk: Desk, clock: Clock) -> None:
        desk.find(actor=OVERSEER)
        purge(desk, clock, LATE)
        assert 1 == len(desk.accesses(actor=OFFICE))

    def test_without_a_limit_they_stay(self, clock: Clock, store: Store) -> None:
        endless = attrs.evolve(QUICK, accesses=None)
        desk = open_here(clock, store, attrs.evolve(HERE, retentions=(endless,)))
        close(desk, "T1")
        desk.get("T1", actor=OVERSEER)
        assert Clearance(destroyed=1) == purge(desk, clock, LATE)
        assert 1 == len(desk.accesses("T1", actor=OFFICE))


class TestChangedMeanwhile:
    class Meddling(MemoryStore):
        """A store in which somebody writes right before the next commit."""

        def __init__(self) -> None:
            super().__init__()
            self.meddle: Any = None

        def commit(self, *changes: ChangeSet) -> None:
            meddle, self.meddle = self.meddle, None
            if meddle is not None:
                meddle()
            super().commit(*changes)

    @pytest.mark.parametrize("now", [QUICK_PERSONAL, QUICK_CASE])
    def test_a_file_that_is_taken_up_again_stays(self, clock: Clock, now: dt.datetime) -> None:
        store = self.Meddling()
        desk = open_here(clock, store)
        close(desk, "Q1", "quick")
        clock.now = now
        store.meddle = lambda: reopen(desk, "Q1")
        assert Clearance(kept=1) == desk.purge(actor=OFFICE)
        assert ("pending_dispatch", 3) == (
            desk.get("Q1", actor=WINDOW).step,
            len(desk.personal("Q1", actor=WINDOW)),
        )
        assert ([], []) == ([*desk.removals(actor=OFFICE)], desk.verify())

    @pytest.mark.parametrize("now", [QUICK_PERSONAL, QUICK_CASE])
    def test_a_file_that_was_taken_up_again_since_the_page_was_read_stays(
        self, desk: Desk, clock: Clock, now: dt.datetime
    ) -> None:
        """Q1 and Q2 come in one page; when Q1 is done somebody takes Q2 up again."""

        def tell(done: Expiry) -> None:
            if (done.ticket, done.due) in {("Q1", "personal"), ("Q1", "destroy")}:
                reopen(desk, "Q2")

        done = purge(desk, clock, now, tell=tell)
        assert (1, 3) == (done.kept, len(desk.personal("Q2", actor=WINDOW)))
        assert ("pending_dispatch", []) == (desk.get("Q2", actor=WINDOW).step, desk.verify())

    def test_a_file_that_somebody_writes_into_stays_until_the_next_time(self, clock: Clock) -> None:
        store = self.Meddling()
        desk = open_here(clock, store)
        close(desk, "Q1", "quick")
        clock.now = QUICK_CASE
        note = Note(ticket="Q1", topic="reply", note="来人查询")
        store.meddle = lambda: desk.do(note, actor=WINDOW)
        assert (Clearance(kept=1), Clearance(destroyed=1)) == (
            desk.purge(actor=OFFICE),
            desk.purge(actor=OFFICE),
        )

    def test_access_records_that_grow_stay(self, clock: Clock) -> None:
        store = self.Meddling()
        desk = open_here(clock, store)
        close(desk, "Q1", "quick")
        desk.get("Q1", actor=OVERSEER)
        done = purge(desk, clock, QUICK_CASE, tell=lambda _: setattr(store, "meddle", self.read(desk)))
        assert (Clearance(destroyed=1, kept=1), 2) == (done, len(desk.accesses("Q1", actor=OFFICE)))

    def read(self, desk: Desk) -> Any:
        """Return a look at the records themselves, which leaves one."""
        return lambda: desk.accesses("Q1", actor=OVERSEER)


class TestBroken:
    def test_a_file_that_does_not_fit_its_hashes_is_evidence_and_stays(self, clock: Clock) -> None:
        store = MemoryStore()
        desk = open_here(clock, store)
        close(desk, "Q1", "quick")
        close(desk, "Q2", "quick")
        links = store._links["chongming", "Q1"]
        links[1] = attrs.evolve(links[1], text=links[1].text.replace("第三条", "第四条"))
        done = purge(desk, clock, QUICK_CASE)
        assert (1, ["工单 Q1 第 2 条记录"]) == (done.destroyed, [it.partition(":")[0] for it in done.broken])
        assert "Q1" == desk.get("Q1", actor=WINDOW).id

    def test_one_that_cannot_be_read_stops_no_other(self, clock: Clock) -> None:
        store = MemoryStore()
        desk = open_here(clock, store)
        close(desk, "Q1", "quick")
        close(desk, "Q2", "quick")
        store._rows["chongming", "Q1"] = attrs.evolve(store._rows["chongming", "Q1"], text="{}")
        done = purge(desk, clock, QUICK_CASE)
        assert (1, ["Q1"]) == (done.destroyed, [it.split()[1] for it in done.broken])

    def test_access_records_that_were_changed_stay(self, clock: Clock) -> None:
        store = MemoryStore()
        desk = open_here(clock, store)
        close(desk, "Q1", "quick")
        desk.get("Q1", actor=OVERSEER)
        links = store._links["chongming/access", "Q1"]
        links[0] = attrs.evolve(links[0], text=links[0].text.replace("i-1", "i-2"))
        done = purge(desk, clock, LATE)
        assert (1, 0, ["Q1"]) == (done.destroyed, done.accesses, [it.split()[1] for it in done.broken])


class TestCutOff:
    @pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
    @pytest.mark.parametrize("now", [QUICK_PERSONAL, LATE])
    def test_cut_off_at_any_commit_and_repeated_it_ends_as_undisturbed(
        self, stores: Stores, now: dt.datetime, *, after: bool
    ) -> None:
        ends = set()
        for at in range(1, 20):
            clock = Clock(START)
            store = stores()
            fill(open_here(clock, store))
            cut = Cut(store, at, after=after)
            clock.now = now
            with contextlib.suppress(CutError):
                open_here(clock, cut).purge(actor=OFFICE)
            desk = open_here(clock, store)
            assert [] == desk.verify()
            desk.purge(actor=OFFICE)
            ends.add(str(sorted(kept(desk).items())))
            assert [] == desk.verify()
            if not cut.is_cut:
                break
        assert (1, True) == (len(ends), at > 2)


class TestTwoAtOnce:
    def test_what_two_purge_goes_once(self, stores: Stores) -> None:
        clock, store = Clock(START), stores()
        desk = open_here(clock, store)
        for number in range(40):
            close(desk, f"Q{number:02}", "quick")
        clock.now = QUICK_CASE
        done: list[Clearance] = []
        gate = threading.Barrier(2)

        def work() -> None:
            gate.wait()
            done.append(desk.purge(actor=OFFICE))

        workers = [threading.Thread(target=work) for _ in range(2)]
        for it in workers:
            it.start()
        for it in workers:
            it.join()
        entries = [*desk.removals(actor=OFFICE)]
        assert (40, 40, 40) == (
            sum(it.destroyed for it in done),
            len(entries),
            len({it.ticket for it in entries}),
        )
        assert ([], []) == (desk.verify(), desk.find(actor=WINDOW))


class TestGone:
    """What a desk says of a file that is not there any more."""

    @pytest.fixture
    def desk(self, clock: Clock, store: Store) -> Desk:
        """A desk on which a file was destroyed."""
        desk = open_here(clock, store)
        close(desk, "Q1", "quick")
        purge(desk, clock, QUICK_CASE)
        return desk

    @pytest.mark.parametrize(
        "look", ["get", "history", "explain", "personal", "verify", "erase", "do", "replay"]
    )
    def test_it_says_on_which_day_it_was_destroyed(self, desk: Desk, look: str) -> None:
        deed = Register(ticket="Q1", matter="x")
        looks: dict[str, Any] = {
            "get": lambda: desk.get("Q1", actor=WINDOW),
            "history": lambda: desk.history("Q1", actor=WINDOW),
            "explain": lambda: desk.explain("Q1", actor=WINDOW),
            "personal": lambda: desk.personal("Q1", actor=WINDOW),
            "verify": lambda: desk.verify("Q1"),
            "erase": lambda: desk.erase("Q1", actor=OFFICE),
            "do": lambda: desk.do(deed, actor=WINDOW),
            "replay": lambda: desk.replay([[Deed(deed)]], actor=IMPORT),
        }
        with pytest.raises(BubanchengError, match=r"已于 2022-03-02 销毁.*destroyed"):
            looks[look]()
        assert [] == desk.find(actor=WINDOW)


def test_not_even_the_bytes_of_a_destroyed_file_are_left(tmp_path: Path, clock: Clock) -> None:
    path = tmp_path / "desk.db"
    store = SqliteStore(str(path))
    desk = open_here(clock, store)
    close(desk, "Q1", "quick", matter="独一无二的事项")
    there = path.read_bytes() + path.with_name("desk.db-wal").read_bytes()
    purge(desk, clock, QUICK_CASE)
    desk.close()
    gone = [it.encode() for it in (NAME, PHONE, TEXT, "独一无二的事项")]
    assert ([True] * 4, [False] * 4) == (
        [it in there for it in gone],
        [it in path.read_bytes() for it in gone],
    )
