"""What the author of a store gives to its contract."""

from collections.abc import Callable

import attrs

from bubancheng.store import Store


@attrs.frozen(kw_only=True)
class Loan:
    """A connection of the embedder's with a store on it, and how the embedder commits or rolls back."""

    store: Store
    commit: Callable[[], object]
    rollback: Callable[[], object]
    close: Callable[[], object]


@attrs.frozen(kw_only=True)
class Spare:
    """Where a copy of the store under test may go: `target`, where nothing is yet; `open` opens the copy."""

    target: str
    open: Callable[[], Store]


@attrs.frozen(kw_only=True)
class StoreSetup:
    """How to come by the store under test.

    `open`: opens it, and each time the same one, as another process would; for a store with the capability
    `processes` it is pickled, so it is a class or function of a module, or a `functools.partial` of one.
    `borrow`: opens it on a connection of the embedder's, for the capability `borrowed`. `spare`: where
    `back_up` may copy it to, for the capability `backed`.
    """

    open: Callable[[], Store]
    borrow: Callable[[], Loan] | None = None
    spare: Spare | None = None
