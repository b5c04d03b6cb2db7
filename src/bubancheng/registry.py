"""Find, check, bind and call plugins, one at a time; what a plugin does wrong becomes a value."""

import inspect
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, TypeVar

import attrs
import pluggy

from bubancheng.district import Assignment, District
from bubancheng.errors import BubanchengError, PluginError, UnknownNameError
from bubancheng.hooks import (
    HOOKS,
    Advice,
    CalendarChanges,
    CalendarRequest,
    DispatchRequest,
    DistrictPlugin,
    Health,
    Notice,
    StoreRequest,
    TriageRequest,
)
from bubancheng.store import Store

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "bubancheng"
T = TypeVar("T")

_MARK, _PREFIX = f"{GROUP}_impl", f"{GROUP}_"
_STORE = tuple(name for name in vars(Store) if not name.startswith("_"))


@attrs.frozen
class Failure:
    """What a plugin did wrong, as a value: plugin, hook, and the reason in a sentence."""

    plugin: str
    hook: str
    reason: str


def _points() -> "dict[str, list[EntryPoint]]":
    """Return the installed entry points by name, one for each distribution, from metadata alone."""
    from importlib.metadata import entry_points  # noqa: PLC0415 slow to load, needed by a desk that binds by name

    found: dict[str, dict[tuple[str, str], EntryPoint]] = {}
    for point in entry_points(group=GROUP):
        found.setdefault(point.name, {}).setdefault((_distribution(point), point.value), point)
    return {name: [known[key] for key in sorted(known)] for name, known in sorted(found.items())}


def offered() -> "dict[str, EntryPoint]":
    """Return the installed entry points by name, without those whose name two distributions offer."""
    return {name: points[0] for name, points in _points().items() if len(points) == 1}


def find_point(name: str) -> "EntryPoint | None":
    """Return the entry point of a name; None where there is none; `PluginError` where there are two."""
    points = _points().get(name, [])
    if len(points) > 1:
        names = ", ".join(map(_distribution, points))
        raise PluginError(name, None, f"two distributions offer this name: {names}; remove one")
    return points[0] if points else None


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
    for points in _points().values():
        for point in points:
            yield _examined(point, [_distribution(it) for it in points if it is not point])


