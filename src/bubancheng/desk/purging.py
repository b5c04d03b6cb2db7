"""Purging (到期清除): erase, destroy, and write down what went, each file in one commit of its own."""

import datetime as dt
from collections.abc import Callable

import attrs

from bubancheng.desk import register
from bubancheng.desk.besides import ACCESSES_DESTROYED, DESTROYED
from bubancheng.desk.checking import broken, broken_beside
from bubancheng.desk.expiring import ACCESSES, DESTROY, MOVE, PERSONAL, Expiry, expiries
from bubancheng.desk.ground import Ground
from bubancheng.desk.reading import erasure
from bubancheng.desk.wording import check_actor
from bubancheng.errors import ArgumentError, BrokenChainError, ConflictError, NotAllowedError
from bubancheng.store import ChangeSet, StateRow
from bubancheng.ticket import Actor

Tell = Callable[[Expiry], None]
_Changes = tuple[ChangeSet, ...] | None  # None: it was changed since it was read


@attrs.frozen(kw_only=True)
class Clearance:
    """What a purge, or a move into an archive, did: how many files, by what was done.

    `accesses`: of how many files that are gone the access records went; `kept`: how many were changed by
    others meanwhile, and stay until the next time; `broken`: what does not fit its hashes, in words; that
    stays too.
    """

    erased: int = 0
    destroyed: int = 0
    moved: int = 0
    accesses: int = 0
    kept: int = 0
    broken: tuple[str, ...] = ()


def check_rights(ground: Ground, deed: str, actor: Actor, rights: tuple[str, ...], now: dt.datetime) -> None:
    """Refuse whoever lacks a right, and an instant that has not come yet."""
    check_actor("actor", actor)
    for right in rights:
        if not ground.district.may(actor, right):
            raise NotAllowedError(deed, "-", f"role {actor.role!r} has no right {right!r} (清除、销毁)")
    if now > ground.clock():
        msg = f"{now} 还没有到 (has not come yet): only the plan may look ahead"
        raise ArgumentError(msg)


def purge(
    ground: Ground, actor: Actor, now: dt.datetime, *, approver: Actor | None = None, tell: Tell | None = None
) -> Clearance:
    """Erase and destroy whatever is due at an instant; cut off, the next purge goes on where it stopped."""
    check_rights(ground, "purge", actor, ("erase", "destroy"), now)
    if approver is not None:
        check_actor("approver", approver)
        if approver.id == actor.id or not ground.district.may(approver, "destroy"):
            reason = f"{approver.id!r} is not a second person with the right 'destroy' (监销人)"
            raise NotAllowedError("purge", "-", reason)
    faults: list[BrokenChainError] = []
    done = dict.fromkeys(("erased", "destroyed", "accesses", "kept"), 0)
    for expiry, row in expiries(ground, now, faults):
        if expiry.due == MOVE:
            continue
        name, deed = _DEEDS[expiry.due]
        try:
            changes = deed(ground, expiry, row, actor, approver)
        except BrokenChainError as fault:
            faults.append(fault)
            continue
        if changes is None or not is_committed(ground, *changes):
            done["kept"] += 1
        else:
            done[name] += 1
            if tell is not None:
                tell(expiry)
    return Clearance(**done, broken=tuple(str(it) for it in faults))


def is_committed(ground: Ground, *changes: ChangeSet) -> bool:
    """Commit changes, or none of them where somebody else wrote first."""
    try:
        ground.store.commit(*changes)
    except ConflictError:
        return False
    return True


def is_whole(ground: Ground, row: StateRow, fault: Callable[[Ground, StateRow], Exception | None]) -> bool:
    """Whether a chain still is as it was read; raise where it does not fit its hashes: evidence stays."""
    found = fault(ground, row)
    if ground.store.load(row.district, row.ticket) != row:
        return False
    if found is not None:
        raise found
    return True


def _erase(ground: Ground, expiry: Expiry, row: StateRow, actor: Actor, _: Actor | None) -> _Changes:
    standing = ground.standing(expiry.ticket)
    if standing is None or standing.head != row.head:
        return None
    return (erasure(ground, standing, actor, ground.clock()),)


def _destroy(ground: Ground, expiry: Expiry, row: StateRow, actor: Actor, approver: Actor | None) -> _Changes:
    if not is_whole(ground, row, broken):
        return None
    gone = register.hashes(ground, row)
    entry = register.entered(ground, expiry, DESTROYED, actor=actor, approver=approver, file=gone)
    return entry, ChangeSet(district=row.district, removed=row.ticket, expected=row.version)


def _destroy_accesses(
    ground: Ground, expiry: Expiry, row: StateRow, actor: Actor, approver: Actor | None
) -> _Changes:
    if not is_whole(ground, row, broken_beside):
        return None
    gone = register.hashes(ground, row)
    entry = register.entered(
        ground, expiry, ACCESSES_DESTROYED, actor=actor, approver=approver, accesses=gone
    )
    return entry, ChangeSet(district=row.district, removed=row.ticket, expected=row.version)


_Deed = Callable[[Ground, Expiry, StateRow, Actor, Actor | None], _Changes]
_DEEDS: dict[str, tuple[str, _Deed]] = {
    PERSONAL: ("erased", _erase),
    DESTROY: ("destroyed", _destroy),
    ACCESSES: ("accesses", _destroy_accesses),
}
