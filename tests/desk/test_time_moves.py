"""Pauses and extensions (暂停、延期) on a desk: Chongming's rules have none, those of a neighbour may."""

import pytest

from bubancheng.actions import Accept, Acknowledge, Extend, Pause, Register, Resume
from bubancheng.desk import Desk
from bubancheng.district import parse_profile
from bubancheng.errors import NotAllowedError
from bubancheng.sla import Light
from bubancheng.store import MemoryStore
from tests.acting import CALENDAR, HEAD, OFFICER, OWNED, WINDOW, Clock, instant

NEIGHBOUR = """
[district]
inherits = "bubancheng_chongming:profile.toml"

[[rule]]
version = "2023-10-26"

[[rule.target]]
name = "resolve"
pauses = ["专家评审"]

[[flow.transition]]
action = "pause"
entry = "paused"
from = ["acknowledged", "contacted"]
roles = ["disposal_officer"]
relation = "own"
needs = ["pause_reason", "notice"]
listed = { field = "pause_reason", values = ["专家评审"] }

[[flow.transition]]
action = "resume"
entry = "resumed"
from = ["acknowledged", "contacted"]
roles = ["disposal_officer"]
relation = "own"

[[flow.transition]]
action = "extend"
entry = "extended"
from = ["acknowledged", "contacted"]
roles = ["disposal_officer"]
relation = "own"
needs = ["extension", "informed", "reason"]
at_most = 1
before_due = "resolve"
approvers = ["window_head"]
"""
DISTRICT = parse_profile(NEIGHBOUR)

PAUSE = Pause(ticket="T1", pause_reason="专家评审", notice="告知书 3 号")
EXTEND = Extend(ticket="T1", extension="2个工作日", target="resolve", informed="电话", reason="须现场核实")


@pytest.fixture
def clock() -> Clock:
    """Monday 25 March 2024, 10:00."""
    return Clock()


@pytest.fixture
def desk(clock: Clock) -> Desk:
    """A desk with one general ticket, acknowledged: due on Thursday the 28th, 17:00."""
    made = Desk.open(DISTRICT, calendar=CALENDAR, store=MemoryStore(), clock=clock)
    made.do(Register(ticket="T1", matter=OWNED, category="一般"), actor=WINDOW)
    made.do(Accept(ticket="T1"), actor=WINDOW)
    made.do(Acknowledge(ticket="T1"), actor=OFFICER)
    return made


def due(desk: Desk) -> str:
    (line,) = desk.board()
    return f"{line.due:%m-%d %H:%M}"


def test_a_pause_leaves_out_whole_working_days(desk: Desk, clock: Clock) -> None:
    """行政许可法 第45条: paused Tuesday to Thursday, two working days (27, 28): from the 28th to Monday 1 April."""
    clock.put("2024-03-26 09:00")
    desk.do(PAUSE, actor=OFFICER)
    clock.put("2024-03-28 09:00")
    desk.do(Resume(ticket="T1"), actor=OFFICER)
    assert "04-01 17:00" == due(desk)
    assert "暂停，不计入" in desk.explain("T1", actor=OFFICER).chinese


def test_while_it_is_paused_the_light_stands_still_and_no_sweep_tells_anything_of_it(
    desk: Desk, clock: Clock
) -> None:
    clock.put("2024-03-26 09:00")
    desk.do(PAUSE, actor=OFFICER)
    changes = desk.sweep(instant("2024-03-29 09:00"))
    assert [] == [change for change in changes if change.before is not change.now]
    assert Light.GREEN is next(desk.board(instant("2024-03-29 09:00"))).light


def test_a_reason_that_is_not_listed_pauses_nothing(desk: Desk) -> None:
    with pytest.raises(NotAllowedError, match="is not listed: 专家评审"):
        desk.do(Pause(ticket="T1", pause_reason="人手不够", notice="x"), actor=OFFICER)


def test_an_extension_asked_in_time_and_approved_moves_the_due_time_and_keeps_both(desk: Desk) -> None:
    desk.do(EXTEND, actor=OFFICER, approver=HEAD)
    assert "04-01 17:00" == due(desk)
    assert "延期2个工作日：由2024-03-28 17:00至2024-04-01 17:00" in desk.explain("T1", actor=OFFICER).chinese
    assert HEAD == desk.history("T1", actor=OFFICER)[-1].approver


def test_an_extension_after_the_limit_is_refused_and_changes_nothing(desk: Desk, clock: Clock) -> None:
    clock.put("2024-03-28 17:01")
    with pytest.raises(NotAllowedError, match="the limit ended at 2024-03-28 17:00"):
        desk.do(EXTEND, actor=OFFICER, approver=HEAD)
    assert "03-28 17:00" == due(desk)


def test_an_extension_needs_somebody_elses_approval(desk: Desk) -> None:
    with pytest.raises(NotAllowedError, match="approval of window_head"):
        desk.do(EXTEND, actor=OFFICER)


def test_there_is_one_extension_and_no_second(desk: Desk) -> None:
    desk.do(EXTEND, actor=OFFICER, approver=HEAD)
    with pytest.raises(NotAllowedError, match="at most 1"):
        desk.do(EXTEND, actor=OFFICER, approver=HEAD)


def test_chongming_itself_knows_neither() -> None:
    from tests.acting import acknowledged, open_desk  # noqa: PLC0415 its own rules, for once

    plain = open_desk(Clock())
    acknowledged(plain)
    for action in (PAUSE, EXTEND):
        with pytest.raises(NotAllowedError, match="there is no such action"):
            plain.do(action, actor=OFFICER, approver=HEAD)
