"""What is wrong with a plugin that is being written, in the folder of its pyproject.toml."""

import importlib
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import EntryPoint
from pathlib import Path
from typing import Any

import attrs

from bubancheng.district.lines import key_lines, line_of
from bubancheng.errors import ArgumentError
from bubancheng.registry import Fault, examined

_GROUP = "bubancheng"
_KEYS = ("project", "entry-points", _GROUP)


def faults_in(folder: Path) -> list[Fault]:
    """Import the plugins that a folder's pyproject.toml names; return everything that is wrong with them."""
    file = folder / "pyproject.toml"
    try:
        text = file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{file} 无法读取 (cannot be read): {error}"
        raise ArgumentError(msg) from error
    try:
        points: Any = tomllib.loads(text)
        for key in _KEYS:
            points = points[key]
    except (ValueError, RecursionError) as error:
        return [Fault(f"不是 TOML (no TOML): {error}", str(file))]
    except (LookupError, TypeError):
        points = None
    if not isinstance(points, dict) or not points:
        told = f'没有入口点 (no entry point: add a table [{".".join(_KEYS)}] with NAME = "module:Class")'
        return [Fault(told, str(file))]
    lines = key_lines(text)
    with _importable(folder / "src" if (folder / "src").is_dir() else folder):
        return [
            fault
            if fault.place
            else attrs.evolve(fault, place=f"{file}:{line_of(lines, '.'.join((*_KEYS, name)))}")
            for name, value in points.items()
            for fault in _faults(name, value)
        ]


def _faults(name: str, value: object) -> tuple[Fault, ...]:
    if not isinstance(value, str):
        return (Fault(f'{name}: 应为文字 (a text such as "module:Class")'),)
    return examined(EntryPoint(name, value, _GROUP)).faults


@contextmanager
def _importable(folder: Path) -> Iterator[None]:
    """Let modules be imported from a folder, before any that is installed."""
    sys.path.insert(0, str(folder))
    importlib.invalidate_caches()
    try:
        yield
    finally:
        sys.path.remove(str(folder))
