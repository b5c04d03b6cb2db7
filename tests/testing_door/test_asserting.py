"""The assertions, without any runner: what passes, what fails, and what a failure says."""

import datetime as dt
import unittest

import pytest

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import ArgumentError, UnknownNameError
from bubancheng.sla import Counting, Light, Limit, Policy, Target
from bubancheng.testing import Timing, assert_class, assert_due, assert_light, assert_lights
from tests.acting import DISTRICT
from tests.sla.tickets import ticket
from tests.support import at, china

# domain.md section 7: acknowledged Wednesday 2026-09-30 16:00, National Day ahead
START, CONTACT, GENERAL, COMPLEX = (
    "2026-09-30 16:00",
    "2026-10-08 17:00",
    "2026-10-10 17:00",
    "2026-10-13 17:00",
)
THREE_DAYS = Timing.of_limit("3个工作日", START)
GENERAL_TICKET = Timing.of_events(
    DISTRICT, {"registered": "2026-09-30 15:00", "acknowledged": START}, category="一般"
)


def failure(call: object, *args: object, **rest: object) -> str:
    """Return what an assertion says when it fails."""
    assert callable(call)
    with pytest.raises(AssertionError) as caught:
        call(*args, **rest)
    return str(caught.value)


# -- due


@pytest.mark.parametrize(
    "expected",
    [GENERAL, "2026/10/10 17:00", "2026-10-10", at(GENERAL), dt.date(2026, 10, 10), "2026-10-10T09:00:00Z"],
    ids=str,
)
def test_a_due_time_may_be_demanded_in_several_ways(expected: str | dt.date) -> None:
    assert_due(expected, THREE_DAYS)
    assert_due(expected, GENERAL_TICKET)


@pytest.mark.parametrize(
    "expected", ["2026-10-10 16:59", "2026-10-10 17:00:00.000001", "2026-10-09", "2026-10-11", None]
)
def test_a_due_time_that_differs_fails(expected: str | None) -> None:
    assert "实为 (got) 2026-10-10 17:00" in failure(assert_due, expected, THREE_DAYS)


def test_a_failure_says_expected_got_and_every_day_with_its_source() -> None:
    said = failure(assert_due, "2026-10-09 17:00", THREE_DAYS)
    assert said.startswith(
        "到期 (due)：应为 (expected) 2026-10-09 17:00，实为 (got) 2026-10-10 17:00\n逐日说明 (day by day)：\n"
    )
    days = [f"2026-10-{day:02}" for day in range(1, 11)]
    assert all(f"  {day}（" in said for day in days)
    assert "2026-10-07（周三）放假（国庆节），不计入〔国务院办公厅关于2026年部分节假日安排的通知" in said
    assert "2026-10-10（周六）调休上班（国庆节），第3日" in said


def test_a_ticket_that_ends_by_another_target_is_demanded_by_its_name() -> None:
    contact = Timing.of_events(DISTRICT, {"acknowledged": START}, category="general", target="contact")
    assert_due(CONTACT, contact)
    assert "自2026-09-30 16:00（acknowledged）起计时" in failure(assert_due, GENERAL, contact)


def test_midnight_is_the_end_of_the_day_before_it() -> None:
    night = Timing.of_limit("3个工作日", START, counting=Counting(day_end="midnight"))
    for expected in ("2026-10-10", "2026-10-10 24:00", "2026-10-11 00:00"):
        assert_due(expected, night)
    assert "实为 (got) 2026-10-11 00:00" in failure(assert_due, "2026-10-11", night)


def test_a_class_without_a_limit_has_no_due_time() -> None:
    hard = Timing.of_events(DISTRICT, {"acknowledged": START}, category="难度较大")
    assert_due(None, hard)
    assert "应为 (expected) 2026-10-10，实为 (got) 没有期限" in failure(assert_due, "2026-10-10", hard)


def test_whether_a_due_time_may_still_change_is_demanded_where_it_is_asked() -> None:
    later = Timing.of_limit("3个工作日", "2026-12-30 10:00")  # 1 January 2027 by the statute alone
    assert_due("2027-01-05 17:00", later)
    assert_due("2027-01-05 17:00", later, provisional=True)
    assert "应为 (expected) 确定 (settled)，实为 (got) 暂定" in failure(
        assert_due, "2027-01-05 17:00", later, provisional=False
    )
    assert "应为 (expected) 暂定 (provisional)，实为 (got) 确定" in failure(
        assert_due, GENERAL, THREE_DAYS, provisional=True
    )


def test_a_clock_is_demanded_as_it_stood_at_an_instant() -> None:
    upgraded = Timing.of_events(
        DISTRICT,
        [
            ("registered", START, {}),
            ("acknowledged", START, {}),
            ("classified", "2026-10-08 10:00", {"class": "complex"}),
        ],
        category="一般",
    )
    assert_due(GENERAL, upgraded, now="2026-10-08 09:00")
    assert_due(COMPLEX, upgraded, now="2026-10-08 10:00")
    assert_due(COMPLEX, upgraded)


# -- lights


