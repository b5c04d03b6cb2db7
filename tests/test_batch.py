"""Arrays give the answers of the scalar calls: on every boundary, in every zone, and in refusing."""

import datetime as dt
import random
import warnings
from collections.abc import Callable
from importlib import import_module
from typing import Any

import numpy as np
import pytest

from bubancheng import batch
from bubancheng.calendar import WorkCalendar
from bubancheng.errors import ArgumentError, KindError, ProvisionalWarning, UnknownDayError
from tests.support import DAY, HOUR, MINUTE, US, all_week, at, china, on, quiet

LUNCH = WorkCalendar.china("09:00-12:00,13:30-17:30")

TYPHOON = WorkCalendar.china(
    "09:00-12:00,13:30-17:30",
    closures=[
        (at("2024-09-16T07:00"), at("2024-09-18T10:05")),
        (at("2025-03-03T09:10"), at("2025-03-03T09:20")),
        (at("2025-03-04T16:00"), at("2025-03-04T23:00")),
        (at("2025-07-01T00:00"), at("2025-07-09T00:00")),
    ],
    openings=[(at("2024-09-21T10:00"), at("2024-09-21T10:05"))],
)

NIGHT = WorkCalendar({"mon": "22:00-06:00", "tue": "22:00-06:00", "fri": "09:00-12:00,22:00-06:00"})

PATCHY = WorkCalendar(
    "09:00-17:00",
    closures=[
        (start, start + length * MINUTE)
        for draw in [random.Random(5)]
        for start, length in [
            (at("2024-01-01") + draw.randrange(2 * 365 * 1440) * MINUTE, draw.randrange(1, 600))
            for _ in range(1500)
        ]
    ],
)

NEW_YORK = all_week("22:00-03:30,08:00-12:00", zone="America/New_York")
LORD_HOWE = all_week("23:30-24:00,00:30-02:10", zone="Australia/Lord_Howe")
BEIRUT = all_week(zone="Asia/Beirut")  # its clocks turn at midnight

CALENDARS = {
    "plain": china(),
    "lunch": LUNCH,
    "typhoon": TYPHOON,
    "night": NIGHT,
    "patchy": PATCHY,
    "always": all_week(),
    "new_york": NEW_YORK,
    "lord_howe": LORD_HOWE,
    "beirut": BEIRUT,
}
each_calendar = pytest.mark.parametrize("name", CALENDARS)

FIRST, LAST = at("2024-01-01"), at("2025-12-30")
AMOUNTS = [0, 1, 3600, 1800, 8 * 3600, 7 * 3600, 14 * 3600, 200 * 3600]


def instants(cal: WorkCalendar, count: int, seed: int) -> list[dt.datetime]:
    """Return instants of two years, many on a boundary of a span, next to one, or near a turn."""
    draw = random.Random(seed)
    edges = sorted({edge for pattern in set(cal.table.patterns) for edge in pattern[0]} | {0})
    zero = cal.table.civil.naive
    turns = [
        day for day in (zero + turn * DAY for turn in sorted(cal.table.civil.turns)) if FIRST < day < LAST
    ]
    found = []
    for _ in range(count):
        day = FIRST + draw.randrange((LAST - FIRST).days) * DAY
        if turns and draw.random() < 0.25:
            day = draw.choice(turns) + draw.randrange(-1, 2) * DAY
        us = (
            draw.choice(edges) + draw.choice([-1, 0, 0, 1])
            if draw.random() < 0.6
            else draw.randrange(1 << 36)
        )
        found.append(day + us * US)
    return found


def amounts(count: int, seed: int) -> list[int]:
    draw = random.Random(seed)
    return [draw.choice([1, 1, -1]) * draw.choice([*AMOUNTS, draw.randrange(10**6)]) for _ in range(count)]


def us(values: list[dt.datetime]) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    return np.array(values, "datetime64[us]")


def days(values: list[dt.date]) -> np.ndarray[Any, np.dtype[np.datetime64]]:
    return np.array(values, "datetime64[D]")


def warned(call: Callable[[], object]) -> bool:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        call()
    return any(issubclass(it.category, ProvisionalWarning) for it in caught)


# -- hours


