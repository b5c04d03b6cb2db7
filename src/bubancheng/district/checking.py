"""What only the whole of a profile shows: names nobody defines, steps without a way, limits past any day."""

import datetime as dt
from collections.abc import Iterable, Iterator

from bubancheng.district.knowledge import check_knowledge
from bubancheng.district.model import District, Rule
from bubancheng.district.reading import Table, nearest, unique
from bubancheng.district.retaining import check_retentions
from bubancheng.district.words import check_words
from bubancheng.errors import BubanchengError
from bubancheng.flow import AtMost, BeforeDue, Condition, Flow, Happened, Open, Settled, Within
from bubancheng.sla import Limit, Target
from bubancheng.sla.notation import LimitUnit

_UNIT, _REPORTER = "unit", "reporter"  # receivers of notices that are no role
_NOON = dt.time(12)
_DESK_KINDS = frozenset({"recalculated", "erased"})  # what the desk writes by itself


def check(root: Table, district: District) -> None:
    """Note everything in which the parts of a profile do not fit together."""
    _check_names(root, district)
    _check_units(root, district)
    if not district.rules:
        root.fault("rule", "至少需要一版规则 (at least one rule)")
    _check_versions(root, district)
    _check_flow(root.table("flow"), district.flow)
    _check_kinds(root, district)
    check_words(root, district)
    _check_limits(root, district)
    check_retentions(root, district.retentions)
    causes = (it.id for it in district.coded("root_cause"))
    check_knowledge(root, district.questions, district.tips, causes)


def _check_names(root: Table, district: District) -> None:
    for key, names in (
        ("code", (f"{it.fact} {it.id}" for it in district.codes)),
        ("route", (it.id for it in district.routes)),
        ("role", (it.id for it in district.roles)),
        ("channel", (it.id for it in district.channels)),
        ("tip", (it.id for it in district.tips)),
        ("question", (it.id for it in district.questions)),
        ("metric", (it.id for it in district.metrics)),
        ("retention", (it.id for it in district.retentions)),
        ("ledger", (word for it in district.columns for word in {it.name, *it.aliases})),
        ("rule", (it.version for it in district.rules)),
        ("rule", (f"valid_from {it.valid_from}" for it in district.rules)),
        ("unit", (it.name for it in district.units)),
    ):
        unique(root, key, names)
    roles = {it.id for it in district.roles}
    for route in district.routes:
        if route.to not in {_UNIT, _REPORTER, *roles}:
            root.named("route", route.id).fault("to", f"没有角色 (no such role) {route.to!r}")


def _check_units(root: Table, district: District) -> None:
    for unit in district.units:
        table = root.named("unit", unit.name)
        if unit.parent is not None and district.unit(unit.parent) is None:
            table.fault("parent", f"没有单位 (no such unit) {unit.parent!r}")
        if unit.name in district.superiors(unit.name):
            table.fault("parent", f"{unit.name} 上下级成环 (above itself)")
    for key, kind in (("matters", "事项"), ("places", "办理地点")):
        _check_owners(root, district, key, kind)
    for point in district.service_points:
        if district.unit(point.unit) is None:
            root.named("service_point", point.name).fault("unit", f"没有单位 (no such unit) {point.unit!r}")
    for duty in district.duties:
        if duty.unit is not None and district.unit(duty.unit) is None:
            root.named("duty", duty.post).fault("unit", f"没有单位 (no such unit) {duty.unit!r}")


def _check_owners(root: Table, district: District, key: str, kind: str) -> None:
    owners: dict[str, str] = {}
    for unit in district.units:
        for it in sorted(getattr(unit, key)):
            first = owners.setdefault(it, unit.name)
            if first != unit.name:
                root.named("unit", unit.name).fault(key, f"{kind} {it} 已属 {first} (two units own it)")


def _check_versions(root: Table, district: District) -> None:
    for earlier, later in zip(district.rules, district.rules[1:], strict=False):
        if earlier.valid_until is not None and earlier.valid_until >= later.valid_from:
            spans = f"{earlier.version} 至 {earlier.valid_until}，{later.version} 自 {later.valid_from}"
            root.named("rule", earlier.version).fault("valid_until", f"两版规则重叠 (overlap): {spans}")


# -- the flow: every step can be reached, and left


