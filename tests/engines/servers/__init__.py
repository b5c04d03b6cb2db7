"""Real servers, started on loopback in temporary folders, without the rights of root."""

from collections.abc import Callable, Mapping

from tests.engines.servers.galera import Galera
from tests.engines.servers.mariadb import MariaDB
from tests.engines.servers.oceanbase import OceanBase
from tests.engines.servers.postgresql import PostgreSQL
from tests.engines.servers.server import Server

__all__ = ["ENGINES", "Galera", "MariaDB", "OceanBase", "PostgreSQL", "Server"]

ENGINES: Mapping[str, Callable[[], Server | Galera]] = {
    "postgresql-16": PostgreSQL,
    "postgresql-18": lambda: PostgreSQL("PostgreSQL 18 (wheel)"),
    "postgresql-15": lambda: PostgreSQL("PostgreSQL 15 (Debian)"),
    "mariadb": MariaDB,
    "oceanbase": OceanBase,
    "galera": Galera,
}
