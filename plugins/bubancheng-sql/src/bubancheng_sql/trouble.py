"""What a server's troubles mean: ours to repeat, somebody else's turn, or an error to tell."""

import enum
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa

from bubancheng.errors import StoreError


class Trouble(enum.Enum):
    """What can be done about an error of a server or its driver."""

    UNDONE = enum.auto()  # the server took the transaction back: a deadlock, a serialization failure
    AWAY = enum.auto()  # the server cannot be reached, or is going away
    TAKEN = enum.auto()  # a key is there already
    OTHER = enum.auto()  # repeating would not help


# SQLSTATE of PostgreSQL (a prefix stands for its class) and errno of MySQL, MariaDB, Galera, OceanBase
_MEANINGS: dict[str | int, Trouble] = {
    "40001": Trouble.UNDONE,  # serialization_failure
    "40P01": Trouble.UNDONE,  # deadlock_detected
    "55P03": Trouble.UNDONE,  # lock_not_available: lock_timeout
    "25P03": Trouble.UNDONE,  # idle_in_transaction_session_timeout
    "08": Trouble.AWAY,  # connection_exception
    "57P01": Trouble.AWAY,  # admin_shutdown
    "57P02": Trouble.AWAY,  # crash_shutdown
    "57P03": Trouble.AWAY,  # cannot_connect_now
    "57P05": Trouble.AWAY,  # idle_session_timeout
    "25006": Trouble.AWAY,  # read_only_sql_transaction: a stand-by, until it is promoted
    "23505": Trouble.TAKEN,  # unique_violation
    1213: Trouble.UNDONE,  # deadlock, also Galera's certification, at COMMIT too
    1205: Trouble.UNDONE,  # lock wait timeout
    1020: Trouble.UNDONE,  # record changed since last read (MariaDB, snapshot isolation)
    3101: Trouble.UNDONE,  # group replication's certification
    6002: Trouble.UNDONE,  # OceanBase: the transaction was rolled back
    6005: Trouble.UNDONE,  # OceanBase: row lock conflict
    8002: Trouble.UNDONE,  # TiDB: cannot be retried by the server
    8028: Trouble.UNDONE,  # TiDB: the schema changed
    9007: Trouble.UNDONE,  # TiDB: write conflict
    1047: Trouble.AWAY,  # Galera: the node is not ready (outside the primary component)
    1053: Trouble.AWAY,  # server shutdown in progress
    1077: Trouble.AWAY,  # normal shutdown
    1180: Trouble.AWAY,  # error during COMMIT: Galera, of a node that was cut off meanwhile
    1290: Trouble.AWAY,  # read-only, until it is promoted
    1836: Trouble.AWAY,  # read-only mode
    1927: Trouble.AWAY,  # connection was killed
    2003: Trouble.AWAY,  # cannot connect
    2006: Trouble.AWAY,  # server has gone away
    2013: Trouble.AWAY,  # lost connection during query
    2014: Trouble.AWAY,  # commands out of sync, after one was cut off
    2055: Trouble.AWAY,  # lost connection
    4031: Trouble.AWAY,  # idle too long
    1062: Trouble.TAKEN,  # duplicate entry
}


def code_of(error: BaseException) -> str | int | None:
    """Return the SQLSTATE or the errno of a driver's error; None where it has none."""
    orig = getattr(error, "orig", None) or error
    first = orig.args[0] if getattr(orig, "args", ()) else None
    if isinstance(first, int):  # drivers of MySQL have a vague SQLSTATE besides
        return first
    return getattr(orig, "sqlstate", None) or getattr(orig, "pgcode", None)


def meaning(error: BaseException) -> Trouble:
    """Return what an error of SQLAlchemy or of a driver means."""
    code = code_of(error)
    known = _MEANINGS.get(code) if code is not None else None
    if known is None and isinstance(code, str):
        known = _MEANINGS.get(code[:2])
    if known is not None:
        return known
    if getattr(error, "connection_invalidated", False) or isinstance(error, sa.exc.TimeoutError):
        return Trouble.AWAY
    is_unsaid = code is None or code == 0  # psycopg on a refused connection, PyMySQL on a broken one
    return Trouble.AWAY if is_unsaid and _is_operational(error) else Trouble.OTHER


def _is_operational(error: BaseException) -> bool:
    orig = getattr(error, "orig", None) or error
    names = {it.__name__ for it in type(orig).__mro__}
    return bool(names & {"OperationalError", "InterfaceError"})


def is_of_driver(error: BaseException) -> bool:
    """Whether an error comes from SQLAlchemy, from a driver, or from what a driver stands on."""
    if isinstance(error, sa.exc.SQLAlchemyError | OSError | UnicodeError):
        return True
    return any(it.__name__ == "Error" for it in type(error).__mro__)  # the base that DB-API prescribes


def said(error: BaseException) -> str:
    """Return the one sentence of an error that a person can use, on one line."""
    orig = getattr(error, "orig", None) or error
    parts = [str(it) for it in orig.args if it not in {"", 0}] or [type(orig).__name__]
    return " ".join(" ".join(parts).split())


@contextmanager
def told(name: str, what: str) -> Iterator[None]:
    """Turn a driver's error into ours."""
    try:
        yield
    except StoreError:
        raise
    except Exception as error:
        if not is_of_driver(error):
            raise
        msg = f"存储 {name} 无法使用 (cannot {what}): {said(error)}"
        raise StoreError(msg) from error
