"""The contract of stores: what every one does alike, in memory, in a file or on a server."""

from collections.abc import Iterator

import pytest

from bubancheng.store import Store
from bubancheng.testing.contracts.kit import Contract
from bubancheng.testing.contracts.storing.copying import Copying
from bubancheng.testing.contracts.storing.finding import Finding
from bubancheng.testing.contracts.storing.keeping import Keeping
from bubancheng.testing.contracts.storing.listing import Listing
from bubancheng.testing.contracts.storing.outbox import Outbox
from bubancheng.testing.contracts.storing.removing import Removing
from bubancheng.testing.contracts.storing.setup import StoreSetup
from bubancheng.testing.contracts.storing.sharing import Sharing
from bubancheng.testing.contracts.storing.surviving import Surviving


class StoreContract(Keeping, Finding, Outbox, Sharing, Surviving, Removing, Listing, Copying, Contract):
    """What a store must do; an implementation gives the fixture `setup`, and says what it lacks."""

    @pytest.fixture
    def setup(self) -> StoreSetup:
        """Say how to open the store under test, empty; override this, and clean up after it."""
        msg = f"{type(self).__name__} gives no store: override the fixture `setup` with a StoreSetup"
        raise NotImplementedError(msg)

    @pytest.fixture
    def store(self, setup: StoreSetup) -> Iterator[Store]:
        """Open the store for one check."""
        store = setup.open()
        yield store
        store.close()
