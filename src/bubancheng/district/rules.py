"""The rules of a profile: one version each, its classes, its targets, how it counts and warns."""

import datetime as dt
from fractions import Fraction

import attrs

from bubancheng.district.model import Category, Rule, Unreachable
from bubancheng.district.reading import Table, unique
from bubancheng.errors import ArgumentError
from bubancheng.sla import Counting, Deemed, Limit, Policy, Remainder, Share, Target
from bubancheng.sla.light import parse_share, parse_warning


def read_rule(table: Table) -> Rule:
    """Read one version of the rules: classes, targets, conventions."""
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
    unique(table, "class", (word for it in categories for word in {it.id, it.name, *it.aliases}))
    table.get("based_on", str)  # merged already
    known = {it.id for it in categories}
    targets = tuple(_target(it, known) for it in table.tables("target"))
    if not any(target.watched and not target.is_occasional for target in targets):
        table.fault(
            "target",
            "须有 watched = true 的目标，一开始就有灯可看 (the light watches no target from the start)",
        )
    policy = _policy(table, targets)
    rule = Rule(
        version=table.text("version"),
        valid_from=table.need("valid_from", dt.date, dt.date.min),
        source=table.text("source"),
        categories=tuple(categories),
        policy=policy,
        assumptions=table.texts("assumptions"),
        unreachable=_unreachable(table.table("unreachable")) if "unreachable" in table else None,
        valid_until=table.get("valid_until", dt.date),
    )
    if rule.valid_until is not None and rule.valid_until < rule.valid_from:
        table.fault("valid_until", f"{rule.valid_until} 早于 valid_from {rule.valid_from}")
    table.done()
    return rule


def _unreachable(table: Table) -> Unreachable:
    found = Unreachable(attempts=table.need("attempts", int, 3), half_days=table.need("half_days", int, 2))
    table.done()
    return found


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
        return Policy(targets=targets, counting=counting, levels=tuple(levels), **parts)  # type: ignore[arg-type] # read key by key, each of its type
    except ValueError as error:
        table.fault("target", str(error))
        return Policy(targets=())


def _target(table: Table, categories: set[str]) -> Target:
    axis = table.get("axis", str, "class") or "class"
    limits: dict[str, Limit] = {}
    words = table.table("limits")
    for category in table.mapping("limits"):
        limit = words.parsed(category, Limit.parse)
        if axis == "class" and category not in categories:
            words.fault(category, "没有这个难易等级 (no such class)")
        elif limit is not None:
            limits[category] = limit
    name, starts = table.text("name"), table.text("starts")
    parts = {
        "limits": limits,
        "limit": table.parsed("limit", Limit.parse),
        "remainder": _remainder(table.table("remainder")) if "remainder" in table else None,
        "unclassified": table.get("unclassified", str, "") or "",
        "axis": axis,
        "due_fact": table.get("due_fact", str, "agreed_due") or "agreed_due",
        "stop_fact": table.get("stop_fact", str),
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
        target = Target(name=name, starts=starts, stops=stops, **parts)  # type: ignore[arg-type] # read key by key, each of its type
    except ArgumentError as error:
        table.fault("limit", str(error))
        target = Target(name=name, starts=starts, stops=stops)
    if not target.stops:
        table.fault("stops", "至少一种记录 (at least one kind of entry)")
    if axis == "class" and target.unclassified and target.unclassified not in categories:
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
