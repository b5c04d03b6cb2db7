"""Tickets and their entries, copied so that a cut-off at any instant leaves what another run completes.

A long history goes over in pieces. Until the last of them the target's row has no text and nothing is told of
it: no desk can work on it, and the next run goes on after its last entry.

A seal lies in the target under each name, and changes in the same commit as the tickets do: a sum over all of
them that only copying keeps. Where it fits, nobody but this command has written tickets there, and a ticket
that the source no longer has was removed in the source.
"""

from collections.abc import Callable

from bubancheng.store.contract import ChangeSet, Link, Record, StateRow, Store
from bubancheng.store.copying.comparing import SEAL, Standing, number_in_seal, sealed
from bubancheng.store.copying.tallying import OWN, Tally, row_pairs

_ENTRIES = 1000  # in one commit
_CHARACTERS = 2_000_000  # in one commit


class _Writer:
    """Writes tickets into a target, many in one commit, and the seal with them."""

    def __init__(self, target: Store, standing: Standing) -> None:
        self._target, self._name, self._seal = target, standing.name, standing.seal
        self._changes: list[ChangeSet] = []
        self._entries = self._characters = 0

    def put(self, row: StateRow, held: StateRow | None, links: list[Link]) -> None:
        """Bring a ticket from what is held of it to a row, with the entries that lie in between."""
        change = ChangeSet(
            district=self._name, expected=0 if held is None else held.version, row=row, links=links
        )
        self._characters += len(row.text) + sum(len(it.text) for it in links)
        self._add(change, number_in_seal(row) - number_in_seal(held))

    def remove(self, held: StateRow) -> None:
        """Take a ticket away that the source no longer has."""
        change = ChangeSet(district=self._name, expected=held.version, removed=held.ticket)
        self._add(change, -number_in_seal(held))

    def _add(self, change: ChangeSet, number: int) -> None:
        self._changes.append(change)
        self._seal += number
        self._entries += 1 + len(change.links)
        if self._entries >= _ENTRIES or self._characters >= _CHARACTERS:
            self.flush()

    def flush(self) -> None:
        """Commit what has come together."""
        if self._changes:
            seal = ChangeSet(district=self._name, records=[Record(OWN, SEAL, sealed(self._seal))])
            self._target.commit(*self._changes, seal)
        self._changes = []
        self._entries = self._characters = 0


def copy_chains(source: Store, target: Store, standing: Standing, tell: Callable[[int], object]) -> Tally:
    """Copy every ticket that the target lacks, wholly or in part; return the tally of the source's."""
    seen, writer = Tally(), _Writer(target, standing)
    for row, held in row_pairs(source, target, standing.name):
        if row != held:
            _copy(source, writer, row, held)
        seen = seen.plus(row)
        tell(seen.tickets)
    writer.flush()
    if standing.strays:
        for stray, found in row_pairs(target, source, standing.name):
            if found is None:
                writer.remove(stray)
        writer.flush()
    return seen


def _copy(source: Store, writer: _Writer, row: StateRow, held: StateRow | None) -> None:
    """Copy a ticket as it stood in a row; one that goes on, or goes, meanwhile is left to the next run."""
    links: list[Link] = []
    characters = 0
    version, head = (0, "") if held is None else (held.version, held.head)
    for it in source.entries(row.district, row.ticket, version):
        if it.sequence > row.version:
            break
        links.append(it)
        characters += len(it.text)
        version, head = it.sequence, it.hash
        if version < row.version and (len(links) >= _ENTRIES or characters >= _CHARACTERS):
            part = _unfinished(row, it)
            writer.put(part, held, links)
            held, links, characters = part, [], 0
    if (version, head) == (row.version, row.head) or source.load(row.district, row.ticket) == row:
        writer.put(row, held, links)


def _unfinished(row: StateRow, last: Link) -> StateRow:
    return StateRow(
        district=row.district,
        ticket=row.ticket,
        version=last.sequence,
        head=last.hash,
        step="",
        unit=None,
        told="",
        next_change=None,
        text="",
    )
