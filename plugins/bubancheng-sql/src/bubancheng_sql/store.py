"""The storage contract on a SQL server, by URL or on a connection of the embedder's."""

from collections.abc import Iterable, Iterator

from bubancheng.store import ChangeSet, Filter, Link, OutboxRow, Record, StateRow
from bubancheng_sql import reading, writing
from bubancheng_sql.patience import Patience
from bubancheng_sql.transactions import BorrowedTransactions, OwnTransactions, Transactions

_PAGE = 500  # entries read at a time


class SqlStore:
    """The storage contract on one database; threads share a store, and so do any number of processes."""

    is_borrowed: bool = False

    def __init__(self, url: str, *, create: bool = True, patience: Patience | None = None) -> None:
        self._server: Transactions = OwnTransactions(url, create=create, patience=patience or Patience())

    @classmethod
    def on(cls, connection: object) -> "SqlStore":
        """Return a store on a connection of the embedder's, whose commit or rollback takes ours along.

        `connection`: of SQLAlchemy, of Django (`django.db.connection`), or of psycopg, psycopg2, PyMySQL,
        mysqlclient. A desk on it neither commits nor dispatches by itself: call `sweep` after the commit.
        Errors: `StoreError` where the tables are not there, or no transaction is open.
        """
        made = cls.__new__(cls)
        made._server = BorrowedTransactions(connection)  # noqa: SLF001 another constructor of the same class
        made.is_borrowed = True
        return made

    def load(self, district: str, ticket: str) -> StateRow | None:
        """Return the state row of a ticket."""
        return self._server.read(lambda hand: reading.load(hand, district, ticket))

    def entries(self, district: str, ticket: str, after: int = 0) -> Iterator[Link]:
        """Yield the stored entries of a ticket, a page at a time."""
        while True:
            page = self._page(district, ticket, after)
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].sequence

    def _page(self, district: str, ticket: str, after: int) -> list[Link]:
        return self._server.read(lambda hand: reading.links(hand, district, ticket, after, _PAGE))

    def lookup(self, district: str, kind: str, key: str) -> str | None:
        """Return the text of a record."""
        return self._server.read(lambda hand: reading.lookup(hand, district, kind, key))

    def commit(self, *changes: ChangeSet) -> None:
        """Apply all the changes in one transaction."""
        if changes:
            self._server.write(lambda hand: writing.apply(hand, changes), changes)

    def find(self, wanted: Filter) -> list[StateRow]:
        """Return the rows that a filter asks for."""
        return self._server.read(lambda hand: reading.find(hand, wanted))

    def due_before(self, district: str, instant: int, limit: int = 1000) -> list[StateRow]:
        """Return rows whose `next_change` is not after an instant."""
        return self._server.read(lambda hand: reading.due_before(hand, district, instant, limit))

    def claim(self, district: str, kinds: Iterable[str], n: int, *, now: int, lease: int) -> list[OutboxRow]:
        """Take up to n rows that are due."""
        wanted = reading.claimable(district, tuple(kinds), n, now=now, skip_locked=self._server.skips_locked)
        return self._server.write(lambda hand: writing.claim(hand, wanted, until=now + lease)) or []

    def finish(self, row: OutboxRow) -> None:
        """Remove an outbox row."""
        self._server.write(lambda hand: writing.drop_outbox(hand, [(row.id, row.district)]))

    def districts(self) -> list[str]:
        """Return the districts of which there are tickets."""
        return self._server.read(reading.districts)

    def holdings(self) -> list[str]:
        """Return every name under which anything is kept."""
        return self._server.read(reading.holdings)

    def records(self, district: str, after: tuple[str, str] = ("", ""), limit: int = 1000) -> list[Record]:
        """Return records ordered by kind and key."""
        return self._server.read(lambda hand: reading.records(hand, district, after, limit))

    def waiting(self, district: str, after: str = "", limit: int = 1000) -> list[OutboxRow]:
        """Return outbox rows ordered by id."""
        return self._server.read(lambda hand: reading.waiting(hand, district, after, limit))

    def close(self) -> None:
        """Let go of connections; one of the embedder's is left open."""
        self._server.close()
