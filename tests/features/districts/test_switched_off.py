"""A feature of a district that is switched off is missed: its row's tests pass with it, and fail without it.

`random.Random(SEED)` puts rows 151 to 273 in an order; the first twenty that the library performs are the
draw, so that a row added to the table moves no other. Every other performed row has a switch and is run too.
"""

import importlib
import inspect
import random
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from bubancheng.errors import BubanchengError
from tests.features.districts.edits import Switch
from tests.features.districts.halls import DISTRICTS
from tests.features.districts.table import district_rows
from tests.features.table import function_of

SEED = 20240411
ROWS = {row.number: row for row in district_rows()}
PERFORMED = {number for number, row in ROWS.items() if row.is_performed}
ORDER = random.Random(SEED).sample(range(151, 274), 123)
DRAWN = [number for number in ORDER if number in PERFORMED][:20]
MISSED = (AssertionError, BubanchengError, LookupError, StopIteration, ValueError, pytest.fail.Exception)

MODULES = [
    importlib.import_module(f"tests.features.districts.{file.stem}")
    for file in sorted(Path(__file__).parent.glob("switches_*.py"))
]
SWITCHES: dict[int, Switch] = {number: it for module in MODULES for number, it in module.SWITCHES.items()}
FIGURES: dict[int, Switch] = {
    number: it for module in MODULES for number, it in getattr(module, "FIGURES", {}).items()
}
"""Switches of rows whose figures are left to the report layer: their facts and definitions are missed too."""


def perform(test: str) -> None:
    """Run a row's test, which opens its own hall; one that writes files gets a place to write them."""
    function = function_of(test)
    wanted = inspect.signature(function).parameters
    with TemporaryDirectory() as place:
        function(**{name: {"tmp_path": Path(place)}[name] for name in wanted})


def misses(number: int) -> list[str]:
    """Return the tests of a row that fail now."""
    found = []
    for test in ROWS[number].tests:
        try:
            perform(test)
        except MISSED:
            found.append(test)
    return found


def test_twenty_rows_are_drawn_and_each_has_a_switch() -> None:
    assert 20 == len(DRAWN)
    assert [] == [number for number in DRAWN if number not in SWITCHES]


def test_every_performed_row_has_a_switch_and_no_row_has_two() -> None:
    assert {*SWITCHES} == PERFORMED
    assert len(SWITCHES) == sum(len(module.SWITCHES) for module in MODULES)
    assert [] == [number for number in FIGURES if not ROWS[number].is_facts]


@pytest.mark.parametrize("number", [*DRAWN, *sorted({*SWITCHES} - {*DRAWN}), *sorted(FIGURES)])
def test_with_the_feature_its_test_passes_and_without_it_fails(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [] == misses(number)
    changed = (SWITCHES | FIGURES)[number](monkeypatch)
    monkeypatch.setitem(DISTRICTS, changed.name, changed)
    assert misses(number)
