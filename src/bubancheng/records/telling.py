"""What is wrong with a JSON value, as sentences with key paths: cattrs finds it, this tells it."""

import difflib
import re
from collections.abc import Iterable, Iterator

from cattrs.errors import (
    AttributeValidationNote,
    BaseValidationError,
    ForbiddenExtraKeysError,
    IterableValidationNote,
)

from bubancheng.records.forms import Kind
from bubancheng.records.listing import family_of, fields_of
from bubancheng.records.shapes import takes

_WORD = re.compile(r"\w[\w-]*")


def problems_of(error: Exception, path: str, kind: Kind) -> Iterator[str]:
    """Yield everything that is wrong; `kind` is what should stand at the path."""
    if isinstance(error, ForbiddenExtraKeysError):
        allowed = _keys(error.cl)
        for key in sorted(map(str, error.extra_fields)):
            yield f"{_joined(path, key)}: unknown key{near(key, allowed)}; allowed: {', '.join(allowed)}"
    elif isinstance(error, BaseValidationError):
        for inner in error.exceptions:
            place, inside = _place(inner)
            yield from problems_of(inner, _joined(path, place), kind if place is None else inside)
    elif isinstance(error, KeyError):
        yield f"{path}: missing; takes {takes(kind)}"
    else:
        text = str(error).removeprefix(f"{path.rpartition('.')[2]} ")  # a validator names its field first
        yield f"{path}: {text}" if path else text


def _place(error: BaseException) -> tuple[str | int | None, Kind]:
    """Return the key or the index that an error is about, and the type that belongs there."""
    for note in getattr(error, "__notes__", ()):
        if isinstance(note, AttributeValidationNote):
            return note.name, note.type
        if isinstance(note, IterableValidationNote):
            return note.index, note.type
    return None, None


def _joined(path: str, place: str | int | None) -> str:
    if place is None:
        return path
    if isinstance(place, int):
        return f"{path}[{place}]"
    if not _WORD.fullmatch(place):
        return f"{path}[{place!r}]"
    return f"{path}.{place}" if path else place


def near(word: str, known: Iterable[str]) -> str:
    """Return the known word that is nearest, as a question; nothing where none is near."""
    found = difflib.get_close_matches(word, known, 1)
    return f", is it {found[0]!r}?" if found else ""


def _keys(kind: type) -> list[str]:
    family = family_of(kind)
    return [*(family[:1] if family else ()), *(field.name for field in fields_of(kind))]
