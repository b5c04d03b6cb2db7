"""The base of every plugin, and the plugins that are nothing but a profile."""

from collections.abc import Callable, Iterable, Mapping
from importlib.resources import as_file, files
from typing import Any, ClassVar

import pluggy

from bubancheng.district import Assignment, District, read_profile
from bubancheng.hooks.records import (
    Advice,
    CalendarChanges,
    CalendarRequest,
    DispatchRequest,
    Health,
    Notice,
    StoreRequest,
    TriageRequest,
)
from bubancheng.hooks.settings import frozen, read_settings
from bubancheng.store import Store

hookspec = pluggy.HookspecMarker("bubancheng")
hookimpl = pluggy.HookimplMarker("bubancheng")


class DistrictPlugin:
    """Base of every plugin: override a hook and mark the override with `hookimpl`.

    An entry point of the group `bubancheng` names a factory `(settings) -> DistrictPlugin`; a subclass
    whose constructor takes the settings is one. It is called once a desk.

    `routes`: the routes of the profile on which this plugin delivers notices.

    `Settings`: an attrs class with the settings that the plugin takes: their names, types, defaults. With
    it a table of settings is read strictly, everything that is wrong with it is told at once, and
    `settings` is such a record; without it `settings` is a copy of the table, which cannot be changed.
    Types: str, bool, int, float, dates and times, enumerations of texts, `X | None`, `tuple[X, ...]`,
    `frozenset[X]`, `Mapping[str, X]`, and attrs classes of these. Keep a secret out of the repr of its
    record (`repr=False`), and no fault will show it.
    """

    Settings: ClassVar[type[Any] | None] = None
    routes: Iterable[str] = ()
    settings: Any

    def __init__(self, settings: object = None) -> None:
        wanted = type(self).Settings
        if wanted is not None and isinstance(settings, wanted):
            self.settings = settings
        elif wanted is not None:
            self.settings = read_settings(wanted, settings)
        else:
            self.settings = frozen(settings or {})

    @hookspec
    def bubancheng_district(self) -> District | None:
        """Offer a district; None: this plugin offers none.

        Called when a desk binds the plugin. An exception rejects the plugin, with the reason.
        """

    @hookspec
    def bubancheng_store(self, request: StoreRequest) -> Store | None:
        """Open the store of a URL; None: not mine. The first answer counts.

        An exception makes `Desk.open` raise, naming the plugin.
        """

    @hookspec
    def bubancheng_calendar(self, request: CalendarRequest) -> CalendarChanges | None:
        """Say what the district closes or opens besides its hours; None: nothing.

        An exception makes `Desk.open` raise: time must not be guessed.
        """

    @hookspec
    def bubancheng_triage(self, request: TriageRequest) -> Advice | None:
        """Say whether a request is in scope, and of which class; None: not mine.

        Called after the registration was saved, where the flow's step asks for it (`follow_up =
        "triage"`); the first answer is put on record, and a person decides. An exception is recorded, and
        a person decides without it.
        """

    @hookspec
    def bubancheng_dispatch(self, request: DispatchRequest) -> Assignment | None:
        """Name the unit that takes a ticket, and by which rule; None: not mine.

        Called before the profile's own keys, after the ticket was saved. An exception is recorded and
        the ticket waits in the manual queue.
        """

    @hookspec
    def bubancheng_notify(self, notice: Notice) -> None:
        """Deliver a notice of one of `routes`; from the outbox only, after the command was saved.

        The same notice may come again with the same id. An exception puts it off, longer each time, and
        in the end aside (a dead letter); other notices go on. Give every network call a time-out.
        """

    @hookspec
    def bubancheng_health(self) -> Health | None:
        """Say how this plugin is, when `Desk.health` asks; None: unknown. An exception means unhealthy."""


HOOKS = tuple(name for name in vars(DistrictPlugin) if name.startswith("bubancheng_"))


class _ProfilePlugin(DistrictPlugin):
    """A district that is its profile and nothing else."""

    def __init__(self, district: District) -> None:
        super().__init__()
        self._district = district

    @hookimpl
    def bubancheng_district(self) -> District:
        """Offer the profile's district."""
        return self._district


def profile_plugin(package: str | None, name: str) -> Callable[[Mapping[str, object]], DistrictPlugin]:
    """Return the factory of a plugin that offers the profile `name` inside `package`."""

    def factory(_settings: Mapping[str, object]) -> DistrictPlugin:
        with as_file(files(package or "") / name) as path:
            return _ProfilePlugin(read_profile(path))

    return factory


def district_plugin(district: District) -> DistrictPlugin:
    """Return a plugin that offers one district, for a profile that is only a file."""
    return _ProfilePlugin(district)
