"""The kits themselves: nothing can be left out of one in silence, and all of it is written down."""

import ast
import re
import subprocess
import sys
import tomllib
from importlib.metadata import version
from importlib.resources import files
from pathlib import Path

import pytest

import bubancheng.testing
from bubancheng.errors import ArgumentError, NewCheckWarning
from bubancheng.testing import (
    CalendarContract,
    Capabilities,
    DispatchContract,
    DistrictContract,
    NotifyContract,
    StoreContract,
)
from bubancheng.testing.contracts.kit import Contract, check, checks, expect, is_on_probation, left_out

ROOT = Path(__file__).parents[2]
KITS = (StoreContract, DispatchContract, NotifyContract, DistrictContract, CalendarContract)
MODULES = sorted(it for it in Path(bubancheng.testing.__file__).parent.glob("contracts/**/*.py"))
MEMORY = Capabilities(durable="in memory", processes="in memory", borrowed="in memory", backed="in memory")


class TestSilencing:
    """A check can be left out by a lacking capability, and in no other way."""

    def test_a_check_cannot_be_overridden(self) -> None:
        with pytest.raises(ArgumentError, match="test_texts_are_data of StoreContract"):
            type("Mine", (StoreContract,), {"test_texts_are_data": lambda _self: None})

    def test_a_check_cannot_be_set_to_none(self) -> None:
        with pytest.raises(ArgumentError, match="test_a_commit_can_finish"):
            type("Mine", (StoreContract,), {"test_a_commit_can_finish": None})

    def test_a_check_cannot_be_hidden_behind_another_base(self) -> None:
        base = type("Base", (), {"test_a_commit_can_finish": None})
        with pytest.raises(ArgumentError, match="test_a_commit_can_finish"):
            type("Mine", (base, StoreContract), {})

    def test_a_fixture_of_the_kit_cannot_be_overridden(self) -> None:
        with pytest.raises(ArgumentError, match="overrides store of StoreContract"):
            type("Mine", (StoreContract,), {"store": None})

    def test_tests_of_its_own_are_welcome(self) -> None:
        mine = type("Mine", (StoreContract,), {"test_mine": lambda _self: None})
        assert checks(StoreContract) == checks(mine)

    def test_what_is_lacking_leaves_out_its_checks_and_no_others(self) -> None:
        mine = type("Mine", (StoreContract,), {"capabilities": MEMORY})
        needy = {name for name, it in checks(StoreContract).items() if MEMORY.lacking(it.needs)}
        assert needy == {*checks(StoreContract)} - {*checks(mine)}

    def test_what_is_lacking_is_told_with_its_reason(self) -> None:
        mine = type("Mine", (StoreContract,), {"capabilities": MEMORY})
        expected = [f"{it}: in memory" for it in ("backed", "borrowed", "durable", "processes")]
        assert expected == left_out(mine)

    def test_a_subclass_that_lacks_nothing_takes_all_checks_again(self) -> None:
        mine = type("Mine", (StoreContract,), {"capabilities": MEMORY})
        better = type("Better", (mine,), {"capabilities": Capabilities()})
        assert checks(StoreContract) == checks(better)

    @pytest.mark.parametrize("reason", [False, "", " ", None, 1], ids=repr)
    def test_nothing_is_lacking_without_a_reason(self, reason: object) -> None:
        with pytest.raises(ArgumentError, match="durable is True, or the sentence"):
            Capabilities(durable=reason)  # type: ignore[arg-type]


