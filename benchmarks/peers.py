"""One call at a time, and arrays, against the libraries that come nearest.

Peers cannot express make-up working days, so all sides get the same plain week (Monday to Friday)
and the same holidays: China's days off, and fixed ones before 2004. Results are compared first.
"""

import datetime as dt
import os
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import bizdays
import numpy as np
import timegrid
import workclock
from timing import Row, alone, race

from bubancheng import batch
from bubancheng.calendar import WorkCalendar
from bubancheng.calendar.accelerating import compiled
from bubancheng.district import read_profile
from bubancheng.ticket import Mark, Ticket
from bubancheng.ticket.fold import restored

os.environ["POLARS_MAX_THREADS"] = "1"  # one thread for everybody; polars looks when it is imported
import polars as pl

ROOT = Path(__file__).resolve().parent.parent
ZONE = ZoneInfo("Asia/Shanghai")
HOURS = "09:00-12:00,13:30-17:30"
A_DAY = dt.timedelta(hours=7)
CALLS = 1000  # of one side in one round
MANY = 1_000_000

_draw = random.Random(20260930)

Instants = Sequence[dt.datetime]


def _holidays() -> list[dt.date]:
    """Return about 700 days off on weekdays, 1990 to 2049."""
    china = WorkCalendar.china(HOURS).table
    official = [day for day, works in zip(china.civil.dates, china.flags, strict=True) if not works]
    fixed = [dt.date(year, m, d) for year in range(1990, 2004) for m in (1, 5, 10) for d in range(1, 4)]
    return [day for day in (*fixed, *official) if day.weekday() < 5 and day.year < 2050]


HOLIDAYS = _holidays()
OFF = set(HOLIDAYS)


def _instant(first: int = 2024, years: int = 2) -> dt.datetime:
    """Return an instant, to the microsecond; of two years, as those of a desk's tickets are."""
    return dt.datetime(first, 1, 1) + dt.timedelta(microseconds=_draw.randrange(years * 365 * 86_400 * 10**6))


def _business_day(first: int = 2024, years: int = 2) -> dt.date:
    while True:
        day = _instant(first, years).date()
        if day.weekday() < 5 and day not in OFF:
            return day


def _aware(instants: Instants, zone: dt.tzinfo = ZONE) -> Instants:
    return [it.replace(tzinfo=ZONE).astimezone(zone) for it in instants]


def _calls(function: Callable[..., Any], *columns: Sequence[Any]) -> Callable[[], list[Any]]:
    """Return one round of calls: what every side is timed in."""
    pairs = list(zip(*columns, strict=True))
    if len(columns) == 1:
        return lambda: [function(a) for (a,) in pairs]
    return lambda: [function(a, b) for a, b in pairs]


def _same(ours: Callable[[], list[Any]], theirs: Mapping[str, Callable[[], list[Any]]]) -> None:
    expected = ours()
    for name, call in theirs.items():
        for mine, their in zip(expected, call(), strict=True):
            if isinstance(mine, dt.datetime):
                their = their.replace(tzinfo=mine.tzinfo)  # noqa: PLW2901 one of them may be naive
            assert mine == their, (name, mine, their)


def _raced(
    what: str, goal: str, ours: Callable[[], list[Any]], theirs: Mapping[str, Callable[[], list[Any]]]
) -> Row:
    _same(ours, theirs)
    return race(what, goal, CALLS, ours, theirs)


def day_rows() -> Iterator[Row]:
    """Working days: bizdays."""
    cal = WorkCalendar(HOURS, holidays=HOLIDAYS)
    peer = bizdays.Calendar(HOLIDAYS, ["Saturday", "Sunday"], "1990-01-01", "2049-12-31")
    days = [_business_day() for _ in range(CALLS)]
    ns = [_draw.randrange(1, 250) for _ in days]
    yield _raced(
        "add working days",
        "15x",
        _calls(cal.add_workdays, days, ns),
        {"bizdays": _calls(peer.offset, days, ns)},
    )
    dates = [day + dt.timedelta(_draw.randrange(7)) for day in days]
    yield _raced(
        "is it a working day", "8x", _calls(cal.is_workday, dates), {"bizdays": _calls(peer.isbizday, dates)}
    )


