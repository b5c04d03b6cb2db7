"""Sweeps: exactly what changed by itself since the last one, however late and however often."""

import datetime as dt
import tempfile
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple, cast

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bubancheng.actions import (
    Accept,
    Acknowledge,
    Action,
    AnswerCoHandling,
    CallBack,
    Classify,
    Contact,
    Defer,
    Explain,
    OpenItem,
    ReceiveDocuments,
    Rectify,
    Register,
    Reopen,
    RequestCoHandling,
    Resolve,
    Supervise,
)
from bubancheng.desk import Change, Desk
from bubancheng.errors import NotAllowedError, UnknownTicketError
from bubancheng.hooks import DistrictPlugin, Notice, hookimpl
from bubancheng.sla import Light
from bubancheng.sqlite import SqliteStore
from bubancheng.store import MemoryStore, StateRow
from bubancheng.testing.contracts.together import at_once
from bubancheng.ticket import Actor
from tests.acting import (
    CENTRE,
    DISTRICT,
    HEAD,
    OFFICE,
    OFFICER,
    OWNED,
    STRANGER,
    UNOWNED,
    WINDOW,
    Clock,
    open_desk,
)
from tests.support import DAY, HOUR, MINUTE, US

law = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
few = settings(law, max_examples=8)

Deed = tuple[Action, Actor, Actor | None]
NUMBERS = ("T1", "T2", "T3")


def deeds(ticket: str, now: dt.datetime) -> list[Deed]:
    """Return what may be done to a ticket; most of it is refused, depending on where it stands."""
    return [
        (Register(ticket=ticket, matter=OWNED), WINDOW, None),
        (Register(ticket=ticket, matter=OWNED, category="简单"), WINDOW, None),
        (Register(ticket=ticket, matter=UNOWNED), WINDOW, None),
        (
            OpenItem(
                ticket=ticket, item="improvement", title="窗口", unit="区公安分局", agreed_due=now + 4 * DAY
            ),
            OFFICE,
            None,
        ),
        (Accept(ticket=ticket), WINDOW, None),
        (Acknowledge(ticket=ticket), OFFICER, None),
        (Classify(ticket=ticket, category="复杂", reason="须核对"), OFFICER, HEAD),
        (Classify(ticket=ticket, category="简单"), OFFICER, None),
        (Contact(ticket=ticket), OFFICER, None),
        (RequestCoHandling(ticket=ticket, co_handler="区民政局", question="请核对"), OFFICER, None),
        (AnswerCoHandling(ticket=ticket, co_handler="区民政局", answer="属实"), STRANGER, None),
        (
            Defer(
                ticket=ticket,
                deferral="原件",
                documents=("原件",),
                commitment="承诺书",
                deferred_due=now + 2 * DAY,
                consequence="撤销",
                checked_by="甲",
            ),
            OFFICER,
            None,
        ),
        (ReceiveDocuments(ticket=ticket, deferral="原件"), OFFICER, None),
        (Explain(ticket=ticket, explanation="政策所限", next_review=now + 3 * DAY), OFFICER, None),
        (Resolve(ticket=ticket), OFFICER, None),
        (CallBack(ticket=ticket, level="unit", reached="answered"), OFFICER, None),
        (CallBack(ticket=ticket, level="centre", reached="answered"), CENTRE, None),
        (
            Supervise(ticket=ticket, finding="unsolved", rectification_due=now + 5 * DAY, reason="未到位"),
            OFFICE,
            None,
        ),
        (Rectify(ticket=ticket, evidence=("照片",)), OFFICER, None),
        (Reopen(ticket=ticket, reason="又办不成"), OFFICE, None),
    ]


class Event(NamedTuple):
    """What comes next: a while passes, then something is done to a ticket, or a sweep runs."""

    minutes: int
    ticket: str
    deed: int | None  # None: a sweep
    edge: dt.timedelta | None  # wait instead until a light changes, and so much longer


@st.composite
def events(draw: st.DrawFn) -> Event:
    """Draw one."""
    minutes = draw(st.one_of(st.integers(0, 60), st.integers(60, 2000), st.integers(2000, 9000)))
    deed = draw(st.one_of(st.none(), st.integers(0, 19), st.integers(0, 19)))
    edge = draw(st.sampled_from([None, None, dt.timedelta(0), US, -US]))
    return Event(minutes if draw(st.integers(0, 3)) else 0, draw(st.sampled_from(NUMBERS)), deed, edge)