def test_the_lights_of_a_clock_are_demanded_at_their_edges() -> None:
    lights: dict[dt.datetime | str, Light | str] = {
        START: "绿",
        "2026-10-09 16:59": "green",
        "2026-10-09 17:00": "黄",
        at(GENERAL): Light.YELLOW,
        "2026-10-10 17:00:00.000001": "●红",
    }
    assert_lights(lights, GENERAL_TICKET)
    assert_lights(lights, THREE_DAYS)


def test_all_lights_that_differ_are_told_at_once() -> None:
    said = failure(assert_lights, {START: "黄", GENERAL: "黄", "2026-10-11 09:00": "green"}, GENERAL_TICKET)
    first, second, third, *_ = said.splitlines()
    assert "2026-09-30 16:00 的灯 (light)：应为 (expected) ●黄 yellow，实为 (got) ●绿 green" == first
    assert "2026-10-11 09:00 的灯 (light)：应为 (expected) ●绿 green，实为 (got) ●红 red" == second
    assert third.startswith("逐日说明")


def test_one_light_may_be_demanded_alone() -> None:
    assert_light("红", THREE_DAYS, "2026-10-10 17:00:01")
    assert "2026-10-10 17:00:01 的灯" in failure(assert_light, "绿", THREE_DAYS, "2026-10-10 17:00:01")


def test_no_lights_at_all_are_a_mistake() -> None:
    with pytest.raises(ArgumentError, match="at least one instant"):
        assert_lights({}, THREE_DAYS)


def test_a_light_that_is_none_is_a_mistake_not_a_failure() -> None:
    with pytest.raises(ArgumentError, match="没有灯“蓝”，可以写：绿"):
        assert_light("蓝", THREE_DAYS, START)


# -- class


@pytest.mark.parametrize("word", ["general", "一般", "一般问题"])
def test_a_class_may_be_demanded_in_each_of_its_words(word: str) -> None:
    assert_class(word, GENERAL_TICKET.ticket, DISTRICT)


def test_another_class_fails_with_both_and_the_source() -> None:
    said = failure(assert_class, "复杂", GENERAL_TICKET.ticket, DISTRICT)
    assert "难易 (class)：应为 (expected) 复杂 (complex)，实为 (got) 一般 (general)" in said
    assert "依据 (source)：对复杂问题5个工作日内办结回复" in said


def test_a_ticket_without_a_class_fails() -> None:
    bare = Timing.of_events(DISTRICT, {"registered": START})
    assert "实为 (got) 未定 (none yet)" in failure(assert_class, "一般", bare.ticket, DISTRICT)


def test_a_class_that_the_rules_do_not_have_is_a_mistake() -> None:
    with pytest.raises(UnknownNameError, match="简单、一般、复杂、确实难度较大"):
        assert_class("特难", GENERAL_TICKET.ticket, DISTRICT)


# -- what is asserted about


def test_a_timing_can_be_of_a_policy_and_a_ticket_of_ones_own() -> None:
    target = Target(
        name="finish",
        starts="acknowledged",
        stops=("resolved",),
        limit=Limit.parse("3个工作日"),
        watched=True,
    )
    start = at(f"{START}+08:00")
    own = Timing(policy=Policy(targets=(target,)), ticket=ticket(("acknowledged", start)), calendar=china())
    assert_due(GENERAL, own)


def test_another_calendar_counts_in_its_own_zone() -> None:
    """By t/sla/timezone.t of rt: 22:00 UTC is 17:00 in New York, two hours later is 10:00 of the next day."""
    week = WorkCalendar("09:00-18:00", zone="America/New_York")
    assert_due("2007-01-02 10:00", Timing.of_limit("2个工作小时", "2007-01-01 22:00Z", week))


@pytest.mark.parametrize(
    ("events", "said"),
    [
        ({}, "at least one event"),
        ({"acknowleged": START}, "acknowledged"),
        ({"registered": START, "acknowledged": "2026-09-30 15:59"}, "before the ticket was registered"),
        ({"registered": "2026-09-31 16:00"}, "不是存在的日期或时刻"),
        ({"registered": "2003-12-31 16:00"}, "早于 chongming 的第一版规则 2004-01-01"),
    ],
    ids=["nothing", "misspelt", "reversed", "no date", "before all rules"],
)
def test_events_that_cannot_be_are_refused_in_words(events: dict[str, str], said: str) -> None:
    with pytest.raises((ArgumentError, UnknownNameError), match=said):
        Timing.of_events(DISTRICT, events)


def test_a_channel_decides_where_the_rules_say_so() -> None:
    """000_268bb84b17ca73cc.txt: 一分钟内及时响应, natural seconds."""
    online = Timing.of_events(
        DISTRICT, {"registered": START}, channel="线上人工帮办", target="online_response"
    )
    assert_due("2026-09-30 16:01", online)
    with pytest.raises(UnknownNameError, match="渠道 channel"):
        Timing.of_events(DISTRICT, {"registered": START}, channel="传真")


class PlainTest(unittest.TestCase):
    """The assertions serve unittest as they are."""

    def test_a_rule(self) -> None:
        assert_due(GENERAL, THREE_DAYS)

    def test_a_failure_is_its_failure(self) -> None:
        with self.assertRaisesRegex(self.failureException, "应为"):  # noqa: PT027 unittest's own way
            assert_due(START, THREE_DAYS)
