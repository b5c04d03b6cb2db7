"""A plugin's settings: a copy of a table that cannot be changed, or the record that the plugin declares."""

import difflib
from collections.abc import Iterator, Mapping
from enum import Enum
from types import MappingProxyType
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import attrs

from bubancheng.errors import SettingsError
from bubancheng.hooks.fitting import arms_of, joined, misfits, worded

S = TypeVar("S")
_HIDDEN = "(不显示 not shown)"


def frozen(value: Any) -> Any:  # noqa: ANN401 whatever settings hold
    """Return a copy whose tables, at any depth, nobody can change; its lists belong to who gets it."""
    if isinstance(value, Mapping):
        return MappingProxyType({key: frozen(it) for key, it in value.items()})
    if type(value) in {list, tuple}:
        return type(value)(frozen(it) for it in value)
    return value


def read_settings(kind: type[S], given: object, path: str = "") -> S:
    """Return the record that a table describes; nothing is coerced, nothing unknown is skipped.

    `path`: the key of the table, for the sentences. Errors: `SettingsError` with everything that is wrong.
    """
    problems: list[str] = []
    record = _record(kind, {} if given is None else given, path, problems)
    if problems:
        raise SettingsError(path or kind.__qualname__, problems)
    return record  # type: ignore[no-any-return] # without problems it was made


def needed(kind: type) -> Iterator[str]:
    """Yield the names of the settings that must be given."""
    return (it.alias or it.name for it in attrs.fields(kind) if it.init and it.default is attrs.NOTHING)


def _record(kind: Any, given: object, path: str, problems: list[str]) -> Any:  # noqa: ANN401
    if not isinstance(given, Mapping):
        problems.append(f"{path or '.'}: 应为表 (a table), 现为 {given!r}")
        return None
    before, hints = len(problems), get_type_hints(kind)
    fields = {it.alias or it.name: it for it in attrs.fields(kind) if it.init}
    for key in given:
        if key not in fields:
            near = difflib.get_close_matches(str(key), fields, 1)
            hint = f"，是否为 {near[0]}？" if near else f"；可用的键 (allowed): {'、'.join(fields) or '无'}"
            problems.append(f"{joined(path, str(key))}: 没有这个键 (unknown key){hint}")
    values = {}
    for key, field in fields.items():
        at, wanted = joined(path, key), hints[field.name]
        if key in given:
            values[key] = _value(kind, field, wanted, given[key], at, problems)
        elif field.default is attrs.NOTHING:
            problems.append(f"{at}: 缺少此项 (missing): {worded(wanted)}")
    if len(problems) > before:
        return None
    try:
        return kind(**values)
    except (ValueError, TypeError) as error:
        problems.append(f"{path or '.'}: {error}")
        return None


def _value(  # noqa: PLR0913, PLR0917 a field, and where its value stands
    kind: type,
    field: "attrs.Attribute[Any]",
    wanted: Any,  # noqa: ANN401
    given: object,
    path: str,
    problems: list[str],
) -> Any:  # noqa: ANN401
    """Return a value in the form that its type has; note what does not fit."""
    if field.converter is not None:  # its author reads it
        return given
    before = len(problems)
    value = _formed(wanted, given, path, problems)
    if len(problems) == before:
        for it in misfits(value, wanted, path):
            got = it.got if field.repr else _HIDDEN
            problems.append(f"{it.path}: 应为 {it.expected} (expected), 现为 {got}")
    if len(problems) == before and field.validator is not None:
        try:
            field.validator(object.__new__(kind), field, value)
        except (ValueError, TypeError) as error:
            problems.append(f"{path}: {error if field.repr else _HIDDEN}")
        except AttributeError:  # it looks at other fields too: the whole record is checked last
            pass
    return value


def _formed(wanted: Any, given: Any, path: str, problems: list[str]) -> Any:  # noqa: ANN401
    """Return what TOML writes as a list, a table or a text as its type has it; anything else as it is."""
    for arm in arms_of(wanted):
        outer, inside = get_origin(arm) or arm, get_args(arm)
        if outer in {tuple, frozenset} and isinstance(given, list | tuple):
            each = [
                _formed(kind, it, joined(path, place), problems)
                for place, (it, kind) in enumerate(zip(given, _kinds(inside, len(given)), strict=True), 1)
            ]
            return _gathered(outer, each)
        if attrs.has(outer) and isinstance(given, Mapping):
            return _record(outer, given, path, problems)
        if outer is Mapping and isinstance(given, Mapping):
            made = {
                key: _formed(inside[1], it, joined(path, str(key)), problems) for key, it in given.items()
            }
            return MappingProxyType(made)
        if (
            isinstance(given, str)
            and isinstance(outer, type)
            and issubclass(outer, Enum)
            and given in {it.value for it in outer}
        ):
            return outer(given)
    return frozen(given)


def _kinds(inside: tuple[Any, ...], length: int) -> tuple[Any, ...]:
    """Return the type of each place of a list."""
    if len(inside) == length and inside[-1] is not Ellipsis:
        return inside
    return (inside[0] if inside else object,) * length


def _gathered(outer: type, values: list[Any]) -> Any:  # noqa: ANN401
    try:
        return outer(values)
    except TypeError:  # a set of what cannot be in one: its misfits are told
        return tuple(values)
