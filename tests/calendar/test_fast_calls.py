"""The compiled calls of `bubancheng-fast` as objects: what they take, what they leave, what they are like."""

import copy
import datetime as dt
import gc
import inspect
import pickle
import sys
import threading
import tracemalloc
import weakref
from collections.abc import Callable
from importlib import import_module
from typing import Any

import pytest

from bubancheng.calendar import WorkCalendar
from tests.calendar.test_fast import PLACE, SHANGHAI, T, W, outcome, plain, zones
from tests.support import FIRST_OF_ALL, HOUR, LAST_OF_ALL, china

pytestmark = pytest.mark.fast

Call = Callable[..., Any]


def test_ordinary_questions_never_reach_the_methods_once_their_line_is_drawn() -> None:
    week = WorkCalendar.china()
    made = import_module("bubancheng_fast").compiled(week._lines, add=None, between=None)
    for zone in (None, SHANGHAI, dt.UTC):
        t = T.replace(tzinfo=zone)
        expected = plain(week).add(t, W), plain(week).between(t, t + W)
        week.add(t, W)
        assert expected == (made["add"](t, W), made["between"](t, t + W))


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), {}),
        ((T,), {}),
        ((T, W, W), {}),
        ((T,), {"amount": W}),
        ((), {"when": T, "amount": W}),
        ((), {"a": T, "b": T + W}),
        ((T, W), {"amount": W}),
        ((T, W), {"zone": None}),
    ],
    ids=repr,
)
def test_arguments_are_taken_by_place_and_by_name_as_the_methods_take_them(
    arguments: tuple[Any, ...], named: dict[str, Any]
) -> None:
    for name in ("add", "between"):
        expected, found = (getattr(week, name) for week in (plain(china()), china()))
        assert outcome(expected, *arguments, **named) == outcome(found, *arguments, **named)


LINE = ({T.toordinal(): 0}, [LAST_OF_ALL], [FIRST_OF_ALL], [HOUR], [(0, 1), (1, 1)])
NO_LINES: dict[str, Any] = {
    "nothing": None,
    "no part": (),
    "a part too few": LINE[:4],
    "a list": list(LINE),
    "parts of nothing": (None,) * 5,
    "no place": (LINE[0], [], [], [], []),
    "no date": ({}, *LINE[1:]),
    "a date before all": ({0: 0}, *LINE[1:]),
    "a date after all": ({10**30: 0}, *LINE[1:]),
    "a place before all": ({T.toordinal(): -1}, *LINE[1:]),
    "a place after all": ({T.toordinal(): 1}, *LINE[1:]),
    "a date left out": ({T.toordinal() - 1: 0, T.toordinal() + 1: 0}, *LINE[1:]),
    "a start of nothing": (LINE[0], [None], *LINE[2:]),
    "a lead too few": (*LINE[:2], [], *LINE[3:]),
    "a lead of another kind": (*LINE[:2], [T.date()], *LINE[3:]),
    "less than nothing": (*LINE[:3], [-HOUR], LINE[4]),
    "too much": (*LINE[:3], [dt.timedelta.max], LINE[4]),
    "an end before the start": (LINE[0], [T], *LINE[2:]),
    "a lead after the start": (*LINE[:2], [LAST_OF_ALL], *LINE[3:]),
}


@pytest.mark.parametrize("line", NO_LINES.values(), ids=NO_LINES)
def test_lines_of_another_kind_are_left_to_the_methods(line: Any) -> None:
    """Another version of the library may draw others."""
    made = import_module("bubancheng_fast").compiled(
        {None: line}, add=lambda *_: "add", between=lambda *_: "between"
    )
    assert ("add", "between") == (made["add"](T, HOUR), made["between"](T, T))


def test_an_answer_after_the_end_of_time_is_left_to_the_method() -> None:
    line = (LINE[0], [LAST_OF_ALL] * 2, [FIRST_OF_ALL, LAST_OF_ALL], [HOUR, 2 * HOUR], LINE[4])
    made = import_module("bubancheng_fast").compiled({None: line}, add=lambda *_: "add", between=None)
    assert "add" == made["add"](T, HOUR)


# -- a method is a method


