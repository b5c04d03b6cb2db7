"""The storage contract: the methods a store implements, and the rows they carry."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, runtime_checkable

import attrs


@attrs.frozen
class Link:
    """One stored entry: its sequence, its text as stored, its hash."""

    sequence: int
    text: str
    hash: str


@attrs.frozen(kw_only=True)
class StateRow:
    """The state of one ticket as stored: never its whole history.

    `head`: the hash of its last entry; `told`: the light, and after a tab each the limits that have passed,
    as last told (when it was registered, or by a sweep; blank for a chain that is no ticket); `next_change`:
    microseconds since 1970 UTC at which something about it changes by itself, or did so untold, None where
    nothing will; `text`: the packed ticket.
    """

    district: str
    ticket: str
    version: int
    head: str
    step: str
    unit: str | None
    told: str
    next_change: int | None
    text: str


@attrs.frozen
class Record:
    """A text under (kind, key): a command's outcome, a calendar, personal data, a setting.

    The kinds "command", "query" and "external" are written once, a second one is a `ConflictError`; others
    replace what was there. The key of "personal" is the ticket's number.
    """

    kind: str
    key: str
    text: str


@attrs.frozen(kw_only=True)
class OutboxRow:
    """Something that must still be done for a ticket; `due` in microseconds since 1970 UTC.

    Its id is its own within the district; `attempts`: how often it was claimed; `text`: what it is about.
    """

    id: str
    district: str
    ticket: str
    kind: str
    due: int
    attempts: int = 0
    text: str = ""


@attrs.frozen(kw_only=True)
class ChangeSet:
    """What one command changes; it is applied wholly or not at all.

    `district`: of all that it holds; `expected`: the version that the ticket of `row` or `removed` must have
    (0: it must not exist), of no meaning without one; `expected_told`: what must have been told of it, where
    that matters; `links`: entries of the ticket of `row`, appended; `finished`: ids of outbox rows that this
    settles; `removed`: a ticket of the expected version that goes, with its entries, its "personal" record
    and its outbox rows. A change never has both `row` and `removed`, nor puts an outbox row that it finishes.
    """

    district: str
    expected: int = 0
    expected_told: str | None = None
    row: StateRow | None = None
    links: Sequence[Link] = ()
    records: Sequence[Record] = ()
    outbox: Sequence[OutboxRow] = ()
    finished: Sequence[str] = ()
    removed: str | None = None


@attrs.frozen(kw_only=True)
class Filter:
    """Which tickets to find, ordered by number: after one number, at most `limit` of them.

    `light`: the one that was last told (what stands before the first tab in `told`). Chains that are no
    tickets are found too.
    """

    district: str
    unit: str | None = None
    step: str | None = None
    light: str | None = None
    after: str = ""
    limit: int = 100


WRITE_ONCE = frozenset({"command", "query", "external"})


@runtime_checkable
class Backed(Protocol):
    """A store that can check itself, and be copied while it is in use."""

    def faults(self) -> list[str]:
        """Return what is wrong with what is stored, below entries and chains; nothing where it is whole."""

    def back_up(self, target: str) -> None:
        """Copy everything, as it stands now, to a new place; `StoreError` where one is there already."""


@runtime_checkable
class Portable(Protocol):
    """A store that can list all it holds, so that it may be copied into any other (迁移存储)."""

    def holdings(self) -> list[str]:
        """Return every name under which anything is kept: of districts, and of what goes with them."""

    def records(self, district: str, after: tuple[str, str] = ("", ""), limit: int = 1000) -> list[Record]:
        """Return records ordered by kind and key (by code points), those after one, at most `limit`."""

    def waiting(self, district: str, after: str = "", limit: int = 1000) -> list[OutboxRow]:
        """Return outbox rows ordered by id, claimed ones too, those after one, at most `limit`."""


class Store(Protocol):
    """Where tickets are kept; any number of districts, each under its own name.

    A store that cannot save raises `StoreError`: it never pretends. Threads share it, and never see half a
    commit. All orders are by code points, as Python compares texts. `is_borrowed`: True where it writes on a
    connection of the embedder's, who commits.
    """

    is_borrowed: bool

    def load(self, district: str, ticket: str) -> StateRow | None:
        """Return the state row of a ticket; None where there is none."""

    def entries(self, district: str, ticket: str, after: int = 0) -> Iterator[Link]:
        """Yield the stored entries of a ticket in order, those after a sequence."""

    def lookup(self, district: str, kind: str, key: str) -> str | None:
        """Return the text of a record; None where there is none."""

    def commit(self, *changes: ChangeSet) -> None:
        """Apply all the changes or none of them, durably; `ConflictError` where a version differs.

        A change finds what those before it in the same commit have left.
        """

    def find(self, wanted: Filter) -> list[StateRow]:
        """Return the rows that a filter asks for, ordered by ticket number."""

    def due_before(self, district: str, instant: int, limit: int = 1000) -> list[StateRow]:
        """Return rows whose `next_change` is not after an instant, the earliest first, then by number."""

    def claim(self, district: str, kinds: Iterable[str], n: int, *, now: int, lease: int) -> list[OutboxRow]:
        """Take up to n rows of these kinds that are due by `now`, the earliest first.

        Nobody else gets them for `lease` microseconds: they are kept and come back with `now + lease` as
        their `due`, and one attempt more.
        """

    def finish(self, row: OutboxRow) -> None:
        """Remove an outbox row that is done."""

    def districts(self) -> list[str]:
        """Return the districts with tickets (of which something is told), in the order of their names."""

    def close(self) -> None:
        """Let go of files and connections."""
