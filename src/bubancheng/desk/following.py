"""What follows by itself: dispatch after acceptance, and lights and limits that change with time."""

import datetime as dt
from collections.abc import Callable

import attrs

from bubancheng.actions import Action, Dispatch, Triage
from bubancheng.desk.commands import carry_out
from bubancheng.desk.ground import DISPATCH, PAGE, SYSTEM, TRIAGE, Ground
from bubancheng.desk.noticing import change_notices
from bubancheng.desk.outlook import Told, clocks_of, key_of, micros
from bubancheng.desk.writing import Deed
from bubancheng.district import Assignment
from bubancheng.errors import BubanchengError, ConflictError, StoreError
from bubancheng.hooks import DispatchRequest, TriageRequest
from bubancheng.registry import Failure
from bubancheng.sla import Light
from bubancheng.store import ChangeSet, OutboxRow, StateRow
from bubancheng.ticket import Ticket

_LEASE = 60_000_000  # microseconds a follow-up is kept from other sweepers
_ATTEMPTS = 3  # after as many failures to save a dispatch the ticket stays in the manual queue


@attrs.frozen
class Change:
    """A ticket that changed by itself: its number, the light before, the light now.

    `passed`: the targets beside the light's own whose due times have passed since the last time: a contact, a
    review date, a co-handler's limit.
    """

    ticket: str
    before: Light
    now: Light
    passed: tuple[str, ...] = ()

    @property
    def events(self) -> tuple[str, ...]:
        """The events that routes name: "light:yellow", "light:red", "due:<target>"."""
        light = (f"light:{self.now.value}",) if self.before is not self.now else ()
        return (*light, *(f"due:{name.partition(':')[0]}" for name in self.passed))


def sweep(ground: Ground, now: dt.datetime) -> list[Change]:
    """Finish what was cut off, and return the tickets that changed by themselves since the last time."""
    follow_up(ground, now)
    ground.swept = now if ground.swept is None else max(now, ground.swept)
    changes: list[Change] = []
    while rows := ground.store.due_before(ground.district.name, micros(now), PAGE):
        writer = ground.writer(SYSTEM, now)
        told: list[Change] = []
        sets: list[ChangeSet] = []
        for row in rows:
            ticket = ground.ticket(row)
            after = writer.row(ticket, row.head)
            watched, _ = clocks_of(ground.district, ground.calendar, ticket)
            change = _change(row, after, key_of(watched))
            notices = change_notices(ground.district, ticket, change.events, str(row.next_change), now)
            told.append(change)
            sets.append(
                ChangeSet(
                    district=row.district,
                    expected=row.version,
                    expected_told=row.told,
                    row=after,
                    outbox=tuple(notices),
                )
            )
        try:
            ground.store.commit(*sets)
        except ConflictError:
            continue  # somebody wrote one of them meanwhile: read them again
        changes += [change for change in told if change.events]
    return changes


def _change(row: StateRow, after: StateRow, shown: str) -> Change:
    """Return what there is to tell; what passed and is `shown` by the light is told by the light."""
    before, now = Told.read(row.told), Told.read(after.told)
    passed = sorted(it.rpartition("@")[0] for it in now.passed - before.passed - {shown})
    return Change(row.ticket, before.light, now.light, tuple(passed))


def follow_up(ground: Ground, now: dt.datetime) -> None:
    """Carry out what follows from committed commands; a failure leaves the manual queue."""
    kinds = sorted(ground.follow_ups)
    while rows := ground.store.claim(ground.district.name, kinds, PAGE, now=micros(now), lease=_LEASE):
        for row in rows:
            _follow(ground, row)


def _follow(ground: Ground, row: OutboxRow) -> None:
    ticket = ground.ticket(ground.row(row.ticket))
    is_wanted = ground.district.flow.step(ticket.step).follow_up == row.kind
    action = _FOLLOWING[row.kind](ground, ticket) if is_wanted else None
    if action is None:
        ground.store.finish(row)
        return
    try:
        carry_out(ground, [Deed(action)], SYSTEM, command_id=row.id, finished=[row.id])
    except BubanchengError as error:
        ground.failures.append(Failure("desk", row.kind, str(error)))
        if row.attempts >= _ATTEMPTS or not isinstance(error, StoreError):
            ground.store.finish(row)


def _dispatch(ground: Ground, ticket: Ticket) -> Action | None:
    assignment = assign(ground, request_of(ticket))
    if assignment is None:
        return None
    return Dispatch(ticket=ticket.id, unit=assignment.unit, dispatch_rule=assignment.rule)


def _triage(ground: Ground, ticket: Ticket) -> Action | None:
    request = TriageRequest(
        ticket=ticket.id,
        matter=ticket.text("matter") or "",
        place=ticket.text("place"),
        channel=ticket.text("channel"),
        reporter_kind=ticket.text("reporter_kind"),
        intake_reason=ticket.text("intake_reason"),
        failed_stage=ticket.text("failed_stage"),
        registered_at=ticket.marks[0].at,
    )
    advice, failures = ground.registry.triage(request)
    ground.failures += failures
    if advice is None:
        return None
    return Triage(
        ticket=ticket.id,
        triage_rule=advice.rule,
        advised_scope=advice.in_scope,
        advised_exclusion=advice.exclusion,
        advised_class=advice.category,
    )


_FOLLOWING: dict[str, Callable[[Ground, Ticket], Action | None]] = {DISPATCH: _dispatch, TRIAGE: _triage}


def assign(ground: Ground, request: DispatchRequest) -> Assignment | None:
    """Return where a ticket goes: a plugin's word, else the profile's keys, else None: the manual queue."""
    assignment, failures = ground.registry.dispatch(request)
    ground.failures += failures
    if assignment is not None or failures:  # after a failure a person decides
        return assignment
    return ground.district.assign(matter=request.matter, place=request.place)


def request_of(ticket: Ticket) -> DispatchRequest:
    """Return what a dispatcher is told of a ticket."""
    return DispatchRequest(
        ticket=ticket.id,
        matter=ticket.text("matter") or "",
        place=ticket.text("place"),
        channel=ticket.text("channel"),
        registered_at=ticket.marks[0].at,
    )
