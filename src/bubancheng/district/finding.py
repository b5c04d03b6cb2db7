"""Where the profile is that another one inherits: beside it, in a package, or the one of the library."""

import tomllib
from collections.abc import Callable, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path, PurePosixPath
from typing import Any

from bubancheng.district.inheriting import Layers, Placed, placed

STANDARD = "standard"
"""The profile that comes with the library: the five-stage loop (全流程闭环) in words of no district."""

Folder = Path | Traversable


def found_profile(name: str, folder: Folder | None) -> tuple[str, Folder | None]:
    """Return the text of a profile by its name, and the folder in which its own base would lie.

    `name`: "standard", "package:file.toml", or a file beside the one that names it. Errors: `OSError`,
    `ImportError`, `ValueError` where there is none.
    """
    package, colon, file = name.partition(":")
    if name == STANDARD:
        package, file = __package__, "standard.toml"
    elif not colon:
        package, file = "", name
    place = files(package) if package else folder
    if place is None or not file.endswith(".toml"):
        msg = 'it is "standard", "package:file.toml", or a .toml file beside the profile'
        raise ValueError(msg)
    for part in PurePosixPath(file).parts[:-1]:
        place = place / part
    return (place / PurePosixPath(file).name).read_text("utf-8-sig"), place


def with_bases(data: Mapping[str, Any], folder: Folder | None, note: Callable[[str], None]) -> Placed | None:
    """Return a profile over all that it inherits; what does not fit is noted with its place.

    None where a base cannot be found: that is noted, and nothing else is worth saying then.
    """
    chain: list[str] = []
    layers = [placed(data)]
    while (base := _base_of(layers[-1])) is not None:
        where = layers[-1]["district"].places["inherits"]
        if base in chain:
            note(f"{where}: 继承成环 (a circle): {' → '.join([*chain, base])}")
            return None
        chain.append(base)
        try:
            text, folder = found_profile(base, folder)
            layers.append(placed(tomllib.loads(text), base))
        except (OSError, ValueError, RecursionError, ImportError) as error:
            note(f"{where}: 无法继承 (cannot be inherited) {base!r}: {error}")
            return None
    stack = Layers(note)
    found = layers.pop()
    while layers:
        found = stack.over(found, layers.pop())
    return stack.versions(found)


def _base_of(data: Placed) -> str | None:
    head = data.get("district")
    base = head.get("inherits") if isinstance(head, dict) else None
    return base if isinstance(base, str) else None
