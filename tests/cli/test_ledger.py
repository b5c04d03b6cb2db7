"""`bubancheng ledger`: what a store holds, as a file."""

import csv
import getpass
import os
import subprocess
import sys
import time
from pathlib import Path

import openpyxl
import pytest

from bubancheng.desk import Desk
from tests.acting import OFFICE, OWNED
from tests.cli.calling import EXAMPLE, NOW, PROGRAM, ROOT, call, json_of, on_console, write

PUDONG = ROOT / "examples" / "pudong-ledger.csv"
LIMITED = "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (2_000_000, 2_000_000)); "


@pytest.fixture
def url(tmp_path: Path) -> str:
    """The store that the example was taken into."""
    found = f"sqlite:///{tmp_path}/desk.db"
    assert call("run", str(EXAMPLE), "--store", found, "--now", NOW).exit_code == 0
    return found


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A store whose ledger has four megabytes."""
    folder = tmp_path_factory.mktemp("large")
    rows = [f"A{number},{OWNED},2024-03-28 10:00,{'长' * 13_000}" for number in range(100)]
    path = write(folder, "工单编号,事项,登记时间,诉求内容", *rows)
    url = f"sqlite:///{folder}/desk.db"
    assert call("run", path, "--store", url, "--now", NOW, "--json").exit_code == 0
    return url


def column(path: Path, name: str) -> list[str]:
    """Return a column of an exported CSV."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[name] for row in csv.DictReader(file)]


