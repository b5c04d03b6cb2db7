"""Taking a ledger in: what a row becomes, and what a second run does."""

import datetime as dt
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

import pytest

from bubancheng.actions import Acknowledge, Register
from bubancheng.desk import BoardLine, Desk
from bubancheng.errors import BubanchengError
from bubancheng.ledger import IMPORTER, LedgerRow, Taken, read_ledger, take_in
from bubancheng.registry import Failure
from tests.acting import (
    CALENDAR,
    DISTRICT,
    IMPORT,
    OFFICER,
    OWNED,
    OWNER,
    PLACE,
    RUNNER,
    UNOWNED,
    WINDOW,
    Clock,
    instant,
    open_desk,
)
from tests.installing import Installer, forget_modules, hooked, put_on_path
from tests.ledger.writing import write_rows

COLUMNS = (
    "工单编号",
    "渠道",
    "事项",
    "办理地点",
    "诉求内容",
    "反映人",
    "联系电话",
    "难易",
    "登记时间",
    "派单时间",
    "接单时间",
    "联系时间",
    "办结时间",
    "主办单位",
)
NOW = "2024-03-29 15:00"  # a Friday
Row = Mapping[str, str]
BARE: Row = {"工单编号": "A1", "事项": UNOWNED, "登记时间": "2024-03-25 10:00"}
FULL: Row = {
    **BARE,
    "渠道": "线下窗口",
    "事项": OWNED,
    "办理地点": "外地",
    "诉求内容": "请求一次说清",
    "反映人": "张三丰",
    "联系电话": "13800001234",
    "难易": "复杂",
    "派单时间": "2024-03-25 10:30",
    "接单时间": "2024-03-25 11:00",
    "联系时间": "2024-03-25 14:00",
    "办结时间": "2024-03-27 16:00",
    "主办单位": "某局",
}


class Office:
    """A desk in memory and the folder its ledgers lie in."""

    def __init__(self, folder: Path, desk: Desk | None = None) -> None:
        self.folder, self.clock = folder, Clock(NOW)
        self.desk = desk or open_desk(self.clock)

    def rows(self, *rows: Row) -> tuple[LedgerRow, ...]:
        """Return rows as a file gives them; they are all good."""
        reading = read_ledger(write_rows(self.folder, rows, COLUMNS), DISTRICT, CALENDAR)
        assert reading.problems == ()
        return reading.rows

    def take(self, *rows: Row, now: str = NOW) -> Taken:
        """Take rows in as of an instant."""
        at = self.clock.put(now)
        return take_in(self.desk, self.rows(*rows), at)

    def line(self, now: str = NOW) -> BoardLine:
        """Return the line of the one ticket on the board."""
        (found,) = self.desk.board(instant(now))
        return found

    def board(self, now: str = NOW) -> list[dict[str, Any]]:
        """Return the whole board."""
        return [it.to_dict() for it in self.desk.board(instant(now))]

    def kinds(self) -> list[str]:
        """Return the kinds of the entries of A1."""
        return [it.kind for it in self.desk.history("A1", actor=IMPORTER)]

    def versions(self) -> list[int]:
        """Return the versions of all tickets."""
        return [it.version for it in self.desk.find(actor=IMPORTER, limit=10_000)]


@pytest.fixture
def office(tmp_path: Path) -> Office:
    """An office with nothing in it yet."""
    return Office(tmp_path)


def counts(taken: Taken) -> tuple[int, int, int, int, int]:
    """Return what taking in did, in numbers."""
    return taken.new, taken.grown, taken.unchanged, taken.ahead, len(taken.problems)


