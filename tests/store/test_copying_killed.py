"""Moving to another store, killed again and again: each run goes on where the one before was killed."""

import random
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bubancheng.sqlite import SqliteStore
from bubancheng.store import Record
from bubancheng.store.copying import copy_store
from bubancheng.store.copying.tallying import chain_fault, rows_of
from bubancheng.testing.contracts.storing.rows import HERE, put, records, waiting
from bubancheng.testing.contracts.together import Process, ready, say
from tests.store.moving import grown, same

TICKETS, LONG, KILLS = 1200, 6000, 8
KILLED = -9


def copy(source: str, target: str) -> list[bool]:
    """Copy a file into another, telling how it goes."""
    one, other = SqliteStore(source), SqliteStore(target)
    ready()
    copies = copy_store(one, other, tell=lambda *_: say("on"))
    one.close()
    other.close()
    return [it.is_whole for it in copies]


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SqliteStore]:
    """A file with many tickets, and one with a long history."""
    store = SqliteStore(str(tmp_path_factory.mktemp("source") / "a.db"))
    for start in range(0, TICKETS, 200):
        numbers = [f"T{it:05}" for it in range(start, start + 200)]
        once = [Record("command", it, it) for it in numbers]
        store.commit(
            *[grown(it, 3) for it in numbers],
            records(*once),
            put(*[waiting(it, ticket=it) for it in numbers]),
        )
    store.commit(grown("L", LONG))
    yield store
    store.close()


def test_however_often_it_is_killed_the_last_run_ends_it(source: SqliteStore, tmp_path: Path) -> None:
    dice, target = random.Random(5), str(tmp_path / "b.db")
    statuses = []
    for _ in range(KILLS):
        child = Process(copy, source._file._path, target)  # type: ignore[union-attr]
        Process.go(child)
        for _ in range(dice.randrange(1, TICKETS)):
            child.hear()
        time.sleep(dice.random() / 20)
        child.kill()
        statuses.append(child._child.returncode)
        left = SqliteStore(target, create=False)
        assert ([], []) == (left.faults(), [it for it in rows_of(left, HERE) if chain_fault(left, it)])
        left.close()
    assert [KILLED] * KILLS == statuses  # each was at work
    child = Process(copy, source._file._path, target)  # type: ignore[union-attr]
    Process.go(child)
    assert [True] == child.answer()
    copied = SqliteStore(target, create=False)
    assert same(source, copied)
    copied.close()
