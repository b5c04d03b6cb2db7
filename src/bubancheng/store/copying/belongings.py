"""Records, and what waits in the outbox: copied where the target has another, or none."""

from collections.abc import Iterator
from itertools import islice

from bubancheng.errors import StoreError
from bubancheng.store.contract import WRITE_ONCE, ChangeSet, OutboxRow, Portable, Record
from bubancheng.store.copying.tallying import (
    PortableStore,
    Tally,
    record_pairs,
    waiting_of,
    waiting_pairs,
)

_CHARACTERS = 2_000_000  # in one commit
_ROWS = 500  # in one commit
_IDS = 1000  # looked for at once


def copy_records(source: PortableStore, target: PortableStore, name: str, seen: Tally) -> Tally:
    """Copy every record that the target lacks or has otherwise; return the tally with them."""
    lacking: list[Record] = []
    characters = 0
    for it, held in record_pairs(source, target, name):
        seen = seen.plus(it)
        if held == it.text:
            continue
        if held is not None and it.kind in WRITE_ONCE:
            msg = (
                f"目标存储中 {name} 的 {it.kind} {it.key!r} 与来源不同，而它只写一次 (written once): "
                "the target is no copy of this source, choose an empty place"
            )
            raise StoreError(msg)
        lacking.append(it)
        characters += len(it.text)
        if len(lacking) >= _ROWS or characters >= _CHARACTERS:
            target.commit(ChangeSet(district=name, records=lacking))
            lacking, characters = [], 0
    if lacking:
        target.commit(ChangeSet(district=name, records=lacking))
    return seen


def copy_waiting(source: PortableStore, target: PortableStore, name: str, seen: Tally) -> Tally:
    """Copy what waits, claimed or not, and finish what the source has finished; return the tally with it.

    What waits for a ticket that came in meanwhile is left to the next run, as that ticket is.
    """
    lacking: list[OutboxRow] = []
    for it, held in waiting_pairs(source, target, name):
        seen = seen.plus(it)
        if it != held and target.load(name, it.ticket) is not None:
            lacking.append(it)
        if len(lacking) >= _ROWS:
            target.commit(ChangeSet(district=name, outbox=lacking))
            lacking = []
    if lacking:
        target.commit(ChangeSet(district=name, outbox=lacking))
    for done in _done(source, target, name):
        target.commit(ChangeSet(district=name, finished=sorted(done)))
    return seen


def _done(source: Portable, target: Portable, name: str) -> Iterator[set[str]]:
    """Yield ids that only the target has, some at a time: each batch is looked for in all of the source."""
    rows = waiting_of(target, name)
    while ids := {it.id for it in islice(rows, _IDS)}:
        for it in waiting_of(source, name):
            ids.discard(it.id)
        if ids:
            yield ids