class TestOneRow:
    def test_a_full_row_becomes_a_ticket(self, office: Office) -> None:
        assert counts(office.take(FULL)) == (1, 0, 0, 0, 0)

    def test_its_times_become_entries(self, office: Office) -> None:
        office.take(FULL)
        assert office.kinds() == [
            "registered",
            "accepted",
            "dispatched",
            "acknowledged",
            "contacted",
            "resolved",
        ]

    def test_its_line_says_what_it_says(self, office: Office) -> None:
        office.take(FULL)
        assert office.line().to_dict() == {
            "id": "A1",
            "unit": "某局",
            "class": "complex",
            "step": "resolved",
            "acknowledged_at": "2024-03-25T11:00:00+08:00",
            "deemed_acknowledged_at": None,
            "contact_due": "2024-03-26T17:00:00+08:00",
            "due": "2024-04-01T17:00:00+08:00",
            "provisional": False,
            "light": "green",
            "contact_overdue": False,
            "next_change": None,
        }

    def test_a_blank_class_is_general(self, office: Office) -> None:
        office.take({**FULL, "难易": ""})
        line = office.line()
        assert ("general", instant("2024-03-28 17:00")) == (line.category, line.due)

    def test_the_personal_cells_are_kept_apart(self, office: Office) -> None:
        office.take(FULL)
        assert office.desk.personal("A1", actor=IMPORT) == {
            "text": "请求一次说清",
            "reporter": "张三丰",
            "phone": "13800001234",
        }

    def test_every_entry_of_the_past_is_marked(self, office: Office) -> None:
        office.take(FULL)
        assert all(it.backdated for it in office.desk.history("A1", actor=IMPORTER))

    def test_it_is_the_importers_work(self, office: Office) -> None:
        office.take(FULL)
        assert {it.actor for it in office.desk.history("A1", actor=IMPORTER)} == {IMPORTER}

    @pytest.mark.parametrize("matter", ["'; drop table ticket; --", "=cmd|' /C calc'!A0", "[/red]", "%s{0}"])
    def test_what_looks_like_a_command_is_data(self, office: Office, matter: str) -> None:
        office.take({**FULL, "事项": matter})
        assert matter == office.line().matter

    def test_a_megabyte_of_text_is_kept(self, office: Office) -> None:
        text = "很长" * 500_000
        office.take({**FULL, "诉求内容": text})
        assert text == office.desk.personal("A1", actor=IMPORT)["text"]

    def test_the_histories_are_whole(self, office: Office) -> None:
        office.take(FULL)
        assert office.desk.verify() == []


class TestDispatch:
    def test_a_unit_is_taken_as_written(self, office: Office) -> None:
        office.take({**BARE, "事项": OWNED, "主办单位": "没人听说过的局"})
        assert office.line().unit == "没人听说过的局"

    def test_without_a_unit_the_owner_of_the_matter_gets_it(self, office: Office) -> None:
        office.take({**BARE, "事项": OWNED, "办理地点": PLACE})
        assert OWNER == office.line().unit

    def test_then_the_place(self, office: Office) -> None:
        office.take({**BARE, "办理地点": PLACE})
        assert RUNNER == office.line().unit

    def test_else_it_waits_in_the_manual_queue(self, office: Office) -> None:
        office.take(BARE)
        line = office.line()
        assert (line.unit, line.step, line.due, line.light.value) == (None, "pending_dispatch", None, "green")

    def test_in_the_manual_queue_nothing_is_deemed(self, office: Office) -> None:
        office.take({**BARE, "派单时间": "2024-03-25 10:30"})
        assert office.line().deemed_acknowledged_at is None

    @pytest.mark.parametrize("how", [{"主办单位": "某局"}, {"事项": OWNED}, {"办理地点": PLACE}])
    def test_a_blank_time_of_dispatch_is_that_of_registration(self, office: Office, how: Row) -> None:
        office.take({**BARE, **how})
        assert instant("2024-03-26 17:00") == office.line().deemed_acknowledged_at

    def test_a_rule_that_dispatches_is_named(self, office: Office) -> None:
        office.take({**BARE, "事项": OWNED})
        assert office.desk.history("A1", actor=IMPORTER)[2].rule == "matter_owner"

    @pytest.mark.parametrize("times", [{"接单时间": "2024-03-25 11:00"}, {"办结时间": "2024-03-25 11:00"}])
    def test_steps_without_a_unit_are_a_problem_and_say_what_to_do(self, office: Office, times: Row) -> None:
        taken = office.take({**BARE, **times})
        assert [(2, "主办单位", True)] == [
            (it.row, it.column, "请补填主办单位" in it.reason) for it in taken.problems
        ]

    def test_a_contact_is_recorded_in_the_manual_queue(self, office: Office) -> None:
        taken = office.take({**BARE, "联系时间": "2024-03-25 11:00"})
        assert (taken.problems, office.kinds()) == ([], ["registered", "accepted", "contacted"])


