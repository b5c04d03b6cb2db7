"""Who acts in the tests, on which desk, at what time."""

import datetime as dt
from itertools import count
from pathlib import Path

import bubancheng_chongming
from bubancheng import district
from bubancheng.actions import Accept, Acknowledge, Register
from bubancheng.desk import Desk
from bubancheng.district import District, read_profile
from bubancheng.store import MemoryStore, Store
from bubancheng.ticket import Actor, Ticket

ZONE = dt.timezone(dt.timedelta(hours=8))
PROFILE = Path(bubancheng_chongming.__file__).with_name("profile.toml")
STANDARD = Path(district.__file__).with_name("standard.toml")
DISTRICT: District = read_profile(PROFILE)
CALENDAR = DISTRICT.work_calendar()

OWNED, OWNER = "居住证办理", "区公安分局"  # a matter that one unit of the profile owns
PLACE, RUNNER = "区行政服务中心", "区行政服务中心"  # a place, and the unit that runs it
UNOWNED = "没有归属的事项"

WINDOW = Actor(id="w-1", role="window_officer", unit="区行政服务中心")
HEAD = Actor(id="h-1", role="window_head", unit="区行政服务中心")
OFFICER = Actor(id="o-1", role="disposal_officer", unit=OWNER)
STRANGER = Actor(id="o-2", role="disposal_officer", unit="区民政局")
CENTRE = Actor(id="c-1", role="dispatch_centre", unit="区行政服务中心")
OFFICE = Actor(id="d-1", role="district_office", unit="区政务服务办")
OVERSEER = Actor(id="i-1", role="discipline_overseer", unit="区纪委监委")
IMPORT = Actor(id="ledger", role="importer")

MONDAY = "2024-03-25 10:00"  # an ordinary week: Monday 25 to Friday 29 March 2024


def instant(text: str) -> dt.datetime:
    """Return an instant in China, as a clerk writes it."""
    return dt.datetime.fromisoformat(text).replace(tzinfo=ZONE)


class Clock:
    """A clock that stands where it is put."""

    def __init__(self, text: str = MONDAY) -> None:
        self.now = instant(text)

    def __call__(self) -> dt.datetime:
        return self.now

    def put(self, text: str) -> dt.datetime:
        self.now = instant(text)
        return self.now


class TickingClock:
    """A clock that goes on by a second each time it is read."""

    def __init__(self, text: str = MONDAY) -> None:
        self._start, self._ticks = instant(text), count()

    def __call__(self) -> dt.datetime:
        return self._start + dt.timedelta(seconds=next(self._ticks))


def open_desk(clock: Clock | TickingClock, store: Store | None = None) -> Desk:
    """Return a Chongming desk; in memory where no store is given."""
    return Desk.open(DISTRICT, calendar=CALENDAR, store=store or MemoryStore(), clock=clock)


def registered(desk: Desk, ticket: str = "T1", matter: str = OWNED) -> Ticket:
    """Register a ticket at the window."""
    return desk.do(Register(ticket=ticket, matter=matter), actor=WINDOW)


def accepted(desk: Desk, ticket: str = "T1", matter: str = OWNED) -> Ticket:
    """Register a ticket and accept it; an owned matter is dispatched by that."""
    registered(desk, ticket, matter)
    return desk.do(Accept(ticket=ticket), actor=WINDOW)


def acknowledged(desk: Desk, ticket: str = "T1") -> Ticket:
    """Bring a ticket to its unit, which acknowledges it."""
    accepted(desk, ticket)
    return desk.do(Acknowledge(ticket=ticket), actor=OFFICER)
