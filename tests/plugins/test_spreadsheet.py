"""The dispatcher by spreadsheet: which row wins, what is refused, and through a real desk."""

import csv
import datetime as dt
import io
import itertools
import random
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from bubancheng.actions import Accept, Register
from bubancheng.desk import Desk
from bubancheng.district import Assignment
from bubancheng.errors import PluginError, SettingsError
from bubancheng.hooks import DispatchRequest
from bubancheng_spreadsheet import SheetError, SpreadsheetPlugin
from tests.acting import CALENDAR, DISTRICT, PROFILE, UNOWNED, WINDOW, Clock, instant
from tests.support import at

ROOT = Path(__file__).parents[2]
EXAMPLE = ROOT / "plugins" / "bubancheng-spreadsheet" / "example" / "负责单位.csv"
HEADER = ("事项", "办理地点", "渠道", "承办单位", "生效日期", "失效日期", "依据")

Cells = Sequence[object]


def written(folder: Path, *rows: Cells, encoding: str = "utf-8", name: str = "负责单位.csv") -> Path:
    """Write rows as CSV; the first is the header."""
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    path = folder / name
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def saved(folder: Path, *rows: Cells, name: str = "负责单位.xlsx") -> Path:
    """Save rows as a workbook; the first is the header."""
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(list(row))
    book.save(folder / name)
    return folder / name


def table(*rows: Cells) -> tuple[Cells, ...]:
    """Return rows below the full header, filled up with blanks."""
    return (HEADER, *((*row, *[""] * (len(HEADER) - len(row))) for row in rows))


def plugin(path: Path, **settings: Any) -> SpreadsheetPlugin:
    """Return the dispatcher of a sheet."""
    return SpreadsheetPlugin({"path": str(path)} | settings)


def asked(
    sheet: SpreadsheetPlugin,
    matter: str,
    place: str | None = None,
    channel: str | None = None,
    registered_at: dt.datetime | None = None,
) -> tuple[str, str] | None:
    """Return the unit and the rule of a request; None where nobody is named."""
    request = DispatchRequest(
        ticket="T1",
        matter=matter,
        place=place,
        channel=channel,
        registered_at=registered_at or instant("2024-03-25 10:00"),
    )
    found = sheet.bubancheng_dispatch(request)
    assert found is None or isinstance(found, Assignment)
    return None if found is None else (found.unit, found.rule)


def unit_of(sheet: SpreadsheetPlugin, *request: Any) -> str | None:
    """Return the unit of a request."""
    found = asked(sheet, *request)
    return None if found is None else found[0]


def problems(path: Path, **settings: Any) -> tuple[str, ...]:
    """Return everything for which a sheet is refused."""
    with pytest.raises(SheetError) as caught:
        plugin(path, **settings)
    return caught.value.problems


