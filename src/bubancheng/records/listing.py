"""Which records are public, and which fields each writes: read off the library, listed nowhere."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any, get_type_hints

import attrs

from bubancheng import actions, calendar, desk, district, flow, hooks, privacy, registry, sla, store, ticket
from bubancheng.actions import Action
from bubancheng.flow import Case, Condition
from bubancheng.records.forms import Kind
from bubancheng.store import Record

MODULES = (actions, calendar, desk, district, flow, hooks, privacy, registry, sla, store, ticket)
"""Where the public records are; a ledger's rows are left out, they hold personal data in plain texts."""

LIVE: frozenset[type] = frozenset({Case})
"""Frozen classes that are no data: they hold a calendar, and questions to be asked."""

_UNMARKED: Mapping[type, frozenset[str]] = {Record: frozenset({"text"})}
"""Fields that may hold personal data without saying so themselves."""


def _public(module: ModuleType) -> Iterator[object]:
    """Yield what a module offers: its `__all__`, or whatever it defines itself without an underscore."""
    own = [
        name
        for name, value in vars(module).items()
        if not name.startswith("_") and getattr(value, "__module__", None) == module.__name__
    ]
    return (getattr(module, name) for name in getattr(module, "__all__", own))


PUBLIC_RECORDS: tuple[type, ...] = tuple(
    sorted(
        {it for module in MODULES for it in _public(module) if isinstance(it, type) and attrs.has(it)} - LIVE,
        key=lambda kind: (kind.__name__, kind.__module__),
    )
)
"""Every attrs class that the library's modules offer, by name; but none that holds more than data."""


@attrs.frozen
class Family:
    """Records of which any may stand in one place: what stands under `key` says which it is."""

    key: str
    members: Mapping[str, type]

    def word(self, kind: type) -> str | None:
        """Return the word of a member; None for a stranger."""
        return next((word for word, member in self.members.items() if member is kind), None)


def _word(kind: type) -> str:
    """Return the name of a class as a key, AtMost as at_most."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", kind.__name__).lower()


FAMILIES: Mapping[Kind, Family] = {
    Action: Family(
        "action",
        {it.name or _word(it): it for it in PUBLIC_RECORDS if issubclass(it, Action) and it is not Action},
    ),
    Condition: Family(
        "condition",
        {
            _word(it): it
            for it in PUBLIC_RECORDS
            if it.__module__ == Condition.__module__ and hasattr(it, Condition.refusal.__name__)
        },
    ),
}
"""The families by what their members have in common: actions by their names, conditions by their classes."""


@cache
def family_of(kind: type) -> tuple[str, str] | None:
    """Return the key and the word by which a record is told from its family; None where it has none."""
    return next(((it.key, word) for it in FAMILIES.values() if (word := it.word(kind)) is not None), None)


@attrs.frozen(kw_only=True)
class Field:
    """A field that is written: its key, its type, whether it must be given, whether it is personal.

    What a record keeps out of its own repr, such as a query code, counts as personal too.
    """

    name: str
    kind: Kind
    required: bool
    personal: bool
    attribute: "attrs.Attribute[Any]"


@cache
def fields_of(kind: type) -> tuple[Field, ...]:
    """Return the fields that a record takes; what it computes for itself is none of them."""
    hints = get_type_hints(kind)
    hidden = _UNMARKED.get(kind, frozenset())
    return tuple(
        Field(
            name=it.name,
            kind=hints[it.name],
            required=it.default is attrs.NOTHING,
            personal=bool(it.metadata.get("personal")) or it.repr is False or it.name in hidden,
            attribute=it,
        )
        for it in attrs.fields(kind)
        if it.init
    )
