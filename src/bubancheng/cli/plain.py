"""Plain output: JSON alone, and texts that cannot move a terminal's cursor."""

import json
import sys
from collections.abc import Iterable
from shutil import copyfileobj
from tempfile import SpooledTemporaryFile

_IN_MEMORY = 1 << 20  # characters of an array, before it goes to the disk


def print_json(value: object) -> None:
    """Print a value as JSON and nothing else; escaped where the console's encoding lacks a character."""
    print(_as_json(value))


def print_array(values: Iterable[object]) -> None:
    """Print values as one JSON array and nothing else, of any length in the same memory.

    Where a value cannot be had nothing is printed: what was written so far waits in a temporary file.
    """
    with SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="") as kept:
        between = "["
        for value in values:
            kept.write(between + f"\n{_as_json(value)}".replace("\n", "\n "))
            between = ","
        kept.write("[]\n" if between == "[" else "\n]\n")
        kept.seek(0)
        copyfileobj(kept, sys.stdout)


def _as_json(value: object) -> str:
    text = json.dumps(value, ensure_ascii=False, indent=1)
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        text = json.dumps(value, indent=1)
    return text


def clean(text: str) -> str:
    """Return a text as one line of printable characters; anything else shows as a mark."""
    return "".join(char if char.isprintable() or char == "\u3000" else "�" for char in text)