class TestWhichRowWins:
    def test_the_rule_names_file_and_row(self, tmp_path: Path) -> None:
        sheet = plugin(saved(tmp_path, *table(("甲", "", "", "甲局"), ("乙", "", "", "乙局"))))
        assert ("乙局", "负责单位.xlsx 第3行") == asked(sheet, "乙")

    def test_and_the_document_where_one_is_given(self, tmp_path: Path) -> None:
        sheet = plugin(written(tmp_path, *table(("甲", "", "", "甲局", "", "", "“三定”规定"))))
        assert ("甲局", "负责单位.csv 第2行，依据：“三定”规定") == asked(sheet, "甲")

    def test_a_matter_that_nobody_owns_is_left_to_others(self, tmp_path: Path) -> None:
        assert None is asked(plugin(written(tmp_path, *table(("甲", "", "", "甲局")))), "丙")

    # by how much a row asks for, best first: matter, place, channel; matter before place before channel
    LEVELS = (
        ("甲", "东厅", "kiosk"),
        ("甲", "东厅", ""),
        ("甲", "", "kiosk"),
        ("甲", "", ""),
        ("", "东厅", "kiosk"),
        ("", "东厅", ""),
    )

    @pytest.mark.parametrize("first", range(len(LEVELS)))
    def test_the_most_specific_row_wins_whatever_their_order(self, first: int, tmp_path: Path) -> None:
        rows = [(*level, f"{place}局") for place, level in enumerate(self.LEVELS)][first:]
        random.Random(first).shuffle(rows)
        assert f"{first}局" == unit_of(plugin(written(tmp_path, *table(*rows))), "甲", "东厅", "kiosk")

    @pytest.mark.parametrize(
        ("request_of", "unit"),
        [
            (("甲", "东厅", "kiosk"), "0局"),
            (("甲", "东厅", "phone"), "1局"),
            (("甲", "东厅", None), "1局"),
            (("甲", "西厅", "kiosk"), "2局"),
            (("甲", None, "kiosk"), "2局"),
            (("甲", "西厅", "phone"), "3局"),
            (("甲", None, None), "3局"),
            (("乙", "东厅", "kiosk"), "4局"),
            (("乙", "东厅", None), "5局"),
            (("乙", "西厅", "kiosk"), None),
            (("", None, None), None),
            (("", "东厅", None), "5局"),
        ],
        ids=str,
    )
    def test_each_request_finds_the_best_row_that_fits(
        self, request_of: tuple[str | None, ...], unit: str | None, tmp_path: Path
    ) -> None:
        rows = [(*level, f"{place}局") for place, level in enumerate(self.LEVELS)]
        assert unit == unit_of(plugin(written(tmp_path, *table(*rows))), *request_of)

    @pytest.mark.parametrize("seed", range(20))
    def test_it_agrees_with_walking_all_rows(self, seed: int, tmp_path: Path) -> None:
        rng = random.Random(seed)
        words = [["", "甲", "乙"], ["", "东厅", "西厅"], ["", "kiosk", "phone"]]
        keys = [it for it in itertools.product(*words) if any(it[:2])]
        rows = [(*key, f"{'-'.join(key)}局") for key in rng.sample(keys, rng.randint(1, len(keys)))]
        sheet = plugin(written(tmp_path, *table(*rows)))
        for asking in itertools.product(["甲", "乙", "丙"], ["东厅", "西厅", None], ["kiosk", "phone", None]):
            fitting = [it for it in rows if all(a in ("", b) for a, b in zip(it[:3], asking, strict=True))]
            best = max(fitting, key=lambda it: [bool(a) for a in it[:3]], default=None)
            assert (best and best[3]) == unit_of(sheet, *asking)


class TestSpelling:
    @pytest.mark.parametrize(
        "matter",
        [
            "企业ABC变更(登记)",
            "企业ＡＢＣ变更（登记）",
            " 企业 abc 变更\u3000(登记) ",
            "企业ABC变更\u200b(登记)\n",
        ],
        ids=["as written", "full-width", "spaces", "invisible"],
    )
    def test_width_case_and_spaces_do_not_matter(self, matter: str, tmp_path: Path) -> None:
        sheet = plugin(written(tmp_path, *table(("企业ABC变更（登记）", "", "", "甲局"))))
        assert "甲局" == unit_of(sheet, matter)

    @pytest.mark.parametrize("matter", ["企业变更", "企业变更登记注册", "变更登记", "登记变更企业"])
    def test_other_words_do(self, matter: str, tmp_path: Path) -> None:
        assert None is asked(plugin(written(tmp_path, *table(("企业变更登记", "", "", "甲局")))), matter)

    @pytest.mark.parametrize(
        "header",
        [
            ("事项", "承办单位"),
            ("matter", "unit"),
            ("Matter", "UNIT"),
            ("事项名称", "负责单位"),
            (" 事 项 ", "承办单位\u3000"),
            ("\ufeff事项", "主办单位"),
        ],
        ids=ascii,
    )
    def test_headers_are_chinese_or_english(self, header: Cells, tmp_path: Path) -> None:
        assert "甲局" == unit_of(plugin(written(tmp_path, header, ("甲", "甲局"))), "甲")

    def test_columns_stand_in_any_order_and_remarks_are_left_alone(self, tmp_path: Path) -> None:
        rows = (("序号", "承办单位", "备注", "事项"), ("1", "甲局", "李四接", "甲"))
        assert "甲局" == unit_of(plugin(written(tmp_path, *rows)), "甲")

    @pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
    def test_a_csv_is_read_in_the_encodings_that_clerks_save(self, encoding: str, tmp_path: Path) -> None:
        path = written(tmp_path, *table(("居住证办理", "", "", "区公安分局")), encoding=encoding)
        assert "区公安分局" == unit_of(plugin(path), "居住证办理")

    @pytest.mark.parametrize("write", [written, saved])
    def test_blank_lines_are_ignored_and_counted(self, write: Any, tmp_path: Path) -> None:
        rows = (
            HEADER,
            [""] * 7,
            ["甲", "", "", "甲局", "", "", ""],
            [" "] * 7,
            ["乙", "", "", "乙局", "", "", ""],
        )
        found = asked(plugin(write(tmp_path, *rows)), "乙")
        assert found is not None
        assert "第5行" == found[1].split()[1]


