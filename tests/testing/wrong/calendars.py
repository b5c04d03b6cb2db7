"""Calendars that are wrong in one way each, and what they are without their closures."""

import datetime as dt
import time
import warnings
from collections.abc import Callable
from itertools import count
from typing import Any

import attrs

from bubancheng.calendar import Day, WorkCalendar
from bubancheng.errors import ProvisionalWarning, UnknownDayError
from bubancheng.testing import CalendarSetup

TYPHOON = dt.date(2025, 7, 30)
CLOSURE = dt.datetime.combine(TYPHOON, dt.time(12)), dt.datetime.combine(TYPHOON, dt.time(17))
HOURS = "09:00-17:00"


class ToTheMinute(WorkCalendar):
    """Rounds what it adds up to whole minutes, and more."""

    def add(self, when: dt.datetime, amount: dt.timedelta) -> dt.datetime:
        found = super().add(when, amount)
        return found if not amount else found + dt.timedelta(seconds=1)


class CountingTheStart(WorkCalendar):
    """Counts the day on which a term begins (民法典 第201条 does not)."""

    def add_workdays(self, date: dt.date, n: int) -> dt.date:
        return super().add_workdays(date, n - 1 if n > 1 and self.is_workday(date) else n)


class OneDayMore(WorkCalendar):
    """Counts both ends of a span."""

    def workdays_between(self, a: dt.date, b: dt.date) -> int:
        return super().workdays_between(a, b) + self.is_workday(a)


class NextMorning(WorkCalendar):
    """Takes the next opening for the next open instant, also in working hours."""

    def next_open(self, when: dt.datetime) -> dt.datetime:
        found = super().next_open(when)
        return found if found != when else super().next_open(when.replace(hour=23))


class LastOpening(WorkCalendar):
    """Goes back to the morning's opening where the closing is meant."""

    def previous_open(self, when: dt.datetime) -> dt.datetime:
        found = super().previous_open(when)
        return found if found == when else found.replace(hour=9)


class Unsourced(WorkCalendar):
    """Does not say which notice made a day what it is."""

    def day(self, date: dt.date) -> Day:
        return attrs.evolve(super().day(date), source="")


class Boasting(WorkCalendar):
    """Claims to know what no notice has said yet."""

    @property
    def known_until(self) -> dt.date:
        return super().known_until + dt.timedelta(days=2)


class Inventing(WorkCalendar):
    """Answers for any date at all."""

    def is_workday(self, date: dt.date) -> bool:
        try:
            return super().is_workday(date)
        except UnknownDayError:
            return date.weekday() < 5


class Silent(WorkCalendar):
    """Keeps to itself that a day is provisional."""

    def workdays_between(self, a: dt.date, b: dt.date) -> int:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ProvisionalWarning)
            return super().workdays_between(a, b)


class InUtc(WorkCalendar):
    """Answers in UTC whatever it was asked in."""

    def previous_open(self, when: dt.datetime) -> dt.datetime:
        found = super().previous_open(when)
        return found if found.tzinfo is None else found.astimezone(dt.UTC)


class Mixing(WorkCalendar):
    """Takes an instant without a zone for one in UTC."""

    def between(self, a: dt.datetime, b: dt.datetime) -> dt.timedelta:
        if (a.tzinfo is None) != (b.tzinfo is None):
            a, b = (it if it.tzinfo else it.replace(tzinfo=dt.UTC) for it in (a, b))
        return super().between(a, b)


class Drifting(WorkCalendar):
    """Opens on Saturday mornings by its own code, of which nothing is stored."""

    def is_open(self, when: dt.datetime) -> bool:
        return super().is_open(when) or (when.weekday() == 5 and 9 <= when.hour < 12)

    def next_open(self, when: dt.datetime) -> dt.datetime:
        return when if self.is_open(when) else super().next_open(when)

    def previous_open(self, when: dt.datetime) -> dt.datetime:
        return when if self.is_open(when) else super().previous_open(when)


class Versionless(WorkCalendar):
    """Has the same version whatever is in it."""

    version = "1"  # type: ignore[assignment]


class Scribbling(WorkCalendar):
    """Notes what it was asked in a place that all threads share."""

    def between(self, a: dt.datetime, b: dt.datetime) -> dt.timedelta:
        self._asked = a, b
        if isinstance(b, dt.datetime) and b - a > dt.timedelta(days=90):
            time.sleep(0.002)
        return super().between(*self._asked)


_built = count()


def fickle() -> WorkCalendar:
    """Close the second in which it is built."""
    start = dt.datetime(2025, 7, 30, 3, 0, next(_built) % 60)
    return WorkCalendar.china(HOURS, closures=[(start, start + dt.timedelta(seconds=1))])


def open_always() -> WorkCalendar:
    """Lose the closures on the way."""
    return WorkCalendar.china(HOURS)


def short_day() -> WorkCalendar:
    """Write a closure down as shorter hours, so that a limit ends at noon."""
    return WorkCalendar.china(HOURS, date_hours={TYPHOON: "09:00-12:00"})


def closed(kind: type[WorkCalendar] = WorkCalendar) -> WorkCalendar:
    """Return a calendar of a kind with its closure."""
    return kind.china(HOURS, closures=[CLOSURE])


def setup_of(wrong: type[WorkCalendar] | Callable[[], WorkCalendar]) -> CalendarSetup:
    """Return the setup of a wrong calendar."""
    build: Callable[[], Any] = (lambda: closed(wrong)) if isinstance(wrong, type) else wrong
    return CalendarSetup(build=build, without_closures=open_always)


WRONG: dict[type[WorkCalendar] | Callable[[], WorkCalendar], str] = {
    ToTheMinute: "test_working_time_adds_up",
    CountingTheStart: "test_working_days_add_up",
    OneDayMore: "test_working_days_add_up",
    NextMorning: "test_the_next_and_the_previous_open_instant_are_the_nearest",
    LastOpening: "test_the_next_and_the_previous_open_instant_are_the_nearest",
    Unsourced: "test_each_day_says_what_it_is_and_by_whose_word",
    Boasting: "test_what_is_known_ends_where_it_says",
    Inventing: "test_what_is_known_ends_where_it_says",
    Silent: "test_what_is_provisional_is_said",
    InUtc: "test_an_instant_comes_back_in_the_zone_it_came_in",
    Mixing: "test_an_instant_comes_back_in_the_zone_it_came_in",
    fickle: "test_built_again_it_is_the_same",
    Drifting: "test_what_is_stored_answers_the_same",
    Versionless: "test_what_is_stored_answers_the_same",
    Scribbling: "test_threads_may_count_at_once",
    open_always: "test_its_closures_are_in_it",
    short_day: "test_a_closure_never_shortens_a_limit",
}
"""Each wrong calendar, and the one check that rejects it."""
