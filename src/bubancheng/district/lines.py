"""Where a key of a profile stands in its file, so that a fault can be found."""

import re

_TABLE = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_\-\u4e00-\u9fff]+|\"[^\"]*\"|'[^']*')\s*=")
_LAST = re.compile(r"[.\[][^.\[]*$")
_QUOTES = ('"""', "'''")


def key_lines(text: str) -> dict[str, int]:
    """Return the line of each table and key, by the path that faults name: rule[2].target[1].limit."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    table, inside = "", ""
    for number, line in enumerate(text.splitlines(), start=1):
        if inside:  # a text over several lines
            inside = "" if inside in line else inside
            continue
        heading = _TABLE.match(line)
        if heading is not None:
            table = _path(heading[2], counts, is_list=heading[1] == "[[")
            found.setdefault(table, number)
            continue
        key = _KEY.match(line)
        if key is not None:
            name = key[1].strip("\"'")
            found.setdefault(f"{table}.{name}" if table else name, number)
        inside = next((quotes for quotes in _QUOTES if line.count(quotes) % 2), "")
    return found


def _path(name: str, counts: dict[str, int], *, is_list: bool) -> str:
    """Return a table's path, numbered where it, or one above it, is a list of tables."""
    path = ""
    parts = [part.strip().strip("\"'") for part in name.split(".")]
    for place, part in enumerate(parts):
        path = f"{path}.{part}" if path else part
        if is_list and place == len(parts) - 1:
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = f"{path}[{counts[path]}]"
    return path


def line_of(lines: dict[str, int], path: str) -> int | None:
    """Return the line of a path, or of the nearest thing around it; None for the file as a whole."""
    while path:
        if path in lines:
            return lines[path]
        shorter = _LAST.sub("", path)
        path = "" if shorter == path else shorter
    return None
