"""The Chongming profile, against the notice of 26 October 2023 and the domain's decisions."""

import datetime as dt

import attrs
import pytest

from bubancheng.actions import (
    Accept,
    Acknowledge,
    Action,
    Archive,
    Assign,
    Assist,
    AttemptContact,
    CallBack,
    Classify,
    CloseItem,
    Complete,
    ConfirmRectification,
    Consult,
    Contact,
    Correct,
    Decline,
    Delegate,
    Dispatch,
    Escalate,
    Expedite,
    Explain,
    InformOnce,
    Link,
    Note,
    OpenItem,
    Rectify,
    Register,
    Reopen,
    RequestCoHandling,
    Resolve,
    Return,
    Review,
    SolveOnSite,
    Supervise,
    TransferOut,
    Withdraw,
)
from bubancheng.district import read_profile
from bubancheng.errors import NotAllowedError, UnknownNameError
from bubancheng.flow import Case, Stage
from bubancheng.sla import Counting, Limit
from bubancheng.ticket import Actor, Effect, Fact, Ticket, fold
from tests.acting import (
    CALENDAR,
    CENTRE,
    DISTRICT,
    HEAD,
    IMPORT,
    MONDAY,
    OFFICE,
    OFFICER,
    OVERSEER,
    OWNED,
    OWNER,
    PLACE,
    PROFILE,
    RUNNER,
    STRANGER,
    UNOWNED,
    WINDOW,
    Clock,
    accepted,
    instant,
    open_desk,
    registered,
)
from tests.ticket.test_entry import entry

OLD, NEW = "before-2023-10-26", "2023-10-26"
ROBOT = Actor(id="bubancheng", role="system")


def test_the_profile_reads() -> None:
    assert read_profile(PROFILE).name == "chongming"


def test_its_code_is_the_one_of_the_domain_page() -> None:
    assert DISTRICT.code == "sh-chongming"


class TestRules:
    @pytest.mark.parametrize(
        ("date", "version"),
        [
            ("2004-01-01", OLD),
            ("2022-08-16", OLD),
            ("2023-10-25", OLD),
            ("2023-10-26", NEW),
            ("2023-10-27", NEW),
            ("2026-11-23", NEW),
        ],
    )
    def test_the_rule_in_force_is_chosen_by_date(self, date: str, version: str) -> None:
        rule = DISTRICT.rule_on(dt.date.fromisoformat(date))
        assert rule is not None
        assert version == rule.version

    def test_before_the_first_rule_there_is_none(self) -> None:
        assert DISTRICT.rule_on(dt.date(2003, 12, 31)) is None

    def test_who_asks_for_a_version_that_is_not_there_hears_which_are(self) -> None:
        with pytest.raises(UnknownNameError, match=f"{OLD}、{NEW}"):
            DISTRICT.rule("2099-01-01")

    def test_every_rule_names_its_source(self) -> None:
        assert all(rule.source for rule in DISTRICT.rules)

    @pytest.mark.parametrize(
        ("version", "names"),
        [(OLD, ["一般", "复杂"]), (NEW, ["简单", "一般", "复杂", "确实难度较大"])],
    )
    def test_each_rule_has_its_classes(self, version: str, names: list[str]) -> None:
        assert names == [it.name for it in DISTRICT.rule(version).categories]

    @pytest.mark.parametrize(
        ("word", "category"),
        [
            ("简单", "simple"),
            ("一般", "general"),
            ("复杂", "complex"),
            ("确实难度较大", "hard"),
            ("simple", "simple"),
            ("难", None),
            ("", None),
        ],
    )
    def test_the_words_of_the_classes_are_known(self, word: str, category: str | None) -> None:
        assert category == DISTRICT.rule(NEW).category(word)

    @pytest.mark.parametrize("word", ["简单", "确实难度较大", "simple", "hard"])
    def test_the_old_rule_knows_no_simple_and_no_hard(self, word: str) -> None:
        assert DISTRICT.rule(OLD).category(word) is None

    @pytest.mark.parametrize(
        ("version", "category", "limit"),
        [
            (OLD, "general", "当日"),
            (OLD, "complex", "约定"),
            (NEW, "simple", "当日"),
            (NEW, "general", "3个工作日"),
            (NEW, "complex", "5个工作日"),
            (NEW, "hard", None),
            (NEW, None, "3个工作日"),
            (OLD, None, "当日"),
        ],
    )
    def test_each_class_has_its_limit(self, version: str, category: str | None, limit: str | None) -> None:
        policy = DISTRICT.rule(version).policy
        watched = next(it for it in policy.targets if it.watched)
        one = fold([entry(effect=Effect(step="x", facts={"class": category}))], rule=version)
        assert watched.limit_for(one) == (None if limit is None else Limit.parse(limit))

    @pytest.mark.parametrize("version", [OLD, NEW])
    def test_the_first_contact_is_due_in_one_working_day(self, version: str) -> None:
        contact = next(it for it in DISTRICT.rule(version).policy.targets if it.name == "contact")
        assert (contact.limit, contact.watched) == (Limit.parse("1个工作日"), False)

    def test_yellow_is_24_hours(self) -> None:
        assert Limit.parse("24小时") == DISTRICT.rule(NEW).policy.warn_before


