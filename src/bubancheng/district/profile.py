"""District profiles (区配置) in TOML: read strictly, everything that is wrong said at once."""

import datetime as dt
import tomllib
from collections.abc import Mapping
from os import PathLike
from pathlib import Path

from bubancheng.calendar import WorkCalendar
from bubancheng.district.checking import check
from bubancheng.district.duties import read_duty
from bubancheng.district.finding import Folder, with_bases
from bubancheng.district.flows import read_flow
from bubancheng.district.knowledge import read_question, read_tip
from bubancheng.district.metrics import read_metric
from bubancheng.district.model import (
    LEVELS,
    RESPONSIBILITIES,
    Channel,
    Code,
    District,
    Exclusion,
    LedgerColumn,
    Role,
    Route,
    ServicePoint,
    Unit,
)
from bubancheng.district.reading import Table
from bubancheng.district.retaining import read_retention
from bubancheng.district.rules import read_rule
from bubancheng.errors import BubanchengError, ProfileError
from bubancheng.sla import Light

_KEYS = ("matter_owner", "handling_place")


def read_profile(path: str | PathLike[str]) -> District:
    """Read a profile file, and what it inherits; `ProfileError` holds every fault with its key path."""
    try:
        text = Path(path).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ProfileError(str(path), ["不是 UTF-8 文本 (not UTF-8 text)"]) from error
    except OSError as error:
        raise ProfileError(str(path), [f"无法读取 (cannot be read): {error.strerror}"]) from error
    return parse_profile(text, str(path), folder=Path(path).parent)


def parse_profile(text: str, subject: str = "profile", *, folder: Folder | None = None) -> District:
    """Return the district that the text of a profile describes.

    `folder`: where the profiles lie that it may inherit as files. Errors: `ProfileError` holds every fault,
    each with its key path; "file#path" where it stands in a file that is inherited.
    """
    try:
        data = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        hint = '；引号要用英文的 "，不用中文的 “ ”' if "“" in text else ""
        raise ProfileError(subject, [f"不是 TOML (not TOML): {error}{hint}"]) from error
    problems: list[str] = []
    whole = with_bases(data, folder, problems.append)
    district = None if whole is None else _district(Table(whole, "", problems))
    if problems or district is None:
        raise ProfileError(subject, problems)
    return district


def _district(root: Table) -> District:
    """Read a district; what is faulty is noted in the table and replaced by something harmless."""
    head, scope = root.table("district"), root.table("scope")
    head.get("inherits", str)
    roles = tuple(_role(it) for it in root.tables("role"))
    retentions = tuple(read_retention(it) for it in root.tables("retention"))
    codes = (
        *(_code(it) for it in root.tables("code")),
        *(Code(fact="retention", id=it.id, name=it.name) for it in retentions),
    )
    words = {fact: frozenset(it.id for it in codes if it.fact == fact) for fact in {it.fact for it in codes}}
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
        codes=codes,
        routes=tuple(_route(it) for it in root.tables("route")),
        retentions=retentions,
        responsibility=head.one_of("responsibility", RESPONSIBILITIES, RESPONSIBILITIES[0]),
        light_words=_light_words(head.table("lights")),
        columns=tuple(_column(it) for it in root.table("ledger").tables("column")),
        duties=tuple(read_duty(it) for it in root.tables("duty")),
        tips=tuple(read_tip(it) for it in root.tables("tip")),
        questions=tuple(read_question(it) for it in root.tables("question")),
        metrics=tuple(read_metric(it, words) for it in root.tables("metric")),
    )
    for key in district.dispatch_keys:
        if key not in _KEYS:
            head.fault("dispatch_keys", f"{key!r} 不在 {', '.join(_KEYS)} 之中")
    check(root, district)
    for table in (head, scope, root):
        table.done()
    return district


def _light_words(table: Table) -> Mapping[str, str]:
    words = {it.value: word for it in Light if (word := table.get(it.value, str)) is not None}
    for light in words:
        table.text(light)
    table.done()
    return words


def _column(table: Table) -> LedgerColumn:
    column = LedgerColumn(
        id=table.text("id"),
        name=table.text("name"),
        aliases=table.texts("aliases"),
        fact=table.get("fact", str),
        action=table.get("action", str),
        is_time=bool(table.get("time", bool, False)),
    )
    if column.is_time and column.fact is None:
        table.fault("time", "只用于 fact 的列 (only for a column with a fact)")
    if column.fact is not None and column.action is not None:
        table.fault("fact", "一列只能是 fact 或 action 之一 (either a fact or an action)")
    table.done()
    return column


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
        counter=table.get("counter", str, "") or "",
        floor=table.get("floor", int),
        brand=table.get("brand", str, "") or "",
        also_signed=table.get("also_signed", str, "") or "",
        any_matter=bool(table.get("any_matter", bool, False)),
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
    channel = Channel(
        id=table.text("id"),
        name=table.text("name"),
        aliases=table.texts("aliases"),
        brand=table.get("brand", str, "") or "",
        trial_from=table.get("trial_from", dt.date),
    )
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
        level=table.one_of("level", LEVELS, LEVELS[0]) if "level" in table else None,
        is_outside=bool(table.get("outside", bool, False)),
    )
    table.done()
    return unit
