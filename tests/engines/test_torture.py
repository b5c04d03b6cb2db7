"""Three rounds of torture an engine; `python -m tests.engines.torture --rounds 50` is the long one."""

import pytest

from tests.engines.torture.rounds import TORTURED, Torture

pytestmark = pytest.mark.engines


@pytest.mark.parametrize("name", TORTURED)
def test_what_was_acknowledged_happened_once_whatever_was_killed(name: str) -> None:
    torture = Torture(name)
    try:
        outcomes = [torture.round(seed, commands=25) for seed in (7, 8, 9)]
    finally:
        torture.close()
    assert [(2, 4, ())] * 3 == [(it.servers_killed, it.writers_killed, it.problems) for it in outcomes]
