"""Who holds a post in a unit (值班、首席代表): holders, substitutes, and on which weekdays."""

import datetime as dt
from collections.abc import Iterable

import attrs

from bubancheng.district.reading import Table

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


@attrs.frozen(kw_only=True)
class Duty:
    """A post (岗位) and who holds it: the ids of persons, as the embedding system knows them.

    `unit`: of which unit, None for the whole district; `substitutes`: who stands in; `days`: on which
    weekdays, none for all; `certificate`: what a holder must have passed, in words.
    """

    post: str
    name: str
    unit: str | None = None
    holders: tuple[str, ...] = ()
    substitutes: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    certificate: str | None = None

    def is_on(self, day: dt.date) -> bool:
        """Whether it is held on a day."""
        return not self.days or WEEKDAYS[day.weekday()] in self.days


def held(duties: Iterable[Duty], post: str, unit: str | None, day: dt.date) -> tuple[Duty, ...]:
    """Return the duties of a post on a day: those of the unit, and those of the whole district."""
    return tuple(it for it in duties if it.post == post and it.unit in {unit, None} and it.is_on(day))


def read_duty(table: Table) -> Duty:
    """Read a duty; two persons of one name are one too many."""
    duty = Duty(
        post=table.text("post"),
        name=table.text("name"),
        unit=table.get("unit", str),
        holders=table.texts("holders"),
        substitutes=table.texts("substitutes"),
        days=table.texts("days"),
        certificate=table.get("certificate", str),
    )
    if not duty.holders:
        table.fault("holders", "至少一人 (at least one person)")
    for person in sorted({*duty.holders} & {*duty.substitutes}):
        table.fault("substitutes", f"{person} 已是负责人 (holds the post already)")
    for day in duty.days:
        if day not in WEEKDAYS:
            table.fault("days", f"{day!r} 不在 {', '.join(WEEKDAYS)} 之中")
    table.done()
    return duty
