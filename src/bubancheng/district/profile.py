"""District profiles (区配置) in TOML: read strictly, everything that is wrong said at once."""

import datetime as dt
import tomllib
from collections.abc import Iterable, Mapping
from fractions import Fraction
from os import PathLike
from pathlib import Path

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.district.model import (
    Category,
    Channel,
    District,
    Exclusion,
    Role,
    Rule,
    Unit,
)
from bubancheng.district.reading import Table, repeated
from bubancheng.errors import ArgumentError, BubanchengError, ProfileError
from bubancheng.flow import Flow, FlowStep, Relation, Stage, Transition
from bubancheng.sla import Counting, Deemed, Limit, Policy, Remainder, Share, Target
from bubancheng.sla.light import parse_share, parse_warning

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
        rules=tuple(sorted((_rule(it) for it in root.tables("rule")), key=lambda it: it.valid_from)),
        flow=_flow(root.table("flow"), {role.id for role in roles}),
        roles=roles,
        channels=tuple(_channel(it) for it in root.tables("channel")),
        scope=scope.texts("reasons"),
        exclusions=tuple(_exclusion(it) for it in scope.tables("exclusion")),
        units=tuple(_unit(it) for it in root.tables("unit")),
        dispatch_keys=head.texts("dispatch_keys") or _KEYS,
    )
    _unique(root, "role", (role.id for role in roles))
    _unique(root, "channel", (channel.id for channel in district.channels))
    for key in district.dispatch_keys:
        if key not in _KEYS:
            head.fault("dispatch_keys", f"{key!r} 不在 {', '.join(_KEYS)} 之中")
    if not district.rules:
        root.fault("rule", "至少需要一版规则 (at least one rule)")
    _unique(root, "rule", (rule.version for rule in district.rules))
    _unique(root, "rule", (f"valid_from {rule.valid_from}" for rule in district.rules))
    _unique(root, "unit", (unit.name for unit in district.units))
    _unique(root, "unit", (f"事项 {it}" for unit in district.units for it in unit.matters))
    _unique(root, "unit", (f"办理地点 {it}" for unit in district.units for it in unit.places))
    for table in (head, scope, root):
        table.done()
    return district


def _unique(table: Table, key: str, values: Iterable[str]) -> None:
    for value in repeated(values):
        table.fault(key, f"{value} 出现不止一次 (given twice)")


def _hours(head: Table) -> str | Mapping[str, str]:
    hours = head.text("hours") if not isinstance(head.peek("hours"), dict) else head.mapping("hours")
    try:
        if hours:
            WorkCalendar(hours)
    except BubanchengError as error:
        head.fault("hours", str(error))
    return hours


def _role(table: Table) -> Role:
    role = Role(id=table.text("id"), name=table.text("name"), rights=frozenset(table.texts("rights")))
    table.done()
    return role


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
    )
    table.done()
    return unit


def _flow(table: Table, roles: set[str]) -> Flow:
    steps = []
    for it in table.tables("step"):
        steps.append(
            FlowStep(
                id=it.text("id"),
                stage=it.choice("stage", Stage, Stage.INTAKE),
                name=it.text("name"),
                follow_up=it.get("follow_up", str),
            )
        )
        it.done()
    known = {step.id for step in steps}
    transitions = []
    for it in table.tables("transition"):
        sources, target = it.texts("from"), it.get("to", str)
        allowed = it.texts("roles")
        for key, names, words in (
            ("from", sources, known),
            ("to", [target] if target else [], known),
            ("roles", allowed, roles),
        ):
            for name in names:
                if name not in words:
                    it.fault(key, f"没有 {name!r} (not defined)")
        if not allowed:
            it.fault("roles", "至少一个角色 (at least one role)")
        transitions.append(
            Transition(
                action=it.text("action"),
                entry=it.text("entry"),
                sources=frozenset(sources),
                target=target,
                roles=frozenset(allowed),
                relation=it.choice("relation", Relation, Relation.ANY),
                needs=it.texts("needs"),
                facts=it.texts("facts"),
            )
        )
        it.done()
    _unique(table, "step", (step.id for step in steps))
    for step in steps:
        if step.follow_up is not None and step.follow_up not in {row.action for row in transitions}:
            table.fault("step", f"{step.id}.follow_up: 没有动作 (no such action) {step.follow_up!r}")
    if not steps:
        table.fault("step", "至少需要一个步骤 (at least one step)")
    table.done()
    return Flow(steps=tuple(steps), transitions=tuple(transitions))


