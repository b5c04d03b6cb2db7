"""A district's own ways: its columns, its words for the lights, who was asked first, what a postmark is worth."""

import datetime as dt
from pathlib import Path

import pytest

from bubancheng.actions import Accept, Acknowledge, Act, Defer, ReceiveDocuments, Register, Resolve
from bubancheng.desk import Desk
from bubancheng.district import District
from bubancheng.errors import ArgumentError, KindError, NotAllowedError, ProfileError
from bubancheng.ledger import read_ledger, take_in
from bubancheng.ticket import Actor
from tests.acting import Clock
from tests.district.invented import invented

WINDOW = Actor(id="w", role="window_officer", unit="甲局")
OFFICER = Actor(id="o", role="disposal_officer", unit="甲局")

ITEMS = """
[[flow.transition]]
action = "open_part"
entry = "part_opened"
from = ["acknowledged"]
roles = ["disposal_officer"]
needs = ["part"]
facts = ["phone_note"]

[[flow.transition]]
action = "close_part"
entry = "part_closed"
from = ["acknowledged"]
roles = ["disposal_officer"]
needs = ["part"]

[[flow.transition]]
action = "resolve"
entry = "resolved"
from = ["acknowledged"]
to = "resolved"
roles = ["disposal_officer"]
settled = { field = "part", begins = "part_opened", ends = ["part_closed"] }
"""
POSTMARK = """
[[target]]
name = "deferral"
stop_fact = "postmarked_at"

[[flow.transition]]
action = "receive_documents"
entry = "documents_received"
from = ["acknowledged"]
roles = ["disposal_officer"]
needs = ["deferral"]
facts = ["postmarked_at"]
"""
FIRST = """
[[flow.transition]]
action = "resolve"
entry = "resolved"
from = ["acknowledged"]
to = "resolved"
roles = ["window_officer"]
relation = "first_inquiry"
"""
COLUMNS = """
[[code]]
fact = "request_type"
id = "praise"
name = "表扬"

[[flow.transition]]
also = true
action = "register"
entry = "registered"
to = "registered"
roles = ["importer"]
needs = ["matter"]
facts = ["request_type"]

[[flow.transition]]
also = true
action = "complete"
entry = "corrected"
from = ["acknowledged", "dispatched", "pending_dispatch"]
roles = ["importer"]
facts = ["request_type"]

[[flow.transition]]
action = "study"
entry = "studied"
from = ["acknowledged", "dispatched"]
roles = ["importer"]

[[ledger.column]]
id = "class"
name = "问题类别"
aliases = ["类别"]

[[ledger.column]]
id = "request_type"
name = "诉求类型"
fact = "request_type"

[[ledger.column]]
id = "studied_at"
name = "研判时间"
action = "study"
"""


def taken(district: District) -> Desk:
    """Return a desk with one ticket that 甲局 has taken."""
    desk = Desk.open(district, clock=Clock("2024-03-25 10:00"))
    desk.do(Register(ticket="T1", matter="执照"), actor=WINDOW)
    desk.do(Accept(ticket="T1"), actor=WINDOW)
    desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
    return desk


class TestParts:
    def test_a_case_of_many_parts_is_resolved_when_all_of_them_are(self) -> None:
        desk = taken(invented(ITEMS))
        for part in ("甲", "乙"):
            desk.do(Act(ticket="T1", kind="open_part", fields={"part": part}), actor=OFFICER)
        desk.do(Act(ticket="T1", kind="close_part", fields={"part": "甲"}), actor=OFFICER)
        with pytest.raises(NotAllowedError, match="part 乙 is still open"):
            desk.do(Resolve(ticket="T1", reply="已办"), actor=OFFICER)
        desk.do(Act(ticket="T1", kind="close_part", fields={"part": "乙"}), actor=OFFICER)
        assert "resolved" == desk.do(Resolve(ticket="T1", reply="已办"), actor=OFFICER).step

    def test_a_part_that_was_opened_again_is_open(self) -> None:
        desk = taken(invented(ITEMS))
        for kind in ("open_part", "close_part", "open_part"):
            desk.do(Act(ticket="T1", kind=kind, fields={"part": "甲"}), actor=OFFICER)
        with pytest.raises(NotAllowedError, match="part 甲 is still open"):
            desk.do(Resolve(ticket="T1", reply="已办"), actor=OFFICER)

    def test_a_case_without_parts_waits_for_none(self) -> None:
        assert "resolved" == taken(invented(ITEMS)).do(Resolve(ticket="T1", reply="已办"), actor=OFFICER).step


