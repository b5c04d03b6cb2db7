"""`bubancheng board` and `verify`: what lies in a store."""

import json
import os
import shutil
import sqlite3
import tracemalloc
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from bubancheng.cli.plain import print_array
from bubancheng.desk import Desk
from bubancheng.district import read_profile
from bubancheng.sqlite import SqliteStore
from tests.acting import PROFILE, Clock, registered
from tests.cli.calling import EXAMPLE, NOW, call, json_of, on_console


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that holds the example."""
    path = tmp_path_factory.mktemp("example") / "desk.db"
    assert call("run", str(EXAMPLE), "--store", f"sqlite:///{path}", "--now", NOW).exit_code == 0
    return path


@pytest.fixture
def url(example: Path, tmp_path: Path) -> str:
    """A store that holds the example."""
    return f"sqlite:///{shutil.copy(example, tmp_path)}"


def edit(url: str, statement: str) -> None:
    """Change a store behind its back."""
    db = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    assert db.execute(statement).rowcount > 0
    db.close()


@pytest.fixture
def two(url: str, tmp_path: Path) -> str:
    """A store that holds a second district, whose profile is only a file."""
    path = tmp_path / "elsewhere.toml"
    text = PROFILE.read_text("utf-8").replace('name = "chongming"', 'name = "elsewhere"', 1)
    path.write_text(text, encoding="utf-8")
    store = SqliteStore(url.removeprefix("sqlite:///"))
    with Desk.open(read_profile(path), store=store, clock=Clock()) as desk:
        registered(desk, "E1")
    return url


class TestBoard:
    def test_the_board_shows_what_the_run_showed(self, url: str) -> None:
        run = call("run", str(EXAMPLE), "--now", NOW, "--json").stdout
        assert run == call("board", "--store", url, "--now", NOW, "--json").stdout

    def test_the_board_of_another_moment_is_another(self, url: str) -> None:
        lines = json_of(call("board", "--store", url, "--now", "2024-04-08T09:00", "--json"))
        assert {it["id"]: it["light"] for it in lines}["CM-2024-0001"] == "red"

    def test_the_table_says_it_in_words(self, url: str) -> None:
        shown = call("board", "--store", url, "--now", NOW).stdout
        assert all(it in shown for it in ("●绿", "●黄", "●红", "上海市崇明区"))

    def test_without_a_time_it_is_now(self, url: str) -> None:
        assert call("board", "--store", url).exit_code == 0

    def test_reading_writes_nothing(self, url: str) -> None:
        path = Path(url.removeprefix("sqlite:///"))
        before = path.read_bytes()
        call("board", "--store", url, "--now", NOW)
        assert before == path.read_bytes()

    @pytest.mark.parametrize("district", ["chongming", "sh-chongming"])
    def test_the_district_may_be_named(self, url: str, district: str) -> None:
        result = call("board", "--store", url, "--now", NOW, "--json", "--district", district)
        assert (0, 16) == (result.exit_code, len(json_of(result)))

    @pytest.mark.parametrize("command", ["board", "verify"])
    def test_a_store_with_two_districts_asks_which(self, two: str, command: str) -> None:
        result = call(command, "--store", two)
        assert (1, True) == (result.exit_code, "chongming、elsewhere" in result.stderr)

    def test_of_two_districts_one_is_shown(self, two: str) -> None:
        result = call("board", "--store", two, "--now", NOW, "--json", "--district", "chongming")
        assert "E1" not in [it["id"] for it in json_of(result)]

    def test_a_district_may_be_a_file(self, two: str, tmp_path: Path) -> None:
        words = ("--now", NOW, "--json", "--district", str(tmp_path / "elsewhere.toml"))
        assert [it["id"] for it in json_of(call("board", "--store", two, *words))] == ["E1"]


class TestPages:
    """A part of the board, and a board of any length in the same memory."""

    def test_pages_make_up_the_board(self, url: str) -> None:
        whole = json_of(call("board", "--store", url, "--now", NOW, "--json"))
        seen: list[dict[str, object]] = []
        for _ in range(4):
            words = ("--limit", "5", *(("--after", str(seen[-1]["id"])) if seen else ()))
            seen += json_of(call("board", "--store", url, "--now", NOW, "--json", *words))
        assert whole == seen

    def test_a_page_of_the_table_counts_itself(self, url: str) -> None:
        shown = call("board", "--store", url, "--now", NOW, "--limit", "3").stdout
        assert "共 3 件" in shown

    def test_after_the_last_number_there_is_an_empty_array(self, url: str) -> None:
        assert "[]\n" == call("board", "--store", url, "--now", NOW, "--json", "--after", "zzz").stdout

    @pytest.mark.parametrize("limit", ["0", "-1", "x"])
    def test_a_limit_that_is_none_is_refused(self, url: str, limit: str) -> None:
        result = call("board", "--store", url, "--limit", limit)
        assert (2, "", True) == (result.exit_code, result.stdout, "--limit" in result.stderr)

    @pytest.mark.parametrize("count", [0, 1, 2, 3])
    def test_an_array_written_piece_by_piece_is_the_array_written_at_once(
        self, count: int, capsys: pytest.CaptureFixture[str]
    ) -> None:
        values = [{"id": f"中\u2028\x85{it}", "more": [], "due": {"a": 1}} for it in range(count)]
        print_array(values)
        assert json.dumps(values, ensure_ascii=False, indent=1) + "\n" == capsys.readouterr().out

    def test_of_an_array_that_breaks_off_nothing_is_written(self, capsys: pytest.CaptureFixture[str]) -> None:
        def values() -> Iterator[int]:
            yield from range(200_000)
            raise EOFError

        with pytest.raises(EOFError):
            print_array(values())
        assert "" == capsys.readouterr().out

    def test_a_long_array_takes_no_more_memory_than_a_short_one(self) -> None:
        def peak(count: int) -> int:
            with Path(os.devnull).open("w", encoding="utf-8") as out, redirect_stdout(out):
                tracemalloc.start()
                print_array("x" * 1000 for _ in range(count))
                _, most = tracemalloc.get_traced_memory()
                tracemalloc.stop()
            return most

        assert peak(20_000) < peak(2_000) * 1.5

    def test_a_console_that_lacks_a_character_gets_the_same_array(self, url: str) -> None:
        words = ("board", "--store", url, "--now", NOW, "--json")
        status, shown, _ = on_console("ascii", *words)
        assert (0, json_of(call(*words))) == (status, json.loads(shown))


class TestNothingThere:
    @pytest.mark.parametrize("command", ["board", "verify"])
    def test_a_missing_store_says_what_there_is(self, url: str, command: str) -> None:
        result = call(command, "--store", url.replace("desk.db", "other.db"))
        assert (1, "", True) == (result.exit_code, result.stdout, "desk.db" in result.stderr)

    def test_a_missing_store_is_not_made(self, tmp_path: Path) -> None:
        call("board", "--store", f"sqlite:///{tmp_path}/desk.db")
        assert list(tmp_path.iterdir()) == []

    @pytest.mark.parametrize("command", ["board", "verify"])
    @pytest.mark.parametrize(
        ("store", "told"),
        [
            ("sqlite:///{}", "目录"),
            ("sqlite:///{}/no/desk.db", "no such folder"),
            ("desk.db", "sqlite:///"),
            ("nosuch://x/y", "sqlite:///"),
            ("sqlite://", "sqlite:///relative.db"),
        ],
    )
    def test_what_is_no_store_is_one_sentence(
        self, tmp_path: Path, command: str, store: str, told: str
    ) -> None:
        result = call(command, "--store", store.format(tmp_path))
        assert (1, "", True, 1) == (
            result.exit_code,
            result.stdout,
            told in result.stderr,
            result.stderr.count("\n"),
        )

    def test_a_district_that_the_store_does_not_hold_says_which_it_holds(self, two: str) -> None:
        edit(two, "DELETE FROM bubancheng_entry WHERE district = 'chongming'")
        edit(two, "DELETE FROM bubancheng_ticket WHERE district = 'chongming'")
        result = call("board", "--store", two, "--district", "chongming")
        assert (1, True) == (result.exit_code, "elsewhere" in result.stderr)

    def test_without_a_store_the_call_is_wrong(self) -> None:
        assert call("board").exit_code == 2


class TestVerify:
    def test_a_whole_store_is_zero_and_says_so(self, url: str) -> None:
        result = call("verify", "--store", url)
        assert (0, "全部工单 的记录完整\n") == (result.exit_code, result.stdout)

    def test_a_whole_ticket_is_zero(self, url: str) -> None:
        result = call("verify", "--store", url, "CM-2024-0001")
        assert (0, True) == (result.exit_code, "CM-2024-0001" in result.stdout)

    def test_a_broken_chain_is_one_and_names_ticket_and_entry(self, url: str) -> None:
        edit(
            url,
            "UPDATE bubancheng_entry SET text = text || ' ' WHERE ticket = 'CM-2024-0001' AND sequence = 3",
        )
        result = call("verify", "--store", url)
        assert (1, True) == (
            result.exit_code,
            "工单 CM-2024-0001 第 3 条记录" in result.stdout + result.stderr,
        )

    def test_every_broken_ticket_is_named(self, url: str) -> None:
        edit(url, "UPDATE bubancheng_ticket SET head = '0' WHERE ticket LIKE 'CM-2024-%'")
        result = call("verify", "--store", url)
        told = result.stdout + result.stderr
        assert ("CM-2024-0001" in told, "CM-2024-0002" in told, "CM-2017-0001" in told) == (True, True, False)

    def test_another_ticket_is_not_asked(self, url: str) -> None:
        edit(url, "UPDATE bubancheng_ticket SET head = '0' WHERE ticket = 'CM-2024-0001'")
        assert call("verify", "--store", url, "CM-2024-0002").exit_code == 0

    def test_a_ticket_that_is_not_there_is_one_sentence(self, url: str) -> None:
        result = call("verify", "--store", url, "T9")
        assert (1, "", True) == (result.exit_code, result.stdout, "'T9'" in result.stderr)

    def test_a_number_that_moves_the_cursor_is_not_shown_raw(self, url: str) -> None:
        edit(url, "UPDATE bubancheng_entry SET hash = '0' WHERE ticket = 'CM-2024-0001'")
        result = call("verify", "--store", url, "\x1b[2J")
        assert "\x1b" not in result.stdout + result.stderr

    def test_a_state_row_that_nobody_can_read_is_named(self, url: str) -> None:
        edit(url, "UPDATE bubancheng_ticket SET text = 'nonsense' WHERE ticket = 'CM-2024-0001'")
        result = call("verify", "--store", url)
        assert (1, True) == (result.exit_code, "CM-2024-0001" in result.stdout + result.stderr)

    def test_the_board_of_a_broken_store_is_one_sentence(self, url: str) -> None:
        edit(url, "UPDATE bubancheng_ticket SET text = 'nonsense' WHERE ticket = 'CM-2024-0001'")
        result = call("board", "--store", url, "--now", NOW, "--json")
        assert (1, "", 1) == (result.exit_code, result.stdout, result.stderr.count("\n"))

    @pytest.mark.parametrize("encoding", ["gbk", "ascii"])
    def test_any_console_survives(self, url: str, encoding: str) -> None:
        edit(url, "UPDATE bubancheng_entry SET hash = '0' WHERE ticket = 'CM-2024-0001'")
        status, shown, told = on_console(encoding, "verify", "--store", url)
        assert (1, True) == (status, "CM-2024-0001" in shown + told)
