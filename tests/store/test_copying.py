"""Moving to another store: all of it, once, whenever it is cut off, and nothing that is not the source's."""

import random
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import attrs
import pytest

from bubancheng.errors import StoreError
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, Filter, Link, MemoryStore, Record, StateRow, Store
from bubancheng.store.copying import chains, copy_store, tallying
from bubancheng.testing.contracts.storing.rows import HERE, THERE, put, records, take, waiting
from tests.store.moving import (
    READS,
    Backwards,
    Counting,
    CutError,
    Cutting,
    ForgettingLeases,
    LosingPersonal,
    Trimming,
    fill,
    grown,
    held,
    same,
)

SEEDS = range(12)
HAPPENINGS: dict[str, Callable[[Store], None]] = {
    "grows": lambda it: it.commit(grown("T2", 4, 3)),
    "opens": lambda it: it.commit(grown("T99", 1), put(waiting("new", ticket="T99"))),
    "removes": lambda it: it.commit(removal("T2", 3)),
    "removes another": lambda it: it.commit(removal("a")),
    "sets": lambda it: it.commit(records(Record("setting", "T1", "other"))),
    "waits": lambda it: it.commit(put(waiting("new"))),
    "a district": lambda it: it.commit(grown("T1", 1, district="new")),
}


@pytest.fixture
def source() -> MemoryStore:
    """A store with something of every kind."""
    source = MemoryStore()
    fill(source)
    return source


