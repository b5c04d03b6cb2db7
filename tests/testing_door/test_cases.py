"""Case tables: what a row may say, and everything that is wrong with one, at once."""

import datetime as dt
import tracemalloc
from pathlib import Path

import pytest

from bubancheng.errors import BubanchengError, CaseTableError
from bubancheng.sla import Counting, Light, Limit
from bubancheng.testing import (
    LimitCase,
    PolicyCase,
    check_cases,
    parse_case_table,
    read_case_table,
    read_cases,
)
from bubancheng.testing.columns import BY_WORD, COLUMNS

HEADER = "起算,时限,到期,出处"
GOOD = "2026-09-30 16:00,3个工作日,2026-10-10 17:00,民法典第201条"
TABLE = f"{HEADER}\n{GOOD}\n"


def refusal(text: str) -> str:
    """Return why a text is no table."""
    with pytest.raises(CaseTableError) as caught:
        parse_case_table(text, name="x.sla.csv")
    return str(caught.value)


def problems(header: str, row: str) -> list[str]:
    """Return what is wrong with the only row of a table."""
    table = parse_case_table(f"{header}\n{row}\n")
    assert () == table.cases
    return [str(it) for it in table.problems]


# -- what a row says


def test_a_row_about_a_limit_is_read_as_it_stands() -> None:
    header = "编号,起算,时限,约定,办公时间,到期,暂定,亮灯时刻,灯,出处,说明"
    row = "甲,2026/9/30 16:00,３个工作日,out_of_hours=roll；first_day=included,9:00-17:00,2026-10-10,否,2026年10月9日 17:00,黄,第201条,国庆"
    assert (
        LimitCase(
            table="t",
            row=2,
            id="甲",
            start=dt.datetime(2026, 9, 30, 16),
            limit=Limit.parse("3个工作日"),
            counting=Counting(out_of_hours="roll", first_day="included"),
            hours="9:00-17:00",
            due=dt.date(2026, 10, 10),
            provisional=False,
            now=dt.datetime(2026, 10, 9, 17),
            light=Light.YELLOW,
            source="第201条",
            note="国庆",
        ),
    ) == parse_case_table(f"{header}\n{row}\n", name="t").cases


def test_a_row_about_a_district_is_read_as_it_stands() -> None:
    header = "district,class,registered_at,acknowledged_at,paused_at,pause_reason,target,due,source"
    row = "own.toml,一般,2026-09-30 15:00,2026-09-30 16:00,2026-10-08 09:00,expert,resolve,2026-10-10 17:00,x"
    (case,) = parse_case_table(f"{header}\n{row}\n", folder="deep/folder").cases
    assert isinstance(case, PolicyCase)
    assert (str(Path("deep/folder/own.toml")), "一般", "resolve") == (
        case.district,
        case.category,
        case.target,
    )
    assert [
        ("registered", dt.datetime(2026, 9, 30, 15), {}),
        ("acknowledged", dt.datetime(2026, 9, 30, 16), {}),
        ("paused", dt.datetime(2026, 10, 8, 9), {"pause_reason": "expert"}),
    ] == [(kind, at, dict(facts)) for kind, at, facts in case.events]


def test_hours_may_differ_by_weekday_and_holidays_be_listed() -> None:
    header, row = (
        "start,limit,hours,zone,holidays,due,source",
        '2026-01-01 10:00Z,2 working hours,周一=09:00-17:00; sat=10:00-12:00,UTC,"2026-01-01 2026/1/2、2026-01-03",2026-01-05,x',
    )
    (case,) = parse_case_table(f"{header}\n{row}\n").cases
    assert isinstance(case, LimitCase)
    assert {"mon": "09:00-17:00", "sat": "10:00-12:00"} == case.hours
    assert tuple(dt.date(2026, 1, day) for day in (1, 2, 3)) == case.holidays
    assert dt.datetime(2026, 1, 1, 10, tzinfo=dt.UTC) == case.start


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
@pytest.mark.parametrize("newline", ["\n", "\r\n"], ids=["lf", "crlf"])
def test_a_spreadsheet_may_save_it_in_any_of_its_encodings(
    tmp_path: Path, encoding: str, newline: str
) -> None:
    path = tmp_path / "甲.sla.csv"
    path.write_bytes(TABLE.replace("\n", newline).encode(encoding))
    assert 1 == check_cases(path)


