"""Moving to another store (迁移存储): everything is copied, and then compared, through the contract alone."""

import hashlib
from collections.abc import Callable
from functools import partial
from itertools import islice

import attrs

from bubancheng.errors import ConflictError, StoreError
from bubancheng.store.contract import ChangeSet, Record, Store
from bubancheng.store.copying.belongings import copy_records, copy_waiting
from bubancheng.store.copying.chains import copy_chains
from bubancheng.store.copying.comparing import Standing, check_strays, compared, differences
from bubancheng.store.copying.tallying import OWN, PortableStore, Tally, chain_fault, rows_of, tally_of

__all__ = ["Copied", "Tally", "Tell", "copy_store"]

Tell = Callable[[str, str, int], object]
"""Told how it goes: under which name, what is done (`compare`, `copy`, `check`), how many tickets so far."""

_FEW = 20  # differences that are named
_NEEDED = ("holdings", "records", "waiting")


@attrs.frozen(kw_only=True)
class Copied:
    """What became of all that is kept under one name.

    `source`, `target`: how much either holds at the end; `is_moving`: somebody wrote in the source meanwhile,
    so the copying is to be repeated; `differences`: what else is not the same, a sentence each.
    """

    name: str
    source: Tally
    target: Tally
    is_moving: bool
    differences: tuple[str, ...]

    @property
    def is_whole(self) -> bool:
        """Whether the target holds the same, and every chain in it is whole."""
        return self.source == self.target and not self.is_moving and not self.differences


def copy_store(source: Store, target: Store, *, tell: Tell = lambda *_: None) -> tuple[Copied, ...]:
    """Copy everything that a store holds into another, and compare the two.

    What the target has already is left, what it has of an earlier state is completed, so it may be cut off at
    any instant and begun again, and repeated while others still write in the source. What the target holds
    under other names stays. Errors: `StoreError` where one cannot list what it holds, where both are one, or
    the target holds tickets that are no copies of the source's; then none has been written.
    """
    one, other = _portable(source, "来源"), _portable(target, "目标")
    names = _names(one, other)
    standings = []
    for name in names:
        tell(name, "compare", 0)
        standings.append(compared(one, other, name))
    check_strays(standings)
    _refuse_same(one, other, names)
    try:
        seen = {it.name: _copy(one, other, it, tell) for it in standings}
    except ConflictError as error:
        msg = f"有别人在目标存储中写入 (somebody else writes in the target): end that, and repeat: {error}"
        raise StoreError(msg) from error
    copies: dict[str, Copied] = {}
    while new := [it for it in _names(one, other) if it not in copies]:  # some may come in meanwhile
        copies |= {name: _checked(one, other, name, seen.get(name, Tally()), tell) for name in new}
    return tuple(copies.values())


def _portable(store: Store, which: str) -> PortableStore:
    missing = [it for it in _NEEDED if not hasattr(store, it)]
    if missing:
        msg = (
            f"{which}存储 {type(store).__name__} 不能列出所存的一切 (cannot list what it holds): "
            f"it has no {', '.join(missing)} of bubancheng.store.Portable"
        )
        raise StoreError(msg)
    return store  # type: ignore[return-value] # just looked at


def _names(source: PortableStore, target: PortableStore) -> list[str]:
    """Return the source's names, and those of the target that go with one of them (`NAME/access`)."""
    own = set(source.holdings())
    return sorted(own | {it for it in target.holdings() if it.rpartition("/")[0] in own})


def _refuse_same(source: PortableStore, target: PortableStore, names: list[str]) -> None:
    """Write a word into the target that is not in the source, and look for it there."""
    for name in names[:1]:
        word = hashlib.sha256((source.lookup(name, OWN, "begun") or "").encode()).hexdigest()
        target.commit(ChangeSet(district=name, records=[Record(OWN, "begun", word)]))
        if source.lookup(name, OWN, "begun") == word:
            msg = "来源与目标是同一个存储 (source and target are one store): choose another place"
            raise StoreError(msg)


def _copy(source: PortableStore, target: PortableStore, standing: Standing, tell: Tell) -> Tally:
    name = standing.name
    seen = copy_chains(source, target, standing, partial(tell, name, "copy"))
    seen = copy_records(source, target, name, seen)
    return copy_waiting(source, target, name, seen)


def _checked(source: PortableStore, target: PortableStore, name: str, seen: Tally, tell: Tell) -> Copied:
    found = []
    for done, row in enumerate(rows_of(target, name), start=1):
        tell(name, "check", done)
        fault = chain_fault(target, row)
        if fault is not None:
            found.append(f"{name}: {fault}")
    got, now = tally_of(target, name), tally_of(source, name)
    if got != now == seen:
        found += islice(differences(source, target, name), _FEW)
        found += [] if found else [f"{name}: 数量不同 (other counts): {now}, {got}"]
    return Copied(name=name, source=now, target=got, is_moving=seen != now, differences=tuple(found[:_FEW]))
