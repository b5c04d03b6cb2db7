"""Finding by light, and pages of the board: what is found is what counting every ticket finds."""

import datetime as dt
import tempfile
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bubancheng.desk import Desk
from bubancheng.sla import Light
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, Filter, MemoryStore, StateRow, Store
from tests.acting import (
    DISTRICT,
    OFFICE,
    OWNER,
    UNOWNED,
    WINDOW,
    Clock,
    acknowledged,
    instant,
    open_desk,
    registered,
)
from tests.desk.test_sweeps import NUMBERS, Event, events, lived
from tests.desk.watching import WatchedStore

law = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
few = settings(law, max_examples=6)
SCRIPTS = st.lists(events(), min_size=5, max_size=40)


def counted(desk: Desk, now: dt.datetime, light: Light, unit: str | None, step: str | None) -> list[str]:
    """Return the tickets of a light, counted one by one."""
    found = []
    for ticket in desk.find(actor=WINDOW, unit=unit, step=step):
        policy = desk.district.rule_of(ticket).policy
        if policy.watched(policy.clocks(ticket, desk.calendar)).light(now) is light:
            found.append(ticket.id)
    return found


def compare(desk: Desk, now: dt.datetime) -> None:
    """Find by each light, alone and together with all else."""
    tickets = desk.find(actor=WINDOW)
    for light in Light:
        for unit in {None, *(it.unit for it in tickets)}:
            for step in {None, *(it.step for it in tickets)}:
                expected = counted(desk, now, light, unit, step)
                found = desk.find(actor=WINDOW, light=light, unit=unit, step=step)
                assert expected == [it.id for it in found]
        every = counted(desk, now, light, None, None)
        for after in ("", *NUMBERS):
            later = [it for it in every if it > after]
            for limit in (1, 2):
                found = desk.find(actor=WINDOW, light=light, after=after, limit=limit)
                assert later[:limit] == [it.id for it in found]


def lived_and_compared(store: Store, script: list[Event], sweeps: list[bool]) -> None:
    """Compare wherever a sweep may run, before it and, where it runs, after it."""
    clock, turns = Clock(), iter(sweeps)
    desk = open_desk(clock, store)

    def sweep() -> None:
        compare(desk, clock.now)
        if next(turns, False):
            desk.sweep(clock.now)
            compare(desk, clock.now)

    lived(clock, desk, script, sweep)
    sweep()
    clock.now += dt.timedelta(days=400)
    sweep()
    desk.close()


class TestLight:
    @law
    @given(SCRIPTS, st.lists(st.booleans(), max_size=12))
    def test_a_light_finds_what_counting_every_ticket_finds(
        self, script: list[Event], sweeps: list[bool]
    ) -> None:
        lived_and_compared(MemoryStore(), script, sweeps)

    @few
    @given(SCRIPTS, st.lists(st.booleans(), max_size=12))
    def test_a_light_finds_the_same_on_a_file(self, script: list[Event], sweeps: list[bool]) -> None:
        with tempfile.TemporaryDirectory() as folder:
            lived_and_compared(SqliteStore(str(Path(folder) / "desk.db")), script, sweeps)

    @pytest.mark.parametrize("hours", range(0, 150, 15))
    def test_a_light_that_another_calendar_moved_is_found_before_the_next_sweep(self, hours: int) -> None:
        """Typhoon: a closure over the days in which the ticket runs, made known later than it turned yellow."""
        clock = Clock()
        desk = open_desk(clock)
        acknowledged(desk, "T1")
        clock.put("2024-03-27 18:00")
        desk.sweep()
        registered(desk, "T2")
        closed = [(instant("2024-03-26 00:00"), instant("2024-03-28 00:00"))]
        desk.apply_calendar(DISTRICT.work_calendar(closures=closed), actor=OFFICE)
        clock.now += dt.timedelta(hours=hours)
        compare(desk, clock.now)


class Counting(WatchedStore):
    """Counts the rows that were read."""

    rows = 0

    def find(self, wanted: Filter) -> list[StateRow]:
        """Pass on, and count."""
        found = super().find(wanted)
        self.rows += len(found)
        return found


class Deaf(WatchedStore):
    """A store written before there was a light to ask for."""

    def find(self, wanted: Filter) -> list[StateRow]:
        """Pass on all but the light."""
        return super().find(attrs.evolve(wanted, light=None))


