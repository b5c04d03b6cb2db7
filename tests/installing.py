"""Distributions with entry points, installed for the length of a test."""

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

Installer = Callable[..., None]

SOURCE = """
from bubancheng.hooks import DistrictPlugin, hookimpl

class Plugin(DistrictPlugin):
    pass
"""


def hooked(hook: str, *lines: str) -> str:
    """Return the source of a plugin with one hook."""
    body = "".join(f"        {line}\n" for line in lines)
    return SOURCE.replace("    pass\n", f"    @hookimpl\n    def {hook}(self, request):\n{body}")


def put_on_path(
    folder: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    module: str,
    source: str = SOURCE,
    **points: str,
) -> None:
    """Put a distribution of a name, with a module and entry points, on the path."""
    place = folder / name
    info = place / f"{name.replace('-', '_')}-1.0.dist-info"
    info.mkdir(parents=True)
    (place / f"{module}.py").write_text(source, encoding="utf-8")
    (info / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n", encoding="utf-8")
    lines = [f"{key} = {value}" for key, value in points.items()]
    (info / "entry_points.txt").write_text("\n".join(["[bubancheng]", *lines]), encoding="utf-8")
    monkeypatch.syspath_prepend(place)


def forget_modules(folder: Path) -> None:
    """Let go of the modules that were imported from below a folder."""
    for name, module in list(sys.modules.items()):
        if str(folder) in str(getattr(module, "__file__", "")):
            del sys.modules[name]
