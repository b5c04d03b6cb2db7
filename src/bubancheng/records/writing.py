"""From records to plain JSON values; personal data only where it is asked for."""

from collections.abc import Mapping
from enum import Enum
from typing import Any

import attrs

from bubancheng.errors import ArgumentError, KindError
from bubancheng.records.forms import WORDINGS, Json, form_of
from bubancheng.records.listing import FAMILIES, family_of, fields_of


def to_dict(record: object, *, personal: bool = False) -> dict[str, Any]:
    """Return a record as plain JSON values, key by field.

    `personal=True` includes what is left out otherwise, keys and all: the personal fields of an action
    (个人信息), whatever a record keeps out of its repr (a query code, a reporter's contact), and the texts of
    a store's records. Errors: `KindError` for anything but a record, `ArgumentError` naming the field of an
    instant without a zone.
    """
    if isinstance(record, type) or not attrs.has(type(record)):
        msg = f"to_dict takes a record of the library, got {record!r}"
        raise KindError(msg)
    return _object(record, type(record).__name__, personal=personal)


def _object(record: object, path: str, *, personal: bool) -> dict[str, Any]:
    kind: type = type(record)
    if kind in FAMILIES:
        msg = f"{path}: {kind.__name__} is the base of others: write one of its subclasses"
        raise KindError(msg)
    family = family_of(kind)
    return dict([family] if family else []) | {
        field.name: plain(getattr(record, field.name), f"{path}.{field.name}", personal=personal)
        for field in fields_of(kind)
        if personal or not field.personal
    }


def plain(value: Json, path: str = "", *, personal: bool = False) -> Json:  # noqa: PLR0911 a way out for each shape
    """Return a value inside a record as JSON."""
    kind: type = type(value)
    if isinstance(value, Enum):
        return value.value
    form = form_of(kind)
    if form is not None:
        try:
            return form.write(value)
        except (ArgumentError, OverflowError) as error:
            msg = f"{path}: {error}"
            raise ArgumentError(msg) from error
    if kind in WORDINGS and (words := WORDINGS[kind].of(value)) is not None:
        return words
    if attrs.has(kind):
        return _object(value, path, personal=personal)
    if isinstance(value, Mapping):
        return {plain(key): plain(it, f"{path}.{key}", personal=personal) for key, it in value.items()}
    if isinstance(value, frozenset | set):
        return sorted((plain(it, path, personal=personal) for it in value), key=str)
    if isinstance(value, tuple | list):
        return [plain(it, f"{path}[{place}]", personal=personal) for place, it in enumerate(value)]
    msg = f"{path}: {value!r} has no form in JSON"
    raise KindError(msg)
