"""The fixture of the feature tests."""

import pytest

from tests.features.hall import Hall


@pytest.fixture
def hall() -> Hall:
    """A Chongming hall on a Monday morning, 25 March 2024, 10:00."""
    return Hall()
