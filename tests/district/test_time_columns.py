"""A column of instants of a district's own: a due time that was agreed on, written as clerks write times."""

import datetime as dt
from pathlib import Path

import pytest

from bubancheng.desk import Desk
from bubancheng.ledger import read_ledger, take_in
from bubancheng.ticket import Actor
from tests.acting import Clock
from tests.district.invented import invented, problems

AGREED = """
[[rule]]
version = "1"

[[rule.target]]
name = "resolve"
starts = "registered"
stops = ["resolved"]
watched = true
limits = { general = "约定" }

[[flow.transition]]
also = true
action = "register"
entry = "registered"
to = "registered"
roles = ["importer"]
needs = ["matter"]
facts = ["agreed_due"]

[[flow.transition]]
also = true
action = "complete"
entry = "corrected"
from = ["dispatched"]
roles = ["importer"]
facts = ["agreed_due"]

[[ledger.column]]
id = "agreed_due"
name = "约定时间"
fact = "agreed_due"
time = true
"""
WINDOW = Actor(id="w", role="window_officer", unit="甲局")
NOW = dt.datetime.fromisoformat("2024-03-25T15:00+08:00")


def taken(desk: Desk, folder: Path, agreed: str) -> list[str]:
    """Take a ledger of one row in; return the problems."""
    path = folder / "l.csv"
    path.write_text(
        f"工单编号,事项,登记时间,约定时间,主办单位\nT1,执照,2024-03-25 09:00,{agreed},甲局\n",
        encoding="utf-8",
    )
    reading = read_ledger(path, desk.district, desk.calendar)
    return [str(it) for it in (*reading.problems, *take_in(desk, reading.rows, NOW).problems)]


@pytest.fixture
def desk() -> Desk:
    """A desk of the invented district, on a Monday afternoon."""
    return Desk.open(invented(AGREED), clock=Clock("2024-03-25 15:00"))


def due(desk: Desk) -> str:
    (line,) = desk.board(NOW)
    return "-" if line.due is None else f"{line.due:%Y-%m-%d %H:%M}"


def test_a_time_that_lies_ahead_is_a_fact_at_once(desk: Desk, tmp_path: Path) -> None:
    assert [] == taken(desk, tmp_path, "2024-03-28 12:00")
    assert "2024-03-28 12:00" == due(desk)


def test_it_is_read_in_every_spelling_of_a_time_and_compared_as_one(desk: Desk, tmp_path: Path) -> None:
    assert [] == taken(desk, tmp_path, "2024-03-28 12:00")
    version = desk.get("T1", actor=WINDOW).version
    assert [] == taken(desk, tmp_path, "2024/3/28 12:00:00")
    assert version == desk.get("T1", actor=WINDOW).version


def test_a_blank_one_may_be_filled_later(desk: Desk, tmp_path: Path) -> None:
    assert [] == taken(desk, tmp_path, "")
    assert "-" == due(desk)
    assert [] == taken(desk, tmp_path, "2024-03-29 17:00")
    assert "2024-03-29 17:00" == due(desk)


def test_a_changed_one_is_told_and_nothing_changes(desk: Desk, tmp_path: Path) -> None:
    taken(desk, tmp_path, "2024-03-28 12:00")
    (problem,) = taken(desk, tmp_path, "2024-03-29 12:00")
    assert problem.startswith("第 2 行　约定时间：已登记为")
    assert "2024-03-28 12:00" == due(desk)


def test_what_is_no_time_is_a_bad_cell(desk: Desk, tmp_path: Path) -> None:
    (problem,) = taken(desk, tmp_path, "下周三")
    assert "第 2 行　约定时间：“下周三”不是时间，应写作 2026-09-30 16:00" == problem


def test_only_a_column_with_a_fact_is_said_to_be_a_time() -> None:
    (found,) = problems('\n[[ledger.column]]\nid = "class"\nname = "类别"\ntime = true\n')
    assert "ledger.column[1].time: 只用于 fact 的列 (only for a column with a fact)" == found
