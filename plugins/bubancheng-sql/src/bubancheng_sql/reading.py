"""Questions as statements, and what became of changes whose outcome is not known."""

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from bubancheng.store import ChangeSet, Filter, Link, OutboxRow, Record, StateRow
from bubancheng.store.contract import WRITE_ONCE
from bubancheng_sql.hands import Hand
from bubancheng_sql.rows import keyed, record_of
from bubancheng_sql.tables import ENTRY, OUTBOX, RECORD, STATE, TICKET
from bubancheng_sql.texts import plain, shielded

_LOAD = sa.select(*STATE).where(
    TICKET.c.district == sa.bindparam("district"), TICKET.c.ticket_no == sa.bindparam("ticket")
)
_ENTRIES = (
    sa.select(ENTRY.c.sequence_no, ENTRY.c.entry_text, ENTRY.c.entry_hash)
    .where(
        ENTRY.c.district == sa.bindparam("district"),
        ENTRY.c.ticket_no == sa.bindparam("ticket"),
        ENTRY.c.sequence_no > sa.bindparam("after"),
    )
    .order_by(ENTRY.c.sequence_no)
    .limit(sa.bindparam("page"))
)
_LOOKUP = sa.select(RECORD.c.record_text).where(
    RECORD.c.district == sa.bindparam("district"),
    RECORD.c.record_kind == sa.bindparam("kind"),
    RECORD.c.record_key == sa.bindparam("key"),
)
_DUE = (
    sa.select(*STATE)
    .where(TICKET.c.district == sa.bindparam("district"), TICKET.c.next_change <= sa.bindparam("instant"))
    .order_by(TICKET.c.next_change, TICKET.c.ticket_no)
    .limit(sa.bindparam("page"))
)
_FIRST_DISTRICT = sa.select(sa.func.min(TICKET.c.district))
_NEXT_DISTRICT = _FIRST_DISTRICT.where(TICKET.c.district > sa.bindparam("district"))
_ANY_TOLD = (
    sa.select(TICKET.c.district)
    .where(TICKET.c.district == sa.bindparam("district"), TICKET.c.light_word > shielded(""))
    .limit(1)
)
_HELD = sa.union(*[sa.select(it.c.district) for it in (TICKET, RECORD, OUTBOX)]).subquery()
_HOLDINGS = sa.select(_HELD.c.district).order_by(_HELD.c.district)
_RECORDS = (
    sa.select(RECORD.c.record_kind, RECORD.c.record_key, RECORD.c.record_text)
    .where(RECORD.c.district == sa.bindparam("district"))
    .order_by(RECORD.c.record_kind, RECORD.c.record_key)
    .limit(sa.bindparam("page"))
)
_OF_KIND = _RECORDS.where(
    RECORD.c.record_kind == sa.bindparam("kind"), RECORD.c.record_key > sa.bindparam("key")
)
_OF_LATER_KINDS = _RECORDS.where(RECORD.c.record_kind > sa.bindparam("kind"))
_WAITING = (
    sa.select(OUTBOX)
    .where(OUTBOX.c.district == sa.bindparam("district"))
    .order_by(OUTBOX.c.row_id)
    .limit(sa.bindparam("page"))
)
_WAITING_AFTER = _WAITING.where(OUTBOX.c.row_id > sa.bindparam("after"))


def load(hand: Hand, district: str, ticket: str) -> StateRow | None:
    """Return the state row of a ticket; None where there is none."""
    rows = hand.rows(_LOAD, keyed(district=district, ticket=ticket))
    return record_of(StateRow, rows[0]) if rows else None


def links(hand: Hand, district: str, ticket: str, after: int, page: int) -> list[Link]:
    """Return the entries of a ticket after a sequence, a page of them."""
    values = {**keyed(district=district, ticket=ticket), "after": after, "page": page}
    return [record_of(Link, it) for it in hand.rows(_ENTRIES, values)]


def lookup(hand: Hand, district: str, kind: str, key: str) -> str | None:
    """Return the text of a record; None where there is none."""
    rows = hand.rows(_LOOKUP, keyed(district=district, kind=kind, key=key))
    return plain(rows[0][0]) if rows else None


def find(hand: Hand, wanted: Filter) -> list[StateRow]:
    """Return the rows that a filter asks for, ordered by ticket number."""
    found = sa.select(*STATE).where(TICKET.c.district == shielded(wanted.district))
    if wanted.after:
        found = found.where(TICKET.c.ticket_no > shielded(wanted.after))
    for column, value in (
        (TICKET.c.unit_name, wanted.unit),
        (TICKET.c.step_name, wanted.step),
        (TICKET.c.light_word, wanted.light),
    ):
        if value is not None:
            found = found.where(column == shielded(value))
    rows = hand.rows(found.order_by(TICKET.c.ticket_no).limit(wanted.limit))
    return [record_of(StateRow, it) for it in rows]


