"""The columns of a ledger (台账), and what one of its cells may hold."""

import datetime as dt
import re
import unicodedata
from collections.abc import Iterable, Mapping

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.district import District
from bubancheng.errors import ProfileError, UnknownDayError

_TIME = re.compile(
    r"(\d{4})-(\d{1,2})-(\d{1,2})[ T]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6}))?)?\s*(Z|[+-]\d{2}:?\d{2})?"
)
_DATE_MARKS = str.maketrans({"/": "-", "年": "-", "月": "-", "日": " "})


@attrs.frozen(kw_only=True)
class Column:
    """A column: its English `id`, its Chinese `name`, whether it holds times, its longest text.

    Of a district's own columns: the `fact` that its texts state, or the `action` whose times it holds.
    """

    id: str
    name: str
    is_time: bool = False
    required: bool = False
    longest: int = 200
    is_personal: bool = False
    is_free_text: bool = False
    fact: str | None = None
    action: str | None = None


COLUMNS = (
    Column(id="id", name="工单编号", required=True, longest=64),
    Column(id="channel", name="渠道"),
    Column(id="matter", name="事项", required=True),
    Column(id="place", name="办理地点"),
    Column(id="text", name="诉求内容", longest=8_000_000, is_personal=True, is_free_text=True),
    Column(id="reporter", name="反映人", is_personal=True),
    Column(id="phone", name="联系电话", is_personal=True),
    Column(id="class", name="难易"),
    Column(id="registered_at", name="登记时间", is_time=True, required=True),
    Column(id="dispatched_at", name="派单时间", is_time=True),
    Column(id="acknowledged_at", name="接单时间", is_time=True),
    Column(id="contacted_at", name="联系时间", is_time=True),
    Column(id="resolved_at", name="办结时间", is_time=True),
    Column(id="unit", name="主办单位"),
)
BY_ID = {column.id: column for column in COLUMNS}
DUE = Column(id="due", name="办结期限", is_time=True)
"""What an export adds: the due time as it was counted; never taken in."""
REMARKS = frozenset({"备注", "remark", "remarks", "note", "序号"})
"""Columns that clerks keep for themselves; they are not taken in."""


def columns_by_name(district: District) -> dict[str, Column]:
    """Return the columns of a district's ledgers by every name they may bear.

    Errors: `ProfileError` for a column that states nothing, carries nothing out, and is in no ledger.
    """
    found = {word: column for column in COLUMNS for word in (column.id, column.name)}
    problems = []
    for own in district.columns:
        column = BY_ID.get(own.id)
        if own.fact is not None or own.action is not None:
            if column is not None:
                problems.append(f"ledger.column: {own.id!r} 是每份台账都有的列，不能另作他用 (taken)")
                continue
            time = own.is_time or own.action is not None
            column = Column(id=own.id, name=own.name, is_time=time, fact=own.fact, action=own.action)
        if column is None:
            problems.append(f"ledger.column: {own.id!r} 须写 fact 或 action，或为 {', '.join(BY_ID)} 之一")
            continue
        found |= dict.fromkeys((own.id, own.name, *own.aliases), column)
    if problems:
        raise ProfileError(district.name, problems)
    return found


def columns_of(district: District) -> tuple[Column, ...]:
    """Return the columns of a district's exports in their order, each under the name it is written with.

    Those of every ledger, the due time, then the district's own; in its own words, but never in one that
    would be read back as another column.
    """
    known = columns_by_name(district)
    words = {it.id: it.name for it in district.columns}
    own = [known[it.id] for it in district.columns if it.fact is not None or it.action is not None]
    return tuple(_named(it, words.get(it.id), known) for it in (*COLUMNS, DUE, *own))


def _named(column: Column, word: str | None, known: Mapping[str, Column]) -> Column:
    read_as = None if column is DUE else column
    fit = (it for it in (word, column.name, column.id) if it is not None and known.get(it) is read_as)
    return attrs.evolve(column, name=next(fit, column.name))


def is_export(names: Iterable[str], district: District) -> bool:
    """Whether a ledger with these column names was exported: the due time that is counted is among them."""
    due = next(it.name for it in columns_of(district) if it.id == DUE.id)
    return due in names


@attrs.frozen(kw_only=True)
class Problem:
    """What is wrong with one cell: the record's number (header = 1), the column, the reason."""

    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"第 {self.row} 行　{self.column}：{self.reason}"


def shown(text: str, longest: int = 40) -> str:
    """Return a cell's text fit for a message: short, and without control characters."""
    plain = "".join(char if char.isprintable() else "�" for char in text)
    return plain if len(plain) <= longest else f"{plain[:longest]}…（共 {len(text)} 字）"


def fault_of(column: Column, text: str) -> str | None:
    """Return what is wrong with a text in a column; None where nothing is."""
    cell = "（个人信息，不在此显示）" if column.is_personal else f"：{shown(text)}"
    if len(text) > column.longest:
        return f"超过 {column.longest} 字{cell}"
    if not column.is_free_text and any(unicodedata.category(char) in {"Cc", "Cs"} for char in text):
        return f"含有控制字符{cell}"
    return None


def read_time(text: str, calendar: WorkCalendar) -> dt.datetime | str:
    """Return the instant that a cell writes, or the reason why it cannot be read."""
    plain = unicodedata.normalize("NFKC", text).translate(_DATE_MARKS).strip()
    found = _TIME.fullmatch(plain)
    if found is None:
        return f"“{shown(text)}”不是时间，应写作 2026-09-30 16:00"
    year, month, day, hour, minute, second, fraction, offset = found.groups(default="")
    zone = calendar.table.civil.zone
    clock = f"{hour:0>2}:{minute}:{second or '00'}.{fraction or '0':0<6}"
    try:
        at = dt.datetime.fromisoformat(f"{year}-{month:0>2}-{day:0>2}T{clock}{offset}")
        at = at.astimezone(zone) if offset else at.replace(tzinfo=zone)
        calendar.table.civil.locate(at)
    except UnknownDayError as error:
        return f"“{shown(text)}”不在历法范围 {error.first} 至 {error.last} 之内"
    except (ValueError, OverflowError):
        return f"“{shown(text)}”不是存在的日期或时刻"
    return at
