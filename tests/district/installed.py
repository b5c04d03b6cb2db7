"""The districts that are installed, each read once from its own profile."""

import contextlib
import functools

from bubancheng.district import District
from bubancheng.errors import SettingsError
from bubancheng.hooks import DistrictPlugin
from bubancheng.registry import Registry, make, offered


@functools.cache
def districts() -> dict[str, District]:
    """Return every installed district by its short name."""
    registry = Registry()
    for name, plugin in plugins().items():
        registry.add(name, plugin)
    return {it.name: it for it in registry.districts().values()}


@functools.cache
def plugins() -> dict[str, DistrictPlugin]:
    """Return every installed plugin by its name, without those that need settings: a district needs none."""
    found = {}
    for name, point in offered().items():
        with contextlib.suppress(SettingsError):
            found[name] = make(point, {})
    return found


def district_of(name: str) -> District:
    """Return an installed district by its short name or its code."""
    return districts().get(name) or next(it for it in districts().values() if it.code == name)
