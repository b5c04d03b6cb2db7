"""The register of what was taken out (销毁清册): what it says, what it proves, and what a forged one shows."""

import json
import pickle
from collections.abc import Callable
from typing import Any

import attrs
import pytest

from bubancheng.actions import Accept, Register
from bubancheng.desk import Desk
from bubancheng.errors import NotAllowedError, RemovedTicketError, UnknownTicketError
from bubancheng.privacy import new_query_code
from bubancheng.store import Link, MemoryStore
from bubancheng.ticket import chain
from tests.acting import IMPORT, OFFICE, OVERSEER, WINDOW, Clock
from tests.desk.filing import QUICK_CASE, START, close, fill, open_here

HERE, GONE = "chongming", "chongming/removed"


@pytest.fixture
def clock() -> Clock:
    """A clock that stands when the files were closed."""
    return Clock(START)


@pytest.fixture
def store() -> MemoryStore:
    """A store in memory."""
    return MemoryStore()


@pytest.fixture
def desk(clock: Clock, store: MemoryStore) -> Desk:
    """A desk with a closed file of each class, two of which were read."""
    desk = open_here(clock, store)
    fill(desk)
    return desk


def purged(desk: Desk, clock: Clock) -> None:
    """Destroy the files whose limit of 24 months has ended."""
    clock.now = QUICK_CASE
    desk.purge(actor=OFFICE)


def found(desk: Desk, anchor: str | None = None) -> list[tuple[str, int]]:
    """Return what `verify` finds: ticket and entry."""
    return [(it.ticket, it.sequence) for it in desk.verify(anchor=anchor)]


class TestWhatItSays:
    def test_which_file_went_when_by_whom_and_why(self, desk: Desk, clock: Clock, store: MemoryStore) -> None:
        row, links = store.load(HERE, "Q2"), [*store.entries(HERE, "Q2")]
        purged(desk, clock)
        (entry,) = desk.removals("Q2", actor=OFFICE)
        assert row is not None
        assert ("destroyed", "d-1", QUICK_CASE, "保管期限届满，销毁") == (
            entry.kind,
            entry.actor.id,
            entry.at,
            entry.reason,
        )
        assert {
            "retention": "quick",
            "since": QUICK_CASE.isoformat(),
            "version": row.version,
            "head": row.head,
            "hashes": tuple(it.hash for it in links),
        } == dict(entry.effect.facts)

    def test_the_access_records_are_an_entry_of_their_own(
        self, desk: Desk, clock: Clock, store: MemoryStore
    ) -> None:
        links = [*store.entries(f"{HERE}/access", "Q1")]
        purged(desk, clock)
        entries = [*desk.removals("Q1", actor=OFFICE)]
        assert ["destroyed", "accesses_destroyed"] == [it.kind for it in entries]
        assert tuple(it.hash for it in links) == entries[1].effect.facts["access_hashes"]

    def test_all_of_it_comes_in_order_of_number(self, desk: Desk, clock: Clock) -> None:
        purged(desk, clock)
        assert ["Q1", "Q1", "Q2"] == [it.ticket for it in desk.removals(actor=OFFICE)]

    def test_it_takes_the_right_to_the_access_records(self, desk: Desk) -> None:
        with pytest.raises(NotAllowedError, match="accesses"):
            desk.removals(actor=WINDOW)

    def test_it_is_no_district_of_its_own(self, desk: Desk, clock: Clock, store: MemoryStore) -> None:
        purged(desk, clock)
        assert [HERE] == store.districts()


