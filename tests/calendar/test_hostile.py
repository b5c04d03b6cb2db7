"""What nobody should hand to a calendar: always an error of ours that says what was got."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import BubanchengError, CalendarError, KindError, UnknownDayError
from tests.support import FIRST_OF_ALL, HOUR, LAST_OF_ALL, at, china, on

NAN = float("nan")
DATE, INSTANT = on("2026-03-02"), at("2026-03-02 10:00")
AWARE = INSTANT.replace(tzinfo=dt.UTC)

NOT_DATES = [
    None,
    20260302,
    1.5,
    NAN,
    "2026-03-02",
    True,
    b"2026-03-02",
    [DATE],
    dt.time(9),
    HOUR,
    INSTANT,
    AWARE,
]
NOT_INSTANTS = [
    None,
    1772445600,
    1.5,
    NAN,
    "2026-03-02 10:00",
    False,
    b"2026",
    [INSTANT],
    dt.time(9),
    dt.time(9, tzinfo=dt.UTC),
    HOUR,
    DATE,
]
NOT_AMOUNTS = [None, 3600, 1.5, NAN, "1h", True, [HOUR], dt.time(1), DATE, INSTANT, relativedelta(hours=1)]
NOT_WHOLE = [None, 1.0, 1.5, NAN, float("inf"), "1", True, False, [1], HOUR, DATE]

DAY_QUESTIONS: dict[str, Callable[[WorkCalendar, Any], object]] = {
    "is_workday": lambda it, day: it.is_workday(day),
    "day": lambda it, day: it.day(day),
    "add_workdays": lambda it, day: it.add_workdays(day, 1),
    "add_workdays, none": lambda it, day: it.add_workdays(day, 0),
    "workdays_between, first": lambda it, day: it.workdays_between(day, DATE),
    "workdays_between, second": lambda it, day: it.workdays_between(DATE, day),
}

INSTANT_QUESTIONS: dict[str, Callable[[WorkCalendar, Any], object]] = {
    "is_open": lambda it, when: it.is_open(when),
    "next_open": lambda it, when: it.next_open(when),
    "previous_open": lambda it, when: it.previous_open(when),
    "add": lambda it, when: it.add(when, HOUR),
    "add, nothing": lambda it, when: it.add(when, dt.timedelta()),
    "between, first": lambda it, when: it.between(when, INSTANT),
    "between, second": lambda it, when: it.between(INSTANT, when),
}


@pytest.mark.parametrize("ask", DAY_QUESTIONS.values(), ids=DAY_QUESTIONS)
@pytest.mark.parametrize("value", NOT_DATES, ids=repr)
def test_what_is_no_civil_date_is_refused(ask: Callable[[WorkCalendar, Any], object], value: object) -> None:
    with pytest.raises(KindError) as caught:
        ask(china(), value)
    assert isinstance(caught.value, TypeError)
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize("ask", INSTANT_QUESTIONS.values(), ids=INSTANT_QUESTIONS)
@pytest.mark.parametrize("value", NOT_INSTANTS, ids=repr)
def test_what_is_no_instant_is_refused(ask: Callable[[WorkCalendar, Any], object], value: object) -> None:
    with pytest.raises(KindError) as caught:
        ask(china(), value)
    assert isinstance(caught.value, TypeError)
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize("value", NOT_AMOUNTS, ids=repr)
def test_what_is_no_amount_of_time_is_refused(value: Any) -> None:
    """A relativedelta counts months, which working time does not have; it must not count as nothing."""
    with pytest.raises(KindError) as caught:
        china().add(INSTANT, value)
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize("value", NOT_WHOLE, ids=repr)
def test_what_is_no_whole_number_of_days_is_refused(value: Any) -> None:
    with pytest.raises(KindError) as caught:
        china().add_workdays(DATE, value)
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize("value", [None, 5, NAN, "2026-03-02", dt.time(9), HOUR], ids=repr)
@pytest.mark.parametrize("place", ["first", "second"])
def test_is_provisional_takes_nothing_but_dates_and_instants(place: str, value: Any) -> None:
    with pytest.raises(KindError) as caught:
        china().is_provisional(*((value, DATE) if place == "first" else (DATE, value)))
    assert repr(value) in str(caught.value)


@pytest.mark.parametrize(("a", "b"), [(INSTANT, AWARE), (AWARE, INSTANT)])
def test_one_naive_and_one_aware_instant_are_refused(a: dt.datetime, b: dt.datetime) -> None:
    with pytest.raises(KindError) as caught:
        china().between(a, b)
    assert isinstance(caught.value, TypeError)
    assert repr(a) in str(caught.value)
    assert repr(b) in str(caught.value)


class Nowhere(dt.tzinfo):
    """A zone that knows no offset: what has it is naive to Python, whatever its `tzinfo` says."""

    def utcoffset(self, when: dt.datetime | None, /) -> None:
        del when

    def dst(self, when: dt.datetime | None, /) -> None:
        del when

    def tzname(self, when: dt.datetime | None, /) -> None:
        del when


@pytest.mark.parametrize("ask", INSTANT_QUESTIONS.values(), ids=INSTANT_QUESTIONS)
def test_an_instant_whose_zone_knows_no_offset_is_refused(
    ask: Callable[[WorkCalendar, Any], object],
) -> None:
    """It must not be read in the zone of the machine."""
    with pytest.raises(KindError):
        ask(china(), INSTANT.replace(tzinfo=Nowhere()))


# -- beyond the table


@pytest.mark.parametrize("ask", DAY_QUESTIONS.values(), ids=DAY_QUESTIONS)
@pytest.mark.parametrize("day", [dt.date.min, dt.date.max], ids=str)
def test_the_first_and_the_last_date_of_all_are_unknown(
    ask: Callable[[WorkCalendar, Any], object], day: dt.date
) -> None:
    with pytest.raises(UnknownDayError, match="2004-01-01 to 2099-12-31") as caught:
        ask(china(), day)
    assert isinstance(caught.value, LookupError)


@pytest.mark.parametrize("ask", INSTANT_QUESTIONS.values(), ids=INSTANT_QUESTIONS)
@pytest.mark.parametrize("when", [FIRST_OF_ALL, LAST_OF_ALL], ids=str)
def test_the_first_and_the_last_instant_of_all_are_unknown(
    ask: Callable[[WorkCalendar, Any], object], when: dt.datetime
) -> None:
    with pytest.raises(UnknownDayError, match="2004-01-01 to 2099-12-31"):
        ask(china(), when)


@pytest.mark.parametrize("zone", [dt.UTC, dt.timezone(-23 * HOUR), dt.timezone(23 * HOUR)], ids=str)
@pytest.mark.parametrize("when", [FIRST_OF_ALL, LAST_OF_ALL], ids=str)
def test_the_ends_of_time_are_unknown_in_every_zone(when: dt.datetime, zone: dt.tzinfo) -> None:
    aware = when.replace(tzinfo=zone)
    questions: list[Callable[[], object]] = [
        lambda: china().is_open(aware),
        lambda: china().add(aware, HOUR),
        lambda: china().between(aware, AWARE),
        lambda: china().is_provisional(AWARE, aware),
    ]
    for ask in questions:
        with pytest.raises(UnknownDayError, match="2004-01-01 to 2099-12-31"):
            ask()


@pytest.mark.parametrize("amount", [dt.timedelta.max, dt.timedelta.min], ids=str)
@pytest.mark.parametrize("start", [INSTANT, AWARE, at("2004-01-01 00:00"), at("2099-12-31 23:59")], ids=str)
def test_more_working_time_than_there_is_leaves_the_table(start: dt.datetime, amount: dt.timedelta) -> None:
    with pytest.raises(UnknownDayError, match="2004-01-01 to 2099-12-31"):
        china().add(start, amount)


@pytest.mark.parametrize("n", [10**9, -(10**9), 10**30, -(10**30), 24_000, -6_000])
def test_more_working_days_than_there_are_leave_the_table(n: int) -> None:
    with pytest.raises(UnknownDayError, match="2004-01-01 to 2099-12-31"):
        china().add_workdays(DATE, n)


def test_nothing_is_open_after_the_last_span_or_before_the_first() -> None:
    """The last day is a Thursday; the first is a holiday and a Thursday too."""
    with pytest.raises(UnknownDayError):
        china().next_open(at("2099-12-31 17:00"))
    with pytest.raises(UnknownDayError):
        china().previous_open(at("2004-01-01 12:00"))
    with pytest.raises(UnknownDayError):
        china().add_workdays(on("2004-01-01"), -1)


# -- calendars that cannot be

WORKS = "09:00-17:00"

BAD_HOURS: list[tuple[Any, type[BubanchengError], str]] = [
    (None, KindError, "None"),
    (9, KindError, "9"),
    (9.5, KindError, r"9\.5"),
    (NAN, KindError, "nan"),
    (True, KindError, "True"),
    (b"09:00-17:00", KindError, "b'09:00-17:00'"),
    (["09:00-17:00"], KindError, r"\['09:00-17:00'\]"),
    (dt.time(9), KindError, "time"),
    ("", CalendarError, "''"),
    ("9-17", CalendarError, "'9-17'"),
    ("09:00", CalendarError, "'09:00'"),
    ("09:00-", CalendarError, "'09:00-'"),
    ("09:00-17:00-18:00", CalendarError, "'09:00-17:00-18:00'"),
    ("09:00-17:00,", CalendarError, "''"),
    ("09:60-17:00", CalendarError, "'09:60-17:00'"),
    ("09:00-17:60", CalendarError, "'09:00-17:60'"),
    ("24:00-25:00", CalendarError, "'24:00-25:00'"),
    ("24:00-01:00", CalendarError, "'24:00-01:00'"),
    ("24:00-24:00", CalendarError, "'24:00-24:00'"),
    ("09:00-24:01", CalendarError, "'09:00-24:01'"),
    ("09:00-99:00", CalendarError, "'09:00-99:00'"),
    ("09:00-09:00", CalendarError, "'09:00-09:00'"),
    ("-1:00-09:00", CalendarError, "'-1:00-09:00'"),
    ("09:00-12:00,11:00-17:00", CalendarError, "overlap"),
    ("09:00-12:00,09:00-12:00", CalendarError, "overlap"),
    ("22:00-06:00,05:00-07:00", CalendarError, "overlap"),
    ("08:00-09:00,22:00-08:30", CalendarError, "overlap"),
    ("20:00-10:00,09:00-12:00", CalendarError, "overlap"),
    ("09:00-12:00,13:60-17:00", CalendarError, "hours '09:00-12:00,13:60-17:00': '13:60-17:00'"),
    ({}, CalendarError, "at least one span"),
    ({"mo": WORKS}, CalendarError, "'mo' .*mon, tue, wed, thu, fri, sat, sun"),
    ({"Mon": WORKS}, CalendarError, "'Mon'"),
    ({0: WORKS}, CalendarError, "0"),
    ({None: WORKS}, CalendarError, "None"),
    ({"mon": None}, KindError, "None"),
    ({"mon": 9}, KindError, "9"),
    ({"mon": ""}, CalendarError, "mon"),
    ({"mon": "x", "tue": "y"}, CalendarError, "mon: 'x'.*tue: 'y'"),
    ({"mon": "20:00-10:00", "tue": "09:00-12:00"}, CalendarError, "overlap"),
]


@pytest.mark.parametrize(("hours", "error", "text"), BAD_HOURS, ids=[repr(row[0]) for row in BAD_HOURS])
def test_hours_that_cannot_be_are_refused(hours: Any, error: type[BubanchengError], text: str) -> None:
    with pytest.raises(error, match=text):
        WorkCalendar(hours)
    with pytest.raises(error, match=text):
        WorkCalendar.china(hours)


@pytest.mark.parametrize(
    "hours", [{"mon": "x"}, {"mo": WORKS}, "09:00-12:00,10:00-10:00", "09:00-12:00,x"], ids=repr
)
def test_one_fault_of_the_hours_is_told_as_one(hours: Any) -> None:
    """What is wrong already is neither compared with its neighbours nor missed as hours."""
    with pytest.raises(CalendarError) as caught:
        WorkCalendar(hours)
    assert 1 == len(caught.value.problems)


BAD_ZONES: list[Any] = [
    None,
    8,
    8.0,
    NAN,
    True,
    b"UTC",
    "",
    " ",
    "Beijing",
    "Asia",
    "+08:00",
    "../UTC",
    "/etc/localtime",
    "a\0b",
    "x" * 5000,
    [],
    dt.UTC,
]


@pytest.mark.parametrize("zone", BAD_ZONES, ids=lambda it: repr(it)[:20])
def test_a_zone_that_is_no_iana_name_is_refused(zone: Any) -> None:
    with pytest.raises((CalendarError, KindError)) as caught:
        WorkCalendar(WORKS, zone=zone)
    assert repr(zone)[:20] in str(caught.value)


NO_COLLECTIONS = [5, NAN, None, DATE]
BAD_ARGUMENTS: list[tuple[str, Any]] = [
    *[
        (name, value)
        for name in ("holidays", "workdays", "closures", "openings", "date_hours")
        for value in NO_COLLECTIONS
        if (name, value) != ("date_hours", None)
    ],
    *[
        (name, value)
        for name in ("holidays", "workdays")
        for value in ("2026-03-03", ["2026-03-03"], [None], [20260303], [NAN], [INSTANT], [AWARE], [[DATE]])
    ],
    *[("holidays", {key: "三月三"}) for key in ("2026-03-03", None, 3, INSTANT)],
    *[("holidays", {DATE: name}) for name in (3, DATE, ["三月三"])],
    *[
        ("date_hours", value)
        for value in (
            "2026-03-03",
            [(DATE, WORKS)],
            {"2026-03-03": WORKS},
            {INSTANT: WORKS},
            {None: WORKS},
            {DATE: None},
            {DATE: 9},
            {DATE: ""},
            {DATE: "9-17"},
            {DATE: "09:00-12:00,11:00-13:00"},
        )
    ],
    *[
        (name, value)
        for name in ("closures", "openings")
        for value in (
            "2026-03-03",
            (INSTANT, INSTANT + HOUR),
            [INSTANT],
            [(INSTANT,)],
            [(INSTANT, INSTANT + HOUR, INSTANT)],
            [None],
            [5],
            ["ab"],
            [(None, INSTANT)],
            [(INSTANT, None)],
            [(DATE, DATE + dt.timedelta(1))],
            [("2026-03-03 09:00", "2026-03-03 17:00")],
            [(1.0, 2.0)],
            [(INSTANT, AWARE + HOUR)],
            [(AWARE, INSTANT + HOUR)],
            [(INSTANT, INSTANT)],
            [(INSTANT, INSTANT - HOUR)],
            [(AWARE, AWARE - HOUR)],
        )
    ],
]


BUILDS: list[tuple[str, Callable[..., WorkCalendar], str, Any]] = [
    (f"{door} {name}={value!r:.60}", build, name, value)
    for door, build in (("any", WorkCalendar), ("china", WorkCalendar.china))
    for name, value in BAD_ARGUMENTS
    if door == "any" or name not in {"holidays", "workdays"}
]


@pytest.mark.parametrize(
    ("build", "name", "value"), [row[1:] for row in BUILDS], ids=[row[0] for row in BUILDS]
)
def test_an_argument_that_cannot_be_meant_is_refused(
    build: Callable[..., WorkCalendar], name: str, value: object
) -> None:
    with pytest.raises(BubanchengError) as caught:
        build(WORKS, **{name: value})
    assert isinstance(caught.value, (TypeError, ValueError))


@pytest.mark.parametrize("name", ["holidays", "workdays", "closures", "openings", "notices"])
@pytest.mark.parametrize("value", NO_COLLECTIONS, ids=repr)
def test_what_is_no_list_is_named_with_what_was_got(name: str, value: Any) -> None:
    doors: list[Any] = [WorkCalendar] if name != "notices" else []
    if name not in {"holidays", "workdays"}:
        doors.append(WorkCalendar.china)
    for build in doors:
        with pytest.raises(KindError, match=rf"^{name} .*{re.escape(repr(value))}"):
            build(WORKS, **{name: value})


@pytest.mark.parametrize("build", [WorkCalendar, WorkCalendar.china])
@pytest.mark.parametrize("name", ["closures", "openings"])
@pytest.mark.parametrize(
    ("pair", "error"),
    [
        ((INSTANT,), CalendarError),
        (5, CalendarError),
        ((INSTANT, None), KindError),
        ((DATE, INSTANT), KindError),
        ((INSTANT, AWARE + HOUR), KindError),
    ],
    ids=repr,
)
def test_an_interval_that_is_none_is_named_as_it_came(
    build: Callable[..., WorkCalendar], name: str, pair: object, error: type[BubanchengError]
) -> None:
    with pytest.raises(error, match=rf"^{name}\b.*{re.escape(repr(pair))}"):
        build(WORKS, **{name: [pair]})


@pytest.mark.parametrize(
    ("given", "got"),
    [
        ({"holidays": ["2026-03-03"]}, "'2026-03-03'"),
        ({"workdays": [INSTANT]}, repr(INSTANT)),
        ({"holidays": {DATE: 3, DATE + dt.timedelta(1): 4}}, "the name 3"),
        ({"date_hours": [(DATE, WORKS)]}, repr([(DATE, WORKS)])),
        ({"date_hours": {INSTANT: WORKS}}, repr(INSTANT)),
    ],
    ids=repr,
)
def test_a_refused_argument_says_what_was_got(given: dict[str, Any], got: str) -> None:
    with pytest.raises(KindError, match=re.escape(got)):
        WorkCalendar(WORKS, **given)


def test_a_holiday_may_have_no_name_in_a_mapping_too() -> None:
    assert WorkCalendar(WORKS, holidays={DATE: None}).day(DATE).name is None


@pytest.mark.parametrize("value", [*NO_COLLECTIONS, [None], [5], [NAN], [HOUR]], ids=repr)
def test_notices_that_cannot_be_meant_are_refused(value: Any) -> None:
    with pytest.raises(BubanchengError) as caught:
        WorkCalendar.china(notices=value)
    assert isinstance(caught.value, (TypeError, ValueError))


@pytest.mark.parametrize("value", [None, True, 1, NAN, "", "Error", [], {}, {"error"}], ids=repr)
def test_unknown_takes_nothing_but_its_two_words(value: Any) -> None:
    with pytest.raises(BubanchengError) as caught:
        WorkCalendar.china(unknown=value)
    assert isinstance(caught.value, (TypeError, ValueError))
    assert repr(value) in str(caught.value)


def test_a_day_that_is_both_off_and_worked_is_refused() -> None:
    with pytest.raises(CalendarError, match="2026-03-03 is both off and worked"):
        WorkCalendar(WORKS, holidays=[on("2026-03-03")], workdays=[on("2026-03-03")])


def test_every_day_that_is_both_off_and_worked_is_told_at_once() -> None:
    days = [on("2026-03-03") + dt.timedelta(n) for n in range(6)]
    with pytest.raises(CalendarError) as caught:
        WorkCalendar(WORKS, holidays=dict.fromkeys(reversed(days), "三月三"), workdays=days)
    assert [f"{day} is both off and worked" for day in days] == list(caught.value.problems)


@pytest.mark.parametrize(
    "closures",
    [
        [(FIRST_OF_ALL, LAST_OF_ALL)],
        [(at("1980-01-01"), at("2020-01-01")), (at("2010-01-01"), at("2100-01-01"))],
    ],
    ids=["one", "two"],
)
def test_closures_that_take_all_working_time_are_refused(
    closures: list[tuple[dt.datetime, dt.datetime]],
) -> None:
    with pytest.raises(CalendarError, match="no working time"):
        WorkCalendar(WORKS, closures=closures)


def test_an_opening_may_be_all_the_working_time_there_is_left() -> None:
    """Closures win over everything, so where they take all an opening cannot help."""
    with pytest.raises(CalendarError, match="no working time"):
        WorkCalendar(WORKS, closures=[(FIRST_OF_ALL, LAST_OF_ALL)], openings=[(INSTANT, INSTANT + HOUR)])


def test_reversed_closures_are_told_all_at_once_and_both_ends_are_named() -> None:
    pairs = [(INSTANT, INSTANT - HOUR), (INSTANT + HOUR, INSTANT)]
    with pytest.raises(CalendarError, match="2026-03-02 10:00:00 to 2026-03-02 09:00:00") as caught:
        WorkCalendar(WORKS, closures=pairs)
    assert 2 == len(caught.value.problems)


def test_date_hours_that_run_into_the_next_days_hours_are_refused() -> None:
    with pytest.raises(CalendarError, match="2026-03-02 overlaps the hours of 2026-03-03"):
        WorkCalendar(WORKS, date_hours={DATE: "20:00-10:00"})


def test_a_night_that_runs_into_date_hours_is_refused() -> None:
    with pytest.raises(CalendarError, match="2026-03-06 overlaps the hours of 2026-03-07"):
        WorkCalendar("22:00-06:00", date_hours={on("2026-03-07"): "05:00-12:00"})


def test_a_night_that_runs_into_the_hours_after_a_turn_of_the_clock_is_refused() -> None:
    """Sunday 2026-03-29 in Berlin, alone of all Sundays, has a night that is too long."""
    with pytest.raises(CalendarError, match="2026-03-29 overlaps the hours of 2026-03-30"):
        WorkCalendar(WORKS, date_hours={on("2026-03-29"): "20:00-10:00"}, zone="Europe/Berlin")


def test_a_night_before_a_day_off_may_last_as_long_as_it_likes() -> None:
    week = WorkCalendar({"fri": "09:00-08:59"})
    assert week.is_open(at("2026-03-07 08:58"))


def test_date_hours_outside_the_table_are_refused() -> None:
    with pytest.raises(UnknownDayError, match="2126-03-02"):
        WorkCalendar(WORKS, date_hours={on("2126-03-02"): WORKS})


STORED = WorkCalendar(WORKS).to_dict()


SUNDAY_WORKED = {"2026-03-08": [1, None, "a word"]}

DAMAGED: dict[str, tuple[Any, str]] = {
    "nothing": (None, "stored calendar: is damaged: TypeError .*NoneType"),
    "empty": ({}, "stored calendar: is damaged: KeyError 'zone'"),
    "no week": (
        {key: value for key, value in STORED.items() if key != "week"},
        "stored calendar: is damaged: KeyError 'week'",
    ),
    "six weekdays": (STORED | {"week": STORED["week"][:6]}, "stored calendar: is damaged: ValueError "),
    "six weekdays and a Sunday": (
        STORED | {"week": STORED["week"][:6], "special": SUNDAY_WORKED},
        "stored calendar: is damaged: IndexError .*out of range",
    ),
    "no hours": (STORED | {"week": [[]] * 7}, "stored calendar: is damaged: StopIteration "),
    "special days without dates": (
        STORED | {"special": ["2026-03-08"]},
        "stored calendar: is damaged: AttributeError .*'list'",
    ),
    "an unknown zone": (STORED | {"zone": "Beijing"}, "zone: 'Beijing' is not an IANA time zone"),
    "no date": (STORED | {"first": "yesterday"}, "stored calendar: is damaged: ValueError .*'yesterday'"),
    "a closure without an end": (
        STORED | {"closures": [["2026-03-02"]]},
        "stored calendar: is damaged: ValueError not enough values",
    ),
}


@pytest.mark.parametrize(("data", "words"), DAMAGED.values(), ids=DAMAGED)
def test_a_stored_calendar_that_is_damaged_is_refused_with_what_is_wrong(data: Any, words: str) -> None:
    with pytest.raises(CalendarError, match=f"^{words}"):
        WorkCalendar.from_dict(data)
