"""Every installed district keeps the contract of districts."""

import pytest

from bubancheng.district import District
from bubancheng.testing import DistrictContract
from tests.district.installed import district_of, districts


@pytest.mark.parametrize("name", sorted(districts()))
class TestInstalled(DistrictContract):
    @pytest.fixture
    def setup(self, name: str) -> District:
        return district_of(name)
