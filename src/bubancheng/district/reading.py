"""Strict reading of nested tables: every fault is noted with its key path, none stops the rest."""

import datetime as dt
import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import Enum
from typing import Any, TypeVar

from bubancheng.district.inheriting import NAMED_BY, Placed

T = TypeVar("T")
Words = Mapping[str, frozenset[str]]
"""The words that a coded fact may take, by fact."""

E = TypeVar("E", bound=Enum)

_KINDS: dict[type, str] = {
    str: "文字 (a string)",
    bool: "true 或 false",
    int: "整数 (a whole number)",
    dt.date: "日期 (a date such as 2023-10-26)",
    list: "列表 (a list)",
    dict: "表 (a table)",
}


class Table:
    """A TOML table being read; what is never asked for is an unknown key."""

    def __init__(self, data: Mapping[str, Any], path: str, problems: list[str]) -> None:
        self._data, self.path, self._problems = data, path, problems
        self._asked: list[str] = []

    def fault(self, key: str, text: str) -> None:
        """Note that something is wrong with a key."""
        self._problems.append(f"{self._at(key)}: {text}")

    def _at(self, key: str) -> str:
        place = self._data.places.get(key) if isinstance(self._data, Placed) else None
        return place or (f"{self.path}.{key}" if self.path else key)

    def __contains__(self, key: str) -> bool:
        return key in self._data

    def peek(self, key: str) -> object:
        """Return a value of any type, for a key that may have more than one."""
        return self._data.get(key)

    def get(self, key: str, kind: type[T], default: T | None = None) -> T | None:
        """Return a value of exactly this type; nothing is coerced."""
        self._asked.append(key)
        value = self._data.get(key, default)
        if value is None or type(value) is kind or (kind is dict and isinstance(value, dict)):
            return value  # type: ignore[return-value]  # a table is a dict
        self.fault(key, f"应为{_KINDS[kind]}，现为 {value!r}")
        return default

    def need(self, key: str, kind: type[T], instead: T) -> T:
        """Return a value that must be there; `instead` after noting the fault."""
        value = self.get(key, kind)
        if value is None:
            if key not in self._data:
                self.fault(key, "缺少此项 (missing)")
            return instead
        return value

    def text(self, key: str) -> str:
        """Return a text that must be there and not be blank."""
        value = self.need(key, str, "")
        if isinstance(self._data.get(key), str) and not value.strip():
            self.fault(key, "不能为空 (blank)")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; empty where there is none."""
        values = self.get(key, list, []) or []
        for value in values:
            if not isinstance(value, str):
                self.fault(key, f"{value!r} 应为文字 (a string)")
        return tuple(value for value in values if isinstance(value, str))

    def choice(self, key: str, kind: type[E], default: E) -> E:
        """Return a member of an enumeration by its value."""
        word = self.get(key, str)
        if word is None:
            return default
        try:
            return kind(word)
        except ValueError:
            self.fault(key, f"{word!r} 不在 {', '.join(it.value for it in kind)} 之中")
            return default

    def one_of(self, key: str, words: Iterable[str], default: str | None = None) -> str:
        """Return a text that is one of a few words; the default, or the first of them, where it is not."""
        known = tuple(words)
        word = self.need(key, str, known[0]) if default is None else self.get(key, str, default)
        if word not in known:
            self.fault(key, f"{word!r} 不在 {', '.join(known)} 之中")
            return default or known[0]
        return word

    def parsed(self, key: str, parse: Callable[[str], T], default: T | None = None) -> T | None:
        """Return what `parse` makes of a text; its `ValueError` becomes a fault."""
        word = self.get(key, str)
        if word is None:
            return default
        try:
            return parse(word)
        except ValueError as error:
            self.fault(key, str(error))
            return default

    def each(self) -> Iterator[tuple[str, object]]:
        """Yield every key and its value of any type, for keys that the writer chooses."""
        for key, value in self._data.items():
            self._asked.append(key)
            yield key, value

    def mapping(self, key: str) -> dict[str, Any]:
        """Return a table as it is, for keys that the writer chooses."""
        return self.get(key, dict, {}) or {}

    def table(self, key: str) -> "Table":
        """Return a table inside; an empty one where there is none."""
        return Table(self.mapping(key), self._at(key), self._problems)

    def tables(self, key: str) -> Iterator["Table"]:
        """Yield the tables of a list of tables."""
        for number, value in enumerate(self.get(key, list, []) or [], start=1):
            if isinstance(value, dict):
                yield Table(value, f"{self._at(key)}[{number}]", self._problems)
            else:
                self.fault(key, f"第 {number} 项应为{_KINDS[dict]}")

    def named(self, key: str, name: object) -> "Table":
        """Return the table of a list that bears a name; the last one where several do, else this one."""
        by = NAMED_BY[key][0]
        for number, value in reversed([*enumerate(self._data.get(key, ()), start=1)]):
            if isinstance(value, dict) and value.get(by) == name:
                return Table(value, f"{self._at(key)}[{number}]", self._problems)
        return self

    def done(self) -> None:
        """Note every key that nobody asked for, with the nearest right one."""
        for key in self._data:
            if key not in self._asked:
                self.fault(key, f"没有这个键 (unknown key){nearest(key, self._asked)}")


def nearest(word: str, words: Iterable[str]) -> str:
    """Return a question that names the nearest right word; nothing where none is near."""
    near = difflib.get_close_matches(word, list(words), 1)
    return f"，是否为 {near[0]}？" if near else ""


def repeated(values: Iterable[str]) -> list[str]:
    """Return the values that occur more than once."""
    seen: set[str] = set()
    return sorted({value for value in values if value in seen or seen.add(value)})  # type: ignore[func-returns-value] # `add` gives None on purpose


def unique(table: Table, key: str, values: Iterable[str]) -> None:
    """Note every value that a list holds more than once."""
    for value in repeated(values):
        table.fault(key, f"{value} 出现不止一次 (given twice)")