class TestDispatch:
    def test_the_owner_of_the_matter_comes_first(self) -> None:
        found = DISTRICT.assign(matter=OWNED, place=PLACE)
        assert found is not None
        assert (OWNER, "matter_owner") == (found.unit, found.rule)

    def test_then_the_place(self) -> None:
        found = DISTRICT.assign(matter=UNOWNED, place=PLACE)
        assert found is not None
        assert (RUNNER, "handling_place") == (found.unit, found.rule)

    @pytest.mark.parametrize("place", [None, "", "外地"])
    def test_where_neither_is_certain_a_person_decides(self, place: str | None) -> None:
        assert DISTRICT.assign(matter=UNOWNED, place=place) is None


class TestWords:
    def test_the_eight_channels_of_the_notice_are_there(self) -> None:
        assert {it.id for it in DISTRICT.channels} == {
            "offline_window",
            "web_portal",
            "web_enterprise",
            "mobile_citizen",
            "mobile_enterprise",
            "kiosk",
            "city_portal_dropout",
            "online_human_help",
        }

    @pytest.mark.parametrize(
        ("word", "channel"),
        [
            ("线下窗口", "offline_window"),
            ("窗口", "offline_window"),
            ("kiosk", "kiosk"),
            ("传真", None),
        ],
    )
    def test_a_channel_is_known_by_its_words(self, word: str, channel: str | None) -> None:
        assert channel == DISTRICT.channel(word)

    def test_two_things_are_out_of_scope(self) -> None:
        assert len(DISTRICT.exclusions) == 2

    def test_three_reasons_are_in_scope(self) -> None:
        assert len(DISTRICT.scope) == 3


def standing(step: str) -> Ticket:
    """Return a ticket of the police that stands at a step."""
    return fold([entry(effect=Effect(step=step, facts={"unit": OWNER}))], rule=NEW)


