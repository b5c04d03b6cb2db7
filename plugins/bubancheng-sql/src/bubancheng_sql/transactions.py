"""Transactions of our own, begun again while that helps; or a part of the embedder's."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol, TypeVar

import sqlalchemy as sa

from bubancheng.errors import ConflictError, StoreError
from bubancheng.store import ChangeSet
from bubancheng_sql import reading, schema
from bubancheng_sql.hands import EngineHand, Hand, PipelineHand, allow_pipelines, hand_of, has_pipelines
from bubancheng_sql.opening import open_engine, shown
from bubancheng_sql.patience import Patience
from bubancheng_sql.tables import OUTBOX
from bubancheng_sql.trouble import Trouble, is_of_driver, meaning, said, told

T = TypeVar("T")

_SPARES = {"postgresql", "opengauss"}  # where a lone question needs no BEGIN and ROLLBACK around it


class Transactions(Protocol):
    """Carries work out on a server; `skips_locked`: whether its queries can pass over locked rows."""

    skips_locked: bool

    def read(self, work: Callable[[Hand], T]) -> T:
        """Return what work reads."""

    def write(self, work: Callable[[Hand], T], changes: Sequence[ChangeSet] = ()) -> T | None:
        """Return what work wrote; `changes`: what it makes true, which nobody can do twice."""

    def close(self) -> None:
        """Let go of connections."""


class OwnTransactions:
    """Transactions on connections of our own, each begun again when the server takes it back or goes away.

    Where a connection is lost at COMMIT nobody knows whether it was saved: the work is repeated, and where
    that meets a conflict, what stands in the tables tells whether it was ours.
    """

    def __init__(self, address: str, *, create: bool, patience: Patience) -> None:
        self._name, self._patience = shown(address), patience
        self._engine = open_engine(address)
        try:
            with told(self._name, "open"):
                self._open(create=create)
        except BaseException:
            self._engine.dispose()
            raise
        self._hand: type[EngineHand] = EngineHand
        self._reading = self._engine
        if has_pipelines(self._engine):
            self._engine.dispose()
            self._engine = self._reading = open_engine(address, autocommit=True)
            self._hand = PipelineHand
            allow_pipelines(self._engine)
        elif self._engine.dialect.name in _SPARES:
            self._reading = self._engine.execution_options(isolation_level="AUTOCOMMIT")

    def _open(self, *, create: bool) -> None:
        with self._engine.connect() as connection:
            found = schema.ensure(connection, create=create)
        if found is None:
            msg = f"存储 {self._name} 中没有表 (no tables there): check the name of the database"
            raise StoreError(msg)
        schema.check(found, self._name)
        self.skips_locked = self._has_skip_locked()

    def _has_skip_locked(self) -> bool:
        query = sa.select(OUTBOX.c.row_id).where(OUTBOX.c.district == "").with_for_update(skip_locked=True)
        try:
            with self._engine.connect() as connection:
                connection.execute(query).all()
        except sa.exc.DBAPIError as error:
            if meaning(error) is Trouble.OTHER:
                return False
            raise
        return True

    def read(self, work: Callable[[Hand], T]) -> T:
        """Return what work reads."""
        for is_last in self._patience.tries():
            try:
                with self._reading.connect() as connection:
                    return work(EngineHand(connection))
            except Exception as error:
                if not is_of_driver(error):
                    raise
                if is_last or meaning(error) not in {Trouble.AWAY, Trouble.UNDONE}:
                    raise self._sorry("read", error) from error
        raise AssertionError

    def write(self, work: Callable[[Hand], T], changes: Sequence[ChangeSet] = ()) -> T | None:
        """Return what work wrote, once it is durable; `ConflictError`, `StoreError`."""
        is_doubtful = False
        for is_last in self._patience.tries():
            is_done = False
            try:
                with self._engine.begin() as connection:
                    answer = work(self._hand(connection))
                    is_done = True
            except ConflictError:
                if is_doubtful and self.read(lambda hand: reading.was_applied(hand, changes)):
                    return None
                raise
            except Exception as error:
                if not is_of_driver(error):
                    raise
                trouble = meaning(error)
                is_doubtful = is_doubtful or (is_done and trouble is not Trouble.UNDONE)
                if trouble is Trouble.TAKEN and self._is_ours(changes, is_doubtful=is_doubtful):
                    return None
                if is_last or trouble is Trouble.OTHER:
                    raise self._sorry("write", error, is_doubtful=is_doubtful) from error
            else:
                return answer
        raise AssertionError

    def _is_ours(self, changes: Sequence[ChangeSet], *, is_doubtful: bool) -> bool:
        """Whether what is taken was taken by these changes; `ConflictError` where somebody else was first."""
        if is_doubtful and self.read(lambda hand: reading.was_applied(hand, changes)):
            return True
        sentence = self.read(lambda hand: reading.taken(hand, changes))
        if sentence is not None:
            raise ConflictError(sentence)
        return False

    def _sorry(self, what: str, error: Exception, *, is_doubtful: bool = False) -> StoreError:
        doubt = (
            "；未知是否已保存 (it may be saved or not: repeat the command with its id)" if is_doubtful else ""
        )
        return StoreError(f"存储 {self._name} 无法使用 (cannot {what}): {said(error)}{doubt}")

    def close(self) -> None:
        """Let go of connections."""
        self._engine.dispose()


class BorrowedTransactions:
    """A part of the embedder's transaction: a savepoint in it. Nothing here commits, waits or repeats."""

    skips_locked = False
    _name = "(connection)"

    def __init__(self, connection: object) -> None:
        self._hand = hand_of(connection)
        self._lock = threading.RLock()
        found = self.write(lambda hand: [it[0] for it in hand.rows(schema.VERSION)])
        if not found:
            msg = "此连接的数据库中没有表 (no tables): run python -m bubancheng_sql upgrade URL once"
            raise StoreError(msg)
        schema.check(found[0], self._name)

    def read(self, work: Callable[[Hand], T]) -> T:
        """Return what work reads."""
        with self._lock, told(self._name, "read"):
            return work(self._hand)

    def write(self, work: Callable[[Hand], T], changes: Sequence[ChangeSet] = ()) -> T | None:
        """Return what work wrote; the embedder commits, or rolls everything back."""
        try:
            with self._lock, self._savepoint():
                return work(self._hand)
        except Exception as error:
            if not is_of_driver(error):
                raise
            trouble = meaning(error)
            sentence = (
                self.read(lambda hand: reading.taken(hand, changes)) if trouble is Trouble.TAKEN else None
            )
            if sentence is not None:
                raise ConflictError(sentence) from error
            again = "" if trouble is Trouble.OTHER else "；请整体重做该事务 (repeat the whole transaction)"
            msg = f"存储 {self._name} 无法使用 (cannot write): {said(error)}{again}"
            raise StoreError(msg) from error

    @contextmanager
    def _savepoint(self) -> Iterator[None]:
        self._hand.say("SAVEPOINT bubancheng")
        self._hand.say(
            "ROLLBACK TO SAVEPOINT bubancheng"
        )  # fails where there is no transaction to be part of
        try:
            yield
        except BaseException:
            self._take_back()
            raise
        self._hand.say("RELEASE SAVEPOINT bubancheng")

    def _take_back(self) -> None:
        try:
            self._hand.say("ROLLBACK TO SAVEPOINT bubancheng")
            self._hand.say("RELEASE SAVEPOINT bubancheng")
        except Exception as error:  # the server took back the whole transaction, or is gone
            if not is_of_driver(error):
                raise

    def close(self) -> None:
        """Leave the connection to its owner."""
