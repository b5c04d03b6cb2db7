"""The SQL as it is written for each dialect; no server is needed, and of some there is none to be had.

openGauss is written for by its own dialect, Dameng and others are stood in for by those of their families: that the
words are plain is all that is tested of them.
"""

import re
from collections.abc import Iterator
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.engine import Dialect
from sqlalchemy.schema import CreateIndex, CreateTable

from bubancheng.errors import ArgumentError, StoreError
from bubancheng_sql import Patience, SqlPlugin, SqlStore, reading, schema, writing
from bubancheng_sql.__main__ import main
from bubancheng_sql.alone import VERSION_TABLE
from bubancheng_sql.opening import shown
from bubancheng_sql.tables import METADATA
from bubancheng_sql.trouble import Trouble, meaning

DIALECTS = [
    "postgresql+psycopg",
    "mysql+pymysql",
    "mariadb+pymysql",
    "opengauss+psycopg2",
    "oracle+oracledb",
    "mssql+pyodbc",
    "sqlite",
]
CLOCKS = re.compile(
    r"\b(now|current_timestamp|sysdate|getdate|localtime\w*|unix_timestamp|curdate)\b", re.IGNORECASE
)
LOCKS = {
    "oracle",
    "mssql",
    "sqlite",
}  # whose SELECT locks otherwise, or not at all: only their names are looked at


def dialect_of(name: str) -> Dialect:
    """Return a dialect by its URL scheme."""
    return sa.make_url(f"{name}://").get_dialect()()


def statements() -> Iterator[Any]:
    """Yield every statement that the store says."""
    for module in (reading, writing):
        yield from (
            it for it in vars(module).values() if isinstance(it, sa.ClauseElement) and hasattr(it, "compile")
        )
    yield reading.claimable("d", ["a", "b"], 5, now=1, skip_locked=True)
    yield schema.VERSION


def written(dialect: Dialect) -> list[str]:
    """Return the words of tables and statements in a dialect."""
    tables = [CreateTable(it) for it in METADATA.sorted_tables]
    indexes = [CreateIndex(it) for table in METADATA.sorted_tables for it in table.indexes]
    return [str(it.compile(dialect=dialect)) for it in (*tables, *indexes, *statements())]


@pytest.mark.parametrize("name", DIALECTS)
def test_no_name_is_quoted_in_any_dialect(name: str) -> None:
    words = "\n".join(written(dialect_of(name))).replace('COLLATE "C"', "")
    assert [] == re.findall(r'["`\[][a-z_]+["`\]]', words)


@pytest.mark.parametrize("name", DIALECTS)
def test_the_clock_of_a_server_is_never_asked(name: str) -> None:
    assert [] == [it for it in written(dialect_of(name)) if CLOCKS.search(it)]


def test_types_are_text_and_whole_numbers() -> None:
    kinds = {type(column.type).__name__ for table in METADATA.tables.values() for column in table.columns}
    assert {"String", "Text", "Integer", "BigInteger"} == kinds


def test_names_fit_the_strictest_server() -> None:
    names = [it for table in METADATA.tables.values() for it in (table.name, *table.columns.keys())]
    for table in METADATA.tables.values():
        names += [str(it.name) for it in table.indexes]
        names += [str(it.name) for it in table.foreign_key_constraints]
    assert [] == [it for it in names if len(it) > 30 or it != it.lower()]


class TestScript:
    @pytest.mark.parametrize("dialect", ["postgresql", "mysql", "mariadb"])
    def test_a_dba_can_read_the_migrations_as_sql(
        self, dialect: str, capsys: pytest.CaptureFixture[str]
    ) -> None:
        status = main(["sql", dialect])
        words = capsys.readouterr().out
        made = re.findall(r"CREATE (TABLE|INDEX) (?:IF NOT EXISTS )?(\w+)", words)
        expected = {("TABLE", it) for it in [*METADATA.tables, VERSION_TABLE]}
        expected |= {("INDEX", str(it.name)) for table in METADATA.tables.values() for it in table.indexes}
        assert (0, expected, len(expected)) == (status, set(made), len(made))

    def test_what_comes_after_a_version_is_less(self) -> None:
        assert "CREATE TABLE" not in schema.script("postgresql", since="0001")

    def test_the_versions_are_those_of_the_migrations(self) -> None:
        found = re.findall(r"SET version_num='(\w+)'|VALUES \('(\w+)'\)", schema.script("mysql"))
        assert list(schema.VERSIONS) == [first or second for first, second in found]