class _Peers:
    """The same week and closures for workclock and timegrid."""

    def __init__(
        self, closures: Sequence[tuple[dt.datetime, dt.datetime]] = (), *, whole_days: bool = True
    ) -> None:
        closed = {start.date() for start, _ in closures} if whole_days else set()
        self.clock = workclock.Schedule(
            [
                workclock.WorkDay(dt.time(9), dt.time(17, 30)),
                workclock.Break(dt.time(12), dt.time(13, 30)),
                workclock.Holidays(OFF | closed),
            ],
            time_zone=ZONE,
        )
        grid = timegrid.TimeGridCalendar.weekdays(dt.time(9), dt.time(17, 30))
        grid = grid.break_weekdays(dt.time(12), dt.time(13, 30))
        for day in HOLIDAYS:
            grid = grid.close(day)
        for number, (start, end) in enumerate(closures):
            grid = grid.set_closed_window(f"closure-{number}", start, end)
        self.grid = grid

    def adding(self, starts: Instants, amounts: Sequence[dt.timedelta]) -> dict[str, Callable[[], list[Any]]]:
        return {
            "workclock": _calls(self.clock.add, _aware(starts), amounts),
            "timegrid": _calls(self.grid.add_work_duration, starts, amounts),
        }

    def elapsing(self, a: Instants, b: Instants) -> dict[str, Callable[[], list[Any]]]:
        compiled = self.grid.compile(dt.datetime(2007, 1, 1), dt.datetime(2030, 1, 1))
        return {
            "workclock": _calls(self.clock.between, _aware(a), _aware(b)),
            "timegrid": _calls(self.grid.get_working_duration, a, b),
            "timegrid compiled": _calls(compiled.get_working_duration, a, b),
        }


def _spread(days: int) -> list[dt.timedelta]:
    return [days * A_DAY + dt.timedelta(microseconds=_draw.randrange(10**9)) for _ in range(CALLS)]


def _ways(cal: WorkCalendar) -> dict[str, WorkCalendar]:
    """Return the calendar that counts in Python and, with `bubancheng-fast` installed, the compiled one."""
    python = WorkCalendar.from_dict(cal.to_dict())
    for name in ("add", "between"):
        vars(python).pop(name, None)
    return {"in Python": python} if compiled("compiled") is None else {"in Python": python, "compiled": cal}


def hour_rows() -> Iterator[Row]:
    """Working hours: workclock and timegrid, the faster of them."""
    ways, peers = _ways(WorkCalendar(HOURS, holidays=HOLIDAYS)), _Peers()
    starts = [_instant() for _ in range(CALLS)]
    for days, goal in ((1, "12x"), (250, "12x")):
        amounts = _spread(days)
        for way, cal in ways.items():
            yield _raced(
                f"add working hours, {days} d, {way}",
                goal,
                _calls(cal.add, starts, amounts),
                peers.adding(starts, amounts),
            )
    for days, goal in ((5, "3.5x"), (250, "25x")):
        ends = [ways["in Python"].add(*pair) for pair in zip(starts, _spread(days), strict=True)]
        for way, cal in ways.items():
            yield _raced(
                f"elapsed working time, {days} d, {way}",
                goal,
                _calls(cal.between, starts, ends),
                peers.elapsing(starts, ends),
            )
    yield from _zone_rows(ways, peers, starts)


def _zone_rows(ways: Mapping[str, WorkCalendar], peers: _Peers, starts: Instants) -> Iterator[Row]:
    """Aware instants, in the calendar's zone and in another, which workclock answers alike."""
    amounts = _spread(1)
    for name, zone in (("own zone", ZONE), ("UTC", dt.UTC), ("New York", ZoneInfo("America/New_York"))):
        aware = _aware(starts, zone)
        for way, cal in ways.items():
            yield _raced(
                f"add working hours, 1 d, aware in {name}, {way}",
                "apart",
                _calls(cal.add, aware, amounts),
                {"workclock": _calls(peers.clock.add, aware, amounts)},
            )


