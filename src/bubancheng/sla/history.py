"""A ticket's marks by kind: read once, so that no target walks them again."""

import datetime as dt
from collections.abc import Iterable, Sequence

from bubancheng.ticket import Mark, Ticket

_NONE: tuple[Mark, ...] = ()


class History:
    """The marks of one ticket, each kind's in their order."""

    __slots__ = ("_by_kind", "ticket")

    def __init__(self, ticket: Ticket) -> None:
        self.ticket = ticket
        self._by_kind: dict[str, list[Mark]] = {}
        by_kind = self._by_kind
        for mark in ticket.marks:
            if mark.kind in by_kind:
                by_kind[mark.kind].append(mark)
            else:
                by_kind[mark.kind] = [mark]

    def of(self, kind: str) -> Sequence[Mark]:
        """Return the marks of a kind."""
        return self._by_kind.get(kind, _NONE)

    def has_any(self, kinds: frozenset[str]) -> bool:
        """Whether an entry of one of these kinds happened."""
        return not kinds.isdisjoint(self._by_kind)

    def into(self, steps: frozenset[str]) -> list[Mark]:
        """Return the marks that led into one of these steps."""
        return [mark for mark in self.ticket.marks if mark.step in steps]

    def first(self, kind: str) -> dt.datetime | None:
        """Return when the first entry of a kind happened; None where none has."""
        marks = self._by_kind.get(kind)
        return marks[0].at if marks else None

    def earliest(self, kinds: Iterable[str]) -> dt.datetime | None:
        """Return the earliest instant at which an entry of one of these kinds happened."""
        found: dt.datetime | None = None
        for kind in kinds:
            for mark in self._by_kind.get(kind, _NONE):
                if found is None or mark.at < found:
                    found = mark.at
        return found
