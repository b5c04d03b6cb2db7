"""Whether a stored ticket is what its entries say: chain, state row and personal data."""

import json
from typing import Any

from bubancheng.desk.besides import access_district
from bubancheng.desk.ground import Ground
from bubancheng.errors import BrokenChainError, BubanchengError
from bubancheng.store import StateRow
from bubancheng.ticket import chain, fold


def broken(ground: Ground, row: StateRow) -> BrokenChainError | None:
    """Return the first thing about a stored ticket that does not fit; None where all is whole."""
    try:
        _check(ground, row)
    except BrokenChainError as error:
        return error
    except (ValueError, LookupError, TypeError, AttributeError, BubanchengError) as error:
        return BrokenChainError(row.ticket, row.version, f"无法读取 (cannot be read): {error}")
    return None


def broken_beside(ground: Ground, row: StateRow) -> BrokenChainError | None:
    """Return the first thing about a chain beside the tickets' own that does not fit."""
    is_access = row.district == access_district(ground.district.name)
    what = "查阅记录 (access records)" if is_access else "销毁清册 (register of removals)"
    links = ((link.text, link.hash) for link in ground.store.entries(row.district, row.ticket))
    try:
        chain.check(row.district, row.ticket, links, head=row.head, version=row.version)
    except BrokenChainError as error:
        return BrokenChainError(error.ticket, error.sequence, f"{what}: {error.reason}")
    return None


def _check(ground: Ground, row: StateRow) -> None:
    links = list(ground.store.entries(row.district, row.ticket))
    texts = ((link.text, link.hash) for link in links)
    chain.check(row.district, row.ticket, texts, head=row.head, version=row.version)
    entries = [chain.decode(link.text) for link in links]
    ticket = fold(entries, rule=entries[0].rule or "")
    if chain.pack(ticket) != row.text or (ticket.step, ticket.unit) != (row.step, row.unit):
        raise BrokenChainError(row.ticket, row.version, "状态与记录不符 (the state does not fit the entries)")
    kept = json.loads(ground.personal(row.ticket) or "{}")
    committed = {str(entry.sequence): entry.commitment for entry in entries if entry.commitment}
    erased = max((entry.sequence for entry in entries if entry.kind == "erased"), default=0)
    for sequence in committed:
        if sequence not in kept and int(sequence) > erased:
            reason = "个人信息不见了，也没有清除的记录 (personal data is gone without an erasure)"
            raise BrokenChainError(row.ticket, int(sequence), reason)
    for sequence, secret in kept.items():
        if sequence not in committed or committed[sequence] != _digest(secret):
            reason = "个人信息被改动 (personal data was changed)"
            raise BrokenChainError(row.ticket, int(sequence) if sequence.isdecimal() else 0, reason)


def _digest(secret: dict[str, Any]) -> str | None:
    try:
        return chain.commitment(secret["key"], secret["data"])
    except (KeyError, TypeError, ValueError, AttributeError):
        return None
