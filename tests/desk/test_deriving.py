"""Facts that follow from a ticket's own history: counted once, when the entry is written."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs
import pytest

from bubancheng.actions import (
    Acknowledge,
    Archive,
    AttemptContact,
    Decline,
    Delegate,
    Dispatch,
    InformOnce,
    Return,
)
from bubancheng.desk import Desk
from bubancheng.desk.deriving import Happening, derived
from bubancheng.district import Unreachable
from bubancheng.store import MemoryStore
from bubancheng.ticket import Effect, Fact, fold
from tests.acting import (
    CALENDAR,
    CENTRE,
    DISTRICT,
    OFFICER,
    OWNER,
    WINDOW,
    Clock,
    accepted,
    acknowledged,
    instant,
    open_desk,
    registered,
)
from tests.support import US
from tests.ticket.test_entry import entry

OTHER, THIRD = "区民政局", "区残联"
RULE = DISTRICT.rule("2023-10-26")
MONDAY = instant("2024-03-25 10:00")

Before = tuple[str, Mapping[str, Fact]] | tuple[str, Mapping[str, Fact], dt.datetime]


def happening(*before: Before, at: dt.datetime = MONDAY, **facts: Fact) -> Happening:
    """Return an entry that is about to be written, after these."""
    entries = [entry(at=MONDAY)]
    for number, (kind, given, *when) in enumerate(before, start=2):
        entries.append(
            entry(sequence=number, kind=kind, at=when[0] if when else MONDAY, effect=Effect(facts=given))
        )
    return Happening(
        ticket=fold(entries, rule=RULE.version),
        facts=facts,
        actor=OFFICER,
        at=at,
        head="head",
        rule=RULE,
        calendar=CALENDAR,
    )


@pytest.fixture
def clock() -> Clock:
    """A clock that stands at Monday 10:00."""
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Desk:
    """A desk without tickets."""
    return open_desk(clock)


@pytest.mark.parametrize("kind", ["noted", "contacted", "resolved", "nonsense"])
def test_most_entries_add_nothing(kind: str) -> None:
    assert {} == derived(kind, happening(("dispatched", {"unit": OWNER})))


class TestDispatches:
    @pytest.mark.parametrize(
        ("units", "expected"),
        [
            ([OWNER], (None, None)),
            ([OWNER, OTHER], (2, None)),
            ([OWNER, OWNER], (2, True)),
            ([OWNER, OTHER, THIRD], (3, None)),
            ([OWNER, OTHER, OWNER], (3, True)),
        ],
        ids=["once", "to another", "back at once", "to a third", "to and fro"],
    )
    def test_repeated_ones_are_counted_and_going_back_is_told(
        self, units: list[str], expected: tuple[int | None, bool | None]
    ) -> None:
        *before, last = units
        found = derived("dispatched", happening(*[("dispatched", {"unit": it}) for it in before], unit=last))
        assert expected == (found.get("dispatches"), found.get("ping_pong"))

    def test_what_went_to_and_fro_once_stays_known(self, desk: Desk) -> None:
        accepted(desk)
        desk.do(Return(ticket="T1", reason="不属本局"), actor=OFFICER)
        ticket = desk.do(Dispatch(ticket="T1", unit=OWNER, reason="电话核实"), actor=CENTRE)
        assert (2, True) == (ticket.facts["dispatches"], ticket.facts["ping_pong"])

    def test_a_dispatch_by_hand_forgets_the_rule_of_the_first(self, desk: Desk) -> None:
        before = accepted(desk).text("dispatch_rule")
        desk.do(Return(ticket="T1", reason="不属本局"), actor=OFFICER)
        after = desk.do(Dispatch(ticket="T1", unit=OTHER, reason="电话核实"), actor=CENTRE)
        assert ("matter_owner", None) == (before, after.text("dispatch_rule"))


class TestReturns:
    @pytest.mark.parametrize("before", [0, 1, 2])
    def test_they_are_counted(self, before: int) -> None:
        found = derived("returned", happening(*[("returned", {})] * before))
        assert before + 1 == found["returns"]

    def test_nobody_is_responsible_any_more_and_who_gave_it_back_is_known(self, desk: Desk) -> None:
        acknowledged(desk)
        ticket = desk.do(Return(ticket="T1", reason="不属本局"), actor=OFFICER)
        facts = {name: ticket.facts[name] for name in ("unit", "first_receiver", "returned_by", "returns")}
        assert {"unit": None, "first_receiver": None, "returned_by": OWNER, "returns": 1} == facts

    def test_the_unit_it_was_passed_down_to_loses_it_too(self) -> None:
        found = derived(
            "returned", happening(("delegated", {"delegate": "所"}), ("dispatched", {"unit": OWNER}))
        )
        assert (None, OWNER) == (found["delegate"], found["returned_by"])


class TestFirstReceiver:
    """Who takes it first stays responsible (首受负责制)."""

    def test_the_unit_that_acknowledged_first_is_kept(self, desk: Desk) -> None:
        assert OWNER == acknowledged(desk).facts["first_receiver"]

    def test_passing_it_down_changes_nothing(self, desk: Desk) -> None:
        registered(desk, matter="营业执照变更登记")
        ticket = accepted(desk, "T2", "营业执照变更登记")
        officer = attrs.evolve(OFFICER, unit=ticket.unit)
        desk.do(Acknowledge(ticket="T2"), actor=officer)
        ticket = desk.do(Delegate(ticket="T2", delegate="城桥镇市场监管所"), actor=officer)
        assert ("区市场监管局", "区市场监管局") == (ticket.unit, ticket.facts["first_receiver"])

    def test_after_a_return_it_is_who_takes_it_next(self, desk: Desk) -> None:
        accepted(desk)
        desk.do(Return(ticket="T1", reason="不属本局"), actor=OFFICER)
        desk.do(Dispatch(ticket="T1", unit=OTHER, reason="电话核实"), actor=CENTRE)
        ticket = desk.do(Acknowledge(ticket="T1"), actor=attrs.evolve(OFFICER, unit=OTHER))
        assert OTHER == ticket.facts["first_receiver"]


class TestAttempts:
    """Three attempts at different times over two half-days count as a contact (decision 17)."""

    @pytest.mark.parametrize(
        ("times", "unreachable"),
        [
            (["25 10:00"], False),
            (["25 10:00", "25 14:00"], False),
            (["25 09:00", "25 10:00", "25 11:59:59.999999"], False),
            (["25 09:00", "25 10:00", "25 12:00"], True),
            (["25 12:00", "25 14:00", "25 16:00"], False),
            (["25 11:59:59.999999", "25 12:00", "25 12:00:00.000001"], True),
            (["25 10:00", "25 11:00", "26 09:00"], True),
            (["25 16:00", "26 00:00", "26 09:00"], True),
            (["25 10:00", "25 14:00", "25 14:00"], False),
            (["25 10:00", "25 10:00", "25 14:00"], False),
            (["25 10:00", "25 14:00", "26 10:00", "26 14:00"], True),
        ],
        ids=[
            "one",
            "two half-days, two attempts",
            "three in one morning",
            "noon is afternoon",
            "three in one afternoon",
            "around noon",
            "two mornings",
            "midnight begins a half-day",
            "the last twice at one instant",
            "the first twice at one instant",
            "more than enough",
        ],
    )
    def test_enough_attempts_over_enough_half_days(self, times: list[str], *, unreachable: bool) -> None:
        *before, last = [instant(f"2024-03-{it}") for it in times]
        tries: list[Before] = [("contact_attempted", {}, at) for at in before]
        found = derived("contact_attempted", happening(*tries, at=last))
        assert unreachable == found.get("unreachable", False)

    def test_half_days_are_the_districts_own(self) -> None:
        """03:30 and 04:00 UTC are 11:30 and noon in China."""
        utc = [dt.datetime(2024, 3, 25, 3, 30, tzinfo=dt.UTC), dt.datetime(2024, 3, 25, 4, tzinfo=dt.UTC)]
        tries: list[Before] = [("contact_attempted", {}, at) for at in (utc[0], utc[0] + US)]
        assert derived("contact_attempted", happening(*tries, at=utc[1]))["unreachable"] is True

    def test_one_instant_in_two_zones_is_one(self) -> None:
        at, utc = instant("2024-03-25 14:00"), dt.datetime(2024, 3, 25, 6, tzinfo=dt.UTC)
        found = derived(
            "contact_attempted", happening(("contact_attempted", {}), ("contact_attempted", {}, at), at=utc)
        )
        assert "unreachable" not in found

    @pytest.mark.parametrize(
        ("wanted", "unreachable"),
        [
            (None, False),
            (Unreachable(attempts=1, half_days=1), True),
            (Unreachable(attempts=2, half_days=1), False),
            (Unreachable(attempts=1, half_days=2), False),
        ],
    )
    def test_how_many_are_enough_is_the_rules_word(
        self, wanted: Unreachable | None, *, unreachable: bool
    ) -> None:
        one = attrs.evolve(happening(), rule=attrs.evolve(RULE, unreachable=wanted))
        assert unreachable == derived("contact_attempted", one).get("unreachable", False)

    def test_they_are_counted(self) -> None:
        assert [1, 2, 3] == [
            derived("contact_attempted", happening(*[("contact_attempted", {})] * it))["attempts"]
            for it in range(3)
        ]

    def test_who_cannot_be_reached_counts_as_contacted_at_the_last_attempt(
        self, desk: Desk, clock: Clock
    ) -> None:
        acknowledged(desk)
        for time in ("2024-03-25 10:30", "2024-03-25 14:00", "2024-03-26 17:00"):
            clock.put(time)
            desk.do(AttemptContact(ticket="T1", tried_by="电话"), actor=OFFICER)
        (line,) = desk.board(instant("2024-03-27 10:00"))
        assert (False, []) == (line.contact_overdue, desk.sweep(instant("2024-03-27 10:00")))

    def test_two_attempts_are_no_contact(self, desk: Desk, clock: Clock) -> None:
        acknowledged(desk)
        for time in ("2024-03-25 14:00", "2024-03-26 17:00"):
            clock.put(time)
            desk.do(AttemptContact(ticket="T1", tried_by="电话"), actor=OFFICER)
        (line,) = desk.board(instant("2024-03-27 10:00"))
        assert line.contact_overdue


class TestNotices:
    """A second notice that asks for other papers breaks the promise to tell all at once (一次性告知)."""

    @pytest.mark.parametrize(
        ("before", "missing", "violation"),
        [
            ([], ("身份证",), False),
            ([("身份证",)], ("身份证",), False),
            ([("身份证", "户口簿")], ("户口簿", "身份证"), False),
            ([("身份证",)], ("身份证", "户口簿"), True),
            ([("身份证", "户口簿")], ("身份证",), True),
            ([("身份证",)], ("户口簿",), True),
            ([("身份证",), ("户口簿",)], ("户口簿",), True),
        ],
        ids=["first", "same", "other order", "more", "fewer", "another", "back to the second"],
    )
    def test_a_different_list_is_a_violation(
        self, before: list[tuple[str, ...]], missing: tuple[str, ...], *, violation: bool
    ) -> None:
        earlier: list[Before] = [("informed", {"missing": it}) for it in before]
        found = derived("informed", happening(*earlier, missing=missing))
        assert violation == found.get("notice_violation", False)

    def test_it_is_on_record_for_good(self, desk: Desk) -> None:
        registered(desk)
        for missing in (("身份证",), ("身份证", "户口簿"), ("身份证",)):
            ticket = desk.do(InformOnce(ticket="T1", missing=missing), actor=WINDOW)
        assert ticket.facts["notice_violation"] is True


@pytest.mark.parametrize("before", [0, 1, 2])
def test_every_supervision_is_a_round(before: int) -> None:
    assert {"round": before + 1} == derived("supervised", happening(*[("supervised", {})] * before))


def test_the_checksum_of_a_file_is_the_head_of_its_chain_before_the_archiving() -> None:
    store = MemoryStore()
    desk = open_desk(Clock(), store)
    registered(desk)
    decline: dict[str, Any] = {"exclusion": "legal_bar", "citation": "第三条", "explanation": "已说明"}
    desk.do(Decline(ticket="T1", **decline), actor=WINDOW)
    before = [it.hash for it in store.entries("chongming", "T1")][-1]
    assert before == desk.do(Archive(ticket="T1"), actor=WINDOW).facts["archive_checksum"]
