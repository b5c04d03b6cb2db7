"""Who may read what: the state for every role, personal data masked unless a named officer needs it."""

import datetime as dt
from collections.abc import Iterator

from bubancheng.actions import Action
from bubancheng.desk.accessing import EVERYTHING, record_access
from bubancheng.desk.expiring import ending
from bubancheng.desk.ground import Ground
from bubancheng.desk.view import BoardLine, line_of
from bubancheng.desk.writing import Standing
from bubancheng.errors import ArgumentError, ConflictError, NotAllowedError
from bubancheng.flow import Relation, is_related
from bubancheng.privacy import mask_personal
from bubancheng.store import ChangeSet, Record
from bubancheng.ticket import Actor, Fact, Ticket

_ERASED: dict[str, Fact] = {"personal_erased": True}
_TRIES = 8


def logged_read(ground: Ground, actor: Actor, ticket: str, what: str) -> None:
    """Put on record what a role reads of which everything is logged (the overseer), before it is shown."""
    role = ground.district.role(actor.role)
    if role is not None and role.logged:
        record_access(ground, ticket, actor, [what], "监督 (oversight)")


def personal(ground: Ground, ticket_id: str, actor: Actor, purpose: str | None) -> dict[str, str]:
    """Return the personal data of a ticket: masked, or, for a purpose, to those who need it, on record.

    Errors: `NotAllowedError` for a role without the right "personal", or of a unit that does not handle it.
    """
    ticket = ground.ticket(ground.row(ticket_id))
    if purpose is None and ground.district.may(actor, "personal_unlogged"):  # a program that compares
        return ground.personal_data(ticket_id)
    if purpose is None:
        logged_read(ground, actor, ticket_id, "personal, masked")
        return mask_personal(ground.personal_data(ticket_id), kind=ticket.text("reporter_kind"))
    if not purpose.strip():
        msg = "a purpose (查阅目的) says what the personal data is needed for: it is blank"
        raise ArgumentError(msg)
    if not _needs_it(ground, ticket, actor):
        reason = f"role {actor.role!r} of unit {actor.unit!r} has no right to personal data (个人信息) here"
        raise NotAllowedError("personal", ticket.step, reason)
    data = ground.personal_data(ticket_id)
    record_access(ground, ticket_id, actor, sorted(data), purpose)
    return data


def export(
    ground: Ground, actor: Actor, purpose: str, now: dt.datetime
) -> Iterator[tuple[Ticket, BoardLine, dict[str, str]]]:
    """Put a hand-over on record, then return every ticket as of an instant, its personal data masked."""
    if not purpose.strip():
        msg = "a purpose (导出目的) says what the export is for: it is blank"
        raise ArgumentError(msg)
    record_access(ground, EVERYTHING, actor, ["export, masked"], purpose)
    return _exported(ground, now)


def _exported(ground: Ground, now: dt.datetime) -> Iterator[tuple[Ticket, BoardLine, dict[str, str]]]:
    for row in ground.pages():
        seen = ground.ticket(row).as_of(now)
        line = None if seen is None else line_of(ground.district, ground.calendar, seen, now)
        if seen is not None and line is not None:
            yield (
                seen,
                line,
                mask_personal(ground.personal_data(seen.id), kind=seen.text("reporter_kind")),
            )


def _needs_it(ground: Ground, ticket: Ticket, actor: Actor) -> bool:
    """Whether a role may see personal data, and its unit handles the ticket, helps with it, or took it in."""
    if any(ground.district.may(actor, right) for right in ("personal_any", "personal_unlogged")):
        return True
    asked = Action(ticket=ticket.id)
    wrote_it_down = actor.unit is not None and ticket.text("intake_unit") == actor.unit
    return ground.district.may(actor, "personal") and (
        wrote_it_down
        or any(is_related(it, actor, ticket, asked) for it in (Relation.HANDLING, Relation.CO_HANDLER))
    )


def erase(ground: Ground, ticket_id: str, actor: Actor, now: dt.datetime) -> Ticket:
    """Erase the personal data of a ticket whose retention has ended; its history stays whole.

    Errors: `NotAllowedError` for a role without the right "erase", and before the retention has ended.
    """
    for _ in range(_TRIES):
        standing = ground.standing(ticket_id)
        if standing is None:
            raise ground.missing(ticket_id)
        ticket = standing.ticket
        if not ground.district.may(actor, "erase"):
            raise NotAllowedError("erase", ticket.step, f"role {actor.role!r} has no right to erase (清除)")
        until = ending(ground, ticket, "personal")
        if (until is None or now < until) and not ground.district.may(actor, "erase_early"):
            when = (
                "the file is not closed (未归档)" if until is None else f"it is kept until {until:%Y-%m-%d}"
            )
            raise NotAllowedError("erase", ticket.step, when)
        try:
            ground.store.commit(erasure(ground, standing, actor, now))
        except ConflictError:
            continue
        return ground.ticket(ground.row(ticket_id))
    msg = f"ticket {ticket_id!r} was changed by others {_TRIES} times: repeat the command"
    raise ConflictError(msg)


def erasure(ground: Ground, standing: Standing, actor: Actor, at: dt.datetime) -> ChangeSet:
    """Return the change set that erases the personal data of a ticket, and says so in its history."""
    records = [Record("personal", standing.ticket.id, "")]
    return ground.writer(actor, at).append(standing, "erased", _ERASED, records=records)
