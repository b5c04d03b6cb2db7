"""Types, all the way down: what fits, what does not, and how a sentence names it."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from types import MappingProxyType
from typing import Any, Literal, Protocol

import attrs
import pytest

from bubancheng.hooks.fitting import Misfit, misfits, shown, worded
from tests.acting import DISTRICT


class Colour(Enum):
    RED = "red"


class Speaks(Protocol):
    def speak(self) -> str: ...


@attrs.frozen
class Inner:
    name: str


@attrs.frozen
class Outer:
    inner: Inner
    several: tuple[Inner, ...] = ()


NOON = dt.datetime(2026, 1, 1, 12, tzinfo=dt.UTC)

FITS: list[tuple[object, Any]] = [
    (None, None),
    (None, str | None),
    ("x", str | None),
    (True, bool),
    (3, int),
    (3, float),
    (3.5, float),
    (NOON, dt.datetime),
    (NOON.date(), dt.date),
    (NOON.time(), dt.time),
    ((), tuple[str, ...]),
    (("a", "b"), tuple[str, ...]),
    (("a", 1), tuple[str, int]),
    (frozenset({"a"}), frozenset[str]),
    (["a"], Sequence[str]),
    ({"a": 1}, Mapping[str, int]),
    (MappingProxyType({"a": 1}), Mapping[str, int]),
    (Colour.RED, Colour),
    ("red", Literal["red", "blue"]),
    (object(), object),
    (object(), Any),
    (len, Callable[..., object]),
    (object(), Speaks),
    (Outer(Inner("a"), (Inner("b"),)), Outer),
]

# value, type, path, expected
MISFITS: list[tuple[object, Any, str, str]] = [
    ("x", None, "", "None"),
    (1, str | None, "", "str or None"),
    (1, bool, "", "bool"),
    (True, int, "", "int"),
    (True, float, "", "float"),
    (Colour.RED, str, "", "str"),
    (NOON, dt.date, "", "date"),
    (NOON.date(), dt.datetime, "", "datetime"),
    (["a"], tuple[str, ...], "", "tuple[str, ...]"),
    ("abc", tuple[str, ...], "", "tuple[str, ...]"),
    ("abc", Sequence[str], "", "Sequence[str]"),
    ({"a"}, frozenset[str], "", "frozenset[str]"),
    (("a", 1), tuple[str, ...], "[2]", "str"),
    (("a",), tuple[str, int], "[2]", "int"),
    (("a", 1, 2), tuple[str, int], "[3]", "None"),
    (frozenset({1}), frozenset[str], "[1]", "str"),
    ({"a": "b"}, Mapping[str, int], "'a'", "int"),
    ({1: 1}, Mapping[str, int], "1", "str"),
    ("red", Colour, "", "Colour"),
    ("green", Literal["red", "blue"], "", "Literal['red', 'blue']"),
    (1, Literal[True], "", "Literal[True]"),
    (Inner(3), Outer, "", "Outer"),  # type: ignore[arg-type] # wrong on purpose
    (Outer(Inner(3)), Outer, "inner.name", "str"),  # type: ignore[arg-type] # wrong on purpose
    (Outer(Inner("a"), (Inner("b"), Inner(b"c"))), Outer, "several[2].name", "str"),  # type: ignore[arg-type] # wrong on purpose
]


@pytest.mark.parametrize(("value", "kind"), FITS, ids=range(len(FITS)))
def test_what_is_of_its_type_fits(value: object, kind: Any) -> None:
    assert [] == list(misfits(value, kind))


@pytest.mark.parametrize(("value", "kind", "path", "expected"), MISFITS, ids=range(len(MISFITS)))
def test_what_is_not_is_told_with_its_path(value: object, kind: Any, path: str, expected: str) -> None:
    (found,) = misfits(value, kind)
    assert (path, expected) == (found.path, found.expected)


def test_everything_is_told_at_once() -> None:
    found = misfits((1, "a", 2), tuple[str, ...], "words")
    assert [Misfit("words[1]", "1", "str"), Misfit("words[3]", "2", "str")] == list(found)


def test_a_whole_district_fits() -> None:
    assert [] == list(misfits(DISTRICT, type(DISTRICT)))


def test_validators_that_are_switched_off_change_nothing() -> None:
    with attrs.validators.disabled():
        assert 1 == len(list(misfits(Inner(3), Inner)))  # type: ignore[arg-type] # wrong on purpose


def test_a_long_value_is_shown_shortened() -> None:
    assert 122 > len(shown("x" * 1000))


def test_a_type_is_worded_without_its_module() -> None:
    assert "tuple[tuple[datetime, datetime], ...] or None" == worded(
        tuple[tuple[dt.datetime, dt.datetime], ...] | None
    )
