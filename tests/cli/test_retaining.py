"""`bubancheng purge` and `archive`: the plan first, and nothing without a yes."""

import json
import sqlite3
from pathlib import Path

import pytest

from bubancheng.sqlite import SqliteStore
from tests.acting import WINDOW, Clock
from tests.cli.calling import call, json_of, on_console, write
from tests.desk.filing import START, close, fill, open_here

PROFILE = """
[district]
inherits = "bubancheng_chongming:profile.toml"

[[retention]]
id = "quick"
name = "速"
personal = "12个月"
online = "1个月"
case = "24个月"
accesses = "6个月"
"""
PLAN = [
    ("P1", "permanent", "personal", "2023-03-02T17:00:00+08:00"),
    ("Q1", "quick", "destroy", "2022-03-02T17:00:00+08:00"),
    ("Q2", "quick", "destroy", "2022-03-02T17:00:00+08:00"),
    ("S1", "ten_years", "personal", "2023-03-02T17:00:00+08:00"),
]
MOVES = [
    ("Q1", "quick", "move", "2020-04-02T17:00:00+08:00"),
    ("Q2", "quick", "move", "2020-04-02T17:00:00+08:00"),
]
NOW = ("--now", "2024-03-29T15:00")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A store with closed files of 2020."""
    path = tmp_path / "desk.db"
    store = SqliteStore(str(path))
    fill(open_here(Clock(START), store))
    store.close()
    return path


@pytest.fixture
def words(path: Path, tmp_path: Path) -> tuple[str, ...]:
    """The options that say which store, of which district."""
    profile = tmp_path / "quick.toml"
    profile.write_text(PROFILE, "utf-8")
    return ("--store", f"sqlite:///{path}", "--district", str(profile))


def rows(text: object) -> list[tuple[str, ...]]:
    """Return the rows of what `--json` printed."""
    assert isinstance(text, list)
    return [(it["ticket"], it["retention"], it["due"], it["since"]) for it in text]


def tickets(path: Path) -> list[str]:
    """Return the tickets that a store holds."""
    store = SqliteStore(str(path))
    found = [it.id for it in open_here(Clock(START), store).find(actor=WINDOW)]
    store.close()
    return found


class TestPlan:
    def test_a_purge_without_a_yes_shows_what_is_due_and_does_nothing(
        self, words: tuple[str, ...], path: Path
    ) -> None:
        before = path.read_bytes()
        result = call("purge", *words, *NOW, "--json")
        assert (0, PLAN) == (result.exit_code, rows(json_of(result)))
        assert before == path.read_bytes()

    def test_it_says_so_in_chinese(self, words: tuple[str, ...]) -> None:
        result = call("purge", *words, *NOW)
        assert "Q1　速　2022-03-02 17:00 期满　销毁\n" in result.stdout
        assert "P1　永久　2023-03-02 17:00 期满　清除个人信息\n" in result.stdout
        assert "以上 4 项为计划，未作任何改动；确认执行请加 --yes --officer 经办人" in result.stderr

    def test_a_plan_may_look_ahead(self, words: tuple[str, ...]) -> None:
        result = call("purge", *words, "--now", "2030-03-04T17:00", "--json")
        assert ("S1", "ten_years", "destroy", "2030-03-04T17:00:00+08:00") in rows(json_of(result))

    def test_where_nothing_is_due_it_says_that(self, words: tuple[str, ...]) -> None:
        result = call("purge", *words, "--now", "2020-03-03", "--json")
        assert (0, [], "没有期满的工单\n") == (result.exit_code, json_of(result), result.stderr)

    def test_a_move_without_a_yes_shows_what_may_be_moved(
        self, words: tuple[str, ...], path: Path, tmp_path: Path
    ) -> None:
        before, into = path.read_bytes(), tmp_path / "archive.db"
        result = call("archive", *words, "--into", f"sqlite:///{into}", "--now", "2020-05-01", "--json")
        assert (0, MOVES, False) == (result.exit_code, rows(json_of(result)), into.exists())
        assert before == path.read_bytes()

    @pytest.mark.parametrize("encoding", ["gbk", "ascii"])
    def test_it_survives_any_console(self, words: tuple[str, ...], encoding: str) -> None:
        status, out, _ = on_console(encoding, "purge", *words, *NOW)
        assert (0, True) == (status, "Q1" in out)


class TestYes:
    def test_a_purge_does_what_the_plan_says(self, words: tuple[str, ...], path: Path) -> None:
        result = call("purge", *words, *NOW, "--yes", "--officer", "d-1", "--witness", "d-2", "--json")
        done = rows(json_of(result))
        assert (0, [*PLAN, ("Q1", "quick", "accesses", "2020-09-02T17:00:00+08:00")]) == (
            result.exit_code,
            done,
        )
        assert "销毁 2 件，清除个人信息 2 件，销毁查阅记录 1 件\n" == result.stderr
        assert ["O1", "P1", "S1"] == tickets(path)
        assert "没有期满的工单" in call("purge", *words, *NOW, "--yes", "--officer", "d-1").stderr

    def test_who_did_it_is_in_the_register(self, words: tuple[str, ...], path: Path) -> None:
        call("purge", *words, *NOW, "--yes", "--officer", "d-1", "--witness", "d-2")
        store = SqliteStore(str(path))
        links = [json.loads(it.text) for it in store.entries("chongming/removed", "Q2")]
        store.close()
        office = ["district_office", None]
        assert [(["d-1", *office], ["d-2", *office])] == [(it["actor"], it["approver"]) for it in links]

    def test_verify_says_that_all_is_whole_and_fits_the_anchor(
        self, words: tuple[str, ...], tmp_path: Path
    ) -> None:
        file = str(tmp_path / "anchor.json")
        call("anchor", *words, file)
        call("purge", *words, *NOW, "--yes", "--officer", "d-1")
        assert 0 == call("verify", *words, "--anchor", file).exit_code

    def test_a_move_does_what_the_plan_says(self, words: tuple[str, ...], path: Path, tmp_path: Path) -> None:
        into = tmp_path / "archive-2020.db"
        move = ("archive", *words, "--into", f"sqlite:///{into}", "--yes", "--officer", "d-1")
        result = call(*move, "--now", "2020-05-01", "--json")
        assert (0, MOVES, "移交 2 件\n") == (result.exit_code, rows(json_of(result)), result.stderr)
        assert (["O1", "P1", "S1"], ["Q1", "Q2"]) == (tickets(path), tickets(into))
        assert 0 == call("verify", "--store", f"sqlite:///{into}").exit_code

    @pytest.mark.parametrize(
        ("more", "name"), [((), "archive-2020.db"), (("--name", "2020年档案库"), "2020年档案库")]
    )
    def test_the_register_calls_the_archive_by_name(
        self, words: tuple[str, ...], path: Path, tmp_path: Path, more: tuple[str, ...], name: str
    ) -> None:
        into = f"sqlite:///{tmp_path / 'archive-2020.db'}"
        call("archive", *words, "--into", into, "--yes", "--officer", "d-1", "--now", "2020-05-01", *more)
        store = SqliteStore(str(path))
        (link,) = store.entries("chongming/removed", "Q2")
        store.close()
        assert name == json.loads(link.text)["effect"]["facts"]["to"]
        assert str(tmp_path) not in link.text


class TestRefused:
    def test_without_an_officer(self, words: tuple[str, ...], path: Path) -> None:
        result = call("purge", *words, "--yes")
        assert (1, True, 5) == (result.exit_code, "--officer" in result.stderr, len(tickets(path)))

    def test_a_role_that_may_not(self, words: tuple[str, ...], path: Path) -> None:
        result = call("purge", *words, "--yes", "--officer", "w-1", "--role", "window_officer")
        assert (1, True, 5) == (result.exit_code, "no right" in result.stderr, len(tickets(path)))

    def test_an_instant_that_has_not_come(self, words: tuple[str, ...], path: Path) -> None:
        result = call("purge", *words, "--yes", "--officer", "d-1", "--now", "2090-01-01")
        assert (1, True, 5) == (result.exit_code, "还没有到" in result.stderr, len(tickets(path)))

    def test_a_file_that_was_changed_is_evidence(self, words: tuple[str, ...], path: Path) -> None:
        with sqlite3.connect(path) as db:
            db.execute(
                "UPDATE bubancheng_entry SET text = replace(text, '第三条', '第四条') WHERE ticket = 'Q1'"
            )
        db.close()
        result = call("purge", *words, *NOW, "--yes", "--officer", "d-1")
        assert (1, True) == (result.exit_code, "工单 Q1 第 2 条记录" in result.stderr)
        assert ["O1", "P1", "Q1", "S1"] == tickets(path)


class TestOldLedgers:
    def test_a_ledger_taken_in_again_registers_no_file_that_is_gone(
        self, words: tuple[str, ...], path: Path, tmp_path: Path
    ) -> None:
        """The clerk's old ledger still has the rows; running it again changes nothing."""
        ledger = write(
            tmp_path,
            "工单编号,事项,登记时间",
            "Q1,x,2020-03-02 10:00",
            "Q2,x,2020-03-02 10:00",
            "N1,居住证办理,2024-03-25 10:00",
        )
        call("purge", *words, *NOW, "--yes", "--officer", "d-1")
        result = call("run", ledger, *words, *NOW)
        assert (0, True) == (
            result.exit_code,
            "2 行的工单已按保管期限销毁或移交，未再登记" in result.stderr,
        )
        assert ["N1", "O1", "P1", "S1"] == tickets(path)
        assert 0 == call("verify", *words).exit_code

    def test_a_store_of_which_everything_is_gone_is_still_the_districts(
        self, words: tuple[str, ...], tmp_path: Path
    ) -> None:
        path = tmp_path / "other.db"
        store = SqliteStore(str(path))
        close(open_here(Clock(START), store), "Q1", "quick")
        store.close()
        words = ("--store", f"sqlite:///{path}", *words[2:])
        call("purge", *words, *NOW, "--yes", "--officer", "d-1")
        assert (0, 0, []) == (
            call("verify", *words).exit_code,
            call("purge", *words).exit_code,
            json_of(call("board", *words, "--json")),
        )