@each_calendar
@pytest.mark.parametrize("sign", [1, -1, 0], ids=["forwards", "backwards", "both_ways"])
def test_adding_hours_gives_the_instants_of_the_scalar_call(name: str, sign: int) -> None:
    cal = CALENDARS[name]
    starts = instants(cal, 700, seed=1)
    seconds = [sign * (abs(it) + 1) if sign else it for it in amounts(700, seed=2)]
    with quiet():
        expected = [
            cal.add(start, dt.timedelta(seconds=w)).replace(fold=0)
            for start, w in zip(starts, seconds, strict=True)
        ]
        assert expected == batch.add(cal, us(starts), np.array(seconds)).tolist()


@each_calendar
@pytest.mark.parametrize("seconds", [1, 8 * 3600, -8 * 3600, 0, 0.000001, -123456.789])
def test_one_amount_is_added_to_all_instants(name: str, seconds: float) -> None:
    cal = CALENDARS[name]
    starts = instants(cal, 200, seed=3)
    with quiet():
        expected = [cal.add(it, dt.timedelta(seconds=seconds)).replace(fold=0) for it in starts]
        assert expected == batch.add(cal, us(starts), seconds).tolist()


def test_fractions_of_seconds_round_as_in_a_timedelta() -> None:
    draw = random.Random(4)
    seconds = [
        draw.randrange(-(10**9), 10**9) / 2e6 + draw.choice([0, 7e5, draw.random()]) for _ in range(2000)
    ]
    start = at("2015-06-01T10:00")
    expected = [china().add(start, dt.timedelta(seconds=it)) for it in seconds]
    assert expected == batch.add(china(), us([start]), np.array(seconds)).tolist()


@each_calendar
def test_elapsed_seconds_are_those_of_the_scalar_call_with_its_sign(name: str) -> None:
    cal = CALENDARS[name]
    a, b = instants(cal, 700, seed=5), instants(cal, 700, seed=6)
    expected = [cal.between(*pair).total_seconds() for pair in zip(a, b, strict=True)]
    assert expected == batch.between(cal, us(a), us(b)).tolist()


def test_elapsed_time_counts_up_to_the_lunch_break_and_on_after_it() -> None:
    ends = us(
        [at(f"2025-03-03T{clock}") for clock in ("09:00", "12:00", "12:45", "13:30", "13:30:01", "18:00")]
    )
    assert [0, 10_800, 10_800, 10_800, 10_801, 25_200] == batch.between(
        LUNCH, us([at("2025-03-03T08:00")]), ends
    ).tolist()


def test_a_shift_at_night_runs_on_through_midnight() -> None:
    starts = us([at("2025-03-03T23:00"), at("2025-03-04T05:00")])
    assert [at("2025-03-04T02:00"), at("2025-03-04T23:59")] == batch.add(
        NIGHT, starts, [3 * 3600, 3600 + 119 * 60]
    ).tolist()


def test_an_hour_that_a_zone_skips_is_not_working_time() -> None:
    cal = all_week(zone="America/New_York")
    start = us([at("2025-03-09T01:00"), at("2025-11-02T00:30"), at("2025-03-08T23:00")])
    assert [at("2025-03-09T04:00"), at("2025-11-02T01:30"), at("2025-03-09T01:00")] == batch.add(
        cal, start, 2 * 3600
    ).tolist()
    assert [23 * 3600.0] == batch.between(cal, us([at("2025-03-09")]), us([at("2025-03-10")])).tolist()


# -- days


@each_calendar
@pytest.mark.parametrize("sign", [1, -1, 0], ids=["forwards", "backwards", "both_ways"])
def test_adding_working_days_gives_the_days_of_the_scalar_call(name: str, sign: int) -> None:
    cal, draw = CALENDARS[name], random.Random(7)
    starts = [FIRST.date() + draw.randrange(700) * DAY for _ in range(700)]
    n = [
        sign * draw.randrange(1, 200) if sign else draw.choice([0, draw.randrange(-200, 200)]) for _ in starts
    ]
    expected = [cal.add_workdays(*pair) for pair in zip(starts, n, strict=True)]
    assert expected == batch.add_workdays(cal, days(starts), n).tolist()


@pytest.mark.parametrize("n", [0, 1, 3, -1, -250, 1000])
@pytest.mark.parametrize("count", [50, 80_000], ids=["few", "many"])
def test_one_number_of_days_is_added_to_all(n: int, count: int) -> None:
    every = np.arange("2010-01-01", "2020-01-01", dtype="datetime64[D]")
    found = batch.add_workdays(china(), np.resize(every, count), n)
    expected = [china().add_workdays(day, n) for day in every.tolist()]
    assert (days(expected)[np.arange(count) % every.size] == found).all()


