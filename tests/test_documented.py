"""Every hook has a page with its signature and an example that calls it; every public name is in the reference."""

import importlib
import inspect
import pkgutil
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from types import FrameType, FunctionType, ModuleType
from typing import Any, get_args, get_type_hints

import attrs
import pytest

import bubancheng
from bubancheng.hooks import HOOKS, DistrictPlugin

DOCS = Path(__file__).parents[1] / "docs"
FOLDERS = ("hooks", "zh/hooks")
PAGES = [(hook, folder) for hook in HOOKS for folder in FOLDERS]


def page(hook: str, folder: str) -> Path:
    """Return where the page of a hook is."""
    return DOCS / folder / f"{hook}.md"


def signature(hook: str) -> str:
    """Return the signature of a hook as an author writes it, without self and without modules."""
    whole = inspect.signature(getattr(DistrictPlugin, hook))
    own = whole.replace(parameters=[it for it in whole.parameters.values() if it.name != "self"])
    return hook + re.sub(r"\b\w+(?:\.\w+)*\.(\w+)", r"\1", str(own))


def records(hook: str) -> Iterator[type]:
    """Yield the records that a hook takes and gives."""
    for hint in get_type_hints(getattr(DistrictPlugin, hook)).values():
        for kind in (hint, *get_args(hint)):
            if isinstance(kind, type) and attrs.has(kind) and kind.__name__ != "District":
                yield kind


class Calls:
    """Counts how often the library calls a method of a name that was defined in a file."""

    def __init__(self, name: str, file: str) -> None:
        self.name, self.file, self.count = name, file, 0

    def __call__(self, frame: FrameType, event: str, _: Any) -> None:
        """Look at one call."""
        if event == "call" and (frame.f_code.co_name, frame.f_code.co_filename) == (self.name, self.file):
            caller = frame.f_back
            by = "" if caller is None else str(caller.f_globals.get("__name__"))
            self.count += by.partition(".")[0] == "bubancheng"


@pytest.mark.parametrize(("hook", "folder"), PAGES)
def test_the_page_of_a_hook_begins_with_its_signature(hook: str, folder: str) -> None:
    assert f"# {signature(hook)}" == page(hook, folder).read_text("utf-8").splitlines()[0]


@pytest.mark.parametrize(("hook", "folder"), PAGES)
def test_the_page_of_a_hook_names_every_field_of_its_records(hook: str, folder: str) -> None:
    rows = re.findall(r"^\| `(\w+)` \|", page(hook, folder).read_text("utf-8"), re.MULTILINE)
    assert [field.name for kind in records(hook) for field in attrs.fields(kind)] == rows


@pytest.mark.parametrize(("hook", "folder"), PAGES)
def test_the_example_of_a_hook_makes_the_library_call_it(hook: str, folder: str) -> None:
    path = page(hook, folder)
    blocks = re.findall(r"^```python\n(.*?)^```$", path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
    code = compile("\n".join(blocks), str(path), "exec", dont_inherit=True)
    calls, before = Calls(hook, str(path)), sys.getprofile()
    sys.setprofile(calls)
    try:
        exec(code, {"__name__": "page"})  # noqa: S102 our own page
    finally:
        sys.setprofile(before)
    assert 0 < calls.count


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_page_about_a_hook_is_about_one_that_exists(folder: str) -> None:
    assert sorted(HOOKS) == sorted(it.stem for it in (DOCS / folder).glob("bubancheng_*.md"))


def fronts() -> Iterator[ModuleType]:
    """Yield the package and all that is directly below it."""
    yield bubancheng
    for found in pkgutil.iter_modules(bubancheng.__path__):
        if not found.name.startswith("_"):
            yield importlib.import_module(f"bubancheng.{found.name}")


def public(module: ModuleType) -> Iterator[str]:
    """Yield the names that a module offers: its `__all__`, or the classes and functions of its own."""
    own = [
        name
        for name, value in vars(module).items()
        if isinstance(value, type | FunctionType)
        and value.__module__ == module.__name__
        and not name.startswith("_")
    ]
    yield from getattr(module, "__all__", own)


def named(dotted: str) -> Any:
    """Return what a dotted name of the reference means."""
    module, _, name = dotted.rpartition(".")
    return getattr(importlib.import_module(module), name)


def referred() -> Iterator[Any]:
    """Yield everything that the reference documents."""
    text = (DOCS / "reference.md").read_text("utf-8")
    for kind, dotted, options in re.findall(r"^\.\. auto(\w+):: (\S+)\n((?:   :.*\n)*)", text, re.MULTILINE):
        if kind != "module":
            yield named(dotted)
        elif re.search(r":members:$", options, re.MULTILINE):
            module = importlib.import_module(dotted)
            yield from (getattr(module, name) for name in public(module))


NAMES = [f"{module.__name__}.{name}" for module in fronts() for name in public(module)]


@pytest.mark.parametrize("name", NAMES)
def test_every_public_name_is_in_the_reference(name: str) -> None:
    assert any(named(name) is it for it in referred())
