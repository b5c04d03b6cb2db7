"""Whole lives of tickets: random commands by random actors, each foretold by a model written apart.

`BUBANCHENG_STEPS=10000` takes as many steps in memory and a tenth of them on a file.
"""

import datetime as dt
import os
import tempfile
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bubancheng.desk import Desk
from bubancheng.errors import ArgumentError, NotAllowedError, UnknownTicketError
from bubancheng.sla import Light
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, MemoryStore, Store
from bubancheng.ticket import Actor, Ticket
from tests.acting import CALENDAR, DISTRICT, WINDOW, ZONE
from tests.desk.drawing import CLASSES, NUMBERS, OFFICE, PLAN, UNITS, Drawing
from tests.desk.watching import WatchedStore
from tests.oracles import life_model as model
from tests.support import DATA, DAY, MINUTE, US

STEPS = int(os.environ.get("BUBANCHENG_STEPS", "3000"))
LENGTH = 50  # steps of one life; some are several commands

ERRORS: dict[str, type[Exception]] = {
    model.NOT_ALLOWED: NotAllowedError,
    model.UNKNOWN_TICKET: UnknownTicketError,
    model.BAD_ARGUMENT: ArgumentError,
}
SEEDS = st.integers(0, 2**32 - 1)
DAYS = model.Calendar(DATA / "cn-days.json")
NOT_FORETOLD = {"dispatches", "returned_by", "ping_pong", "archive_checksum"}  # facts the texts do not name


def notices(changes: list[ChangeSet]) -> Counter[tuple[str, str]]:
    """Return which notices were put up, for which tickets."""
    rows = [row for change in changes for row in change.outbox]
    return Counter((it.ticket, it.kind) for it in rows if it.kind.startswith("notice:"))


def named(who: model.Who) -> Actor:
    """Return an actor of the library."""
    return Actor(id=who[0], role=who[1], unit=who[2])


