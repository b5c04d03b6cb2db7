"""`bubancheng run`: the main job."""

import json
from pathlib import Path

import pytest

from tests.acting import OWNED
from tests.cli.calling import EXAMPLE, NOW, call, json_of, on_console, program, write

HEADER = "工单编号,事项,登记时间,主办单位"
GOOD = f"A1,{OWNED},2024-03-28 10:00,某局"
KEYS = [
    "id",
    "unit",
    "class",
    "step",
    "acknowledged_at",
    "deemed_acknowledged_at",
    "contact_due",
    "due",
    "provisional",
    "light",
    "contact_overdue",
    "next_change",
]


class TestExample:
    def test_the_open_tickets_show_all_three_lights(self) -> None:
        lines = json_of(call("run", str(EXAMPLE), "--now", NOW, "--json"))
        lights = {it["id"]: it["light"] for it in lines if it["step"] != "resolved" and it["due"]}
        assert lights == {
            "CM-2022-0003": "red",
            "CM-2022-0004": "red",
            "CM-2024-0001": "green",
            "CM-2024-0002": "yellow",
        }

    def test_every_case_is_there(self) -> None:
        assert len(json_of(call("run", str(EXAMPLE), "--now", NOW, "--json"))) == 16

    def test_the_green_one_is_due_on_the_sunday_that_is_worked(self) -> None:
        lines = json_of(call("run", str(EXAMPLE), "--now", NOW, "--json"))
        assert {it["id"]: it["due"] for it in lines}["CM-2024-0001"] == "2024-04-07T17:00:00+08:00"

    def test_one_waits_in_the_manual_queue(self) -> None:
        lines = json_of(call("run", str(EXAMPLE), "--now", NOW, "--json"))
        assert [it["id"] for it in lines if it["unit"] is None] == ["CM-2017-0002"]

    def test_the_example_has_no_problems(self) -> None:
        result = call("run", str(EXAMPLE), "--now", NOW)
        assert (result.exit_code, result.stderr) == (0, "")

    @pytest.mark.parametrize(
        "word", ["●绿", "●黄", "●红", "人工派单", "CM-2024-0002", "区住房保障局", "超时", "剩2小时"]
    )
    def test_the_board_says_it_in_words(self, word: str) -> None:
        assert word in call("run", str(EXAMPLE), "--now", NOW).stdout

    @pytest.mark.parametrize(
        "now", ["2024-03-29T15:00+08:00", "2024-03-29 15:00", "2024/03/29 15:00", "2024-03-29T07:00Z"]
    )
    def test_now_may_be_written_in_these_ways(self, now: str) -> None:
        expected = call("run", str(EXAMPLE), "--now", NOW, "--json").stdout
        assert expected == call("run", str(EXAMPLE), "--now", now, "--json").stdout

    @pytest.mark.parametrize("district", ["chongming", "sh-chongming"])
    def test_the_district_may_be_named_in_these_ways(self, district: str) -> None:
        result = call("run", str(EXAMPLE), "--now", NOW, "--district", district)
        assert (0, True) == (result.exit_code, "上海市崇明区" in result.stdout)


class TestJson:
    def test_the_keys_are_those_of_the_design(self, tmp_path: Path) -> None:
        (line,) = json_of(call("run", write(tmp_path, HEADER, GOOD), "--now", NOW, "--json"))
        assert list(line) == KEYS

    def test_stdout_is_json_alone_where_rows_are_bad(self, tmp_path: Path) -> None:
        path = write(tmp_path, HEADER + ",颜色", ",,,,红", GOOD + ",绿", "A2,x,2024-04-28 10:00,,")
        result = call("run", path, "--now", NOW, "--json")
        assert ["A1"] == [it["id"] for it in json_of(result)]

    def test_an_empty_ledger_is_an_empty_list(self, tmp_path: Path) -> None:
        assert json_of(call("run", write(tmp_path, HEADER), "--now", NOW, "--json")) == []

    def test_a_refusal_leaves_stdout_empty(self, tmp_path: Path) -> None:
        assert call("run", str(tmp_path / "missing.csv"), "--json").stdout == ""


