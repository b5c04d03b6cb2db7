"""What installed plugins are and offer: each is loaded to be asked."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from bubancheng.district import District
from bubancheng.errors import PluginError, SettingsError, UnknownNameError
from bubancheng.hooks import HOOKS, DistrictPlugin
from bubancheng.hooks.settings import needed
from bubancheng.registry.binding import Registry
from bubancheng.registry.choosing import Choice
from bubancheng.registry.examining import Fault, faults, faults_of_class, has_hook, place_of
from bubancheng.registry.finding import distribution_of, entry_points_by_name, find_point, load, make, offered

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

_ANY = Choice()


@attrs.frozen(kw_only=True)
class Installed:
    """An installed plugin, loaded to see what it is: its hooks, its districts, and why it is unusable.

    `faults`: everything that is wrong with it; `needs`: the settings it cannot do without, where it was
    given none; `is_off`: switched off by the settings, and not loaded.
    """

    name: str
    distribution: str
    version: str
    hooks: tuple[str, ...] = ()
    districts: tuple[str, ...] = ()
    faults: tuple[Fault, ...] = ()
    needs: tuple[str, ...] = ()
    is_off: bool = False

    @property
    def reason(self) -> str | None:
        """Everything that is wrong with it as one sentence; None where nothing is."""
        return "; ".join(it.sentence for it in self.faults) or None

    @property
    def is_usable(self) -> bool:
        """Whether nothing is wrong with it."""
        return not self.faults


def installed(choice: Choice = _ANY) -> Iterator[Installed]:
    """Yield every installed entry point in turn, each loaded; what is wrong with one stops no other."""
    for points in entry_points_by_name().values():
        for point in points:
            others = ", ".join(distribution_of(it) for it in points if it is not point)
            twin = (Fault(f"{others} offers this name too: remove one"),) if others else ()
            found = examined(point, choice)
            yield attrs.evolve(found, faults=twin + found.faults)


def examined(point: "EntryPoint", choice: Choice = _ANY) -> Installed:
    """Load one entry point and say what it is."""
    known = Installed(
        name=point.name,
        distribution=distribution_of(point),
        version=point.dist.version if point.dist else "",
    )
    if point.name in choice.off:
        return attrs.evolve(known, is_off=True)
    try:
        factory = load(point)
        if isinstance(factory, type) and issubclass(factory, DistrictPlugin):
            known = attrs.evolve(known, hooks=tuple(hooks_of(factory)))
            wanted = factory.Settings
            if wanted is not None and attrs.has(wanted) and point.name not in choice.tables:
                known = attrs.evolve(known, needs=tuple(needed(wanted)))
        if known.needs:
            return attrs.evolve(known, faults=tuple(faults_of_class(factory)))  # type: ignore[arg-type] # has needs
        with choice.locating():
            plugin = make(point, choice.of(point.name))
        wrong = tuple(faults(plugin))
        district = None if wrong else district_of(point.name, plugin)
    except (PluginError, SettingsError) as error:
        told = (error.reason,) if isinstance(error, PluginError) else error.problems
        place = place_of(error.__cause__)
        return attrs.evolve(known, faults=tuple(Fault(it, place) for it in told))
    districts = () if district is None else (district.name,)
    return attrs.evolve(known, hooks=tuple(hooks_of(type(plugin))), districts=districts, faults=wrong)


def hooks_of(kind: type[DistrictPlugin]) -> list[str]:
    """Return the hooks that a plugin's class implements."""
    return [name for name in HOOKS if has_hook(kind, name)]


def stores_offered() -> list[str]:
    """Return the names of the installed plugins that open stores; they are the schemes of URLs."""
    found = []
    for name, point in sorted(offered().items()):
        known = examined(point)
        if known.is_usable and "bubancheng_store" in known.hooks:
            found.append(name)
    return found


def find_district(name: str, choice: Choice = _ANY) -> tuple[str, DistrictPlugin]:
    """Return the installed plugin that offers a district, by its short name or its code.

    Errors: `UnknownNameError` naming the districts that do exist; `PluginError` for a broken one.
    """
    own = find_point(name)
    if own is not None:
        choice.needed(name)
        plugin = make(own, choice.of(name))
        if district_of(name, plugin) is not None:
            return name, plugin
    known = []
    for other, point in sorted(offered().items()):
        try:
            plugin = make(point, choice.of(other))
            district = district_of(other, plugin)
        except (PluginError, SettingsError):
            continue
        if district is not None:
            known.append(f"{other} ({district.code} {district.title})")
            if district.code == name:
                choice.needed(other)
                return other, plugin
    raise UnknownNameError("区 district", name, known)


def district_of(name: str, plugin: DistrictPlugin) -> District | None:
    """Return the district that a plugin offers; `PluginError` for a plugin that is refused, or fails."""
    registry = Registry()
    registry.add(name, plugin)
    return registry.districts().get(name)
