"""What is counted by compiled code where `bubancheng-fast` is installed, with the same answers."""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any


@cache
def compiled(name: str) -> Callable[..., Any] | None:
    """Return what `bubancheng-fast` has under a name; None without it."""
    try:
        made: Callable[..., Any] = getattr(import_module("bubancheng_fast"), name)
    except ImportError:
        return None
    return made
