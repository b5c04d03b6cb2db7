"""The words of an action: identifiers, names and other words come in, identifiers are kept."""

from typing import Any

import pytest

from bubancheng.actions import (
    Accept,
    Acknowledge,
    CallBack,
    Classify,
    Correct,
    Defer,
    Delegate,
    Dispatch,
    InformOnce,
    Link,
    Register,
    RequestCoHandling,
    Resolve,
    Return,
)
from bubancheng.desk import Desk
from bubancheng.errors import ArgumentError, BubanchengError, KindError
from bubancheng.ticket import Actor, Fact
from tests.acting import (
    CENTRE,
    HEAD,
    IMPORT,
    OFFICE,
    OFFICER,
    OWNED,
    OWNER,
    UNOWNED,
    WINDOW,
    Clock,
    accepted,
    acknowledged,
    instant,
    open_desk,
    registered,
)

MARKET, BRANCH = "区市场监管局", "城桥镇市场监管所"


@pytest.fixture
def desk() -> Desk:
    """A desk without tickets."""
    return open_desk(Clock())


def kind(value: object) -> str:
    """Return what a value is, where it has no words of its own."""
    return type(value).__name__


def register(desk: Desk, **facts: Any) -> dict[str, Fact]:
    """Return what a registration says that states these facts."""
    return dict(desk.do(Register(ticket="T1", matter="x", **facts), actor=WINDOW).facts)


class TestCodes:
    @pytest.mark.parametrize(
        ("fact", "word", "kept"),
        [
            ("reporter_kind", "organisation", "organisation"),
            ("reporter_kind", "企业", "organisation"),
            ("failed_stage", "审批", "approval"),
            ("intake_reason", "部门间跑来跑去", "runaround"),
            ("triage", "不知怎么办", "unknown_how"),
            ("category", "复杂", "complex"),
            ("category", "复杂问题", "complex"),
            ("category", "complex", "complex"),
            ("channel", "kiosk", "kiosk"),
            ("channel", "自助终端", "kiosk"),
            ("channel", "政务服务自助终端", "kiosk"),
        ],
    )
    def test_identifier_name_and_other_word_are_one(
        self, desk: Desk, fact: str, word: str, kept: str
    ) -> None:
        name = "class" if fact == "category" else fact
        assert kept == register(desk, **{fact: word})[name]

    def test_a_channel_that_nobody_knows_stays_as_written(self, desk: Desk) -> None:
        """It never changes what a ticket gets."""
        assert "传真" == register(desk, channel="传真")["channel"]

    def test_a_fact_without_a_list_of_words_takes_any(self, desk: Desk) -> None:
        assert "一般" == register(desk, stuck_step="一般")["stuck_step"]

    @pytest.mark.parametrize(
        ("fact", "word", "known"),
        [
            ("reporter_kind", "外星人", "个人 (person)、企业 (organisation)"),
            ("failed_stage", "", "受理 (acceptance)"),
            ("triage", " 不能办", "不能办 (cannot)"),
            ("category", "特难", "简单、一般、复杂、确实难度较大"),
            ("category", "", "简单"),
        ],
    )
    def test_an_unknown_word_is_refused_naming_the_known_ones(
        self, desk: Desk, fact: str, word: str, known: str
    ) -> None:
        with pytest.raises(ArgumentError) as caught:
            register(desk, **{fact: word})
        assert (True, True) == (repr(word) in str(caught.value), known in str(caught.value))

    def test_a_refused_word_writes_nothing(self, desk: Desk) -> None:
        with pytest.raises(ArgumentError):
            register(desk, triage="随便")
        assert [] == desk.find(actor=WINDOW)

    def test_each_word_of_a_list_is_one_of_the_known(self, desk: Desk) -> None:
        assert ("economic_loss", "long_travel") == register(desk, urgency=("逾期有经济损失", "long_travel"))[
            "urgency"
        ]

    def test_one_unknown_word_in_a_list_is_refused(self, desk: Desk) -> None:
        with pytest.raises(ArgumentError, match=r"urgency.*'着急'.*远道而来"):
            register(desk, urgency=("远道而来", "着急"))

    @pytest.mark.parametrize(("grade", "kept"), [(1, 1), (5, 5)])
    def test_a_grade_is_a_number(self, desk: Desk, grade: int, kept: int) -> None:
        acknowledged(desk)
        desk.do(Resolve(ticket="T1"), actor=OFFICER)
        ticket = desk.do(CallBack(ticket="T1", level="unit", reached="answered", grade=grade), actor=OFFICER)
        assert kept == ticket.facts["grade"]

    @pytest.mark.parametrize("grade", [0, 6, -1, True])
    def test_a_grade_beyond_the_five_is_refused(self, desk: Desk, grade: int) -> None:
        acknowledged(desk)
        desk.do(Resolve(ticket="T1"), actor=OFFICER)
        with pytest.raises(ArgumentError, match="非常不满意"):
            desk.do(CallBack(ticket="T1", level="unit", reached="answered", grade=grade), actor=OFFICER)

    @pytest.mark.parametrize("grade", ["不满意", "4"])
    def test_a_grade_is_kept_in_one_form_however_it_was_given(self, desk: Desk, grade: Any) -> None:
        acknowledged(desk)
        desk.do(Resolve(ticket="T1"), actor=OFFICER)
        ticket = desk.do(CallBack(ticket="T1", level="unit", reached="answered", grade=grade), actor=OFFICER)
        assert 4 == ticket.facts["grade"]

    @pytest.mark.parametrize(("level", "reached"), [("unit", "answered"), ("单位", "接通"), ("unit", "接通")])
    def test_a_row_that_is_meant_by_a_word_is_found_by_its_name_too(
        self, desk: Desk, level: str, reached: str
    ) -> None:
        acknowledged(desk)
        desk.do(Resolve(ticket="T1"), actor=OFFICER)
        ticket = desk.do(CallBack(ticket="T1", level=level, reached=reached), actor=OFFICER)
        assert ("unit_called_back", "unit", "answered") == (
            ticket.step,
            ticket.facts["level"],
            ticket.facts["reached"],
        )

    def test_going_up_by_name_needs_approval_as_by_identifier(self, desk: Desk) -> None:
        acknowledged(desk)
        desk.do(Classify(ticket="T1", category="简单"), actor=OFFICER)
        for word in ("复杂问题", "复杂", "complex"):
            with pytest.raises(BubanchengError, match="approval"):
                desk.do(Classify(ticket="T1", category=word, reason="牵涉多"), actor=OFFICER)

    @pytest.mark.parametrize(
        ("old", "new"), [("一般", "复杂"), ("general", "复杂问题"), ("一般问题", "complex")]
    )
    def test_a_correction_is_in_the_same_words(self, desk: Desk, old: str, new: str) -> None:
        register(desk, category="一般")
        action = Correct(ticket="T1", sequence=1, field="class", old=old, new=new, reason="笔误")
        assert "complex" == desk.do(action, actor=OFFICE, approver=HEAD).facts["class"]

    def test_a_correction_to_an_unknown_word_is_refused(self, desk: Desk) -> None:
        register(desk, triage="不能办")
        action = Correct(ticket="T1", sequence=1, field="triage", old="cannot", new="随便", reason="笔误")
        with pytest.raises(ArgumentError, match="不好办"):
            desk.do(action, actor=OFFICE, approver=HEAD)


