"""Many desks on one store at once: nothing is told twice, nothing is lost."""

import threading
from collections import Counter

import pytest

from bubancheng.hooks import DistrictPlugin, Notice, hookimpl
from bubancheng.testing.contracts.together import at_once
from bubancheng_sql import SqlStore
from tests.acting import WINDOW, Clock, accepted, open_desk

pytestmark = pytest.mark.engines

DESKS, TICKETS = 6, 12


class Inbox(DistrictPlugin):
    """Keeps what was delivered, by several relays."""

    routes = ("unit_inbox", "dispatch_queue", "office_inbox", "reporter")

    def __init__(self, told: list[tuple[str, str]]) -> None:
        super().__init__({})
        self.told = told

    @hookimpl
    def bubancheng_notify(self, notice: Notice) -> None:
        """Keep a notice."""
        self.told.append((notice.id, notice.event))


def test_six_sweepers_and_relays_tell_everything_once(url: str) -> None:
    """A week after they came all tickets are past their limits: each change is returned to one sweeper."""
    first = open_desk(Clock(), SqlStore(url))
    for number in range(TICKETS):
        accepted(first, f"T{number}")
    later, told, lock = Clock("2024-04-08 10:00"), list[tuple[str, str]](), threading.Lock()
    desks = [open_desk(later, SqlStore(url)) for _ in range(DESKS)]
    for desk in desks:
        desk.bind("inbox", Inbox(told))
    changes: list[tuple[str, str]] = []

    def work(place: int) -> None:
        swept = desks[place].sweep()
        with lock:
            changes.extend((it.ticket, f"{it.before} {it.now} {it.passed}") for it in swept)
        desks[place].relay()

    outcomes = at_once(*[lambda place=place: work(place) for place in range(DESKS)])
    desks[0].relay()
    tickets = {it.id for it in first.find(actor=WINDOW)}
    broken = first.verify()
    for desk in (first, *desks):
        desk.close()
    assert [None] * DESKS == outcomes
    assert ({f"T{it}" for it in range(TICKETS)}, [], {1}, {1}) == (
        tickets & {it[0] for it in changes},
        broken,
        set(Counter(changes).values()),
        set(Counter(told).values()),
    )
