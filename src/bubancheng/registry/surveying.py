"""What installed plugins are and offer: each is loaded to be asked."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from bubancheng.district import District
from bubancheng.errors import PluginError, UnknownNameError
from bubancheng.hooks import HOOKS, DistrictPlugin
from bubancheng.registry.binding import Registry
from bubancheng.registry.finding import distribution_of, entry_points_by_name, find_point, make, offered

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


@attrs.frozen(kw_only=True)
class Installed:
    """An installed plugin, loaded to see what it is: its hooks, its districts, and why it is unusable."""

    name: str
    distribution: str
    version: str
    hooks: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    reason: str | None = None

    @property
    def is_usable(self) -> bool:
        """Whether nothing is wrong with it."""
        return self.reason is None


def installed() -> Iterator[Installed]:
    """Yield every installed entry point in turn, each loaded; what is wrong with one stops no other."""
    for points in entry_points_by_name().values():
        for point in points:
            yield _examined(point, [distribution_of(it) for it in points if it is not point])


def _examined(point: "EntryPoint", others: list[str]) -> Installed:
    known = Installed(
        name=point.name,
        distribution=distribution_of(point),
        version=point.dist.version if point.dist else "",
    )
    try:
        plugin = make(point, {})
        registry = Registry()
        registry.add(point.name, plugin)
        districts = tuple(district.name for district in registry.districts().values())
    except PluginError as error:
        return attrs.evolve(known, reason=error.reason)
    known = attrs.evolve(known, hooks=tuple(hooks_of(plugin)), districts=districts)
    if others:
        return attrs.evolve(known, reason=f"{', '.join(others)} offers this name too: remove one")
    return known


def hooks_of(plugin: DistrictPlugin) -> list[str]:
    """Return the hooks that a plugin implements."""
    return [name for name in HOOKS if getattr(type(plugin), name) is not getattr(DistrictPlugin, name)]


def stores_offered() -> list[str]:
    """Return the names of the installed plugins that open stores; they are the schemes of URLs."""
    found = []
    for name, point in sorted(offered().items()):
        try:
            plugin = make(point, {})
        except PluginError:
            continue
        if opens_stores(plugin):
            found.append(name)
    return found


def opens_stores(plugin: DistrictPlugin) -> bool:
    """Whether a plugin overrides the hook that opens stores."""
    return type(plugin).bubancheng_store is not DistrictPlugin.bubancheng_store


def find_district(name: str) -> tuple[str, DistrictPlugin]:
    """Return the installed plugin that offers a district, by its short name or its code.

    Errors: `UnknownNameError` naming the districts that do exist; `PluginError` for a broken one.
    """
    own = find_point(name)
    if own is not None:
        plugin = make(own, {})
        if _district_of(plugin) is not None:
            return name, plugin
    known = []
    for other, point in sorted(offered().items()):
        try:
            plugin = make(point, {})
            district = _district_of(plugin)
        except PluginError:
            continue
        if district is not None:
            known.append(f"{other} ({district.code} {district.title})")
            if district.code == name:
                return other, plugin
    raise UnknownNameError("区 district", name, known)


def _district_of(plugin: DistrictPlugin) -> District | None:
    registry = Registry()
    registry.add("candidate", plugin)
    return registry.districts().get("candidate")
