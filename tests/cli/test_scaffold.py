"""`bubancheng new-plugin`: what it makes passes its own contract, is listed, and overwrites nothing."""

import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bubancheng.cli.scaffold import KINDS
from tests.cli.calling import NOW, call, json_of
from tests.installing import Installer, forget_modules, put_on_path

NAME = "fresh"
HOOKS = {
    "dispatch": "bubancheng_dispatch",
    "notify": "bubancheng_notify",
    "district": "bubancheng_district",
    "calendar": "bubancheng_calendar",
    "store": "bubancheng_store",
}


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installer]:
    """A function that installs a distribution for the length of a test."""
    yield partial(put_on_path, tmp_path / "installed", monkeypatch)
    forget_modules(tmp_path)


def made(folder: Path, kind: str) -> Path:
    """Make a plugin of a kind."""
    result = call("new-plugin", NAME, "--kind", kind, "--into", str(folder))
    assert 0 == result.exit_code, result.output
    return folder / f"bubancheng-{NAME}"


def put_made_on_path(folder: Path, install: Installer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Install a plugin without a network: its source on the path, its entry points beside it."""
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    install(project["name"], "unused", **project["entry-points"]["bubancheng"])
    monkeypatch.syspath_prepend(folder / "src")


class TestKinds:
    def test_there_is_one_for_each_hook_that_decides_something(self) -> None:
        assert set(HOOKS) == set(KINDS)

    @pytest.mark.parametrize("kind", sorted(HOOKS))
    def test_it_passes_its_own_contract(self, tmp_path: Path, kind: str) -> None:
        folder = made(tmp_path, kind)
        environment = {**os.environ, "PYTHONPATH": str(folder / "src"), "PYTHONDONTWRITEBYTECODE": "1"}
        environment.pop("PYTEST_ADDOPTS", None)
        done = subprocess.run(
            [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"],
            cwd=folder,
            env=environment,
            capture_output=True,
            check=False,
            text=True,
            timeout=120,
        )
        assert (0, True) == (done.returncode, " passed" in done.stdout), done.stdout

    @pytest.mark.parametrize("kind", sorted(HOOKS))
    def test_once_installed_it_is_listed_and_whole(
        self, tmp_path: Path, install: Installer, monkeypatch: pytest.MonkeyPatch, kind: str
    ) -> None:
        put_made_on_path(made(tmp_path, kind), install, monkeypatch)
        result = call("plugins", "--json")
        found = {it["name"]: it for it in json_of(result)}[NAME]
        assert (0, "ok", [HOOKS[kind]], f"bubancheng-{NAME}") == (
            result.exit_code,
            found["state"],
            found["hooks"],
            found["distribution"],
        )

    @pytest.mark.parametrize("kind", sorted(HOOKS))
    def test_before_it_is_installed_it_can_be_checked(self, tmp_path: Path, kind: str) -> None:
        result = call("check", str(made(tmp_path, kind)))
        forget_modules(tmp_path)
        assert (0, True) == (result.exit_code, "没有问题" in result.output)

    @pytest.mark.parametrize("kind", ["calendar", "dispatch", "notify"])
    def test_its_example_settings_are_taken(
        self, tmp_path: Path, install: Installer, monkeypatch: pytest.MonkeyPatch, kind: str
    ) -> None:
        folder = made(tmp_path, kind)
        put_made_on_path(folder, install, monkeypatch)
        result = call("plugins", "--json", "--settings", str(folder / "settings.example.toml"))
        found = {it["name"]: it for it in json_of(result)}[NAME]
        assert ("ok", []) == (found["state"], found["needs"] if kind != "notify" else [])

    def test_a_dispatcher_dispatches_in_the_main_job(
        self, tmp_path: Path, install: Installer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        folder = made(tmp_path, "dispatch")
        put_made_on_path(folder, install, monkeypatch)
        rows = json_of(call(*ledger(tmp_path), "--settings", str(folder / "settings.example.toml")))
        assert ["甲局"] == [it["unit"] for it in rows]

    @pytest.mark.parametrize("more", [("--district", NAME), ("--district", "profile")])
    def test_a_district_takes_a_ledger_in(
        self, tmp_path: Path, install: Installer, monkeypatch: pytest.MonkeyPatch, more: tuple[str, str]
    ) -> None:
        folder = made(tmp_path, "district")
        put_made_on_path(folder, install, monkeypatch)
        profile = str(folder / "src" / f"bubancheng_{NAME}" / "profile.toml")
        rows = json_of(call(*ledger(tmp_path), more[0], more[1].replace("profile", profile)))
        assert [("甲局", "general")] == [(it["unit"], it["class"]) for it in rows]

    def test_a_store_opens_its_own_urls(
        self, tmp_path: Path, install: Installer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        put_made_on_path(made(tmp_path, "store"), install, monkeypatch)
        assert 1 == len(json_of(call(*ledger(tmp_path), "--store", f"{NAME}://x")))

    @pytest.mark.parametrize("kind", sorted(HOOKS))
    def test_nothing_of_the_template_is_left_in_it(self, tmp_path: Path, kind: str) -> None:
        files = [it for it in made(tmp_path, kind).rglob("*") if it.is_file()]
        texts = [it.read_text("utf-8") for it in files]
        assert (False, True) == (
            any("$" in it for it in texts),
            {"README.md", "py.typed"} < {it.name for it in files},
        )


def ledger(folder: Path) -> tuple[str, ...]:
    """Write a ledger of one row; return the command that takes it in."""
    file = folder / "ledger.csv"
    file.write_text("工单编号,事项,登记时间\n1,示例事项,2024-03-25 10:00\n", "utf-8")
    return ("run", str(file), "--now", NOW, "--json")


class TestNames:
    @pytest.mark.parametrize(
        ("name", "said"),
        [
            ("", "以小写字母开头"),
            (" ", "以小写字母开头"),
            ("by matter", "以小写字母开头"),
            ("by-matter ", "以小写字母开头"),
            ("by-matter\n", "以小写字母开头"),
            ("By-Matter", "以小写字母开头"),
            ("MATTER", "以小写字母开头"),
            ("按事项", "以小写字母开头"),
            ("ｂｙ", "以小写字母开头"),
            ("1st", "以小写字母开头"),
            ("by--matter", "以小写字母开头"),
            ("by-matter-", "以小写字母开头"),
            ("by_matter", "以小写字母开头"),
            ("by.matter", "以小写字母开头"),
            (".", "以小写字母开头"),
            ("..", "以小写字母开头"),
            ("../matter", "以小写字母开头"),
            ("/etc/matter", "以小写字母开头"),
            ("a\\b", "以小写字母开头"),
            ("a\0b", "以小写字母开头"),
            ("$(id)", "以小写字母开头"),
            ("$name", "以小写字母开头"),
            ("x" * 41, "不超过 40 个字符"),
            ("bubancheng", "写 by-matter 即可"),
            ("bubancheng-leases", "写 leases 即可"),
            ("class", "是 Python 的保留字"),
            ("import", "是 Python 的保留字"),
            ("chongming", "已有安装的插件使用"),
            ("sqlite", "已有安装的插件使用"),
        ],
    )
    def test_what_cannot_be_a_name_is_refused_with_a_sentence(
        self, tmp_path: Path, name: str, said: str
    ) -> None:
        result = call("new-plugin", "--into", str(tmp_path), "--", name)
        assert (1, True, []) == (result.exit_code, said in result.output, list(tmp_path.iterdir()))

    def test_the_name_of_an_installed_distribution_is_refused(
        self, tmp_path: Path, install: Installer
    ) -> None:
        install("bubancheng-leases", "unused", other="unused:Plugin")
        result = call("new-plugin", "leases", "--into", str(tmp_path))
        assert (1, True) == (result.exit_code, "bubancheng-leases 已安装" in result.output)

    def test_a_kind_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        assert 2 == call("new-plugin", "a", "--kind", "triage", "--into", str(tmp_path)).exit_code


class TestFolders:
    def test_it_is_made_here_unless_it_is_said_where(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        assert (0, True) == (call("new-plugin", NAME).exit_code, (tmp_path / f"bubancheng-{NAME}").is_dir())

    def test_a_second_time_nothing_is_overwritten(self, tmp_path: Path) -> None:
        readme = made(tmp_path, "dispatch") / "README.md"
        readme.write_text("mine", "utf-8")
        result = call("new-plugin", NAME, "--into", str(tmp_path))
        assert (1, "mine", True) == (
            result.exit_code,
            readme.read_text("utf-8"),
            "已存在，不会覆盖" in result.output,
        )

    @pytest.mark.parametrize("what", ["file", "folder", "link"])
    def test_whatever_is_there_already_stays(self, tmp_path: Path, what: str) -> None:
        place = tmp_path / f"bubancheng-{NAME}"
        if what == "file":
            place.write_text("mine", "utf-8")
        elif what == "folder":
            place.mkdir()
        else:
            place.symlink_to(tmp_path / "elsewhere")
        result = call("new-plugin", NAME, "--into", str(tmp_path))
        assert (1, True, [place]) == (result.exit_code, "已存在" in result.output, list(tmp_path.iterdir()))

    @pytest.mark.parametrize("into", ["nowhere", "file"])
    def test_a_folder_that_is_not_there_is_refused(self, tmp_path: Path, into: str) -> None:
        (tmp_path / "file").write_text("", "utf-8")
        result = call("new-plugin", NAME, "--into", str(tmp_path / into))
        assert (1, True) == (result.exit_code, "没有文件夹" in result.output)
