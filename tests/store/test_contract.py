"""The stores of the library against the contract of stores."""

import sqlite3
from functools import partial
from pathlib import Path

import pytest

from bubancheng.sqlite import SqliteStore
from bubancheng.store import Link, MemoryStore, Record, Store
from bubancheng.testing import Capabilities, Loan, Spare, StoreContract, StoreSetup
from bubancheng.testing.contracts.storing.rows import HERE, change, row


def borrow(path: str) -> Loan:
    """Return a store on a connection of an embedder's."""
    db = sqlite3.connect(path)
    return Loan(store=SqliteStore.on(db), commit=db.commit, rollback=db.rollback, close=db.close)


class TestMemoryStore(StoreContract):
    capabilities = Capabilities(
        durable="everything is in this process's memory",
        processes="everything is in this process's memory",
        borrowed="there is no connection to borrow",
        backed="nothing outlives the process",
    )

    @pytest.fixture
    def setup(self) -> StoreSetup:
        return StoreSetup(open=MemoryStore)


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def setup(self, tmp_path: Path) -> StoreSetup:
        path, copy = str(tmp_path / "desk.db"), str(tmp_path / "copy.db")
        spare = Spare(target=copy, open=partial(SqliteStore, copy, create=False))
        return StoreSetup(open=partial(SqliteStore, path), borrow=partial(borrow, path), spare=spare)


@pytest.mark.parametrize("kind", ["memory", "file"])
def test_our_own_stores_keep_names_and_hashes_of_any_length(kind: str, tmp_path: Path) -> None:
    """The kit asks for 64 characters, since a column of a server has an end; these two have none."""
    store: Store = MemoryStore() if kind == "memory" else SqliteStore(str(tmp_path / "desk.db"))
    long = "名" * 1_000_000
    state, entry = row("T1", unit=long, head=long, text=long), Link(1, long, long)
    store.commit(change(state, links=(entry,), records=(Record("k", "T1", long),)))
    assert (state, [entry], long) == (
        store.load(HERE, "T1"),
        list(store.entries(HERE, "T1")),
        store.lookup(HERE, "k", "T1"),
    )
    store.close()
