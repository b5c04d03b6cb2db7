"""The columns of a case table (用例表): their words, what a cell holds, in which rows they may stand."""

from collections.abc import Callable, Iterable
from difflib import get_close_matches
from enum import Enum
from typing import Any

import attrs

from bubancheng.errors import CaseTableError
from bubancheng.sla import Limit
from bubancheng.testing.cells import (
    read_answer,
    read_counting,
    read_dates,
    read_day_or_moment,
    read_hours,
    read_light,
    read_moment,
    read_text,
    shown,
)


class RowKind(Enum):
    """What a row is about; the value is what its kind is called."""

    LIMIT = "时限行"
    POLICY = "规则行"


@attrs.frozen(kw_only=True)
class Column:
    """A column: its English `id`, its Chinese `name`, other words, how a cell is read.

    `only`: the kind of row it belongs to, None for both; `entry`: the kind of entry whose time it holds;
    `fact_of`: the kind of entry to which its text is a fact, "" for the first one.
    """

    id: str
    name: str
    others: tuple[str, ...] = ()
    read: Callable[[str], Any] = read_text
    only: RowKind | None = None
    entry: str | None = None
    fact_of: str | None = None


def _entry(kind: str, name: str) -> Column:
    return Column(id=f"{kind}_at", name=name, read=read_moment, only=RowKind.POLICY, entry=kind)


COLUMNS = (
    Column(id="id", name="编号", others=("序号",)),
    # what is counted, by itself
    Column(id="start", name="起算", others=("起算时间",), read=read_moment, only=RowKind.LIMIT),
    Column(id="limit", name="时限", read=Limit.parse, only=RowKind.LIMIT),
    Column(id="counting", name="约定", others=("计算约定",), read=read_counting, only=RowKind.LIMIT),
    Column(id="zone", name="时区", only=RowKind.LIMIT),
    Column(id="holidays", name="假日", read=read_dates, only=RowKind.LIMIT),
    # what is counted, by the rules of a district
    Column(id="district", name="区", others=("区县",), only=RowKind.POLICY),
    Column(id="class", name="难易", only=RowKind.POLICY, fact_of=""),
    Column(id="channel", name="渠道", only=RowKind.POLICY, fact_of=""),
    Column(id="target", name="计时", only=RowKind.POLICY),
    _entry("registered", "登记时间"),
    _entry("accepted", "受理时间"),
    _entry("dispatched", "派单时间"),
    _entry("acknowledged", "接单时间"),
    _entry("contacted", "联系时间"),
    _entry("paused", "暂停时间"),
    Column(id="pause_reason", name="暂停原因", only=RowKind.POLICY, fact_of="paused"),
    _entry("resumed", "恢复时间"),
    _entry("extended", "延期时间"),
    Column(id="extension", name="延期", only=RowKind.POLICY, fact_of="extended"),
    _entry("explained", "解释时间"),
    _entry("resolved", "办结时间"),
    _entry("withdrawn", "撤回时间"),
    # both
    Column(id="hours", name="办公时间", read=read_hours),
    # what is expected
    Column(id="due", name="到期", others=("期限", "到期时间", "办结期限"), read=read_day_or_moment),
    Column(id="provisional", name="暂定", read=read_answer),
    Column(id="now", name="亮灯时刻", others=("时刻",), read=read_moment),
    Column(id="light", name="灯", others=("灯色", "亮灯"), read=read_light),
    Column(id="source", name="出处", others=("依据",)),
    Column(id="note", name="说明", others=("备注", "remark", "remarks")),
)
BY_ID = {column.id: column for column in COLUMNS}
BY_WORD = {word: column for column in COLUMNS for word in (column.id, column.name, *column.others)}


def read_header(cells: Iterable[str], name: str) -> list[Column | None]:
    """Return the column of each cell of the first row, None where it is blank.

    Errors: `CaseTableError` with every unknown word, the nearest right one, what is missing or doubled.
    """
    words = [cell.strip().lower() for cell in cells]
    columns = [BY_WORD.get(word) for word in words]
    known = [column for column in columns if column is not None]
    problems = [
        _unknown(word) for word, column in zip(words, columns, strict=True) if word and column is None
    ]
    problems += [
        f"列“{column.name}”重复 (column {column.id} given twice)"
        for column in COLUMNS
        if known.count(column) > 1
    ]
    ids = {column.id for column in known}
    if "source" not in ids:
        problems.append("缺少列“出处”(missing column source)：每一行都要写明依据")
    if not ids & {"due", "light"}:
        problems.append("缺少列“到期”或“灯”(missing column due or light)")
    if not ({"start", "limit"} <= ids or "district" in ids):
        problems.append("缺少列：应有“起算”和“时限”(start, limit)，或“区”(district)")
    if problems:
        raise CaseTableError(name, problems)
    return columns


def _unknown(word: str) -> str:
    near = get_close_matches(word, BY_WORD, n=1, cutoff=0.5)
    hint = (
        f"是否应为“{near[0]}”"
        if near
        else f"可以写：{'、'.join(it.name for it in COLUMNS)}；不参与核对的文字写入“说明”"
    )
    return f"没有列“{shown(word)}”(unknown column)，{hint}"
