"""From actions to a change set: checked against the flow, appended to the chain, nothing stored."""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Mapping, Sequence
from operator import attrgetter

import attrs

from bubancheng.actions import Action, name_of
from bubancheng.calendar import WorkCalendar
from bubancheng.desk.correcting import Corrections
from bubancheng.desk.deriving import Happening, derived, opening
from bubancheng.desk.noticing import entry_notices
from bubancheng.desk.outlook import Told, clocks_of, micros, outlook
from bubancheng.desk.wording import (
    check_action,
    check_blank,
    check_instants,
    check_units,
    known_facts,
    merged,
    translated,
    without_numbers,
)
from bubancheng.district import District, Rule
from bubancheng.errors import ArgumentError, KindError, NotAllowedError, StoreError, UnknownTicketError
from bubancheng.flow import Case
from bubancheng.privacy import Vault, scrub
from bubancheng.sla import Clock
from bubancheng.store import ChangeSet, Link, OutboxRow, Record, StateRow
from bubancheng.ticket import Actor, Effect, Entry, Fact, Ticket, chain, opened

_BACKDATED = dt.timedelta(minutes=15)
_DECIDING = {"matter", "place"}  # the facts that a dispatch goes by


@attrs.frozen
class Deed:
    """An action, when it happened (None: now), and who approved it, where somebody must."""

    action: Action
    at: dt.datetime | None = None
    approver: Actor | None = None


@attrs.frozen
class Standing:
    """A ticket as stored: the ticket, the head of its chain, what was told of it, its personal rows."""

    ticket: Ticket
    head: str
    told: str
    personal: str | None


def digest(deeds: Sequence[Deed], actor: Actor) -> str:
    """Return what identifies the content of a command.

    Of personal data only which are given, not what they say: a digest outlives their erasure.
    """
    text = repr(
        [
            (
                name_of(deed.action),
                deed.action.ticket,
                deed.action.reason,
                sorted(deed.action.facts().items()),
                sorted(deed.action.personal()),
                sorted(deed.action.keys().items()),
                deed.action.amendments(),
                deed.at,
                deed.approver,
            )
            for deed in deeds
        ]
        + [(actor.id, actor.role, actor.unit)]
    )
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def check_instant(name: str, when: object) -> None:
    """Refuse anything but an instant with a zone."""
    if not isinstance(when, dt.datetime) or when.tzinfo is None:
        msg = f"{name} takes an instant with a zone (aware datetime), got {when!r}"
        raise KindError(msg)


