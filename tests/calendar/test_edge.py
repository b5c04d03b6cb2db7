"""The edge of knowledge: what is settled, what is provisional, and what a later notice changes."""

import datetime as dt
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bubancheng.calendar import DayKind, Notice, WorkCalendar, read_notice
from bubancheng.errors import BubanchengError, KindError, NoticeError, ProvisionalWarning, UnknownDayError
from bubancheng.sla import Limit
from tests.support import DAY, HOUR, at, china, cn_days, on

KNOWN_UNTIL = on(cn_days()["settled_until"])  # 2026-12-28, a Monday

# domain.md 5.2: the days off of 2027 by statute, before any notice
STATUTORY_2027 = {
    "2027-01-01": "元旦",
    "2027-02-05": "春节",
    "2027-02-06": "春节",
    "2027-02-07": "春节",
    "2027-02-08": "春节",
    "2027-04-05": "清明节",
    "2027-05-01": "劳动节",
    "2027-05-02": "劳动节",
    "2027-06-09": "端午节",
    "2027-09-15": "中秋节",
    "2027-10-01": "国庆节",
    "2027-10-02": "国庆节",
    "2027-10-03": "国庆节",
}

# invented, in the form of the real ones
NOTICE_2027 = """
document = "国办发明电〔2026〕99号"
year = 2027
off = [2026-12-31, 2027-01-01, 2027-01-02, 2027-02-05, 2027-02-06, 2027-02-07, 2027-02-08,
  2027-02-09, 2027-02-10, 2027-02-11]
work = [2027-01-03, 2027-02-13, 2027-02-14]
"""


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Return a function that writes the text of a notice to a file and gives its path."""

    def write(text: str, name: str = "notice.toml") -> Path:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        return path

    return write


# -- what is known


def test_china_is_known_from_2004_to_28_december_of_the_last_published_year() -> None:
    assert (on("2004-01-01"), KNOWN_UNTIL) == (china().known_from, china().known_until)


def test_a_strict_calendar_knows_the_same_span() -> None:
    assert (on("2004-01-01"), KNOWN_UNTIL) == (china("error").known_from, china("error").known_until)


@pytest.mark.parametrize("date", ["2004-01-01", "2099-12-31"])
def test_the_first_and_the_last_day_of_china_are_answered(date: str) -> None:
    """1 January is off, 31 December 2099 a Thursday."""
    assert (date != "2004-01-01") == china().day(on(date)).is_workday


@pytest.mark.parametrize("date", ["2003-12-31", "2100-01-01", "0001-01-01", "9999-12-31"])
def test_a_day_outside_the_table_of_china_is_refused_with_the_range(date: str) -> None:
    with pytest.raises(UnknownDayError, match=rf"{date} .* 2004-01-01 to 2099-12-31"):
        china().is_workday(on(date))


@pytest.mark.parametrize("date", ["1990-01-01", "2040-12-31"])
def test_any_other_week_reaches_from_1990_to_2040_at_least(date: str) -> None:
    """Both are Mondays."""
    assert WorkCalendar("09:00-17:00").is_workday(on(date))


@pytest.mark.parametrize("date", ["1900-01-01", "2200-01-01"])
def test_no_other_week_answers_without_end(date: str) -> None:
    with pytest.raises(UnknownDayError, match=date):
        WorkCalendar("09:00-17:00").is_workday(on(date))


def test_no_day_of_any_other_week_is_provisional() -> None:
    week = WorkCalendar("09:00-17:00")
    assert not week.is_provisional(on("1990-01-01"), on("2040-12-31"))
    assert not week.day(on("2040-12-31")).provisional


# -- what is provisional


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("2026-12-28", "2026-12-28", False),
        ("2026-12-29", "2026-12-29", True),
        ("2026-01-01", "2026-12-28", False),
        ("2026-12-28", "2026-12-29", True),
        ("2026-12-29", "2026-12-28", True),
        ("2004-01-01", "2099-12-31", True),
    ],
)
def test_is_provisional_when_a_day_in_between_is_not_settled(a: str, b: str, *, expected: bool) -> None:
    assert expected == china().is_provisional(on(a), on(b))


@pytest.mark.parametrize(
    ("a", "b", "expected"),
    [
        ("2026-12-28 09:00", "2026-12-28 23:59:59.999999", False),
        ("2026-12-28 09:00", "2026-12-29 00:00", True),
        ("2026-12-29 00:00", "2026-12-28 09:00", True),
    ],
)
def test_is_provisional_takes_instants_too(a: str, b: str, *, expected: bool) -> None:
    assert expected == china().is_provisional(at(a), at(b))


def test_a_day_of_an_unpublished_year_says_that_it_is_provisional() -> None:
    assert [False, True] == [china().day(KNOWN_UNTIL + n * DAY).provisional for n in range(2)]


@pytest.mark.parametrize(("date", "name"), STATUTORY_2027.items())
def test_an_unpublished_year_has_the_holidays_of_the_statute(date: str, name: str) -> None:
    day = china().day(on(date))
    assert (DayKind.HOLIDAY, name, True) == (day.kind, day.name, day.provisional)
    assert "国务院令第795号" in day.source


def test_an_unpublished_year_has_no_make_up_days_and_no_other_day_off() -> None:
    """Neither make-up workdays nor compensating days off are derived (design 3.1)."""
    year = [on("2027-01-01") + n * DAY for n in range(365)]
    expected = {day for day in year if day.weekday() < 5 and day.isoformat() not in STATUTORY_2027}
    assert expected == {day for day in year if china().day(day).is_workday}


SETTLED: dict[str, Callable[[WorkCalendar], object]] = {
    "is_workday": lambda it: it.is_workday(on("2026-12-28")),
    "add_workdays": lambda it: it.add_workdays(on("2026-12-25"), 1),
    "add_workdays back": lambda it: it.add_workdays(on("2026-12-28"), -3),
    "workdays_between": lambda it: it.workdays_between(on("2026-12-01"), on("2026-12-28")),
    "is_open": lambda it: it.is_open(at("2026-12-28 23:59:59.999999")),
    "next_open": lambda it: it.next_open(at("2026-12-28 08:00")),
    "previous_open": lambda it: it.previous_open(at("2026-12-28 18:00")),
    "add to the close": lambda it: it.add(at("2026-12-28 09:00"), 8 * HOUR),
    "add back": lambda it: it.add(at("2026-12-28 17:00"), -HOUR),
    "add nothing": lambda it: it.add(at("2026-12-28 17:00"), 0 * HOUR),
    "between": lambda it: it.between(at("2026-12-01 09:00"), at("2026-12-28 18:00")),
    "between in two zones": lambda it: it.between(at("2026-12-01 09:00+08:00"), at("2026-12-28 10:00+00:00")),
    "day": lambda it: it.day(on("2027-03-01")),
    "due": lambda it: Limit.parse("3个工作日").due(at("2026-12-28 10:00"), it),
}

PROVISIONAL: dict[str, Callable[[WorkCalendar], object]] = {
    "is_workday": lambda it: it.is_workday(on("2026-12-29")),
    "add_workdays": lambda it: it.add_workdays(on("2026-12-28"), 1),
    "add_workdays back": lambda it: it.add_workdays(on("2026-12-30"), -1),
    "workdays_between": lambda it: it.workdays_between(on("2026-12-28"), on("2026-12-29")),
    "workdays_between back": lambda it: it.workdays_between(on("2026-12-29"), on("2026-12-28")),
    "is_open": lambda it: it.is_open(at("2026-12-29 00:00")),
    "next_open": lambda it: it.next_open(at("2026-12-28 17:00")),
    "previous_open": lambda it: it.previous_open(at("2026-12-29 08:00")),
    "add over the close": lambda it: it.add(at("2026-12-28 09:00"), 8 * HOUR + dt.timedelta(microseconds=1)),
    "add back": lambda it: it.add(at("2026-12-30 09:00"), -HOUR),
    "between": lambda it: it.between(at("2026-12-28 09:00"), at("2026-12-29 18:00")),
}


@pytest.mark.parametrize("call", SETTLED.values(), ids=SETTLED)
def test_an_answer_from_settled_days_comes_without_a_warning(call: Callable[[WorkCalendar], object]) -> None:
    """A warning would be an error here; `day` and `due` say it in their result instead."""
    assert call(china()) is not None


@pytest.mark.parametrize("call", PROVISIONAL.values(), ids=PROVISIONAL)
def test_a_bare_answer_from_an_unsettled_day_warns(call: Callable[[WorkCalendar], object]) -> None:
    with pytest.warns(ProvisionalWarning, match="2026-12-28"):
        call(china())


@pytest.mark.parametrize("days", [("2026-12-01", "2027-03-02"), ("2027-03-02", "2026-12-01")])
def test_a_warning_names_the_day_that_is_not_settled_and_the_last_one_that_is(days: tuple[str, str]) -> None:
    a, b = days
    words = "^2027-03-02 .*2026-12-28"
    with pytest.warns(ProvisionalWarning, match=words):
        china().workdays_between(on(a), on(b))
    with pytest.warns(ProvisionalWarning, match=words):
        china().between(at(f"{a} 10:00"), at(f"{b} 10:00"))


def test_the_warning_points_to_the_line_that_asked() -> None:
    with pytest.warns(ProvisionalWarning) as caught:
        china().is_workday(on("2027-03-01"))
    assert [__file__] == [it.filename for it in caught]


# -- unknown="error"


@pytest.mark.parametrize("call", PROVISIONAL.values(), ids=PROVISIONAL)
def test_a_strict_calendar_refuses_unsettled_days_and_names_the_range(
    call: Callable[[WorkCalendar], object],
) -> None:
    with pytest.raises(UnknownDayError, match="2004-01-01 to 2026-12-28"):
        call(china("error"))


@pytest.mark.parametrize("call", [it for name, it in SETTLED.items() if name not in {"day", "due"}])
def test_a_strict_calendar_answers_settled_days_as_the_other_does(
    call: Callable[[WorkCalendar], object],
) -> None:
    assert call(china()) == call(china("error"))


@pytest.mark.parametrize("limit", ["1个工作日", "当日", "2个工作小时", "1日", "1个月"])
def test_a_strict_calendar_refuses_a_limit_that_ends_on_an_unsettled_day(limit: str) -> None:
    with pytest.raises(UnknownDayError, match="2026-12-28"):
        Limit.parse(limit).due(at("2026-12-28 17:00"), china("error"))


def test_unknown_takes_two_words() -> None:
    with pytest.raises(ValueError, match=r'"provisional" or "error", got \'guess\''):
        WorkCalendar.china(unknown="guess")


def test_a_closure_counts_on_the_last_day_of_a_strict_calendar_too() -> None:
    closed = (at("2026-12-28 09:00"), at("2026-12-28 17:00"))
    assert not WorkCalendar.china(closures=[closed], unknown="error").is_workday(on("2026-12-28"))


def test_a_closure_that_ends_on_the_last_day_of_a_strict_calendar_leaves_its_rest_open() -> None:
    closed = (at("2026-12-25 09:00"), at("2026-12-28 12:00"))
    assert WorkCalendar.china(closures=[closed], unknown="error").is_open(at("2026-12-28 12:00"))


# -- notices


def test_the_next_years_notice_extends_what_is_known(written: Callable[..., Path]) -> None:
    week = WorkCalendar.china(notices=[written(NOTICE_2027)])
    assert on("2027-12-28") == week.known_until
    assert [False, True] == [week.is_provisional(day, day) for day in (on("2027-12-28"), on("2027-12-29"))]


@pytest.mark.parametrize(
    ("date", "kind", "name"),
    [
        ("2026-12-31", DayKind.HOLIDAY, None),
        ("2027-01-02", DayKind.HOLIDAY, None),
        ("2027-01-03", DayKind.MAKE_UP, None),
        ("2027-02-06", DayKind.HOLIDAY, "春节"),
        ("2027-02-10", DayKind.HOLIDAY, None),
        ("2027-02-14", DayKind.MAKE_UP, None),
    ],
)
def test_the_next_years_notice_moves_days_and_is_their_source(
    date: str, kind: DayKind, name: str | None, written: Callable[..., Path]
) -> None:
    day = WorkCalendar.china(notices=[written(NOTICE_2027)]).day(on(date))
    assert (kind, "国办发明电〔2026〕99号", False) == (day.kind, day.source, day.provisional)
    assert name in {None, day.name}


@pytest.mark.parametrize(
    ("start", "without", "with_notice"),
    [
        ("2026-12-29 10:00", "2027-01-04 17:00", "2027-01-04 17:00"),
        ("2026-12-30 10:00", "2027-01-05 17:00", "2027-01-05 17:00"),
        ("2027-02-04 10:00", "2027-02-11 17:00", "2027-02-14 17:00"),
        ("2027-03-01 10:00", "2027-03-04 17:00", "2027-03-04 17:00"),
    ],
)
def test_a_deadline_is_provisional_before_and_final_after_the_notice(
    start: str, without: str, with_notice: str, written: Callable[..., Path]
) -> None:
    """By hand: without the notice 31 December is worked and 3 January off; with it the reverse."""
    limit, week = Limit.parse("3个工作日"), WorkCalendar.china(notices=[written(NOTICE_2027)])
    before, after = limit.due(at(start), china()), limit.due(at(start), week)
    assert (at(without), True) == (before.at, before.provisional)
    assert (at(with_notice), False) == (after.at, after.provisional)


def test_no_warning_is_left_once_the_notice_is_known(written: Callable[..., Path]) -> None:
    assert WorkCalendar.china(notices=[written(NOTICE_2027)]).is_workday(on("2027-01-03"))


def test_a_strict_calendar_reaches_as_far_as_the_notice(written: Callable[..., Path]) -> None:
    week = WorkCalendar.china(notices=[written(NOTICE_2027)], unknown="error")
    assert week.is_workday(on("2027-12-28"))
    with pytest.raises(UnknownDayError, match="2027-12-28"):
        week.is_workday(on("2027-12-29"))


def test_a_notice_behind_a_gap_extends_nothing() -> None:
    notice = Notice(document="二〇二八", year=2028, off=(on("2028-01-01"),))
    assert on("2026-12-28") == WorkCalendar.china(notices=[notice]).known_until


@pytest.mark.parametrize("turned", [False, True])
def test_two_notices_without_a_gap_extend_by_two_years(*, turned: bool) -> None:
    notices = [
        Notice(document="二〇二七", year=2027, off=(on("2027-01-01"),)),
        Notice(document="二〇二八", year=2028, off=(on("2028-01-01"),)),
    ]
    assert on("2028-12-28") == WorkCalendar.china(notices=notices[::-1] if turned else notices).known_until


def test_a_notice_changes_the_version() -> None:
    notice = Notice(document="二〇二七", year=2027, off=(on("2027-01-01"),))
    assert china().version != WorkCalendar.china(notices=[notice]).version


@pytest.mark.parametrize("date", ["2098-10-01", "2099-01-01", "2099-10-03"])
def test_the_statute_names_the_holidays_up_to_the_last_year_of_the_table(date: str) -> None:
    day = china().day(on(date))
    assert (DayKind.HOLIDAY, True) == (day.kind, day.provisional)


@pytest.mark.parametrize(
    ("year", "date", "name"),
    [
        (2027, "2027-10-01", "国庆节"),  # the statute's
        (2026, "2026-02-20", "春节"),  # as the yearly notice called it
        (2027, "2027-03-03", None),  # neither knows it
    ],
)
def test_a_day_off_of_a_later_notice_keeps_its_name(year: int, date: str, name: str | None) -> None:
    notice = Notice(document="国办发明电〔2026〕98号", year=year, off=(on(date),))
    day = WorkCalendar.china(notices=[notice]).day(on(date))
    assert (DayKind.HOLIDAY, name, notice.document) == (day.kind, day.name, day.source)


def test_a_path_may_be_a_text_too(written: Callable[..., Path]) -> None:
    path = written(NOTICE_2027)
    assert WorkCalendar.china(notices=[path]) == WorkCalendar.china(notices=[str(path)])


def test_a_notice_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    path = tmp_path / "notice.toml"
    path.write_text(NOTICE_2027, "utf-8-sig")
    assert 2027 == read_notice(path).year


# -- corrections in the middle of a year (cn-days.json, notices)

# what the annual notices of 2019 and 2020 had said before they were corrected
ORIGINAL_2019 = """
document = "2019年放假安排的通知"
year = 2019
off = [2019-05-01, 2019-04-28, 2019-05-05]
work = [2019-05-02, 2019-05-03]
"""
CORRECTION_2019 = """
document = "调整2019年放假安排的通知"
year = 2019
off = [2019-05-01, 2019-05-02, 2019-05-03, 2019-05-04]
work = [2019-04-28, 2019-05-05]
"""
ORIGINAL_2020 = """
document = "2020年放假安排的通知"
year = 2020
work = [2020-01-31, 2020-02-01]
"""
CORRECTION_2020 = """
document = "国办发明电〔2020〕1号"
year = 2020
off = [2020-01-31, 2020-02-01, 2020-02-02]
"""


@pytest.mark.parametrize(
    ("original", "correction", "days"),
    [
        (ORIGINAL_2019, CORRECTION_2019, ["2019-04-28", "2019-05-02", "2019-05-03", "2019-05-05"]),
        (ORIGINAL_2020, CORRECTION_2020, ["2020-01-31", "2020-02-01"]),
    ],
    ids=["2019", "2020"],
)
def test_a_correction_in_the_middle_of_a_year_wins_over_the_annual_notice(
    original: str, correction: str, days: list[str], written: Callable[..., Path]
) -> None:
    """The truth of cn-days.json stands once the correction is known, its reverse before."""
    year = cn_days()["years"][days[0][:4]]
    truth = [day in year["make_up"] or (on(day).weekday() < 5 and day not in year["off"]) for day in days]
    paths = [written(original, "original.toml"), written(correction, "correction.toml")]
    before, after = WorkCalendar.china(notices=paths[:1]), WorkCalendar.china(notices=paths)
    assert [not works for works in truth] == [before.is_workday(on(day)) for day in days]
    assert truth == [after.is_workday(on(day)) for day in days]


def test_a_correction_is_the_source_of_the_days_it_moves(written: Callable[..., Path]) -> None:
    paths = [written(ORIGINAL_2020, "original.toml"), written(CORRECTION_2020, "correction.toml")]
    week = WorkCalendar.china(notices=paths)
    assert {"国办发明电〔2020〕1号"} == {
        week.day(on(day)).source for day in ("2020-01-31", "2020-02-01", "2020-02-02")
    }


def test_of_two_notices_the_one_given_later_wins(written: Callable[..., Path]) -> None:
    paths = [written(CORRECTION_2019, "correction.toml"), written(ORIGINAL_2019, "original.toml")]
    week = WorkCalendar.china(notices=paths)
    assert (True, False) == (week.is_workday(on("2019-05-02")), week.is_workday(on("2019-05-05")))


def test_a_limit_over_the_corrected_days_moves(written: Callable[..., Path]) -> None:
    """From Tuesday 2019-04-30: 2 and 3 May worked, or 5 May and not before the 6th."""
    original, correction = written(ORIGINAL_2019, "a.toml"), written(CORRECTION_2019, "b.toml")
    limit, start = Limit.parse("2个工作日"), at("2019-04-30 10:00")
    assert [at("2019-05-03 17:00"), at("2019-05-06 17:00")] == [
        limit.due(start, WorkCalendar.china(notices=paths)).at
        for paths in ([original], [original, correction])
    ]


def test_a_notice_of_the_past_does_not_change_what_is_known(written: Callable[..., Path]) -> None:
    assert KNOWN_UNTIL == WorkCalendar.china(notices=[written(CORRECTION_2020)]).known_until


def test_the_same_notice_twice_is_harmless(written: Callable[..., Path]) -> None:
    paths = [written(NOTICE_2027, "a.toml"), written(NOTICE_2027, "b.toml")]
    assert WorkCalendar.china(notices=paths[:1]) == WorkCalendar.china(notices=paths)


def test_one_document_with_two_contents_is_refused(written: Callable[..., Path]) -> None:
    other = NOTICE_2027.replace("2027-02-14", "2027-02-20")
    paths = [written(NOTICE_2027, "a.toml"), written(other, "b.toml")]
    with pytest.raises(NoticeError, match=r"国办发明电〔2026〕99号.*twice"):
        WorkCalendar.china(notices=paths)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("year = 2027\noff = [2027-01-01]", "document"),
        ('document = ""\nyear = 2027\noff = [2027-01-01]', "document"),
        ("document = 99\nyear = 2027\noff = [2027-01-01]", "document"),
        ('document = "a"\noff = [2027-01-01]', "year .*None"),
        ('document = "a"\nyear = "2027"\noff = [2027-01-01]', "year .*'2027'"),
        ('document = "a"\nyear = 2027.0\noff = [2027-01-01]', r"year .*2027\.0"),
        ('document = "a"\nyear = true\noff = [2027-01-01]', "year .*True"),
        ('document = "a"\nyear = 1999\noff = [1999-01-01]', "year .*1999"),
        ('document = "a"\nyear = 2100\noff = [2100-01-01]', "year .*2100"),
        ('document = "a"\nyear = 2027\noff = "2027-01-01"', "off needs a list"),
        ('document = "a"\nyear = 2027\noff = 2027-01-01', "off needs a list"),
        ('document = "a"\nyear = 2027\noff = ["2027-01-01"]', "off: '2027-01-01' .*2027-10-01"),
        ('document = "a"\nyear = 2027\noff = [2027-01-01T00:00:00]', r"off: datetime\.datetime"),
        ('document = "a"\nyear = 2027\nwork = [20270101]', "work: 20270101"),
        ('document = "a"\nyear = 2027\nwork = [{}]', "work: {}"),
        ('document = "a"\nyear = 2027\noff = [2028-01-01]', "off: 2028-01-01 .* 2027 .* 2026"),
        ('document = "a"\nyear = 2027\nwork = [2026-12-28]', "work: 2026-12-28 .* 2027 .* 2026"),
        (
            (
                'document = "a"\nyear = 2027\noff = [2027-05-01, 2027-05-02, 2027-05-03]\n'
                "work = [2027-05-03, 2027-05-01, 2027-05-02]"
            ),
            "2027-05-01 is both.*2027-05-02 is both.*2027-05-03 is both",
        ),
        ('document = "a"\nyear = 2027', "no date"),
        ('document = "a"\nyear = 2027\noff = []\nwork = []', "no date"),
        ('document = "a"\nyear = 2027\noffs = [2027-01-01]', "'offs': .*document, year, off, work"),
        ("off = [2027-01-01", "not TOML.*Unclosed array"),
        ("off = " + "[" * 100_000, "not TOML"),
        ('document = "a"\nyear = 2027\noff = [2027-02-29]', "not TOML"),
        ("", "document"),
    ],
)
def test_a_notice_that_is_wrong_is_refused_with_what_is_wrong(
    text: str, problem: str, written: Callable[..., Path]
) -> None:
    with pytest.raises(NoticeError, match=problem):
        WorkCalendar.china(notices=[written(text)])


def test_a_refusal_names_the_file_and_every_fault_at_once(written: Callable[..., Path]) -> None:
    path = written('year = 2027\nplace = "Beijing"\noff = [2028-01-01]\nwork = ["x"]')
    with pytest.raises(NoticeError) as caught:
        read_notice(path)
    assert (f"notice {path}", 4) == (caught.value.subject, len(caught.value.problems))


@pytest.mark.parametrize(("name", "code"), [("missing.toml", errno.ENOENT), (".", errno.EISDIR)])
def test_a_notice_that_cannot_be_read_is_refused(name: str, code: int, tmp_path: Path) -> None:
    with pytest.raises(NoticeError, match="cannot be read") as caught:
        WorkCalendar.china(notices=[tmp_path / name])
    assert f"notice {tmp_path / name}" == caught.value.subject
    assert os.strerror(code) in str(caught.value)


def test_a_notice_in_another_encoding_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notice.toml"
    path.write_bytes(NOTICE_2027.encode("gb18030"))
    with pytest.raises(NoticeError, match="UTF-8") as caught:
        WorkCalendar.china(notices=[path])
    assert f"notice {path}" == caught.value.subject


@pytest.mark.parametrize("notices", ["notice.toml", Path("notice.toml")])
def test_a_single_path_instead_of_a_list_is_refused(notices: str | Path) -> None:
    with pytest.raises(KindError, match=r"notice\.toml.*list"):
        WorkCalendar.china(notices=notices)  # type: ignore[arg-type]


def test_date_hours_and_closures_win_over_a_notice(written: Callable[..., Path]) -> None:
    week = WorkCalendar.china(
        notices=[written(NOTICE_2027)],
        date_hours={on("2027-02-10"): "09:00-12:00"},
        closures=[(at("2027-02-14 00:00"), at("2027-02-15 00:00"))],
    )
    assert (True, False) == (week.is_workday(on("2027-02-10")), week.is_workday(on("2027-02-14")))


@pytest.mark.parametrize(
    "notice",
    [
        {"document": "二〇二七", "year": 2027, "off": (on("2027-05-01"),), "work": (on("2027-05-01"),)},
        {"document": "二〇二七", "year": 2027, "off": (on("2028-05-01"),)},
        {"document": "二〇二七", "year": 2027, "off": (at("2027-05-01"),)},
        {"document": "二〇二七", "year": 2027, "off": ("2027-05-01",)},
        {"document": "二〇二七", "year": "2027", "off": (on("2027-05-01"),)},
        {"document": "二〇〇三", "year": 2003, "off": (on("2003-05-01"),)},
        {"document": "三〇〇〇", "year": 3000, "off": (on("3000-05-01"),)},
        {"document": "", "year": 2027, "off": (on("2027-05-01"),)},
        {"document": None, "year": 2027, "off": (on("2027-05-01"),)},
    ],
    ids=str,
)
def test_a_notice_made_by_hand_is_read_as_strictly_as_a_file(notice: dict[str, Any]) -> None:
    """A plugin hands them over like this."""
    with pytest.raises(BubanchengError):
        WorkCalendar.china(notices=[Notice(**notice)])


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2004, "2004-01-01"),
        (2099, "2099-12-31"),
        (2027, "2026-12-29"),  # no notice reached further back (domain.md 5.2)
        (2027, "2026-12-31"),
        (2027, "2027-12-31"),
    ],
)
def test_a_notice_may_name_its_year_and_the_last_three_days_before_it(year: int, day: str) -> None:
    assert (on(day),) == Notice(document="甲", year=year, off=(on(day),)).off


@pytest.mark.parametrize(
    "call",
    [
        lambda: china().is_workday(on("2027-03-02")),
        lambda: china().add_workdays(on("2027-03-02"), 3),
        lambda: china().workdays_between(on("2027-03-02"), on("2027-03-09")),
        lambda: china().is_open(at("2027-03-02 10:00")),
        lambda: china().next_open(at("2027-03-02 20:00")),
        lambda: china().previous_open(at("2027-03-02 20:00")),
        lambda: china().add(at("2027-03-02 10:00"), dt.timedelta(hours=1)),
        lambda: china().between(at("2027-03-02 10:00"), at("2027-03-02 12:00")),
    ],
)
def test_a_warning_points_at_the_line_that_asked(call: Callable[[], object]) -> None:
    """Python shows a warning once a line: one that points into the library would hide all later ones."""
    with pytest.warns(ProvisionalWarning) as caught:
        call()
    assert [__file__] == [it.filename for it in caught]
