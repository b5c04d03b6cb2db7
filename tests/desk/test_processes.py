"""Eight processes on one file, some of them killed at any moment: what was acknowledged happened, once.

`BUBANCHENG_COMMANDS=2000` gives each process so many commands; otherwise they are few.
"""

import datetime as dt
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

from bubancheng.actions import Accept, Acknowledge, Register
from bubancheng.errors import BrokenChainError
from bubancheng.ticket import Entry
from tests.acting import DISTRICT, OFFICER, OWNED, WINDOW
from tests.desk.working import OK, Journal, Shift, open_shared

ROOT = Path(__file__).parents[2]
PROCESSES, TICKETS = 8, 50
COMMANDS = int(os.environ.get("BUBANCHENG_COMMANDS", "60"))
KILLS = 12 + COMMANDS // 50
PATIENCE = 120 + COMMANDS  # seconds until a process hangs


class Aftermath(NamedTuple):
    """What is found when all are done."""

    kills: int
    statuses: list[int]
    acknowledged: list[str]
    histories: dict[str, list[Entry]]
    broken: list[BrokenChainError]
    notices: set[tuple[str, ...]]


def start(store: str, folder: Path, name: str, began: float) -> subprocess.Popen[bytes]:
    """Start a process."""
    words = Shift(store, str(folder), name, COMMANDS, TICKETS, began).words()
    return subprocess.Popen([sys.executable, "-m", "tests.desk.working", *words], cwd=ROOT)  # noqa: S603 our own


def disturbed(store: str, folder: Path, began: float) -> tuple[int, list[int]]:
    """Let all work, kill and restart some; return how many were killed at work, and how the last ones ended."""
    rng, kills, limit = random.Random(8), 0, time.monotonic() + PATIENCE
    running = {f"p{it}": start(store, folder, f"p{it}", began) for it in range(PROCESSES)}
    try:
        while any(it.poll() is None for it in running.values()) and time.monotonic() < limit:
            time.sleep(rng.uniform(0.0, min(0.6, COMMANDS / 600)))
            at_work = [
                name
                for name, it in sorted(running.items())
                if it.poll() is None and (folder / f"{name}.log").exists()
            ]
            if kills < KILLS and at_work:
                name = rng.choice(at_work)
                running[name].kill()
                kills += running[name].wait() == -9
                running[name] = start(store, folder, name, began)
    finally:
        for process in running.values():
            process.kill()  # those that hang; nothing for one that has ended
            process.wait()
    return kills, [it.returncode for it in running.values()]


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Aftermath]:
    """What eight disturbed processes left behind."""
    folder = tmp_path_factory.mktemp("processes")
    store, began = str(folder / "desk.db"), time.time()
    with open_shared(store, Journal(folder / "first.notices"), began) as desk:
        for number in range(TICKETS):
            ticket = f"S{number:02}"
            desk.do(Register(ticket=ticket, matter=OWNED), actor=WINDOW)
            desk.do(Accept(ticket=ticket), actor=WINDOW)
            desk.do(Acknowledge(ticket=ticket), actor=OFFICER)
    kills, statuses = disturbed(store, folder, began)
    logs = [(folder / f"p{it}.log").read_text("utf-8").split() for it in range(PROCESSES)]
    said = {mark: word for log in logs for word, mark in zip(log[::2], log[1::2], strict=True)}
    later = dt.timedelta(hours=1)  # what a killed process had claimed is free again
    with open_shared(store, Journal(folder / "last.notices"), began, later) as desk:
        desk.sweep()
        while desk.relay().delivered:
            pass
        numbers = [it.id for it in desk.find(actor=WINDOW, limit=100_000)]
        yield Aftermath(
            kills=kills,
            statuses=statuses,
            acknowledged=[mark for mark, word in said.items() if word == OK],
            histories={it: desk.history(it, actor=WINDOW) for it in numbers},
            broken=desk.verify(),
            notices={tuple(line.split()) for it in folder.glob("*.notices") for line in Journal(it).lines()},
        )


def test_every_process_comes_to_its_end(aftermath: Aftermath) -> None:
    assert [0] * PROCESSES == aftermath.statuses


def test_some_were_killed_at_work(aftermath: Aftermath) -> None:
    assert aftermath.kills > 2  # they are killed as soon as they have begun


def test_what_was_acknowledged_happened_exactly_once_and_nothing_else_did(aftermath: Aftermath) -> None:
    marks = [it.reason for entries in aftermath.histories.values() for it in entries if it.reason]
    assert Counter(aftermath.acknowledged) == Counter(marks)


def test_most_commands_were_accepted(aftermath: Aftermath) -> None:
    assert len(aftermath.acknowledged) > PROCESSES * COMMANDS // 3


def test_every_chain_holds(aftermath: Aftermath) -> None:
    assert aftermath.broken == []


def test_every_history_is_numbered_without_a_gap(aftermath: Aftermath) -> None:
    for entries in aftermath.histories.values():
        assert list(range(1, len(entries) + 1)) == [it.sequence for it in entries]


def test_every_accepted_ticket_was_dispatched_once(aftermath: Aftermath) -> None:
    kinds = [Counter(it.kind for it in entries) for entries in aftermath.histories.values()]
    assert [it["accepted"] for it in kinds] == [it["dispatched"] for it in kinds]


def test_every_notice_was_delivered(aftermath: Aftermath) -> None:
    expected = Counter(
        (entry.ticket, entry.kind, route.id)
        for entries in aftermath.histories.values()
        for entry in entries
        for route in DISTRICT.routes
        if entry.kind in route.on
    )
    assert expected == Counter((ticket, event, route) for _, ticket, event, route in aftermath.notices)
