"""Who read what: on record before anything is shown, in a chain of its own."""

import sqlite3
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest

from bubancheng.actions import (
    Accept,
    Acknowledge,
    AnswerCoHandling,
    Register,
    RequestCoHandling,
    Return,
)
from bubancheng.desk import Desk
from bubancheng.errors import ArgumentError, BubanchengError, NotAllowedError, StoreError, UnknownTicketError
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, MemoryStore
from bubancheng.ticket import Actor, Entry
from tests.acting import (
    CENTRE,
    HEAD,
    IMPORT,
    OFFICE,
    OFFICER,
    OVERSEER,
    OWNED,
    STRANGER,
    WINDOW,
    Clock,
    open_desk,
)

NAME, PHONE, TEXT = "张三丰", "13800001234", "家住城桥镇"
AS_IT_IS = {"reporter": NAME, "phone": PHONE, "text": TEXT}
HELPER = Actor(id="o-3", role="disposal_officer", unit="区残联")
OTHER_HALL = Actor(id="w-9", role="window_officer", unit="城桥镇社区事务受理服务中心")
REGISTER = Register(ticket="T1", matter=OWNED, reporter=NAME, phone=PHONE, text=TEXT)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at Monday 10:00."""
    return Clock()


@pytest.fixture
def store() -> MemoryStore:
    """A store in memory."""
    return MemoryStore()


@pytest.fixture
def desk(clock: Clock, store: MemoryStore) -> Desk:
    """A desk with a ticket that its unit handles."""
    return filled(open_desk(clock, store))


def filled(desk: Desk) -> Desk:
    """Register a ticket with personal data and bring it to its unit."""
    desk.do(REGISTER, actor=WINDOW)
    desk.do(Accept(ticket="T1"), actor=WINDOW)
    desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
    return desk


def read(records: list[Entry]) -> list[tuple[str, object, object]]:
    """Return who read which fields and why."""
    return [(it.actor.id, it.effect.facts["fields"], it.effect.facts["purpose"]) for it in records]


class Full(MemoryStore):
    """A store that cannot keep an access record."""

    def commit(self, *changes: ChangeSet) -> None:
        if any(it.district.endswith("/access") for it in changes):
            msg = "磁盘已满"
            raise StoreError(msg)
        super().commit(*changes)


READS: dict[str, Callable[[Desk, Actor], object]] = {
    "get": lambda desk, actor: desk.get("T1", actor=actor),
    "find": lambda desk, actor: desk.find(actor=actor),
    "history": lambda desk, actor: desk.history("T1", actor=actor),
    "explain": lambda desk, actor: desk.explain("T1", actor=actor),
    "personal": lambda desk, actor: desk.personal("T1", actor=actor),
}


class TestOverseer:
    """Every read by the overseer is on record."""

    @pytest.mark.parametrize(
        ("name", "ticket", "field"),
        [
            ("get", "T1", "state"),
            ("find", None, "find unit=None step=None light=None"),
            ("history", "T1", "history"),
            ("explain", "T1", "state"),
            ("personal", "T1", "personal, masked"),
        ],
    )
    def test_a_read_leaves_one_record(self, desk: Desk, name: str, ticket: str | None, field: str) -> None:
        READS[name](desk, OVERSEER)
        assert [("i-1", (field,), "监督 (oversight)")] == read(desk.accesses(ticket, actor=OFFICE))

    def test_looking_at_the_records_leaves_one_too(self, desk: Desk) -> None:
        desk.accesses("T1", actor=OVERSEER)
        assert ["i-1"] == [it.actor.id for it in desk.accesses("T1", actor=OFFICE)]

    @pytest.mark.parametrize("name", READS)
    def test_what_cannot_be_recorded_is_not_shown(self, name: str) -> None:
        desk = filled(open_desk(Clock(), Full()))
        with pytest.raises(StoreError, match="磁盘已满"):
            READS[name](desk, OVERSEER)

    @pytest.mark.parametrize("name", READS)
    @pytest.mark.parametrize("actor", [WINDOW, HEAD, OFFICER, CENTRE, OFFICE, STRANGER], ids=lambda it: it.id)
    def test_what_others_read_masked_leaves_none(self, desk: Desk, name: str, actor: Actor) -> None:
        READS[name](desk, actor)
        assert ([], []) == (desk.accesses("T1", actor=OFFICE), desk.accesses(actor=OFFICE))

    def test_what_is_not_there_leaves_no_record(self, desk: Desk) -> None:
        for look in (desk.get, desk.history, desk.personal):
            with pytest.raises(UnknownTicketError):
                look("T9", actor=OVERSEER)
        assert [] == desk.accesses("T9", actor=OFFICE)

    def test_each_read_is_a_record_of_its_own(self, desk: Desk, clock: Clock) -> None:
        for minute in range(3):
            clock.put(f"2024-03-25 11:0{minute}")
            desk.get("T1", actor=OVERSEER)
        records = desk.accesses("T1", actor=OFFICE)
        assert ([1, 2, 3], 3) == ([it.sequence for it in records], len({it.at for it in records}))

    def test_what_was_looked_for_is_told(self, desk: Desk) -> None:
        desk.find(actor=OVERSEER, unit="区公安分局", step="dispatched")
        ((_, fields, _),) = read(desk.accesses(actor=OFFICE))
        assert "unit=区公安分局 step=dispatched" in str(fields)

    def test_a_ticket_of_any_number_is_told_from_a_search(self, desk: Desk) -> None:
        desk.do(Register(ticket="*", matter=OWNED), actor=WINDOW)
        desk.get("*", actor=OVERSEER)
        assert (1, []) == (len(desk.accesses("*", actor=OFFICE)), desk.accesses(actor=OFFICE))

    def test_reading_changes_no_ticket(self, desk: Desk) -> None:
        before = desk.get("T1", actor=WINDOW)
        for look in READS.values():
            look(desk, OVERSEER)
        assert (before, ["T1"], []) == (
            desk.get("T1", actor=WINDOW),
            [it.id for it in desk.find(actor=WINDOW)],
            desk.sweep(),
        )

    def test_a_refusal_reads_nothing(self, desk: Desk) -> None:
        with pytest.raises(NotAllowedError):
            desk.personal("T1", actor=OVERSEER, purpose="监督")
        assert [] == desk.accesses("T1", actor=OFFICE)


class TestMasked:
    @pytest.mark.parametrize(
        "actor",
        [WINDOW, HEAD, OFFICER, CENTRE, OFFICE, OVERSEER, STRANGER, Actor(id="x", role="nobody")],
        ids=lambda it: it.id,
    )
    def test_without_a_purpose_nobody_sees_it_as_it_is(self, desk: Desk, actor: Actor) -> None:
        seen = desk.personal("T1", actor=actor)
        assert (set(AS_IT_IS), True, True) == (set(seen), seen["reporter"] != NAME, seen["phone"] != PHONE)

    def test_an_import_compares_and_reads_it_as_it_is(self, desk: Desk) -> None:
        """It is told nothing that it did not bring: a ledger that has grown is compared with what stands."""
        assert AS_IT_IS == desk.personal("T1", actor=IMPORT)


class TestForAPurpose:
    @pytest.mark.parametrize("actor", [WINDOW, HEAD, OFFICER, CENTRE], ids=lambda it: it.id)
    def test_who_needs_it_sees_it_as_it_is_and_that_is_on_record(self, desk: Desk, actor: Actor) -> None:
        assert AS_IT_IS == desk.personal("T1", actor=actor, purpose="先行联系")
        assert [(actor.id, ("phone", "reporter", "text"), "先行联系")] == read(
            desk.accesses("T1", actor=OFFICE)
        )

    @pytest.mark.parametrize(
        "actor",
        [
            STRANGER,
            OTHER_HALL,
            OFFICE,
            OVERSEER,
            Actor(id="x", role="nobody"),
            attrs.evolve(OFFICER, unit=None),
        ],
        ids=lambda it: it.id,
    )
    def test_who_does_not_is_refused(self, desk: Desk, actor: Actor) -> None:
        with pytest.raises(NotAllowedError, match="no right to personal data"):
            desk.personal("T1", actor=actor, purpose="好奇")

    @pytest.mark.parametrize("actor", [STRANGER, OTHER_HALL], ids=lambda it: it.id)
    def test_what_an_import_brought_is_no_strangers_either(self, desk: Desk, actor: Actor) -> None:
        desk.do(attrs.evolve(REGISTER, ticket="T2"), actor=IMPORT)
        with pytest.raises(NotAllowedError, match="no right to personal data"):
            desk.personal("T2", actor=actor, purpose="好奇")

    @pytest.mark.parametrize("purpose", ["", " ", "\u3000", "\n\t"])
    def test_a_purpose_is_not_blank(self, desk: Desk, purpose: str) -> None:
        with pytest.raises(ArgumentError, match="purpose"):
            desk.personal("T1", actor=OFFICER, purpose=purpose)
        assert [] == desk.accesses("T1", actor=OFFICE)

    def test_half_a_character_in_a_purpose_is_refused_in_our_words(self, desk: Desk) -> None:
        with pytest.raises(BubanchengError):
            desk.personal("T1", actor=OFFICER, purpose="\ud800")

    def test_half_a_character_in_a_reader_is_refused_in_our_words(self, desk: Desk) -> None:
        with pytest.raises(BubanchengError):
            desk.get("T1", actor=attrs.evolve(OVERSEER, id="\ud800"))

    def test_who_helps_sees_it(self, desk: Desk) -> None:
        with pytest.raises(NotAllowedError):
            desk.personal("T1", actor=HELPER, purpose="协办")
        desk.do(RequestCoHandling(ticket="T1", co_handler="区残联", question="?"), actor=OFFICER)
        assert AS_IT_IS == desk.personal("T1", actor=HELPER, purpose="协办")

    def test_who_gave_it_back_sees_it_no_more(self, desk: Desk) -> None:
        desk.do(Return(ticket="T1", reason="不属本局"), actor=OFFICER)
        with pytest.raises(NotAllowedError):
            desk.personal("T1", actor=OFFICER, purpose="核实")

    def test_who_has_answered_sees_it_no_more(self, desk: Desk) -> None:
        desk.do(RequestCoHandling(ticket="T1", co_handler="区残联", question="?"), actor=OFFICER)
        desk.do(AnswerCoHandling(ticket="T1", co_handler="区残联", answer="是"), actor=HELPER)
        with pytest.raises(NotAllowedError):
            desk.personal("T1", actor=HELPER, purpose="好奇")

    def test_what_cannot_be_recorded_is_not_shown(self) -> None:
        desk = filled(open_desk(Clock(), Full()))
        with pytest.raises(StoreError, match="磁盘已满"):
            desk.personal("T1", actor=OFFICER, purpose="先行联系")

    def test_a_ticket_without_any_leaves_a_record_too(self, desk: Desk) -> None:
        desk.do(Register(ticket="T2", matter=OWNED), actor=WINDOW)
        assert {} == desk.personal("T2", actor=WINDOW, purpose="核实")
        assert [("w-1", (), "核实")] == read(desk.accesses("T2", actor=OFFICE))


class TestWhoSeesTheRecords:
    @pytest.mark.parametrize("actor", [OFFICE, OVERSEER], ids=lambda it: it.role)
    def test_the_office_and_the_overseer_do(self, desk: Desk, actor: Actor) -> None:
        desk.personal("T1", actor=OFFICER, purpose="先行联系")
        assert 1 <= len(desk.accesses("T1", actor=actor))

    @pytest.mark.parametrize("actor", [WINDOW, HEAD, OFFICER, CENTRE, IMPORT, STRANGER], ids=lambda it: it.id)
    def test_others_do_not(self, desk: Desk, actor: Actor) -> None:
        for ticket in ("T1", None):
            with pytest.raises(NotAllowedError, match="查阅记录"):
                desk.accesses(ticket, actor=actor)

    @pytest.mark.parametrize("ticket", ["T1", "T9", None])
    def test_where_nobody_looked_there_are_none(self, desk: Desk, ticket: str | None) -> None:
        assert [] == desk.accesses(ticket, actor=OFFICE)

    def test_a_record_tells_nothing_of_what_was_read(self, desk: Desk, store: MemoryStore) -> None:
        desk.personal("T1", actor=OFFICER, purpose="先行联系")
        kept = " ".join(it.text for it in store.entries("chongming/access", "T1"))
        assert [] == [it for it in AS_IT_IS.values() if it in kept]


class TestChain:
    """The records are chained as entries are: what was changed shows."""

    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        """A file in which three reads are on record."""
        path = tmp_path / "desk.db"
        desk = filled(open_desk(Clock(), SqliteStore(str(path))))
        for purpose in ("一", "二", "三"):
            desk.personal("T1", actor=OFFICER, purpose=purpose)
        desk.close()
        return path

    def verified(self, path: Path, *statements: str, anchor: str | None = None) -> list[tuple[str, int]]:
        """Change the file behind the store's back; return what `verify` then finds."""
        db = sqlite3.connect(path, isolation_level=None)
        for statement in statements:
            db.execute(statement)
        db.close()
        desk = open_desk(Clock(), SqliteStore(str(path)))
        found = [(it.ticket, it.sequence) for it in desk.verify(anchor=anchor)]
        desk.close()
        return found

    def test_what_nobody_changed_is_whole(self, path: Path) -> None:
        assert [] == self.verified(path)

    @pytest.mark.parametrize(
        ("statement", "sequence"),
        [
            ("UPDATE bubancheng_entry SET text = replace(text, '二', '贰') WHERE {here} AND sequence = 2", 2),
            (
                "UPDATE bubancheng_entry SET text = replace(text, 'o-1', 'o-2') WHERE {here} AND sequence = 1",
                1,
            ),
            ("UPDATE bubancheng_entry SET hash = 'x' WHERE {here} AND sequence = 3", 3),
            ("DELETE FROM bubancheng_entry WHERE {here} AND sequence = 2", 2),
            ("DELETE FROM bubancheng_entry WHERE {here} AND sequence = 3", 3),
            ("UPDATE bubancheng_ticket SET version = 2 WHERE {here}", 3),
            ("UPDATE bubancheng_ticket SET head = 'x' WHERE {here}", 4),
        ],
    )
    def test_what_was_changed_is_found(self, path: Path, statement: str, sequence: int) -> None:
        here = "district = 'chongming/access'"
        assert [("T1", sequence)] == self.verified(path, statement.format(here=here))

    def test_of_one_ticket_only_its_own_records_are_walked(self, path: Path) -> None:
        self.verified(path, "UPDATE bubancheng_entry SET hash = 'x' WHERE district = 'chongming/access'")
        desk = open_desk(Clock(), SqliteStore(str(path)))
        desk.do(Register(ticket="T2", matter=OWNED), actor=WINDOW)
        found = [len(desk.verify(it)) for it in ("T1", "T2")]
        desk.close()
        assert [1, 0] == found

    def test_records_that_were_cut_off_are_found_by_an_anchor(self, path: Path) -> None:
        desk = open_desk(Clock(), SqliteStore(str(path)))
        anchor = desk.anchor().digest
        desk.close()
        cut = (
            "DELETE FROM bubancheng_entry WHERE district = 'chongming/access' AND sequence = 3",
            (
                "UPDATE bubancheng_ticket SET version = 2, head = (SELECT hash FROM bubancheng_entry WHERE district = "
                "'chongming/access' AND sequence = 2) WHERE district = 'chongming/access'"
            ),
        )
        assert [] == self.verified(path, *cut)
        assert [("T1", 3)] == self.verified(path, anchor=anchor)

    def test_a_store_of_records_has_no_district_of_its_own(self, path: Path) -> None:
        store = SqliteStore(str(path))
        found = store.districts()
        store.close()
        assert ["chongming"] == found

    def test_two_who_read_at_once_are_both_on_record(self) -> None:
        class Overtaken(MemoryStore):
            def __init__(self) -> None:
                super().__init__()
                self.meanwhile: list[Callable[[], object]] = []

            def commit(self, *changes: ChangeSet) -> None:
                while self.meanwhile:
                    self.meanwhile.pop()()
                super().commit(*changes)

        store = Overtaken()
        desk = filled(open_desk(Clock(), store))
        store.meanwhile.append(lambda: desk.personal("T1", actor=WINDOW, purpose="二"))
        desk.personal("T1", actor=OFFICER, purpose="一")
        assert (["w-1", "o-1"], []) == (
            [it.actor.id for it in desk.accesses("T1", actor=OFFICE)],
            desk.verify(),
        )
