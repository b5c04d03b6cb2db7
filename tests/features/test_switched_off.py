"""A feature that is switched off is missed: its row's test passes with it, and fails without it.

`random.Random(SEED)` puts the rows of the table in an order; the first twenty of them that the library
performs are the draw, so that a row added to the table moves no other. Each has a switch, and so has
every other row that is performed: the draw must hold, the rest is run as well.
"""

import functools
import inspect
import random
import sys

import pytest

from bubancheng.district import District
from bubancheng.errors import BubanchengError
from tests.acting import DISTRICT
from tests.features.hall import Hall
from tests.features.switches import SWITCHES
from tests.features.table import function_of, rows

SEED = 20231026
TESTS = {row.number: row.tests for row in rows() if row.is_performed}
ORDER = random.Random(SEED).sample(range(1, 151), 150)
DRAWN = [number for number in ORDER if number in TESTS][:20]
MISSED = (AssertionError, BubanchengError, LookupError, StopIteration, pytest.fail.Exception)


def perform(test: str, district: District, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run a row's test here, in a hall of a district; a story opens its own."""
    function = function_of(test)
    module = sys.modules[function.__module__]
    if "hall" in inspect.signature(function).parameters:
        function(Hall(district))
        return
    monkeypatch.setattr(module, "Hall", functools.partial(Hall, district))
    function()


def misses(number: int, district: District, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the tests of a row that fail in a district."""
    found = []
    for test in TESTS[number]:
        try:
            perform(test, district, monkeypatch)
        except MISSED:
            found.append(test)
    return found


def test_twenty_rows_are_drawn_and_each_has_a_switch() -> None:
    assert 20 == len(DRAWN)
    assert [] == [number for number in DRAWN if number not in SWITCHES]


def test_every_performed_row_has_a_switch() -> None:
    assert {*TESTS} == {*SWITCHES}


@pytest.mark.parametrize("number", [*DRAWN, *sorted({*SWITCHES} - {*DRAWN})])
def test_with_the_feature_its_test_passes_and_without_it_fails(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [] == misses(number, DISTRICT, monkeypatch)
    assert misses(number, SWITCHES[number](monkeypatch), monkeypatch)