def do_next(desk: Desk, ticket: str, now: dt.datetime, first: int) -> None:
    """Do the first thing that may be done, in the order of the list from a place on."""
    known = deeds(ticket, now)
    for action, actor, approver in known[first:] + known[:first]:
        with suppress(NotAllowedError, UnknownTicketError):
            desk.do(action, actor=actor, approver=approver)
            return


Running = tuple[str, dt.datetime | None]  # a limit, and when it began: begun again it is another one


class Standing(NamedTuple):
    """How a ticket stands: its light, the limits that have passed, and the one that the light watches."""

    light: Light
    passed: frozenset[Running]
    watched: str | None


NEW = Standing(Light.GREEN, frozenset(), None)
Told = dict[str, Standing]


def standing(desk: Desk, now: dt.datetime) -> Told:
    """Return how every ticket stands."""
    lights = {it.id: it.light for it in desk.board(now)}
    found: Told = {}
    for ticket in desk.find(actor=WINDOW):
        policy = desk.district.rule(ticket.rule).policy
        clocks, passed = policy.clocks(ticket, desk.calendar), set()
        for name, clock in clocks.items():
            last = now if clock.stopped is None else clock.stopped
            if clock.due is not None and last > clock.due:
                passed.add((name, clock.started))
        watched = policy.watched(clocks)
        light = lights.get(ticket.id, Light.GREEN)
        found[ticket.id] = Standing(light, frozenset(passed), watched.target if watched else None)
    return found


def changed(before: Told, now: Told) -> dict[str, tuple[Light, Light, frozenset[str]]]:
    """Return what changed: the light before, the light now, the other limits that passed in between."""
    found = {}
    for number, it in now.items():
        old = before.get(number, NEW)
        passed = frozenset(name for name, _ in it.passed - old.passed if name != it.watched)
        if it.light is not old.light or passed:
            found[number] = old.light, it.light, passed
    return found


def shown(changes: list[Change]) -> dict[str, tuple[Light, Light, frozenset[str]]]:
    """Return the changes that were told, by ticket."""
    assert len(changes) == len({it.ticket for it in changes})
    return {it.ticket: (it.before, it.now, frozenset(it.passed)) for it in changes}


class Inbox(DistrictPlugin):
    """Counts what is delivered on every route."""

    routes = tuple(it.id for it in DISTRICT.routes)

    def __init__(self) -> None:
        super().__init__({})
        self.got: Counter[tuple[str, str, str]] = Counter()

    @hookimpl
    def bubancheng_notify(self, notice: Notice) -> None:
        """Count a notice that time set off."""
        if ":" in notice.event:
            self.got[notice.ticket, notice.event, notice.route] += 1


def lived(clock: Clock, desk: Desk, script: list[Event], sweep: Callable[[], object]) -> None:
    """Let things happen in their order; `sweep` is called where it is time."""
    for number, ticket in enumerate(NUMBERS):
        for place in (0, 5, 6)[: number + 1]:
            do_next(desk, ticket, clock.now, place)
    for event in script:
        changes = [it.next_change for it in desk.board(clock.now) if it.next_change is not None]
        if event.edge is not None and changes:
            clock.now = max(clock.now, min(changes) + event.edge)
        else:
            clock.now += event.minutes * MINUTE
        if event.deed is None:
            sweep()
        else:
            do_next(desk, event.ticket, clock.now, event.deed)


@law
@given(st.lists(events(), min_size=10, max_size=50))
def test_a_sweep_tells_exactly_what_changed_since_the_last_one(script: list[Event]) -> None:
    clock = Clock()
    desk = open_desk(clock)
    told: Told = {}

    def sweep() -> None:
        nonlocal told
        now = standing(desk, clock.now)
        assert changed(told, now) == shown(desk.sweep(clock.now))
        told = now

    lived(clock, desk, script, sweep)
    sweep()
    clock.now += 400 * DAY
    sweep()


@law
@given(st.lists(events(), min_size=10, max_size=50))
def test_a_sweep_right_after_a_sweep_tells_nothing(script: list[Event]) -> None:
    clock = Clock()
    desk = open_desk(clock)

    def sweep() -> None:
        desk.sweep(clock.now)
        assert desk.sweep(clock.now) == []

    lived(clock, desk, script, sweep)
    sweep()


