"""What a row asks for besides role and unit: each condition at its boundary, and what it says."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs
import pytest

from bubancheng.actions import (
    Act,
    Action,
    AnswerCoHandling,
    CallBack,
    Classify,
    Defer,
    Extend,
    Pause,
    RequestCoHandling,
    Resolve,
    Return,
)
from bubancheng.errors import NotAllowedError
from bubancheng.flow import (
    Approved,
    AtMost,
    BeforeDue,
    Case,
    Condition,
    Flow,
    FlowStep,
    Happened,
    Known,
    Listed,
    Open,
    OtherUnit,
    Relation,
    Stage,
    Transition,
    Within,
)
from bubancheng.sla import Clock, Limit
from bubancheng.ticket import Actor, Effect, Fact, Ticket, fold
from tests import test_flow
from tests.support import DAY, US, at
from tests.ticket.test_entry import entry

OWN, HELPER, BRANCH, HALL, OTHER = "甲局", "乙局", "甲局一所", "大厅", "丙局"
OFFICER = Actor(id="o", role="officer", unit=OWN)
HEAD = Actor(id="h", role="head", unit=HALL)
MORNING = at("2026-03-09 10:00+08:00")  # a Monday; the calendar closes at 17:00
FRIDAY = at("2026-03-06 10:00+08:00")
RETURN = Return(ticket="T1", reason="不属本单位")


def history(*events: tuple[str, dt.datetime, Mapping[str, Fact]], **facts: Fact) -> Ticket:
    """Return a ticket of the first unit to which these things happened."""
    first = entry(at=FRIDAY - 30 * DAY, effect=Effect(step="taken", facts={"unit": OWN, **facts}))
    later = [
        entry(sequence=number, kind=kind, at=when, effect=Effect(facts=given))
        for number, (kind, when, given) in enumerate(events, start=2)
    ]
    return fold([first, *later], rule="x")


def kinds(*names: str) -> Ticket:
    """Return a ticket to which entries of these kinds happened."""
    return history(*[(name, FRIDAY, {}) for name in names])


def case(action: Action, ticket: Ticket | None, **changes: Any) -> Case:
    """Return what is asked for on a Monday morning."""
    return attrs.evolve(test_flow.case(action, OFFICER, ticket), **({"at": MORNING} | changes))


class TestAtMost:
    @pytest.mark.parametrize(
        ("before", "allowed"), [((), True), (("returned",), True), (("returned",) * 2, False)]
    )
    def test_the_last_allowed_time_is_allowed_and_the_next_is_not(
        self, before: tuple[str, ...], *, allowed: bool
    ) -> None:
        assert allowed == (AtMost("returned", 2).refusal(case(RETURN, kinds(*before))) is None)

    def test_other_kinds_do_not_count(self) -> None:
        assert AtMost("returned", 1).refusal(case(RETURN, kinds("dispatched", "dispatched"))) is None

    def test_a_ticket_that_is_not_there_yet_had_none(self) -> None:
        assert AtMost("returned", 1).refusal(case(RETURN, None)) is None

    def test_a_refusal_says_how_often_it_was_and_may_be(self) -> None:
        refused = AtMost("returned", 1).refusal(case(RETURN, kinds("returned")))
        assert "it happened 1 times, at most 1 allowed" == refused


class TestWithin:
    """One working day after Friday 10:00 ends on Monday at the close."""

    CONDITION = Within("dispatched", Limit.parse("1个工作日"))
    CLOSE = at("2026-03-09 17:00+08:00")

    @pytest.mark.parametrize(("later", "allowed"), [(-US, True), (0 * US, True), (US, False)])
    def test_the_very_instant_is_within(self, later: dt.timedelta, *, allowed: bool) -> None:
        asked = case(RETURN, history(("dispatched", FRIDAY, {})), at=self.CLOSE + later)
        assert allowed == (self.CONDITION.refusal(asked) is None)

    def test_the_last_entry_of_the_kind_counts(self) -> None:
        ticket = history(("dispatched", FRIDAY - 20 * DAY, {}), ("dispatched", FRIDAY, {}))
        assert self.CONDITION.refusal(case(RETURN, ticket)) is None

    @pytest.mark.parametrize("ticket", [None, kinds("acknowledged")])
    def test_without_such_an_entry_it_is_refused(self, ticket: Ticket | None) -> None:
        assert "nothing of kind 'dispatched' happened before" == self.CONDITION.refusal(case(RETURN, ticket))

    def test_a_refusal_says_until_when_it_was_possible(self) -> None:
        asked = case(RETURN, history(("dispatched", FRIDAY, {})), at=self.CLOSE + DAY)
        assert "it was possible until 2026-03-09 17:00 (1个工作日)" == self.CONDITION.refusal(asked)


class TestBeforeDue:
    CONDITION = BeforeDue("resolve")
    EXTEND = Extend(ticket="T1", extension="3个工作日", informed="电话")

    def asked(self, at: dt.datetime, **clocks: Clock) -> str | None:
        """Return what speaks against an extension at an instant."""
        return self.CONDITION.refusal(case(self.EXTEND, kinds(), at=at, clocks=lambda: clocks))

    @pytest.mark.parametrize(("later", "allowed"), [(-US, True), (0 * US, True), (US, False)])
    def test_at_the_due_time_it_is_not_too_late(self, later: dt.timedelta, *, allowed: bool) -> None:
        clock = Clock(target="resolve", started=FRIDAY, due=MORNING)
        assert allowed == (self.asked(MORNING + later, resolve=clock) is None)

    @pytest.mark.parametrize("clock", [None, Clock(target="resolve", started=None)])
    def test_where_no_limit_runs_none_can_be_kept(self, clock: Clock | None) -> None:
        clocks = {} if clock is None else {"resolve": clock}
        assert "no limit 'resolve' is running" == self.asked(MORNING, **clocks)

    def test_the_limit_of_another_target_does_not_count(self) -> None:
        assert self.asked(MORNING, contact=Clock(target="contact", started=FRIDAY, due=MORNING)) is not None

    def test_a_refusal_says_when_it_ended(self) -> None:
        clock = Clock(target="resolve", started=FRIDAY, due=MORNING)
        assert "the limit ended at 2026-03-09 10:00" == self.asked(MORNING + DAY, resolve=clock)


class TestApproved:
    CONDITION = Approved(frozenset({"head", "centre"}))

    @pytest.mark.parametrize(
        ("approver", "refused"),
        [
            (None, "it needs the approval of centre, head"),
            (OFFICER, "nobody approves what he does himself"),
            (Actor(id="o", role="head", unit=HALL), "nobody approves what he does himself"),
            (
                Actor(id="p", role="officer", unit=OWN),
                "role 'officer' may not approve it; it takes centre, head",
            ),
            (Actor(id="p", role="", unit=OWN), "role '' may not approve it; it takes centre, head"),
            (HEAD, None),
            (Actor(id="c", role="centre"), None),
        ],
        ids=["nobody", "oneself", "oneself in another role", "wrong role", "no role", "head", "centre"],
    )
    def test_somebody_else_with_one_of_the_roles_approves(
        self, approver: Actor | None, refused: str | None
    ) -> None:
        assert refused == self.CONDITION.refusal(case(RETURN, kinds(), approver=approver))

    @pytest.mark.parametrize(
        ("before", "after", "needed"),
        [
            (None, "simple", False),
            (None, "complex", False),
            ("simple", "general", True),
            ("simple", "complex", True),
            ("general", "general", False),
            ("complex", "general", False),
            ("general", "unheard of", False),
            ("unheard of", "general", False),
        ],
    )
    def test_where_only_the_harder_needs_approval_only_going_up_does(
        self, before: str | None, after: str, *, needed: bool
    ) -> None:
        asked = case(Classify(ticket="T1", category=after), history(**{"class": before}))
        refused = attrs.evolve(self.CONDITION, harder=True).refusal(asked)
        assert ("it needs the approval of centre, head" if needed else None) == refused

    def test_of_a_ticket_that_is_not_there_yet_nothing_goes_up(self) -> None:
        asked = case(Classify(ticket="T1", category="complex"), None)
        assert attrs.evolve(self.CONDITION, harder=True).refusal(asked) is None

    @pytest.mark.parametrize(
        ("reason", "refused"), [(None, "it needs reason"), ("", "it needs reason"), ("牵涉三局", None)]
    )
    def test_who_goes_up_says_why_too(self, reason: str | None, refused: str | None) -> None:
        action = Classify(ticket="T1", category="complex", reason=reason)
        asked = case(action, history(**{"class": "simple"}), approver=HEAD)
        assert refused == attrs.evolve(self.CONDITION, harder=True).refusal(asked)


class TestOtherUnit:
    @pytest.mark.parametrize(("unit", "allowed"), [(OWN, False), (HELPER, True)])
    def test_a_unit_does_not_ask_itself(self, unit: str, *, allowed: bool) -> None:
        asked = case(RequestCoHandling(ticket="T1", co_handler=unit, question="?"), kinds())
        assert allowed == (OtherUnit("co_handler").refusal(asked) is None)

    def test_a_refusal_names_the_unit(self) -> None:
        asked = case(RequestCoHandling(ticket="T1", co_handler=OWN, question="?"), kinds())
        refused = OtherUnit("co_handler").refusal(asked)
        assert "co_handler is the responsible unit itself, '甲局'" == refused


ASKED: tuple[str, dt.datetime, Mapping[str, Fact]] = ("co_handling_requested", FRIDAY, {"co_handler": HELPER})
ANSWERED: tuple[str, dt.datetime, Mapping[str, Fact]] = (
    "co_handling_answered",
    FRIDAY,
    {"co_handler": HELPER},
)
ELSEWHERE: tuple[str, dt.datetime, Mapping[str, Fact]] = (
    "co_handling_answered",
    FRIDAY,
    {"co_handler": OTHER},
)
BESIDE: tuple[str, dt.datetime, Mapping[str, Fact]] = ("noted", FRIDAY, {"co_handler": HELPER})


class TestOpen:
    CONDITION = Open("co_handler", "co_handling_requested", ("co_handling_answered",))
    ANSWER = AnswerCoHandling(ticket="T1", co_handler=HELPER, answer="是")

    @pytest.mark.parametrize(
        ("events", "is_open"),
        [
            ((), False),
            ((ASKED,), True),
            ((ASKED, ANSWERED), False),
            ((ASKED, ELSEWHERE), True),
            ((ASKED, BESIDE), True),
            ((BESIDE,), False),
            ((ANSWERED,), False),
            ((ASKED, ANSWERED, ASKED), True),
            ((ASKED, ASKED, ANSWERED), False),
        ],
        ids=[
            "never",
            "asked",
            "answered",
            "answered by another",
            "something beside it",
            "only that",
            "an end without a beginning",
            "asked again",
            "asked twice",
        ],
    )
    def test_it_is_open_between_beginning_and_end(
        self, events: tuple[tuple[str, dt.datetime, Mapping[str, Fact]], ...], *, is_open: bool
    ) -> None:
        asked = case(self.ANSWER, history(*events))
        turned = attrs.evolve(self.CONDITION, closed=True)
        assert (is_open, not is_open) == tuple(it.refusal(asked) is None for it in (self.CONDITION, turned))

    def test_any_of_the_ends_ends_it(self) -> None:
        condition = Open("deferral", "deferred", ("documents_received", "deferral_lapsed"), closed=True)
        action = Defer(
            ticket="T1",
            deferral="容缺1",
            documents=("公章",),
            commitment="三日内",
            deferred_due=MORNING,
            consequence="撤回",
            checked_by="科长",
        )
        for end in ("documents_received", "deferral_lapsed"):
            given: dict[str, Fact] = {"deferral": "容缺1"}
            events = [(kind, FRIDAY, given) for kind in ("deferred", end)]
            assert condition.refusal(case(action, history(*events))) is None

    @pytest.mark.parametrize(
        ("co_handler", "question", "is_open"),
        [("甲", "可否", True), ("甲", "何时", False), ("乙", "可否", False), ("乙", "何时", True)],
    )
    def test_of_several_facts_all_must_agree(self, co_handler: str, question: str, *, is_open: bool) -> None:
        condition = Open("co_handler,question", "begun", ("ended",))
        asked: list[tuple[str, dt.datetime, Mapping[str, Fact]]] = [
            ("begun", FRIDAY, {"co_handler": "甲", "question": "可否"}),
            ("begun", FRIDAY, {"co_handler": "乙", "question": "何时"}),
            ("begun", FRIDAY, {"co_handler": "甲", "question": "何时"}),
            ("ended", FRIDAY, {"co_handler": "甲", "question": "何时"}),
        ]
        action = RequestCoHandling(ticket="T1", co_handler=co_handler, question=question)
        refusal = condition.refusal(case(action, history(*asked)))
        shown = f"co_handler,question '{co_handler}', '{question}' is not open"
        assert (None if is_open else shown) == refusal

    def test_of_a_ticket_that_is_not_there_yet_nothing_is_open(self) -> None:
        assert "co_handler '乙局' is not open" == self.CONDITION.refusal(case(self.ANSWER, None))

    def test_what_must_not_be_open_says_that_it_is(self) -> None:
        turned = attrs.evolve(self.CONDITION, closed=True)
        refused = turned.refusal(case(self.ANSWER, history(ASKED)))
        assert "co_handler '乙局' is open already" == refused


class TestKnown:
    CONDITION = Known(("root_cause", "measure"))

    @pytest.mark.parametrize(
        ("known", "stated", "missing"),
        [
            ({}, {}, "root_cause, measure"),
            ({"root_cause": "other"}, {}, "measure"),
            ({"root_cause": "other", "measure": None}, {}, "measure"),
            ({"root_cause": "other", "measure": "case_only"}, {}, None),
            ({"root_cause": "other"}, {"measure": "case_only"}, None),
            ({}, {"root_cause": "other", "measure": "case_only"}, None),
        ],
    )
    def test_each_fact_comes_from_this_action_or_an_earlier_one(
        self, known: dict[str, Fact], stated: dict[str, str], missing: str | None
    ) -> None:
        asked = case(Resolve(ticket="T1", **stated), history(**known))  # type: ignore[arg-type]
        told = None if missing is None else f"nobody has stated {missing}"
        assert told == self.CONDITION.refusal(asked)

    def test_of_a_ticket_that_is_not_there_yet_nothing_is_known(self) -> None:
        assert self.CONDITION.refusal(case(RETURN, None)) is not None


class TestHappened:
    CALLED = Happened("called_back", "level", "unit")

    @pytest.mark.parametrize(
        ("facts", "refused"),
        [
            (None, "called_back (level = unit) has not happened"),
            ({}, "called_back (level = unit) has not happened"),
            ({"level": "centre"}, "called_back (level = unit) has not happened"),
            ({"level": "unit"}, None),
        ],
    )
    def test_an_entry_with_this_fact_must_have_happened(
        self, facts: dict[str, Fact] | None, refused: str | None
    ) -> None:
        events = [] if facts is None else [("called_back", FRIDAY, facts)]
        assert refused == self.CALLED.refusal(case(RETURN, history(*events)))

    def test_without_a_fact_any_of_the_kind_will_do(self) -> None:
        condition = Happened("dispatched")
        told = [condition.refusal(case(RETURN, it)) for it in (None, kinds("returned"), kinds("dispatched"))]
        assert ["dispatched has not happened", "dispatched has not happened", None] == told

    def test_the_fact_is_the_entrys_own_and_not_what_the_ticket_knows(self) -> None:
        events: list[tuple[str, dt.datetime, Mapping[str, Fact]]] = [("called_back", FRIDAY, {})]
        assert self.CALLED.refusal(case(RETURN, history(*events, level="unit"))) is not None


class TestListed:
    CONDITION = Listed("pause_reason", frozenset({"专家评审", "检验检测"}))

    @pytest.mark.parametrize(
        ("reason", "allowed"), [("专家评审", True), ("检验检测", True), ("放假", False), ("", False)]
    )
    def test_only_a_listed_reason_pauses(self, reason: str, *, allowed: bool) -> None:
        asked = case(Pause(ticket="T1", pause_reason=reason, notice="告知书1"), kinds())
        assert allowed == (self.CONDITION.refusal(asked) is None)

    def test_a_refusal_names_what_is_listed(self) -> None:
        asked = case(Pause(ticket="T1", pause_reason="放假", notice="告知书1"), kinds())
        assert "'放假' is not listed: 专家评审, 检验检测" == self.CONDITION.refusal(asked)


def row(action: str, target: str, **options: Any) -> Transition:
    """Return a row from the only step, for the officer."""
    return Transition(
        action=action,
        entry=action,
        sources=frozenset({"taken"}),
        target=target,
        roles=frozenset({"officer"}),
        **options,
    )


def flow(*rows: Transition) -> Flow:
    """Return a table of these rows."""
    steps = ("taken", *(it.target for it in rows if it.target))
    return Flow(steps=tuple(FlowStep(id=it, stage=Stage.RESOLVE, name=it) for it in steps), transitions=rows)


class TestGiven:
    TABLE = flow(
        row("call_back", "by the unit", given={"level": "unit"}),
        row("call_back", "by the centre", given={"level": "centre"}),
    )

    @pytest.mark.parametrize(("level", "target"), [("unit", "by the unit"), ("centre", "by the centre")])
    def test_the_row_that_is_meant_is_found_by_what_the_action_says(self, level: str, target: str) -> None:
        action = CallBack(ticket="T1", level=level, reached="answered")
        assert target == self.TABLE.transition(case(action, kinds())).target

    def test_what_no_row_means_is_refused(self) -> None:
        action = CallBack(ticket="T1", level="moon", reached="answered")
        with pytest.raises(NotAllowedError, match="call_back"):
            self.TABLE.transition(case(action, kinds()))

    def test_what_is_left_open_is_asked_for_with_the_words_that_would_do(self) -> None:
        rows = [row("inspect", "seen", given={"way": way}, facts=("way",)) for way in ("near", "far")]
        table = flow(*rows, attrs.evolve(row("inspect", "seen"), roles=frozenset({"robot"})))
        with pytest.raises(NotAllowedError, match="it needs to state way = far or near"):
            table.transition(case(Act(ticket="T1", kind="inspect"), kinds()))
        with pytest.raises(NotAllowedError, match="nothing is meant by what it states as way"):
            flow(*rows).transition(case(Act(ticket="T1", kind="inspect", fields={"way": "up"}), kinds()))

    @pytest.mark.parametrize(
        ("fields", "target"),
        [({}, "other"), ({"a": 2}, "other"), ({"a": 1, "b": 2}, "given"), ({"a": 1}, "given")],
    )
    def test_a_row_is_meant_where_all_that_is_given_fits(self, fields: dict[str, Fact], target: str) -> None:
        table = flow(
            row("inspect", "given", given={"a": 1}, facts=("a", "b")),
            row("inspect", "other", facts=("a", "b")),
        )
        action = Act(ticket="T1", kind="inspect", fields=fields)
        assert target == table.transition(case(action, kinds())).target


class TestSeveral:
    @pytest.mark.parametrize(
        ("conditions", "refused"),
        [
            ((), None),
            ((AtMost("returned", 1), Within("dispatched", Limit.parse("1个工作日"))), "happened 1 times"),
            ((Within("dispatched", Limit.parse("1个工作日")), AtMost("returned", 1)), "of kind 'dispatched'"),
        ],
    )
    def test_the_first_that_does_not_hold_is_told(
        self, conditions: tuple[Condition, ...], refused: str | None
    ) -> None:
        told = row("return", "taken", conditions=conditions).refusal(case(RETURN, kinds("returned")))
        assert (refused is None, True) == (told is None, (refused or "") in (told or ""))

    def test_a_row_whose_condition_fails_leaves_it_to_the_next(self) -> None:
        table = flow(
            row("return", "queue", conditions=(AtMost("returned", 1),)), row("return", "a leader's desk")
        )
        targets = [table.transition(case(RETURN, kinds(*it))).target for it in ((), ("returned",))]
        assert ["queue", "a leader's desk"] == targets


RELATED = [
    (Relation.ANY, {OWN, BRANCH, HALL, HELPER, OTHER}),
    (Relation.OWN, {OWN}),
    (Relation.HANDLING, {OWN, BRANCH}),
    (Relation.INTAKE, {HALL}),
    (Relation.CO_HANDLER, {HELPER}),
]


class TestRelation:
    TICKET = history(ASKED, intake_unit=HALL, delegate=BRANCH)

    @pytest.mark.parametrize(("relation", "units"), RELATED)
    def test_each_relation_is_a_unit_of_its_own(self, relation: Relation, units: set[str]) -> None:
        one = row("return", "taken", relation=relation)
        found = {
            unit
            for unit in (OWN, BRANCH, HALL, HELPER, OTHER)
            if one.refusal(case(RETURN, self.TICKET, actor=attrs.evolve(OFFICER, unit=unit))) is None
        }
        assert units == found

    def test_what_no_hall_wrote_down_is_taken_in_by_any(self) -> None:
        """It came online (四(一))."""
        one = row("return", "taken", relation=Relation.INTAKE)
        asked = case(RETURN, history(), actor=attrs.evolve(OFFICER, unit=OTHER))
        assert one.refusal(asked) is None

    @pytest.mark.parametrize(("unit", "allowed"), [(HELPER, True), (OWN, False), (OTHER, False)])
    def test_who_answers_is_the_unit_that_is_named(self, unit: str, *, allowed: bool) -> None:
        one = row("answer_co_handling", "taken", relation=Relation.NAMED)
        action = AnswerCoHandling(ticket="T1", co_handler=HELPER, answer="是")
        asked = case(action, self.TICKET, actor=attrs.evolve(OFFICER, unit=unit))
        assert allowed == (one.refusal(asked) is None)

    @pytest.mark.parametrize("relation", Relation)
    def test_an_actor_without_a_unit_is_related_to_nothing(self, relation: Relation) -> None:
        bare = history()  # nobody passed it down, nobody's hall: None is not None's unit
        asked = case(RETURN, bare, actor=Actor(id="o", role="officer"))
        assert (relation is Relation.ANY) == (
            row("return", "taken", relation=relation).refusal(asked) is None
        )

    @pytest.mark.parametrize("relation", Relation)
    def test_nobody_is_related_to_a_ticket_that_is_not_there_yet(self, relation: Relation) -> None:
        asked = case(RETURN, None)
        assert (relation is Relation.ANY) == (
            row("return", "taken", relation=relation).refusal(asked) is None
        )
