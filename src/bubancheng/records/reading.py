"""From JSON to records: strict, and everything that is wrong is told at once, each with its key path."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache
from types import MappingProxyType
from typing import TypeVar, get_args

import attrs
import cattrs
from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    IterableValidationError,
    IterableValidationNote,
)
from cattrs.gen import make_dict_structure_fn, override

from bubancheng.errors import KindError, RecordError
from bubancheng.records.forms import FORMS, WORDINGS, Json, Kind, RefusedError, shown
from bubancheng.records.listing import FAMILIES, Field, family_of, fields_of
from bubancheng.records.shapes import Shape, json_types, shape_of, takes
from bubancheng.records.telling import near, problems_of

T = TypeVar("T")
_Hook = Callable[[Json, Kind], Json]

_HIDDEN = "personal data of another form (not shown)"


def from_dict(kind: type[T], data: object) -> T:
    """Return the record that a JSON object describes; `Action` picks the class by the key `action`.

    `data`: what `json.loads` gave. Nothing is coerced and nothing unknown is skipped. Errors: `RecordError`
    with everything that is wrong, each with its key path and what is allowed; `KindError` for a kind that is
    no record.
    """
    if not isinstance(kind, type) or not (attrs.has(kind) or kind in FAMILIES):
        msg = f"from_dict takes the class of a record such as Ticket, got {kind!r}"
        raise KindError(msg)
    wanted: Kind = kind
    try:
        record: T = _read(data, wanted)
    except (BaseValidationError, ValueError) as error:
        raise RecordError(kind.__name__, list(problems_of(error, "", kind))) from None
    return record


def _value(kind: Kind) -> _Hook:
    return lambda value, _: FORMS[kind].checked(value)


def _choice(kind: Kind) -> _Hook:
    members = {(type(it.value), it.value): it for it in kind}

    def read(value: Json, _: Kind) -> Json:
        if type(value) not in json_types(kind) or (type(value), value) not in members:
            raise RefusedError(takes(kind), shown(value))
        return members[type(value), value]

    return read


def _each(kind: Kind, values: Iterable[tuple[str | int, Json, Kind]]) -> list[Json]:
    """Structure values, each at its place by its own type; all that fail are told together."""
    found: list[Json] = []
    errors: list[Exception] = []
    for place, value, inside in values:
        try:
            found.append(_read(value, inside))
        except (BaseValidationError, ValueError) as error:
            error.add_note(IterableValidationNote("", place, inside))
            errors.append(error)
    if errors:
        raise IterableValidationError("", errors, kind)
    return found


def _native(kind: Kind, value: Json) -> None:
    if type(value) not in json_types(kind):
        raise RefusedError(takes(kind), shown(value))


def _list(kind: Kind) -> _Hook:
    inside = get_args(kind)[0]

    def read(value: Json, _: Kind) -> Json:
        _native(kind, value)
        return tuple(_each(kind, ((place, it, inside) for place, it in enumerate(value))))

    return read


def _set(kind: Kind) -> _Hook:
    listed = _list(kind)

    def read(value: Json, _: Kind) -> Json:
        found = listed(value, kind)
        if len(frozenset(found)) < len(found):
            twice = next(it for place, it in enumerate(found) if it in found[:place])
            raise RefusedError("a list in which nothing stands twice", f"{twice!r} twice")
        return frozenset(found)

    return read


def _row(kind: Kind) -> _Hook:
    inside = get_args(kind)

    def read(value: Json, _: Kind) -> Json:
        _native(kind, value)
        if len(value) != len(inside):
            raise RefusedError(takes(kind), f"a list of {len(value)}")
        return tuple(_each(kind, zip(range(len(inside)), value, inside, strict=True)))

    return read


def _mapping(kind: Kind) -> _Hook:
    keys, inside = get_args(kind)

    def read(value: Json, _: Kind) -> Json:
        _native(kind, value)
        names = _each(kind, ((str(key), key, keys) for key in value))
        values = _each(kind, ((str(key), it, inside) for key, it in value.items()))
        return MappingProxyType(dict(zip(names, values, strict=True)))

    return read


def _union(kind: Kind) -> _Hook:
    arms = [(arm, json_types(arm)) for arm in get_args(kind)]

    def read(value: Json, _: Kind) -> Json:
        errors: list[Exception] = []
        for arm, types in arms:
            if type(value) in types:
                try:
                    return _read(value, arm)
                except (BaseValidationError, ValueError) as error:
                    errors.append(error)
        if len(errors) == 1 and not isinstance(errors[0], RefusedError):
            raise errors[0]
        raise RefusedError(takes(kind), shown(value))

    return read


def _record(kind: Kind) -> _Hook:
    hooks = {field.name: override(struct_hook=_field(kind, field)) for field in fields_of(kind)}
    build = make_dict_structure_fn(
        kind,
        _converter,
        _cattrs_forbid_extra_keys=True,
        _cattrs_detailed_validation=True,
        **hooks,  # type: ignore[arg-type] # overrides by field name
    )
    wording, family = WORDINGS.get(kind), family_of(kind)

    def read(value: Json, _: Kind) -> Json:
        _native(kind, value)
        if wording is not None and isinstance(value, str):
            return wording.parse(value)
        if family is not None:
            key, word = family
            _named(value, kind, key, [word])
            value = {name: it for name, it in value.items() if name != key}
        return build(value, kind)

    return read


def _field(kind: type, field: Field) -> _Hook:
    """Return the hook of one field: by its type, then by its own validator; personal data is never shown."""
    validator = field.attribute.validator

    def read(value: Json, _: Kind) -> Json:
        try:
            found = _read(value, field.kind)
            if validator is not None and field.attribute.converter is None:
                validator(object.__new__(kind), field.attribute, found)
        except (BaseValidationError, ValueError, TypeError):
            if field.personal:
                raise RefusedError(takes(field.kind), _HIDDEN) from None
            raise
        return found

    return read


def _named(value: Mapping[str, Json], kind: type, key: str, allowed: Collection[str]) -> str:
    """Return the word under the key of a family, which must be one of those allowed."""
    word = value.get(key)
    if not isinstance(word, str) or word not in allowed:
        got = shown(word) if key in value else "none"
        hint = near(word, allowed) if isinstance(word, str) else ""
        error = RefusedError(" | ".join(allowed), got + hint)
        error.add_note(AttributeValidationNote("", key, str))
        raise cattrs.ClassValidationError("", [error], kind)
    return word


def _family(kind: Kind) -> _Hook:
    family = FAMILIES[kind]

    def read(value: Json, _: Kind) -> Json:
        _native(kind, value)
        return _read(value, family.members[_named(value, kind, family.key, family.members)])

    return read


_HOOKS: Mapping[Shape, Callable[[Kind], _Hook]] = {
    Shape.VALUE: _value,
    Shape.CHOICE: _choice,
    Shape.LIST: _list,
    Shape.ROW: _row,
    Shape.SET: _set,
    Shape.MAPPING: _mapping,
    Shape.UNION: _union,
    Shape.FAMILY: _family,
    Shape.RECORD: _record,
}


@cache
def _hook(kind: Kind) -> _Hook:
    return _HOOKS[shape_of(kind)](kind)


def _read(value: Json, kind: Kind) -> Json:
    """Return what a JSON value says where a type stands; errors as cattrs groups them."""
    return _hook(kind)(value, kind)


_converter = cattrs.Converter()  # asked for nothing but classes: every field has a hook of ours
