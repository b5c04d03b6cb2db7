"""Versions: what plugins rely on changes with a word to them, and an old hook works for two minor versions."""

import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs
import pytest

from bubancheng import __version__
from bubancheng.district import Assignment
from bubancheng.errors import BubanchengWarning, PluginDeprecationWarning, PluginError
from bubancheng.hooks import HOOKS, DispatchRequest, DistrictPlugin, hookimpl
from bubancheng.hooks.deprecating import DEPRECATED, Deprecation, overdue
from bubancheng.hooks.describing import described
from bubancheng.registry import Registry
from tests.acting import instant

ROOT = Path(__file__).parents[2]
REQUEST = DispatchRequest(
    ticket="T1",
    matter="租赁备案",
    place=None,
    channel=None,
    registered_at=instant("2024-03-25 10:00"),
)


@pytest.fixture(scope="module")
def dumping() -> ModuleType:
    """The tool that writes and checks the text."""
    spec = importlib.util.spec_from_file_location("dump_hooks", ROOT / "tools" / "dump_hooks.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


class TestText:
    def test_the_text_in_the_documentation_is_what_the_code_says(self) -> None:
        assert (ROOT / "docs" / "api" / "hooks.txt").read_text("utf-8") == described()

    @pytest.mark.parametrize("hook", HOOKS)
    def test_every_hook_stands_in_it(self, hook: str) -> None:
        assert f"\n{hook}(" in described()

    @pytest.mark.parametrize(
        "line",
        [
            "\nbubancheng_dispatch(request: DispatchRequest) -> Assignment | None\n",
            "\nStoreRequest\n  url: str\n  create: bool = True\n",
            "  contact: Mapping[str, str] = dict()\n",
            "  commit(*changes: ChangeSet) -> None\n",
            "  YELLOW = 'yellow'\n",
        ],
    )
    def test_fields_have_their_types_and_defaults(self, line: str) -> None:
        assert line in described()


CHANGE, FRAGMENT = "M\tdocs/api/hooks.txt\n", "A\tchangelog.d/9.hook.md\n"


class TestFragments:
    @pytest.mark.parametrize(
        ("log", "commits"),
        [
            ("", []),
            (f"commit b\n\n{CHANGE}", ["b"]),
            (f"commit b\n\n{CHANGE}{FRAGMENT}", []),
            (f"commit c\n\n{FRAGMENT}commit b\n\n{CHANGE}", []),
            (f"commit c\n\n{CHANGE}commit b\n\n{CHANGE}{FRAGMENT}", ["c"]),
            (f"commit c\n\n{CHANGE}commit b\n\n{CHANGE}", ["c", "b"]),
            (f"commit b\n\n{CHANGE}A\tchangelog.d/9.breaking.md\n", []),
            (f"commit b\n\n{CHANGE}A\tchangelog.d/+x.deprecation.md\n", []),
            (f"commit b\n\n{CHANGE}M\tchangelog.d/9.hook.md\n", []),
            (f"commit b\n\n{CHANGE}D\tchangelog.d/9.hook.md\n", ["b"]),
            (f"commit b\n\n{CHANGE}A\tchangelog.d/9.feature.md\n", ["b"]),
            (f"commit b\n\n{CHANGE}A\tdocs/9.hook.md\n", ["b"]),
            ("commit b\n\nA\tdocs/api/hooks.txt\n", []),
            ("commit b\n\nM\tdocs/api/other.txt\n", []),
            (f"commit (not committed)\n{CHANGE}commit b\n\n{CHANGE}{FRAGMENT}", ["(not committed)"]),
        ],
    )
    def test_a_change_needs_a_fragment_with_it_or_after_it(
        self, dumping: ModuleType, log: str, commits: list[str]
    ) -> None:
        assert commits == dumping.uncovered(log)

    def test_without_git_there_is_no_history_and_no_complaint(
        self, dumping: ModuleType, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", "")
        assert [] == dumping.uncovered(dumping.history())

    def test_in_a_folder_that_is_no_checkout_there_is_none_either(
        self, dumping: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setattr(dumping, "ROOT", tmp_path)
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
        assert [] == dumping.uncovered(dumping.history())


def as_assignment(old: Callable[[str], str | None]) -> Callable[[DispatchRequest], Assignment | None]:
    """Answer as bubancheng_dispatch does with a hook that took a matter and gave a unit."""

    def adapted(request: DispatchRequest) -> Assignment | None:
        unit = old(request.matter)
        return None if unit is None else Assignment(unit=unit, rule="allot")

    return adapted


TABLE: Mapping[str, Deprecation] = {
    "bubancheng_allot": Deprecation(
        new="bubancheng_dispatch",
        since="0.2",
        removed_in="0.4",
        adapter=as_assignment,
        parameters=("matter",),
    )
}


class Old(DistrictPlugin):
    """Implements a hook that has a new name by now."""

    @hookimpl
    def bubancheng_allot(self, matter: str) -> str | None:
        return "区住房保障局" if "租赁" in matter else None


class Both(Old):
    """Works with old and with new versions of the library."""

    @hookimpl
    def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
        return Assignment(unit="区住房保障局", rule=request.matter)


class TestDeprecation:
    def test_no_hook_is_deprecated_longer_than_it_said(self) -> None:
        assert [] == list(overdue(DEPRECATED, __version__))

    def test_an_old_hook_warns_visibly_and_says_what_to_do(self) -> None:
        said = (
            r"plugin 'old': bubancheng_allot 将在 0.4 版停用 "
            r"\(deprecated since 0.2, removed in 0.4\): implement bubancheng_dispatch"
        )
        with pytest.warns(PluginDeprecationWarning, match=said) as caught:
            Registry(deprecated=TABLE).add("old", Old())
        assert (1, __file__) == (len(caught), caught[0].filename)
        assert (True, False) == (
            issubclass(PluginDeprecationWarning, BubanchengWarning),
            issubclass(PluginDeprecationWarning, DeprecationWarning),  # which Python hides
        )

    @pytest.mark.filterwarnings("ignore::bubancheng.errors.PluginDeprecationWarning")
    def test_an_old_hook_is_called_through_its_adapter(self) -> None:
        registry = Registry(deprecated=TABLE)
        registry.add("old", Old())
        found = registry.dispatch(REQUEST)
        other = registry.dispatch(attrs.evolve(REQUEST, matter="其他"))
        assert ((Assignment(unit="区住房保障局", rule="allot"), []), (None, [])) == (found, other)

    @pytest.mark.filterwarnings("ignore::bubancheng.errors.PluginDeprecationWarning")
    def test_what_an_old_hook_does_wrong_is_a_value_too(self) -> None:
        class Wrong(DistrictPlugin):
            @hookimpl
            def bubancheng_allot(self, matter: str) -> Any:
                return [matter]

        registry = Registry(deprecated=TABLE)
        registry.add("old", Wrong())
        _, (failure,) = registry.dispatch(REQUEST)
        assert ("bubancheng_dispatch", True) == (failure.hook, "unit is ['租赁备案']" in failure.reason)

    def test_who_implements_both_is_not_warned_and_answers_with_the_new_one(self) -> None:
        registry = Registry(deprecated=TABLE)
        registry.add("both", Both())
        assert Assignment(unit="区住房保障局", rule="租赁备案") == registry.dispatch(REQUEST)[0]

    def test_an_old_hook_is_held_to_its_own_signature(self) -> None:
        class Misfit(DistrictPlugin):
            @hookimpl
            def bubancheng_allot(self, request: DispatchRequest) -> str | None:
                return request.matter

        with pytest.raises(PluginError, match=r"must be written as def bubancheng_allot\(self, matter\)"):
            Registry(deprecated=TABLE).add("old", Misfit())

    def test_an_old_hook_that_was_removed_is_no_hook(self) -> None:
        with pytest.raises(PluginError, match="bubancheng_allot is no hook"):
            Registry().add("old", Old())

    @pytest.mark.parametrize(
        ("since", "removed_in", "version", "said"),
        [
            ("0.2", "0.4", "0.2.0", []),
            ("0.2", "0.4", "0.3.9", []),
            (
                "0.2",
                "0.4",
                "0.4.0",
                ["bubancheng_allot was to be removed in 0.4 and this is 0.4.0: remove it"],
            ),
            ("0.9", "0.11", "0.10.0", []),
            ("0.9", "1.0", "0.9.0", []),
            (
                "0.9",
                "1.0",
                "1.0.0",
                ["bubancheng_allot was to be removed in 1.0 and this is 1.0.0: remove it"],
            ),
            (
                "0.2",
                "0.3",
                "0.2.0",
                ["bubancheng_allot warns since 0.2 and goes in 0.3: keep it for two minor versions"],
            ),
        ],
    )
    def test_a_deprecation_lasts_two_minor_versions_and_then_fails_the_build(
        self, since: str, removed_in: str, version: str, said: list[str]
    ) -> None:
        (it,) = TABLE.values()
        table = {"bubancheng_allot": attrs.evolve(it, since=since, removed_in=removed_in)}
        assert said == list(overdue(table, version))
