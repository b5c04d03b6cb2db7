"""Sharing a store: by threads, and with the embedder's own transaction."""

import threading
from functools import partial

from bubancheng.errors import ConflictError
from bubancheng.store import Filter, Store
from bubancheng.testing.contracts.kit import check, expect
from bubancheng.testing.contracts.storing.rows import HERE, change, found, row, take, waiting
from bubancheng.testing.contracts.storing.setup import StoreSetup
from bubancheng.testing.contracts.together import at_once

ROUNDS = 20
ROWS = 60


def all_claims(store: Store) -> list[str]:
    """Claim by threes until nothing is left; a store that never ends is given up on."""
    mine: list[str] = []
    for _ in range(ROWS):
        mine += [it.id for it in take(store, 3)]
    return mine


def rows_to_claim() -> list[str]:
    """Return the ids of the rows that two are to share."""
    return [f"{it:03}" for it in range(ROWS)]


class Sharing:
    """S26 to S29."""

    @check("S26")
    def test_of_two_threads_with_one_version_one_wins(self, store: Store) -> None:
        """The other one gets a conflict, and nothing of it is kept."""
        store.commit(change(row()))
        for version in range(1, ROUNDS):
            wanted = change(row(version=version + 1), version)
            outcomes = at_once(*[partial(store.commit, wanted)] * 2)
            kinds = sorted(type(it).__name__ for it in outcomes)
            expect([ConflictError.__name__, "NoneType"], kinds, "of two threads one wins")

    @check("S27")
    def test_two_threads_never_claim_the_same(self, store: Store) -> None:
        """Together they get everything, each row once."""
        store.commit(change(row(), outbox=[waiting(it) for it in rows_to_claim()]))
        first, second = at_once(*[lambda: all_claims(store)] * 2)
        claims = (
            [*first, *second] if isinstance(first, list) and isinstance(second, list) else [first, second]
        )
        expect(rows_to_claim(), sorted(claims, key=str), "what two threads claim")

    @check("S28")
    def test_a_reader_sees_whole_commits(self, store: Store) -> None:
        """Two tickets that change together are never seen apart."""
        store.commit(change(row("A")), change(row("B")))

        done = threading.Event()

        def write() -> None:
            try:
                for version in range(1, ROUNDS * 3):
                    store.commit(*[change(row(it, version + 1), version) for it in "AB"])
            finally:
                done.set()

        def read() -> set[int]:
            seen = set()
            while not done.is_set():
                seen.add(len({it.version for it in store.find(Filter(district=HERE))}))
            return seen

        expect([None, {1}], at_once(write, read), "how many versions a reader sees at once")

    @check("S29", needs="borrowed")
    def test_a_borrowed_store_commits_and_vanishes_with_its_owner(self, setup: StoreSetup) -> None:
        """On the embedder's connection nothing is seen elsewhere before the embedder commits."""
        if setup.borrow is None:
            msg = "the store says that it can be borrowed: give `borrow`, or say why it cannot"
            raise AssertionError(msg)
        own, loan = setup.open(), setup.borrow()
        loan.commit()
        flags = own.is_borrowed, loan.store.is_borrowed
        loan.store.commit(change(row("A")))
        loan.rollback()
        loan.store.commit(change(row("B")))
        before, inside = found(own), found(loan.store)
        loan.commit()
        seen = flags, before, inside, found(own)
        loan.close()
        own.close()
        expect(((False, True), [], ["B"], ["B"]), seen, "flags; others before, ours before, others after")
