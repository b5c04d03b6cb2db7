"""The stores of the library against the contract of stores."""

import sqlite3
from functools import partial
from pathlib import Path

import pytest

from bubancheng.sqlite import SqliteStore
from bubancheng.store import MemoryStore
from bubancheng.testing import Capabilities, Loan, StoreContract, StoreSetup


def borrow(path: str) -> Loan:
    """Return a store on a connection of an embedder's."""
    db = sqlite3.connect(path)
    return Loan(store=SqliteStore.on(db), commit=db.commit, rollback=db.rollback, close=db.close)


class TestMemoryStore(StoreContract):
    capabilities = Capabilities(
        durable="everything is in this process's memory",
        processes="everything is in this process's memory",
        borrowed="there is no connection to borrow",
    )

    @pytest.fixture
    def setup(self) -> StoreSetup:
        return StoreSetup(open=MemoryStore)


class TestSqliteStore(StoreContract):
    @pytest.fixture
    def setup(self, tmp_path: Path) -> StoreSetup:
        path = str(tmp_path / "desk.db")
        return StoreSetup(open=partial(SqliteStore, path), borrow=partial(borrow, path))
