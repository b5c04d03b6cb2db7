"""From a ledger file to checked rows: good ones, and everything that is wrong with the others."""

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import NamedTuple

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.district import District
from bubancheng.errors import LedgerError
from bubancheng.ledger.columns import (
    COLUMNS,
    DUE,
    REMARKS,
    Column,
    Problem,
    columns_by_name,
    fault_of,
    is_export,
    read_time,
    shown,
)
from bubancheng.ledger.neutral import restored

_SHOWN = "%Y-%m-%d %H:%M:%S"
_ENCODINGS = ("utf-8-sig", "gb18030")
_ORDER = ("registered_at", "dispatched_at", "acknowledged_at", "resolved_at")


@attrs.frozen(kw_only=True)
class LedgerRow:
    """One good row: its record number, its texts and its times, blanks left out.

    `is_exported`: it stands in a ledger that was written from a store (with 办结期限), so that a cell that
    says what had been assumed states nothing.
    """

    number: int
    texts: Mapping[str, str]
    times: Mapping[str, dt.datetime]
    is_exported: bool = False

    @property
    def id(self) -> str:
        """The ticket's number (工单编号)."""
        return self.texts["id"]

    def content(self) -> tuple[Mapping[str, str], Mapping[str, dt.datetime]]:
        """Return what two rows with one number are compared by."""
        return self.texts, self.times


@attrs.frozen(kw_only=True)
class Reading:
    """What a ledger file holds: the good rows, the problems, the columns nobody knows."""

    rows: tuple[LedgerRow, ...]
    problems: tuple[Problem, ...]
    unknown_columns: tuple[str, ...]


class _Record(NamedTuple):
    """A record of the file: its cells, and whether its quotes pair up."""

    cells: list[str]
    is_sound: bool = True


def read_ledger(path: str | PathLike[str], district: District, calendar: WorkCalendar) -> Reading:
    """Read a ledger: CSV in UTF-8 (with BOM or without) or GB18030, or .xlsx with the extra.

    Errors: `LedgerError` where the file cannot be read as a table or lacks a required column; bad rows
    are in `problems`.
    """
    records = _records(Path(path))
    header = next(records, None)
    if header is None:
        msg = f"台账 {path} 是空文件 (empty): 第一行应为列名，如 工单编号,事项,登记时间"
        raise LedgerError(msg)
    known = columns_by_name(district)
    names = [name.strip() for name in header.cells]
    columns = [known.get(name) for name in names]
    _check_header(path, columns)
    exported = is_export(names, district)
    reader = _RowReader(district, calendar, columns, is_exported=exported)
    for number, record in enumerate(records, start=2):
        if not record.is_sound:
            reader.note(number, None, "引号不成对，其后的行可能被并入本行：请改正引号")
        elif any(cell.strip() for cell in record.cells):
            reader.read(number, record.cells)
    return Reading(
        rows=tuple(reader.rows.values()),
        problems=tuple(reader.problems),
        unknown_columns=tuple(
            shown(name)
            for name, column in zip(names, columns, strict=True)
            if column is None and name and name not in {*REMARKS, DUE.name, DUE.id}
        ),
    )


def _check_header(path: str | PathLike[str], columns: Iterable[Column | None]) -> None:
    known = [column for column in columns if column is not None]
    missing = [column.name for column in COLUMNS if column.required and column not in known]
    if missing:
        msg = f"台账 {path} 缺少列 (missing columns): {'、'.join(missing)}"
        raise LedgerError(msg)
    doubled = sorted({column.name for column in known if known.count(column) > 1})
    if doubled:
        msg = f"台账 {path} 的列重复 (columns given twice): {'、'.join(doubled)}"
        raise LedgerError(msg)


def _records(path: Path) -> Iterator[_Record]:
    """Return the records of a file, header first."""
    try:
        data = path.read_bytes()
    except IsADirectoryError as error:
        msg = f"台账 {path} 是目录，应为文件 (a directory)"
        raise LedgerError(msg) from error
    except (OSError, ValueError) as error:
        msg = f"台账 {path} 无法读取 (cannot be read): {error}"
        raise LedgerError(msg) from error
    if path.suffix.lower() == ".xlsx":
        return _workbook(path, data)
    return _parsed(path, _decoded(path, data))


def _decoded(path: Path, data: bytes) -> str:
    if b"\0" in data[:4096]:
        msg = f"台账 {path} 是二进制文件 (binary): 请另存为 CSV UTF-8"
        raise LedgerError(msg)
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    msg = f"台账 {path} 既不是 UTF-8 也不是 GB18030 文本 (neither encoding fits): 请另存为 CSV UTF-8"
    raise LedgerError(msg)


def _parsed(path: Path, text: str) -> Iterator[_Record]:
    before = csv.field_size_limit(max(len(text), 1))
    lines = list(io.StringIO(text, newline=""))
    records, line = [], 0
    try:
        reader = csv.reader(lines)
        for cells in reader:
            records.append(_Record(cells, _is_sound(lines[line : reader.line_num])))
            line = reader.line_num
    except csv.Error as error:
        msg = f"台账 {path} 不是 CSV: {error}"
        raise LedgerError(msg) from error
    finally:
        csv.field_size_limit(before)
    return iter(records)


