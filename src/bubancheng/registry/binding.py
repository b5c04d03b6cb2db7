"""The plugins of one desk: bound by name, called one at a time; what one does wrong becomes a value."""

import inspect
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import attrs
import pluggy

from bubancheng.district import Assignment, District
from bubancheng.errors import (
    BubanchengError,
    PluginDeprecationWarning,
    PluginError,
    UnknownNameError,
    warn,
)
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
from bubancheng.hooks.deprecating import DEPRECATED, Deprecation
from bubancheng.hooks.fitting import misfits, shown
from bubancheng.registry.examining import GROUP, Failure, faults, overrides, said
from bubancheng.registry.finding import find_point, make, offered
from bubancheng.store import Store

T = TypeVar("T")

_STORE = tuple(name for name in vars(Store) if not name.startswith("_"))
_Hook = Callable[..., Any]


class _Shown:
    """What pluggy sees of a plugin: its hooks alone, so that it looks at no property and compares nothing."""

    def __init__(self, hooks: Mapping[str, _Hook]) -> None:
        vars(self).update(hooks)


class Registry:
    """The plugins of one desk, in the order in which they were bound.

    `strict`: what a plugin does wrong is raised as `PluginError` instead of becoming a value, for the
    authors of plugins and their tests; `deprecated`: the hooks with old names.
    """

    def __init__(self, *, strict: bool = False, deprecated: Mapping[str, Deprecation] = DEPRECATED) -> None:
        self._manager = pluggy.PluginManager(GROUP)
        self._manager.add_hookspecs(DistrictPlugin)
        self._plugins: dict[str, DistrictPlugin] = {}
        self._hooks: dict[str, dict[str, _Hook]] = {hook: {} for hook in HOOKS}
        self._routes: dict[str, str] = {}
        self._strict, self._deprecated = strict, deprecated

    def __contains__(self, name: str) -> bool:
        return name in self._plugins

    def add(self, name: str, plugin: DistrictPlugin) -> None:
        """Bind a plugin under a name; `PluginError` where it is refused, and then it is not bound."""
        wrong = [it.sentence for it in faults(plugin, self._deprecated)]
        wrong += [
            f"已经绑定 (is bound already as {other!r})" for other, it in self._plugins.items() if it is plugin
        ]
        if wrong:
            raise PluginError(name, None, "; ".join(wrong))
        routes = tuple(plugin.routes)
        own = {hook: getattr(plugin, hook) for hook in HOOKS if overrides(type(plugin), hook)}
        seen = _Shown(own)
        try:
            if self._manager.register(seen, name) is None:
                raise PluginError(name, None, "名称被禁用 (its name is blocked)")
            self._manager.check_pending()
        except (pluggy.PluginValidationError, ValueError) as error:
            if self._manager.get_plugin(name) is seen:
                self._manager.unregister(seen)
            raise PluginError(name, None, str(error)) from error
        self._plugins[name] = plugin
        for hook, function in {**self._adapted(name, plugin), **own}.items():
            self._hooks[hook][name] = function
        if name in self._hooks["bubancheng_notify"]:
            for route in routes:
                self._routes.setdefault(route, name)

    def _adapted(self, plugin_name: str, plugin: DistrictPlugin) -> dict[str, _Hook]:
        """Return the old hooks of a plugin as new ones; who has the new one too is not warned."""
        found = {}
        for name, it in self._deprecated.items():
            if hasattr(plugin, name) and not overrides(type(plugin), it.new):
                warn(f"plugin {plugin_name!r}: {it.sentence(name)}", PluginDeprecationWarning)
                found[it.new] = it.adapter(getattr(plugin, name))
        return found

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
        for name, function in self._hooks["bubancheng_store"].items():
            try:
                answer = _settled(function(attrs.evolve(request)))
                missing = [it for it in _STORE if not callable(getattr(answer, it, None))]
            except (BubanchengError, KeyboardInterrupt):
                raise
            except BaseException as error:
                raise PluginError(name, "bubancheng_store", said(error)) from error
            if answer is not None and missing:
                reason = f"returned {shown(answer)}, which is no store: it lacks {', '.join(missing)}"
                raise PluginError(name, "bubancheng_store", reason)
            if answer is not None:
                store: Store = answer
                return store
        return None

    def calendar(self, request: CalendarRequest) -> list[CalendarChanges]:
        """Return what every plugin changes about the calendar; `PluginError` on a failure."""
        return list(self.calendars(request).values())

    def calendars(self, request: CalendarRequest) -> dict[str, CalendarChanges]:
        """Return the same by plugin."""
        return dict(self._answers("bubancheng_calendar", CalendarChanges, request))

    def dispatch(self, request: DispatchRequest) -> tuple[Assignment | None, list[Failure]]:
        """Return the first assignment that a plugin names; a failure ends the asking (the manual queue)."""
        return self._first("bubancheng_dispatch", Assignment, request)

    def triage(self, request: TriageRequest) -> tuple[Advice | None, list[Failure]]:
        """Return the first advice that a plugin gives; a failure ends the asking, and a person decides."""
        return self._first("bubancheng_triage", Advice, request)

    def health(self) -> dict[str, Health | None]:
        """Return how each bound plugin is; None where it does not say."""
        found: dict[str, Health | None] = dict.fromkeys(self._plugins)
        for name in self._hooks["bubancheng_health"]:
            answer = self._call(name, "bubancheng_health", Health)
            found[name] = Health(ok=False, detail=answer.reason) if isinstance(answer, Failure) else answer
        return found

    def implements(self, hook: str, plugin: str | None = None) -> bool:
        """Whether a bound plugin implements a hook; `plugin`: whether this one does."""
        return bool(self._hooks[hook]) if plugin is None else plugin in self._hooks[hook]

    def routes(self) -> dict[str, str]:
        """Return on which routes notices can be delivered, and by which plugin; the first one counts."""
        return dict(self._routes)

    def notify(self, plugin: str, notice: Notice) -> Failure | None:
        """Let a plugin deliver a notice; return what went wrong."""
        answer = self._call(plugin, "bubancheng_notify", type(None), notice)
        return answer if isinstance(answer, Failure) else None

    def _first(self, hook: str, kind: type[T], request: Any) -> tuple[T | None, list[Failure]]:  # noqa: ANN401 a record
        for name in self._hooks[hook]:
            answer = self._call(name, hook, kind, request)
            if isinstance(answer, Failure):
                return None, [answer]
            if answer is not None:
                return answer, []
        return None, []

    def _answers(self, hook: str, kind: type[T], *request: Any) -> Iterator[tuple[str, T]]:  # noqa: ANN401 a record
        for name in self._hooks[hook]:
            answer = self._call(name, hook, kind, *request)
            if isinstance(answer, Failure):
                raise PluginError(name, hook, answer.reason)
            if answer is not None:
                yield name, answer

    def _call(self, plugin: str, hook: str, kind: type[T], *request: Any) -> T | Failure | None:  # noqa: ANN401 a record
        """Ask one plugin, with its own copy; what it does wrong is a value, or raised by a strict registry.

        Whatever a plugin raises, also by `sys.exit`, costs no ticket; only Ctrl-C is heard.
        """
        cause: BaseException | None = None
        try:
            answer = _settled(self._hooks[hook][plugin](*map(attrs.evolve, request)))
            reason = _complaint(answer, kind)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001 a plugin's own may be derived from anything
            reason, cause = said(error), error
        else:
            if reason is None:
                return answer  # type: ignore[no-any-return] # that it is of this kind was just found out
        if self._strict:
            raise PluginError(plugin, hook, reason) from cause
        return Failure(plugin, hook, reason)


def _settled(answer: T) -> T:
    """Return an answer; a promise, which no hook may give, is closed, or Python would ask for its await."""
    if inspect.iscoroutine(answer):
        answer.close()
    return answer


def _complaint(answer: object, kind: type) -> str | None:
    """Return what is wrong with an answer, down to the fields of its fields; None where nothing is."""
    found = list(misfits(answer, kind | None))
    if not found:
        return None
    if not found[0].path:
        expected = "None" if kind is type(None) else f"{kind.__name__} or None"
        return f"returned {found[0].got}, expected {expected}"
    inside = "; ".join(f"{it.path} is {it.got}, expected {it.expected}" for it in found)
    return f"returned {type(answer).__name__} of which {inside}"
