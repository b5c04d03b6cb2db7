"""Wrong stores are rejected, each by one check alone: without that check the kit would let it pass."""

from functools import partial
from pathlib import Path

import pytest

from bubancheng.sqlite import SqliteStore
from bubancheng.store import MemoryStore
from bubancheng.testing import Capabilities, Spare, StoreContract, StoreSetup
from bubancheng.testing.contracts.kit import checks
from tests.testing.running import rejecting
from tests.testing.wrong.copies import COPYING
from tests.testing.wrong.files import LENT, ON_FILES, lend
from tests.testing.wrong.listings import LISTING
from tests.testing.wrong.removals import REMOVING
from tests.testing.wrong.stores import KEEPING

IN_MEMORY = KEEPING | REMOVING | LISTING


class InMemory(StoreContract):
    """The checks that a store without a file takes."""

    capabilities = Capabilities(
        durable="in memory", processes="in memory", borrowed="in memory", backed="in memory"
    )


class OnFile(StoreContract):
    """The checks that a store on a file takes."""

    capabilities = Capabilities(borrowed="not lent", backed="elsewhere", portable="elsewhere")


class Lent(StoreContract):
    """The checks of a store that is lent, each process for itself."""

    capabilities = Capabilities(durable="elsewhere", processes="elsewhere", backed="elsewhere")


class Copied(StoreContract):
    """The checks of a store that copies itself."""

    capabilities = Capabilities(durable="elsewhere", processes="elsewhere", borrowed="elsewhere")


@pytest.mark.parametrize(("wrong", "check"), IN_MEMORY.items(), ids=lambda it: getattr(it, "__name__", ""))
def test_a_wrong_store_in_memory_is_rejected_by_one_check(wrong: type[MemoryStore], check: str) -> None:
    assert {check} == rejecting(InMemory, lambda _: StoreSetup(open=wrong))


@pytest.mark.parametrize(("wrong", "check"), ON_FILES.items(), ids=lambda it: getattr(it, "__name__", ""))
def test_a_wrong_store_on_a_file_is_rejected_by_one_check(
    wrong: type[SqliteStore], check: str, tmp_path: Path
) -> None:
    found = rejecting(OnFile, lambda name: StoreSetup(open=partial(wrong, str(tmp_path / f"{name}.db"))))
    assert {check} == found


@pytest.mark.parametrize(("wrong", "check"), LENT.items(), ids=lambda it: getattr(it, "__name__", ""))
def test_a_store_that_overrules_its_owner_is_rejected_by_one_check(
    wrong: type[SqliteStore], check: str, tmp_path: Path
) -> None:
    def setup(name: str) -> StoreSetup:
        path = str(tmp_path / f"{name}.db")
        return StoreSetup(open=partial(SqliteStore, path), borrow=partial(lend, wrong, path))

    assert {check} == rejecting(Lent, setup)


@pytest.mark.parametrize(("wrong", "check"), COPYING.items(), ids=lambda it: getattr(it, "__name__", ""))
def test_a_store_that_copies_itself_wrongly_is_rejected_by_one_check(
    wrong: type[SqliteStore], check: str, tmp_path: Path
) -> None:
    def setup(name: str) -> StoreSetup:
        copy = str(tmp_path / f"{name} copy.db")
        spare = Spare(target=copy, open=partial(SqliteStore, copy, create=False))
        return StoreSetup(open=partial(wrong, str(tmp_path / f"{name}.db")), spare=spare)

    assert {check} == rejecting(Copied, setup)


def test_every_check_rejects_something_that_no_other_does() -> None:
    known = [it.values() for it in (IN_MEMORY, ON_FILES, LENT, COPYING)]
    assert {check for names in known for check in names} == {*checks(StoreContract)}