def test_no_days_from_a_day_off_is_that_day_even_before_the_first_working_day() -> None:
    assert [on("2004-01-01"), on("2025-10-05")] == batch.add_workdays(
        china(), days([on("2004-01-01"), on("2025-10-05")]), 0
    ).tolist()


def test_a_calendar_that_begins_before_1970_counts_too() -> None:
    data = china().to_dict() | {"first": "1955-03-01", "last": "1985-12-31", "known_until": "1985-12-31"}
    cal = WorkCalendar.from_dict(data)
    starts = [on("1955-03-01") + 23 * n * DAY for n in range(400)]
    assert [cal.add_workdays(it, 5) for it in starts] == batch.add_workdays(cal, days(starts), 5).tolist()
    with pytest.raises(UnknownDayError):
        batch.add_workdays(cal, days([on("1955-02-28")]), 5)
    noons = [dt.datetime.combine(it, dt.time(12)) for it in starts]
    assert [cal.add(it, 9 * HOUR) for it in noons] == batch.add(cal, us(noons), 9 * 3600).tolist()


# -- lights

NOW = at("2026-09-30T16:00")
WARN = np.timedelta64(24, "h")
REMAINING = [DAY + US, DAY, DAY - US, US, 0 * US, -US, -400 * DAY]


@pytest.mark.parametrize("unit", ["us", "s", "m", "h"])
def test_a_light_turns_yellow_a_day_before_and_red_after_the_due_time(unit: str) -> None:
    now = us([NOW]).astype(f"datetime64[{unit}]")
    assert [0, 1, 1, 1, 1, 2, 2] == batch.lights(us([NOW + it for it in REMAINING]), now, WARN).tolist()


def test_each_due_time_may_have_a_clock_of_its_own() -> None:
    now = us([NOW + n * HOUR for n in range(7)])
    due = us([NOW + n * HOUR + it for n, it in enumerate(REMAINING)])
    assert [0, 1, 1, 1, 1, 2, 2] == batch.lights(due, now, WARN).tolist()


def test_a_light_without_a_due_time_is_green() -> None:
    due = np.array([NOW, "NaT", NOW - DAY], "datetime64[us]")
    assert [1, 0, 2] == batch.lights(due, np.datetime64(NOW), WARN).tolist()


def test_no_warning_time_or_less_leaves_out_yellow() -> None:
    due = us([NOW + US, NOW, NOW - US])
    assert [0, 1, 2] == batch.lights(due, np.datetime64(NOW), np.timedelta64(0, "h")).tolist()
    assert [0, 0, 2] == batch.lights(due, np.datetime64(NOW), np.timedelta64(-1, "h")).tolist()


def test_a_warning_time_without_end_shows_yellow_until_red() -> None:
    due = us([NOW + 3000 * DAY, NOW - US])
    assert [1, 2] == batch.lights(due, np.datetime64(NOW), np.timedelta64(2**63 - 1, "us")).tolist()


# -- shapes


def test_results_have_the_shape_that_the_arguments_have_together() -> None:
    start = us([at("2025-03-03T09:00"), at("2025-03-04T09:00")])
    grid = batch.add(china(), start[:, None], [3600, 7200, -3600])
    assert ((2, 3), at("2025-03-04T11:00")) == (grid.shape, grid[1, 1].item())
    assert (3,) == batch.add_workdays(china(), days([on("2025-03-03")]), [1, 2, 3]).shape
    assert () == batch.between(china(), start[0], start[1]).shape
    assert (2, 1) == batch.lights(start[:, None], start[0], WARN).shape
    assert [28_800.0, 0.0] == batch.between(china(), start, start[1]).tolist()


def test_results_have_the_types_that_are_promised() -> None:
    start, day = us([at("2025-03-03T09:00")]), days([on("2025-03-03")])
    assert ["datetime64[D]", "datetime64[us]", "float64", "int8"] == [
        str(it.dtype)
        for it in (
            batch.add_workdays(china(), day, 3),
            batch.add(china(), start, 3600),
            batch.between(china(), start, start),
            batch.lights(start, start, WARN),
        )
    ]


def test_empty_arrays_give_empty_arrays() -> None:
    none = us([])
    assert [0, 0, 0, 0] == [
        batch.add(china(), none, 3600).size,
        batch.between(china(), none, none).size,
        batch.add_workdays(china(), days([]), 3).size,
        batch.lights(none, np.datetime64(NOW), WARN).size,
    ]


