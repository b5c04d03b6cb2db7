"""Duties of whole policies: alone, again and apart, what they need of others, which ones cannot be."""

import datetime as dt
from collections.abc import Mapping
from fractions import Fraction
from itertools import permutations
from typing import Any

import pytest

from bubancheng.errors import ArgumentError, KindError
from bubancheng.sla import Clock, Deemed, Limit, Policy, Target
from bubancheng.sla.target import Remainder
from tests.sla.tickets import Happened, told
from tests.support import at, china

DAY, DAYS = Limit.parse("1个工作日"), Limit.parse("3个工作日")
HALF = Remainder(of="resolve")
RESOLVE = Target(name="resolve", starts="acknowledged", stops=("resolved",), limit=Limit.parse("5个工作日"))


def october(text: str) -> dt.datetime:
    """Return an instant of October 2026, whose plain weeks are 12 to 16 and 19 to 23."""
    return at(f"2026-10-{text}+08:00")


def event(kind: str, when: str, **facts: str) -> Happened:
    return kind, october(when), facts


def clocks(target: Target, *happened: Happened) -> Mapping[str, Clock]:
    return Policy(targets=(target, RESOLVE)).clocks(told(*happened), china())


# -- ending


def test_a_duty_that_begins_again_ends_with_the_first_end_after_its_last_begin() -> None:
    target = Target(
        name="rectify", starts="supervised", stops=("rectified", "archived"), limit=DAY, again=True
    )
    got = clocks(
        target,
        event("rectified", "12 09:00"),
        event("supervised", "12 10:00"),
        event("supervised", "13 10:00"),
        event("archived", "14 12:00"),
        event("rectified", "14 10:00"),
    )["rectify"]
    assert (october("13 10:00"), october("14 10:00")) == (got.started, got.stopped)


def test_a_duty_that_begins_again_with_what_ends_it_is_open_after_its_last_begin() -> None:
    target = Target(name="call", starts="called_back", stops=("called_back",), limit=DAY, again=True)
    got = clocks(target, event("called_back", "12 10:00"), event("called_back", "13 10:00"))["call"]
    assert (october("13 10:00"), None) == (got.started, got.stopped)


def test_a_duty_that_never_began_has_no_start_where_the_ticket_has_an_end() -> None:
    got = clocks(
        Target(name="a", starts="asked", stops=("answered",), limit=DAY), event("resolved", "12 10:00")
    )
    assert [(None, False, None)] * 2 == [(it.started, it.deemed, it.due) for it in got.values()]


# -- apart


@pytest.mark.parametrize(("again", "due"), [(False, "13 17:00"), (True, "15 17:00")])
def test_a_duty_that_is_counted_apart_begins_with_the_first_entry_or_again_with_the_last(
    due: str, *, again: bool
) -> None:
    target = Target(name="help", starts="asked", stops=("answered",), per="unit", limit=DAY, again=again)
    got = clocks(
        target,
        event("asked", "12 10:00", unit="区民政局"),
        event("asked", "13 10:00", unit="区税务局"),
        event("asked", "14 10:00", unit="区民政局"),
        event("asked", "14 11:00"),  # nobody is named
    )
    assert {"help:区民政局", "help:区税务局", "resolve"} == set(got)
    assert [False, False, False] == [clock.deemed for clock in got.values()]
    assert october(due) == got["help:区民政局"].due


def test_an_answer_ends_the_duty_of_its_own_unit_also_where_it_was_entered_first() -> None:
    """Only a duty that begins again looks at the order."""
    target = Target(name="help", starts="asked", stops=("answered",), per="unit", limit=DAY)
    got = clocks(
        target,
        event("answered", "12 11:00", unit="区民政局"),
        event("asked", "12 10:00", unit="区民政局"),
        event("asked", "12 10:00", unit="区税务局"),
    )
    assert [october("12 11:00"), None] == [got[f"help:{unit}"].stopped for unit in ("区民政局", "区税务局")]


def test_an_agreed_time_is_that_of_the_own_entry_where_a_duty_is_counted_apart() -> None:
    target = Target(name="help", starts="asked", stops=("answered",), per="unit", limit=Limit.parse("约定"))
    got = clocks(
        target,
        event("asked", "12 10:00", unit="区民政局", agreed_due=october("20 12:00").isoformat()),
        event("asked", "12 11:00", unit="区税务局"),
    )
    assert [october("20 12:00"), None] == [got[f"help:{unit}"].due for unit in ("区民政局", "区税务局")]