@law
@given(st.lists(events(), min_size=10, max_size=50), st.integers(0, 40))
def test_sweeping_in_between_changes_nothing_of_what_stands_in_the_end(
    script: list[Event], days: int
) -> None:
    """Light by light, the changes told in many sweeps lead from the first standing to the last."""
    clock = Clock()
    desk = open_desk(clock)
    lights: dict[str, Light] = {}

    def sweep() -> None:
        for change in desk.sweep(clock.now):
            assert lights.get(change.ticket, Light.GREEN) is change.before
            lights[change.ticket] = change.now

    lived(clock, desk, script, sweep)
    clock.now += days * DAY
    sweep()
    assert all(lights.get(it.id, Light.GREEN) is it.light for it in desk.board(clock.now))


@law
@given(st.lists(events(), min_size=10, max_size=50))
def test_what_a_sweep_tells_is_delivered_on_its_routes(script: list[Event]) -> None:
    clock, inbox = Clock(), Inbox()
    desk = open_desk(clock)
    desk.bind("inbox", inbox)
    expected: Counter[tuple[str, str, str]] = Counter()

    def sweep() -> None:
        for change in desk.sweep(clock.now):
            unit = desk.get(change.ticket, actor=WINDOW).unit
            for route in DISTRICT.routes:
                if route.to != "unit" or unit is not None:
                    expected.update((change.ticket, it, route.id) for it in change.events if it in route.on)

    lived(clock, desk, script, sweep)
    sweep()
    desk.relay(clock.now + HOUR)
    assert expected == inbox.got


class Meeting:
    """Lets two sweeps that run at once both read what is due before either goes on."""

    meeting: threading.Barrier | None = None

    def met(self) -> None:
        """Wait for the other one, unless it is through already."""
        if self.meeting is not None:
            with suppress(threading.BrokenBarrierError):
                self.meeting.wait(0.02)


class MeetingMemory(Meeting, MemoryStore):
    def due_before(self, district: str, instant: int, limit: int = 1000) -> list[StateRow]:
        rows = super().due_before(district, instant, limit)
        self.met()
        return rows


class MeetingFile(Meeting, SqliteStore):
    def due_before(self, district: str, instant: int, limit: int = 1000) -> list[StateRow]:
        rows = super().due_before(district, instant, limit)
        self.met()
        return rows


def tell_twice(store: MeetingMemory | MeetingFile, script: list[Event]) -> None:
    """Sweep with two desks at once, again and again; each change is told by one of them."""
    clock = Clock()
    desks = [open_desk(clock, store) for _ in range(2)]
    told: Told = {}

    def sweep() -> None:
        nonlocal told
        now = standing(desks[0], clock.now)
        store.meeting = threading.Barrier(2)
        outcomes = at_once(*[lambda it=it: it.sweep(clock.now) for it in desks])
        store.meeting = None
        assert all(isinstance(it, list) for it in outcomes), outcomes
        changes = [change for it in outcomes for change in cast("list[Change]", it)]
        assert changed(told, now) == shown(changes)
        told = now

    lived(clock, desks[0], script, sweep)
    clock.now += 30 * DAY
    sweep()


@few
@given(st.lists(events(), min_size=20, max_size=60))
def test_two_desks_that_sweep_at_once_tell_each_change_once(script: list[Event]) -> None:
    tell_twice(MeetingMemory(), script)


@few
@given(st.lists(events(), min_size=20, max_size=60))
def test_two_desks_that_sweep_at_once_on_a_file_tell_each_change_once(script: list[Event]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        store = MeetingFile(str(Path(folder) / "desk.db"))
        tell_twice(store, script)
        store.close()


def test_a_reply_that_came_late_unseen_is_told_when_a_new_round_has_the_light() -> None:
    """No sweep ran while it was red: the light of the rectification does not say so, the passed limit does."""
    clock = Clock()
    desk = open_desk(clock)
    desk.do(Register(ticket="T1", matter=OWNED), actor=WINDOW)
    desk.do(Accept(ticket="T1"), actor=WINDOW)
    desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
    desk.do(Contact(ticket="T1"), actor=OFFICER)
    due = next(it.due for it in desk.board(clock.now))
    assert due is not None
    clock.now = due + US
    desk.do(Resolve(ticket="T1"), actor=OFFICER)
    desk.do(
        Supervise(ticket="T1", finding="unsolved", rectification_due=clock.now + 5 * DAY, reason="未到位"),
        actor=OFFICE,
    )
    (change,) = desk.sweep(clock.now)
    assert (Light.GREEN, ("resolve",)) == (change.now, change.passed)
    assert [] == desk.sweep(clock.now)