STAGES = {
    Stage.INTAKE: ("registered", "not_accepted", "withdrawn"),
    Stage.DISPATCH: ("pending_dispatch", "returned", "dispatched", "transferred_out"),
    Stage.RESOLVE: ("solved_on_site", "acknowledged", "contacted", "tracking", "resolved"),
    Stage.CALLBACK: ("unit_called_back", "centre_called_back"),
    Stage.RECTIFY: ("supervised", "rectified", "archived", "item_open", "item_closed"),
}
STEPS = [step for steps in STAGES.values() for step in steps]
T, LATER = "T1", instant("2024-04-01 17:00")
ACTIONS: dict[str, Action] = {
    "register": Register(ticket=T, matter="x"),
    "accept": Accept(ticket=T),
    "decline": Decline(ticket=T, exclusion="legal_bar", citation="第三条", explanation="已说明"),
    "solve on site": SolveOnSite(ticket=T, result="已办"),
    "dispatch": Dispatch(ticket=T, unit=OWNER),
    "dispatch with a reason": Dispatch(ticket=T, unit=OWNER, reason="电话核实"),
    "return": Return(ticket=T, reason="不属本单位"),
    "acknowledge": Acknowledge(ticket=T),
    "assign": Assign(ticket=T, handler="户籍科"),
    "classify": Classify(ticket=T, category="一般"),
    "attempt contact": AttemptContact(ticket=T, tried_by="电话"),
    "contact": Contact(ticket=T),
    "request co-handling": RequestCoHandling(ticket=T, co_handler="区民政局", question="是否低保"),
    "delegate": Delegate(ticket=T, delegate="城桥镇市场监管所"),
    "escalate": Escalate(ticket=T, escalated_to="区政务服务办", reason="跨部门"),
    "note": Note(ticket=T, topic="接待", note="来过一次"),
    "consult": Consult(
        ticket=T,
        consultation="joint",
        participants=("甲",),
        question="?",
        decision="可办",
        legal_basis=("某条",),
    ),
    "assist": Assist(ticket=T, assistance="guidance"),
    "inform once": InformOnce(ticket=T, missing=("身份证",)),
    "expedite": Expedite(ticket=T, wanted_by=LATER, reason="逾期有损失"),
    "explain": Explain(ticket=T, explanation="政策限制", next_review=LATER),
    "review": Review(ticket=T, finding_of_review="等文件", next_review=LATER),
    "withdraw": Withdraw(ticket=T, reason="反映人不再要求"),
    "transfer out": TransferOut(ticket=T, transferred_to="浦东新区", reason="属地"),
    "resolve": Resolve(ticket=T),
    "unit calls back": CallBack(ticket=T, level="unit", reached="answered"),
    "centre calls back": CallBack(ticket=T, level="centre", reached="answered"),
    "supervise": Supervise(ticket=T, finding="unsolved", rectification_due=LATER),
    "rectify": Rectify(ticket=T, evidence=("照片",)),
    "confirm rectification": ConfirmRectification(ticket=T),
    "reopen": Reopen(ticket=T, reason="没有解决"),
    "link": Link(ticket=T, link="ticket", linked_to="T2"),
    "archive": Archive(ticket=T),
    "complete": Complete(ticket=T, place="大厅"),
    "correct": Correct(ticket=T, sequence=1, field="matter", old="x", new="y", reason="笔误"),
    "open item": OpenItem(ticket=T, item="improvement", title="改表", unit=OWNER),
    "close item": CloseItem(ticket=T, result="已改"),
}


def case(action: str, actor: Actor, step: str | None, approver: Actor | None = None) -> Case:
    """Return what is asked for, on the Monday morning on which the ticket came to its step."""
    rule = DISTRICT.rule(NEW)
    return Case(
        action=ACTIONS[action],
        actor=actor,
        approver=approver,
        ticket=None if step is None else standing(step),
        at=instant(MONDAY),
        calendar=CALENDAR,
        counting=Counting(),
        clocks=dict,
        rank=lambda word: rule.rank(rule.category(str(word))),
    )


def leads_to(action: str, actor: Actor, step: str | None, approver: Actor | None = None) -> str | None:
    """Return where an action leads: "-" where it stays, None where it is refused."""
    return moved(case(action, actor, step, approver))


def moved(asked: Case) -> str | None:
    """Return where what is asked for leads, in the same words."""
    try:
        return DISTRICT.flow.transition(asked).target or "-"
    except NotAllowedError:
        return None