class TestDates:
    ROWS = table(
        ("甲", "", "", "旧局", "", "2024-03-25"),
        ("甲", "", "", "新局", "2024-03-25", "2024-04-01"),
    )

    @pytest.mark.parametrize(
        ("registered_at", "unit"),
        [
            ("2024-03-24T23:59:59+08:00", "旧局"),
            ("2024-03-25T00:00:00+08:00", "新局"),
            ("2024-03-24T16:00:00+00:00", "新局"),
            ("2024-03-24T15:59:59+00:00", "旧局"),
            ("2024-03-25T00:00:00", "新局"),
            ("2024-03-31T23:59:59+08:00", "新局"),
            ("2024-04-01T00:00:00+08:00", None),
        ],
    )
    def test_the_day_of_registration_in_china_decides(
        self, registered_at: str, unit: str | None, tmp_path: Path
    ) -> None:
        assert unit == unit_of(plugin(written(tmp_path, *self.ROWS)), "甲", None, None, at(registered_at))

    @pytest.mark.parametrize(
        "date",
        ["2024-03-25", "2024-3-25", "2024/3/25", "2024.3.25", "2024年3月25日", "２０２４－０３－２５"],
        ids=ascii,
    )
    def test_dates_are_taken_as_clerks_write_them(self, date: str, tmp_path: Path) -> None:
        sheet = plugin(written(tmp_path, *table(("甲", "", "", "甲局", date))))
        days = [instant("2024-03-24 12:00"), instant("2024-03-25 12:00")]
        assert [None, "甲局"] == [unit_of(sheet, "甲", None, None, it) for it in days]

    def test_and_as_a_workbook_keeps_them(self, tmp_path: Path) -> None:
        rows = table(("甲", "", "", "甲局", dt.date(2024, 3, 25), dt.datetime(2024, 3, 26)))
        sheet = plugin(saved(tmp_path, *rows))
        days = [instant(f"2024-03-{it} 12:00") for it in (24, 25, 26)]
        assert [None, "甲局", None] == [unit_of(sheet, "甲", None, None, it) for it in days]

    def test_a_row_that_holds_no_longer_gives_way_to_a_wider_one(self, tmp_path: Path) -> None:
        rows = table(("甲", "东厅", "", "旧局", "", "2024-01-01"), ("甲", "", "", "新局"))
        assert "新局" == unit_of(plugin(written(tmp_path, *rows)), "甲", "东厅")


