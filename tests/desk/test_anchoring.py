"""Tampering: every changed byte is found, and by an anchor also what was cut off, deleted or rebuilt."""

from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest

from bubancheng.actions import Acknowledge, Complete, Contact, Register
from bubancheng.desk import Anchor, Desk
from bubancheng.errors import BrokenChainError
from bubancheng.store import ChangeSet, Link, MemoryStore, Record
from bubancheng.ticket import chain, fold
from tests.acting import OFFICER, OVERSEER, OWNED, WINDOW, Clock, acknowledged, open_desk, registered

HERE, T = "chongming", "T1"


@pytest.fixture
def store() -> MemoryStore:
    """A store in memory."""
    return MemoryStore()


@pytest.fixture
def desk(store: MemoryStore) -> Desk:
    """A desk with a small ticket that has personal data from two entries."""
    desk = open_desk(Clock(), store)
    desk.do(Register(ticket=T, matter="执照", reporter="张三", phone="138"), actor=WINDOW)
    desk.do(Complete(ticket=T, text="诉求"), actor=WINDOW)
    return desk


def others(text: str) -> Iterator[tuple[int, str]]:
    """Yield a text with each of its characters replaced by a few others, and where."""
    for place, char in enumerate(text):
        for new in dict.fromkeys(("0", "f", "\x00", '"', " ", chr(ord(char) ^ 1), char.swapcase())):
            if new != char:
                yield place, f"{text[:place]}{new}{text[place + 1 :]}"


def dropped(text: str) -> Iterator[tuple[int, str]]:
    """Yield a text without each of its characters, and with each twice."""
    for place, char in enumerate(text):
        yield place, text[:place] + text[place + 1 :]
        yield place, text[:place] + char + text[place:]


def relink(store: MemoryStore, number: int, **changes: Any) -> None:
    """Change a stored entry behind the desk's back."""
    links = store._links[HERE, T]
    links[number] = attrs.evolve(links[number], **changes)


class TestEveryByte:
    @pytest.mark.parametrize("number", [0, 1])
    @pytest.mark.parametrize("changed", [others, dropped])
    def test_of_an_entry_is_kept(
        self, desk: Desk, store: MemoryStore, number: int, changed: Callable[[str], Iterator[tuple[int, str]]]
    ) -> None:
        kept = store._links[HERE, T][number].text
        missed = []
        for place, text in changed(kept):
            relink(store, number, text=text)
            found = desk.verify(T)
            if [(it.ticket, it.sequence) for it in found] != [(T, number + 1)]:
                missed.append(place)
        assert [] == missed

    @pytest.mark.parametrize("number", [0, 1])
    @pytest.mark.parametrize("changed", [others, dropped])
    def test_of_a_hash_is_kept(
        self, desk: Desk, store: MemoryStore, number: int, changed: Callable[[str], Iterator[tuple[int, str]]]
    ) -> None:
        kept = store._links[HERE, T][number].hash
        missed = []
        for place, text in changed(kept):
            relink(store, number, hash=text)
            if [(it.ticket, it.sequence) for it in desk.verify(T)] != [(T, number + 1)]:
                missed.append(place)
        assert [] == missed

    @pytest.mark.parametrize("changed", [others, dropped])
    def test_of_personal_data_is_kept_or_reads_the_same(
        self, desk: Desk, store: MemoryStore, changed: Callable[[str], Iterator[tuple[int, str]]]
    ) -> None:
        """A blank between two words of JSON, or a capital in the key's hexadecimal digits, says nothing else."""
        kept = store._records[HERE, "personal", T]
        before = desk.personal(T, actor=WINDOW, purpose="核对")
        missed = []
        for place, text in changed(kept):
            store._records[HERE, "personal", T] = text
            if not desk.verify(T) and desk._ground.personal_data(T) != before:
                missed.append((place, text))
        assert [] == missed

    @pytest.mark.parametrize("changed", [others, dropped])
    def test_of_the_state_is_kept(
        self, desk: Desk, store: MemoryStore, changed: Callable[[str], Iterator[tuple[int, str]]]
    ) -> None:
        row = store._rows[HERE, T]
        missed = []
        for name in ("text", "head", "step"):
            for place, text in changed(getattr(row, name)):
                store._rows[HERE, T] = attrs.evolve(row, **{name: text})  # type: ignore[arg-type]
                if not desk.verify(T):
                    missed.append((name, place))
        assert [] == missed

    @pytest.mark.parametrize("unit", ["区民政局", ""])
    def test_a_changed_unit_is_found(self, desk: Desk, store: MemoryStore, unit: str) -> None:
        store._rows[HERE, T] = attrs.evolve(store._rows[HERE, T], unit=unit)
        assert [T] == [it.ticket for it in desk.verify()]