def clock_rows() -> Iterator[Row]:
    """Make all clocks of a ticket, and read its light: tickets of two years by Chongming's rules."""
    district = read_profile(ROOT / "plugins/bubancheng-chongming/src/bubancheng_chongming/profile.toml")
    policy, calendar = district.rules[-1].policy, district.work_calendar()
    tickets = [_ticket(start) for start in _aware([_instant() for _ in range(CALLS)])]
    now = dt.datetime(2025, 1, 1, tzinfo=ZONE)

    def lights() -> None:
        for ticket in tickets:
            policy.watched(policy.clocks(ticket, calendar)).light(now)

    lights()  # the days of these tickets are counted once; each ticket reads them after that
    row = alone("policy.clocks and light of one ticket", "< 10 µs", lights)
    yield replace(row, ours=row.ours / CALLS)


def _ticket(start: dt.datetime) -> Ticket:
    kinds = ("registered", "accepted", "dispatched", "acknowledged", "contacted")
    word = _draw.choice(("simple", "general", "complex"))
    marks = [
        Mark(number, kind, start + dt.timedelta(minutes=20 * number), None, {"class": word})
        for number, kind in enumerate(kinds, start=1)
    ]
    return restored("chongming", "G1", "2023-10-26", marks)


def closure_rows() -> Iterator[Row]:
    """Two thousand closures: whole days for both peers; parts of days, which only timegrid can say."""
    midnight = dt.time()
    days = {_business_day(2010, 20) for _ in range(2650)}
    whole = [(it := dt.datetime.combine(day, midnight), it + dt.timedelta(1)) for day in sorted(days)[:2000]]
    parts = [
        (it := _instant(2010, 20), it + dt.timedelta(minutes=_draw.randrange(20, 300))) for _ in range(2000)
    ]
    starts = [_instant() for _ in range(CALLS)]
    for what, closures in (("whole days", whole), ("parts of days", parts)):
        ways = _ways(WorkCalendar(HOURS, holidays=HOLIDAYS, closures=closures))
        peers = _Peers(closures, whole_days=what == "whole days")
        for count in (1, 250):
            amounts = _spread(count)
            theirs = peers.adding(starts, amounts)
            if what == "parts of days":
                del theirs["workclock"]
            for way, cal in ways.items():
                yield _raced(
                    f"add hours, {count} d, 2,000 closures ({what}), {way}",
                    "8x",
                    _calls(cal.add, starts, amounts),
                    theirs,
                )


def building_rows() -> Iterator[Row]:
    """Build a calendar of nine years with 50 closures, and longer ones."""
    nine = [day for day in HOLIDAYS if 2018 <= day.year < 2027]
    starts = [dt.datetime(2018, 1, 1) + dt.timedelta(hours=_draw.randrange(9 * 8760)) for _ in range(50)]
    closures = [(start, start + dt.timedelta(hours=5)) for start in starts]
    spec = WorkCalendar(HOURS, holidays=nine, closures=closures).to_dict()
    spec |= {"first": "2018-01-01", "last": "2026-12-31", "known_until": "2026-12-31"}
    yield alone("build nine years, 50 closures", "< 10 ms", lambda: WorkCalendar.from_dict(spec))
    yield alone(
        "build sixty years, 50 closures", "", lambda: WorkCalendar(HOURS, holidays=nine, closures=closures)
    )
    yield alone(
        "build china() to 2099, 50 closures", "", lambda: WorkCalendar.china(HOURS, closures=closures)
    )


def array_rows() -> Iterator[Row]:
    """Take a million elements: numpy, polars and workclock's own arrays."""
    rng = np.random.default_rng(20260930)
    cal = WorkCalendar(HOURS, holidays=HOLIDAYS)
    yield from _array_days(rng, cal)
    yield from _array_hours(rng, cal)
    yield from _array_lights(rng)