@pytest.fixture
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pages and commits be small, so that there are many of them."""
    monkeypatch.setattr(tallying, "_PAGE", 2)
    monkeypatch.setattr(chains, "_ENTRIES", 3)


def removal(ticket: str, expected: int = 1, *, district: str = HERE) -> ChangeSet:
    """Return a change that takes a ticket out of a store."""
    return ChangeSet(district=district, expected=expected, removed=ticket)


class TestAll:
    @pytest.mark.parametrize("kind", [MemoryStore, SqliteStore, Backwards], ids=lambda it: it.__name__)
    @pytest.mark.usefixtures("small")
    def test_everything_is_there_as_it_was(
        self, source: MemoryStore, kind: type[MemoryStore | SqliteStore], tmp_path: Path
    ) -> None:
        target = SqliteStore(str(tmp_path / "b.db")) if kind is SqliteStore else MemoryStore()
        copies = copy_store(source, target)
        assert [(it, True) for it in ("empty", HERE, READS, THERE)] == [
            (it.name, it.is_whole) for it in copies
        ]
        assert same(source, target)
        target.close()

    @pytest.mark.usefixtures("small")
    def test_there_and_back_by_a_store_of_another_order(self, source: MemoryStore) -> None:
        between, back = Backwards(), MemoryStore()
        assert {True} == {it.is_whole for it in (*copy_store(source, between), *copy_store(between, back))}
        assert same(source, back)

    def test_it_says_how_much_there_is(self, source: MemoryStore) -> None:
        (_, here, reads, _) = copy_store(source, MemoryStore())
        seen = here.target.tickets, here.target.entries, here.target.records, here.target.waiting
        assert ((8, 11, 24, 3), 1) == (seen, reads.target.tickets)

    def test_leases_are_carried_over(self, source: MemoryStore) -> None:
        target = MemoryStore()
        copy_store(source, target)
        assert source.waiting(HERE) == target.waiting(HERE)
        assert [("a", 1)] == [(it.id, it.attempts) for it in target.waiting(HERE) if it.attempts]

    def test_what_the_target_holds_under_other_names_stays(self, source: MemoryStore) -> None:
        target = MemoryStore()
        target.commit(
            grown("T1", 2, district="elsewhere"), records(Record("k", "x", "1"), district="elsewhere")
        )
        before = held(target, "elsewhere")
        copy_store(source, target)
        assert before == held(target, "elsewhere")

    def test_an_empty_store_is_copied_at_once(self) -> None:
        assert () == copy_store(MemoryStore(), MemoryStore())

    def test_it_tells_how_it_goes(self, source: MemoryStore) -> None:
        told: list[tuple[str, str, int]] = []
        copy_store(source, MemoryStore(), tell=lambda *it: told.append(it))
        expected = [(HERE, "copy", it) for it in range(1, 9)]
        assert expected == [it for it in told if it[:2] == (HERE, "copy")]
        assert (THERE, "check", 1) == told[-1]


class TestAgain:
    def test_what_is_there_is_not_written_again(self, source: MemoryStore) -> None:
        target = Counting()
        copy_store(source, target)
        target.written.clear()
        assert ({True}, []) == ({it.is_whole for it in copy_store(source, target)}, target.written)

    @pytest.mark.usefixtures("small")
    def test_what_a_store_of_another_order_has_is_found_there(self, source: MemoryStore) -> None:
        target = Backwards()
        for _ in range(2):
            assert {True} == {it.is_whole for it in copy_store(source, target)}
        source.commit(
            removal("T1"), removal("中"), grown("T2", 4, 3), ChangeSet(district=HERE, finished=("b",))
        )
        assert {True} == {it.is_whole for it in copy_store(source, target)}
        assert same(source, target)

    def test_what_came_since_is_added_and_nothing_else(self, source: MemoryStore) -> None:
        target = Counting()
        copy_store(source, target)
        target.written.clear()
        source.commit(grown("T2", 5, 3), grown("T3", 1), records(Record("personal", "T1", "erased")))
        copies = copy_store(source, target)
        written = [(it.row.ticket, len(it.links)) for it in target.written if it.row is not None]
        assert ([("T2", 2), ("T3", 1)], {True}) == (written, {it.is_whole for it in copies})
        assert "erased" == target.lookup(HERE, "personal", "T1")
        assert same(source, target)

    def test_what_a_sweep_has_told_is_taken_over(self, source: MemoryStore) -> None:
        target = MemoryStore()
        copy_store(source, target)
        state = source.load(HERE, "T2")
        assert state is not None
        source.commit(
            ChangeSet(district=HERE, expected=3, row=attrs.evolve(state, told="red", next_change=None))
        )
        copy_store(source, target)
        assert source.load(HERE, "T2") == target.load(HERE, "T2")

    def test_what_is_done_in_the_source_is_done_in_the_target(self, source: MemoryStore) -> None:
        target = MemoryStore()
        copy_store(source, target)
        source.commit(ChangeSet(district=HERE, finished=("b",)), put(waiting("d", due=3)))
        take(source, 9, now=6)
        copy_store(source, target)
        assert (source.waiting(HERE), ["a", "c", "d"]) == (
            target.waiting(HERE),
            [it.id for it in target.waiting(HERE)],
        )

    def test_what_is_removed_in_the_source_is_removed_in_the_target(self, source: MemoryStore) -> None:
        target = MemoryStore()
        copy_store(source, target)
        source.commit(removal("T1"), removal("中"), removal("T1", 2, district=READS))
        copies = copy_store(source, target)
        assert {True} == {it.is_whole for it in copies}
        assert (None, [], None, "command T1") == (
            target.load(HERE, "T1"),
            list(target.entries(HERE, "T1")),
            target.lookup(HERE, "personal", "T1"),
            target.lookup(HERE, "command", "T1"),
        )
        assert [] == target.find(Filter(district=READS))

    def test_a_target_that_was_copied_otherwise_is_completed(
        self, source: MemoryStore, tmp_path: Path
    ) -> None:
        old, path = SqliteStore(str(tmp_path / "a.db")), str(tmp_path / "b.db")
        copy_store(source, old)
        old.back_up(path)
        old.commit(grown("T2", 9, 3), grown("T77", 1))
        target = SqliteStore(path)
        assert {True} == {it.is_whole for it in copy_store(old, target)}
        assert same(old, target)
        old.close()
        target.close()


@pytest.mark.usefixtures("small")
class TestCutOff:
    @pytest.mark.parametrize("is_made", [False, True], ids=["before the commit", "after it"])
    def test_it_goes_on_wherever_it_was_cut_off(self, source: MemoryStore, *, is_made: bool) -> None:
        source.commit(grown("L", 14))
        commits = 0
        while True:
            commits += 1
            target = Cutting()
            target.left, target.is_made = commits, is_made
            try:
                copy_store(source, target)
            except CutError:
                target.left = 10**9
                assert {True} == {it.is_whole for it in copy_store(source, target)}
                assert same(source, target)
            else:
                break
        assert commits > 12

    def test_a_history_that_is_not_whole_yet_is_nobodys_ticket(self, source: MemoryStore) -> None:
        source = MemoryStore()
        source.commit(grown("L", 14))
        target = Cutting()
        target.left, target.is_made = 4, True
        with pytest.raises(CutError):
            copy_store(source, target)
        state = target.load(HERE, "L")
        assert state is not None
        seen = state.version, state.told, state.text, state.next_change, len(list(target.entries(HERE, "L")))
        assert ((9, "", "", None, 9), []) == (seen, target.districts())

    @pytest.mark.parametrize("seed", SEEDS)
    def test_anything_may_happen_to_the_source_between_cut_offs(self, seed: int) -> None:
        dice, source, target = random.Random(seed), MemoryStore(), Cutting()
        lengths: dict[str, int] = {}
        for _ in range(25):
            for _ in range(dice.randrange(4)):
                mutate(dice, source, lengths)
            target.left, target.is_made = dice.randrange(1, 25), dice.random() < 0.5
            try:
                copy_store(source, target)
            except CutError:
                continue
        target.left = 10**9
        assert {True} == {it.is_whole for it in copy_store(source, target)}
        assert same(source, target)


def mutate(dice: random.Random, source: MemoryStore, lengths: dict[str, int]) -> None:
    """Do one thing to a source; a number that was removed never comes again."""
    known = sorted(it for it, length in lengths.items() if length)
    what = dice.choice(["open", "open", "grow", "grow", "tell", "record", "wait", "done", "remove"])
    if what == "open" or not known:
        ticket = f"T{len(lengths)}"
        lengths[ticket] = dice.randrange(1, 9)
        once = Record("command", ticket, "x"), Record("personal", ticket, "y")
        source.commit(grown(ticket, lengths[ticket]), records(*once))
        return
    ticket = dice.choice(known)
    if what == "grow":
        more = lengths[ticket] + dice.randrange(1, 8)
        source.commit(grown(ticket, more, lengths[ticket]))
        lengths[ticket] = more
    elif what == "tell":
        state = source.load(HERE, ticket)
        assert state is not None
        change = attrs.evolve(state, told=dice.choice(["green", "red"]), next_change=dice.randrange(9))
        source.commit(ChangeSet(district=HERE, expected=state.version, row=change))
    elif what == "record":
        source.commit(records(Record(dice.choice(["personal", "setting"]), ticket, str(dice.random()))))
    elif what == "wait":
        source.commit(put(waiting(f"W{dice.randrange(9)}", ticket=ticket, due=dice.randrange(5))))
        take(source, 1, now=dice.randrange(5))
    elif what == "done":
        source.commit(ChangeSet(district=HERE, finished=[f"W{dice.randrange(9)}"]))
    elif len(known) > 1:
        source.commit(removal(ticket, lengths[ticket]))
        lengths[ticket] = 0


class TestMeanwhile:
    """Others go on writing in the source."""

    @pytest.mark.parametrize(("doing", "when"), [("copy", 1), ("copy", 8), ("check", 7)])
    @pytest.mark.parametrize("what", HAPPENINGS)
    def test_it_is_noticed_or_taken_along_and_repeated(
        self, source: MemoryStore, what: str, doing: str, when: int, tmp_path: Path
    ) -> None:
        target = SqliteStore(str(tmp_path / "b.db"))

        def tell(name: str, it: str, done: int) -> None:
            if (name, it, done) == (HERE, doing, when):
                HAPPENINGS[what](source)

        moved = [it for it in copy_store(source, target, tell=tell) if not it.is_whole]
        is_in_time = doing == "copy" and what in {"sets", "waits"}  # these are read after all tickets
        expected = [] if is_in_time else [(True, ())]
        assert expected == [(it.is_moving, it.differences) for it in moved]
        assert {True} == {it.is_whole for it in copy_store(source, target)}
        assert same(source, target)
        target.close()

    def test_a_ticket_that_goes_while_it_is_read_is_left_to_the_next_run(self) -> None:
        class Vanishing(MemoryStore):
            def entries(self, district: str, ticket: str, after: int = 0) -> Iterator[Link]:
                for it in super().entries(district, ticket, after):
                    yield it
                    if it.sequence == 1500:
                        self.commit(removal("L", 2500))
                        return

        source, target = Vanishing(), MemoryStore()
        source.commit(grown("A", 1), grown("L", 2500))
        (copied,) = copy_store(source, target)
        assert (True, ()) == (copied.is_moving, copied.differences)
        assert {True} == {it.is_whole for it in copy_store(source, target)}
        assert ["A"] == [it.ticket for it in target.find(Filter(district=HERE))]


class TestRefused:
    """A target that is no copy of the source stays as it is."""

    def foreign(self, target: MemoryStore, sentence: str, source: Store) -> None:
        before = [held(target, it) for it in (HERE, THERE, READS)]
        with pytest.raises(StoreError, match=sentence):
            copy_store(source, target)
        assert before == [held(target, it) for it in (HERE, THERE, READS)]

    @pytest.mark.parametrize("length", [2, 3])
    def test_a_ticket_of_the_same_number_and_another_history(self, source: MemoryStore, length: int) -> None:
        target = MemoryStore()
        target.commit(grown("T2", length, words="other"))
        self.foreign(target, "T2 另有历史.*choose an empty place", source)

    def test_a_ticket_that_went_on_in_the_target(self, source: MemoryStore) -> None:
        target = MemoryStore()
        copy_store(source, target)
        target.commit(grown("T2", 4, 3))
        self.foreign(target, "T2 比来源更新.*has been worked with", source)

    def test_a_ticket_that_came_in_after_the_switch(self, source: MemoryStore) -> None:
        """Whoever repeats the copy by mistake loses nothing."""
        target = MemoryStore()
        copy_store(source, target)
        target.commit(grown("T99", 1))
        self.foreign(target, "T99 来源没有", source)

    def test_a_ticket_that_came_in_after_the_switch_though_others_were_removed(
        self, source: MemoryStore
    ) -> None:
        target = MemoryStore()
        copy_store(source, target)
        source.commit(removal("T1"))
        target.commit(grown("T99", 1))
        self.foreign(target, "T1、T99 来源没有", source)

    def test_a_ticket_that_went_on_in_the_target_and_was_removed_in_the_source(
        self, source: MemoryStore
    ) -> None:
        target = MemoryStore()
        copy_store(source, target)
        source.commit(removal("T2", 3))
        target.commit(grown("T2", 4, 3))
        self.foreign(target, "T2 来源没有", source)

    def test_a_copy_of_another_store_whose_numbers_are_others(self, source: MemoryStore) -> None:
        other, target = MemoryStore(), MemoryStore()
        other.commit(grown("X1", 1), grown("X2", 1))
        copy_store(other, target)
        self.foreign(target, "X1、X2 来源没有", source)

    def test_a_ticket_of_another_district_that_goes_with_one(self, source: MemoryStore) -> None:
        target = MemoryStore()
        target.commit(grown("T1", 1, district=READS, words="other", told=""))
        self.foreign(target, f"{READS} 的工单 T1 另有历史", source)

    @pytest.mark.parametrize("kind", ["command", "query", "external"])
    def test_a_record_that_is_written_once_and_another(self, source: MemoryStore, kind: str) -> None:
        target = MemoryStore()
        target.commit(records(Record(kind, "T1", "another")))
        with pytest.raises(StoreError, match=f"{kind} 'T1' 与来源不同"):
            copy_store(source, target)
        assert "another" == target.lookup(HERE, kind, "T1")

    def test_the_same_store(self, source: MemoryStore, tmp_path: Path) -> None:
        with pytest.raises(StoreError, match="同一个存储"):
            copy_store(source, source)
        one = SqliteStore(str(tmp_path / "a.db"))
        fill(one)
        other = SqliteStore(str(tmp_path / ".." / tmp_path.name / "a.db"))
        with pytest.raises(StoreError, match="同一个存储"):
            copy_store(one, other)
        one.close()
        other.close()

    def test_somebody_who_writes_in_the_target_meanwhile(self, source: MemoryStore) -> None:
        target = MemoryStore()

        def tell(name: str, doing: str, done: int) -> None:
            if (name, doing, done) == (HERE, "copy", 1):
                target.commit(grown("T2", 1))

        with pytest.raises(StoreError, match="somebody else writes in the target"):
            copy_store(source, target, tell=tell)

    @pytest.mark.parametrize("which", ["来源", "目标"])
    def test_a_store_that_cannot_list_what_it_holds(self, source: MemoryStore, which: str) -> None:
        class Plain:
            is_borrowed = False
            holdings = MemoryStore.holdings

        stores: list[Store] = [Plain(), source] if which == "来源" else [source, Plain()]  # type: ignore[list-item]
        with pytest.raises(StoreError, match=f"{which}存储 Plain 不能列出.*no records, waiting of"):
            copy_store(*stores)


class TestDifferent:
    """What a target does not keep as it was given is named."""

    @pytest.mark.parametrize(
        ("kind", "expected"),
        [
            (LosingPersonal, "personal a 目标没有"),
            (ForgettingLeases, "待办 a 不同"),
            (Trimming, "工单 T1 第 1 条记录"),
        ],
        ids=lambda it: getattr(it, "__name__", ""),
    )
    def test_it_is_named(self, kind: type[MemoryStore], expected: str) -> None:
        source = MemoryStore()
        source.commit(grown("T1", 2, words=" entry"), put(waiting()), records(Record("personal", "a", "x")))
        take(source)
        (copied,) = copy_store(source, kind())
        assert (False, 1, True) == (
            copied.is_moving,
            len(copied.differences),
            copied.differences[0].startswith(f"{HERE}: {expected}"),
        )

    def test_what_only_the_target_has_is_named(self, source: MemoryStore) -> None:
        target = MemoryStore()
        target.commit(records(Record("calendar", "x", "1")))
        found = [it for copied in copy_store(source, target) for it in copied.differences]
        assert [f"{HERE}: calendar x 来源没有 (only in the target)"] == found

    def test_a_history_that_is_broken_is_copied_as_it_is_and_named(self, source: MemoryStore) -> None:
        """What a search for tampering is to find stays to be found."""
        links = source._links[HERE, "T2"]
        links[1] = attrs.evolve(links[1], text="rewritten")
        target = MemoryStore()
        found = [it for copied in copy_store(source, target) for it in copied.differences]
        assert [f"{HERE}: 工单 T2 第 2 条记录: 内容与校验值不符 (the entry does not fit its hash)"] == found
        assert links == list(target.entries(HERE, "T2"))

    def test_a_history_whose_end_is_missing_is_copied_as_it_is_and_named(self, source: MemoryStore) -> None:
        source._links[HERE, "T2"].pop()
        target = MemoryStore()
        for _ in range(2):
            found = [it for copied in copy_store(source, target) for it in copied.differences]
            assert [f"{HERE}: 工单 T2 第 3 条记录: 应有 3 条，实有 2 条 (the end does not fit)"] == found
        assert held(source) == held(target)


class TestFullDisk:
    def test_a_full_disk_ends_the_copy_and_the_next_run_completes_it(
        self, source: MemoryStore, tmp_path: Path
    ) -> None:
        source.commit(grown("L", 3000))
        target = SqliteStore(str(tmp_path / "b.db"))
        target._file.db.execute("PRAGMA max_page_count = 60")
        with pytest.raises(StoreError, match="full"):
            copy_store(source, target)
        target._file.db.execute("PRAGMA max_page_count = 1073741823")
        part = target.load(HERE, "L")
        assert {True} == {it.is_whole for it in copy_store(source, target)}
        assert (True, True) == (part is not None and part.version < 3000, same(source, target))
        target.close()


class TestMemory:
    """However much there is, little of it is in memory."""

    def peak(self, folder: Path, tickets: int) -> int:
        """Return the most bytes that copying so many tickets takes."""
        source, target = SqliteStore(str(folder / "a.db")), SqliteStore(str(folder / "b.db"))
        text = "x" * 500
        for start in range(0, tickets, 500):
            numbers = [f"T{it:06}" for it in range(start, start + 500)]
            changes = [grown(it, 2) for it in numbers]
            states: list[StateRow] = [attrs.evolve(it.row, text=text) for it in changes if it.row]
            changes = [attrs.evolve(it, row=state) for it, state in zip(changes, states, strict=True)]
            once = [Record("command", it, text) for it in numbers]
            rows = [waiting(it, ticket=it) for it in numbers]
            source.commit(*changes, records(*once), put(*rows))
        tracemalloc.start()
        try:
            (copied,) = copy_store(source, target)
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert (True, tickets) == (copied.is_whole, copied.target.tickets)
        source.close()
        target.close()
        return peak

    def test_ten_times_as_many_tickets_take_hardly_more(self, tmp_path: Path) -> None:
        few, many = tmp_path / "few", tmp_path / "many"
        few.mkdir()
        many.mkdir()
        assert self.peak(many, 5000) < 1.5 * self.peak(few, 500)