class TestPersonalData:
    @pytest.mark.parametrize("text", ["{}", "", None, "[]", "nonsense"])
    def test_data_that_vanished_without_an_erasure_is_found(
        self, desk: Desk, store: MemoryStore, text: str | None
    ) -> None:
        if text is None:
            del store._records[HERE, "personal", T]
        else:
            store._records[HERE, "personal", T] = text
        assert [T] == [it.ticket for it in desk.verify()]

    def test_a_part_that_vanished_is_found(self, desk: Desk, store: MemoryStore) -> None:
        kept = store._records[HERE, "personal", T]
        store._records[HERE, "personal", T] = kept[: kept.index(', "2"')] + "}"
        assert [T] == [it.ticket for it in desk.verify()]

    def test_the_data_of_another_ticket_is_found(self, desk: Desk, store: MemoryStore) -> None:
        desk.do(Register(ticket="T2", matter="执照", reporter="李四"), actor=WINDOW)
        store._records[HERE, "personal", T] = store._records[HERE, "personal", "T2"]
        assert [T] == [it.ticket for it in desk.verify()]

    def test_data_under_a_key_of_ones_own_is_found(self, desk: Desk, store: MemoryStore) -> None:
        forged = '{"1": {"key": "00", "data": {"reporter": "李四"}}}'
        store._records[HERE, "personal", T] = forged
        assert [T] == [it.ticket for it in desk.verify()]


def rebuilt(store: MemoryStore, ticket: str, old: str, new: str) -> None:
    """Change a word of a history and compute the whole chain anew, state row and all."""
    head = chain.start(HERE, ticket)
    links = []
    for link in store._links[HERE, ticket]:
        text = link.text.replace(old, new)
        head = chain.link(head, text)
        links.append(Link(link.sequence, text, head))
    store._links[HERE, ticket] = links
    row = store._rows[HERE, ticket]
    store._rows[HERE, ticket] = attrs.evolve(row, head=head, text=row.text.replace(old, new))


def cut(store: MemoryStore, ticket: str, last: int = 1) -> None:
    """Take the last entries away, and set the state row back to the one before."""
    links = store._links[HERE, ticket][:-last]
    store._links[HERE, ticket] = links
    entries = [chain.decode(it.text) for it in links]
    before = fold(entries, rule=entries[0].rule or "")
    store._rows[HERE, ticket] = attrs.evolve(
        store._rows[HERE, ticket],
        version=before.version,
        head=links[-1].hash,
        step=before.step,
        unit=before.unit,
        text=chain.pack(before),
    )


def delete(store: MemoryStore, ticket: str) -> None:
    """Take a whole ticket away."""
    del store._links[HERE, ticket], store._rows[HERE, ticket]