def _is_sound(lines: list[str]) -> bool:
    """Whether the quotes of a record pair up; a quote that is left open swallows the rows after it."""
    if not any('"' in line for line in lines):
        return True
    try:
        return len(list(csv.reader(lines, strict=True))) == 1
    except csv.Error:
        return False


def _workbook(path: Path, data: bytes) -> Iterator[_Record]:
    try:
        import openpyxl  # noqa: PLC0415 only with the extra [xlsx]
    except ImportError as error:
        msg = f"台账 {path}: 读取 .xlsx 需要 pip install 'bubancheng[xlsx]'"
        raise LedgerError(msg) from error
    try:
        sheet = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True).worksheets[0]
        return iter([_Record([_cell(it.value, it.number_format) for it in row]) for row in sheet.iter_rows()])
    except Exception as error:
        msg = f"台账 {path} 不是 Excel 工作簿 (not a workbook): {error}"
        raise LedgerError(msg) from error


def _cell(value: object, number_format: str) -> str:
    """Return a cell as a clerk sees it: a date that shows no hour has none."""
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        return value.isoformat(" ") if "h" in number_format.lower() else value.date().isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


class _RowReader:
    """Checks records one by one; of two rows with one number and different content the first stands."""

    def __init__(
        self,
        district: District,
        calendar: WorkCalendar,
        columns: list[Column | None],
        *,
        is_exported: bool,
    ) -> None:
        self._district, self._calendar, self._columns = district, calendar, columns
        self._is_exported = is_exported
        self._names = {it.id: it.name for it in (*COLUMNS, *columns) if it is not None}
        self.rows: dict[str, LedgerRow] = {}
        self.problems: list[Problem] = []

    def read(self, number: int, cells: list[str]) -> None:
        before = len(self.problems)
        texts: dict[str, str] = {}
        times: dict[str, dt.datetime] = {}
        if any(cell.strip() for cell in cells[len(self._columns) :]):
            self.note(number, None, f"比表头多出 {len(cells) - len(self._columns)} 个单元格")
        for column, cell in zip(self._columns, cells, strict=False):
            text = restored(cell.strip())
            if column is None or not text:
                continue
            if column.is_time:
                at = read_time(text, self._calendar)
                if isinstance(at, str):
                    self.note(number, column.id, at)
                else:
                    times[column.id] = at
            elif fault := fault_of(column, text):
                self.note(number, column.id, fault)
            else:
                texts[column.id] = text
        self._check(number, texts, times, {it.column for it in self.problems[before:]})
        if len(self.problems) == before:
            row = LedgerRow(number=number, texts=texts, times=times, is_exported=self._is_exported)
            self._keep(row)

    def note(self, number: int, column: str | None, reason: str) -> None:
        """Note what is wrong with a cell, or with the whole row."""
        self.problems.append(
            Problem(row=number, column=self._names[column] if column else "整行", reason=reason)
        )

    def _check(
        self, number: int, texts: dict[str, str], times: dict[str, dt.datetime], noted: set[str]
    ) -> None:
        for column in COLUMNS:
            if column.required and column.name not in noted and column.id not in {*texts, *times}:
                self.note(number, column.id, "不能为空")
        for earlier, later in _pairs(times):
            if times[later] < times[earlier]:
                self.note(
                    number,
                    later,
                    f"{times[later]:{_SHOWN}} 早于{self._names[earlier]} {times[earlier]:{_SHOWN}}",
                )
        self._classify(number, texts, times)

    def _classify(self, number: int, texts: dict[str, str], times: dict[str, dt.datetime]) -> None:
        """Put the id of the class in place of its word, by the rules of the day of registration."""
        registered = times.get("registered_at")
        if registered is None:
            return
        rule = self._district.rule_on(registered.date())
        if rule is None:
            first = self._district.rules[0].valid_from
            self.note(number, "registered_at", f"{registered:%Y-%m-%d} 没有生效的规则，第一版始于 {first}")
        elif "class" in texts:
            category = rule.category(texts["class"])
            if category is None:
                words = "、".join(it.name for it in rule.categories)
                self.note(
                    number, "class", f"没有“{shown(texts['class'])}”，{registered:%Y-%m-%d} 的规则有：{words}"
                )
            else:
                texts["class"] = category

    def _keep(self, row: LedgerRow) -> None:
        first = self.rows.setdefault(row.id, row)
        if first is not row and first.content() != row.content():
            self.note(
                row.number,
                "id",
                f"{shown(row.id)} 与第 {first.number} 行重复而内容不同，以第 {first.number} 行为准",
            )


def _pairs(times: Mapping[str, dt.datetime]) -> Iterator[tuple[str, str]]:
    """Yield the neighbours that must be in order, blanks skipped."""
    present = [name for name in _ORDER if name in times]
    yield from pairwise(present)
    if "registered_at" in times and "contacted_at" in times:
        yield "registered_at", "contacted_at"
