"""Whoever examines a torture sees what it is there to see; no server is needed."""

from collections.abc import Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from tests.acting import DISTRICT
from tests.engines.torture.examining import wrong_commands, wrong_histories, wrong_notices

ROUTE = next(it for it in DISTRICT.routes if "dispatched" in it.on)
OTHERS = [it for it in DISTRICT.routes if "dispatched" in it.on and it is not ROUTE]


def history(*kinds: str) -> Sequence[Any]:
    """Return the entries of a ticket, each with its own command."""
    return [
        SimpleNamespace(ticket="T", sequence=number, kind=kind, reason=f"p0/{number}")
        for number, kind in enumerate(kinds, start=1)
    ]


GOOD = history("registered", "accepted", "dispatched")
COMMANDS = ["p0/1", "p0/2", "p0/3"]
TOLD = [f"n{number} T dispatched {it.id}" for number, it in enumerate([ROUTE, *OTHERS])]


def test_a_good_round_has_no_problem() -> None:
    noted = {"T": [it for it in GOOD if it.kind == "dispatched"]}
    assert ([], [], []) == (
        wrong_commands({"T": GOOD}, COMMANDS),
        wrong_histories({"T": GOOD}),
        wrong_notices(noted, [*TOLD, TOLD[0]]),
    )


@pytest.mark.parametrize(
    ("entries", "acknowledged", "problem"),
    [
        (GOOD[:2], COMMANDS, "p0/3: acknowledged once, found 0 times"),
        ([*GOOD, GOOD[2]], COMMANDS, "p0/3: acknowledged once, found 2 times"),
        (GOOD, COMMANDS[:2], "p0/3: found, never acknowledged"),
    ],
    ids=["lost", "twice", "made up"],
)
def test_a_command_that_is_not_there_once_is_a_problem(
    entries: Sequence[Any], acknowledged: list[str], problem: str
) -> None:
    assert [problem] == wrong_commands({"T": entries}, acknowledged)


@pytest.mark.parametrize(
    ("entries", "problem"),
    [
        ([GOOD[0], GOOD[2], GOOD[1]], "T: the history has a gap"),
        (GOOD[:2], "T: accepted 1, dispatched 0 times"),
        (history("registered", "accepted", "dispatched", "dispatched"), "T: accepted 1, dispatched 2 times"),
    ],
    ids=["order", "not dispatched", "dispatched twice"],
)
def test_a_history_that_does_not_hang_together_is_a_problem(entries: Sequence[Any], problem: str) -> None:
    assert [problem] == wrong_histories({"T": entries})


@pytest.mark.parametrize(
    ("told", "ids"),
    [(TOLD[1:], 0), ([*TOLD, f"other T dispatched {ROUTE.id}"], 2)],
    ids=["lost", "two ids"],
)
def test_a_notice_that_was_not_delivered_under_one_id_is_a_problem(told: list[str], ids: int) -> None:
    noted = {"T": [it for it in GOOD if it.kind == "dispatched"]}
    assert [f"notice ('T', 'dispatched', '{ROUTE.id}'): {ids} ids, 1 expected"] == wrong_notices(noted, told)
