"""The contract of stores on every engine, and without one."""

from functools import partial
from typing import ClassVar

import psycopg
import pymysql
import pytest
import sqlalchemy as sa

from bubancheng.testing import Capabilities, Loan, StoreContract, StoreSetup
from bubancheng_sql import SqlStore
from bubancheng_sql.opening import open_engine
from tests.engines.conftest import Servers, wipe
from tests.store import test_contract as without_server

pytestmark = pytest.mark.engines


def by_sqlalchemy(url: str) -> Loan:
    """Return a store on a connection of SQLAlchemy."""
    engine = open_engine(url)
    connection = engine.connect()

    def close() -> None:
        connection.close()
        engine.dispose()

    return Loan(
        store=SqlStore.on(connection), commit=connection.commit, rollback=connection.rollback, close=close
    )


def by_psycopg(url: str) -> Loan:
    """Return a store on a connection of psycopg."""
    db = psycopg.connect(sa.make_url(url).set(drivername="postgresql").render_as_string(hide_password=False))
    return Loan(store=SqlStore.on(db), commit=db.commit, rollback=db.rollback, close=db.close)


def by_pymysql(url: str) -> Loan:
    """Return a store on a connection of PyMySQL."""
    it = sa.make_url(url)
    db = pymysql.connect(
        host=it.host, port=it.port or 3306, user=it.username, password=it.password or "", database=it.database
    )
    return Loan(store=SqlStore.on(db), commit=db.commit, rollback=db.rollback, close=db.close)


class OnServer:
    """An empty store on a server that runs; `borrow` is how an embedder connects to it."""

    engine: ClassVar[str]
    capabilities = Capabilities(backed="servers are backed up by their own means")
    borrow = staticmethod(by_sqlalchemy)

    @pytest.fixture
    def setup(self, servers: Servers) -> StoreSetup:
        """Say how to open it."""
        url = servers[self.engine].url
        wipe(url)
        return StoreSetup(open=partial(SqlStore, url), borrow=partial(self.borrow, url))


class TestMemory(without_server.TestMemoryStore):
    pass


class TestSqlite(without_server.TestSqliteStore):
    pass


class TestPostgreSQL16(OnServer, StoreContract):
    engine = "postgresql-16"


class TestPostgreSQL18(OnServer, StoreContract):
    engine = "postgresql-18"


class TestPostgreSQL15(OnServer, StoreContract):
    engine = "postgresql-15"
    borrow = staticmethod(by_psycopg)


class TestMariaDB(OnServer, StoreContract):
    engine = "mariadb"
    borrow = staticmethod(by_pymysql)


class TestOceanBase(OnServer, StoreContract):
    engine = "oceanbase"


class TestGalera(OnServer, StoreContract):
    engine = "galera"
