"""Until the library's own pytest plugin does it: what ran of each kit is said at the end."""

import pytest

from bubancheng.testing.contracts.summary import register


def pytest_configure(config: pytest.Config) -> None:
    """Count the checks of kits."""
    register(config)