class TestStatus:
    def test_all_good_is_zero(self, tmp_path: Path) -> None:
        assert call("run", write(tmp_path, HEADER, GOOD), "--now", NOW).exit_code == 0

    def test_a_bad_row_is_one_and_told_on_stderr(self, tmp_path: Path) -> None:
        result = call("run", write(tmp_path, HEADER, GOOD, ",x,昨天,"), "--now", NOW)
        assert (1, True, True) == (
            result.exit_code,
            "第 3 行\u3000工单编号：不能为空" in result.stderr,
            "第 3 行\u3000登记时间：“昨天”不是时间" in result.stderr,
        )

    def test_the_good_rows_are_shown_all_the_same(self, tmp_path: Path) -> None:
        assert "A1" in call("run", write(tmp_path, HEADER, GOOD, ",x,昨天,"), "--now", NOW).stdout

    def test_problems_are_told_in_the_order_of_the_rows(self, tmp_path: Path) -> None:
        path = write(
            tmp_path, HEADER + ",接单时间", "B,没人管,2024-03-28 10:00,,2024-03-28 11:00", ",,,,", ",x,y,,"
        )
        result = call("run", path, "--now", NOW)
        rows = [it.split()[1] for it in result.stderr.splitlines() if it.startswith("第")]
        assert rows == sorted(rows)

    def test_a_column_nobody_knows_is_told_and_no_problem(self, tmp_path: Path) -> None:
        result = call("run", write(tmp_path, HEADER + ",颜色", GOOD + ",红"), "--now", NOW)
        assert (0, True) == (result.exit_code, "颜色" in result.stderr)

    def test_rows_after_now_are_told_and_no_problem(self, tmp_path: Path) -> None:
        result = call("run", write(tmp_path, HEADER, GOOD), "--now", "2024-03-01T10:00")
        assert (0, True) == (result.exit_code, "1 行的登记时间在此时刻之后" in result.stderr)

    @pytest.mark.parametrize(
        ("words", "told"),
        [
            (["missing.csv"], "无法读取"),
            (["."], "目录"),
            ([str(EXAMPLE), "--district", "nowhere"], "chongming (sh-chongming 上海市崇明区)"),
            ([str(EXAMPLE), "--district", "nowhere.toml"], "nowhere.toml"),
            ([str(EXAMPLE), "--now", "gestern"], "“gestern”不是时刻"),
            ([str(EXAMPLE), "--now", "9999-12-31T23:59-05:00"], "错误："),
            ([str(EXAMPLE), "--now", "0001-01-01T00:00+14:00"], "错误："),
            ([str(EXAMPLE), "--store", "desk.db"], "sqlite:///"),
            ([str(EXAMPLE), "--store", "nosuch://x"], "sqlite:///"),
            ([str(EXAMPLE), "--store", "sqlite:///no/such/folder/desk.db"], "no such folder"),
            ([str(EXAMPLE), "--store", f"sqlite:///{'x' * 300}.db"], "错误："),
            (["x" * 300 + ".csv"], "错误："),
        ],
    )
    def test_what_cannot_be_done_is_one_sentence_on_stderr(self, words: list[str], told: str) -> None:
        result = call("run", *words)
        assert (1, "", True, 1) == (
            result.exit_code,
            result.stdout,
            told in result.stderr,
            result.stderr.count("\n"),
        )

    @pytest.mark.parametrize("words", [[], ["a.csv", "b.csv"], ["a.csv", "--colour"]])
    def test_a_wrong_call_is_two(self, words: list[str]) -> None:
        assert call("run", *words).exit_code == 2


class TestStore:
    def test_running_twice_shows_the_same(self, tmp_path: Path) -> None:
        words = ("run", str(EXAMPLE), "--store", f"sqlite:///{tmp_path}/desk.db", "--now", NOW, "--json")
        first, again = call(*words), call(*words)
        assert (first.stdout, 0) == (again.stdout, again.exit_code)

    def test_a_store_shows_what_memory_shows(self, tmp_path: Path) -> None:
        words = ("run", str(EXAMPLE), "--now", NOW, "--json")
        assert call(*words).stdout == call(*words, "--store", f"sqlite:///{tmp_path}/desk.db").stdout

    def test_a_ledger_that_has_grown_updates(self, tmp_path: Path) -> None:
        words = ("--store", f"sqlite:///{tmp_path}/desk.db", "--now", NOW, "--json")
        call("run", write(tmp_path, HEADER + ",接单时间", GOOD + ","), *words)
        (line,) = json_of(
            call("run", write(tmp_path, HEADER + ",接单时间", GOOD + ",2024-03-28 11:00"), *words)
        )
        assert (line["step"], line["acknowledged_at"]) == ("acknowledged", "2024-03-28T11:00:00+08:00")

    def test_a_changed_cell_is_told_with_both_values(self, tmp_path: Path) -> None:
        words = ("--store", f"sqlite:///{tmp_path}/desk.db", "--now", NOW)
        call("run", write(tmp_path, HEADER, GOOD), *words)
        result = call("run", write(tmp_path, HEADER, GOOD.replace("某局", "别的局")), *words)
        assert (1, True) == (result.exit_code, "已登记为“某局”，台账现为“别的局”" in result.stderr)

    def test_another_ledger_adds_to_the_store(self, tmp_path: Path) -> None:
        words = ("--store", f"sqlite:///{tmp_path}/desk.db", "--now", NOW, "--json")
        call("run", write(tmp_path, HEADER, GOOD), *words)
        lines = json_of(call("run", write(tmp_path, HEADER, GOOD.replace("A1", "A2")), *words))
        assert [it["id"] for it in lines] == ["A1", "A2"]

    def test_the_database_of_another_program_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "desk.db").write_bytes(b"no database at all " * 100)
        result = call("run", str(EXAMPLE), "--store", f"sqlite:///{tmp_path}/desk.db")
        assert (1, "") == (result.exit_code, result.stdout)