class Hall:
    """A desk with one ticket that runs, and copies of it."""

    def __init__(self, kind: type[WatchedStore] = Counting) -> None:
        self.clock, self.store = Clock(), kind(MemoryStore())
        self.desk = open_desk(self.clock, self.store)
        acknowledged(self.desk, "A")

    def copy(self, count: int) -> None:
        """Put copies of the ticket into the store, as they were told."""
        (row,) = self.store.find(Filter(district="chongming", limit=1))
        self.store.commit(
            *[
                ChangeSet(district="chongming", row=attrs.evolve(row, ticket=f"B{it:04}"))
                for it in range(count)
            ]
        )

    def found(self, light: Light, limit: int = 9999) -> list[str]:
        """Return the numbers of the tickets of a light."""
        return [it.id for it in self.desk.find(actor=WINDOW, light=light, limit=limit)]


class TestCost:
    def test_a_rare_light_is_found_without_reading_the_others(self) -> None:
        hall = Hall()
        hall.copy(600)
        hall.clock.put("2024-03-25 18:00")
        registered(hall.desk, "C")
        hall.clock.put("2024-03-27 17:00")
        hall.desk.sweep()
        hall.store.rows = 0  # type: ignore[attr-defined] # a store that counts
        assert ["C"] == hall.found(Light.GREEN)
        assert 1 == hall.store.rows  # type: ignore[attr-defined] # as above

    def test_where_nobody_sweeps_every_ticket_is_counted(self) -> None:
        hall = Hall()
        hall.copy(1300)
        hall.clock.put("2024-03-27 17:00")
        assert (1301, []) == (len(hall.found(Light.YELLOW)), hall.found(Light.GREEN))

    def test_a_thousand_that_are_due_are_counted_alone(self) -> None:
        hall = Hall()
        hall.copy(999)
        hall.clock.put("2024-03-27 17:00")
        assert (1000, []) == (len(hall.found(Light.YELLOW)), hall.found(Light.GREEN))

    def test_many_pages_are_put_together_in_order(self) -> None:
        hall = Hall()
        hall.copy(1200)
        hall.clock.put("2024-03-27 17:00")
        hall.desk.sweep()
        assert ["A", *(f"B{it:04}" for it in range(700))] == hall.found(Light.YELLOW, 701)

    def test_a_store_that_knows_no_light_is_asked_for_all(self) -> None:
        hall = Hall(Deaf)
        registered(hall.desk, "C")
        hall.clock.put("2024-03-27 17:00")
        hall.desk.sweep()
        assert (["A"], ["C"]) == (hall.found(Light.YELLOW), hall.found(Light.GREEN))

    def test_an_earlier_moment_than_that_of_the_sweep_has_its_own_lights(self) -> None:
        hall = Hall()
        hall.clock.put("2024-03-27 17:00")
        hall.desk.sweep()
        hall.clock.put("2024-03-27 16:00")
        assert (["A"], []) == (hall.found(Light.GREEN), hall.found(Light.YELLOW))


@pytest.fixture
def desk() -> Desk:
    """A desk with five tickets, one of them at its unit."""
    desk = open_desk(Clock())
    for number in "ABCE":
        registered(desk, number, UNOWNED)
    acknowledged(desk, "D")
    return desk


class TestBoard:
    def test_a_page_goes_on_after_a_number(self, desk: Desk) -> None:
        pages = [[it.id for it in desk.board(after=after, limit=2)] for after in (None, "B", "D", "E")]
        assert [["A", "B"], ["C", "D"], ["E"], []] == pages

    def test_a_number_that_is_gone_is_a_place_too(self, desk: Desk) -> None:
        assert ["B", "C", "D", "E"] == [it.id for it in desk.board(after="A1")]

    @pytest.mark.parametrize("limit", [0, 1, 4, 5, 6, 1000])
    def test_no_more_lines_than_asked_for(self, desk: Desk, limit: int) -> None:
        assert min(limit, 5) == len(list(desk.board(limit=limit)))

    def test_pages_of_any_size_make_up_the_board(self, desk: Desk) -> None:
        board = list(desk.board())
        for size in range(1, 7):
            seen: list[str] = []
            while page := list(desk.board(after=seen[-1] if seen else None, limit=size)):
                seen += [it.id for it in page]
            assert [it.id for it in board] == seen

    def test_what_is_on_no_board_takes_no_place_on_a_page(self) -> None:
        """Tickets registered later than the moment of the board are not on it yet."""
        clock = Clock("2024-03-26 10:00")
        hall = open_desk(clock)
        for number in "AC":
            registered(hall, number)
        clock.put("2024-03-27 10:00")
        for number in "BD":
            registered(hall, number)
        earlier = Clock("2024-03-26 12:00").now
        assert [["A", "C"], ["C"]] == [
            [it.id for it in hall.board(earlier, after=after, limit=2)] for after in (None, "B")
        ]

    def test_a_unit_reads_its_own_list_by_light(self, desk: Desk) -> None:
        assert ["D"] == [it.id for it in desk.find(actor=WINDOW, unit=OWNER, light=Light.GREEN)]