class TestNewChecks:
    """A check that is newer than what an author wrote for warns for one minor version, and then fails."""

    @pytest.mark.parametrize(
        ("since", "written_for", "installed", "expected"),
        [
            ("0.2", "0.1", "0.2.0", True),
            ("0.2", "0.1", "0.2.7", True),
            ("0.2", "0.1", "0.3.0", False),
            ("0.2", "0.2", "0.2.0", False),
            ("0.2", None, "0.2.0", False),
            ("0.9", "0.8", "0.10.0", False),
            ("0.10", "0.9", "0.10.1", True),
            ("1.0", "0.9", "1.1.0", False),
        ],
    )
    def test_probation(self, since: str, written_for: str | None, installed: str, *, expected: bool) -> None:
        assert expected == is_on_probation(since, written_for, installed)

    def test_a_new_check_warns_whoever_wrote_for_an_older_version(self) -> None:
        kit = self.kit()
        mine = type("Mine", (kit,), {"written_for": "0.0"})
        with pytest.warns(NewCheckWarning, match=r"Mine will be refused by X1 \(new in .*\): one is two"):
            mine().test_one()

    def test_it_fails_for_everybody_else(self) -> None:
        mine = type("Mine", (self.kit(),), {})
        with pytest.raises(AssertionError, match="one is two: expected 1, found 2"):
            mine().test_one()

    @staticmethod
    def kit() -> type[Contract]:
        """Return a kit whose only check is new and never holds."""

        class Kit(Contract):
            @check("X1", since=version("bubancheng"))
            def test_one(self) -> None:
                expect(1, 2, "one is two")

        return Kit


class TestWords:
    """Every check quotes a scenario, and every scenario is checked."""

    @staticmethod
    def scenarios(page: str) -> dict[str, str]:
        """Return the scenarios of a page by number."""
        rows = re.findall(
            r"^\| ([SDNPC]\d+) \| (.+?) \|", (ROOT / "docs" / page).read_text("utf-8"), re.MULTILINE
        )
        assert len(rows) == len(dict(rows))
        return dict(rows)

    @pytest.mark.parametrize("page", ["contracts.md", "zh/contracts.md"])
    def test_the_pages_and_the_checks_name_the_same_scenarios(self, page: str) -> None:
        cited = [it.scenario for kit in KITS for it in checks(kit).values()]
        assert sorted(self.scenarios(page)) == sorted(cited)

    @pytest.mark.parametrize("page", ["contracts.md", "zh/contracts.md"])
    def test_every_capability_is_on_the_page(self, page: str) -> None:
        text = (ROOT / "docs" / page).read_text("utf-8")
        named = {it.needs for kit in KITS for it in checks(kit).values() if it.needs}
        assert set() == {it for it in named if f"`{it}`" not in text}

    def test_every_check_says_in_a_sentence_what_it_is_about(self) -> None:
        bare = [
            name for kit in KITS for name in checks(kit) if not (getattr(kit, name).__doc__ or "").strip()
        ]
        assert [] == bare

    def test_no_check_is_newer_than_the_library(self) -> None:
        assert {"0.1"} == {it.since for kit in KITS for it in checks(kit).values()}


class TestShipped:
    """The kits are part of the package, and stand on its public names alone."""

    @pytest.mark.parametrize(
        "name", ["store", "dispatch", "notify", "district", "calendar", "kit", "summary"]
    )
    def test_the_kits_are_files_of_the_package(self, name: str) -> None:
        assert files("bubancheng").joinpath("testing", "contracts", f"{name}.py").is_file()

    def test_the_wheel_leaves_nothing_of_the_package_out(self) -> None:
        wheel = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"][
            "targets"
        ]
        assert {"packages": ["src/bubancheng"]} == wheel["wheel"]

    @pytest.mark.parametrize("module", MODULES, ids=[it.stem for it in MODULES])
    def test_a_kit_imports_public_names_and_no_store(self, module: Path) -> None:
        imported = [
            (it.module or "", name.name)
            for it in ast.walk(ast.parse(module.read_text("utf-8")))
            if isinstance(it, ast.ImportFrom)
            for name in it.names
        ]
        ours = [it for it in imported if it[0].startswith("bubancheng")]
        inner = [it for it in ours if it[0].count(".") > 1 and not it[0].startswith("bubancheng.testing.")]
        private = [
            it for it in ours if it[1].startswith("_") or it[1] in {"MemoryStore", "SqliteStore", "sqlite"}
        ]
        assert ([], []) == (inner, private + [it for it in ours if it[0] == "bubancheng.sqlite"])

    @pytest.mark.parametrize("module", MODULES, ids=[it.stem for it in MODULES])
    def test_no_check_reads_a_clock(self, module: Path) -> None:
        text = module.read_text("utf-8")
        assert [] == re.findall(r"monotonic|perf_counter|time\.time\(|datetime\.now|random", text)


