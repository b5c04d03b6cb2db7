"""Checking cases: rows as expected, rows that differ, rows that cannot be counted."""

import unittest
from pathlib import Path

import pytest

from bubancheng.errors import CaseTableError, KindError
from bubancheng.testing import Case, CaseChecker, check_case, check_cases, parse_case_table, read_cases
from tests.acting import PROFILE
from tests.support import DATA

LIMITS = "起算,时限,到期,出处,说明"
GOOD = "2026-09-30 16:00,3个工作日,2026-10-10 17:00,民法典第201条,"
WRONG = "2026-09-30 16:00,3个工作日,2026-10-09 17:00,某文件第二条,忘了国庆"

PAUSING = """[district]
inherits = "standard"
name = "demo"
code = "demo"
title = "示例区"
window = "窗口"
hours = "09:00-17:00"
legal_basis = ["行政许可法"]

[[flow.transition]]
action = "pause"
entry = "paused"
from = ["acknowledged"]
roles = ["disposal_officer"]
facts = ["pause_reason"]

[[flow.transition]]
action = "resume"
entry = "resumed"
from = ["acknowledged"]
roles = ["disposal_officer"]

[[flow.transition]]
action = "extend"
entry = "extended"
from = ["acknowledged"]
roles = ["disposal_officer"]
facts = ["extension"]

[[rule]]
version = "2026"
valid_from = 2026-01-01
source = "行政许可法 第42、45条"

[[rule.target]]
name = "resolve"
starts = "registered"
stops = ["resolved"]
watched = true
limit = "3个工作日"
pauses = ["expert"]
"""


def said_of(table: str) -> str:
    """Return why the only case of a table fails or cannot be counted."""
    (case,) = parse_case_table(table, name="x.sla.csv").cases
    with pytest.raises((AssertionError, CaseTableError)) as caught:
        check_case(case)
    return str(caught.value)


def test_a_row_that_differs_says_where_what_by_which_source_and_why() -> None:
    said = said_of(f"{LIMITS}\n{WRONG}\n")
    first, source, note, *_ = said.splitlines()
    assert (
        "x.sla.csv 第 2 行 (row 2)　到期 (due)：应为 (expected) 2026-10-09 17:00，实为 (got) 2026-10-10 17:00"
        == first
    )
    assert ("出处 (source)：某文件第二条", "说明 (note)：忘了国庆") == (source, note)
    assert "2026-10-01（周四）放假（国庆节），不计入" in said


def test_a_row_tells_its_due_time_and_its_light_together() -> None:
    said = said_of(
        "起算,时限,到期,亮灯时刻,灯,出处\n2026-09-30 16:00,3个工作日,2026-10-09,2026-10-10 17:00,红,x\n"
    )
    assert "应为 (expected) 2026-10-09，实为 (got) 2026-10-10 17:00" in said
    assert "应为 (expected) ●红 red，实为 (got) ●黄 yellow" in said
    assert 1 == said.count("逐日说明")


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("起算,时限,到期,出处\n2026-09-30 16:00,1000000000个工作日,2026-10-10,x\n", "时限 (limit)：the count is outside"),
        ("起算,时限,到期,出处\n1850-01-01 16:00,1个工作日,2026-10-10,x\n", "时限 (limit)：1850-01-01 is outside"),
        ("起算,时限,到期,出处\n2026-09-30 16:00,约定,2026-10-10,x\n", "没有期限"),
        ("起算,时限,办公时间,到期,出处\n2026-09-30 16:00,当日,下午,2026-10-10,x\n", "办公时间 (hours)："),
        ("起算,时限,办公时间,到期,出处\n2026-09-30 16:00,当日,17:00-17:00,2026-10-10,x\n", "办公时间 (hours)："),
        ("起算,时限,时区,到期,出处\n2026-09-30 16:00,当日,Asia/Chongming,2026-10-10,x\n", "时区 (zone)："),
        ("起算,时限,时区,到期,出处\n2026-09-30 16:00,当日,../etc,2026-10-10,x\n", "时区 (zone)："),
        ("区,接单时间,到期,出处\n火星,2026-09-30 16:00,2026-10-10,x\n", "区 (district)：没有区 district (no such) '火星'"),
        ("区,接单时间,到期,出处\nnone.toml,2026-09-30 16:00,2026-10-10,x\n", "区 (district)："),
        ("区,难易,接单时间,到期,出处\nchongming,特难,2026-09-30 16:00,2026-10-10,x\n", "难易 (class)：没有难易"),
        ("区,渠道,接单时间,到期,出处\nchongming,传真,2026-09-30 16:00,2026-10-10,x\n", "渠道 (channel)：没有渠道"),
        ("区,计时,接单时间,到期,出处\nchongming,finish,2026-09-30 16:00,2026-10-10,x\n", "计时 (target)：没有计时"),
        ("区,暂停时间,到期,出处\nchongming,2026-09-30 16:00,2026-10-10,x\n", "整行：没有记录 entry"),
        ("区,登记时间,接单时间,到期,出处\nchongming,2026-09-30 16:00,2026-09-29 16:00,2026-10-10,x\n", "before the ticket was registered"),
        ("区,登记时间,接单时间,到期,出处\nchongming,2026-09-30 16:00,2026-09-29 16:00+08:00,2026-10-10,x\n", "before the ticket was registered"),
    ],
    ids=range(15),
)  # fmt: skip
def test_what_cannot_be_counted_is_told_with_row_and_column(table: str, said: str) -> None:
    found = said_of(table)
    assert found.startswith("x.sla.csv") and "第 2 行 (row 2)　" in found  # noqa: PT018 both belong to one sentence
    assert said in found


