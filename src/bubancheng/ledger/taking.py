"""Taking a ledger in: what is new is registered, what has grown is added, what differs is reported."""

import datetime as dt
from collections.abc import Callable, Sequence

import attrs

from bubancheng.actions import (
    Accept,
    Acknowledge,
    Act,
    Action,
    Classify,
    Complete,
    Contact,
    Correct,
    Dispatch,
    Register,
    Resolve,
)
from bubancheng.desk import Deed, Desk
from bubancheng.desk.writing import check_instant
from bubancheng.errors import (
    BubanchengError,
    ConflictError,
    RemovedTicketError,
    StoreError,
    UnknownTicketError,
)
from bubancheng.hooks import DispatchRequest
from bubancheng.ledger.cells import PERSONAL, Wording
from bubancheng.ledger.columns import BY_ID, Problem
from bubancheng.ledger.comparing import IMPORTER, Comparison, own_facts
from bubancheng.ledger.reading import LedgerRow
from bubancheng.ticket import Ticket

_TRIES = 8  # how often rows are read again when somebody else wrote first
_BATCH = 50  # rows a transaction: a power cut loses none that was committed, the next run completes the rest


@attrs.define(kw_only=True)
class Taken:
    """What taking a ledger in did: how many rows were new, grew, or lie after now; what was wrong.

    `removed`: how many rows are about files that were destroyed or moved; they are never taken up again.
    """

    new: int = 0
    grown: int = 0
    unchanged: int = 0
    ahead: int = 0
    removed: int = 0
    problems: list[Problem] = attrs.field(factory=list)

    def count(self, outcome: str, problems: Sequence[Problem]) -> None:
        """Count a row by what was made of it, and keep what was wrong with it."""
        if outcome != "refused":
            setattr(self, outcome, getattr(self, outcome) + 1)
        self.problems += problems


def take_in(
    desk: Desk, rows: Sequence[LedgerRow], now: dt.datetime, *, tell: Callable[[int], None] | None = None
) -> Taken:
    """Take the rows of a ledger in as of `now`; a time after `now` has not happened yet.

    Running it again changes nothing. Filling a blank cell appends an entry; changing a filled one is a
    problem with both values, and then nothing of that row changes. `tell` is called with the number of rows
    that were committed.
    """
    check_instant("now", now)
    taken, wording = Taken(), Wording(desk.district)
    for start in range(0, len(rows), _BATCH):
        batch = rows[start : start + _BATCH]
        _take_batch(desk, wording, batch, now, taken)
        if tell is not None:
            tell(len(batch))
    return taken


def _take_batch(
    desk: Desk, wording: Wording, rows: Sequence[LedgerRow], now: dt.datetime, taken: Taken
) -> None:
    """Take rows in as one transaction; where one of them cannot be recorded, one by one."""
    for _ in range(_TRIES):
        takings = [_RowTaking(desk, wording, row, now) for row in rows]
        try:
            desk.replay([it.deeds for it in takings if it.deeds], actor=IMPORTER)
        except ConflictError:
            continue  # somebody else writes the same tickets: read them again
        except StoreError:
            raise
        except BubanchengError as error:
            if len(rows) > 1:
                for row in rows:
                    _take_batch(desk, wording, [row], now, taken)
            else:
                taken.problems.append(Problem(row=rows[0].number, column="整行", reason=str(error)))
            return
        for it in takings:
            taken.count(it.outcome, it.problems)
        return
    msg = f"the tickets of this ledger were changed by others {_TRIES} times: run it again"
    raise ConflictError(msg)


