"""Policies: which clocks a ticket has, when they start, end and stop, and which cap another."""

import datetime as dt
from collections.abc import Mapping

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubancheng.errors import ArgumentError, BubanchengError, UnknownDayError
from bubancheng.sla import Clock, Counting, Deemed, Explanation, Light, Limit, Policy, Step, Target
from bubancheng.sla.shift import Moved
from bubancheng.sla.target import Remainder
from tests.sla.tickets import ticket
from tests.strategies import law
from tests.support import DAY, HOUR, MINUTE, US, at, china

# As the Chongming notice has it, with decisions 1, 12, 16 and 18 of domain.md.
DEEMED = Deemed(kind="dispatched", after=Limit.parse("1个工作日"))
CONTACT = Target(
    name="contact",
    starts="acknowledged",
    stops=("contacted", "resolved"),
    limit=Limit.parse("1个工作日"),
    deemed=DEEMED,
    capped_by="finish",
)
FINISH = Target(
    name="finish",
    starts="acknowledged",
    stops=("resolved", "explained"),
    limits={
        "simple": Limit.parse("当日"),
        "general": Limit.parse("3个工作日"),
        "complex": Limit.parse("5个工作日"),
    },
    unclassified="general",
    deemed=DEEMED,
    watched=True,
)
POLICY = Policy(targets=(CONTACT, FINISH))


def beijing(text: str) -> dt.datetime:
    return at(f"{text}+08:00")


REGISTERED = ("registered", beijing("2026-11-20 09:00"))
DISPATCHED = ("dispatched", beijing("2026-11-20 10:00"))  # a Friday: deemed acknowledged on Monday 17:00
ACKNOWLEDGED = ("acknowledged", beijing("2026-11-23 10:00"))
DEEMED_AT = beijing("2026-11-23 17:00")


def clocks(
    *events: tuple[str, dt.datetime], policy: Policy = POLICY, word: str | None = None
) -> Mapping[str, Clock]:
    """Return the clocks of a ticket to which these things happened, classified by a word."""
    facts = {} if word is None else {"class": word}
    return policy.clocks(ticket(REGISTERED, *events, **facts), china())


def finish(*events: tuple[str, dt.datetime], word: str | None = None) -> Clock:
    return clocks(*events, word=word)["finish"]


@pytest.mark.parametrize(
    "record", [Clock, Counting, Deemed, Explanation, Moved, Policy, Remainder, Step, Target]
)
def test_a_record_takes_its_values_by_name(record: type[attrs.AttrsInstance]) -> None:
    assert [] == [field.name for field in attrs.fields(record) if field.init and not field.kw_only]


# -- starting


def test_a_policy_gives_a_clock_for_each_target_by_its_name() -> None:
    found = clocks(("acknowledged", beijing("2026-11-23 10:00")))
    assert {"contact": "contact", "finish": "finish"} == {name: clock.target for name, clock in found.items()}


def test_nothing_runs_before_the_order_is_dispatched() -> None:
    clock = finish()
    assert (None, None, None, False) == (clock.started, clock.due, clock.yellow_from, clock.deemed)
    assert (Light.GREEN, None) == (clock.light(DEEMED_AT), clock.next_change(DEEMED_AT))


def test_a_clock_starts_with_the_acknowledgement() -> None:
    start = beijing("2026-11-23 10:00")
    clock = finish(DISPATCHED, ("acknowledged", start))
    assert (start, False, beijing("2026-11-26 17:00")) == (clock.started, clock.deemed, clock.due)


@pytest.mark.parametrize(
    ("acknowledged", "started", "deemed"),
    [
        (None, DEEMED_AT, True),
        (DEEMED_AT - US, DEEMED_AT - US, False),
        (DEEMED_AT, DEEMED_AT, False),
        (DEEMED_AT + US, DEEMED_AT, True),
        (DEEMED_AT + 30 * DAY, DEEMED_AT, True),
    ],
    ids=["never", "earlier", "equal", "later", "much later"],
)
def test_a_start_comes_by_itself_when_nobody_acknowledges_in_time(
    acknowledged: dt.datetime | None, started: dt.datetime, *, deemed: bool
) -> None:
    """Decision 1: at the close of the next working day after dispatch, if that comes first."""
    events = [("acknowledged", acknowledged)] if acknowledged else []
    for clock in clocks(DISPATCHED, *events).values():
        assert (started, deemed) == (clock.started, clock.deemed)


