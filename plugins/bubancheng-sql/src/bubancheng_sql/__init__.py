"""Stores on SQL servers, offered through the same hook as any other: PostgreSQL, MariaDB, OceanBase.

`SqlStore.on(connection)` puts a store on a connection of the embedder's, whose commit takes ours along.
"""

from bubancheng.hooks import DistrictPlugin, StoreRequest, hookimpl
from bubancheng.store import Store
from bubancheng_sql.patience import Patience
from bubancheng_sql.store import SqlStore

__all__ = ["Patience", "SqlPlugin", "SqlStore"]


class SqlPlugin(DistrictPlugin):
    """Offers the stores of servers, for URLs such as postgresql+psycopg://name:word@host:5432/database.

    Settings: `patience`, the seconds to go on while a server is away or busy (10 by default).
    """

    @hookimpl
    def bubancheng_store(self, request: StoreRequest) -> Store:
        """Open the store of a URL; the tables are made where they are missing and `create` is meant."""
        return SqlStore(request.url, create=request.create, patience=Patience.of(self.settings))
