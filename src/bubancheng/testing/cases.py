"""A case table (用例表, `*.sla.csv`): what a lawyer wrote in a spreadsheet, as checked values."""

import datetime as dt
from collections.abc import Mapping
from os import PathLike
from pathlib import Path
from types import MappingProxyType
from typing import Any

import attrs

from bubancheng.errors import BubanchengError, CaseTableError
from bubancheng.sla import Counting, Light, Limit
from bubancheng.testing.cells import Hours, shown
from bubancheng.testing.columns import BY_ID, COLUMNS, Column, RowKind, read_header
from bubancheng.testing.sheets import read_sheet, split_sheet
from bubancheng.ticket import Fact

_LONGEST_CELL = 4000


@attrs.frozen(kw_only=True)
class CaseProblem:
    """What is wrong with one cell: the record's number (header = 1), the column (None: the row), why."""

    row: int
    column: str | None
    reason: str

    def __str__(self) -> str:
        return f"第 {self.row} 行 (row {self.row})　{self.column or '整行'}：{self.reason}"


@attrs.frozen(kw_only=True)
class Case:
    """One row: where it stands, what it expects, and by what source.

    `due`: an instant, or a date that stands for any instant of it; None: not looked at, as `provisional`;
    `light` is what shows at `now`.
    """

    table: str
    row: int
    source: str
    id: str = ""
    note: str = ""
    hours: Hours | None = attrs.field(default=None, hash=False)
    due: dt.date | dt.datetime | None = None
    provisional: bool | None = None
    now: dt.datetime | None = None
    light: Light | None = None


@attrs.frozen(kw_only=True)
class LimitCase(Case):
    """A row about a limit by itself; with a `zone` the calendar is that zone's plain week, else China's."""

    start: dt.datetime
    limit: Limit
    counting: Counting | None = None
    zone: str | None = None
    holidays: tuple[dt.date, ...] = ()


@attrs.frozen(kw_only=True)
class PolicyCase(Case):
    """A row about a ticket under a district's rules; `district` is a name, or the path of a profile."""

    district: str
    events: tuple[tuple[str, dt.datetime, Mapping[str, Fact]], ...] = attrs.field(hash=False)
    category: str | None = None
    channel: str | None = None
    target: str | None = None


@attrs.frozen(kw_only=True)
class CaseTable:
    """A table: its good rows, and everything that is wrong with the others."""

    name: str
    cases: tuple[Case, ...]
    problems: tuple[CaseProblem, ...]


def read_cases(path: str | PathLike[str]) -> tuple[Case, ...]:
    """Return the cases of a table; `CaseTableError` with every bad row at once, or why it is no table."""
    table = read_case_table(path)
    if table.problems:
        raise CaseTableError(table.name, [str(problem) for problem in table.problems])
    return table.cases


def read_case_table(path: str | PathLike[str]) -> CaseTable:
    """Return a table with its good rows and its bad ones; `CaseTableError` where it is no table at all."""
    return parse_case_table(read_sheet(path), name=str(path), folder=Path(path).parent)


def parse_case_table(text: str, *, name: str = "用例表", folder: str | PathLike[str] = ".") -> CaseTable:
    """Return the table that a CSV text holds; profiles are looked for from `folder` on.

    Errors: `CaseTableError` for an empty table, a header that is not understood, or a text that is no CSV.
    """
    records = split_sheet(text, name)
    if not any(cell.strip() for cell in (records[0] if records else ())):
        raise CaseTableError(name, ["没有表头 (empty)：第一行应为列名，如 起算,时限,到期,出处"])
    columns = read_header(records[0], name)
    cases: list[Case] = []
    problems: list[CaseProblem] = []
    for number, cells in enumerate(records[1:], start=2):
        if any(cell.strip() for cell in cells):
            row = _Row(number, columns, cells)
            if row.problems:
                problems += row.problems
            else:
                cases.append(row.case(name, Path(folder)))
    if not cases and not problems:
        raise CaseTableError(name, ["只有表头，没有用例 (no rows)：什么也没有核对"])
    return CaseTable(name=name, cases=tuple(cases), problems=tuple(problems))


