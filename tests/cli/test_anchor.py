"""`bubancheng anchor`, and `verify --anchor`: what was cut after the anchor shows."""

import json
import sqlite3
from pathlib import Path

import pytest

from tests.cli.calling import EXAMPLE, NOW, call

WHOLE = "全部工单 的记录完整"


@pytest.fixture
def url(tmp_path: Path) -> str:
    """A store that holds the example ledger."""
    store = f"sqlite:///{tmp_path / 'desk.db'}"
    call("run", str(EXAMPLE), "--district", "chongming", "--now", NOW, "--store", store)
    return store


def take_away_one(url: str) -> str:
    """Take a ticket away with all its entries; return its number."""
    with sqlite3.connect(url.removeprefix("sqlite:///")) as db:
        (number,) = db.execute("SELECT min(ticket) FROM bubancheng_ticket").fetchone()
        for table in ("outbox", "entry", "ticket"):
            db.execute(f"DELETE FROM bubancheng_{table} WHERE ticket = ?", (number,))  # noqa: S608 constants
    db.close()
    return str(number)


def test_an_anchor_is_a_file_with_the_digest_of_all_histories(url: str, tmp_path: Path) -> None:
    file = tmp_path / "anchor.json"
    result = call("anchor", "--store", url, str(file))
    kept = json.loads(file.read_text("utf-8"))
    assert (0, "chongming", 64) == (result.exit_code, kept["district"], len(kept["digest"]))
    assert kept["digest"] in result.stdout


def test_a_whole_store_fits_its_anchor_also_after_it_has_grown(url: str, tmp_path: Path) -> None:
    file = str(tmp_path / "anchor.json")
    call("anchor", "--store", url, file)
    call("run", str(EXAMPLE), "--district", "chongming", "--now", "2024-04-30T15:00", "--store", url)
    result = call("verify", "--store", url, "--anchor", file)
    assert (0, True) == (result.exit_code, WHOLE in result.stdout)


def test_a_ticket_that_is_gone_shows_only_with_the_anchor(url: str, tmp_path: Path) -> None:
    file = str(tmp_path / "anchor.json")
    call("anchor", "--store", url, file)
    number = take_away_one(url)
    alone, anchored = call("verify", "--store", url), call("verify", "--store", url, "--anchor", file)
    assert (0, 1) == (alone.exit_code, anchored.exit_code)
    assert f"工单 {number}" in anchored.stdout


def test_an_anchor_is_never_overwritten(url: str, tmp_path: Path) -> None:
    file = tmp_path / "anchor.json"
    file.write_text("kept", "utf-8")
    result = call("anchor", "--store", url, str(file))
    assert (1, "kept") == (result.exit_code, file.read_text("utf-8"))


@pytest.mark.parametrize("text", ["", "nonsense", "[]", "{}"])
def test_a_file_that_is_no_anchor_is_refused(url: str, tmp_path: Path, text: str) -> None:
    file = tmp_path / "other.json"
    file.write_text(text, "utf-8")
    result = call("verify", "--store", url, "--anchor", str(file))
    assert (1, True) == (result.exit_code, "不是封存文件" in result.output)
