"""A desk on a disk: one command against the bare transaction, reading one ticket."""

import datetime as dt
import sqlite3
import statistics
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from timing import Row, shown

from bubancheng.actions import Accept, Acknowledge, Note, Register
from bubancheng.desk import Desk
from bubancheng.district import read_profile
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet
from bubancheng.ticket import Actor

ROOT = Path(__file__).resolve().parent.parent
DISTRICT = read_profile(ROOT / "plugins/bubancheng-chongming/src/bubancheng_chongming/profile.toml")
ZONE = dt.timezone(dt.timedelta(hours=8))
WINDOW = Actor(id="w", role="window_officer", unit="区行政服务中心")
OFFICER = Actor(id="o", role="disposal_officer", unit="区公安分局")
ENTRIES = 50
TICKETS = 20
COMMANDS = 200


def _desk(path: Path) -> Desk:
    start, ticks = dt.datetime(2024, 3, 25, 9, tzinfo=ZONE), iter(range(10**9))
    return Desk.open(
        DISTRICT,
        store=SqliteStore(str(path)),
        clock=lambda: start + dt.timedelta(milliseconds=next(ticks)),
    )


def _grown(desk: Desk) -> list[str]:
    """Make tickets of 50 entries each."""
    names = [f"T{number:03}" for number in range(TICKETS)]
    for name in names:
        desk.do(Register(ticket=name, matter="居住证办理"), actor=WINDOW)
        desk.do(Accept(ticket=name), actor=WINDOW)
        ticket = desk.do(Acknowledge(ticket=name), actor=OFFICER)
        while ticket.version < ENTRIES:
            ticket = desk.do(Note(ticket=name, topic="coordination", note="联系窗口部门"), actor=WINDOW)
    return names


def _timed(calls: list[Callable[[], object]]) -> list[float]:
    times = []
    for call in calls:
        start = time.perf_counter()
        call()
        times.append(time.perf_counter() - start)
    return sorted(times)


def command_rows(folder: Path) -> Iterator[Row]:
    """Time commands and bare transactions that write the same rows, in turns."""
    desk = _desk(folder / "desk.db")
    names = _grown(desk)
    written = _Recorder(desk)
    bare = sqlite3.connect(folder / "bare.db", isolation_level=None)
    source = sqlite3.connect(folder / "desk.db")
    source.backup(bare)
    source.close()
    for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
        bare.execute(f"PRAGMA {pragma}")
    ours, theirs = [], []
    for number in range(COMMANDS):
        note = Note(ticket=names[number % TICKETS], topic="coordination", note="联系窗口部门")
        start = time.perf_counter()
        desk.do(note, actor=WINDOW, command_id=f"c{number}")
        ours.append(time.perf_counter() - start)
        start = time.perf_counter()
        _write(bare, written.last)
        theirs.append(time.perf_counter() - start)
    for what, place in (("p50", 0.5), ("p95", 0.95)):
        mine, plain = (sorted(it)[int(COMMANDS * place)] for it in (ours, theirs))
        yield Row(
            f"one command, {ENTRIES} entries a ticket, {what}",
            "bare sqlite3",
            "<= 2x",
            mine,
            plain,
            mine / plain,
            statistics.median(a / b for a, b in zip(ours, theirs, strict=True)),
        )
    yield from _reading(desk, names)
    bare.close()
    desk.close()


def _reading(desk: Desk, names: list[str]) -> Iterator[Row]:
    for what, goal, read in (
        ("read one ticket's state", "< 0.3 ms", desk.get),
        (f"read its {ENTRIES} entries", "< 1 ms", desk.history),
    ):
        times = _timed([partial(read, name, actor=WINDOW) for name in names * 10])
        yield Row(what, "", goal, times[len(times) // 2])


class _Recorder:
    """Keeps what a desk wrote last, so that another can write the same rows."""

    def __init__(self, desk: Desk) -> None:
        store = desk._ground.store  # noqa: SLF001 what the desk hands its store is what is measured
        commit = store.commit

        def recording(*changes: ChangeSet) -> None:
            self.last = changes
            commit(*changes)

        store.commit = recording  # type: ignore[method-assign]
        self.last: tuple[ChangeSet, ...] = ()


def _write(db: sqlite3.Connection, changes: tuple[ChangeSet, ...]) -> None:
    """Write the rows of change sets by hand: what nobody can do with less."""
    db.execute("BEGIN IMMEDIATE")
    for change in changes:
        row = change.row
        if row is not None:
            db.execute(
                "UPDATE bubancheng_ticket SET version = ?, head = ?, step = ?, unit = ?, told = ?, "
                "next_change = ?, text = ? WHERE district = ? AND ticket = ? AND version = ?",
                (
                    row.version,
                    row.head,
                    row.step,
                    row.unit,
                    row.told,
                    row.next_change,
                    row.text,
                    row.district,
                    row.ticket,
                    change.expected,
                ),
            )
            db.executemany(
                "INSERT INTO bubancheng_entry VALUES (?, ?, ?, ?, ?)",
                [(row.district, row.ticket, it.sequence, it.text, it.hash) for it in change.links],
            )
        db.executemany(
            "INSERT INTO bubancheng_record VALUES (?, ?, ?, ?)",
            [(change.district, it.kind, it.key, it.text) for it in change.records],
        )
    db.execute("COMMIT")


def rows(folder: Path) -> Iterator[Row]:
    """Return all rows; nothing of them is a test."""
    yield from command_rows(folder)


if __name__ == "__main__":
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as name:
        for row in rows(Path(name)):
            print(row.what, shown(row.ours), shown(row.theirs), row.ratio, row.middle)
