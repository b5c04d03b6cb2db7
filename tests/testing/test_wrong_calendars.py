"""Wrong calendars are rejected, each by one check alone: without that check the kit would let it pass."""

from collections.abc import Callable

import pytest

from bubancheng.calendar import WorkCalendar
from bubancheng.testing import CalendarContract, CalendarSetup
from bubancheng.testing.contracts.kit import checks
from tests.testing.running import rejecting
from tests.testing.wrong.calendars import WRONG, closed, open_always, setup_of


@pytest.mark.parametrize(("wrong", "check"), WRONG.items(), ids=[it.__name__ for it in WRONG])
def test_a_wrong_calendar_is_rejected_by_one_check(
    wrong: type[WorkCalendar] | Callable[[], WorkCalendar], check: str
) -> None:
    assert {check} == rejecting(CalendarContract, lambda _: setup_of(wrong))


def test_the_right_one_is_rejected_by_none() -> None:
    setup = CalendarSetup(build=closed, without_closures=open_always)
    assert set() == rejecting(CalendarContract, lambda _: setup)


def test_every_check_rejects_something_that_no_other_does() -> None:
    assert {*WRONG.values()} == {*checks(CalendarContract)}