def test_a_start_that_nothing_can_bring_by_itself_is_not_deemed() -> None:
    start = beijing("2026-11-23 10:00")
    plain = attrs.evolve(FINISH, deemed=None)
    clock = clocks(DISPATCHED, ("acknowledged", start), policy=Policy(targets=(plain,)))["finish"]
    assert (start, False) == (clock.started, clock.deemed)
    undispatched = clocks(("acknowledged", start))["finish"]
    assert (start, False) == (undispatched.started, undispatched.deemed)


def test_a_start_that_comes_by_itself_counts_from_the_first_dispatch() -> None:
    """Sent on to another unit: the citizen's clock never restarts (decision 22)."""
    again = ("dispatched", beijing("2026-11-24 10:00"))
    assert DEEMED_AT == finish(DISPATCHED, again).started


def test_a_deemed_start_lies_ahead_until_it_comes() -> None:
    """Monday 17:00 is after office hours: SIMPLE has until Tuesday's close, yellow from birth."""
    clock = finish(DISPATCHED, word="simple")
    assert beijing("2026-11-24 17:00") == clock.due
    assert [False, True] == [clock.is_running(now) for now in (DEEMED_AT - US, DEEMED_AT)]
    assert [Light.GREEN, Light.YELLOW] == [clock.light(now) for now in (DEEMED_AT - US, DEEMED_AT)]
    assert [None, beijing("2026-11-24 17:00") + US] == [
        clock.next_change(now) for now in (DEEMED_AT - US, DEEMED_AT)
    ]


def test_a_target_without_a_deemed_start_waits() -> None:
    target = Target(name="finish", starts="acknowledged", stops=("resolved",), limit=Limit.parse("当日"))
    assert clocks(DISPATCHED, policy=Policy(targets=(target,)))["finish"].started is None


def test_a_clock_starts_with_the_first_entry_of_its_kind() -> None:
    first, second = beijing("2026-11-23 10:00"), beijing("2026-11-23 16:00")
    assert first == finish(DISPATCHED, ("acknowledged", first), ("acknowledged", second)).started


@pytest.mark.parametrize("closed", ["2026-11-20 11:00", "2026-11-23 16:59:59.999999"])
def test_a_ticket_closed_before_the_start_has_no_clock(closed: str) -> None:
    """Solved before anybody acknowledged: no clock starts after the end."""
    clock = finish(DISPATCHED, ("resolved", beijing(closed)))
    assert (None, None, False) == (clock.started, clock.due, clock.deemed)
    later = DEEMED_AT + 30 * DAY
    assert (Light.GREEN, None, False) == (
        clock.light(later),
        clock.next_change(later),
        clock.is_overdue(later),
    )


def test_a_ticket_closed_at_the_very_start_was_in_time() -> None:
    clock = finish(DISPATCHED, ("resolved", DEEMED_AT))
    assert (DEEMED_AT, DEEMED_AT) == (clock.started, clock.stopped)
    assert not clock.is_overdue(DEEMED_AT + 30 * DAY)


@pytest.mark.parametrize("final", [(), ("withdrawn",)])
def test_what_ends_a_ticket_is_the_policys_word(final: tuple[str, ...]) -> None:
    policy = Policy(targets=(CONTACT, FINISH), final=final)
    found = clocks(DISPATCHED, ("withdrawn", beijing("2026-11-20 11:00")), policy=policy)
    assert ("withdrawn" in final) == (found["finish"].started is None)


# -- ending


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("simple", "2026-11-23 17:00"),
        ("general", "2026-11-26 17:00"),
        ("complex", "2026-11-30 17:00"),
        (None, "2026-11-26 17:00"),
    ],
)
def test_the_class_decides_the_limit_and_without_one_it_is_the_default(
    word: str | None, expected: str
) -> None:
    """Decision 18: GENERAL until somebody classifies."""
    clock = finish(DISPATCHED, ("acknowledged", beijing("2026-11-23 10:00")), word=word)
    assert beijing(expected) == clock.due


def test_a_class_without_a_limit_has_no_due_time_and_stays_green() -> None:
    """HARD is explained and tracked (decision 19)."""
    found = clocks(DISPATCHED, ("acknowledged", beijing("2026-11-23 10:00")), word="hard")
    clock, now = found["finish"], beijing("2027-11-23 10:00")
    assert (beijing("2026-11-23 10:00"), None, None) == (clock.started, clock.due, clock.yellow_from)
    assert (Light.GREEN, None, None) == (clock.light(now), clock.next_change(now), clock.remaining(now))
    assert beijing("2026-11-24 17:00") == found["contact"].due


