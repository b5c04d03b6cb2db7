"""Stores that are wrong in one way each; those here forget everything with the process."""

import time
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import attrs

from bubancheng.store import ChangeSet, Filter, Link, MemoryStore, OutboxRow, StateRow


class Clipping(MemoryStore):
    """Keeps no instant before 1970."""

    def load(self, district: str, ticket: str) -> StateRow | None:
        row = super().load(district, ticket)
        return row and attrs.evolve(row, next_change=row.next_change and max(row.next_change, 0))


class Trimming(MemoryStore):
    """Takes blanks off a record's ends."""

    def lookup(self, district: str, kind: str, key: str) -> str | None:
        text = super().lookup(district, kind, key)
        return text and text.strip()


class FirstPage(MemoryStore):
    """Gives the first thousand entries and forgets to read on."""

    def entries(self, district: str, ticket: str, after: int = 0) -> Iterator[Link]:
        return islice(super().entries(district, ticket, after), 1000)


class OneTooMany(MemoryStore):
    """Gives the entry at the sequence too, where one after it is meant."""

    def entries(self, district: str, ticket: str, after: int = 0) -> Iterator[Link]:
        return super().entries(district, ticket, max(after - 1, 0))


class Rewriting(MemoryStore):
    """Writes the history that a change brings in place of the one before, also none."""

    def _apply(self, change: ChangeSet) -> None:
        if change.row is not None and not change.links:
            self._links.pop((change.district, change.row.ticket), None)
        super()._apply(change)


class Reopening(MemoryStore):
    """Opens a ticket that is there once more, over the old one."""

    def _check(self, change: ChangeSet, versions: dict[Any, int], written: set[Any]) -> None:
        key = None if change.row is None else (change.district, change.row.ticket)
        if key is not None and change.expected == 0:
            change = attrs.evolve(change, expected=self._version(key, versions))
        super()._check(change, versions, written)


class Forgiving(MemoryStore):
    """Takes a version ahead of the stored one for a good one."""

    def _check(self, change: ChangeSet, versions: dict[Any, int], written: set[Any]) -> None:
        stored = None if change.row is None else self._rows.get((change.district, change.row.ticket))
        if stored is not None and change.expected > stored.version:
            change = attrs.evolve(
                change, expected=versions.get((change.district, stored.ticket), stored.version)
            )
        super()._check(change, versions, written)


class Creating(MemoryStore):
    """Makes a ticket out of a change of one that is not there."""

    def _check(self, change: ChangeSet, versions: dict[Any, int], written: set[Any]) -> None:
        key = None if change.row is None else (change.district, change.row.ticket)
        if key is not None and key not in self._rows and key not in versions:
            change = attrs.evolve(change, expected=0)
        super()._check(change, versions, written)


class TellingTwice(MemoryStore):
    """Looks at the version alone, never at what was told."""

    def _check(self, change: ChangeSet, versions: dict[Any, int], written: set[Any]) -> None:
        super()._check(attrs.evolve(change, expected_told=None), versions, written)


class EachForItself(MemoryStore):
    """Looks at the stored version for each change of a commit, not at what the one before it left."""

    def _check(self, change: ChangeSet, versions: dict[Any, int], written: set[Any]) -> None:
        for key in [key for key, version in versions.items() if version]:
            del versions[key]  # what was removed it remembers
        super()._check(change, versions, written)


class PieceByPiece(MemoryStore):
    """Applies change after change, up to the one that is refused; only removals it looks at before."""

    def commit(self, *changes: ChangeSet) -> None:
        if any(it.removed for it in changes):
            super().commit(*changes)
            return
        with self._lock:
            written: set[Any] = set()
            for change in changes:
                self._check(change, {}, written)
                self._apply(change)


class FinishingAnyway(MemoryStore):
    """Finishes rows of the outbox before it looks whether the commit can be."""

    def commit(self, *changes: ChangeSet) -> None:
        for change in changes:
            for row_id in change.finished:
                self._outbox.pop((change.district, row_id), None)
        super().commit(*changes)


class Swallowing(MemoryStore):
    """Says nothing when a commit comes again, so that both senders think they were the first."""

    def __init__(self) -> None:
        super().__init__()
        self._seen: list[tuple[ChangeSet, ...]] = []

    def commit(self, *changes: ChangeSet) -> None:
        if changes in self._seen and all(it.row is not None and it.records for it in changes):
            return
        super().commit(*changes)
        self._seen.append(changes)


