"""Posts and who holds them (岗位): on which day, in which unit, and who stands in."""

import datetime as dt

import pytest

from bubancheng.actions import Accept, Acknowledge, Assign, Register
from bubancheng.desk import Desk
from bubancheng.errors import NotAllowedError
from bubancheng.ticket import Actor
from tests.acting import Clock
from tests.district.invented import invented, problems

DUTIES = """
[[duty]]
post = "representative"
name = "首席代表"
unit = "甲局"
holders = ["zhang"]
substitutes = ["li"]

[[duty]]
post = "representative"
name = "周三坐诊"
holders = ["wang"]
days = ["wed"]
"""
ROW = """
[[flow.transition]]
action = "assign"
entry = "assigned"
from = ["acknowledged"]
roles = ["disposal_officer"]
relation = "own"
needs = ["handler"]
on_duty = { field = "handler", post = "representative" }
"""
TUESDAY, WEDNESDAY = "2024-03-26 10:00", "2024-03-27 10:00"
WINDOW = Actor(id="w", role="window_officer", unit="甲局")
OFFICER = Actor(id="o", role="disposal_officer", unit="甲局")


def desk_at(instant: str) -> Desk:
    """Return a desk with one ticket that its unit has taken."""
    desk = Desk.open(invented(DUTIES + ROW), clock=Clock(instant))
    desk.do(Register(ticket="T1", matter="执照"), actor=WINDOW)
    desk.do(Accept(ticket="T1"), actor=WINDOW)
    desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
    return desk


@pytest.mark.parametrize(
    ("unit", "day", "expected"),
    [
        ("甲局", dt.date(2024, 3, 26), ["首席代表"]),
        ("甲局", dt.date(2024, 3, 27), ["首席代表", "周三坐诊"]),
        ("甲局一所", dt.date(2024, 3, 27), ["周三坐诊"]),
        (None, dt.date(2024, 3, 26), []),
    ],
)
def test_a_post_is_held_in_a_unit_or_everywhere_on_its_days(
    unit: str | None, day: dt.date, expected: list[str]
) -> None:
    assert expected == [it.name for it in invented(DUTIES).on_duty("representative", unit, day)]


def test_only_who_holds_the_post_can_be_named() -> None:
    desk = desk_at(TUESDAY)
    with pytest.raises(
        NotAllowedError, match="'wang' does not hold the post 'representative' that day; li, zhang does"
    ):
        desk.do(Assign(ticket="T1", handler="wang"), actor=OFFICER)
    assert "zhang" == desk.do(Assign(ticket="T1", handler="zhang"), actor=OFFICER).text("handler")


def test_on_another_day_somebody_else_holds_it_too() -> None:
    assert "wang" == desk_at(WEDNESDAY).do(Assign(ticket="T1", handler="wang"), actor=OFFICER).text("handler")


def test_a_substitute_stands_in_only_for_a_stated_reason() -> None:
    desk = desk_at(TUESDAY)
    with pytest.raises(NotAllowedError, match="'li' stands in for zhang: it needs reason"):
        desk.do(Assign(ticket="T1", handler="li", reason=" "), actor=OFFICER)
    done = desk.do(Assign(ticket="T1", handler="li", reason="首席代表出差"), actor=OFFICER)
    assert "li" == done.text("handler")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ('holders = ["zhang"]', "holders = []", "至少一人"),
        ('substitutes = ["li"]', 'substitutes = ["zhang"]', "zhang 已是负责人"),
        ('days = ["wed"]', 'days = ["周三"]', "'周三' 不在 mon"),
        ('unit = "甲局"', 'unit = "丙局"', "没有单位 (no such unit) '丙局'"),
    ],
)
def test_a_post_nobody_can_hold_is_refused(old: str, new: str, named: str) -> None:
    assert any(named in it for it in problems(DUTIES.replace(old, new, 1)))
