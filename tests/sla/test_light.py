"""The traffic light: its boundaries to the microsecond, when it changes, when it stands still."""

import datetime as dt
import re
from fractions import Fraction
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import ArgumentError, BubanchengError, KindError
from bubancheng.sla import Clock, Light, Limit, Policy, Share, Target
from bubancheng.sla.light import parse_share, parse_warning, warning_begins
from tests.sla.tickets import ticket
from tests.strategies import law
from tests.support import DAY, HOUR, US, at, china

BEIJING = dt.timezone(8 * HOUR)
DUE = at("2026-03-05 17:00+08:00")
STARTED = at("2026-03-02 10:00+08:00")

CLOCK = Clock(
    target="finish",
    started=STARTED,
    deemed=False,
    due=DUE,
    original_due=DUE,
    provisional=False,
    stopped=None,
    yellow_from=DUE - DAY,
)


def stopped(when: dt.datetime) -> Clock:
    return attrs.evolve(CLOCK, stopped=when)


def test_a_light_has_always_these_three_values() -> None:
    assert {"GREEN": "green", "YELLOW": "yellow", "RED": "red"} == {it.name: it.value for it in Light}


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (STARTED, Light.GREEN),
        (DUE - DAY - US, Light.GREEN),
        (DUE - DAY, Light.YELLOW),
        (DUE - DAY + US, Light.YELLOW),
        (DUE - US, Light.YELLOW),
        (DUE, Light.YELLOW),
        (DUE + US, Light.RED),
        (DUE + 365 * DAY, Light.RED),
    ],
)
def test_the_light_is_yellow_from_24_hours_before_the_limit_up_to_it_and_red_after(
    now: dt.datetime, expected: Light
) -> None:
    """Decision 11: both ends in (民法典 第1259条)."""
    assert expected == CLOCK.light(now)


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        (STARTED, DUE - DAY),
        (DUE - DAY - US, DUE - DAY),
        (DUE - DAY, DUE + US),
        (DUE, DUE + US),
        (DUE + US, None),
        (STARTED - US, None),
    ],
)
def test_the_next_change_is_the_first_instant_of_the_next_light(
    now: dt.datetime, expected: dt.datetime | None
) -> None:
    """None when red, and before there is a due time."""
    assert expected == CLOCK.next_change(now)


@pytest.mark.parametrize(
    ("now", "expected"), [(DUE - HOUR, HOUR), (DUE, 0 * HOUR), (DUE + HOUR, -HOUR), (STARTED - US, None)]
)
def test_what_remains_is_natural_time(now: dt.datetime, expected: dt.timedelta | None) -> None:
    assert expected == CLOCK.remaining(now)


@pytest.mark.parametrize(("now", "expected"), [(DUE - US, False), (DUE, False), (DUE + US, True)])
def test_a_clock_is_overdue_after_the_limit_and_not_at_it(now: dt.datetime, *, expected: bool) -> None:
    assert expected == CLOCK.is_overdue(now)


def test_the_light_of_an_instant_is_the_same_in_every_zone() -> None:
    nows = [DUE + n * US for n in (-1, 0, 1)] + [DUE - DAY + n * US for n in (-1, 0)]
    assert [CLOCK.light(now) for now in nows] == [CLOCK.light(now.astimezone(dt.UTC)) for now in nows]


# -- standing still


@pytest.mark.parametrize(
    ("when", "expected", "overdue"),
    [
        (DUE - 2 * DAY, Light.GREEN, False),
        (DUE - DAY - US, Light.GREEN, False),
        (DUE - DAY, Light.YELLOW, False),
        (DUE, Light.YELLOW, False),
        (DUE + US, Light.RED, True),
        (DUE + DAY, Light.RED, True),
    ],
)
def test_a_stopped_light_is_frozen_at_the_instant_it_was_stopped(
    when: dt.datetime, expected: Light, *, overdue: bool
) -> None:
    """Decision 15: in time or late, for ever."""
    clock = stopped(when)
    for later in (when, when + US, DUE, DUE + DAY, DUE + 1000 * DAY):
        now = max(when, later)
        assert (expected, None, overdue) == (clock.light(now), clock.next_change(now), clock.is_overdue(now))
        assert DUE - when == clock.remaining(now)


