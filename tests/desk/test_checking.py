"""Verifying: whatever was changed behind the desk's back in its file is found and named."""

import json
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from bubancheng.actions import Contact, Register
from bubancheng.errors import UnknownTicketError
from bubancheng.sqlite import SqliteStore
from bubancheng.ticket import chain
from tests.acting import OFFICER, WINDOW, Clock, acknowledged, open_desk

SECRET = "13800001234"  # noqa: S105 a telephone number


class Bench:
    """A desk on a file with two tickets, and a way to change the file behind its back."""

    def __init__(self, path: Path) -> None:
        self._db = sqlite3.connect(path, isolation_level=None)
        self.desk = open_desk(Clock(), SqliteStore(str(path)))
        acknowledged(self.desk, "T1")
        self.desk.do(Contact(ticket="T1"), actor=OFFICER)
        self.desk.do(Register(ticket="T2", matter="x", reporter="张三", phone=SECRET), actor=WINDOW)

    def edit(self, statement: str, *values: object) -> None:
        """Change the file; the statement must find something."""
        assert self._db.execute(statement, values).rowcount > 0

    def value(self, statement: str) -> str:
        """Return one value of the file."""
        return str(self._db.execute(statement).fetchone()[0])

    def broken(self, ticket: str | None = None) -> list[tuple[str, int]]:
        """Return the tickets that do not fit, with the entry that is named."""
        return [(it.ticket, it.sequence) for it in self.desk.verify(ticket)]

    def close(self) -> None:
        self._db.close()
        self.desk.close()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    """A desk whose file can be changed."""
    bench = Bench(tmp_path / "desk.db")
    yield bench
    bench.close()


class TestWhole:
    def test_what_nobody_touched_is_whole(self, bench: Bench) -> None:
        assert bench.broken() == []

    @pytest.mark.parametrize("ticket", ["T1", "T2"])
    def test_one_ticket_can_be_asked_for(self, bench: Bench, ticket: str) -> None:
        assert bench.broken(ticket) == []

    def test_a_ticket_that_is_not_there_is_named(self, bench: Bench) -> None:
        with pytest.raises(UnknownTicketError, match="'T9'"):
            bench.desk.verify("T9")

    def test_personal_data_deleted_past_the_desk_are_missed(self, bench: Bench) -> None:
        """An erasure (tests/desk/test_erasing.py) leaves an entry and the ticket whole; this is none."""
        bench.edit("DELETE FROM bubancheng_record WHERE kind = 'personal'")
        assert [("T2", 1)] == bench.broken()


class TestEntries:
    @pytest.mark.parametrize("sequence", range(1, 6))
    def test_a_changed_text_is_found_where_it_is(self, bench: Bench, sequence: int) -> None:
        bench.edit(
            "UPDATE bubancheng_entry SET text = replace(text, '-03-25', '-03-26') WHERE ticket = 'T1' AND sequence = ?",
            sequence,
        )
        assert [("T1", sequence)] == bench.broken()

    @pytest.mark.parametrize("sequence", range(1, 6))
    def test_a_changed_hash_is_found_where_it_is(self, bench: Bench, sequence: int) -> None:
        bench.edit(
            "UPDATE bubancheng_entry SET hash = '0' || hash WHERE ticket = 'T1' AND sequence = ?", sequence
        )
        assert [("T1", sequence)] == bench.broken()

    def test_a_changed_text_with_a_hash_that_fits_breaks_the_next(self, bench: Bench) -> None:
        text = bench.value("SELECT text FROM bubancheng_entry WHERE ticket = 'T1' AND sequence = 2").replace(
            "w-1", "w-2"
        )
        before = bench.value("SELECT hash FROM bubancheng_entry WHERE ticket = 'T1' AND sequence = 1")
        bench.edit(
            "UPDATE bubancheng_entry SET text = ?, hash = ? WHERE ticket = 'T1' AND sequence = 2",
            text,
            chain.link(before, text),
        )
        assert bench.broken() == [("T1", 3)]

    @pytest.mark.parametrize("sequence", range(1, 6))
    def test_a_deleted_entry_is_found_where_it_was(self, bench: Bench, sequence: int) -> None:
        bench.edit("DELETE FROM bubancheng_entry WHERE ticket = 'T1' AND sequence = ?", sequence)
        assert [("T1", sequence)] == bench.broken()

    def test_a_deleted_history_is_found(self, bench: Bench) -> None:
        bench.edit("DELETE FROM bubancheng_entry WHERE ticket = 'T1'")
        assert bench.broken() == [("T1", 1)]

    def test_a_ticket_without_any_history_is_found(self, bench: Bench) -> None:
        bench.edit("DELETE FROM bubancheng_entry WHERE ticket = 'T1'")
        head = chain.start("chongming", "T1")
        bench.edit("UPDATE bubancheng_ticket SET version = 0, head = ? WHERE ticket = 'T1'", head)
        assert [it for it, _ in bench.broken()] == ["T1"]

    def test_an_entry_too_many_is_found(self, bench: Bench) -> None:
        bench.edit(
            "INSERT INTO bubancheng_entry SELECT district, ticket, 2, text, hash FROM bubancheng_entry WHERE ticket = 'T2'"
        )
        assert bench.broken() == [("T2", 2)]

    def test_an_entry_that_moved_to_another_ticket_is_found(self, bench: Bench) -> None:
        text = bench.value("SELECT text FROM bubancheng_entry WHERE ticket = 'T2'")
        link = bench.value("SELECT hash FROM bubancheng_entry WHERE ticket = 'T2'")
        bench.edit(
            "UPDATE bubancheng_entry SET text = ?, hash = ? WHERE ticket = 'T1' AND sequence = 1", text, link
        )
        assert bench.broken() == [("T1", 1)]

    def test_bytes_that_are_no_text_are_found(self, bench: Bench) -> None:
        bench.edit(
            "UPDATE bubancheng_entry SET text = CAST(x'ff' AS TEXT) WHERE ticket = 'T1' AND sequence = 3"
        )
        assert [it for it, _ in bench.broken()] == ["T1"]

    @pytest.mark.parametrize("text", ["{}", "[]", "nonsense", '{"district": 5}', "null"])
    def test_a_history_rebuilt_from_something_else_is_found(self, bench: Bench, text: str) -> None:
        head = chain.link(chain.start("chongming", "T2"), text)
        bench.edit("UPDATE bubancheng_entry SET text = ?, hash = ? WHERE ticket = 'T2'", text, head)
        bench.edit("UPDATE bubancheng_ticket SET head = ? WHERE ticket = 'T2'", head)
        assert [it for it, _ in bench.broken()] == ["T2"]


