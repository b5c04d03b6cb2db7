"""`bubancheng run`, `board`, `anchor` and `verify`: the commands that open a desk."""

import datetime as dt
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.progress import Progress

from bubancheng.cli.output import console, print_board
from bubancheng.cli.plain import clean, print_array
from bubancheng.desk import Desk
from bubancheng.desk.besides import removed_district
from bubancheng.desk.opening import open_store
from bubancheng.errors import ArgumentError, UnknownNameError
from bubancheng.ledger import Problem, read_ledger, take_in
from bubancheng.registry import Registry, read_choice
from bubancheng.store import Backed, Filter

Now = Callable[[dt.tzinfo], dt.datetime]

_LONG = 200  # rows from which a progress bar is worth its line


def run(  # noqa: PLR0913 one argument an option
    ledger: str,
    district: str,
    store: str | None,
    now: Now,
    *,
    settings: str | None = None,
    as_json: bool,
) -> int:
    """Take a ledger in and print the board; return the exit status."""
    at: list[dt.datetime] = []
    with Desk.open(district, store=store, settings=settings, clock=lambda: at[0]) as desk:
        at.append(now(desk.calendar.table.civil.zone))
        reading = read_ledger(ledger, desk.district, desk.calendar)
        with _progress(len(reading.rows)) as tell:
            taken = take_in(desk, reading.rows, at[0], tell=tell)
        _show(desk, at[0], as_json=as_json)
        failures = [f"插件 {it.plugin}（{it.hook}）：{it.reason}" for it in desk.failures]
    notes = [f"未识别的列，已忽略：{'、'.join(reading.unknown_columns)}"] if reading.unknown_columns else []
    if taken.ahead:
        notes.append(f"{taken.ahead} 行的登记时间在此时刻之后，尚未计入")
    if taken.removed:
        notes.append(f"{taken.removed} 行的工单已按保管期限销毁或移交，未再登记")
    _tell(notes + failures, [*reading.problems, *taken.problems])
    return 1 if reading.problems or taken.problems else 0


def _tell(notes: list[str], problems: list[Problem]) -> None:
    out = console(stderr=True)
    for note in notes:
        out.print(clean(note))
    if problems:
        out.print(f"{len(problems)} 处问题：", style="bold red")
    for problem in sorted(problems, key=lambda it: it.row):
        out.print(clean(str(problem)))


@contextmanager
def _progress(rows: int) -> Iterator[Callable[[int], None] | None]:
    out = console(stderr=True)
    if rows < _LONG or not out.is_terminal:
        yield None
        return
    with Progress(console=out, transient=True) as bar:
        task = bar.add_task("读入台账", total=rows)
        yield lambda done: bar.advance(task, done)


def _show(
    desk: Desk, now: dt.datetime, *, after: str | None = None, limit: int | None = None, as_json: bool
) -> None:
    lines = desk.board(now, after=after, limit=limit)
    if as_json:
        print_array(line.to_dict() for line in lines)
    else:
        print_board(lines, f"{desk.district.title}{desk.district.window}", now, desk.district.light_words)


@contextmanager
def stored(url: str, district: str | None, settings: str | None) -> Iterator[Desk]:
    """Open the desk of a store that exists; its district is asked for only where it holds several."""
    choice = read_choice(settings)
    with choice.locating():
        store = open_store(url, Registry(), choice, create=False)
    try:
        held = store.districts()
        wanted = district or (held[0] if len(held) == 1 else None)
        if wanted is None:
            raise UnknownNameError("区 district", "?", held)
        with Desk.open(wanted, store=store, settings=settings) as desk:
            name = desk.district.name
            emptied = store.find(Filter(district=removed_district(name), limit=1))  # by purges, of all it had
            if name not in held and not emptied:
                raise UnknownNameError("区 district", wanted, held)
            yield desk
    finally:
        store.close()


def board(  # noqa: PLR0913 one argument an option
    url: str,
    district: str | None,
    now: Now,
    *,
    after: str | None = None,
    limit: int | None = None,
    settings: str | None = None,
    as_json: bool,
) -> None:
    """Print the board of a store, or a page of it."""
    with stored(url, district, settings) as desk:
        _show(desk, now(desk.calendar.table.civil.zone), after=after, limit=limit, as_json=as_json)


def anchor(url: str, district: str | None, file: str, settings: str | None = None) -> None:
    """Write an anchor of a store to a new file."""
    with stored(url, district, settings) as desk:
        path = Path(file)
        if path.exists():
            msg = f"{file} 已存在 (is there already): an anchor is never overwritten, choose another name"
            raise ArgumentError(msg)
        dropped = desk.anchor()
        kept = {"district": dropped.district, "digest": dropped.digest, "chains": dropped.chains}
        try:
            path.write_text(json.dumps(kept | {"at": dropped.at.isoformat()}) + "\n", "utf-8")
        except OSError as error:
            msg = f"{file} 无法写入 (cannot be written): {error.strerror}"
            raise ArgumentError(msg) from error
        console().print(f"已封存 {dropped.chains} 条记录链：{dropped.digest}", soft_wrap=True)


def backup(url: str, target: str, settings: str | None = None) -> None:
    """Copy a store in use to a new place."""
    choice = read_choice(settings)
    with choice.locating():
        store = open_store(url, Registry(), choice, create=False)
    try:
        if not isinstance(store, Backed):
            msg = f"{url} 不能这样备份 (no online backup): use the means of its own server"
            raise ArgumentError(msg)
        store.back_up(target)
    finally:
        store.close()
    console().print(f"已备份到 {clean(target)}", soft_wrap=True)


def _digest_of(file: str) -> str:
    """Return the digest that an anchor file holds."""
    try:
        digest = json.loads(Path(file).read_text("utf-8"))["digest"]
    except (OSError, ValueError, LookupError, TypeError) as error:
        msg = f"{file} 不是封存文件 (no anchor file): {error}"
        raise ArgumentError(msg) from error
    return str(digest)


def verify(
    url: str,
    district: str | None,
    ticket: str | None,
    anchor_file: str | None,
    settings: str | None = None,
) -> int:
    """Print what does not fit in a store's history; return the exit status."""
    digest = None if anchor_file is None else _digest_of(anchor_file)
    with stored(url, district, settings) as desk:
        broken: list[object] = [*desk.faults(), *desk.verify(ticket, anchor=digest)]
        out = console()
        for error in broken:
            out.print(clean(str(error)))
        if not broken:
            out.print(f"{ticket or '全部工单'} 的记录完整")
    return 1 if broken else 0
