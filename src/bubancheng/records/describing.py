"""The JSON Schema of a record (draft 2020-12), from the same field types that are read."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any, get_args

import attrs

from bubancheng.errors import KindError
from bubancheng.records.forms import FORMS, WORDINGS, Kind
from bubancheng.records.listing import FAMILIES, Field, family_of, fields_of
from bubancheng.records.shapes import Shape, shape_of
from bubancheng.records.writing import plain

_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_PERSONAL = "Personal (个人信息) or secret: written only on request."

_Schema = dict[str, Any]


def schema(kind: type) -> dict[str, Any]:
    """Return the JSON Schema of a record: what `to_dict` writes, with or without personal data.

    Draft 2020-12, complete in itself: what it refers to stands in its `$defs`. What a constructor checks
    beyond types is not in it: `from_dict` is the stricter one. Errors: `KindError` for a kind that is no
    record.
    """
    if not isinstance(kind, type) or not (attrs.has(kind) or kind in FAMILIES):
        msg = f"schema takes the class of a record such as Ticket, got {kind!r}"
        raise KindError(msg)
    defined = _Definitions()
    return {"$schema": _DRAFT, "title": kind.__name__, **defined.of(kind), "$defs": defined.sorted()}


class _Definitions:
    """What one schema defines, each type once, under its name."""

    def __init__(self) -> None:
        self._names: dict[Any, str] = {}
        self._found: dict[str, _Schema] = {}

    def sorted(self) -> _Schema:
        """Return the definitions by name."""
        return dict(sorted(self._found.items()))

    def of(self, kind: Kind) -> _Schema:
        """Return the schema of a type."""
        shape = shape_of(kind)
        if shape is Shape.VALUE:
            form = FORMS[kind]
            return self._named(kind, form.name, lambda: form.schema) if form.name else dict(form.schema)
        if shape in {Shape.CHOICE, Shape.RECORD, Shape.FAMILY}:
            return self._named(kind, kind.__name__, lambda: _WAYS[shape](self, kind))
        return _WAYS[shape](self, kind)

    def _named(self, kind: Kind, name: str, make: Callable[[], Mapping[str, Any]]) -> _Schema:
        if kind not in self._names:
            if name in self._found:
                name = f"{kind.__module__}.{name}"
            self._names[kind], self._found[name] = name, {}
            self._found[name].update(make())
        return {"$ref": f"#/$defs/{self._names[kind]}"}

    def choice(self, kind: Kind) -> _Schema:
        """Return the schema of an enumeration."""
        return {**_described(kind), "enum": [it.value for it in kind]}

    def list(self, kind: Kind) -> _Schema:
        """Return the schema of a list of any length."""
        return {"type": "array", "items": self.of(get_args(kind)[0])}

    def set(self, kind: Kind) -> _Schema:
        """Return the schema of a list in which nothing stands twice."""
        return {**self.list(kind), "uniqueItems": True}

    def row(self, kind: Kind) -> _Schema:
        """Return the schema of a list of fixed length."""
        places = [self.of(it) for it in get_args(kind)]
        return {"type": "array", "prefixItems": places, "items": False, "minItems": len(places)}

    def mapping(self, kind: Kind) -> _Schema:
        """Return the schema of an object with any keys."""
        return {"type": "object", "additionalProperties": self.of(get_args(kind)[1])}

    def union(self, kind: Kind) -> _Schema:
        """Return the schema of one of several types."""
        arms = [self.of(it) for it in get_args(kind)]
        plain_ones = [arm["type"] for arm in arms if list(arm) == ["type"]]
        if len(plain_ones) == len(arms):
            return {"type": plain_ones}
        return {"anyOf": arms}

    def family(self, kind: Kind) -> _Schema:
        """Return the schema of any member of a family."""
        return {**_described(kind), "oneOf": [self.of(it) for it in FAMILIES[kind].members.values()]}

    def record(self, kind: Kind) -> _Schema:
        """Return the schema of a record: an object, or its words where it has any."""
        fields = fields_of(kind)
        family = family_of(kind)
        head: _Schema = {family[0]: {"const": family[1]}} if family else {}
        needed = [field.name for field in fields if field.required and not field.personal]
        found: _Schema = {
            "type": "object",
            "properties": head | {field.name: self._field(field) for field in fields},
            "required": [*head, *needed],
            "additionalProperties": False,
        }
        wording = WORDINGS.get(kind)
        if wording is not None:
            words = {"type": "string", "minLength": 1, "description": wording.forms}
            found = {"anyOf": [words, found]}
        return {**_described(kind), **found}

    def _field(self, field: Field) -> _Schema:
        found = self.of(field.kind)
        if field.personal:
            found = {**found, "description": _PERSONAL}
        default = field.attribute.default
        if default is None or default is attrs.NOTHING or isinstance(default, attrs.Factory):  # type: ignore[arg-type] # attrs.Factory is a class, whatever its stub says
            return found
        return {**found, "default": plain(default)}


def _described(kind: type) -> _Schema:
    return {} if kind.__doc__ is None else {"description": inspect.cleandoc(kind.__doc__)}


_WAYS: Mapping[Shape, Callable[[_Definitions, Any], _Schema]] = {
    Shape.CHOICE: _Definitions.choice,
    Shape.LIST: _Definitions.list,
    Shape.ROW: _Definitions.row,
    Shape.SET: _Definitions.set,
    Shape.MAPPING: _Definitions.mapping,
    Shape.UNION: _Definitions.union,
    Shape.FAMILY: _Definitions.family,
    Shape.RECORD: _Definitions.record,
}
