"""Whether a value is what a type says, all the way down; attrs by itself checks nothing of the kind."""

import datetime as dt
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import attrs

_EXACT = (bool, int, str, tuple, frozenset)  # True is an int to Python, and an enumeration's word is a str
_LONGEST = 120  # characters of a value that a sentence shows
_QUALIFIED = re.compile(r"(?:\w+\.)+(\w+)")


@attrs.frozen
class Misfit:
    """A value in the wrong place: `path` inside what was given ("" for itself), `got`, `expected`."""

    path: str
    got: str
    expected: str


def misfits(value: object, kind: Any, path: str = "") -> Iterator[Misfit]:  # noqa: ANN401 a type's form
    """Yield every value that is not of its type; a record is walked by its fields' types."""
    arm = next((it for it in arms_of(kind) if _is(value, it)), _NO_ARM)
    if arm is _NO_ARM:
        yield Misfit(path, shown(value), worded(kind))
        return
    for place, inner, wanted in _within(value, arm):
        yield from misfits(inner, wanted, joined(path, place))


_NO_ARM = object()


def arms_of(kind: Any) -> tuple[Any, ...]:  # noqa: ANN401
    """Return the types of a union; a single type is its own."""
    return get_args(kind) if get_origin(kind) in {Union, UnionType} else (kind,)


def _is(value: object, arm: Any) -> bool:  # noqa: ANN401, PLR0911 a way out for each kind of type
    outer = get_origin(arm) or arm
    if arm is None or arm is Any:
        return arm is Any or value is None
    if outer is Literal:
        return any(type(it) is type(value) and it == value for it in get_args(arm))
    if outer in _EXACT:
        return type(value) is outer
    if outer is float:
        return type(value) in {float, int}
    if outer is dt.date:
        return issubclass(type(value), dt.date) and not issubclass(type(value), dt.datetime)
    if outer is Sequence:
        return issubclass(type(value), Sequence) and not issubclass(type(value), str | bytes)
    try:
        return issubclass(type(value), outer)  # of a value's own word on its class nothing is believed
    except TypeError:  # a protocol, which says what is done with it and not what it is
        return True


def _within(value: Any, arm: Any) -> Iterator[tuple[str | int, object, Any]]:  # noqa: ANN401
    """Yield what is inside a value, each with its place and its type."""
    if attrs.has(type(value)):
        kind: Any = type(value)
        hints = _hints(kind)
        yield from ((it.name, getattr(value, it.name), hints[it.name]) for it in attrs.fields(type(value)))
        return
    inside = get_args(arm)
    if not inside or isinstance(value, str):
        return
    if isinstance(value, Mapping):
        yield from ((shown(key), key, inside[0]) for key in value)
        yield from ((shown(key), it, inside[1]) for key, it in value.items())
    elif isinstance(value, tuple) and inside[-1] is not Ellipsis:
        kinds = (*inside, *(None for _ in value[len(inside) :]))
        yield from ((place, it, kind) for place, (it, kind) in enumerate(zip(value, kinds, strict=False), 1))
        yield from ((place, None, inside[place - 1]) for place in range(len(value) + 1, len(inside) + 1))
    elif isinstance(value, Collection):
        yield from ((place, it, inside[0]) for place, it in enumerate(value, 1))


@cache
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def joined(path: str, place: str | int) -> str:
    """Return the path of what stands at a place: a key, or a number from 1."""
    if isinstance(place, int):
        return f"{path}[{place}]"
    return f"{path}.{place}" if path else place


def shown(value: object) -> str:
    """Return a value as a sentence shows it: short, and by its type where it cannot be printed."""
    try:
        text = repr(value)
    except Exception:  # noqa: BLE001 a value of a plugin may not even print
        return f"<{type(value).__name__} that cannot be printed>"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def worded(kind: Any, between: str = " or ") -> str:  # noqa: ANN401
    """Return a type as a sentence names it."""
    return between.join(_name(it) for it in arms_of(kind))


def _name(arm: Any) -> str:  # noqa: ANN401
    if arm is None or arm is type(None):
        return "None"
    return arm.__name__ if isinstance(arm, type) and not get_args(arm) else _QUALIFIED.sub(r"\1", str(arm))