class TestRefused:
    @pytest.mark.parametrize(
        ("rows", "said"),
        [
            ([("甲", "", "", "")], "第2行 承办单位：不能为空 (blank)"),
            ([("", "", "", "甲局")], "第2行 事项：事项和办理地点至少填一项"),
            ([("", "", "kiosk", "甲局")], "第2行 事项：事项和办理地点至少填一项"),
            ([("甲", "", "", "甲局", "明天")], "第2行 生效日期：“明天”不是日期"),
            ([("甲", "", "", "甲局", "2024-02-30")], "第2行 生效日期：“2024-02-30”不是日期"),
            ([("甲", "", "", "甲局", "45000")], "第2行 生效日期：“45000”不是日期"),
            ([("甲", "", "", "甲局", "", "2024-13-01")], "第2行 失效日期：“2024-13-01”不是日期"),
            (
                [("甲", "", "", "甲局", "2024-03-25", "2024-03-25")],
                "第2行 失效日期：2024-03-25 不晚于生效日期",
            ),
            ([("甲", "", "", "甲局", "", "", "", "多余")], "第2行 整行：比表头多出“多余”"),
            ([("甲" * 201, "", "", "甲局")], "第2行 事项：超过 200 字"),
            ([("甲\x07", "", "", "甲局")], "第2行 事项：含有换行或控制字符 (control characters)：“甲�”"),
            ([("甲", "", "", "甲\n局")], "第2行 承办单位：含有换行或控制字符"),
            (
                [("甲", "", "", "甲局"), (" 甲 ", "", "", "乙局")],
                "第2行与第3行 承办单位：同一事项、地点、渠道派给不同单位",
            ),
            ([("（甲）", "", "", "甲局"), ("(甲)", "", "", "乙局")], "第2行与第3行 承办单位"),
            (
                [("甲", "", "", "甲局", "", "2024-03-26"), ("甲", "", "", "乙局", "2024-03-25", "")],
                "第2行与第3行 承办单位",
            ),
        ],
        ids=lambda it: ascii(it)[:50] if isinstance(it, str) else "",
    )
    def test_a_bad_row_is_refused_with_row_and_column(
        self, rows: Iterable[Cells], said: str, tmp_path: Path
    ) -> None:
        (problem,) = problems(written(tmp_path, *table(*rows)))
        assert said == problem[: len(said)]

    @pytest.mark.parametrize(
        ("header", "said"),
        [
            (("事项",), "第1行 承办单位：缺少此列"),
            (("承办单位",), "第1行 事项：缺少此列"),
            (("事项", "承办单位", "事项名称"), "第1行 事项：列重复 (given twice)：“事项名称”"),
            (
                ("事项", "承办单位", "生效日其"),
                "第1行 生效日其：没有这一列 (no such column)，是不是“生效日期”",
            ),
            (("事项", "承办单位", "颜色"), "第1行 颜色：没有这一列 (no such column)；可用：事项、"),
        ],
        ids=ascii,
    )
    def test_a_bad_header_is_refused(self, header: Cells, said: str, tmp_path: Path) -> None:
        (problem,) = problems(written(tmp_path, header))
        assert said == problem[: len(said)]

    def test_a_condition_is_for_a_person(self, tmp_path: Path) -> None:
        rows = (("事项", "承办单位", "条件"), ("甲", "甲局", ""), ("乙", "乙局", "外国人"))
        (problem,) = problems(written(tmp_path, *rows))
        assert "第3行 条件：附条件的由人判断" == problem.partition("，")[0]

    def test_everything_is_told_at_once(self, tmp_path: Path) -> None:
        rows = table(
            ("甲", "", "", "", "明天"), ("乙", "", "", "乙局"), ("", "", "", "丙局"), ("乙", "", "", "丁局")
        )
        found = [it.split("：")[0] for it in problems(written(tmp_path, *rows))]
        assert ["第2行 承办单位", "第2行 生效日期", "第4行 事项", "第3行与第5行 承办单位"] == found

    def test_of_three_that_contradict_each_other_all_pairs_are_told(self, tmp_path: Path) -> None:
        rows = table(*[("甲", "", "", f"{it}局") for it in "甲乙丙"])
        found = [it.split()[0] for it in problems(written(tmp_path, *rows))]
        assert ["第2行与第3行", "第2行与第4行", "第3行与第4行"] == found

    @pytest.mark.parametrize(
        "rows",
        [
            table(("甲", "", "", "甲局"), ("甲", "", "", "甲局")),
            table(("甲", "", "", "甲局", "", "2024-03-25"), ("甲", "", "", "乙局", "2024-03-25", "")),
            table(("甲", "", "", "甲局", "2024-03-25", ""), ("甲", "", "", "乙局", "", "2024-03-25")),
            table(("甲", "", "", "甲局"), ("甲", "东厅", "", "乙局"), ("甲", "", "kiosk", "丙局")),
            table(("甲" * 200, "", "", "甲局")),
        ],
        ids=["the same twice", "one after the other", "the other before", "other places", "long"],
    )
    def test_what_does_not_contradict_is_taken(self, rows: Iterable[Cells], tmp_path: Path) -> None:
        assert plugin(written(tmp_path, *rows)).bubancheng_health().ok

    @pytest.mark.parametrize(
        ("data", "said"),
        [
            (b"", "承办单位：缺少此列"),
            (b"\r\n \r\n", "承办单位：缺少此列"),
            ("事项,承办单位\n甲,甲局\n".encode("utf-16"), "不是 UTF-8 或 GB18030"),
            (b"\0\1\2", "不是 UTF-8 或 GB18030"),
            ("事项,承办单位\n甲,甲局\n".encode() + b"\xff", "neither encoding fits"),
            ('事项,承办单位\n"甲,甲局\n乙,乙局\n'.encode(), "引号不成对"),
            (b"x" * 20_000_001, "超过 20 MB"),
        ],
        ids=["empty", "blank", "UTF-16", "binary", "mixed", "open quote", "huge"],
    )
    def test_a_file_that_is_no_table_is_refused(self, data: bytes, said: str, tmp_path: Path) -> None:
        path = tmp_path / "a.csv"
        path.write_bytes(data)
        assert said in problems(path)[0]

    @pytest.mark.parametrize("name", ["nowhere.csv", ".", "a\0b.csv"], ids=["missing", "folder", "NUL"])
    def test_a_path_without_a_file_is_refused(self, name: str, tmp_path: Path) -> None:
        assert "cannot be read" in problems(tmp_path / name)[0]

    @pytest.mark.parametrize(
        ("settings", "said"),
        [
            ({}, "path: 缺少"),
            ({"path": 3}, "path: 应为"),
            ({"path": "a.csv", "shet": "x"}, "是否为 sheet"),
            ({"path": "a.csv", "sheet": 1}, "sheet: 应为"),
        ],
        ids=str,
    )
    def test_bad_settings_are_refused(self, settings: dict[str, object], said: str) -> None:
        with pytest.raises(SettingsError, match=said):
            SpreadsheetPlugin(settings)


