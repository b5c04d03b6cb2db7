"""`bubancheng migrate-store`: the same board, the same histories, the same anchor in another store."""

import sqlite3
from pathlib import Path

import pytest

from bubancheng.cli import migrating
from bubancheng.sqlite import SqliteStore
from bubancheng.store.copying import Copied, Tally
from tests.cli.calling import EXAMPLE, NOW, call
from tests.store.moving import grown

WHOLE = "两个存储内容一致，可以切换"


@pytest.fixture
def source(tmp_path: Path) -> str:
    """A store that holds the example ledger."""
    store = f"sqlite:///{tmp_path / 'a.db'}"
    call("run", str(EXAMPLE), "--district", "chongming", "--now", NOW, "--store", store)
    return store


@pytest.fixture
def target(tmp_path: Path) -> str:
    """A place where nothing is yet."""
    return f"sqlite:///{tmp_path / 'b.db'}"


def test_the_board_the_histories_and_the_anchor_are_the_same(
    source: str, target: str, tmp_path: Path
) -> None:
    anchor = str(tmp_path / "anchor.json")
    call("anchor", "--store", source, anchor)
    done = call("migrate-store", source, target)
    boards = [call("board", "--store", it, "--now", NOW, "--json").stdout for it in (source, target)]
    verified = call("verify", "--store", target, "--anchor", anchor)
    assert (0, boards[0], 0) == (done.exit_code, boards[1], verified.exit_code)
    assert [
        "chongming：工单 16，记录 85，数据 19，待办 0",
        f"{WHOLE} (both hold the same)",
    ] == done.stdout.splitlines()


def test_the_desk_goes_on_in_the_new_store(source: str, target: str) -> None:
    call("migrate-store", source, target)
    later = "2024-04-30T15:00"
    boards = [
        call("run", str(EXAMPLE), "--district", "chongming", "--now", later, "--store", it, "--json").stdout
        for it in (source, target)
    ]
    assert boards[0] == boards[1]
    assert 0 == call("verify", "--store", target).exit_code


def test_repeated_it_takes_along_what_came_since(source: str, target: str) -> None:
    call("migrate-store", source, target)
    call("run", str(EXAMPLE), "--district", "chongming", "--now", "2024-04-30T15:00", "--store", source)
    done = call("migrate-store", source, target)
    assert (0, True) == (done.exit_code, WHOLE in done.stdout)


def test_repeated_after_the_switch_it_refuses_and_names_a_ticket(source: str, target: str) -> None:
    call("migrate-store", source, target)
    store = SqliteStore(target.removeprefix("sqlite:///"))
    store.commit(grown("T99", 1, district="chongming"))
    store.close()
    done = call("migrate-store", source, target)
    assert (1, True, True) == (done.exit_code, "T99" in done.stderr, "已启用" in done.stderr)


def test_what_differs_is_named(source: str, target: str, tmp_path: Path) -> None:
    db = sqlite3.connect(tmp_path / "a.db")
    (number,) = db.execute("SELECT max(ticket) FROM bubancheng_ticket").fetchone()
    db.execute("UPDATE bubancheng_entry SET text = 'x' WHERE ticket = ? AND sequence = 1", (number,))
    db.commit()
    db.close()
    done = call("migrate-store", source, target)
    assert (1, True, True) == (
        done.exit_code,
        f"chongming: 工单 {number} 第 1 条记录" in done.stdout,
        "请勿切换" in done.stdout,
    )


def test_writers_are_told_and_the_status_says_that_it_is_not_over(
    source: str, target: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    moved = Copied(
        name="chongming", source=Tally(tickets=2), target=Tally(tickets=1), is_moving=True, differences=()
    )
    monkeypatch.setattr(migrating, "copy_store", lambda *_, **__: (moved,))
    done = call("migrate-store", source, target)
    assert (1, True) == (done.exit_code, "chongming：复制期间仍有写入" in done.stdout)


def test_an_empty_store_is_said_to_be_one(target: str, tmp_path: Path) -> None:
    SqliteStore(str(tmp_path / "empty.db")).close()
    done = call("migrate-store", f"sqlite:///{tmp_path / 'empty.db'}", target)
    assert (0, "来源是空的 (the source is empty)\n") == (done.exit_code, done.stdout)


def test_a_source_that_is_not_there_is_refused_and_nothing_is_made(target: str, tmp_path: Path) -> None:
    done = call("migrate-store", f"sqlite:///{tmp_path / 'no.db'}", target)
    assert (1, True, []) == (done.exit_code, "没有存储" in done.stderr, list(tmp_path.iterdir()))


@pytest.mark.parametrize("other", ["{}", "sqlite:///{folder}/./a.db"])
def test_a_store_is_not_moved_into_itself(source: str, tmp_path: Path, other: str) -> None:
    done = call("migrate-store", source, other.format(source, folder=tmp_path))
    assert (1, True) == (done.exit_code, "same" in done.stderr or "同一个存储" in done.stderr)


def test_a_newer_target_is_refused(source: str, target: str, tmp_path: Path) -> None:
    SqliteStore(str(tmp_path / "b.db")).close()
    db = sqlite3.connect(tmp_path / "b.db")
    db.execute("PRAGMA user_version = 99")
    db.close()
    done = call("migrate-store", source, target)
    assert (1, True) == (done.exit_code, "结构版本为 99" in done.stderr)


def test_a_bar_is_shown_on_a_terminal(source: str, target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    done = call("migrate-store", source, target)
    assert (0, True) == (done.exit_code, "核对 chongming" in done.stderr)
