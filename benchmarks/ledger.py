"""A store of a million tickets written out as a ledger: how long, and how much memory at the most.

uv run --group bench python benchmarks/ledger.py [TICKETS]    # the peak is read from /proc: on Linux only
"""

import datetime as dt
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import attrs

from bubancheng.actions import Accept, Acknowledge, Contact, Register
from bubancheng.desk import Desk
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, Record
from bubancheng.ticket import Actor

ZONE = dt.timezone(dt.timedelta(hours=8))
WINDOW = Actor(id="w", role="window_officer", unit="区行政服务中心")
OFFICER = Actor(id="o", role="disposal_officer", unit="区公安分局")
TEXT = "为员工办居住证，第一天说复印件不合格，第二天说纳税记录有断档，请一次说清。可打 13800001234 找我。"
PROGRAM = (
    "import sys; from bubancheng.cli import main; main.main(sys.argv[1:], standalone_mode=False); "
    "print(next(it.split()[1] for it in open('/proc/self/status') if it.startswith('VmHWM')))"
)


def filled(path: Path, count: int) -> None:
    """Fill a store with copies of one ticket that was registered, dispatched, acknowledged and contacted."""
    ticks = iter(range(10**6))
    start = dt.datetime(2024, 3, 25, 9, tzinfo=ZONE)
    store = SqliteStore(str(path))
    with Desk.open("chongming", store=store, clock=lambda: start + dt.timedelta(minutes=next(ticks))) as desk:
        register = Register(
            ticket="N", matter="居住证办理", text=TEXT, reporter="张三丰", phone="138 0000 1234"
        )
        desk.do(register, actor=WINDOW)
        desk.do(Accept(ticket="N"), actor=WINDOW)
        desk.do(Acknowledge(ticket="N"), actor=OFFICER)
        desk.do(Contact(ticket="N"), actor=OFFICER)
        row, personal = store.load("chongming", "N"), store.lookup("chongming", "personal", "N")
        assert row is not None and personal is not None  # noqa: PT018 one thing: the ticket is there
        for first in range(0, count, 10_000):
            names = [f"N{number:07}" for number in range(first, min(first + 10_000, count))]
            store.commit(
                *(
                    ChangeSet(
                        district=row.district,
                        row=attrs.evolve(row, ticket=name),
                        records=[Record("personal", name, personal)],
                    )
                    for name in names
                )
            )


def exports(folder: Path, count: int) -> Iterator[str]:
    """Yield a line of the table for each kind of file."""
    store = folder / "desk.db"
    filled(store, count)
    for name in ("ledger.csv", "ledger.xlsx"):
        words = ["ledger", "--store", f"sqlite:///{store}", str(folder / name), "--now", "2024-03-29T15:00"]
        before, start = _processor(), time.perf_counter()
        done = subprocess.run([sys.executable, "-c", PROGRAM, *words], check=True, capture_output=True)
        seconds, processor = time.perf_counter() - start, _processor() - before
        peak = int(done.stdout.split()[-1]) / 1024
        size = (folder / name).stat().st_size / 2**20
        yield (
            f"| {count:,} tickets to {name} | {processor:.0f} s ({seconds:.0f} s on the wall) "
            f"| {peak:.0f} MB | {size:.0f} MB |"
        )


def _processor() -> float:
    """Return the seconds that children have taken of the processor."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    print("| what | processor | peak of memory | file |\n| --- | --- | --- | --- |")
    with TemporaryDirectory() as place:
        for line in exports(Path(place), int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000):
            print(line, flush=True)