class TestWorkbooks:
    def test_a_merged_cell_would_widen_the_rows_below_and_is_refused(self, tmp_path: Path) -> None:
        path = saved(tmp_path, *table(("甲", "东厅", "", "甲局"), ("", "西厅", "", "乙局")))
        book = openpyxl.load_workbook(path)
        book.active.merge_cells("A2:A3")
        book.save(path)
        assert ("第2行：A2:A3 是合并单元格 (merged)，请取消合并并逐行填写",) == problems(path)

    @pytest.mark.parametrize(
        ("cell", "said"),
        [
            ("=A1", "第2行 D 列：是公式"),
            ("#N/A", "第2行 D 列：是错误值"),
            (dt.datetime(2024, 3, 25, 8, 30), "第2行 D 列：2024-03-25 08:30:00 不是日期"),
        ],
        ids=str,
    )
    def test_a_cell_without_a_value_is_refused(self, cell: object, said: str, tmp_path: Path) -> None:
        found = problems(saved(tmp_path, *table(("甲", "", "", cell))))
        assert said == found[0][: len(said)]

    def test_numbers_are_read_as_they_are_shown(self, tmp_path: Path) -> None:
        sheet = plugin(saved(tmp_path, *table((12345, 3.0, "", "甲局"))))
        assert "甲局" == unit_of(sheet, "12345", "3")

    def book(self, folder: Path, **sheets: Sequence[Cells]) -> Path:
        """Save a workbook of several sheets."""
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(list(row))
        book.save(folder / "负责单位.xlsx")
        return folder / "负责单位.xlsx"

    def test_blank_sheets_beside_it_do_not_matter(self, tmp_path: Path) -> None:
        path = self.book(tmp_path, Sheet1=[], 负责单位=table(("甲", "", "", "甲局")), Sheet3=[])
        assert "甲局" == unit_of(plugin(path), "甲")

    def test_of_two_filled_sheets_one_must_be_named(self, tmp_path: Path) -> None:
        path = self.book(tmp_path, 旧=table(("甲", "", "", "旧局")), 新=table(("甲", "", "", "新局")))
        assert "请用 sheet 指明一张：旧、新" in problems(path)[0]
        assert "新局" == unit_of(plugin(path, sheet="新"), "甲")

    def test_a_sheet_that_is_not_there_is_refused_with_those_that_are(self, tmp_path: Path) -> None:
        path = self.book(tmp_path, 旧=table(("甲", "", "", "旧局")))
        assert "没有工作表“新”(no such sheet)；现有：旧" == problems(path, sheet="新")[0]

    def test_a_workbook_without_content_is_refused(self, tmp_path: Path) -> None:
        assert "是空表" in problems(self.book(tmp_path, Sheet1=[]))[0]

    def test_a_csv_has_no_sheets(self, tmp_path: Path) -> None:
        assert "sheet 只用于 .xlsx" in problems(written(tmp_path, HEADER), sheet="新")[0]

    @pytest.mark.parametrize(
        "data", [b"", b"PK\3\4nothing", "事项,承办单位".encode()], ids=["empty", "cut", "CSV"]
    )
    def test_what_only_bears_the_name_is_refused(self, data: bytes, tmp_path: Path) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(data)
        assert "不是 Excel 工作簿" in problems(path)[0]


