"""The storage contract on every engine."""

import pytest

from tests.store.test_contract import StoreContract

pytestmark = pytest.mark.engines


class TestContract(StoreContract):
    """Every engine does what every store does."""