class TestDeemed:
    def test_an_order_nobody_acknowledged_is_deemed(self, office: Office) -> None:
        office.take({**FULL, "接单时间": "", "办结时间": ""})
        line = office.line()
        assert (None, instant("2024-03-26 17:00")) == (line.acknowledged_at, line.deemed_acknowledged_at)

    def test_one_acknowledged_too_late_shows_both_times(self, office: Office) -> None:
        office.take({**FULL, "接单时间": "2024-03-26 17:01", "办结时间": ""})
        line = office.line()
        assert (instant("2024-03-26 17:01"), instant("2024-03-26 17:00")) == (
            line.acknowledged_at,
            line.deemed_acknowledged_at,
        )

    def test_one_acknowledged_at_that_instant_is_not(self, office: Office) -> None:
        office.take({**FULL, "接单时间": "2024-03-26 17:00", "办结时间": ""})
        assert office.line().deemed_acknowledged_at is None

    def test_one_resolved_before_never_had_a_clock(self, office: Office) -> None:
        office.take({**FULL, "接单时间": "", "联系时间": "", "办结时间": "2024-03-26 16:59"})
        line = office.line()
        assert (line.due, line.contact_due, line.contact_overdue, line.light.value) == (
            None,
            None,
            False,
            "green",
        )


class TestNow:
    @pytest.mark.parametrize(
        ("column", "kind"),
        [
            ("派单时间", "dispatched"),
            ("接单时间", "acknowledged"),
            ("办结时间", "resolved"),
            ("联系时间", "contacted"),
        ],
    )
    def test_a_time_after_now_has_not_happened(self, office: Office, column: str, kind: str) -> None:
        later = dict.fromkeys(COLUMNS[COLUMNS.index(column) : 13], "")
        office.take({**FULL, **later, column: "2024-03-29 15:01"})
        assert kind not in office.kinds()

    def test_a_time_at_now_has(self, office: Office) -> None:
        office.take({**FULL, "办结时间": NOW})
        assert office.line().step == "resolved"

    def test_a_dispatch_after_now_leaves_the_unit_unknown(self, office: Office) -> None:
        office.take({**FULL, "派单时间": "2024-03-29 15:01", "接单时间": "", "办结时间": ""})
        line = office.line()
        assert (line.unit, line.step) == (None, "pending_dispatch")

    def test_what_is_registered_after_now_is_left_out_and_counted(self, office: Office) -> None:
        taken = office.take({**BARE, "登记时间": "2024-03-29 15:01"})
        assert ((0, 0, 0, 1, 0), []) == (counts(taken), office.board())

    def test_what_is_registered_at_now_is_taken(self, office: Office) -> None:
        assert counts(office.take({**BARE, "登记时间": NOW})) == (1, 0, 0, 0, 0)

    def test_what_had_not_happened_is_added_when_it_has(self, office: Office) -> None:
        office.take(FULL, now="2024-03-25 12:00")
        taken = office.take(FULL, now="2024-03-29 15:00")
        assert ((0, 1, 0, 0, 0), "resolved") == (counts(taken), office.line().step)

    @pytest.mark.parametrize("now", [dt.datetime(2024, 3, 29, 15), dt.date(2024, 3, 29)])
    def test_now_is_an_instant_with_a_zone(self, office: Office, now: object) -> None:
        with pytest.raises(BubanchengError):
            take_in(office.desk, office.rows(FULL), now)  # type: ignore[arg-type]

    def test_the_end_of_the_calendar_is_not_the_end_of_the_board(self, office: Office) -> None:
        late = {**BARE, "工单编号": "Z", "主办单位": "某局", "登记时间": "2099-12-30 10:00"}
        office.take(FULL, late, now="2099-12-31 23:00")
        assert "A1" in {it["id"] for it in office.board("2099-12-31 23:00")}


class TestOldRule:
    OLD: ClassVar[Row] = {
        **FULL,
        "登记时间": "2023-10-25 10:00",
        "派单时间": "",
        "接单时间": "2023-10-25 11:00",
    }
    OPEN: ClassVar[Row] = {"联系时间": "", "办结时间": ""}

    def test_general_is_due_the_same_day(self, office: Office) -> None:
        office.take({**self.OLD, **self.OPEN, "难易": "一般"})
        assert instant("2023-10-25 17:00") == office.line().due

    def test_a_blank_class_is_general_there_too(self, office: Office) -> None:
        office.take({**self.OLD, **self.OPEN, "难易": ""})
        assert instant("2023-10-25 17:00") == office.line().due

    def test_complex_has_no_due_time(self, office: Office) -> None:
        office.take({**self.OLD, **self.OPEN, "难易": "复杂"})
        line = office.line()
        assert (line.due, line.light.value, line.next_change) == (None, "green", None)

    def test_complex_has_a_contact_limit(self, office: Office) -> None:
        office.take({**self.OLD, **self.OPEN, "难易": "复杂"})
        line = office.line()
        assert (instant("2023-10-26 17:00"), True) == (line.contact_due, line.contact_overdue)

    def test_what_is_acknowledged_later_keeps_the_old_rule(self, office: Office) -> None:
        office.take({**self.OLD, **self.OPEN, "难易": "一般", "接单时间": "2023-10-26 10:00"})
        assert instant("2023-10-26 17:00") == office.line().due

    def test_the_day_after_the_new_rule_counts(self, office: Office) -> None:
        times = {"登记时间": "2023-10-26 00:00", "接单时间": "2023-10-26 10:00"}
        office.take({**self.OLD, **self.OPEN, **times, "难易": "一般"})
        assert instant("2023-10-31 17:00") == office.line().due