def test_slices_byte_orders_and_coarser_clock_units_are_understood() -> None:
    every = np.arange("2025-03-03T08", "2025-03-05T08", dtype="datetime64[h]")
    expected = [china().add(it, 5 * HOUR) for it in every[::-3].tolist()]
    assert expected == batch.add(china(), every[::-3], np.int8(5) * np.int16(3600)).tolist()
    assert expected == batch.add(china(), every[::-3].astype(">M8[us]"), np.uint64(18_000)).tolist()


def test_more_elements_than_one_chunk_are_all_counted() -> None:
    starts = np.datetime64("2025-03-03T08:00:00", "us") + np.arange(100_000) * np.timedelta64(97, "s")
    found, seconds = batch.add(LUNCH, starts, 5400), batch.between(LUNCH, starts[0], starts)
    for n in (0, 32_767, 32_768, 65_536, 99_999):
        assert LUNCH.add(starts[n].item(), 90 * MINUTE) == found[n].item()
        assert LUNCH.between(starts[0].item(), starts[n].item()).total_seconds() == seconds[n]


# -- what is not known


@pytest.mark.parametrize("seconds", [-40 * 3600, -3600, 0, 3600, 8 * 3600])
def test_hours_are_provisional_exactly_where_the_scalar_call_says_so(seconds: int) -> None:
    for hour in range(0, 24 * 16, 4):
        start = at("2026-12-20") + hour * HOUR
        expected = warned(lambda start=start: china().add(start, seconds * dt.timedelta(0, 1)))  # type: ignore[misc]
        assert expected == warned(lambda start=start: batch.add(china(), us([start]), seconds)), start  # type: ignore[misc]


@pytest.mark.parametrize("n", [-3, -1, 0, 1, 3])
def test_days_are_provisional_exactly_where_the_scalar_call_says_so(n: int) -> None:
    for number in range(20):
        day = on("2026-12-18") + number * DAY
        expected = warned(lambda day=day: china().add_workdays(day, n))  # type: ignore[misc]
        assert expected == warned(lambda day=day: batch.add_workdays(china(), days([day]), n)), day  # type: ignore[misc]


def test_provisional_answers_are_warned_of_once_and_name_the_latest_day() -> None:
    starts = us([at("2027-03-01T10:00"), at("2027-03-02T10:00"), at("2025-03-02T10:00")])
    with pytest.warns(ProvisionalWarning, match="2027-03-02 is later than 2026-12-28") as caught:
        batch.between(china(), starts, starts)
    assert [__file__] == [it.filename for it in caught]


@pytest.mark.parametrize(
    "call",
    [
        lambda: batch.add_workdays(china(), days([on("2003-12-31"), on("2025-03-03")]), 3),
        lambda: batch.add_workdays(china(), days([on("2003-12-31"), on("2025-03-03")]), -3),
        lambda: batch.add_workdays(china(), days([on("1969-12-31")]), 0),
        lambda: batch.add_workdays(china(), days([on("2100-01-01")]), 0),
        lambda: batch.add_workdays(china(), days([on("2099-12-31")]), 1),
        lambda: batch.add_workdays(china(), days([on("2004-01-02")]), [-1]),
        lambda: batch.add_workdays(china(), days([on("2025-03-03")]), 2**70),
        lambda: batch.add_workdays(china(), days([on("2025-03-03")]), np.array([2**64 - 1])),
        lambda: batch.add_workdays(china(), days([on("2025-03-03")]), [-(2**63), 0]),
        lambda: batch.add_workdays(china(), np.array(["290000-01-01"], "datetime64[D]"), 1),
        lambda: batch.add_workdays(china(), np.resize(days([on("2099-12-30")]), 90_000), 9),
        lambda: batch.add(china(), us([at("2003-12-31T23:59:59.999999")]), 1),
        lambda: batch.add(china(), us([at("2100-01-01")]), 0),
        lambda: batch.add(china(), us([at("2099-12-31T16:00")]), 3601),
        lambda: batch.add(china(), us([at("2004-01-01T10:00")]), -1),
        lambda: batch.add(china(), us([at("2025-03-03T10:00")]), 2**70),
        lambda: batch.add(china(), us([at("2025-03-03T10:00")]), -1e300),
        lambda: batch.add(china(), np.array(["290000-01-01"], "datetime64[us]"), 1),
        lambda: batch.between(china(), us([at("2025-03-03T10:00")]), us([at("2100-01-01")])),
        lambda: batch.between(china(), us([at("1066-10-14")]), us([at("2025-03-03T10:00")])),
        lambda: batch.add_workdays(china("error"), days([on("2026-12-28")]), 1),
    ],
)
def test_what_lies_off_the_table_is_refused(call: Callable[[], object]) -> None:
    with quiet(), pytest.raises(UnknownDayError, match="is outside the calendar"):
        call()


