"""The daily look (每天及时登录): which units have orders waiting and nobody who looked today."""

import datetime as dt
import json

import attrs

from bubancheng.desk.ground import Ground
from bubancheng.errors import ArgumentError
from bubancheng.store import ChangeSet, Record
from bubancheng.ticket import Actor

_WAITING = "acknowledge"


@attrs.frozen(kw_only=True)
class Absence:
    """A unit with orders that wait to be acknowledged, in which nobody has looked this working day."""

    unit: str
    waiting: int
    last_seen: dt.datetime | None


def sign_in(ground: Ground, actor: Actor, now: dt.datetime) -> None:
    """Write down that somebody of a unit has looked at its orders."""
    if actor.unit is None:
        msg = f"only somebody of a unit signs in for it: {actor.id!r} has none"
        raise ArgumentError(msg)
    text = json.dumps({"actor": actor.id, "at": now.isoformat()}, ensure_ascii=False)
    ground.store.commit(ChangeSet(district=ground.district.name, records=[Record("duty", actor.unit, text)]))


def absences(ground: Ground, now: dt.datetime) -> list[Absence]:
    """Return the units nobody of which has looked since this working day began, with orders waiting.

    On a day off nobody has to. Source: the Chongming notice 四(二), 落实专人每天及时登录.
    """
    calendar = ground.calendar
    local = now.astimezone(calendar.table.civil.zone)
    if not calendar.is_workday(local.date()):
        return []
    flow = ground.district.flow
    steps = {step for row in flow.transitions if row.action == _WAITING for step in row.sources}
    open_steps = {step for step in steps if flow.step(step).stage.value == "dispatch"}
    waiting: dict[str, int] = {}
    for step in sorted(open_steps):
        for row in ground.pages(step=step):
            if row.unit is not None:
                waiting[row.unit] = waiting.get(row.unit, 0) + 1
    found = []
    for unit, count in sorted(waiting.items()):
        seen = last_seen(ground, unit)
        if seen is None or seen.astimezone(local.tzinfo).date() < local.date():
            found.append(Absence(unit=unit, waiting=count, last_seen=seen))
    return found


def last_seen(ground: Ground, unit: str) -> dt.datetime | None:
    """Return when somebody of a unit signed in last."""
    text = ground.store.lookup(ground.district.name, "duty", unit)
    return None if text is None else dt.datetime.fromisoformat(json.loads(text)["at"])
