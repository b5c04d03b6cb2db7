"""`bubancheng due`: one limit, and why it ends when it ends."""

from pathlib import Path

import pytest

from tests.cli.calling import call, json_of, on_console

START = "2026-09-30 16:00"  # the day before National Day; 10 October is a Saturday that is worked


class TestAnswer:
    @pytest.mark.parametrize(
        ("limit", "due"),
        [
            ("3个工作日", "2026-10-10 17:00"),
            ("5个工作日", "2026-10-13 17:00"),
            ("1个工作日", "2026-10-08 17:00"),
            ("当日", "2026-09-30 17:00"),
            ("24小时", "2026-10-01 16:00"),
            ("1个月", "2026-10-30 17:00"),
            ("当场", "2026-09-30 16:00"),
            ("3 working days", "2026-10-10 17:00"),
        ],
    )
    def test_a_limit_ends_when_the_texts_say(self, limit: str, due: str) -> None:
        assert f"{due}\n" == call("due", START, limit).stdout

    @pytest.mark.parametrize(
        "start", ["2026-09-30T16:00", "2026/09/30 16:00", "2026-09-30T16:00+08:00", "2026-09-30T08:00Z"]
    )
    def test_a_start_may_be_written_in_these_ways(self, start: str) -> None:
        assert call("due", start, "3个工作日").stdout == "2026-10-10 17:00\n"

    def test_the_hours_say_when_the_day_ends(self) -> None:
        result = call("due", START, "3个工作日", "--hours", "09:00-12:00,13:30-17:30")
        assert result.stdout == "2026-10-10 17:30\n"

    def test_a_convention_may_be_another(self) -> None:
        words = ("due", "2026-11-26 17:50", "3个工作日")
        answers = [call(*words).stdout, call(*words, "--counting", "out_of_hours=roll").stdout]
        assert answers == ["2026-12-01 17:00\n", "2026-12-02 17:00\n"]

    def test_several_conventions_hold_at_once(self) -> None:
        more = ("--counting", "first_day=included", "--counting", "day_end=midnight")
        assert call("due", "2026-11-23 10:00", "3个工作日", *more).stdout == "2026-11-26 00:00\n"

    def test_a_notice_of_a_year_to_come_is_used(self, tmp_path: Path) -> None:
        notice = tmp_path / "2027.toml"
        lines = [
            'document = "国办发明电〔2026〕9号"',
            "year = 2027",
            "off = [2027-01-01, 2027-01-02, 2027-01-03]",
            "work = [2027-01-09]",
        ]
        notice.write_text("\n".join(lines), encoding="utf-8")
        answers = [
            json_of(call("due", "2027-01-08 10:00", "1个工作日", "--json", *more))
            for more in ((), ("--notice", str(notice)))
        ]
        assert [("2027-01-11T17:00:00+08:00", True), ("2027-01-09T17:00:00+08:00", False)] == [
            (it["at"], it["provisional"]) for it in answers
        ]

    def test_an_answer_that_may_change_says_so(self) -> None:
        assert "暂定" in call("due", "2026-12-28 10:00", "3个工作日").stdout

    def test_one_that_is_settled_does_not(self) -> None:
        assert "暂定" not in call("due", "2026-12-23 10:00", "3个工作日").stdout


class TestJson:
    def test_the_keys_are_those_of_the_design(self) -> None:
        answer = json_of(call("due", START, "3个工作日", "--json"))
        assert list(answer) == ["at", "provisional", "calendar_version"]

    def test_the_answer_is_an_instant_with_an_offset(self) -> None:
        answer = json_of(call("due", START, "3个工作日", "--json"))
        assert (answer["at"], answer["provisional"]) == ("2026-10-10T17:00:00+08:00", False)

    def test_an_explanation_has_steps(self) -> None:
        answer = json_of(call("due", START, "3个工作日", "--json", "--explain"))
        assert [it["date"] for it in answer["steps"] if it["counted"]] == [
            "2026-10-08",
            "2026-10-09",
            "2026-10-10",
        ]

    def test_stdout_is_json_alone_at_the_edge_of_knowledge(self) -> None:
        result = call("due", "2026-12-28 10:00", "3个工作日", "--json")
        assert (True, "") == (json_of(result)["provisional"], result.stderr)


class TestExplain:
    @pytest.mark.parametrize("word", ["国庆节", "2026-10-10", "调休", "民法典"])
    def test_an_explanation_says_why(self, word: str) -> None:
        assert word in call("due", START, "3个工作日", "--explain").stdout

    @pytest.mark.parametrize("encoding", ["gbk", "ascii"])
    def test_any_console_survives(self, encoding: str) -> None:
        status, shown, told = on_console(encoding, "due", START, "3个工作日", "--explain")
        assert (status, "2026" in shown, told) == (0, True, "")


class TestRefusals:
    @pytest.mark.parametrize(
        "words",
        [
            ("gestern", "3个工作日"),
            ("", "3个工作日"),
            ("2026-02-30 10:00", "3个工作日"),
            (START, "一会儿"),
            (START, ""),
            (START, "0个工作日"),
            (START, "-1个工作日"),
            (START, "约定"),
            (START, "3个工作日", "--hours", "9 to 5"),
            (START, "3个工作日", "--hours", ""),
            (START, "3个工作日", "--hours", "17:00-09:00,08:00-10:00"),
            (START, "3个工作日", "--counting", "first_day"),
            (START, "3个工作日", "--counting", "first_day=maybe"),
            (START, "3个工作日", "--counting", "colour=red"),
            (START, "3个工作日", "--counting", ""),
            (START, "3个工作日", "--notice", "missing.toml"),
            (START, "3个工作日", "--notice", "."),
            ("1999-01-01 10:00", "3个工作日"),
            ("2100-01-01 10:00", "3个工作日"),
            ("2099-12-31 10:00", "3个工作日"),
            ("9999-12-31T23:59-05:00", "3个工作日"),
            ("0001-01-01T00:00+14:00", "3个工作日"),
            (START, "999999999999个工作日"),
            (START, "999999999999小时"),
            (START, "999999999999日"),
            (START, "999999999999个月"),
            (START, "999999999999秒"),
            (START, "999999999999个工作小时"),
        ],
    )
    def test_what_cannot_be_meant_is_one_sentence(self, words: tuple[str, ...]) -> None:
        result = call("due", "--", *words) if words[1].startswith("-") else call("due", *words)
        assert (1, "", True, 1) == (
            result.exit_code,
            result.stdout,
            result.stderr.startswith("错误："),
            result.stderr.count("\n"),
        )

    def test_a_fault_of_the_counting_says_what_there_is(self) -> None:
        assert "out_of_hours" in call("due", START, "3个工作日", "--counting", "colour=red").stderr

    def test_a_limit_nobody_knows_lists_the_forms(self) -> None:
        assert "3个工作日" in call("due", START, "一会儿").stderr

    def test_a_notice_that_is_no_notice_is_told(self, tmp_path: Path) -> None:
        path = tmp_path / "bad.toml"
        path.write_text("year = 'x'", encoding="utf-8")
        result = call("due", START, "3个工作日", "--notice", str(path))
        assert (1, True) == (result.exit_code, "bad.toml" in result.stderr)

    @pytest.mark.parametrize(
        "words", [[], [START], [START, "3个工作日", "x"], [START, "3个工作日", "--colour"]]
    )
    def test_a_wrong_call_is_two(self, words: list[str]) -> None:
        assert call("due", *words).exit_code == 2
