"""`bubancheng plugins`: what is installed, and why something of it is unusable."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.cli.calling import EXAMPLE, NOW, call, json_of
from tests.installing import SOURCE, Installer, forget_modules, hooked, put_on_path

# name in the entry point, module, source, what the entry point names, what the list must say
BROKEN = [
    ("no-import", "broken_import", "import nothing_like_it", "Plugin", "ModuleNotFoundError"),
    ("no-syntax", "broken_syntax", "def plugin(:", "Plugin", "SyntaxError"),
    (
        "waits",
        "broken_async",
        hooked("bubancheng_dispatch", "return None").replace("    def ", "    async def "),
        "Plugin",
        "remove async",
    ),
    (
        "misspelt",
        "broken_name",
        hooked("bubancheng_dispach", "return None"),
        "Plugin",
        "is no hook: use one of",
    ),
    (
        "no-settings",
        "broken_class",
        SOURCE.replace("    pass\n", "    def __init__(self):\n        pass\n"),
        "Plugin",
        "its factory must take the settings",
    ),
    (
        "raises",
        "broken_raise",
        "def plugin(settings):\n    raise RuntimeError('没有配置')",
        "plugin",
        "没有配置",
    ),
    ("exits", "broken_exit", "raise SystemExit(3)", "plugin", "SystemExit"),
]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Installer]:
    """A function that installs a distribution for the length of a test."""
    yield partial(put_on_path, tmp_path, monkeypatch)
    forget_modules(tmp_path)


@pytest.fixture
def eight(install: Installer) -> None:
    """Eight broken plugins, installed at once: one of them a name that two distributions offer."""
    for name, module, source, what, _ in BROKEN:
        install(f"bubancheng-{name}", module, source, **{name: f"{module}:{what}"})
    for number in ("one", "two"):
        install(f"bubancheng-twin-{number}", f"twin_{number}", SOURCE, twin=f"twin_{number}:Plugin")


class TestList:
    def test_what_is_installed_is_listed_with_its_distribution_hooks_and_districts(self) -> None:
        result = call("plugins", "--json")
        found = {it["name"]: it for it in json_of(result)}
        ours = found["chongming"]
        assert ("bubancheng-chongming", ["bubancheng_district"], ["chongming"], True, None) == (
            ours["distribution"],
            ours["hooks"],
            ours["districts"],
            ours["usable"],
            ours["reason"],
        )
        assert (["bubancheng_store"], 0) == (found["sqlite"]["hooks"], result.exit_code)

    def test_the_table_says_so_in_chinese(self) -> None:
        result = call("plugins")
        assert ("chongming" in result.stdout, "正常" in result.stdout) == (True, True)

    @pytest.mark.usefixtures("eight")
    @pytest.mark.parametrize(("name", "reason"), [(it[0], it[4]) for it in BROKEN])
    def test_a_broken_one_is_listed_with_the_reason(self, name: str, reason: str) -> None:
        found = {it["name"]: it for it in json_of(call("plugins", "--json"))}
        assert (False, True) == (found[name]["usable"], reason in found[name]["reason"])

    @pytest.mark.usefixtures("eight")
    def test_a_name_that_two_offer_is_listed_twice_each_naming_the_other(self) -> None:
        twins = [it for it in json_of(call("plugins", "--json")) if it["name"] == "twin"]
        said = [(it["distribution"], it["reason"]) for it in twins]
        assert said == [
            ("bubancheng-twin-one", "bubancheng-twin-two offers this name too: remove one"),
            ("bubancheng-twin-two", "bubancheng-twin-one offers this name too: remove one"),
        ]

    @pytest.mark.usefixtures("eight")
    def test_broken_ones_make_the_exit_status_1_after_all_were_listed(self) -> None:
        result = call("plugins")
        listed = [name for name in ("chongming", "sqlite", "exits", "twin") if name in result.stdout]
        assert (1, 4) == (result.exit_code, len(listed))

    @pytest.mark.usefixtures("eight")
    def test_the_main_job_is_unaffected_by_broken_plugins(self) -> None:
        result = call("run", str(EXAMPLE), "--district", "chongming", "--now", NOW, "--json")
        assert len(json_of(result)) > 10


class TestCheck:
    def test_a_whole_plugin_has_no_fault(self) -> None:
        result = call("check", "chongming")
        assert (0, True) == (result.exit_code, "没有问题" in result.stdout)

    @pytest.mark.usefixtures("eight")
    def test_a_broken_plugin_is_told_why(self) -> None:
        result = call("check", "misspelt")
        assert (1, True) == (result.exit_code, "is no hook" in result.stdout)

    def test_a_name_that_is_neither_is_refused_with_what_there_is(self) -> None:
        result = call("check", "nix")
        assert (1, True, True) == (
            result.exit_code,
            "chongming、" in result.output,
            "sqlite" in result.output,
        )

    def test_a_file_that_is_not_there_is_refused(self, tmp_path: Path) -> None:
        assert call("check", str(tmp_path / "none.toml")).exit_code == 1

    def test_every_fault_of_a_profile_is_told_with_file_line_and_key(self, tmp_path: Path) -> None:
        path = tmp_path / "demo.toml"
        path.write_text(
            '[district]\nname = "demo"\ntitel = "示例区"\n\n[[role]]\nid = "a"\nname = 5\n\n'
            '[[rule]]\nversion = "1"\n\n[[rule.target]]\nname = "t"\nlimit = "三个工作"\n',
            encoding="utf-8",
        )
        result = call("check", str(path))
        lines = result.stdout.splitlines()
        expected = {
            3: "district.titel: 没有这个键 (unknown key)，是否为 title？",
            7: "role[1].name: 应为文字",
            9: "rule[1].valid_from: 缺少此项",
            14: "rule[1].target[1].limit: '三个工作' is not a limit",
        }
        for line, said in expected.items():
            assert any(f"demo.toml:{line} {said}" in it for it in lines), said
        assert (1, True) == (result.exit_code, len(lines) > 10)

    def test_faults_come_in_the_order_of_the_file(self, tmp_path: Path) -> None:
        path = tmp_path / "demo.toml"
        path.write_text("[district]\nname = 1\n\n[[role]]\nid = 2\nname = 3\n", encoding="utf-8")
        numbered = [it for it in call("check", str(path)).stdout.splitlines() if ".toml:" in it]
        places = [int(it.partition(".toml:")[2].partition(" ")[0]) for it in numbered]
        assert sorted(places) == places
