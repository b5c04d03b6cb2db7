"""What happens when servers go away, take transactions back, or are not what they should be."""

import random
import resource
import signal
import threading
import time
from collections.abc import Iterator

import attrs
import pytest
import sqlalchemy as sa

from bubancheng.errors import ConflictError, StoreError
from bubancheng.store import Filter, Record
from bubancheng.testing.contracts.storing.rows import HERE, change, found, link, records, row, take, waiting
from bubancheng.testing.contracts.together import at_once
from bubancheng_sql import Patience, SqlStore
from tests.engines.conftest import Servers, empty_databases, wipe
from tests.engines.proxy import Cut, Proxy
from tests.engines.servers import PostgreSQL, Server

pytestmark = pytest.mark.engines

SINGLE = ["postgresql-15", "mariadb", "oceanbase"]
single = pytest.mark.parametrize("engine", SINGLE)


def port_of(url: str, port: int) -> str:
    """Return a URL with another port."""
    return sa.make_url(url).set(port=port).render_as_string(hide_password=False)


class TestLostConnections:
    @pytest.fixture
    def proxy(self, servers: Servers, engine: str) -> Iterator[Proxy]:
        """A way to the server that can be cut."""
        server = servers[engine]
        assert isinstance(server, Server)
        proxy = Proxy(server.port)
        yield proxy
        proxy.close()

    @pytest.fixture
    def store(self, url: str, proxy: Proxy) -> Iterator[SqlStore]:
        """A store behind the proxy."""
        store = SqlStore(port_of(url, proxy.port))
        yield store
        store.close()

    @single
    @pytest.mark.parametrize("cut", [Cut.ANY_STATEMENT, Cut.BEFORE_COMMIT, Cut.AFTER_COMMIT])
    def test_a_change_that_was_cut_off_is_there_once(self, store: SqlStore, proxy: Proxy, cut: Cut) -> None:
        store.commit(change(row()))
        proxy.cut = cut
        store.commit(attrs.evolve(change(row(version=2), expected=1), outbox=(waiting(),)))
        assert (1, 2, [link(1), link(2)], ["a"]) == (
            proxy.cuts,
            store.load(HERE, "T1").version,  # type: ignore[union-attr]
            list(store.entries(HERE, "T1")),
            [it.id for it in take(store)],
        )

    @single
    @pytest.mark.parametrize("cut", [Cut.BEFORE_COMMIT, Cut.AFTER_COMMIT])
    def test_a_new_ticket_that_was_cut_off_is_no_conflict_with_itself(
        self, store: SqlStore, proxy: Proxy, cut: Cut
    ) -> None:
        proxy.cut = cut
        store.commit(attrs.evolve(change(row()), records=(Record("command", "c1", "x"),)))
        assert (1, ["T1"], "x") == (proxy.cuts, found(store), store.lookup(HERE, "command", "c1"))

    @single
    def test_a_command_record_alone_that_was_cut_off_is_no_conflict_with_itself(
        self, store: SqlStore, proxy: Proxy
    ) -> None:
        proxy.cut = Cut.AFTER_COMMIT
        store.commit(records(Record("command", "c1", "x")))
        assert (1, "x") == (proxy.cuts, store.lookup(HERE, "command", "c1"))

    @single
    def test_who_was_first_while_the_connection_was_away_is_a_conflict(
        self, store: SqlStore, proxy: Proxy, url: str
    ) -> None:
        store.commit(change(row()))
        other = SqlStore(url)
        other.commit(attrs.evolve(change(row(version=2, step="theirs"), expected=1), links=(link(9),)))
        other.close()
        proxy.cut = Cut.AFTER_COMMIT
        with pytest.raises(ConflictError):
            store.commit(change(row(version=2), expected=1))

    @single
    def test_a_question_that_was_cut_off_is_asked_again(self, store: SqlStore, proxy: Proxy) -> None:
        store.commit(change(row()))
        proxy.cut = Cut.ANY_STATEMENT
        assert (["T1"], 1) == (found(store), proxy.cuts)