class TestExport:
    def test_it_says_what_it_wrote_and_where(self, url: str, tmp_path: Path) -> None:
        target = tmp_path / "导出.csv"
        result = call("ledger", "--store", url, str(target), "--now", NOW)
        assert (0, f"已导出 16 件到 {target}\n", "") == (result.exit_code, result.stdout, result.stderr)

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_the_exported_example_gives_the_same_board_in_a_fresh_store(
        self, url: str, tmp_path: Path, kind: str
    ) -> None:
        target = str(tmp_path / f"o.{kind}")
        call("ledger", "--store", url, target, "--now", NOW)
        board = json_of(call("board", "--store", url, "--now", NOW, "--json"))
        assert board == json_of(call("run", target, "--now", NOW, "--json"))

    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_taking_it_into_the_same_store_changes_nothing(self, url: str, tmp_path: Path, kind: str) -> None:
        target = str(tmp_path / f"o.{kind}")
        call("ledger", "--store", url, target, "--now", NOW)
        with Desk.open("chongming", store=url) as desk:
            before = desk.anchor().digest
        result = call("run", target, "--store", url, "--now", NOW)
        with Desk.open("chongming", store=url) as desk:
            assert (0, "", before) == (result.exit_code, result.stderr, desk.anchor().digest)

    def test_no_name_and_no_number_leaves_the_store(self, tmp_path: Path) -> None:
        path = write(
            tmp_path,
            "工单编号,事项,登记时间,反映人,联系电话,诉求内容",
            f"A1,{OWNED},2024-03-28 10:00,张三,13800001234,请打 138 0000 1234 找张女士",
        )
        store = f"sqlite:///{tmp_path}/desk.db"
        call("run", path, "--store", store, "--now", NOW)
        call("ledger", "--store", store, str(tmp_path / "o.csv"), "--now", NOW)
        call("ledger", "--store", store, str(tmp_path / "o.xlsx"), "--now", NOW)
        values = openpyxl.load_workbook(tmp_path / "o.xlsx").worksheets[0].iter_rows(values_only=True)
        text = (tmp_path / "o.csv").read_text("utf-8") + repr([*values])
        assert (0, 0, 4) == (text.count("张三"), text.count("0000"), text.count("****"))

    def test_it_is_as_of_now_where_no_instant_is_given(self, tmp_path: Path) -> None:
        path = write(tmp_path, "工单编号,事项,登记时间", f"A1,{OWNED},2024-03-28 10:00")
        store = f"sqlite:///{tmp_path}/desk.db"
        call("run", path, "--store", store, "--now", NOW)
        call("ledger", "--store", store, str(tmp_path / "now.csv"))
        call("ledger", "--store", store, str(tmp_path / "then.csv"), "--now", "2024-03-28T09:59")
        assert [["A1"], []] == [column(tmp_path / name, "工单编号") for name in ("now.csv", "then.csv")]

    def test_who_took_it_along_is_on_record(
        self, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(getpass, "getuser", lambda: "wang")
        call("ledger", "--store", url, str(tmp_path / "o.csv"), "--now", NOW)
        with Desk.open("chongming", store=url) as desk:
            (entry,) = desk.accesses(actor=OFFICE)
        purpose = "导出台账 (ledger)：o.csv，截至 2024-03-29 15:00"
        assert ("wang", purpose) == (entry.actor.id, entry.effect.facts["purpose"])

    def test_an_account_without_a_name_exports_too(
        self, url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def nobody() -> str:
            raise KeyError

        monkeypatch.setattr(getpass, "getuser", nobody)
        assert call("ledger", "--store", url, str(tmp_path / "o.csv"), "--now", NOW).exit_code == 0


class TestDistricts:
    @pytest.fixture
    def two(self, url: str) -> str:
        """A store of two districts."""
        call("run", str(PUDONG), "--district", "pudong", "--store", url, "--now", "2024-03-29T15:00")
        return url

    def test_it_must_be_said_which_one_is_meant(self, two: str, tmp_path: Path) -> None:
        result = call("ledger", "--store", two, str(tmp_path / "o.csv"))
        assert (1, True, False) == (
            result.exit_code,
            "chongming、pudong" in result.stderr,
            (tmp_path / "o.csv").exists(),
        )

    @pytest.mark.parametrize(("name", "count"), [("chongming", 16), ("pudong", 6)])
    def test_only_its_tickets_are_written(self, two: str, tmp_path: Path, name: str, count: int) -> None:
        call("ledger", "--store", two, str(tmp_path / "o.csv"), "--district", name, "--now", NOW)
        assert count == len(column(tmp_path / "o.csv", "办结期限"))


class TestRefusals:
    @pytest.mark.parametrize(
        ("name", "told"),
        [
            ("there.csv", "已存在"),
            ("o.txt", "应以 .csv 或 .xlsx 结尾"),
            ("no/o.csv", "无法写入"),
            ("there.csv/o.xlsx", "无法写入"),
        ],
    )
    def test_what_cannot_be_written_is_one_sentence_on_stderr(
        self, url: str, tmp_path: Path, name: str, told: str
    ) -> None:
        (tmp_path / "there.csv").write_text("kept by hand", "utf-8")
        result = call("ledger", "--store", url, str(tmp_path / name), "--now", NOW)
        assert (1, "", True, 1) == (
            result.exit_code,
            result.stdout,
            told in result.stderr,
            result.stderr.count("\n"),
        )
        assert (tmp_path / "there.csv").read_text("utf-8") == "kept by hand"

    def test_a_store_that_is_not_there_is_not_made(self, tmp_path: Path) -> None:
        result = call("ledger", "--store", f"sqlite:///{tmp_path}/no.db", str(tmp_path / "o.csv"))
        assert (1, []) == (result.exit_code, [*tmp_path.iterdir()])

    @pytest.mark.parametrize("words", [[], ["o.csv"], ["--store", "sqlite:///x.db"]])
    def test_a_wrong_call_is_two(self, words: list[str]) -> None:
        assert call("ledger", *words).exit_code == 2


class TestCutOff:
    @pytest.mark.parametrize("kind", ["csv", "xlsx"])
    def test_a_full_disk_is_told_and_leaves_nothing(self, large: str, tmp_path: Path, kind: str) -> None:
        words = ["ledger", "--store", large, str(tmp_path / f"o.{kind}"), "--now", NOW]
        program = [sys.executable, "-c", LIMITED + PROGRAM[2], *words]
        result = subprocess.run(program, capture_output=True, check=False, cwd=ROOT)  # noqa: S603 our own program
        assert (1, b"", True, 1, []) == (
            result.returncode,
            result.stdout,
            "无法写入" in result.stderr.decode(),
            result.stderr.count(b"\n"),
            [*tmp_path.iterdir()],
        )

    def test_an_export_that_is_killed_leaves_no_file_of_that_name(self, large: str, tmp_path: Path) -> None:
        words = ["ledger", "--store", large, str(tmp_path / "o.xlsx"), "--now", NOW]
        environment = os.environ | {"TMPDIR": str(tmp_path)}
        with subprocess.Popen([*PROGRAM, *words], env=environment) as export:  # noqa: S603 our own program
            while export.poll() is None and not [*tmp_path.iterdir()]:
                time.sleep(0.001)
            export.kill()
        assert not (tmp_path / "o.xlsx").exists()
        assert call(*words).exit_code == 0


class TestConsoles:
    @pytest.mark.parametrize("encoding", ["gbk", "ascii", "utf-8", "gb18030"])
    def test_any_console_survives(self, url: str, tmp_path: Path, encoding: str) -> None:
        target = tmp_path / "𠮷é.csv"
        status, shown, told = on_console(encoding, "ledger", "--store", url, str(target), "--now", NOW)
        assert (0, True, "", 16) == (status, "16" in shown, told, len(column(target, "工单编号")))

    @pytest.mark.parametrize("encoding", ["gbk", "ascii"])
    def test_refusals_survive_too(self, url: str, tmp_path: Path, encoding: str) -> None:
        status, shown, told = on_console(encoding, "ledger", "--store", url, str(tmp_path / "𠮷.doc"))
        assert (1, "", True) == (status, shown, ".xlsx" in told)

    def test_a_chinese_console_shows_chinese(self, url: str, tmp_path: Path) -> None:
        words = ("ledger", "--store", url, str(tmp_path / "台账.csv"), "--now", NOW)
        assert on_console("gbk", *words)[1].startswith("已导出 16 件到 ")
