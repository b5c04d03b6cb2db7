"""A process that writes until it is done or killed; started again it goes on where it was."""

import datetime as dt
import itertools
import multiprocessing
import time
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bubancheng.desk import Desk
from bubancheng.errors import StoreError
from bubancheng_sql import Patience, SqlStore
from tests.desk.working import REFUSED, RELAY_EVERY, Journal, command, give, open_shared

WRITERS, TICKETS = 8, 20
ENOUGH = "enough"  # the file that ends a round
_DRIVERS = (
    "psycopg",
    "sqlalchemy.dialects.postgresql.psycopg",
    "sqlalchemy.dialects.mysql.pymysql",
    "pymysql",
)
_FORKS = multiprocessing.get_context(
    "forkserver"
)  # forks of a process that has imported everything, and no more
_FORKS.set_forkserver_preload([__name__, *_DRIVERS])


def start(url: str, folder: Path, name: str, commands: int, began: float) -> ForkServerProcess:
    """Start a writer in a process of its own."""
    process = _FORKS.Process(target=write, args=(url, folder, name, commands, began), daemon=True)
    process.start()
    return process


def write(url: str, folder: Path, name: str, commands: int, began: float) -> None:
    """Give so many commands at least, and more until it is enough; the last one on record is given once more."""
    journal = Journal(folder / f"{name}.log")
    done = {line.split()[1]: line.split()[0] for line in journal.lines()}
    last = max((int(it.split("/")[1]) for it in done), default=0)
    with opened(url, folder / f"{name}.notices", began) as desk:
        for number in itertools.count(last):
            if number >= commands and (folder / ENOUGH).exists():
                return
            mark = f"{name}/{number}"
            if done.get(mark) == REFUSED:
                continue
            while True:
                try:
                    word = give(desk, *command(name, number, TICKETS), mark)
                except StoreError:  # the server is away for longer than a store is patient
                    time.sleep(0.1)
                else:
                    break
            journal.write(f"{word} {mark}")
            if number % RELAY_EVERY == 0:
                _relay(desk)


def opened(url: str, notices: Path, began: float, later: dt.timedelta = dt.timedelta(0)) -> Desk:
    """Return a desk on a store, as soon as its server is there; what it delivers is written down."""
    journal = Journal(notices)
    while True:
        try:
            return open_shared(SqlStore(url, patience=Patience(5)), journal, began, later)
        except StoreError:
            time.sleep(0.2)


def _relay(desk: Desk) -> None:
    try:
        desk.relay()
    except StoreError:
        return  # whatever was claimed comes again
