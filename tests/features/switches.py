"""Switches: for each feature an edit of the profile, or of one derivation, that takes it away."""

import importlib.metadata
from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

import attrs
import pytest

from bubancheng.actions import Action, Register
from bubancheng.desk import deriving, duty, writing
from bubancheng.district import Assignment, District
from bubancheng.district.model import Rule
from bubancheng.flow import Happened, Known, Relation, Transition
from bubancheng.ledger import columns
from bubancheng.sla import Clock, Light, Limit, Policy, Target
from bubancheng.ticket import Entry, Fact
from tests.acting import DISTRICT

Switch = Callable[[pytest.MonkeyPatch], District]
Edit = Callable[[Transition], Transition | None]


def _edited(district: District, edit: Edit) -> District:
    rows = [after for row in district.flow.transitions if (after := edit(row)) is not None]
    return attrs.evolve(district, flow=attrs.evolve(district.flow, transitions=tuple(rows)))


def rows_of(action: str, edit: Edit) -> Switch:
    """Change the rows of an action."""
    return lambda _: _edited(DISTRICT, lambda row: edit(row) if row.action == action else row)


def no_row(action: str, role: str | None = None) -> Switch:
    """Take an action away, from everybody or from a role."""

    def edit(row: Transition) -> Transition | None:
        roles = row.roles - {role} if role else frozenset()
        return attrs.evolve(row, roles=roles) if roles else None

    return rows_of(action, edit)


def also(action: str, role: str) -> Switch:
    """Let another role do it too."""
    return rows_of(action, lambda row: attrs.evolve(row, roles=row.roles | {role}))


def no_need(action: str, need: str) -> Switch:
    """Ask for one thing less."""
    return rows_of(action, lambda row: attrs.evolve(row, needs=tuple(it for it in row.needs if it != need)))


def no_condition(action: str, kind: type) -> Switch:
    """Drop a condition."""
    return rows_of(
        action,
        lambda row: attrs.evolve(
            row, conditions=tuple(it for it in row.conditions if not isinstance(it, kind))
        ),
    )


def anybody(action: str) -> Switch:
    """Let any unit do it."""
    return rows_of(action, lambda row: attrs.evolve(row, relation=Relation.ANY))


def no_code(fact: str, word: str) -> Switch:
    """Take a word out of a code table."""
    codes = tuple(it for it in DISTRICT.codes if (it.fact, it.id) != (fact, word))
    assert codes != DISTRICT.codes
    return lambda _: attrs.evolve(DISTRICT, codes=codes)


def no_channel(channel: str) -> Switch:
    """Take a way in away."""
    channels = tuple(it for it in DISTRICT.channels if it.id != channel)
    assert channels != DISTRICT.channels
    return lambda _: attrs.evolve(DISTRICT, channels=channels)


def _policy(change: Callable[[Policy], Policy]) -> Switch:
    def edited(rule: Rule) -> Rule:
        return attrs.evolve(rule, policy=change(rule.policy))

    return lambda _: attrs.evolve(DISTRICT, rules=tuple(edited(rule) for rule in DISTRICT.rules))


def no_target(name: str) -> Switch:
    """Take a duty away."""
    return _policy(
        lambda policy: attrs.evolve(policy, targets=tuple(it for it in policy.targets if it.name != name))
    )


def target(name: str, change: Callable[[Target], Target]) -> Switch:
    """Change a duty."""
    return _policy(
        lambda policy: attrs.evolve(
            policy, targets=tuple(change(it) if it.name == name else it for it in policy.targets)
        )
    )


def limits(**words: str | None) -> Switch:
    """Give classes other limits, None for no number."""

    def change(old: Target) -> Target:
        given: Mapping[str, str | None] = words
        kept = {name: limit for name, limit in old.limits.items() if name not in given}
        new = {name: Limit.parse(text) for name, text in given.items() if text is not None}
        return attrs.evolve(old, limits=kept | new)

    return target("resolve", change)


def role(role_id: str, **changes: Any) -> Switch:
    """Change a role."""
    roles = tuple(attrs.evolve(it, **changes) if it.id == role_id else it for it in DISTRICT.roles)
    return lambda _: attrs.evolve(DISTRICT, roles=roles)


def step(step_id: str, **changes: Any) -> Switch:
    """Change a step."""
    steps = tuple(attrs.evolve(it, **changes) if it.id == step_id else it for it in DISTRICT.flow.steps)
    return lambda _: attrs.evolve(DISTRICT, flow=attrs.evolve(DISTRICT.flow, steps=steps))