class TestServerAway:
    @pytest.mark.parametrize("engine", ["postgresql-15", "mariadb", "oceanbase"])
    def test_a_change_waits_for_a_server_that_starts_again(
        self, servers: Servers, url: str, engine: str
    ) -> None:
        server = servers[engine]
        assert isinstance(server, Server)
        store = SqlStore(url, patience=Patience(300))
        store.commit(change(row()))
        server.stop(signal.SIGKILL)
        again = threading.Thread(target=server.start)
        again.start()
        store.commit(change(row(version=2), expected=1))
        again.join()
        versions = [it.version for it in store.find(Filter(district=HERE))]
        store.close()
        assert [2] == versions

    @single
    def test_tables_are_made_on_a_server_that_was_killed_after_it_made_some(
        self, servers: Servers, url: str, engine: str
    ) -> None:
        """OceanBase keeps a lock by name (GET_LOCK) that was let go, for nobody, when it is started again."""
        server = servers[engine]
        assert isinstance(server, Server)
        with empty_databases(url, "made_before", "made_after") as (before, after):
            SqlStore(before).close()
            server.stop(signal.SIGKILL)
            server.start()
            SqlStore(after).close()
            SqlStore(after, create=False).close()

    @pytest.mark.parametrize("engine", ["postgresql-15", "mariadb"])
    def test_a_server_that_stays_away_is_an_error_in_time(
        self, servers: Servers, url: str, engine: str
    ) -> None:
        server = servers[engine]
        assert isinstance(server, Server)
        store = SqlStore(url, patience=Patience(0.5))
        server.stop(signal.SIGKILL)
        began = time.monotonic()
        try:
            with pytest.raises(StoreError, match="cannot write"):
                store.commit(change(row()))
            with pytest.raises(StoreError, match="cannot read"):
                store.load(HERE, "T1")
            assert time.monotonic() - began < 10
        finally:
            server.start()
        assert store.load(HERE, "T1") is None
        store.close()


class TestDeadlocks:
    def test_two_who_lock_each_other_out_both_come_to_an_end(self, store: SqlStore) -> None:
        """Each writes the same two tickets, in opposite orders: one is first, the other meets a conflict."""
        store.commit(change(row("A")), change(row("B")))
        for version in range(1, 11):
            forth = [change(row(it, version + 1), version) for it in "AB"]
            outcomes = at_once(
                lambda: store.commit(*forth),  # noqa: B023 run at once
                lambda: store.commit(*reversed(forth)),  # noqa: B023 run at once
            )
            assert [ConflictError] == [type(it) for it in outcomes if it is not None]
        assert [11, 11] == [it.version for it in store.find(Filter(district=HERE))]

    @pytest.mark.parametrize("level", ["serializable", "repeatable%20read"])
    @pytest.mark.parametrize("engine", ["postgresql-15"])
    def test_what_a_stricter_isolation_takes_back_is_repeated(self, url: str, level: str) -> None:
        store = SqlStore(f"{url}?options=-cdefault_transaction_isolation%3D{level.replace('%20', '%5C%20')}")
        store.commit(*[change(row(f"T{it}")) for it in range(8)])

        def count(number: int) -> None:
            for version in range(1, 11):
                store.commit(change(row(f"T{number}", version + 1), version))
                take(store)

        outcomes = at_once(*[lambda it=it: count(it) for it in range(8)])
        versions = {it.version for it in store.find(Filter(district=HERE))}
        store.close()
        assert ([None] * 8, {11}) == (outcomes, versions)


