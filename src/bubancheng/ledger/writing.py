"""Writing a ledger out of a store (导出台账): a row a ticket; the file is whole, or not there."""

import datetime as dt
import os
from collections.abc import Callable
from contextlib import suppress
from os import PathLike
from pathlib import Path

from bubancheng.desk import Desk
from bubancheng.errors import LedgerError
from bubancheng.ledger.cells import Wording
from bubancheng.ledger.columns import shown
from bubancheng.ledger.sheets import csv_sheet, workbook
from bubancheng.ticket import Actor

_SHEETS = {".csv": csv_sheet, ".xlsx": workbook}


def write_ledger(  # noqa: PLR0913 who, what for and as of when are no details
    desk: Desk,
    path: str | PathLike[str],
    *,
    actor: Actor,
    purpose: str = "导出台账 (ledger)",
    now: dt.datetime | None = None,
    tell: Callable[[int], None] | None = None,
) -> int:
    """Write the ledger of a desk as of an instant to a new .csv or .xlsx file; return how many rows it has.

    One row a ticket, in the district's words, personal data masked. That `actor` took it along, and for what
    `purpose`, is on record before the first row is read. `tell` is called with the number of rows so far.
    The file bears its name only when it is whole. Errors: `LedgerError` for a name that is taken or ends
    otherwise, and for a file that cannot be written.
    """
    target = Path(path)
    sheet = _SHEETS.get(target.suffix.lower())
    if sheet is None:
        msg = f"台账 {target} 应以 .csv 或 .xlsx 结尾 (the name ends in neither)"
        raise LedgerError(msg)
    wording, zone = Wording(desk.district), desk.calendar.table.civil.zone
    as_of = "" if now is None else f"，截至 {now.astimezone(zone):%Y-%m-%d %H:%M}"
    reason = f"{purpose}：{shown(target.name)}{as_of}"
    part = target.with_name(f"{target.name}.part-{os.getpid()}")
    rows = 0
    try:
        _check_free(target)
        with sheet(part, wording.columns) as append:
            for ticket, line, personal in desk.export(actor=actor, purpose=reason, now=now):
                append(wording.row(ticket, line.due, personal, zone))
                rows += 1
                if tell is not None:
                    tell(rows)
        _sync(part)
        _check_free(target)
        part.replace(target)
    except OSError as error:
        msg = f"台账 {target} 无法写入 (cannot be written): {error.strerror or error}"
        raise LedgerError(msg) from error
    finally:
        with suppress(OSError):
            part.unlink()
    return rows


def _check_free(target: Path) -> None:
    """Refuse a name that is taken: what lies there may be the very ledger that a clerk keeps by hand."""
    if target.exists():
        msg = f"台账 {target} 已存在 (is there already): 导出不覆盖已有文件，请另取文件名"
        raise LedgerError(msg)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
