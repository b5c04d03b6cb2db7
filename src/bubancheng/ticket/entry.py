"""An entry: what happened to a ticket, by whom, when, and what effect it had."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

import attrs

from bubancheng.errors import KindError

Fact = str | int | bool | tuple[str, ...] | None
"""What a ticket can know: plain values and lists of texts; an instant is its ISO 8601 text with offset."""


def frozen_facts(facts: Mapping[str, object]) -> Mapping[str, Fact]:
    """Return facts that nobody can change; a list, as JSON has it, becomes a tuple."""
    found = dict(facts)
    for name, value in facts.items():
        if value.__class__ is list:
            found[name] = tuple(value)
    return MappingProxyType(found)  # type: ignore[arg-type] # facts are checked where they come in


def _instant(_owner: object, field: "attrs.Attribute[dt.datetime]", value: object) -> None:
    if not isinstance(value, dt.datetime) or value.tzinfo is None:
        msg = f"{field.name} takes an instant with a zone (aware datetime), got {value!r}"
        raise KindError(msg)


@attrs.frozen(kw_only=True)
class Actor:
    """Who acts, as the embedding system knows them: `id`, `role` and `unit` (单位) are its words."""

    id: str
    role: str
    unit: str | None = None


@attrs.frozen(kw_only=True)
class Amendment:
    """A correction of an earlier entry: its `sequence`, the `field` ("at" or a fact), both values."""

    sequence: int
    field: str
    old: Fact
    new: Fact


@attrs.frozen(kw_only=True)
class Effect:
    """What an entry did: the step it led to (None: it stayed), the facts it set, what it amended.

    The fold applies effects and never looks at the kind of an entry. `schema` numbers this form.
    """

    step: str | None = None
    facts: Mapping[str, Fact] = attrs.field(factory=dict, converter=frozen_facts, hash=False)
    amends: tuple[Amendment, ...] = ()
    schema: int = 1


@attrs.frozen(kw_only=True)
class Entry:
    """One thing that happened: append-only, ordered by `sequence` (from 1).

    `at`: when it happened; `recorded_at`: when the desk wrote it down; `backdated`: the two lie
    more than 15 minutes apart, or `at` lies before the previous entry. `rule`: which rule fired, where one
    did. `approver`: who approved it, where the rules ask for a second pair of eyes. `commitment`: a
    keyed digest of the personal data that belongs to it and lies elsewhere.
    """

    district: str
    ticket: str
    sequence: int
    kind: str
    effect: Effect
    actor: Actor
    at: dt.datetime = attrs.field(validator=_instant)
    recorded_at: dt.datetime = attrs.field(validator=_instant)
    rule: str | None = None
    reason: str | None = None
    approver: Actor | None = None
    backdated: bool = False
    commitment: str | None = None
