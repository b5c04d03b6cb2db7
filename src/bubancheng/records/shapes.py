"""What a field's type means in JSON: one list of shapes for reading, describing and refusing."""

from collections.abc import Mapping, Sequence
from enum import Enum
from functools import cache
from types import UnionType
from typing import Union, get_args, get_origin

import attrs

from bubancheng.errors import KindError
from bubancheng.records.forms import FORMS, WORDINGS, Kind
from bubancheng.records.listing import FAMILIES

_LISTS = {tuple, list, Sequence}
_SETS = {frozenset, set}


class Shape(Enum):
    """The shapes a type can have."""

    VALUE = "a single value"
    CHOICE = "one of an enumeration"
    LIST = "a list"
    ROW = "a list of fixed length"
    SET = "a list in which nothing stands twice"
    MAPPING = "an object with keys of the writer's choice"
    UNION = "one of several types"
    FAMILY = "any of a family"
    RECORD = "an object"


_NATIVE: Mapping[Shape, frozenset[type]] = {
    Shape.LIST: frozenset({list}),
    Shape.ROW: frozenset({list}),
    Shape.SET: frozenset({list}),
    Shape.MAPPING: frozenset({dict}),
    Shape.FAMILY: frozenset({dict}),
    Shape.RECORD: frozenset({dict}),
}


def shape_of(kind: Kind) -> Shape:  # noqa: PLR0911 a way out for each shape
    """Return the shape of a type; `KindError` for one that has no form in JSON."""
    origin: Kind = get_origin(kind)
    if kind in FORMS:
        return Shape.VALUE
    if origin in {Union, UnionType}:
        return Shape.UNION
    if origin in _LISTS:
        args = get_args(kind)
        return Shape.ROW if origin is tuple and args[-1] is not Ellipsis else Shape.LIST
    if origin in _SETS:
        return Shape.SET
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return Shape.MAPPING
    if kind in FAMILIES:
        return Shape.FAMILY
    if isinstance(kind, type) and issubclass(kind, Enum):
        return Shape.CHOICE
    if isinstance(kind, type) and attrs.has(kind):
        return Shape.RECORD
    msg = f"{kind!r} has no form in JSON: give it one in records.forms, or leave its record private"
    raise KindError(msg)


@cache
def json_types(kind: Kind) -> frozenset[type]:
    """Return the types that a JSON value of a type may have; a union is asked arm by arm."""
    shape = shape_of(kind)
    if shape is Shape.VALUE:
        return FORMS[kind].json
    if shape is Shape.CHOICE:
        return frozenset(type(it.value) for it in kind)
    return _NATIVE[shape] | (frozenset({str}) if kind in WORDINGS else frozenset())


@cache
def takes(kind: Kind) -> str:
    """Return in words what is taken where a type stands."""
    shape = shape_of(kind)
    if shape is Shape.VALUE:
        return FORMS[kind].takes
    if shape is Shape.CHOICE:
        return f"one of {', '.join(str(it.value) for it in kind)}"
    if shape is Shape.UNION:
        return " or ".join(map(takes, get_args(kind)))
    if kind in WORDINGS:
        return f"a {kind.__name__.lower()} such as {WORDINGS[kind].example} or an object"
    if shape is Shape.ROW:
        return f"a list of {len(get_args(kind))}"
    return "an object" if shape in {Shape.MAPPING, Shape.RECORD, Shape.FAMILY} else "a list"
