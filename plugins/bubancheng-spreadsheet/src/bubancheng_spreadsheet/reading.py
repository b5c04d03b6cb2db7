"""From a sheet to its rules: everything that is wrong is told at once, with row and column."""

import datetime as dt
import difflib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from pathlib import Path

from bubancheng.district import District
from bubancheng_spreadsheet.errors import SheetError
from bubancheng_spreadsheet.rules import FIRST, NEVER, Rule, RuleBook, grouped, plain
from bubancheng_spreadsheet.table import Row, Table, read_table

_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "matter": ("事项", "事项名称", "政务服务事项", "matter"),
    "place": ("办理地点", "地点", "place"),
    "channel": ("渠道", "反映渠道", "channel"),
    "unit": ("承办单位", "负责单位", "主办单位", "unit"),
    "valid_from": ("生效日期", "valid_from"),
    "valid_until": ("失效日期", "valid_until"),
    "source": ("依据", "source"),
    "condition": ("条件", "condition"),
}
"""The columns, each with the headers it goes by, its own first."""
_REMARKS = ("备注", "说明", "序号", "联系人", "联系电话", "note", "remark")
_LONGEST, _SHOWN = 200, 40
_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")


def read_rules(path: Path, *, sheet: str | None = None, district: District | None = None) -> RuleBook:
    """Read a sheet; `SheetError` with everything that is wrong with it, row and column.

    `district`: whose units and channels the sheet must name; without it any unit will do.
    """
    table = read_table(path, sheet)
    reader = _Reader(table, district)
    rules = [rule for row in table.rows[1:] if (rule := reader.rule(row)) is not None]
    problems = [*reader.problems, *_conflicts(rules)]
    if problems:
        raise SheetError(path.name, problems)
    return RuleBook(path.name, tuple(rules))


class _Reader:
    """Turns rows into rules, and notes what is wrong with each cell."""

    def __init__(self, table: Table, district: District | None) -> None:
        self.problems = list(table.problems)
        self._district = district
        self._columns = self._header(table.rows[0] if table.rows else Row(1, []))

    def rule(self, row: Row) -> Rule | None:
        """Return the rule of a row; None after noting what is wrong with it."""
        before = len(self.problems)
        cells: dict[str, str | dt.date] = {}
        for place, cell in enumerate(row.cells):
            text = cell.strip() if isinstance(cell, str) else cell
            if not text:
                continue
            if place >= len(self._columns):
                self._note(row, "整行", f"比表头多出“{_shown(text)}”(more cells than headers)")
            elif column := self._columns[place]:
                cells[column] = text
        texts = {column: self._text(row, column, cells.get(column, "")) for column in _COLUMNS}
        rule = Rule(
            key=(plain(texts["matter"]), plain(texts["place"]), plain(self._channel(row, texts["channel"]))),
            unit=self._unit(row, texts["unit"]),
            valid_from=self._date(row, "valid_from", cells.get("valid_from")) or FIRST,
            valid_until=self._date(row, "valid_until", cells.get("valid_until")) or NEVER,
            source=texts["source"],
            row=row.number,
        )
        if not any(rule.key[:2]):
            self._note(row, "事项", "事项和办理地点至少填一项 (neither matter nor place)")
        if texts["condition"]:
            self._note(row, "条件", "附条件的由人判断，不能自动派单 (a person decides): 请删去此行或条件")
        if rule.valid_from >= rule.valid_until:
            self._note(row, "失效日期", f"{rule.valid_until} 不晚于生效日期 {rule.valid_from} (never valid)")
        return rule if len(self.problems) == before else None

    def _header(self, row: Row) -> list[str | None]:
        words = {plain(word): column for column, names in _COLUMNS.items() for word in names}
        remarks = {plain(word) for word in _REMARKS}
        columns: list[str | None] = []
        for cell in row.cells:
            word = plain(str(cell))
            column = words.get(word)
            if column in columns and column is not None:
                self._note(row, _COLUMNS[column][0], f"列重复 (given twice)：“{_shown(cell)}”")
            if column is None and word and word not in remarks:
                near = difflib.get_close_matches(word, [*words, *remarks], n=1)
                known = "、".join(names[0] for names in _COLUMNS.values())
                hint = f"，是不是“{near[0]}”" if near else f"；可用：{known}"
                self._note(row, _shown(cell), f"没有这一列 (no such column){hint}")
            columns.append(column)
        if "unit" not in columns:
            self._note(row, "承办单位", "缺少此列 (missing): 表头须在第一个非空行")
        if not {"matter", "place"} & set(columns):
            self._note(row, "事项", "缺少此列 (missing)")
        return columns

    def _note(self, row: Row, column: str, reason: str) -> None:
        self.problems.append(f"第{row.number}行 {column}：{reason}")

    def _text(self, row: Row, column: str, value: str | dt.date) -> str:
        text = str(value)
        if len(text) > _LONGEST:
            self._note(row, _COLUMNS[column][0], f"超过 {_LONGEST} 字 (too long)：“{_shown(text)}”")
        if any(unicodedata.category(it) in {"Cc", "Cs"} for it in text):
            self._note(row, _COLUMNS[column][0], f"含有换行或控制字符 (control characters)：“{_shown(text)}”")
        return text

    def _unit(self, row: Row, text: str) -> str:
        if not text:
            self._note(row, "承办单位", "不能为空 (blank)")
        elif self._district is not None:
            units = {plain(it.name): it.name for it in self._district.units}
            if plain(text) not in units:
                self._unknown(row, "承办单位", text, units.values())
            return units.get(plain(text), text)
        return text

    def _channel(self, row: Row, text: str) -> str:
        if not text or self._district is None:
            return text
        channels = {plain(w): it.id for it in self._district.channels for w in (it.id, it.name, *it.aliases)}
        if plain(text) not in channels:
            self._unknown(row, "渠道", text, (it.name for it in self._district.channels))
        return channels.get(plain(text), text)

    def _unknown(self, row: Row, column: str, text: str, known: Iterable[str]) -> None:
        near = difflib.get_close_matches(text, list(known), n=1)
        hint = f"，是不是“{near[0]}”" if near else ""
        self._note(row, column, f"本区没有“{_shown(text)}”(unknown){hint}")

    def _date(self, row: Row, column: str, value: str | dt.date | None) -> dt.date | None:
        if value is None or isinstance(value, dt.date):
            return value
        found = _DATE.fullmatch(unicodedata.normalize("NFKC", value))
        try:
            if found:
                return dt.date(*map(int, found.groups()))
        except ValueError:
            pass
        self._note(row, _COLUMNS[column][0], f"“{_shown(value)}”不是日期 (no date)，应写作 2026-01-01")
        return None


def _conflicts(rules: Iterable[Rule]) -> Iterator[str]:
    """Yield which rows name different units for the same on the same day."""
    for same in grouped(rules).values():
        for one, other in combinations(same, 2):
            overlap = one.valid_from < other.valid_until and other.valid_from < one.valid_until
            if one.unit != other.unit and overlap:
                yield (
                    f"第{one.row}行与第{other.row}行 承办单位：同一事项、地点、渠道派给不同单位 (conflict)："
                    f"“{one.unit}”和“{other.unit}”"
                )


def _shown(value: object) -> str:
    text = "".join(it if it.isprintable() else "�" for it in str(value))
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
