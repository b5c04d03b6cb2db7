"""The register of what was taken out (销毁清册): one chain a ticket, with the hash of each entry."""

import datetime as dt
from collections.abc import Iterator

from bubancheng.desk.besides import (
    ACCESSES_DESTROYED,
    DESTROYED,
    MOVED,
    access_district,
    appended,
    removed_district,
)
from bubancheng.desk.checking import broken_beside
from bubancheng.desk.expiring import Expiry
from bubancheng.desk.ground import Ground
from bubancheng.errors import BrokenChainError, StoreError
from bubancheng.store import ChangeSet, StateRow
from bubancheng.ticket import Actor, Entry, Fact, chain

_REASONS = {
    DESTROYED: "保管期限届满，销毁",
    MOVED: "在线期限届满，移交档案库",
    ACCESSES_DESTROYED: "查阅记录的保管期限届满，销毁",
}
_HASHES, _ACCESS_HASHES = "hashes", "access_hashes"


def hashes(ground: Ground, row: StateRow | None) -> tuple[str, ...]:
    """Return the hash of every entry of a chain, by which an anchor can be checked once it is gone."""
    if row is None:
        return ()
    return tuple(it.hash for it in ground.store.entries(row.district, row.ticket))


def entered(  # noqa: PLR0913 one argument a part of the entry
    ground: Ground,
    expiry: Expiry,
    kind: str,
    *,
    actor: Actor,
    approver: Actor | None = None,
    file: tuple[str, ...] = (),
    accesses: tuple[str, ...] = (),
    to: str | None = None,
) -> ChangeSet:
    """Return the change set that writes down that something is taken out; it is committed with that.

    `file`, `accesses`: the hashes of the entries that go, of the file and of who read it.
    """
    facts: dict[str, Fact] = {"retention": expiry.retention, "since": expiry.since.isoformat()}
    if file:
        facts |= {"version": len(file), "head": file[-1], _HASHES: file}
    if accesses:
        facts[_ACCESS_HASHES] = accesses
    if to is not None:
        facts["to"] = to
    return appended(
        ground.store,
        removed_district(ground.district.name),
        expiry.ticket,
        kind,
        facts,
        actor=actor,
        approver=approver,
        at=ground.clock(),
        reason=_REASONS[kind],
    )


def entries(ground: Ground, ticket: str) -> list[Entry]:
    """Return what the register says of a ticket, in order."""
    links = ground.store.entries(removed_district(ground.district.name), ticket)
    return [chain.decode(link.text) for link in links]


def removals(ground: Ground, ticket: str | None) -> Iterator[Entry]:
    """Yield what the register says of a ticket, or of all."""
    if ticket is not None:
        yield from entries(ground, ticket)
        return
    for row in ground.pages_of(removed_district(ground.district.name)):
        yield from entries(ground, row.ticket)


def covers(ground: Ground, district: str, ticket: str, sequence: int, head: str) -> bool:
    """Whether a chain that had this head at a sequence was taken out, by the word of the register."""
    here = ground.district.name
    if district == here and ground.store.load(district, ticket) is not None:
        return False
    fact = {here: _HASHES, access_district(here): _ACCESS_HASHES}.get(district)
    for entry in entries(ground, ticket) if fact is not None else ():
        gone = entry.effect.facts.get(fact or "")
        if isinstance(gone, tuple) and gone[sequence - 1 : sequence] == (head,):
            return True
    return False


def check_register(ground: Ground, ticket: str | None) -> Iterator[BrokenChainError]:
    """Yield each chain of the register that does not fit, or says that a ticket is gone which is there."""
    for row in ground.pages_of(removed_district(ground.district.name)):
        if ticket in {None, row.ticket}:
            try:
                error = broken_beside(ground, row) or next(_wrong(ground, row), None)
            except (ValueError, LookupError, TypeError, StoreError) as cause:
                reason = f"销毁清册无法读取 (the register cannot be read): {cause}"
                error = BrokenChainError(row.ticket, row.version, reason)
            if error is not None:
                yield error


def _wrong(ground: Ground, row: StateRow) -> Iterator[BrokenChainError]:
    for entry in entries(ground, row.ticket):
        facts, reason = entry.effect.facts, None
        gone = facts.get(_HASHES) if entry.kind != ACCESSES_DESTROYED else facts.get(_ACCESS_HASHES)
        if entry.kind not in _REASONS or not isinstance(gone, tuple) or not gone:
            reason = "不是销毁清册的记录 (no entry of a register of removals)"
        elif entry.kind != ACCESSES_DESTROYED and (facts["version"], facts["head"]) != (len(gone), gone[-1]):
            reason = "版本、校验值与清单不符 (version and head do not fit the hashes)"
        elif dt.datetime.fromisoformat(str(facts["since"])) > entry.at:
            reason = "期限未满就已移出 (taken out before its retention had ended)"
        if reason is not None:
            yield BrokenChainError(row.ticket, entry.sequence, f"销毁清册：{reason}")
    if ground.store.load(ground.district.name, row.ticket) is not None:
        reason = "销毁清册称已移出，工单却在 (the register says it is gone, and it is there)"
        yield BrokenChainError(row.ticket, row.version, reason)
