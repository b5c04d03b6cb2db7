"""Entries as bytes, and the chain that shows where a history was changed."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubancheng.errors import BrokenChainError
from bubancheng.ticket import Actor, Amendment, Effect, Entry, chain, fold
from tests.acting import instant
from tests.ticket.test_entry import entry
from tests.ticket.test_fold import STORY, ticket

Links = list[tuple[str, str]]


def linked(entries: list[Entry]) -> Links:
    """Return the stored pairs of text and hash."""
    links, head = [], chain.start("chongming", "T1")
    for one in entries:
        text = chain.encode(one)
        head = chain.link(head, text)
        links.append((text, head))
    return links


LINKS = linked(STORY)
HEAD = LINKS[-1][1]


def first_broken(links: Links, *, head: str = HEAD, version: int = len(LINKS)) -> int | None:
    """Return the entry that a check names; None where all is whole."""
    try:
        chain.check("chongming", "T1", links, head=head, version=version)
    except BrokenChainError as error:
        return error.sequence
    return None


def changed_bytes(text: str) -> list[str]:
    """Return the text with each of its bytes changed in turn, where that is still text."""
    data, found = text.encode(), []
    for place, byte in enumerate(data):
        try:
            found.append((data[:place] + bytes([byte ^ 1]) + data[place + 1 :]).decode())
        except UnicodeDecodeError:
            continue
    return found


class TestCheck:
    def test_an_untouched_history_is_whole(self) -> None:
        assert first_broken(LINKS) is None

    @pytest.mark.parametrize("place", range(len(LINKS)))
    def test_every_changed_byte_of_a_text_is_found_where_it_is(self, place: int) -> None:
        text, stored = LINKS[place]
        variants = changed_bytes(text)
        found = {first_broken([*LINKS[:place], (it, stored), *LINKS[place + 1 :]]) for it in variants}
        assert ({place + 1}, True) == (found, len(variants) > len(text))

    @pytest.mark.parametrize("place", range(len(LINKS)))
    def test_every_changed_byte_of_a_hash_is_found_where_it_is(self, place: int) -> None:
        text, stored = LINKS[place]
        variants = changed_bytes(stored)
        found = {first_broken([*LINKS[:place], (text, it), *LINKS[place + 1 :]]) for it in variants}
        assert ({place + 1}, 64) == (found, len(variants))

    @pytest.mark.parametrize("kept", range(len(LINKS)))
    def test_a_history_that_was_cut_off_names_the_first_missing_entry(self, kept: int) -> None:
        assert kept + 1 == first_broken(LINKS[:kept])

    @pytest.mark.parametrize("gone", range(len(LINKS) - 1))
    def test_an_entry_taken_out_of_the_middle_is_found(self, gone: int) -> None:
        assert gone + 1 == first_broken([*LINKS[:gone], *LINKS[gone + 1 :]])

    def test_two_entries_that_changed_places_are_found(self) -> None:
        assert first_broken([LINKS[0], LINKS[2], LINKS[1], *LINKS[3:]]) == 2

    def test_an_entry_too_many_is_found(self) -> None:
        extra = chain.encode(entry(sequence=6))
        assert first_broken([*LINKS, (extra, chain.link(HEAD, extra))]) == 6

    def test_a_changed_head_is_found(self) -> None:
        assert first_broken(LINKS, head=HEAD[:-1] + ("0" if HEAD[-1] != "0" else "1")) == 6

    def test_a_changed_version_is_found(self) -> None:
        assert (first_broken(LINKS, version=4), first_broken(LINKS, version=6)) == (5, 6)

    @pytest.mark.parametrize(("district", "number"), [("chongming", "T2"), ("pudong", "T1")])
    def test_a_history_belongs_to_its_ticket(self, district: str, number: str) -> None:
        with pytest.raises(BrokenChainError) as caught:
            chain.check(district, number, LINKS, head=HEAD, version=5)
        assert caught.value.sequence == 1

    def test_a_history_rebuilt_from_a_changed_entry_has_another_head(self) -> None:
        rebuilt = linked([entry(kind="declined"), *STORY[1:]])
        assert first_broken(rebuilt) == 6

    def test_the_sentence_names_ticket_and_entry(self) -> None:
        with pytest.raises(BrokenChainError, match=r"工单 T1 第 3 条记录"):
            chain.check("chongming", "T1", LINKS[:2], head=HEAD, version=5)


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
INSTANTS = st.datetimes(
    timezones=st.sampled_from(
        [dt.UTC, dt.timezone(dt.timedelta(hours=8)), dt.timezone(-dt.timedelta(hours=5))]
    )
)
FACTS = st.none() | st.booleans() | st.integers() | TEXTS
ENTRIES = st.builds(
    Entry,
    district=TEXTS,
    ticket=TEXTS,
    sequence=st.integers(1, 10**9),
    kind=TEXTS,
    effect=st.builds(
        Effect,
        step=st.none() | TEXTS,
        facts=st.dictionaries(TEXTS, FACTS, max_size=4),
        amends=st.lists(
            st.builds(Amendment, sequence=st.integers(1, 99), field=TEXTS, old=FACTS, new=FACTS), max_size=3
        ).map(tuple),
        schema=st.integers(1, 9),
    ),
    actor=st.builds(Actor, id=TEXTS, role=TEXTS, unit=st.none() | TEXTS),
    at=INSTANTS,
    recorded_at=INSTANTS,
    rule=st.none() | TEXTS,
    reason=st.none() | TEXTS,
    backdated=st.booleans(),
    commitment=st.none() | TEXTS,
)


class TestEncode:
    @given(one=ENTRIES)
    def test_an_entry_comes_back_as_it_was(self, one: Entry) -> None:
        assert one == chain.decode(chain.encode(one))

    @given(one=ENTRIES)
    def test_a_decoded_entry_has_the_same_bytes_again(self, one: Entry) -> None:
        text = chain.encode(one)
        assert text == chain.encode(chain.decode(text))

    @given(one=ENTRIES)
    def test_true_and_one_stay_apart(self, one: Entry) -> None:
        back = chain.decode(chain.encode(one))
        assert {key: type(value) for key, value in one.effect.facts.items()} == {
            key: type(value) for key, value in back.effect.facts.items()
        }

    def test_an_entry_is_one_line(self) -> None:
        assert "\n" not in chain.encode(entry(reason="第一行\n第二行"))

    def test_chinese_is_stored_as_it_is_read(self) -> None:
        assert "已当面说明" in chain.encode(entry(reason="已当面说明"))


class TestPack:
    def test_a_ticket_comes_back_as_it_was(self) -> None:
        assert ticket() == chain.unpack("chongming", "T1", chain.pack(ticket()))

    def test_a_corrected_ticket_comes_back_corrected(self) -> None:
        amends = (Amendment(sequence=3, field="at", old="", new="2024-03-25T12:30:00+08:00"),)
        one = fold([*STORY, entry(sequence=6, effect=Effect(amends=amends))], rule="x")
        back = chain.unpack("chongming", "T1", chain.pack(one))
        assert (one, instant("2024-03-25 12:30")) == (back, back.first("contacted"))


class TestCommitment:
    KEY, OTHER = "00" * 32, "01" * 32
    DATA = {"reporter": "张三", "phone": "13800000000"}  # noqa: RUF012 read only

    def test_the_same_data_and_key_give_the_same_digest(self) -> None:
        assert chain.commitment(self.KEY, self.DATA) == chain.commitment(self.KEY, dict(self.DATA))

    def test_the_order_of_the_fields_does_not_matter(self) -> None:
        backwards = dict(reversed(self.DATA.items()))
        assert chain.commitment(self.KEY, self.DATA) == chain.commitment(self.KEY, backwards)

    def test_another_key_gives_another_digest(self) -> None:
        assert chain.commitment(self.KEY, self.DATA) != chain.commitment(self.OTHER, self.DATA)

    @pytest.mark.parametrize(
        "other",
        [
            {"reporter": "张三", "phone": "13800000001"},
            {"reporter": "张三"},
            {"reporter": "13800000000", "phone": "张三"},
            {"reporter": "张三", "phone": "13800000000", "text": ""},
        ],
    )
    def test_any_other_data_give_another_digest(self, other: dict[str, str]) -> None:
        assert chain.commitment(self.KEY, self.DATA) != chain.commitment(self.KEY, other)

    def test_fields_cannot_run_into_each_other(self) -> None:
        assert chain.commitment(self.KEY, {"a": "b,c"}) != chain.commitment(self.KEY, {"a": "b", "c": ""})
