"""The embedded store, offered through the same hook as any other."""

from collections.abc import Mapping

from bubancheng.errors import StoreError
from bubancheng.hooks import DistrictPlugin, StoreRequest, hookimpl
from bubancheng.sqlite.store import SqliteStore
from bubancheng.store import Store

__all__ = ["SqlitePlugin", "SqliteStore", "plugin"]


class SqlitePlugin(DistrictPlugin):
    """Offers the embedded store for URLs such as sqlite:///relative.db and sqlite:////absolute.db."""

    @hookimpl
    def bubancheng_store(self, request: StoreRequest) -> Store | None:
        """Open a SQLite file; None for any other URL."""
        scheme, found, path = request.url.partition("://")
        if scheme != "sqlite" or not found:
            return None
        if not path.startswith("/") or path == "/":
            msg = f"{request.url!r} names no file: write sqlite:///relative.db or sqlite:////absolute.db"
            raise StoreError(msg)
        return SqliteStore(path[1:], create=request.create)


def plugin(settings: Mapping[str, object]) -> DistrictPlugin:
    """Return the plugin, as its entry point asks for it."""
    return SqlitePlugin(settings)