def due_before(hand: Hand, district: str, instant: int, limit: int) -> list[StateRow]:
    """Return rows whose `next_change` is not after an instant, the earliest first."""
    values = {**keyed(district=district), "instant": instant, "page": limit}
    return [record_of(StateRow, it) for it in hand.rows(_DUE, values)]


def districts(hand: Hand) -> list[str]:
    """Return the districts of which there are tickets: from one to the next, past the rows between."""
    found: list[str] = []
    ((name,),) = hand.rows(_FIRST_DISTRICT)
    while name is not None:
        if hand.rows(_ANY_TOLD, {"district": name}):
            found.append(plain(name))
        ((name,),) = hand.rows(_NEXT_DISTRICT, {"district": name})
    return found


def holdings(hand: Hand) -> list[str]:
    """Return every name under which anything is kept."""
    return [plain(it[0]) for it in hand.rows(_HOLDINGS)]


def records(hand: Hand, district: str, after: tuple[str, str], limit: int) -> list[Record]:
    """Return records ordered by kind and key, those after one: the rest of its kind, then later kinds."""
    kind, key = after
    if not kind and not key:
        rows = list(hand.rows(_RECORDS, {**keyed(district=district), "page": limit}))
    else:
        rows = list(hand.rows(_OF_KIND, {**keyed(district=district, kind=kind, key=key), "page": limit}))
        if len(rows) < limit:
            values = {**keyed(district=district, kind=kind), "page": limit - len(rows)}
            rows += hand.rows(_OF_LATER_KINDS, values)
    return [record_of(Record, it) for it in rows]


def waiting(hand: Hand, district: str, after: str, limit: int) -> list[OutboxRow]:
    """Return outbox rows ordered by id, those after one."""
    if after:
        rows = hand.rows(_WAITING_AFTER, {**keyed(district=district, after=after), "page": limit})
    else:
        rows = hand.rows(_WAITING, {**keyed(district=district), "page": limit})
    return [record_of(OutboxRow, it) for it in rows]


def claimable(district: str, kinds: Sequence[str], n: int, *, now: int, skip_locked: bool) -> sa.Select[Any]:
    """Return the query that locks rows of the outbox that are due."""
    return (
        sa.select(OUTBOX)
        .where(
            OUTBOX.c.district == shielded(district),
            OUTBOX.c.due_at <= now,
            OUTBOX.c.row_kind.in_([shielded(it) for it in kinds]),
        )
        .order_by(OUTBOX.c.due_at, OUTBOX.c.row_id)
        .limit(n)
        .with_for_update(skip_locked=skip_locked)
    )


def was_applied(hand: Hand, changes: Iterable[ChangeSet]) -> bool:
    """Whether changes that can only be made once are there: theirs, and nobody else's."""
    return all(_is_there(hand, change) for change in changes)


def _is_there(hand: Hand, change: ChangeSet) -> bool:
    if change.row is not None and change.links:
        last = change.links[-1]
        found = links(hand, change.district, change.row.ticket, last.sequence - 1, 1)
        if found != [last]:
            return False
    elif change.row is not None and load(hand, change.district, change.row.ticket) != change.row:
        return False
    if change.removed is not None and load(hand, change.district, change.removed) is not None:
        return False
    once = [it for it in change.records if it.kind in WRITE_ONCE]
    return all(lookup(hand, change.district, it.kind, it.key) == it.text for it in once)


def taken(hand: Hand, changes: Sequence[ChangeSet]) -> str | None:
    """Return the sentence about the first ticket or record that is there already; None: none is."""
    written: set[tuple[str, ...]] = set()
    removed = {(it.district, it.removed) for it in changes}
    for change in changes:
        district, row = change.district, change.row
        if row is not None and not change.expected and (district, row.ticket) not in removed:
            key: tuple[str, ...] = district, row.ticket
            if key in written or load(hand, *key) is not None:
                return f"ticket {row.ticket!r} is not at version 0: read it again"
            written.add(key)
        for record in change.records:
            key = district, record.kind, record.key
            if record.kind in WRITE_ONCE:
                if key in written or lookup(hand, *key) is not None:
                    return f"{record.kind} {record.key!r} is there already: read its outcome"
                written.add(key)
    return None
