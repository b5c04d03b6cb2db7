"""A feature of Beijing that is switched off is missed: its row's tests pass with it, and fail without it."""

import pytest

from bubancheng.errors import BubanchengError
from tests.features.districts.beijing import DISTRICTS
from tests.features.districts.switches_beijing import SWITCHES
from tests.features.table import ROOT, function_of, rows

ROWS = {
    row.number: row
    for row in rows(ROOT / "docs" / "features-districts.md")
    if row.is_performed and 151 <= row.number <= 215
}
MISSED = (AssertionError, BubanchengError, LookupError, StopIteration, ValueError, pytest.fail.Exception)


def misses(number: int) -> list[str]:
    """Return the tests of a row that fail now."""
    found = []
    for test in ROWS[number].tests:
        try:
            function_of(test)()
        except MISSED:
            found.append(test)
    return found


def test_every_performed_row_has_a_switch() -> None:
    assert {*ROWS} == {*SWITCHES}


@pytest.mark.parametrize("number", sorted(SWITCHES))
def test_with_the_feature_its_test_passes_and_without_it_fails(
    number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [] == misses(number)
    changed = SWITCHES[number](monkeypatch)
    monkeypatch.setitem(DISTRICTS, changed.name, changed)
    assert misses(number)
