"""The flow: what may be done at a step, by whom, and how a refusal says so."""

import pickle

import attrs
import pytest

from bubancheng.actions import Accept, Acknowledge, Act, Action, Contact, Dispatch, Register
from bubancheng.errors import BubanchengError, NotAllowedError
from bubancheng.flow import Case, Flow, FlowStep, Relation, Stage, Transition
from bubancheng.sla import Counting
from bubancheng.ticket import Actor, Effect, Ticket, fold
from tests.support import at, china
from tests.ticket.test_entry import entry

CLERK = Actor(id="c", role="clerk", unit="窗口")
ROBOT = Actor(id="r", role="robot")
OFFICER = Actor(id="o", role="officer", unit="甲局")
STRANGER = Actor(id="s", role="officer", unit="乙局")


def transition(action: str, sources: str, target: str | None, roles: str, needs: str = "") -> Transition:
    """Return a row of the table, its lists written with spaces."""
    return Transition(
        action=action,
        entry=f"{action}ed",
        sources=frozenset(sources.split()),
        target=target,
        roles=frozenset(roles.split()),
        needs=tuple(needs.split()),
    )


FLOW = Flow(
    steps=(
        FlowStep(id="new", stage=Stage.INTAKE, name="已登记"),
        FlowStep(id="waiting", stage=Stage.DISPATCH, name="待派单"),
        FlowStep(id="sent", stage=Stage.DISPATCH, name="已派单"),
        FlowStep(id="taken", stage=Stage.RESOLVE, name="已接单"),
    ),
    transitions=(
        transition("register", "", "new", "clerk robot", "matter"),
        transition("accept", "new", "waiting", "clerk"),
        transition("dispatch", "waiting", "sent", "robot", "unit"),
        transition("dispatch", "waiting", "sent", "clerk", "unit reason"),
        attrs.evolve(transition("acknowledge", "sent", "taken", "officer"), relation=Relation.OWN),
        transition("contact", "sent taken", None, "officer clerk"),
        transition("inspect", "taken", None, "officer"),
    ),
)


def standing(step: str, unit: str | None = "甲局") -> Ticket:
    """Return a ticket that stands at a step."""
    return fold([entry(effect=Effect(step=step, facts={"unit": unit}))], rule="x")


def case(action: Action, actor: Actor, ticket: Ticket | None, approver: Actor | None = None) -> Case:
    """Return what is asked for, on a Monday morning."""
    return Case(
        action=action,
        actor=actor,
        approver=approver,
        ticket=ticket,
        at=at("2026-03-02 10:00+08:00"),
        calendar=china(),
        counting=Counting(),
        clocks=dict,
        rank=lambda word: {"simple": 0, "general": 1, "complex": 2}.get(str(word)),
    )


def row_for(action: Action, actor: Actor, ticket: Ticket | None) -> Transition:
    """Return the row that the flow finds."""
    return FLOW.transition(case(action, actor, ticket))


def refusal(action: Action, actor: Actor, ticket: Ticket | None) -> NotAllowedError:
    """Return how the flow refuses."""
    with pytest.raises(NotAllowedError) as caught:
        row_for(action, actor, ticket)
    return caught.value


class TestAllowed:
    @pytest.mark.parametrize(
        ("action", "actor", "step", "target"),
        [
            (Accept(ticket="T1"), CLERK, "new", "waiting"),
            (Dispatch(ticket="T1", unit="甲局"), ROBOT, "waiting", "sent"),
            (Acknowledge(ticket="T1"), OFFICER, "sent", "taken"),
            (Act(ticket="T1", kind="inspect"), OFFICER, "taken", None),
        ],
    )
    def test_an_allowed_action_gets_its_row(
        self, action: Action, actor: Actor, step: str, target: str | None
    ) -> None:
        assert target == row_for(action, actor, standing(step)).target

    def test_an_action_without_sources_opens_a_ticket(self) -> None:
        assert row_for(Register(ticket="T1", matter="x"), CLERK, None).target == "new"

    def test_an_action_may_have_several_sources(self) -> None:
        rows = {row_for(Contact(ticket="T1"), OFFICER, standing(it)) for it in ("sent", "taken")}
        assert len(rows) == 1

    def test_where_one_row_refuses_another_may_allow(self) -> None:
        row = row_for(Dispatch(ticket="T1", unit="甲局", reason="电话核实"), CLERK, standing("waiting"))
        assert row.needs == ("unit", "reason")

    def test_a_row_for_any_unit_asks_for_none(self) -> None:
        assert row_for(Contact(ticket="T1"), STRANGER, standing("sent")).target is None