class TestAnchor:
    @pytest.fixture
    def store(self) -> MemoryStore:
        """A store with three tickets."""
        return MemoryStore()

    @pytest.fixture
    def desk(self, store: MemoryStore) -> Desk:
        """A desk with three tickets."""
        desk = open_desk(Clock(), store)
        for number in ("T1", "T2", "T3"):
            acknowledged(desk, number)
        return desk

    @pytest.fixture
    def anchor(self, desk: Desk) -> Anchor:
        """What was put away before anything happened."""
        return desk.anchor()

    def found(self, desk: Desk, anchor: Anchor) -> list[tuple[str, int]]:
        """Return ticket and entry of everything that `verify` finds by an anchor."""
        return [(it.ticket, it.sequence) for it in desk.verify(anchor=anchor.digest)]

    def test_an_anchor_says_of_how_many_chains_it_is(self, desk: Desk, anchor: Anchor) -> None:
        desk.get("T1", actor=OVERSEER)  # the records of who read what are a chain too
        assert (3, 4, "chongming") == (anchor.chains, desk.anchor().chains, anchor.district)

    def test_what_did_not_change_has_one_digest(self, desk: Desk, anchor: Anchor) -> None:
        assert anchor.digest == desk.anchor().digest

    def test_what_nobody_touched_is_whole(self, desk: Desk, anchor: Anchor) -> None:
        assert [] == desk.verify(anchor=anchor.digest)

    def test_what_grew_since_is_whole(self, desk: Desk, anchor: Anchor) -> None:
        desk.do(Contact(ticket="T1"), actor=OFFICER)
        registered(desk, "T4")
        desk.get("T2", actor=OVERSEER)
        assert ([], True) == (desk.verify(anchor=anchor.digest), desk.anchor().digest != anchor.digest)

    def test_an_empty_store_has_an_anchor_too(self) -> None:
        desk = open_desk(Clock())
        anchor = desk.anchor()
        registered(desk)
        assert (0, []) == (anchor.chains, desk.verify(anchor=anchor.digest))

    @pytest.mark.parametrize(
        ("tamper", "sequence"),
        [
            (lambda store: rebuilt(store, "T2", OWNED, "企业办税"), 4),
            (lambda store: rebuilt(store, "T2", '"o-1"', '"o-2"'), 4),
            (lambda store: cut(store, "T2"), 4),
            (lambda store: cut(store, "T2", 3), 4),
            (lambda store: delete(store, "T2"), 4),
        ],
        ids=["rebuilt", "another hand", "cut", "cut to its first", "deleted"],
    )
    def test_what_the_chain_alone_does_not_tell_is_found(
        self,
        desk: Desk,
        store: MemoryStore,
        anchor: Anchor,
        tamper: Callable[[MemoryStore], object],
        sequence: int,
    ) -> None:
        tamper(store)
        assert ([], [("T2", sequence)]) == (desk.verify(), self.found(desk, anchor))

    def test_what_was_cut_and_grew_again_is_found(
        self, desk: Desk, store: MemoryStore, anchor: Anchor
    ) -> None:
        cut(store, "T2")
        clock = desk._ground.clock
        assert isinstance(clock, Clock)
        clock.put("2024-03-25 11:00")
        desk.do(Acknowledge(ticket="T2"), actor=OFFICER)
        desk.do(Contact(ticket="T2"), actor=OFFICER)
        assert ([], [("T2", 4)]) == (desk.verify(), self.found(desk, anchor))

    def test_a_ticket_of_which_only_the_state_vanished_is_found(
        self, desk: Desk, store: MemoryStore, anchor: Anchor
    ) -> None:
        del store._rows[HERE, "T2"]
        assert ["T2"] == [ticket for ticket, _ in self.found(desk, anchor)]

    def test_records_of_who_read_what_that_vanished_are_found(self, desk: Desk, store: MemoryStore) -> None:
        desk.get("T1", actor=OVERSEER)
        anchor = desk.anchor()
        del store._rows[f"{HERE}/access", "T1"], store._links[f"{HERE}/access", "T1"]
        assert ([], [("T1", 1)]) == (desk.verify(), self.found(desk, anchor))

    def test_every_ticket_that_does_not_fit_is_named(
        self, desk: Desk, store: MemoryStore, anchor: Anchor
    ) -> None:
        delete(store, "T1")
        rebuilt(store, "T3", OWNED, "企业办税")
        assert [("T1", 4), ("T3", 4)] == self.found(desk, anchor)

    def test_each_of_several_anchors_tells_what_changed_since(self, desk: Desk, store: MemoryStore) -> None:
        first = desk.anchor()
        desk.do(Contact(ticket="T1"), actor=OFFICER)
        second = desk.anchor()
        cut(store, "T1")
        assert ([], [("T1", 5)]) == (self.found(desk, first), self.found(desk, second))

    def test_every_changed_byte_of_its_list_is_found(
        self, desk: Desk, store: MemoryStore, anchor: Anchor
    ) -> None:
        key = HERE, "anchor", f"{anchor.digest}/0"
        kept, missed = store._records[key], []
        for place, text in (*others(kept), *dropped(kept)):
            store._records[key] = text
            if [it.ticket for it in desk.verify("T1", anchor=anchor.digest)] != ["*"]:
                missed.append(place)
        assert [] == missed

    def test_a_list_that_was_removed_is_found(self, desk: Desk, store: MemoryStore, anchor: Anchor) -> None:
        del store._records[HERE, "anchor", f"{anchor.digest}/0"]
        assert [("*", 0)] == self.found(desk, anchor)

    @pytest.mark.parametrize("digest", ["", "nonsense", "0" * 64])
    def test_an_anchor_that_was_never_dropped_is_said_so(self, desk: Desk, digest: str) -> None:
        (error,) = desk.verify(anchor=digest)
        assert ("*", True) == (error.ticket, "this anchor" in error.reason)

    def test_a_long_list_is_kept_in_parts_and_each_is_needed(self) -> None:
        store = MemoryStore()
        desk = open_desk(Clock(), store)
        for number in range(1001):
            registered(desk, f"{number:04}")
        anchor = desk.anchor()
        whole = desk.verify("0000", anchor=anchor.digest)
        found = []
        for part in (0, 1):
            kept = store._records.pop((HERE, "anchor", f"{anchor.digest}/{part}"))
            found.append([it.ticket for it in desk.verify("0000", anchor=anchor.digest)])
            store._records[HERE, "anchor", f"{anchor.digest}/{part}"] = kept
        assert ([], [["*"], ["*"]]) == (whole, found)

    @pytest.mark.parametrize("number", ["A\tB", "A\nB", "A\r\nB", "\t", "*", "chongming\tA"])
    def test_any_number_a_ticket_may_have_is_anchored(self, number: str) -> None:
        store = MemoryStore()
        desk = open_desk(Clock(), store)
        if not number.strip():
            number = f"x{number}"
        registered(desk, number)
        registered(desk, "Z")
        anchor = desk.anchor()
        whole = desk.verify(anchor=anchor.digest)
        delete(store, number)
        assert ([], [(number, 1)]) == (whole, self.found(desk, anchor))

    def test_the_numbers_of_two_tickets_are_not_taken_for_one(self) -> None:
        """A list of lines must not let one number pretend to be two."""
        desks = [open_desk(Clock()), open_desk(Clock())]
        registered(desks[0], "A\nB")
        registered(desks[1], "A")
        assert desks[0].anchor().digest != desks[1].anchor().digest


def test_what_is_found_is_said_in_our_words(desk: Desk, store: MemoryStore) -> None:
    store.commit(ChangeSet(district=HERE, records=[Record("personal", T, "nonsense")]))
    (error,) = desk.verify()
    assert (True, T) == (isinstance(error, BrokenChainError), error.ticket)