def _check_flow(table: Table, flow: Flow) -> None:
    unique(table, "step", (step.id for step in flow.steps))
    actions = {row.action for row in flow.transitions}
    for step in flow.steps:
        if step.follow_up is not None and step.follow_up not in actions:
            table.named("step", step.id).fault("follow_up", f"没有动作 (no such action) {step.follow_up!r}")
    if not flow.steps:
        table.fault("step", "至少需要一个步骤 (at least one step)")
        return
    ways = [(source, row.target) for row in flow.transitions if row.target for source in row.sources]
    named = {it for row in flow.transitions for it in (*row.sources, row.target) if it is not None}
    if named - {step.id for step in flow.steps}:
        return  # noted where the rows are read: first the names must be right
    opened = {row.target for row in flow.transitions if not row.sources and row.target}
    reached = _spread(opened, ways)
    ends = {step.id for step in flow.steps if step.is_end}
    leaving = _spread(ends, [(to, source) for source, to in ways])
    if not ends:
        table.fault("step", "至少一个终点，写 end = true (at least one step where a ticket may rest)")
    for step in flow.steps:
        if step.id not in reached:
            table.named("step", step.id).fault("id", f"{step.id} 没有动作能到达 (cannot be reached)")
        if ends and step.id not in leaving:
            known = ", ".join(sorted(ends))
            table.named("step", step.id).fault("id", f"{step.id} 到不了终点 (no way to an end): {known}")


def _spread(known: Iterable[str], ways: Iterable[tuple[str, str]]) -> set[str]:
    """Return all that can be reached from some steps."""
    found, left, ways = set(known), list(known), list(ways)
    while left:
        here = left.pop()
        more = {to for source, to in ways if source == here} - found
        found |= more
        left += more
    return found


# -- kinds of entry: whatever waits for one, some row must write it


def _check_kinds(root: Table, district: District) -> None:
    written = {row.entry for row in district.flow.transitions} | _DESK_KINDS
    for table, key, kind in _awaited(root, district):
        if kind not in written:
            table.fault(key, f"没有一行流程写出 {kind!r} (no row writes this kind of entry)")
    targets = {target.name for rule in district.rules for target in rule.policy.targets}
    for row in district.flow.transitions:
        for condition in row.conditions:
            if isinstance(condition, BeforeDue) and condition.target not in targets:
                table, near = (
                    root.table("flow").named("transition", row.action),
                    nearest(condition.target, targets),
                )
                table.fault("before_due", f"没有目标 (no such target) {condition.target!r}{near}")
    for route in district.routes:
        for event in route.on:
            if event.startswith("due:") and event.removeprefix("due:") not in targets:
                root.named("route", route.id).fault("on", f"没有目标 (no such target) {event!r}")


def _awaited(root: Table, district: District) -> Iterator[tuple[Table, str, str]]:
    """Yield every kind of entry that something waits for: in which table, under which key."""
    for rule in district.rules:
        version = root.named("rule", rule.version)
        for target in rule.policy.targets:
            table = version.named("target", target.name)
            yield from ((table, "starts", kind) for kind in sorted(target.starting_kinds))
            yield from ((table, "stops", stop.partition("?")[0]) for stop in target.stops)
            if target.deemed is not None:
                yield table, "deemed", target.deemed.kind
        yield from ((version, "final", kind) for kind in rule.policy.final)
    for route in district.routes:
        table = root.named("route", route.id)
        yield from ((table, "on", event) for event in sorted(route.on) if ":" not in event)
    for metric in district.metrics:
        table = root.named("metric", metric.id)
        yield table, "numerator", metric.numerator.entry
        if metric.denominator is not None:
            yield table, "denominator", metric.denominator.entry
    flow = root.table("flow")
    for row in district.flow.transitions:
        for condition in row.conditions:
            yield from ((flow.named("transition", row.action), "action", it) for it in _kinds_of(condition))


def _kinds_of(condition: Condition) -> tuple[str, ...]:
    match condition:
        case AtMost():
            return (condition.entry,)
        case Within():
            return (condition.after,)
        case Happened():
            return (condition.kind,)
        case Open() | Settled():
            return (condition.begins, *condition.ends)
        case _:
            return ()


# -- limits


def _check_limits(root: Table, district: District) -> None:
    """Note limits that no calendar can meet: beyond its last day, or without an hour to work in."""
    try:
        calendar = district.work_calendar()
    except BubanchengError:
        return  # noted where the hours are read
    for rule in district.rules:
        start = dt.datetime.combine(max(rule.valid_from, calendar.known_from), _NOON)
        for target, limit in _limits(rule):
            try:
                limit.due(start, calendar, rule.policy.counting)
            except BubanchengError as error:
                table = root.named("rule", rule.version).named("target", target.name)
                table.fault("name", f"{limit} 没有历法可以满足 (no calendar meets it): {error}")


def _limits(rule: Rule) -> Iterator[tuple[Target, Limit]]:
    for target in rule.policy.targets:
        given = (target.limit, *target.limits.values(), target.pause_max)
        deemed = None if target.deemed is None else target.deemed.after
        for limit in (*given, deemed):
            if limit is not None and limit.unit is not LimitUnit.BY_AGREEMENT:
                yield target, limit