class TestFlow:
    def test_every_step_is_in_one_of_the_stages(self) -> None:
        expected = {step: stage for stage, steps in STAGES.items() for step in steps}
        assert expected == {it.id: it.stage for it in DISTRICT.flow.steps}

    @pytest.mark.parametrize(
        ("action", "actor", "step", "target"),
        [
            ("register", WINDOW, None, "registered"),
            ("register", HEAD, None, "registered"),
            ("register", CENTRE, None, "registered"),
            ("accept", WINDOW, "registered", "pending_dispatch"),
            ("accept", OFFICER, "registered", "pending_dispatch"),
            ("decline", WINDOW, "registered", "not_accepted"),
            ("solve on site", HEAD, "registered", "solved_on_site"),
            ("dispatch", ROBOT, "pending_dispatch", "dispatched"),
            ("dispatch with a reason", CENTRE, "pending_dispatch", "dispatched"),
            ("dispatch with a reason", CENTRE, "returned", "dispatched"),
            ("acknowledge", OFFICER, "dispatched", "acknowledged"),
            ("assign", OFFICER, "acknowledged", "-"),
            ("classify", OFFICER, "acknowledged", "-"),
            ("attempt contact", OFFICER, "acknowledged", "-"),
            ("contact", OFFICER, "acknowledged", "contacted"),
            ("contact", OFFICER, "contacted", "contacted"),
            ("request co-handling", OFFICER, "acknowledged", "-"),
            ("delegate", OFFICER, "contacted", "-"),
            ("explain", OFFICER, "contacted", "tracking"),
            ("explain", HEAD, "contacted", "tracking"),
            ("review", OFFICER, "tracking", "-"),
            ("resolve", OFFICER, "acknowledged", "resolved"),
            ("resolve", OFFICER, "contacted", "resolved"),
            ("resolve", OFFICER, "tracking", "resolved"),
            ("unit calls back", OFFICER, "resolved", "unit_called_back"),
            ("unit calls back", OFFICER, "tracking", "unit_called_back"),
            ("centre calls back", CENTRE, "unit_called_back", "centre_called_back"),
            ("centre calls back", CENTRE, "resolved", "centre_called_back"),
            ("supervise", OFFICE, "centre_called_back", "supervised"),
            ("rectify", OFFICER, "supervised", "rectified"),
            ("confirm rectification", OFFICE, "rectified", "resolved"),
            ("reopen", CENTRE, "archived", "acknowledged"),
            ("archive", WINDOW, "withdrawn", "archived"),
            ("withdraw", WINDOW, "contacted", "withdrawn"),
            ("transfer out", CENTRE, "dispatched", "transferred_out"),
            ("open item", OFFICE, None, "item_open"),
            ("close item", OFFICER, "item_open", "item_closed"),
        ],
    )
    def test_who_has_the_right_may(self, action: str, actor: Actor, step: str | None, target: str) -> None:
        assert target == leads_to(action, actor, step)

    @pytest.mark.parametrize(
        ("action", "actor", "step"),
        [
            ("register", OFFICE, None),
            ("register", ROBOT, None),
            ("accept", WINDOW, "pending_dispatch"),
            ("accept", OFFICE, "registered"),
            ("decline", WINDOW, "pending_dispatch"),
            ("solve on site", OFFICER, "registered"),
            ("dispatch", CENTRE, "pending_dispatch"),
            ("dispatch", ROBOT, "returned"),
            ("dispatch with a reason", WINDOW, "pending_dispatch"),
            ("dispatch with a reason", OFFICER, "pending_dispatch"),
            ("dispatch with a reason", CENTRE, "dispatched"),
            ("acknowledge", STRANGER, "dispatched"),
            ("acknowledge", WINDOW, "dispatched"),
            ("acknowledge", OFFICER, "pending_dispatch"),
            ("acknowledge", OFFICER, "acknowledged"),
            ("assign", STRANGER, "acknowledged"),
            ("classify", STRANGER, "acknowledged"),
            ("classify", OFFICER, "dispatched"),
            ("attempt contact", STRANGER, "acknowledged"),
            ("contact", STRANGER, "acknowledged"),
            ("contact", OFFICER, "dispatched"),
            ("contact", OFFICER, "resolved"),
            ("request co-handling", STRANGER, "acknowledged"),
            ("delegate", STRANGER, "acknowledged"),
            ("review", OFFICER, "contacted"),
            ("resolve", STRANGER, "acknowledged"),
            ("resolve", OFFICER, "dispatched"),
            ("resolve", OFFICER, "resolved"),
            ("resolve", IMPORT, "tracking"),
            ("unit calls back", STRANGER, "resolved"),
            ("unit calls back", CENTRE, "resolved"),
            ("unit calls back", OFFICER, "contacted"),
            ("centre calls back", OFFICER, "unit_called_back"),
            ("supervise", CENTRE, "centre_called_back"),
            ("rectify", OFFICER, "resolved"),
            ("confirm rectification", OFFICER, "rectified"),
            ("reopen", OFFICER, "archived"),
            ("reopen", CENTRE, "contacted"),
            ("archive", WINDOW, "resolved"),
            ("archive", WINDOW, "tracking"),
            ("withdraw", WINDOW, "resolved"),
            ("transfer out", CENTRE, "acknowledged"),
            ("close item", STRANGER, "item_open"),
            ("correct", OFFICER, "resolved"),
            ("correct", OFFICE, "resolved"),
        ],
    )
    def test_who_has_no_right_may_not(self, action: str, actor: Actor, step: str | None) -> None:
        assert leads_to(action, actor, step) is None

    @pytest.mark.parametrize(
        ("approver", "target"), [(HEAD, "-"), (CENTRE, "-"), (OVERSEER, "-"), (WINDOW, None), (OFFICE, None)]
    )
    def test_a_correction_needs_a_second_pair_of_eyes(self, approver: Actor, target: str | None) -> None:
        assert target == leads_to("correct", OFFICE, "resolved", approver)

    @pytest.mark.parametrize(
        ("level", "facts", "target"),
        [
            ("unit", {"root_cause": "other", "measure": "case_only"}, "archived"),
            ("unit", {"root_cause": "other"}, None),
            ("unit", {"measure": "case_only"}, None),
            ("centre", {"root_cause": "other", "measure": "case_only"}, None),
        ],
    )
    def test_a_file_is_archived_with_its_cause_its_measure_and_the_units_callback(
        self, level: str, facts: dict[str, Fact], target: str | None
    ) -> None:
        first = entry(effect=Effect(step="centre_called_back", facts={"unit": OWNER, **facts}))
        called = entry(sequence=2, kind="called_back", effect=Effect(facts={"level": level}))
        asked = attrs.evolve(case("archive", WINDOW, "resolved"), ticket=fold([first, called], rule=NEW))
        assert target == moved(asked)

    @pytest.mark.parametrize(
        ("unit", "target"), [(None, "pending_dispatch"), (RUNNER, "pending_dispatch"), ("别的中心", None)]
    )
    def test_a_hall_takes_in_what_it_wrote_down_or_what_came_online(
        self, unit: str | None, target: str | None
    ) -> None:
        ticket = fold([entry(effect=Effect(step="registered", facts={"intake_unit": unit}))], rule=NEW)
        assert target == moved(attrs.evolve(case("accept", WINDOW, "registered"), ticket=ticket))

    @pytest.mark.parametrize("action", ACTIONS)
    def test_the_overseer_changes_nothing(self, action: str) -> None:
        assert {None} == {leads_to(action, OVERSEER, step, HEAD) for step in [None, *STEPS]}

    @pytest.mark.parametrize("right", ["backdate", "correct", "personal_unlogged", "unlisted_unit"])
    def test_an_import_has_the_rights_it_needs(self, right: str) -> None:
        assert DISTRICT.may(IMPORT, right)

    @pytest.mark.parametrize("actor", [WINDOW, HEAD, OFFICER, CENTRE, OVERSEER], ids=lambda it: it.role)
    def test_nobody_else_may_backdate(self, actor: Actor) -> None:
        assert not DISTRICT.may(actor, "backdate")

    @pytest.mark.parametrize(
        "actor", [WINDOW, HEAD, OFFICER, CENTRE, OFFICE, OVERSEER], ids=lambda it: it.role
    )
    def test_nobody_else_reads_personal_data_off_the_record(self, actor: Actor) -> None:
        assert not DISTRICT.may(actor, "personal_unlogged")

    def test_only_what_the_overseer_reads_is_all_on_record(self) -> None:
        assert ["discipline_overseer"] == [it.id for it in DISTRICT.roles if it.logged]


