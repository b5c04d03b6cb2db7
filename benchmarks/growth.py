"""What grows with the store: the same calls on 10,000 and on 1,000,000 tickets, a tenth of them open.

uv run --group bench python benchmarks/growth.py [--postgresql]     # some minutes, 3 GB in a temporary folder

The tickets are real ones of each light, open and closed, under other numbers and units; they have no
histories, since none of these calls reads one.
"""

import datetime as dt
import itertools
import os
import random
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence, Sized
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

import attrs
from timing import Row, table

from bubancheng.actions import Accept, Acknowledge, Register, Resolve
from bubancheng.desk import Desk
from bubancheng.desk.outlook import micros
from bubancheng.district import read_profile
from bubancheng.sla import Light
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, Filter, MemoryStore, StateRow, Store
from bubancheng.ticket import Actor

ROOT = Path(__file__).resolve().parent.parent
DISTRICT = read_profile(ROOT / "plugins/bubancheng-chongming/src/bubancheng_chongming/profile.toml")
ZONE = dt.timezone(dt.timedelta(hours=8))
WINDOW = Actor(id="w", role="window_officer", unit="区行政服务中心")
OFFICER = Actor(id="o", role="disposal_officer", unit="区公安分局")

RANDOM = random.Random(1)
FEW, MANY = 10_000, 1_000_000
UNITS = [f"第{number:02}局" for number in range(20)]
CALLS, SWEEPS, PAGE = 60, 7, 100
NOW = dt.datetime(2024, 3, 29, 12, tzinfo=ZONE)  # a Friday
CHANGED = dt.datetime(2024, 3, 29, 17, 0, 1, tzinfo=ZONE)  # the first contact of Thursday's ticket is late

# acknowledged on, and resolved on: as they are on Friday at noon, due three working days after the first
OPEN = [("03-28", None)] * 6 + [("03-26", None)] * 3 + [("03-25", None)]  # green, yellow, red
CLOSED = [("03-25", "03-26")] * 2 + [("03-25", "03-28"), ("03-25", "03-29")]  # green, yellow, red


def _told(acknowledged: str, resolved: str | None) -> StateRow:
    """Return the row of a ticket that a desk has swept."""
    now = [dt.datetime.fromisoformat(f"2024-{acknowledged}T10:00+08:00")]
    store = MemoryStore()
    desk = Desk.open(DISTRICT, store=store, clock=lambda: now[0])
    desk.do(Register(ticket="T", matter="居住证办理"), actor=WINDOW)
    desk.do(Accept(ticket="T"), actor=WINDOW)
    desk.do(Acknowledge(ticket="T"), actor=OFFICER)
    if resolved is not None:
        now[0] = dt.datetime.fromisoformat(f"2024-{resolved}T10:00+08:00")
        desk.do(Resolve(ticket="T", outcome="办成", root_cause="other", measure="case_only"), actor=OFFICER)
    desk.sweep(NOW)
    (row,) = store.find(Filter(district=DISTRICT.name))
    return row


