"""Several threads, and several desks, on one store: nothing is lost."""

from collections.abc import Iterator
from itertools import count
from pathlib import Path

import pytest

from bubancheng.actions import Contact, Register
from bubancheng.desk import Desk
from bubancheng.errors import ConflictError
from bubancheng.sqlite import SqliteStore
from bubancheng.store import MemoryStore, Store
from bubancheng.testing.contracts.together import at_once
from bubancheng.ticket import Actor
from tests.acting import OFFICER, OWNER, WINDOW, Clock, accepted, acknowledged, open_desk

THREADS, COMMANDS = 8, 10


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """Each of the stores."""
    store: Store = MemoryStore() if request.param == "memory" else SqliteStore(str(tmp_path / "desk.db"))
    yield store
    store.close()


def contacts(desk: Desk, name: str) -> list[int]:
    """Contact again and again, as the sentence of a conflict says; return the versions."""
    actor = Actor(id=name, role="disposal_officer", unit=OWNER)
    versions: list[int] = []
    for number in range(COMMANDS):
        while len(versions) == number:
            try:
                ticket = desk.do(Contact(ticket="T1"), actor=actor, command_id=f"{name}/{number}")
            except ConflictError:
                continue
            versions.append(ticket.version)
    return versions


class TestOneTicket:
    def test_eight_threads_lose_nothing(self, store: Store) -> None:
        desk = open_desk(Clock(), store)
        acknowledged(desk)
        outcomes = at_once(*[lambda it=it: contacts(desk, f"t{it}") for it in range(THREADS)])
        versions = [version for it in outcomes if isinstance(it, list) for version in it]
        assert (list(range(5, 5 + THREADS * COMMANDS)), []) == (sorted(versions), desk.verify())

    def test_each_threads_commands_stay_in_order(self, store: Store) -> None:
        desk = open_desk(Clock(), store)
        acknowledged(desk)
        at_once(*[lambda it=it: contacts(desk, f"t{it}") for it in range(THREADS)])
        actors = [it.actor.id for it in desk.history("T1", actor=OFFICER)[4:]]
        assert {f"t{it}": COMMANDS for it in range(THREADS)} == {it: actors.count(it) for it in actors}

    def test_one_command_given_by_eight_threads_happens_once(self, store: Store) -> None:
        desk = open_desk(Clock(), store)
        action = Register(ticket="T1", matter="x")
        outcomes = at_once(*[lambda: desk.do(action, actor=WINDOW, command_id="c1")] * THREADS)
        assert ([1] * THREADS, 1) == (
            [getattr(it, "version", it) for it in outcomes],
            desk.get("T1", actor=WINDOW).version,
        )


class TestTwoDesks:
    def test_two_desks_on_one_file_lose_nothing(self, tmp_path: Path) -> None:
        path = str(tmp_path / "desk.db")
        desks = [open_desk(Clock(), SqliteStore(path)) for _ in range(2)]
        acknowledged(desks[0])
        outcomes = at_once(*[lambda it=it: contacts(it[1], f"t{it[0]}") for it in enumerate(desks)])
        versions = [version for it in outcomes if isinstance(it, list) for version in it]
        broken = desks[0].verify()
        for desk in desks:
            desk.close()
        assert (list(range(5, 5 + 2 * COMMANDS)), []) == (sorted(versions), broken)

    def test_many_tickets_by_many_threads_all_arrive(self, store: Store) -> None:
        desk = open_desk(Clock(), store)
        numbers = count(1)

        def work() -> None:
            for _ in range(COMMANDS):
                accepted(desk, f"T{next(numbers):03}")

        outcomes = at_once(*[work] * THREADS)
        found = desk.find(actor=WINDOW, step="dispatched", limit=1000)
        assert ([None] * THREADS, THREADS * COMMANDS) == (outcomes, len(found))
