"""Who carries statements to a server: a connection of SQLAlchemy, or one of the driver beneath it."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from importlib import import_module
from typing import Any, Protocol

import attrs
import sqlalchemy as sa
from sqlalchemy.engine.interfaces import ExecutionContext

from bubancheng.errors import ArgumentError

Values = Mapping[str, object]
_BATCH = 1000  # rows sent at a time
_SEND = "bubancheng_send"  # the execution option under which a pipeline is handed over
_SEEN = {"render_postcompile": True}  # lists of values become as many marks


@attrs.frozen
class Step:
    """A change, carried out for each of some values; `check`: told how many rows a single one met."""

    statement: sa.UpdateBase
    values: Sequence[Values]
    check: Callable[["Hand", int], None] | None = None


class Hand(Protocol):
    """Carries statements out within a transaction that somebody else began.

    `counts_met`: whether it counts rows that a change met and left as they were; some drivers do not.
    """

    counts_met: bool

    def rows(self, statement: sa.Select[Any], values: Values | None = None) -> Sequence[Sequence[Any]]:
        """Return all rows of a query."""

    def change(self, statement: sa.UpdateBase, values: Values) -> int:
        """Carry a change out; return how many rows it met."""

    def change_all(self, statement: sa.UpdateBase, values: Sequence[Values]) -> None:
        """Carry a change out for each of many values."""

    def carry(self, steps: Sequence[Step]) -> None:
        """Carry steps out in their order, up to one that fails or whose check does."""

    def say(self, words: str) -> None:
        """Say something to the server that has no answer."""


def _one_by_one(hand: Hand, steps: Sequence[Step]) -> None:
    """Carry each step out, and wait for its answer before the next one."""
    for step in steps:
        if step.check is None:
            hand.change_all(step.statement, step.values)
        else:
            for values in step.values:
                step.check(hand, hand.change(step.statement, values))


class EngineHand:
    """A connection of SQLAlchemy."""

    counts_met = False

    def __init__(self, connection: sa.Connection) -> None:
        self._connection = connection

    def rows(self, statement: sa.Select[Any], values: Values | None = None) -> Sequence[Sequence[Any]]:
        """Return all rows of a query."""
        return self._connection.execute(statement, values).all()

    def change(self, statement: sa.UpdateBase, values: Values) -> int:
        """Carry a change out; return how many rows it met."""
        return self._connection.execute(statement, values).rowcount

    def change_all(self, statement: sa.UpdateBase, values: Sequence[Values]) -> None:
        """Carry a change out for each of many values."""
        for start in range(0, len(values), _BATCH):
            self._connection.execute(statement, values[start : start + _BATCH])

    def carry(self, steps: Sequence[Step]) -> None:
        """Carry steps out in their order."""
        _one_by_one(self, steps)

    def say(self, words: str) -> None:
        """Say something to the server that has no answer."""
        self._connection.exec_driver_sql(words)


@cache
def _compiled(statement: sa.UpdateBase, dialect: sa.Dialect) -> sa.Compiled:
    return statement.compile(dialect=dialect)


class PipelineHand(EngineHand):
    """A connection by psycopg that commits by itself unless it is told to begin: its first words tell it so.

    Steps go out together, and their answers come together.
    """

    counts_met = True

    def __init__(self, connection: sa.Connection) -> None:
        super().__init__(connection)
        self._db: Any = connection.connection.driver_connection  # psycopg's, which is an extra
        self._has_begun = False

    def _begin(self) -> None:
        if not self._has_begun:
            self._has_begun = True
            self.say("BEGIN")

    def rows(self, statement: sa.Select[Any], values: Values | None = None) -> Sequence[Sequence[Any]]:
        """Return all rows of a query, within the transaction."""
        self._begin()
        return super().rows(statement, values)

    def change(self, statement: sa.UpdateBase, values: Values) -> int:
        """Carry a change out within the transaction."""
        self._begin()
        return super().change(statement, values)

    def change_all(self, statement: sa.UpdateBase, values: Sequence[Values]) -> None:
        """Carry a change out for each of many values, within the transaction."""
        self._begin()
        super().change_all(statement, values)

    def carry(self, steps: Sequence[Step]) -> None:
        """Send all steps, then look at the answers in their order.

        Of a check and an error the check is told: a row that did not stand as expected is why others fail.
        """
        asked: list[tuple[Step, Any]] = []

        def send() -> None:
            with self._db.pipeline():
                if not self._has_begun:
                    self._has_begun = True
                    self._db.execute("BEGIN")
                for step in steps:
                    if step.values:
                        asked.append((step, self._db.cursor()))
                        self._send(*asked[-1])

        try:  # as one statement of SQLAlchemy's, which knows what an error means for its connections
            self._connection.exec_driver_sql("PIPELINE", execution_options={_SEND: send})
        except Exception:
            self._check(asked)
            raise
        self._check(asked)

    def _send(self, step: Step, cursor: Any) -> None:  # noqa: ANN401 psycopg's
        compiled = _compiled(step.statement, self._connection.dialect)
        values = [compiled.construct_params(it) for it in step.values]
        if len(values) == 1:
            cursor.execute(str(compiled), values[0])
        else:
            cursor.executemany(str(compiled), values)

    def _check(self, asked: Sequence[tuple[Step, Any]]) -> None:
        for step, cursor in asked:
            if step.check is not None and cursor.rowcount >= 0:
                step.check(self, cursor.rowcount)


# a driver's module: its dialect, and how to ask for a cursor that gives tuples whatever the embedder chose
_DRIVERS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "psycopg": (
        "postgresql+psycopg",
        lambda it: it.cursor(row_factory=import_module("psycopg.rows").tuple_row),
    ),
    "psycopg2": (
        "postgresql+psycopg2",
        lambda it: it.cursor(cursor_factory=import_module("psycopg2.extensions").cursor),
    ),
    "pymysql": ("mysql+pymysql", lambda it: it.cursor(import_module("pymysql.cursors").Cursor)),
    "MySQLdb": ("mysql+mysqldb", lambda it: it.cursor(import_module("MySQLdb.cursors").Cursor)),
}


class DriverHand:
    """A connection of a driver (DB-API); SQLAlchemy only writes the SQL for it."""

    counts_met = False

    def __init__(self, connection: Any) -> None:  # noqa: ANN401 drivers have no common type
        known = [it.__module__.partition(".")[0] for it in type(connection).__mro__]
        name = next((it for it in known if it in _DRIVERS), None)
        if name is None:
            drivers = ", ".join(_DRIVERS)
            msg = f"{connection!r} is no connection of SQLAlchemy, Django or {drivers}: hand one of them over"
            raise ArgumentError(msg)
        url, self._cursor = _DRIVERS[name]
        self._connection = connection
        dialect: Callable[..., Any] = sa.make_url(f"{url}://").get_dialect()
        self._dialect = dialect(paramstyle="pyformat")

    def _carry(self, statement: Any, values: Values | Sequence[Values], take: Callable[[Any], Any]) -> Any:  # noqa: ANN401
        compiled = statement.compile(dialect=self._dialect, compile_kwargs=_SEEN)
        cursor = self._cursor(self._connection)
        try:
            if isinstance(values, Mapping):
                cursor.execute(str(compiled), compiled.construct_params(values))
            else:
                cursor.executemany(str(compiled), [compiled.construct_params(it) for it in values])
            return take(cursor)
        finally:
            cursor.close()

    def rows(self, statement: sa.Select[Any], values: Values | None = None) -> Sequence[Sequence[Any]]:
        """Return all rows of a query."""
        return self._carry(statement, values or {}, lambda it: it.fetchall())  # type: ignore[no-any-return] # rows as they come

    def change(self, statement: sa.UpdateBase, values: Values) -> int:
        """Carry a change out; return how many rows it met."""
        return self._carry(statement, values, lambda it: it.rowcount)  # type: ignore[no-any-return] # a number

    def change_all(self, statement: sa.UpdateBase, values: Sequence[Values]) -> None:
        """Carry a change out for each of many values."""
        for start in range(0, len(values), _BATCH):
            self._carry(statement, values[start : start + _BATCH], lambda _: None)

    def carry(self, steps: Sequence[Step]) -> None:
        """Carry steps out in their order."""
        _one_by_one(self, steps)

    def say(self, words: str) -> None:
        """Say something to the server that has no answer."""
        cursor = self._cursor(self._connection)
        try:
            cursor.execute(words)
        finally:
            cursor.close()


def has_pipelines(engine: sa.Engine) -> bool:
    """Whether an engine's driver can send several statements before it asks for their answers."""
    pipelines = getattr(engine.dialect.loaded_dbapi, "Pipeline", None)
    return pipelines is not None and bool(pipelines.is_supported())


def allow_pipelines(engine: sa.Engine) -> None:
    """Let hands on an engine's connections send what they have in place of a statement."""

    def do_execute(_cursor: object, _words: str, _values: object, context: ExecutionContext) -> bool:
        send = context.execution_options.get(_SEND)
        if send is not None:
            send()
        return send is not None

    sa.event.listen(engine, "do_execute", do_execute)


def hand_of(connection: object) -> Hand:
    """Return what carries statements on a connection of SQLAlchemy, Django, or a driver."""
    if isinstance(connection, sa.Connection):
        return EngineHand(connection)
    ensure = getattr(connection, "ensure_connection", None)
    if callable(ensure):  # Django's wrapper around a driver's connection
        ensure()
        return DriverHand(connection.connection)  # type: ignore[attr-defined] # Django's wrapper
    return DriverHand(connection)
