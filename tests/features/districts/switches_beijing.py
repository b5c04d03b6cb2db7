"""Switches of rows 151 to 215: for each that is performed, an edit of a profile that takes the feature away."""

from collections.abc import Callable, Iterable
from typing import Any

import attrs
import pytest

from bubancheng.desk import deriving
from bubancheng.district import District, Metric
from bubancheng.district.model import Rule
from bubancheng.flow import Happened, Open, Relation, Settled, Transition
from bubancheng.sla import Target
from bubancheng.ticket import Ticket
from bubancheng_beijing import patrol
from tests.features.districts.halls import DISTRICTS

Switch = Callable[[pytest.MonkeyPatch], District]
"""Takes the feature away, and returns the district that it took it from."""
Edit = Callable[[Transition], Transition | None]


def head(name: str, **changes: Any) -> Switch:
    """Change what a district says of itself."""
    return lambda _: attrs.evolve(DISTRICTS[name], **changes)


def rows_of(name: str, action: str, edit: Edit) -> Switch:
    """Change the rows of an action."""
    flow = DISTRICTS[name].flow
    assert any(row.action == action for row in flow.transitions)
    rows = [edit(row) if row.action == action else row for row in flow.transitions]
    return head(name, flow=attrs.evolve(flow, transitions=tuple(row for row in rows if row is not None)))


def no_row(name: str, action: str, role: str | None = None) -> Switch:
    """Take an action away, from everybody or from a role."""

    def edit(row: Transition) -> Transition | None:
        roles = row.roles - {role} if role else frozenset()
        return attrs.evolve(row, roles=roles) if roles else None

    return rows_of(name, action, edit)


def no_need(name: str, action: str, *needs: str) -> Switch:
    """Ask for less; what is no longer asked for may still be said."""

    def edit(row: Transition) -> Transition:
        left = tuple(it for it in row.needs if it not in needs)
        return attrs.evolve(row, needs=left, facts=(*row.facts, *needs))

    return rows_of(name, action, edit)


def no_condition(name: str, action: str, kind: type) -> Switch:
    """Drop a condition."""
    return rows_of(
        name,
        action,
        lambda row: attrs.evolve(
            row, conditions=tuple(it for it in row.conditions if not isinstance(it, kind))
        ),
    )


def left_out(name: str, part: str, unwanted: Callable[[Any], bool]) -> Switch:
    """Take some of a district's things away."""
    before = getattr(DISTRICTS[name], part)
    left = tuple(it for it in before if not unwanted(it))
    assert left != before
    return head(name, **{part: left})


def no_code(name: str, fact: str, *words: str) -> Switch:
    """Take words out of a code table."""
    return left_out(name, "codes", lambda it: it.fact == fact and it.id in words)


def each(name: str, part: str, **changes: Any) -> Switch:
    """Change all of a district's things of a kind."""
    return head(name, **{part: tuple(attrs.evolve(it, **changes) for it in getattr(DISTRICTS[name], part))})


def target(name: str, wanted: str, change: Callable[[Target], Target | None]) -> Switch:
    """Change a duty, or take it away."""

    def edited(rule: Rule) -> Rule:
        changed = [change(it) if it.name == wanted else it for it in rule.policy.targets]
        kept = tuple(it for it in changed if it is not None)
        assert kept != rule.policy.targets
        return attrs.evolve(rule, policy=attrs.evolve(rule.policy, targets=kept))

    return head(name, rules=tuple(edited(rule) for rule in DISTRICTS[name].rules))


def no_target(name: str, wanted: str) -> Switch:
    """Take a duty away."""
    return target(name, wanted, lambda _: None)


def metric(name: str, wanted: str, change: Callable[[Metric], Metric]) -> Switch:
    """Change the definition of a figure."""
    found = tuple(change(it) if it.id == wanted else it for it in DISTRICTS[name].metrics)
    assert found != DISTRICTS[name].metrics
    return head(name, metrics=found)


def underived(name: str, kind: str) -> Switch:
    """Let an entry of a kind add nothing by itself."""

    def switch(monkeypatch: pytest.MonkeyPatch) -> District:
        monkeypatch.delitem(deriving._DERIVED, kind)
        return DISTRICTS[name]

    return switch


def patched(name: str, function: str, other: object) -> Switch:
    """Replace a function of the patrol day."""

    def switch(monkeypatch: pytest.MonkeyPatch) -> District:
        monkeypatch.setattr(patrol, function, other)
        return DISTRICTS[name]

    return switch