class TestState:
    @pytest.mark.parametrize(
        "change",
        [
            "head = '0' || head",
            "head = ''",
            "version = version + 1",
            "version = version - 1",
            "step = 'resolved'",
            "unit = '别的单位'",
            "unit = NULL",
            "text = replace(text, '居住证', '营业执照')",
            "text = replace(text, '10:00:00', '09:00:00')",
            "text = replace(text, '\"2023-10-26\"', '\"before-2023-10-26\"')",
            "text = 'nonsense'",
            "text = '{}'",
            "text = '[]'",
            "text = ''",
        ],
    )
    def test_a_changed_state_row_is_found(self, bench: Bench, change: str) -> None:
        bench.edit(f"UPDATE bubancheng_ticket SET {change} WHERE ticket = 'T1'")  # noqa: S608 a constant
        assert [it for it, _ in bench.broken()] == ["T1"]

    def test_every_broken_ticket_is_told(self, bench: Bench) -> None:
        bench.edit("UPDATE bubancheng_ticket SET head = ''")
        assert [it for it, _ in bench.broken()] == ["T1", "T2"]

    def test_the_others_are_not_asked_where_one_is(self, bench: Bench) -> None:
        bench.edit("UPDATE bubancheng_ticket SET head = '' WHERE ticket = 'T1'")
        assert bench.broken("T2") == []

    def test_the_sentence_names_ticket_and_entry(self, bench: Bench) -> None:
        bench.edit("DELETE FROM bubancheng_entry WHERE ticket = 'T1' AND sequence = 5")
        (error,) = bench.desk.verify()
        assert "工单 T1 第 5 条记录" in str(error)


class TestPersonal:
    def change(self, bench: Bench, **changes: object) -> None:
        """Change what is kept for the first entry of T2."""
        kept = json.loads(bench.value("SELECT text FROM bubancheng_record WHERE kind = 'personal'"))
        kept["1"] |= changes
        bench.edit("UPDATE bubancheng_record SET text = ? WHERE kind = 'personal'", json.dumps(kept))

    @pytest.mark.parametrize(
        "data", [{"reporter": "张三", "phone": "13900000000"}, {"reporter": "张三"}, {}, None, "x"]
    )
    def test_changed_personal_data_are_found(self, bench: Bench, data: object) -> None:
        self.change(bench, data=data)
        assert bench.broken() == [("T2", 1)]

    @pytest.mark.parametrize("key", ["00" * 32, "", "zz", None, 5])
    def test_a_changed_key_is_found(self, bench: Bench, key: object) -> None:
        self.change(bench, key=key)
        assert bench.broken() == [("T2", 1)]

    @pytest.mark.parametrize("text", ["nonsense", "[]", "5", '{"1": 5}', '{"1": {}}'])
    def test_personal_data_that_nobody_can_read_are_found(self, bench: Bench, text: str) -> None:
        bench.edit("UPDATE bubancheng_record SET text = ? WHERE kind = 'personal'", text)
        assert [it for it, _ in bench.broken()] == ["T2"]

    def test_personal_data_of_an_entry_that_has_none_are_found(self, bench: Bench) -> None:
        text = bench.value("SELECT text FROM bubancheng_record WHERE kind = 'personal'")
        bench.edit("INSERT INTO bubancheng_record VALUES ('chongming', 'personal', 'T1', ?)", text)
        assert bench.broken() == [("T1", 1)]

    @pytest.mark.parametrize("number", ["99", "0", "01", "-1"])
    def test_personal_data_of_an_entry_that_is_not_there_are_found(self, bench: Bench, number: str) -> None:
        kept = json.loads(bench.value("SELECT text FROM bubancheng_record WHERE kind = 'personal'"))
        kept[number] = {"key": "00" * 32, "data": {"phone": "13900000000"}}
        bench.edit("UPDATE bubancheng_record SET text = ? WHERE kind = 'personal'", json.dumps(kept))
        assert [it for it, _ in bench.broken()] == ["T2"]
