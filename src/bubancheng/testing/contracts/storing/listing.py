"""Listing all that is kept, so that it can be copied into another store; for the capability `portable`."""

from collections.abc import Callable, Sequence
from typing import TypeVar

from bubancheng.store import OutboxRow, Portable, Record, Store
from bubancheng.testing.contracts.kit import check, expect
from bubancheng.testing.contracts.storing.rows import (
    HERE,
    MINUTE,
    THERE,
    change,
    put,
    records,
    row,
    take,
    waiting,
)

T = TypeVar("T")

_SIZES = 1, 2, 3, 7, 1000
_KEYS = "", "A", "A1", "B", "a", "b\0c", "b ", "é", "中", "\uff21", "𠮷"  # by code point
_ODD = (
    "a",
    "a\0",
    "a\0b",
    "a\x01",
    "a\t",
    "a ",
    "a  ",
)  # where a server that pads with blanks has its own order


def portable(store: Store) -> Portable:
    """Return the store as what it says it is."""
    if isinstance(store, Portable):
        return store
    msg = "the store says that it can list what it holds: give the methods of Portable, or say why not"
    raise AssertionError(msg)


def _paged(ask: Callable[[T | None, int], Sequence[T]], size: int) -> list[T]:
    """Return all that pages of a size show; a store that never ends is given up on."""
    seen: list[T] = []
    for _ in range(1000):
        page = ask(seen[-1] if seen else None, size)
        expect(True, len(page) <= size, f"at most {size} are listed")  # noqa: FBT003 expected first
        if not page:
            break
        seen += page
    return seen


class Listing:
    """S41 to S43."""

    @check("S41", needs="portable")
    def test_every_name_under_which_anything_is_kept_is_listed(self, store: Store) -> None:
        """Districts, chains of which nothing is told, settings without a ticket; each once."""
        kept = portable(store)
        expect([], kept.holdings(), "names in an empty store")
        store.commit(change(row()), change(row("T2"), outbox=(waiting(ticket="T2"),)))
        store.commit(change(row("-", district="reads", told="")))
        store.commit(*[records(Record("setting", "x", "1"), district=it) for it in (HERE, "empty")])
        expect(["empty", HERE, "reads"], sorted(kept.holdings()), "names under which anything is kept")

    @check("S42", needs="portable")
    def test_records_are_listed_each_once_by_kind_and_key(self, store: Store) -> None:
        """By code point, those of one district, in pages of any size."""
        kept, kinds = portable(store), ("calendar", "command", "personal", "设置")
        expected = [Record(kind, key, f"{kind} {key}") for kind in kinds for key in _KEYS]
        store.commit(records(*reversed(expected)), records(Record("command", "A1", "x"), district=THERE))

        def ask(last: Record | None, limit: int, district: str = HERE) -> list[Record]:
            return kept.records(district, ("", "") if last is None else (last.kind, last.key), limit)

        for size in _SIZES:
            expect(expected, _paged(ask, size), f"records in pages of {size}")
        expect([Record("command", "A1", "x")], kept.records(THERE), "records of another district")
        store.commit(records(*[Record("k", it, "x") for it in _ODD], district="odd"))
        for size in _SIZES:
            odd = [it.key for it in _paged(lambda last, limit: ask(last, limit, "odd"), size)]
            expect(sorted(_ODD), sorted(odd), f"keys that are almost the same, in pages of {size}")
        expect(expected[-2:], kept.records(HERE, ("设置", "中z")), "after one that is not there")

    @check("S43", needs="portable")
    def test_what_waits_is_listed_each_once_by_id(self, store: Store) -> None:
        """Claimed rows too, with the end of their lease and how often that was; none that is done."""
        kept = portable(store)
        other = waiting("A1", due=5, district=THERE)
        rows = [waiting(it, due=5, kind=it, text=it) for it in _KEYS[1:]]
        store.commit(change(row()), put(*reversed(rows), waiting("done"), waiting("claimed")))
        store.commit(change(row(district=THERE)), put(other, district=THERE))
        (claimed, done) = take(store)
        store.finish(done)
        expected = sorted([*rows, claimed], key=lambda it: it.id)

        def ask(last: OutboxRow | None, limit: int) -> list[OutboxRow]:
            return kept.waiting(HERE, "" if last is None else last.id, limit)

        for size in _SIZES:
            expect(expected, _paged(ask, size), f"what waits, in pages of {size}")
        expect([other], kept.waiting(THERE), "what waits in another district")
        expect((MINUTE, 1), (claimed.due, claimed.attempts), "the claimed one says until when")
