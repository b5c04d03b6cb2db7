"""What hooks are asked with and what they answer: one frozen record each, immutable all the way down."""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

import attrs

from bubancheng.calendar.building import Interval
from bubancheng.sla import Light


def _view(given: Mapping[str, str]) -> Mapping[str, str]:
    """Return a copy that nobody can change."""
    return MappingProxyType(dict(given))


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
    contact: Mapping[str, str] = attrs.field(factory=dict, converter=_view, hash=False, repr=False)