@pytest.mark.parametrize(
    ("word", "expected"),
    [("simple", "2026-11-23 17:00"), ("general", "2026-11-24 17:00"), ("complex", "2026-11-24 17:00")],
)
def test_a_capped_target_is_never_due_after_the_one_that_caps_it(word: str, expected: str) -> None:
    """Decision 16: the effective contact limit of SIMPLE is the day itself."""
    found = clocks(DISPATCHED, ("acknowledged", beijing("2026-11-23 10:00")), word=word)
    assert beijing(expected) == found["contact"].due


def test_the_order_of_the_targets_does_not_matter_to_a_cap() -> None:
    events = [DISPATCHED, ("acknowledged", beijing("2026-11-23 10:00"))]
    turned = clocks(*events, policy=Policy(targets=(FINISH, CONTACT)), word="simple")
    assert beijing("2026-11-23 17:00") == turned["contact"].due


def test_a_cap_behind_a_cap_holds_in_every_order() -> None:
    first = Target(name="first", starts="a", stops=("z",), limit=Limit.parse("1个工作日"))
    second = Target(
        name="second", starts="a", stops=("z",), limit=Limit.parse("3个工作日"), capped_by="first"
    )
    third = Target(name="third", starts="a", stops=("z",), limit=Limit.parse("5个工作日"), capped_by="second")
    for targets in ((first, second, third), (third, second, first), (third, first, second)):
        found = clocks(("a", beijing("2026-11-23 10:00")), policy=Policy(targets=targets))
        assert {beijing("2026-11-24 17:00")} == {clock.due for clock in found.values()}


def test_a_cap_that_nobody_is_called_is_refused() -> None:
    with pytest.raises(BubanchengError):
        Policy(targets=(CONTACT,)).clocks(ticket(REGISTERED), china())


def test_the_policys_conventions_count_every_limit() -> None:
    """Thursday 2026-11-26 17:50 rolls to Friday (golden table)."""
    policy = Policy(targets=(CONTACT, FINISH), counting=Counting(out_of_hours="roll"))
    found = clocks(("acknowledged", beijing("2026-11-26 17:50")), policy=policy)
    assert (beijing("2026-11-30 17:00"), beijing("2026-12-02 17:00")) == (
        found["contact"].due,
        found["finish"].due,
    )


def test_a_clock_is_provisional_as_its_deadline_is() -> None:
    found = [
        finish(("acknowledged", beijing(start))).provisional
        for start in ("2026-12-23 10:00", "2026-12-24 10:00")
    ]
    assert [False, True] == found


def test_a_capped_clock_is_provisional_as_the_due_time_it_takes_over() -> None:
    """SIMPLE on 28 December 2026: no day after it is met up to the due time, for the contact neither."""
    found = clocks(("acknowledged", beijing("2026-12-28 10:00")), word="simple")
    assert {(beijing("2026-12-28 17:00"), False)} == {(it.due, it.provisional) for it in found.values()}


def test_a_clock_that_is_due_with_its_cap_keeps_its_own_certainty() -> None:
    """Seven natural hours are never provisional, the close of an unannounced day is."""
    natural = attrs.evolve(CONTACT, limit=Limit.parse("7小时"))
    found = clocks(
        ("acknowledged", beijing("2027-03-02 10:00")), policy=Policy(targets=(natural, FINISH)), word="simple"
    )
    due = beijing("2027-03-02 17:00")
    assert [(due, False), (due, True)] == [
        (found[name].due, found[name].provisional) for name in ("contact", "finish")
    ]


def test_a_class_without_a_limit_is_started_and_ended_all_the_same() -> None:
    done = beijing("2026-11-24 10:00")
    policy = Policy(targets=(FINISH,), closed="green")
    clock = clocks(DISPATCHED, ("resolved", done), policy=policy, word="hard")["finish"]
    assert (DEEMED_AT, True, done, None) == (clock.started, clock.deemed, clock.stopped, clock.due)
    assert (True, True) == (clock.met, clock.green_when_done)


