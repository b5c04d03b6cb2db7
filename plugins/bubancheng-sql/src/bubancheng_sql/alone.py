"""One at a time makes the tables."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.schema import CreateTable

from bubancheng_sql.patience import Patience
from bubancheng_sql.trouble import Trouble, code_of, meaning

VERSION_TABLE = "bubancheng_schema"

_LOCK = "SELECT pg_advisory_xact_lock(1650680625)"
_TABLE = sa.Table(
    VERSION_TABLE,
    sa.MetaData(),
    sa.Column("version_num", sa.String(32), primary_key=True),
    mysql_engine="InnoDB",
    mariadb_engine="InnoDB",
)
_ROW = sa.insert(_TABLE).values(version_num="(being made)")
_NOT_SEEN_YET = 1146  # OceanBase, of a table that somebody else has made just now
_PATIENCE = Patience(60)


@contextmanager
def alone(connection: sa.Connection) -> Iterator[None]:
    """Let nobody else make tables until what is done inside is committed; on Galera, nobody on this node.

    MySQL's family has locks by name too, but OceanBase, started again, may keep one that was let go. So a row
    is held that is never committed.
    """
    connection.rollback()  # what was read before is no part of it
    if connection.dialect.name in {"mysql", "mariadb"}:
        with connection.engine.connect() as other:
            _hold(other)
            yield
            connection.commit()
            other.rollback()
        return
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(_LOCK)
    yield
    connection.commit()


def _hold(connection: sa.Connection) -> None:
    if not sa.inspect(connection).has_table(VERSION_TABLE):
        connection.execute(CreateTable(_TABLE, if_not_exists=True))
    for is_last in _PATIENCE.tries():
        try:
            connection.execute(_ROW)
        except sa.exc.DBAPIError as error:
            connection.rollback()
            if is_last or (meaning(error) is not Trouble.UNDONE and code_of(error) != _NOT_SEEN_YET):
                raise
        else:
            return