class OnlyCommands(MemoryStore):
    """Writes commands once, and query codes as often as they come."""

    def _check(self, change: ChangeSet, versions: dict[Any, int], written: set[Any]) -> None:
        kept = tuple(it for it in change.records if it.kind == "command")
        super()._check(attrs.evolve(change, records=kept), versions, written)


class TwiceAtOnce(MemoryStore):
    """Writes a command twice where both come in one commit."""

    def _check(self, change: ChangeSet, versions: dict[Any, int], _written: set[Any]) -> None:
        super()._check(change, versions, set())


class KeepingTheFirst(MemoryStore):
    """Writes every record once, settings and erased personal data too."""

    def _apply(self, change: ChangeSet) -> None:
        new = [it for it in change.records if (change.district, it.kind, it.key) not in self._records]
        super()._apply(attrs.evolve(change, records=new))


class OneDrawer(MemoryStore):
    """Finds a record of another kind where there is none of the one asked for."""

    def lookup(self, district: str, kind: str, key: str) -> str | None:
        own = super().lookup(district, kind, key)
        found = [text for (of, _, name), text in self._records.items() if (of, name) == (district, key)]
        return found[0] if own is None and found else own


class Collating(MemoryStore):
    """Orders numbers as a dictionary does, capitals and small letters together."""

    def find(self, wanted: Filter) -> list[StateRow]:
        rows = super().find(attrs.evolve(wanted, after="", limit=1000))
        after = [it for it in rows if it.ticket.lower() > wanted.after.lower()]
        return sorted(after, key=lambda it: it.ticket.lower())[: wanted.limit]


class LimitFirst(MemoryStore):
    """Takes as many as asked for, and filters those."""

    def find(self, wanted: Filter) -> list[StateRow]:
        if wanted.light is not None:
            return super().find(wanted)
        rows = super().find(attrs.evolve(wanted, unit=None, step=None))
        return [it for it in rows if wanted.unit in {None, it.unit} and wanted.step in {None, it.step}]


class Colourless(MemoryStore):
    """Knows no light, as a store that was written before there was one to ask for."""

    def find(self, wanted: Filter) -> list[StateRow]:
        if wanted.unit or wanted.step or wanted.after or wanted.limit < 100:
            return super().find(wanted)
        return super().find(attrs.evolve(wanted, light=None))


class ByWholeTelling(MemoryStore):
    """Takes all that was told for the light, limits that passed and all."""

    def find(self, wanted: Filter) -> list[StateRow]:
        rows = super().find(wanted)
        plain = wanted.light is None or wanted != Filter(district=wanted.district, light=wanted.light)
        return rows if plain else [it for it in rows if it.told == wanted.light]


class RememberingTheFirstLight(MemoryStore):
    """Writes the light down when a ticket is opened, and never again."""

    def __init__(self) -> None:
        super().__init__()
        self._first: dict[tuple[str, str], str] = {}

    def _apply(self, change: ChangeSet) -> None:
        super()._apply(change)
        if change.row is not None:
            light = change.row.told.partition("\t")[0]
            self._first.setdefault((change.district, change.row.ticket), light)

    def find(self, wanted: Filter) -> list[StateRow]:
        rows = super().find(attrs.evolve(wanted, light=None, limit=9999))
        fit = [it for it in rows if wanted.light in {None, self._first.get((wanted.district, it.ticket))}]
        return fit[: wanted.limit]


class LightOrElse(MemoryStore):
    """Leaves unit and step out where a light is asked for."""

    def find(self, wanted: Filter) -> list[StateRow]:
        return super().find(wanted if wanted.light is None else attrs.evolve(wanted, unit=None, step=None))


class LimitBeforeLight(MemoryStore):
    """Takes as many as asked for, and looks for the light among those."""

    def find(self, wanted: Filter) -> list[StateRow]:
        rows = super().find(attrs.evolve(wanted, light=None))
        return [it for it in rows if wanted.light in {None, it.told.partition("\t")[0]}]


class BeginningAgain(MemoryStore):
    """Gives the first page of a light again and again."""

    def find(self, wanted: Filter) -> list[StateRow]:
        return super().find(wanted if wanted.light is None else attrs.evolve(wanted, after=""))


class JustBefore(MemoryStore):
    """Leaves out what changes at the very instant."""

    def due_before(self, district: str, instant: int, limit: int = 1000) -> list[StateRow]:
        return super().due_before(district, instant - 1, limit)