class TestAgain:
    def test_running_twice_changes_nothing(self, office: Office) -> None:
        rows = [FULL, {**BARE, "工单编号": "B"}, {**BARE, "工单编号": "C", "事项": OWNED}]
        office.take(*rows)
        before = (
            office.versions(),
            office.board(),
            [office.desk.history(it, actor=IMPORT) for it in ("A1", "B")],
        )
        taken = office.take(*rows)
        after = (
            office.versions(),
            office.board(),
            [office.desk.history(it, actor=IMPORT) for it in ("A1", "B")],
        )
        assert ((0, 0, 3, 0, 0), before) == (counts(taken), after)

    def test_running_later_changes_nothing_either(self, office: Office) -> None:
        office.take(FULL)
        before = office.versions()
        assert (0, 0, 1, 0, 0) == counts(office.take(FULL, now="2024-05-01 10:00"))
        assert before == office.versions()

    def test_other_spellings_of_the_same_values_change_nothing(self, office: Office) -> None:
        office.take(FULL)
        spelt = {
            **FULL,
            "渠道": "offline_window",
            "难易": "complex",
            "登记时间": "2024/3/25 10:00:00",
            "接单时间": "2024-03-25T11:00",
            "办结时间": "2024-03-27T16:00:00+08:00",
            "主办单位": " 某局 ",
        }
        assert (0, 0, 1, 0, 0) == counts(office.take(spelt))

    def test_a_cell_that_was_emptied_changes_nothing(self, office: Office) -> None:
        office.take(FULL)
        assert (0, 0, 1, 0, 0) == counts(office.take({**BARE, "事项": OWNED}))

    def test_a_row_that_is_gone_changes_nothing(self, office: Office) -> None:
        office.take(FULL, {**BARE, "工单编号": "B"})
        office.take(FULL)
        assert [it["id"] for it in office.board()] == ["A1", "B"]

    def test_a_clean_start_is_told_by_rows(self, office: Office) -> None:
        told: list[int] = []
        rows = office.rows(*[{**BARE, "工单编号": f"B{it:03}"} for it in range(120)])
        take_in(office.desk, rows, instant(NOW), tell=told.append)
        assert (120, True) == (sum(told), len(told) > 1)


BLANKS = [it for it in COLUMNS if it not in BARE]
OTHER: Row = {
    **dict.fromkeys(("事项", "办理地点", "诉求内容", "反映人", "联系电话", "主办单位"), "别的"),
    "渠道": "自助终端",
    "难易": "一般",
    "登记时间": "2024-03-25 09:59",
    "派单时间": "2024-03-25 10:31",
    "接单时间": "2024-03-25 11:01",
    "联系时间": "2024-03-25 14:01",
    "办结时间": "2024-03-27 16:01",
}


