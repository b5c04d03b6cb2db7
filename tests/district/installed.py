"""The districts that are installed, each read once from its own profile."""

import functools

from bubancheng.district import District
from bubancheng.registry import Registry, make, offered


@functools.cache
def districts() -> dict[str, District]:
    """Return every installed district by its short name."""
    registry = Registry()
    for name, point in offered().items():
        registry.add(name, make(point, {}))
    return {it.name: it for it in registry.districts().values()}


def district_of(name: str) -> District:
    """Return an installed district by its short name or its code."""
    return districts().get(name) or next(it for it in districts().values() if it.code == name)
