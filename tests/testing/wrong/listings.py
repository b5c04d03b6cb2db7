"""Stores that list what they hold wrongly, in one way each: a copy made from such a list would lack something."""

import attrs

from bubancheng.store import MemoryStore, OutboxRow, Record


class DistrictsAlone(MemoryStore):
    """Forgets the chains of which nothing is told, and names with records only."""

    def holdings(self) -> list[str]:
        return self.districts()


class TableByTable(MemoryStore):
    """Names a district once for each kind of thing that it holds of it."""

    def holdings(self) -> list[str]:
        return [it for held in (self._rows, self._records) for it in sorted({key[0] for key in held})]


class FromTheLast(MemoryStore):
    """Lists the record after which to go on once more."""

    def records(self, district: str, after: tuple[str, str] = ("", ""), limit: int = 1000) -> list[Record]:
        every = super().records(district, limit=10_000)
        return [it for it in every if (it.kind, it.key) >= after][:limit]


class ByKey(MemoryStore):
    """Goes on after a key, whatever the kind."""

    def records(self, district: str, after: tuple[str, str] = ("", ""), limit: int = 1000) -> list[Record]:
        every = super().records(district, limit=10_000)
        return [it for it in every if it.kind >= after[0] and it.key > after[1]][:limit]


class AnyDistrict(MemoryStore):
    """Lists the records of all districts as one's own."""

    def records(self, _district: str, after: tuple[str, str] = ("", ""), limit: int = 1000) -> list[Record]:
        return sorted(
            {it for name in self.holdings() for it in super(AnyDistrict, self).records(name, after, limit)},
            key=lambda it: (it.kind, it.key),
        )[:limit]


class Idle(MemoryStore):
    """Lists what nobody has claimed."""

    def waiting(self, district: str, after: str = "", limit: int = 1000) -> list[OutboxRow]:
        return [it for it in super().waiting(district, after, 10_000) if not it.attempts][:limit]


class Afresh(MemoryStore):
    """Lists a claimed row as if it had never been claimed."""

    def waiting(self, district: str, after: str = "", limit: int = 1000) -> list[OutboxRow]:
        return [attrs.evolve(it, attempts=0) for it in super().waiting(district, after, limit)]


class Remembered(MemoryStore):
    """Lists what is done, too."""

    def __init__(self) -> None:
        super().__init__()
        self._done: list[OutboxRow] = []

    def finish(self, row: OutboxRow) -> None:
        super().finish(row)
        self._done.append(row)

    def waiting(self, district: str, after: str = "", limit: int = 1000) -> list[OutboxRow]:
        done = [it for it in self._done if it.district == district and it.id > after]
        return sorted([*super().waiting(district, after, limit), *done], key=lambda it: it.id)[:limit]


LISTING: dict[type[MemoryStore], str] = {
    DistrictsAlone: "test_every_name_under_which_anything_is_kept_is_listed",
    TableByTable: "test_every_name_under_which_anything_is_kept_is_listed",
    FromTheLast: "test_records_are_listed_each_once_by_kind_and_key",
    ByKey: "test_records_are_listed_each_once_by_kind_and_key",
    AnyDistrict: "test_records_are_listed_each_once_by_kind_and_key",
    Idle: "test_what_waits_is_listed_each_once_by_id",
    Afresh: "test_what_waits_is_listed_each_once_by_id",
    Remembered: "test_what_waits_is_listed_each_once_by_id",
}
"""Each wrong store, and the one check that rejects it."""
