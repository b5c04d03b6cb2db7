"""Plain output: JSON alone, and texts that cannot move a terminal's cursor."""

import json
import sys


def print_json(value: object) -> None:
    """Print a value as JSON and nothing else; escaped where the console's encoding lacks a character."""
    text = json.dumps(value, ensure_ascii=False, indent=1)
    try:
        text.encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        text = json.dumps(value, indent=1)
    print(text)


def clean(text: str) -> str:
    """Return a text as one line of printable characters; anything else shows as a mark."""
    return "".join(char if char.isprintable() or char == "\u3000" else "�" for char in text)