class _Row:
    """One record while it is read: its values by column id, and what is wrong with it."""

    def __init__(self, number: int, columns: list[Column | None], cells: list[str]) -> None:
        self.number = number
        self.values: dict[str, Any] = {}
        self.problems: list[CaseProblem] = []
        if any(cell.strip() for cell in cells[len(columns) :]):
            self.note(None, f"比表头多出 {len(cells) - len(columns)} 个单元格 (more cells than columns)")
        for column, cell in zip(columns, cells, strict=False):
            if text := cell.strip():
                self._read(column, text)
        self._check(self._kind())

    def note(self, column: Column | None, reason: str) -> None:
        """Note what is wrong with a cell, or with the whole row."""
        name = None if column is None else f"{column.name} ({column.id})"
        self.problems.append(CaseProblem(row=self.number, column=name, reason=reason))

    def _read(self, column: Column | None, text: str) -> None:
        if column is None:
            self.note(None, f"“{shown(text)}”所在的列没有列名 (a cell in a column without a name)")
            return
        self.values[column.id] = None  # written, though perhaps not readable
        if fault := _fault_of(text):
            self.note(column, fault)
            return
        try:
            self.values[column.id] = column.read(text)
        except BubanchengError as error:
            self.note(column, str(error))

    def _kind(self) -> RowKind | None:
        kinds = [
            it for it, name in ((RowKind.LIMIT, "limit"), (RowKind.POLICY, "district")) if name in self.values
        ]
        if len(kinds) == 1:
            return kinds[0]
        if kinds:
            self.note(None, "同时写了“时限”和“区”(both limit and district)：请分成两行")
        else:
            self.note(None, "“时限”和“区”都没有写 (neither limit nor district)：不知道按什么计算")
        return None

    def _check(self, kind: RowKind | None) -> None:
        """Note what a row of its kind lacks, or has too much."""
        given = self.values.keys()
        if "source" not in given:
            self.note(BY_ID["source"], "不能为空 (required)：每一行都要写明依据，如 民法典第201条")
        if not given & {"due", "light"}:
            self.note(None, "“到期”和“灯”都没有写 (neither due nor light)：没有可核对的结果")
        for name, other in (("light", "now"), ("now", "light"), ("provisional", "due")):
            if name in given and not given & {other, *({"due"} if name == "now" else ())}:
                self.note(
                    BY_ID[other], f"写了“{BY_ID[name].name}”，也要写“{BY_ID[other].name}”({other} is needed)"
                )
        if kind is RowKind.LIMIT and "start" not in given:
            self.note(BY_ID["start"], "不能为空 (required)：时限自何时起算")
        if kind is RowKind.POLICY and not any(BY_ID[it].entry for it in given):
            self.note(None, "没有任何经过的时间 (no times)：至少写明登记时间或接单时间")
        for column in COLUMNS:
            if column.id in given:
                self._check_place(column, kind)

    def _check_place(self, column: Column, kind: RowKind | None) -> None:
        if kind is not None and column.only not in {kind, None}:
            self.note(
                column,
                f"属于{column.only.value if column.only else ''}，本行是{kind.value}：请留空或另起一行",
            )
        elif column.fact_of and f"{column.fact_of}_at" not in self.values:
            self.note(BY_ID[f"{column.fact_of}_at"], f"写了“{column.name}”，也要写它的时间")

    def case(self, table: str, folder: Path) -> Case:
        """Return the case of a row with nothing wrong."""
        values = self.values
        common = {
            name: values[name]
            for name in ("id", "note", "source", "hours", "due", "provisional", "now", "light")
            if name in values
        }
        if "limit" in values:
            own = {
                it: values[it] for it in ("start", "limit", "counting", "zone", "holidays") if it in values
            }
            return LimitCase(table=table, row=self.number, **common, **own)
        return PolicyCase(
            table=table,
            row=self.number,
            district=_place(values["district"], folder),
            category=values.get("class"),
            channel=values.get("channel"),
            target=values.get("target"),
            events=tuple(self._events()),
            **common,
        )

    def _events(self) -> list[tuple[str, dt.datetime, Mapping[str, Fact]]]:
        values = self.values
        return [
            (
                column.entry,
                values[column.id],
                MappingProxyType(
                    {it.id: values[it.id] for it in COLUMNS if it.fact_of == column.entry and it.id in values}
                ),
            )
            for column in COLUMNS
            if column.entry is not None and column.id in values
        ]


def _place(district: str, folder: Path) -> str:
    """Return a district's name, or the path of its profile as seen from the table's folder."""
    return str(folder / district) if district.endswith(".toml") else district


def _fault_of(text: str) -> str | None:
    """Return what is wrong with any text in a cell, whatever it should mean."""
    if len(text) > _LONGEST_CELL:
        return f"超过 {_LONGEST_CELL} 字 (too long)：{shown(text)}"
    if text.startswith("="):
        return f"是公式 (a formula)，应写结果：{shown(text)}"
    if text.startswith("#") and text.rstrip("?!/0A").isupper():
        return f"是公式的错误值 (a formula's error)：{shown(text)}"
    if any(not char.isprintable() and char not in "\n\r\t\u3000\u00a0" for char in text):
        return f"含有控制字符 (control characters)：{shown(text)}"
    return None
