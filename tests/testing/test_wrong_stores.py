"""Wrong stores are rejected, each by one check alone: without that check the kit would let it pass."""

from functools import partial
from pathlib import Path

import pytest

from bubancheng.sqlite import SqliteStore
from bubancheng.store import MemoryStore
from bubancheng.testing import Capabilities, StoreContract, StoreSetup
from bubancheng.testing.contracts.kit import checks
from tests.testing.running import rejecting
from tests.testing.wrong.files import LENT, ON_FILES, lend
from tests.testing.wrong.stores import IN_MEMORY


class InMemory(StoreContract):
    """The checks that a store without a file takes."""

    capabilities = Capabilities(durable="in memory", processes="in memory", borrowed="in memory")


class OnFile(StoreContract):
    """The checks that a store on a file takes."""

    capabilities = Capabilities(borrowed="not lent")


class Lent(StoreContract):
    """The checks of a store that is lent, each process for itself."""

    capabilities = Capabilities(durable="looked at elsewhere", processes="looked at elsewhere")


@pytest.mark.parametrize(("wrong", "check"), IN_MEMORY.items(), ids=lambda it: getattr(it, "__name__", ""))
def test_a_wrong_store_in_memory_is_rejected_by_one_check(wrong: type[MemoryStore], check: str) -> None:
    assert {check} == rejecting(InMemory, lambda _: StoreSetup(open=wrong))


@pytest.mark.parametrize(("wrong", "check"), ON_FILES.items(), ids=lambda it: getattr(it, "__name__", ""))
def test_a_wrong_store_on_a_file_is_rejected_by_one_check(
    wrong: type[SqliteStore], check: str, tmp_path: Path
) -> None:
    found = rejecting(OnFile, lambda name: StoreSetup(open=partial(wrong, str(tmp_path / f"{name}.db"))))
    assert {check} == found


def test_a_store_that_overrules_its_owner_is_rejected(tmp_path: Path) -> None:
    def setup(name: str) -> StoreSetup:
        path = str(tmp_path / f"{name}.db")
        return StoreSetup(open=partial(SqliteStore, path), borrow=partial(lend, path))

    assert {LENT} == rejecting(Lent, setup)


def test_every_check_rejects_something_that_no_other_does() -> None:
    assert {*IN_MEMORY.values(), *ON_FILES.values(), LENT} == {*checks(StoreContract)}
