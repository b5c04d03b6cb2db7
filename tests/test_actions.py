"""Actions: what they state, what they keep out of the entries, under which name."""

import attrs
import pytest

from bubancheng import actions
from bubancheng.actions import (
    Accept,
    Acknowledge,
    Act,
    Action,
    Classify,
    Complete,
    Contact,
    Correct,
    Dispatch,
    Register,
    Resolve,
    name_of,
)
from bubancheng.errors import ArgumentError
from bubancheng.ticket import Amendment
from tests.acting import instant

FULL = Register(
    ticket="T1",
    matter="居住证办理",
    channel="线下窗口",
    place="大厅",
    category="一般",
    reporter="张三",
    phone="13800000000",
    text="诉求",
)


class TestFacts:
    def test_a_registration_states_its_facts(self) -> None:
        assert FULL.facts() == {
            "matter": "居住证办理",
            "channel": "线下窗口",
            "place": "大厅",
            "class": "一般",
        }

    def test_what_is_left_open_is_no_fact(self) -> None:
        assert Register(ticket="T1", matter="x").facts() == {"matter": "x"}

    def test_the_number_and_the_reason_are_no_facts(self) -> None:
        assert Accept(ticket="T1", reason="材料齐全").facts() == {}

    def test_a_dispatch_states_unit_and_rule(self) -> None:
        assert Dispatch(ticket="T1", unit="甲局", dispatch_rule="matter_owner").facts() == {
            "unit": "甲局",
            "dispatch_rule": "matter_owner",
        }

    def test_an_agreed_time_is_its_iso_text(self) -> None:
        action = Classify(ticket="T1", category="复杂", agreed_due=instant("2023-05-04 17:00"))
        assert action.facts() == {"class": "复杂", "agreed_due": "2023-05-04T17:00:00+08:00"}

    @pytest.mark.parametrize("action", [Accept, Acknowledge, Contact, Resolve])
    def test_a_bare_step_states_nothing(self, action: type[Action]) -> None:
        assert action(ticket="T1").facts() == {}


class TestPersonal:
    def test_personal_data_are_no_facts(self) -> None:
        assert {"reporter", "phone", "text"}.isdisjoint(FULL.facts())

    def test_personal_data_come_by_field(self) -> None:
        assert FULL.personal() == {"reporter": "张三", "phone": "13800000000", "text": "诉求"}

    def test_what_is_left_open_is_not_personal_data(self) -> None:
        assert Complete(ticket="T1", phone="13800000000").personal() == {"phone": "13800000000"}

    def test_an_action_without_any_has_none(self) -> None:
        assert Resolve(ticket="T1").personal() == {}


class TestCorrect:
    ACTION = Correct(ticket="T1", sequence=3, field="unit", old="甲局", new="乙局", reason="笔误")

    def test_a_correction_amends_one_entry(self) -> None:
        assert self.ACTION.amendments() == (Amendment(sequence=3, field="unit", old="甲局", new="乙局"),)

    def test_a_correction_states_no_facts(self) -> None:
        assert self.ACTION.facts() == {}

    def test_other_actions_amend_nothing(self) -> None:
        assert FULL.amendments() == ()


class TestAct:
    def test_an_act_states_its_fields(self) -> None:
        assert Act(ticket="T1", kind="inspect", fields={"floor": 3}).facts() == {"floor": 3}

    def test_the_fields_of_an_act_cannot_be_changed(self) -> None:
        with pytest.raises(TypeError):
            Act(ticket="T1", kind="inspect", fields={"floor": 3}).fields["floor"] = 4  # type: ignore[index]

    def test_an_act_keeps_the_fields_it_was_given(self) -> None:
        fields: dict[str, str | int | bool | None] = {"floor": 3}
        act = Act(ticket="T1", kind="inspect", fields=fields)
        fields["floor"] = 4
        assert act.facts() == {"floor": 3}

    def test_an_act_is_known_by_its_kind(self) -> None:
        assert name_of(Act(ticket="T1", kind="inspect")) == "inspect"

    def test_any_other_action_is_known_by_its_name(self) -> None:
        assert name_of(FULL) == "register"


def test_an_action_cannot_be_changed() -> None:
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        FULL.matter = "y"  # type: ignore[misc]


def test_every_action_has_a_name_of_its_own() -> None:
    offered = [getattr(actions, it) for it in actions.__all__]
    names = [
        it.name
        for it in offered
        if isinstance(it, type) and issubclass(it, Action) and it not in {Act, Action}
    ]
    assert (len(names), True) == (len(set(names)), all(names))


@pytest.mark.parametrize("kind", ["register", "accept", "dispatch", "resolve", "complete", "correct"])
def test_a_districts_own_action_cannot_bear_the_name_of_the_librarys(kind: str) -> None:
    """It would set any fact under the rights of that name."""
    with pytest.raises(ArgumentError, match="use its own class"):
        Act(ticket="T1", kind=kind, fields={"unit": "别处"})
