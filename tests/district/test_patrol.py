"""The random patrol day: the same for everybody who counts it, and known to nobody too early."""

import datetime as dt
import hashlib
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubancheng.errors import ArgumentError
from bubancheng.hooks import DistrictPlugin
from bubancheng_beijing import dongcheng, patrol
from tests.acting import CALENDAR
from tests.support import cn_days

SEED = "0123456789abcdef"
LONG_BEFORE = dt.date(2006, 1, 1)
MONTHS = [f"{year}-{month:02}" for year in range(2008, 2027) for month in range(1, 13)]
seeds = st.text(min_size=16, max_size=40).filter(lambda it: len(it.strip()) >= 16)


def settled_workdays(month: str) -> list[dt.date]:
    """Return the working days of a month by the table of the notices, those after 28 December left out."""
    first = dt.date.fromisoformat(f"{month}-01")
    days = [first + dt.timedelta(n) for n in range(31)]
    table = cn_days()["years"][month[:4]]
    off, worked = {*table["off"]}, {*table["make_up"]}
    return [
        it
        for it in days
        if it.month == first.month
        and (it.month, it.day) <= (12, 28)
        and (it.isoformat() in worked or (it.weekday() < 5 and it.isoformat() not in off))
    ]


@pytest.mark.parametrize("month", MONTHS)
def test_the_candidates_are_the_working_days_of_the_month(month: str) -> None:
    assert settled_workdays(month) == patrol.candidates(month, CALENDAR, LONG_BEFORE)


def test_the_commitment_is_what_sha256sum_prints() -> None:
    # printf '2022-03 0123456789abcdef' | sha256sum
    expected = hashlib.sha256(b"2022-03 0123456789abcdef").hexdigest()
    assert expected == patrol.commitment(SEED, "2022-03")


@given(seed=seeds, month=st.sampled_from(MONTHS))
def test_a_day_is_one_of_the_candidates_and_the_same_for_everybody(seed: str, month: str) -> None:
    day = patrol.drawn_day(seed, month, CALENDAR, LONG_BEFORE)
    assert day in settled_workdays(month)
    assert day == patrol.drawn_day(seed, month, CALENDAR, LONG_BEFORE)
    committed = patrol.commitment(seed, month)
    assert patrol.is_fair(
        seed=seed, month=month, calendar=CALENDAR, announced=LONG_BEFORE, committed=committed, held=day
    )


def test_another_process_draws_the_same_day() -> None:
    words = (
        "import datetime as dt; from bubancheng_beijing import patrol; from bubancheng.calendar import WorkCalendar;"
        f"print(patrol.drawn_day({SEED!r}, '2022-03', WorkCalendar.china('09:00-17:00'), dt.date(2022, 2, 1)))"
    )
    done = subprocess.run([sys.executable, "-c", words], capture_output=True, check=True, text=True)  # noqa: S603 our own words
    expected = patrol.drawn_day(SEED, "2022-03", CALENDAR, dt.date(2022, 2, 1))
    assert f"{expected}\n" == done.stdout


def test_every_day_has_the_same_chance() -> None:
    # 4,600 draws over the 23 working days of March 2022: 200 each expected; 5 standard deviations are 69
    counts = dict.fromkeys(settled_workdays("2022-03"), 0)
    for number in range(4600):
        counts[patrol.drawn_day(f"{SEED}{number}", "2022-03", CALENDAR, LONG_BEFORE)] += 1
    assert all(131 < count < 269 for count in counts.values())


@given(seed=seeds, announced=st.dates(dt.date(2022, 2, 20), dt.date(2022, 3, 29)))
def test_the_day_is_secret_for_two_days_at_least(seed: str, announced: dt.date) -> None:
    day = patrol.drawn_day(seed, "2022-03", CALENDAR, announced)
    assert day >= announced + dt.timedelta(days=2)


@pytest.mark.parametrize(
    ("announced", "left"), [("2022-03-29", ["2022-03-31"]), ("2022-03-28", ["2022-03-30", "2022-03-31"])]
)
def test_who_announces_late_has_few_days_left(announced: str, left: list[str]) -> None:
    found = patrol.candidates("2022-03", CALENDAR, dt.date.fromisoformat(announced))
    assert left == [it.isoformat() for it in found]


def test_who_announces_too_late_has_none() -> None:
    with pytest.raises(ArgumentError, match="已没有可抽的工作日"):
        patrol.candidates("2022-03", CALENDAR, dt.date(2022, 3, 30))


@pytest.mark.parametrize("month", ["2027-01", "2027-12", "2003-12", "1999-01", "9999-12"])
def test_a_month_whose_days_off_are_not_settled_is_not_drawn(month: str) -> None:
    with pytest.raises(ArgumentError, match="尚未公布"):
        patrol.drawn_day(SEED, month, CALENDAR, LONG_BEFORE)


@pytest.mark.parametrize(
    "month", ["2022-13", "2022-00", "2022-3", "202203", "", "２０２２-03", "0000-01", "2022-03\n"]
)
def test_a_month_is_written_in_one_way_only(month: str) -> None:
    for asked in (patrol.commitment, lambda seed, month: patrol.roster([seed], ["1"], month)):
        with pytest.raises(ArgumentError, match="月份写作"):
            asked(SEED, month)


@pytest.mark.parametrize("seed", ["", "short", " " * 40, "123456789012345"])
def test_a_seed_that_could_be_found_by_trying_is_refused(seed: str) -> None:
    for asked in (
        lambda: patrol.commitment(seed, "2022-03"),
        lambda: patrol.drawn_day(seed, "2022-03", CALENDAR, LONG_BEFORE),
    ):
        with pytest.raises(ArgumentError, match="种子至少 16 个字符"):
            asked()


def test_the_commitment_does_not_tell_the_day() -> None:
    days = settled_workdays("2022-03")
    guessed = [
        days[int(patrol.commitment(f"{SEED}{n}", "2022-03"), 16) % len(days)]
        == patrol.drawn_day(f"{SEED}{n}", "2022-03", CALENDAR, LONG_BEFORE)
        for n in range(460)
    ]
    assert sum(guessed) < 46  # 20 expected by chance; all of them if the commitment told it


@given(
    members=st.lists(st.text(min_size=1), min_size=1, max_size=6, unique=True),
    counters=st.lists(st.text(), max_size=80, unique=True),
    month=st.sampled_from(MONTHS),
)
def test_every_counter_is_somebodys_and_the_loads_differ_by_one_at_most(
    members: list[str], counters: list[str], month: str
) -> None:
    found = patrol.roster(members, counters, month)
    assert sorted(counters) == sorted(it for round_ in found.values() for it in round_)
    loads = [len(it) for it in found.values()]
    assert max(loads) - min(loads) <= 1


def test_nobody_cannot_patrol() -> None:
    with pytest.raises(ArgumentError, match="没有成员"):
        patrol.roster([], ["1"], "2022-03")


def test_the_plugin_is_the_profile_and_nothing_else() -> None:
    plugin = dongcheng({})
    assert isinstance(plugin, DistrictPlugin)
    assert plugin.bubancheng_district() is not None
