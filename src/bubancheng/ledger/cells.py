"""What a ticket says in each column of its district's ledger, and in which words it is written there."""

import datetime as dt
from collections.abc import Iterator, Mapping

from bubancheng.district import District
from bubancheng.ledger.columns import BY_ID, DUE, Column, columns_of
from bubancheng.ledger.neutral import fitted, legible, on_one_line
from bubancheng.privacy import mask_personal
from bubancheng.ticket import Mark, Ticket

Cell = str | dt.datetime | None
"""A text, an instant, or None for a blank."""

PERSONAL = tuple(column.id for column in BY_ID.values() if column.is_personal)
_FACTS = ("matter", "channel", "place", "class", "unit")
_SOLVED = ("resolved", "solved_on_site")
_REOPENED = "reopened"


class Wording:
    """How a district's ledger says what its tickets know: by column, as ids or in its own words.

    `columns`: in their order, each under the name it is written with.
    """

    def __init__(self, district: District) -> None:
        self.columns = columns_of(district)
        self._own = [it for it in district.columns if it.fact is not None]
        self._times = {it.id for it in self._own if it.is_time}
        kinds = {row.action: row.entry for row in reversed(district.flow.transitions)}
        self.kinds = {
            it.id: kinds.get(it.action, it.action) for it in district.columns if it.action is not None
        }
        """By the column of an action of the district's own, the kind of entry it leaves."""
        self._channels = {it.id: it.name for it in district.channels}
        self._codes = {(it.fact, it.id): it.name for it in district.codes}
        self._district = district

    def known(self, ticket: Ticket) -> dict[str, Cell]:
        """Return what a ticket says in each column that holds no personal data, in identifiers."""
        sent = next((mark for mark in ticket.marks if mark.kind == "dispatched"), None)
        known: dict[str, Cell] = {name: ticket.text(name) for name in _FACTS}
        known |= {
            "id": ticket.id,
            "registered_at": ticket.marks[0].at,
            "dispatched_at": None if sent is None else sent.at,
            "acknowledged_at": ticket.first("acknowledged"),
            "contacted_at": ticket.first("contacted"),
            "resolved_at": _solved(ticket),
        }
        known |= {column: ticket.first(kind) for column, kind in self.kinds.items()}
        return known | {it.id: self._fact(it.id, it.fact, ticket) for it in self._own if it.fact is not None}

    def _fact(self, column: str, fact: str, ticket: Ticket) -> Cell:
        value = ticket.facts.get(fact)
        if isinstance(value, tuple):
            return "、".join(self._codes.get((fact, it), it) for it in value)
        text = None if value is None else str(value)
        return text if text is None or column not in self._times else _instant(text)

    def row(
        self, ticket: Ticket, due: dt.datetime | None, personal: Mapping[str, str], zone: dt.tzinfo
    ) -> list[Cell]:
        """Return a ticket's row: legible texts in the district's words, times in a zone, to the second.

        `personal`: its personal data as they may be shown.
        """
        known = self.known(ticket) | {name: personal.get(name) for name in PERSONAL} | {DUE.id: due}
        for name, word in self._words(ticket, known):
            known[name] = word
        return [_written(known[column.id], zone, column) for column in self.columns]

    def _words(self, ticket: Ticket, known: Mapping[str, Cell]) -> Iterator[tuple[str, str]]:
        """Yield the columns whose identifiers have words, with them."""
        category, channel = known["class"], known["channel"]
        if isinstance(category, str):
            yield "class", self._district.rule_of(ticket).category_name(category)
        if isinstance(channel, str):
            yield "channel", self._channels.get(channel, channel)
        for it in self._own:
            code = known[it.id]
            if isinstance(code, str):
                yield it.id, self._codes.get((str(it.fact), code), code)


def repeats(
    cell: str | dt.datetime, was: Cell, masked: str | None = None, *, is_exported: bool = False
) -> bool:
    """Whether a cell only says again what is recorded, as it is or as an export writes it.

    `masked`: how personal data is shown. An export writes times to the second, texts without what a cell
    cannot hold, and cuts what is too long for one; `is_exported`: the cell stands in one, whose seconds are
    lost where a spreadsheet saved it.
    """
    if isinstance(was, dt.datetime):
        second = was.replace(microsecond=0)
        return cell in {was, second} or (is_exported and cell == second.replace(second=0))
    shown = {legible(it) for it in (was, masked) if it is not None}
    return cell == was or any(cell in {it, on_one_line(it), fitted(it)} for it in shown)


def masks(ticket: Ticket, personal: Mapping[str, str]) -> dict[str, str]:
    """Return personal data as an export shows it."""
    return mask_personal(personal, kind=ticket.text("reporter_kind"))


def assumed(ticket: Ticket) -> tuple[Mark | None, frozenset[str]]:
    """Return the one dispatch of a ticket, and what of it ("at", "unit") no cell said but a rule assumed.

    Where people have dispatched it again, nothing is assumed any more.
    """
    marks = [mark for mark in ticket.marks if mark.kind == "dispatched"]
    text = marks[0].facts.get("dispatch_assumed") if len(marks) == 1 else None
    return marks[0] if len(marks) == 1 else None, frozenset(str(text).split(",") if text else ())


def _solved(ticket: Ticket) -> dt.datetime | None:
    """Return when a ticket was resolved, or solved on the spot; None while it is open, or open again."""
    ends = next((it for it in reversed(ticket.marks) if it.kind in {*_SOLVED, _REOPENED}), None)
    return None if ends is None or ends.kind == _REOPENED else ends.at


def _instant(text: str) -> Cell:
    try:
        at = dt.datetime.fromisoformat(text)
    except ValueError:
        return text
    return text if at.tzinfo is None else at


def _written(cell: Cell, zone: dt.tzinfo, column: Column) -> Cell:
    if isinstance(cell, dt.datetime):
        return cell.astimezone(zone).replace(microsecond=0, tzinfo=None)
    text = "" if cell is None else legible(cell)
    return (text if column.is_free_text else on_one_line(text)) or None
