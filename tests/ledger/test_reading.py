"""Reading a ledger: every file a clerk may hand over, and every row that may be in it."""

import datetime as dt
import random
import zipfile
from pathlib import Path

import openpyxl
import pytest

from bubancheng.errors import BubanchengError, LedgerError
from bubancheng.ledger import LedgerRow, Problem, Reading, read_ledger
from tests.acting import CALENDAR, DISTRICT, instant

HEADER = "工单编号,事项,登记时间"
ROW = "A1,居住证办理,2024-03-25 10:00"
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\x08\6\0\0\0\x1f\x15\xc4\x89"


def read(path: Path) -> Reading:
    """Read a ledger of Chongming."""
    return read_ledger(path, DISTRICT, CALENDAR)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A place for a ledger."""
    return tmp_path / "台账.csv"


def text(path: Path, *lines: str, encoding: str = "utf-8", end: str = "\n") -> Reading:
    """Read a ledger of these lines."""
    path.write_bytes((end.join(lines) + end).encode(encoding))
    return read(path)


def only(reading: Reading) -> LedgerRow:
    """Return the one good row of a ledger without problems."""
    assert reading.problems == ()
    (row,) = reading.rows
    return row


def refusal(path: Path) -> str:
    """Return the sentence with which a file is refused."""
    with pytest.raises(LedgerError) as caught:
        read(path)
    assert str(path) in str(caught.value)
    return str(caught.value)


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "gb2312"])
    def test_what_clerks_programs_write_is_read(self, path: Path, encoding: str) -> None:
        assert only(text(path, HEADER, ROW, encoding=encoding)).texts["matter"] == "居住证办理"

    def test_a_rare_character_of_gb18030_is_read(self, path: Path) -> None:
        assert (
            only(text(path, HEADER, ROW.replace("居住", "𠮷"), encoding="gb18030")).texts["matter"]
            == "𠮷证办理"
        )

    @pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
    def test_lines_end_as_any_system_ends_them(self, path: Path, end: str) -> None:
        assert only(text(path, HEADER, ROW, end=end)).id == "A1"

    def test_the_last_line_needs_no_end(self, path: Path) -> None:
        path.write_text(f"{HEADER}\n{ROW}", encoding="utf-8")
        assert only(read(path)).id == "A1"

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
    def test_other_unicode_is_refused_with_what_to_do(self, path: Path, encoding: str) -> None:
        path.write_bytes(f"{HEADER}\n{ROW}\n".encode(encoding))
        assert "请另存为 CSV UTF-8" in refusal(path)

    def test_bytes_that_are_neither_encoding_are_refused(self, path: Path) -> None:
        path.write_bytes(HEADER.encode() + b"\n\xff\xff\xff\n")
        assert "neither encoding fits" in refusal(path)


class TestCells:
    def test_a_quoted_cell_may_hold_commas_quotes_and_lines(self, path: Path) -> None:
        cell = '"第一行,\n第二行 ""引""\r\n第三行"'
        row = only(text(path, HEADER + ",诉求内容", f"{ROW},{cell}"))
        assert row.texts["text"] == '第一行,\n第二行 "引"\r\n第三行'

    def test_a_row_after_a_quoted_line_is_the_next_record(self, path: Path) -> None:
        found = text(path, HEADER + ",诉求内容", f'{ROW},"一\n二\n三"', "A2,,2024-03-25 10:00,")
        assert [it.row for it in found.problems] == [3]

    def test_a_megabyte_of_text_is_text(self, path: Path) -> None:
        row = only(text(path, HEADER + ",诉求内容", f"{ROW},{'很长' * 500_000}"))
        assert len(row.texts["text"]) == 1_000_000

    def test_blanks_around_a_cell_do_not_count(self, path: Path) -> None:
        row = only(text(path, " 工单编号 ,事项\t,登记时间", "  A1 ,\u3000居住证办理\u3000,2024-03-25 10:00 "))
        assert ("A1", "居住证办理") == (row.id, row.texts["matter"])

    def test_a_cell_of_blanks_is_blank(self, path: Path) -> None:
        assert "unit" not in only(text(path, HEADER + ",主办单位", ROW + ",  \u3000 ")).texts

    @pytest.mark.parametrize(
        "matter", ["'; drop table ticket; --", "=cmd|' /C calc'!A0", "@SUM(1)", "+1", "-1"]
    )
    def test_what_looks_like_a_command_is_data(self, path: Path, matter: str) -> None:
        row = only(text(path, HEADER, f'A1,"{matter}",2024-03-25 10:00'))
        assert matter == row.texts["matter"]

    @pytest.mark.parametrize(
        "column", ["工单编号", "事项", "渠道", "办理地点", "主办单位", "反映人", "联系电话"]
    )
    @pytest.mark.parametrize("char", ["\x1b", "\x01", "\x7f", "\x9b", "\x08", "\n", "\t"])
    def test_a_control_character_makes_a_row_bad(self, path: Path, column: str, char: str) -> None:
        cells = {"工单编号": "A1", "事项": "x", "登记时间": "2024-03-25 10:00"}
        cells[column] = f"a{char}b"
        found = text(path, ",".join(cells), ",".join(f'"{it}"' for it in cells.values()))
        assert ((), [(2, column)]) == (found.rows, [(it.row, it.column) for it in found.problems])

    def test_a_null_character_makes_a_row_bad(self, path: Path) -> None:
        padding = [f"B{it},x,2024-03-25 10:00" for it in range(300)]
        found = text(path, HEADER, *padding, "A1,a\0b,2024-03-25 10:00")
        assert [(it.row, it.column) for it in found.problems] == [(302, "事项")]

    def test_free_text_may_hold_lines(self, path: Path) -> None:
        assert only(text(path, HEADER + ",诉求内容", f'{ROW},"一\n二"')).texts["text"] == "一\n二"

    @pytest.mark.parametrize(("column", "longest"), [("工单编号", 64), ("事项", 200), ("主办单位", 200)])
    def test_a_cell_that_is_too_long_makes_a_row_bad(self, path: Path, column: str, longest: int) -> None:
        cells = {"工单编号": "A1", "事项": "x", "登记时间": "2024-03-25 10:00"}
        found = [
            text(path, ",".join(cells | {column: ""}), ",".join((cells | {column: "x" * size}).values()))
            for size in (longest, longest + 1)
        ]
        assert [(1, []), (0, [column])] == [(len(it.rows), [p.column for p in it.problems]) for it in found]


class TestHeaders:
    def test_english_names_are_read(self, path: Path) -> None:
        row = only(
            text(
                path,
                "id,matter,registered_at,unit,class",
                "A1,x,2024-03-25 10:00,某局,general",
            )
        )
        assert (row.texts["unit"], row.texts["class"]) == ("某局", "general")

    def test_both_languages_may_be_mixed(self, path: Path) -> None:
        assert only(text(path, "id,事项,registered_at", ROW)).id == "A1"

    def test_columns_come_in_any_order(self, path: Path) -> None:
        assert only(text(path, "登记时间,工单编号,事项", "2024-03-25 10:00,A1,x")).id == "A1"

    def test_a_column_that_nobody_knows_is_told_and_ignored(self, path: Path) -> None:
        found = text(path, HEADER + ",颜色", ROW + ",红")
        assert ("A1", ("颜色",)) == (only(found).id, found.unknown_columns)

    def test_the_clerks_own_remarks_are_not_worth_a_word(self, path: Path) -> None:
        assert text(path, f"序号,{HEADER},备注", f"1,{ROW},电话打不通").unknown_columns == ()

    def test_an_empty_column_is_not_worth_a_word(self, path: Path) -> None:
        assert text(path, HEADER + ",,", ROW + ",,").unknown_columns == ()

    @pytest.mark.parametrize("header", [HEADER + ",事项", HEADER + ",matter", "id," + HEADER])
    def test_a_column_given_twice_is_refused(self, path: Path, header: str) -> None:
        path.write_text(f"{header}\n", encoding="utf-8")
        assert "列重复" in refusal(path)

    def test_a_column_nobody_knows_may_come_twice(self, path: Path) -> None:
        assert only(text(path, HEADER + ",颜色,颜色", ROW + ",红,绿")).id == "A1"

    @pytest.mark.parametrize("column", ["工单编号", "事项", "登记时间"])
    def test_a_missing_column_is_named(self, path: Path, column: str) -> None:
        path.write_text(",".join(it for it in HEADER.split(",") if it != column) + "\n", encoding="utf-8")
        assert ("缺少列" in refusal(path), column in refusal(path)) == (True, True)

    def test_all_missing_columns_are_named(self, path: Path) -> None:
        path.write_text("渠道\n", encoding="utf-8")
        assert "工单编号、事项、登记时间" in refusal(path)

    def test_a_heading_that_moves_a_cursor_is_not_shown_raw(self, path: Path) -> None:
        (shown,) = text(path, HEADER + ",\x1b[2J", ROW + ",x").unknown_columns
        assert shown.isprintable()


class TestFiles:
    def test_an_empty_file_is_refused(self, path: Path) -> None:
        path.write_bytes(b"")
        assert "空文件" in refusal(path)

    @pytest.mark.parametrize("content", ["\n", "\n\n\n", " ", "\ufeff"])
    def test_a_file_of_nothing_is_refused(self, path: Path, content: str) -> None:
        path.write_text(content, encoding="utf-8")
        assert refusal(path)

    def test_a_header_alone_is_an_empty_ledger(self, path: Path) -> None:
        found = text(path, HEADER)
        assert (found.rows, found.problems) == ((), ())

    def test_a_folder_is_no_ledger(self, tmp_path: Path) -> None:
        assert "目录" in refusal(tmp_path)

    @pytest.mark.parametrize("name", ["missing.csv", "missing.xlsx", "no/such/folder.csv"])
    def test_a_missing_file_is_refused(self, tmp_path: Path, name: str) -> None:
        assert "无法读取" in refusal(tmp_path / name)

    @pytest.mark.parametrize("suffix", ["csv", "xlsx"])
    def test_a_name_that_is_too_long_is_refused(self, tmp_path: Path, suffix: str) -> None:
        with pytest.raises(LedgerError):
            read(tmp_path / f"{'x' * 300}.{suffix}")

    @pytest.mark.parametrize("name", ["a.csv", "a.xlsx", "a", "a.txt"])
    @pytest.mark.parametrize("content", [PNG, b"\0" * 100, bytes(range(256)) * 20])
    def test_binary_files_are_refused(self, tmp_path: Path, name: str, content: bytes) -> None:
        path = tmp_path / name
        path.write_bytes(content)
        assert refusal(path)

    @pytest.mark.parametrize("seed", range(40))
    def test_random_bytes_are_refused(self, path: Path, seed: int) -> None:
        rng = random.Random(seed)
        path.write_bytes(rng.randbytes(rng.choice((1, 3, 16, 200, 5000))))
        assert refusal(path)

    @pytest.mark.parametrize("name", ["a.csv", "a.xlsx"])
    def test_an_archive_is_refused(self, tmp_path: Path, name: str) -> None:
        path = tmp_path / name
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("台账.csv", f"{HEADER}\n{ROW}\n")
        assert refusal(path)

    def test_a_workbook_named_csv_is_refused_with_what_to_do(self, path: Path) -> None:
        openpyxl.Workbook().save(path)
        assert "请另存为 CSV UTF-8" in refusal(path)

    def test_an_error_of_a_ledger_is_ours_and_a_value_error(self, tmp_path: Path) -> None:
        with pytest.raises(ValueError, match="台账") as caught:
            read(tmp_path)
        assert isinstance(caught.value, BubanchengError)


def workbook(path: Path, *rows: tuple[object, ...]) -> Path:
    """Write rows as a workbook."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    book.save(path)
    return path


