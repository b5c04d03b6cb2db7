"""A store on the embedder's own connection: its rows and ours commit, or vanish, together."""

from collections.abc import Callable, Iterator
from typing import Any

import attrs
import django
import psycopg
import pymysql
import pytest
import sqlalchemy as sa
from django.conf import settings as django_settings
from psycopg.rows import dict_row

from bubancheng.actions import Acknowledge
from bubancheng.errors import ArgumentError, ConflictError, NotAllowedError, StoreError
from bubancheng.store import ChangeSet, Filter, Record
from bubancheng.testing.contracts.storing.rows import HERE, change, records, row, take, waiting
from bubancheng_sql import SqlStore
from tests.acting import DISTRICT, OFFICER, OWNER, WINDOW, Clock, accepted, open_desk, registered

pytestmark = pytest.mark.engines

ENGINES = ["postgresql-15", "mariadb"]


@attrs.frozen(kw_only=True)
class Embedder:
    """A program with a connection of its own, on which it says SQL, commits and rolls back."""

    connection: object
    say: Callable[[str], object]
    commit: Callable[[], object]
    rollback: Callable[[], object]
    close: Callable[[], object]


def with_sqlalchemy(url: str) -> Embedder:
    """Connect as a program on SQLAlchemy does."""
    it = sa.create_engine(url, poolclass=sa.NullPool).connect()
    return Embedder(
        connection=it, say=it.exec_driver_sql, commit=it.commit, rollback=it.rollback,
        close=it.close,
    )  # fmt: skip


def with_driver(url: str, *, odd: bool = False) -> Embedder:
    """Connect as a program on a driver (DB-API) does; oddly: its rows are dictionaries, its counts of other rows."""
    parts = sa.make_url(url)
    if parts.drivername == "postgresql+psycopg":
        address = parts.set(drivername="postgresql").render_as_string(hide_password=False)
        db: Any = psycopg.connect(address, row_factory=dict_row) if odd else psycopg.connect(address)
    else:
        kind = {"cursorclass": pymysql.cursors.DictCursor} if odd else {}
        db = pymysql.connect(
            host=parts.host, port=parts.port or 3306, user=parts.username, password=str(parts.password),
            database=parts.database, **kind,
        )  # fmt: skip

    def say(words: str) -> None:
        with db.cursor() as cursor:
            cursor.execute(words)

    return Embedder(connection=db, say=say, commit=db.commit, rollback=db.rollback, close=db.close)


def with_django(url: str) -> Embedder:
    """Connect as a program on Django does, inside `atomic`."""
    parts = sa.make_url(url)
    is_postgresql = parts.get_backend_name() == "postgresql"
    if not django_settings.configured:
        django_settings.configure(DATABASES={}, USE_TZ=True)
        django.setup()
    if not is_postgresql:
        pymysql.install_as_MySQLdb()
        pymysql.version_info = (2, 2, 7, "final", 0)  # what Django asks of the driver it knows
    from django.db.utils import ConnectionHandler  # noqa: PLC0415 after it is configured

    known = ConnectionHandler(
        {
            "default": {
                "ENGINE": f"django.db.backends.{'postgresql' if is_postgresql else 'mysql'}",
                "NAME": parts.database,
                "USER": parts.username,
                "PASSWORD": parts.password,
                "HOST": parts.host,
                "PORT": parts.port,
            }
        }
    )
    it = known["default"]
    it.set_autocommit(False)

    def say(words: str) -> None:
        with it.cursor() as cursor:
            cursor.execute(words)

    return Embedder(connection=it, say=say, commit=it.commit, rollback=it.rollback, close=it.close)


HOWS: dict[str, Callable[[str], Embedder]] = {
    "SQLAlchemy": with_sqlalchemy,
    "driver": with_driver,
    "driver, rows as dictionaries": lambda url: with_driver(url, odd=True),
    "Django": with_django,
}


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest) -> str:
    """An engine of each family."""
    return str(request.param)


@pytest.fixture(params=HOWS)
def embedder(url: str, request: pytest.FixtureRequest) -> Iterator[Embedder]:
    """An embedder with a table of its own, connected in each of the ways."""
    engine = sa.create_engine(url)
    with engine.begin() as connection:
        connection.exec_driver_sql("DROP TABLE IF EXISTS form")
        connection.exec_driver_sql("CREATE TABLE form (number VARCHAR(9) PRIMARY KEY)")
    engine.dispose()
    embedder = HOWS[request.param](url)
    yield embedder
    embedder.rollback()
    embedder.close()


def seen_by_others(url: str) -> tuple[list[str], list[str]]:
    """Return the embedder's forms and our tickets, as another connection sees them."""
    engine, store = sa.create_engine(url), SqlStore(url)
    with engine.connect() as connection:
        forms = [str(it[0]) for it in connection.exec_driver_sql("SELECT number FROM form ORDER BY 1")]
    tickets = [it.ticket for of in (DISTRICT.name, HERE) for it in store.find(Filter(district=of))]
    engine.dispose()
    store.close()
    return forms, tickets


def test_both_are_seen_after_the_commit_and_not_before(embedder: Embedder, url: str) -> None:
    desk = open_desk(Clock(), SqlStore.on(embedder.connection))
    embedder.say("INSERT INTO form VALUES ('F1')")
    registered(desk)
    before = seen_by_others(url)
    embedder.commit()
    assert (([], []), (["F1"], ["T1"])) == (before, seen_by_others(url))


