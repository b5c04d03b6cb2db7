"""Who works at the window of Shahe street, and how a request gets there."""

from typing import Any

from bubancheng.actions import Accept, Acknowledge, Act, Register, Resolve
from bubancheng.ticket import Actor, Fact, Ticket
from tests.acting import instant
from tests.features.districts.halls import hall_of
from tests.features.hall import Hall

CENTRE = "沙河街道政务服务中心"
WINDOW = Actor(id="w-1", role="window_officer", unit=CENTRE)
COLLEAGUE = Actor(id="w-2", role="window_officer", unit=CENTRE)
HEAD = Actor(id="h-1", role="window_head", unit=CENTRE)
USHER = Actor(id="u-1", role="usher", unit=CENTRE)
ROOM = Actor(id="c-1", role="dispatch_centre", unit=CENTRE)  # 投诉协调室
LEASES = Actor(id="o-1", role="disposal_officer", unit=CENTRE)
MARKET = Actor(id="o-2", role="disposal_officer", unit="南山区市场监管局")
INSURANCE = Actor(id="o-3", role="disposal_officer", unit="南山区医保分局")

MONDAY = "2024-03-11 09:30"
LEASE, LICENCE, CLAIM = "房屋租赁合同办理", "个体工商户变更", "医保报销"


def hall(at: str = MONDAY) -> Hall:
    """Open the hall of Shahe street."""
    return hall_of("shahe", at)


def registered(
    opened: Hall, ticket: str = "T1", *, fields: dict[str, Fact] | None = None, **said: Any
) -> Ticket:
    """Register at the window that something could not be done."""
    given = {"matter": LEASE, "category": "特事特办"} | said
    own: dict[str, Fact] = {"request_type": "办不成事", **(fields or {})}
    return opened.do(Register(ticket=ticket, fields=own, **given), WINDOW)


def forwarded(opened: Hall, ticket: str = "T1", due: str = "2024-03-15 18:00", **said: Any) -> Ticket:
    """Register a request and forward it to its unit, with the day that was agreed on."""
    registered(opened, ticket, **said)
    fields: dict[str, Fact] = {"handling_mode": "登记转发", "agreed_due": instant(due).isoformat()}
    return opened.do(Accept(ticket=ticket, fields=fields), WINDOW)


def taken(opened: Hall, ticket: str = "T1", **said: Any) -> Ticket:
    """Bring a request about a lease to the centre's own counter, which takes it."""
    forwarded(opened, ticket, **said)
    return opened.do(Acknowledge(ticket=ticket), LEASES)


def on_site(opened: Hall, ticket: str = "T1", **said: Any) -> Ticket:
    """Register a request and handle it on the spot."""
    registered(opened, ticket, **said)
    return opened.do(Accept(ticket=ticket, fields={"handling_mode": "现场处理"}), WINDOW)


def resolved(opened: Hall, ticket: str = "T1", fields: dict[str, Fact] | None = None, **said: Any) -> Ticket:
    """Bring a request to its reply, as done."""
    taken(opened, ticket, **said)
    reply = Resolve(
        ticket=ticket,
        outcome="办成",
        handled=True,
        done=True,
        reply="租赁凭证已出",
        root_cause="资料不齐",
        measure="个案解决",
        fields=fields or {},
    )
    return opened.do(reply, LEASES)


def act(kind: str, ticket: str = "T1", **fields: Fact) -> Act:
    """Return an action of the street's own."""
    return Act(ticket=ticket, kind=kind, fields=fields)
