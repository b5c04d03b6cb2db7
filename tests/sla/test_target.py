"""Targets: what starts them, what stops them, a new round, each one apart, and which the light watches."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs
import pytest

from bubancheng.errors import ArgumentError
from bubancheng.sla import Clock, Light, Limit, Policy, Target
from bubancheng.ticket import Actor, Effect, Entry, Fact, Ticket, fold
from tests.support import DAY, at, china

MONDAY = at("2026-11-23 10:00+08:00")  # an ordinary week
DAYS = [MONDAY + number * DAY for number in range(5)]

Event = tuple[str, dt.datetime] | tuple[str, dt.datetime, Mapping[str, Fact]]


def ticket(*events: Event, **facts: Fact) -> Ticket:
    """Return a ticket to which these things happened, each with its own facts; "step" is where it led."""
    entries = []
    everything = [("registered", MONDAY - 30 * DAY, facts), *events]
    for number, (kind, when, *given) in enumerate(everything, start=1):
        values = dict(given[0]) if given else {}
        step = values.pop("step", "somewhere" if number == 1 else None)
        entries.append(
            Entry(
                district="chongming",
                ticket="G1",
                sequence=number,
                kind=kind,
                effect=Effect(step=None if step is None else str(step), facts=values),
                actor=Actor(id="a", role="system"),
                at=when,
                recorded_at=when,
            )
        )
    return fold(entries, rule="2023")


def target(starts: str, *stops: str, **options: Any) -> Target:
    """Return a target of one working day."""
    limit = None if {"limit", "limits", "remainder"} & set(options) else Limit.parse("1个工作日")
    return Target(**({"name": "it", "starts": starts, "stops": stops, "limit": limit} | options))


def clocks(one: Target, *events: Event, **facts: Fact) -> Mapping[str, Clock]:
    """Return the clocks of one target."""
    return Policy(targets=(attrs.evolve(one, watched=True),)).clocks(ticket(*events, **facts), china())


class TestSeveralStarts:
    ONE = target("resolved,solved_on_site", "called_back")

    @pytest.mark.parametrize(
        ("events", "started"),
        [
            ([("resolved", DAYS[0])], DAYS[0]),
            ([("solved_on_site", DAYS[1])], DAYS[1]),
            ([("resolved", DAYS[2]), ("solved_on_site", DAYS[1])], DAYS[1]),
            ([("solved_on_site", DAYS[1]), ("resolved", DAYS[2])], DAYS[1]),
            ([("acknowledged", DAYS[0])], None),
        ],
    )
    def test_the_first_of_any_of_its_kinds_starts_it(
        self, events: list[Event], started: dt.datetime | None
    ) -> None:
        assert started == clocks(self.ONE, *events)["it"].started

    @pytest.mark.parametrize("turned", [False, True])
    def test_the_last_of_any_of_its_kinds_starts_a_new_round(self, *, turned: bool) -> None:
        events: list[Event] = [("resolved", DAYS[0]), ("solved_on_site", DAYS[1])]
        found = clocks(attrs.evolve(self.ONE, again=True), *(events[::-1] if turned else events))
        assert DAYS[1] == found["it"].started

    @pytest.mark.parametrize("kinds", [("explained", "reviewed"), ("reviewed", "reviewed")])
    def test_of_two_at_one_instant_the_later_entry_starts_the_new_round(self, kinds: tuple[str, str]) -> None:
        """A review is due by what the last word says, however fast the two came."""
        one = target("explained,reviewed", "resolved", again=True, limit=Limit.parse("约定"), due_fact="next")
        events: list[Event] = [
            (kind, DAYS[0], {"next": day.isoformat()}) for kind, day in zip(kinds, DAYS[3:], strict=True)
        ]
        assert DAYS[4] == clocks(one, *events)["it"].due


class TestSteps:
    ONE = target("step:waiting,returned", "dispatched", again=True)

    def test_a_step_starts_it_whatever_led_there(self) -> None:
        assert DAYS[0] == clocks(self.ONE, ("accepted", DAYS[0], {"step": "waiting"}))["it"].started

    def test_coming_there_again_starts_a_new_round(self) -> None:
        found = clocks(
            self.ONE,
            ("accepted", DAYS[0], {"step": "waiting"}),
            ("dispatched", DAYS[1], {"step": "sent"}),
            ("returned", DAYS[2], {"step": "returned"}),
        )["it"]
        assert (DAYS[2], None) == (found.started, found.stopped)

    def test_an_entry_that_leads_nowhere_starts_nothing(self) -> None:
        found = clocks(self.ONE, ("accepted", DAYS[0], {"step": "waiting"}), ("noted", DAYS[1]))["it"]
        assert DAYS[0] == found.started

    def test_before_the_first_nothing_runs(self) -> None:
        assert [] == [it for it in clocks(self.ONE, ("noted", DAYS[0])).values() if it.started is not None]


class TestStopsWithAFact:
    """`kind?fact`: only where it is true; `kind?fact=value`: only where it is this."""

    TRIED = target("acknowledged", "contacted", "contact_attempted?unreachable")
    CALLED = target("resolved", "called_back?level=unit")

    @pytest.mark.parametrize(
        ("facts", "stopped"),
        [({}, None), ({"unreachable": False}, None), ({"unreachable": True}, DAYS[1])],
    )
    def test_a_fact_must_be_true(self, facts: dict[str, Fact], stopped: dt.datetime | None) -> None:
        found = clocks(self.TRIED, ("acknowledged", DAYS[0]), ("contact_attempted", DAYS[1], facts))
        assert stopped == found["it"].stopped

    def test_the_first_time_it_is_true_counts(self) -> None:
        found = clocks(
            self.TRIED,
            ("acknowledged", DAYS[0]),
            ("contact_attempted", DAYS[1]),
            ("contact_attempted", DAYS[2], {"unreachable": True}),
            ("contact_attempted", DAYS[3], {"unreachable": True}),
        )
        assert DAYS[2] == found["it"].stopped

    def test_a_stop_without_a_fact_beside_it_needs_none(self) -> None:
        found = clocks(self.TRIED, ("acknowledged", DAYS[0]), ("contacted", DAYS[1], {"unreachable": False}))
        assert DAYS[1] == found["it"].stopped

    @pytest.mark.parametrize(
        ("facts", "stopped"),
        [
            ({}, None),
            ({"level": "centre"}, None),
            ({"level": "units"}, None),
            ({"level": True}, None),
            ({"level": "unit"}, DAYS[1]),
        ],
    )
    def test_a_fact_must_be_this(self, facts: dict[str, Fact], stopped: dt.datetime | None) -> None:
        found = clocks(self.CALLED, ("resolved", DAYS[0]), ("called_back", DAYS[1], facts))
        assert stopped == found["it"].stopped

    def test_the_fact_is_the_entrys_own_and_not_what_the_ticket_knows(self) -> None:
        found = clocks(self.CALLED, ("resolved", DAYS[0]), ("called_back", DAYS[1]), level="unit")
        assert found["it"].stopped is None

    def test_a_number_is_this_too(self) -> None:
        one = target("resolved", "called_back?grade=1")
        found = clocks(one, ("resolved", DAYS[0]), ("called_back", DAYS[1], {"grade": 1}))
        assert DAYS[1] == found["it"].stopped


class TestRounds:
    """`again`: a new start, a new clock, also after the ticket was closed."""

    ONE = target("reopened", "resolved", "explained", again=True)
    ROUND: tuple[Event, ...] = (("acknowledged", DAYS[0]), ("resolved", DAYS[1]), ("reopened", DAYS[2]))

    def test_before_it_starts_there_is_no_clock(self) -> None:
        assert {} == clocks(self.ONE, *self.ROUND[:2])

    def test_what_ended_the_first_round_does_not_end_the_second(self) -> None:
        found = clocks(self.ONE, *self.ROUND)["it"]
        assert (DAYS[2], None) == (found.started, found.stopped)

    def test_what_comes_after_it_ends_it(self) -> None:
        assert DAYS[3] == clocks(self.ONE, *self.ROUND, ("resolved", DAYS[3]))["it"].stopped

    def test_a_third_round_runs_afresh(self) -> None:
        found = clocks(self.ONE, *self.ROUND, ("resolved", DAYS[3]), ("reopened", DAYS[4]))["it"]
        assert (DAYS[4], None) == (found.started, found.stopped)

    def test_a_target_that_starts_once_stays_stopped(self) -> None:
        once = target("acknowledged", "resolved")
        assert DAYS[1] == clocks(once, *self.ROUND, ("acknowledged", DAYS[3]))["it"].stopped

    def test_what_starts_a_round_does_not_end_it(self) -> None:
        """A review is kept by the next one, which sets the time of the one after."""
        one = target("reviewed", "reviewed", again=True)
        found = clocks(one, ("reviewed", DAYS[0]), ("reviewed", DAYS[1]))["it"]
        assert (DAYS[1], None) == (found.started, found.stopped)

    def test_what_happened_before_the_start_in_the_same_instant_does_not_end_it(self) -> None:
        found = clocks(self.ONE, ("resolved", DAYS[1]), ("reopened", DAYS[1]))["it"]
        assert found.stopped is None


class TestApart:
    """`per`: one clock for each value of a fact."""

    ONE = target("asked", "answered", per="unit", again=True)

    def test_each_value_has_its_own_clock(self) -> None:
        found = clocks(
            self.ONE,
            ("asked", DAYS[0], {"unit": "甲"}),
            ("asked", DAYS[1], {"unit": "乙"}),
            ("answered", DAYS[2], {"unit": "甲"}),
        )
        assert {"it:甲": (DAYS[0], DAYS[2]), "it:乙": (DAYS[1], None)} == {
            name: (it.started, it.stopped) for name, it in found.items()
        }

    def test_asked_again_one_runs_afresh(self) -> None:
        found = clocks(
            self.ONE,
            ("asked", DAYS[0], {"unit": "甲"}),
            ("answered", DAYS[1], {"unit": "甲"}),
            ("asked", DAYS[2], {"unit": "甲"}),
        )
        assert (DAYS[2], None) == (found["it:甲"].started, found["it:甲"].stopped)

    def test_an_entry_without_the_fact_starts_none(self) -> None:
        assert {} == clocks(self.ONE, ("asked", DAYS[0]))

    def test_of_several_kinds_the_last_entry_starts_it(self) -> None:
        one = target("asked,reminded", "answered", per="unit", again=True)
        found = clocks(one, ("reminded", DAYS[0], {"unit": "甲"}), ("asked", DAYS[1], {"unit": "甲"}))
        assert DAYS[1] == found["it:甲"].started


class TestWatched:
    """Of several watched targets the light watches the one that started last."""

    FIRST = Target(
        name="resolve",
        starts="acknowledged",
        stops=("resolved",),
        limit=Limit.parse("1个工作日"),
        watched=True,
    )
    AGAIN = Target(
        name="reopened",
        starts="reopened",
        stops=("resolved",),
        limit=Limit.parse("3个工作日"),
        again=True,
        watched=True,
    )
    RECTIFY = Target(
        name="rectification",
        starts="supervised",
        stops=("rectified",),
        limit=Limit.parse("5个工作日"),
        again=True,
        watched=True,
    )
    POLICY = Policy(targets=(FIRST, AGAIN, RECTIFY))

    def watched(self, *events: Event, policy: Policy = POLICY) -> Clock:
        """Return the clock that the light watches."""
        return policy.watched(policy.clocks(ticket(*events), china()))

    @pytest.mark.parametrize(
        ("events", "name"),
        [
            ([], "resolve"),
            ([("acknowledged", DAYS[0])], "resolve"),
            ([("acknowledged", DAYS[0]), ("resolved", DAYS[1])], "resolve"),
            ([("acknowledged", DAYS[0]), ("resolved", DAYS[1]), ("reopened", DAYS[2])], "reopened"),
            ([("acknowledged", DAYS[0]), ("resolved", DAYS[1]), ("supervised", DAYS[2])], "rectification"),
            (
                [
                    ("acknowledged", DAYS[0]),
                    ("supervised", DAYS[1]),
                    ("rectified", DAYS[2]),
                    ("reopened", DAYS[3]),
                ],
                "reopened",
            ),
            (
                [("acknowledged", DAYS[0]), ("reopened", DAYS[1]), ("supervised", DAYS[2])],
                "rectification",
            ),
        ],
    )
    def test_the_one_that_started_last_is_watched(self, events: list[Event], name: str) -> None:
        assert name == self.watched(*events).target

    def test_of_two_that_started_together_the_first_listed_is_watched(self) -> None:
        events: list[Event] = [("acknowledged", DAYS[0]), ("reopened", DAYS[1]), ("supervised", DAYS[1])]
        turned = Policy(targets=(self.FIRST, self.RECTIFY, self.AGAIN))
        found = [self.watched(*events, policy=it).target for it in (self.POLICY, turned)]
        assert ["reopened", "rectification"] == found

    def test_a_red_first_round_does_not_colour_the_second(self) -> None:
        events: list[Event] = [("acknowledged", DAYS[0]), ("resolved", DAYS[3]), ("reopened", DAYS[4])]
        lights = [self.watched(*events[:end]).light(DAYS[4]) for end in (2, 3)]
        assert [Light.RED, Light.GREEN] == lights

    def test_what_is_not_watched_is_never_the_lights(self) -> None:
        late = Target(name="late", starts="noted", stops=("x",), limit=Limit.parse("当日"))
        policy = Policy(targets=(self.FIRST, late))
        events: list[Event] = [("acknowledged", DAYS[0]), ("noted", DAYS[1])]
        assert "resolve" == self.watched(*events, policy=policy).target


class TestWhatATargetSaysOfItself:
    @pytest.mark.parametrize(
        ("given", "kinds", "waits_for", "is_occasional"),
        [
            (target("a"), {"a"}, None, False),
            (target("a,b"), {"a", "b"}, None, False),
            (target("a", again=True), {"a"}, None, True),
            (target("a", per="unit"), {"a"}, None, True),
            (target("step:a,b", again=True), set(), None, False),
            (target("due:other", again=True), set(), "other", False),
        ],
        ids=["a kind", "two kinds", "again", "counted apart", "a step", "a due time"],
    )
    def test_only_kinds_of_entry_start_it_now_and_then(
        self, given: Target, kinds: set[str], waits_for: str | None, *, is_occasional: bool
    ) -> None:
        assert (frozenset(kinds), waits_for) == (given.starting_kinds, given.starts_at_due_of)
        assert is_occasional == given.is_occasional


class TestWhenItReallyHappened:
    """A letter counts from its postmark (民事诉讼法 第85条: 期满前交邮的，不算过期)."""

    POSTED = target("acknowledged", "resolved", stop_fact="postmarked_at")
    DUE = at("2026-11-24 17:00+08:00")

    @pytest.mark.parametrize("postmark", ["昨天", "2026-11-24", "2026-11-24T16:59", 5, True])
    def test_a_postmark_that_is_no_instant_is_refused(self, postmark: Fact) -> None:
        asked = clocks(
            self.POSTED, ("acknowledged", MONDAY), ("resolved", DAYS[2], {"postmarked_at": postmark})
        )
        with pytest.raises(ArgumentError, match="postmarked_at"):
            asked["it"]

    @pytest.mark.parametrize(
        ("postmark", "stopped"),
        [
            ({}, DAYS[2]),
            ({"postmarked_at": "2026-11-24T16:59+08:00"}, at("2026-11-24 16:59+08:00")),
            ({"postmarked_at": "2026-11-24T08:59+00:00"}, at("2026-11-24 16:59+08:00")),
            ({"postmarked_at": "2026-11-26T10:00+08:00"}, DAYS[2]),  # nothing is posted after it came
        ],
        ids=["no letter", "posted in time", "in another zone", "posted after it came"],
    )
    def test_a_letter_counts_from_its_postmark_where_that_is_earlier(
        self, postmark: Mapping[str, Fact], stopped: dt.datetime
    ) -> None:
        clock = clocks(self.POSTED, ("acknowledged", MONDAY), ("resolved", DAYS[2], postmark))["it"]
        assert (self.DUE, stopped, stopped <= self.DUE) == (clock.due, clock.stopped, clock.met)


class TestTwoKindsThatStartItApart:
    ONE = target("asked,asked_again", "answered", per="unit")

    @pytest.mark.parametrize("kinds", [("asked", "asked_again"), ("asked_again", "asked")])
    def test_the_entry_that_was_written_first_starts_it(self, kinds: tuple[str, str]) -> None:
        events: list[Event] = [
            (kind, when, {"unit": "police"}) for kind, when in zip(kinds, (DAYS[1], DAYS[2]), strict=True)
        ]
        assert DAYS[1] == clocks(self.ONE, *events)["it:police"].started


class TestADutyThatWasFulfilledBeforeItBegan:
    @pytest.mark.parametrize(
        "given",
        [
            target("acknowledged", "contacted"),
            target("acknowledged", "contacted?reached"),
            target("step:closing", "contacted", again=True),
        ],
        ids=["plainly", "with a fact", "a step again"],
    )
    def test_it_is_fulfilled_though_nothing_started_it(self, given: Target) -> None:
        clock = clocks(given, ("contacted", DAYS[1], {"reached": True}))["it"]
        assert (None, DAYS[1], True) == (clock.started, clock.stopped, clock.met)


class TestWhichOfSeveralTheLightWatches:
    """The one that started last; of two together the new round, else the one that is listed first."""

    ONE = target("acknowledged", "resolved", name="one", watched=True)
    OTHER = target("dispatched", "contacted", name="other", watched=True)
    ROUND = target("reopened", "resolved", name="round", watched=True, again=True)
    ENDLESS = attrs.evolve(ROUND, limit=None)  # a class without a number of its own
    RUNS: Event = ("acknowledged", DAYS[0])

    @pytest.mark.parametrize(
        ("targets", "events", "name"),
        [
            ((ONE, OTHER), [], "one"),
            ((ONE, OTHER), [("contacted", DAYS[1])], "one"),
            ((ONE, OTHER), [("dispatched", DAYS[0]), ("contacted", DAYS[1])], "other"),
            ((OTHER, ONE), [("dispatched", DAYS[0]), ("contacted", DAYS[1])], "other"),
            ((ONE, OTHER), [RUNS, ("dispatched", DAYS[0])], "one"),
            ((OTHER, ONE), [RUNS, ("dispatched", DAYS[0])], "other"),
            ((ONE, ROUND), [RUNS, ("reopened", DAYS[0])], "round"),
            ((ROUND, ONE), [RUNS, ("reopened", DAYS[0])], "round"),
            ((ONE, ENDLESS), [RUNS, ("reopened", DAYS[1])], "round"),
            ((ENDLESS, ONE), [RUNS, ("reopened", DAYS[1])], "round"),
        ],
        ids=[
            "nothing started",
            "one ended that never started",
            "one started and ended",
            "the same, listed first",
            "two together",
            "two together, turned",
            "a round together with the first",
            "the same, listed first, too",
            "a round without a due time",
            "the same, listed before the first",
        ],
    )
    def test_the_light_watches(self, targets: tuple[Target, ...], events: list[Event], name: str) -> None:
        policy = Policy(targets=targets)
        assert name == policy.watched(policy.clocks(ticket(*events), china())).target


class TestWhatAClockIsMadeOf:
    def test_a_duty_counted_apart_has_no_clock_by_its_own_name(self) -> None:
        asked = clocks(target("asked", "answered", per="unit"), ("asked", MONDAY, {"unit": "police"}))
        assert ["it:police"] == list(asked)
        for name in ("it", "it:fire", "else"):
            with pytest.raises(KeyError, match=f"^'{name}'$"):
                asked[name]

    @pytest.mark.parametrize("events", [[], [("acknowledged", MONDAY)]], ids=["not started", "started"])
    def test_it_names_its_limit_and_what_was_due_at_first(self, events: list[Event]) -> None:
        clock = clocks(target("acknowledged", "resolved"), *events)["it"]
        due = at("2026-11-24 17:00+08:00") if events else None
        assert (Limit.parse("1个工作日"), due, due) == (clock.limit, clock.due, clock.original_due)
