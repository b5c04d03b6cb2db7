"""The contract of calendars: whatever gives a `WorkCalendar`, a plugin's closures or a class of its own."""

import datetime as dt
import json
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import pairwise

import attrs
import pytest

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import ProvisionalWarning, UnknownDayError
from bubancheng.sla import Limit
from bubancheng.testing.contracts.kit import Contract, check, demand, expect, refused
from bubancheng.testing.contracts.together import at_once

DAY = dt.timedelta(days=1)
MICROSECOND = dt.timedelta(microseconds=1)
SPAN = 800
"""How many days before the end of what is known are looked at."""
AHEAD = 400
"""How many days before that end counting starts, so that it stays within what is known."""
HOURS = (0, 8, 9, 10, 12, 13, 14, 15, 16, 17, 23)  # eleven, so that each comes on each day of the week
AMOUNTS = tuple(dt.timedelta(minutes=it) for it in (1, 30, 299, 480, 481, 2400, 20_000))
LIMITS = tuple(
    Limit.parse(it) for it in ("当日", "1个工作日", "3个工作日", "0.5个工作日", "2个工作小时", "24小时")
)
ELSEWHERE = dt.timezone(dt.timedelta(hours=-5))


@attrs.frozen(kw_only=True)
class CalendarSetup:
    """How to come by the calendar under test.

    `build`: builds it, anew each time, as a desk does when it is opened; `without_closures`: builds the same
    one without its closures, for the capability `closing`.
    """

    build: Callable[[], WorkCalendar]
    without_closures: Callable[[], WorkCalendar] | None = None

    def pair(self) -> tuple[WorkCalendar, WorkCalendar]:
        """Return the calendar without its closures, and with them."""
        if self.without_closures is None:
            msg = "the calendar has closures: give `without_closures`, or say why it lacks the capability"
            raise AssertionError(msg)
        return self.without_closures(), self.build()


def _dates(calendar: WorkCalendar, step: int = 1, tail: int = AHEAD) -> Iterator[dt.date]:
    """Yield known dates up to the last ones, so many days apart."""
    last = calendar.known_until - tail * DAY
    for back in range(SPAN, 0, -step):
        yield last - back * DAY


def _instants(calendar: WorkCalendar, step: int = 17) -> Iterator[dt.datetime]:
    """Yield instants at all hours, in the calendar's own zone."""
    for number, date in enumerate(_dates(calendar, step)):
        yield dt.datetime.combine(date, dt.time(HOURS[number % len(HOURS)], number % 60))


@contextmanager
def _quiet() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ProvisionalWarning)
        yield


def _warns(ask: Callable[[], object]) -> bool:
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        ask()
    return any(issubclass(it.category, ProvisionalWarning) for it in caught)


