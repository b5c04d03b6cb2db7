"""Which records are public, and which fields each writes: read off the library, listed nowhere."""

from collections.abc import Iterator, Mapping
from functools import cache
from types import ModuleType
from typing import Any, get_type_hints

import attrs

from bubancheng import actions, calendar, desk, district, flow, hooks, registry, sla, store, ticket
from bubancheng.actions import Action
from bubancheng.records.forms import Kind
from bubancheng.store import Record

MODULES = (actions, calendar, desk, district, flow, hooks, registry, sla, store, ticket)
"""Where the public records are; a ledger's rows are left out, they hold personal data in plain texts."""

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
        {it for module in MODULES for it in _public(module) if isinstance(it, type) and attrs.has(it)},
        key=lambda kind: (kind.__name__, kind.__module__),
    )
)
"""Every attrs class that the library's modules offer, by name."""


def word_of(kind: type[Action]) -> str:
    """Return what stands under the key `action`: the name of the action, "act" for a district's own."""
    return kind.name or kind.__name__.lower()


ACTIONS: Mapping[str, type[Action]] = {
    word_of(kind): kind for kind in PUBLIC_RECORDS if issubclass(kind, Action) and kind is not Action
}
"""The actions by the word that stands under the key `action`."""


@attrs.frozen(kw_only=True)
class Field:
    """A field that is written: its key, its type, whether it must be given, whether it is personal."""

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
            personal=bool(it.metadata.get("personal")) or it.name in hidden,
            attribute=it,
        )
        for it in attrs.fields(kind)
        if it.init
    )
