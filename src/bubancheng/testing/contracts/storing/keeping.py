"""Tickets, entries and records: kept as they came, changed as a whole or not at all."""

from bubancheng.errors import ConflictError
from bubancheng.store import ChangeSet, Link, Record, Store
from bubancheng.testing.contracts.kit import check, expect, refused
from bubancheng.testing.contracts.storing.rows import (
    HERE,
    change,
    found,
    link,
    records,
    row,
    sequences,
    taken,
    waiting,
)

HOSTILE = (
    "'; drop table ticket; --",
    '"',
    "“”",
    "a\0b",
    " a ",
    "é",
    "𠮷😀",
    "\u202e",
    "%_",
    "x" * 1_000_000,
)


class Keeping:
    """S1 to S14."""

    @check("S1")
    def test_a_ticket_comes_back_as_it_was(self, store: Store) -> None:
        """Every column of a state row is kept; what is None stays None; an unknown ticket is None."""
        full, bare = row("A", unit="某局", next_change=-5), row("B")
        store.commit(change(full), change(bare))
        seen = [store.load(HERE, it) for it in ("A", "B", "C")]
        expect([full, bare, None], seen, "state rows come back as they were")

    @check("S2")
    def test_texts_are_data(self, store: Store) -> None:
        """Whatever stands in a text is kept to the character; names and hashes of 64 characters are too."""
        for text in HOSTILE:
            key = text[:64]
            state = row(key, unit=key, text=text, head=key)
            store.commit(change(state, links=(Link(1, text, key),), records=(Record("k", key, text),)))
            seen = store.load(HERE, key), list(store.entries(HERE, key)), store.lookup(HERE, "k", key)
            expect((state, [Link(1, text, key)], text), seen, "texts are data")

    @check("S3")
    def test_a_history_comes_whole_and_in_order(self, store: Store) -> None:
        """However long, and however many commits wrote it."""
        links = [link(it) for it in range(1, 1504)]
        store.commit(change(row()))
        store.commit(change(row(version=1503), 1, links=links[1:]))
        expect(links, list(store.entries(HERE, "T1")), "all entries come in order")
        expect([], list(store.entries(HERE, "T2")), "an unknown ticket has no entries")

    @check("S4")
    def test_entries_can_be_read_from_the_middle(self, store: Store) -> None:
        """Those after a sequence: it and the earlier ones are left out."""
        store.commit(change(row(version=4), links=[link(it) for it in range(1, 5)]))
        for after in range(6):
            expect(list(range(after + 1, 5)), sequences(store, after=after), f"entries after {after}")

    @check("S5")
    def test_a_change_without_entries_leaves_the_history(self, store: Store) -> None:
        """A sweep writes what was told, and no entry; the state is the new one."""
        store.commit(change(row()))
        store.commit(ChangeSet(district=HERE, expected=1, row=row(next_change=7)))
        expect([1], sequences(store), "the history stays")

    @check("S6")
    def test_a_ticket_is_opened_once(self, store: Store) -> None:
        """Version 0 is expected of a ticket that must not be there yet."""
        store.commit(change(row()))
        with refused(ConflictError, "a ticket that is there is opened again"):
            store.commit(change(row(step="other")))

    @check("S7")
    def test_another_version_than_expected_is_a_conflict(self, store: Store) -> None:
        """An earlier one, a later one, or any of a ticket that is not there."""
        store.commit(change(row()))
        store.commit(change(row(version=2), 1))
        for expected in (1, 3):
            with refused(ConflictError, f"version {expected} is expected of a ticket at 2"):
                store.commit(change(row(version=3), expected))
        with refused(ConflictError, "version 1 is expected of a ticket that is not there"):
            store.commit(change(row("T9", 2), 1))

    @check("S8")
    def test_another_light_than_expected_is_a_conflict(self, store: Store) -> None:
        """Of two sweeps that saw the same light one may tell the next; the version stays."""
        store.commit(change(row()))
        swept = ChangeSet(district=HERE, expected=1, expected_told="green", row=row(told="yellow"))
        store.commit(swept)
        with refused(ConflictError, "what was told already is told again"):
            store.commit(swept)

    @check("S9")
    def test_one_ticket_may_change_twice_in_one_commit(self, store: Store) -> None:
        """Each change of a commit expects what the one before it left."""
        store.commit(change(row()), change(row(version=2, step="accepted"), 1))
        expect(["T1"], found(store, step="accepted"), "the second change counts")

    @check("S10")
    def test_a_refused_commit_changes_nothing(self, store: Store) -> None:
        """Wherever in it the conflict lies: tickets, entries, records and outbox are as before."""
        kept = change(
            row("T9"), outbox=(waiting("kept", ticket="T9"),), records=(Record("command", "c1", "first"),)
        )
        store.commit(kept)
        for place in range(3):
            changes = [
                change(row("T1"), outbox=(waiting("new"),)),
                change(row("T9", 2), 1, records=(Record("setting", "x", "1"),), finished=("kept",)),
            ]
            changes.insert(place, records(Record("command", "c1", "second")))
            with refused(ConflictError, "a command is written again"):
                store.commit(*changes)
            seen = store.load(HERE, "T9"), sequences(store, "T9"), store.lookup(HERE, "setting", "x")
            expect((row("T9"), [1], None), seen, f"conflict at place {place}: rows, entries, records stay")
            expect((["T9"], []), (found(store), sequences(store)), "nothing is opened")
        expect(["kept"], taken(store), "the outbox stays")

    @check("S11")
    def test_a_commit_delivered_twice_happens_once(self, store: Store) -> None:
        """The second time it is a conflict, and whoever sends it reads the first outcome."""
        once = change(row(), records=(Record("command", "c1", "done"),), outbox=(waiting(),))
        store.commit(once)
        with refused(ConflictError, "the same commit comes again"):
            store.commit(once)

    @check("S12")
    def test_commands_query_codes_and_foreign_numbers_are_written_once(self, store: Store) -> None:
        """Also within one commit, and also with the same text."""
        for kind in ("command", "query", "external"):
            store.commit(records(Record(kind, f"first {kind}", "1")))
            for text in ("1", "2"):
                with refused(ConflictError, f"a {kind} is written again"):
                    store.commit(records(Record(kind, f"first {kind}", text)))
            with refused(ConflictError, f"a {kind} is written twice in one commit"):
                store.commit(*[records(Record(kind, f"second {kind}", it)) for it in "12"])

    @check("S13")
    def test_any_other_record_replaces_the_one_before(self, store: Store) -> None:
        """A setting, personal data that are erased; in one commit the last one counts."""
        for kind in ("setting", "calendar", "personal"):
            store.commit(records(Record(kind, "k", "1")), records(Record(kind, "k", "2")))
            expect("2", store.lookup(HERE, kind, "k"), f"of one {kind} in one commit the last counts")
            store.commit(records(Record(kind, "k", "")))
            expect("", store.lookup(HERE, kind, "k"), f"a {kind} is replaced, also by a blank one")

    @check("S14")
    def test_records_of_different_kinds_do_not_meet(self, store: Store) -> None:
        """A record has its kind and its key; one that is not there is None."""
        store.commit(records(Record("setting", "k", "1"), Record("calendar", "k", "2")))
        seen = [store.lookup(HERE, kind, "k") for kind in ("setting", "calendar", "personal")]
        expect(["1", "2", None], seen, "records by kind")