class TestLists:
    @pytest.mark.parametrize("given", [("身份证", "户口簿"), ["身份证", "户口簿"]])
    def test_a_list_is_kept_as_a_tuple(self, desk: Desk, given: Any) -> None:
        registered(desk)
        ticket = desk.do(InformOnce(ticket="T1", missing=given), actor=WINDOW)
        assert ("身份证", "户口簿") == ticket.facts["missing"]

    def test_it_reads_back_as_it_was_written(self, desk: Desk) -> None:
        registered(desk)
        desk.do(InformOnce(ticket="T1", missing=("身份证",)), actor=WINDOW)
        assert ("身份证",) == desk.get("T1", actor=WINDOW).facts["missing"]

    @pytest.mark.parametrize("given", [(), []])
    def test_where_it_is_needed_it_is_not_empty(self, desk: Desk, given: Any) -> None:
        registered(desk)
        with pytest.raises(BubanchengError, match="it needs missing"):
            desk.do(InformOnce(ticket="T1", missing=given), actor=WINDOW)

    @pytest.mark.parametrize(
        "given",
        [
            "身份证",
            5,
            True,
            b"x",
            {"身份证"},
            (1,),
            (True,),
            (None,),
            (("身份证",),),
            ("身份证", 1),
            {"a": "b"},
        ],
        ids=repr,
    )
    def test_anything_but_texts_is_refused(self, desk: Desk, given: Any) -> None:
        registered(desk)
        with pytest.raises(BubanchengError):
            desk.do(InformOnce(ticket="T1", missing=given), actor=WINDOW)