def test_a_light_of_a_ticket_that_is_not_there_yet_is_green() -> None:
    table = "区,登记时间,亮灯时刻,灯,出处\nchongming,2026-09-30 16:00,2026-09-29 16:00,绿,x\n"
    for case in parse_case_table(table).cases:
        check_case(case)


def test_a_profile_is_found_from_the_folder_of_the_table(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    (folder / "own.toml").write_bytes(PROFILE.read_bytes())
    table = "区,难易,接单时间,到期,出处\nrules/own.toml,一般,2026-09-30 16:00,2026-10-10 17:00,x\n"
    (tmp_path / "x.sla.csv").write_text(table, "utf-8")
    assert 1 == check_cases(tmp_path / "x.sla.csv")


def test_hours_of_a_row_take_the_place_of_the_districts() -> None:
    table = "区,办公时间,难易,接单时间,到期,出处\nchongming,08:30-11:30,一般,2026-09-30 16:00,2026-10-10 11:30,x\n"
    for case in parse_case_table(table).cases:
        check_case(case)


def test_a_whole_table_tells_all_rows_that_differ(tmp_path: Path) -> None:
    path = tmp_path / "x.sla.csv"
    path.write_text(f"{LIMITS}\n{WRONG}\n{GOOD}\n2026-09-30 16:00,9999999日,2026-10-10,x,\n", "utf-8")
    with pytest.raises(AssertionError) as caught:
        check_cases(path)
    said = str(caught.value)
    assert said.endswith("2 / 3 行不符 (rows failed)")
    assert all(f"第 {row} 行" in said for row in (2, 4))
    assert "第 3 行" not in said


def test_a_case_of_no_kind_is_refused() -> None:
    with pytest.raises(KindError, match="LimitCase or a PolicyCase"):
        CaseChecker().check(Case(table="t", row=2, source="x"))


def test_pauses_and_extensions_of_a_row_move_its_due_time(tmp_path: Path) -> None:
    """Three days from Monday 2 March 2026 end on Thursday 5; 行政许可法 第45条 leaves out 4 and 5, 第42条 adds two."""
    (tmp_path / "own.toml").write_text(PAUSING, "utf-8")
    header = "区,登记时间,暂停时间,暂停原因,恢复时间,延期时间,延期,到期,出处"
    rows = [
        "own.toml,2026-03-02 10:00,,,,,,2026-03-05 17:00,第42条",
        "own.toml,2026-03-02 10:00,2026-03-03 09:00,expert,2026-03-05 09:00,,,2026-03-09 17:00,第45条",
        "own.toml,2026-03-02 10:00,2026-03-03 09:00,holiday,2026-03-05 09:00,,,2026-03-05 17:00,第45条：没有列出的原因",
        "own.toml,2026-03-02 10:00,,,,2026-03-04 10:00,2个工作日,2026-03-09 17:00,第42条",
        "own.toml,2026-03-02 10:00,,,,2026-03-06 10:00,2个工作日,2026-03-05 17:00,第42条：期满后不能延期",
    ]
    (tmp_path / "x.sla.csv").write_text("\n".join([header, *rows]), "utf-8")
    assert 5 == check_cases(tmp_path / "x.sla.csv")


class TableTest(unittest.TestCase):
    """A table serves unittest as subtests."""

    def test_the_law(self) -> None:
        checker = CaseChecker()
        for case in read_cases(DATA / "law-gb18030.sla.csv"):
            with self.subTest(row=case.row, source=case.source):
                checker.check(case)