class TestAnchors:
    @pytest.fixture
    def anchor(self, desk: Desk) -> str:
        """What was put away before anything was purged."""
        return desk.anchor().digest

    def test_a_store_is_whole_after_a_purge(self, desk: Desk, clock: Clock, anchor: str) -> None:
        purged(desk, clock)
        assert ([], []) == (desk.verify(), desk.verify(anchor=anchor))

    def test_a_file_that_grew_after_the_anchor_fits_it_too(
        self, desk: Desk, clock: Clock, anchor: str
    ) -> None:
        desk.get("Q2", actor=OVERSEER)
        clock.put("2021-06-01 10:00")
        desk.purge(actor=OFFICE)  # an entry more: its personal data is erased
        purged(desk, clock)
        assert [] == desk.verify(anchor=anchor)

    def test_what_vanished_without_an_entry_is_found(
        self, desk: Desk, clock: Clock, store: MemoryStore, anchor: str
    ) -> None:
        purged(desk, clock)
        del store._rows[HERE, "P1"], store._links[HERE, "P1"]
        assert [("P1", 3)] == found(desk, anchor)

    def test_an_entry_of_another_ticket_is_no_excuse(
        self, desk: Desk, clock: Clock, store: MemoryStore, anchor: str
    ) -> None:
        purged(desk, clock)
        del store._rows[HERE, "P1"], store._links[HERE, "P1"]
        store._links[GONE, "P1"] = store._links[GONE, "Q2"]
        store._rows[GONE, "P1"] = attrs.evolve(store._rows[GONE, "Q2"], ticket="P1")
        assert [("P1", 1), ("P1", 3)] == found(desk, anchor)

    def test_the_access_records_that_vanished_before_their_time_are_found(
        self, desk: Desk, clock: Clock, store: MemoryStore, anchor: str
    ) -> None:
        purged(desk, clock)
        del store._rows[f"{HERE}/access", "S1"], store._links[f"{HERE}/access", "S1"]
        assert [("S1", 2)] == found(desk, anchor)

    def test_the_register_itself_is_anchored(self, desk: Desk, clock: Clock, store: MemoryStore) -> None:
        purged(desk, clock)
        anchor = desk.anchor().digest
        whole = desk.verify(anchor=anchor)
        del store._rows[GONE, "Q1"], store._links[GONE, "Q1"]
        assert ([], [], [("Q1", 2)]) == (whole, desk.verify(), found(desk, anchor))


def forged(store: MemoryStore, ticket: str, number: int, change: Callable[[dict[str, Any]], object]) -> None:
    """Change an entry of the register and compute the whole chain anew, state row and all."""
    head = chain.start(GONE, ticket)
    links = []
    for link in store._links[GONE, ticket]:
        data = json.loads(link.text)
        if link.sequence == number:
            change(data)
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
        head = chain.link(head, text)
        links.append(Link(link.sequence, text, head))
    store._links[GONE, ticket] = links
    store._rows[GONE, ticket] = attrs.evolve(store._rows[GONE, ticket], head=head)


class TestForged:
    @pytest.mark.parametrize("number", [0, 1])
    def test_a_changed_entry_breaks_its_chain(
        self, desk: Desk, clock: Clock, store: MemoryStore, number: int
    ) -> None:
        purged(desk, clock)
        links = store._links[GONE, "Q1"]
        links[number] = attrs.evolve(links[number], text=links[number].text.replace("d-1", "d-9"))
        assert [("Q1", number + 1)] == found(desk)

    def test_one_that_says_a_file_had_fewer_entries_does_not_fit_the_anchor(
        self, desk: Desk, clock: Clock, store: MemoryStore
    ) -> None:
        anchor = desk.anchor().digest
        purged(desk, clock)
        (entry,) = desk.removals("Q2", actor=OFFICE)
        hashes = entry.effect.facts["hashes"]
        assert isinstance(hashes, tuple)
        short = [hashes[0], hashes[2]]
        forged(store, "Q2", 1, lambda it: it["effect"]["facts"].update(version=2, hashes=short))
        assert ([], [("Q2", 3)]) == (found(desk), found(desk, anchor))

    def test_a_rebuilt_one_shows_by_an_anchor(self, desk: Desk, clock: Clock, store: MemoryStore) -> None:
        purged(desk, clock)
        anchor = desk.anchor().digest
        forged(store, "Q2", 1, lambda it: it["actor"].__setitem__(0, "d-9"))
        assert ([], [("Q2", 1)]) == (found(desk), found(desk, anchor))

    @pytest.mark.parametrize(
        "change",
        [
            lambda it: it["effect"]["facts"].update(version=9),
            lambda it: it["effect"]["facts"].update(head="0" * 64),
            lambda it: it["effect"]["facts"].update(hashes=["0" * 64]),
            lambda it: it["effect"]["facts"].update(hashes=[]),
            lambda it: it["effect"]["facts"].pop("hashes"),
            lambda it: it["effect"]["facts"].pop("since"),
            lambda it: it["effect"]["facts"].update(since="yesterday"),
            lambda it: it["effect"]["facts"].update(since="2022-03-02T17:00"),
            lambda it: it.update(kind="lost"),
        ],
        ids=["version", "head", "hashes", "no hash", "without", "undated", "no date", "no zone", "kind"],
    )
    def test_one_that_does_not_fit_itself_is_found(
        self, desk: Desk, clock: Clock, store: MemoryStore, change: Callable[[dict[str, Any]], object]
    ) -> None:
        purged(desk, clock)
        forged(store, "Q2", 1, change)
        assert [("Q2", 1)] == found(desk)

    def test_one_that_says_it_was_taken_out_too_early_is_found(
        self, desk: Desk, clock: Clock, store: MemoryStore
    ) -> None:
        purged(desk, clock)
        forged(store, "Q2", 1, lambda it: it["effect"]["facts"].update(since="2022-03-02T17:00:01+08:00"))
        assert "期限未满就已移出" in str(desk.verify()[0])

    def test_a_file_that_is_there_again_is_found(self, desk: Desk, clock: Clock, store: MemoryStore) -> None:
        key = (HERE, "Q2")
        row, links, data = store._rows[key], store._links[key], store._records[HERE, "personal", "Q2"]
        purged(desk, clock)
        store._rows[key], store._links[key] = row, links
        store._records[HERE, "personal", "Q2"] = data
        assert [("Q2", 1)] == found(desk)

    def test_an_entry_for_a_file_that_was_rebuilt_is_no_excuse(
        self, desk: Desk, clock: Clock, store: MemoryStore
    ) -> None:
        """Whoever rewrites a history and enters the old one as destroyed is found by both."""
        anchor = desk.anchor().digest
        key = (HERE, "Q2")
        row = store._rows[key]
        purged(desk, clock)
        first = store.load(HERE, "S1")
        assert first is not None
        store._links[key] = [Link(1, "{}", "0" * 64)]
        store._rows[key] = attrs.evolve(row, version=1, head="0" * 64)
        assert {("Q2", 1), ("Q2", 3)} == {*found(desk, anchor)}


