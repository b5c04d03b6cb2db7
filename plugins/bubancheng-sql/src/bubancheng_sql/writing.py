"""Changes as statements: compare and set by version, all in the one transaction of a hand."""

from collections.abc import Iterable, Sequence

import sqlalchemy as sa

from bubancheng.errors import ConflictError
from bubancheng.store import ChangeSet, OutboxRow, Record, StateRow
from bubancheng.store.contract import WRITE_ONCE
from bubancheng_sql.hands import Hand, Step, Values
from bubancheng_sql.rows import record_of, state, stored
from bubancheng_sql.tables import ENTRY, OUTBOX, RECORD, TICKET
from bubancheng_sql.texts import shielded

_SETTABLE = [it for it in TICKET.columns if not it.primary_key]
_OF_TICKET = sa.and_(
    TICKET.c.district == sa.bindparam("of_district"), TICKET.c.ticket_no == sa.bindparam("of_ticket")
)
_SET = (
    sa.update(TICKET)
    .where(_OF_TICKET, TICKET.c.version_no == sa.bindparam("expected"))
    .values({it: sa.bindparam(it.name) for it in _SETTABLE})
)
_SET_UNTOLD = _SET.where(TICKET.c.told_word == sa.bindparam("expected_told"))
_HELD = sa.select(TICKET.c.version_no, TICKET.c.told_word).where(_OF_TICKET).with_for_update()

_ADD_TICKETS, _ADD_ENTRIES = sa.insert(TICKET), sa.insert(ENTRY)
_ADD_RECORDS, _ADD_OUTBOX = sa.insert(RECORD), sa.insert(OUTBOX)
_DROP_RECORDS = sa.delete(RECORD).where(
    RECORD.c.district == sa.bindparam("of_district"),
    RECORD.c.record_kind == sa.bindparam("of_kind"),
    RECORD.c.record_key == sa.bindparam("of_key"),
)
_DROP_OUTBOX = sa.delete(OUTBOX).where(
    OUTBOX.c.row_id == sa.bindparam("of_row"), OUTBOX.c.district == sa.bindparam("of_district")
)
_DROP_TICKET = [
    sa.delete(it).where(
        it.c.district == sa.bindparam("of_district"), it.c.ticket_no == sa.bindparam("of_ticket")
    )
    for it in (OUTBOX, ENTRY, TICKET)
]
_LEASE = (
    sa.update(OUTBOX)
    .where(OUTBOX.c.row_id == sa.bindparam("of_row"), OUTBOX.c.district == sa.bindparam("of_district"))
    .values(due_at=sa.bindparam("until"), attempts=OUTBOX.c.attempts + 1)
)


def apply(hand: Hand, changes: Sequence[ChangeSet]) -> None:
    """Apply changes as one; what removes a ticket follows what comes before it, and precedes the rest.

    Errors: `ConflictError` where a version differs; the driver's own where a key is taken.
    """
    together: list[ChangeSet] = []
    for change in changes:
        together.append(change)
        if change.removed is not None:
            _apply_together(hand, together)
            _remove(hand, change.district, change.removed, change.expected)
            together = []
    _apply_together(hand, together)


def _apply_together(hand: Hand, changes: Sequence[ChangeSet]) -> None:
    """Write new tickets, then changed ones by their numbers, then what belongs to them.

    Whoever changes several tickets locks them in the same order as everybody else, so that two never wait for
    each other.
    """
    rows = sorted(
        (it for it in changes if it.row is not None),
        key=lambda it: (it.district, it.row.ticket),  # type: ignore[union-attr] # only changes with a row
    )
    links = [stored(ENTRY, it.district, it.row.ticket, link) for it in rows if it.row for link in it.links]
    hand.carry(
        [
            Step(_ADD_TICKETS, [state(it.row) for it in rows if it.row and not it.expected]),
            *[_setting(it, it.row) for it in rows if it.row and it.expected],
            Step(_ADD_ENTRIES, links),
            *_putting_records(changes),
            *_putting_outbox(changes),
        ]
    )


