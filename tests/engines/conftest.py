"""Servers that run as long as the tests of one process, each with an empty store for every test."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import sqlalchemy as sa

from bubancheng.testing.contracts.summary import register
from bubancheng_sql import SqlStore
from bubancheng_sql.opening import open_engine
from tests.engines.servers import ENGINES, Galera, Server

CONTRACT_ONLY = {"postgresql-16", "postgresql-18"}  # another version of what runs everything
TABLES = ("bubancheng_outbox", "bubancheng_entry", "bubancheng_record", "bubancheng_ticket")


def pytest_configure(config: pytest.Config) -> None:
    """Count the checks of kits."""
    register(config)


class Servers:
    """The servers that were asked for so far."""

    def __init__(self) -> None:
        self._running: dict[str, Server | Galera] = {}

    def __getitem__(self, name: str) -> Server | Galera:
        """Return a server that runs; the first time it is started, and fails where it cannot."""
        if name not in self._running:
            server = ENGINES[name]()
            self._running[name] = server
            server.start()
            SqlStore(server.url).close()
        return self._running[name]

    def close(self) -> None:
        """End them all."""
        for server in self._running.values():
            server.close()


def wipe(url: str) -> None:
    """Empty the tables of a store."""
    engine = open_engine(url)
    with engine.begin() as connection:
        for table in TABLES:
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 our own names
    engine.dispose()


@contextmanager
def empty_databases(url: str, *names: str) -> Iterator[list[str]]:
    """Make databases on a server, give their URLs, and drop them."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for name in names:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
    try:
        yield [sa.make_url(url).set(database=it).render_as_string(hide_password=False) for it in names]
    finally:
        with engine.connect() as connection:
            for name in names:
                connection.exec_driver_sql(f"DROP DATABASE {name}")


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    """The servers of this process."""
    servers = Servers()
    yield servers
    servers.close()


@pytest.fixture
def url(servers: Servers, engine: str) -> str:
    """The URL of an empty store on a server that runs."""
    url = servers[engine].url
    wipe(url)
    return url


@pytest.fixture
def store(url: str) -> Iterator[SqlStore]:
    """An empty store on a server."""
    store = SqlStore(url)
    yield store
    store.close()


@pytest.fixture(params=[it for it in ENGINES if it not in CONTRACT_ONLY])
def engine(request: pytest.FixtureRequest) -> str:
    """Each of the engines in turn."""
    return str(request.param)
