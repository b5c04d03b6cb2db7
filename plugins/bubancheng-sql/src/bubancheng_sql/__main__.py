"""`python -m bubancheng_sql`: print the migrations as SQL, run them, or say which version there is."""

import argparse
import sys

import sqlalchemy as sa

from bubancheng.errors import BubanchengError
from bubancheng_sql import schema
from bubancheng_sql.opening import open_engine, shown
from bubancheng_sql.trouble import told


def _sql(words: argparse.Namespace) -> None:
    sys.stdout.write(schema.script(words.dialect, since=words.since))


def _upgrade(words: argparse.Namespace) -> None:
    engine = open_engine(words.url)
    with told(shown(words.url), "upgrade"), engine.connect() as connection:
        schema.upgrade(connection)
    _say(engine)


def _version(words: argparse.Namespace) -> None:
    with told(shown(words.url), "read"):
        _say(open_engine(words.url))


def _say(engine: sa.Engine) -> None:
    with engine.connect() as connection:
        sys.stdout.write(f"{schema.version_of(connection) or 'none'} (latest: {schema.VERSIONS[-1]})\n")
    engine.dispose()


def main(arguments: list[str] | None = None) -> int:
    """Run the command line; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bubancheng_sql", description=__doc__)
    doors = parser.add_subparsers(required=True, metavar="COMMAND")
    sql = doors.add_parser(
        "sql", help="打印建表语句 (print the migrations as SQL, to be read and run by a DBA)"
    )
    sql.add_argument("dialect", choices=["mysql", "mariadb", "postgresql"])
    sql.add_argument(
        "--since", metavar="VERSION", help="只打印该版本之后的 (only what comes after a version)"
    )
    sql.set_defaults(run=_sql)
    for name, run, text in (
        ("upgrade", _upgrade, "升级到最新结构 (bring the tables to the latest version)"),
        ("version", _version, "查看结构版本 (say which version the tables have)"),
    ):
        door = doors.add_parser(name, help=text)
        door.add_argument("url")
        door.set_defaults(run=run)
    words = parser.parse_args(arguments)
    try:
        words.run(words)
    except BubanchengError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