HEADINGS = tuple(HEADER.split(","))


class TestWorkbooks:
    @pytest.fixture
    def path(self, tmp_path: Path) -> Path:
        """A place for a workbook."""
        return tmp_path / "台账.xlsx"

    def test_texts_and_times_are_read(self, path: Path) -> None:
        row = only(read(workbook(path, HEADINGS, ("A1", "居住证办理", dt.datetime(2024, 3, 25, 10, 5)))))
        assert ("居住证办理", instant("2024-03-25 10:05")) == (
            row.texts["matter"],
            row.times["registered_at"],
        )

    def test_times_written_as_text_are_read_too(self, path: Path) -> None:
        row = only(read(workbook(path, HEADINGS, ("A1", "x", "2024/3/25 10:05"))))
        assert instant("2024-03-25 10:05") == row.times["registered_at"]

    def test_numbers_are_read_as_they_look(self, path: Path) -> None:
        cells = (20240001, "x", "2024-03-25 10:00", 13800000000.0)
        row = only(read(workbook(path, (*HEADINGS, "联系电话"), cells)))
        assert ("20240001", "13800000000") == (row.id, row.texts["phone"])

    def test_every_minute_of_a_day_stays_what_it_is(self, path: Path) -> None:
        day = dt.datetime(2024, 3, 25)
        minutes = [day + dt.timedelta(minutes=it) for it in range(24 * 60)]
        found = read(workbook(path, HEADINGS, *[(f"A{it}", "x", at) for it, at in enumerate(minutes)]))
        assert minutes == [it.times["registered_at"].replace(tzinfo=None) for it in found.rows]

    @pytest.mark.parametrize("cell", [dt.date(2024, 3, 25), dt.time(10, 0), 45376.5, True])
    def test_a_cell_that_is_no_time_makes_a_row_bad(self, path: Path, cell: object) -> None:
        found = read(workbook(path, HEADINGS, ("A1", "x", cell)))
        assert [(it.row, it.column) for it in found.problems] == [(2, "登记时间")]

    def test_empty_cells_and_rows_are_blank(self, path: Path) -> None:
        rows = [(*HEADINGS, "主办单位"), (), ("A1", "x", "2024-03-25 10:00", None), (None, None, None, None)]
        row = only(read(workbook(path, *rows)))
        assert (3, False) == (row.number, "unit" in row.texts)

    def test_the_first_sheet_is_the_ledger(self, path: Path) -> None:
        book = openpyxl.Workbook()
        book.active.append(HEADINGS)
        book.active.append(tuple(ROW.split(",")))
        book.create_sheet("说明").append(("别的",))
        book.save(path)
        assert only(read(path)).id == "A1"

    def test_a_formula_nobody_computed_is_blank_and_never_run(self, path: Path) -> None:
        found = read(workbook(path, HEADINGS, ("A1", "=cmd|' /C calc'!A0", "2024-03-25 10:00")))
        assert [(it.row, it.column, it.reason) for it in found.problems] == [(2, "事项", "不能为空")]

    def test_an_empty_workbook_is_refused(self, path: Path) -> None:
        openpyxl.Workbook().save(path)
        assert refusal(path)

    def test_a_header_alone_is_an_empty_ledger(self, path: Path) -> None:
        assert read(workbook(path, HEADINGS)).rows == ()

    def test_a_suffix_in_capitals_is_a_workbook_too(self, tmp_path: Path) -> None:
        assert only(read(workbook(tmp_path / "A.XLSX", HEADINGS, tuple(ROW.split(","))))).id == "A1"


