"""`bubancheng ledger`: what a store holds, written out as a ledger."""

import getpass
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.progress import Progress, TextColumn

from bubancheng.cli.output import console
from bubancheng.cli.plain import clean
from bubancheng.cli.running import Now, stored
from bubancheng.ledger import write_ledger
from bubancheng.ticket import Actor

_STEP = 1000  # rows from one showing to the next


def _exporter() -> Actor:
    """Return who exports: the account under which the command runs."""
    try:
        account = getpass.getuser()
    except (ImportError, KeyError, OSError):  # an account without a name
        account = "ledger"
    return Actor(id=clean(account), role="importer")


@contextmanager
def _counting() -> Iterator[Callable[[int], None] | None]:
    out = console(stderr=True)
    if not out.is_terminal:
        yield None
        return
    with Progress(TextColumn("导出台账 {task.completed:.0f} 行"), console=out, transient=True) as bar:
        task = bar.add_task("")
        yield lambda rows: None if rows % _STEP else bar.update(task, completed=rows)


def ledger(url: str, target: str, district: str | None, now: Now, *, settings: str | None = None) -> None:
    """Write the ledger of a store to a new file."""
    with stored(url, district, settings) as desk, _counting() as tell:
        at = now(desk.calendar.table.civil.zone)
        rows = write_ledger(desk, target, actor=_exporter(), now=at, tell=tell)
    console().print(f"已导出 {rows} 件到 {clean(target)}", soft_wrap=True)
