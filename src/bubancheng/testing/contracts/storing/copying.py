"""Checking and copying a store in use; for the capability `backed`."""

from bubancheng.errors import StoreError
from bubancheng.store import Backed, Record, Store
from bubancheng.testing.contracts.kit import check, expect, refused
from bubancheng.testing.contracts.storing.rows import (
    HERE,
    change,
    found,
    put,
    row,
    sequences,
    taken,
    waiting,
)
from bubancheng.testing.contracts.storing.setup import Spare, StoreSetup


def _backed(setup: StoreSetup) -> tuple[Store, Backed, Spare]:
    """Return the store, the same as what it says it is, and where a copy may go."""
    store, spare = setup.open(), setup.spare
    if not isinstance(store, Backed) or spare is None:
        msg = "the store says that it can check and copy itself: give `spare`, or say why it cannot"
        raise AssertionError(msg)
    return store, store, spare


def _fill(store: Store) -> None:
    kept = Record("setting", "x", "1"), Record("personal", "A", "2")
    store.commit(change(row("A"), records=kept), put(waiting(ticket="A")))
    store.commit(change(row("A", 2), 1), change(row("B", district="there")))


def _seen(store: Store) -> tuple[object, ...]:
    texts = [store.lookup(HERE, kind, key) for kind, key in (("setting", "x"), ("personal", "A"))]
    return store.load(HERE, "A"), sequences(store, "A"), texts, store.districts()


class Copying:
    """S44 to S46."""

    @check("S44", needs="backed")
    def test_a_whole_store_has_no_faults(self, setup: StoreSetup) -> None:
        """Neither an empty one nor one that is used."""
        store, backed, _ = _backed(setup)
        empty = backed.faults()
        _fill(store)
        used = backed.faults()
        store.close()
        expect(([], []), (empty, used), "faults of an empty store, and of one that is used")

    @check("S45", needs="backed")
    def test_a_copy_holds_the_same_and_is_a_store(self, setup: StoreSetup) -> None:
        """It goes its own way then; what waited waits there too."""
        store, backed, spare = _backed(setup)
        _fill(store)
        before = _seen(store)
        backed.back_up(spare.target)
        copy = spare.open()
        seen, waits = _seen(copy), taken(copy)
        copy.commit(change(row("C")))
        apart = found(copy), found(store), taken(store)
        copy.close()
        store.close()
        expect((before, ["a"]), (seen, waits), "what a copy holds")
        expect((["A", "C"], ["A"], ["a"]), apart, "a copy and its original go their own ways")

    @check("S46", needs="backed")
    def test_a_copy_is_never_overwritten(self, setup: StoreSetup) -> None:
        """`StoreError` where one is there already, which stays as it was."""
        store, backed, spare = _backed(setup)
        store.commit(change(row("A")))
        backed.back_up(spare.target)
        store.commit(change(row("B")))
        with refused(StoreError, "a copy is made where one is already"):
            backed.back_up(spare.target)
        copy = spare.open()
        kept = found(copy)
        copy.close()
        store.close()
        expect(["A"], kept, "the copy that was there")