def problems(path: Path, *lines: str) -> list[Problem]:
    """Return the problems of a ledger of these lines, none of which is good."""
    found = text(path, *lines)
    assert found.rows == ()
    return list(found.problems)


class TestRows:
    def test_the_first_row_after_the_header_is_the_second(self, path: Path) -> None:
        assert only(text(path, HEADER, ROW)).number == 2

    def test_blank_lines_are_skipped_and_counted(self, path: Path) -> None:
        assert only(text(path, HEADER, "", ",,", " , , ", ROW)).number == 5

    @pytest.mark.parametrize(
        ("row", "column"),
        [
            (",x,2024-03-25 10:00", "工单编号"),
            ("A1,,2024-03-25 10:00", "事项"),
            ("A1,x,", "登记时间"),
            ("  ,x,2024-03-25 10:00", "工单编号"),
            ("A1, \u3000,2024-03-25 10:00", "事项"),
        ],
    )
    def test_what_is_required_cannot_be_blank(self, path: Path, row: str, column: str) -> None:
        assert [Problem(row=2, column=column, reason="不能为空")] == problems(path, HEADER, row)

    def test_a_short_row_lacks_what_it_lacks(self, path: Path) -> None:
        assert [it.column for it in problems(path, HEADER, "A1")] == ["事项", "登记时间"]

    def test_a_row_with_more_cells_than_the_header_is_bad(self, path: Path) -> None:
        (problem,) = problems(path, HEADER, ROW + ",多出来的")
        assert (problem.row, "多出" in problem.reason) == (2, True)

    def test_surplus_cells_that_are_blank_do_no_harm(self, path: Path) -> None:
        assert only(text(path, HEADER, ROW + ", ,,")).id == "A1"

    def test_every_fault_of_a_row_is_told(self, path: Path) -> None:
        found = problems(path, HEADER + ",派单时间,难易", "A1,,昨天,前天,特难")
        assert [it.column for it in found] == ["登记时间", "派单时间", "事项"]

    def test_bad_rows_do_not_stop_good_ones(self, path: Path) -> None:
        found = text(path, HEADER, ",x,y", ROW, "A2,x,昨天", "A3,x,2024-03-25 10:00")
        assert (["A1", "A3"], {2, 4}) == ([it.id for it in found.rows], {it.row for it in found.problems})

    def test_a_row_outside_the_calendar_is_bad(self, path: Path) -> None:
        found = problems(path, HEADER, "A1,x,1999-03-25 10:00", "A2,x,2100-03-25 10:00")
        assert [(it.row, it.column) for it in found] == [(2, "登记时间"), (3, "登记时间")]

    def test_a_date_without_a_time_is_bad(self, path: Path) -> None:
        (problem,) = problems(path, HEADER, "A1,x,2024-03-25")
        assert (problem.column, "应写作" in problem.reason) == ("登记时间", True)

    @pytest.mark.parametrize(
        "column", ["渠道", "办理地点", "诉求内容", "反映人", "联系电话", "主办单位", "难易"]
    )
    def test_every_other_column_may_be_blank(self, path: Path, column: str) -> None:
        assert only(text(path, f"{HEADER},{column}", ROW + ",")).id == "A1"

    def test_a_quote_inside_a_cell_is_a_character(self, path: Path) -> None:
        assert only(text(path, HEADER, 'A1,5" 显示屏,2024-03-25 10:00')).texts["matter"] == '5" 显示屏'

    def test_a_row_that_swallows_another_is_said(self, path: Path) -> None:
        lines = [
            HEADER + ",诉求内容",
            f'{ROW},"没有收尾',
            'A2,x,2024-03-25 10:00,"也没有',
            ROW.replace("A1", "A3"),
        ]
        try:
            found = text(path, *lines)
        except LedgerError:
            return
        assert found.problems or [it.id for it in found.rows] == ["A1", "A2", "A3"]

    def test_a_row_that_swallows_the_rest_of_the_file_is_said(self, path: Path) -> None:
        lines = [
            HEADER + ",诉求内容",
            f'{ROW},"没有收尾',
            "A2,x,2024-03-25 10:00,y",
            "A3,x,2024-03-25 10:00,z",
        ]
        try:
            found = text(path, *lines)
        except LedgerError:
            return
        assert found.problems


