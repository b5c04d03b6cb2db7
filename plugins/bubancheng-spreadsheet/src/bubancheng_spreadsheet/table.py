"""From a file to rows of cells: CSV in UTF-8 or GB18030, or one sheet of a workbook."""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from bubancheng_spreadsheet.errors import SheetError

LARGEST = 20_000_000
"""Bytes of a file; ten thousand rows take less than one million."""
_ENCODINGS = ("utf-8-sig", "gb18030")
_NO_VALUES = {"f": "是公式 (a formula)，请粘贴为数值", "e": "是错误值 (an error)，请改正"}
_BYTE_ORDER_MARKS = (b"\xff\xfe", b"\xfe\xff")


class Row(NamedTuple):
    """A row that is not blank: its number as the clerk sees it, and its cells as text or dates."""

    number: int
    cells: list[str | dt.date]


class Table(NamedTuple):
    """What a file holds: its rows, the header first, and what is wrong with single cells."""

    rows: list[Row]
    problems: list[str]


def read_table(path: Path, sheet: str | None) -> Table:
    """Read a file; `SheetError` where it is no table at all."""
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise _refused(path, f"无法读取 (cannot be read): {reason}") from error
    if len(data) > LARGEST:
        raise _refused(path, f"超过 {LARGEST // 1_000_000} MB (too large): 请只留负责单位表")
    if path.suffix.lower() in {".xlsx", ".xlsm"}:
        return _workbook(path, data, sheet)
    if sheet is not None:
        raise _refused(path, "sheet 只用于 .xlsx (a CSV has no sheets): 请删去此项设置")
    return _text(path, data)


def _refused(path: Path, problem: str) -> SheetError:
    return SheetError(path.name, [problem])


def _text(path: Path, data: bytes) -> Table:
    if b"\0" in data or data.startswith(_BYTE_ORDER_MARKS):
        raise _refused(path, "不是 UTF-8 或 GB18030 的 CSV (no such text): 请另存为 CSV UTF-8 或 .xlsx")
    for encoding in _ENCODINGS:
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return _records(path, text)
    raise _refused(path, "既不是 UTF-8 也不是 GB18030 (neither encoding fits): 请另存为 CSV UTF-8")


def _records(path: Path, text: str) -> Table:
    rows = []
    try:
        for number, cells in enumerate(csv.reader(io.StringIO(text, newline=""), strict=True), start=1):
            if any(cell.strip() for cell in cells):
                rows.append(Row(number, list(cells)))
    except csv.Error as error:
        raise _refused(path, f"第 {len(rows) + 1} 条之后引号不成对或不是 CSV (quotes): {error}") from error
    return Table(rows, [])


def _workbook(path: Path, data: bytes, sheet: str | None) -> Table:
    try:
        book = openpyxl.load_workbook(io.BytesIO(data))
    except Exception as error:  # a broken archive raises whatever it meets first
        raise _refused(path, f"不是 Excel 工作簿 (no workbook): {type(error).__name__}") from error
    found = _chosen(path, book.worksheets, sheet)
    rows, problems = [], [*_merged(found)]
    for number, row in enumerate(found.iter_rows(), start=1):
        cells: list[str | dt.date] = []
        for cell in row:
            value, fault = _cell(cell.value, cell.data_type)
            if fault:
                problems.append(f"第{number}行 {cell.column_letter} 列：{fault}")
            cells.append(value)
        if any(str(it).strip() for it in cells):
            rows.append(Row(number, cells))
    return Table(rows, problems)


def _chosen(path: Path, sheets: list[Worksheet], wanted: str | None) -> Worksheet:
    """Return the sheet that is named, or the only one with something in it."""
    titles = "、".join(it.title for it in sheets)
    if wanted is not None:
        for it in sheets:
            if it.title == wanted:
                return it
        raise _refused(path, f"没有工作表“{wanted}”(no such sheet)；现有：{titles}")
    filled = [it for it in sheets if any(cell.value is not None for row in it.iter_rows() for cell in row)]
    if len(filled) > 1:
        raise _refused(path, f"有多张工作表 (more than one sheet)，请用 sheet 指明一张：{titles}")
    if not filled:
        raise _refused(path, "是空表 (empty): 第一行应为列名，如 事项,承办单位")
    return filled[0]


def _merged(sheet: Worksheet) -> Iterator[str]:
    """Yield what is merged: only the first of such cells has a value, the others would be taken as blank."""
    for it in sorted(sheet.merged_cells.ranges, key=lambda it: (it.min_row, it.min_col)):
        where = f"{get_column_letter(it.min_col)}{it.min_row}:{get_column_letter(it.max_col)}{it.max_row}"
        yield f"第{it.min_row}行：{where} 是合并单元格 (merged)，请取消合并并逐行填写"


def _cell(value: object, kind: str) -> tuple[str | dt.date, str | None]:
    """Return a cell as a clerk sees it, and what is wrong with it."""
    if kind in _NO_VALUES:
        return "", _NO_VALUES[kind]
    if isinstance(value, dt.datetime):
        fault = None if value.time() == dt.time() else f"{value} 不是日期 (no date)：请去掉时刻"
        return value.date(), fault
    whole = isinstance(value, float) and value.is_integer()
    return "" if value is None else str(int(value) if whole else value), None  # type: ignore[call-overload] # whole only for a number
