"""Who works at the fault-finding counter of Pudong, and how a report gets through its five steps."""

from typing import Any

from bubancheng.actions import Acknowledge, Act, Dispatch, Register, Resolve
from bubancheng.ticket import Actor, Fact, Ticket
from tests.features.districts.halls import hall_of
from tests.features.hall import Hall

CENTRE, BUREAU = "浦东新区行政服务中心", "浦东新区市场监管局"
OFFICER = Actor(id="officer-19", role="fault_finding_officer", unit=CENTRE)
COUNTER = Actor(id="w-1", role="window_officer", unit=CENTRE)
POST = Actor(id="c-1", role="dispatch_centre", unit=CENTRE)
HALL = Actor(id="x-1", role="handler", unit=CENTRE)
BUREAU_HANDLER = Actor(id="x-2", role="handler", unit=BUREAU)
OFFICE = Actor(id="d-1", role="district_office", unit=CENTRE)
PORTAL = Actor(id="p-1", role="portal")

MONDAY = "2017-11-20 09:30"


def hall(at: str = MONDAY) -> Hall:
    """Open the hall of Pudong."""
    return hall_of("pudong", at)


def act(kind: str, ticket: str = "T1", **fields: Any) -> Act:
    """Return an action of Pudong's own."""
    return Act(ticket=ticket, kind=kind, fields=fields)


def reported(
    opened: Hall,
    kind: str = "找茬",
    ticket: str = "T1",
    *,
    by: Actor = OFFICER,
    about: str | None = None,
    **said: Any,
) -> Ticket:
    """Take a report in."""
    fields: dict[str, Fact] = {"request_type": kind}
    if about is not None:
        fields["report_target"] = about
    given = {"matter": "办事等候", "channel": "找茬专窗"} | said
    return opened.do(Register(ticket=ticket, fields=fields, **given), by)


def analysed(opened: Hall, analysis: str = "现场号前有较多的预约号", **fields: Any) -> Ticket:
    """Take a report in and study it behind the counter."""
    reported(opened)
    return opened.do(act("analyse", analysis=analysis, **fields), POST)


def followed(opened: Hall, **fields: Any) -> Ticket:
    """Bring a report to the unit that handles it."""
    analysed(opened, **fields)
    opened.do(Dispatch(ticket="T1", unit=CENTRE), POST)
    return opened.do(Acknowledge(ticket="T1"), HALL)


def fed_back(opened: Hall, **fields: Any) -> Ticket:
    """Bring a report to its answer."""
    followed(opened, **fields)
    return opened.do(Resolve(ticket="T1", reply="已专设现场号优先办理窗口", handled=True), POST)
