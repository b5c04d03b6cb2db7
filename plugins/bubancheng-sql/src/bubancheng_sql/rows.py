"""What is stored for a record of the contract, and the record that something stored stands for."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from operator import attrgetter
from typing import TypeVar

import attrs
import sqlalchemy as sa

from bubancheng.errors import StoreError
from bubancheng.store import StateRow
from bubancheng_sql.tables import TICKET
from bubancheng_sql.texts import plain, shielded

T = TypeVar("T", bound=attrs.AttrsInstance)


def stored(table: sa.Table, *parts: object) -> dict[str, object]:
    """Return the values of a row; `StoreError` for a name that is longer than its column."""
    values: list[object] = []
    for part in parts:
        values += _fields(type(part))(part) if attrs.has(type(part)) else (part,)  # type: ignore[arg-type] # has fields
    return {
        name: _kept(name, length, value) if type(value) is str else value
        for (name, length), value in zip(_columns(table), values, strict=True)
    }


def state(row: StateRow) -> dict[str, object]:
    """Return the values of a ticket's row: its state, and the light that it is found by."""
    return stored(TICKET, row, row.told.partition("\t")[0])


@cache
def _columns(table: sa.Table) -> list[tuple[str, int | None]]:
    return [(it.name, getattr(it.type, "length", None)) for it in table.columns]


@cache
def _fields(kind: type[attrs.AttrsInstance]) -> Callable[[object], tuple[object, ...]]:
    return attrgetter(*(it.name for it in attrs.fields(kind)))


def _kept(name: str, length: int | None, value: str) -> str:
    text = shielded(value)
    if length is not None and len(text) > length:
        msg = (
            f"{name} 过长 (too long): {len(text)} characters, at most {length} are kept: "
            f"shorten {value[:20]!r}…"
        )
        raise StoreError(msg)
    return text


def record_of(kind: type[T], row: Sequence[object]) -> T:
    """Return the record of a row whose columns are in the order of its fields."""
    values = [plain(it) if isinstance(it, str) else it for it in row]
    return kind(**dict(zip((it.name for it in attrs.fields(kind)), values, strict=True)))


def keyed(**names: str) -> Mapping[str, str]:
    """Return names as they are stored, to look for them."""
    return {name: shielded(text) for name, text in names.items()}
