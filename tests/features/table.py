"""The table of docs/features.md: its rows, and the tests they name."""

import importlib
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import attrs

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "features.md"

_ROW = re.compile(r"\| (\d+) \| (.+) \| (.+) \| (.+) \|")
_NAME = re.compile(r"`([^`]+)`")


@attrs.frozen
class Row:
    """A row: its number, what is asked, the names of where it is, how it is performed."""

    number: int
    asked: str
    where: tuple[str, ...]
    how: str

    @property
    def tests(self) -> tuple[str, ...]:
        """The tests it names, as pytest writes them."""
        return tuple(it for it in _NAME.findall(self.how) if it.startswith("tests/"))

    @property
    def is_performed(self) -> bool:
        """Whether the library itself performs it."""
        return self.how.startswith("`tests/")

    @property
    def is_facts(self) -> bool:
        """Whether the library keeps the facts of it, and a report draws them."""
        return self.how.startswith("facts for the report layer: ")

    @property
    def is_outside(self) -> bool:
        """Whether it is outside the library."""
        return self.how.startswith("outside the library: ")


def rows(page: Path = PAGE) -> list[Row]:
    """Return the rows of the table of a page in order."""
    found = []
    for line in page.read_text("utf-8").splitlines():
        row = _ROW.fullmatch(line)
        if row is not None:
            number, asked, where, how = row.groups()
            found.append(Row(int(number), asked, tuple(_NAME.findall(where)), how))
    return found


def function_of(test: str) -> Callable[..., Any]:
    """Return the function of a test, such as "tests/features/test_words.py::test_x"."""
    file, _, name = test.partition("::")
    module = importlib.import_module(file.removesuffix(".py").replace("/", "."))
    function: Callable[..., Any] = getattr(module, name)
    return function
