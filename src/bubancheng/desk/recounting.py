"""Another calendar: what would move before anything moves, and then the move, resumable."""

import datetime as dt
import json
from collections.abc import Iterator
from itertools import islice

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.desk.ground import PAGE, Ground
from bubancheng.desk.outlook import clocks_of
from bubancheng.errors import ConflictError, NotAllowedError, UnknownNameError
from bubancheng.sla import Light
from bubancheng.store import ChangeSet, Record, StateRow
from bubancheng.ticket import Actor, Fact, Ticket


@attrs.frozen(kw_only=True)
class Move:
    """What another calendar does to one open ticket: its due time, its light, both before and after.

    `old_provisional`, `new_provisional`: whether each due time rests on unannounced days.
    """

    ticket: str
    old_due: dt.datetime | None
    new_due: dt.datetime | None
    old_light: Light
    new_light: Light
    old_provisional: bool
    new_provisional: bool

    @property
    def is_moved(self) -> bool:
        """Whether the due time or the light changes."""
        return (self.old_due, self.old_light) != (self.new_due, self.new_light)


def plan(ground: Ground, calendar: WorkCalendar, now: dt.datetime) -> list[Move]:
    """Return the open tickets whose due time or light would change; nothing changes yet."""
    moves = (_move(ground, ground.ticket(row), calendar, now) for row in ground.pages())
    return [move for move in moves if move is not None and move.is_moved]


def _move(ground: Ground, ticket: Ticket, calendar: WorkCalendar, now: dt.datetime) -> Move | None:
    """Return what a calendar does to a ticket; None where it is closed."""
    before, _ = clocks_of(ground.district, ground.calendar, ticket)
    if before.stopped is not None:
        return None
    after, _ = clocks_of(ground.district, calendar, ticket)
    return Move(
        ticket=ticket.id,
        old_due=before.due,
        new_due=after.due,
        old_light=before.light(now),
        new_light=after.light(now),
        old_provisional=before.provisional,
        new_provisional=after.provisional,
    )


def apply(ground: Ground, calendar: WorkCalendar, actor: Actor, now: dt.datetime) -> list[Move]:
    """Append a `recalculated` entry to each open ticket, in batches, then make the calendar active.

    Cut off, it goes on where it stopped when it is called again: until the last batch the old calendar
    stays active, and a ticket that has its entry gets no second one. Returns what this call moved.
    """
    if not ground.district.may(actor, "calendar"):
        raise NotAllowedError(
            "apply_calendar", "-", f"role {actor.role!r} has no right to change the calendar"
        )
    keep_calendar(ground, calendar)
    moved: list[Move] = []
    rows = ground.pages()
    while batch := list(islice(rows, PAGE)):
        moved += _apply_batch(ground, calendar, actor, now, batch)
    activate = Record("setting", "calendar", calendar.version)
    ground.store.commit(ChangeSet(district=ground.district.name, records=[activate]))
    ground.calendar = calendar
    return [move for move in moved if move.is_moved]


def _apply_batch(
    ground: Ground, calendar: WorkCalendar, actor: Actor, now: dt.datetime, batch: list[StateRow]
) -> Iterator[Move]:
    writer = attrs.evolve(ground.writer(actor, now), calendar=calendar)
    left = [row.ticket for row in batch]
    while left:
        changes, moves = [], []
        for ticket_id in left:
            standing = ground.standing(ticket_id)
            if standing is None or standing.ticket.facts.get("calendar") == calendar.version:
                continue
            move = _move(ground, standing.ticket, calendar, now)
            if move is not None:
                changes.append(
                    writer.append(standing, "recalculated", _facts(move, ground.calendar, calendar))
                )
                moves.append(move)
        try:
            ground.store.commit(*changes)
        except ConflictError:
            continue  # somebody wrote one of them meanwhile: read them again
        yield from moves
        return


def _facts(move: Move, old: WorkCalendar, new: WorkCalendar) -> dict[str, Fact]:
    return {
        "calendar": new.version,
        "old_calendar": old.version,
        "old_due": None if move.old_due is None else move.old_due.isoformat(),
        "new_due": None if move.new_due is None else move.new_due.isoformat(),
    }


def keep_calendar(ground: Ground, calendar: WorkCalendar) -> None:
    """Store a calendar whole, under its version, so that old figures can be made again."""
    text = json.dumps(calendar.to_dict(), ensure_ascii=False)
    record = Record("calendar", calendar.version, text)
    ground.store.commit(ChangeSet(district=ground.district.name, records=[record]))


def kept_calendar(ground: Ground, version: str) -> WorkCalendar:
    """Return a calendar this district has used; `UnknownNameError` for another version."""
    text = ground.store.lookup(ground.district.name, "calendar", version)
    if text is None:
        raise UnknownNameError("历法 calendar", version, [ground.calendar.version])
    return WorkCalendar.from_dict(json.loads(text))
