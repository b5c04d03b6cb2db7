"""Which calendars get compiled calls, by a fake of `bubancheng-fast`: it need not be installed."""

import copy
import datetime as dt
import gc
import pickle
import sys
import weakref
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from bubancheng.calendar import WorkCalendar
from bubancheng.calendar.accelerating import compiled
from tests.support import HOUR, at

T, W = at("2026-03-05 10:03:07"), 3 * HOUR  # a Thursday


class Quick:
    """A call that gives the method's answer, and says over which lines it was made."""

    def __init__(self, lines: object, method: Callable[..., Any]) -> None:
        self.lines, self.method, self.asked = lines, method, 0

    def __call__(self, *arguments: object) -> Any:
        self.asked += 1
        return self.method(*arguments)


def quick(lines: object, **methods: Callable[..., Any]) -> dict[str, Quick]:
    return {name: Quick(lines, method) for name, method in methods.items()}


@pytest.fixture(autouse=True)
def installed(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(sys.modules, "bubancheng_fast", SimpleNamespace(compiled=quick))
    compiled.cache_clear()
    yield
    compiled.cache_clear()


def test_a_calendar_counts_instants_by_compiled_calls_over_its_own_lines() -> None:
    week: Any = WorkCalendar("09:00-17:00")
    assert (at("2026-03-05 13:03:07"), 2 * HOUR) == (week.add(T, W), week.between(T, T + 2 * HOUR))
    assert (1, 1) == (week.add.asked, week.between.asked)
    assert week.add.lines is week.between.lines is week._lines
    assert {None} == week._lines.keys()


def test_a_subclass_counts_in_its_own_way() -> None:
    class Later(WorkCalendar):
        def add(self, when: dt.datetime, amount: dt.timedelta) -> dt.datetime:
            return super().add(when, amount) + HOUR

    assert at("2026-03-05 14:03:07") == Later("09:00-17:00").add(T, W)


def test_a_calendar_with_compiled_calls_goes_when_it_is_let_go() -> None:
    week = WorkCalendar("09:00-17:00")
    gone = weakref.ref(week)
    gc.disable()
    try:
        del week
        assert gone() is None
    finally:
        gc.enable()


@pytest.mark.parametrize("copied", [copy.copy, lambda it: pickle.loads(pickle.dumps(it))])  # noqa: S301 our own bytes
def test_a_copy_gets_compiled_calls_of_its_own(copied: Callable[[Any], Any]) -> None:
    week: Any = WorkCalendar("09:00-17:00")
    other = copied(week)
    assert (week, at("2026-03-05 13:03:07")) == (other, other.add(T, W))
    assert (0, 1) == (week.add.asked, other.add.asked)


def test_where_nothing_is_compiled_python_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "bubancheng_fast", None)
    compiled.cache_clear()
    week = WorkCalendar("09:00-17:00")
    assert (None, False) == (compiled("compiled"), "add" in vars(week))
    assert at("2026-03-05 13:03:07") == week.add(T, W)


def test_a_pickle_holds_no_compiled_call(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may be read where nothing is compiled."""
    stored = pickle.dumps(WorkCalendar("09:00-17:00"))
    monkeypatch.setitem(sys.modules, "bubancheng_fast", None)
    compiled.cache_clear()
    week = pickle.loads(stored)  # noqa: S301 our own bytes
    assert {"add", "between"}.isdisjoint(vars(week))
    assert (at("2026-03-05 13:03:07"), 2 * HOUR) == (week.add(T, W), week.between(T, T + 2 * HOUR))
