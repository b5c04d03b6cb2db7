"""What only the whole of a profile shows: names nobody defines, steps without a way, limits past any day."""

import datetime as dt
from collections.abc import Iterable, Iterator

from bubancheng.district.knowledge import check_knowledge
from bubancheng.district.model import District, Rule
from bubancheng.district.reading import Table, unique
from bubancheng.errors import BubanchengError
from bubancheng.flow import AtMost, Condition, Flow, Happened, Open, Settled, Within
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
    _check_limits(root, district)
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
        ("ledger", (word for it in district.columns for word in {it.name, *it.aliases})),
        ("rule", (it.version for it in district.rules)),
        ("rule", (f"valid_from {it.valid_from}" for it in district.rules)),
        ("unit", (it.name for it in district.units)),
        ("unit", (f"事项 {it}" for unit in district.units for it in unit.matters)),
        ("unit", (f"办理地点 {it}" for unit in district.units for it in unit.places)),
    ):
        unique(root, key, names)
    roles = {it.id for it in district.roles}
    for route in district.routes:
        if route.to not in {_UNIT, _REPORTER, *roles}:
            root.fault("route", f"{route.id}.to: 没有角色 (no such role) {route.to!r}")


def _check_units(root: Table, district: District) -> None:
    for unit in district.units:
        if unit.parent is not None and district.unit(unit.parent) is None:
            root.fault("unit", f"{unit.name}.parent: 没有单位 (no such unit) {unit.parent!r}")
        if unit.name in district.superiors(unit.name):
            root.fault("unit", f"{unit.name}: 上下级成环 (above itself)")
    for point in district.service_points:
        if district.unit(point.unit) is None:
            root.fault("service_point", f"{point.name}.unit: 没有单位 (no such unit) {point.unit!r}")
    for duty in district.duties:
        if duty.unit is not None and district.unit(duty.unit) is None:
            root.fault("duty", f"{duty.post}.unit: 没有单位 (no such unit) {duty.unit!r}")


def _check_versions(root: Table, district: District) -> None:
    for earlier, later in zip(district.rules, district.rules[1:], strict=False):
        if earlier.valid_until is not None and earlier.valid_until >= later.valid_from:
            spans = f"{earlier.version} 至 {earlier.valid_until}，{later.version} 自 {later.valid_from}"
            root.fault("rule", f"两版规则重叠 (overlap): {spans}")


# -- the flow: every step can be reached, and left


def _check_flow(table: Table, flow: Flow) -> None:
    unique(table, "step", (step.id for step in flow.steps))
    actions = {row.action for row in flow.transitions}
    for step in flow.steps:
        if step.follow_up is not None and step.follow_up not in actions:
            table.fault("step", f"{step.id}.follow_up: 没有动作 (no such action) {step.follow_up!r}")
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
            table.fault("step", f"{step.id}: 没有动作能到达 (cannot be reached)")
        if ends and step.id not in leaving:
            table.fault("step", f"{step.id}: 到不了终点 (no way to an end): {', '.join(sorted(ends))}")


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
    for (key, subject), kind in _awaited(district):
        if kind not in written:
            root.fault(key, f"{subject}: 没有一行写出 {kind!r} (no row writes this kind of entry)")
    targets = {target.name for rule in district.rules for target in rule.policy.targets}
    for route in district.routes:
        for event in route.on:
            if event.startswith("due:") and event.removeprefix("due:") not in targets:
                root.fault("route", f"{route.id}.on: 没有目标 (no such target) {event!r}")


def _awaited(district: District) -> Iterator[tuple[tuple[str, str], str]]:
    """Yield every kind of entry that something waits for, and where."""
    for rule in district.rules:
        for target in rule.policy.targets:
            where = ("rule", f"{rule.version} {target.name}")
            kinds = [*target.starting_kinds, *(stop.partition("?")[0] for stop in target.stops)]
            kinds += [] if target.deemed is None else [target.deemed.kind]
            yield from ((where, kind) for kind in kinds)
        yield from ((("rule", f"{rule.version} final"), kind) for kind in rule.policy.final)
    for route in district.routes:
        yield from ((("route", route.id), event) for event in sorted(route.on) if ":" not in event)
    for metric in district.metrics:
        for tally in (metric.numerator, metric.denominator):
            if tally is not None:
                yield ("metric", metric.id), tally.entry
    for row in district.flow.transitions:
        for condition in row.conditions:
            yield from ((("flow", row.action), kind) for kind in _kinds_of(condition))


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
                root.fault(
                    "rule",
                    f"{rule.version} {target.name}: {limit} 没有历法可以满足 (no calendar meets it): {error}",
                )


def _limits(rule: Rule) -> Iterator[tuple[Target, Limit]]:
    for target in rule.policy.targets:
        given = (target.limit, *target.limits.values(), target.pause_max)
        deemed = None if target.deemed is None else target.deemed.after
        for limit in (*given, deemed):
            if limit is not None and limit.unit is not LimitUnit.BY_AGREEMENT:
                yield target, limit
