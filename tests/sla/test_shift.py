"""Pauses and extensions: what moves a due time after it was set."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction

import pytest

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import ArgumentError, KindError, UnknownNameError
from bubancheng.sla import (
    Clock,
    Counting,
    Deemed,
    Light,
    Limit,
    Policy,
    Remainder,
    Share,
    Target,
    explain_clock,
)
from bubancheng.ticket import Actor, Effect, Entry, Fact, Ticket, fold

CALENDAR = WorkCalendar.china("09:00-17:00")
ZONE = CALENDAR.table.civil.zone
ACTOR = Actor(id="chen", role="disposal_officer", unit="区公安分局")
# October 2026: 1 to 7 off, Saturday 10 worked; 12 to 16 and 19 to 23 are plain weeks.


def at(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


def ticket(*happened: tuple[str, str, Mapping[str, Fact]]) -> Ticket:
    entries = [
        Entry(
            district="demo",
            ticket="T-1",
            sequence=number,
            kind=kind,
            effect=Effect(step=kind, facts=facts),
            actor=ACTOR,
            at=at(when),
            recorded_at=at(when),
        )
        for number, (kind, when, facts) in enumerate(happened, start=1)
    ]
    return fold(entries, rule="1")


def clock(target: Target, *happened: tuple[str, str, Mapping[str, Fact]], **policy: object) -> Clock:
    made = Policy(targets=(target,), **policy)  # type: ignore[arg-type]
    return made.clocks(ticket(*happened), CALENDAR)[target.name]


def resolve(limit: str, **more: object) -> Target:
    return Target(
        name="resolve",
        starts="acknowledged",
        stops=("resolved",),
        limit=Limit.parse(limit),
        watched=True,
        pauses=frozenset({"waiting_for_papers"}),
        **more,  # type: ignore[arg-type]
    )


Happened = tuple[str, str, Mapping[str, Fact]]
MONDAY: Happened = ("acknowledged", "2026-10-12 10:00", {})
PAPERS: Mapping[str, Fact] = {"pause_reason": "waiting_for_papers"}


def test_a_pause_leaves_out_the_working_days_after_the_day_it_began_up_to_the_day_it_ended() -> None:
    got = clock(
        resolve("3个工作日"),
        MONDAY,
        ("paused", "2026-10-13 10:00", PAPERS),
        ("resumed", "2026-10-15 10:00", {}),
    )
    assert at("2026-10-19 17:00") == got.due  # Thursday 15 plus Wednesday and Thursday


def test_a_pause_within_one_day_leaves_out_no_whole_day() -> None:
    got = clock(
        resolve("3个工作日"),
        MONDAY,
        ("paused", "2026-10-13 10:00", PAPERS),
        ("resumed", "2026-10-13 16:00", {}),
    )
    assert at("2026-10-15 17:00") == got.due


def test_a_pause_within_one_day_leaves_the_hour_of_a_fraction_too() -> None:
    got = clock(
        resolve("1.5个工作日"),
        MONDAY,
        ("paused", "2026-10-13 10:00", PAPERS),
        ("resumed", "2026-10-13 11:00", {}),
    )
    assert at("2026-10-14 13:00") == got.due


def test_an_exact_pause_adds_the_lost_working_time() -> None:
    got = clock(
        resolve("3个工作日"),
        MONDAY,
        ("paused", "2026-10-13 10:00", PAPERS),
        ("resumed", "2026-10-13 16:00", {}),
        counting=Counting(pause="exact"),
    )
    assert at("2026-10-16 15:00") == got.due  # six hours after the close of Thursday 15


def test_a_pause_over_a_weekend_leaves_out_no_day_off() -> None:
    got = clock(
        resolve("5个工作日"),
        MONDAY,
        ("paused", "2026-10-16 16:00", PAPERS),
        ("resumed", "2026-10-18 12:00", {}),
    )
    assert at("2026-10-19 17:00") == got.due


def test_a_reason_that_is_not_listed_pauses_nothing() -> None:
    got = clock(
        resolve("3个工作日"),
        MONDAY,
        ("paused", "2026-10-13 10:00", {"pause_reason": "no_time"}),
        ("resumed", "2026-10-15 10:00", {}),
    )
    assert at("2026-10-15 17:00") == got.due


def test_a_pause_after_the_due_time_no_longer_helps() -> None:
    got = clock(
        resolve("1个工作日"),
        MONDAY,
        ("paused", "2026-10-14 10:00", PAPERS),
        ("resumed", "2026-10-20 10:00", {}),
    )
    assert at("2026-10-13 17:00") == got.due


def test_a_pause_is_left_out_for_its_maximum_at_most() -> None:
    got = clock(
        resolve("3个工作日", pause_max=Limit.parse("1个工作日")),
        MONDAY,
        ("paused", "2026-10-13 10:00", PAPERS),
        ("resumed", "2026-10-22 10:00", {}),
    )
    assert at("2026-10-16 17:00") == got.due


def test_a_pause_of_natural_hours_moves_by_the_elapsed_time() -> None:
    got = clock(
        resolve("24小时"), MONDAY, ("paused", "2026-10-12 11:00", PAPERS), ("resumed", "2026-10-12 13:30", {})
    )
    assert at("2026-10-13 12:30") == got.due


def test_a_pause_of_natural_days_moves_by_days_and_shifts_off_a_day_off() -> None:
    got = clock(
        resolve("3日"), MONDAY, ("paused", "2026-10-13 10:00", PAPERS), ("resumed", "2026-10-15 10:00", {})
    )
    assert at("2026-10-19 17:00") == got.due  # 15 plus two is Saturday 17


@pytest.mark.parametrize(
    ("limit", "due"),
    [
        ("7日", "2026-10-21 17:00"),  # 19 and two days
        ("1个月", "2026-11-16 17:00"),  # 12 November and two days is a Saturday
        ("5个工作日", "2026-10-19 17:00"),  # no working day was lost
    ],
)
def test_a_pause_over_a_weekend_leaves_out_natural_days_of_natural_days_only(limit: str, due: str) -> None:
    got = clock(
        resolve(limit), MONDAY, ("paused", "2026-10-16 18:00", PAPERS), ("resumed", "2026-10-18 12:00", {})
    )
    assert at(due) == got.due


def test_a_pause_of_an_agreed_time_leaves_out_natural_days() -> None:
    agreed = {"agreed_due": at("2026-10-20 12:00").isoformat()}
    got = clock(
        resolve("约定"),
        ("acknowledged", "2026-10-12 10:00", agreed),
        ("paused", "2026-10-16 18:00", PAPERS),
        ("resumed", "2026-10-18 12:00", {}),
    )
    assert got.due is not None
    assert at("2026-10-22 17:00").date() == got.due.date()


@pytest.mark.parametrize("limit", ["10个工作小时", "600个工作分钟"])
def test_a_pause_of_working_time_adds_the_lost_working_time(limit: str) -> None:
    """Tuesday 12:00 and the hour that was lost."""
    got = clock(
        resolve(limit), MONDAY, ("paused", "2026-10-12 11:00", PAPERS), ("resumed", "2026-10-12 12:00", {})
    )
    assert at("2026-10-13 13:00") == got.due


def test_a_pause_begins_with_its_first_entry_and_ends_with_the_first_end() -> None:
    got = clock(
        resolve("3个工作日"),
        MONDAY,
        ("resumed", "2026-10-12 11:00", PAPERS),
        ("paused", "2026-10-13 10:00", PAPERS),
        ("paused", "2026-10-13 12:00", PAPERS),
        ("paused", "2026-10-14 10:00", {"pause_reason": "no_time"}),
        ("resumed", "2026-10-15 10:00", {}),
        ("resumed", "2026-10-16 10:00", {}),
    )
    assert ((at("2026-10-13 10:00"), at("2026-10-15 10:00")),) == got.paused
    assert got.paused_since is None


def test_pauses_are_told_in_the_order_in_which_they_happened() -> None:
    """The earlier one was entered later, with the right to backdate."""
    got = clock(
        resolve("5个工作日"),
        MONDAY,
        ("paused", "2026-10-14 10:00", PAPERS),
        ("resumed", "2026-10-15 10:00", {}),
        ("paused", "2026-10-12 11:00", PAPERS),
        ("resumed", "2026-10-13 10:00", {}),
    )
    spans = [("2026-10-12 11:00", "2026-10-13 10:00"), ("2026-10-14 10:00", "2026-10-15 10:00")]
    assert tuple((at(start), at(end)) for start, end in spans) == got.paused
    assert at("2026-10-21 17:00") == got.due


def test_a_pause_of_no_time_is_none() -> None:
    got = clock(
        resolve("3个工作日"),
        MONDAY,
        ("paused", "2026-10-13 10:00", PAPERS),
        ("resumed", "2026-10-13 10:00", {}),
    )
    assert ((), None) == (got.paused, got.paused_since)


def test_while_it_is_paused_the_light_stands_still() -> None:
    got = clock(resolve("3个工作日"), MONDAY, ("paused", "2026-10-13 10:00", PAPERS))
    assert at("2026-10-13 10:00") == got.paused_since
    assert Light.GREEN is got.light(at("2026-10-30 10:00"))
    assert got.next_change(at("2026-10-14 10:00")) is None


def test_an_extension_keeps_both_due_times() -> None:
    got = clock(resolve("3个工作日"), MONDAY, ("extended", "2026-10-14 10:00", {"extension": "2个工作日"}))
    assert at("2026-10-15 17:00") == got.original_due
    assert at("2026-10-19 17:00") == got.due


def test_an_extension_asked_at_the_very_due_time_still_counts() -> None:
    """以内 includes the limit itself (民法典 第1259条)."""
    got = clock(resolve("3个工作日"), MONDAY, ("extended", "2026-10-15 17:00", {"extension": "2个工作日"}))
    assert at("2026-10-19 17:00") == got.due


def test_an_extension_counts_up_to_the_due_time_that_a_pause_has_moved() -> None:
    got = clock(
        resolve("3个工作日"),
        MONDAY,
        ("paused", "2026-10-13 10:00", PAPERS),
        ("resumed", "2026-10-15 10:00", {}),
        ("extended", "2026-10-16 10:00", {"extension": "2个工作日"}),
    )
    assert (at("2026-10-19 17:00"), at("2026-10-21 17:00")) == (got.original_due, got.due)


def test_a_pause_counts_up_to_the_due_time_that_an_extension_has_moved() -> None:
    got = clock(
        resolve("3个工作日"),
        MONDAY,
        ("extended", "2026-10-14 10:00", {"extension": "2个工作日"}),
        ("paused", "2026-10-16 10:00", PAPERS),
        ("resumed", "2026-10-20 10:00", {}),
    )
    assert (at("2026-10-15 17:00"), at("2026-10-21 17:00")) == (got.original_due, got.due)


def test_a_pause_and_an_extension_of_one_instant_both_count() -> None:
    got = clock(
        resolve("3个工作日"),
        MONDAY,
        ("paused", "2026-10-14 10:00", PAPERS),
        ("extended", "2026-10-14 10:00", {"extension": "1个工作日"}),
        ("resumed", "2026-10-15 10:00", {}),
    )
    assert (at("2026-10-16 17:00"), at("2026-10-19 17:00")) == (got.original_due, got.due)


@pytest.mark.parametrize(
    ("limit", "start", "extension", "due", "provisional"),
    [
        # 2026-12-28, a Monday, is the last settled day (design 3.1)
        ("3个工作日", "2026-12-22 10:00", ("2026-12-23 10:00", "1个工作日"), "2026-12-28 17:00", False),
        ("3个工作日", "2026-12-22 10:00", ("2026-12-23 10:00", "2个工作日"), "2026-12-29 17:00", True),
        ("1个工作日", "2026-12-28 10:00", ("2026-12-28 11:00", "1个工作日"), "2026-12-30 17:00", True),
        # natural hours never are
        ("24小时", "2026-12-28 10:00", ("2026-12-28 11:00", "24小时"), "2026-12-30 10:00", False),
        # asked too late: nothing was consulted after the start day
        ("2个工作小时", "2027-03-02 09:00", ("2027-03-02 12:00", "1个工作日"), "2027-03-02 11:00", False),
    ],
)
def test_a_due_time_that_is_moved_past_the_settled_days_is_provisional(
    limit: str, start: str, extension: tuple[str, str], due: str, *, provisional: bool
) -> None:
    asked, by = extension
    got = clock(resolve(limit), ("acknowledged", start, {}), ("extended", asked, {"extension": by}))
    assert (at(due), provisional) == (got.due, got.provisional)


def test_an_extension_asked_after_the_due_time_changes_nothing() -> None:
    got = clock(resolve("3个工作日"), MONDAY, ("extended", "2026-10-15 17:01", {"extension": "2个工作日"}))
    assert at("2026-10-15 17:00") == got.due


def test_a_clock_names_the_extensions_that_counted_in_their_order() -> None:
    """Monday and three days is Thursday 15; one more is Friday, two more is Tuesday 20; Wednesday is too late."""
    got = clock(
        resolve("3个工作日"),
        MONDAY,
        ("extended", "2026-10-14 10:00", {"extension": "1个工作日"}),
        ("extended", "2026-10-16 17:00", {"extension": "2个工作日"}),
        ("extended", "2026-10-21 10:00", {"extension": "3个工作日"}),
    )
    extensions = (Limit.parse("1个工作日"), Limit.parse("2个工作日"))
    assert (extensions, at("2026-10-20 17:00")) == (got.extensions, got.due)


def test_an_extension_of_another_target_changes_nothing() -> None:
    got = clock(
        resolve("3个工作日"),
        MONDAY,
        ("extended", "2026-10-14 10:00", {"extension": "2个工作日", "target": "contact"}),
    )
    assert at("2026-10-15 17:00") == got.due


def test_reclassification_counts_from_the_original_start() -> None:
    target = Target(
        name="resolve",
        starts="acknowledged",
        stops=("resolved",),
        limits={"general": Limit.parse("3个工作日"), "complex": Limit.parse("5个工作日")},
        unclassified="general",
        watched=True,
    )
    assert at("2026-10-15 17:00") == clock(target, MONDAY).due
    got = clock(target, MONDAY, ("classified", "2026-10-14 10:00", {"class": "complex"}))
    assert at("2026-10-19 17:00") == got.due


def test_a_target_may_start_at_the_due_time_of_another() -> None:
    callback = Target(
        name="callback", starts="due:resolve", stops=("called_back",), limit=Limit.parse("4个工作日")
    )
    policy = Policy(targets=(callback, resolve("3个工作日")))
    got = policy.clocks(ticket(MONDAY), CALENDAR)["callback"]
    assert at("2026-10-21 17:00") == got.due  # Thursday 15 17:00: Friday is day 1
    assert (at("2026-10-15 17:00"), False) == (got.started, got.deemed)


def test_a_target_may_start_with_a_step() -> None:
    target = Target(
        name="study", starts="step:studied,decided", stops=("decided",), limit=Limit.parse("30分钟")
    )
    got = clock(target, ("acknowledged", "2026-10-12 10:00", {}), ("studied", "2026-10-12 10:20", {}))
    assert at("2026-10-12 10:50") == got.due


def test_each_co_handler_has_a_clock_of_its_own() -> None:
    target = Target(
        name="co_handling",
        starts="co_handling_requested",
        stops=("co_handling_answered",),
        per="co_handler",
        limit=Limit.parse("1个工作日"),
    )
    got = Policy(targets=(target, resolve("5个工作日"))).clocks(
        ticket(
            MONDAY,
            ("co_handling_requested", "2026-10-12 11:00", {"co_handler": "区民政局"}),
            ("co_handling_requested", "2026-10-13 11:00", {"co_handler": "区税务局"}),
            ("co_handling_answered", "2026-10-13 15:00", {"co_handler": "区税务局"}),
        ),
        CALENDAR,
    )
    assert at("2026-10-13 17:00") == got["co_handling:区民政局"].due
    assert got["co_handling:区民政局"].stopped is None
    assert at("2026-10-14 17:00") == got["co_handling:区税务局"].due
    assert at("2026-10-13 15:00") == got["co_handling:区税务局"].stopped


HALF = Target(
    name="co_handling",
    starts="co_handling_requested",
    stops=("co_handling_answered",),
    per="co_handler",
    remainder=Remainder(of="resolve"),
    capped_by="resolve",
)


@pytest.mark.parametrize(
    ("requested", "agreed", "expected"),
    [
        ("2026-10-12 11:00", None, "2026-10-14 17:00"),  # five left (13, 14, 15, 16, 19): two
        ("2026-10-13 11:00", None, "2026-10-15 17:00"),  # four left: two
        ("2026-10-14 11:00", None, "2026-10-15 17:00"),  # three left: one and a half, the half does not count
        ("2026-10-16 11:00", None, "2026-10-19 17:00"),  # one left: at least one
        ("2026-10-17 11:00", None, "2026-10-19 17:00"),  # a Saturday; Monday is left
        (
            "2026-10-19 11:00",
            None,
            "2026-10-19 17:00",
        ),  # none left: at least one, but never after the lead's own
        ("2026-10-12 11:00", "2026-10-16T12:00:00+08:00", "2026-10-16 12:00"),  # set by the lead
        ("2026-10-12 11:00", "2026-10-26T12:00:00+08:00", "2026-10-19 17:00"),  # but never after its own
    ],
)
def test_a_co_handler_has_half_of_the_working_days_that_are_left_unless_the_lead_sets_a_time(
    requested: str, agreed: str | None, expected: str
) -> None:
    """Decision 23: five working days from Monday 12 October end on Monday the 19th."""
    facts: dict[str, Fact] = {"co_handler": "区民政局", "agreed_due": agreed}
    events = ticket(MONDAY, ("co_handling_requested", requested, facts))
    made = Policy(targets=(HALF, resolve("5个工作日"))).clocks(events, CALENDAR)
    assert at(expected) == made["co_handling:区民政局"].due


def test_half_of_what_has_no_end_has_no_end() -> None:
    events = ticket(("co_handling_requested", "2026-10-12 11:00", {"co_handler": "区民政局"}))
    made = Policy(targets=(HALF, resolve("5个工作日"))).clocks(events, CALENDAR)
    assert made["co_handling:区民政局"].due is None


@pytest.mark.parametrize("wrong", [{"part": Fraction(0)}, {"part": Fraction(3, 2)}, {"at_least": 0}])
def test_a_remainder_that_cannot_be_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ArgumentError, match="part above 0 up to 1"):
        Remainder(of="resolve", **wrong)  # type: ignore[arg-type]


def test_a_new_round_is_a_new_clock() -> None:
    target = Target(
        name="rectify", starts="supervised", stops=("rectified",), limit=Limit.parse("5个工作日"), again=True
    )
    got = clock(
        target,
        ("supervised", "2026-10-12 10:00", {}),
        ("rectified", "2026-10-13 10:00", {}),
        ("supervised", "2026-10-14 10:00", {}),
    )
    assert at("2026-10-21 17:00") == got.due
    assert got.stopped is None


def test_an_agreed_due_time_is_taken_as_it_is() -> None:
    agreed = at("2026-10-20 12:00").isoformat()
    got = clock(resolve("约定"), MONDAY, ("classified", "2026-10-13 10:00", {"agreed_due": agreed}))
    assert (at("2026-10-20 12:00"), False) == (got.due, got.provisional)
    assert clock(resolve("约定"), MONDAY).due is None


def test_numbered_warnings_begin_one_after_the_other() -> None:
    got = clock(
        resolve("5个工作日"),
        MONDAY,
        levels=(Limit.parse("3个工作日"), Limit.parse("24小时"), Share(Fraction(1, 10))),
    )
    assert (at("2026-10-19 17:00"), at("2026-10-18 17:00")) == (got.due, got.yellow_from)
    # 3 working days before: Wednesday 14 17:00; 24 hours: Sunday 18 17:00; a tenth of 47 hours: 12:18
    assert [0, 1, 1, 2, 2, 3] == [
        got.level(at(text))
        for text in (
            "2026-10-14 16:59",
            "2026-10-14 17:00",
            "2026-10-18 16:59",
            "2026-10-18 17:00",
            "2026-10-19 12:17",
            "2026-10-19 12:18",
        )
    ]


def test_a_closed_ticket_may_turn_green() -> None:
    late: Happened = ("resolved", "2026-10-16 10:00", {})
    assert Light.RED is clock(resolve("3个工作日"), MONDAY, late).light(at("2026-10-20 10:00"))
    assert Light.GREEN is clock(resolve("3个工作日"), MONDAY, late, closed="green").light(
        at("2026-10-20 10:00")
    )
    assert clock(resolve("3个工作日"), MONDAY, late, closed="green").is_overdue(at("2026-10-20 10:00"))


def waiting(name: str, starts: str = "a", capped_by: str | None = None) -> Target:
    return Target(name=name, starts=starts, stops=("x",), capped_by=capped_by)


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ([waiting(name) for name in "dcbaabcd"], "; ".join(f"target {it!r} is given twice" for it in "abcd")),
        ([waiting("a", "due:b")], "target 'a' waits for 'b', which does not exist"),
        (
            [waiting("a", "due:b", "c"), waiting("c")],
            "target 'a' waits for 'b', which does not exist",
        ),
        ([waiting("a", capped_by="c")], "target 'a' waits for 'c', which does not exist"),
        (
            [waiting("a", "due:b"), waiting("b", "due:a"), waiting("c")],
            r"targets wait for each other [(]capped_by, due:[)]: a, b",
        ),
        ([waiting("a", capped_by="a")], r"targets wait for each other [(]capped_by, due:[)]: a"),
    ],
    ids=["twice", "no start", "no start but a cap", "no cap", "a ring", "its own cap"],
)
def test_targets_that_cannot_be_are_refused_by_name(targets: list[Target], words: str) -> None:
    with pytest.raises(ArgumentError, match=f"^{words}$"):
        Policy(targets=tuple(targets))


@pytest.mark.parametrize("agreed", ["tomorrow", 5, "2026-12-30T10:00", ""])
def test_an_agreed_time_that_is_no_instant_is_refused(agreed: Fact) -> None:
    with pytest.raises(ArgumentError, match=f"'agreed_due' .*{str(agreed)!r}"):
        clock(resolve("约定"), MONDAY, ("classified", "2026-10-13 10:00", {"agreed_due": agreed}))


def test_an_extension_that_says_no_limit_is_refused() -> None:
    with pytest.raises(ArgumentError, match="is not a limit"):
        clock(resolve("3个工作日"), MONDAY, ("extended", "2026-10-14 10:00", {}))


def test_a_policy_knows_its_targets_and_what_a_closed_ticket_shows() -> None:
    policy = Policy(targets=(resolve("3个工作日"),))
    assert "resolve" == policy.target("resolve").name
    with pytest.raises(UnknownNameError, match=r"目标 target.*'nope'.*resolve"):
        policy.target("nope")
    with pytest.raises(ArgumentError, match=r"frozen.*green.*'blue'"):
        Policy(targets=(), closed="blue")
    with pytest.raises(KindError, match=r"Limit\.parse"):
        Target(name="x", starts="a", stops=("b",), limit="当日")  # type: ignore[arg-type]


def test_an_explanation_of_a_clock_that_is_not_there_names_those_that_are() -> None:
    policy, made = Policy(targets=(resolve("3个工作日"),)), ticket(MONDAY)
    with pytest.raises(UnknownNameError, match="resolve"):
        explain_clock(policy, made, CALENDAR, at("2026-10-13 10:00"), target="nope")
    with pytest.raises(KindError, match="aware datetime"):
        explain_clock(policy, made, CALENDAR, dt.datetime(2026, 10, 13))


def test_a_clock_that_an_early_end_keeps_from_starting_is_not_deemed_to_have_started() -> None:
    target = Target(
        name="resolve",
        starts="acknowledged",
        stops=("resolved",),
        limit=Limit.parse("3个工作日"),
        deemed=Deemed(kind="dispatched", after=Limit.parse("1个工作日")),
        watched=True,
    )
    got = clock(target, ("dispatched", "2026-10-12 10:00", {}), ("resolved", "2026-10-12 15:00", {}))
    assert (None, False, None) == (got.started, got.deemed, got.due)