class TestTrouble:
    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            ("40001", Trouble.UNDONE), ("40P01", Trouble.UNDONE), ("57P01", Trouble.AWAY), ("08006", Trouble.AWAY),
            ("23505", Trouble.TAKEN), ("23503", Trouble.OTHER), ("53100", Trouble.OTHER), ("28P01", Trouble.OTHER),
        ],
    )  # fmt: skip
    def test_a_sqlstate_says_what_can_be_done(self, code: str, expected: Trouble) -> None:
        class SaidError(Exception):
            sqlstate = code

        assert expected is meaning(SaidError("words"))

    @pytest.mark.parametrize(
        ("code", "expected"),
        [
            (1213, Trouble.UNDONE), (1205, Trouble.UNDONE), (1047, Trouble.AWAY), (1180, Trouble.AWAY), (2013, Trouble.AWAY),
            (1062, Trouble.TAKEN), (1452, Trouble.OTHER), (1045, Trouble.OTHER), (1114, Trouble.OTHER),
        ],
    )  # fmt: skip
    def test_an_errno_says_what_can_be_done(self, code: int, expected: Trouble) -> None:
        class SaidError(Exception):
            sqlstate = "HY000"

        assert expected is meaning(SaidError(code, "words"))


class TestPatience:
    def test_no_patience_is_one_try(self) -> None:
        assert [True] == list(Patience(0).tries())

    def test_a_little_patience_is_several_tries_the_last_one_known(self) -> None:
        tries = list(Patience(0.05).tries())
        assert ([False] * (len(tries) - 1) + [True], True) == (tries, len(tries) > 2)

    @pytest.mark.parametrize("seconds", [-1, 3601, "10", True, float("nan")])
    def test_what_is_no_time_is_refused(self, seconds: object) -> None:
        with pytest.raises(ArgumentError, match="from 0 to 3600"):
            SqlPlugin({"patience": seconds}).bubancheng_store(_request("postgresql+psycopg://127.0.0.1:1/x"))


def _request(url: str) -> Any:
    from bubancheng.hooks import StoreRequest  # noqa: PLC0415 only here

    return StoreRequest(url=url)


class TestUrls:
    @pytest.mark.parametrize(
        ("url", "sentence"),
        [
            ("postgresql+nodriver://x", "install the driver"),
            ("mysql+pymysql://a:b@h:notaport/x", "bad store URL"),
            ("mysql+pymysql://a:hunter2@/x?host=h:notaport", "bad store URL"),
            ("postgresql+psycopg", "bad store URL"),
            ("", "bad store URL"),
        ],
    )
    def test_a_url_that_cannot_be_meant_is_refused(self, url: str, sentence: str) -> None:
        with pytest.raises(ArgumentError, match=sentence) as caught:
            SqlStore(url)
        assert "hunter2" not in str(caught.value)

    def test_a_password_is_never_shown(self) -> None:
        assert "postgresql+psycopg://a:***@h/x" == shown("postgresql+psycopg://a:hunter2@h/x")

    def test_nobody_there_is_told_at_once(self) -> None:
        with pytest.raises(StoreError, match="cannot open"):
            SqlStore("postgresql+psycopg://127.0.0.1:1/x")

    def test_the_command_line_says_it_in_one_sentence(self, capsys: pytest.CaptureFixture[str]) -> None:
        status = main(["upgrade", "postgresql+psycopg://127.0.0.1:1/x"])
        assert (1, 1) == (status, capsys.readouterr().err.count("\n"))