def not_on(route_id: str, event: str) -> Switch:
    """Let an event set nothing off on a route."""
    routes = tuple(
        attrs.evolve(it, on=it.on - {event}) if it.id == route_id else it for it in DISTRICT.routes
    )
    return lambda _: attrs.evolve(DISTRICT, routes=routes)


def units(**changes: Any) -> Switch:
    """Change all units."""
    return lambda _: attrs.evolve(DISTRICT, units=tuple(attrs.evolve(it, **changes) for it in DISTRICT.units))


def head(**changes: Any) -> Switch:
    """Change what the district says of itself."""
    return lambda _: attrs.evolve(DISTRICT, **changes)


def points(**changes: Any) -> Switch:
    """Change all counters."""
    found = tuple(attrs.evolve(it, **changes) for it in DISTRICT.service_points)
    return head(service_points=found)


def forgets(*names: str) -> Switch:
    """Let actions not state a fact."""
    real = Action.facts

    def facts(action: Action) -> dict[str, Fact]:
        return {name: value for name, value in real(action).items() if name not in names}

    return patched(Action, "facts", facts)


def patched(owner: object, name: str, other: object) -> Switch:
    """Replace one function."""

    def switch(monkeypatch: pytest.MonkeyPatch) -> District:
        monkeypatch.setattr(owner, name, other)
        return DISTRICT

    return switch


def without_last_column(patch: pytest.MonkeyPatch) -> District:
    """Leave a column of every ledger out."""
    patch.setattr(columns, "COLUMNS", columns.COLUMNS[:-1])
    return DISTRICT


def underived(kind: str) -> Switch:
    """Let an entry of a kind add nothing by itself."""

    def switch(monkeypatch: pytest.MonkeyPatch) -> District:
        monkeypatch.delitem(deriving._DERIVED, kind)
        return DISTRICT

    return switch


def _opening(row: Transition) -> Transition:
    return attrs.evolve(row, sources=frozenset(), relation=Relation.ANY)


def _reasonless(**parts: Any) -> Entry:
    return Entry(**(parts | {"reason": None}))


def _never_late(_clock: Clock, _now: object) -> Light:
    return Light.GREEN


def _guessing(district: District, **_keys: object) -> Assignment:
    return Assignment(unit=district.units[0].name, rule="guess")


def _by_channel(old: Target) -> Target:
    return attrs.evolve(old, axis="channel", limits={"web_portal": Limit.parse("当日")}, unclassified="")


def _stops_without(*kinds: str) -> Callable[[Target], Target]:
    return lambda old: attrs.evolve(old, stops=tuple(it for it in old.stops if it not in kinds))


def _evolved(**changes: Any) -> Callable[[Any], Any]:
    return lambda old: attrs.evolve(old, **changes)


