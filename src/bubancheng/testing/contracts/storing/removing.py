"""Removing a ticket whose time is over: all that is its own goes, and nothing else."""

from bubancheng.errors import ConflictError
from bubancheng.store import ChangeSet, Record, Store
from bubancheng.testing.contracts.kit import check, expect, refused
from bubancheng.testing.contracts.storing.rows import (
    HERE,
    MINUTE,
    THERE,
    change,
    found,
    link,
    put,
    records,
    row,
    sequences,
    take,
    taken,
    waiting,
)
from bubancheng.testing.contracts.storing.setup import StoreSetup

_LATER = 9 * MINUTE


def removal(ticket: str = "T1", expected: int = 1, *, district: str = HERE) -> ChangeSet:
    """Return a change that removes a ticket."""
    return ChangeSet(district=district, expected=expected, removed=ticket)


class Removing:
    """S36 to S40."""

    @check("S36")
    def test_a_ticket_that_is_removed_goes_wholly(self, store: Store) -> None:
        """Its row, its entries, its personal data, and what waits for it, claimed or not."""
        links, personal = [link(it) for it in range(1, 1203)], (Record("personal", "T1", "x"),)
        store.commit(change(row(version=1202, next_change=1), links=links, records=personal))
        store.commit(put(waiting("a"), waiting("b", due=5)))
        take(store, 1)
        store.commit(removal(expected=1202))
        rows = store.load(HERE, "T1"), found(store), store.due_before(HERE, 9), store.districts()
        kept = sequences(store), store.lookup(HERE, "personal", "T1"), taken(store, now=_LATER)
        expect((None, [], [], []), rows, "the row of a ticket that was removed")
        expect(([], None, []), kept, "entries, personal data and outbox of a ticket that was removed")

    @check("S37")
    def test_a_removal_takes_nothing_else_along(self, store: Store) -> None:
        """Other tickets, another district's of the same number, commands and every other record stay."""
        kinds = "command", "query", "external", "setting"
        for district, due in ((HERE, 0), (THERE, 5)):
            kept = [Record("personal", "T2", "x"), *[Record(it, "T1", "x") for it in kinds]]
            tickets = {"a": "T1", "b": "T2"}
            own = [waiting(it, ticket=tickets[it], district=district, due=due) for it in tickets]
            store.commit(change(row(district=district)), change(row("T2", district=district)))
            store.commit(records(*kept, Record("personal", "T1", "x"), district=district))
            store.commit(put(*own, district=district))
        store.commit(removal())
        seen = [store.lookup(HERE, it, "T1") for it in kinds]
        expect(["x"] * len(kinds), seen, "other records under its number")
        other = found(store), sequences(store, "T2"), store.lookup(HERE, "personal", "T2"), taken(store)
        expect((["T2"], [1], "x", ["b"]), other, "another ticket of the district")
        there = [it.sequence for it in store.entries(THERE, "T1")], taken(store, now=5, district=THERE)
        texts = store.lookup(THERE, "personal", "T1"), store.load(THERE, "T1")
        expect((([1], ["a", "b"]), ("x", row(district=THERE))), (there, texts), "another district's")

    @check("S38")
    def test_a_removal_of_another_version_is_a_conflict_and_changes_nothing(self, store: Store) -> None:
        """An earlier one, a later one, none, or twice in one commit; whatever else is in it stays undone."""
        personal = Record("personal", "T1", "x")
        store.commit(change(row(version=2), links=[link(1), link(2)], records=(personal,)), put(waiting()))
        wrong = removal(expected=1), removal(expected=3), removal(expected=0), removal("T9"), removal("T9", 0)
        for it in wrong:
            with refused(ConflictError, f"{it.removed} is removed at version {it.expected}"):
                store.commit(change(row("T2")), it, records(Record("setting", "x", "1")))
            with refused(ConflictError, f"{it.removed} is removed at version {it.expected}"):
                store.commit(it)
        with refused(ConflictError, "a ticket is removed twice"):
            store.commit(removal(expected=2), removal(expected=2))
        rows = found(store), sequences(store), taken(store)
        texts = store.lookup(HERE, "setting", "x"), store.lookup(HERE, "personal", "T1")
        expect((["T1"], [1, 2], ["a"]), rows, "rows, entries and outbox after a refused removal")
        expect((None, "x"), texts, "records after a refused removal")

    @check("S39")
    def test_the_number_of_a_removed_ticket_is_free_again(self, store: Store) -> None:
        """For a ticket that begins anew, in a later commit or in the same one."""
        store.commit(change(row()))
        store.commit(change(row(version=2), 1))
        store.commit(removal(expected=2), change(row(step="second"), links=[link()]))
        expect((row(step="second"), [1]), (store.load(HERE, "T1"), sequences(store)), "in the same commit")
        store.commit(removal())
        store.commit(change(row(step="third")))
        expect((row(step="third"), [1]), (store.load(HERE, "T1"), sequences(store)), "in a later commit")

    @check("S40", needs="borrowed")
    def test_a_removal_vanishes_with_its_owner(self, setup: StoreSetup) -> None:
        """On the embedder's connection a ticket goes when the embedder commits."""
        if setup.borrow is None:
            msg = "the store says that it can be borrowed: give `borrow`, or say why it cannot"
            raise AssertionError(msg)
        own, loan = setup.open(), setup.borrow()
        own.commit(change(row()), put(waiting()))
        loan.commit()
        seen = []
        for end in (loan.rollback, loan.commit):
            loan.store.commit(removal())
            seen.append((found(loan.store), found(own)))
            end()
            seen.append((found(loan.store), found(own)))
        loan.close()
        own.close()
        expected = [([], ["T1"]), (["T1"], ["T1"]), ([], ["T1"]), ([], [])]
        expect(expected, seen, "ours and others: before a rollback, after it, before a commit, after it")
