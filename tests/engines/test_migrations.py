"""The tables that the migrations make, one after the other, are those that the store speaks of."""

from collections.abc import Mapping
from typing import Any

import pytest
import sqlalchemy as sa

from bubancheng_sql import SqlStore
from bubancheng_sql.tables import METADATA
from tests.engines.conftest import empty_databases

pytestmark = pytest.mark.engines

_COLLATIONS = sa.text(
    "SELECT table_name, column_name, collation_name FROM information_schema.columns WHERE table_schema = :name"
)


def collations(connection: sa.Connection) -> Mapping[tuple[str, str], str]:
    """Return by which order a server compares each column."""
    rows = connection.execute(_COLLATIONS, {"name": sa.inspect(connection).default_schema_name})
    return {(str(table), str(column)): str(name) for table, column, name in rows}


def options(server: sa.Inspector, table: str) -> Mapping[str, Any]:
    """Return how a table is kept, which MySQL's family alone can be told."""
    if server.dialect.name == "postgresql":
        return {}
    found = server.get_table_options(table)
    return {key: it for key, it in found.items() if not key.endswith("_auto_increment")}


def described(engine: sa.Engine) -> dict[str, dict[str, Any]]:
    """Return what a server says of each of our tables: columns, keys, indexes."""
    with engine.connect() as connection:
        server, order = sa.inspect(connection), collations(connection)
        return {
            table: {
                "columns": {
                    it["name"]: (repr(it["type"]), it["nullable"], order.get((table, it["name"])))
                    for it in server.get_columns(table)
                },
                "key": server.get_pk_constraint(table)["constrained_columns"],
                "of": sorted(
                    (it["name"], it["constrained_columns"], it["referred_table"], it["referred_columns"])
                    for it in server.get_foreign_keys(table)
                ),
                "indexes": {
                    it["name"]: (it["column_names"], it["unique"]) for it in server.get_indexes(table)
                },
                "options": options(server, table),
            }
            for table in METADATA.tables
        }


@pytest.mark.parametrize("engine", ["postgresql-15", "mariadb"])
def test_a_server_has_the_same_tables_from_migrations_as_from_the_store(url: str) -> None:
    with empty_databases(url, "migrated", "written_down") as (migrated, written_down):
        SqlStore(migrated).close()
        ours, theirs = (sa.create_engine(it, poolclass=sa.NullPool) for it in (written_down, migrated))
        METADATA.create_all(ours)
        assert described(ours) == described(theirs)