class TestUnits:
    @pytest.mark.parametrize(
        "action",
        [
            Dispatch(ticket="Q", unit="火星局", reason="?"),
            Dispatch(ticket="Q", unit=f" {OWNER}", reason="?"),
        ],
    )
    def test_a_unit_that_the_profile_does_not_list_is_refused_naming_the_known(
        self, desk: Desk, action: Dispatch
    ) -> None:
        accepted(desk, "Q", UNOWNED)
        with pytest.raises(ArgumentError, match=f"unknown unit.*{OWNER}"):
            desk.do(action, actor=CENTRE)

    def test_the_unit_to_help_is_a_known_one(self, desk: Desk) -> None:
        acknowledged(desk)
        with pytest.raises(ArgumentError, match="co_handler"):
            desk.do(RequestCoHandling(ticket="T1", co_handler="火星局", question="?"), actor=OFFICER)

    def test_a_suggested_unit_is_a_known_one(self, desk: Desk) -> None:
        accepted(desk)
        with pytest.raises(ArgumentError, match="suggested"):
            desk.do(Return(ticket="T1", suggested="火星局", reason="?"), actor=OFFICER)

    @pytest.mark.parametrize("unit", [5, ["区民政局"], object()])
    def test_a_unit_is_text(self, desk: Desk, unit: Any) -> None:
        accepted(desk, "Q", UNOWNED)
        with pytest.raises(BubanchengError):
            desk.do(Dispatch(ticket="Q", unit=unit, reason="?"), actor=CENTRE)

    def test_an_import_takes_units_as_written(self, desk: Desk) -> None:
        desk.do(Register(ticket="T1", matter=OWNED), actor=IMPORT)
        desk.do(Accept(ticket="T1"), actor=IMPORT)  # dispatched to its owner by that
        desk.do(Register(ticket="T2", matter=UNOWNED), actor=IMPORT)
        desk.do(Accept(ticket="T2"), actor=IMPORT)
        assert "火星局" == desk.do(Dispatch(ticket="T2", unit="火星局"), actor=IMPORT).unit

    @pytest.mark.parametrize(("child", "allowed"), [(BRANCH, True), ("区民政局", False)])
    def test_work_is_passed_down_to_a_subordinate_unit_only(
        self, desk: Desk, child: str, *, allowed: bool
    ) -> None:
        accepted(desk, "M", "营业执照变更登记")
        officer = Actor(id="m-1", role="disposal_officer", unit=MARKET)
        desk.do(Acknowledge(ticket="M"), actor=officer)
        try:
            done = desk.do(Delegate(ticket="M", delegate=child), actor=officer).facts["delegate"] == child
        except ArgumentError as error:
            done = "不是 '区市场监管局' 的下级单位" not in str(error)
        assert allowed == done

    def test_a_corrected_unit_is_a_known_one(self, desk: Desk) -> None:
        acknowledged(desk)
        action = Correct(ticket="T1", sequence=3, field="unit", old=OWNER, new="火星局", reason="笔误")
        with pytest.raises(ArgumentError, match="unknown unit"):
            desk.do(action, actor=OFFICE, approver=HEAD)


class TestHostile:
    @pytest.mark.parametrize("word", [5, 1.5, ["一般"], ("一般",), {"a": 1}, object(), True], ids=kind)
    def test_a_class_is_one_of_the_words(self, desk: Desk, word: Any) -> None:
        with pytest.raises(BubanchengError):
            register(desk, category=word)

    @pytest.mark.parametrize("word", [5, 1.5, ["个人"], {"a": 1}, object(), False], ids=kind)
    def test_a_code_is_one_of_the_words(self, desk: Desk, word: Any) -> None:
        with pytest.raises(BubanchengError):
            register(desk, reporter_kind=word)

    @pytest.mark.parametrize("text", ["\ud800", "a\udfffb"])
    def test_half_a_character_is_refused_in_a_list_too(self, desk: Desk, text: str) -> None:
        registered(desk)
        with pytest.raises(BubanchengError, match="half a character"):
            desk.do(InformOnce(ticket="T1", missing=("身份证", text)), actor=WINDOW)

    @pytest.mark.parametrize(
        "text", ["\x00", "'; DROP TABLE bubancheng_ticket; --", "🏳️‍🌈", "x" * 10_000, "\u202e"]
    )
    def test_any_whole_text_is_kept_as_it_is(self, desk: Desk, text: str) -> None:
        desk.do(Register(ticket="T1", matter="x", stuck_step=text), actor=WINDOW)
        assert (text, []) == (desk.get("T1", actor=WINDOW).facts["stuck_step"], desk.verify())

    @pytest.mark.parametrize("due", ["2024-04-01", 5, instant("2024-04-01 17:00").date()])
    def test_a_time_is_an_instant(self, due: Any) -> None:
        with pytest.raises(KindError, match="deferred_due takes an instant"):
            Defer(
                ticket="T1",
                deferral="容缺1",
                documents=("公章",),
                commitment="三日内",
                deferred_due=due,
                consequence="撤回",
                checked_by="科长",
            )

    @pytest.mark.parametrize("new", [1.5, {"a": 1}, object(), ("a", 1), "\ud800"], ids=kind)
    def test_a_corrected_value_is_a_plain_value(self, desk: Desk, new: Any) -> None:
        registered(desk)
        action = Correct(ticket="T1", sequence=1, field="matter", old=OWNED, new=new, reason="笔误")
        with pytest.raises(BubanchengError):
            desk.do(action, actor=OFFICE, approver=HEAD)

    @pytest.mark.parametrize("name", ["id", "unit"])
    def test_half_a_character_in_an_approver_is_refused_in_our_words(self, desk: Desk, name: str) -> None:
        registered(desk)
        values = {"id": "h-9", "role": "window_head", "unit": "窗口"} | {name: "\ud800"}
        action = Correct(ticket="T1", sequence=1, field="matter", old=OWNED, new="y", reason="笔误")
        with pytest.raises(BubanchengError):
            desk.do(action, actor=OFFICE, approver=Actor(**values))

    def test_a_link_to_what_is_not_there_is_as_good_as_any_text(self, desk: Desk) -> None:
        registered(desk)
        ticket = desk.do(Link(ticket="T1", link="堵点", linked_to="P-1"), actor=WINDOW)
        assert ("pain_point", "P-1") == (ticket.facts["link"], ticket.facts["linked_to"])
