"""The plugins of one desk: bound by name, called one at a time; what one does wrong becomes a value."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

import pluggy

from bubancheng.district import Assignment, District
from bubancheng.errors import BubanchengError, PluginError, UnknownNameError
from bubancheng.hooks import (
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
from bubancheng.registry.examining import GROUP, Failure, faults, said
from bubancheng.registry.finding import find_point, make, offered
from bubancheng.store import Store

T = TypeVar("T")

_STORE = tuple(name for name in vars(Store) if not name.startswith("_"))


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
                raise PluginError(name, "bubancheng_store", said(error)) from error
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
        return Failure(plugin, hook, said(error))
    if answer is None or isinstance(answer, kind):
        return answer
    return Failure(plugin, hook, f"returned {answer!r}, expected {kind.__name__} or None")