# -- what it needs of others


def test_a_duty_waits_for_every_target_whose_due_time_it_needs() -> None:
    target = Target(name="a", starts="due:b", stops=("x",), capped_by="c", remainder=Remainder(of="d"))
    assert ({"b", "c", "d"}, "b") == (set(target.waits_for), target.starts_at_due_of)
    assert ((), None) == (RESOLVE.waits_for, RESOLVE.starts_at_due_of)


@pytest.mark.parametrize(
    ("start", "due"),
    [
        # decision 23: half of the remaining working days, at least one; resolve is due on Monday 19
        ("12 11:00", "14 17:00"),  # five left: two
        ("13 11:00", "15 17:00"),  # four left: two
        ("14 11:00", "15 17:00"),  # three left: one
        ("15 11:00", "16 17:00"),
        ("19 11:00", "20 17:00"),  # none left: one
    ],
)
def test_a_co_handler_has_half_of_the_working_days_that_are_left(start: str, due: str) -> None:
    target = Target(name="help", starts="asked", stops=("answered",), per="unit", remainder=HALF)
    happened = told(event("acknowledged", "12 10:00"), event("asked", start, unit="区民政局"))
    for targets in permutations((target, RESOLVE)):
        assert october(due) == Policy(targets=targets).clocks(happened, china())["help:区民政局"].due


def test_a_class_without_a_word_has_the_limit_of_the_unclassified_or_none() -> None:
    target = Target(name="a", starts="b", stops=("c",), limits={"general": DAYS, "X": DAY})
    ticket = told(event("b", "12 10:00"))
    assert ("", None) == (target.unclassified, target.limit_for(ticket))
    general = Target(name="a", starts="b", stops=("c",), limits={"general": DAYS}, unclassified="general")
    assert DAYS == general.limit_for(ticket)


def test_targets_with_limits_by_class_may_be_members_of_a_set() -> None:
    one, other = (Target(name="a", starts="b", stops=("c",), limits={"general": DAYS}) for _ in range(2))
    assert {one} == {other}


# -- refusals


@pytest.mark.parametrize(
    "given",
    [
        {"limit": DAY, "limits": {"general": DAYS}},
        {"limit": DAY, "remainder": HALF},
        {"limits": {"general": DAYS}, "remainder": HALF},
        {"limit": DAY, "limits": {"general": DAYS}, "remainder": HALF},
    ],
    ids=" ".join,
)
def test_a_target_with_more_than_one_kind_of_limit_is_refused_by_name(given: dict[str, Any]) -> None:
    with pytest.raises(ArgumentError, match=r"target .a. .*limit, limits and remainder"):
        Target(name="a", starts="b", stops=("c",), **given)


@pytest.mark.parametrize(
    "given", [{"limit": "当日"}, {"pause_max": "当日"}, {"limits": {"general": "当日"}}], ids=repr
)
def test_a_limit_that_is_only_written_is_refused_with_the_targets_name(given: dict[str, Any]) -> None:
    with pytest.raises(KindError, match=r"target 'a' .*Limit\.parse.*got '当日'"):
        Target(name="a", starts="b", stops=("c",), **given)


@pytest.mark.parametrize(
    ("part", "at_least"), [(Fraction(0), 1), (Fraction(-1, 2), 1), (Fraction(3, 2), 1), (Fraction(1, 2), 0)]
)
def test_a_remainder_of_nothing_or_more_than_all_is_refused_as_it_is(part: Fraction, at_least: int) -> None:
    with pytest.raises(ArgumentError, match=rf"Remainder[(].*at_least={at_least}"):
        Remainder(of="resolve", part=part, at_least=at_least)


def test_a_remainder_may_be_all_that_is_left() -> None:
    assert Limit.parse("4个工作日") == Remainder(of="resolve", part=Fraction(1)).limit(4)


def test_nothing_is_deemed_to_happen_by_agreement() -> None:
    with pytest.raises(ArgumentError, match="约定"):
        Deemed(kind="dispatched", after=Limit.parse("约定"))
