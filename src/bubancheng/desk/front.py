"""The desk: the front door. One command, one transaction; then what follows from it."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Sequence
from os import PathLike
from types import TracebackType
from typing import Self

import attrs

from bubancheng.actions import Action
from bubancheng.calendar import WorkCalendar
from bubancheng.desk import (
    anchoring,
    commands,
    delivering,
    duty,
    expiring,
    finding,
    following,
    moving,
    purging,
    reading,
    recounting,
    register,
    tracking,
)
from bubancheng.desk.accessing import EVERYTHING, accesses
from bubancheng.desk.anchoring import Anchor
from bubancheng.desk.checking import broken
from bubancheng.desk.delivering import Delivery
from bubancheng.desk.duty import Absence
from bubancheng.desk.expiring import Expiry
from bubancheng.desk.following import Change
from bubancheng.desk.ground import Ground
from bubancheng.desk.opening import active_calendar, bind_district, bind_plugins, build_calendar, open_store
from bubancheng.desk.purging import Clearance
from bubancheng.desk.recounting import Move
from bubancheng.desk.tracking import PublicStatus
from bubancheng.desk.view import BoardLine
from bubancheng.desk.writing import Deed, check_instant
from bubancheng.district import Assignment, District
from bubancheng.errors import BrokenChainError, KindError, NotAllowedError, StoreError
from bubancheng.hooks import DispatchRequest, DistrictPlugin, Health
from bubancheng.privacy import PASS_THROUGH, Vault
from bubancheng.registry import Failure, PluginSettings, Registry, read_choice
from bubancheng.sla import ClockExplanation, Light, explain_clock
from bubancheng.store import Backed, Filter, OutboxRow, Store
from bubancheng.ticket import Actor, Entry, Ticket


class Desk:
    """One district's desk on one store. Use `Desk.open`; several threads may share a desk."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    @classmethod
    def open(  # noqa: PLR0913 each part may be replaced
        cls,
        district: str | PathLike[str] | District,
        *,
        store: str | Store | None = None,
        create: bool = True,
        calendar: WorkCalendar | None = None,
        plugins: Iterable[str] = (),
        settings: PluginSettings | None = None,
        vault: Vault = PASS_THROUGH,
        clock: Callable[[], dt.datetime] | None = None,
        strict: bool = False,
    ) -> "Desk":
        """Open the desk of a district.

        `district`: its short name or code, the path of a .toml profile, or a `District`; `store`: a
        URL, a store, or None for memory; `create`: make a missing store; `plugins`: names of
        further plugins to bind, in order; `settings`: by plugin name, or the path of a TOML file with a
        table `[plugin.NAME]` for each: what it names is bound too, unless it says `enabled = false`;
        `vault`: what seals personal rows; `clock`: gives the instant at which things are recorded;
        `strict`: what a plugin does wrong is raised, for its authors, instead of recorded. Errors:
        `UnknownNameError` naming what exists, `ProfileError`, `PluginError`, `SettingsError`, `StoreError`.
        """
        registry = Registry(strict=strict)
        choice = read_choice(settings)
        with choice.locating():
            found = bind_district(district, registry, choice)
            bind_plugins(plugins, registry, choice)
            opened = open_store(store, registry, choice, create=create)
        try:
            active = active_calendar(found, opened, calendar or build_calendar(found, registry))
        except BaseException:
            opened.close()
            raise
        zone = active.table.civil.zone
        ticking = clock or (lambda: dt.datetime.now(zone))
        return cls(Ground(found, active, opened, registry, ticking, vault))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the store."""
        self._ground.store.close()

    @property
    def district(self) -> District:
        """The district this desk belongs to."""
        return self._ground.district

    @property
    def calendar(self) -> WorkCalendar:
        """The calendar that is active for the district's tickets."""
        return self._ground.calendar

    @property
    def failures(self) -> list[Failure]:
        """What plugins did wrong since the desk was opened."""
        return self._ground.failures

    def health(self) -> dict[str, Health | None]:
        """Return how each bound plugin says it is; None where it does not say."""
        return self._ground.registry.health()

    def _now(self, now: dt.datetime | None) -> dt.datetime:
        if now is None:
            return self._ground.clock()
        check_instant("now", now)
        return now

    def bind(self, name: str, plugin: DistrictPlugin) -> None:
        """Bind a plugin that your own program made, behind the others; `PluginError` for a bad one."""
        self._ground.registry.add(name, plugin)

    # -- commands

    def do(
        self,
        action: Action,
        *,
        actor: Actor,
        at: dt.datetime | None = None,
        command_id: str | None = None,
        approver: Actor | None = None,
    ) -> Ticket:
        """Carry out one action in one transaction and return the ticket after it.

        `at`: when it happened, now by default; `command_id`: repeating a command with the same id
        and content gives its first outcome; `approver`: who approved it, where the rules
        ask for one. What follows from it (dispatch) runs afterwards and never fails the command. Errors:
        `NotAllowedError`, `UnknownTicketError`, `ArgumentError`, `ConflictError`, `StoreError`.
        """
        if not isinstance(action, Action):
            msg = f"an action such as Register(...) is meant, got {action!r}"
            raise KindError(msg)
        ground = self._ground
        ticket = commands.carry_out(ground, [Deed(action, at, approver)], actor, command_id=command_id)
        wanted = ground.district.flow.step(ticket.step).follow_up
        if wanted not in ground.follow_ups or ground.store.is_borrowed:
            return ticket
        try:
            following.follow_up(ground, ground.clock())
            if command_id is None:
                return ground.ticket(ground.row(ticket.id))
            return commands.known_outcome(ground, f"{command_id}/{wanted}") or ticket
        except StoreError as error:  # the command itself is saved; the next sweep goes on
            ground.failures.append(Failure("desk", wanted, str(error)))
            return ticket

    def replay(self, histories: Iterable[Sequence[Deed]], *, actor: Actor) -> list[Ticket]:
        """Record what happened elsewhere: each history is about one ticket, all in one transaction.

        For imports; nothing follows from it by itself.
        """
        return commands.replay(self._ground, histories, actor)

    def assign(self, request: DispatchRequest) -> Assignment | None:
        """Return where a ticket would go: a plugin's word, else the profile's keys, else None."""
        return following.assign(self._ground, request)

    # -- reading

    def get(self, ticket: str, *, actor: Actor) -> Ticket:
        """Return the state of a ticket, without personal data; `UnknownTicketError` where none is.

        Errors: `RemovedTicketError`, one of these, where its file was destroyed or moved.
        """
        row = self._ground.row(ticket)
        reading.logged_read(self._ground, actor, ticket, "state")
        return self._ground.ticket(row)

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

        `unit`: the responsible one, also where the work was passed down; `light`: the light at this moment.
        """
        ground, now = self._ground, self._ground.clock()
        reading.logged_read(ground, actor, EVERYTHING, f"find unit={unit} step={step} light={light}")
        wanted = Filter(district=ground.district.name, unit=unit, step=step, after=after or "", limit=limit)
        return finding.find(ground, wanted, light, now)

    def history(self, ticket: str, *, actor: Actor) -> list[Entry]:
        """Return the entries of a ticket in order."""
        self._ground.row(ticket)
        reading.logged_read(self._ground, actor, ticket, "history")
        return list(self._ground.entries(ticket))

    def board(
        self,
        now: dt.datetime | None = None,
        *,
        after: str | None = None,
        limit: int | None = None,
        calendar: WorkCalendar | None = None,
    ) -> Iterator[BoardLine]:
        """Yield the board's line of every ticket as of an instant, ordered by number.

        `after`, `limit`: the lines after a number, at most so many: a page, whose last number the next one
        is after; `calendar`: another than the active one, such as `kept_calendar(version)` for old figures.
        """
        ground = self._ground
        return finding.board(ground, self._now(now), calendar or ground.calendar, after or "", limit)

    def export(
        self, *, actor: Actor, purpose: str, now: dt.datetime | None = None
    ) -> Iterator[tuple[Ticket, BoardLine, dict[str, str]]]:
        """Yield every ticket as of an instant, with its line and its personal data masked, ordered by number.

        For what leaves the desk as a whole (a ledger, a report): a hand-over, put on record with its
        `purpose` (what for, to where) before anything is read; `accesses()` shows it.
        """
        return reading.export(self._ground, actor, purpose, self._now(now))

    def explain(
        self, ticket: str, *, actor: Actor, now: dt.datetime | None = None, target: str | None = None
    ) -> ClockExplanation:
        """Return why a ticket has its light: what started it, paused it, moved it, day by day.

        `target`: the name of another clock than the one the light watches.
        """
        seen = self.get(ticket, actor=actor)
        policy = self.district.rule_of(seen).policy
        return explain_clock(policy, seen, self.calendar, self._now(now), target=target)

    def personal(self, ticket: str, *, actor: Actor, purpose: str | None = None) -> dict[str, str]:
        """Return the personal data of a ticket (反映人, 联系电话, 诉求内容) that was not erased, by field.

        Masked, for every role; with a `purpose` as it is, to a role with the right "personal" whose unit
        handles the ticket, helps with it, or took it in: that is put on record before anything is returned.
        Errors: `NotAllowedError`, `UnknownTicketError`.
        """
        return reading.personal(self._ground, ticket, actor, purpose)

    def accesses(self, ticket: str | None = None, *, actor: Actor) -> list[Entry]:
        """Return who read what of a ticket, why and when; None: who looked for tickets.

        Errors: `NotAllowedError` for a role without the right "accesses".
        """
        self._check_accesses(actor)
        wanted = EVERYTHING if ticket is None else ticket
        reading.logged_read(self._ground, actor, wanted, "access records")
        return list(accesses(self._ground, wanted))

    def _check_accesses(self, actor: Actor) -> None:
        if not self.district.may(actor, "accesses"):
            reason = f"role {actor.role!r} has no right to the access records (查阅记录)"
            raise NotAllowedError("accesses", "-", reason)

    def erase(self, ticket: str, *, actor: Actor, now: dt.datetime | None = None) -> Ticket:
        """Erase the personal data of a ticket whose retention has ended; its history stays whole.

        Errors: `NotAllowedError` for a role without the right "erase", or while the data must be kept.
        """
        return reading.erase(self._ground, ticket, actor, self._now(now))

    # -- retention

    def expiries(self, now: dt.datetime | None = None) -> Iterator[Expiry]:
        """Yield what retention (保管期限) has ended for at an instant: the plan of a purge and of a move.

        Nothing changes; closed files alone are looked at. What cannot be read is left to `verify`.
        """
        return (it for it, _ in expiring.expiries(self._ground, self._now(now), []))

    def purge(
        self,
        *,
        actor: Actor,
        now: dt.datetime | None = None,
        approver: Actor | None = None,
        tell: Callable[[Expiry], None] | None = None,
    ) -> Clearance:
        """Erase personal data, and destroy files and access records, whose retention has ended: for good.

        Each file is a commit of its own, which also writes it into the register of what was taken out
        (销毁清册): cut off, call it again. A file that others change meanwhile stays, and so does one that
        does not fit its hashes. `approver`: the second person who was there (监销); `tell`: is called after
        each.
        Errors: `NotAllowedError` for a role without the rights "erase" and "destroy".
        """
        return purging.purge(self._ground, actor, self._now(now), approver=approver, tell=tell)

    def archive_into(
        self,
        store: Store,
        *,
        name: str,
        actor: Actor,
        now: dt.datetime | None = None,
        tell: Callable[[Expiry], None] | None = None,
    ) -> Clearance:
        """Move closed files that need not stay at hand (class limit `online`) into another store.

        Each is copied with its personal data and its access records, read back and checked there, and then
        taken out here, by an entry in the register: cut off, call it again. `name`: what the register
        calls the archive; a desk opened on it reads, verifies and purges there. Notices that still wait are
        dropped. Errors: `NotAllowedError` for a role without the right "destroy", `StoreError` for an
        archive that does not keep what it was given.
        """
        ground = self._ground
        archive = attrs.evolve(ground, store=store)
        transfer = moving.Transfer(ground=ground, archive=archive, name=name, actor=actor, now=self._now(now))
        return transfer.carry_out(tell)

    def removals(self, ticket: str | None = None, *, actor: Actor) -> Iterator[Entry]:
        """Yield the register of what was taken out (销毁清册): of one ticket, or of all in order of number.

        An entry's kind is "destroyed", "moved" or "accesses_destroyed"; its facts hold the class, since when
        it was due, the hash of every entry that went, and the archive's name (`to`). Errors:
        `NotAllowedError` for a role without the right "accesses".
        """
        self._check_accesses(actor)
        return register.removals(self._ground, ticket)

    # -- the public

    def track(self, query_code: str, *, now: dt.datetime | None = None) -> PublicStatus:
        """Return what the reporter may see of a ticket by its query code (查询编码), and nothing else.

        Limit the attempts before calling this. Errors: `QueryCodeError` for a code that was mistyped,
        `UnknownNameError` for one that opens nothing, `RemovedTicketError` where the file was destroyed or
        moved.
        """
        return tracking.track(self._ground, query_code, self._now(now))

    # -- who looks

    def sign_in(self, *, actor: Actor) -> None:
        """Write down that somebody of a unit has looked at its orders today (每天及时登录)."""
        duty.sign_in(self._ground, actor, self._ground.clock())

    def absences(self, now: dt.datetime | None = None) -> list[Absence]:
        """Return the units with orders waiting in which nobody has looked this working day."""
        return duty.absences(self._ground, self._now(now))

    # -- what happens by itself

    def sweep(self, now: dt.datetime | None = None) -> list[Change]:
        """Finish what was cut off, and return the tickets whose light or limits changed since the last time.

        However late and however often it runs, each change is returned once; what it sets off by the
        profile's routes waits in the outbox.
        """
        return following.sweep(self._ground, self._now(now))

    def relay(self, now: dt.datetime | None = None) -> Delivery:
        """Deliver the notices that wait in the outbox, by the plugins bound for their routes.

        What fails is put off, twice as long each time, and set aside after ten attempts.
        """
        return delivering.relay(self._ground, self._now(now))

    def dead_letters(self, now: dt.datetime | None = None) -> list[OutboxRow]:
        """Return the notices that were set aside."""
        return delivering.dead_letters(self._ground, self._now(now))

    def redeliver(self, notice: str, now: dt.datetime | None = None) -> None:
        """Put a notice that was set aside back among those that wait."""
        delivering.redeliver(self._ground, notice, self._now(now))

    # -- another calendar

    def plan_calendar(self, calendar: WorkCalendar, *, now: dt.datetime | None = None) -> list[Move]:
        """Return the open tickets whose due time or light another calendar would change.

        Nothing changes; each `Move` has both due times and both lights.
        """
        return recounting.plan(self._ground, calendar, self._now(now))

    def apply_calendar(
        self, calendar: WorkCalendar, *, actor: Actor, now: dt.datetime | None = None
    ) -> list[Move]:
        """Make another calendar the active one; each open ticket gets a `recalculated` entry.

        The entry keeps the old and the new due time and both versions. Resumable: cut off, call it
        again. Errors: `NotAllowedError` for a role without the right "calendar".
        """
        return recounting.apply(self._ground, calendar, actor, self._now(now))

    def kept_calendar(self, version: str) -> WorkCalendar:
        """Return a calendar this district has used, as it was; `UnknownNameError` for another."""
        return recounting.kept_calendar(self._ground, version)

    # -- trust

    def verify(self, ticket: str | None = None, *, anchor: str | None = None) -> list[BrokenChainError]:
        """Walk the hash chains of one ticket or of all; return every ticket that does not fit.

        `anchor`: the digest of an anchor kept elsewhere, by which cut, deleted and rebuilt histories show
        too. Each error names the ticket and its first broken entry; an empty list means all is whole.
        """
        ground = self._ground
        rows = ground.pages() if ticket is None else [ground.row(ticket)]
        found = [error for row in rows if (error := broken(ground, row)) is not None]
        found += anchoring.check_accesses(ground, ticket)
        found += register.check_register(ground, ticket)
        if anchor is not None:
            found += anchoring.differences(ground, anchor)
        return found

    def faults(self) -> list[str]:
        """Return what is wrong with the store below entries and chains, where it can check itself."""
        store = self._ground.store
        return store.faults() if isinstance(store, Backed) else []

    def anchor(self) -> Anchor:
        """Return a digest of all histories as they stand, to be kept where nobody here can write."""
        return anchoring.drop_anchor(self._ground, self._ground.clock())