def test_before_it_was_stopped_a_light_is_what_it_was() -> None:
    clock = stopped(DUE - HOUR)
    assert [Light.GREEN, Light.YELLOW] == [clock.light(now) for now in (STARTED, DUE - DAY)]


@pytest.mark.parametrize(
    ("stop", "now", "expected"),
    [
        (DUE - 2 * DAY, STARTED, None),
        (DUE - DAY - US, STARTED, None),
        (DUE - DAY, STARTED, DUE - DAY),
        (DUE, STARTED, DUE - DAY),
        (DUE, DUE - HOUR, None),
        (DUE + US, DUE - HOUR, DUE + US),
        (DUE + DAY, DUE - HOUR, DUE + US),
    ],
)
def test_a_light_that_is_stopped_in_time_has_no_change_after_it(
    stop: dt.datetime, now: dt.datetime, expected: dt.datetime | None
) -> None:
    """Asked as of an earlier instant: the light never turns once it is frozen."""
    assert expected == stopped(stop).next_change(now)


def test_a_light_that_was_paused_and_then_stopped_stands_where_the_pause_began() -> None:
    clock = attrs.evolve(CLOCK, paused_since=DUE - 2 * DAY, stopped=DUE + DAY)
    now = DUE + 2 * DAY
    assert (Light.GREEN, 2 * DAY, None) == (clock.light(now), clock.remaining(now), clock.next_change(now))


def test_a_pause_after_the_end_changes_nothing() -> None:
    clock = attrs.evolve(CLOCK, stopped=DUE - 2 * DAY, paused_since=DUE - HOUR)
    assert (Light.GREEN, 2 * DAY) == (clock.light(DUE + DAY), clock.remaining(DUE + DAY))


def test_a_clock_of_which_only_the_target_is_known_is_green_and_certain() -> None:
    clock = Clock(target="finish", started=None)
    assert (False, False, None, None) == (clock.deemed, clock.provisional, clock.due, clock.met)
    assert Light.GREEN is clock.light(DUE)


def test_a_clock_that_turns_green_when_done_shows_its_light_until_then() -> None:
    late = attrs.evolve(CLOCK, green_when_done=True, stopped=DUE + DAY)
    nows = [DUE, DUE + US, DUE + DAY - US, DUE + DAY, DUE + DAY + US]
    assert [Light.YELLOW, Light.RED, Light.RED, Light.GREEN, Light.GREEN] == [late.light(now) for now in nows]
    assert Light.RED is attrs.evolve(CLOCK, green_when_done=True).light(DUE + US)


@pytest.mark.parametrize(
    ("when", "expected"),
    [(None, None), (DUE - US, True), (DUE, True), (DUE + US, False), (DUE + DAY, False)],
)
def test_a_duty_is_met_up_to_its_due_time(when: dt.datetime | None, expected: bool | None) -> None:  # noqa: FBT001
    """None while it is open (民法典 第1259条: 以内 has both ends in)."""
    clock = attrs.evolve(CLOCK, stopped=when)
    assert expected is clock.met


def test_a_duty_without_a_due_time_is_met_whenever_it_is_done() -> None:
    assert attrs.evolve(CLOCK, due=None, yellow_from=None, stopped=DUE).met is True


def test_no_numbered_warning_has_begun_before_the_start() -> None:
    clock = attrs.evolve(CLOCK, levels=(STARTED - DAY, DUE))
    assert [0, 1, 2] == [clock.level(now) for now in (STARTED - US, STARTED, DUE)]


def test_a_clock_that_nothing_started_does_not_run() -> None:
    clock = attrs.evolve(CLOCK, started=None)
    assert (False, Light.GREEN) == (clock.is_running(DUE + DAY), clock.light(DUE + DAY))


def test_a_clock_without_a_due_time_is_green_for_ever() -> None:
    clock = attrs.evolve(CLOCK, due=None, yellow_from=None)
    now = DUE + 365 * DAY
    assert (Light.GREEN, None, None, False, False) == (
        clock.light(now),
        clock.next_change(now),
        clock.remaining(now),
        clock.is_overdue(now),
        clock.is_running(now),
    )


