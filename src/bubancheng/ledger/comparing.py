"""A row against what is recorded of its ticket: what it says again, what it adds, what contradicts."""

import datetime as dt

from bubancheng.desk import Desk
from bubancheng.district import District
from bubancheng.ledger.cells import PERSONAL, Cell, Wording, assumed, masks, repeats
from bubancheng.ledger.columns import BY_ID, Problem, shown
from bubancheng.ledger.reading import LedgerRow
from bubancheng.ticket import Actor, Fact, Ticket

IMPORTER = Actor(id="ledger", role="importer")

_ASSUMED = {"at": "dispatched_at", "unit": "unit"}  # the parts of a dispatch, and their columns


class Comparison:
    """A row and its ticket: `told`, what each cell has said before (None: it was blank), and the `news`.

    News are the cells that say something else than is recorded, or than an export shows of it. In an
    exported ledger a cell that says what was only assumed is none, and a row without news asks for nothing.
    Personal data that was erased is never news again.
    """

    def __init__(self, desk: Desk, wording: Wording, row: LedgerRow, ticket: Ticket) -> None:
        self._district, self._row, self._ticket = desk.district, row, ticket
        known, masked = wording.known(ticket), dict[str, str]()
        if "personal_erased" not in ticket.facts and any(name in row.texts for name in PERSONAL):
            personal = desk.personal(ticket.id, actor=IMPORTER)
            known |= dict.fromkeys(PERSONAL) | personal
            masked = masks(ticket, personal)
        self.dispatch, self.assumed = assumed(ticket)
        self.told: dict[str, Cell] = known | dict.fromkeys(_ASSUMED[part] for part in self.assumed)
        said = known if row.is_exported else self.told
        cells = cells_of(row, desk.district)
        self.news: dict[str, str | dt.datetime] = {
            name: cells[name]
            for name in known
            if name in cells
            and not repeats(cells[name], said[name], masked.get(name), is_exported=row.is_exported)
        }

    def conflicts(self) -> list[Problem]:
        """Return a problem for each cell that contradicts what it has said before."""
        names = {it.id: it.name for it in self._district.columns}
        names |= {it.id: it.name for it in BY_ID.values()}
        return [
            Problem(row=self._row.number, column=names[name], reason=_conflict(name, was, cell))
            for name, cell in self.news.items()
            if (was := self.told[name]) is not None
        ]

    def fills(self, column: str) -> bool:
        """Whether a cell says something where it was blank before."""
        return column in self.news and self.told[column] is None

    def lacks(self, column: str, kind: str) -> bool:
        """Whether no entry of a kind stands at the time that a column says, nor any that counts."""
        at = self._row.times[column]
        return self.told[column] is None and not any(
            mark.kind == kind and repeats(at, mark.at, is_exported=self._row.is_exported)
            for mark in self._ticket.marks
        )

    def waits_for_unit(self) -> bool:
        """Whether a ticket without a unit is one that a ledger may dispatch.

        One that a unit gave back, that was declined, withdrawn or solved at the window is people's business,
        unless the row names a unit that never had it.
        """
        ticket = self._ticket
        if ticket.unit is not None:
            return False
        had = {mark.facts.get("unit") for mark in ticket.marks if mark.kind == "dispatched"}
        named = self._row.texts.get("unit")
        return named not in had if named is not None else not had and self.is_open()

    def is_open(self) -> bool:
        """Whether the ticket is neither at an end nor solved."""
        return not self._district.flow.step(self._ticket.step).is_end and self.told["resolved_at"] is None


def own_facts(row: LedgerRow, district: District) -> dict[str, Fact]:
    """Return the facts that the district's own columns state, in its own identifiers.

    An instant is a fact as soon as it is written down: it may lie ahead, as an agreed due time does.
    """
    cells = {**row.texts, **{name: at.isoformat() for name, at in row.times.items()}}
    return {
        it.fact: district.code_of(it.fact, cells[it.id]) or cells[it.id]
        for it in district.columns
        if it.fact is not None and it.id in cells
    }


def cells_of(row: LedgerRow, district: District) -> dict[str, str | dt.datetime]:
    """Return the cells of a row, words as the district's identifiers."""
    cells: dict[str, str | dt.datetime] = {**row.texts, **row.times}
    if "channel" in row.texts:
        cells["channel"] = district.channel(row.texts["channel"]) or row.texts["channel"]
    own = own_facts(row, district)
    words = [it for it in district.columns if it.id in row.texts and it.fact in own]
    return cells | {it.id: str(own[it.fact]) for it in words if it.fact is not None}


def _conflict(name: str, was: Cell, is_now: Cell) -> str:
    if name in PERSONAL:
        return "与已登记的内容不同（个人信息，不在此显示）；未作任何改动"
    before, after = (
        f"{value:%Y-%m-%d %H:%M:%S}" if isinstance(value, dt.datetime) else shown(value or "")
        for value in (was, is_now)
    )
    return f"已登记为“{before}”，台账现为“{after}”；未作任何改动"
