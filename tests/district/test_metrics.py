"""Definitions of figures (指标定义): what counts, over what, and what does not."""

import pytest

from bubancheng.actions import Accept, Acknowledge, CallBack, Register, Resolve
from bubancheng.desk import Desk
from bubancheng.errors import UnknownNameError
from bubancheng.ticket import Actor, Ticket
from tests.acting import Clock
from tests.district.invented import invented, problems

METRICS = """
[[code]]
fact = "request_type"
id = "praise"
name = "表扬"

[[code]]
fact = "request_type"
id = "complaint"
name = "投诉"

[[flow.transition]]
also = true
action = "register"
entry = "registered"
to = "registered"
roles = ["window_officer"]
needs = ["matter"]
facts = ["request_type"]

[[metric]]
id = "satisfied_rate"
version = 1
name = "满意率"
english = "satisfaction rate"
unit = "件"
cohort = "resolved"
least = 5
better = "up"
numerator = { entry = "called_back", where = { level = "centre", grade = [1, 2, 3] } }
denominator = { entry = "called_back", where = { level = "centre", reached = "answered" }, but = { request_type = "praise" } }

[[metric]]
id = "praise"
version = 1
name = "表扬"
english = "praise"
unit = "件"
cohort = "registered"
numerator = { entry = "registered", tickets = { request_type = "praise" } }
"""
WINDOW = Actor(id="w", role="window_officer", unit="甲局")
OFFICER = Actor(id="o", role="disposal_officer", unit="甲局")
CENTRE = Actor(id="c", role="dispatch_centre")


def lives() -> list[Ticket]:
    """Three tickets called back with grades 1, 4 and, praise, 2; one that is not resolved yet."""
    desk = Desk.open(invented(METRICS), clock=Clock())
    for number, (grade, kind) in enumerate(((1, "投诉"), (4, "complaint"), (2, "表扬"), (None, "投诉"))):
        ticket = f"T{number}"
        desk.do(Register(ticket=ticket, matter="执照", fields={"request_type": kind}), actor=WINDOW)
        desk.do(Accept(ticket=ticket), actor=WINDOW)
        if grade is not None:
            desk.do(Acknowledge(ticket=ticket), actor=OFFICER)
            desk.do(Resolve(ticket=ticket, reply="已办"), actor=OFFICER)
            called = CallBack(ticket=ticket, level="centre", reached="answered", grade=grade)
            desk.do(called, actor=CENTRE)
    return [desk.get(f"T{number}", actor=CENTRE) for number in range(4)]


def test_a_rate_keeps_numerator_and_denominator_apart() -> None:
    assert (1, 2) == invented(METRICS).metric("satisfied_rate").part(lives())


def test_a_count_has_no_denominator() -> None:
    assert (1, None) == invented(METRICS).metric("praise").part(lives())


def test_nothing_counted_is_a_zero_and_no_gap() -> None:
    assert (0, 0) == invented(METRICS).metric("satisfied_rate").part([])


def test_a_definition_says_how_few_are_too_few_and_which_way_is_good() -> None:
    metric = invented(METRICS).metric("satisfied_rate")
    assert (5, "up", "resolved", 1) == (metric.least, metric.better, metric.cohort, metric.version)


def test_an_unknown_figure_is_named_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="satisfied_rate、praise"):
        invented(METRICS).metric("luck")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("grade = [1, 2, 3]", "grade = [1, 9]", "没有这个词 (not in the code table) 9"),
        ("grade = [1, 2, 3]", "grade = [1.5]", "现为 1.5"),
        ('cohort = "resolved"', 'cohort = "someday"', "'someday' 不在 registered, resolved 之中"),
        ('better = "up"', 'better = "more"', "'more' 不在 up, down, neutral 之中"),
        (
            'entry = "called_back", where = { level = "centre", grade',
            'entry = "called", where = { level = "centre", grade',
            "没有一行流程写出 'called'",
        ),
        ('id = "praise"\nversion', 'id = "satisfied_rate"\nversion', "satisfied_rate 出现不止一次"),
    ],
)
def test_a_definition_that_counts_nothing_known_is_refused(old: str, new: str, named: str) -> None:
    assert any(named in it for it in problems(METRICS.replace(old, new, 1)))