def test_a_clock_that_has_not_started_is_green() -> None:
    clock = attrs.evolve(CLOCK, started=DUE - HOUR)
    nows = [DUE - HOUR - US, DUE - HOUR]
    assert [Light.GREEN, Light.YELLOW] == [clock.light(now) for now in nows]
    assert [None, DUE + US] == [clock.next_change(now) for now in nows]


# -- laws

# hours and microseconds around a start: before it, while it runs, after its due time
OFFSETS = st.one_of(st.integers(-24, 14 * 24).map(lambda n: n * HOUR), st.timedeltas(-DAY, 14 * DAY))


@st.composite
def clocks(draw: st.DrawFn, /) -> Clock:
    length = draw(st.integers(0, 240).map(lambda n: n * HOUR))
    warning = draw(st.integers(0, 72).map(lambda n: n * HOUR))
    stop = draw(st.none() | OFFSETS)
    return attrs.evolve(
        CLOCK,
        due=STARTED + length,
        yellow_from=STARTED + length - warning,
        stopped=None if stop is None else STARTED + max(stop, dt.timedelta()),
    )


@law
@given(clocks(), OFFSETS)
def test_at_the_next_change_the_light_differs_and_nothing_changes_before_it(
    clock: Clock, offset: dt.timedelta
) -> None:
    now = STARTED + offset
    change = clock.next_change(now)
    if change is None:
        return
    assert now < change
    assert clock.light(now) != clock.light(change)
    between = [now + (change - US - now) * part / 7 for part in range(8)]
    assert {clock.light(now)} == {clock.light(it) for it in between}


@law
@given(clocks(), OFFSETS)
def test_where_no_change_is_to_come_the_light_stays_once_the_clock_runs(
    clock: Clock, offset: dt.timedelta
) -> None:
    now = STARTED + offset
    if clock.next_change(now) is None and clock.is_running(now):
        assert {clock.light(now)} == {clock.light(now + n * 5 * HOUR) for n in range(100)}


@law
@given(clocks(), OFFSETS, OFFSETS)
def test_a_light_never_goes_back(clock: Clock, a: dt.timedelta, b: dt.timedelta) -> None:
    order = [Light.GREEN, Light.YELLOW, Light.RED]
    first, second = sorted([a, b])
    assert order.index(clock.light(STARTED + first)) <= order.index(clock.light(STARTED + second))


@law
@given(clocks(), OFFSETS)
def test_a_clock_is_overdue_exactly_when_its_light_is_red(clock: Clock, offset: dt.timedelta) -> None:
    now = STARTED + offset
    assert clock.is_overdue(now) == (clock.light(now) is Light.RED)


# -- the warning


def clock_with(warning: str, due: str, week: WorkCalendar | None = None) -> Clock:
    """Return a clock that ends at `due` on a weekday's close: 当日 from that morning on."""
    start = at(due).replace(hour=9)
    target = Target(name="finish", starts="a", stops=("z",), limit=Limit.parse("当日"), watched=True)
    policy = Policy(targets=(target,), warn_before=Limit.parse(warning))
    return policy.clocks(ticket(("a", start)), week or china())["finish"]


@pytest.mark.parametrize(
    ("warning", "due", "expected"),
    [
        # decision 9 and domain.md section 7: natural hours, or one working day before
        ("24小时", "2026-11-30 17:00", "2026-11-29 17:00"),
        ("1个工作日", "2026-11-30 17:00", "2026-11-27 17:00"),
        ("24小时", "2026-10-08 17:00", "2026-10-07 17:00"),
        ("1个工作日", "2026-10-08 17:00", "2026-09-30 17:00"),
        ("2个工作日", "2026-10-08 17:00", "2026-09-29 17:00"),
        ("3个工作日", "2026-10-10 17:00", "2026-09-30 17:00"),
        ("8个工作小时", "2026-10-08 17:00", "2026-10-08 09:00"),
        ("9个工作小时", "2026-10-08 17:00", "2026-09-30 16:00"),
        ("2个工作小时", "2026-11-30 17:00", "2026-11-30 15:00"),
        ("90个工作分钟", "2026-11-30 17:00", "2026-11-30 15:30"),
        ("48小时", "2026-11-30 17:00", "2026-11-28 17:00"),
        ("1日", "2026-11-30 17:00", "2026-11-29 17:00"),
        ("3日", "2026-11-30 17:00", "2026-11-27 17:00"),
        ("30分钟", "2026-11-30 17:00", "2026-11-30 16:30"),
        ("90秒", "2026-11-30 17:00", "2026-11-30 16:58:30"),
        ("0.5小时", "2026-11-30 17:00", "2026-11-30 16:30"),
    ],
)
def test_a_district_may_warn_by_hours_working_hours_or_days(warning: str, due: str, expected: str) -> None:
    clock = clock_with(warning, f"{due}+08:00")
    assert (at(f"{due}+08:00"), at(f"{expected}+08:00")) == (clock.due, clock.yellow_from)


