"""Entries as bytes, and the chain of hashes that makes a changed history visible."""

import datetime as dt
import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from typing import Any

import attrs

from bubancheng.errors import BrokenChainError, StoreError
from bubancheng.ticket.entry import Actor, Amendment, Effect, Entry, frozen_facts
from bubancheng.ticket.fold import Mark, Ticket, restored


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def encode(entry: Entry) -> str:
    """Return an entry as the text that is stored and hashed."""
    effect = entry.effect
    return _json(
        {
            "district": entry.district,
            "ticket": entry.ticket,
            "sequence": entry.sequence,
            "kind": entry.kind,
            "effect": {
                "step": effect.step,
                "facts": dict(effect.facts),
                "amends": [[it.sequence, it.field, it.old, it.new] for it in effect.amends],
                "schema": effect.schema,
            },
            "actor": _of_actor(entry.actor),
            "at": entry.at.isoformat(),
            "recorded_at": entry.recorded_at.isoformat(),
            "rule": entry.rule,
            "reason": entry.reason,
            "approver": None if entry.approver is None else _of_actor(entry.approver),
            "backdated": entry.backdated,
            "commitment": entry.commitment,
        }
    )


def _of_actor(actor: Actor) -> list[str | None]:
    return [actor.id, actor.role, actor.unit]


def _to_actor(data: list[Any]) -> Actor:
    actor_id, role, unit = data
    return Actor(id=actor_id, role=role, unit=unit)


_PARTS = frozenset(field.name for field in attrs.fields(Entry))
_EFFECT = frozenset(field.name for field in attrs.fields(Effect))


def decode(text: str) -> Entry:
    """Return the entry of a stored text; `StoreError` for a text that no `encode` wrote."""
    try:
        data: dict[str, Any] = json.loads(text)
        effect = data["effect"]
        if data.keys() != _PARTS or effect.keys() != _EFFECT:
            msg = f"its parts are {', '.join(data)}"
            raise ValueError(msg)  # noqa: TRY301 said below
        data["effect"] = Effect(
            step=effect["step"],
            facts=effect["facts"],
            amends=tuple(
                Amendment(sequence=sequence, field=field, old=old, new=new)
                for sequence, field, old, new in effect["amends"]
            ),
            schema=effect["schema"],
        )
        data["actor"] = _to_actor(data["actor"])
        data["approver"] = None if data["approver"] is None else _to_actor(data["approver"])
        data["at"] = dt.datetime.fromisoformat(data["at"])
        data["recorded_at"] = dt.datetime.fromisoformat(data["recorded_at"])
        return Entry(**data)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        msg = f"a stored entry cannot be read ({type(error).__name__}): {text[:60]}"
        raise StoreError(msg) from error


def start(district: str, ticket: str) -> str:
    """Return the hash a ticket's chain starts from; it binds the chain to its ticket."""
    return hashlib.sha256(f"{district}\0{ticket}".encode()).hexdigest()


def link(previous: str, text: str) -> str:
    """Return the hash of the next link: SHA-256 over the previous hash and the stored text."""
    return hashlib.sha256(f"{previous}\n{text}".encode()).hexdigest()


def check(district: str, ticket: str, links: Iterable[tuple[str, str]], *, head: str, version: int) -> None:
    """Walk stored `(text, hash)` pairs; `BrokenChainError` names the first that does not fit."""
    expected, sequence = start(district, ticket), 0
    for sequence, (text, stored) in enumerate(links, start=1):
        expected = link(expected, text)
        if expected != stored:
            raise BrokenChainError(ticket, sequence, "内容与校验值不符 (the entry does not fit its hash)")
    if sequence != version or expected != head:
        raise BrokenChainError(
            ticket,
            min(sequence, version) + 1,
            f"应有 {version} 条，实有 {sequence} 条 (the end does not fit)",
        )


def commitment(key: str, personal: Mapping[str, str]) -> str:
    """Return the keyed digest by which an entry commits to personal data that lies elsewhere."""
    text = json.dumps(dict(personal), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hmac.new(bytes.fromhex(key), text.encode(), hashlib.sha256).hexdigest()


def pack(ticket: Ticket) -> str:
    """Return a ticket as the text of its state row."""
    return _json(
        {
            "rule": ticket.rule,
            "marks": [
                [mark.sequence, mark.kind, mark.at.isoformat(), mark.step, dict(mark.facts)]
                for mark in ticket.marks
            ],
        }
    )


def unpack(district: str, ticket: str, text: str) -> Ticket:
    """Return the ticket of a state row; `StoreError` for a text that no `pack` wrote."""
    try:
        data: dict[str, Any] = json.loads(text)
        marks = [
            Mark(sequence, kind, dt.datetime.fromisoformat(at), step, frozen_facts(facts))
            for sequence, kind, at, step, facts in data["marks"]
        ]
        return restored(district, ticket, data["rule"], (marks[0], *marks[1:]))
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        msg = f"the stored state of ticket {ticket!r} cannot be read ({type(error).__name__}): run verify"
        raise StoreError(msg) from error
