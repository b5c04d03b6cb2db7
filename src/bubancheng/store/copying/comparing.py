"""How a target stands to its source: before anything is written, and when all is."""

from collections.abc import Iterator

import attrs

from bubancheng.errors import StoreError
from bubancheng.store.contract import StateRow, Store
from bubancheng.store.copying.tallying import (
    OWN,
    PortableStore,
    number_of,
    record_pairs,
    row_pairs,
    waiting_pairs,
)

SEAL = "seal"
"""The key under which copying keeps a sum over all tickets that it has written under a name."""

_FEW = 5
_SIZE = 2**256
_ADVICE = "(the target is no copy of this source, or has been worked with): choose an empty place"


def number_in_seal(row: StateRow | None) -> int:
    """Return what a ticket adds to the sum."""
    return 0 if row is None else number_of(f"{row.ticket}\0{row.version}\0{row.head}")


def sealed(number: int) -> str:
    """Return the text of a sum."""
    return f"{number % _SIZE:064x}"


@attrs.frozen(kw_only=True)
class Standing:
    """How a target stands to its source before anything is written, under one name.

    `same`: how many tickets are the source's, whole or so far; `strays`: the first few that it does not have;
    `seal`: the sum over all; `is_sealed`: whether only copying has written tickets there.
    """

    name: str
    same: int
    strays: tuple[str, ...]
    seal: int
    is_sealed: bool


def compared(source: Store, target: Store, name: str) -> Standing:
    """Look at all tickets of a target; `StoreError` for one that is not a copy of the source's."""
    same, seal = 0, 0
    strays: list[str] = []
    for held, row in row_pairs(target, source, name):
        seal += number_in_seal(held)
        if row is None:
            strays += [held.ticket] if len(strays) < _FEW else []
        else:
            _check_same(source, row, held)
            same += 1
    is_sealed = target.lookup(name, OWN, SEAL) == sealed(seal)
    return Standing(name=name, same=same, strays=tuple(strays), seal=seal, is_sealed=is_sealed)


def _check_same(source: Store, row: StateRow, held: StateRow) -> None:
    if (held.version, held.head) == (row.version, row.head):
        return
    if held.version < row.version:
        link = next(iter(source.entries(row.district, row.ticket, held.version - 1)), None)
        if link is not None and (link.sequence, link.hash) == (held.version, held.head):
            return
    how = "比来源更新 (ahead of the source)" if held.version > row.version else "另有历史 (another history)"
    msg = f"目标存储中 {row.district} 的工单 {row.ticket} {how}：目标不是此来源的副本，或已启用 {_ADVICE}"
    raise StoreError(msg)


def check_strays(standings: list[Standing]) -> None:
    """Refuse tickets that only the target has, but where it is certain that the source had them."""
    is_copy = any(it.same for it in standings)
    for it in standings:
        if it.strays and not (is_copy and it.is_sealed):
            tickets = "、".join(it.strays)
            how = "来源没有 (not in the source)"
            msg = f"目标存储中 {it.name} 的工单 {tickets} {how}：目标不是此来源的副本，或已启用 {_ADVICE}"
            raise StoreError(msg)


def differences(source: PortableStore, target: PortableStore, name: str) -> Iterator[str]:
    """Yield what is not the same in two stores that nobody writes in."""
    for label, it, held in _things(source, target, name):
        if held is None:
            yield f"{name}: {label} 目标没有 (not in the target)"
        elif it != held:
            yield f"{name}: {label} 不同 (another in the target)"
    for label, _, held in _things(target, source, name):
        if held is None:
            yield f"{name}: {label} 来源没有 (only in the target)"


def _things(one: PortableStore, other: PortableStore, name: str) -> Iterator[tuple[str, object, object]]:
    for row, held in row_pairs(one, other, name):
        yield f"工单 {row.ticket}", row, held
    for record, text in record_pairs(one, other, name):
        yield f"{record.kind} {record.key}", record.text, text
    for waiting, found in waiting_pairs(one, other, name):
        yield f"待办 {waiting.id}", waiting, found