class TestBadServers:
    @pytest.mark.parametrize("engine", ["postgresql-15", "mariadb"])
    def test_a_wrong_password_is_said_at_once_and_not_repeated(self, url: str) -> None:
        wrong = sa.make_url(url).set(password="hunter2")  # noqa: S106 a wrong one
        with pytest.raises(StoreError, match="password") as caught:
            SqlStore(wrong.render_as_string(hide_password=False))
        assert "hunter2" not in str(caught.value)

    @pytest.mark.parametrize("engine", ["postgresql-15", "mariadb"])
    def test_a_database_that_does_not_exist_is_named(self, url: str) -> None:
        with pytest.raises(StoreError, match="nowhere"):
            SqlStore(sa.make_url(url).set(database="nowhere").render_as_string(hide_password=False))

    @pytest.mark.parametrize("engine", ["postgresql-15", "mariadb"])
    def test_nobody_there_is_an_error(self, url: str) -> None:
        with pytest.raises(StoreError, match="cannot open"):
            SqlStore(port_of(url, 1))

    @pytest.mark.parametrize("engine", ["postgresql-15", "mariadb", "oceanbase"])
    @pytest.mark.parametrize(
        ("version", "sentence"), [("0002", "an older schema.*upgrade"), ("9999", "newer than this")]
    )
    def test_tables_of_another_version_are_refused(self, url: str, version: str, sentence: str) -> None:
        engine = sa.create_engine(url)
        try:
            with engine.begin() as connection:
                connection.exec_driver_sql(f"UPDATE bubancheng_schema SET version_num = '{version}'")  # noqa: S608
            with pytest.raises(StoreError, match=sentence):
                SqlStore(url)
        finally:
            with engine.begin() as connection:
                connection.exec_driver_sql("UPDATE bubancheng_schema SET version_num = '0003'")
            engine.dispose()

    @pytest.mark.parametrize("engine", ["postgresql-15", "mariadb", "oceanbase"])
    def test_an_empty_database_is_refused_where_nothing_may_be_made(self, url: str) -> None:
        with empty_databases(url, "empty_one") as (new,), pytest.raises(StoreError, match="no tables"):
            SqlStore(new, create=False)

    @pytest.mark.parametrize("engine", ["postgresql-15", "mariadb", "oceanbase"])
    def test_eight_who_make_the_tables_at_once_make_them_once(self, url: str) -> None:
        with empty_databases(url, "made_at_once") as (new,):
            assert [None] * 8 == at_once(*[lambda: SqlStore(new).close()] * 8)
            SqlStore(new, create=False).close()

    @single
    def test_a_name_too_long_is_refused_and_nothing_is_written(self, store: SqlStore) -> None:
        with pytest.raises(StoreError, match=r"too long.*at most 128"):
            store.commit(change(row("A")), change(row("x" * 129)))
        assert [] == found(store)

    @single
    def test_a_notice_without_its_ticket_is_refused_and_nothing_is_written(self, store: SqlStore) -> None:
        with pytest.raises(StoreError):
            store.commit(attrs.evolve(records(Record("setting", "x", "1")), outbox=(waiting(),)))
        assert (None, []) == (store.lookup(HERE, "setting", "x"), take(store))

    def test_half_a_character_is_said_in_our_words(self, store: SqlStore) -> None:
        with pytest.raises(StoreError):
            store.commit(change(row("\ud800")))

    def test_a_district_that_the_store_does_not_hold_is_empty(self, store: SqlStore) -> None:
        store.commit(change(row()))
        assert ([], None, []) == (
            store.find(Filter(district="nowhere")),
            store.load("nowhere", "T1"),
            store.due_before("nowhere", 2**62),
        )


class TestFullDisk:
    def test_a_full_disk_is_an_error_and_leaves_whole_tickets(self) -> None:
        """The server may write no file beyond a segment of its log: what a full disk looks like to it."""
        rng, number = random.Random(1), 0
        server = PostgreSQL("PostgreSQL 15 (Debian)")
        try:
            server.start()
            SqlStore(server.url).close()
            server.stop()
            server.start(prepare=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (17 << 20, 17 << 20)))
            store = SqlStore(server.url)
            for number in range(200):  # more than fits
                text = "".join(chr(rng.randrange(0x4E00, 0x9FA5)) for _ in range(100_000))
                links = link(1), attrs.evolve(link(2), text=text)
                try:
                    store.commit(change(row(f"T{number:03}"), links=links))
                except StoreError as error:
                    sentence = str(error)
                    break
            numbers = found(store, limit=1000)
            counts = {len(list(store.entries(HERE, it))) for it in numbers}
            store.commit(change(row("small")))
            store.close()
        finally:
            server.close()
        assert (number, {2}, True) == (len(numbers), counts, "cannot write" in sentence)


def test_wiping_a_store_leaves_nothing(store: SqlStore, url: str) -> None:
    store.commit(attrs.evolve(change(row()), outbox=(waiting(),)))
    wipe(url)
    assert ([], []) == (found(store), take(store))
