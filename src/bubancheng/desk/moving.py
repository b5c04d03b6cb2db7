"""Moving closed files into an archive's store (移交档案库): copied, checked, only then taken out."""

import datetime as dt
import secrets
from collections.abc import Iterator

import attrs

from bubancheng.desk import register
from bubancheng.desk.besides import DESTROYED, MOVED, access_district, removal
from bubancheng.desk.checking import broken, broken_beside
from bubancheng.desk.expiring import MOVE, Expiry, ending, expiries
from bubancheng.desk.ground import PAGE, Ground
from bubancheng.desk.opening import active_calendar
from bubancheng.desk.outlook import micros
from bubancheng.desk.purging import Clearance, Tell, check_rights, is_committed, is_whole
from bubancheng.errors import ArgumentError, BrokenChainError, StoreError
from bubancheng.store import ChangeSet, OutboxRow, Record, StateRow
from bubancheng.ticket import Actor

_MOVING = "moving"  # the kind of outbox row in the archive that stands for a file not taken out here yet
_CALENDARS = ("calendar", "old_calendar")  # the facts that name a calendar by its version


@attrs.frozen(kw_only=True)
class Transfer:
    """A move from one store into another: what stands on either, what the archive is called, who moves."""

    ground: Ground
    archive: Ground
    name: str
    actor: Actor
    now: dt.datetime

    def carry_out(self, tell: Tell | None) -> Clearance:
        """Move every closed file that need not stay at hand; cut off, the next call goes on."""
        check_rights(self.ground, "archive_into", self.actor, ("destroy",), self.now)
        self._check_stores()
        self._settle_earlier()
        faults: list[BrokenChainError] = []
        moved = kept = 0
        for expiry, row in expiries(self.ground, self.now, faults):
            if expiry.due != MOVE:
                continue
            try:
                is_moved = self._is_moved(expiry, row)
            except BrokenChainError as fault:
                faults.append(fault)
                continue
            if not is_moved:
                kept += 1
                self._settle(expiry.ticket)
                continue
            moved += 1
            if tell is not None:
                tell(expiry)
        return Clearance(moved=moved, kept=kept, broken=tuple(str(it) for it in faults))

    def _check_stores(self) -> None:
        """Refuse an archive that cannot keep anything for good by itself, or that is this very store."""
        here, store = self.ground.district.name, self.archive.store
        if not self.name.strip() or "://" in self.name:
            msg = f"name is what the archive is called (档案库名称), not its address, got {self.name!r}"
            raise ArgumentError(msg)
        if store.is_borrowed or self.ground.store.is_borrowed:
            msg = "a move commits here and there by itself: no store on a connection of yours can take part"
            raise ArgumentError(msg)
        token = secrets.token_hex()
        store.commit(ChangeSet(district=here, records=[Record("setting", "archive", token)]))
        if self.ground.store.lookup(here, "setting", "archive") == token:
            msg = f"{self.name!r} 就是本存储 (this is the same store): name another one"
            raise ArgumentError(msg)
        if store.lookup(here, "setting", "calendar") is None:
            active_calendar(self.ground.district, store, self.ground.calendar)

    # -- one file

    def _is_moved(self, expiry: Expiry, row: StateRow) -> bool:
        """Copy a file and who read it, check the copy, take it out here; False where it changed meanwhile."""
        ground = self.ground
        if not is_whole(ground, row, broken):
            return False
        beside = ground.store.load(access_district(row.district), row.ticket)
        if beside is not None and not is_whole(ground, beside, broken_beside):
            return False
        waiting = self._waiting(row.ticket)
        copies = [
            attrs.evolve(self._copy(row), records=[*self._records(row)], outbox=[waiting]),
            *(self._copy(it) for it in (beside,) if it is not None),
        ]
        if not is_committed(self.archive, *copies):
            return False
        self._check_copies(row, beside)
        entry = register.entered(
            ground,
            expiry,
            MOVED,
            actor=self.actor,
            file=register.hashes(ground, row),
            accesses=register.hashes(ground, beside),
            to=self.name,
        )
        if not is_committed(ground, entry, *(_without(it) for it in (row, beside) if it is not None)):
            return False
        self.archive.store.finish(waiting)
        return True

    def _copy(self, row: StateRow) -> ChangeSet:
        """Return what the archive lacks of a chain: all of it, or what was added since it was copied."""
        key = (row.district, row.ticket)
        there = self.archive.store.load(*key)
        after = 0 if there is None else there.version
        if there is not None:
            last = next(iter(self.ground.store.entries(*key, after - 1)), None)
            if last is None or last.hash != there.head:
                reason = "档案库中已有同号而内容不同的工单 (the archive holds another one of this number)"
                raise BrokenChainError(row.ticket, after, reason)
        links = [it for it in self.ground.store.entries(*key, after) if it.sequence <= row.version]
        return ChangeSet(district=row.district, expected=after, row=row, links=links)

    def _records(self, row: StateRow) -> Iterator[Record]:
        """Yield the records that belong to a file that the archive lacks: as sealed, and its calendars."""
        marks = self.ground.ticket(row).marks
        versions = {str(mark.facts[it]) for mark in marks for it in _CALENDARS if it in mark.facts}
        for kind, key in (("personal", row.ticket), *(("calendar", it) for it in sorted(versions))):
            text = self.ground.store.lookup(row.district, kind, key)
            if text is not None and text != self.archive.store.lookup(row.district, kind, key):
                yield Record(kind, key, text)

    def _check_copies(self, row: StateRow, beside: StateRow | None) -> None:
        """Read back what was copied: what does not keep it as it was is no place to move it to."""
        for it, fault in ((row, broken), (beside, broken_beside)):
            if it is None:
                continue
            found = fault(self.archive, it)
            if found is not None or self.archive.store.load(it.district, it.ticket) != it:
                msg = f"档案库没有照原样存下 (the archive did not keep it as it was): {found or it.ticket}"
                raise StoreError(msg)

    # -- what was cut off, or came too late

    def _settle_earlier(self) -> None:
        """Settle what a move that was cut off left in the archive."""
        here, at = self.ground.district.name, micros(self.ground.clock())
        while rows := self.archive.store.claim(here, [_MOVING], PAGE, now=at, lease=1):
            for row in rows:
                self._settle(row.ticket)

    def _settle(self, ticket: str) -> None:
        """Take a copy away again of a file taken up again, or destroyed; let go of one that was moved."""
        ground, here = self.ground, self.ground.district.name
        row = ground.store.load(here, ticket)
        since = None if row is None else ending(ground, ground.ticket(row), "online")
        if since is not None and since <= self.now:
            return  # it is moved in its turn, whoever began it
        gone = None if row is not None else removal(ground.store, here, ticket)
        if row is not None or (gone is not None and gone.kind == DESTROYED):
            copied = [self.archive.store.load(it, ticket) for it in (here, access_district(here))]
            is_committed(self.archive, *(_without(it) for it in copied if it is not None))
        elif gone is not None:
            self.archive.store.finish(self._waiting(ticket))

    def _waiting(self, ticket: str) -> OutboxRow:
        """Return what stands in the archive for a file until it is taken out here."""
        return OutboxRow(
            id=f"{ticket}/{_MOVING}",
            district=self.ground.district.name,
            ticket=ticket,
            kind=_MOVING,
            due=micros(self.ground.clock()),
        )


def _without(row: StateRow) -> ChangeSet:
    return ChangeSet(district=row.district, removed=row.ticket, expected=row.version)
