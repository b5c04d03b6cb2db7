"""Erasing personal data: when it may be done, what is gone, and that the history stays whole."""

import datetime as dt
import sqlite3
from pathlib import Path
from typing import Any

import attrs
import pytest

from bubancheng.actions import Archive, Complete, Decline, Register, Reopen, Withdraw
from bubancheng.desk import Desk
from bubancheng.district import District, Retention
from bubancheng.errors import NotAllowedError, UnknownTicketError
from bubancheng.sla import Limit
from bubancheng.sqlite import SqliteStore
from bubancheng.store import MemoryStore, Store
from bubancheng.ticket import Actor
from tests.acting import (
    CALENDAR,
    CENTRE,
    DISTRICT,
    HEAD,
    IMPORT,
    OFFICE,
    OFFICER,
    OVERSEER,
    WINDOW,
    Clock,
    instant,
    open_desk,
    registered,
)
from tests.support import DAY, US

NAME, PHONE, TEXT = "张三丰", "13800001234", "家住城桥镇"
REGISTER = Register(ticket="T1", matter="x", reporter=NAME, phone=PHONE, text=TEXT)
START = "2020-03-02 10:00"  # a Monday; archived then, kept for 36 months
KEPT_UNTIL = instant("2023-03-02 17:00")
WEEK = Retention(id="week", name="一周", personal=Limit.parse("7日"))


def archived(desk: Desk) -> Desk:
    """Register a ticket with personal data, decline it, and close its file."""
    desk.do(REGISTER, actor=WINDOW, command_id="c1")
    words: dict[str, Any] = {"exclusion": "legal_bar", "citation": "第三条", "explanation": "已说明"}
    desk.do(Decline(ticket="T1", **words), actor=WINDOW)
    desk.do(Archive(ticket="T1"), actor=WINDOW)
    return desk


def personal(desk: Desk) -> dict[str, str]:
    """Return the personal data as it is."""
    return desk.personal("T1", actor=WINDOW, purpose="核对")


@pytest.fixture
def clock() -> Clock:
    """A clock that stands when the file was closed."""
    return Clock(START)


@pytest.fixture
def store() -> MemoryStore:
    """A store in memory."""
    return MemoryStore()


@pytest.fixture
def desk(clock: Clock, store: MemoryStore) -> Desk:
    """A desk with a closed file."""
    return archived(open_desk(clock, store))