TIMES = ["登记时间", "派单时间", "接单时间", "办结时间"]
PAIRS = [(TIMES[i], TIMES[j]) for i in range(4) for j in range(i + 1, 4)] + [("登记时间", "联系时间")]


class TestOrder:
    def row(self, path: Path, times: dict[str, str]) -> Reading:
        """Read a row with these times; registered early where nothing else is said."""
        cells = {"工单编号": "A1", "事项": "x", "登记时间": "2024-03-01 10:00"} | times
        return text(path, ",".join(cells), ",".join(cells.values()))

    @pytest.mark.parametrize(("earlier", "later"), PAIRS)
    def test_times_that_run_backwards_make_a_row_bad(self, path: Path, earlier: str, later: str) -> None:
        found = self.row(path, {earlier: "2024-03-25 10:00", later: "2024-03-25 09:59"})
        assert ((), [(2, later)]) == (found.rows, [(it.row, it.column) for it in found.problems])

    @pytest.mark.parametrize(("earlier", "later"), PAIRS)
    def test_the_reason_names_both_times(self, path: Path, earlier: str, later: str) -> None:
        (problem,) = self.row(path, {earlier: "2024-03-25 10:00", later: "2024-03-25 09:59"}).problems
        assert f"2024-03-25 09:59:00 早于{earlier} 2024-03-25 10:00:00" == problem.reason

    @pytest.mark.parametrize(("earlier", "later"), PAIRS)
    def test_equal_times_are_in_order(self, path: Path, earlier: str, later: str) -> None:
        found = self.row(path, {earlier: "2024-03-25 10:00", later: "2024-03-25 10:00"})
        assert only(found).id == "A1"

    @pytest.mark.parametrize("other", ["派单时间", "接单时间", "办结时间"])
    @pytest.mark.parametrize("contacted", ["2024-03-24 10:00", "2024-03-26 10:00"])
    def test_a_contact_may_come_before_or_after_any_other_step(
        self, path: Path, other: str, contacted: str
    ) -> None:
        assert only(self.row(path, {other: "2024-03-25 10:00", "联系时间": contacted})).id == "A1"

    def test_every_step_back_is_told(self, path: Path) -> None:
        days = dict(zip(TIMES, ("04", "03", "02", "01"), strict=True))
        found = self.row(path, {name: f"2024-03-{day} 10:00" for name, day in days.items()})
        assert [it.column for it in found.problems] == ["派单时间", "接单时间", "办结时间"]

    def test_offsets_are_compared_as_instants(self, path: Path) -> None:
        found = self.row(path, {"派单时间": "2024-03-25 10:00", "接单时间": "2024-03-25T02:00Z"})
        assert only(found).id == "A1"


