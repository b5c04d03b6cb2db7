"""Three short rounds of torture; `python -m tests.engines.torture --rounds 50` is the long one."""

import pytest

from tests.engines.torture.rounds import Torture

pytestmark = pytest.mark.engines


@pytest.mark.parametrize("name", ["postgresql-15", "mariadb", "galera"])
def test_what_was_acknowledged_happened_once_whatever_was_killed(name: str) -> None:
    torture = Torture(name)
    try:
        outcome = torture.round(seed=7, commands=25, server_kills=2)
    finally:
        torture.close()
    assert (2, True, ()) == (outcome.servers_killed, outcome.writers_killed > 0, outcome.problems)