def test_blank_rows_are_passed_over_and_the_others_keep_their_numbers() -> None:
    table = parse_case_table(f"{HEADER}\n,,,\n\n{GOOD}\n")
    assert [4] == [case.row for case in table.cases]


def test_the_words_of_the_columns_are_their_own() -> None:
    words = [word for it in COLUMNS for word in (it.id, it.name, *it.others)]
    assert len(words) == len(BY_WORD)


@pytest.mark.parametrize(
    ("text", "light"),
    [("绿", "green"), ("黄灯", "yellow"), ("●红", "red"), ("Green", "green"), (" RED ", "red")],
)
def test_a_light_may_be_written_in_several_words(text: str, light: str) -> None:
    table = f"起算,时限,亮灯时刻,灯,出处\n2026-09-30 16:00,当日,2026-09-30 16:00,{text},x\n"
    assert [Light(light)] == [case.light for case in parse_case_table(table).cases]


# -- what is no table


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "没有表头"),
        ("\n\n", "没有表头"),
        (",,,\n", "没有表头"),
        (HEADER, "只有表头"),
        (f"{HEADER}\n,,,\n", "只有表头"),
        ("起算,时限,到期\n", "缺少列“出处”(missing column source)"),
        ("起算,时限,出处\n", "缺少列“到期”或“灯”"),
        ("起算,到期,出处\n", "应有“起算”和“时限”"),
        ("起算,时限,到期日,出处\n", "没有列“到期日”(unknown column)，是否应为“到期”"),
        ("start,limits,due,source\n", "没有列“limits”(unknown column)，是否应为“limit”"),
        ("起算,时限,到期,出处,qqqqqqqq\n", "没有列“qqqqqqqq”(unknown column)，可以写：编号、起算"),
        ("起算,时限,到期,出处,due\n", "列“到期”重复 (column due given twice)"),
        ("起算\t时限\t到期\t出处\n", "unknown column"),
        (f'{HEADER}\n"{GOOD}\n', "第 2 行不是 CSV，请检查引号"),
        (f'{HEADER}\n{GOOD}\n"x"y,z,a,b\n', "第 3 行不是 CSV"),
        (f"{HEADER}\n{GOOD}\0\n", "空字符 (NUL)"),
        (f"{HEADER}\n{'x' * 200_000},,,\n", "第 2 行不是 CSV"),
        ("x" * 4_000_001, "超过 4 MB"),
    ],
    ids=range(18),
)
def test_what_is_no_table_is_refused_in_words(text: str, said: str) -> None:
    assert said in refusal(text)


def test_all_that_is_wrong_with_a_header_is_said_at_once() -> None:
    said = refusal("起算,起箅,到期,到期\n")
    assert said.startswith("x.sla.csv：没有列“起箅”(unknown column)，是否应为“起算”")
    assert all(it in said for it in ("重复", "缺少列“出处”", "缺少列：应有"))


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (TABLE.encode("utf-16"), "neither encoding fits"),
        (b"\x89PNG\r\n\x1a\n\0\0", "neither encoding fits"),
        (HEADER.encode() + b"\n" + GOOD.encode("gb18030") + b"\n", "unknown column|neither encoding"),
        (b"", "没有表头"),
        (b"\xef\xbb\xbf", "没有表头"),
    ],
    ids=["utf-16", "binary", "mixed", "empty", "only a mark"],
)
def test_a_file_that_is_no_text_of_ours_is_refused_in_words(tmp_path: Path, data: bytes, said: str) -> None:
    (tmp_path / "x.sla.csv").write_bytes(data)
    with pytest.raises(CaseTableError, match=said):
        read_case_table(tmp_path / "x.sla.csv")


