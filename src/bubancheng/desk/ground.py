"""What every part of a desk stands on: the district, its calendar, its store, its plugins, a clock."""

import datetime as dt
import json
from collections.abc import Callable, Iterator

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.desk.besides import removal
from bubancheng.desk.wording import check_text, merged
from bubancheng.desk.writing import Standing, Writer
from bubancheng.district import District
from bubancheng.errors import RemovedTicketError, StoreError, UnknownTicketError
from bubancheng.privacy import PASS_THROUGH, Vault
from bubancheng.registry import Failure, Registry
from bubancheng.store import Filter, StateRow, Store
from bubancheng.ticket import Actor, Entry, Ticket, chain

PAGE = 500  # rows read, or written, at a time
SYSTEM = Actor(id="bubancheng", role="system")
DISPATCH, TRIAGE = "dispatch", "triage"  # the actions that follow by themselves


@attrs.define
class Ground:
    """The parts of one desk, and how tickets are read from its store.

    `failures`: what plugins did wrong since the desk was opened; `vault`: what personal rows pass through;
    `swept`: the latest instant of its sweeps.
    """

    district: District
    calendar: WorkCalendar
    store: Store
    registry: Registry
    clock: Callable[[], dt.datetime]
    vault: Vault = PASS_THROUGH
    failures: list[Failure] = attrs.field(factory=list)
    swept: dt.datetime | None = None

    def row(self, ticket: str) -> StateRow:
        """Return the state row of a ticket; `UnknownTicketError` where there is none."""
        check_text("ticket", ticket)
        row = self.store.load(self.district.name, ticket)
        if row is None:
            raise self.missing(ticket)
        return row

    def missing(self, ticket: str) -> UnknownTicketError:
        """Return why a ticket is not there: it was destroyed, it was moved, or it never was."""
        entry = removal(self.store, self.district.name, ticket)
        if entry is None:
            return UnknownTicketError("工单", ticket, ())
        to = entry.effect.facts.get("to")
        day = entry.at.astimezone(self.calendar.table.civil.zone).date()
        return RemovedTicketError(ticket, entry.kind, day, None if to is None else str(to))

    def refuse_removed(self, ticket: str) -> None:
        """Refuse to take up a number whose file was destroyed or moved: it is never given again."""
        error = self.missing(ticket)
        if isinstance(error, RemovedTicketError):
            raise error

    def ticket(self, row: StateRow) -> Ticket:
        """Return the ticket of a state row."""
        return chain.unpack(row.district, row.ticket, row.text)

    def pages(
        self, *, unit: str | None = None, step: str | None = None, after: str = ""
    ) -> Iterator[StateRow]:
        """Yield rows ordered by ticket number, a page at a time."""
        return self.pages_of(self.district.name, unit=unit, step=step, after=after)

    def pages_of(
        self, district: str, *, unit: str | None = None, step: str | None = None, after: str = ""
    ) -> Iterator[StateRow]:
        """Yield the rows of any district of the store."""
        return self.rows(Filter(district=district, unit=unit, step=step, after=after, limit=PAGE))

    def rows(self, wanted: Filter) -> Iterator[StateRow]:
        """Yield all rows that a filter asks for, whose limit is that of a page."""
        while True:
            page = self.store.find(wanted)
            yield from page
            if len(page) < wanted.limit:
                return
            wanted = attrs.evolve(wanted, after=page[-1].ticket)

    def was_swept_after(self, now: dt.datetime) -> bool:
        """Whether what is told is that of a later instant: somebody asks about an earlier one."""
        return self.swept is not None and now < self.swept

    def entries(self, ticket: str) -> Iterator[Entry]:
        """Yield the entries of a ticket in order."""
        return (chain.decode(link.text) for link in self.store.entries(self.district.name, ticket))

    def personal(self, ticket: str) -> str | None:
        """Return the personal rows of a ticket as JSON, taken out of the vault."""
        sealed = self.store.lookup(self.district.name, "personal", ticket)
        if not sealed:
            return None
        try:
            return self.vault.open(sealed)
        except Exception as error:
            msg = f"the vault cannot open the personal data of ticket {ticket!r}: {error}"
            raise StoreError(msg) from error

    def personal_data(self, ticket: str) -> dict[str, str]:
        """Return the personal data of a ticket that was not erased, by field; the latest word counts."""
        try:
            return merged(json.loads(self.personal(ticket) or "{}"))
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            msg = f"the personal data of ticket {ticket!r} cannot be read: run verify"
            raise StoreError(msg) from error

    def standing(self, ticket: str, *, personal: bool = False) -> Standing | None:
        """Return a ticket with all that the next entry is chained to; None where there is none.

        `personal`: with its personal rows too, for an entry that adds some.
        """
        row = self.store.load(self.district.name, ticket)
        if row is None:
            return None
        return Standing(self.ticket(row), row.head, row.told, self.personal(ticket) if personal else None)

    def writer(self, actor: Actor, at: dt.datetime) -> Writer:
        """Return what turns deeds of an actor, recorded at an instant, into change sets."""
        return Writer(
            district=self.district,
            calendar=self.calendar,
            actor=actor,
            recorded_at=at,
            vault=self.vault,
            follow_ups=self.follow_ups,
        )

    @property
    def follow_ups(self) -> frozenset[str]:
        """What this desk does by itself: dispatch, and triage where a plugin gives advice."""
        triage = {TRIAGE} if self.registry.implements("bubancheng_triage") else set()
        return frozenset({DISPATCH} | triage)
