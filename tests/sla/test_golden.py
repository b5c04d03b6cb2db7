"""The golden table of Chongming (domain.md section 7): sixteen acknowledgements, every column."""

import datetime as dt

import pytest

from bubancheng.sla import Counting, Light, Limit, Policy, Target
from tests.sla.tickets import ticket
from tests.support import HOUR, US, at, china, golden_rows

BEIJING = dt.timezone(8 * HOUR)
ROLL = Counting(out_of_hours="roll")

COLUMNS = {
    "contact_due": "1个工作日",
    "simple_due": "当日",
    "general_due": "3个工作日",
    "complex_due": "5个工作日",
}
ROLLED = ("contact_due", "general_due", "complex_due")

CASES = [
    pytest.param(row["acknowledged_at"], COLUMNS[name], row[name], id=f"{row['acknowledged_at']} {name}")
    for row in golden_rows()
    for name in COLUMNS
]
ROLLED_CASES = [
    # an empty cell says that rolling makes no difference there
    pytest.param(
        row["acknowledged_at"],
        COLUMNS[name],
        row[f"rolled_{name}"] or row[name],
        id=f"{row['acknowledged_at']} rolled {name}",
    )
    for row in golden_rows()
    for name in ROLLED
]
YELLOW_CASES = [
    pytest.param(row["acknowledged_at"], row["general_yellow_from"], id=row["acknowledged_at"])
    for row in golden_rows()
]


def test_the_table_has_sixteen_rows() -> None:
    assert 16 == len(golden_rows())


@pytest.mark.parametrize(("acknowledged", "limit", "due"), CASES)
def test_a_limit_ends_when_the_table_says(acknowledged: str, limit: str, due: str) -> None:
    deadline = Limit.parse(limit).due(at(acknowledged), china())
    assert (at(due), False) == (deadline.at, deadline.provisional)


@pytest.mark.parametrize(("acknowledged", "limit", "due"), ROLLED_CASES)
def test_a_limit_that_rolls_ends_when_the_table_says(acknowledged: str, limit: str, due: str) -> None:
    deadline = Limit.parse(limit).due(at(acknowledged), china(), ROLL)
    assert (at(due), False) == (deadline.at, deadline.provisional)


@pytest.mark.parametrize("warning", ["24小时", "1个工作日"])
@pytest.mark.parametrize(("acknowledged", "yellow"), YELLOW_CASES)
def test_the_light_turns_yellow_when_the_table_says(acknowledged: str, yellow: str, warning: str) -> None:
    """In these rows 24 natural hours and one working day before the limit are the same instant."""
    finish = Target(
        name="finish",
        starts="acknowledged",
        stops=("resolved",),
        limit=Limit.parse("3个工作日"),
        watched=True,
    )
    policy = Policy(targets=(finish,), warn_before=Limit.parse(warning))
    start, turn = (at(it).replace(tzinfo=BEIJING) for it in (acknowledged, yellow))
    clock = policy.clocks(ticket(("acknowledged", start)), china())["finish"]
    assert (turn, turn) == (clock.yellow_from, clock.next_change(start))
    assert (Light.GREEN, Light.YELLOW) == (clock.light(turn - US), clock.light(turn))