class TestOwnFacts:
    def test_any_action_may_bring_facts_of_the_districts_own_that_its_row_lists(self) -> None:
        desk = Desk.open(invented(COLUMNS), clock=Clock())
        importer = Actor(id="i", role="importer")
        register = Register(ticket="T1", matter="执照", fields={"request_type": "表扬"})
        assert "praise" == desk.do(register, actor=importer).text("request_type")

    def test_what_the_row_does_not_list_is_refused(self) -> None:
        desk = Desk.open(invented(COLUMNS), clock=Clock())
        with pytest.raises(NotAllowedError, match="it may not set mood"):
            desk.do(
                Register(ticket="T1", matter="执照", fields={"mood": "x"}),
                actor=Actor(id="i", role="importer"),
            )

    def test_a_number_of_a_person_in_them_is_masked_for_good(self) -> None:
        desk = taken(invented(ITEMS))
        act = Act(ticket="T1", kind="open_part", fields={"part": "甲", "phone_note": "请打13812345678"})
        assert "请打138****5678" == desk.do(act, actor=OFFICER).text("phone_note")

    def test_what_an_action_states_itself_is_no_fact_of_the_districts_own(self) -> None:
        with pytest.raises(ArgumentError, match="register states matter itself"):
            Register(ticket="T1", matter="执照", fields={"matter": "许可"})

    @pytest.mark.parametrize("fields", ["part", 3, {3: "x"}, None, [("part", "x")]])
    def test_they_are_a_mapping_by_name(self, fields: object) -> None:
        with pytest.raises(KindError, match="fields takes a mapping"):
            Act(ticket="T1", kind="open_part", fields=fields)  # type: ignore[arg-type]


class TestPostmark:
    # 民事诉讼法 第85条: 在期满前交邮的，不算过期. Papers promised until Wednesday 17:00, received on Friday.
    DEFER = Defer(
        ticket="T1",
        deferral="原件",
        documents=("原件",),
        commitment="补交",
        deferred_due=dt.datetime.fromisoformat("2024-03-27T17:00+08:00"),
        consequence="撤回",
        checked_by="o",
    )

    def overdue(self, **fields: str) -> bool:
        clock = Clock("2024-03-25 10:00")
        desk = Desk.open(invented(POSTMARK), clock=clock)
        desk.do(Register(ticket="T1", matter="执照"), actor=WINDOW)
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
        desk.do(self.DEFER, actor=OFFICER)
        clock.put("2024-03-29 10:00")
        desk.do(ReceiveDocuments(ticket="T1", deferral="原件", fields=fields), actor=OFFICER)
        ticket = desk.get("T1", actor=OFFICER)
        clocks = desk.district.rule_of(ticket).policy.clocks(ticket, desk.calendar)
        return clocks["deferral:原件"].is_overdue(clock())

    def test_papers_posted_in_time_are_not_late(self) -> None:
        assert not self.overdue(postmarked_at="2024-03-27T16:59+08:00")

    def test_papers_posted_late_are_late(self) -> None:
        assert self.overdue(postmarked_at="2024-03-27T17:01+08:00")

    def test_without_a_postmark_the_arrival_counts(self) -> None:
        assert self.overdue()

    @pytest.mark.parametrize("given", ["昨天", "2024-03-27T16:59", "2024-03-27"])
    def test_a_postmark_is_an_instant_with_a_zone(self, given: str) -> None:
        with pytest.raises(ArgumentError, match="postmarked_at takes an instant with a zone"):
            self.overdue(postmarked_at=given)


class TestFirstInquiry:
    def test_the_person_who_was_asked_first_stays_answerable(self) -> None:
        desk = taken(invented(FIRST, head='responsibility = "first_inquiry"\n'))
        with pytest.raises(NotAllowedError, match="first_inquiry"):
            desk.do(
                Resolve(ticket="T1", reply="已办"),
                actor=Actor(id="other", role="window_officer", unit="甲局"),
            )
        assert "resolved" == desk.do(Resolve(ticket="T1", reply="已办"), actor=WINDOW).step

    def test_where_the_unit_is_answerable_nobody_is_kept(self) -> None:
        assert taken(invented()).get("T1", actor=WINDOW).text("first_inquiry") is None

    def test_another_word_is_refused(self) -> None:
        with pytest.raises(ProfileError, match="'luck' 不在 first_receiver, first_inquiry 之中"):
            invented(head='responsibility = "luck"\n')


