"""Tables of an older version become those of today, on real servers: every row stays, every light is found."""

from collections.abc import Iterator

import pytest
import sqlalchemy as sa

from bubancheng.actions import Resolve
from bubancheng.sla import Light
from bubancheng.store import Filter
from bubancheng_sql import SqlStore, schema
from bubancheng_sql.opening import open_engine
from bubancheng_sql.tables import METADATA
from tests.acting import OFFICER, UNOWNED, WINDOW, Clock, accepted, acknowledged, open_desk, registered

pytestmark = pytest.mark.engines
single = pytest.mark.parametrize("engine", ["postgresql-15", "mariadb", "oceanbase"])

NAME = "older_one"


@pytest.fixture
def older(url: str) -> Iterator[str]:
    """A database with the tables of version 0002, and in them what a desk has written."""
    clock = Clock()
    desk = open_desk(clock, SqlStore(url))
    accepted(desk, "B", UNOWNED)
    acknowledged(desk, "A")
    acknowledged(desk, "D")
    desk.do(Resolve(ticket="D", outcome="办成", root_cause="other", measure="case_only"), actor=OFFICER)
    clock.put("2024-03-27 17:00")
    desk.sweep()
    registered(desk, "C")
    desk.get("A", actor=WINDOW)
    desk.close()
    server = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with server.connect() as connection:
        connection.exec_driver_sql(f"CREATE DATABASE {NAME}")
    new = sa.make_url(url).set(database=NAME).render_as_string(hide_password=False)
    engine = open_engine(new)
    try:
        with engine.connect() as connection:
            schema._migrate("0002", connection=connection)
            connection.commit()
        with engine.begin() as connection, server.connect() as source:
            for table in METADATA.sorted_tables:
                columns = [it for it in table.columns if it.name != "light_word"]
                rows = source.execute(sa.select(*columns))
                connection.execute(sa.insert(table), [dict(it._mapping) for it in rows])
        yield new
    finally:
        engine.dispose()
        with server.connect() as connection:
            connection.exec_driver_sql(f"DROP DATABASE {NAME}")
        server.dispose()


def upgraded(url: str) -> None:
    """Upgrade as the command does."""
    engine = open_engine(url)
    with engine.connect() as connection:
        schema.upgrade(connection)
    engine.dispose()


@single
def test_an_older_version_keeps_every_row_and_finds_every_light(older: str, url: str) -> None:
    upgraded(older)
    source, store = SqlStore(url), SqlStore(older)
    assert source.find(Filter(district="chongming")) == store.find(Filter(district="chongming"))
    desk = open_desk(Clock("2024-03-27 17:00"), store)
    found = {light: [it.id for it in desk.find(actor=WINDOW, light=light)] for light in Light}
    rest = desk.verify(), store.districts()
    source.close()
    desk.close()
    assert {Light.GREEN: ["B", "C", "D"], Light.YELLOW: ["A"], Light.RED: []} == found
    assert ([], ["chongming"]) == rest


@pytest.mark.parametrize("engine", ["mariadb"])
@pytest.mark.parametrize(
    "made",
    [
        ["ALTER TABLE bubancheng_ticket ADD COLUMN light_word VARCHAR(64)"],
        [
            "ALTER TABLE bubancheng_ticket ADD COLUMN light_word VARCHAR(64)",
            "UPDATE bubancheng_ticket SET light_word = 'green'",
            "ALTER TABLE bubancheng_ticket MODIFY light_word VARCHAR(64) NOT NULL",
            "CREATE INDEX bubancheng_ticket_by_light ON bubancheng_ticket (district, light_word, ticket_no)",
        ],
    ],
    ids=["column", "index"],
)
def test_an_upgrade_that_was_cut_off_goes_on(older: str, made: list[str]) -> None:
    engine = open_engine(older)
    with engine.begin() as connection:
        for words in made:
            connection.exec_driver_sql(words)
    engine.dispose()
    upgraded(older)
    store = SqlStore(older)
    found = [it.ticket for it in store.find(Filter(district="chongming", light="yellow"))]
    store.close()
    assert ["A"] == found


@pytest.mark.parametrize("engine", ["postgresql-15"])
@pytest.mark.parametrize(
    ("where", "index"),
    [
        ("unit_name = 'unit 5'", "by_unit"),
        ("step_name = 'dispatched'", "by_step"),
        ("light_word = 'red'", "by_light"),
        ("unit_name = 'unit 5' AND light_word = 'red'", "unit_light"),
        ("unit_name = 'unit 0' AND step_name = 'dispatched'", "unit_step"),
    ],
)
def test_every_filter_is_answered_by_an_index_in_order(url: str, where: str, index: str) -> None:
    """Of ten thousand tickets, some of each kind: nothing is sorted."""
    engine = open_engine(url)
    try:
        with engine.begin() as connection:
            connection.exec_driver_sql(
                "INSERT INTO bubancheng_ticket SELECT 'chongming', 'T' || lpad(it::text, 7, '0'), 1, 'x', "
                "CASE WHEN mod(it, 100) = 0 THEN 'dispatched' ELSE 'archived' END, 'unit ' || mod(it, 20), "
                "'told', NULL, repeat('x', 500), CASE WHEN mod(it, 97) = 0 THEN 'red' "
                "WHEN mod(it, 89) = 0 THEN 'yellow' ELSE 'green' END FROM generate_series(1, 10000) AS it"
            )
            connection.exec_driver_sql("ANALYZE bubancheng_ticket")
            words = f"WHERE district = 'chongming' AND {where} ORDER BY ticket_no LIMIT 5"
            rows = connection.exec_driver_sql(f"EXPLAIN SELECT * FROM bubancheng_ticket {words}")  # noqa: S608 our own
            plan = [str(it[0]) for it in rows]
    finally:
        engine.dispose()
    assert (True, []) == (index in plan[1], [it for it in plan if "Sort" in it]), plan