class Lives(RuleBasedStateMachine):
    """A desk and its model, given the same commands."""

    def __init__(self) -> None:
        super().__init__()
        self.now = dt.datetime(2024, 3, 25, 10, tzinfo=ZONE)
        self.ids = 0
        self.store = WatchedStore(self.inner())
        self.desk = Desk.open(
            DISTRICT, calendar=CALENDAR, store=cast("Store", self.store), clock=lambda: self.now
        )
        self.model = model.Desk(PLAN, DAYS)
        self.past: list[model.Command] = []
        self.store.taken()

    def inner(self) -> Store:
        """Return the store of this machine."""
        return MemoryStore()

    def teardown(self) -> None:
        """Close the desk."""
        self.desk.close()

    def drawing(self, seed: int) -> Drawing:
        """Return what draws commands for this desk now."""
        return Drawing(seed, self.model, self.now)

    def next_id(self) -> str:
        """Return a command id that was not used before."""
        self.ids += 1
        return f"c{self.ids}"

    # -- driving -------------------------------------------------------------------------------------------------

    @initialize(days=st.integers(-520, 600), minutes=st.integers(0, 1439))
    def start(self, days: int, minutes: int) -> None:
        """Begin somewhere between the old rules and the end of 2025."""
        self.now = dt.datetime(2024, 4, 1, tzinfo=ZONE) + days * DAY + minutes * MINUTE

    @rule(seed=SEEDS)
    def single(self, seed: int) -> None:
        """Command what is probably right, once."""
        self.likely(seed)

    def likely(self, seed: int) -> None:
        """Command what is probably right, after a while or at once."""
        self.now += self.drawing(seed).one_of([0, 0, 0, 7, 50, 300]) * MINUTE
        draw = self.drawing(seed)
        self.command(draw.likely(draw.number(), self.next_id()))

    @rule(seed=SEEDS)
    def stretch(self, seed: int) -> None:
        """Let several likely things happen one after the other; most of a life is such."""
        for more in range(6):
            self.likely(seed + more)

    @rule(seed=SEEDS)
    def twisted(self, seed: int) -> None:
        """Command something with one thing about it that may be wrong."""
        draw = self.drawing(seed)
        self.command(draw.twisted(draw.likely(draw.number(), self.next_id())))

    @rule(seed=SEEDS)
    def anything(self, seed: int) -> None:
        """Command anything at all."""
        self.command(self.drawing(seed).anything(self.next_id()))

    @precondition(lambda self: self.past)
    @rule(seed=SEEDS)
    def again(self, seed: int) -> None:
        """Repeat a command id, with the same content or with other content."""
        draw = self.drawing(seed)
        self.command(draw.other(draw.one_of(self.past)))

    @rule(amount=st.one_of(st.integers(0, 59), st.integers(60, 1440), st.integers(1440, 20000)))
    def wait(self, amount: int) -> None:
        """Let time pass, minutes to days."""
        self.now += amount * MINUTE

    @precondition(lambda self: any(it.kinds("dispatched") for it in self.model.cases.values()))
    @rule(data=st.data(), past=st.sampled_from([dt.timedelta(0), US, -US]))
    def wait_until_the_last_moment(self, data: st.DataObject, past: dt.timedelta) -> None:
        """Let time pass until an order can only just be returned."""
        sent = [
            it.kinds("dispatched")[-1]["at"] for it in self.model.cases.values() if it.kinds("dispatched")
        ]
        moments = [DAYS.close_after(it, 1) + past for it in sent]
        self.now = max(self.now, data.draw(st.sampled_from(moments)))

    @rule(data=st.data())
    def look(self, data: st.DataObject) -> None:
        """Sweep or read, which writes no entry."""
        looks = [self.sweep, self.overlook, self.search, self.search, self.search_by_light]
        looks[data.draw(st.integers(0, len(looks) - 1))](data)
        self.store.taken()

    def sweep(self, _: st.DataObject) -> None:
        """Sweep."""
        self.desk.sweep(self.now)

    def overlook(self, data: st.DataObject) -> None:
        """Read as the overseer, which is on record."""
        overseer, office = named(("i", "discipline_overseer", None)), named(("d", "district_office", OFFICE))
        for number in data.draw(st.sampled_from([[it] for it in sorted(self.model.cases)] or [[]])):
            before = len(self.desk.accesses(number, actor=office))
            self.desk.get(number, actor=overseer)
            assert before + 1 == len(self.desk.accesses(number, actor=office))

    def search(self, data: st.DataObject) -> None:
        """Find what the model finds."""
        cases = list(self.model.cases.values())
        unit = data.draw(st.sampled_from([None, *UNITS, *(it.unit() for it in cases)]))
        step = data.draw(st.sampled_from([None, None, "registered", *(it.step for it in cases)]))
        after, limit = data.draw(st.sampled_from([None, *NUMBERS])), data.draw(st.integers(1, 4))
        found = self.desk.find(actor=WINDOW, unit=unit, step=step, after=after, limit=limit)
        assert self.model.found(unit, step, after, limit) == [it.id for it in found]

    def search_by_light(self, data: st.DataObject) -> None:
        """Find by light what the board shows in that light; the board shows no items."""
        light = data.draw(st.sampled_from(Light))
        shown = [it.id for it in self.desk.board(self.now) if it.light is light]
        found = self.desk.find(actor=WINDOW, light=light)
        assert shown == [it.id for it in found if not it.step.startswith("item_")]

    # -- comparing -----------------------------------------------------------------------------------------------

    def command(self, command: model.Command) -> None:
        """Give a command to both, and compare."""
        before = self.model.told_before(command)
        if before is None:
            faults = self.model.faults(command, self.now)
        else:
            faults = set() if before[0] else {model.BAD_ARGUMENT}
        action = CLASSES[command["action"]](
            ticket=command["ticket"], reason=command["reason"], **command["fields"]
        )
        told: Ticket | None = None
        error: Exception | None = None
        try:
            told = self.desk.do(
                action,
                actor=named(command["who"]),
                at=command["at"],
                command_id=command["id"],
                approver=named(command["approver"]) if command["approver"] else None,
            )
        except tuple(ERRORS.values()) as refusal:
            error = refusal
        changes = self.store.taken()
        if faults or told is None:
            assert any(isinstance(error, ERRORS[it]) for it in faults), (faults, error, command)
            assert not changes, "a refused command changes nothing"
            kept = command["id"] and self.store.lookup("chongming", "command", command["id"])
            assert bool(kept) == (before is not None)
        elif before is not None:
            assert not changes, "a repeated command changes nothing"
            self.compare(told, before[1])
        else:
            outcome = self.model.carry_out(command, self.now)
            self.compare(told, outcome)
            expected = Counter((number, kind) for number, kind, _ in self.model.notices)
            assert expected == notices(changes)
            self.compare_history(command["ticket"])
            if command["id"]:
                self.past.append(dict(command))

    def compare(self, ticket: Ticket, expected: Mapping[str, Any]) -> None:
        """Compare a ticket with where the model has it."""
        assert expected["step"] == ticket.step
        assert expected["unit"] == ticket.unit
        assert expected["version"] == ticket.version
        assert expected["rule"] == ticket.rule
        facts = {name: value for name, value in ticket.facts.items() if value is not None}
        wanted = expected["facts"]
        names = (set(wanted) | set(facts)) - NOT_FORETOLD
        other = {it: (wanted.get(it), facts.get(it)) for it in names if wanted.get(it) != facts.get(it)}
        assert not other, other

    def compare_history(self, number: str) -> None:
        """Compare the entries of a ticket."""
        case = self.model.cases[number]
        entries = self.desk.history(number, actor=WINDOW)
        expected = [(it["kind"], it["at"], it["recorded_at"], it["backdated"]) for it in case.entries]
        assert expected == [(it.kind, it.at, it.recorded_at, it.backdated) for it in entries]
        assert [it["who"][1:] for it in case.entries] == [(it.actor.role, it.actor.unit) for it in entries]

    @invariant()
    def all_is_whole(self) -> None:
        """Every chain holds, and every ticket stands where the model has it."""
        assert self.desk.verify() == []
        tickets = self.desk.find(actor=WINDOW)
        assert sorted(self.model.cases) == [it.id for it in tickets]
        for ticket in tickets:
            self.compare(ticket, model.snapshot(self.model.cases[ticket.id]))
            assert ticket == self.desk.get(ticket.id, actor=WINDOW)
            self.compare_open(ticket, self.model.cases[ticket.id])

    def compare_open(self, ticket: Ticket, case: model.Case) -> None:
        """Compare what was asked for and not answered, promised and not brought, with the clocks that run."""
        clocks = DISTRICT.rule(ticket.rule).policy.clocks(ticket, CALENDAR)
        expected = {f"deferral:{it}" for it in case.deferrals()}
        if "co_handling" in {it["name"] for it in PLAN.rule(case.rule)["target"]}:
            expected |= {f"co_handling:{it}" for it in case.co_handlers()}
        running = {name for name, clock in clocks.items() if ":" in name and clock.stopped is None}
        assert expected == running


class LivesOnFile(Lives):
    """The same on a file."""

    def inner(self) -> Store:
        """Return a store on a file of its own."""
        self.folder = tempfile.TemporaryDirectory()
        return SqliteStore(str(Path(self.folder.name) / "desk.db"))

    def teardown(self) -> None:
        """Close the desk, and remove the file."""
        super().teardown()
        self.folder.cleanup()


def steps(number: int) -> settings:
    """Return settings for so many steps."""
    return settings(
        max_examples=max(4, number // LENGTH),
        stateful_step_count=LENGTH,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


TestInMemory = Lives.TestCase
TestInMemory.settings = steps(STEPS)
TestOnFile = LivesOnFile.TestCase
TestOnFile.settings = steps(STEPS // 10)
