"""What is stored for a record of the contract, and the record that something stored stands for."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import attrs
import sqlalchemy as sa

from bubancheng.errors import StoreError
from bubancheng_sql.texts import plain, shielded

T = TypeVar("T", bound=attrs.AttrsInstance)


def stored(table: sa.Table, *parts: object) -> dict[str, object]:
    """Return the values of a row; `StoreError` for a name that is longer than its column."""
    return {
        column.name: _kept(column, value) for column, value in zip(table.columns, _flat(parts), strict=True)
    }


def _flat(parts: Sequence[object]) -> list[object]:
    values: list[object] = []
    for part in parts:
        values += attrs.astuple(part, recurse=False) if attrs.has(type(part)) else [part]  # type: ignore[arg-type]
    return values


def _kept(column: sa.Column[Any], value: object) -> object:
    if not isinstance(value, str):
        return value
    text, length = shielded(value), getattr(column.type, "length", None)
    if length is not None and len(text) > length:
        msg = (
            f"{column.name} 过长 (too long): {len(text)} characters, at most {length} are kept: "
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
