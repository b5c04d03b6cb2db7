"""The package front: lazy, complete, typed; each layer loads only what it stands on."""

import importlib
import subprocess
import sys
from importlib.metadata import version
from importlib.resources import files

import pytest

import bubancheng


def loaded_by(statement: str) -> set[str]:
    """Return the modules that a new interpreter has loaded after a statement."""
    code = f"import sys\n{statement}\nprint(*sys.modules, sep='\\n')"
    result = subprocess.run(  # noqa: S603 our own interpreter
        [sys.executable, "-c", code], capture_output=True, check=True, text=True
    )
    return set(result.stdout.split())


def test_the_package_alone_loads_none_of_its_modules() -> None:
    assert {it for it in loaded_by("import bubancheng") if it.startswith("bubancheng")} == {"bubancheng"}


@pytest.mark.parametrize("module", ["calendar", "privacy", "sla", "district"])
def test_the_core_leaves_plugins_databases_and_consoles_unloaded(module: str) -> None:
    outer = {"pluggy", "sqlite3", "click", "rich", "openpyxl", "numpy", "asyncio"}
    assert set() == outer & loaded_by(f"import bubancheng.{module}")


def test_a_calendar_from_the_front_leaves_plugins_unloaded() -> None:
    loaded = loaded_by("from bubancheng import WorkCalendar\nWorkCalendar.china()")
    assert set() == {"pluggy", "bubancheng.desk", "bubancheng.hooks"} & loaded


def test_the_desk_loads_no_command_line() -> None:
    assert set() == {"click", "rich", "bubancheng.cli"} & loaded_by("from bubancheng import Desk")


@pytest.mark.parametrize("name", bubancheng.__all__)
def test_every_name_of_the_front_can_be_imported(name: str) -> None:
    assert callable(getattr(bubancheng, name))


@pytest.mark.parametrize("name", bubancheng.__all__)
def test_every_name_of_the_front_is_shown_by_dir(name: str) -> None:
    assert name in dir(bubancheng)


def test_the_names_of_the_front_are_sorted_and_stand_once() -> None:
    assert sorted(set(bubancheng.__all__)) == bubancheng.__all__


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="'nothing'"):
        bubancheng.nothing  # noqa: B018 the access is the test


def test_the_version_is_that_of_the_distribution() -> None:
    assert bubancheng.__version__ == version("bubancheng")


def test_the_package_is_typed() -> None:
    assert files("bubancheng").joinpath("py.typed").is_file()


def test_a_name_is_the_same_object_each_time() -> None:
    assert importlib.import_module("bubancheng.desk").Desk is bubancheng.Desk
