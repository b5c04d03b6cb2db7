"""What a plugin may implement: one documented base class, one frozen record a hook."""

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from importlib.resources import as_file, files

import attrs
import pluggy

from bubancheng.calendar.building import Interval
from bubancheng.district import Assignment, District, read_profile
from bubancheng.sla import Light
from bubancheng.store import Store

hookspec = pluggy.HookspecMarker("bubancheng")
hookimpl = pluggy.HookimplMarker("bubancheng")


@attrs.frozen(kw_only=True)
class StoreRequest:
    """A desk is opened on a store.

    `url`: as SQLAlchemy writes it, such as sqlite:///desk.db; `create`: make it where it is missing.
    """

    url: str
    create: bool = True


@attrs.frozen(kw_only=True)
class CalendarRequest:
    """A desk is opened and asks what its district closes or opens besides its hours.

    `district`: the short name of the district.
    """

    district: str


@attrs.frozen(kw_only=True)
class CalendarChanges:
    """What a district changes about the state calendar.

    `closures`, `openings`: intervals of instants; `notices`: paths of notice files.
    """

    closures: tuple[Interval, ...] = ()
    openings: tuple[Interval, ...] = ()
    notices: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class DispatchRequest:
    """A ticket waits for a unit; nothing personal is told.

    `ticket`: its number; `matter`: the service matter (事项); `place`: where it is handled
    (办理地点), None where unknown; `channel`: the id of the channel; `registered_at`: when.
    """

    ticket: str
    matter: str
    place: str | None
    channel: str | None
    registered_at: dt.datetime


@attrs.frozen(kw_only=True)
class TriageRequest:
    """A request was written down and somebody must say what becomes of it; nothing personal is told.

    `ticket`: its number; `matter`, `place`, `channel`: as in a dispatch; `reporter_kind`: person or
    organisation; `intake_reason`, `failed_stage`: why they came, and where it failed, None where not said;
    `registered_at`: when.
    """

    ticket: str
    matter: str
    place: str | None
    channel: str | None
    reporter_kind: str | None
    intake_reason: str | None
    failed_stage: str | None
    registered_at: dt.datetime


@attrs.frozen(kw_only=True)
class Advice:
    """What a plugin makes of a request: advice to the person who decides, never a decision.

    `rule`: by which rule, for the record; `in_scope`: whether it belongs here, None where it cannot tell;
    `exclusion`: by which exclusion not; `category`: the class it would have. Source: 个人信息保护法 第24条.
    """

    rule: str
    in_scope: bool | None = None
    exclusion: str | None = None
    category: str | None = None


@attrs.frozen(kw_only=True)
class Health:
    """How a plugin is: `ok`, and a sentence that says why, for whoever runs the desk."""

    ok: bool
    detail: str = ""


@attrs.frozen(kw_only=True)
class Notice:
    """Something that somebody should be told; nothing personal, but for the reporter's own.

    `id`: the same however often it is delivered; `route`: the profile's route; `receiver`: a unit, a role,
    or "reporter"; `event`: a kind of entry, "light:yellow", "light:red", "due:<target>"; `at`: when;
    `ticket`, `matter`, `unit`, `step`, `step_name`: where the ticket stands now; `light` and `due` of it
    now; `contact`: only for a reporter: how to reach them.
    """

    id: str
    route: str
    receiver: str
    district: str
    ticket: str
    event: str
    at: dt.datetime
    matter: str
    unit: str | None
    step: str
    step_name: str
    light: Light
    due: dt.datetime | None
    contact: Mapping[str, str] = attrs.field(factory=dict, hash=False, repr=False)


class DistrictPlugin:
    """Base of every plugin: override a hook and mark the override with `hookimpl`.

    An entry point of the group `bubancheng` names a factory `(settings) -> DistrictPlugin`; a subclass
    whose constructor takes the settings is one. It is called once a desk.

    `routes`: the routes of the profile on which this plugin delivers notices.
    """

    routes: Iterable[str] = ()

    def __init__(self, settings: Mapping[str, object] | None = None) -> None:
        self.settings = dict(settings or {})

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