@attrs.frozen(kw_only=True)
class Writer:
    """Turns deeds into change sets for one district, one calendar, one actor and one recording instant."""

    district: District
    calendar: WorkCalendar
    actor: Actor
    recorded_at: dt.datetime
    vault: Vault
    follow_ups: frozenset[str] = frozenset()

    def write(
        self, standing: Standing | None, deeds: Sequence[Deed], *, command_id: str | None = None
    ) -> tuple[Ticket, ChangeSet]:
        """Return the ticket after the deeds and the change set that stores them, in one piece.

        Errors: `NotAllowedError` where the flow or a right refuses, `ArgumentError` for a value the
        district does not know, `UnknownTicketError` for an action on a ticket that is not there.
        """
        ticket = None if standing is None else standing.ticket
        head = "" if standing is None else standing.head
        personal = json.loads(standing.personal) if standing and standing.personal else {}
        links: list[Link] = []
        entries: list[Entry] = []
        for deed in deeds:
            entry, secret = self._entry(ticket, deed, head)
            if ticket is not None and deed.action.fills_only:
                check_blank(entry.effect.facts, ticket.facts)
                check_blank(deed.action.personal(), merged(personal))
            if ticket is None:
                head = chain.start(entry.district, entry.ticket)
                ticket = opened(entry, rule=self._rule(entry.at).version)
            else:
                ticket = ticket.after(entry)
            text = chain.encode(entry)
            head = chain.link(head, text)
            links.append(Link(entry.sequence, text, head))
            entries.append(entry)
            if secret:
                personal[str(entry.sequence)] = secret
        if ticket is None:
            msg = "a command needs at least one action"
            raise ArgumentError(msg)
        records = [Record(kind, key, ticket.id) for deed in deeds for kind, key in deed.action.keys().items()]
        if command_id is not None:
            outcome = {"digest": digest(deeds, self.actor), "ticket": ticket.id, "version": ticket.version}
            records.append(Record("command", command_id, json.dumps(outcome)))
        if any(deed.action.personal() for deed in deeds):
            records.append(Record("personal", ticket.id, self._sealed(ticket.id, personal)))
        return ticket, ChangeSet(
            district=self.district.name,
            expected=0 if standing is None else standing.ticket.version,
            row=self.row(ticket, head, told=None if standing is None else standing.told),
            links=links,
            records=records,
            outbox=[*self._follow_up(ticket, entries, command_id), *self._notices(ticket, entries)],
        )

    def _sealed(self, ticket: str, personal: Mapping[str, object]) -> str:
        try:
            return self.vault.seal(json.dumps(personal, ensure_ascii=False))
        except Exception as error:
            msg = f"the vault cannot seal the personal data of ticket {ticket!r}: {error}"
            raise StoreError(msg) from error

    def _notices(self, ticket: Ticket, entries: Sequence[Entry]) -> list[OutboxRow]:
        return [row for entry in entries for row in entry_notices(self.district, ticket, entry)]

    def append(
        self, standing: Standing, kind: str, facts: Mapping[str, Fact], *, records: Sequence[Record] = ()
    ) -> ChangeSet:
        """Return the change set that appends an entry of the desk's own: no action, no step."""
        ticket = standing.ticket
        entry = Entry(
            district=ticket.district,
            ticket=ticket.id,
            sequence=ticket.version + 1,
            kind=kind,
            effect=Effect(facts=facts),
            actor=self.actor,
            at=max(self.recorded_at, ticket.marks[-1].at),
            recorded_at=self.recorded_at,
        )
        text = chain.encode(entry)
        head = chain.link(standing.head, text)
        return ChangeSet(
            district=ticket.district,
            expected=ticket.version,
            row=self.row(ticket.after(entry), head, told=standing.told),
            links=[Link(entry.sequence, text, head)],
            records=records,
        )

    def row(self, ticket: Ticket, head: str, *, told: str | None = None) -> StateRow:
        """Return the state row of a ticket as it stands at the recording instant.

        `told`: what was last told of it, None for what there is to tell now. Where that differs, it
        changed untold: the next sweep finds the row at once.
        """
        seen = outlook(self.district, self.calendar, ticket, self.recorded_at)
        next_change, known = seen.next_change, seen.told
        if told is not None:
            before = Told.read(told)
            known = Told(before.light, before.passed & seen.told.passed)
            if known != seen.told:
                next_change = self.recorded_at
        return StateRow(
            district=ticket.district,
            ticket=ticket.id,
            version=ticket.version,
            head=head,
            step=ticket.step,
            unit=ticket.unit,
            told=str(known),
            next_change=None if next_change is None else micros(next_change),
            text=chain.pack(ticket),
        )

    def _follow_up(self, ticket: Ticket, entries: Sequence[Entry], command_id: str | None) -> list[OutboxRow]:
        """Return what follows from entries that led to a step, or that told more of what is decided by."""
        wanted = self.district.flow.step(ticket.step).follow_up
        is_new = any(it.effect.step is not None or _DECIDING & it.effect.facts.keys() for it in entries)
        if wanted not in self.follow_ups or not is_new:
            return []
        return [
            OutboxRow(
                id=f"{command_id or f'{ticket.id}/{ticket.version}'}/{wanted}",
                district=ticket.district,
                ticket=ticket.id,
                kind=wanted,
                due=micros(self.recorded_at),
            )
        ]

    def _rule(self, at: dt.datetime) -> Rule:
        date = self.calendar.table.civil.date(self.calendar.table.civil.locate(at)[0])
        rule = self.district.rule_on(date)
        if rule is None:
            first = self.district.rules[0].valid_from
            msg = f"{date} 没有生效的规则，第一版始于 (no rule in force; the first begins on) {first}"
            raise ArgumentError(msg)
        return rule

    def _entry(self, ticket: Ticket | None, deed: Deed, head: str) -> tuple[Entry, dict[str, object]]:
        action, district = deed.action, self.district
        if ticket is None and not district.flow.opens(action):
            raise UnknownTicketError("工单", action.ticket, ())
        at = deed.at
        if at is None:  # somebody else may have written since the clock was read
            at = self.recorded_at if ticket is None else max(self.recorded_at, ticket.marks[-1].at)
        check_instant("at", at)
        rule = self._rule(at) if ticket is None else district.rule_of(ticket)
        case = self._case(ticket, deed, at, rule)
        transition = district.flow.transition(case)
        check_action(action)
        backdated = deed.at is not None and self._is_backdated(ticket, at, name_of(action))
        facts = known_facts(without_numbers(action), district, rule)
        check_units(action, district, self.actor)
        check_instants(action, rule)
        if ticket is not None:
            facts |= derived(transition.entry, self._happening(ticket, facts, at, head, rule))
        else:
            facts |= opening(self.actor, district)
        personal = action.personal()
        secret: dict[str, object] = {"key": secrets.token_hex(32), "data": personal} if personal else {}
        entry = Entry(
            district=district.name,
            ticket=action.ticket,
            sequence=1 if ticket is None else ticket.version + 1,
            kind=transition.entry,
            effect=Effect(
                step=transition.target, facts=facts, amends=self._corrections(action, rule).made(ticket)
            ),
            actor=self.actor,
            at=at,
            recorded_at=self.recorded_at,
            rule=rule.version if ticket is None else action.facts().get("dispatch_rule"),  # type: ignore[arg-type] # a fact of a dispatch is a text
            reason=None if action.reason is None else scrub(action.reason),
            approver=deed.approver if transition.asks_approval(case) else None,
            backdated=backdated,
            commitment=chain.commitment(str(secret["key"]), personal) if secret else None,
        )
        return entry, secret

    def _case(self, ticket: Ticket | None, deed: Deed, at: dt.datetime, rule: Rule) -> Case:
        district = self.district

        def clocks() -> Mapping[str, Clock]:
            return {} if ticket is None else clocks_of(self.district, self.calendar, ticket)[1]

        def rank(category: Fact) -> int | None:
            return rule.rank(rule.category(str(category)))

        def holders(post: str) -> tuple[frozenset[str], frozenset[str]]:
            day = at.astimezone(self.calendar.table.civil.zone).date()
            duties = district.on_duty(post, None if ticket is None else ticket.unit, day)
            held, standing_in = (
                frozenset(person for duty in duties for person in persons(duty))
                for persons in (attrgetter("holders"), attrgetter("substitutes"))
            )
            return held, standing_in - held

        return Case(
            action=deed.action,
            actor=self.actor,
            approver=deed.approver,
            ticket=ticket,
            at=at,
            calendar=self.calendar,
            counting=rule.policy.counting,
            clocks=clocks,
            rank=rank,
            holders=holders,
            facts=translated(deed.action.facts(), self.district, rule),
        )

    def _happening(
        self, ticket: Ticket, facts: dict[str, Fact], at: dt.datetime, head: str, rule: Rule
    ) -> Happening:
        return Happening(
            ticket=ticket,
            facts=facts,
            actor=self.actor,
            at=at,
            head=head,
            rule=rule,
            calendar=self.calendar,
        )

    def _is_backdated(self, ticket: Ticket | None, at: dt.datetime, action: str) -> bool:
        step = "-" if ticket is None else ticket.step
        if at > self.recorded_at:
            raise NotAllowedError(action, step, f"{at} has not happened yet at {self.recorded_at}")
        before = ticket is not None and at < ticket.marks[-1].at
        backdated = before or self.recorded_at - at > _BACKDATED
        if backdated and not self.district.may(self.actor, "backdate"):
            raise NotAllowedError(
                action, step, f"{at} lies back: role {self.actor.role!r} has no right to backdate (补录)"
            )
        return backdated

    def _corrections(self, action: Action, rule: Rule) -> Corrections:
        return Corrections(
            action=action,
            district=self.district,
            rule=rule,
            recorded_at=self.recorded_at,
            may_lie_ahead=self.district.may(self.actor, "backdate"),
        )