def test_a_limit_by_agreement_is_due_when_it_was_agreed() -> None:
    target = Target(name="finish", starts="acknowledged", stops=("resolved",), limit=Limit.parse("约定"))
    policy, start = Policy(targets=(target,)), ("acknowledged", beijing("2026-11-23 10:00"))
    without = policy.clocks(ticket(start), china())["finish"]
    agreed = policy.clocks(ticket(start, agreed_due="2026-12-01T12:00:00+08:00"), china())["finish"]
    assert (None, beijing("2026-12-01 12:00")) == (without.due, agreed.due)


def test_a_start_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(UnknownDayError):
        dict(POLICY.clocks(ticket(("acknowledged", beijing("2101-01-01 10:00"))), china()))


# -- stopping


@pytest.mark.parametrize("kind", ["resolved", "explained"])
def test_any_of_its_entries_stops_a_clock(kind: str) -> None:
    when = beijing("2026-11-24 10:00")
    assert when == finish(DISPATCHED, ("acknowledged", beijing("2026-11-23 10:00")), (kind, when)).stopped


def test_the_first_of_its_entries_stops_a_clock() -> None:
    first, second = beijing("2026-11-24 10:00"), beijing("2026-11-25 10:00")
    clock = finish(
        DISPATCHED, ("acknowledged", beijing("2026-11-23 10:00")), ("explained", first), ("resolved", second)
    )
    assert first == clock.stopped


def test_resolving_stops_the_contact_clock_too() -> None:
    when = beijing("2026-11-23 16:00")
    found = clocks(DISPATCHED, ("acknowledged", beijing("2026-11-23 10:00")), ("resolved", when))
    assert (when, when) == (found["contact"].stopped, found["finish"].stopped)


def test_a_contact_in_time_is_in_time_whatever_comes_after() -> None:
    found = clocks(
        DISPATCHED,
        ("acknowledged", beijing("2026-11-23 10:00")),
        ("contacted", beijing("2026-11-24 17:00")),
        ("resolved", beijing("2026-12-24 17:00")),
    )
    now = beijing("2026-12-31 10:00")
    assert (False, True) == (found["contact"].is_overdue(now), found["finish"].is_overdue(now))


def test_a_late_contact_stays_late_and_does_not_colour_the_light() -> None:
    """Decisions 13 and 14: resolved in time, contact missed."""
    found = clocks(
        DISPATCHED,
        ("acknowledged", beijing("2026-11-23 10:00")),
        ("contacted", beijing("2026-11-24 17:00") + US),
        ("resolved", beijing("2026-11-25 10:00")),
    )
    now = beijing("2026-12-31 10:00")
    assert (True, False) == (found["contact"].is_overdue(now), found["finish"].is_overdue(now))
    assert Light.GREEN == POLICY.watched(found).light(now)


def test_the_light_watches_the_target_that_is_watched() -> None:
    found = clocks(DISPATCHED, ("acknowledged", beijing("2026-11-23 10:00")))
    assert found["finish"] == POLICY.watched(found)


def test_a_policy_that_watches_nothing_says_so() -> None:
    policy = Policy(targets=(Target(name="a", starts="b", stops=("c",)),))
    with pytest.raises(ArgumentError, match="watched=True"):
        policy.watched(policy.clocks(ticket(REGISTERED), china()))


def test_a_simple_order_is_yellow_from_birth_in_office_hours_and_may_start_green_before_days_off() -> None:
    """Decision 12; Wednesday 2026-09-30 after the close is due on Thursday 10-08."""
    inside = finish(("acknowledged", beijing("2026-11-23 10:00")), word="simple")
    before_holiday = finish(("acknowledged", beijing("2026-09-30 17:30")), word="simple")
    assert inside.started is not None
    assert before_holiday.started is not None
    assert [Light.YELLOW, Light.GREEN] == [
        it.light(it.started) for it in (inside, before_holiday) if it.started
    ]
    assert beijing("2026-10-07 17:00") == before_holiday.next_change(before_holiday.started)


# -- laws


