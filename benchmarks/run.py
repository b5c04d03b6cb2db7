"""Measure the library against its peers and its limits; prints Markdown, never fails for slowness.

uv run --group bench --extra fast python benchmarks/run.py    # without `--extra fast`: in Python only
"""

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory

import desk
import growth
import main_job
import peers
from timing import table

PEERS = ("bubancheng", "bubancheng-fast", "bizdays", "workclock", "timegrid", "numpy", "polars")


def _named(name: str) -> str:
    try:
        return f"{name} {version(name)}"
    except PackageNotFoundError:
        return f"no {name}"


def main() -> None:
    versions = ", ".join(map(_named, PEERS))
    print(f"Python {platform.python_version()}, {platform.machine()}; {versions}\n")
    print("Results are equal in every row. Times are processor time of one call or element, in the fastest")
    print("round of each side; both run in turns in one process. The median is that of all rounds' ratios.\n")
    print(table(peers.rows()), flush=True)
    print("\nFresh processes, start-up and all, by the clock on the wall:\n")
    print(table(main_job.rows()), flush=True)
    print("\nA desk on a disk, by the clock on the wall:\n")
    with TemporaryDirectory() as folder:
        print(table(desk.rows(Path(folder))), flush=True)
    print("\nThe same calls on few tickets and on many, in turn, by the clock on the wall:\n")
    with TemporaryDirectory() as folder:
        print(table(growth.rows(Path(folder))))


if __name__ == "__main__":
    main()
