"""Moving from one store to another, whichever they are: the same board, histories and anchor."""

import random
import time
from itertools import pairwise
from pathlib import Path

import pytest

from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, Filter, MemoryStore
from bubancheng.store.copying import copy_store
from bubancheng.testing.contracts.storing.rows import HERE
from bubancheng.testing.contracts.together import Process, ready, say
from bubancheng_sql import SqlStore
from tests.cli.calling import EXAMPLE, NOW, call
from tests.engines.conftest import Servers, wipe
from tests.store.moving import fill, grown, same

pytestmark = pytest.mark.engines

KILLS, TICKETS = 4, 400


def board(url: str) -> str:
    """Return the board of a store as JSON."""
    return call("board", "--store", url, "--now", NOW, "--json").stdout


def test_from_a_file_to_postgresql_to_a_file_to_mariadb(servers: Servers, tmp_path: Path) -> None:
    urls = [
        f"sqlite:///{tmp_path / 'a.db'}",
        servers["postgresql-15"].url,
        f"sqlite:///{tmp_path / 'b.db'}",
        servers["mariadb"].url,
    ]
    for it in (urls[1], urls[3]):
        wipe(it)
    anchor = str(tmp_path / "anchor.json")
    call("run", str(EXAMPLE), "--district", "chongming", "--now", NOW, "--store", urls[0])
    call("anchor", "--store", urls[0], anchor)
    moved = [call("migrate-store", *it).exit_code for it in pairwise(urls)]
    verified = [call("verify", "--store", it, "--anchor", anchor).exit_code for it in urls]
    assert ([0] * 3, [0] * 4, 1) == (moved, verified, len({board(it) for it in urls}))


def test_texts_of_every_kind_go_there_and_come_back(store: SqlStore) -> None:
    """Also where the server lists them in another order than we do."""
    source, back = MemoryStore(), MemoryStore()
    fill(source)
    assert {True} == {it.is_whole for it in (*copy_store(source, store), *copy_store(store, back))}
    assert same(source, back)


def test_what_happened_since_is_taken_along(store: SqlStore) -> None:
    source = MemoryStore()
    fill(source)
    copy_store(source, store)
    source.commit(
        grown("T2", 2000, 3),
        ChangeSet(district=HERE, expected=1, removed="a\tb"),
        ChangeSet(district=HERE, expected=1, removed="T1"),
        ChangeSet(district=HERE, finished=("b",)),
    )
    assert {True} == {it.is_whole for it in copy_store(source, store)}
    assert same(source, store)


def copy(source: str, target: str) -> list[bool]:
    """Copy a file into a server, telling how it goes."""
    one, other = SqliteStore(source), SqlStore(target)
    ready()
    copies = copy_store(one, other, tell=lambda *_: say("on"))
    one.close()
    other.close()
    return [it.is_whole for it in copies]


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A file with many tickets."""
    source = SqliteStore(str(tmp_path / "a.db"))
    source.commit(*[grown(f"T{it:04}", 5) for it in range(TICKETS)], grown("L", 4000))
    source.close()
    return str(tmp_path / "a.db")


@pytest.mark.parametrize("engine", ["postgresql-15", "mariadb"])
def test_however_often_it_is_killed_the_last_run_ends_it(path: str, url: str) -> None:
    dice = random.Random(3)
    for _ in range(KILLS):
        child = Process(copy, path, url)
        Process.go(child)
        for _ in range(dice.randrange(1, TICKETS)):
            child.hear()
        time.sleep(dice.random() / 20)
        child.kill()
    child = Process(copy, path, url)
    Process.go(child)
    assert [True] == child.answer()
    source, target = SqliteStore(path), SqlStore(url)
    assert (True, TICKETS + 1) == (same(source, target), len(target.find(Filter(district=HERE, limit=9999))))
    source.close()
    target.close()
