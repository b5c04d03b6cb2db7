"""A process that works at a desk until it is done or killed; started again it goes on where it was.

`python -m tests.desk.working STORE FOLDER NAME COMMANDS TICKETS BEGAN`: whatever a command gave is written to
`NAME.log`, and whatever notice was delivered to `NAME.notices`, before anything else is done.
"""

import datetime as dt
import os
import random
import sys
import time
from pathlib import Path
from typing import NamedTuple

from bubancheng.actions import Accept, Action, Contact, Escalate, Note, Register, Reopen, Resolve
from bubancheng.desk import Desk
from bubancheng.errors import ConflictError, NotAllowedError
from bubancheng.hooks import DistrictPlugin, Notice, hookimpl
from bubancheng.sqlite import SqliteStore
from bubancheng.store import Store
from bubancheng.ticket import Actor
from tests.acting import CALENDAR, CENTRE, DISTRICT, OFFICE, OFFICER, OWNED, WINDOW, instant

OK, REFUSED = "ok", "refused"
RELAY_EVERY = 25


class Journal:
    """A file of lines, each on the disk before the next thing happens."""

    def __init__(self, path: Path) -> None:
        self.path = path
        if path.exists():  # a line that a kill cut off never counted
            text = path.read_bytes()
            os.truncate(path, text.rfind(b"\n") + 1)
        self.file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def write(self, line: str) -> None:
        """Write a line, and wait until it is on the disk."""
        os.write(self.file, f"{line}\n".encode())
        os.fsync(self.file)

    def lines(self) -> list[str]:
        """Return what was written so far."""
        return self.path.read_text("utf-8").splitlines()


class Inbox(DistrictPlugin):
    """Writes down what is delivered."""

    routes = ("unit_inbox", "dispatch_queue", "office_inbox", "reporter")

    def __init__(self, journal: Journal) -> None:
        super().__init__({})
        self.journal = journal

    @hookimpl
    def bubancheng_notify(self, notice: Notice) -> None:
        """Write a notice down."""
        self.journal.write(f"{notice.id} {notice.ticket} {notice.event} {notice.route}")


def open_shared(
    store: str | Store, journal: Journal, began: float, later: dt.timedelta = dt.timedelta(0)
) -> Desk:
    """Return a desk whose clock goes on from a Monday morning, the same for all processes."""
    monday = instant("2024-03-25 10:00")
    desk = Desk.open(
        DISTRICT,
        calendar=CALENDAR,
        store=SqliteStore(store) if isinstance(store, str) else store,
        clock=lambda: monday + later + dt.timedelta(seconds=time.time() - began),
    )
    desk.bind("inbox", Inbox(journal))
    return desk


def command(name: str, number: int, tickets: int) -> tuple[Action, Actor]:
    """Return the so manieth command of a process, the same each time; its reason is its id."""
    rng, mark = random.Random(f"{name}/{number}"), f"{name}/{number}"
    own = f"{name}-{number // 10}"
    if number % 10 == 0:
        return Register(ticket=own, matter=OWNED, reason=mark), WINDOW
    if number % 10 == 1:
        return Accept(ticket=own, reason=mark), WINDOW
    shared = f"S{rng.randrange(tickets):02}"
    return rng.choice(
        [
            (Note(ticket=shared, topic="other", note="在办", reason=mark), WINDOW),
            (Contact(ticket=shared, reason=mark), OFFICER),
            (Resolve(ticket=shared, reason=mark), OFFICER),
            (Reopen(ticket=shared, reason=mark), OFFICE),
            (Escalate(ticket=shared, escalated_to="分管领导", reason=mark), CENTRE),
        ]
    )


def give(desk: Desk, action: Action, actor: Actor, command_id: str) -> str:
    """Give a command, again and again while others are faster; return how it ended."""
    while True:
        try:
            desk.do(action, actor=actor, command_id=command_id)
        except ConflictError:
            continue
        except NotAllowedError:
            return REFUSED
        return OK


class Shift(NamedTuple):
    """What a process is to do: where, under which name, how much, on how many tickets; when all began."""

    store: str
    folder: str
    name: str
    commands: int
    tickets: int
    began: float

    def words(self) -> list[str]:
        """Return it as words of a command line."""
        return [str(it) for it in self]


def work(shift: Shift) -> None:
    """Give all commands that are not on record yet, and the last one that is, once more."""
    folder, name = Path(shift.folder), shift.name
    journal = Journal(folder / f"{name}.log")
    done = {line.split()[1]: line.split()[0] for line in journal.lines()}
    last = max((int(it.split("/")[1]) for it in done), default=0)
    with open_shared(shift.store, Journal(folder / f"{name}.notices"), shift.began) as desk:
        for number in range(last, shift.commands):
            mark = f"{name}/{number}"
            if done.get(mark) == REFUSED:
                continue
            journal.write(f"{give(desk, *command(name, number, shift.tickets), mark)} {mark}")
            if number % RELAY_EVERY == 0:
                desk.relay()


if __name__ == "__main__":
    store, folder, name, commands, tickets, began = sys.argv[1:]
    work(Shift(store, folder, name, int(commands), int(tickets), float(began)))