@pytest.mark.parametrize("warning", ["24小时", "1个工作日", "2个工作小时", "3日"])
def test_the_light_turns_with_the_warning_that_the_district_chose(warning: str) -> None:
    clock = clock_with(warning, "2026-11-30 17:00+08:00")
    turn = clock.yellow_from
    assert turn is not None
    running = attrs.evolve(clock, started=turn - DAY)
    assert (Light.GREEN, Light.YELLOW, turn) == (
        running.light(turn - US),
        running.light(turn),
        running.next_change(turn - US),
    )


@pytest.mark.parametrize("warning", ["当场", "当日", "1个月", "0.5个工作日", "1.5个工作日", "约定"])
def test_a_warning_that_cannot_be_counted_back_is_refused_with_the_forms(warning: str) -> None:
    for refused in (
        lambda: Policy(targets=(), warn_before=Limit.parse(warning)),
        lambda: parse_warning(warning),
    ):
        with pytest.raises(
            ArgumentError, match=rf"[(]24小时, 2个工作小时, 3日, 1个工作日, 25%[)].*{warning}"
        ):
            refused()


def test_no_warning_is_longer_than_ten_thousand() -> None:
    assert Limit.parse("10000秒") == Policy(targets=(), warn_before=Limit.parse("10000秒")).warn_before
    with pytest.raises(ArgumentError, match=r"10001秒.*\b10000\b"):
        Policy(targets=(), warn_before=Limit.parse("10001秒"))


def test_a_warning_of_working_days_begins_on_the_first_one_at_the_earliest() -> None:
    """2004-01-02, a Friday, is the first working day that the table knows."""
    due = at("2004-01-05 17:00+08:00")
    found = [warning_begins(Limit.parse(f"{n}个工作日"), due, china()) for n in (1, 2, 5)]
    assert [at("2004-01-02 17:00+08:00")] * 3 == found


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("25%", Share(Fraction(1, 4))),
        ("２５％", Share(Fraction(1, 4))),
        (" 12.5 % ", Share(Fraction(1, 8))),
        ("100%", Share(Fraction(1))),
        ("24小时", Limit.parse("24小时")),
        ("1 working day", Limit.parse("1个工作日")),
    ],
)
def test_a_warning_is_read_as_a_limit_or_a_share(text: str, expected: Limit | Share) -> None:
    assert expected == parse_warning(text)


@pytest.mark.parametrize(
    ("part", "text"), [(Fraction(1, 4), "25%"), (Fraction(1, 8), "12.5%"), (Fraction(1), "100%")]
)
def test_a_share_is_printed_as_it_is_read(part: Fraction, text: str) -> None:
    assert (text, Share(part)) == (str(Share(part)), parse_warning(text))


@pytest.mark.parametrize("text", ["%", "25", "四分之一%", "-25%", "25.%", ".5%", "25%%", "1 25%", "25% 之前"])
def test_a_share_that_is_no_percentage_is_refused(text: str) -> None:
    with pytest.raises(ArgumentError, match=re.escape(f"25%, got {text!r}")):
        parse_share(text)


@pytest.mark.parametrize("text", [None, 25, b"25%", ["25%"]])
def test_a_warning_is_read_from_nothing_but_a_string(text: Any) -> None:
    with pytest.raises(KindError, match=re.escape(repr(text))):
        parse_warning(text)