def test_a_file_that_is_not_there_or_is_a_folder_is_refused_in_words(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.sla.csv", Path("a\0b")):
        with pytest.raises(CaseTableError, match="无法读取"):
            read_case_table(path)


def test_a_line_of_fifty_megabytes_is_not_even_read(tmp_path: Path) -> None:
    path = tmp_path / "x.sla.csv"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    tracemalloc.start()
    with pytest.raises(CaseTableError, match="too large"):
        read_case_table(path)
    assert tracemalloc.get_traced_memory()[1] < 10_000_000
    tracemalloc.stop()


# -- what is wrong with a row

CELLS = [
    ("2026-02-30 16:00", "起算 (start)", "不是存在的日期或时刻"),
    ("2026-09-30 25:00", "起算 (start)", "不是存在的日期或时刻"),
    ("2026-09-30 24:30", "起算 (start)", "不是存在的日期或时刻"),
    ("2026-09-30 16:00+99:00", "起算 (start)", "不是存在的日期或时刻"),
    ("0000-01-01 10:00", "起算 (start)", "不是存在的日期或时刻"),
    ("9999-12-31 24:00", "起算 (start)", "不是存在的日期或时刻"),
    ("2026-09-30", "起算 (start)", "没有时刻"),
    ("30.09.2026 16:00", "起算 (start)", "不是时间，应写作 2026-09-30 16:00"),
    ("46295.6667", "起算 (start)", "日期序号"),
    ("=NOW()", "起算 (start)", "是公式 (a formula)"),
    ("=B2+1", "起算 (start)", "是公式 (a formula)"),
    ("#NAME?", "起算 (start)", "是公式的错误值"),
    ("#N/A", "起算 (start)", "是公式的错误值"),
    ("2026-09-30\a16:00", "起算 (start)", "控制字符"),
    ("x" * 5000, "起算 (start)", "超过 4000 字"),
    ("", "起算 (start)", "不能为空"),
]


@pytest.mark.parametrize(("cell", "column", "said"), CELLS, ids=range(len(CELLS)))
def test_a_start_that_is_no_instant_is_told_with_row_and_column(cell: str, column: str, said: str) -> None:
    (problem,) = problems(HEADER, f"{cell},3个工作日,2026-10-10,x")
    assert problem.startswith(f"第 2 行 (row 2)　{column}：")
    assert said in problem
    assert len(problem) < 400


@pytest.mark.parametrize(
    "limit",
    ["1.5日", "1e9日", "-1个工作日", "0日", "三百日", "nan hours", "3", "工作日", "九日半夜", "10**9天"],
)
def test_a_limit_that_is_none_is_told_with_the_forms_there_are(limit: str) -> None:
    (problem,) = problems(HEADER, f"2026-09-30 16:00,{limit},2026-10-10,x")
    assert problem.startswith("第 2 行 (row 2)　时限 (limit)：")
    assert "3个工作日" in problem


ROWS = [
    ("起算,时限,到期,出处", "2026-09-30 16:00,当日,2026-09-30,", "出处 (source)：不能为空"),
    ("起算,时限,到期,出处", "2026-09-30 16:00,当日,,x", "整行：“到期”和“灯”都没有写"),
    ("起算,时限,到期,出处", "2026-09-30 16:00,,2026-09-30,x", "整行：“时限”和“区”都没有写"),
    ("起算,时限,到期,出处", "2026-09-30 16:00,当日,2026-09-30,x,y", "整行：比表头多出 1 个单元格"),
    ("起算,时限,,到期,出处", "2026-09-30 16:00,当日,y,2026-09-30,x", "整行：“y”所在的列没有列名"),
    ("起算,时限,灯,到期,出处", "2026-09-30 16:00,当日,黄,,x", "亮灯时刻 (now)：写了“灯”"),
    (
        "起算,时限,灯,亮灯时刻,出处",
        "2026-09-30 16:00,当日,橙,2026-09-30 16:00,x",
        "灯 (light)：没有灯“橙”，可以写：绿",
    ),
    (
        "起算,时限,暂定,灯,亮灯时刻,出处",
        "2026-09-30 16:00,当日,是,黄,2026-09-30 16:00,x",
        "到期 (due)：写了“暂定”",
    ),
    (
        "起算,时限,暂定,到期,出处",
        "2026-09-30 16:00,当日,也许,2026-09-30,x",
        "暂定 (provisional)：没有是否“也许”，可以写：是",
    ),
    (
        "起算,时限,约定,到期,出处",
        "2026-09-30 16:00,当日,roll,2026-09-30,x",
        "约定 (counting)：“roll”应写作 out_of_hours=roll",
    ),
    ("起算,时限,约定,到期,出处", "2026-09-30 16:00,当日,out_of_hours=later,2026-09-30,x", "keep_day | roll"),
    (
        "起算,时限,约定,到期,出处",
        "2026-09-30 16:00,当日,rolling=yes,2026-09-30,x",
        "no counting convention 'rolling'",
    ),
    ("起算,时限,约定,到期,出处", "2026-09-30 16:00,当日,pause=exact;pause=exact,2026-09-30,x", "写了两次"),
    (
        "起算,时限,假日,到期,出处",
        "2026-09-30 16:00,当日,2026-13-01,2026-09-30,x",
        "假日 (holidays)：“2026-13-01”不是存在的日期",
    ),
    ("起算,时限,假日,到期,出处", "2026-09-30 16:00,当日,2026-10-01T10:00,2026-09-30,x", "应为日期"),
    ("起算,时限,办公时间,到期,出处", "2026-09-30 16:00,当日,周八=9:00-10:00,2026-09-30,x", "没有星期“周八”"),
    ("区,起算,时限,到期,出处", "chongming,2026-09-30 16:00,当日,2026-09-30,x", "整行：同时写了“时限”和“区”"),
    (
        "区,起算,接单时间,到期,出处",
        "chongming,2026-09-30 16:00,2026-09-30 16:00,2026-09-30,x",
        "起算 (start)：属于时限行，本行是规则行",
    ),
    (
        "区,难易,起算,时限,到期,出处",
        ",一般,2026-09-30 16:00,当日,2026-09-30,x",
        "难易 (class)：属于规则行，本行是时限行",
    ),
    ("区,难易,到期,出处", "chongming,一般,2026-09-30,x", "整行：没有任何经过的时间"),
    (
        "区,接单时间,延期,到期,出处",
        "chongming,2026-09-30 16:00,1日,2026-09-30,x",
        "延期时间 (extended_at)：写了“延期”",
    ),
]


@pytest.mark.parametrize(("header", "row", "said"), ROWS, ids=range(len(ROWS)))
def test_what_is_wrong_with_a_row_is_told_with_its_column(header: str, row: str, said: str) -> None:
    (problem,) = problems(header, row)
    assert said in problem


def test_every_bad_row_is_told_at_once_and_the_good_ones_stay() -> None:
    table = parse_case_table(f"{HEADER}\n{GOOD}\n坏,坏,坏,\n{GOOD}\n2026-02-30 10:00,当日,2026-03-02,x\n")
    assert [2, 4] == [case.row for case in table.cases]
    assert [
        (3, "起算 (start)"),
        (3, "时限 (limit)"),
        (3, "到期 (due)"),
        (3, "出处 (source)"),
        (5, "起算 (start)"),
    ] == [(it.row, it.column) for it in table.problems]


def test_reading_cases_alone_refuses_a_table_with_a_bad_row(tmp_path: Path) -> None:
    """Whoever asks for the cases only must not lose a row without noticing."""
    (tmp_path / "x.sla.csv").write_text(f"{HEADER}\n{GOOD}\n坏,当日,2026-03-02,x\n", "utf-8")
    with pytest.raises(CaseTableError, match=r"第 3 行 \(row 3\)　起算"):
        read_cases(tmp_path / "x.sla.csv")


@pytest.mark.parametrize("seed", range(40))
def test_whatever_bytes_come_the_answer_is_a_table_or_one_of_our_errors(tmp_path: Path, seed: int) -> None:
    import random  # noqa: PLC0415 seeded here

    rng = random.Random(seed)
    data = bytearray(TABLE.encode(rng.choice(["utf-8", "gb18030"])) * rng.randint(1, 3))
    for _ in range(rng.randint(1, 30)):
        data[rng.randrange(len(data))] = rng.randrange(256)
    (tmp_path / "x.sla.csv").write_bytes(bytes(data))
    try:
        check_cases(tmp_path / "x.sla.csv")
    except (BubanchengError, AssertionError) as error:
        assert str(error)  # noqa: PT017 either answer is right; anything else fails the test
