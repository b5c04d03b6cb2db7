"""Which notices an entry, a light or a passed limit sets off: rows of the outbox, one a receiver."""

import datetime as dt
import json
from collections.abc import Iterable, Iterator

from bubancheng.desk.outlook import micros
from bubancheng.district import District, Route
from bubancheng.store import OutboxRow
from bubancheng.ticket import Entry, Ticket

KIND = "notice:"
"""The kind of an outbox row that is a notice: this, and the id of its route."""


def entry_notices(district: District, ticket: Ticket, entry: Entry) -> Iterator[OutboxRow]:
    """Yield what an entry sets off."""
    return _notices(district, ticket, entry.kind, str(entry.sequence), entry.recorded_at)


def change_notices(
    district: District, ticket: Ticket, events: Iterable[str], occasion: str, at: dt.datetime
) -> Iterator[OutboxRow]:
    """Yield what a changed light and passed limits set off; `occasion` tells repeated ones apart."""
    for event in events:
        yield from _notices(district, ticket, event, occasion, at)


def _notices(
    district: District, ticket: Ticket, event: str, occasion: str, at: dt.datetime
) -> Iterator[OutboxRow]:
    for route in district.routes:
        receiver = _receiver(route, ticket) if event in route.on else None
        if receiver is not None:
            about = {"event": event, "receiver": receiver, "at": at.isoformat()}
            yield OutboxRow(
                id=f"{ticket.id}/{event}/{occasion}/{route.id}/{receiver}",
                district=ticket.district,
                ticket=ticket.id,
                kind=f"{KIND}{route.id}",
                due=micros(at),
                text=json.dumps(about, ensure_ascii=False),
            )


def _receiver(route: Route, ticket: Ticket) -> str | None:
    """Return to whom a route leads for a ticket; None where there is nobody yet."""
    return ticket.unit if route.to == "unit" else route.to
