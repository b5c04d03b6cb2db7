"""The storage contract: what every store does alike."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

from bubancheng.errors import ConflictError
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, Filter, Link, MemoryStore, OutboxRow, Record, StateRow, Store

HERE, THERE = "chongming", "pudong"
SECOND = 1_000_000


def row(  # noqa: PLR0913 a row has many columns
    ticket: str = "T1",
    version: int = 1,
    *,
    district: str = HERE,
    step: str = "registered",
    unit: str | None = None,
    next_change: int | None = None,
) -> StateRow:
    """Return a state row."""
    return StateRow(
        district=district,
        ticket=ticket,
        version=version,
        head=f"head of {ticket} {version}",
        step=step,
        unit=unit,
        told="green",
        next_change=next_change,
        text=f"text of {ticket} {version}",
    )


def link(sequence: int = 1) -> Link:
    """Return a stored entry."""
    return Link(sequence, f"entry {sequence}", f"hash {sequence}")


def change(state: StateRow, expected: int = 0) -> ChangeSet:
    """Return a change that brings a ticket to a state, one entry further."""
    return ChangeSet(district=state.district, expected=expected, row=state, links=(link(state.version),))


def waiting(name: str = "a", *, due: int = 0, kind: str = "dispatch", district: str = HERE) -> OutboxRow:
    """Return a row of the outbox for ticket T1."""
    return OutboxRow(id=f"{district}/{name}", district=district, ticket="T1", kind=kind, due=due)


def records(*given: Record, district: str = HERE) -> ChangeSet:
    """Return a change of records only."""
    return ChangeSet(district=district, records=given)


def take(store: Store, n: int = 10, *, now: int = 0, district: str = HERE) -> list[OutboxRow]:
    """Claim dispatches for a minute."""
    return store.claim(district, ["dispatch"], n, now=now, lease=60 * SECOND)


def found(store: Store, **wanted: object) -> list[str]:
    """Return the numbers of the tickets that a filter finds."""
    return [it.ticket for it in store.find(Filter(district=HERE, **wanted))]  # type: ignore[arg-type]


def at_once(*jobs: Callable[[], object]) -> list[object]:
    """Run jobs in threads that start together; return what each gave or raised, in order."""
    outcomes: list[object] = [None] * len(jobs)
    barrier = threading.Barrier(len(jobs))

    def run(place: int, job: Callable[[], object]) -> None:
        barrier.wait()
        try:
            outcomes[place] = job()
        except Exception as error:  # noqa: BLE001 the test looks at it
            outcomes[place] = error

    threads = [threading.Thread(target=run, args=it) for it in enumerate(jobs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


class StoreContract:
    """What a store must do; an implementation overrides the fixture `store`."""

    # -- tickets

    def test_a_ticket_that_was_never_stored_is_none(self, store: Store) -> None:
        assert store.load(HERE, "T1") is None

    def test_a_stored_ticket_comes_back_as_it_was(self, store: Store) -> None:
        state = row(unit="某局", next_change=-5)
        store.commit(change(state))
        assert state == store.load(HERE, "T1")

    def test_what_is_none_stays_none(self, store: Store) -> None:
        store.commit(change(row()))
        loaded = store.load(HERE, "T1")
        assert loaded is not None
        assert (loaded.unit, loaded.next_change) == (None, None)

    def test_a_change_replaces_the_state(self, store: Store) -> None:
        store.commit(change(row()))
        store.commit(change(row(version=2, step="accepted"), expected=1))
        assert row(version=2, step="accepted") == store.load(HERE, "T1")

    def test_a_change_without_entries_leaves_the_history(self, store: Store) -> None:
        store.commit(change(row()))
        store.commit(ChangeSet(district=HERE, expected=1, row=row(next_change=7)))
        assert [link(1)] == list(store.entries(HERE, "T1"))

    @pytest.mark.parametrize(
        "text", ["'; drop table ticket; --", '"', "‘’“”", "a\0b", "𠮷😀", "\u202e", "%_", "x" * 1_000_000]
    )
    def test_texts_are_data(self, store: Store, text: str) -> None:
        state = attrs.evolve(row(ticket=text[:64], unit=text[:64]), text=text)
        store.commit(
            attrs.evolve(change(state), links=(Link(1, text, text[:64]),), records=(Record("k", text[:64], text),))
        )
        assert (state, [Link(1, text, text[:64])], text) == (
            store.load(HERE, text[:64]),
            list(store.entries(HERE, text[:64])),
            store.lookup(HERE, "k", text[:64]),
        )

    # -- entries

    def test_the_entries_of_an_unknown_ticket_are_none(self, store: Store) -> None:
        assert list(store.entries(HERE, "T1")) == []

    def test_entries_come_in_order(self, store: Store) -> None:
        store.commit(change(row()))
        store.commit(change(row(version=2), expected=1))
        store.commit(ChangeSet(district=HERE, expected=2, row=row(version=4), links=(link(3), link(4))))
        assert [link(1), link(2), link(3), link(4)] == list(store.entries(HERE, "T1"))

    @pytest.mark.parametrize("after", range(5))
    def test_entries_after_a_sequence_leave_out_it_and_the_earlier_ones(
        self, store: Store, after: int
    ) -> None:
        store.commit(ChangeSet(district=HERE, row=row(version=4), links=[link(it) for it in range(1, 5)]))
        assert list(range(after + 1, 5)) == [it.sequence for it in store.entries(HERE, "T1", after)]

    def test_a_long_history_comes_whole(self, store: Store) -> None:
        links = [link(it) for it in range(1, 1502)]
        store.commit(ChangeSet(district=HERE, row=row(version=1501), links=links))
        assert links == list(store.entries(HERE, "T1"))

    # -- compare and set

    def test_a_new_ticket_must_not_be_there(self, store: Store) -> None:
        store.commit(change(row()))
        with pytest.raises(ConflictError):
            store.commit(change(row()))

    @pytest.mark.parametrize("expected", [1, 3])
    def test_another_version_than_expected_is_a_conflict(self, store: Store, expected: int) -> None:
        store.commit(change(row()), change(row(version=2), expected=1))
        with pytest.raises(ConflictError):
            store.commit(change(row(version=3), expected=expected))

    def test_a_change_of_a_ticket_that_is_not_there_is_a_conflict(self, store: Store) -> None:
        with pytest.raises(ConflictError):
            store.commit(change(row(version=2), expected=1))

    def test_the_sentence_of_a_conflict_names_the_ticket(self, store: Store) -> None:
        with pytest.raises(ConflictError, match=r"'T1'.*read it again"):
            store.commit(change(row(version=2), expected=1))

    def test_one_ticket_may_change_twice_in_one_commit(self, store: Store) -> None:
        store.commit(change(row()), change(row(version=2), expected=1))
        assert (row(version=2), [link(1), link(2)]) == (
            store.load(HERE, "T1"),
            list(store.entries(HERE, "T1")),
        )

    def test_another_light_than_expected_is_a_conflict(self, store: Store) -> None:
        store.commit(change(row()))
        fresh = attrs.evolve(row(), told="yellow")
        swept = ChangeSet(district=HERE, expected=1, expected_told="green", row=fresh)
        store.commit(swept)
        with pytest.raises(ConflictError):
            store.commit(swept)
        assert fresh == store.load(HERE, "T1")

    # -- all or nothing

    @pytest.mark.parametrize("place", range(3))
    def test_a_conflict_anywhere_in_a_commit_changes_nothing(self, store: Store, place: int) -> None:
        store.commit(change(row("T9")))
        changes = [change(row(f"T{it}")) for it in (1, 2)]
        changes.insert(place, change(row("T9")))
        with pytest.raises(ConflictError):
            store.commit(*changes)
        assert ["T9"] == found(store)

    def test_a_refused_commit_leaves_entries_records_and_outbox(self, store: Store) -> None:
        store.commit(attrs.evolve(change(row()), outbox=(waiting("kept"),)))
        bad = attrs.evolve(
            change(row(version=2), expected=1),
            records=(Record("setting", "x", "1"),),
            outbox=(waiting("new"),),
            finished=("chongming/kept",),
        )
        with pytest.raises(ConflictError):
            store.commit(bad, change(row(version=9), expected=8))
        assert ([link(1)], None, ["chongming/kept"]) == (
            list(store.entries(HERE, "T1")),
            store.lookup(HERE, "setting", "x"),
            [it.id for it in take(store)],
        )

    def test_a_command_that_is_there_already_refuses_its_whole_commit(self, store: Store) -> None:
        store.commit(records(Record("command", "c1", "first")))
        with pytest.raises(ConflictError):
            store.commit(attrs.evolve(change(row()), records=(Record("command", "c1", "second"),)))
        assert (None, "first") == (store.load(HERE, "T1"), store.lookup(HERE, "command", "c1"))

    def test_a_commit_of_nothing_is_nothing(self, store: Store) -> None:
        store.commit()
        assert store.districts() == []

    # -- records

    def test_a_record_that_is_not_there_is_none(self, store: Store) -> None:
        assert store.lookup(HERE, "setting", "x") is None

    def test_a_command_is_written_once(self, store: Store) -> None:
        store.commit(records(Record("command", "c1", "first")))
        with pytest.raises(ConflictError, match="'c1'"):
            store.commit(records(Record("command", "c1", "first")))

    def test_a_command_is_written_once_within_one_commit_too(self, store: Store) -> None:
        with pytest.raises(ConflictError):
            store.commit(records(Record("command", "c1", "one")), records(Record("command", "c1", "two")))

    @pytest.mark.parametrize("kind", ["calendar", "personal", "setting"])
    def test_any_other_record_replaces_the_one_before(self, store: Store, kind: str) -> None:
        store.commit(records(Record(kind, "k", "first")))
        store.commit(records(Record(kind, "k", "second")))
        assert store.lookup(HERE, kind, "k") == "second"

    def test_records_of_different_kinds_do_not_meet(self, store: Store) -> None:
        store.commit(records(Record("command", "k", "1"), Record("setting", "k", "2")))
        assert ("1", "2") == (store.lookup(HERE, "command", "k"), store.lookup(HERE, "setting", "k"))

    # -- finding

    @pytest.fixture
    def full(self, store: Store) -> Store:
        """A store with five tickets here and one elsewhere."""
        store.commit(
            change(row("B", step="sent", unit="甲局")),
            change(row("A", step="sent", unit="乙局")),
            change(row("中", step="new", unit="甲局")),
            change(row("a", step="new")),
            change(row("A1", step="sent", unit="甲局")),
            change(row("Z", step="sent", unit="甲局", district=THERE)),
        )
        return store

    def test_tickets_are_found_in_the_order_of_their_numbers(self, full: Store) -> None:
        assert found(full) == ["A", "A1", "B", "a", "中"]

    def test_the_number_to_go_on_after_is_left_out(self, full: Store) -> None:
        assert found(full, after="A1") == ["B", "a", "中"]

    def test_one_can_go_on_after_a_number_that_does_not_exist(self, full: Store) -> None:
        assert found(full, after="A0") == ["A1", "B", "a", "中"]

    def test_no_more_are_found_than_asked_for(self, full: Store) -> None:
        assert found(full, limit=2) == ["A", "A1"]

    def test_a_unit_finds_its_own(self, full: Store) -> None:
        assert found(full, unit="甲局") == ["A1", "B", "中"]

    def test_a_step_finds_who_stands_there(self, full: Store) -> None:
        assert found(full, step="new") == ["a", "中"]

    def test_all_filters_hold_at_once(self, full: Store) -> None:
        assert found(full, unit="甲局", step="sent", after="A1", limit=1) == ["B"]

    def test_filters_come_before_the_limit(self, full: Store) -> None:
        assert found(full, step="new", limit=1) == ["a"]

    def test_what_nobody_has_finds_nothing(self, full: Store) -> None:
        assert found(full, unit="丙局") == []

    @pytest.mark.parametrize("size", range(1, 7))
    def test_pages_of_any_size_show_every_ticket_once(self, full: Store, size: int) -> None:
        seen: list[str] = []
        while page := found(full, after=seen[-1] if seen else "", limit=size):
            seen += page
        assert seen == ["A", "A1", "B", "a", "中"]

    # -- what changes by itself

    @pytest.fixture
    def timed(self, store: Store) -> Store:
        """A store whose tickets change at different times."""
        times = {"A": 30, "B": 10, "C": None, "D": 20, "E": 10}
        store.commit(*[change(row(ticket, next_change=when)) for ticket, when in times.items()])
        store.commit(change(row("X", next_change=1, district=THERE)))
        return store

    @pytest.mark.parametrize(
        ("instant", "expected"),
        [(9, ""), (10, "BE"), (19, "BE"), (20, "BED"), (30, "BEDA"), (2**62, "BEDA"), (-(2**62), "")],
    )
    def test_what_is_due_comes_earliest_first_and_then_by_number(
        self, timed: Store, instant: int, expected: str
    ) -> None:
        assert list(expected) == [it.ticket for it in timed.due_before(HERE, instant)]

    def test_no_more_are_due_than_asked_for(self, timed: Store) -> None:
        assert [it.ticket for it in timed.due_before(HERE, 99, 3)] == ["B", "E", "D"]

    def test_what_changed_is_not_due_any_more(self, timed: Store) -> None:
        timed.commit(ChangeSet(district=HERE, expected=1, row=row("B", next_change=None)))
        assert [it.ticket for it in timed.due_before(HERE, 10)] == ["E"]

    # -- the outbox

    @pytest.fixture
    def outbox(self, store: Store) -> Store:
        """A store with four things to do, one of them later and one of another kind."""
        rows = (waiting("c", due=3), waiting("a", due=1), waiting("z", due=9), waiting("n", kind="notice"))
        store.commit(attrs.evolve(change(row()), outbox=rows))
        return store

    def test_what_is_due_is_claimed(self, outbox: Store) -> None:
        assert {it.id for it in take(outbox, now=3)} == {"chongming/a", "chongming/c"}

    def test_the_earliest_are_claimed_first(self, outbox: Store) -> None:
        assert [it.id for it in take(outbox, 1, now=9)] == ["chongming/a"]

    def test_only_the_kinds_asked_for_are_claimed(self, outbox: Store) -> None:
        got = outbox.claim(HERE, ["notice", "other"], 9, now=9, lease=1)
        assert [it.id for it in got] == ["chongming/n"]

    def test_no_kind_claims_nothing(self, outbox: Store) -> None:
        assert outbox.claim(HERE, [], 9, now=9, lease=1) == []

    def test_what_is_claimed_is_kept_from_others(self, outbox: Store) -> None:
        take(outbox, now=3)
        assert [it.id for it in take(outbox, now=3 + 60 * SECOND - 1)] == ["chongming/z"]

    def test_a_claim_runs_out(self, outbox: Store) -> None:
        take(outbox, now=3)
        again = take(outbox, now=3 + 60 * SECOND)
        assert {"chongming/a": 2, "chongming/c": 2, "chongming/z": 1} == {it.id: it.attempts for it in again}

    def test_a_claim_counts_and_says_until_when(self, outbox: Store) -> None:
        (got,) = take(outbox, 1, now=1)
        assert (got.attempts, got.due) == (1, 1 + 60 * SECOND)

    def test_what_is_finished_is_gone(self, outbox: Store) -> None:
        for claimed in take(outbox, now=3):
            outbox.finish(claimed)
        assert [it.id for it in take(outbox, now=10**12)] == ["chongming/z"]

    def test_finishing_twice_does_no_harm(self, outbox: Store) -> None:
        (got,) = take(outbox, 1, now=1)
        outbox.finish(got)
        outbox.finish(got)
        assert [it.id for it in take(outbox, now=3)] == ["chongming/c"]

    def test_a_commit_can_finish(self, outbox: Store) -> None:
        outbox.commit(attrs.evolve(change(row(version=2), expected=1), finished=("chongming/a",)))
        assert [it.id for it in take(outbox, now=3)] == ["chongming/c"]

    # -- districts

    def test_an_empty_store_holds_no_district(self, store: Store) -> None:
        assert store.districts() == []

    def test_settings_alone_make_no_district(self, store: Store) -> None:
        store.commit(records(Record("setting", "calendar", "x")))
        assert store.districts() == []

    def test_two_districts_share_a_store_and_never_meet(self, store: Store) -> None:
        store.commit(
            change(row()),
            change(row(district=THERE, step="elsewhere")),
            records(Record("command", "c", "here")),
            records(Record("command", "c", "there"), district=THERE),
        )
        store.commit(change(row(version=2), expected=1))
        assert (2, 1, "here", "there", [HERE, THERE]) == (
            len(list(store.entries(HERE, "T1"))),
            len(list(store.entries(THERE, "T1"))),
            store.lookup(HERE, "command", "c"),
            store.lookup(THERE, "command", "c"),
            store.districts(),
        )

    def test_a_claim_stays_in_its_district(self, store: Store) -> None:
        store.commit(attrs.evolve(change(row()), outbox=(waiting("a"),)))
        store.commit(
            attrs.evolve(change(row(district=THERE)), outbox=(waiting("a", district=THERE),)),
        )
        assert [it.id for it in take(store, district=THERE)] == ["pudong/a"]

    # -- threads

    def test_of_two_threads_with_one_version_one_wins(self, store: Store) -> None:
        for version in range(20):
            state = row(version=version + 1)
            outcomes = at_once(*[lambda: store.commit(change(state, version))] * 2)  # noqa: B023 run at once
            assert [ConflictError] == [type(it) for it in outcomes if it is not None]

    def test_two_threads_never_claim_the_same(self, store: Store) -> None:
        rows = tuple(waiting(f"{it:03}") for it in range(100))
        store.commit(attrs.evolve(change(row()), outbox=rows))

        def claim_all() -> list[str]:
            mine: list[str] = []
            while got := take(store, 3):
                mine += [it.id for it in got]
            return mine

        first, second = at_once(claim_all, claim_all)
        assert isinstance(first, list)
        assert isinstance(second, list)
        assert sorted(it.id for it in rows) == sorted(first + second)

    def test_who_reads_while_others_write_sees_whole_changes(self, store: Store) -> None:
        store.commit(change(row("A")), change(row("B")))

        def write() -> None:
            for version in range(1, 60):
                pair = [change(row(it, version + 1), version) for it in "AB"]
                store.commit(*pair)

        def read() -> set[int]:
            return {len({it.version for it in store.find(Filter(district=HERE))}) for _ in range(200)}

        assert at_once(write, read) == [None, {1}]


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def store(self) -> Store:
        return MemoryStore()


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path) -> Iterator[Store]:
        store = SqliteStore(str(tmp_path / "desk.db"))
        yield store
        store.close()
