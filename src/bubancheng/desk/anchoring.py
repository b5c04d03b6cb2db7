"""Anchors: a digest of every chain's head, kept elsewhere, by which a rebuilt history shows itself."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterator

import attrs

from bubancheng.desk import register
from bubancheng.desk.besides import access_district, removed_district
from bubancheng.desk.checking import broken_beside
from bubancheng.desk.ground import Ground
from bubancheng.errors import BrokenChainError
from bubancheng.store import ChangeSet, Record

_CHUNK = 1000  # heads in one record
_WHOLE = "*"


@attrs.frozen(kw_only=True)
class Anchor:
    """What to keep where nobody who can write the store can write: `digest`, of how many chains, when."""

    district: str
    digest: str
    chains: int
    at: dt.datetime


def drop_anchor(ground: Ground, now: dt.datetime) -> Anchor:
    """Write the heads of all chains down in the store, and return the digest of that list."""
    lines = list(_lines(ground))
    digest = _digest(lines)
    records = [
        Record("anchor", f"{digest}/{number}", "\n".join(lines[start : start + _CHUNK]))
        for number, start in enumerate(range(0, max(len(lines), 1), _CHUNK))
    ]
    for record in records:
        ground.store.commit(ChangeSet(district=ground.district.name, records=[record]))
    return Anchor(district=ground.district.name, digest=digest, chains=len(lines), at=now)


def _lines(ground: Ground) -> Iterator[str]:
    here = ground.district.name
    for district in (here, access_district(here), removed_district(here)):
        for row in ground.pages_of(district):
            yield json.dumps([district, row.ticket, row.version, row.head])


def _digest(lines: list[str]) -> str:
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def differences(ground: Ground, digest: str) -> Iterator[BrokenChainError]:
    """Yield each chain that is not a continuation of what an anchor saw: cut, deleted, or rebuilt."""
    lines: list[str] = []
    number = 0
    while (text := ground.store.lookup(ground.district.name, "anchor", f"{digest}/{number}")) is not None:
        lines += text.split("\n") if text else []
        number += 1
    if _digest(lines) != digest or not number:
        yield BrokenChainError(_WHOLE, 0, "封存清单不符 (the list of this anchor was changed, or removed)")
        return
    for line in lines:
        district, ticket, sequence, head = json.loads(line)
        link = next(iter(ground.store.entries(district, ticket, sequence - 1)), None)
        is_there = link is not None and ground.store.load(district, ticket) is not None
        if is_there and link is not None and (link.sequence, link.hash) == (sequence, head):
            continue
        if register.covers(ground, district, ticket, sequence, head):
            continue
        reason = "与封存时不符 (rebuilt after the anchor)"
        if not is_there:
            reason = "封存时有的记录没有了 (what the anchor saw is gone)"
        yield BrokenChainError(ticket, sequence, reason)


def check_accesses(ground: Ground, ticket: str | None) -> Iterator[BrokenChainError]:
    """Yield each chain of access records that does not fit."""
    for row in ground.pages_of(access_district(ground.district.name)):
        error = broken_beside(ground, row) if ticket in {None, row.ticket} else None
        if error is not None:
            yield error