def test_the_refusal_names_the_first_unknown_day() -> None:
    with pytest.raises(UnknownDayError, match=r"^2003-12-31 is outside"):
        batch.add_workdays(china(), days([on("2025-03-03"), on("2003-12-31"), on("1999-01-01")]), 3)
    with pytest.raises(UnknownDayError, match=r"^2100-01-01 is outside"):
        batch.add(china(), us([at("2025-03-03"), at("2100-01-01")]), 3)


@pytest.mark.parametrize(
    ("call", "sentence"),
    [
        (lambda: batch.add_workdays(china(), np.array([20_000.0]), 1), "civil dates .* got float64"),
        (lambda: batch.add_workdays(china(), np.array([20_000]), 1), "civil dates .* got int64"),
        (lambda: batch.add_workdays(china(), ["2025-03-03"], 1), "civil dates .* got <U10"),
        (lambda: batch.add_workdays(china(), us([NOW]), 1), r"got datetime64\[us\]"),
        (
            lambda: batch.add_workdays(china(), np.array(["2025-03"], "datetime64[M]"), 1),
            r"got datetime64\[M\]",
        ),
        (lambda: batch.add_workdays(china(), np.array(["2025-03-03", "NaT"], "M8[D]"), 1), "NaT"),
        (lambda: batch.add_workdays(china(), np.array(["2025-03-03", "NaT"], "M8[D]"), [0, 1]), "NaT"),
        (lambda: batch.add_workdays(china(), np.array(["2025-03-03", "NaT"], "M8[D]"), 0), "NaT"),
        (lambda: batch.add_workdays(china(), days([on("2025-03-03")]), 1.0), "whole numbers .* got float64"),
        (lambda: batch.add_workdays(china(), days([on("2025-03-03")]), [True]), "whole numbers .* got bool"),
        (lambda: batch.add_workdays(china(), days([on("2025-03-03")]), "3"), "whole numbers .* got <U1"),
        (lambda: batch.add(china(), days([on("2025-03-03")]), 1), r"starts: instants .* got datetime64\[D\]"),
        (lambda: batch.add(china(), np.array([NOW], "datetime64[ns]"), 1), r"got datetime64\[ns\]"),
        (lambda: batch.add(china(), [NOW.isoformat()], 1), "starts: instants .* got <U19"),
        (lambda: batch.add(china(), np.array([NOW, "NaT"], "datetime64[us]"), 1), "NaT"),
        (lambda: batch.add(china(), us([NOW]), np.nan), "finite"),
        (lambda: batch.add(china(), us([NOW]), [1.0, np.inf]), "finite"),
        (lambda: batch.add(china(), us([NOW]), [True]), "numbers .* got bool"),
        (lambda: batch.add(china(), us([NOW]), "1"), "numbers .* got <U1"),
        (lambda: batch.add(china(), us([NOW]), np.timedelta64(1, "h")), r"numbers .* got timedelta64\[h\]"),
        (lambda: batch.between(china(), us([NOW]), np.array(["NaT"], "datetime64[us]")), "NaT"),
        (lambda: batch.between(china(), us([NOW]), 3), "b: instants .* got int64"),
        (lambda: batch.lights(us([NOW]), np.datetime64("NaT", "us"), WARN), "NaT"),
        (lambda: batch.lights(us([NOW]), np.datetime64("2026-09-30"), WARN), "now: instants"),
        (lambda: batch.lights([1.5], np.datetime64(NOW), WARN), "due: instants"),
        (lambda: batch.lights(us([NOW]), np.datetime64(NOW), np.timedelta64(1, "M")), "warn: one span"),
        (lambda: batch.lights(us([NOW]), np.datetime64(NOW), np.timedelta64("NaT", "h")), "NaT"),
    ],
)
def test_what_is_of_another_kind_is_refused(call: Callable[[], object], sentence: str) -> None:
    with pytest.raises(KindError, match=sentence):
        call()


