"""A hall as small as can be, for plugins to be tried in: one window, two steps, a clock that is put."""

import datetime as dt
from collections.abc import Iterable

from bubancheng.actions import Acknowledge, Register
from bubancheng.calendar import WorkCalendar
from bubancheng.desk import Desk
from bubancheng.district import Category, District, Route, Rule, Unit
from bubancheng.flow import Flow, FlowStep, Stage, Transition
from bubancheng.sla import Limit, Policy, Target
from bubancheng.ticket import Actor, Ticket

MONDAY = dt.datetime(2024, 3, 25, 10, tzinfo=dt.timezone(dt.timedelta(hours=8)))
WINDOW = Actor(id="w-1", role="window", unit="窗口")

_FLOW = Flow(
    steps=(
        FlowStep(id="registered", stage=Stage.INTAKE, name="已登记", follow_up="dispatch"),
        FlowStep(id="dispatched", stage=Stage.DISPATCH, name="已派单"),
        FlowStep(id="acknowledged", stage=Stage.RESOLVE, name="已接单"),
    ),
    transitions=(
        Transition(
            action="register",
            entry="registered",
            sources=frozenset(),
            target="registered",
            roles=frozenset({WINDOW.role}),
        ),
        Transition(
            action="dispatch",
            entry="dispatched",
            sources=frozenset({"registered"}),
            target="dispatched",
            roles=frozenset({"system"}),
        ),
        Transition(
            action="acknowledge",
            entry="acknowledged",
            sources=frozenset({"registered", "dispatched"}),
            target="acknowledged",
            roles=frozenset({WINDOW.role}),
        ),
    ),
)
_RULE = Rule(
    version="kit",
    valid_from=dt.date(2004, 1, 1),
    source="the contract kits",
    categories=(Category(id="general", name="一般"),),
    policy=Policy(
        targets=(
            Target(
                name="resolve",
                starts="registered",
                stops=("resolved",),
                limit=Limit.parse("3个工作日"),
                watched=True,
            ),
        )
    ),
)


class Hall:
    """A desk in memory at which tickets can be registered, and whose clock is put by hand."""

    def __init__(self, units: Iterable[Unit] = (), routes: Iterable[str] = (), name: str = "kit") -> None:
        self.now = MONDAY
        district = District(
            name=name,
            code=f"kit-{name}",
            title="试用",
            window="窗口",
            legal_basis=("the contract kits",),
            hours="09:00-17:00",
            rules=(_RULE,),
            flow=_FLOW,
            units=tuple(units),
            routes=tuple(Route(id=it, on=frozenset({"registered"}), to=WINDOW.role) for it in routes),
        )
        calendar = WorkCalendar("09:00-17:00")
        self.desk = Desk.open(district, calendar=calendar, clock=lambda: self.now)

    def register(self, number: str, matter: str, **more: str | None) -> Ticket:
        """Register a ticket; what follows from that follows."""
        return self.desk.do(Register(ticket=number, matter=matter, **more), actor=WINDOW)  # type: ignore[arg-type] # fields by name

    def acknowledge(self, number: str) -> Ticket:
        """Bring a ticket one step on."""
        return self.desk.do(Acknowledge(ticket=number), actor=WINDOW)

    def later(self) -> None:
        """Let an hour pass."""
        self.now += dt.timedelta(hours=1)
