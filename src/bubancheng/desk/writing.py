"""From actions to a change set: checked against the flow, appended to the chain, nothing stored."""

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Sequence

import attrs

from bubancheng.actions import Action, Register, name_of
from bubancheng.calendar import WorkCalendar
from bubancheng.desk.view import change_after
from bubancheng.district import District, Rule
from bubancheng.errors import ArgumentError, KindError, NotAllowedError, UnknownTicketError
from bubancheng.store import ChangeSet, Link, OutboxRow, Record, StateRow
from bubancheng.ticket import Actor, Amendment, Effect, Entry, Fact, Ticket, chain, opened

_BACKDATED = dt.timedelta(minutes=15)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def micros(when: dt.datetime) -> int:
    """Return an instant as microseconds since 1970 UTC, as stores keep it."""
    return (when - _EPOCH) // dt.timedelta(microseconds=1)


@attrs.frozen
class Deed:
    """An action and when it happened; None: now."""

    action: Action
    at: dt.datetime | None = None


@attrs.frozen
class Standing:
    """A ticket as stored: the ticket, the head of its chain, its told light, its personal rows."""

    ticket: Ticket
    head: str
    light: str
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
                deed.action.amendments(),
                deed.at,
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


def check_text(name: str, value: object) -> None:
    """Refuse a text that no store can keep: one that holds half a character."""
    if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
        msg = f"{name} holds half a character (a lone surrogate): {value!r}"
        raise ArgumentError(msg)


def check_action(action: Action) -> None:
    """Refuse a blank number, and values that no store can keep: all but text, whole numbers, true, false."""
    values = {"ticket": action.ticket, "reason": action.reason, **action.facts(), **action.personal()}
    if not isinstance(action.ticket, str) or not action.ticket.strip():
        msg = f"a ticket needs a number (工单编号), got {action.ticket!r}"
        raise ArgumentError(msg)
    for name, value in values.items():
        if value is not None and type(value) not in {str, int, bool}:
            msg = f"{name} takes text, a whole number, True or False, got {value!r}"
            raise KindError(msg)
        check_text(name, value)


def _instant_text(value: Fact) -> Fact:
    """Return an instant's text in UTC, for comparing; anything else as it is."""
    try:
        return dt.datetime.fromisoformat(str(value)).astimezone(dt.UTC).isoformat()
    except ValueError:
        return value


