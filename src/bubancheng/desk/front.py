"""The desk: the front door. One command, one transaction; then what follows from it."""

import datetime as dt
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from os import PathLike
from types import TracebackType
from typing import Self

import attrs

from bubancheng.actions import Action, Dispatch
from bubancheng.calendar import WorkCalendar
from bubancheng.desk.checking import broken
from bubancheng.desk.opening import active_calendar, bind_district, build_calendar, open_store
from bubancheng.desk.view import BoardLine, change_after, line_of
from bubancheng.desk.writing import Deed, Standing, Writer, digest, micros
from bubancheng.district import Assignment, District
from bubancheng.errors import (
    ArgumentError,
    BrokenChainError,
    BubanchengError,
    ConflictError,
    KindError,
    UnknownTicketError,
)
from bubancheng.hooks import DispatchRequest
from bubancheng.registry import Failure, Registry
from bubancheng.sla import Light
from bubancheng.store import ChangeSet, Filter, OutboxRow, StateRow, Store
from bubancheng.ticket import Actor, Entry, Ticket, chain, fold

_TRIES = 8  # how often a command is repeated when somebody else wrote first
_LEASE = 60_000_000  # microseconds a follow-up is kept from other sweepers
_PAGE = 500
SYSTEM = Actor(id="bubancheng", role="system")


@attrs.frozen
class Change:
    """A ticket whose light changed by itself: its number, the light before, the light now."""

    ticket: str
    before: Light
    now: Light


