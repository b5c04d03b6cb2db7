"""Whether a stored ticket is what its entries say: chain, state row and personal data."""

import json

from bubancheng.errors import BrokenChainError, BubanchengError
from bubancheng.store import StateRow, Store
from bubancheng.ticket import chain, fold


def broken(store: Store, row: StateRow) -> BrokenChainError | None:
    """Return the first thing about a stored ticket that does not fit; None where all is whole."""
    try:
        _check(store, row)
    except BrokenChainError as error:
        return error
    except (ValueError, KeyError, TypeError, AttributeError, BubanchengError) as error:
        return BrokenChainError(row.ticket, row.version, f"无法读取 (cannot be read): {error}")
    return None


def _check(store: Store, row: StateRow) -> None:
    links = list(store.entries(row.district, row.ticket))
    texts = ((link.text, link.hash) for link in links)
    chain.check(row.district, row.ticket, texts, head=row.head, version=row.version)
    entries = [chain.decode(link.text) for link in links]
    ticket = fold(entries, rule=chain.unpack(row.district, row.ticket, row.text).rule)
    if chain.pack(ticket) != row.text or (ticket.step, ticket.unit) != (row.step, row.unit):
        raise BrokenChainError(row.ticket, row.version, "状态与记录不符 (the state does not fit the entries)")
    kept = json.loads(store.lookup(row.district, "personal", row.ticket) or "{}")
    for entry in entries:
        secret = kept.get(str(entry.sequence))
        if secret and chain.commitment(secret["key"], secret["data"]) != entry.commitment:
            raise BrokenChainError(row.ticket, entry.sequence, "个人信息被改动 (personal data was changed)")