class TestChanged:
    @pytest.mark.parametrize("column", OTHER)
    def test_a_changed_cell_is_a_problem_in_its_column(self, office: Office, column: str) -> None:
        office.take(FULL)
        taken = office.take({**FULL, column: OTHER[column]})
        assert [(2, column)] == [(it.row, it.column) for it in taken.problems]

    @pytest.mark.parametrize("column", OTHER)
    def test_a_changed_cell_changes_nothing(self, office: Office, column: str) -> None:
        office.take(FULL)
        before = office.versions(), office.board(), office.desk.personal("A1", actor=IMPORT)
        office.take({**FULL, column: OTHER[column]})
        assert before == (office.versions(), office.board(), office.desk.personal("A1", actor=IMPORT))

    @pytest.mark.parametrize(
        ("column", "was", "is_now"),
        [
            ("事项", OWNED, "别的"),
            ("主办单位", "某局", "别的"),
            ("登记时间", "2024-03-25 10:00:00", "2024-03-25 09:59:00"),
            ("接单时间", "2024-03-25 11:00:00", "2024-03-25 11:01:00"),
        ],
    )
    def test_the_reason_names_both_values(self, office: Office, column: str, was: str, is_now: str) -> None:
        office.take(FULL)
        (problem,) = office.take({**FULL, column: OTHER[column]}).problems
        assert (was in problem.reason, is_now in problem.reason) == (True, True)

    def test_nothing_of_a_row_with_a_changed_cell_is_taken(self, office: Office) -> None:
        office.take({**FULL, "办结时间": ""})
        taken = office.take({**FULL, "难易": "一般"})
        assert ((0, 0, 0, 0, 1), "acknowledged") == (counts(taken), office.line().step)

    def test_every_changed_cell_of_a_row_is_told(self, office: Office) -> None:
        office.take(FULL)
        taken = office.take({**FULL, **OTHER})
        assert {it.column for it in taken.problems} == set(OTHER)

    def test_the_other_rows_are_taken_all_the_same(self, office: Office) -> None:
        office.take(FULL)
        assert (1, 0, 0, 0, 1) == counts(office.take({**FULL, "事项": "别的"}, {**BARE, "工单编号": "B"}))

    @pytest.mark.parametrize("column", ["诉求内容", "反映人", "联系电话"])
    def test_the_reason_never_shows_what_is_personal(self, office: Office, column: str) -> None:
        office.take(FULL)
        (problem,) = office.take({**FULL, column: "李四13911112222"}).problems
        shown = [it for it in (FULL[column], "李四", "13911112222") if it in str(problem)]
        assert (shown, "个人信息" in problem.reason) == ([], True)

    def test_a_change_into_the_future_is_a_change(self, office: Office) -> None:
        office.take(FULL)
        taken = office.take({**FULL, "办结时间": "2024-04-10 10:00"})
        assert [it.column for it in taken.problems] == ["办结时间"]


class TestWithTheDesk:
    def test_a_ticket_that_the_desk_only_registered_does_not_stop_the_ledger(self, office: Office) -> None:
        office.clock.put("2024-03-25 10:00")
        office.desk.do(Register(ticket="A1", matter=OWNED), actor=WINDOW)
        office.take({**FULL, "渠道": ""}, {**BARE, "工单编号": "B"})
        assert "B" in {it["id"] for it in office.board()}

    def test_what_the_desk_did_stays_though_the_ledger_does_not_know_it(self, office: Office) -> None:
        row = {**BARE, "事项": OWNED}
        office.take(row)
        office.desk.do(Acknowledge(ticket="A1"), actor=OFFICER)
        assert ((0, 0, 1, 0, 0), "acknowledged") == (counts(office.take(row)), office.line().step)


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installer]:
    """A function that installs a distribution for the length of a test."""
    yield partial(put_on_path, tmp_path, monkeypatch)
    forget_modules(tmp_path)


class TestPlugins:
    def office(self, install: Installer, folder: Path, *lines: str) -> Office:
        """Return an office whose desk has one dispatching plugin."""
        source = hooked("bubancheng_dispatch", *lines)
        install("bubancheng-x", "plugin_x", source, x="plugin_x:Plugin")
        clock = Clock(NOW)
        return Office(folder, Desk.open(DISTRICT, calendar=CALENDAR, plugins=["x"], clock=clock))

    def test_a_plugin_dispatches_a_row(self, install: Installer, tmp_path: Path) -> None:
        found = "return __import__('bubancheng.district').district.Assignment(unit='丙局', rule='x')"
        office = self.office(install, tmp_path, found)
        office.take(BARE)
        assert office.line().unit == "丙局"

    def test_a_plugin_that_fails_sends_the_row_to_the_manual_queue(
        self, install: Installer, tmp_path: Path
    ) -> None:
        office = self.office(install, tmp_path, "raise RuntimeError('x')")
        office.take({**BARE, "事项": OWNED})
        assert (None, [Failure("x", "bubancheng_dispatch", "RuntimeError: x")]) == (
            office.line().unit,
            office.desk.failures,
        )

    def test_a_plugin_is_not_asked_about_a_unit_that_is_written(
        self, install: Installer, tmp_path: Path
    ) -> None:
        office = self.office(install, tmp_path, "raise RuntimeError('x')")
        office.take(FULL)
        assert ("某局", []) == (office.line().unit, office.desk.failures)
