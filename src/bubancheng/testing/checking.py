"""Checking a case: the clock that its row describes, against what it expects."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike

from bubancheng.calendar import WorkCalendar
from bubancheng.district import District
from bubancheng.errors import BubanchengError, CaseTableError, KindError, UnknownNameError
from bubancheng.testing.asserting import demand, due_differences, light_differences
from bubancheng.testing.cases import Case, CaseProblem, LimitCase, PolicyCase, read_cases
from bubancheng.testing.cells import Hours
from bubancheng.testing.columns import BY_ID
from bubancheng.testing.timing import Timing


class CaseChecker:
    """Checks cases; the calendars and districts that they name are made once and kept."""

    def __init__(self) -> None:
        self._calendars: dict[str, WorkCalendar] = {}
        self._districts: dict[str, tuple[District, WorkCalendar]] = {}

    def check(self, case: Case) -> None:
        """Demand what a case expects.

        Errors: `AssertionError` with row, source, expected, got and the explanation day by day;
        `CaseTableError` with row and column where the row cannot be counted.
        """
        __tracebackhide__ = True
        timing = self.timing(case)
        now = None if case.now is None else timing.instant(case.now)
        found = []
        with _about(case, "limit" if isinstance(case, LimitCase) else "target"):
            if case.due is not None:
                found += due_differences(case.due, timing, provisional=case.provisional, now=now)
            if case.light is not None and now is not None:
                found += light_differences(case.light, timing, now)
        about = [f"出处 (source)：{case.source}", *([f"说明 (note)：{case.note}"] if case.note else [])]
        try:
            demand(timing, found, now, about)
        except AssertionError as error:
            msg = f"{case.table} 第 {case.row} 行 (row {case.row})　{error}"
            raise AssertionError(msg) from None

    def timing(self, case: Case) -> Timing:
        """Return the clock that a row describes; `CaseTableError` where there cannot be one."""
        if isinstance(case, LimitCase):
            with _about(case, "hours" if case.zone is None else "zone"):
                calendar = self._week(case.hours, case.zone, case.holidays)
            with _about(case, "start"):
                return Timing.of_limit(case.limit, case.start, calendar, case.counting)
        if not isinstance(case, PolicyCase):
            msg = f"a case is a LimitCase or a PolicyCase, got {case!r}"
            raise KindError(msg)
        with _about(case, "district"):
            district, calendar = self._district(case.district)
        with _about(case, "hours"):
            calendar = calendar if case.hours is None else self._week(case.hours)
        with _about(case, None):
            return Timing.of_events(
                district,
                case.events,
                calendar=calendar,
                category=case.category,
                channel=case.channel,
                target=case.target,
            )

    def _week(
        self, hours: Hours | None, zone: str | None = None, holidays: tuple[dt.date, ...] = ()
    ) -> WorkCalendar:
        key = repr((hours, zone, holidays))
        if key not in self._calendars:
            given = "09:00-17:00" if hours is None else hours
            self._calendars[key] = (
                WorkCalendar.china(given)
                if zone is None
                else WorkCalendar(given, holidays=holidays, zone=zone)
            )
        return self._calendars[key]

    def _district(self, name: str) -> tuple[District, WorkCalendar]:
        """Return a district and its calendar, with what its plugin closes and opens."""
        if name not in self._districts:
            from bubancheng.desk import Desk  # noqa: PLC0415 rows about limits need no plugin

            with Desk.open(name) as desk:
                self._districts[name] = desk.district, desk.calendar
        return self._districts[name]


def check_case(case: Case) -> None:
    """Demand what one case expects; see `CaseChecker.check`."""
    __tracebackhide__ = True
    CaseChecker().check(case)


def check_cases(path: str | PathLike[str]) -> int:
    """Check a whole table and return how many cases it has.

    Errors: `CaseTableError` with every bad row; `AssertionError` with all rows that are not as expected.
    """
    __tracebackhide__ = True
    cases, checker = read_cases(path), CaseChecker()
    failed = []
    for case in cases:
        try:
            checker.check(case)
        except (AssertionError, CaseTableError) as error:
            failed.append(str(error))
    if failed:
        raise AssertionError("\n\n".join([*failed, f"{len(failed)} / {len(cases)} 行不符 (rows failed)"]))
    return len(cases)


@contextmanager
def _about(case: Case, column: str | None) -> Iterator[None]:
    """Turn what cannot be counted into an error with row and column; an unknown name tells its own."""
    try:
        yield
    except CaseTableError:
        raise
    except BubanchengError as error:
        word = error.what.rpartition(" ")[2] if isinstance(error, UnknownNameError) else None
        found = BY_ID.get(word or "") or BY_ID.get(column or "")
        name = None if found is None else f"{found.name} ({found.id})"
        problem = CaseProblem(row=case.row, column=name, reason=str(error))
        raise CaseTableError(case.table, [str(problem)]) from error
