"""The commands and their options."""

import datetime as dt
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, TextIO

import click

from bubancheng.errors import ArgumentError, BubanchengError, BubanchengWarning

_REFUSED = 1


class _Refusal(click.ClickException):
    """One of our errors, as one sentence on stderr."""

    exit_code = _REFUSED

    def show(self, file: Any = None) -> None:  # noqa: ANN401 click's own signature
        click.echo(f"错误：{self.message}", file=file or sys.stderr)


@contextmanager
def _refusing() -> Iterator[None]:
    try:
        yield
    except BubanchengError as error:
        raise _Refusal(str(error)) from error


class _Group(click.Group):
    """A group whose commands turn our errors into one sentence."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 click's own signature
        with _refusing(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            warnings.simplefilter("always", BubanchengWarning)
            warnings.showwarning = _say
            return super().invoke(ctx)


def _say(  # noqa: PLR0913, PLR0917 the signature of warnings.showwarning
    message: Warning | str,
    category: type[Warning],  # noqa: ARG001
    filename: str,  # noqa: ARG001
    lineno: int,  # noqa: ARG001
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    """Print a warning as one sentence on stderr, without the place in the code."""
    click.echo(f"注意：{message}", err=True)


@click.group(cls=_Group, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="bubancheng")
def main() -> None:
    """“办不成事”窗口的时限、红黄绿灯与台账。

    Deadlines, lights and ledgers of "couldn't get it done" windows.
    """
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None:
            reconfigure(errors="replace")  # a GBK console shows ? instead of failing


_now_option = click.option("--now", metavar="ISO", help="以此时刻为准，如 2026-09-30T16:00；默认为当前时刻")
_json_option = click.option("--json", "as_json", is_flag=True, help="只输出 JSON")
_settings_option = click.option(
    "--settings", metavar="FILE", help="插件的设置 (TOML)，每个插件一张 [plugin.名称] 表"
)


def _instant(text: str | None, zone: dt.tzinfo) -> dt.datetime:
    """Return an instant written as ISO 8601; without an offset it is the calendar's zone."""
    if text is None:
        return dt.datetime.now(zone)
    try:
        at = dt.datetime.fromisoformat(text.strip().replace("/", "-"))
        return at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)
    except (ValueError, OverflowError) as error:
        msg = f"“{text}”不是时刻，应写作 2026-09-30T16:00 或 2026-09-30T16:00+08:00"
        raise ArgumentError(msg) from error


@main.command()
@click.argument("ledger", metavar="LEDGER.csv")
@click.option("--district", default="chongming", show_default=True, help="区的名称、代码，或 .toml 配置文件")
@click.option("--store", metavar="URL", help="存储，如 sqlite:///desk.db；不写则只在内存中")
@_settings_option
@_now_option
@_json_option
def run(  # noqa: PLR0913 one argument an option
    ledger: str, district: str, store: str | None, settings: str | None, now: str | None, *, as_json: bool
) -> None:
    """读入台账，登记、派单、计时，显示看板。

    Take a ledger in and show the board: unit, due time and light of every ticket.
    """
    from bubancheng.cli import running  # noqa: PLC0415 `due` must not pay for it

    at = partial(_instant, now)
    sys.exit(running.run(ledger, district, store, at, settings=settings, as_json=as_json))


@main.command()
@click.option("--store", metavar="URL", required=True, help="存储，如 sqlite:///desk.db")
@click.option("--district", help="区的名称；存储中只有一个区时可以不写")
@click.option("--after", metavar="ID", help="只显示该编号之后的工单，接着上一页的最大编号看下一页")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="最多显示 N 件，按编号先后取")
@_settings_option
@_now_option
@_json_option
def board(  # noqa: PLR0913, PLR0917 one argument an option
    store: str,
    district: str | None,
    after: str | None,
    limit: int | None,
    settings: str | None,
    now: str | None,
    *,
    as_json: bool,
) -> None:
    """显示存储中全部工单的看板，或其中一页。

    Show the board of a store, or a page of it.
    """
    from bubancheng.cli import running  # noqa: PLC0415 `due` must not pay for it

    at = partial(_instant, now)
    running.board(store, district, at, after=after, limit=limit, settings=settings, as_json=as_json)


