"""Case tables as tests of pytest: a table is a file of tests, a row is a test."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from itertools import groupby
from operator import attrgetter

import pytest

from bubancheng.errors import BubanchengError, CaseTableError
from bubancheng.testing.cases import Case, CaseTable, parse_case_table
from bubancheng.testing.checking import CaseChecker
from bubancheng.testing.sheets import read_sheet


class CaseFile(pytest.File):
    """A table; what is wrong with it as a whole is told without a traceback."""

    def collect(self) -> Iterator["CaseRow"]:
        """Yield a test for each row, good or bad, in their order."""
        table = parse_case_table(read_sheet(self.path), name=self.path.name, folder=self.path.parent)
        for row, name, check in sorted([*_good(table), *_bad(table)]):
            yield CaseRow.from_parent(self, name=name, row=row, check=check)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> object:  # type: ignore[override] # pytest allows more than its own signature says
        """Say our own errors as they are."""
        if isinstance(excinfo.value, BubanchengError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)


class CaseRow(pytest.Item):
    """A row; its failure says expected, got, the source and the explanation day by day."""

    def __init__(self, *, row: int, check: Callable[[], None], **rest: object) -> None:
        super().__init__(**rest)  # type: ignore[arg-type] # pytest hands its own arguments on
        self._row, self._check = row, check

    def runtest(self) -> None:
        """Check it."""
        self._check()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException]) -> object:  # type: ignore[override] # pytest allows more than its own signature says
        """Say what an assertion or one of our errors says, without a traceback."""
        if isinstance(excinfo.value, AssertionError | BubanchengError):
            return str(excinfo.value)
        return super().repr_failure(excinfo)

    def reportinfo(self) -> tuple[os.PathLike[str], int, str]:
        """Return where the row stands."""
        return self.path, self._row - 1, self.name


_Test = tuple[int, str, Callable[[], None]]


def _good(table: CaseTable) -> Iterator[_Test]:
    checker = CaseChecker()
    for case in table.cases:
        yield case.row, _name(case), partial(checker.check, case)


def _bad(table: CaseTable) -> Iterator[_Test]:
    for row, problems in groupby(table.problems, attrgetter("row")):
        reasons = [str(problem) for problem in problems]
        yield row, f"row{row}", partial(_refuse, table.name, reasons)


def _name(case: Case) -> str:
    mark = "".join(char if char.isalnum() or char in "-_." else "-" for char in case.id)
    return f"row{case.row}-{mark}" if mark else f"row{case.row}"


def _refuse(name: str, reasons: list[str]) -> None:
    raise CaseTableError(name, reasons)