GOOD = """
import pytest
from bubancheng.store import MemoryStore
from bubancheng.testing import Capabilities, StoreContract, StoreSetup

class TestMine(StoreContract):
    capabilities = Capabilities(durable="lost", processes="lost", borrowed="lost", backed="lost")

    @pytest.fixture
    def setup(self):
        return StoreSetup(open=MemoryStore)
"""
SKIPPED = GOOD.replace("class TestMine", "@pytest.mark.skip(reason='later')\nclass TestMine")
EXCUSED = GOOD.replace("class TestMine", "@pytest.mark.xfail(strict=False, reason='later')\nclass TestMine")
OVERRIDDEN = f"{GOOD}\n    test_texts_are_data = None\n"
WITHOUT = ("-p", "no:bubancheng")
UNSET = GOOD.replace("def setup", "def setting_up")


class TestRun:
    """What a run of pytest says at its end, in a folder of somebody's own."""

    @staticmethod
    def run(folder: Path, source: str, *options: str) -> tuple[int, str]:
        """Run pytest on a file; return its status and what it printed."""
        (folder / "test_mine.py").write_text(source, "utf-8")
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options, "test_mine.py"]
        done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)  # noqa: S603 our own
        return done.returncode, done.stdout

    def test_a_kit_says_how_much_of_it_ran(self, tmp_path: Path) -> None:
        status, said = self.run(tmp_path, GOOD)
        lacking = "without backed: lost; borrowed: lost; durable: lost; processes: lost"
        expected = f"StoreContract: 37 of 37 checks of 48 ({lacking})"
        assert (0, True) == (status, expected in said)

    def test_a_run_without_kits_says_nothing(self, tmp_path: Path) -> None:
        status, said = self.run(tmp_path, "def test_mine():\n    pass\n")
        assert (0, False) == (status, "contract kits" in said)

    def test_a_selection_is_said_to_be_one(self, tmp_path: Path) -> None:
        status, said = self.run(tmp_path, GOOD, "-k", "texts_are_data")
        assert (0, True) == (status, "StoreContract: 1 of 37 checks" in said)

    @pytest.mark.parametrize("source", [SKIPPED, EXCUSED], ids=["skipped", "excused"])
    def test_a_check_that_is_kept_from_running_fails_the_run(self, tmp_path: Path, source: str) -> None:
        status, said = self.run(tmp_path, source)
        assert (1, True) == (status, "StoreContract: 0 of 37 checks" in said)

    def test_the_count_holds_for_several_processes(self, tmp_path: Path) -> None:
        status, said = self.run(tmp_path, GOOD, "-n", "2", "--dist", "load")
        assert (0, True) == (status, "StoreContract: 37 of 37 checks" in said)

    def test_without_the_librarys_plugin_a_kit_works_all_the_same(self, tmp_path: Path) -> None:
        status, said = self.run(tmp_path, GOOD, *WITHOUT)
        assert (0, True, False) == (status, "37 passed" in said, "StoreContract:" in said)

    def test_an_overridden_check_is_told_without_the_plugin_too(self, tmp_path: Path) -> None:
        status, said = self.run(tmp_path, OVERRIDDEN, *WITHOUT)
        assert (2, True) == (status, "overrides test_texts_are_data of StoreContract" in said)

    def test_a_forgotten_setup_is_told(self, tmp_path: Path) -> None:
        status, said = self.run(tmp_path, UNSET, "-x", *WITHOUT)
        assert (1, True) == (status, "TestMine gives no store: override the fixture `setup`" in said)