@law
@given(
    st.integers(0, 60 * 24 * 60),
    st.sampled_from(["simple", "general", "complex", "hard"]),
    st.integers(0, 60 * 24 * 20),
    st.none() | st.integers(0, 60 * 24 * 40),
)
def test_clocks_are_pure_and_keep_their_order(
    dispatched: int, word: str, acknowledged: int, resolved: int | None
) -> None:
    """The contact is never due after the finish, nothing is due before it starts, and asking twice agrees."""
    start = beijing("2026-09-01 00:00") + dispatched * MINUTE
    events = [("dispatched", start), ("acknowledged", start + acknowledged * MINUTE)]
    if resolved is not None:
        events.append(("resolved", start + resolved * MINUTE))
    found = clocks(*events, word=word)
    assert found == clocks(*events, word=word)
    contact, done = found["contact"], found["finish"]
    assert contact.started == done.started
    if contact.due is not None and done.due is not None:
        assert contact.due <= done.due
    for clock in found.values():
        if clock.due is not None:
            assert clock.started is not None
            assert clock.started <= clock.due
            assert clock.yellow_from == clock.due - 24 * HOUR


class TestWhichClockIsWatched:
    """Two duties from two starts: one class has a limit in the one, another class in the other."""

    POLICY = Policy(
        targets=(
            Target(
                name="at_once",
                starts="registered",
                stops=("resolved",),
                limits={"simple": Limit.parse("1个工作日")},
                watched=True,
            ),
            Target(
                name="later",
                starts="dispatched",
                stops=("resolved",),
                limits={"general": Limit.parse("3个工作日")},
                watched=True,
            ),
        )
    )

    @pytest.mark.parametrize(("category", "expected"), [("simple", "at_once"), ("general", "later")])
    @pytest.mark.parametrize("minutes", [0, 10])
    def test_one_that_is_due_is_not_hidden_by_one_that_has_no_limit(
        self, category: str, expected: str, minutes: int
    ) -> None:
        begun = beijing("2026-03-05 10:00")
        events = (("registered", begun), ("dispatched", begun + minutes * MINUTE))
        clocks = self.POLICY.clocks(ticket(*events, **{"class": category}), china())
        assert expected == self.POLICY.watched(clocks).target

    def test_of_two_without_a_due_time_the_later_one_counts(self) -> None:
        begun = beijing("2026-03-05 10:00")
        seen = ticket(("registered", begun), ("dispatched", begun + DAY))
        assert "later" == self.POLICY.watched(self.POLICY.clocks(seen, china())).target


# -- the clocks as a mapping


class TestClocksAreMadeWhenAskedFor:
    ASKED = clocks(DISPATCHED, ACKNOWLEDGED)

    def test_they_are_a_mapping_like_any_other(self) -> None:
        plain = dict(self.ASKED)
        assert (list(plain), len(plain)) == (list(self.ASKED), len(self.ASKED))
        assert plain == self.ASKED
        assert f"Clocks({plain})" == repr(self.ASKED)

    def test_a_clock_is_the_same_one_whenever_it_is_asked_for(self) -> None:
        assert self.ASKED["finish"] is self.ASKED["finish"]

    @pytest.mark.parametrize("name", ["finished", "", "finish:区民政局"])
    def test_a_name_that_no_target_has_is_not_there(self, name: str) -> None:
        assert name not in self.ASKED
        assert self.ASKED.get(name) is None
        with pytest.raises(KeyError):
            self.ASKED[name]

    def test_a_clock_that_cannot_be_made_does_not_stand_in_the_way_of_others(self) -> None:
        bad = Target(name="agreed", starts="acknowledged", stops=(), limit=Limit.parse("约定"))
        policy = attrs.evolve(POLICY, targets=(*POLICY.targets, bad))
        asked = policy.clocks(ticket(REGISTERED, ACKNOWLEDGED, agreed_due="明天"), china())
        assert clocks(ACKNOWLEDGED)["finish"] == asked["finish"]
        with pytest.raises(ArgumentError, match="明天"):
            asked["agreed"]

    def test_a_new_round_has_a_clock_only_once_it_began(self) -> None:
        target = Target(
            name="again", starts="reopened", stops=("resolved",), limit=Limit.parse("1个工作日"), again=True
        )
        policy = attrs.evolve(POLICY, targets=(*POLICY.targets, target))
        before = policy.clocks(ticket(REGISTERED, ACKNOWLEDGED), china())
        after = policy.clocks(ticket(REGISTERED, ACKNOWLEDGED, ("reopened", ACKNOWLEDGED[1])), china())
        assert ("again" in before, "again" in after) == (False, True)
        assert {*before, "again"} == {*after}
        assert before.get("again", "none") == "none"
        with pytest.raises(KeyError, match=r"^'again'$"):
            before["again"]