def test_times_that_microseconds_cannot_hold_are_refused() -> None:
    far = np.array([2**62 + 5], "datetime64[s]")
    for call in (
        lambda: batch.add(china(), far, 1),
        lambda: batch.lights(far, np.datetime64(NOW), WARN),
        lambda: batch.lights(us([NOW]), np.datetime64(NOW), np.timedelta64(2**62, "h")),
    ):
        with pytest.raises(ArgumentError, match="too far away"):
            call()


def test_arguments_of_shapes_that_do_not_fit_are_refused() -> None:
    with pytest.raises(ArgumentError, match=r"\(1, 2\) and \(3,\)"):
        batch.add_workdays(china(), days([on("2025-03-03"), on("2025-03-04")])[None], [1, 2, 3])


def test_tables_are_built_once_and_go_with_their_calendar() -> None:
    cal = WorkCalendar("08:00-09:00")
    batch.add_workdays(cal, days([on("2025-03-03")]), 1)
    tables = batch._tables(cal)
    assert tables is batch._tables(WorkCalendar("08:00-09:00"))
    before = len(batch._known)
    del cal
    assert before - 1 == len(batch._known)


# -- compiled, where `bubancheng-fast` is installed


def in_numpy(cal: WorkCalendar, days: Any, n: Any) -> Any:
    """Return what the same call answers, or raises, without anything compiled."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("bubancheng.batch.days.compiled", lambda _: None)
        try:
            return batch.add_workdays(WorkCalendar.from_dict(cal.to_dict()), days, n).tolist()
        except Exception as error:  # noqa: BLE001 whatever it is, both must raise it
            return str(error)


def in_c(cal: WorkCalendar, days: Any, n: Any) -> Any:
    """Return what the call answers, or raises."""
    try:
        return batch.add_workdays(cal, days, n).tolist()
    except Exception as error:  # noqa: BLE001 as above
        return str(error)


EDGES = np.array(
    ["NaT", "-290000-01-01", "2003-12-31", "2004-01-01", "2099-12-31", "2100-01-01"], "datetime64[D]"
)


@pytest.mark.fast
class TestCompiled:
    @each_calendar
    @pytest.mark.parametrize("least", [1, 0, -200], ids=["forwards", "standing", "both_ways"])
    def test_every_day_of_a_calendar_is_counted_as_numpy_counts_it(self, name: str, least: int) -> None:
        cal, draw = CALENDARS[name], np.random.default_rng(11)
        last = min(cal.known_until, on("2024-12-31"))
        every = np.arange(f"{cal.known_from}", f"{last}", dtype="datetime64[D]")
        with quiet():
            for n in (least, 7, draw.integers(least, 300, every.size)):
                assert in_numpy(cal, every, n) == in_c(cal, every, n)

    @pytest.mark.parametrize("n", [1, 0, 10**6, 2**62])
    @pytest.mark.parametrize("edge", EDGES, ids=str)
    def test_what_is_at_the_edge_or_off_it_is_answered_or_refused_alike(self, edge: Any, n: int) -> None:
        held = np.array([np.datetime64("2025-03-03"), edge])
        with quiet():
            assert in_numpy(china(), held, n) == in_c(china(), held, n)
            assert in_numpy(china(), held, np.array([1, n])) == in_c(china(), held, np.array([1, n]))

    def test_slices_and_unaligned_arrays_are_counted_too(self) -> None:
        every = np.arange("2010-01-01", "2020-01-01", dtype="datetime64[D]")
        packed = np.zeros(every.size, np.dtype([("flag", "i1"), ("day", "M8[D]")]))
        packed["day"] = every
        for held in (every[::-3], packed["day"], every[:0]):
            assert in_numpy(china(), held.copy(), 9) == in_c(china(), held, 9)

    @pytest.mark.parametrize(
        "given",
        [
            (b"12345678", b"12345678", b"", b"", 0, bytearray(16)),
            (b"1234567", b"12345678", b"", b"", 0, bytearray(7)),
            (b"12345678" * 3, b"12345678" * 2, b"", b"", 0, bytearray(24)),
        ],
        ids=["found", "days", "counts"],
    )
    def test_buffers_that_do_not_fit_are_refused(self, given: tuple[Any, ...]) -> None:
        compiled = import_module("bubancheng_fast").add_workdays
        with pytest.raises(ValueError, match="one length"):
            compiled(*given)

    def test_without_tables_nothing_is_known(self) -> None:
        compiled = import_module("bubancheng_fast").add_workdays
        assert compiled(b"12345678", b"12345678", b"", b"", 0, bytearray(8)) is None
