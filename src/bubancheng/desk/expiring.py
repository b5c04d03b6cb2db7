"""When retention (保管期限) ends: what of which closed file is due to be erased, moved or destroyed."""

import datetime as dt
from collections.abc import Iterator

import attrs

from bubancheng.desk.besides import access_district, removal
from bubancheng.desk.ground import Ground
from bubancheng.district.retaining import class_of
from bubancheng.errors import BrokenChainError, StoreError, UnknownDayError
from bubancheng.sla import Limit
from bubancheng.store import StateRow
from bubancheng.ticket import Ticket, chain

PERSONAL, MOVE, DESTROY, ACCESSES = "personal", "move", "destroy", "accesses"


@attrs.frozen(kw_only=True)
class Expiry:
    """A limit of retention that has ended: of which file, of which class, what is due, since when.

    `due`: "personal" (its personal data is to be erased), "move" (it may be moved into an archive), "destroy"
    (the whole file is to be destroyed), "accesses" (the records of who read a file that is gone are).
    """

    ticket: str
    retention: str
    due: str
    since: dt.datetime


def ending(ground: Ground, ticket: Ticket, key: str) -> dt.datetime | None:
    """Return when a limit of its class ends for a file; None where it is not closed, or kept for ever.

    `key`: "personal", "online" or "case". A file that was taken up again is not closed.
    """
    archived = [mark for mark in ticket.marks if mark.kind == "archived"]
    retention = ground.district.retention_of(ticket)
    if not archived or archived[-1].step != ticket.step or retention is None:
        return None
    return _end(ground, getattr(retention, key), archived[-1].at)


def _end(ground: Ground, limit: Limit | None, start: dt.datetime) -> dt.datetime | None:
    try:
        return None if limit is None else limit.due(start, ground.calendar).at
    except UnknownDayError:  # beyond the last day of any calendar
        return None


def expiries(
    ground: Ground, now: dt.datetime, unreadable: list[BrokenChainError]
) -> Iterator[tuple[Expiry, StateRow]]:
    """Yield every limit that has ended, with the row it was read from; note rows that cannot be read."""
    flow = ground.district.flow
    for step in sorted({it.target for it in flow.transitions if it.entry == "archived" and it.target}):
        for row in ground.pages(step=step):
            try:
                ticket = ground.ticket(row)
            except StoreError as error:
                unreadable.append(BrokenChainError(row.ticket, row.version, str(error)))
                continue
            yield from ((it, row) for it in _of_file(ground, ticket, now))
    for row in ground.pages_of(access_district(ground.district.name)):
        yield from ((it, row) for it in _of_accesses(ground, row, now))


def _of_file(ground: Ground, ticket: Ticket, now: dt.datetime) -> Iterator[Expiry]:
    """Yield what is due of a file; its personal data and its place no more where the whole of it is."""
    retention = ground.district.retention_of(ticket)
    for due, key in ((DESTROY, "case"), (PERSONAL, "personal"), (MOVE, "online")):
        since = ending(ground, ticket, key)
        if retention is None or since is None or now < since:
            continue
        if due == PERSONAL and not ground.store.lookup(ticket.district, "personal", ticket.id):
            continue  # erased before, or there never was any
        yield Expiry(ticket=ticket.id, retention=retention.id, due=due, since=since)
        if due == DESTROY:
            return


def _of_accesses(ground: Ground, row: StateRow, now: dt.datetime) -> Iterator[Expiry]:
    """Yield the access records of a file that is gone, once the last of them is old enough."""
    gone = removal(ground.store, ground.district.name, row.ticket)
    if gone is None:
        return
    retention = class_of(ground.district.retentions, gone.effect.facts.get("retention"))
    last = next(iter(ground.store.entries(row.district, row.ticket, row.version - 1)), None)
    if retention is None or last is None:
        return
    since = _end(ground, retention.accesses, chain.decode(last.text).recorded_at)
    if since is not None and since <= now:
        yield Expiry(ticket=row.ticket, retention=retention.id, due=ACCESSES, since=since)