def test_a_compiled_call_has_the_words_the_signature_and_the_face_of_its_method() -> None:
    for name in ("add", "between"):
        expected, found = getattr(plain(china()), name), getattr(china(), name)
        assert inspect.signature(expected) == inspect.signature(found)
        assert (expected.__doc__, expected.__name__, expected.__qualname__, repr(expected)) == (
            found.__doc__,
            found.__name__,
            found.__qualname__,
            repr(found),
        )


@pytest.mark.parametrize("copied", [copy.copy, copy.deepcopy, lambda it: pickle.loads(pickle.dumps(it))])  # noqa: S301
def test_a_copy_counts_by_its_own_lines(copied: Call) -> None:
    week = WorkCalendar.china()
    expected = week.add(T, W)
    other = copied(week)
    call = copied(week.add)
    assert (week, hash(week), repr(week)) == (other, hash(other), repr(other))
    assert ("Call", other) == (type(other.add).__name__, other.add.__wrapped__.__self__)
    assert (expected, expected) == (other.add(T, W), call(T, W))


def test_a_pickle_can_be_read_where_nothing_is_compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    """And it names nothing that only the compiled library has."""
    stored = pickle.dumps(china())
    assert b"bubancheng_fast" not in stored
    monkeypatch.setattr(PLACE, lambda _: None)
    other = pickle.loads(stored)  # noqa: S301 our own bytes
    assert ("method", china().add(T, W)) == (type(other.add).__name__, other.add(T, W))


def test_a_subclass_that_adds_in_its_own_way_is_left_alone() -> None:
    class Stopped(WorkCalendar):
        def add(self, when: dt.datetime, amount: dt.timedelta) -> dt.datetime:
            del amount
            return when

    assert T == Stopped("09:00-17:00").add(T, W)


# -- memory and threads


def test_a_calendar_goes_when_it_is_let_go_and_a_call_can_outlive_it() -> None:
    week = WorkCalendar.china()
    kept, gone = week.add, weakref.ref(week)
    expected = kept(T, W)
    gc.disable()
    try:
        del week
        assert gone() is None
    finally:
        gc.enable()
    assert expected == kept(T, W)


def test_a_hundred_thousand_calls_leave_nothing_behind() -> None:
    """Neither an object, nor a count of one: ordinary calls, some for Python, and some that fail."""
    week, known = china(), (SHANGHAI, T, W)

    def ask() -> None:
        for _ in range(10_000):
            for t, w in ((T, W), (T.replace(tzinfo=SHANGHAI), W), (T, -W)):
                week.between(t, week.add(t, w))
        for _ in range(1000):
            outcome(week.add, LAST_OF_ALL, W)
            outcome(week.between, T, None)

    def held() -> list[int]:
        gc.collect()
        return [sys.getrefcount(it) for it in known]

    ask()
    expected = held()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        ask()
        assert expected == held()
        assert tracemalloc.get_traced_memory()[0] - before < 10_000
    finally:
        tracemalloc.stop()


def test_calls_that_are_let_go_leave_nothing_behind() -> None:
    """A line takes a megabyte, and the words of a call some hundred bytes."""
    week = plain(china())
    week.add(T, W)
    compiled, held = import_module("bubancheng_fast").compiled, sys.getrefcount(week)

    def make() -> None:
        for _ in range(100):
            assert T < compiled(week._lines, add=week.add, between=week.between)["add"](T, W)
        gc.collect()

    make()
    tracemalloc.start()
    try:
        before = tracemalloc.get_traced_memory()[0]
        make()
        assert tracemalloc.get_traced_memory()[0] - before < 10_000
    finally:
        tracemalloc.stop()
    assert held == sys.getrefcount(week)


def test_threads_that_ask_at_once_get_the_same_answers() -> None:
    expected = {zone: plain(china()).add(T.replace(tzinfo=zone), W) for zone in zones("Asia/Shanghai")}
    week = WorkCalendar.china("09:00-17:00")
    wrong: list[object] = []

    def ask() -> None:
        for _ in range(300):
            for zone, answer in expected.items():
                if week.add(T.replace(tzinfo=zone), W) != answer:
                    wrong.append(zone)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    interval = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    finally:
        sys.setswitchinterval(interval)
    assert [] == wrong
