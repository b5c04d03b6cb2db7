"""The hall that the feature tests work in: a desk of a district, its clock, and who works there."""

import json
from collections.abc import Mapping
from typing import Any

from bubancheng.actions import Accept, Acknowledge, Action, Register, Resolve
from bubancheng.calendar import WorkCalendar
from bubancheng.desk import BoardLine, Desk
from bubancheng.desk.outlook import micros
from bubancheng.district import District
from bubancheng.sla import Clock as Timer
from bubancheng.store import MemoryStore
from bubancheng.ticket import Actor, Fact, Ticket
from tests.acting import CALENDAR, DISTRICT, MONDAY, OFFICER, OWNED, WINDOW, Clock, instant

MARKET = Actor(id="o-3", role="disposal_officer", unit="区市场监管局")
TAX = Actor(id="o-4", role="disposal_officer", unit="区税务局")
CIVIL = Actor(id="o-2", role="disposal_officer", unit="区民政局")
OWN_CENTRE = Actor(id="o-5", role="disposal_officer", unit="区行政服务中心")
STATION = Actor(id="o-6", role="disposal_officer", unit="城桥镇市场监管所")  # subordinate to 区市场监管局
TOWN = Actor(id="o-7", role="disposal_officer", unit="城桥镇社区事务受理服务中心")
PORTAL = Actor(id="p-1", role="portal")  # the reporter's own hand, online
KIOSK = Actor(id="k-1", role="kiosk", unit="城桥镇社区事务受理服务中心")

LICENCE = "营业执照变更登记"  # a matter of 区市场监管局


class Hall:
    """A desk in memory, opened for a district, with a clock that stands where it is put.

    A switched-off feature is a hall of another district.
    """

    def __init__(
        self, district: District = DISTRICT, at: str = MONDAY, calendar: WorkCalendar = CALENDAR
    ) -> None:
        self.district, self.clock, self.store = district, Clock(at), MemoryStore()
        self.desk = Desk.open(district, calendar=calendar, store=self.store, clock=self.clock)

    def do(
        self,
        action: Action,
        actor: Actor,
        at: str | None = None,
        *,
        approver: Actor | None = None,
        command_id: str | None = None,
    ) -> Ticket:
        """Put the clock forward, where a time is given, and carry an action out."""
        if at is not None:
            self.clock.put(at)
        return self.desk.do(action, actor=actor, approver=approver, command_id=command_id)

    def registered(self, ticket: str = "T1", *, actor: Actor = WINDOW, **stated: Any) -> Ticket:
        """Register a request, at the window where nobody else is named."""
        return self.do(Register(ticket=ticket, **{"matter": OWNED, **stated}), actor)

    def accepted(self, ticket: str = "T1", **stated: Any) -> Ticket:
        """Register a request and accept it; an owned matter is dispatched by that."""
        self.registered(ticket, **stated)
        return self.do(Accept(ticket=ticket), WINDOW)

    def acknowledged(self, ticket: str = "T1", **stated: Any) -> Ticket:
        """Bring a request to 区公安分局, which acknowledges it."""
        self.accepted(ticket, **stated)
        return self.do(Acknowledge(ticket=ticket), OFFICER)

    def resolved(self, ticket: str = "T1", **stated: Any) -> Ticket:
        """Bring a request to the reply, as done."""
        self.acknowledged(ticket)
        given: dict[str, Any] = {
            "outcome": "办成",
            "done": True,
            "reply": "居住证已办好",
            "root_cause": "材料携带不齐全",
            "measure": "个案解决",
        }
        return self.do(Resolve(ticket=ticket, **(given | stated)), OFFICER)

    def line(self, at: str | None = None, ticket: str = "T1") -> BoardLine:
        """Return a ticket's line on the board, now or at an instant."""
        now = None if at is None else instant(at)
        return next(line for line in self.desk.board(now) if line.id == ticket)

    def seen(self, ticket: str = "T1") -> Ticket:
        """Return a ticket as officials see it."""
        return self.desk.get(ticket, actor=WINDOW)

    def fact(self, name: str, ticket: str = "T1") -> Fact:
        """Return a fact of a ticket."""
        return self.seen(ticket).facts.get(name)

    def timers(self, ticket: str = "T1") -> Mapping[str, Timer]:
        """Return the clocks of a ticket by target."""
        seen = self.seen(ticket)
        return self.district.rule_of(seen).policy.clocks(seen, self.desk.calendar)

    def due(self, target: str, ticket: str = "T1") -> str:
        """Return when a target is due, as a clerk writes it."""
        due = self.timers(ticket)[target].due
        return "-" if due is None else f"{due:%Y-%m-%d %H:%M}"

    def kinds(self, ticket: str = "T1") -> list[str]:
        """Return the kinds of a ticket's entries in order."""
        return [entry.kind for entry in self.desk.history(ticket, actor=WINDOW)]

    def notices(self, route: str) -> list[str]:
        """Return what waits in the outbox for a route: "event receiver"."""
        now = micros(self.clock.now)
        rows = self.store.claim(self.district.name, [f"notice:{route}"], 100, now=now, lease=0)
        about = [json.loads(row.text) for row in rows]
        return [f"{it['event']} {it['receiver']}" for it in about]