class TestRefused:
    def test_a_refusal_names_action_and_step(self) -> None:
        error = refusal(Acknowledge(ticket="T1"), OFFICER, standing("new"))
        assert ("acknowledge", "new") == (error.action, error.step)

    def test_at_the_wrong_step_the_sentence_names_the_step(self) -> None:
        assert "at step 'new'" in str(refusal(Acknowledge(ticket="T1"), OFFICER, standing("new")))

    def test_a_refusal_says_what_this_role_can_do_instead(self) -> None:
        error = refusal(Accept(ticket="T1"), CLERK, standing("sent"))
        assert (("contact",), True) == (error.possible, "possible here: contact" in str(error))

    def test_a_refusal_that_leaves_nothing_says_nothing_of_possible(self) -> None:
        assert "possible" not in str(refusal(Accept(ticket="T1"), OFFICER, standing("new")))

    def test_the_wrong_role_hears_who_may(self) -> None:
        error = refusal(Accept(ticket="T1"), OFFICER, standing("new"))
        assert "role 'officer' may not; it takes clerk" in str(error)

    def test_the_wrong_role_hears_of_everybody_who_may(self) -> None:
        error = refusal(Dispatch(ticket="T1", unit="甲局", reason="x"), OFFICER, standing("waiting"))
        assert ("robot" in error.reason, "clerk" in error.reason) == (True, True)

    def test_who_may_but_forgot_the_reason_hears_that_and_not_that_the_role_may_not(self) -> None:
        error = refusal(Dispatch(ticket="T1", unit="甲局"), CLERK, standing("waiting"))
        assert ("it needs reason", False) == (error.reason, "may not" in error.reason)

    def test_the_wrong_unit_hears_whose_ticket_it_is(self) -> None:
        error = refusal(Acknowledge(ticket="T1"), STRANGER, standing("sent"))
        assert "unit '乙局' may not act for unit '甲局'" in str(error)

    def test_an_actor_without_a_unit_owns_nothing(self) -> None:
        error = refusal(Acknowledge(ticket="T1"), Actor(id="o", role="officer"), standing("sent"))
        assert "may not act for unit '甲局'" in str(error)

    def test_nobody_owns_a_ticket_that_has_no_unit(self) -> None:
        error = refusal(Acknowledge(ticket="T1"), Actor(id="o", role="officer"), standing("sent", None))
        assert "may not act for" in str(error)

    @pytest.mark.parametrize("matter", ["", None])
    def test_a_fact_that_is_needed_cannot_be_blank(self, matter: str | None) -> None:
        error = refusal(Register(ticket="T1", matter=matter), CLERK, None)  # type: ignore[arg-type]
        assert "it needs matter" in str(error)

    def test_everything_that_is_missing_is_named(self) -> None:
        by_hand = FLOW.transitions[3]
        bare = Accept(ticket="T1")  # any action that brings nothing
        assert "it needs unit, reason" == by_hand.refusal(case(bare, CLERK, standing("waiting")))

    def test_a_districts_own_action_sets_only_the_facts_its_row_names(self) -> None:
        sneaky = Act(ticket="T1", kind="inspect", fields={"unit": "乙局", "class": "hard"})
        assert "it may not set class, unit" == refusal(sneaky, OFFICER, standing("taken")).reason

    def test_an_action_that_the_table_does_not_hold_is_no_action(self) -> None:
        error = refusal(Act(ticket="T1", kind="dance"), CLERK, standing("new"))
        assert ("dance", "there is no such action") == (error.action, error.reason)

    def test_a_ticket_is_registered_once(self) -> None:
        error = refusal(Register(ticket="T1", matter="x"), CLERK, standing("new"))
        assert "not at a step where it can be done" in str(error)

    def test_before_the_first_step_only_opening_is_possible(self) -> None:
        error = refusal(Accept(ticket="T1"), CLERK, None)
        assert ("-", ("register",)) == (error.step, error.possible)

    def test_a_refusal_survives_pickling(self) -> None:
        error = refusal(Accept(ticket="T1"), OFFICER, standing("new"))
        assert str(error) == str(pickle.loads(pickle.dumps(error)))  # noqa: S301 our own bytes


class TestPossible:
    def test_what_a_role_can_do_is_sorted_and_named_once(self) -> None:
        assert FLOW.possible("waiting", CLERK) == ["dispatch"]

    def test_a_role_that_nobody_knows_can_do_nothing(self) -> None:
        assert FLOW.possible("new", Actor(id="x", role="visitor")) == []


class TestSteps:
    def test_a_step_is_found_by_its_id(self) -> None:
        assert FLOW.step("sent").name == "已派单"

    def test_a_step_that_the_table_does_not_hold_is_refused_in_our_words(self) -> None:
        with pytest.raises(BubanchengError):
            FLOW.step("nowhere")

    def test_who_asks_for_a_step_that_is_not_there_hears_which_are(self) -> None:
        with pytest.raises(BubanchengError, match="new、waiting、sent、taken"):
            FLOW.step("nowhere")

    def test_there_are_five_stages(self) -> None:
        assert [it.value for it in Stage] == ["intake", "dispatch", "resolve", "callback", "rectify"]
