"""The main job on every engine: the same tickets, the same lights, to the byte."""

from pathlib import Path

import pytest

from tests.cli.calling import call

pytestmark = pytest.mark.engines

LEDGER = str(Path(__file__).parents[2] / "examples" / "chongming-ledger.csv")
NOW = ("--now", "2024-03-29T15:00", "--json")


@pytest.fixture(scope="module")
def in_memory() -> str:
    """What the main job says without a server."""
    return call("run", LEDGER, "--district", "chongming", *NOW).stdout


def test_the_main_job_says_the_same_on_every_engine(url: str, in_memory: str) -> None:
    first, second = (call("run", LEDGER, "--district", "chongming", "--store", url, *NOW) for _ in range(2))
    assert (in_memory, in_memory, 0) == (first.stdout, second.stdout, second.exit_code)


def test_the_board_says_the_same_on_every_engine(url: str, in_memory: str) -> None:
    call("run", LEDGER, "--district", "chongming", "--store", url, *NOW)
    board = call("board", "--store", url, *NOW)
    chains = call("verify", "--store", url)
    assert (in_memory, 0) == (board.stdout, chains.exit_code)


@pytest.mark.parametrize("engine", ["postgresql-15", "mariadb"])
def test_a_district_that_the_store_does_not_hold_is_said(url: str) -> None:
    assert 1 == call("board", "--store", url, "--district", "nowhere", *NOW).exit_code
