"""Commands: who does what, when it happened, what is refused, and what a repetition gives."""

import datetime as dt
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from bubancheng.actions import (
    Accept,
    Acknowledge,
    Act,
    Action,
    Classify,
    Contact,
    Correct,
    Dispatch,
    Register,
    Resolve,
)
from bubancheng.desk import Desk
from bubancheng.errors import (
    ArgumentError,
    BubanchengError,
    ConflictError,
    KindError,
    NotAllowedError,
    UnknownTicketError,
)
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, MemoryStore, StateRow
from bubancheng.ticket import Actor
from tests.acting import (
    CENTRE,
    HEAD,
    IMPORT,
    OFFICE,
    OFFICER,
    OVERSEER,
    OWNED,
    OWNER,
    PLACE,
    RUNNER,
    STRANGER,
    UNOWNED,
    WINDOW,
    Clock,
    TickingClock,
    accepted,
    acknowledged,
    instant,
    open_desk,
    registered,
)


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at Monday 10:00."""
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Desk:
    """A desk in memory."""
    return open_desk(clock)


class TestTheWholeWay:
    def test_a_ticket_is_registered(self, desk: Desk) -> None:
        assert registered(desk).step == "registered"

    def test_an_accepted_ticket_goes_to_the_owner_of_its_matter_by_itself(self, desk: Desk) -> None:
        ticket = accepted(desk)
        assert ("dispatched", OWNER) == (ticket.step, ticket.unit)

    def test_without_an_owner_it_goes_to_the_place(self, desk: Desk) -> None:
        desk.do(Register(ticket="T1", matter=UNOWNED, place=PLACE), actor=WINDOW)
        assert RUNNER == desk.do(Accept(ticket="T1"), actor=WINDOW).unit

    def test_without_either_it_waits_in_the_manual_queue(self, desk: Desk) -> None:
        ticket = accepted(desk, matter=UNOWNED)
        assert (ticket.step, ticket.unit) == ("pending_dispatch", None)

    def test_the_automatic_dispatch_is_the_systems_and_names_its_rule(self, desk: Desk) -> None:
        accepted(desk)
        entry = desk.history("T1", actor=WINDOW)[-1]
        assert (entry.actor.role, entry.rule, entry.kind) == ("system", "matter_owner", "dispatched")

    def test_the_centre_dispatches_by_hand_with_a_reason(self, desk: Desk) -> None:
        accepted(desk, matter=UNOWNED)
        ticket = desk.do(Dispatch(ticket="T1", unit=OWNER, reason="电话核实"), actor=CENTRE)
        entry = desk.history("T1", actor=CENTRE)[-1]
        assert (OWNER, "电话核实", None) == (ticket.unit, entry.reason, entry.rule)

    def test_the_officer_of_the_unit_takes_it_to_the_end(self, desk: Desk) -> None:
        acknowledged(desk)
        steps = [desk.do(it(ticket="T1"), actor=OFFICER).step for it in (Contact, Resolve)]
        assert steps == ["contacted", "resolved"]

    def test_every_step_leaves_one_entry(self, desk: Desk) -> None:
        acknowledged(desk)
        desk.do(Contact(ticket="T1"), actor=OFFICER)
        desk.do(Resolve(ticket="T1"), actor=OFFICER)
        assert [it.kind for it in desk.history("T1", actor=WINDOW)] == [
            "registered",
            "accepted",
            "dispatched",
            "acknowledged",
            "contacted",
            "resolved",
        ]

    def test_the_words_of_a_class_become_its_id(self, desk: Desk) -> None:
        acknowledged(desk)
        assert desk.do(Classify(ticket="T1", category="复杂"), actor=OFFICER).facts["class"] == "complex"

    def test_the_words_of_a_channel_become_its_id(self, desk: Desk) -> None:
        ticket = desk.do(Register(ticket="T1", matter="x", channel="线下窗口"), actor=WINDOW)
        assert ticket.facts["channel"] == "offline_window"

    def test_a_channel_that_nobody_knows_stays_as_written(self, desk: Desk) -> None:
        ticket = desk.do(Register(ticket="T1", matter="x", channel="传真"), actor=WINDOW)
        assert ticket.facts["channel"] == "传真"

    def test_a_class_that_the_rules_do_not_know_is_refused_with_those_they_do(self, desk: Desk) -> None:
        acknowledged(desk)
        with pytest.raises(ArgumentError, match="简单、一般、复杂、确实难度较大"):
            desk.do(Classify(ticket="T1", category="特难"), actor=OFFICER)

    def test_what_do_gives_is_what_get_gives(self, desk: Desk) -> None:
        assert accepted(desk) == desk.get("T1", actor=WINDOW)


def refused(desk: Desk, action: Action, actor: Actor) -> str:
    """Return the sentence of a refusal, after which nothing has changed."""
    before = desk.history("T1", actor=WINDOW)
    with pytest.raises(NotAllowedError) as caught:
        desk.do(action, actor=actor)
    assert before == desk.history("T1", actor=WINDOW)
    return str(caught.value)


class TestRefusals:
    def test_another_unit_may_not_acknowledge(self, desk: Desk) -> None:
        accepted(desk)
        assert f"'区民政局' may not act for unit '{OWNER}'" in refused(
            desk, Acknowledge(ticket="T1"), STRANGER
        )

    @pytest.mark.parametrize("actor", [WINDOW, HEAD, CENTRE, OFFICE, OVERSEER], ids=lambda it: it.role)
    def test_another_role_may_not_acknowledge(self, desk: Desk, actor: Actor) -> None:
        accepted(desk)
        assert "disposal_officer" in refused(desk, Acknowledge(ticket="T1"), actor)

    def test_what_comes_too_early_is_refused_with_the_step(self, desk: Desk) -> None:
        accepted(desk)
        assert "'resolve' is refused at step 'dispatched'" in refused(desk, Resolve(ticket="T1"), OFFICER)

    def test_a_refusal_says_what_is_possible(self, desk: Desk) -> None:
        accepted(desk)
        assert "possible here: acknowledge" in refused(desk, Resolve(ticket="T1"), OFFICER)

    def test_nothing_is_resolved_twice(self, desk: Desk) -> None:
        acknowledged(desk)
        desk.do(Resolve(ticket="T1"), actor=OFFICER)
        assert "at step 'resolved'" in refused(desk, Resolve(ticket="T1"), OFFICER)

    def test_a_number_is_registered_once(self, desk: Desk) -> None:
        registered(desk)
        assert "'register'" in refused(desk, Register(ticket="T1", matter="x"), WINDOW)

    def test_the_centre_gives_a_reason_for_dispatching_by_hand(self, desk: Desk) -> None:
        accepted(desk, matter=UNOWNED)
        assert "it needs reason" in refused(desk, Dispatch(ticket="T1", unit=OWNER), CENTRE)

    def test_a_ticket_that_is_not_there_is_named(self, desk: Desk) -> None:
        with pytest.raises(UnknownTicketError, match=r"没有工单.*'T9'"):
            desk.do(Accept(ticket="T9"), actor=WINDOW)

    @pytest.mark.parametrize("action", ["accept", None, Accept, {"kind": "accept"}])
    def test_what_is_no_action_is_refused(self, desk: Desk, action: object) -> None:
        with pytest.raises(KindError, match="an action such as"):
            desk.do(action, actor=WINDOW)  # type: ignore[arg-type]

    @pytest.mark.parametrize("number", ["", "  "])
    def test_a_ticket_needs_a_number(self, desk: Desk, number: str) -> None:
        with pytest.raises(BubanchengError):
            registered(desk, number)

    @pytest.mark.parametrize("field", ["matter", "place", "phone"])
    def test_half_a_character_is_refused_in_our_words(self, desk: Desk, field: str) -> None:
        values: dict[str, Any] = {"matter": "x"} | {field: "\ud800"}
        with pytest.raises(BubanchengError):
            desk.do(Register(ticket="T1", **values), actor=WINDOW)

    def test_half_a_character_in_an_actor_is_refused_in_our_words(self, desk: Desk) -> None:
        with pytest.raises(BubanchengError):
            desk.do(Register(ticket="T1", matter="x"), actor=Actor(id="\ud800", role="window_officer"))

    def test_half_a_character_in_a_command_id_is_refused_in_our_words(self, tmp_path: Path) -> None:
        desk = open_desk(Clock(), SqliteStore(str(tmp_path / "desk.db")))
        with pytest.raises(BubanchengError):
            desk.do(Register(ticket="T1", matter="x"), actor=WINDOW, command_id="\ud800")
        desk.close()

    @pytest.mark.parametrize("value", [1.5, b"x", ["x"], {"a": 1}, ("x", 1), (("x",),), object()])
    def test_a_fact_is_a_plain_value(self, desk: Desk, value: Any) -> None:
        with pytest.raises(KindError, match="matter takes text"):
            desk.do(Register(ticket="T1", matter=value), actor=WINDOW)

    def test_an_action_of_the_library_is_not_written_as_one_of_the_districts_own(self) -> None:
        with pytest.raises(ArgumentError, match="use its own class"):
            Act(ticket="T1", kind="contact")

    @pytest.mark.parametrize("new", ["next week", "2024-03-25T10:00:00", None])
    def test_a_bad_correction_is_refused_and_the_board_still_stands(
        self, desk: Desk, new: str | None
    ) -> None:
        registered(desk)
        action = Correct(ticket="T1", sequence=1, field="at", old="?", new=new, reason="笔误")
        with pytest.raises(BubanchengError):
            desk.do(action, actor=OFFICE, approver=HEAD)
        assert [it.id for it in desk.board()] == ["T1"]


class TestCorrections:
    """A correction names an entry that is there, what it says, and what it should say."""

    def correct(self, desk: Desk, **changes: Any) -> None:
        """Correct the class of a registered ticket, which was left blank."""
        values: dict[str, Any] = {"sequence": 1, "field": "class", "old": None, "new": "复杂"}
        desk.do(Correct(ticket="T1", reason="笔误", **(values | changes)), actor=OFFICE, approver=HEAD)

    def test_a_fact_is_corrected(self, desk: Desk) -> None:
        registered(desk)
        self.correct(desk, field="matter", old=OWNED, new="企业办税")
        assert desk.get("T1", actor=OFFICE).facts["matter"] == "企业办税"

    def test_a_corrected_class_is_one_of_the_rules(self, desk: Desk) -> None:
        registered(desk)
        with pytest.raises(BubanchengError, match="特难"):
            self.correct(desk, new="特难")

    def test_the_words_of_a_corrected_class_become_its_id(self, desk: Desk) -> None:
        registered(desk)
        self.correct(desk)
        assert desk.get("T1", actor=OFFICE).facts["class"] == "complex"

    @pytest.mark.parametrize("sequence", [0, -1, 2, 99])
    def test_an_entry_that_is_not_there_cannot_be_corrected(self, desk: Desk, sequence: int) -> None:
        registered(desk)
        with pytest.raises(BubanchengError):
            self.correct(desk, sequence=sequence)

    def test_what_was_there_cannot_be_made_up(self, desk: Desk) -> None:
        registered(desk)
        with pytest.raises(BubanchengError):
            self.correct(desk, field="matter", old="从来没有写过", new="企业办税")

    def test_who_corrects_says_why(self, desk: Desk) -> None:
        registered(desk)
        unsaid = Correct(ticket="T1", sequence=1, field="place", old=None, new="x")
        with pytest.raises(NotAllowedError, match="it needs reason"):
            desk.do(unsaid, actor=OFFICE, approver=HEAD)

    def test_nobody_corrects_without_a_second_pair_of_eyes(self, desk: Desk) -> None:
        registered(desk)
        alone = Correct(ticket="T1", sequence=1, field="place", old=None, new="x", reason="笔误")
        with pytest.raises(NotAllowedError, match=r"it needs the approval of .*window_head"):
            desk.do(alone, actor=OFFICE)

    def test_an_approver_that_no_rule_asked_for_is_not_on_record(self, desk: Desk) -> None:
        acknowledged(desk)
        passer_by = Actor(id="x", role="nobody")
        with suppress(NotAllowedError):  # or it is refused
            desk.do(Classify(ticket="T1", category="简单"), actor=OFFICER, approver=passer_by)
        assert passer_by not in [it.approver for it in desk.history("T1", actor=OFFICER)]

    def test_who_approved_a_correction_is_on_record(self, desk: Desk) -> None:
        registered(desk)
        self.correct(desk)
        assert HEAD == desk.history("T1", actor=OFFICE)[-1].approver

    @pytest.mark.parametrize("due", [dt.datetime(2024, 4, 1), dt.date(2024, 4, 1), "2024-04-01"])
    def test_an_agreed_time_is_an_instant_with_a_zone(self, desk: Desk, due: object) -> None:
        acknowledged(desk)
        with pytest.raises(BubanchengError):
            desk.do(Classify(ticket="T1", category="一般", agreed_due=due), actor=OFFICER)  # type: ignore[arg-type]


class TestWhen:
    def test_without_a_time_it_happened_now(self, desk: Desk, clock: Clock) -> None:
        entry = (registered(desk), desk.history("T1", actor=WINDOW)[0])[1]
        assert (clock.now, clock.now, False) == (entry.at, entry.recorded_at, entry.backdated)

    def test_a_time_given_is_when_it_happened(self, desk: Desk) -> None:
        at = instant("2024-03-25 09:50")
        desk.do(Register(ticket="T1", matter="x"), actor=WINDOW, at=at)
        assert at == desk.history("T1", actor=WINDOW)[0].at

    def test_fifteen_minutes_back_need_no_right(self, desk: Desk) -> None:
        desk.do(Register(ticket="T1", matter="x"), actor=WINDOW, at=instant("2024-03-25 09:45"))
        assert not desk.history("T1", actor=WINDOW)[0].backdated

    def test_more_than_fifteen_minutes_back_need_the_right(self, desk: Desk) -> None:
        at = instant("2024-03-25 09:45") - dt.timedelta(microseconds=1)
        with pytest.raises(NotAllowedError, match="no right to backdate"):
            desk.do(Register(ticket="T1", matter="x"), actor=WINDOW, at=at)

    def test_who_has_the_right_may_and_it_is_marked(self, desk: Desk) -> None:
        desk.do(Register(ticket="T1", matter="x"), actor=IMPORT, at=instant("2024-03-01 09:00"))
        assert desk.history("T1", actor=IMPORT)[0].backdated

    def test_before_the_entry_before_needs_the_right_too(self, desk: Desk) -> None:
        registered(desk)
        with pytest.raises(NotAllowedError, match="no right to backdate"):
            desk.do(Accept(ticket="T1"), actor=WINDOW, at=instant("2024-03-25 09:59:59"))

    def test_before_the_entry_before_is_marked(self, desk: Desk) -> None:
        registered(desk)
        desk.do(Accept(ticket="T1"), actor=IMPORT, at=instant("2024-03-25 09:59:59"))
        assert desk.history("T1", actor=IMPORT)[1].backdated

    def test_at_the_time_of_the_entry_before_is_in_order(self, desk: Desk) -> None:
        registered(desk)
        desk.do(Accept(ticket="T1"), actor=WINDOW, at=instant("2024-03-25 10:00"))
        assert not desk.history("T1", actor=WINDOW)[1].backdated

    @pytest.mark.parametrize("actor", [WINDOW, IMPORT], ids=lambda it: it.role)
    def test_the_future_has_not_happened_yet(self, desk: Desk, actor: Actor) -> None:
        at = instant("2024-03-25 10:00") + dt.timedelta(microseconds=1)
        with pytest.raises(NotAllowedError, match="has not happened yet"):
            desk.do(Register(ticket="T1", matter="x"), actor=actor, at=at)

    @pytest.mark.parametrize(
        "at", [dt.datetime(2024, 3, 25, 10), dt.date(2024, 3, 25), "2024-03-25 10:00", 1711332000]
    )
    def test_a_time_is_an_instant_with_a_zone(self, desk: Desk, at: object) -> None:
        with pytest.raises(BubanchengError, match="zone"):
            desk.do(Register(ticket="T1", matter="x"), actor=WINDOW, at=at)  # type: ignore[arg-type]

    def test_a_time_in_another_zone_is_the_same_instant(self, desk: Desk) -> None:
        at = dt.datetime(2024, 3, 25, 1, 50, tzinfo=dt.UTC)
        desk.do(Register(ticket="T1", matter="x"), actor=WINDOW, at=at)
        assert instant("2024-03-25 09:50") == desk.history("T1", actor=WINDOW)[0].at

    @pytest.mark.parametrize(
        ("at", "rule"),
        [
            ("2023-10-25 23:59:59.999999", "before-2023-10-26"),
            ("2023-10-26 00:00", "2023-10-26"),
        ],
    )
    def test_a_ticket_keeps_the_rule_of_its_registration(self, desk: Desk, at: str, rule: str) -> None:
        desk.do(Register(ticket="T1", matter="x"), actor=IMPORT, at=instant(at))
        assert rule == desk.do(Accept(ticket="T1"), actor=WINDOW).rule

    @pytest.mark.parametrize("at", ["2003-12-31 23:59", "1999-01-01 10:00", "0001-01-02 00:00"])
    def test_what_lies_before_the_calendar_is_refused(self, desk: Desk, at: str) -> None:
        with pytest.raises(BubanchengError):
            desk.do(Register(ticket="T1", matter="x"), actor=IMPORT, at=instant(at))

    def test_a_clock_that_goes_on_never_makes_a_command_lie_back(self) -> None:
        """Somebody else writes between reading the clock and reading the ticket."""
        store = InterruptedStore()
        desk = open_desk(TickingClock(), store)
        acknowledged(desk)
        store.before_load = lambda: desk.do(Contact(ticket="T1"), actor=OFFICER)
        assert desk.do(Contact(ticket="T1"), actor=OFFICER).version == 6


class InterruptedStore(MemoryStore):
    """A store in which something else happens before a ticket is loaded, or before a commit."""

    before_load: Callable[[], object] | None = None
    before_commit: Callable[[], object] | None = None

    def load(self, district: str, ticket: str) -> StateRow | None:
        job, self.before_load = self.before_load, None
        if job is not None:
            job()
        return super().load(district, ticket)

    def commit(self, *changes: ChangeSet) -> None:
        job, self.before_commit = self.before_commit, None
        if job is not None:
            job()
        super().commit(*changes)


class ConflictingStore(MemoryStore):
    """A store in which somebody else is always faster."""

    def commit(self, *changes: ChangeSet) -> None:
        if any(it.row for it in changes):
            msg = "somebody else was faster"
            raise ConflictError(msg)
        super().commit(*changes)


class TestOthersWriteToo:
    def test_a_command_is_repeated_when_somebody_else_was_faster(self) -> None:
        store = InterruptedStore()
        desk = open_desk(Clock(), store)
        acknowledged(desk)
        store.before_commit = lambda: desk.do(Contact(ticket="T1"), actor=OFFICER)
        desk.do(Contact(ticket="T1"), actor=OFFICER)
        assert [it.kind for it in desk.history("T1", actor=OFFICER)][-2:] == ["contacted", "contacted"]

    def test_a_command_that_is_overtaken_is_refused_by_what_is_then_true(self) -> None:
        store = InterruptedStore()
        desk = open_desk(Clock(), store)
        acknowledged(desk)
        store.before_commit = lambda: desk.do(Resolve(ticket="T1"), actor=OFFICER)
        with pytest.raises(NotAllowedError, match="at step 'resolved'"):
            desk.do(Resolve(ticket="T1"), actor=OFFICER)

    def test_who_is_never_fast_enough_is_told(self) -> None:
        with pytest.raises(ConflictError, match="repeat the command"):
            registered(open_desk(Clock(), ConflictingStore()))


class TestNumbersOfOthers:
    """The number that the source of an import gave a ticket: each pair once."""

    def register(self, desk: Desk, ticket: str, source: str | None, number: str) -> None:
        """Register what came from a source under a number of its own."""
        action = Register(ticket=ticket, matter="x", source=source, external_id=number)
        desk.do(action, actor=WINDOW)

    @pytest.mark.parametrize("source", ["好差评", None])
    def test_the_same_number_of_the_same_source_is_one_ticket(self, desk: Desk, source: str | None) -> None:
        self.register(desk, "T1", source, "9")
        with pytest.raises(ArgumentError, match=r"already.*'T1'"):
            self.register(desk, "T2", source, "9")

    @pytest.mark.parametrize(("source", "number"), [("好差评", "8"), ("12345", "9"), (None, "9")])
    def test_another_number_or_another_source_is_another(
        self, desk: Desk, source: str | None, number: str
    ) -> None:
        self.register(desk, "T1", "好差评", "9")
        self.register(desk, "T2", source, number)
        assert ["T1", "T2"] == [it.id for it in desk.find(actor=WINDOW)]

    def test_two_pairs_are_never_taken_for_one(self, desk: Desk) -> None:
        self.register(desk, "T1", "a\nb", "9")
        self.register(desk, "T2", "a", "b\n9")
        assert 2 == len(desk.find(actor=WINDOW))

    def test_a_number_without_a_source_is_not_needed(self, desk: Desk) -> None:
        desk.do(Register(ticket="T1", matter="x", source="好差评"), actor=WINDOW)
        desk.do(Register(ticket="T2", matter="x", source="好差评"), actor=WINDOW)
        assert 2 == len(desk.find(actor=WINDOW))


class TestCommandIds:
    def test_the_same_command_gives_the_first_outcome(self, desk: Desk) -> None:
        first, again = [
            desk.do(Register(ticket="T1", matter=OWNED), actor=WINDOW, command_id="c1") for _ in range(2)
        ]
        assert first == again

    def test_the_same_command_happens_once(self, desk: Desk) -> None:
        for _ in range(3):
            desk.do(Register(ticket="T1", matter=OWNED), actor=WINDOW, command_id="c1")
        assert desk.get("T1", actor=WINDOW).version == 1

    def test_the_first_outcome_stays_the_first_after_the_ticket_went_on(self, desk: Desk) -> None:
        first = desk.do(Register(ticket="T1", matter=OWNED), actor=WINDOW, command_id="c1")
        desk.do(Accept(ticket="T1"), actor=WINDOW)
        again = desk.do(Register(ticket="T1", matter=OWNED), actor=WINDOW, command_id="c1")
        assert first == again

    def test_the_first_outcome_of_a_command_that_something_followed_stays_too(self, desk: Desk) -> None:
        registered(desk)
        first = desk.do(Accept(ticket="T1"), actor=WINDOW, command_id="c1")
        desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
        again = desk.do(Accept(ticket="T1"), actor=WINDOW, command_id="c1")
        assert first == again

    def test_the_follow_up_is_a_command_of_its_own(self) -> None:
        store = MemoryStore()
        desk = open_desk(Clock(), store)
        registered(desk)
        desk.do(Accept(ticket="T1"), actor=WINDOW, command_id="c1")
        assert store.lookup("chongming", "command", "c1/dispatch") is not None

    @pytest.mark.parametrize(
        "action",
        [
            Register(ticket="T1", matter="y"),
            Register(ticket="T2", matter="x"),
            Register(ticket="T1", matter="x", phone="1"),
            Register(ticket="T1", matter="x", reason="z"),
        ],
    )
    def test_the_same_id_with_other_content_is_an_error(self, desk: Desk, action: Action) -> None:
        desk.do(Register(ticket="T1", matter="x"), actor=WINDOW, command_id="c1")
        with pytest.raises(ArgumentError, match="'c1' was given before with other content"):
            desk.do(action, actor=WINDOW, command_id="c1")

    def test_the_same_id_from_another_actor_is_other_content(self, desk: Desk) -> None:
        desk.do(Register(ticket="T1", matter="x"), actor=WINDOW, command_id="c1")
        with pytest.raises(ArgumentError, match="other content"):
            desk.do(Register(ticket="T1", matter="x"), actor=HEAD, command_id="c1")

    def test_the_same_id_at_another_time_is_other_content(self, desk: Desk) -> None:
        action = Register(ticket="T1", matter="x")
        desk.do(action, actor=WINDOW, command_id="c1", at=instant("2024-03-25 09:50"))
        with pytest.raises(ArgumentError, match="other content"):
            desk.do(action, actor=WINDOW, command_id="c1", at=instant("2024-03-25 09:51"))

    def test_a_refused_command_is_not_stored(self, desk: Desk) -> None:
        with pytest.raises(UnknownTicketError):
            desk.do(Accept(ticket="T1"), actor=WINDOW, command_id="c1")
        registered(desk)
        assert desk.do(Accept(ticket="T1"), actor=WINDOW, command_id="c1").step == "dispatched"

    def test_a_command_that_another_desk_carried_out_meanwhile_gives_its_outcome(self) -> None:
        store = InterruptedStore()
        desk = open_desk(Clock(), store)
        action = Register(ticket="T1", matter="x")
        store.before_commit = lambda: desk.do(action, actor=WINDOW, command_id="c1")
        assert desk.do(action, actor=WINDOW, command_id="c1").version == 1

    def test_a_command_that_was_carried_out_just_before_the_ticket_was_read_gives_its_outcome(self) -> None:
        store = InterruptedStore()
        desk = open_desk(Clock(), store)
        action = Register(ticket="T1", matter="x")
        store.before_load = lambda: desk.do(action, actor=WINDOW, command_id="c1")
        assert desk.do(action, actor=WINDOW, command_id="c1").version == 1

    def test_without_an_id_every_command_is_new(self, desk: Desk) -> None:
        acknowledged(desk)
        versions = [desk.do(Contact(ticket="T1"), actor=OFFICER).version for _ in range(2)]
        assert versions == [5, 6]