def _anybody(row: Transition) -> Transition:
    return attrs.evolve(row, relation=Relation.ANY)


def _seen_all(_ticket: Ticket, counters: Iterable[str]) -> patrol.Coverage:
    names = list(counters)
    return patrol.Coverage(checked=len(names), counters=len(names), missing=())


def _nobody_walks(members: Iterable[str], *_: object) -> dict[str, list[str]]:
    return {member: [] for member in members}


def _to_registered(row: Transition) -> Transition:
    return attrs.evolve(row, target="registered") if row.target == "lead" else row


SWITCHES: dict[int, Switch] = {
    151: no_need("beijing", "accept", "scope_reason"),
    152: no_code("beijing", "exclusion", "litigation"),
    153: no_need("beijing", "decline", "explanation"),
    154: left_out("beijing", "rules", lambda it: it.version == "2021-11-29"),
    155: each("beijing", "units", level=None),
    156: each("dongcheng", "service_points", floor=None),
    157: no_row("dongcheng", "register", "floor_clerk"),
    158: each("xicheng", "service_points", brand=""),
    166: left_out("xicheng", "channels", lambda it: it.id == "hotline"),
    167: metric(
        "xicheng",
        "orders_received",
        lambda it: attrs.evolve(it, numerator=attrs.evolve(it.numerator, but={})),
    ),
    168: no_code("xicheng", "cause_family", "errands"),
    169: no_code("xicheng", "root_cause", "incomplete_notice"),
    170: no_code("xicheng", "cause_family", "complex_interest"),
    171: underived("shijingshan", "informed"),
    172: underived("shijingshan", "informed"),
    173: no_condition("shijingshan", "resolve", Happened),
    174: no_row("shijingshan", "check_notice"),
    175: no_target("shijingshan", "notice_rectification"),
    176: no_row("dongcheng", "publish_guide"),
    177: no_need("dongcheng", "open_item", "guide_matter", "guide_field", "old_text", "new_text"),
    178: rows_of("dongcheng", "publish_guide", _anybody),
    179: no_code("dongcheng", "intake_reason", "cannot_attend"),
    180: target("xicheng", "review", lambda it: attrs.evolve(it, watched=False)),
    181: target("xicheng", "review", lambda it: attrs.evolve(it, watched=False)),
    182: rows_of("xicheng", "resolve", lambda row: attrs.evolve(row, facts=())),
    183: no_condition("xicheng", "archive", Settled),
    184: no_target("xicheng", "co_handling"),
    185: no_condition("fengtai", "settle_item", Open),
    186: no_row("xicheng", "register", "portal"),
    187: no_need("xicheng", "run_errand", "result"),
    188: no_row("xicheng", "register", "roving_steward"),
    189: each("xicheng", "service_points", brand=""),
    190: each("xicheng", "units", level=None),
    191: no_need("xicheng", "register", "request_type"),
    192: each("chaoyang", "channels", brand=""),
    193: rows_of("chaoyang", "register", _to_registered),
    194: no_condition("chaoyang", "convert_lead", Happened),
    195: no_row("chaoyang", "answer_opinion"),
    196: rows_of("dongcheng", "accept", lambda row: attrs.evolve(row, roles=row.roles | {"window_officer"})),
    197: no_row("dongcheng", "dispatch", "collection_group"),
    198: no_need("dongcheng", "file", "filing_number"),
    199: no_need("dongcheng", "announce_patrol", "month"),
    200: patched("dongcheng", "is_fair", lambda **_: True),
    201: patched("dongcheng", "roster", _nobody_walks),
    202: patched("dongcheng", "coverage", _seen_all),
    203: no_row("dongcheng", "register", "patroller"),
    204: head("daxing", duties=()),
    205: rows_of("daxing", "run_errand", _anybody),
    206: no_code("xicheng", "tag", "blocker"),
    208: no_target("daxing", "commitment"),
    209: no_code("daxing", "intake_reason", "cannot_attend"),
    210: head("xicheng", duties=()),
    211: head("xicheng", dispatch_keys=("handling_place",)),
    212: no_code("xicheng", "failed_stage", "queueing"),
    213: no_code("xicheng", "assistance", "taught"),
    214: head("xicheng", questions=()),
    215: head("xicheng", questions=()),
}
"""One switch a row that the library performs."""