@pytest.mark.parametrize("percent", [0, -25, 101, 200])
def test_a_share_lies_above_nothing_and_goes_up_to_all(percent: int) -> None:
    with pytest.raises(ArgumentError, match=f"got {percent}%"):
        Share(Fraction(percent, 100))


def test_a_share_counts_working_time_between_start_and_due_time() -> None:
    """A quarter of two days of eight hours: four hours before the close of Tuesday; all of it: the start."""
    start, due = at("2026-03-02 09:00+08:00"), at("2026-03-03 17:00+08:00")
    shares = [Share(Fraction(1, 4)), Share(Fraction(1))]
    found = [warning_begins(share, due, china(), start) for share in shares]
    assert [at("2026-03-03 13:00+08:00"), start] == found


@pytest.mark.parametrize("start", [DUE, DUE + HOUR, DUE + DAY, None])
def test_a_share_of_nothing_begins_with_the_due_time(start: dt.datetime | None) -> None:
    """Where a time is agreed that has passed at the start."""
    due = at("2026-03-05 16:00+08:00")
    moved = None if start is None else start - HOUR
    assert due == warning_begins(Share(Fraction(1)), due, china(), moved)


@pytest.mark.parametrize(
    "warning", ["9999999日", "999999999999小时", "99999个工作日", "999999999999个工作小时"]
)
def test_a_warning_that_begins_before_all_days_is_refused(warning: str) -> None:
    with pytest.raises(BubanchengError):
        clock_with(warning, "2026-11-30 17:00+08:00")


@pytest.mark.parametrize("warning", ["24小时", None, 24, 1.5])
def test_a_warning_that_is_no_limit_is_refused(warning: Any) -> None:
    with pytest.raises(KindError, match=re.escape(repr(warning))):
        Policy(targets=(), warn_before=warning)


@pytest.mark.parametrize(
    ("date", "zone"),
    [("2026-03-30", "Europe/Berlin"), ("2026-10-26", "Europe/Berlin"), ("2026-11-02", "America/New_York")],
)
def test_24_hours_before_the_limit_are_hours_that_really_pass(date: str, zone: str) -> None:
    """A Monday after the clock was turned: 24 hours before 01:00 lie before the turn, or in it."""
    tz = ZoneInfo(zone)
    week = WorkCalendar("00:30-01:00", zone=zone)
    start = at(f"{date} 00:30").replace(tzinfo=tz)
    target = Target(name="finish", starts="a", stops=("z",), limit=Limit.parse("当日"), watched=True)
    clock = Policy(targets=(target,)).clocks(ticket(("a", start)), week)["finish"]
    due = (at(f"{date} 01:00").replace(tzinfo=tz)).astimezone(dt.UTC)
    assert clock.due is not None
    assert clock.yellow_from is not None
    assert (due, due - DAY) == (clock.due.astimezone(dt.UTC), clock.yellow_from.astimezone(dt.UTC))


def test_what_remains_over_a_turn_of_the_clock_is_what_really_passes() -> None:
    """From Saturday noon to Sunday noon in Berlin only 23 hours pass on 2026-03-29."""
    berlin = ZoneInfo("Europe/Berlin")
    now, due = (at(it).replace(tzinfo=berlin) for it in ("2026-03-28 12:00", "2026-03-29 12:00"))
    clock = attrs.evolve(CLOCK, started=now, due=due, yellow_from=due)
    assert 23 * HOUR == clock.remaining(now)


@pytest.mark.parametrize("now", [None, "2026-03-05", at("2026-03-05 17:00"), DUE.date()], ids=repr)
def test_a_now_that_is_no_aware_instant_is_refused(now: Any) -> None:
    """Entries are aware, so a naive now cannot be compared; it must not end in a bare TypeError."""
    for question in (
        CLOCK.light,
        CLOCK.next_change,
        CLOCK.remaining,
        CLOCK.is_overdue,
        CLOCK.is_running,
        CLOCK.level,
    ):
        with pytest.raises(KindError, match=re.escape(repr(now))):
            question(now)