class TestHostile:
    @pytest.mark.parametrize(
        "matter",
        [
            "[/foo]",
            "[red]x[/red]",
            "[link=http://x]",
            ":smile:",
            "\\[x]",
            "'; drop table ticket; --",
            "{0}%s",
        ],
    )
    def test_a_matter_is_shown_as_it_is_written(self, tmp_path: Path, matter: str) -> None:
        result = call("run", write(tmp_path, HEADER, f'A1,"{matter}",2024-03-28 10:00,某局'), "--now", NOW)
        assert (0, True) == (result.exit_code, matter in result.stdout)

    @pytest.mark.parametrize("column", ["工单编号", "主办单位"])
    def test_so_are_a_number_and_a_unit(self, tmp_path: Path, column: str) -> None:
        cells = dict(zip(HEADER.split(","), GOOD.split(","), strict=True)) | {column: "[bold]:bug:"}
        result = call("run", write(tmp_path, HEADER, ",".join(cells.values())), "--now", NOW)
        assert (0, True) == (result.exit_code, "[bold]:bug:" in result.stdout)

    def test_so_is_what_a_problem_quotes(self, tmp_path: Path) -> None:
        result = call("run", write(tmp_path, HEADER, "A1,x,[red]:bug:,某局"), "--now", NOW)
        assert "“[red]:bug:”不是时间" in result.stderr

    @pytest.mark.parametrize("escape", ["\x1b[2J", "\x1b]0;x\x07", "\x9b31m", "\x08\x08", "\u202e", "\u200b"])
    def test_no_cell_moves_the_cursor(self, tmp_path: Path, escape: str) -> None:
        rows = []
        for place in range(4):
            cells = GOOD.split(",")
            cells[0] = f"A{place}"
            cells[place] += f"{escape}x"
            rows.append(",".join(cells))
        result = call("run", write(tmp_path, f"{HEADER},颜色{escape}", *rows), "--now", NOW)
        assert escape[0] not in result.stdout + result.stderr

    def test_a_long_matter_stays_on_its_line(self, tmp_path: Path) -> None:
        result = call("run", write(tmp_path, HEADER, f"A1,{'长' * 200},2024-03-28 10:00,某局"), "--now", NOW)
        assert sum("A1" in it for it in result.stdout.splitlines()) == 1


class TestEncodings:
    @pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8", "latin-1", "cp1252", "gb18030"])
    @pytest.mark.parametrize("words", [["--json"], []])
    def test_any_console_survives(self, encoding: str, words: list[str]) -> None:
        status, shown, told = on_console(encoding, "run", str(EXAMPLE), "--now", NOW, *words)
        assert (status, "CM-2024-0001" in shown, told) == (0, True, "")

    @pytest.mark.parametrize("encoding", ["gbk", "ascii"])
    def test_so_does_a_program(self, encoding: str) -> None:
        result = program("run", str(EXAMPLE), "--now", NOW, PYTHONIOENCODING=encoding)
        assert (0, b"") == (result.returncode, result.stderr)

    def test_a_chinese_console_shows_chinese(self) -> None:
        _, shown, _ = on_console("gbk", "run", str(EXAMPLE), "--now", NOW)
        assert all(it in shown for it in ("●绿", "●黄", "●红", "区住房保障局"))

    @pytest.mark.parametrize("encoding", ["gbk", "ascii", "latin-1"])
    def test_json_says_the_same_in_any_encoding(self, tmp_path: Path, encoding: str) -> None:
        path = write(tmp_path, HEADER, GOOD.replace("A1", "编号é𠮷").replace("某局", "𠮷局"))
        words = ("run", path, "--now", NOW, "--json")
        assert json_of(call(*words)) == json.loads(on_console(encoding, *words)[1])

    @pytest.mark.parametrize(
        "words",
        [["--help"], ["run", "--help"], ["due", "--help"], ["run"], ["nothing"], ["run", "missing.csv"]],
    )
    def test_help_and_refusals_survive_too(self, words: list[str]) -> None:
        assert any(on_console("ascii", *words)[1:])

    def test_bad_rows_are_told_on_any_console(self, tmp_path: Path) -> None:
        status, _, told = on_console("ascii", "run", write(tmp_path, HEADER, ",x,昨天,"), "--now", NOW)
        assert (1, True) == (status, "2" in told)