class Reminding(MemoryStore):
    """Keeps every instant at which a ticket was once to change."""

    def __init__(self) -> None:
        super().__init__()
        self._instants: dict[tuple[str, str], int] = {}

    def _apply(self, change: ChangeSet) -> None:
        super()._apply(change)
        if change.row is not None and change.row.next_change is not None:
            self._instants.setdefault((change.district, change.row.ticket), change.row.next_change)

    def due_before(self, district: str, instant: int, limit: int = 1000) -> list[StateRow]:
        due = sorted((when, key) for key, when in self._instants.items() if key[0] == district)
        return [self._rows[key] for when, key in due if when <= instant and key in self._rows][:limit]


class ClaimingForAll(MemoryStore):
    """Claims whatever waits, of whichever district."""

    def claim(self, district: str, kinds: Iterable[str], n: int, *, now: int, lease: int) -> list[OutboxRow]:
        wanted = list(kinds)
        each = [
            super(ClaimingForAll, self).claim(it, wanted, n, now=now, lease=lease) for it in self.districts()
        ]
        return [
            row
            for rows in (each or [super().claim(district, wanted, n, now=now, lease=lease)])
            for row in rows
        ]


class OneArchive(MemoryStore):
    """Looks records up in any district."""

    def lookup(self, district: str, kind: str, key: str) -> str | None:
        own = super().lookup(district, kind, key)
        found = [text for (_, *name), text in self._records.items() if name == [kind, key]]
        return own and found[0]


class ListingAll(MemoryStore):
    """Takes the chain of reading records for a district."""

    def districts(self) -> list[str]:
        return sorted({row.district for row in self._rows.values()})


class LatestFirst(MemoryStore):
    """Claims what came last first, so that under load the oldest never goes out."""

    def claim(self, district: str, kinds: Iterable[str], n: int, *, now: int, lease: int) -> list[OutboxRow]:
        wanted = set(kinds)
        with self._lock:
            fit = [
                it
                for it in self._outbox.values()
                if it.district == district and it.kind in wanted and it.due <= now
            ]
            return [
                row
                for it in sorted(fit, key=lambda it: -it.due)[:n]
                for row in self._claim_one(it, now, lease)
            ]

    def _claim_one(self, row: OutboxRow, now: int, lease: int) -> list[OutboxRow]:
        self._outbox[row.district, row.id] = attrs.evolve(row, due=now + lease, attempts=row.attempts + 1)
        return [self._outbox[row.district, row.id]]


class AnyKind(MemoryStore):
    """Claims notices for whoever asks for dispatches."""

    def claim(self, district: str, kinds: Iterable[str], n: int, *, now: int, lease: int) -> list[OutboxRow]:
        every = {it.kind for it in self._outbox.values()} if list(kinds) else set()
        return super().claim(district, every, n, now=now, lease=lease)


class Everlasting(MemoryStore):
    """Gives a claimed row to nobody else, ever."""

    def __init__(self) -> None:
        super().__init__()
        self._given: set[tuple[str, str]] = set()

    def _apply(self, change: ChangeSet) -> None:
        super()._apply(change)
        self._given -= {(it.district, it.id) for it in change.outbox}

    def claim(self, district: str, kinds: Iterable[str], n: int, *, now: int, lease: int) -> list[OutboxRow]:
        rows = super().claim(district, kinds, n, now=now, lease=lease)
        new = [it for it in rows if (it.district, it.id) not in self._given]
        self._given |= {(it.district, it.id) for it in rows}
        return new


class Uncounted(MemoryStore):
    """Does not count how often a row was claimed, so that nothing is ever set aside."""

    def claim(self, district: str, kinds: Iterable[str], n: int, *, now: int, lease: int) -> list[OutboxRow]:
        return [
            attrs.evolve(it, attempts=1) for it in super().claim(district, kinds, n, now=now, lease=lease)
        ]


class Strict(MemoryStore):
    """Fails when what is finished was finished already."""

    def finish(self, row: OutboxRow) -> None:
        del self._outbox[row.district, row.id]


class Undying(MemoryStore):
    """Finishes a row for as long as its claim holds, though it does not list it."""

    def __init__(self) -> None:
        super().__init__()
        self._done: set[str] = set()

    def finish(self, row: OutboxRow) -> None:
        self._done.add(row.id)

    def waiting(self, district: str, after: str = "", limit: int = 1000) -> list[OutboxRow]:
        return [it for it in super().waiting(district, after, 10_000) if it.id not in self._done][:limit]


class Unsettled(MemoryStore):
    """Leaves it to `finish` to take rows out of the outbox."""

    def _apply(self, change: ChangeSet) -> None:
        super()._apply(attrs.evolve(change, finished=()))


class Insisting(MemoryStore):
    """Keeps the row that waits when it is put again."""

    def _apply(self, change: ChangeSet) -> None:
        new = [it for it in change.outbox if (it.district, it.id) not in self._outbox]
        super()._apply(attrs.evolve(change, outbox=new))


