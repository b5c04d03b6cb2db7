"""From the bytes of a spreadsheet's CSV to its records, bounded and strict."""

import csv
import io
from os import PathLike
from pathlib import Path

from bubancheng.errors import CaseTableError

MOST_BYTES = 4_000_000
"""A table of cases that people write is far smaller; a larger file is no such table."""

_ENCODINGS = ("utf-8-sig", "gb18030")


def read_sheet(path: str | PathLike[str]) -> str:
    """Return the text of a CSV file: UTF-8 with or without BOM, or GB18030.

    Errors: `CaseTableError` for a file that cannot be read, is too large, or is not text.
    """
    name = str(path)
    try:
        with Path(path).open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except (OSError, ValueError) as error:
        raise CaseTableError(name, [f"无法读取 (cannot be read): {error}"]) from error
    _check_size(name, len(data))
    for encoding in () if b"\0" in data else _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    reason = "既不是 UTF-8 也不是 GB18030 文本 (neither encoding fits)：请在表格软件中另存为 CSV UTF-8"
    raise CaseTableError(name, [reason])


def split_sheet(text: str, name: str) -> list[list[str]]:
    """Return the records of a CSV text, header first; `CaseTableError` where it is no CSV."""
    _check_size(name, len(text))
    if "\0" in text:
        raise CaseTableError(name, ["含有空字符 (NUL)：请在表格软件中另存为 CSV UTF-8"])
    reader = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    records: list[list[str]] = []
    try:
        records.extend(reader)
    except csv.Error as error:
        reason = f"第 {len(records) + 1} 行不是 CSV，请检查引号 (check its quotes): {error}"
        raise CaseTableError(name, [reason]) from error
    return records


def _check_size(name: str, size: int) -> None:
    if size > MOST_BYTES:
        reason = f"超过 {MOST_BYTES // 1_000_000} MB (too large)：用例表由人填写，请拆分或检查文件"
        raise CaseTableError(name, [reason])
