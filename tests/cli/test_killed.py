"""A run that is killed: what was committed stays, and the next run completes the rest."""

import json
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.calling import PROGRAM, call, program
from tests.ledger.writing import write_oracle_ledger
from tests.oracles import ledger_oracle

ROWS = 1500
MOMENTS = (0, 1, 100, 250, 450, 700, 950, 1200)  # tickets in the store when the run is killed


def tickets(path: Path) -> int:
    """Return how many tickets a store holds; -1 while there is no store."""
    if not path.exists():
        return -1
    try:
        db = sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=1)
        try:
            return int(db.execute("SELECT count(*) FROM bubancheng_ticket").fetchone()[0])
        finally:
            db.close()
    except sqlite3.Error:
        return -1


def killed(words: list[str], path: Path, moment: int) -> int:
    """Start a run, kill it when the store holds that many tickets; return its status."""
    with subprocess.Popen([*PROGRAM, *words], stdout=subprocess.DEVNULL) as run:  # noqa: S603 our own program
        while run.poll() is None and tickets(path) < moment:
            time.sleep(0.01)
        run.kill()
    return run.returncode


@pytest.fixture(scope="module")
def words(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The words of a run over a large ledger, without its store."""
    rows, now = ledger_oracle.random_ledger(7, ROWS)
    path = write_oracle_ledger(tmp_path_factory.mktemp("ledger"), rows)
    return ["run", str(path), "--now", now, "--json"]


@pytest.fixture(scope="module")
def store(words: list[str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A store on which one run after the other was killed, each further on."""
    path = tmp_path_factory.mktemp("store") / "desk.db"
    statuses = [killed([*words, "--store", f"sqlite:///{path}"], path, moment) for moment in MOMENTS]
    assert [-9] * len(MOMENTS) == statuses  # each run was at work when it was killed
    return path


@pytest.fixture(scope="module")
def left(store: Path) -> int:
    """The status of verifying what the killed runs left."""
    return call("verify", "--store", f"sqlite:///{store}").exit_code


@pytest.fixture(scope="module")
def finished(store: Path, left: int, words: list[str]) -> object:
    """What the next run shows, which nobody kills."""
    assert left == 0
    run = program(*words, "--store", f"sqlite:///{store}")
    assert run.returncode == 0
    return json.loads(run.stdout)


def test_what_the_killed_runs_left_is_whole(left: int) -> None:
    assert left == 0


def test_the_next_run_ends_where_an_undisturbed_one_ends(finished: object, words: list[str]) -> None:
    assert finished == json.loads(call(*words).stdout)


def test_what_the_last_run_left_is_whole(store: Path, finished: object) -> None:
    assert (True, 0) == (bool(finished), call("verify", "--store", f"sqlite:///{store}").exit_code)


def test_a_run_after_that_changes_nothing(store: Path, finished: object, words: list[str]) -> None:
    before = store.read_bytes()
    run = call(*words, "--store", f"sqlite:///{store}")
    assert (finished, before) == (json.loads(run.stdout), store.read_bytes())