class Writer:
    """Turns deeds into change sets for one district, one calendar and one recording instant."""

    def __init__(
        self, district: District, calendar: WorkCalendar, actor: Actor, recorded_at: dt.datetime
    ) -> None:
        self._district, self._calendar = district, calendar
        self._actor, self._recorded_at = actor, recorded_at

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
        for deed in deeds:
            entry, secret = self._entry(ticket, deed)
            if ticket is None:
                head = chain.start(entry.district, entry.ticket)
                ticket = opened(entry, rule=self._rule(entry.at).version)
            else:
                ticket = ticket.after(entry)
            text = chain.encode(entry)
            head = chain.link(head, text)
            links.append(Link(entry.sequence, text, head))
            if secret:
                personal[str(entry.sequence)] = secret
        if ticket is None:
            msg = "a command needs at least one action"
            raise ArgumentError(msg)
        records = []
        if command_id is not None:
            outcome = {"digest": digest(deeds, self._actor), "ticket": ticket.id, "version": ticket.version}
            records.append(Record("command", command_id, json.dumps(outcome)))
        if personal:
            records.append(Record("personal", ticket.id, json.dumps(personal, ensure_ascii=False)))
        return ticket, ChangeSet(
            district=self._district.name,
            expected=0 if standing is None else standing.ticket.version,
            row=self.row(ticket, head, told=None if standing is None else standing.light),
            links=links,
            records=records,
            outbox=self._follow_up(ticket, command_id),
        )

    def recalculate(self, standing: Standing, facts: dict[str, Fact]) -> ChangeSet:
        """Return the change set that appends a `recalculated` entry: another calendar, no step."""
        ticket = standing.ticket
        entry = Entry(
            district=ticket.district,
            ticket=ticket.id,
            sequence=ticket.version + 1,
            kind="recalculated",
            effect=Effect(facts=facts),
            actor=self._actor,
            at=self._recorded_at,
            recorded_at=self._recorded_at,
        )
        text = chain.encode(entry)
        head = chain.link(standing.head, text)
        return ChangeSet(
            district=ticket.district,
            expected=ticket.version,
            row=self.row(ticket.after(entry), head, told=standing.light),
            links=[Link(entry.sequence, text, head)],
        )

    def row(self, ticket: Ticket, head: str, *, told: str | None = None) -> StateRow:
        """Return the state row of a ticket as it stands at the recording instant.

        `told`: the light that was last told, None for the light now. A light that differs from it has
        changed untold: the next sweep finds the row at once.
        """
        light, next_change = change_after(self._district, self._calendar, ticket, self._recorded_at)
        if told is not None and told != light.value:
            next_change = self._recorded_at
        return StateRow(
            district=ticket.district,
            ticket=ticket.id,
            version=ticket.version,
            head=head,
            step=ticket.step,
            unit=ticket.unit,
            light=told or light.value,
            next_change=None if next_change is None else micros(next_change),
            text=chain.pack(ticket),
        )

    def _follow_up(self, ticket: Ticket, command_id: str | None) -> tuple[OutboxRow, ...]:
        wanted = self._district.flow.step(ticket.step).follow_up
        if wanted is None:
            return ()
        command = command_id or f"{ticket.id}/{ticket.version}"
        return (
            OutboxRow(
                id=f"{command}/{wanted}",
                district=ticket.district,
                ticket=ticket.id,
                kind=wanted,
                due=micros(self._recorded_at),
            ),
        )

    def _rule(self, at: dt.datetime) -> Rule:
        date = self._calendar.table.civil.date(self._calendar.table.civil.locate(at)[0])
        rule = self._district.rule_on(date)
        if rule is None:
            first = self._district.rules[0].valid_from
            msg = f"{date} 早于第一版规则 (before the first rule) {first}"
            raise ArgumentError(msg)
        return rule

    def _entry(self, ticket: Ticket | None, deed: Deed) -> tuple[Entry, dict[str, object]]:
        action, district = deed.action, self._district
        if ticket is None and not isinstance(action, Register):
            raise UnknownTicketError("工单", action.ticket, ())
        transition = district.flow.transition(action, self._actor, ticket)
        check_action(action)
        at = deed.at
        if at is None:  # somebody else may have written since the clock was read
            at = self._recorded_at if ticket is None else max(self._recorded_at, ticket.marks[-1].at)
        backdated = deed.at is not None and self._is_backdated(ticket, at, name_of(action))
        rule = self._rule(at) if ticket is None else district.rule_of(ticket)
        facts, personal = self._known(action.facts(), rule), action.personal()
        secret: dict[str, object] = {"key": secrets.token_hex(32), "data": personal} if personal else {}
        entry = Entry(
            district=district.name,
            ticket=action.ticket,
            sequence=1 if ticket is None else ticket.version + 1,
            kind=transition.entry,
            effect=Effect(step=transition.target, facts=facts, amends=self._amendments(ticket, action, rule)),
            actor=self._actor,
            at=at,
            recorded_at=self._recorded_at,
            rule=rule.version if ticket is None else action.facts().get("dispatch_rule"),  # type: ignore[arg-type]
            reason=action.reason,
            backdated=backdated,
            commitment=chain.commitment(str(secret["key"]), personal) if secret else None,
        )
        return entry, secret

    def _is_backdated(self, ticket: Ticket | None, at: dt.datetime, action: str) -> bool:
        check_instant("at", at)
        step = "-" if ticket is None else ticket.step
        if at > self._recorded_at:
            raise NotAllowedError(action, step, f"{at} has not happened yet at {self._recorded_at}")
        before = ticket is not None and at < ticket.marks[-1].at
        backdated = before or self._recorded_at - at > _BACKDATED
        if backdated and not self._district.may(self._actor, "backdate"):
            raise NotAllowedError(
                action, step, f"{at} lies back: role {self._actor.role!r} has no right to backdate (补录)"
            )
        return backdated

    def _amendments(self, ticket: Ticket | None, action: Action, rule: Rule) -> tuple[Amendment, ...]:
        """Return the corrections of an action, checked against what really stands there."""
        marks = {} if ticket is None else {mark.sequence: mark for mark in ticket.marks}
        found = []
        for amendment in action.amendments():
            mark = marks.get(amendment.sequence)
            if mark is None:
                msg = f"ticket {action.ticket!r} has no entry {amendment.sequence}: it has 1 to {len(marks)}"
                raise ArgumentError(msg)
            field, old, new = amendment.field, amendment.old, amendment.new
            if field == "at":
                old, was = _instant_text(old), _instant_text(mark.at.isoformat())
            else:
                known = [
                    self._known({field: it}, rule)[field] if it is not None else None for it in (old, new)
                ]
                (old, new), was = known, mark.facts.get(field)
            if old != was:
                msg = (
                    f"entry {amendment.sequence} has {field} = {was!r}, not {amendment.old!r}: read it again"
                )
                raise ArgumentError(msg)
            found.append(attrs.evolve(amendment, old=old, new=new))
        return tuple(found)

    def _known(self, facts: dict[str, Fact], rule: Rule) -> dict[str, Fact]:
        """Return the facts in the district's own identifiers; `ArgumentError` for unknown words."""
        found = dict(facts)
        if "channel" in found:  # 渠道 never changes what a ticket gets; other words stay as written
            found["channel"] = self._district.channel(str(found["channel"])) or found["channel"]
        if "class" in found:
            category = rule.category(str(found["class"]))
            if category is None:
                words = "、".join(it.name for it in rule.categories)
                msg = f"没有难易等级 (unknown class) {found['class']!r}；本版规则有 (known): {words}"
                raise ArgumentError(msg)
            found["class"] = category
        return found
