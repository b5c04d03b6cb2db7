"""Due times kept by the day of their start: the same as counting each one anew."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from dateutil.tz import tzoffset
from hypothesis import given
from hypothesis import strategies as st

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import UnknownDayError
from bubancheng.sla import Counting, Limit
from bubancheng.sla.deadline import Count
from tests.strategies import law
from tests.support import all_week, at, china

LIMITS = [
    "1个工作日",
    "3个工作日",
    "0.5个工作日",
    "2.5个工作日",
    "当日",
    "7日",
    "1个月",
    "2个工作小时",
    "24小时",
    "当场",
]
CALENDARS = [
    china(),
    WorkCalendar.china(
        "09:00-12:00,13:30-17:30", closures=((at("2026-03-04 00:00"), at("2026-03-05 12:00")),)
    ),
    all_week("22:00-06:00"),
    all_week("00:00-24:00", zone="Europe/Berlin"),
    WorkCalendar({"mon": "09:00-17:00", "sat": "10:00-02:00"}, zone="America/New_York"),
]
ZONES = [None, dt.UTC, ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), tzoffset(None, 28_800)]
COUNTINGS = st.builds(
    Counting,
    first_day=st.sampled_from(["excluded", "included", "included_before:12:00"]),
    out_of_hours=st.sampled_from(["keep_day", "roll"]),
    day_end=st.sampled_from(["close_of_business", "midnight", "18:00"]),
    same_day=st.sampled_from(["close_roll", "natural_day", "business_hours"]),
    shift_last_day=st.sampled_from(["next_workday", "none"]),
)


@law
@given(
    st.sampled_from(CALENDARS),
    st.sampled_from(LIMITS),
    st.datetimes(dt.datetime(2026, 2, 25), dt.datetime(2026, 4, 8)),
    st.sampled_from(ZONES),
    COUNTINGS,
)
def test_a_day_that_was_counted_before_gives_what_counting_anew_gives(
    calendar: WorkCalendar, text: str, start: dt.datetime, zone: dt.tzinfo | None, counting: Counting
) -> None:
    limit, when = Limit.parse(text), start.replace(tzinfo=zone)
    anew = Count(limit.amount, limit.unit, when, calendar, counting).run()
    for _ in range(2):
        due = limit.due(when, calendar, counting)
        assert anew == (due.at, due.provisional)
        assert due.at.tzinfo is zone


@pytest.mark.parametrize("seconds", [-1, 0, 1])
def test_the_close_is_the_turning_point_of_the_same_day(seconds: int) -> None:
    """Decision 4: at the close it is the next working day's."""
    limit = Limit.parse("当日")
    close = dt.datetime(2026, 3, 6, 17, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Friday
    expected = close if seconds < 0 else close + dt.timedelta(3)
    for _ in range(2):
        assert expected == limit.due(close + dt.timedelta(seconds=seconds), china()).at


def test_a_start_beyond_the_table_is_refused_each_time() -> None:
    limit, calendar = Limit.parse("3个工作日"), china()
    for _ in range(2):
        with pytest.raises(UnknownDayError):
            limit.due(dt.datetime(2120, 1, 1, tzinfo=ZoneInfo("Asia/Shanghai")), calendar)


def test_one_limit_serves_two_calendars_in_turn() -> None:
    limit, early, late = (
        Limit.parse("1个工作日"),
        WorkCalendar.china("09:00-12:00"),
        WorkCalendar.china("09:00-18:00"),
    )
    start = dt.datetime(2026, 3, 2, 10, tzinfo=ZoneInfo("Asia/Shanghai"))
    assert [12, 18, 12] == [limit.due(start, it).at.hour for it in (early, late, early)]