class TestOfADistrict:
    def test_unknown_units_and_channels_are_found_at_load(self, tmp_path: Path) -> None:
        rows = table(("甲", "", "", "区公安局"), ("乙", "", "自动终端", "区民政局"))
        found = problems(written(tmp_path, *rows), district="chongming")
        assert ("第2行 承办单位：本区没有“区公安局”(unknown)，是不是“区公安分局”",) == found[:1]
        assert "第3行 渠道：本区没有“自动终端”(unknown)，是不是“自助终端”" == found[1]

    @pytest.mark.parametrize(
        "district", ["chongming", "sh-chongming", str(PROFILE)], ids=["name", "code", "profile"]
    )
    @pytest.mark.parametrize("word", ["自助终端", "政务服务自助终端", "kiosk"], ids=ascii)
    def test_channels_are_written_as_clerks_call_them(self, district: str, word: str, tmp_path: Path) -> None:
        sheet = plugin(written(tmp_path, *table(("甲", "", word, "区民政局"))), district=district)
        assert [None, "区民政局"] == [unit_of(sheet, "甲", None, it) for it in ("web_portal", "kiosk")]

    def test_a_unit_is_recorded_as_the_district_spells_it(self, tmp_path: Path) -> None:
        sheet = plugin(written(tmp_path, *table(("甲", "", "", "区 民政局"))), district="chongming")
        assert "区民政局" == unit_of(sheet, "甲")


def open_desk(path: Path, clock: Clock, **settings: Any) -> Desk:
    """Return a Chongming desk with the dispatcher of a sheet, bound by its name."""
    return Desk.open(
        DISTRICT,
        calendar=CALENDAR,
        clock=clock,
        plugins=["spreadsheet"],
        settings={"spreadsheet": {"path": str(path)} | settings},
    )


def accept(desk: Desk, ticket: str, matter: str, **facts: Any) -> tuple[str, str | None, object]:
    """Register and accept; return the step, the unit, the rule that is on record."""
    desk.do(Register(ticket=ticket, matter=matter, **facts), actor=WINDOW)
    found = desk.do(Accept(ticket=ticket), actor=WINDOW)
    return found.step, found.unit, found.facts.get("dispatch_rule")


