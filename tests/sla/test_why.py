"""Why a clock stands where it stands: told in both languages, reason by reason."""

import datetime as dt
from collections.abc import Mapping
from typing import Any

import attrs
import pytest

from bubancheng.errors import KindError, UnknownNameError
from bubancheng.sla import ClockExplanation, Deemed, Light, Limit, Policy, Target, explain_clock
from bubancheng.sla.why import Reason
from bubancheng.ticket import Fact
from tests.sla.tickets import Happened, told
from tests.support import HOUR, US, at, china

# October 2026: 1 to 7 off, Saturday 10 worked; 12 to 16 and 19 to 23 are plain weeks.


def october(text: str) -> dt.datetime:
    return at(f"2026-10-{text}+08:00")


RESOLVE = Target(
    name="resolve",
    starts="acknowledged",
    stops=("resolved",),
    limits={"general": Limit.parse("3个工作日"), "simple": Limit.parse("当日"), "joint": Limit.parse("约定")},
    unclassified="general",
    deemed=Deemed(kind="dispatched", after=Limit.parse("1个工作日")),
    pauses=frozenset({"papers"}),
    watched=True,
)
CONTACT = Target(name="contact", starts="acknowledged", stops=("contacted",), limit=Limit.parse("1个工作日"))
HELPERS = Target(name="help", starts="asked", stops=("answered",), limit=Limit.parse("当日"), per="unit")
POLICY = Policy(targets=(CONTACT, RESOLVE, HELPERS))

ACKNOWLEDGED: Happened = ("acknowledged", october("12 10:00"), {})  # due on Thursday 15 at 17:00
STARTED = ("自2026-10-12 10:00（acknowledged）起计时", "started 2026-10-12 10:00 by acknowledged")


def why(
    now: str, *happened: Happened, target: str | None = None, policy: Policy = POLICY
) -> ClockExplanation:
    return explain_clock(policy, told(*happened), china(), october(now), target=target)


def reasons(found: ClockExplanation) -> list[tuple[str, str]]:
    return [(reason.zh, reason.en) for reason in found.reasons]


# -- the light, and since when


@pytest.mark.parametrize(
    ("now", "light", "since", "zh", "en"),
    [
        (
            "14 16:59",
            Light.GREEN,
            october("12 10:00"),
            "自2026-10-12 10:00起亮绿",
            "green since 2026-10-12 10:00",
        ),
        (
            "14 17:00",
            Light.YELLOW,
            october("14 17:00"),
            "自2026-10-14 17:00起亮黄",
            "yellow since 2026-10-14 17:00",
        ),
        (
            "15 17:00",
            Light.YELLOW,
            october("14 17:00"),
            "自2026-10-14 17:00起亮黄",
            "yellow since 2026-10-14 17:00",
        ),
        (
            "16 09:00",
            Light.RED,
            october("15 17:00") + US,
            "自2026-10-15 17:00起亮红",
            "red since 2026-10-15 17:00",
        ),
    ],
)
def test_an_open_clock_says_its_light_since_when_and_what_is_in_time(
    now: str, light: Light, since: dt.datetime, zh: str, en: str
) -> None:
    found, due = why(now, ACKNOWLEDGED), "2026-10-15 17:00"
    assert (light, since, october("15 17:00")) == (found.light, found.since, found.in_time_until)
    assert [
        STARTED,
        (f"期限{due}，{zh}；不晚于{due}办结为按时", f"due {due}: {en}; in time until {due}"),
    ] == reasons(found)


def test_a_light_that_is_yellow_from_birth_is_so_since_the_start() -> None:
    found = why("12 11:00", ("acknowledged", october("12 10:00"), {"class": "simple"}))
    assert (Light.YELLOW, october("12 10:00")) == (found.light, found.since)


def test_a_clock_that_has_not_started_says_what_it_waits_for() -> None:
    found = why("12 11:00", ("registered", october("12 10:00"), {}))
    assert (Light.GREEN, None, None, None) == (found.light, found.since, found.in_time_until, found.count)
    assert [
        ("尚未开始计时：没有 acknowledged 的记录", "not started: no entry of kind acknowledged"),
        ("没有期限，亮绿", "no due time: green"),
    ] == reasons(found)