@main.command()
@click.option("--store", metavar="URL", required=True, help="存储，如 sqlite:///desk.db")
@click.option("--district", help="区的名称；存储中只有一个区时可以不写")
@click.argument("target", metavar="OUT.csv|OUT.xlsx")
@_settings_option
@_now_option
def ledger(store: str, target: str, district: str | None, settings: str | None, now: str | None) -> None:
    """导出台账：每件一行，个人信息脱敏，写入新文件 OUT.csv 或 OUT.xlsx。

    Write the ledger of a store to a new file, a row a ticket, personal data masked.
    """
    from bubancheng.cli import exporting  # noqa: PLC0415 `due` must not pay for it

    exporting.ledger(store, target, district, partial(_instant, now), settings=settings)


@main.command()
@click.option("--store", metavar="URL", required=True, help="存储，如 sqlite:///desk.db")
@click.option("--district", help="区的名称；存储中只有一个区时可以不写")
@click.argument("ticket", metavar="[ID]", required=False)
@click.option("--anchor", metavar="FILE", help="另行保存的封存文件：还能发现截断、删除和重造")
@_settings_option
def verify(
    store: str, district: str | None, ticket: str | None, anchor: str | None, settings: str | None
) -> None:
    """核对工单记录的校验链是否完整。

    Walk the hash chains; exit 1 and name ticket and entry where one is broken.
    """
    from bubancheng.cli import running  # noqa: PLC0415 `due` must not pay for it

    sys.exit(running.verify(store, district, ticket, anchor, settings))


@main.command()
@click.option("--store", metavar="URL", required=True, help="存储，如 sqlite:///desk.db")
@click.argument("target", metavar="FILE")
@_settings_option
def backup(store: str, target: str, settings: str | None) -> None:
    """联机备份：把正在使用的存储复制到新文件 FILE，复制时照常办公。

    Copy a store in use to a new file, checked before it bears its name.
    """
    from bubancheng.cli import running  # noqa: PLC0415 `due` must not pay for it

    running.backup(store, target, settings)


@main.command("migrate-store")
@click.argument("source", metavar="A")
@click.argument("target", metavar="B")
@_settings_option
def migrate_store(source: str, target: str, settings: str | None) -> None:
    """迁移存储：把存储 A 的全部内容复制到存储 B 并逐项核对；中断了再运行即可续上，A 不变。

    Copy all of a store into another (URLs, as with --store) and compare the two; it may be repeated until
    nobody writes in A any more. Exit 1 where they differ.
    """
    from bubancheng.cli import migrating  # noqa: PLC0415 `due` must not pay for it

    sys.exit(migrating.migrate(source, target, settings))


@main.command()
@click.option("--store", metavar="URL", required=True, help="存储，如 sqlite:///desk.db")
@click.option("--district", help="区的名称；存储中只有一个区时可以不写")
@click.argument("file")
@_settings_option
def anchor(store: str, district: str | None, file: str, settings: str | None) -> None:
    """封存：把现有全部记录的摘要写入 FILE，存到别处，供日后 verify --anchor 核对。

    Write a digest of all histories to FILE, to be kept where the store's writers cannot write.
    """
    from bubancheng.cli import running  # noqa: PLC0415 `due` must not pay for it

    running.anchor(store, district, file, settings)


_store_option = click.option("--store", metavar="URL", required=True, help="存储，如 sqlite:///desk.db")
_district_option = click.option("--district", help="区的名称，或 .toml 配置文件；存储中只有一个区时可以不写")
_officer_option = click.option("--officer", metavar="ID", help="经办人的编号，写入销毁清册；执行时必填")
_role_option = click.option("--role", metavar="ROLE", help="经办人的角色，默认为配置中第一个有此权限的角色")
_yes_option = click.option("--yes", "is_sure", is_flag=True, help="确认执行；不写则只列出计划，不作任何改动")


@main.command()
@_store_option
@_district_option
@click.option("--witness", metavar="ID", help="监销人的编号：另一个在场的人")
@_officer_option
@_role_option
@_yes_option
@_settings_option
@_now_option
@_json_option
def purge(  # noqa: PLR0913 one argument an option
    store: str,
    district: str | None,
    settings: str | None,
    now: str | None,
    *,
    witness: str | None,
    officer: str | None,
    role: str | None,
    is_sure: bool,
    as_json: bool,
) -> None:
    """保管期限届满的：清除个人信息，销毁整件工单，逐件记入销毁清册。不加 --yes 只列出计划。

    Erase and destroy what retention has ended for; without --yes only the plan is shown.
    """
    from bubancheng.cli import retaining  # noqa: PLC0415 `due` must not pay for it

    who = retaining.Officer(id=officer, role=role, second=witness, is_sure=is_sure)
    at = partial(_instant, now)
    sys.exit(retaining.purge(store, district, at, officer=who, settings=settings, as_json=as_json))


