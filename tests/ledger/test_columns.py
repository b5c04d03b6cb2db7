"""One cell: how times are written, what is refused and with which reason."""

import datetime as dt

import pytest

from bubancheng.ledger import COLUMNS
from bubancheng.ledger.columns import Problem, columns_by_name, read_time, shown
from tests.acting import CALENDAR, DISTRICT, instant

MINUTE = instant("2026-09-30 16:00")


class TestReadTime:
    @pytest.mark.parametrize(
        "text",
        [
            "2026-09-30 16:00",
            "2026-09-30 16:00:00",
            "2026-09-30T16:00",
            "2026-09-30T16:00:00",
            "2026/09/30 16:00",
            "2026/09/30 16:00:00",
            "2026/09/30T16:00",
            "2026/9/30 16:00",
            "2026-9-30 16:00",
            "2026-09-30  16:00",
            " 2026-09-30 16:00 ",
            "2026-09-30 16:00:00.000000",
            "2026-09-30T16:00+08:00",
            "2026-09-30T16:00:00+0800",
            "2026-09-30T08:00Z",
            "2026-09-30 04:00:00-04:00",
            "\uff12\uff10\uff12\uff16\uff0f\uff10\uff19\uff0f\uff13\uff10\u3000\uff11\uff16\uff1a\uff10\uff10",
            "2026年9月30日 16:00",
            "2026年09月30日16:00",
        ],
    )
    def test_the_spellings_of_one_time_are_one_time(self, text: str) -> None:
        assert MINUTE == read_time(text, CALENDAR)

    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("2026-09-30 16:00:59", "2026-09-30 16:00:59"),
            ("2026/1/2 3:04", "2026-01-02 03:04"),
            ("2026-09-30 00:00", "2026-09-30 00:00"),
            ("2026-09-30 23:59:59", "2026-09-30 23:59:59"),
            ("2024-02-29 12:00", "2024-02-29 12:00"),
            ("2004-01-01 00:00", "2004-01-01 00:00"),
            ("2099-12-31 23:59", "2099-12-31 23:59"),
            ("2026-09-30 16:00:00.000001", "2026-09-30 16:00:00.000001"),
            ("2026-09-30 16:00:00.5", "2026-09-30 16:00:00.5"),
        ],
    )
    def test_a_time_is_read_exactly(self, text: str, expected: str) -> None:
        assert instant(expected) == read_time(text, CALENDAR)

    @pytest.mark.parametrize(
        "text",
        [
            "2026-02-30 10:00",
            "2025-02-29 10:00",
            "2026-09-31 10:00",
            "2026-13-01 10:00",
            "2026-00-10 10:00",
            "2026-01-00 10:00",
            "2026-09-30 24:01",
            "2026-09-30 25:00",
            "2026-09-30 16:60",
            "2026-09-30 16:00:60",
            "0000-01-01 10:00",
            "2026-09-30T16:00+99:00",
        ],
    )
    def test_a_time_that_does_not_exist_is_said(self, text: str) -> None:
        assert f"“{text}”不是存在的日期或时刻" == read_time(text, CALENDAR)

    @pytest.mark.parametrize(
        "text",
        [
            "2026-09-30",
            "2026/9/30",
            "16:00",
            "昨天",
            "2026-09-30 16",
            "2026-09-30 16:0",
            "26-09-30 16:00",
            "30/09/2026 16:00",
            "2026.09.30 16:00",
            "2026-09-3016:00",
            "20260930 1600",
            "46295.6666",
            "2026-09-30 4:00 PM",
            "=NOW()",
            "2026-09-30 16:00 2026-09-30 16:00",
            "x" * 1000,
        ],
    )
    def test_what_is_no_time_is_said_with_how_to_write_one(self, text: str) -> None:
        assert "不是时间，应写作 2026-09-30 16:00" in str(read_time(text, CALENDAR))

    @pytest.mark.parametrize(
        "text", ["1999-12-31 10:00", "2003-12-31 23:59:59", "2100-01-01 00:00", "9999-12-31 23:59"]
    )
    def test_a_year_outside_the_calendar_is_said_with_its_bounds(self, text: str) -> None:
        assert "不在历法范围 2004-01-01 至 2099-12-31 之内" in str(read_time(text, CALENDAR))

    @pytest.mark.parametrize("text", ["9999-12-31T23:59-12:00", "0001-01-01T00:00+14:00"])
    def test_an_offset_that_leaves_all_time_is_a_reason_too(self, text: str) -> None:
        assert isinstance(read_time(text, CALENDAR), str)

    def test_digits_of_other_scripts_do_no_harm(self) -> None:
        assert isinstance(read_time("٢٠٢٦-٠٩-٣٠ ١٦:٠٠", CALENDAR), str | dt.datetime)


class TestColumns:
    @pytest.mark.parametrize(
        ("chinese", "english"),
        [
            ("工单编号", "id"),
            ("渠道", "channel"),
            ("事项", "matter"),
            ("办理地点", "place"),
            ("诉求内容", "text"),
            ("反映人", "reporter"),
            ("联系电话", "phone"),
            ("难易", "class"),
            ("登记时间", "registered_at"),
            ("派单时间", "dispatched_at"),
            ("接单时间", "acknowledged_at"),
            ("联系时间", "contacted_at"),
            ("办结时间", "resolved_at"),
            ("主办单位", "unit"),
        ],
    )
    def test_a_column_has_its_two_names(self, chinese: str, english: str) -> None:
        known = columns_by_name(DISTRICT)
        assert known[chinese] is known[english]

    def test_three_are_required(self) -> None:
        assert [it.id for it in COLUMNS if it.required] == ["id", "matter", "registered_at"]

    def test_three_are_personal(self) -> None:
        assert [it.id for it in COLUMNS if it.is_personal] == ["text", "reporter", "phone"]


class TestShown:
    def test_a_short_text_is_shown_as_it_is(self) -> None:
        assert shown("居住证办理") == "居住证办理"

    def test_a_long_text_is_cut_and_counted(self) -> None:
        assert shown("x" * 41) == "x" * 40 + "…（共 41 字）"

    @pytest.mark.parametrize("text", ["\x1b[31m", "a\nb", "\x00", "\x9b", "\u202e", "\u200b", "\x7f"])
    def test_nothing_that_moves_a_cursor_is_shown(self, text: str) -> None:
        assert shown(text).isprintable()


def test_a_problem_reads_as_a_sentence() -> None:
    problem = Problem(row=7, column="登记时间", reason="不能为空")
    assert str(problem) == "第 7 行\u3000登记时间：不能为空"