def _array_days(rng: np.random.Generator, cal: WorkCalendar) -> Iterator[Row]:
    known = np.busdaycalendar("1111100", np.array(HOLIDAYS, "datetime64[D]"))
    days = np.datetime64("2007-01-01") + rng.integers(0, 18 * 365, MANY)
    days = np.busday_offset(days, 0, "forward", busdaycal=known)
    series = pl.Series(days)
    for what, n in (
        ("3", np.asarray(3)),
        ("60", np.asarray(60)),
        ("250", np.asarray(250)),
        ("1 to 60", rng.integers(1, 61, MANY)),
        ("1 to 250", rng.integers(1, 251, MANY)),
        ("-60 to 60", rng.integers(-60, 61, MANY)),
    ):
        column = int(n) if n.ndim == 0 else pl.Series(n.astype(np.int32))
        theirs: dict[str, Callable[[], Any]] = {
            "numpy": partial(np.busday_offset, days, n, "forward", busdaycal=known),
            "polars": partial(
                pl.select,
                pl.lit(series).dt.add_business_days(
                    pl.lit(column), week_mask=(True,) * 5 + (False,) * 2, holidays=HOLIDAYS, roll="forward"
                ),
            ),
        }
        ours = partial(batch.add_workdays, cal, days, n)
        assert (ours() == theirs["numpy"]()).all()
        assert (ours() == theirs["polars"]().to_series().to_numpy()).all()
        yield race(f"arrays: add {what} working days", "60x", MANY, ours, theirs)


def _array_hours(rng: np.random.Generator, cal: WorkCalendar) -> Iterator[Row]:
    clock = _Peers().clock
    wall = np.datetime64("2007-01-01", "us") + rng.integers(0, 18 * 365 * 86_400 * 10**6, MANY)
    few = 20_000  # what workclock is given: its time for one does not depend on it
    ahead = np.timedelta64(8, "h")  # its arrays are in UTC
    start = wall[:few] - ahead
    for days in (1, 250):
        seconds = rng.integers(1, days * 7 * 3600, MANY)
        amounts = seconds[:few].astype("timedelta64[s]").astype("timedelta64[us]")
        found = batch.add(cal, wall, seconds)
        end = found[:few] - ahead
        assert (end == clock.add_many(start, amounts)).all()
        gone = clock.between_many(start, end) / np.timedelta64(1, "s")
        assert (batch.between(cal, wall, found)[:few] == gone).all()
        for what, ours, theirs in (
            ("add", partial(batch.add, cal, wall, seconds), partial(clock.add_many, start, amounts)),
            ("elapsed", partial(batch.between, cal, wall, found), partial(clock.between_many, start, end)),
        ):
            yield _scaled(f"arrays: {what}, up to {days} d of working hours", few, ours, theirs)


def _scaled(what: str, few: int, ours: Callable[[], object], theirs: Callable[[], object]) -> Row:
    """Race where the peer is given fewer elements, as it would take too long."""
    row = race(what, "60x", MANY, ours, {"workclock": theirs})
    times = MANY / few
    assert row.theirs is not None
    assert row.ratio is not None
    assert row.middle is not None
    return Row(what, row.peer, row.goal, row.ours, row.theirs * times, row.ratio * times, row.middle * times)


def _array_lights(rng: np.random.Generator) -> Iterator[Row]:
    due = np.datetime64("2026-09-01", "us") + rng.integers(0, 60 * 86_400 * 10**6, MANY)
    now, warn = np.datetime64("2026-09-30T16:00", "us"), np.timedelta64(24, "h")
    nows = now + rng.integers(0, 86_400 * 10**6, MANY)
    none = due.copy()
    none[::9] = np.datetime64("NaT")
    for what, ends, at in (
        ("", due, now),
        (", some without due time", none, now),
        (", a clock each", due, nows),
    ):
        frame = pl.DataFrame({"due": ends, "now": np.broadcast_to(at, ends.shape)})
        clock = pl.col("now") if at.ndim else pl.lit(at)
        left = pl.col("due") - clock
        light = (
            pl.when(left < pl.duration())
            .then(pl.lit(2, pl.Int8))
            .when(left <= pl.duration(hours=24))
            .then(pl.lit(1, pl.Int8))
            .otherwise(pl.lit(0, pl.Int8))
        )
        ours, theirs = partial(batch.lights, ends, at, warn), partial(frame.select, light)
        assert (ours() == theirs().to_series().to_numpy()).all()
        yield race(f"arrays: lights{what}", "< 5 ns", MANY, ours, {"polars": theirs})


def rows() -> Iterator[Row]:
    """Return all comparisons."""
    for group in (day_rows, hour_rows, clock_rows, closure_rows, building_rows, array_rows):
        yield from group()
