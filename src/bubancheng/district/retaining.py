"""Classes of retention (保管期限): how long after the file was closed (归档) what of it is kept."""

from collections.abc import Sequence

import attrs

from bubancheng.district.reading import Table
from bubancheng.sla import Limit
from bubancheng.sla.notation import LimitUnit

LEAST = "6个月"
"""What no log may be kept for less than: 网络安全法 第21条(三), 留存相关的网络日志不少于六个月."""

_LEAST = {LimitUnit.MONTH: 6, LimitUnit.DAY: 184}  # the longest six months, July to December, have 184 days


@attrs.frozen(kw_only=True)
class Retention:
    """One class of retention: its `id` and Chinese name; the limits begin when the file is closed.

    `personal`: at its end personal data is erased (个人信息保护法 第19条: 最短时间); `online`: at its end
    the file may be moved into an archive's store; `case`: at its end the whole file is destroyed (销毁);
    None: never. `accesses`: how long the records of who read it are kept, each from when it was made; they go
    after the file. `is_default`: it is the class of a file of which none was stated.
    """

    id: str
    name: str
    personal: Limit | None = None
    online: Limit | None = None
    case: Limit | None = None
    accesses: Limit | None = None
    is_default: bool = False


def class_of(retentions: Sequence[Retention], stated: object) -> Retention | None:
    """Return the class that a file states; the default where it states none; None for an unknown one."""
    if stated is not None:
        return next((it for it in retentions if it.id == str(stated)), None)
    return next((it for it in retentions if it.is_default), next(iter(retentions), None))


def read_retention(table: Table) -> Retention:
    """Read a class; what the law keeps longer than it says is a fault."""
    retention = Retention(
        id=table.text("id"),
        name=table.text("name"),
        personal=table.parsed("personal", Limit.parse),
        online=table.parsed("online", Limit.parse),
        case=table.parsed("case", Limit.parse),
        accesses=table.parsed("accesses", Limit.parse),
        is_default=bool(table.get("default", bool, False)),
    )
    for key, is_log in (("personal", False), ("online", False), ("case", True), ("accesses", True)):
        limit: Limit | None = getattr(retention, key)
        if limit is None:
            continue
        if limit.unit not in _LEAST:
            table.fault(key, f"应以月或自然日计 (in months or natural days)，现为 {limit}")
        elif is_log and limit.amount < _LEAST[limit.unit]:
            table.fault(key, f"{limit} 少于 {LEAST} (too short)：网络安全法 第21条(三)，日志留存不少于六个月")
    table.done()
    return retention


def check_retentions(root: Table, retentions: Sequence[Retention]) -> None:
    """Note more than one default."""
    for it in [it for it in retentions if it.is_default][1:]:
        root.named("retention", it.id).fault("default", "只能有一个默认 (more than one default)")