class Desk:
    """One district's desk on one store. Use `Desk.open`; several threads may share a desk."""

    def __init__(
        self,
        district: District,
        store: Store,
        calendar: WorkCalendar,
        registry: Registry,
        clock: Callable[[], dt.datetime],
    ) -> None:
        self.district, self.calendar = district, calendar
        self._store, self._registry, self._clock = store, registry, clock
        self.failures: list[Failure] = []

    @classmethod
    def open(  # noqa: PLR0913 each part may be replaced
        cls,
        district: str | PathLike[str] | District,
        *,
        store: str | Store | None = None,
        create: bool = True,
        calendar: WorkCalendar | None = None,
        plugins: Iterable[str] = (),
        settings: Mapping[str, Mapping[str, object]] | None = None,
        clock: Callable[[], dt.datetime] | None = None,
    ) -> "Desk":
        """Open the desk of a district.

        `district`: its short name or code, the path of a .toml profile, or a `District`; `store`: a
        URL, a store, or None for memory; `create`: make a missing store; `plugins`: names of
        further plugins to bind, in order; `settings`: by plugin name; `clock`: gives the instant
        at which things are recorded. Errors: `UnknownNameError` naming what exists, `ProfileError`,
        `PluginError`, `StoreError`.
        """
        registry = Registry()
        found = bind_district(district, registry)
        given = settings or {}
        for name in plugins:
            registry.bind(name, given.get(name))
        opened = open_store(store, registry, given, create=create)
        if calendar is None:
            calendar = build_calendar(found, registry)
        zone = calendar.table.civil.zone
        try:
            active = active_calendar(found, opened, calendar)
        except BaseException:
            opened.close()
            raise
        return cls(found, opened, active, registry, clock or (lambda: dt.datetime.now(zone)))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        self._store.close()

    # -- commands

    def do(
        self,
        action: Action,
        *,
        actor: Actor,
        at: dt.datetime | None = None,
        command_id: str | None = None,
    ) -> Ticket:
        """Carry out one action in one transaction and return the ticket after it.

        `at`: when it happened, now by default; `command_id`: repeating a command with the same id
        and content gives its first outcome. What follows from it (dispatch) runs afterwards and never
        fails the command. Errors: `NotAllowedError`, `UnknownTicketError`, `ArgumentError`,
        `ConflictError`, `StoreError`.
        """
        if not isinstance(action, Action):
            msg = f"an action such as Register(...) is meant, got {action!r}"
            raise KindError(msg)
        ticket = self._carry_out([Deed(action, at)], actor, command_id)
        if self.district.flow.step(ticket.step).follow_up is not None:
            self._follow_up(self._clock(), only=ticket.id)
            row = self._store.load(self.district.name, ticket.id)
            ticket = ticket if row is None else self._unpacked(row)
        return ticket

    def replay(self, histories: Iterable[Sequence[Deed]], *, actor: Actor) -> list[Ticket]:
        """Record what happened elsewhere: each history is about one ticket, all in one transaction.

        For imports; nothing follows from it by itself.
        """
        now, changes, tickets = self._clock(), [], []
        writer = Writer(self.district, self.calendar, actor, now)
        for deeds in histories:
            ticket, change = writer.write(self._standing(deeds[0].action.ticket), deeds)
            changes.append(attrs.evolve(change, outbox=()))
            tickets.append(ticket)
        if changes:
            self._store.commit(*changes)
        return tickets

    def _carry_out(
        self, deeds: Sequence[Deed], actor: Actor, command_id: str | None, finished: Sequence[str] = ()
    ) -> Ticket:
        for _ in range(_TRIES):
            outcome = self._outcome(deeds, actor, command_id)
            if outcome is not None:
                return outcome
            writer = Writer(self.district, self.calendar, actor, self._clock())
            standing = self._standing(deeds[0].action.ticket)
            ticket, change = writer.write(standing, deeds, command_id=command_id)
            try:
                self._store.commit(attrs.evolve(change, finished=finished))
            except ConflictError:
                continue
            return ticket
        msg = f"ticket {deeds[0].action.ticket!r} was changed by others {_TRIES} times: repeat the command"
        raise ConflictError(msg)

    def _outcome(self, deeds: Sequence[Deed], actor: Actor, command_id: str | None) -> Ticket | None:
        """Return what a command with this id gave the first time; None where it is new."""
        text = None
        if command_id is not None:
            text = self._store.lookup(self.district.name, "command", command_id)
        if text is None:
            return None
        known = json.loads(text)
        if known["digest"] != digest(deeds, actor):
            msg = f"command {command_id!r} was given before with other content: use a new id"
            raise ArgumentError(msg)
        entries = [it for it in self._entries(known["ticket"]) if it.sequence <= known["version"]]
        row = self._store.load(self.district.name, known["ticket"])
        return fold(entries, rule=self._unpacked(row).rule if row else "")

    # -- reading

    def get(self, ticket: str, *, actor: Actor) -> Ticket:
        """Return the state of a ticket, without personal data; `UnknownTicketError` where none is."""
        del actor  # every role may read the state
        return self._unpacked(self._row(ticket))

    def find(  # noqa: PLR0913 each is a filter
        self,
        *,
        actor: Actor,
        unit: str | None = None,
        step: str | None = None,
        light: Light | None = None,
        after: str | None = None,
        limit: int = 100,
    ) -> list[Ticket]:
        """Return tickets ordered by number, those after a number, at most `limit` of them.

        `light` is the light at this moment.
        """
        del actor  # every role may read the state
        found: list[Ticket] = []
        now = self._clock()
        for row in self._pages(unit=unit, step=step, after=after or ""):
            ticket = self._unpacked(row)
            if light is not None and change_after(self.district, self.calendar, ticket, now)[0] is not light:
                continue
            found.append(ticket)
            if len(found) >= limit:
                break
        return found

    def history(self, ticket: str, *, actor: Actor) -> list[Entry]:
        """Return the entries of a ticket in order."""
        self.get(ticket, actor=actor)
        return list(self._entries(ticket))

    def board(self, now: dt.datetime | None = None) -> Iterator[BoardLine]:
        """Yield the board's line of every ticket as of an instant, ordered by number."""
        at = self._clock() if now is None else now
        for row in self._pages():
            line = line_of(self.district, self.calendar, self._unpacked(row), at)
            if line is not None:
                yield line

    def personal(self, ticket: str, *, actor: Actor) -> dict[str, str]:
        """Return the personal data of a ticket (反映人, 联系电话, 诉求内容) that was not erased."""
        if not self.district.may(actor, "personal"):
            msg = f"role {actor.role!r} has no right to personal data (个人信息)"
            raise ArgumentError(msg)
        text = self._store.lookup(self.district.name, "personal", ticket)
        merged: dict[str, str] = {}
        for _, row in sorted((json.loads(text) if text else {}).items(), key=lambda it: int(it[0])):
            merged.update(row["data"])
        return merged

    def _pages(
        self, *, unit: str | None = None, step: str | None = None, after: str = ""
    ) -> Iterator[StateRow]:
        while True:
            page = self._store.find(
                Filter(district=self.district.name, unit=unit, step=step, after=after, limit=_PAGE)
            )
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1].ticket

    def _entries(self, ticket: str) -> Iterator[Entry]:
        return (chain.decode(link.text) for link in self._store.entries(self.district.name, ticket))

    def _standing(self, ticket: str) -> Standing | None:
        row = self._store.load(self.district.name, ticket)
        if row is None:
            return None
        personal = self._store.lookup(self.district.name, "personal", ticket)
        return Standing(self._unpacked(row), row.head, personal)

    @staticmethod
    def _unpacked(row: StateRow) -> Ticket:
        return chain.unpack(row.district, row.ticket, row.text)

    # -- what happens by itself

    def sweep(self, now: dt.datetime | None = None) -> list[Change]:
        """Finish what was cut off, and return the tickets whose light changed since the last time.

        However late and however often it runs, each change is returned once.
        """
        at = self._clock() if now is None else now
        self._follow_up(at)
        changes: list[Change] = []
        while rows := self._store.due_before(self.district.name, micros(at), _PAGE):
            updates = []
            for row in rows:
                writer = Writer(self.district, self.calendar, SYSTEM, at)
                fresh = writer.row(self._unpacked(row), row.head)
                updates.append(ChangeSet(district=self.district.name, expected=row.version, row=fresh))
                if fresh.light != row.light:
                    changes.append(Change(row.ticket, Light(row.light), Light(fresh.light)))
            self._store.commit(*updates)
        return changes

    def _follow_up(self, now: dt.datetime, only: str | None = None) -> None:
        """Carry out what follows from committed commands; a failure leaves the manual queue."""
        while rows := self._store.claim(
            self.district.name, ["dispatch"], _PAGE, now=micros(now), lease=_LEASE
        ):
            for row in rows:
                self._dispatch(row)
            if only is not None:
                return

    def _dispatch(self, row: OutboxRow) -> None:
        ticket = self.get(row.ticket, actor=SYSTEM)
        assignment = None
        if self.district.flow.step(ticket.step).follow_up == "dispatch":
            assignment = self.assign(request_of(ticket))
        if assignment is None:
            self._store.finish(row)
            return
        action = Dispatch(ticket=ticket.id, unit=assignment.unit, dispatch_rule=assignment.rule)
        try:
            self._carry_out([Deed(action)], SYSTEM, row.id, finished=[row.id])
        except BubanchengError as error:
            self.failures.append(Failure("desk", "dispatch", str(error)))
            self._store.finish(row)

    def assign(self, request: DispatchRequest) -> Assignment | None:
        """Return where a ticket goes: a plugin's word, else the profile's keys, else None."""
        assignment, failures = self._registry.dispatch(request)
        self.failures += failures
        return assignment or self.district.assign(matter=request.matter, place=request.place)

    # -- trust

    def verify(self, ticket: str | None = None) -> list[BrokenChainError]:
        """Walk the hash chains of one ticket or of all; return every ticket that does not fit.

        Each error names the ticket and its first broken entry; an empty list means all is whole.
        """
        if ticket is None:
            rows: Iterable[StateRow] = self._pages()
        else:
            rows = [self._row(ticket)]
        return [error for row in rows if (error := broken(self._store, row)) is not None]

    def _row(self, ticket: str) -> StateRow:
        row = self._store.load(self.district.name, ticket)
        if row is None:
            raise UnknownTicketError("工单", ticket, ())
        return row


def request_of(ticket: Ticket) -> DispatchRequest:
    """Return what a dispatcher is told of a ticket."""
    return DispatchRequest(
        ticket=ticket.id,
        matter=ticket.text("matter") or "",
        place=ticket.text("place"),
        channel=ticket.text("channel"),
        registered_at=ticket.marks[0].at,
    )
