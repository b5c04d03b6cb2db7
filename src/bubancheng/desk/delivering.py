"""Delivering what waits in the outbox: claimed for a while, put off when it fails, set aside in the end."""

import datetime as dt
import json

import attrs

from bubancheng.desk.accessing import record_access
from bubancheng.desk.ground import PAGE, Ground
from bubancheng.desk.noticing import KIND
from bubancheng.desk.outlook import clocks_of, micros
from bubancheng.errors import ArgumentError, BubanchengError, PluginError, StoreError
from bubancheng.hooks import Notice
from bubancheng.registry import Failure
from bubancheng.store import ChangeSet, OutboxRow
from bubancheng.ticket import Actor

_LEASE = 300_000_000  # microseconds a notice is kept from other relays
_FIRST_DELAY = 60_000_000  # after the first failure; twice as long after each further one
_LONGEST_DELAY = 86_400_000_000
ATTEMPTS = 10
_DEAD = "dead:"
_REPORTER = "reporter"


@attrs.frozen
class Delivery:
    """What a relay did: notices delivered, put off, and set aside as dead letters."""

    delivered: int = 0
    put_off: int = 0
    dead: int = 0


def relay(ground: Ground, now: dt.datetime) -> Delivery:
    """Deliver the notices that are due, on the routes that bound plugins serve."""
    plugins = ground.registry.routes()
    kinds = [f"{KIND}{route}" for route in plugins]
    done = Delivery()
    while rows := _claim(ground, kinds, now):
        for row in rows:
            done = _deliver(ground, row, plugins[row.kind.removeprefix(KIND)], now, done)
    return done


def _claim(ground: Ground, kinds: list[str], now: dt.datetime, *, lease: int = _LEASE) -> list[OutboxRow]:
    if not kinds:
        return []
    return ground.store.claim(ground.district.name, kinds, PAGE, now=micros(now), lease=lease)


def _deliver(ground: Ground, row: OutboxRow, plugin: str, now: dt.datetime, done: Delivery) -> Delivery:
    try:
        failure = ground.registry.notify(plugin, _notice(ground, row, plugin, now))
    except PluginError:  # by a strict registry
        raise
    except BubanchengError as error:  # one notice that cannot be made stops no other
        failure = Failure("desk", "notify", str(error))
    if failure is None:
        ground.store.finish(row)
        return attrs.evolve(done, delivered=done.delivered + 1)
    ground.failures.append(failure)
    if row.attempts >= ATTEMPTS:
        # under the other kind first: cut off here, it would be delivered once more, never lost
        _put(ground, attrs.evolve(row, kind=_DEAD + row.kind, due=micros(now)))
        return attrs.evolve(done, dead=done.dead + 1)
    delay = min(_FIRST_DELAY << (row.attempts - 1), _LONGEST_DELAY)
    _put(ground, attrs.evolve(row, due=micros(now) + delay))
    return attrs.evolve(done, put_off=done.put_off + 1)


def _put(ground: Ground, row: OutboxRow) -> None:
    ground.store.commit(ChangeSet(district=row.district, outbox=[row]))


def _notice(ground: Ground, row: OutboxRow, plugin: str, now: dt.datetime) -> Notice:
    try:
        about = json.loads(row.text)
        event, receiver, at = about["event"], about["receiver"], dt.datetime.fromisoformat(about["at"])
    except (ValueError, LookupError, TypeError) as error:
        msg = f"the notice {row.id!r} cannot be read: {row.text[:60]}"
        raise StoreError(msg) from error
    ticket = ground.ticket(ground.row(row.ticket))
    watched, _ = clocks_of(ground.district, ground.calendar, ticket)
    contact = {}
    if receiver == _REPORTER:
        reader = Actor(id=plugin, role="notifier")
        contact = {k: v for k, v in ground.personal_data(row.ticket).items() if k in {"reporter", "phone"}}
        record_access(ground, row.ticket, reader, sorted(contact), f"notice {row.id}")
    return Notice(
        id=row.id,
        route=row.kind.removeprefix(KIND),
        receiver=receiver,
        district=row.district,
        ticket=row.ticket,
        event=event,
        at=at,
        matter=ticket.text("matter") or "",
        unit=ticket.unit,
        step=ticket.step,
        step_name=ground.district.flow.step(ticket.step).name,
        light=watched.light(now),
        due=watched.due,
        contact=contact,
    )


def dead_letters(ground: Ground, now: dt.datetime) -> list[OutboxRow]:
    """Return the notices that were set aside, by every route of the profile."""
    kinds = [f"{_DEAD}{KIND}{route.id}" for route in ground.district.routes]
    found: list[OutboxRow] = []
    while rows := _claim(ground, kinds, now, lease=1):
        found += rows
    kept = [attrs.evolve(row, due=row.due - 1, attempts=row.attempts - 1) for row in found]
    if kept:  # looking is no attempt
        ground.store.commit(ChangeSet(district=ground.district.name, outbox=kept))
    return kept


def redeliver(ground: Ground, row_id: str, now: dt.datetime) -> None:
    """Put a dead letter back among what waits, with all its attempts before it."""
    found = next((row for row in dead_letters(ground, now) if row.id == row_id), None)
    if found is None:
        msg = f"no dead letter {row_id!r}: it was delivered, or never set aside"
        raise ArgumentError(msg)
    _put(ground, attrs.evolve(found, kind=found.kind.removeprefix(_DEAD), due=micros(now), attempts=0))
