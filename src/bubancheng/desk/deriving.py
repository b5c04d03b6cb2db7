"""Facts that follow from a ticket's own history when an entry is written: counted once, kept for good."""

import datetime as dt
from collections.abc import Callable, Mapping

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.district import District, Rule
from bubancheng.ticket import Actor, Fact, Mark, Ticket

Facts = Mapping[str, Fact]


@attrs.frozen(kw_only=True)
class Happening:
    """An entry that is about to be written: the ticket before it, its facts, who, when, on what chain."""

    ticket: Ticket
    facts: Facts
    actor: Actor
    at: dt.datetime
    head: str
    rule: Rule
    calendar: WorkCalendar

    def before(self, kind: str) -> list[Mark]:
        """Return the entries of a kind that happened before."""
        return [mark for mark in self.ticket.marks if mark.kind == kind]


def opening(actor: Actor, district: District) -> Facts:
    """Return the facts that a registration adds by itself: whose it is, who was asked first (首问负责制)."""
    found = {} if actor.unit is None else {"intake_unit": actor.unit}
    return found | ({"first_inquiry": actor.id} if district.responsibility == "first_inquiry" else {})


def derived(kind: str, happening: Happening) -> Facts:
    """Return the facts that an entry of this kind adds by itself."""
    derive = _DERIVED.get(kind)
    return {} if derive is None else derive(happening)


def _dispatched(it: Happening) -> Facts:
    """Count repeated dispatches, and those to a unit that had it before (来回派单)."""
    earlier = [mark.facts.get("unit") for mark in it.before("dispatched")]
    if not earlier:
        return {}
    again = sum(unit == it.facts.get("unit") for unit in earlier)
    by_hand = {} if it.facts.get("dispatch_rule") else {"dispatch_rule": None}
    return {"dispatches": len(earlier) + 1, **by_hand, **({"ping_pong": True} if again else {})}


def _returned(it: Happening) -> Facts:
    """Count returns (退单) and keep who gave it back; nobody is responsible any more."""
    gone: Facts = dict.fromkeys(("unit", "delegate", "first_receiver"))
    return {**gone, "returns": len(it.before("returned")) + 1, "returned_by": it.ticket.unit}


def _acknowledged(it: Happening) -> Facts:
    """Keep the unit that took it first: it stays responsible (首受负责制)."""
    known = it.ticket.text("first_receiver")
    return {"first_receiver": it.ticket.unit} if known is None and it.ticket.unit else {}


def _contact_attempted(it: Happening) -> Facts:
    """Tell when attempts add up to a contact: so many, over so many half-days (decision 17)."""
    wanted = it.rule.unreachable
    zone = it.calendar.table.civil.zone
    since = max(
        (mark.sequence for mark in it.before("returned")), default=0
    )  # another unit's tries are not ours
    tries = [*(mark.at for mark in it.before("contact_attempted") if mark.sequence > since), it.at]
    halves = {(at.date(), at.hour >= 12) for at in (when.astimezone(zone) for when in tries)}  # noqa: PLR2004 noon
    enough = wanted is not None and len({*tries}) >= wanted.attempts and len(halves) >= wanted.half_days
    return {"attempts": len(tries), **({"unreachable": True} if enough else {})}


def _informed(it: Happening) -> Facts:
    """Tell a second notice that asks for other papers than the first (一次性告知 not kept)."""
    earlier = it.before("informed")
    other = any(
        {*_texts(mark.facts.get("missing"))} != {*_texts(it.facts.get("missing"))} for mark in earlier
    )
    return {"notice_violation": True} if other else {}


def _supervised(it: Happening) -> Facts:
    return {"round": len(it.before("supervised")) + 1}


def _archived(it: Happening) -> Facts:
    return {"archive_checksum": it.head}


def _texts(value: Fact) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


DERIVED_FACTS = frozenset(
    {
        "archive_checksum",
        "attempts",
        "dispatches",
        "first_inquiry",
        "first_receiver",
        "intake_unit",
        "notice_violation",
        "personal_erased",
        "ping_pong",
        "returned_by",
        "returns",
        "round",
        "unreachable",
    }
)
"""The facts that only the desk states; nobody corrects them."""

_DERIVED: dict[str, Callable[[Happening], Facts]] = {
    "dispatched": _dispatched,
    "returned": _returned,
    "acknowledged": _acknowledged,
    "contact_attempted": _contact_attempted,
    "informed": _informed,
    "supervised": _supervised,
    "archived": _archived,
}
