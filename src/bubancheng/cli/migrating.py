"""`bubancheng migrate-store`: everything from one store into another, and whether both hold the same."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from bubancheng.cli.output import console
from bubancheng.cli.plain import clean
from bubancheng.desk.opening import open_store
from bubancheng.errors import ArgumentError
from bubancheng.registry import Registry, read_choice
from bubancheng.registry.choosing import Choice
from bubancheng.store import Store
from bubancheng.store.copying import Copied, Tally, Tell, copy_store

_WORDS = {"compare": "比较", "copy": "复制", "check": "核对"}


def migrate(source: str, target: str, settings: str | None) -> int:
    """Copy a store into another and say what became of it; return the exit status."""
    if source == target:
        msg = f"{clean(source)} 不能迁移到自身 (source and target are the same): choose another place"
        raise ArgumentError(msg)
    choice = read_choice(settings)
    with (
        _opened(source, choice, create=False) as one,
        _opened(target, choice, create=True) as other,
        _progress() as tell,
    ):
        copies = copy_store(one, other, tell=tell)
    return _said(console(), copies)


@contextmanager
def _opened(url: str, choice: Choice, *, create: bool) -> Iterator[Store]:
    with choice.locating():
        store = open_store(url, Registry(), choice, create=create)
    try:
        yield store
    finally:
        store.close()


@contextmanager
def _progress() -> Iterator[Tell]:
    out = console(stderr=True)
    if not out.is_terminal:
        yield lambda *_: None
        return
    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn()
    with Progress(*columns, console=out, transient=True) as bar:
        yield _showing(bar)


def _showing(bar: Progress) -> Tell:
    """Show a bar for each thing that is done; how many tickets there are is known when they are copied."""
    totals: dict[str, int] = {}
    task = bar.add_task("", total=None)

    def tell(name: str, doing: str, done: int) -> None:
        if doing == "copy":
            totals[name] = done
        total = totals.get(name) if doing == "check" else None
        bar.update(task, description=f"{_WORDS[doing]} {clean(name)}", completed=done, total=total)

    return tell


def _said(out: Console, copies: tuple[Copied, ...]) -> int:
    lines = [f"{it.name}：{_counts(it.target)}" for it in copies]
    lines += [sentence for it in copies for sentence in it.differences]
    lines.append(_conclusion(copies))
    for line in lines:
        out.print(clean(line), soft_wrap=True)
    return 0 if all(it.is_whole for it in copies) else 1


def _conclusion(copies: tuple[Copied, ...]) -> str:
    if any(it.differences for it in copies):
        return "两个存储不一致，请勿切换 (they differ, do not switch)"
    moving = "、".join(it.name for it in copies if it.is_moving)
    if moving:
        again = "请再运行一次；停止写入后再运行，一致即可切换"
        return f"{moving}：复制期间仍有写入 (written in meanwhile)，{again}"
    return "两个存储内容一致，可以切换 (both hold the same)" if copies else "来源是空的 (the source is empty)"


def _counts(tally: Tally) -> str:
    return f"工单 {tally.tickets}，记录 {tally.entries}，数据 {tally.records}，待办 {tally.waiting}"