class TestClasses:
    def row(self, path: Path, word: str, registered: str) -> Reading:
        """Read a row of a class."""
        return text(path, HEADER + ",难易", f"A1,x,{registered},{word}")

    @pytest.mark.parametrize(
        ("word", "registered", "category"),
        [
            ("简单", "2023-10-26 00:00", "simple"),
            ("一般", "2024-03-25 10:00", "general"),
            ("复杂", "2024-03-25 10:00", "complex"),
            ("确实难度较大", "2024-03-25 10:00", "hard"),
            ("hard", "2024-03-25 10:00", "hard"),
            ("一般", "2023-10-25 23:59", "general"),
            ("复杂", "2017-11-17 10:00", "complex"),
        ],
    )
    def test_a_class_is_that_of_the_rule_of_the_day(
        self, path: Path, word: str, registered: str, category: str
    ) -> None:
        assert category == only(self.row(path, word, registered)).texts["class"]

    @pytest.mark.parametrize(
        ("word", "registered", "known"),
        [
            ("特难", "2024-03-25 10:00", "简单、一般、复杂、确实难度较大"),
            ("简单", "2023-10-25 23:59", "一般、复杂"),
            ("确实难度较大", "2017-11-17 10:00", "一般、复杂"),
        ],
    )
    def test_an_unknown_class_is_bad_and_the_known_ones_are_told(
        self, path: Path, word: str, registered: str, known: str
    ) -> None:
        (problem,) = self.row(path, word, registered).problems
        assert ("难易", True, True) == (
            problem.column,
            problem.reason.startswith(f"没有“{word}”"),
            problem.reason.endswith(f"规则有：{known}"),
        )