SWITCHES: dict[int, Switch] = {
    1: no_code("item", "pain_point"),
    2: forgets("prior_attempts"),
    3: head(legal_basis=()),
    4: head(window="投诉窗口"),
    5: points(hours=""),
    6: points(signage=""),
    7: no_channel("web_portal"),
    8: no_channel("web_enterprise"),
    9: no_channel("mobile_citizen"),
    10: no_channel("mobile_enterprise"),
    11: role("kiosk", rights=frozenset()),
    12: forgets("stuck_step"),
    13: forgets("stuck_step"),
    14: target("resolve", _by_channel),
    15: no_code("reporter_kind", "organisation"),
    16: no_code("failed_stage", "approval"),
    17: no_code("scope_reason", "counter_unsolved"),
    18: no_code("scope_reason", "other_problem"),
    19: no_need("decline", "citation"),
    20: no_need("decline", "explanation"),
    21: rows_of("accept", lambda row: attrs.evolve(row, sources=row.sources | {"not_accepted"})),
    22: no_row("archive"),
    23: no_row("consult", "district_office"),
    24: patched(importlib.metadata, "entry_points", lambda **_: ()),
    25: no_row("archive"),
    26: forgets("began"),
    27: rows_of("accept", _opening),
    28: units(places=frozenset()),
    29: units(matters=frozenset()),
    30: no_row("accept", "disposal_officer"),
    31: patched(Register, "keys", lambda _: {}),
    32: no_row("register", "dispatch_centre"),
    33: no_row("decline", "disposal_officer"),
    34: head(dispatch_keys=("handling_place", "matter_owner")),
    35: no_row("dispatch", "system"),
    36: patched(District, "assign", _guessing),
    37: no_code("topic", "inquiry"),
    38: no_need("dispatch", "reason"),
    39: patched(duty, "sign_in", lambda *_: None),
    40: no_row("assign"),
    41: no_target("co_handling"),
    42: units(parent=None),
    43: no_code("outcome", "partly"),
    44: no_row("solve_on_site"),
    45: target("contact", _evolved(capped_by=None)),
    46: target("contact", _evolved(limit=Limit.parse("2个工作日"))),
    47: forgets("learned"),
    48: limits(simple=None),
    49: limits(general="3日"),
    50: limits(complex="5日"),
    51: limits(hard="10个工作日"),
    52: target("resolve", _stops_without("explained")),
    53: step("tracking", is_open=False),
    54: underived("acknowledged"),
    55: anybody("request_co_handling"),
    57: patched(Clock, "light", _never_late),
    58: _policy(_evolved(warn_before=Limit.parse("12小时"))),
    59: _policy(_evolved(closed="green")),
    60: no_condition("archive", Happened),
    61: no_code("grade", "5"),
    62: forgets("solved"),
    63: also("call_back", "disposal_officer"),
    64: no_code("finding", "concealment"),
    65: no_code("item", "bulletin"),
    66: target("rectification", _evolved(again=False)),
    67: no_need("rectify", "evidence"),
    68: anybody("contact"),
    69: no_condition("archive", Known),
    70: no_code("measure", "window_conduct"),
    71: no_target("item"),
    72: also("supervise", "dispatch_centre"),
    73: role("dispatch_centre", rights=frozenset({"calendar"})),
    74: not_on("office_inbox", "escalated"),
    75: also("dispatch", "window_officer"),
    77: no_row("accept", "disposal_officer"),
    78: forgets("section"),
    79: also("note", "discipline_overseer"),
    80: role("disposal_officer", per_unit=None),
    81: role("window_officer", per_unit=None),
    82: without_last_column,
    84: underived("archived"),
    85: role("window_head", per_unit=None),
    86: no_row("rectify", "window_head"),
    87: patched(Clock, "light", _never_late),
    90: no_condition("archive", Known),
    92: no_code("root_cause", "hidden_barrier"),
    99: no_code("intake_reason", "material_missing"),
    100: no_code("intake_reason", "runaround"),
    101: no_row("defer"),
    102: no_code("root_cause", "cross_department"),
    103: no_code("root_cause", "stale_data"),
    104: no_code("root_cause", "material_incomplete"),
    105: points(location="大厅"),
    106: no_code("assistance", "guidance"),
    107: no_need("defer", "checked_by"),
    108: no_need("defer", "checked_by"),
    109: forgets("mandate"),
    110: no_code("assistance", "accompany"),
    111: forgets("opinions"),
    112: patched(writing, "Entry", _reasonless),
    115: no_channel("online_human_help"),
    116: no_target("online_response"),
    121: no_row("decline"),
    122: head(rules=DISTRICT.rules[1:]),
    123: no_code("assistance", "immediate_acceptance"),
    124: limits(complex="当日"),
    125: no_code("consultation", "case_by_case"),
    126: no_need("consult", "legal_basis"),
    127: no_code("assistance", "switch_online"),
    128: no_target("wanted"),
    129: no_row("escalate", "disposal_officer"),
    130: no_need("defer", "consequence"),
    131: no_code("assistance", "switch_online"),
    132: no_code("root_cause", "guide_misread"),
    133: no_code("root_cause", "guide_misread"),
    134: no_code("urgency", "economic_loss"),
    135: no_code("urgency", "long_travel"),
    136: no_need("defer", "checked_by"),
    137: no_code("assistance", "remote_verification"),
    138: no_target("deferral"),
    139: no_code("assistance", "postal_delivery"),
    140: forgets("trips_saved"),
    142: no_code("triage", "unknown_how"),
    143: patched(
        import_module("bubancheng.cli.main"), "_counting_value", lambda _: ("same_day", "close_roll")
    ),
    144: step("registered", next_step=""),
    146: no_code("item", "guide_correction"),
    149: not_on("reporter", "explained"),
}
"""One switch a row that the library performs."""
