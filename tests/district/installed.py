"""The districts that are installed, each read from its own profile."""

import functools

from bubancheng.district import District
from bubancheng.registry import Registry, find_district, installed


@functools.cache
def district_of(name: str) -> District:
    """Return an installed district by its short name or its code."""
    found, plugin = find_district(name)
    registry = Registry()
    registry.add(found, plugin)
    return registry.districts()[found]


@functools.cache
def districts() -> tuple[District, ...]:
    """Return every installed district, in the order of their names."""
    return tuple(district_of(name) for name in sorted(name for it in installed() for name in it.districts))
