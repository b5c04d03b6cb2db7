"""Hooks that got a new name: the old one keeps its meaning behind an adapter, and warns for two versions."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

import attrs

_MINORS = 2  # versions that a deprecated hook still works in


@attrs.frozen(kw_only=True)
class Deprecation:
    """What became of a hook: `new` is the hook that replaces it.

    `since`: the version in which it began to warn; `removed_in`: the version that no longer knows it, two
    minor versions later or more; `parameters`: what it takes, as its specification had it; `adapter`: makes
    of a plugin's old method a function that answers as the new hook does.
    """

    new: str
    since: str
    removed_in: str
    adapter: Callable[[Callable[..., Any]], Callable[..., object]]
    parameters: tuple[str, ...] = ("request",)

    def sentence(self, name: str) -> str:
        """Return what the author of a plugin with the old hook is told."""
        return (
            f"{name} 将在 {self.removed_in} 版停用 (deprecated since {self.since}, removed in "
            f"{self.removed_in}): implement {self.new}"
        )


DEPRECATED: Mapping[str, Deprecation] = MappingProxyType({})
"""The deprecated hooks by their old names. None was ever renamed so far."""


def overdue(table: Mapping[str, Deprecation], version: str) -> Iterator[str]:
    """Yield what is wrong with a table of deprecations in a version of the library."""
    for name, it in table.items():
        since, removed, now = _numbers(it.since), _numbers(it.removed_in), _numbers(version)
        if now >= removed:
            yield f"{name} was to be removed in {it.removed_in} and this is {version}: remove it"
        if removed[0] == since[0] and removed[1] - since[1] < _MINORS:
            yield f"{name} warns since {it.since} and goes in {it.removed_in}: keep it for two minor versions"


def _numbers(version: str) -> tuple[int, int]:
    """Return the major and the minor number of a version."""
    major, minor = version.split(".")[:2]
    return int(major), int(minor)