def _rule(table: Table) -> Rule:
    categories = []
    for it in table.tables("class"):
        categories.append(
            Category(
                id=it.text("id"),
                name=it.text("name"),
                aliases=it.texts("aliases"),
                source=it.get("source", str),
            )
        )
        it.done()
    _unique(table, "class", (it.id for it in categories))
    known = {it.id for it in categories}
    targets = tuple(_target(it, known) for it in table.tables("target"))
    if sum(target.watched for target in targets) != 1:
        table.fault("target", "须有且只有一个 watched = true 的目标 (exactly one watched target)")
    policy = _policy(table, targets)
    rule = Rule(
        version=table.text("version"),
        valid_from=table.need("valid_from", dt.date, dt.date.min),
        source=table.text("source"),
        categories=tuple(categories),
        policy=policy,
        assumptions=table.texts("assumptions"),
    )
    table.done()
    return rule


def _policy(table: Table, targets: tuple[Target, ...]) -> Policy:
    counting, day = Counting(), parse_warning("24小时")
    conventions = table.mapping("counting")
    for name, value in conventions.items():
        try:
            Counting.of({name: value})
        except ArgumentError as error:
            table.fault("counting", str(error))
        else:
            counting = attrs.evolve(counting, **{name: value})
    levels = []
    for text in table.texts("warning_levels"):
        try:
            levels.append(parse_warning(text))
        except ArgumentError as error:
            table.fault("warning_levels", str(error))
    parts = {
        "final": table.texts("final") or ("resolved",),
        "warn_before": table.parsed("warn_before", parse_warning, day) or day,
        "closed": table.get("closed_light", str, "frozen") or "frozen",
    }
    try:
        return Policy(targets=targets, counting=counting, levels=tuple(levels), **parts)  # type: ignore[arg-type]
    except ValueError as error:
        table.fault("target", str(error))
        return Policy(targets=())


def _target(table: Table, categories: set[str]) -> Target:
    limits: dict[str, Limit] = {}
    words = table.table("limits")
    for category in table.mapping("limits"):
        limit = words.parsed(category, Limit.parse)
        if category not in categories:
            words.fault(category, "没有这个难易等级 (no such class)")
        elif limit is not None:
            limits[category] = limit
    name, starts = table.text("name"), table.text("starts")
    parts = {
        "limits": limits,
        "limit": table.parsed("limit", Limit.parse),
        "remainder": _remainder(table.table("remainder")) if "remainder" in table else None,
        "unclassified": table.get("unclassified", str, "") or "",
        "axis": table.get("axis", str, "class") or "class",
        "due_fact": table.get("due_fact", str, "agreed_due") or "agreed_due",
        "again": bool(table.get("again", bool, False)),
        "per": table.get("per", str),
        "pauses": frozenset(table.texts("pauses")),
        "pause_max": table.parsed("pause_max", Limit.parse),
        "deemed": _deemed(table.table("deemed")) if "deemed" in table else None,
        "capped_by": table.get("capped_by", str),
        "watched": bool(table.get("watched", bool, False)),
    }
    stops = table.texts("stops")
    try:
        target = Target(name=name, starts=starts, stops=stops, **parts)  # type: ignore[arg-type]
    except ArgumentError as error:
        table.fault("limit", str(error))
        target = Target(name=name, starts=starts, stops=stops)
    if not target.stops:
        table.fault("stops", "至少一种记录 (at least one kind of entry)")
    if target.unclassified and target.unclassified not in categories:
        table.fault("unclassified", f"没有难易等级 {target.unclassified!r}")
    table.done()
    return target


def _deemed(table: Table) -> Deemed | None:
    table.text("after")
    after, kind = table.parsed("after", Limit.parse), table.text("kind")
    table.done()
    try:
        return None if after is None else Deemed(kind=kind, after=after)
    except ArgumentError as error:
        table.fault("after", str(error))
        return None


def _remainder(table: Table) -> Remainder | None:
    of, at_least = table.text("of"), table.get("at_least", int, 1) or 1
    part = table.parsed("part", parse_share, Share(Fraction(1, 2)))
    table.done()
    try:
        return None if part is None else Remainder(of=of, part=part.part, at_least=at_least)
    except ArgumentError as error:
        table.fault("at_least", str(error))
        return None