def tickets(count: int) -> Iterator[StateRow]:
    """Yield the rows of a store: one in ten of each unit is open, a hundred change by themselves soon."""
    running = [_told(*it) for it in OPEN]
    closed = [_told(*it) for it in CLOSED]
    later = itertools.count(10**12)
    changing = iter(range(PAGE))
    for number in range(count):
        unit, place = number % len(UNITS), number // len(UNITS)
        row = running[place // 10 % len(running)] if place % 10 == 0 else closed[place % len(closed)]
        next_change = row.next_change
        if next_change is not None and (row is not running[0] or next(changing, None) is None):
            next_change += next(later)
        yield attrs.evolve(row, ticket=f"N{number:07}", unit=UNITS[unit], next_change=next_change)


def filled(store: Store, count: int) -> None:
    """Put tickets into a store."""
    rows = tickets(count)
    while batch := list(itertools.islice(rows, 10_000)):
        store.commit(*(ChangeSet(district=DISTRICT.name, row=row) for row in batch))


def on_files(folder: Path) -> Iterator[Store]:
    """Yield stores on files, with few tickets and with many."""
    for count in (FEW, MANY):
        store = SqliteStore(str(folder / f"growth-{count}.db"))
        filled(store, count)
        yield store


@contextmanager
def on_server() -> Iterator[Iterator[Store]]:
    """Give stores on a PostgreSQL that runs as long, with few tickets and with many."""
    sys.path.insert(0, str(ROOT))
    import psycopg  # noqa: PLC0415 what follows is for those who ask for it
    import sqlalchemy as sa  # noqa: PLC0415
    from tests.engines.servers import PostgreSQL  # noqa: PLC0415

    from bubancheng_sql import SqlStore  # noqa: PLC0415
    from bubancheng_sql.rows import state  # noqa: PLC0415

    def stores() -> Iterator[Store]:
        for count in (FEW, MANY):
            address = sa.make_url(server.url)
            with psycopg.connect(_plain(address), autocommit=True) as db:
                db.execute(f"CREATE DATABASE growth_{count}")  # type: ignore[arg-type] # our own number
            address = address.set(database=f"growth_{count}")
            store = SqlStore(address.render_as_string(hide_password=False))
            with psycopg.connect(_plain(address), autocommit=True) as db:
                names = ", ".join(state(next(tickets(1))))
                words = f"COPY bubancheng_ticket ({names}) FROM STDIN"
                with db.cursor().copy(words) as copy:  # type: ignore[call-overload] # our own names
                    for row in tickets(count):
                        copy.write_row(tuple(state(row).values()))
                db.execute("VACUUM ANALYZE bubancheng_ticket")
            yield store

    def _plain(address: sa.URL) -> str:
        return address.set(drivername="postgresql").render_as_string(hide_password=False)

    server = PostgreSQL("PostgreSQL 15 (Debian)")
    server.options = ("-cfsync=on",)
    try:
        server.start()
        yield stores()
    finally:
        server.close()


Call = Callable[[Desk, int], Callable[[], object]]
"""What is called on a desk, of so many tickets; what comes before it is not timed."""


def finding(*, unit: str | None = None, step: str | None = None, light: Light | None = None) -> Call:
    """Find a page of tickets."""

    def call(desk: Desk, _count: int) -> Callable[[], object]:
        return lambda: _full(desk.find(actor=WINDOW, unit=unit, step=step, light=light, limit=PAGE))

    return call


def board(desk: Desk, count: int) -> Callable[[], object]:
    """Show a page of the board."""
    after = f"N{RANDOM.randrange(count - PAGE):07}"
    return lambda: _full(list(desk.board(NOW, after=after, limit=PAGE)))


def reading(desk: Desk, count: int) -> Callable[[], object]:
    """Read the state of one ticket."""
    ticket = f"N{RANDOM.randrange(count):07}"
    return lambda: desk.get(ticket, actor=WINDOW)


class Sweeping:
    """Sweep a hundred tickets, and make it undone before the next time."""

    def __init__(self, desks: Iterable[Desk]) -> None:
        self._before = {id(desk): self._due(desk) for desk in desks}

    @staticmethod
    def _due(desk: Desk) -> list[StateRow]:
        return desk._ground.store.due_before(DISTRICT.name, micros(CHANGED), PAGE + 1)  # noqa: SLF001 as stored

    def __call__(self, desk: Desk, _count: int) -> Callable[[], object]:
        """Undo what was swept, and return the sweep."""
        undone = [
            ChangeSet(district=DISTRICT.name, expected=row.version, row=row) for row in self._before[id(desk)]
        ]
        desk._ground.store.commit(*undone)  # noqa: SLF001 as above
        return lambda: _full(desk.sweep(CHANGED))


def _full(found: Sized) -> None:
    assert len(found) == PAGE, len(found)


def race(what: str, desks: Sequence[Desk], calls: int, call: Call) -> Row:
    """Time a call on few and on many tickets in turn, so that whoever else uses the machine disturbs both."""
    times: list[list[float]] = [[], []]
    for _ in range(calls):
        for desk, count, kept in zip(desks, (FEW, MANY), times, strict=True):
            asked = call(desk, count)
            begin = time.perf_counter()
            asked()
            kept.append(time.perf_counter() - begin)
    few, many = map(median, times)
    pairs = [one / other for other, one in zip(*times, strict=True)]
    return Row(what, f"of {FEW:,}", "<= 2x", many, few, many / few, median(pairs))


def races(stores: Iterable[Store], where: str) -> Iterator[Row]:
    """Yield a row for each call; the stores are closed at the end."""
    desks = [Desk.open(DISTRICT, store=store, clock=lambda: NOW) for store in stores]
    for light in Light:
        what = f"{where}: find by unit and {light.value}"
        yield race(what, desks, CALLS, finding(unit=UNITS[7], light=light))
    yield race(f"{where}: find by step", desks, CALLS, finding(step="acknowledged"))
    yield race(f"{where}: a page of the board", desks, CALLS, board)
    yield race(f"{where}: read one ticket", desks, 10 * CALLS, reading)
    yield race(f"{where}: sweep, {PAGE} changed", desks, SWEEPS, Sweeping(desks))
    for desk in desks:
        desk.close()


def rows(folder: Path) -> Iterator[Row]:
    """Return all rows on files; nothing of them is a test."""
    yield from races(on_files(folder), f"{MANY:,} tickets, SQLite")


if __name__ == "__main__":
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    if "--postgresql" in sys.argv:
        with on_server() as stores:
            print(table(races(stores, f"{MANY:,} tickets, PostgreSQL 15")))
    else:
        with TemporaryDirectory() as name:
            print(table(rows(Path(name))))