def test_both_vanish_with_a_rollback(embedder: Embedder, url: str) -> None:
    desk = open_desk(Clock(), SqlStore.on(embedder.connection))
    embedder.commit()
    registered(desk)
    embedder.say("INSERT INTO form VALUES ('F1')")
    embedder.rollback()
    assert (([], []), []) == (seen_by_others(url), desk.find(actor=WINDOW))


def test_a_refused_command_leaves_the_transaction_usable(embedder: Embedder, url: str) -> None:
    desk = open_desk(Clock(), SqlStore.on(embedder.connection))
    embedder.say("INSERT INTO form VALUES ('F1')")
    registered(desk)
    with pytest.raises(NotAllowedError):
        desk.do(Acknowledge(ticket="T1"), actor=OFFICER)
    embedder.say("INSERT INTO form VALUES ('F2')")
    embedder.commit()
    assert (["F1", "F2"], ["T1"]) == seen_by_others(url)


@pytest.mark.parametrize(
    "again", [change(row("A")), change(row("A", 9), 8)], ids=["opened again", "another version"]
)
def test_a_conflict_takes_back_its_own_and_nothing_else(embedder: Embedder, url: str, again: Any) -> None:
    store = SqlStore.on(embedder.connection)
    embedder.say("INSERT INTO form VALUES ('F1')")
    store.commit(change(row("A")))
    with pytest.raises(ConflictError, match=r"'A'.*read it again"):
        store.commit(change(row("B")), again)
    embedder.say("INSERT INTO form VALUES ('F2')")
    embedder.commit()
    assert (["F1", "F2"], ["A"]) == seen_by_others(url)


def test_a_command_that_is_there_already_takes_back_its_own(embedder: Embedder, url: str) -> None:
    store = SqlStore.on(embedder.connection)
    store.commit(records(Record("command", "c1", "x")))
    with pytest.raises(ConflictError, match="'c1'"):
        store.commit(change(row("A"), records=(Record("command", "c1", "y"),)))
    embedder.commit()
    assert ([], []) == seen_by_others(url)


def test_a_state_that_stays_the_same_is_no_conflict(embedder: Embedder) -> None:
    """Some drivers count only the rows that a change made different."""
    store = SqlStore.on(embedder.connection)
    store.commit(change(row()))
    same = attrs.evolve(change(row(), 1), links=())
    store.commit(same)
    with pytest.raises(ConflictError):
        store.commit(attrs.evolve(same, expected_told="red"))
    assert row() == store.load(HERE, "T1")


def test_what_follows_waits_for_a_sweep_after_the_commit(embedder: Embedder) -> None:
    clock = Clock()
    desk = open_desk(clock, SqlStore.on(embedder.connection))
    waiting_step = accepted(desk).step
    embedder.commit()
    clock.put("2024-03-25 10:01")
    desk.sweep()
    embedder.commit()
    ticket = desk.get("T1", actor=WINDOW)
    assert ("pending_dispatch", "dispatched", OWNER, []) == (
        waiting_step,
        ticket.step,
        ticket.unit,
        desk.verify(),
    )


def test_rows_of_the_outbox_are_claimed_and_finished(embedder: Embedder) -> None:
    store = SqlStore.on(embedder.connection)
    store.commit(change(row(), outbox=(waiting("a"), waiting("b"))))
    first, second = take(store)
    store.finish(first)
    embedder.commit()
    assert ([second.id], "b") == ([it.id for it in take(store, now=2**60)], second.id)


def test_a_ticket_goes_and_what_is_left_is_listed(embedder: Embedder) -> None:
    store = SqlStore.on(embedder.connection)
    for name in "AB":
        store.commit(change(row(name), outbox=(waiting(name, ticket=name),)))
        store.commit(records(Record("personal", name, "x"), Record("command", name, "x")))
    embedder.commit()
    store.commit(ChangeSet(district=HERE, expected=1, removed="A"))
    with pytest.raises(ConflictError):
        store.commit(change(row("C")), ChangeSet(district=HERE, expected=2, removed="B"))
    kept = [Record("command", "A", "x"), Record("command", "B", "x"), Record("personal", "B", "x")]
    listed = store.holdings(), store.records(HERE), store.waiting(HERE)
    embedder.commit()
    assert ([HERE], kept, [waiting("B", ticket="B")]) == listed
    assert (None, None, row("B")) == tuple(store.load(HERE, it) for it in "ACB")


def test_a_connection_that_commits_each_statement_by_itself_is_refused(url: str) -> None:
    embedder = with_driver(url)
    db: Any = embedder.connection
    if url.startswith("postgresql"):
        db.autocommit = True
    else:
        embedder.say("SET autocommit = 1")
    with pytest.raises(StoreError):
        SqlStore.on(db)
    embedder.close()


def test_a_connection_that_is_closed_is_said_in_our_words(url: str) -> None:
    embedder = with_driver(url)
    store = SqlStore.on(embedder.connection)
    embedder.close()
    with pytest.raises(StoreError):
        store.load(HERE, "T1")


def test_a_database_without_tables_is_refused_and_nothing_is_made(url: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.exec_driver_sql("CREATE DATABASE nothing_there")
    other = sa.create_engine(sa.make_url(url).set(database="nothing_there"))
    with other.connect() as connection:
        with pytest.raises(StoreError, match="bubancheng_schema"):
            SqlStore.on(connection)
        connection.rollback()
        names = sa.inspect(connection).get_table_names()
    other.dispose()
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP DATABASE nothing_there")
    engine.dispose()
    assert [] == names


def test_something_that_is_no_connection_is_refused(url: str) -> None:
    with pytest.raises(ArgumentError, match="no connection of"):
        SqlStore.on(url)
