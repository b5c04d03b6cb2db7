"""What the reporter sees by the query code (查询编码), and nothing else."""

import datetime as dt

import attrs

from bubancheng.desk.ground import Ground
from bubancheng.desk.outlook import clocks_of
from bubancheng.errors import RemovedTicketError, UnknownNameError
from bubancheng.privacy import hashed_query_code
from bubancheng.ticket import Ticket


@attrs.frozen(kw_only=True)
class PublicStep:
    """A step that a ticket has taken: its name for the public, and when."""

    name: str
    at: dt.datetime


@attrs.frozen(kw_only=True)
class PublicStatus:
    """A ticket as its reporter may see it: no names, no texts, no reasons of officials.

    `unit`: who is on it; `next_step`: what comes next; `due`: until when there will be a reply, None while
    that is open; `steps`: what has happened.
    """

    ticket: str
    matter: str
    step: str
    next_step: str
    unit: str | None
    due: dt.datetime | None
    provisional: bool
    steps: tuple[PublicStep, ...]


def track(ground: Ground, query_code: str, now: dt.datetime) -> PublicStatus:
    """Return what a query code opens; `UnknownNameError` where it opens nothing, or nothing any more."""
    found = ground.store.lookup(ground.district.name, "query", hashed_query_code(query_code))
    if found is None:
        raise UnknownNameError("查询编码 query code", "****", ())
    try:
        row = ground.row(found)
    except RemovedTicketError as error:  # where the archive is, is no matter of the public's
        raise RemovedTicketError(error.name, error.kind, error.on) from None
    return public_status(ground, ground.ticket(row), now)


def public_status(ground: Ground, ticket: Ticket, now: dt.datetime) -> PublicStatus:
    """Return the public view of a ticket as it stood at an instant."""
    seen = ticket.as_of(now) or ticket
    flow = ground.district.flow
    watched, _ = clocks_of(ground.district, ground.calendar, seen)
    step = flow.step(seen.step)
    taken = [mark for mark in seen.marks if mark.step is not None]
    running = watched.started is not None and watched.started <= now and watched.stopped is None
    return PublicStatus(
        ticket=seen.id,
        matter=seen.text("matter") or "",
        step=step.public or step.name,
        next_step=step.next_step,
        unit=seen.unit,
        due=watched.due if running else None,
        provisional=running and watched.provisional,
        steps=tuple(
            PublicStep(name=(it := flow.step(mark.step or "")).public or it.name, at=mark.at)
            for mark in taken
        ),
    )
