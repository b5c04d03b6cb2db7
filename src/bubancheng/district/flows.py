"""The flow of a profile: the steps, the rows of the table, and what else a row asks for."""

from collections.abc import Callable, Iterator

from bubancheng.district.reading import Table, nearest
from bubancheng.flow import (
    Approved,
    AtMost,
    BeforeDue,
    Condition,
    Flow,
    FlowStep,
    Happened,
    Known,
    Listed,
    OnDuty,
    Open,
    OtherUnit,
    Relation,
    Settled,
    Stage,
    Transition,
    Within,
)
from bubancheng.sla import Limit


def read_flow(table: Table, roles: set[str]) -> Flow:
    """Read the flow table: steps, and who may do what where."""
    steps = []
    for it in table.tables("step"):
        steps.append(
            FlowStep(
                id=it.text("id"),
                stage=it.choice("stage", Stage, Stage.INTAKE),
                name=it.text("name"),
                follow_up=it.get("follow_up", str),
                public=it.get("public", str, "") or "",
                next_step=it.get("next_step", str, "") or "",
                is_open=bool(it.get("open", bool, False)),
                is_end=bool(it.get("end", bool, False)),
            )
        )
        it.done()
    known = {step.id for step in steps}
    transitions = []
    for it in table.tables("transition"):
        sources, target = it.texts("from"), it.get("to", str)
        allowed = it.texts("roles")
        it.get("also", bool)  # whether it stands beside the inherited rows of its action
        for key, kind, names, words in (
            ("from", "步骤 step", sources, known),
            ("to", "步骤 step", [target] if target else [], known),
            ("roles", "角色 role", allowed, roles),
        ):
            for name in names:
                if name not in words:
                    it.fault(key, f"没有{kind} (not defined) {name!r}{nearest(name, words)}")
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
                given=it.mapping("given"),
                conditions=tuple(_conditions(it, roles)),
            )
        )
        it.done()
    table.done()
    return Flow(steps=tuple(steps), transitions=tuple(transitions))


def _conditions(table: Table, roles: set[str]) -> Iterator[Condition]:
    """Yield what else a row asks for."""
    for key, read in _READERS.items():
        if key in table:
            condition = read(table, key)
            if condition is not None:
                yield condition
    only_harder = bool(table.get("approve_harder_only", bool, False))
    approvers = table.texts("approvers")
    for role in approvers:
        if role not in roles:
            table.fault("approvers", f"没有角色 role (not defined) {role!r}{nearest(role, roles)}")
    if approvers:
        yield Approved(frozenset(approvers), only_harder)


def _at_most(table: Table, key: str) -> Condition | None:
    times = table.get(key, int)
    return None if times is None else AtMost(table.text("entry"), times)


def _within(table: Table, key: str) -> Condition | None:
    inner = table.table(key)
    after, limit = inner.text("after"), inner.parsed("limit", Limit.parse)
    inner.done()
    return None if limit is None else Within(after, limit)


def _before_due(table: Table, key: str) -> Condition:
    return BeforeDue(table.text(key))


def _other_unit(table: Table, key: str) -> Condition:
    return OtherUnit(table.text(key))


def _open(table: Table, key: str) -> Condition:
    inner = table.table(key)
    found = Open(inner.text("field"), inner.text("begins"), inner.texts("ends"), closed=key == "not_open")
    inner.done()
    return found


def _listed(table: Table, key: str) -> Condition:
    inner = table.table(key)
    found = Listed(inner.text("field"), frozenset(inner.texts("values")))
    inner.done()
    return found


def _settled(table: Table, key: str) -> Condition:
    inner = table.table(key)
    found = Settled(inner.text("field"), inner.text("begins"), inner.texts("ends"))
    inner.done()
    return found


def _on_duty(table: Table, key: str) -> Condition:
    inner = table.table(key)
    found = OnDuty(inner.text("field"), inner.text("post"))
    inner.done()
    return found


def _known(table: Table, key: str) -> Condition:
    return Known(table.texts(key))


def _happened(table: Table, key: str) -> Condition:
    inner = table.table(key)
    found = Happened(inner.text("kind"), inner.get("field", str), inner.get("value", str))
    inner.done()
    return found


_READERS: dict[str, Callable[[Table, str], Condition | None]] = {
    "at_most": _at_most,
    "within": _within,
    "before_due": _before_due,
    "other_unit": _other_unit,
    "open": _open,
    "not_open": _open,
    "listed": _listed,
    "known": _known,
    "happened": _happened,
    "settled": _settled,
    "on_duty": _on_duty,
}