class TestRepeatedNumbers:
    def test_the_same_row_twice_is_one(self, path: Path) -> None:
        assert only(text(path, HEADER, ROW, ROW)).number == 2

    def test_the_same_row_spelt_differently_is_one(self, path: Path) -> None:
        assert only(text(path, HEADER, ROW, "A1, 居住证办理,2024/3/25 10:00:00")).number == 2

    def test_of_two_different_rows_the_first_stands(self, path: Path) -> None:
        found = text(path, HEADER, ROW, "A1,别的事项,2024-03-25 10:00")
        assert ["居住证办理"] == [it.texts["matter"] for it in found.rows]

    def test_the_other_row_is_told_with_both_numbers(self, path: Path) -> None:
        found = text(path, HEADER, ROW, "A2,x,2024-03-25 10:00", "A1,别的事项,2024-03-25 10:00")
        assert [(it.row, it.column) for it in found.problems] == [(4, "工单编号")]
        assert "第 2 行" in found.problems[0].reason

    def test_a_blank_against_a_filled_cell_is_different(self, path: Path) -> None:
        found = text(path, HEADER + ",主办单位", ROW + ",", ROW + ",某局")
        assert (1, 1) == (len(found.rows), len(found.problems))

    def test_a_bad_row_does_not_take_its_number(self, path: Path) -> None:
        found = text(path, HEADER, "A1,x,昨天", ROW)
        assert [it.number for it in found.rows] == [3]

    def test_numbers_that_only_look_alike_are_different(self, path: Path) -> None:
        found = text(path, HEADER, ROW, ROW.replace("A1", "a1"), ROW.replace("A1", "A01"))
        assert [it.id for it in found.rows] == ["A1", "a1", "A01"]


class TestPersonal:
    PHONE, NAME = "13800001234", "张三丰"

    @pytest.mark.parametrize(
        "row",
        [
            "A1,x,2024-03-25 10:00,张三丰,138\x0100001234",
            "A1,x,2024-03-25 10:00,张三\x01丰,13800001234",
            "A1,x,2024-03-25 10:00,张三丰," + "13800001234" * 20,
            "A1,x,2024-03-25 10:00," + "张三丰" * 100 + ",13800001234",
            ",x,2024-03-25 10:00,张三丰,13800001234",
            "A1,x,昨天,张三丰,13800001234",
            "A1,x,2024-03-25 10:00,张三丰,13800001234\nA1,x,2024-03-25 10:00,张三丰,13800001235",
            "A1,x,2024-03-25 10:00,张三丰,13800001234,13800001234",
        ],
    )
    def test_no_problem_shows_what_is_personal(self, path: Path, row: str) -> None:
        found = text(path, HEADER + ",反映人,联系电话", row)
        told = " ".join(map(str, found.problems))
        shown = [it for it in ("00001234", "张三") if it in told]
        assert ([], True) == (shown, bool(found.problems))
