"""The clock that stands still."""

import datetime as dt

import pytest

from bubancheng.errors import ArgumentError, KindError
from bubancheng.testing import FrozenClock
from tests.acting import instant
from tests.support import HOUR, US


def test_it_gives_the_same_instant_each_time() -> None:
    clock = FrozenClock("2026-09-30 16:00")
    assert [instant("2026-09-30 16:00")] * 2 == [clock(), clock()]


def test_it_goes_on_by_what_it_is_told_and_no_further() -> None:
    clock = FrozenClock("2026-09-30 16:00")
    assert instant("2026-09-30 17:00") == clock.advance(HOUR) == clock()
    assert instant("2026-09-30 17:00") == clock.advance(dt.timedelta(0))


def test_it_can_be_put_back() -> None:
    clock = FrozenClock("2026-09-30 16:00")
    assert instant("2026-01-01 00:00") == clock.put("2026-01-01 00:00") == clock()


def test_a_time_with_an_offset_is_meant_so_and_one_without_in_its_own_zone() -> None:
    assert instant("2026-09-30 16:00") == FrozenClock("2026-09-30 08:00Z")()
    assert instant("2026-09-30 16:00") == FrozenClock("2026-09-30 08:00", dt.UTC)()
    assert instant("2026-09-30 16:00") == FrozenClock(dt.datetime(2026, 9, 30, 16))()
    assert instant("2026-09-30 16:00") == FrozenClock(dt.datetime(2026, 9, 30, 8, tzinfo=dt.UTC))()


def test_time_does_not_pass_backwards() -> None:
    with pytest.raises(ArgumentError, match="use put"):
        FrozenClock("2026-09-30 16:00").advance(-US)


def test_a_number_is_no_time() -> None:
    with pytest.raises(KindError, match="timedelta, got 60"):
        FrozenClock("2026-09-30 16:00").advance(60)  # type: ignore[arg-type]
    with pytest.raises(KindError, match="an instant, got"):
        FrozenClock(dt.date(2026, 9, 30))  # type: ignore[arg-type]
