"""The files a ledger is written to, row by row: CSV that Excel and WPS open rightly, and .xlsx."""

import csv
import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from bubancheng.errors import LedgerError
from bubancheng.ledger.cells import Cell
from bubancheng.ledger.columns import Column
from bubancheng.ledger.neutral import fitted, neutralised

Append = Callable[[Sequence[Cell]], None]

_MOST_ROWS = 1_048_576  # of a worksheet, the header included
_TIME_WIDTH, _TEXT_WIDTH, _LONG_WIDTH = 20, 14, 40  # a date too wide for its column shows as ####


@contextmanager
def csv_sheet(path: Path, columns: Sequence[Column]) -> Iterator[Append]:
    """Open a CSV in UTF-8 with a BOM, without which Excel in China takes it for GBK."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        write = csv.writer(file).writerow
        write([it.name for it in columns])
        yield lambda cells: write([_text(it) for it in cells])


def _text(cell: Cell) -> str:
    if isinstance(cell, dt.datetime):
        return cell.isoformat(" ", "seconds" if cell.second else "minutes")
    return "" if cell is None else neutralised(cell)


@contextmanager
def workbook(path: Path, columns: Sequence[Column]) -> Iterator[Append]:
    """Open a workbook with one sheet, whose rows go to the disk as they come.

    Errors: `LedgerError` where openpyxl (the extra `[xlsx]`) is missing, or a sheet has no more rows.
    """
    try:
        import openpyxl  # noqa: PLC0415 only with the extra [xlsx]
        from openpyxl.cell import WriteOnlyCell  # noqa: PLC0415 the same
    except ImportError as error:
        msg = f"台账 {path}: 写入 .xlsx 需要 pip install 'bubancheng[xlsx]'"
        raise LedgerError(msg) from error
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("台账")
    sheet.freeze_panes = "A2"
    for number, column in enumerate(columns, start=1):
        letter = openpyxl.utils.get_column_letter(number)
        width = _TIME_WIDTH if column.is_time else _LONG_WIDTH if column.is_free_text else _TEXT_WIDTH
        sheet.column_dimensions[letter].width = width
    written = 0

    def cell_of(cell: Cell) -> object:
        if not isinstance(cell, str):
            return cell  # a date, shown as 2026-09-30 16:00:00
        text = neutralised(fitted(cell))
        if not text.startswith("#"):
            return text
        made = WriteOnlyCell(sheet, text)
        made.data_type = "s"  # a text also where it is spelt as an error value (#N/A)
        return made

    def append(cells: Sequence[Cell]) -> None:
        nonlocal written
        if written == _MOST_ROWS:
            msg = f"工作表最多 {_MOST_ROWS} 行 (a sheet holds no more rows): 请导出为 .csv"
            raise LedgerError(msg)
        sheet.append([cell_of(it) for it in cells])
        written += 1

    try:
        append([it.name for it in columns])
        yield append
        book.save(path)
    finally:
        _drop_spool(sheet)


def _drop_spool(sheet: Any) -> None:  # noqa: ANN401 openpyxl has no types
    """Remove what openpyxl spooled to the folder for temporary files, where no workbook came of it."""
    spool = sheet._writer  # noqa: SLF001 it would lie there until the process ends
    if spool is not None and Path(spool.out).exists():
        with suppress(Exception):
            sheet.close()
        with suppress(OSError):
            spool.cleanup()