class TestWhen:
    @pytest.mark.parametrize("at", [KEPT_UNTIL, KEPT_UNTIL + US])
    def test_it_may_be_erased_when_its_retention_ends(self, desk: Desk, at: dt.datetime) -> None:
        desk.erase("T1", actor=OFFICE, now=at)
        assert {} == personal(desk)

    @pytest.mark.parametrize("at", [instant(START), KEPT_UNTIL - DAY, KEPT_UNTIL - US])
    def test_before_it_is_kept(self, desk: Desk, at: dt.datetime) -> None:
        with pytest.raises(NotAllowedError, match="it is kept until 2023-03-02"):
            desk.erase("T1", actor=OFFICE, now=at)
        assert {"reporter": NAME, "phone": PHONE, "text": TEXT} == personal(desk)

    def test_without_a_time_it_is_now(self, desk: Desk, clock: Clock) -> None:
        with pytest.raises(NotAllowedError):
            desk.erase("T1", actor=OFFICE)
        clock.now = KEPT_UNTIL
        desk.erase("T1", actor=OFFICE)
        assert {} == personal(desk)

    def test_a_file_that_is_not_closed_is_kept(self, clock: Clock) -> None:
        desk = open_desk(clock)
        desk.do(REGISTER, actor=WINDOW)
        with pytest.raises(NotAllowedError, match="未归档"):
            desk.erase("T1", actor=OFFICE, now=instant("2026-03-02 10:00"))

    def test_a_file_that_was_taken_up_again_is_kept(self, desk: Desk, clock: Clock) -> None:
        clock.put("2023-03-01 10:00")
        desk.do(Reopen(ticket="T1", reason="没有解决"), actor=CENTRE)
        with pytest.raises(NotAllowedError, match="未归档"):
            desk.erase("T1", actor=OFFICE, now=KEPT_UNTIL)

    def test_a_file_that_was_closed_twice_is_kept_from_the_last_time(self, desk: Desk, clock: Clock) -> None:
        clock.put("2021-03-01 10:00")
        desk.do(Reopen(ticket="T1", reason="没有解决"), actor=CENTRE)
        clock.put("2021-03-01 11:00")
        desk.do(Withdraw(ticket="T1", reason="不再要求"), actor=CENTRE)
        desk.do(Archive(ticket="T1"), actor=WINDOW)
        with pytest.raises(NotAllowedError, match="it is kept until 2024-03-01"):
            desk.erase("T1", actor=OFFICE, now=KEPT_UNTIL)

    @pytest.mark.parametrize("right", ["erase", "erase_early"])
    def test_early_takes_a_right_of_its_own_beside_the_other(self, store: MemoryStore, right: str) -> None:
        roles = tuple(
            attrs.evolve(it, rights=frozenset({right})) if it.id == OFFICE.role else it
            for it in DISTRICT.roles
        )
        desk = archived(open_district(attrs.evolve(DISTRICT, roles=roles), store))
        with pytest.raises(NotAllowedError):
            desk.erase("T1", actor=OFFICE)

    def test_who_has_both_rights_erases_early(self, store: MemoryStore) -> None:
        rights = frozenset({"erase", "erase_early"})
        roles = tuple(
            attrs.evolve(it, rights=rights) if it.id == OFFICE.role else it for it in DISTRICT.roles
        )
        desk = archived(open_district(attrs.evolve(DISTRICT, roles=roles), store))
        desk.erase("T1", actor=OFFICE)
        assert {} == personal(desk)

    def test_a_district_without_a_retention_never_erases(self, store: MemoryStore) -> None:
        desk = archived(open_district(attrs.evolve(DISTRICT, retentions=()), store))
        with pytest.raises(NotAllowedError):
            desk.erase("T1", actor=OFFICE, now=instant("2026-03-02 10:00"))

    def test_the_retention_is_the_districts_word(self, store: MemoryStore) -> None:
        desk = archived(open_district(attrs.evolve(DISTRICT, retentions=(WEEK,)), store))
        desk.erase("T1", actor=OFFICE, now=instant("2020-03-09 17:00"))
        assert {} == personal(desk)

    @pytest.mark.parametrize(
        "actor", [WINDOW, HEAD, OFFICER, CENTRE, OVERSEER, IMPORT], ids=lambda it: it.role
    )
    def test_who_has_no_right_may_not(self, desk: Desk, actor: Actor) -> None:
        with pytest.raises(NotAllowedError, match="no right to erase"):
            desk.erase("T1", actor=actor, now=KEPT_UNTIL)

    def test_what_is_not_there_is_named(self, desk: Desk) -> None:
        with pytest.raises(UnknownTicketError):
            desk.erase("T9", actor=OFFICE)


def open_district(district: District, store: Store) -> Desk:
    """Return a desk of another district on a store."""
    return Desk.open(district, calendar=CALENDAR, store=store, clock=Clock(START))


