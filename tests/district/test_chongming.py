"""The Chongming profile, against the notice of 26 October 2023 and the domain's decisions."""

import datetime as dt

import pytest

from bubancheng.actions import (
    Accept,
    Acknowledge,
    Action,
    Classify,
    Complete,
    Contact,
    Correct,
    Dispatch,
    Register,
    Resolve,
)
from bubancheng.district import read_profile
from bubancheng.errors import NotAllowedError, UnknownNameError
from bubancheng.flow import Stage
from bubancheng.sla import Limit
from bubancheng.ticket import Actor, Effect, Ticket, fold
from tests.acting import (
    CENTRE,
    DISTRICT,
    HEAD,
    IMPORT,
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
    instant,
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


STEPS = ["registered", "pending_dispatch", "dispatched", "acknowledged", "contacted", "resolved"]
T = "T1"
ACTIONS: dict[str, Action] = {
    "register": Register(ticket=T, matter="x"),
    "accept": Accept(ticket=T),
    "dispatch": Dispatch(ticket=T, unit=OWNER),
    "dispatch with a reason": Dispatch(ticket=T, unit=OWNER, reason="电话核实"),
    "acknowledge": Acknowledge(ticket=T),
    "classify": Classify(ticket=T, category="一般"),
    "contact": Contact(ticket=T),
    "resolve": Resolve(ticket=T),
    "complete": Complete(ticket=T, place="大厅"),
    "correct": Correct(ticket=T, sequence=1, field="matter", old="x", new="y", reason="笔误"),
}


def leads_to(action: str, actor: Actor, step: str | None) -> str | None:
    """Return where an action leads: "-" where it stays, None where it is refused."""
    try:
        row = DISTRICT.flow.transition(ACTIONS[action], actor, None if step is None else standing(step))
    except NotAllowedError:
        return None
    return row.target or "-"


class TestFlow:
    def test_every_step_is_in_one_of_the_stages(self) -> None:
        assert {it.id: it.stage for it in DISTRICT.flow.steps} == {
            "registered": Stage.INTAKE,
            "pending_dispatch": Stage.DISPATCH,
            "dispatched": Stage.DISPATCH,
            "acknowledged": Stage.RESOLVE,
            "contacted": Stage.RESOLVE,
            "resolved": Stage.RESOLVE,
        }

    @pytest.mark.parametrize(
        ("action", "actor", "step", "target"),
        [
            ("register", WINDOW, None, "registered"),
            ("register", HEAD, None, "registered"),
            ("register", CENTRE, None, "registered"),
            ("accept", WINDOW, "registered", "pending_dispatch"),
            ("accept", OFFICER, "registered", "pending_dispatch"),
            ("dispatch", ROBOT, "pending_dispatch", "dispatched"),
            ("dispatch with a reason", CENTRE, "pending_dispatch", "dispatched"),
            ("acknowledge", OFFICER, "dispatched", "acknowledged"),
            ("classify", OFFICER, "acknowledged", "-"),
            ("contact", OFFICER, "acknowledged", "contacted"),
            ("contact", OFFICER, "contacted", "contacted"),
            ("resolve", OFFICER, "acknowledged", "resolved"),
            ("resolve", OFFICER, "contacted", "resolved"),
            ("correct", OFFICE, "resolved", "-"),
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
            ("dispatch", CENTRE, "pending_dispatch"),
            ("dispatch with a reason", WINDOW, "pending_dispatch"),
            ("dispatch with a reason", OFFICER, "pending_dispatch"),
            ("dispatch with a reason", CENTRE, "dispatched"),
            ("acknowledge", STRANGER, "dispatched"),
            ("acknowledge", WINDOW, "dispatched"),
            ("acknowledge", OFFICER, "pending_dispatch"),
            ("acknowledge", OFFICER, "acknowledged"),
            ("classify", STRANGER, "acknowledged"),
            ("classify", OFFICER, "dispatched"),
            ("contact", STRANGER, "acknowledged"),
            ("contact", OFFICER, "dispatched"),
            ("contact", OFFICER, "resolved"),
            ("resolve", STRANGER, "acknowledged"),
            ("resolve", OFFICER, "dispatched"),
            ("resolve", OFFICER, "resolved"),
            ("correct", OFFICER, "resolved"),
        ],
    )
    def test_who_has_no_right_may_not(self, action: str, actor: Actor, step: str | None) -> None:
        assert leads_to(action, actor, step) is None

    @pytest.mark.parametrize("action", ACTIONS)
    def test_the_overseer_changes_nothing(self, action: str) -> None:
        assert [None] * 7 == [leads_to(action, OVERSEER, step) for step in [None, *STEPS]]

    @pytest.mark.parametrize("right", ["backdate", "correct", "personal"])
    def test_an_import_has_the_rights_it_needs(self, right: str) -> None:
        assert DISTRICT.may(IMPORT, right)

    @pytest.mark.parametrize("actor", [WINDOW, HEAD, OFFICER, CENTRE, OVERSEER], ids=lambda it: it.role)
    def test_nobody_else_may_backdate(self, actor: Actor) -> None:
        assert not DISTRICT.may(actor, "backdate")


def test_the_hall_closes_at_five() -> None:
    calendar = DISTRICT.work_calendar()
    opens, closes = instant("2024-03-25 09:00"), instant("2024-03-25 17:00")
    assert (True, False) == (calendar.is_open(opens), calendar.is_open(closes))
