"""Carrying a command out: once, in one transaction, repeated when somebody else wrote first."""

import json
from collections.abc import Iterable, Sequence

import attrs

from bubancheng.desk.ground import DISPATCH, TRIAGE, Ground
from bubancheng.desk.wording import check_actor, check_text
from bubancheng.desk.writing import Deed, Standing, digest
from bubancheng.errors import ArgumentError, BubanchengError, ConflictError
from bubancheng.ticket import Actor, Ticket, fold

_FOLLOWING = tuple(f"/{name}" for name in (DISPATCH, TRIAGE))  # how the desk's own commands end
_TRIES = 8  # how often a command is repeated when somebody else wrote first


def carry_out(
    ground: Ground,
    deeds: Sequence[Deed],
    actor: Actor,
    *,
    command_id: str | None = None,
    finished: Sequence[str] = (),
) -> Ticket:
    """Carry deeds on one ticket out in one transaction; `finished`: the outbox rows they settle."""
    check_text("command_id", command_id)
    if command_id is not None and not finished and command_id.endswith(_FOLLOWING):
        msg = f"command_id {command_id!r} is one of those that follow by themselves: end it otherwise"
        raise ArgumentError(msg)
    check_actor("actor", actor)
    for deed in deeds:
        check_text("ticket", deed.action.ticket)
        if deed.approver is not None:
            check_actor("approver", deed.approver)
    brings_more = any(it.action.personal() or it.action.keys() for it in deeds)
    for repeated in range(_TRIES):
        if brings_more or repeated:  # where nothing else is touched, a refusal tells that it was given before
            outcome = known_outcome(ground, command_id, digest(deeds, actor))
            if outcome is not None:
                return outcome
        _refuse_duplicates(ground, deeds)
        writer = ground.writer(actor, ground.clock())
        standing = _standing(ground, deeds)
        try:
            ticket, change = writer.write(standing, deeds, command_id=command_id)
        except BubanchengError:
            outcome = known_outcome(ground, command_id, digest(deeds, actor))
            if outcome is None:
                raise
            return outcome  # the same command was carried out just before the ticket was read
        try:
            ground.store.commit(attrs.evolve(change, finished=finished))
        except ConflictError:
            continue
        return ticket
    msg = f"ticket {deeds[0].action.ticket!r} was changed by others {_TRIES} times: repeat the command"
    raise ConflictError(msg)


def _standing(ground: Ground, deeds: Sequence[Deed]) -> Standing | None:
    """Return the ticket that deeds are about; None where there never was one of its number."""
    number = deeds[0].action.ticket
    standing = ground.standing(number, personal=any(deed.action.personal() for deed in deeds))
    if standing is None:
        ground.refuse_removed(number)
    return standing


def _refuse_duplicates(ground: Ground, deeds: Sequence[Deed]) -> None:
    """Refuse a key that another ticket has: the number an import gave it, a query code."""
    for deed in deeds:
        for kind, key in deed.action.keys().items():
            found = ground.store.lookup(ground.district.name, kind, key)
            if found is not None:
                ground.refuse_removed(found)
                shown = " ".join(json.loads(key)) if kind == "external" else "of this query code"
                msg = f"已有工单 (there is a ticket already) {found!r}: {kind} {shown}; link to it instead"
                raise ArgumentError(msg)


def known_outcome(ground: Ground, command_id: str | None, content: str | None = None) -> Ticket | None:
    """Return what a command with this id gave the first time; None where it is new.

    Errors: `ArgumentError` where its content was another.
    """
    text = None if command_id is None else ground.store.lookup(ground.district.name, "command", command_id)
    if text is None:
        return None
    known = json.loads(text)
    if content is not None and known["digest"] != content:
        msg = f"command {command_id!r} was given before with other content: use a new id"
        raise ArgumentError(msg)
    entries = (it for it in ground.entries(known["ticket"]) if it.sequence <= known["version"])
    return fold(entries, rule=ground.ticket(ground.row(known["ticket"])).rule)


def replay(ground: Ground, histories: Iterable[Sequence[Deed]], actor: Actor) -> list[Ticket]:
    """Record what happened elsewhere: each history is about one ticket, all in one transaction."""
    writer = ground.writer(actor, ground.clock())
    changes, tickets = [], []
    for deeds in histories:
        _refuse_duplicates(ground, deeds)
        standing = _standing(ground, deeds)
        ticket, change = writer.write(standing, deeds)
        changes.append(attrs.evolve(change, outbox=()))
        tickets.append(ticket)
    if changes:
        ground.store.commit(*changes)
    return tickets