def test_a_clock_that_started_by_itself_says_so() -> None:
    found = why("14 09:00", ("dispatched", october("12 10:00"), {}))
    assert (
        "自2026-10-13 17:00视同（acknowledged）起计时",
        "started 2026-10-13 17:00 by deemed acknowledged",
    ) == reasons(found)[0]


# -- the limit


def test_the_count_of_the_limit_is_told_day_by_day() -> None:
    found = why("13 10:00", ACKNOWLEDGED)
    assert found.count is not None
    assert october("15 17:00") == found.count.deadline.at
    assert [STARTED[0], reasons(found)[1][0], *found.count.chinese.splitlines()] == found.chinese.splitlines()
    assert [STARTED[1], reasons(found)[1][1], *found.count.english.splitlines()] == found.english.splitlines()


def test_a_class_without_a_limit_says_so() -> None:
    found = why("13 10:00", ("acknowledged", october("12 10:00"), {"class": "hard"}))
    assert [
        STARTED,
        ("这一等级没有时限", "its class has no limit"),
        ("没有期限，亮绿", "no due time: green"),
    ] == reasons(found)
    assert found.count is None
    assert [reason.zh for reason in found.reasons] == found.chinese.splitlines()
    assert [reason.en for reason in found.reasons] == found.english.splitlines()


def test_a_limit_by_agreement_has_no_count() -> None:
    facts = {"class": "joint", "agreed_due": october("20 12:00").isoformat()}
    found = why("13 10:00", ("acknowledged", october("12 10:00"), facts))
    assert [STARTED, ("时限由双方约定", "the due time is by agreement")] == reasons(found)[:2]
    assert (None, october("20 12:00")) == (found.count, found.in_time_until)


# -- what moved it


def test_a_pause_that_ended_is_told_with_both_ends() -> None:
    found = why(
        "16 10:00",
        ACKNOWLEDGED,
        ("paused", october("13 10:00"), {"pause_reason": "papers"}),
        ("resumed", october("15 11:00"), {}),
    )
    assert october("19 17:00") == found.in_time_until
    assert (
        "2026-10-13 10:00至2026-10-15 11:00暂停，不计入",
        "paused 2026-10-13 10:00 to 2026-10-15 11:00: left out",
    ) == reasons(found)[1]
    assert 3 == len(found.reasons)


def test_an_open_pause_is_told_with_its_begin() -> None:
    found = why("20 10:00", ACKNOWLEDGED, ("paused", october("13 10:00"), {"pause_reason": "papers"}))
    assert Light.GREEN is found.light
    assert (
        "自2026-10-13 10:00起暂停，灯色不变",
        "paused since 2026-10-13 10:00: the light stands still",
    ) == reasons(found)[1]


def test_extensions_are_told_with_both_due_times() -> None:
    found = why(
        "16 10:00",
        ACKNOWLEDGED,
        ("extended", october("13 10:00"), {"extension": "1个工作日"}),
        ("extended", october("14 10:00"), {"extension": "2个工作日"}),
    )
    assert october("20 17:00") == found.in_time_until
    assert (
        "延期1个工作日、2个工作日：由2026-10-15 17:00至2026-10-20 17:00",
        "extended by 1个工作日、2个工作日: from 2026-10-15 17:00 to 2026-10-20 17:00",
    ) == reasons(found)[1]


def test_an_extension_that_moved_nothing_is_not_told() -> None:
    found = why("16 10:00", ACKNOWLEDGED, ("extended", october("15 18:00"), {"extension": "1个工作日"}))
    assert 2 == len(found.reasons)


