"""What a clerk waits for: the main job with its start-up, one due time, and the cost of importing."""

import csv
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import timing
from timing import Row

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))

from tests.oracles.ledger_oracle import COLUMNS, random_ledger  # noqa: E402 found by the line above

LEDGER_ROWS = 1500

COMMAND = "from bubancheng.cli import main; main()"
FRONT = "import bubancheng"
OURS = "import bubancheng.desk, bubancheng.sla"
DEPENDENCIES = "import attrs, cattrs, pluggy, dateutil.relativedelta, chinese_calendar"
CLOCKED = "import time; start = time.perf_counter(); {}; print(time.perf_counter() - start)"


def clocked(call: Callable[[], object]) -> float:
    """Return the seconds of one call on the wall clock: another process does the work."""
    return timing.clocked(call, time.perf_counter)


class Installed:
    """Fresh processes that find compiled modules, as those of an installed library do."""

    def __init__(self, folder: Path) -> None:
        self._environment = os.environ | {"PYTHONPYCACHEPREFIX": str(folder / "compiled")}
        self._environment.pop("PYTHONDONTWRITEBYTECODE", None)

    def python(self, code: str, *arguments: str) -> str:
        """Run a program to its end; return what it printed."""
        command = (sys.executable, "-c", code, *arguments)
        done = subprocess.run(
            command, check=True, capture_output=True, encoding="utf-8", env=self._environment
        )
        return done.stdout

    def least(self, rounds: int, *arguments: str) -> float:
        """Return the seconds of our command, start-up and all, after one run that is not counted."""
        self.python(COMMAND, *arguments)
        return min(clocked(lambda: self.python(COMMAND, *arguments)) for _ in range(rounds))


def _ledger(folder: Path) -> tuple[str, str]:
    """Write a ledger of `LEDGER_ROWS` rows; return its path and the time to look at it."""
    rows, now = random_ledger(20260930, LEDGER_ROWS)
    path = folder / "ledger.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return str(path), now


def job_rows(installed: Installed, folder: Path) -> Iterator[Row]:
    """Run the ledger in memory, with a new SQLite store, and again with that store."""
    ledger, now = _ledger(folder)
    job = ("run", ledger, "--district", "chongming", "--now", now)
    what = f"run of {LEDGER_ROWS} rows"
    yield Row(f"{what}, in memory", "", "< 6 s", installed.least(3, *job))
    stores = [("--store", f"sqlite:///{folder / f'{number}.db'}") for number in range(3)]
    fresh = min(clocked(partial(installed.python, COMMAND, *job, *store)) for store in stores)
    yield Row(f"{what}, new SQLite store", "", "< 6 s", fresh)
    yield Row(f"{what}, SQLite, nothing new", "", "< 6 s", installed.least(2, *job, *stores[0]))


def import_rows(installed: Installed) -> Iterator[Row]:
    """Import the library, and its runtime dependencies alone; here the ratio is ours to theirs."""

    def importing(statement: str) -> float:
        return float(installed.python(CLOCKED.format(statement)))

    def starting(statement: str) -> float:
        return clocked(lambda: installed.python(statement))

    for what, goal, statement, seconds in (
        ("import bubancheng", "< 1.3x theirs", FRONT, importing),
        ("import bubancheng, interpreter and all", "< 1.3x theirs", FRONT, starting),
        ("every module that a desk needs", "", OURS, importing),
    ):
        seconds(statement)
        rounds = [(seconds(statement), seconds(DEPENDENCIES)) for _ in range(15)]
        ours, theirs = (min(times) for times in zip(*rounds, strict=True))
        middle = median(mine / their for mine, their in rounds)
        yield Row(what, "its dependencies", goal, ours, theirs, ours / theirs, middle)


def rows() -> Iterator[Row]:
    """Return all waits."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        installed = Installed(folder)
        yield from job_rows(installed, folder)
        yield Row(
            "bubancheng due", "", "< 0.4 s", installed.least(12, "due", "2026-09-30 16:00", "3个工作日")
        )
        yield from import_rows(installed)
