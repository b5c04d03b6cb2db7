"""A desk in another store: what was erased and destroyed meanwhile is gone there too, and anchors still fit."""

from pathlib import Path

import pytest

from bubancheng.sqlite import SqliteStore
from bubancheng.store import MemoryStore
from bubancheng.store.copying import copy_store
from tests.acting import OFFICE, Clock
from tests.desk.filing import CASE, START, fill, open_here
from tests.store.moving import same
from tests.support import DAY

LATE = CASE + 365 * DAY


@pytest.mark.parametrize("is_purged_between", [False, True], ids=["before the move", "between two runs"])
def test_what_was_purged_is_gone_and_the_anchor_fits(tmp_path: Path, *, is_purged_between: bool) -> None:
    clock, source, target = Clock(START), MemoryStore(), SqliteStore(str(tmp_path / "b.db"))
    desk = open_here(clock, source)
    fill(desk)
    anchor = desk.anchor().digest
    if is_purged_between:
        assert {True} == {it.is_whole for it in copy_store(source, target)}
    clock.now = LATE
    cleared = desk.purge(actor=OFFICE)
    assert {True} == {it.is_whole for it in copy_store(source, target)}
    moved = open_here(clock, target)
    assert (True, True) == (cleared.destroyed > 0, same(source, target))
    assert ([], []) == (moved.verify(anchor=anchor), moved.faults())
    assert list(desk.board(LATE)) == list(moved.board(LATE))
    moved.close()
