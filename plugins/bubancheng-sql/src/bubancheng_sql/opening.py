"""Opening an engine on a server: its drivers' ways, its sessions, one of several hosts."""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext

from bubancheng.errors import ArgumentError
from bubancheng_sql.trouble import Trouble, code_of, meaning

_UNKNOWN_VARIABLE = {1193, 1064}  # said by servers that do not have it
_SECONDS = 30  # until a statement or a lock that hangs is given up

# what a driver is always told, and what it is told unless the URL says otherwise
_ALWAYS: dict[str, dict[str, object]] = {
    "psycopg": {"client_encoding": "utf8"},
    "psycopg2": {"client_encoding": "utf8"},
    "pymysql": {"charset": "utf8mb4"},
    "mysqldb": {"charset": "utf8mb4"},
}
_UNLESS_SAID: dict[str, dict[str, object]] = {
    "psycopg": {"connect_timeout": 5, "tcp_user_timeout": 1000 * _SECONDS},
    "psycopg2": {"connect_timeout": 5, "tcp_user_timeout": 1000 * _SECONDS},
    "pymysql": {"connect_timeout": 5, "read_timeout": _SECONDS, "write_timeout": _SECONDS},
    "mysqldb": {"connect_timeout": 5, "read_timeout": _SECONDS, "write_timeout": _SECONDS},
}
_POSTGRESQL = (
    "SET lock_timeout = '10s'",
    "SET idle_in_transaction_session_timeout = '30s'",  # what a client that vanished had locked is free again
)
_MYSQL = (
    "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED",  # the default locks the gaps between rows too
    "SET SESSION sql_mode = 'STRICT_ALL_TABLES'",
    "SET SESSION innodb_lock_wait_timeout = 10",
    "SET SESSION idle_write_transaction_timeout = 30",  # MariaDB: as above
    f"SET SESSION ob_query_timeout = {1_000_000 * _SECONDS}",  # OceanBase: in microseconds
    "SET SESSION wsrep_sync_wait = 7",  # Galera: no answer is older than what was acknowledged
    "SELECT 1",  # Galera: refused by a node outside the primary component
)
_SESSIONS = {"postgresql": _POSTGRESQL, "opengauss": _POSTGRESQL, "mysql": _MYSQL, "mariadb": _MYSQL}


def open_engine(address: str, *, autocommit: bool = False) -> sa.Engine:
    """Return an engine; nothing is connected yet. Errors: `ArgumentError`, with what to install.

    `autocommit`: each statement is a transaction of its own, unless BEGIN was said before it.
    """
    try:
        url = sa.make_url(address)
        driver = url.get_dialect().driver
        hosts = _hosts(url)
        if hosts:
            url = url.difference_update_query(["host"]).set(host=hosts[0][0], port=hosts[0][1])
        known = {key: it for key, it in _UNLESS_SAID.get(driver, {}).items() if key not in url.query}
        engine = sa.create_engine(
            url,
            connect_args={**known, **_ALWAYS.get(driver, {})},
            pool_size=10,
            max_overflow=20,
            **({"isolation_level": "AUTOCOMMIT"} if autocommit else {}),
        )
    except (sa.exc.ArgumentError, ImportError, ValueError) as error:
        msg = (
            f"存储地址有误 (bad store URL) {shown(address)!r}: {error}; write for example "
            "postgresql+psycopg://name:word@host:5432/database, and install the driver: "
            "pip install 'bubancheng-sql[postgresql]' or 'bubancheng-sql[mysql]'"
        )
        raise ArgumentError(msg) from error
    _listen(engine, hosts)
    return engine


def _hosts(url: sa.URL) -> list[tuple[str, int]]:
    """Return the several hosts of a MySQL URL (?host=a:3306&host=b:3306); libpq minds its own."""
    if url.get_backend_name() not in {"mysql", "mariadb"} or "host" not in url.query:
        return []
    named = url.query["host"]
    pairs = [it.rpartition(":") for it in ((named,) if isinstance(named, str) else named)]
    return [(host, int(port)) for host, _, port in pairs]


def _listen(engine: sa.Engine, hosts: Sequence[tuple[str, int]]) -> None:
    words = _SESSIONS.get(engine.dialect.name, ())

    def connect(
        _dialect: object, _record: object, _given: object, named: dict[str, Any]
    ) -> DBAPIConnection | None:
        return _first_ready(engine, hosts, named, words) if hosts else None

    def prepare(connection: DBAPIConnection, _record: object) -> None:
        if not hosts:
            _prepare(connection, words)

    def tell(context: ExceptionContext) -> None:
        if meaning(context.original_exception) is Trouble.AWAY:
            context.is_disconnect = True

    sa.event.listen(engine, "do_connect", connect)
    sa.event.listen(engine, "connect", prepare)
    sa.event.listen(engine, "handle_error", tell)


def _first_ready(
    engine: sa.Engine, hosts: Sequence[tuple[str, int]], named: dict[str, Any], words: Sequence[str]
) -> DBAPIConnection:
    """Return a connection to the first host that answers and is ready; else raise what the last one said."""
    for place, (host, port) in enumerate(hosts, start=1):
        try:
            connection: DBAPIConnection = engine.dialect.connect(**named | {"host": host, "port": port})
            _prepare(connection, words)
        except engine.dialect.loaded_dbapi.Error:
            if place == len(hosts):
                raise
        else:
            return connection
    raise AssertionError


def _prepare(connection: DBAPIConnection, words: Sequence[str]) -> None:
    cursor = connection.cursor()
    try:
        for word in words:
            try:
                cursor.execute(word)
            except Exception as error:
                if code_of(error) not in _UNKNOWN_VARIABLE:
                    raise
        connection.commit()
    finally:
        cursor.close()


def shown(address: str) -> str:
    """Return a URL without its password."""
    try:
        return sa.make_url(address).render_as_string(hide_password=True)
    except (sa.exc.ArgumentError, ValueError):
        return address.partition("://")[0] + "://…"
