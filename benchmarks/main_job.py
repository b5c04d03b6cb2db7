"""What a clerk waits for: the main job with its start-up, one due time, and the cost of importing."""

import csv
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from timing import Row, clocked

ROOT = Path(__file__).resolve().parent.parent
sys.path.append(str(ROOT))

from tests.oracles.ledger_oracle import COLUMNS, random_ledger  # noqa: E402 found by the line above

LEDGER_ROWS = 1500

COMMAND = (sys.executable, "-c", "from bubancheng.cli import main; main()")
OURS = "import bubancheng.desk, bubancheng.sla"
DEPENDENCIES = "import attrs, cattrs, pluggy, dateutil.relativedelta, chinese_calendar"
CLOCKED = "import time; start = time.perf_counter(); {}; print(time.perf_counter() - start)"


def _run(*arguments: str) -> None:
    subprocess.run((*COMMAND, *arguments), check=True, capture_output=True)


def _ledger(folder: Path) -> tuple[str, str]:
    """Write a ledger of `LEDGER_ROWS` rows; return its path and the time to look at it."""
    rows, now = random_ledger(20260930, LEDGER_ROWS)
    path = folder / "ledger.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return str(path), now


def job_rows() -> Iterator[Row]:
    """Run the ledger in memory, with a new SQLite store, and again with the same store."""
    with TemporaryDirectory() as name:
        folder = Path(name)
        ledger, now = _ledger(folder)
        number = count()

        def run(store: Sequence[str]) -> None:
            _run("run", ledger, "--district", "chongming", "--now", now, *store)

        def stored() -> None:
            run(("--store", f"sqlite:///{folder / f'{next(number)}.db'}"))

        what = f"run of {LEDGER_ROWS} rows"
        yield Row(f"{what}, in memory", "", "< 6 s", min(clocked(lambda: run(())) for _ in range(4)))
        yield Row(f"{what}, new SQLite store", "", "< 6 s", min(clocked(stored) for _ in range(4)))
        same = ("--store", f"sqlite:///{folder / '0.db'}")
        yield Row(f"{what}, SQLite, nothing new", "", "", min(clocked(lambda: run(same)) for _ in range(3)))


def due_row() -> Row:
    """Ask for one due time."""
    return Row(
        "bubancheng due",
        "",
        "< 0.4 s",
        min(clocked(lambda: _run("due", "2026-09-30 16:00", "3个工作日")) for _ in range(12)),
    )


def _importing(statement: str) -> float:
    """Return the seconds of an import in a fresh process, its start-up left out."""
    done = subprocess.run(
        (sys.executable, "-c", CLOCKED.format(statement)), check=True, capture_output=True, text=True
    )
    return float(done.stdout)


def import_row() -> Row:
    """Import the library, and its runtime dependencies alone; the ratio is ours to theirs here."""
    rounds = [(_importing(OURS), _importing(DEPENDENCIES)) for _ in range(15)]
    ours, theirs = (min(times) for times in zip(*rounds, strict=True))
    return Row(
        "import bubancheng (ours to its dependencies)",
        "dependencies",
        "< 1.3x",
        ours,
        theirs,
        ours / theirs,
        median(mine / their for mine, their in rounds),
    )


def rows() -> Iterator[Row]:
    """Return all waits."""
    yield from job_rows()
    yield due_row()
    yield import_row()