class TestThroughADesk:
    def test_the_sheet_goes_before_the_profile(self, tmp_path: Path) -> None:
        desk = open_desk(written(tmp_path, *table(("居住证办理", "", "", "区民政局"))), Clock())
        assert ("dispatched", "区民政局", "负责单位.csv 第2行") == accept(desk, "T1", "居住证办理")

    def test_what_the_sheet_does_not_name_is_left_to_the_profile_and_then_to_a_person(
        self, tmp_path: Path
    ) -> None:
        desk = open_desk(written(tmp_path, *table(("甲", "", "", "区民政局"))), Clock())
        assert ("dispatched", "区公安分局", "matter_owner") == accept(desk, "T1", "居住证办理")
        assert ("pending_dispatch", None, None) == accept(desk, "T2", UNOWNED)
        assert [] == desk.failures

    def test_a_channel_is_asked_by_its_id(self, tmp_path: Path) -> None:
        rows = table(("甲", "", "自助终端", "区民政局"), ("甲", "", "", "区残联"))
        desk = open_desk(written(tmp_path, *rows), Clock(), district="chongming")
        assert "区民政局" == accept(desk, "T1", "甲", channel="自助终端")[1]
        assert "区残联" == accept(desk, "T2", "甲", channel="窗口")[1]

    def test_a_bad_sheet_keeps_the_desk_closed_and_says_where(self, tmp_path: Path) -> None:
        with pytest.raises(PluginError, match=r"'spreadsheet'.*第2行 承办单位：不能为空"):
            open_desk(written(tmp_path, *table(("甲", "", "", ""))), Clock())

    def test_two_desks_have_a_sheet_each(self, tmp_path: Path) -> None:
        one = open_desk(written(tmp_path, *table(("甲", "", "", "区民政局")), name="一.csv"), Clock())
        other = open_desk(written(tmp_path, *table(("甲", "", "", "区残联")), name="二.csv"), Clock())
        assert ["区民政局", "区残联"] == [accept(it, "T1", "甲")[1] for it in (one, other)]

    def test_the_file_is_read_once_and_a_change_is_told(self, tmp_path: Path) -> None:
        path = written(tmp_path, *table(("甲", "", "", "区民政局")))
        desk = open_desk(path, Clock())
        before = desk.health()["spreadsheet"]
        written(tmp_path, *table(("甲", "", "", "区残联")))
        after = desk.health()["spreadsheet"]
        assert before is not None
        assert after is not None
        assert ("负责单位.csv：1 条规则 (rules)", True, False) == (before.detail, before.ok, after.ok)
        path.unlink()
        assert "区民政局" == accept(desk, "T1", "甲")[1]


class TestTheExample:
    def test_it_fits_the_district_of_chongming(self) -> None:
        owned = {matter for unit in DISTRICT.units for matter in unit.matters}
        sheet = plugin(EXAMPLE, district="chongming")
        with EXAMPLE.open(encoding="utf-8", newline="") as file:
            matters = {row["事项"] for row in csv.DictReader(file)} - {""}
        assert set() == matters - owned
        assert len(matters) > 8
        assert sheet.bubancheng_health().ok

    @pytest.mark.parametrize(
        ("registered_at", "unit"),
        [("2025-12-31 23:59", "区公安分局"), ("2026-01-01 00:00", "城桥镇社区事务受理服务中心")],
    )
    def test_residence_permits_go_to_the_community_from_2026_on(self, registered_at: str, unit: str) -> None:
        sheet = plugin(EXAMPLE, district="chongming")
        place = "城桥镇社区事务受理服务中心"
        assert unit == unit_of(sheet, "居住证办理", place, None, instant(registered_at))


def test_ten_thousand_rows_are_asked_as_fast_as_ten(tmp_path: Path) -> None:
    def median(rows: int) -> float:
        path = written(tmp_path, *table(*[(f"事项{it}", "", "", f"{it}局") for it in range(rows)]))
        sheet = plugin(path)
        times = []
        for number in range(300):
            began = time.perf_counter()
            assert f"{number % rows}局" == unit_of(sheet, f"事项{number % rows}", "东厅", "kiosk")
            times.append(time.perf_counter() - began)
        return sorted(times)[len(times) // 2]

    few, many = median(10), median(10_000)
    assert many < 10 * few  # a walk over the rows would take a thousand times as long