@pytest.mark.parametrize(
    ("when", "facts"),
    [
        ("14 10:00", {"extension": "3个工作日", "target": "contact"}),
        ("19 10:00", {"extension": "7个工作日"}),
    ],
    ids=["another target", "too late"],
)
def test_only_the_extensions_that_moved_this_clock_are_told(when: str, facts: Mapping[str, Fact]) -> None:
    found = why(
        "20 10:00",
        ACKNOWLEDGED,
        ("extended", october("13 10:00"), {"extension": "1个工作日"}),
        ("extended", october(when), facts),
    )
    assert october("16 17:00") == found.in_time_until
    assert "延期1个工作日：由2026-10-15 17:00至2026-10-16 17:00" == reasons(found)[1][0]


# -- the end


@pytest.mark.parametrize(
    ("done", "zh", "en"),
    [
        ("14 10:00", "按时，灯色定格为绿", "in time, the light stays green"),
        ("15 17:00", "按时，灯色定格为黄", "in time, the light stays yellow"),
        ("15 18:00", "超时，灯色定格为红", "late, the light stays red"),
    ],
)
def test_a_clock_that_stopped_says_when_and_whether_in_time(done: str, zh: str, en: str) -> None:
    told_zh = f"2026-10-{done}办结，期限2026-10-15 17:00，{zh}"
    told_en = f"done 2026-10-{done}, due 2026-10-15 17:00: {en}"
    for now in (done, "20 10:00"):
        found = why(now, ACKNOWLEDGED, ("resolved", october(done), {}))
        assert [STARTED, (told_zh, told_en)] == reasons(found)
        assert october("15 17:00") == found.in_time_until


def test_an_explanation_as_of_an_earlier_instant_knows_nothing_of_the_end() -> None:
    found = why("14 10:00", ACKNOWLEDGED, ("resolved", october("14 10:01"), {}))
    assert (None, "期限") == (found.clock.stopped, reasons(found)[1][0][:2])


def test_before_anything_happened_the_light_is_green_and_nothing_is_done() -> None:
    found = why("12 09:00", ACKNOWLEDGED, ("resolved", october("14 10:00"), {}))
    assert (Light.GREEN, False) == (found.light, found.clock.is_running(october("12 09:00")))
    assert reasons(found)[1][0].startswith("期限2026-10-15 17:00")


# -- which clock


def test_the_clock_that_the_light_watches_is_explained_unless_another_is_named() -> None:
    asked = ("asked", october("12 11:00"), {"unit": "区民政局"})
    found = [why("12 12:00", ACKNOWLEDGED, asked, target=name) for name in (None, "contact", "help:区民政局")]
    assert [
        ("resolve", "3个工作日", october("15 17:00")),
        ("contact", "1个工作日", october("13 17:00")),
        ("help:区民政局", "当日", october("12 17:00")),
    ] == [(it.clock.target, it.count and it.count.limit_zh, it.in_time_until) for it in found]


def test_a_clock_that_is_not_there_is_refused_with_those_that_are() -> None:
    with pytest.raises(UnknownNameError, match=r"计时 clock.*'nope'.*contact、resolve"):
        why("12 12:00", ACKNOWLEDGED, target="nope")


@pytest.mark.parametrize(
    "now", [None, "2026-10-13", at("2026-10-13 10:00"), october("13 10:00").date()], ids=repr
)
def test_a_now_that_is_no_aware_instant_is_refused_with_what_was_got(now: Any) -> None:
    with pytest.raises(KindError) as caught:
        explain_clock(POLICY, told(ACKNOWLEDGED), china(), now)
    assert repr(now) in str(caught.value)


def test_a_now_in_another_zone_is_the_same_instant() -> None:
    now = october("14 17:00")
    one, other = (
        explain_clock(POLICY, told(ACKNOWLEDGED), china(), it) for it in (now, now.astimezone(dt.UTC))
    )
    assert (one.light, one.since, one.reasons) == (other.light, other.since, other.reasons)
    assert now - HOUR < one.clock.yellow_from <= now  # type: ignore[operator]


@pytest.mark.parametrize("record", [ClockExplanation, Reason])
def test_a_record_takes_its_values_by_name(record: type[attrs.AttrsInstance]) -> None:
    assert [] == [field.name for field in attrs.fields(record) if not field.kw_only]
