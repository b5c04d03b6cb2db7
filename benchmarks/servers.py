"""A desk on PostgreSQL against bare psycopg writing the same rows: commands a second, and an import.

uv run --group bench python benchmarks/servers.py [TICKETS]   (100,000 tickets where nothing is said)
"""

import datetime as dt
import statistics
import sys
import time
from pathlib import Path

import attrs
import psycopg
import sqlalchemy as sa

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.acting import CALENDAR, DISTRICT, OFFICER, OWNED, WINDOW, instant  # noqa: E402
from tests.engines.conftest import wipe  # noqa: E402
from tests.engines.servers import PostgreSQL  # noqa: E402

from bubancheng.actions import Accept, Acknowledge, Note, Register  # noqa: E402 the tests' servers are used
from bubancheng.desk import Desk  # noqa: E402
from bubancheng.store import ChangeSet, Filter, MemoryStore, StateRow  # noqa: E402
from bubancheng_sql import SqlStore  # noqa: E402
from bubancheng_sql.tables import ENTRY, OUTBOX, RECORD, TICKET  # noqa: E402

COMMANDS, ROUNDS, BATCH = 100, 6, 500


class Recorder(SqlStore):
    """Keeps what was committed, to write it again without us."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        self.kept: list[tuple[ChangeSet, ...]] = []

    def commit(self, *changes: ChangeSet) -> None:
        """Commit, and keep the changes."""
        super().commit(*changes)
        self.kept.append(changes)


def insert(table: sa.Table) -> str:
    """Return the INSERT of a table, as somebody writes it by hand."""
    names = [it.name for it in table.columns]
    return f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))})"  # noqa: S608 our own


_UPDATE = (
    "UPDATE bubancheng_ticket SET version_no = %s, head_hash = %s, step_name = %s, unit_name = %s, "
    "told_word = %s, next_change = %s, state_text = %s, light_word = %s "
    "WHERE district = %s AND ticket_no = %s AND version_no = %s"
)


def values(row: StateRow) -> tuple[object, ...]:
    """Return the values of a ticket's row, as the store writes them."""
    return (*attrs.astuple(row), row.told.partition("\t")[0])


def bare(db: "psycopg.Connection[tuple[object, ...]]", changes: tuple[ChangeSet, ...]) -> None:
    """Write the rows of changes in one transaction."""
    rows = [it for it in changes if it.row is not None]
    with db.transaction(), db.cursor() as cursor:
        new = [values(it.row) for it in rows if it.row and not it.expected]
        if new:
            cursor.executemany(insert(TICKET), new)
        for it in rows:
            if it.row and it.expected:
                district, ticket, *state = values(it.row)
                cursor.execute(_UPDATE, (*state, district, ticket, it.expected))
        links = [
            (it.district, it.row.ticket, *attrs.astuple(link)) for it in rows if it.row for link in it.links
        ]
        for statement, given in (
            (insert(ENTRY), links),
            (
                insert(RECORD),
                [(it.district, *attrs.astuple(record)) for it in changes for record in it.records],
            ),
            (insert(OUTBOX), [attrs.astuple(row) for it in changes for row in it.outbox]),
        ):
            if given:
                cursor.executemany(statement, given)


def clock() -> dt.datetime:
    """Return the time at which everything happens."""
    clock.ticks += 1  # type: ignore[attr-defined]
    return instant("2024-03-25 10:00") + dt.timedelta(milliseconds=clock.ticks)  # type: ignore[attr-defined]


clock.ticks = 0  # type: ignore[attr-defined]


def commands(url: str, db: "psycopg.Connection[tuple[object, ...]]") -> tuple[float, float]:
    """Return commands a second of a desk, and of bare psycopg writing the same rows, in turns."""
    ours, theirs = [], []
    for _ in range(ROUNDS):
        wipe(url)
        store = Recorder(url)
        desk = Desk.open(DISTRICT, calendar=CALENDAR, store=store, clock=clock)
        desk.do(Register(ticket="T", matter=OWNED), actor=WINDOW)
        desk.do(Accept(ticket="T"), actor=WINDOW)
        desk.do(Acknowledge(ticket="T"), actor=OFFICER)
        before = list(store.kept)
        begin = time.perf_counter()
        for number in range(COMMANDS):
            desk.do(Note(ticket="T", topic="other", note="在办"), actor=WINDOW, command_id=f"c{number}")
        ours.append(COMMANDS / (time.perf_counter() - begin))
        kept = store.kept[len(before) :]
        desk.close()
        wipe(url)
        bare(
            db,
            tuple(
                attrs.evolve(it, outbox=(), finished=())
                for changes in before
                for it in changes
                if not it.expected
            ),
        )
        db.execute("UPDATE bubancheng_ticket SET version_no = %s", (kept[0][0].expected,))
        db.execute("DELETE FROM bubancheng_entry WHERE sequence_no > 1")
        begin = time.perf_counter()
        for changes in kept:
            bare(db, changes)
        theirs.append(len(kept) / (time.perf_counter() - begin))
    return statistics.median(ours), statistics.median(theirs)


def histories(count: int) -> list[ChangeSet]:
    """Return what an import of so many tickets writes, of real tickets with other numbers."""
    memory = MemoryStore()
    desk = Desk.open(DISTRICT, calendar=CALENDAR, store=memory, clock=clock)
    desk.do(Register(ticket="T", matter=OWNED), actor=WINDOW)
    desk.do(Accept(ticket="T"), actor=WINDOW)
    desk.do(Acknowledge(ticket="T"), actor=OFFICER)
    (row,) = memory.find(Filter(district=DISTRICT.name))
    links = list(memory.entries(DISTRICT.name, "T"))
    return [
        ChangeSet(district=row.district, row=attrs.evolve(row, ticket=f"T{it:07}"), links=links)
        for it in range(count)
    ]


def imports(url: str, db: "psycopg.Connection[tuple[object, ...]]", count: int) -> tuple[float, float]:
    """Return tickets a second of a store, and of bare psycopg inserting the same rows."""
    changes, speeds = histories(count), []
    store = SqlStore(url)
    batches = [tuple(changes[it : it + BATCH]) for it in range(0, count, BATCH)]
    for write in (lambda it: store.commit(*it), lambda it: bare(db, it)):
        wipe(url)
        begin = time.perf_counter()
        for batch in batches:
            write(batch)
        speeds.append(count / (time.perf_counter() - begin))
    store.close()
    return speeds[0], speeds[1]


def main() -> None:
    """Print a table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    server = PostgreSQL("PostgreSQL 15 (Debian)")
    server.options = ("-cfsync=on",)
    try:
        server.start()
        SqlStore(server.url).close()
        address = sa.make_url(server.url).set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as db:
            print("| what | desk or store | bare psycopg | ratio |\n| --- | --- | --- | --- |")
            for what, (ours, theirs) in (
                ("commands a second", commands(server.url, db)),
                (f"tickets a second, import of {count:,}", imports(server.url, db, count)),
            ):
                print(f"| {what} | {ours:,.0f} | {theirs:,.0f} | {ours / theirs:.2f} |", flush=True)
    finally:
        server.close()


if __name__ == "__main__":
    main()
