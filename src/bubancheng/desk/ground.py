"""What every part of a desk stands on: the district, its calendar, its store, its plugins, a clock."""

import datetime as dt
from collections.abc import Callable, Iterator

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.desk.writing import Standing, check_text
from bubancheng.district import District
from bubancheng.errors import UnknownTicketError
from bubancheng.registry import Failure, Registry
from bubancheng.store import Filter, StateRow, Store
from bubancheng.ticket import Actor, Entry, Ticket, chain

PAGE = 500  # rows read, or written, at a time
SYSTEM = Actor(id="bubancheng", role="system")


@attrs.define
class Ground:
    """The parts of one desk, and how tickets are read from its store.

    `failures`: what plugins did wrong since the desk was opened.
    """

    district: District
    calendar: WorkCalendar
    store: Store
    registry: Registry
    clock: Callable[[], dt.datetime]
    failures: list[Failure] = attrs.field(factory=list)

    def row(self, ticket: str) -> StateRow:
        """Return the state row of a ticket; `UnknownTicketError` where there is none."""
        check_text("ticket", ticket)
        row = self.store.load(self.district.name, ticket)
        if row is None:
            raise UnknownTicketError("工单", ticket, ())
        return row

    def ticket(self, row: StateRow) -> Ticket:
        """Return the ticket of a state row."""
        return chain.unpack(row.district, row.ticket, row.text)

    def pages(
        self, *, unit: str | None = None, step: str | None = None, after: str = ""
    ) -> Iterator[StateRow]:
        """Yield rows ordered by ticket number, a page at a time."""
        while True:
            page = self.store.find(
                Filter(district=self.district.name, unit=unit, step=step, after=after, limit=PAGE)
            )
            yield from page
            if len(page) < PAGE:
                return
            after = page[-1].ticket

    def entries(self, ticket: str) -> Iterator[Entry]:
        """Yield the entries of a ticket in order."""
        return (chain.decode(link.text) for link in self.store.entries(self.district.name, ticket))

    def personal(self, ticket: str) -> str | None:
        """Return the personal rows of a ticket as stored."""
        return self.store.lookup(self.district.name, "personal", ticket)

    def standing(self, ticket: str) -> Standing | None:
        """Return a ticket with all that the next entry is chained to; None where there is none."""
        row = self.store.load(self.district.name, ticket)
        if row is None:
            return None
        return Standing(self.ticket(row), row.head, row.light, self.personal(ticket))