class TestWhatIsLeft:
    @pytest.fixture
    def erased(self, desk: Desk) -> Desk:
        """A desk on which the data was erased."""
        desk.erase("T1", actor=OFFICE, now=KEPT_UNTIL)
        return desk

    def test_the_data_is_gone_from_the_store(self, erased: Desk, store: MemoryStore) -> None:
        everything = f"{store._rows}{store._links}{store._records}{store._outbox}"
        assert ({}, []) == (personal(erased), [it for it in (NAME, PHONE, TEXT) if it in everything])

    def test_masked_it_is_gone_too(self, erased: Desk) -> None:
        assert {} == erased.personal("T1", actor=WINDOW)

    def test_the_history_stays_whole(self, erased: Desk) -> None:
        kinds = [it.kind for it in erased.history("T1", actor=WINDOW)]
        assert (["registered", "declined", "archived", "erased"], []) == (kinds, erased.verify())

    def test_an_anchor_of_before_still_holds(self, desk: Desk) -> None:
        anchor = desk.anchor()
        desk.erase("T1", actor=OFFICE, now=KEPT_UNTIL)
        assert [] == desk.verify(anchor=anchor.digest)

    def test_who_erased_it_and_when_is_on_record(self, erased: Desk) -> None:
        last = erased.history("T1", actor=WINDOW)[-1]
        assert ("d-1", KEPT_UNTIL, True) == (last.actor.id, last.at, last.effect.facts["personal_erased"])

    def test_the_ticket_stands_where_it_stood(self, erased: Desk) -> None:
        assert "archived" == erased.get("T1", actor=WINDOW).step

    def test_its_command_repeated_gives_its_first_outcome_and_brings_nothing_back(self, erased: Desk) -> None:
        first = erased.do(REGISTER, actor=WINDOW, command_id="c1")
        assert (1, {}, []) == (first.version, personal(erased), erased.verify())

    def test_erasing_twice_does_no_harm(self, erased: Desk) -> None:
        erased.erase("T1", actor=OFFICE, now=KEPT_UNTIL + DAY)
        assert ({}, []) == (personal(erased), erased.verify())

    def test_other_tickets_keep_theirs(self, desk: Desk) -> None:
        desk.do(attrs.evolve(REGISTER, ticket="T2"), actor=WINDOW)
        desk.erase("T1", actor=OFFICE, now=KEPT_UNTIL)
        assert 3 == len(desk.personal("T2", actor=WINDOW, purpose="核对"))

    def test_a_ticket_that_never_had_any_is_erased_all_the_same(self, clock: Clock) -> None:
        desk = open_desk(clock)
        registered(desk)
        words: dict[str, Any] = {"exclusion": "legal_bar", "citation": "第三条", "explanation": "已说明"}
        desk.do(Decline(ticket="T1", **words), actor=WINDOW)
        desk.do(Archive(ticket="T1"), actor=WINDOW)
        desk.erase("T1", actor=OFFICE, now=KEPT_UNTIL)
        assert [] == desk.verify()

    def test_what_was_added_later_is_erased_too(self, clock: Clock) -> None:
        desk = open_desk(clock)
        desk.do(attrs.evolve(REGISTER, text=None), actor=WINDOW)
        desk.do(Complete(ticket="T1", text=TEXT), actor=WINDOW)
        words: dict[str, Any] = {"exclusion": "legal_bar", "citation": "第三条", "explanation": "已说明"}
        desk.do(Decline(ticket="T1", **words), actor=WINDOW)
        desk.do(Archive(ticket="T1"), actor=WINDOW)
        desk.erase("T1", actor=OFFICE, now=KEPT_UNTIL)
        assert ({}, []) == (personal(desk), desk.verify())


class TestOnAFile:
    def test_the_data_is_gone_from_the_file(self, tmp_path: Path, clock: Clock) -> None:
        path = tmp_path / "desk.db"
        desk = archived(open_desk(clock, SqliteStore(str(path))))
        desk.erase("T1", actor=OFFICE, now=KEPT_UNTIL)
        desk.close()
        desk = open_desk(clock, SqliteStore(str(path)))
        found = (personal(desk), desk.verify())
        desk.close()
        assert ({}, []) == found

    def test_not_even_its_bytes_are_left_in_the_file(
        self, tmp_path: Path, clock: Clock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Debian builds SQLite so that it wipes what is deleted; others (Windows, python.org) do not."""
        connect = sqlite3.connect

        def as_elsewhere(*args: Any, **options: Any) -> sqlite3.Connection:
            db: sqlite3.Connection = connect(*args, **options)
            db.execute("PRAGMA secure_delete = OFF")
            return db

        monkeypatch.setattr(sqlite3, "connect", as_elsewhere)
        path = tmp_path / "desk.db"
        desk = archived(open_desk(clock, SqliteStore(str(path))))
        desk.erase("T1", actor=OFFICE, now=KEPT_UNTIL)
        desk.close()
        assert [] == [it for it in (NAME, PHONE, TEXT) if it.encode() in path.read_bytes()]