class TestErrors:
    def test_it_is_one_of_the_unknown_tickets(self) -> None:
        error = RemovedTicketError("T1", "moved", START_DAY, "2030年档案库")
        assert isinstance(error, UnknownTicketError)
        assert "工单 'T1' 已于 2020-03-02 移交档案库 '2030年档案库' (moved on that day to an archive)" == str(
            error
        )

    def test_it_can_be_pickled(self) -> None:
        error = RemovedTicketError("T1", "destroyed", START_DAY)
        again = pickle.loads(pickle.dumps(error))  # noqa: S301 our own
        assert (str(error), "T1", "destroyed", START_DAY, None) == (
            str(again),
            again.name,
            again.kind,
            again.on,
            again.to,
        )


START_DAY = QUICK_CASE.date().replace(year=2020)


class TestThePublic:
    def test_a_reporter_is_told_that_the_file_was_destroyed_and_nothing_else(
        self, clock: Clock, store: MemoryStore
    ) -> None:
        desk, code = open_here(clock, store), new_query_code()
        close(desk, "Q1", "quick", query_code=code)
        purged(desk, clock)
        with pytest.raises(RemovedTicketError) as told:
            desk.track(code)
        assert ("工单 'Q1' 保管期限届满，已于 2022-03-02 销毁 (destroyed on that day)", None) == (
            str(told.value),
            told.value.to,
        )

    def test_the_day_is_the_one_in_china(self, clock: Clock, store: MemoryStore) -> None:
        """01:00 on 3 March is 17:00 UTC on 2 March."""
        desk = open_here(clock, store)
        close(desk, "Q1", "quick")
        clock.put("2022-03-03 01:00")
        desk.purge(actor=OFFICE)
        with pytest.raises(RemovedTicketError, match="2022-03-03"):
            desk.get("Q1", actor=WINDOW)


class TestTheNumberIsNotGivenAgain:
    def test_nor_is_the_number_that_an_import_gave_it(self, clock: Clock, store: MemoryStore) -> None:
        desk = open_here(clock, store)
        external: dict[str, Any] = {"source": "12345", "external_id": "2020-77"}
        close(desk, "Q1", "quick", **external)
        purged(desk, clock)
        with pytest.raises(RemovedTicketError, match="'Q1'"):
            desk.do(Register(ticket="N1", matter="x", **external), actor=IMPORT)

    def test_a_command_repeated_after_that_says_what_became_of_it(
        self, clock: Clock, store: MemoryStore
    ) -> None:
        desk = open_here(clock, store)
        close(desk, "Q1", "quick")
        clock.now = QUICK_CASE
        done = desk.do(Register(ticket="Q2", matter="x"), actor=WINDOW, command_id="c2")
        desk.purge(actor=OFFICE)
        with pytest.raises(RemovedTicketError):
            desk.do(Accept(ticket="Q1"), actor=WINDOW, command_id="c1")
        assert done == desk.do(Register(ticket="Q2", matter="x"), actor=WINDOW, command_id="c2")
