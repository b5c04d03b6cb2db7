"""A feature of a district that is switched off is missed: its row's tests pass with it, and fail without it.

`random.Random(SEED)` puts rows 151 to 273 in an order; the first twenty that the library performs are the
draw, so that a row added to the table moves no other. Every other performed row has a switch and is run too.
"""

import importlib
import inspect
import random
from pathlib import Path

import pytest

from bubancheng.district import District
from bubancheng.errors import BubanchengError
from tests.district.installed import district_of
from tests.features.districts import halls
from tests.features.districts.edits import Switch
from tests.features.districts.table import district_rows
from tests.features.table import function_of

SEED = 20240411
ROWS = {row.number: row for row in district_rows()}
PERFORMED = {number: row.tests for number, row in ROWS.items() if row.is_performed}
FIGURES = {number: row.tests for number, row in ROWS.items() if row.is_facts}
ORDER = random.Random(SEED).sample(range(151, 274), 123)
DRAWN = [number for number in ORDER if number in PERFORMED][:20]
MISSED = (AssertionError, BubanchengError, LookupError, StopIteration, AttributeError, pytest.fail.Exception)

MODULES = [
    importlib.import_module(f"tests.features.districts.{file.stem}")
    for file in sorted(Path(__file__).parent.glob("switches_*.py"))
]
SWITCHES: dict[int, Switch] = {number: it for module in MODULES for number, it in module.SWITCHES.items()}
FIGURE_SWITCHES: dict[int, Switch] = {
    number: it for module in MODULES for number, it in getattr(module, "FIGURES", {}).items()
}


def misses(tests: tuple[str, ...]) -> list[str]:
    """Return the tests that fail now."""
    found = []
    for test in tests:
        function = function_of(test)
        assert not inspect.signature(function).parameters.keys() - {"tmp_path"}, test
        try:
            perform(test)
        except MISSED:
            found.append(test)
    return found


def perform(test: str) -> None:
    """Run a test that opens its own hall; one that writes files gets a place that is forgotten."""
    function = function_of(test)
    if "tmp_path" in inspect.signature(function).parameters:
        with pytest.TempPathFactory.from_config.__self__._mk_tmp() as place:  # type: ignore[attr-defined]
            function(place)
    else:
        function()


def switched(number: int, monkeypatch: pytest.MonkeyPatch) -> District:
    """Take a feature away from its district."""
    name, edit = (SWITCHES | FIGURE_SWITCHES)[number]
    changed = edit(district_of(name), monkeypatch)
    monkeypatch.setitem(halls.SWITCHED, name, changed)
    return changed


def test_twenty_rows_are_drawn_and_each_has_a_switch() -> None:
    assert 20 == len(DRAWN)
    assert [] == [number for number in DRAWN if number not in SWITCHES]


def test_every_performed_row_has_a_switch_and_no_row_has_two() -> None:
    assert {*PERFORMED} == {*SWITCHES}
    assert sum(len(module.SWITCHES) for module in MODULES) == len(SWITCHES)
    assert {*FIGURE_SWITCHES} <= {*FIGURES}


@pytest.mark.parametrize("number", [*DRAWN, *sorted({*SWITCHES} - {*DRAWN}), *sorted(FIGURE_SWITCHES)])
def test_with_the_feature_its_test_passes_and_without_it_fails(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    tests = ROWS[number].tests
    assert [] == misses(tests)
    switched(number, monkeypatch)
    assert misses(tests)
