"""Reading a desk: get, find, history, and who sees personal data."""

from pathlib import Path

import attrs
import pytest

from bubancheng.actions import Complete, Contact, Register
from bubancheng.desk import Desk
from bubancheng.errors import BubanchengError, NotAllowedError, UnknownTicketError
from bubancheng.sla import Light
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, Filter, MemoryStore, Record
from bubancheng.ticket import Actor
from tests.acting import (
    IMPORT,
    OFFICE,
    OFFICER,
    OVERSEER,
    OWNER,
    STRANGER,
    UNOWNED,
    WINDOW,
    Clock,
    accepted,
    acknowledged,
    open_desk,
    registered,
)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at Monday 10:00."""
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Desk:
    """A desk with a ticket at each of three steps."""
    desk = open_desk(clock)
    registered(desk, "A")
    accepted(desk, "B", UNOWNED)
    acknowledged(desk, "C")
    return desk


class TestGet:
    def test_a_ticket_is_found_by_its_number(self, desk: Desk) -> None:
        assert desk.get("C", actor=WINDOW).step == "acknowledged"

    @pytest.mark.parametrize("number", ["T9", "", "a", "'; drop table ticket; --"])
    def test_a_number_that_is_not_there_is_named(self, desk: Desk, number: str) -> None:
        with pytest.raises(UnknownTicketError):
            desk.get(number, actor=WINDOW)

    def test_half_a_number_is_refused_in_our_words(self, tmp_path: Path) -> None:
        desk = open_desk(Clock(), SqliteStore(str(tmp_path / "desk.db")))
        with pytest.raises(BubanchengError):
            desk.get("\ud800", actor=WINDOW)
        desk.close()

    def test_the_history_of_a_number_that_is_not_there_is_refused(self, desk: Desk) -> None:
        with pytest.raises(UnknownTicketError):
            desk.history("T9", actor=WINDOW)

    @pytest.mark.parametrize("text", ["nonsense", "{}", '{"rule": "x", "marks": [[1]]}', "[]", ""])
    def test_a_state_row_that_nobody_can_read_is_said_in_our_words(self, text: str) -> None:
        store = MemoryStore()
        desk = open_desk(Clock(), store)
        registered(desk)
        (row,) = store.find(Filter(district="chongming"))
        store.commit(ChangeSet(district="chongming", expected=1, row=attrs.evolve(row, text=text)))
        with pytest.raises(BubanchengError):
            desk.get("T1", actor=WINDOW)


class TestFind:
    def test_all_are_found_in_order(self, desk: Desk) -> None:
        assert [it.id for it in desk.find(actor=WINDOW)] == ["A", "B", "C"]

    def test_a_unit_finds_its_own(self, desk: Desk) -> None:
        assert [it.id for it in desk.find(actor=WINDOW, unit=OWNER)] == ["C"]

    def test_a_step_finds_who_stands_there(self, desk: Desk) -> None:
        assert [it.id for it in desk.find(actor=WINDOW, step="pending_dispatch")] == ["B"]

    def test_one_goes_on_after_a_number(self, desk: Desk) -> None:
        assert [it.id for it in desk.find(actor=WINDOW, after="A")] == ["B", "C"]

    @pytest.mark.parametrize("limit", [0, 1, 2, 3, 4])
    def test_no_more_are_found_than_asked_for(self, desk: Desk, limit: int) -> None:
        assert min(limit, 3) == len(desk.find(actor=WINDOW, limit=limit))

    def test_a_light_is_the_light_of_this_moment(self, desk: Desk, clock: Clock) -> None:
        clock.put("2024-03-27 17:00")
        found = [[it.id for it in desk.find(actor=WINDOW, light=light)] for light in Light]
        assert found == [["A", "B"], ["C"], []]

    def test_a_light_is_looked_for_on_every_page(self, desk: Desk, clock: Clock) -> None:
        for number in range(501):
            registered(desk, f"B{number}")
        clock.put("2024-03-27 17:00")
        assert [it.id for it in desk.find(actor=WINDOW, light=Light.YELLOW, limit=1)] == ["C"]


class TestPersonal:
    def test_what_was_registered_is_kept(self, desk: Desk) -> None:
        desk.do(Register(ticket="T1", matter="x", reporter="张三", phone="13800000000"), actor=WINDOW)
        assert desk.personal("T1", actor=IMPORT) == {"reporter": "张三", "phone": "13800000000"}

    def test_what_was_filled_in_later_is_added(self, desk: Desk) -> None:
        desk.do(Register(ticket="T1", matter="x", reporter="张三"), actor=WINDOW)
        desk.do(Complete(ticket="T1", text="诉求"), actor=WINDOW)
        assert desk.personal("T1", actor=IMPORT) == {"reporter": "张三", "text": "诉求"}

    def test_a_ticket_without_any_has_none(self, desk: Desk) -> None:
        assert desk.personal("A", actor=IMPORT) == {}

    @pytest.mark.parametrize("actor", [OFFICE, OVERSEER, STRANGER], ids=lambda it: it.role)
    def test_who_does_not_need_it_does_not_see_it_as_it_is(self, desk: Desk, actor: Actor) -> None:
        with pytest.raises(NotAllowedError, match="个人信息"):
            desk.personal("A", actor=actor, purpose="核实")

    @pytest.mark.parametrize("text", ["nonsense", "[]", "5", '{"1": 5}', '{"1": {}}', '{"x": {"data": {}}}'])
    def test_what_nobody_can_read_is_said_in_our_words(self, text: str) -> None:
        store = MemoryStore()
        desk = open_desk(Clock(), store)
        registered(desk)
        store.commit(ChangeSet(district="chongming", records=[Record("personal", "T1", text)]))
        with pytest.raises(BubanchengError):
            desk.personal("T1", actor=IMPORT)

    def test_it_is_in_no_entry_and_no_state_row(self) -> None:
        store = MemoryStore()
        desk = open_desk(Clock(), store)
        secrets = ("张三丰", "13800001234", "家住城桥镇")
        reporter, phone, text = secrets
        desk.do(Register(ticket="T1", matter="x", reporter=reporter, phone=phone), actor=WINDOW)
        desk.do(Complete(ticket="T1", text=text), actor=WINDOW)
        kept = [it.text for it in store.entries("chongming", "T1")]
        kept += [str(it) for it in store.find(Filter(district="chongming"))]
        assert [] == [secret for secret in secrets if any(secret in it for it in kept)]

    def test_it_is_in_no_ticket_and_no_history(self, desk: Desk) -> None:
        ticket = desk.do(Register(ticket="T1", matter="x", phone="13800001234"), actor=WINDOW)
        assert "13800001234" not in f"{ticket}{desk.history('T1', actor=WINDOW)}{list(desk.board())}"

    def test_an_entry_commits_to_it_under_a_key_of_its_own(self, desk: Desk) -> None:
        commitments = []
        for number in ("T1", "T2"):
            desk.do(Register(ticket=number, matter="x", phone="13800001234"), actor=WINDOW)
            commitments.append(desk.history(number, actor=WINDOW)[0].commitment)
        first, second = commitments
        assert (first is not None, first != second) == (True, True)

    def test_an_entry_without_any_commits_to_nothing(self, desk: Desk) -> None:
        desk.do(Contact(ticket="C"), actor=OFFICER)
        assert [it.commitment for it in desk.history("C", actor=WINDOW)] == [None] * 5
