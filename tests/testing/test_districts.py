"""Every installed district keeps the contract of districts; those of Chongming and Beijing are held to it elsewhere."""

import pytest

from bubancheng.district import District
from bubancheng.testing import DistrictContract
from tests.district.installed import district_of, districts
from tests.features.districts.beijing import NAMES


@pytest.mark.parametrize("name", sorted({*districts()} - {*NAMES, "chongming"}))
class TestInstalled(DistrictContract):
    @pytest.fixture
    def setup(self, name: str) -> District:
        return district_of(name)
