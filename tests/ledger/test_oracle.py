"""Random ledgers against a second implementation, written from the texts before the code."""

import datetime as dt
from pathlib import Path

import pytest

from bubancheng.desk import Desk
from bubancheng.ledger import read_ledger, take_in
from tests.acting import CALENDAR, DISTRICT
from tests.ledger.writing import write_oracle_ledger
from tests.oracles import ledger_oracle
from tests.oracles.ledger_oracle import Expected


def told(folder: Path, seed: int, count: int) -> tuple[dict[str, Expected], dict[str, Expected]]:
    """Return what the oracle expects of a random ledger, and what the desk says."""
    rows, now = ledger_oracle.random_ledger(seed, count)
    at = dt.datetime.fromisoformat(now)
    desk = Desk.open(DISTRICT, calendar=CALENDAR, clock=lambda: at)
    reading = read_ledger(write_oracle_ledger(folder, rows), DISTRICT, CALENDAR)
    assert reading.problems == ()
    assert take_in(desk, reading.rows, at).problems == []
    said = {
        line.id: Expected(
            acknowledged_at=line.acknowledged_at,
            deemed_acknowledged_at=line.deemed_acknowledged_at,
            contact_due=line.contact_due,
            due=line.due,
            provisional=line.provisional,
            light=line.light.value,
            contact_overdue=line.contact_overdue,
            next_change=line.next_change,
        )
        for line in desk.board(at)
    }
    return ledger_oracle.expected(rows, now), said


@pytest.mark.parametrize(("seed", "count"), [(20_231_026, 1500), (1, 200), (2, 200), (3, 200)])
def test_the_board_says_what_the_oracle_expects(tmp_path: Path, seed: int, count: int) -> None:
    expected, said = told(tmp_path, seed, count)
    assert expected == said


def test_the_oracle_agrees_with_the_golden_table() -> None:
    assert ledger_oracle.check_golden() == 16