@main.command()
@_store_option
@click.option("--into", metavar="URL", required=True, help="档案库的存储，如 sqlite:///archive-2030.db")
@click.option("--name", help="档案库的名称，写入清册；默认取 --into 的最后一段")
@_district_option
@_officer_option
@_role_option
@_yes_option
@_settings_option
@_now_option
@_json_option
def archive(  # noqa: PLR0913 one argument an option
    store: str,
    into: str,
    district: str | None,
    settings: str | None,
    now: str | None,
    *,
    name: str | None,
    officer: str | None,
    role: str | None,
    is_sure: bool,
    as_json: bool,
) -> None:
    """在线期限届满的归档工单移交档案库：先复制、核对，再从本存储移出。不加 --yes 只列出计划。

    Move closed files into another store: copied and checked first; without --yes only the plan is shown.
    """
    from bubancheng.cli import retaining  # noqa: PLC0415 `due` must not pay for it

    who = retaining.Officer(id=officer, role=role, is_sure=is_sure)
    at = partial(_instant, now)
    sys.exit(
        retaining.archive(
            store, into, district, at, name=name, officer=who, settings=settings, as_json=as_json
        )
    )


@main.command()
@_settings_option
@_json_option
def plugins(settings: str | None, *, as_json: bool) -> None:
    """列出已安装的插件，逐个载入，说明不可用的原因。

    List the installed plugins, each loaded in turn; exit 1 where one is broken.
    """
    from bubancheng.cli import checking  # noqa: PLC0415 `due` must not pay for it

    sys.exit(checking.plugins(settings, as_json=as_json))


@main.command()
@click.argument("subject", metavar="PROFILE|PLUGIN")
def check(subject: str) -> None:
    """检查一个区配置（.toml）或插件（名称，或正在编写的插件的文件夹），一次说出全部问题和所在的行。

    Say everything that is wrong with a profile, an installed plugin, or the folder of one in the making;
    exit 1 where something is.
    """
    from bubancheng.cli import checking  # noqa: PLC0415 `due` must not pay for it

    sys.exit(checking.check(subject))


@main.command("new-plugin")
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice(["dispatch", "notify", "district", "calendar", "store"]),
    default="dispatch",
    show_default=True,
    help="插件的种类：派单、通知、区、历法、存储",
)
@click.option("--into", metavar="FOLDER", default=".", show_default=True, help="写入哪个文件夹")
def new_plugin(name: str, kind: str, into: str) -> None:
    """新建一个插件：可安装、带说明和契约测试的样板，写入文件夹 bubancheng-NAME。

    Make a plugin to start from: it installs, and passes its own contract.
    """
    from bubancheng.cli import scaffold  # noqa: PLC0415 imported when asked for

    folder = scaffold.new_plugin(name, kind, Path(into))
    click.echo(f"已写入 {folder}，下一步：cd {folder} && uv sync && uv run pytest")


def _counting_value(text: str) -> tuple[str, str]:
    key, found, value = text.partition("=")
    if not found:
        msg = f"“{text}”应写作 key=value，如 out_of_hours=roll"
        raise ArgumentError(msg)
    return key.strip(), value.strip()


@main.command()
@click.argument("start")
@click.argument("limit")
@click.option(
    "--hours", default="09:00-17:00", show_default=True, help="办公时间，如 09:00-12:00,13:30-17:30"
)
@click.option("--notice", "notices", multiple=True, metavar="FILE", help="放假通知 (TOML)，可多次给出")
@click.option(
    "--counting", multiple=True, metavar="KEY=VALUE", help="计算约定，如 out_of_hours=roll，可多次给出"
)
@click.option("--explain", is_flag=True, help="逐日说明为什么")
@_json_option
def due(  # noqa: PLR0913 one argument an option
    start: str,
    limit: str,
    hours: str,
    notices: tuple[str, ...],
    counting: tuple[str, ...],
    *,
    explain: bool,
    as_json: bool,
) -> None:
    """算出时限何时届满：bubancheng due "2026-09-30 16:00" 3个工作日。

    Say when a limit that starts at START ends.
    """
    from bubancheng.cli import dueing  # noqa: PLC0415 imported when asked for

    dueing.due(
        start,
        limit,
        hours,
        notices,
        dict(_counting_value(text) for text in counting),
        explain=explain,
        as_json=as_json,
        instant=_instant,
    )
