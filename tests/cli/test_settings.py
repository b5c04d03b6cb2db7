"""`--settings FILE`: which plugins a command uses and how; and `check` on plugins that are being written."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.cli.calling import EXAMPLE, NOW, call, json_of
from tests.installing import Installer, forget_modules, put_on_path

BY_UNIT = """
import attrs
from bubancheng.district import Assignment
from bubancheng.hooks import DistrictPlugin, hookimpl

@attrs.frozen(kw_only=True)
class Wanted:
    unit: str
    rule: str = "by-unit"

class Plugin(DistrictPlugin):
    Settings = Wanted

    @hookimpl
    def bubancheng_dispatch(self, request):
        return Assignment(unit=self.settings.unit, rule=self.settings.rule)
"""

FAULTY = """
from bubancheng.hooks import DistrictPlugin, hookimpl


class Plugin(DistrictPlugin):
    @hookimpl
    async def bubancheng_dispatch(self, request):
        return None

    def bubancheng_triage(self, request):
        return None

    @hookimpl
    def bubancheng_notfy(self, notice):
        return None
"""


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installer]:
    """A function that installs a distribution for the length of a test."""
    yield partial(put_on_path, tmp_path, monkeypatch)
    forget_modules(tmp_path)


@pytest.fixture
def by_unit(install: Installer) -> None:
    """A dispatcher that must be told its unit."""
    install("bubancheng-by-unit", "by_unit", BY_UNIT, **{"by-unit": "by_unit:Plugin"})


@pytest.fixture
def settings(tmp_path: Path) -> Path:
    """A file of settings that sends everything to one unit."""
    file = tmp_path / "desk.toml"
    file.write_text('[plugin.by-unit]\nunit = "区民政局"\n', "utf-8")
    return file


@pytest.mark.usefixtures("by_unit")
class TestSettings:
    def test_the_main_job_uses_the_plugins_of_a_file(self, settings: Path, tmp_path: Path) -> None:
        ledger = tmp_path / "ledger.csv"
        ledger.write_text("工单编号,事项,登记时间\n1,没有归属的事项,2024-03-25 10:00\n", "utf-8")
        plain = json_of(call("run", str(ledger), "--now", NOW, "--json"))
        chosen = json_of(call("run", str(ledger), "--now", NOW, "--json", "--settings", str(settings)))
        assert (None, "区民政局") == (plain[0]["unit"], chosen[0]["unit"])

    def test_the_board_of_a_store_takes_them_too(self, settings: Path, tmp_path: Path) -> None:
        url = f"sqlite:///{tmp_path}/desk.db"
        call("run", str(EXAMPLE), "--store", url, "--now", NOW)
        for command in (("board", "--now", NOW), ("verify",)):
            result = call(*command, "--store", url, "--settings", str(settings))
            assert 0 == result.exit_code, result.output

    @pytest.mark.parametrize(
        "command", [("run", str(EXAMPLE)), ("board", "--store", "sqlite:///x.db"), ("plugins",)]
    )
    def test_a_bad_file_is_refused_with_its_line(self, settings: Path, command: tuple[str, ...]) -> None:
        settings.write_text("[plugin.by-unit]\nenabled = 3\n[plugin.nothing]\n", "utf-8")
        result = call(*command, "--settings", str(settings))
        assert (1, True, True) == (
            result.exit_code,
            "第 2 行 (line 2) plugin.by-unit.enabled: 应为 true 或 false" in result.output,
            "第 3 行 (line 3) plugin.nothing: 没有安装这个插件" in result.output,
        )

    def test_a_plugin_that_needs_settings_is_whole_and_says_so(self) -> None:
        result = call("plugins")
        assert (0, True) == (
            result.exit_code,
            "by-unit：使用前须设置 (needs the settings) unit" in result.stdout,
        )
        found = {it["name"]: it for it in json_of(call("plugins", "--json"))}["by-unit"]
        assert ("ok", ["unit"], ["bubancheng_dispatch"], "1.0", True) == (
            found["state"],
            found["needs"],
            found["hooks"],
            found["version"],
            found["usable"],
        )

    def test_one_that_is_switched_off_is_listed_so(self, settings: Path) -> None:
        settings.write_text("[plugin.by-unit]\nenabled = false\n", "utf-8")
        found = {it["name"]: it for it in json_of(call("plugins", "--json", "--settings", str(settings)))}
        table = call("plugins", "--settings", str(settings))
        line = next(it for it in table.stdout.splitlines() if it.startswith("by-unit"))
        assert ("off", "停用", 0) == (found["by-unit"]["state"], line.split()[-1], table.exit_code)

    def test_one_with_bad_settings_is_listed_with_every_reason(self, settings: Path) -> None:
        settings.write_text("[plugin.by-unit]\nrule = 3\n", "utf-8")
        result = call("plugins", "--json", "--settings", str(settings))
        found = {it["name"]: it for it in json_of(result)}["by-unit"]
        assert ("broken", 1) == (found["state"], result.exit_code)
        assert "plugin.by-unit.unit: 缺少此项" in found["reason"]
        assert "plugin.by-unit.rule: 应为 str" in found["reason"]


def project(folder: Path, text: str, source: str = FAULTY) -> Path:
    """Write a plugin that nobody has installed."""
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "plugin_in_the_making.py").write_text(source, "utf-8")
    (folder / "pyproject.toml").write_text(text, "utf-8")
    return folder


POINTS = '[project]\nname = "x"\n\n[project.entry-points.bubancheng]\nmine = "plugin_in_the_making:Plugin"\n'


class TestCheck:
    @pytest.fixture(autouse=True)
    def _forget(self, tmp_path: Path) -> Iterator[None]:
        yield
        forget_modules(tmp_path)

    @pytest.mark.parametrize("subject", ["{}", "{}/pyproject.toml"])
    def test_faults_of_a_plugin_that_is_not_installed_come_with_file_and_line(
        self, tmp_path: Path, subject: str
    ) -> None:
        folder = project(tmp_path / "p", POINTS)
        result = call("check", subject.format(folder))
        file = folder / "src" / "plugin_in_the_making.py"
        lines = result.stdout.splitlines()
        assert [
            f"{file}:6 钩子不能是异步的 (bubancheng_dispatch is async: hooks are synchronous, remove async)",
            f"{file}:13 没有这个钩子 (bubancheng_notfy is no hook: use one of",
            f"{file}:10 钩子没有标记 (bubancheng_triage overrides a hook without the mark: put @hookimpl above it)",
        ] == [lines[0], lines[1].partition(" bubancheng_district")[0], lines[2]]
        assert (1, 3) == (result.exit_code, len(lines))

    def test_an_installed_plugin_is_told_file_and_line_too(self, install: Installer, tmp_path: Path) -> None:
        install("bubancheng-mine", "mine", FAULTY, mine="mine:Plugin")
        result = call("check", "mine")
        assert (1, True) == (result.exit_code, f"{tmp_path}/bubancheng-mine/mine.py:6 " in result.stdout)

    @pytest.mark.parametrize(
        ("source", "line"), [("\n1 / 0\n", 2), ("x = 1\ndef (:\n", 2), ("\n\nimport no_such_module\n", 3)]
    )
    def test_what_cannot_be_imported_is_told_with_file_and_line(
        self, tmp_path: Path, source: str, line: int
    ) -> None:
        folder = project(tmp_path / "p", POINTS, source)
        result = call("check", str(folder))
        assert (1, True) == (result.exit_code, f"plugin_in_the_making.py:{line} " in result.stdout)

    def test_a_whole_one_has_no_fault(self, tmp_path: Path) -> None:
        folder = project(tmp_path / "p", POINTS, BY_UNIT)
        result = call("check", str(folder))
        assert (0, True) == (result.exit_code, "没有问题" in result.stdout)

    @pytest.mark.parametrize(
        ("text", "said"),
        [
            ("[project]\n", "没有入口点"),
            ("[project.entry-points]\nbubancheng = 3\n", "没有入口点"),
            ("project = 3\n", "没有入口点"),
            ("[project\n", "不是 TOML"),
            ("[project.entry-points.bubancheng]\nmine = 3\n", "pyproject.toml:2 mine: 应为文字"),
            (
                '[project.entry-points.bubancheng]\n\nmine = "plugin_in_the_making:Nobody"\n',
                "cannot be imported: AttributeError",
            ),
        ],
    )
    def test_a_project_without_a_plugin_is_told_so(self, tmp_path: Path, text: str, said: str) -> None:
        result = call("check", str(project(tmp_path / "p", text, BY_UNIT)))
        assert (1, True) == (result.exit_code, said in result.stdout)

    def test_a_folder_without_a_project_is_refused(self, tmp_path: Path) -> None:
        result = call("check", str(tmp_path))
        assert (1, True) == (result.exit_code, "无法读取" in result.output)
