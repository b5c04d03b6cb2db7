"""Which plugins are installed, by their entry points, and making them."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from bubancheng.errors import PluginError
from bubancheng.hooks import DistrictPlugin
from bubancheng.registry.examining import GROUP, said

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


def entry_points_by_name() -> "dict[str, list[EntryPoint]]":
    """Return the installed entry points by name, one for each distribution, from metadata alone."""
    from importlib.metadata import entry_points  # noqa: PLC0415 slow to load, needed by a desk that binds by name

    found: dict[str, dict[tuple[str, str], EntryPoint]] = {}
    for point in entry_points(group=GROUP):
        found.setdefault(point.name, {}).setdefault((distribution_of(point), point.value), point)
    return {name: [known[key] for key in sorted(known)] for name, known in sorted(found.items())}


def offered() -> "dict[str, EntryPoint]":
    """Return the installed entry points by name, without those whose name two distributions offer."""
    return {name: points[0] for name, points in entry_points_by_name().items() if len(points) == 1}


def find_point(name: str) -> "EntryPoint | None":
    """Return the entry point of a name; None where there is none; `PluginError` where there are two."""
    points = entry_points_by_name().get(name, [])
    if len(points) > 1:
        names = ", ".join(map(distribution_of, points))
        raise PluginError(name, None, f"two distributions offer this name: {names}; remove one")
    return points[0] if points else None


def distribution_of(point: "EntryPoint") -> str:
    """Return the name of the distribution that offers an entry point."""
    return point.dist.name if point.dist else point.value


def make(point: "EntryPoint", settings: Mapping[str, object]) -> DistrictPlugin:
    """Load an entry point and call its factory; `PluginError` with what to do about it."""
    try:
        factory = point.load()
    except (Exception, SystemExit) as error:
        raise PluginError(point.name, None, f"cannot be imported: {said(error)}") from error
    if isinstance(factory, DistrictPlugin):
        raise PluginError(point.name, None, "is an instance: let the entry point name the class or a factory")
    if not callable(factory):
        raise PluginError(
            point.name, None, f"{factory!r} is no factory: name a callable (settings) -> plugin"
        )
    try:
        plugin = factory(settings)
    except TypeError as error:
        raise PluginError(point.name, None, f"its factory must take the settings: {said(error)}") from error
    except (Exception, SystemExit) as error:
        raise PluginError(point.name, None, f"its factory failed: {said(error)}") from error
    if not isinstance(plugin, DistrictPlugin):
        raise PluginError(
            point.name, None, f"its factory gave {plugin!r}: it must give an instance of DistrictPlugin"
        )
    return plugin