class TestEnds:
    """A ticket that ended, and one that was taken up again, as the board has them."""

    @pytest.mark.parametrize("action", ["withdraw", "transfer out"])
    def test_nobody_is_deemed_to_take_what_ended_before(self, action: str) -> None:
        clock = Clock()
        desk = open_desk(clock)
        accepted(desk)
        clock.put("2024-03-25 11:00")
        desk.do(ACTIONS[action], actor=CENTRE)
        (line,) = desk.board(instant("2024-03-29 10:00"))
        assert (None, None) == (line.deemed_acknowledged_at, line.due)

    def test_what_is_taken_up_again_has_a_unit_or_can_be_dispatched(self) -> None:
        clock = Clock()
        desk = open_desk(clock)
        registered(desk)
        desk.do(ACTIONS["solve on site"], actor=WINDOW)
        clock.put("2024-03-26 10:00")
        ticket = desk.do(ACTIONS["reopen"], actor=CENTRE)
        assert ticket.unit is not None or "dispatch" in DISTRICT.flow.possible(ticket.step, CENTRE)


def test_the_hall_closes_at_five() -> None:
    calendar = DISTRICT.work_calendar()
    opens, closes = instant("2024-03-25 09:00"), instant("2024-03-25 17:00")
    assert (True, False) == (calendar.is_open(opens), calendar.is_open(closes))
