"""What a ticket shows at an instant: the line of the board, and when it next changes by itself."""

import datetime as dt
from typing import Any

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.desk.outlook import clocks_of, missed_before
from bubancheng.district import District
from bubancheng.sla import Light
from bubancheng.ticket import Ticket

ITEM = "item"  # the fact by which an item differs from a request
CONTACT = "contact"  # the name of the target for the first contact (先行联系), where a policy has one


@attrs.frozen(kw_only=True)
class BoardLine:
    """One ticket on the board at one instant; what does not exist yet is None.

    `category` is the id of its class; `contact_due` is never later than `due`; `light` watches
    `due` only, and `contact_overdue` stays once it is true; `remaining` is natural time.
    """

    id: str
    matter: str
    unit: str | None
    category: str
    category_name: str
    step: str
    step_name: str
    acknowledged_at: dt.datetime | None
    deemed_acknowledged_at: dt.datetime | None
    contact_due: dt.datetime | None
    due: dt.datetime | None
    remaining: dt.timedelta | None
    provisional: bool
    light: Light
    contact_overdue: bool
    closed: bool
    next_change: dt.datetime | None

    def to_dict(self) -> dict[str, Any]:
        """Return the keys of `board --json`; instants as ISO 8601 with offset."""

        def iso(when: dt.datetime | None) -> str | None:
            return None if when is None else when.isoformat()

        return {
            "id": self.id,
            "unit": self.unit,
            "class": self.category,
            "step": self.step,
            "acknowledged_at": iso(self.acknowledged_at),
            "deemed_acknowledged_at": iso(self.deemed_acknowledged_at),
            "contact_due": iso(self.contact_due),
            "due": iso(self.due),
            "provisional": self.provisional,
            "light": self.light.value,
            "contact_overdue": self.contact_overdue,
            "next_change": iso(self.next_change),
        }


def line_of(district: District, calendar: WorkCalendar, ticket: Ticket, now: dt.datetime) -> BoardLine | None:
    """Return the board's line of a ticket as of an instant; None before it was registered.

    Nor has an item a line that tickets are linked to (整改事项): it is nobody's request.
    """
    seen = ticket.as_of(now)
    if seen is None or ITEM in seen.facts:
        return None
    rule, step = district.rule_of(seen), district.flow.step(seen.step)
    watched, clocks = clocks_of(district, calendar, seen)
    contact = clocks.get(CONTACT)
    running = watched.started is not None and watched.started <= now
    category = seen.text("class") or next(
        target.unclassified for target in rule.policy.targets if target.watched
    )
    missed = missed_before(district, calendar, seen, now)
    contact_runs = contact is not None and contact.is_running(now)
    zone = calendar.table.civil.zone
    acknowledged = seen.first("acknowledged")
    return BoardLine(
        id=seen.id,
        matter=seen.text("matter") or "",
        unit=seen.unit,
        category=category,
        category_name=rule.category_name(category),
        step=seen.step,
        step_name=step.name,
        acknowledged_at=None if acknowledged is None else acknowledged.astimezone(zone),
        deemed_acknowledged_at=watched.started if watched.deemed and running else None,
        contact_due=contact.due if contact is not None and contact_runs else None,
        due=watched.due if running else None,
        remaining=watched.remaining(now),
        provisional=running
        and (watched.provisional or (contact_runs and contact is not None and contact.provisional)),
        light=watched.light(now),
        contact_overdue=contact is not None
        and (contact.is_overdue(now) or any(it.startswith(f"{CONTACT}@") for it in missed)),
        closed=step.is_end or (watched.stopped is not None and not step.is_open),
        next_change=watched.next_change(now),
    )
