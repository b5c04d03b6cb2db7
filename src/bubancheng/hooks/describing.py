"""What plugins rely on, as a text: hooks, records, fields, types, defaults; they notice a change."""

import inspect
from collections.abc import Iterator
from enum import Enum
from typing import Any, get_args, get_type_hints

import attrs

from bubancheng.district import District
from bubancheng.hooks.deprecating import DEPRECATED
from bubancheng.hooks.fitting import worded
from bubancheng.hooks.plugin import HOOKS, DistrictPlugin

_OWN = __name__.partition(".")[0]
_HEAD = "What plugins rely on. Written by tools/dump_hooks.py; a change of it needs a changelog fragment."
_APART = (District,)  # what it holds is the profile's own business


def described() -> str:
    """Return every hook with all that it is given and gives, down to the last field."""
    kinds: dict[str, type] = {}
    for name in HOOKS:
        _collect(getattr(DistrictPlugin, name), kinds)
    plain = list(vars(DistrictPlugin).get("__annotations__", ()))
    blocks = [
        [_HEAD],
        [_signature(name, getattr(DistrictPlugin, name)) for name in HOOKS],
        [f"{name} -> {it.new}, removed in {it.removed_in}" for name, it in DEPRECATED.items()],
        [f"DistrictPlugin.{name}: {worded(_hints(DistrictPlugin)[name], ' | ')}" for name in plain],
        *([name, *(f"  {line}" for line in _lines(kind))] for name, kind in sorted(kinds.items())),
    ]
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _collect(function: Any, kinds: dict[str, type]) -> None:  # noqa: ANN401 anything with types
    """Add every class of ours that a function, or a class, names in its types."""
    for hint in _hints(function).values():
        for kind in _classes(hint):
            if kind.__name__ not in kinds and kind not in _APART:
                kinds[kind.__name__] = kind
                for part in (kind, *_methods(kind).values()):
                    _collect(part, kinds)


def _classes(hint: Any) -> Iterator[type]:  # noqa: ANN401 a type's form
    """Yield the classes of ours inside a type."""
    if isinstance(hint, type) and hint.__module__.partition(".")[0] == _OWN:
        yield hint
    for inner in get_args(hint):
        yield from _classes(inner)


def _methods(kind: type) -> dict[str, Any]:
    """Return what a protocol asks for; a record or an enumeration asks for nothing."""
    if attrs.has(kind) or issubclass(kind, Enum):
        return {}
    return {
        name: it for name, it in vars(kind).items() if inspect.isfunction(it) and not name.startswith("_")
    }


def _lines(kind: type) -> Iterator[str]:
    if issubclass(kind, Enum):
        yield from (f"{it.name} = {it.value!r}" for it in kind)
    elif attrs.has(kind):
        hints = _hints(kind)
        for field in attrs.fields(kind):
            yield f"{field.name}: {worded(hints[field.name], ' | ')}{_default(field.default)}"
    else:
        for name, method in _methods(kind).items():
            yield _signature(name, method)


def _default(value: Any) -> str:  # noqa: ANN401 any default
    if value is attrs.NOTHING:
        return ""
    if hasattr(value, "factory"):
        return f" = {value.factory.__name__}()"
    return f" = {value}" if isinstance(value, Enum) else f" = {value!r}"


def _signature(name: str, function: Any) -> str:  # noqa: ANN401 any function
    hints = _hints(function)
    taken: list[str] = []
    for it in list(inspect.signature(function).parameters.values())[1:]:
        default = "" if it.default is it.empty else f" = {it.default!r}"
        if it.kind is it.KEYWORD_ONLY and "*" not in taken:
            taken.append("*")
        star = "*" if it.kind is it.VAR_POSITIONAL else ""
        taken.append(f"{star}{it.name}: {worded(hints[it.name], ' | ')}{default}")
    return f"{name}({', '.join(taken)}) -> {worded(hints.get('return'), ' | ')}"


def _hints(of: Any) -> dict[str, Any]:  # noqa: ANN401 anything with types
    return get_type_hints(of)
