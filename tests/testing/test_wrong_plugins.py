"""Wrong dispatchers and notifiers are rejected, each by one check alone: without it the kit would pass it."""

from collections.abc import Callable, Mapping
from contextlib import ExitStack

import pytest

from bubancheng.hooks import DistrictPlugin
from bubancheng.testing import DispatchContract, NotifyContract
from bubancheng.testing.contracts.kit import checks
from tests.testing.dispatching import ByTable, dispatch_setup
from tests.testing.letterbox import ByLine, notify_setup
from tests.testing.running import rejecting
from tests.testing.wrong import dispatchers, notifiers


@pytest.mark.parametrize(
    ("wrong", "check"), dispatchers.WRONG.items(), ids=[it.__name__ for it in dispatchers.WRONG]
)
def test_a_wrong_dispatcher_is_rejected_by_one_check(
    wrong: Callable[[Mapping[str, object]], DistrictPlugin], check: str
) -> None:
    assert {check} == rejecting(DispatchContract, lambda _: dispatch_setup(wrong))


@pytest.mark.parametrize(
    ("wrong", "check"), notifiers.WRONG.items(), ids=[it.__name__ for it in notifiers.WRONG]
)
def test_a_wrong_notifier_is_rejected_by_one_check(wrong: type[ByLine], check: str) -> None:
    with ExitStack() as setups:
        found = rejecting(NotifyContract, lambda _: setups.enter_context(notify_setup(wrong, patience=1.0)))
    assert {check} == found


def test_the_right_ones_are_rejected_by_none() -> None:
    with ExitStack() as setups:
        found = rejecting(NotifyContract, lambda _: setups.enter_context(notify_setup()))
    assert (set(), set()) == (found, rejecting(DispatchContract, lambda _: dispatch_setup(ByTable)))


def test_every_check_rejects_something_that_no_other_does() -> None:
    expected = {*checks(DispatchContract)}, {*checks(NotifyContract)}
    assert expected == ({*dispatchers.WRONG.values()}, {*notifiers.WRONG.values()})