class _RowTaking:
    """One row against what the desk holds of its ticket.

    `deeds`: what has to be recorded for it; `outcome`: what that makes of it; `problems`: why
    something of it cannot be recorded.
    """

    def __init__(self, desk: Desk, wording: Wording, row: LedgerRow, now: dt.datetime) -> None:
        self._desk, self._wording, self._row, self._now = desk, wording, row, now
        self._times = {name: at for name, at in row.times.items() if at <= now}
        self.problems: list[Problem] = []
        self.deeds, self.outcome = self._taken()

    def _taken(self) -> tuple[list[Deed], str]:
        try:
            ticket = self._desk.get(self._row.id, actor=IMPORTER)
        except RemovedTicketError:
            return [], "removed"
        except UnknownTicketError:
            if "registered_at" not in self._times:
                return [], "ahead"
            return self._opening() + self._steps(None, None), "new"
        found = Comparison(self._desk, self._wording, self._row, ticket)
        self.problems = found.conflicts()
        if self.problems:
            return [], "refused"
        if self._row.is_exported and not found.news:
            return [], "unchanged"
        deeds = self._filled(ticket, found) + self._steps(ticket, found)
        return deeds, "grown" if deeds else "unchanged"

    def _text(self, name: str) -> str | None:
        return self._row.texts.get(name)

    def _opening(self) -> list[Deed]:
        at = self._times["registered_at"]
        register = Register(
            ticket=self._row.id,
            matter=self._row.texts["matter"],
            channel=self._text("channel"),
            place=self._text("place"),
            category=self._text("class"),
            reporter=self._text("reporter"),
            phone=self._text("phone"),
            text=self._text("text"),
            fields=own_facts(self._row, self._desk.district),
        )
        return [Deed(register, at), Deed(Accept(ticket=self._row.id), at)]

    def _own_actions(self) -> dict[str, tuple[str, Action]]:
        """Return the actions of the district's own that its columns time: by column, with their kinds."""
        return {
            it.id: (self._wording.kinds[it.id], Act(ticket=self._row.id, kind=it.action))
            for it in self._desk.district.columns
            if it.action is not None
        }

    # -- the steps that a new row, or a grown one, brings

    def _steps(self, ticket: Ticket | None, found: Comparison | None) -> list[Deed]:
        """Return the steps that are not recorded yet, in the order in which they happened."""
        ticket_id = self._row.id
        later: list[tuple[str, str, Action]] = [
            ("acknowledged_at", "acknowledged", Acknowledge(ticket=ticket_id)),
            ("contacted_at", "contacted", Contact(ticket=ticket_id)),
            ("resolved_at", "resolved", Resolve(ticket=ticket_id)),
            *((column, kind, action) for column, (kind, action) in self._own_actions().items()),
        ]
        deeds = [
            Deed(action, self._times[column])
            for column, kind, action in later
            if column in self._times and (found is None or found.lacks(column, kind))
        ]
        accepted = []
        if ticket is not None and found is not None and found.is_open() and ticket.first("accepted") is None:
            accepted = [Deed(Accept(ticket=ticket_id), ticket.marks[0].at)]
        if found is None or found.waits_for_unit():
            dispatch = self._dispatch()
            if dispatch is None:
                deeds = self._without_unit(deeds)
            else:
                deeds.insert(0, dispatch)
        return accepted + sorted(deeds, key=lambda deed: deed.at or self._now)

    def _dispatch(self) -> Deed | None:
        """Return the dispatch that the row says or a rule decides; None for the manual queue."""
        if "dispatched_at" in self._row.times and "dispatched_at" not in self._times:
            return None
        registered = self._row.times["registered_at"]
        at, unit, rule = self._times.get("dispatched_at"), self._text("unit"), None
        assumed = ["at"] if at is None else []
        if unit is None:
            assumed.append("unit")
            assignment = self._desk.assign(
                DispatchRequest(
                    ticket=self._row.id,
                    matter=self._row.texts["matter"],
                    place=self._text("place"),
                    channel=self._text("channel"),
                    registered_at=registered,
                )
            )
            if assignment is None:
                return None
            unit, rule = assignment.unit, assignment.rule
        action = Dispatch(
            ticket=self._row.id, unit=unit, dispatch_rule=rule, dispatch_assumed=",".join(assumed) or None
        )
        return Deed(action, at or registered)

    def _without_unit(self, deeds: list[Deed]) -> list[Deed]:
        """Return what can be recorded in the manual queue; say of the rest why it can't."""
        kept = [deed for deed in deeds if isinstance(deed.action, Contact | Act)]
        if len(kept) < len(deeds):
            reason = (
                "已有接单或办结时间，但没有主办单位，也没有可派单的规则："
                "工单在人工派单队列中等待，请补填主办单位"
            )
            self.problems.append(Problem(row=self._row.number, column=BY_ID["unit"].name, reason=reason))
        return kept

    # -- a row whose ticket is there already

    def _filled(self, ticket: Ticket, found: Comparison) -> list[Deed]:
        """Return the entries that fill what was blank, the steps left out."""
        deeds: list[Deed] = []
        details = {
            name: self._row.texts[name] for name in ("channel", "place", *PERSONAL) if found.fills(name)
        }
        district = self._desk.district
        own = own_facts(self._row, district)
        fields = {it.fact: own[it.fact] for it in district.columns if it.fact in own and found.fills(it.id)}
        if details or fields:
            deeds.append(Deed(Complete(ticket=ticket.id, fields=fields, **details), self._now))
        if found.fills("class"):
            deeds.append(Deed(Classify(ticket=ticket.id, category=self._row.texts["class"]), self._now))
        return deeds + self._dispatch_corrections(ticket, found)

    def _dispatch_corrections(self, ticket: Ticket, found: Comparison) -> list[Deed]:
        """Return the corrections that put what a cell now says in place of what was assumed."""
        mark, assumed = found.dispatch, found.assumed
        if mark is None:
            return []
        changes: list[tuple[str, str | None, str | None]] = []
        left = set(assumed)
        if "at" in assumed and found.fills("dispatched_at"):
            at = self._row.times["dispatched_at"]  # one after now says that it has not happened yet
            changes.append(("at", mark.at.isoformat(), at.isoformat()))
            left.discard("at")
        if "unit" in assumed and found.fills("unit"):
            changes.append(("unit", ticket.unit, self._row.texts["unit"]))
            changes.append(("dispatch_rule", ticket.text("dispatch_rule"), None))
            left.discard("unit")
        if changes:
            changes.append(("dispatch_assumed", ",".join(sorted(assumed)), ",".join(sorted(left)) or None))
        return [
            Deed(
                Correct(
                    ticket=ticket.id,
                    sequence=mark.sequence,
                    field=field,
                    old=old,
                    new=new,
                    reason="台账补填 (filled in the ledger)",
                ),
                self._now,
            )
            for field, old, new in changes
        ]
