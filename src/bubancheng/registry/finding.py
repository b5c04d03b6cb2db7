"""Which plugins are installed, by their entry points, and making them."""

import inspect
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import attrs

from bubancheng.errors import PluginError, SettingsError
from bubancheng.hooks import DistrictPlugin
from bubancheng.hooks.fitting import shown
from bubancheng.hooks.settings import frozen, read_settings
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
    """Load an entry point and call its factory; `PluginError` with what to do about it.

    What the plugin declares as its settings is read before its constructor runs; `SettingsError` with
    everything that is wrong with them.
    """
    factory, key = load(point), f"plugin.{point.name}"
    wanted = getattr(factory, "Settings", None)
    given = (
        read_settings(wanted, settings, key) if wanted is not None and attrs.has(wanted) else frozen(settings)
    )
    if not _takes_one(factory):
        raise PluginError(point.name, None, "its factory must take the settings: write (settings) -> plugin")
    try:
        plugin = factory(given)
    except SettingsError as error:  # read by the constructor, which does not know the plugin's name
        raise SettingsError(key, [f"{key}.{it}" for it in error.problems]) from error
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise PluginError(point.name, None, f"its factory failed: {said(error)}") from error
    if not isinstance(plugin, DistrictPlugin):
        raise PluginError(
            point.name, None, f"its factory gave {shown(plugin)}: it must give an instance of DistrictPlugin"
        )
    return plugin


def load(point: "EntryPoint") -> Callable[[object], object]:
    """Import what an entry point names; `PluginError` where it is no factory."""
    try:
        factory = point.load()
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise PluginError(point.name, None, f"cannot be imported: {said(error)}") from error
    if isinstance(factory, DistrictPlugin):
        raise PluginError(point.name, None, "is an instance: let the entry point name the class or a factory")
    if not callable(factory):
        raise PluginError(
            point.name, None, f"{shown(factory)} is no factory: name a callable (settings) -> plugin"
        )
    return factory  # type: ignore[no-any-return] # whatever a module holds


def _takes_one(factory: Callable[[object], object]) -> bool:
    """Whether a factory can be called with the settings; one that hides its parameters is tried."""
    try:
        inspect.signature(factory).bind({})
    except TypeError:
        return False
    except ValueError:
        return True
    return True