def _remove(hand: Hand, district: str, ticket: str, expected: int) -> None:
    """Lock a ticket, then take away what belongs to it, and itself last: what waits refers to it."""
    key = {"of_district": shielded(district), "of_ticket": shielded(ticket)}
    held = hand.rows(_HELD, key)
    if not held or held[0][0] != expected:
        msg = f"ticket {ticket!r}, which is to be removed, is not at version {expected}: read it again"
        raise ConflictError(msg)
    hand.change(_DROP_RECORDS, _key_of_record(district, "personal", ticket))
    for statement in _DROP_TICKET:
        hand.change(statement, key)


def _setting(change: ChangeSet, row: StateRow) -> Step:
    """Return the step that changes a ticket where it stands as expected."""
    values = state(row)
    key = {"of_district": values.pop("district"), "of_ticket": values.pop("ticket_no")}
    told = None if change.expected_told is None else shielded(change.expected_told)
    values |= {**key, "expected": change.expected}

    def check(hand: Hand, met: int) -> None:
        if not met and (hand.counts_met or not _stood_so(hand, key, (change.expected, told))):
            msg = f"ticket {row.ticket!r} is not at version {change.expected}: read it again"
            raise ConflictError(msg)

    if told is None:
        return Step(_SET, [values], check)
    return Step(_SET_UNTOLD, [values | {"expected_told": told}], check)


def _stood_so(hand: Hand, key: Values, wanted: tuple[int, str | None]) -> bool:
    """Whether a ticket stands as expected: some drivers count only the rows that a change made different."""
    version, told = wanted
    return any(it[0] == version and told in {None, it[1]} for it in hand.rows(_HELD, key))


def _key_of_record(district: str, kind: str, key: str) -> Values:
    return {"of_district": shielded(district), "of_kind": shielded(kind), "of_key": shielded(key)}


def _putting_records(batch: Sequence[ChangeSet]) -> list[Step]:
    once: list[Values] = []
    latest: dict[tuple[str, str, str], Record] = {}
    for change in batch:
        for record in change.records:
            if record.kind in WRITE_ONCE:
                once.append(stored(RECORD, change.district, record))
            else:
                latest[change.district, record.kind, record.key] = record
    again = [stored(RECORD, district, record) for (district, _, _), record in latest.items()]
    return [
        Step(_DROP_RECORDS, [_key_of_record(*it) for it in latest]),
        Step(_ADD_RECORDS, [*once, *again]),
    ]


def _putting_outbox(batch: Sequence[ChangeSet]) -> list[Step]:
    latest: dict[tuple[str, str], OutboxRow | None] = {}
    for change in batch:
        latest |= {(row.id, row.district): row for row in change.outbox}
        latest |= {(row_id, change.district): None for row_id in change.finished}
    again = [stored(OUTBOX, row) for row in latest.values() if row is not None]
    return [_dropping_outbox(latest), Step(_ADD_OUTBOX, again)]


def _dropping_outbox(keys: Iterable[tuple[str, str]]) -> Step:
    return Step(_DROP_OUTBOX, [{"of_row": shielded(row), "of_district": shielded(it)} for row, it in keys])


def drop_outbox(hand: Hand, keys: Iterable[tuple[str, str]]) -> None:
    """Remove rows of the outbox by id and district."""
    hand.carry([_dropping_outbox(keys)])


def claim(hand: Hand, wanted: sa.Select[tuple[object, ...]], *, until: int) -> list[OutboxRow]:
    """Lock the rows of a query and put them off: nobody else gets them until then."""
    rows = hand.rows(wanted)
    leased = [{"of_row": it[0], "of_district": it[1], "until": until} for it in rows]
    hand.change_all(_LEASE, leased)
    return [record_of(OutboxRow, (*it[:4], until, it[5] + 1, it[6])) for it in rows]