def _examined(point: "EntryPoint", others: list[str]) -> Installed:
    known = Installed(
        name=point.name,
        distribution=_distribution(point),
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


def _distribution(point: "EntryPoint") -> str:
    return point.dist.name if point.dist else point.value


def make(point: "EntryPoint", settings: Mapping[str, object]) -> DistrictPlugin:
    """Load an entry point and call its factory; `PluginError` with what to do about it."""
    try:
        factory = point.load()
    except (Exception, SystemExit) as error:
        raise PluginError(point.name, None, f"cannot be imported: {_said(error)}") from error
    if isinstance(factory, DistrictPlugin):
        raise PluginError(point.name, None, "is an instance: let the entry point name the class or a factory")
    if not callable(factory):
        raise PluginError(
            point.name, None, f"{factory!r} is no factory: name a callable (settings) -> plugin"
        )
    try:
        plugin = factory(settings)
    except TypeError as error:
        raise PluginError(point.name, None, f"its factory must take the settings: {_said(error)}") from error
    except (Exception, SystemExit) as error:
        raise PluginError(point.name, None, f"its factory failed: {_said(error)}") from error
    if not isinstance(plugin, DistrictPlugin):
        raise PluginError(
            point.name, None, f"its factory gave {plugin!r}: it must give an instance of DistrictPlugin"
        )
    return plugin


def _said(error: BaseException) -> str:
    try:
        text = str(error)
    except Exception:  # noqa: BLE001 an error of a plugin may not even print
        text = "(an error without words)"
    return text if isinstance(error, BubanchengError) else f"{type(error).__name__}: {text}"


def faults(plugin: DistrictPlugin) -> Iterator[str]:
    """Yield what is wrong with a plugin object before it is registered."""
    for name in dir(type(plugin)):
        member = inspect.getattr_static(type(plugin), name)
        marked = hasattr(member, _MARK)
        if not marked and name.startswith(_PREFIX) and name not in HOOKS:
            yield f"{name} is no hook: use one of {', '.join(HOOKS)}"
        if marked and (inspect.iscoroutinefunction(member) or inspect.isasyncgenfunction(member)):
            yield f"{name} is async: hooks are synchronous, remove async"
        if marked and name not in HOOKS:
            yield f"{name} is no hook: use one of {', '.join(HOOKS)}"
        if marked and name in HOOKS:
            yield from _misfits(name, member)
        overrides = name in HOOKS and member is not inspect.getattr_static(DistrictPlugin, name)
        if overrides and not marked:
            yield f"{name} overrides a hook without the mark: put @hookimpl above it"


def _misfits(name: str, member: Any) -> Iterator[str]:  # noqa: ANN401 whatever a class holds
    """Yield how a marked hook differs from its specification."""
    options = getattr(member, _MARK)
    if options.get("wrapper") or options.get("hookwrapper") or inspect.isgeneratorfunction(member):
        yield f"{name} is a wrapper: hooks give their own answer, remove wrapper=True"
    wanted = list(inspect.signature(getattr(DistrictPlugin, name)).parameters)
    try:
        given = inspect.signature(member).parameters
    except (TypeError, ValueError):
        yield f"{name} is no function: write def {name}({', '.join(wanted)})"
        return
    plain = all(it.kind is it.POSITIONAL_OR_KEYWORD and it.default is it.empty for it in given.values())
    if list(given) != wanted or not plain:
        got = ", ".join(map(str, given.values()))
        yield f"{name}({got}) must be written as def {name}({', '.join(wanted)}), without defaults"


class Registry:
    """The plugins of one desk, in the order in which they were bound."""

    def __init__(self) -> None:
        self._manager = pluggy.PluginManager(GROUP)
        self._manager.add_hookspecs(DistrictPlugin)
        self._names: list[str] = []

    def add(self, name: str, plugin: DistrictPlugin) -> None:
        """Bind a plugin under a name; `PluginError` where it is refused, and then it is not bound."""
        if isinstance(plugin, type) or not isinstance(plugin, DistrictPlugin):
            raise PluginError(
                name, None, f"{plugin!r} is no instance of DistrictPlugin: call its factory first"
            )
        wrong = list(faults(plugin))
        if wrong:
            raise PluginError(name, None, "; ".join(wrong))
        try:
            if self._manager.register(plugin, name) is None:
                raise PluginError(name, None, "is blocked")
            self._manager.check_pending()
        except (pluggy.PluginValidationError, ValueError) as error:
            if self._manager.get_plugin(name) is plugin:
                self._manager.unregister(plugin)
            raise PluginError(name, None, str(error)) from error
        self._names.append(name)

    def bind(self, name: str, settings: Mapping[str, object] | None = None) -> DistrictPlugin:
        """Load an installed plugin by its entry point's name and bind it."""
        point = find_point(name)
        if point is None:
            raise UnknownNameError("插件 plugin", name, sorted(offered()))
        plugin = make(point, settings or {})
        self.add(name, plugin)
        return plugin

    # -- typed calls, one plugin at a time

    def districts(self) -> dict[str, District]:
        """Return the districts that bound plugins offer, by plugin; `PluginError` on a failure."""
        return dict(self._answers("bubancheng_district", District))

    def store(self, request: StoreRequest) -> Store | None:
        """Return the first store that a plugin opens; what a plugin raises passes."""
        for name, function in self._functions("bubancheng_store"):
            try:
                answer = function(request)
            except BubanchengError:
                raise
            except (Exception, SystemExit) as error:
                raise PluginError(name, "bubancheng_store", _said(error)) from error
            if answer is not None:
                missing = [it for it in _STORE if not callable(getattr(answer, it, None))]
                if missing:
                    reason = f"returned {answer!r}, which is no store: it lacks {', '.join(missing)}"
                    raise PluginError(name, "bubancheng_store", reason)
                store: Store = answer
                return store
        return None

    def calendar(self, request: CalendarRequest) -> list[CalendarChanges]:
        """Return what every plugin changes about the calendar; `PluginError` on a failure."""
        return [answer for _, answer in self._answers("bubancheng_calendar", CalendarChanges, request)]

    def dispatch(self, request: DispatchRequest) -> tuple[Assignment | None, list[Failure]]:
        """Return the first assignment that a plugin names; a failure ends the asking (the manual queue)."""
        for name, function in self._functions("bubancheng_dispatch"):
            answer = _call(name, "bubancheng_dispatch", function, Assignment, (request,))
            if isinstance(answer, Failure):
                return None, [answer]
            if answer is not None:
                return answer, []
        return None, []

    def triage(self, request: TriageRequest) -> tuple[Advice | None, list[Failure]]:
        """Return the first advice that a plugin gives; a failure ends the asking, and a person decides."""
        for name, function in self._functions("bubancheng_triage"):
            answer = _call(name, "bubancheng_triage", function, Advice, (request,))
            if isinstance(answer, Failure):
                return None, [answer]
            if answer is not None:
                return answer, []
        return None, []

    def health(self) -> dict[str, Health | None]:
        """Return how each bound plugin is; None where it does not say."""
        found: dict[str, Health | None] = dict.fromkeys(self._names)
        for name, function in self._functions("bubancheng_health"):
            answer = _call(name, "bubancheng_health", function, Health, ())
            found[name] = Health(ok=False, detail=answer.reason) if isinstance(answer, Failure) else answer
        return found

    def implements(self, hook: str) -> bool:
        """Whether a bound plugin implements a hook."""
        return any(True for _ in self._functions(hook))

    def routes(self) -> dict[str, str]:
        """Return on which routes notices can be delivered, and by which plugin; the first one counts."""
        found: dict[str, str] = {}
        for name, _ in self._functions("bubancheng_notify"):
            plugin: DistrictPlugin = self._manager.get_plugin(name)  # type: ignore[assignment]
            for route in plugin.routes:
                found.setdefault(route, name)
        return found

    def notify(self, plugin: str, notice: Notice) -> Failure | None:
        """Let a plugin deliver a notice; return what went wrong."""
        function = dict(self._functions("bubancheng_notify"))[plugin]
        answer = _call(plugin, "bubancheng_notify", function, type(None), (notice,))
        return answer if isinstance(answer, Failure) else None

    def _functions(self, hook: str) -> Iterator[tuple[str, Any]]:
        implementations = {
            impl.plugin_name: impl.function for impl in getattr(self._manager.hook, hook).get_hookimpls()
        }
        for name in self._names:
            if name in implementations:
                yield name, implementations[name]

    def _answers(self, hook: str, kind: type[T], *request: object) -> Iterator[tuple[str, T]]:
        for name, function in self._functions(hook):
            answer = _call(name, hook, function, kind, request)
            if isinstance(answer, Failure):
                raise PluginError(name, hook, answer.reason)
            if answer is not None:
                yield name, answer


def _call(
    plugin: str,
    hook: str,
    function: Any,  # noqa: ANN401 a plugin's own
    kind: type[T],
    request: Iterable[object],
) -> T | Failure | None:
    try:
        answer = function(*request)
    except (Exception, SystemExit) as error:  # noqa: BLE001 whatever a plugin does, it costs no ticket
        return Failure(plugin, hook, _said(error))
    if answer is None or isinstance(answer, kind):
        return answer
    return Failure(plugin, hook, f"returned {answer!r}, expected {kind.__name__} or None")


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