class TestLedger:
    HEADER = "工单编号,事项,登记时间,派单时间,接单时间,类别,诉求类型,研判时间,主办单位\n"
    ROW = "T1,执照,2024-03-25 09:00,2024-03-25 09:10,2024-03-25 09:30,{},{},{},甲局\n"
    NOW = dt.datetime.fromisoformat("2024-03-25T15:00+08:00")

    def take(self, desk: Desk, path: Path, *cells: str) -> list[str]:
        path.write_text(self.HEADER + self.ROW.format(*cells), encoding="utf-8")
        reading = read_ledger(path, desk.district, desk.calendar)
        assert () == reading.unknown_columns
        return [str(it) for it in (*reading.problems, *take_in(desk, reading.rows, self.NOW).problems)]

    def desk(self) -> Desk:
        return Desk.open(invented(COLUMNS), clock=Clock("2024-03-25 15:00"))

    def test_its_own_columns_state_facts_and_time_actions(self, tmp_path: Path) -> None:
        desk = self.desk()
        assert [] == self.take(desk, tmp_path / "l.csv", "一般", "表扬", "2024-03-25 10:00")
        ticket = desk.get("T1", actor=WINDOW)
        assert ("praise", "general") == (ticket.text("request_type"), ticket.text("class"))
        assert dt.datetime.fromisoformat("2024-03-25T10:00+08:00") == ticket.first("studied")

    def test_taking_it_in_twice_changes_nothing(self, tmp_path: Path) -> None:
        desk = self.desk()
        for _ in range(2):
            assert [] == self.take(desk, tmp_path / "l.csv", "一般", "表扬", "2024-03-25 10:00")
        assert 5 == desk.get("T1", actor=WINDOW).version

    def test_a_blank_cell_that_is_filled_appends_and_a_changed_one_is_told(self, tmp_path: Path) -> None:
        desk = self.desk()
        assert [] == self.take(desk, tmp_path / "l.csv", "一般", "", "")
        assert [] == self.take(desk, tmp_path / "l.csv", "一般", "praise", "2024-03-25 10:00")
        (problem,) = self.take(desk, tmp_path / "l.csv", "一般", "表扬", "2024-03-25 11:00")
        assert problem.startswith("第 2 行　研判时间：已登记为“2024-03-25 10:00:00”")

    def test_a_word_that_is_not_in_the_code_table_is_a_bad_row(self, tmp_path: Path) -> None:
        (problem,) = self.take(self.desk(), tmp_path / "l.csv", "一般", "骂人", "")
        assert "骂人" in problem

    @pytest.mark.parametrize(
        ("column", "named"),
        [
            ('id = "matter"\nname = "事"\nfact = "x"', "不能另作他用"),
            ('id = "mood"\nname = "心情"', "须写 fact 或 action"),
        ],
    )
    def test_a_column_nobody_can_take_in_is_refused(self, tmp_path: Path, column: str, named: str) -> None:
        district = invented(f"\n[[ledger.column]]\n{column}\n")
        (tmp_path / "l.csv").write_text(self.HEADER, encoding="utf-8")
        with pytest.raises(ProfileError, match=named):
            read_ledger(tmp_path / "l.csv", district, district.work_calendar())


class TestRuleDates:
    def test_a_rule_that_ran_out_holds_no_longer(self) -> None:
        district = invented('\n[[rule]]\nversion = "1"\nvalid_until = 2024-03-24\n')
        assert (None, None) == (
            district.rule_on(dt.date(2024, 3, 25)),
            district.rule_on(dt.date(2019, 12, 31)),
        )
        assert "1" == getattr(district.rule_on(dt.date(2024, 3, 24)), "version", None)

    def test_nothing_is_registered_without_a_rule_in_force(self) -> None:
        desk = Desk.open(
            invented('\n[[rule]]\nversion = "1"\nvalid_until = 2024-03-24\n'), clock=Clock("2024-03-25 10:00")
        )
        with pytest.raises(ArgumentError, match="2024-03-25 没有生效的规则"):
            desk.do(Register(ticket="T1", matter="执照"), actor=WINDOW)
