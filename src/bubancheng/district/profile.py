"""District profiles (区配置) in TOML: read strictly, everything that is wrong said at once."""

import tomllib
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from bubancheng.calendar import WorkCalendar
from bubancheng.district.flows import read_flow
from bubancheng.district.model import (
    Channel,
    Code,
    District,
    Exclusion,
    Role,
    Route,
    ServicePoint,
    Unit,
)
from bubancheng.district.reading import Table, unique
from bubancheng.district.rules import read_rule
from bubancheng.errors import BubanchengError, ProfileError
from bubancheng.sla import Limit

_KEYS = ("matter_owner", "handling_place")


def read_profile(path: str | PathLike[str]) -> District:
    """Read a profile file; `ProfileError` holds every fault with its key path."""
    try:
        text = Path(path).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProfileError(str(path), ["不是 UTF-8 文本 (not UTF-8 text)"]) from error
    except OSError as error:
        raise ProfileError(str(path), [f"无法读取 (cannot be read): {error.strerror}"]) from error
    return parse_profile(text, str(path))


def parse_profile(text: str, subject: str = "profile") -> District:
    """Return the district that the text of a profile describes."""
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise ProfileError(subject, [f"不是 TOML: {error}"]) from error
    problems: list[str] = []
    district = _district(Table(data, "", problems))
    if problems:
        raise ProfileError(subject, problems)
    return district


def _district(root: Table) -> District:
    """Read a district; what is faulty is noted in the table and replaced by something harmless."""
    head, scope = root.table("district"), root.table("scope")
    roles = tuple(_role(it) for it in root.tables("role"))
    district = District(
        name=head.text("name"),
        code=head.text("code"),
        title=head.text("title"),
        window=head.text("window"),
        legal_basis=head.texts("legal_basis"),
        hours=_hours(head),
        rules=tuple(sorted((read_rule(it) for it in root.tables("rule")), key=lambda it: it.valid_from)),
        flow=read_flow(root.table("flow"), {role.id for role in roles}),
        roles=roles,
        channels=tuple(_channel(it) for it in root.tables("channel")),
        scope=scope.texts("reasons"),
        exclusions=tuple(_exclusion(it) for it in scope.tables("exclusion")),
        units=tuple(_unit(it) for it in root.tables("unit")),
        dispatch_keys=head.texts("dispatch_keys") or _KEYS,
        service_points=tuple(_service_point(it) for it in root.tables("service_point")),
        codes=tuple(_code(it) for it in root.tables("code")),
        routes=tuple(_route(it) for it in root.tables("route")),
        retention=head.parsed("retention", Limit.parse),
    )
    for unit in district.units:
        if unit.parent is not None and district.unit(unit.parent) is None:
            root.fault("unit", f"{unit.name}.parent: 没有单位 (no such unit) {unit.parent!r}")
    for point in district.service_points:
        if district.unit(point.unit) is None:
            root.fault("service_point", f"{point.name}.unit: 没有单位 (no such unit) {point.unit!r}")
    unique(root, "code", (f"{code.fact} {code.id}" for code in district.codes))
    unique(root, "route", (route.id for route in district.routes))
    unique(root, "role", (role.id for role in roles))
    unique(root, "channel", (channel.id for channel in district.channels))
    for key in district.dispatch_keys:
        if key not in _KEYS:
            head.fault("dispatch_keys", f"{key!r} 不在 {', '.join(_KEYS)} 之中")
    if not district.rules:
        root.fault("rule", "至少需要一版规则 (at least one rule)")
    unique(root, "rule", (rule.version for rule in district.rules))
    unique(root, "rule", (f"valid_from {rule.valid_from}" for rule in district.rules))
    unique(root, "unit", (unit.name for unit in district.units))
    unique(root, "unit", (f"事项 {it}" for unit in district.units for it in unit.matters))
    unique(root, "unit", (f"办理地点 {it}" for unit in district.units for it in unit.places))
    for table in (head, scope, root):
        table.done()
    return district


def _hours(head: Table) -> str | Mapping[str, str]:
    hours = head.text("hours") if not isinstance(head.peek("hours"), dict) else head.mapping("hours")
    try:
        if hours:
            WorkCalendar(hours)
    except BubanchengError as error:
        head.fault("hours", str(error))
    return hours


def _role(table: Table) -> Role:
    role = Role(
        id=table.text("id"),
        name=table.text("name"),
        rights=frozenset(table.texts("rights")),
        logged=bool(table.get("logged", bool, False)),
        per_unit=table.get("per_unit", int),
    )
    table.done()
    return role


def _service_point(table: Table) -> ServicePoint:
    point = ServicePoint(
        name=table.text("name"),
        unit=table.text("unit"),
        location=table.text("location"),
        signage=table.get("signage", str, "") or "",
        hours=table.get("hours", str, "") or "",
    )
    table.done()
    return point


def _code(table: Table) -> Code:
    code = Code(
        fact=table.text("fact"),
        id=table.text("id"),
        name=table.text("name"),
        aliases=table.texts("aliases"),
        source=table.get("source", str),
    )
    table.done()
    return code


def _route(table: Table) -> Route:
    route = Route(id=table.text("id"), on=frozenset(table.texts("on")), to=table.text("to"))
    if not route.on:
        table.fault("on", "至少一种记录或灯色 (at least one kind of entry, or a light)")
    table.done()
    return route


def _channel(table: Table) -> Channel:
    channel = Channel(id=table.text("id"), name=table.text("name"), aliases=table.texts("aliases"))
    table.done()
    return channel


def _exclusion(table: Table) -> Exclusion:
    exclusion = Exclusion(id=table.text("id"), name=table.text("name"), source=table.text("source"))
    table.done()
    return exclusion


def _unit(table: Table) -> Unit:
    unit = Unit(
        name=table.text("name"),
        kind=table.text("kind"),
        matters=frozenset(table.texts("matters")),
        places=frozenset(table.texts("places")),
        parent=table.get("parent", str),
    )
    table.done()
    return unit
