"""Measure the library against its peers and its limits; prints Markdown, never fails for slowness.

uv run --group bench python benchmarks/run.py
"""

import platform
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import desk
import main_job
import peers
from timing import table

PEERS = ("bubancheng", "bizdays", "workclock", "timegrid", "numpy", "polars")


def main() -> None:
    versions = ", ".join(f"{name} {version(name)}" for name in PEERS)
    print(f"Python {platform.python_version()}, {platform.machine()}; {versions}\n")
    print("Results are equal in every row. Times are processor time of one call or element, in the fastest")
    print("round of each side; both run in turns in one process. The median is that of all rounds' ratios.\n")
    print(table(peers.rows()), flush=True)
    print("\nFresh processes, start-up and all, by the clock on the wall:\n")
    print(table(main_job.rows()), flush=True)
    print("\nA desk on a disk, by the clock on the wall:\n")
    with TemporaryDirectory() as folder:
        print(table(desk.rows(Path(folder))))


if __name__ == "__main__":
    main()
