"""Wrong districts are rejected, each by one check alone: without that check the kit would let it pass."""

from collections.abc import Callable

import pytest

from bubancheng.district import District
from bubancheng.testing import DistrictContract
from bubancheng.testing.contracts.kit import checks
from tests.testing.running import rejecting
from tests.testing.wrong.districts import WRONG


@pytest.mark.parametrize(("wrong", "check"), WRONG.items(), ids=[it.__name__ for it in WRONG])
def test_a_wrong_district_is_rejected_by_one_check(wrong: Callable[[], District], check: str) -> None:
    assert {check} == rejecting(DistrictContract, lambda _: wrong())


def test_every_check_rejects_something_that_no_other_does() -> None:
    assert {*WRONG.values()} == {*checks(DistrictContract)}
