"""A desk on PostgreSQL against bare psycopg writing the same rows: commands a second, and an import.

uv run --group bench python benchmarks/servers.py [TICKETS]   (100,000 tickets where nothing is said)
"""

import datetime as dt
import os
import sys
import time
from pathlib import Path

import attrs
import psycopg
import sqlalchemy as sa

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.acting import CALENDAR, DISTRICT, OFFICER, OWNED, WINDOW, instant  # noqa: E402
from tests.engines.servers import PostgreSQL  # noqa: E402

from bubancheng.actions import Accept, Acknowledge, Note, Register  # noqa: E402 the tests' servers are used
from bubancheng.desk import Desk  # noqa: E402
from bubancheng.store import ChangeSet, Filter, MemoryStore, StateRow  # noqa: E402
from bubancheng_sql import SqlStore  # noqa: E402
from bubancheng_sql.tables import ENTRY, OUTBOX, RECORD, TICKET  # noqa: E402

COMMANDS, TICKETS, BATCH = 100, 6, 500


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


def beside(url: str) -> str:
    """Make a second database on the server, with the tables of a store; return its URL."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE bare")
    engine.dispose()
    other = sa.make_url(url).set(database="bare").render_as_string(hide_password=False)
    SqlStore(other).close()
    return other


def commands(url: str, db: "psycopg.Connection[tuple[object, ...]]") -> tuple[float, float]:
    """Return commands a second of a desk, and of bare psycopg writing the same rows elsewhere, in turn."""
    store = Recorder(url)
    desk = Desk.open(DISTRICT, calendar=CALENDAR, store=store, clock=clock)
    ours, theirs = [], []
    for ticket in range(TICKETS):
        name = f"T{ticket}"
        desk.do(Register(ticket=name, matter=OWNED), actor=WINDOW)
        desk.do(Accept(ticket=name), actor=WINDOW)
        desk.do(Acknowledge(ticket=name), actor=OFFICER)
        for changes in store.kept:
            bare(db, changes)
        store.kept.clear()
        for number in range(COMMANDS):
            begin = time.perf_counter()
            desk.do(
                Note(ticket=name, topic="other", note="在办"), actor=WINDOW, command_id=f"{name}/{number}"
            )
            between = time.perf_counter()
            bare(db, store.kept.pop())
            theirs.append(time.perf_counter() - between)
            ours.append(between - begin)
    desk.close()
    return len(ours) / sum(ours), len(theirs) / sum(theirs)


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
        ChangeSet(district=row.district, row=attrs.evolve(row, ticket=f"N{it:07}"), links=links)
        for it in range(count)
    ]


def imports(url: str, db: "psycopg.Connection[tuple[object, ...]]", count: int) -> tuple[float, float]:
    """Return tickets a second of a store, and of bare psycopg, batches in turn."""
    changes, store = histories(count), SqlStore(url)
    ours = theirs = 0.0
    for start in range(0, count, BATCH):
        batch = tuple(changes[start : start + BATCH])
        begin = time.perf_counter()
        store.commit(*batch)
        between = time.perf_counter()
        bare(db, batch)
        theirs += time.perf_counter() - between
        ours += between - begin
    store.close()
    return count / ours, count / theirs


def main() -> None:
    """Print a table."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    server = PostgreSQL("PostgreSQL 15 (Debian)")
    server.options = ("-cfsync=on",)
    try:
        server.start()
        SqlStore(server.url).close()
        other = sa.make_url(beside(server.url))
        address = other.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address, autocommit=True) as db:
            print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores, PostgreSQL 15 with fsync\n")
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