class CalendarContract(Contract):
    """What a calendar must do; an author gives the fixture `setup`, and says whether it closes nothing."""

    @pytest.fixture
    def setup(self) -> CalendarSetup:
        """Say how to come by the calendar under test; override this."""
        msg = f"{type(self).__name__} gives no calendar: override the fixture `setup` with a CalendarSetup"
        raise NotImplementedError(msg)

    @check("C1")
    def test_working_time_adds_up(self, setup: CalendarSetup) -> None:
        """`add` gives the earliest instant after so much working time, `between` measures it, both ways."""
        calendar = setup.build()
        for start in _instants(calendar):
            expect(start, calendar.add(start, dt.timedelta(0)), "nothing added")
            for amount in AMOUNTS:
                end, before = calendar.add(start, amount), calendar.add(start, -amount)
                expect(amount, calendar.between(start, end), f"working time from {start} to {end}")
                expect(amount, calendar.between(before, start), f"working time from {before} to {start}")
                expect(-amount, calendar.between(end, start), f"working time from {end} back to {start}")
                demand(f"{end} is the earliest", calendar.between(start, end - MICROSECOND) < amount)

    @check("C2")
    def test_working_days_add_up(self, setup: CalendarSetup) -> None:
        """The start day is not counted; the day found is a working day; counting back undoes it."""
        calendar = setup.build()
        for date in _dates(calendar, 7):
            expect(date, calendar.add_workdays(date, 0), "no day added")
            for n in (1, 3, 22, -1, -5):
                found = calendar.add_workdays(date, n)
                demand(f"{found}, {n} from {date}, is a working day", calendar.is_workday(found))
                between = sum(calendar.is_workday(it) for it in _span(date, found))
                counted = between if n > 0 else calendar.is_workday(date) - between - 1
                expect(n, counted, f"working days from {date} to {found}")
            later = date + 40 * DAY
            expect(
                sum(map(calendar.is_workday, _span(date, later))),
                calendar.workdays_between(date, later),
                "days",
            )

    @check("C3")
    def test_the_next_and_the_previous_open_instant_are_the_nearest(self, setup: CalendarSetup) -> None:
        """An open instant is its own; else no working time lies between."""
        calendar = setup.build()
        for when in _instants(calendar, 5):
            after, before = calendar.next_open(when), calendar.previous_open(when)
            if calendar.is_open(when):
                expect((when, when), (after, before), "an open instant is its own")
            demand(f"{after} is open, the next after {when}", calendar.is_open(after) and after >= when)
            demand(f"{before} ends what is open before {when}", before <= when)
            seen = calendar.between(when, after), calendar.between(before, when)
            expect((dt.timedelta(0),) * 2, seen, f"working time around {when}")

    @check("C4")
    def test_each_day_says_what_it_is_and_by_whose_word(self, setup: CalendarSetup) -> None:
        """Its kind agrees with whether it is worked, and its source is named."""
        calendar = setup.build()
        for date in _dates(calendar):
            day = calendar.day(date)
            expect((date, calendar.is_workday(date)), (day.date, day.is_workday), f"what {date} is")
            demand(f"the source of {date} is named", day.source.strip())

    @check("C5")
    def test_what_is_known_ends_where_it_says(self, setup: CalendarSetup) -> None:
        """Up to `known_until` nothing is provisional, after it everything; outside nothing is answered."""
        calendar = setup.build()
        last, after = calendar.known_until, calendar.known_until + DAY
        is_settled = not calendar.day(last).provisional and not calendar.is_provisional(last, last)
        demand(f"{last} is settled", is_settled)
        for date in (calendar.known_from - DAY, dt.date(9999, 12, 31)):
            with refused(UnknownDayError, f"{date} is outside the calendar"), _quiet():
                calendar.is_workday(date)
        try:
            day = calendar.day(after)
        except UnknownDayError:
            return
        demand(f"{after} is provisional", day.provisional and calendar.is_provisional(last, after))

    @check("C6")
    def test_what_is_provisional_is_said(self, setup: CalendarSetup) -> None:
        """Every answer that rests on a day after `known_until` warns; none before it does."""
        calendar = setup.build()
        start = dt.datetime.combine(calendar.known_until - 60 * DAY, dt.time(10))
        for days, expected in ((20, False), (90, True)):
            end = start + days * DAY
            try:
                calendar.day(end.date())
            except UnknownDayError:
                return  # it answers nothing that is not settled
            with _quiet():
                amount = calendar.between(start, end)
                count = calendar.workdays_between(start.date(), end.date())
            asks: dict[str, Callable[[], object]] = {
                "is_workday": partial(calendar.is_workday, end.date()),
                "add_workdays": partial(calendar.add_workdays, start.date(), count),
                "workdays_between": partial(calendar.workdays_between, start.date(), end.date()),
                "is_open": partial(calendar.is_open, end),
                "next_open": partial(calendar.next_open, end),
                "previous_open": partial(calendar.previous_open, end),
                "add": partial(calendar.add, start, amount),
                "between": partial(calendar.between, start, end),
            }
            expect(
                dict.fromkeys(asks, expected), {name: _warns(it) for name, it in asks.items()}, "what warns"
            )

    @check("C7")
    def test_an_instant_comes_back_in_the_zone_it_came_in(self, setup: CalendarSetup) -> None:
        """A naive one means the calendar's own zone; one with and one without are not compared."""
        calendar = setup.build()
        naive = dt.datetime.combine(calendar.known_until - 60 * DAY, dt.time(10))
        for zone in (None, dt.UTC, ELSEWHERE):
            when = naive.replace(tzinfo=zone)
            for found in (
                calendar.add(when, AMOUNTS[3]),
                calendar.next_open(when),
                calendar.previous_open(when),
            ):
                expect(zone, found.tzinfo, "the zone of an answer")
        with refused(TypeError, "an instant with a zone and one without"):
            calendar.between(naive, naive.replace(tzinfo=dt.UTC))
        with refused(TypeError, "a date where an instant is meant"):
            calendar.is_open(naive.date())  # type: ignore[arg-type] # wrong on purpose

    @check("C8")
    def test_built_again_it_is_the_same(self, setup: CalendarSetup) -> None:
        """A desk that is opened again must not find another calendar than the one it counted with."""
        expect(setup.build().version, setup.build().version, "the version of a calendar that is built again")

    @check("C9")
    def test_what_is_stored_answers_the_same(self, setup: CalendarSetup) -> None:
        """A desk keeps every calendar it used, whole, and reads it again years later."""
        calendar = setup.build()
        kept = WorkCalendar.from_dict(json.loads(json.dumps(calendar.to_dict(), ensure_ascii=False)))
        expect(calendar.version, kept.version, "the version of a calendar that was stored")
        for when in _instants(calendar, 1):
            expect(calendar.is_open(when), kept.is_open(when), f"whether {when} is open, when it was stored")

    @check("C10")
    def test_threads_may_count_at_once(self, setup: CalendarSetup) -> None:
        """Each gets the answer to its own question."""
        calendar = setup.build()
        starts = list(_instants(calendar, 97))
        jobs = [partial(calendar.between, a, b) for a, b in pairwise(starts)]
        expect([job() for job in jobs], at_once(*jobs), "working time that threads count")

    @check("C11", needs="closing")
    def test_its_closures_are_in_it(self, setup: CalendarSetup) -> None:
        """With and without them it is not one calendar, and says so by its version."""
        plain, closed = setup.pair()
        demand("closures make another version", plain.version != closed.version)

    @check("C12", needs="closing")
    def test_a_closure_never_shortens_a_limit(self, setup: CalendarSetup) -> None:
        """Nobody has less time to answer, or to be answered, because an office was shut."""
        plain, closed = setup.pair()
        for date in _dates(closed, tail=0):
            for limit in LIMITS:
                start = dt.datetime.combine(date, dt.time(10))
                before, after = limit.due(start, plain).at, limit.due(start, closed).at
                demand(f"{limit} from {start} is due at {before} or later, not at {after}", before <= after)


def _span(start: dt.date, end: dt.date) -> list[dt.date]:
    """Return the dates after the earlier one, up to the later one."""
    first, last = min(start, end), max(start, end)
    return [first + it * DAY for it in range(1, (last - first).days + 1)]