class LookingThenLeaping(MemoryStore):
    """Looks at the versions, and writes a moment later."""

    def commit(self, *changes: ChangeSet) -> None:
        versions: dict[Any, int] = {}
        written: set[Any] = set()
        for change in changes:
            self._check(change, versions, written)
        time.sleep(0.001)
        with self._lock:
            for change in changes:
                self._apply(change)


class Snatching(MemoryStore):
    """Looks for what waits, and claims it a moment later."""

    def claim(self, district: str, kinds: Iterable[str], n: int, *, now: int, lease: int) -> list[OutboxRow]:
        before = dict(self._outbox)
        rows = super().claim(district, kinds, n, now=now, lease=lease)
        for row in rows:
            self._outbox[row.district, row.id] = before[row.district, row.id]
        time.sleep(0.001)
        for row in rows:
            self._outbox[row.district, row.id] = row
        return rows


class Torn(MemoryStore):
    """Lets readers in between the changes of a commit."""

    def commit(self, *changes: ChangeSet) -> None:
        with self._writing:
            versions: dict[Any, int] = {}
            written: set[Any] = set()
            for change in changes:
                self._check(change, versions, written)
            for change in changes:
                self._apply(change)
                time.sleep(0.0002)

    def __init__(self) -> None:
        super().__init__()
        self._writing = type(self._lock)()


KEEPING: dict[type[MemoryStore], str] = {
    Clipping: "test_a_ticket_comes_back_as_it_was",
    Trimming: "test_texts_are_data",
    FirstPage: "test_a_history_comes_whole_and_in_order",
    OneTooMany: "test_entries_can_be_read_from_the_middle",
    Rewriting: "test_a_change_without_entries_leaves_the_history",
    Reopening: "test_a_ticket_is_opened_once",
    Forgiving: "test_another_version_than_expected_is_a_conflict",
    Creating: "test_another_version_than_expected_is_a_conflict",
    TellingTwice: "test_another_light_than_expected_is_a_conflict",
    EachForItself: "test_one_ticket_may_change_twice_in_one_commit",
    PieceByPiece: "test_a_refused_commit_changes_nothing",
    FinishingAnyway: "test_a_refused_commit_changes_nothing",
    Swallowing: "test_a_commit_delivered_twice_happens_once",
    OnlyCommands: "test_commands_query_codes_and_foreign_numbers_are_written_once",
    TwiceAtOnce: "test_commands_query_codes_and_foreign_numbers_are_written_once",
    KeepingTheFirst: "test_any_other_record_replaces_the_one_before",
    OneDrawer: "test_records_of_different_kinds_do_not_meet",
    Collating: "test_tickets_are_found_in_the_order_of_their_numbers",
    LimitFirst: "test_filters_hold_together_and_before_the_limit",
    Colourless: "test_tickets_are_found_by_the_light_last_told",
    ByWholeTelling: "test_tickets_are_found_by_the_light_last_told",
    RememberingTheFirstLight: "test_tickets_are_found_by_the_light_last_told",
    LightOrElse: "test_a_light_holds_with_every_other_filter",
    LimitBeforeLight: "test_a_light_holds_with_every_other_filter",
    BeginningAgain: "test_a_light_holds_with_every_other_filter",
    JustBefore: "test_what_changes_by_itself_comes_earliest_first",
    Reminding: "test_what_was_told_is_not_due_again",
    ClaimingForAll: "test_two_districts_never_meet",
    OneArchive: "test_two_districts_never_meet",
    ListingAll: "test_only_districts_with_tickets_are_listed",
    LatestFirst: "test_what_is_due_is_claimed_the_earliest_first",
    AnyKind: "test_what_is_due_is_claimed_the_earliest_first",
    Everlasting: "test_a_claim_keeps_a_row_from_others_until_it_runs_out",
    Uncounted: "test_a_claim_keeps_a_row_from_others_until_it_runs_out",
    Strict: "test_what_is_finished_is_gone_and_finishing_twice_does_no_harm",
    Undying: "test_what_is_finished_is_gone_and_finishing_twice_does_no_harm",
    Unsettled: "test_a_commit_can_finish",
    Insisting: "test_a_row_put_again_replaces_the_one_that_waits",
    LookingThenLeaping: "test_of_two_threads_with_one_version_one_wins",
    Snatching: "test_two_threads_never_claim_the_same",
    Torn: "test_a_reader_sees_whole_commits",
}
"""Each wrong store, and the one check that rejects it."""
