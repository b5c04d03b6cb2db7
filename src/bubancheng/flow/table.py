"""The table: its steps, its rows, and who is what to a ticket."""

from collections.abc import Iterable, Mapping
from enum import Enum

import attrs

from bubancheng.actions import Action, name_of
from bubancheng.errors import NotAllowedError, UnknownNameError
from bubancheng.flow.conditions import Approved, Case, Condition
from bubancheng.ticket import Actor, Fact, Ticket


class Stage(Enum):
    """The five stages of the closed loop (全流程闭环); every step of any district is in one."""

    INTAKE = "intake"  # 统一受理
    DISPATCH = "dispatch"  # 分类派单
    RESOLVE = "resolve"  # 限时办结
    CALLBACK = "callback"  # 回访督办
    RECTIFY = "rectify"  # 反馈整改


class Relation(Enum):
    """What an actor's unit must be to the ticket."""

    ANY = "any"
    OWN = "own"  # the unit that is responsible for it now
    HANDLING = "handling"  # that unit, or the one it passed it down to (向下派单)
    INTAKE = "intake"  # the unit that wrote it down; any, where it came online
    CO_HANDLER = "co_handler"  # a unit that was asked for help (协办) and has not answered yet
    NAMED = "named"  # the unit that the action itself names as its co-handler
    FIRST_INQUIRY = "first_inquiry"  # the person who was asked first (首问负责制), of whatever unit


def is_related(relation: Relation, actor: Actor, ticket: Ticket | None, action: Action) -> bool:
    """Tell whether an actor's unit is to a ticket what a row asks for."""
    if relation is Relation.ANY or ticket is None:
        return relation is Relation.ANY
    if relation is Relation.FIRST_INQUIRY or actor.unit is None:
        return relation is Relation.FIRST_INQUIRY and actor.id == ticket.text("first_inquiry")
    if relation is Relation.INTAKE:
        return ticket.text("intake_unit") in {actor.unit, None}
    if relation is Relation.NAMED:
        return actor.unit == action.facts().get("co_handler")
    if relation is Relation.CO_HANDLER:
        asked = [mark for mark in ticket.marks if mark.facts.get("co_handler") == actor.unit]
        return bool(asked) and asked[-1].facts.get("answer") is None
    passed = {ticket.text("delegate")} if relation is Relation.HANDLING else set()
    return actor.unit in {ticket.unit, *passed}


@attrs.frozen(kw_only=True)
class FlowStep:
    """A step a ticket can stand at: its `id`, its stage, its Chinese name.

    `follow_up`: the action that the system tries by itself as soon as a ticket stands here; `public`: what
    the reporter is told of it, and `next_step`: what comes next; `is_open`: a ticket here is not at its
    end although its clock stands still, as one that is followed up (跟踪服务); `is_end`: it may rest here.
    """

    id: str
    stage: Stage
    name: str
    follow_up: str | None = None
    public: str = ""
    next_step: str = ""
    is_open: bool = False
    is_end: bool = False


@attrs.frozen(kw_only=True)
class Transition:
    """A row of the table: `action` leads from any of `sources` to `target` (None: it stays).

    `entry`: the kind of entry it writes; `roles` and `relation`: who may; `needs`: the facts (or
    "reason") it must bring; `facts`: the others of the district's own that it may set (`Action.fields`).
    `given`: facts that the action must have for the row to be meant; `conditions`: what else must hold.
    An action that opens a ticket has no sources.
    """

    action: str
    entry: str
    sources: frozenset[str]
    target: str | None
    roles: frozenset[str]
    relation: Relation = Relation.ANY
    needs: tuple[str, ...] = ()
    facts: tuple[str, ...] = ()
    given: Mapping[str, Fact] = attrs.field(factory=dict, hash=False)
    conditions: tuple[Condition, ...] = ()

    def is_meant(self, facts: Mapping[str, Fact]) -> bool:
        """Whether the row is about an action that states these facts."""
        return all(facts.get(it) == was for it, was in self.given.items())

    def lacks(self, facts: Mapping[str, Fact]) -> bool:
        """Whether an action leaves open a fact by which the row would be meant."""
        return any(facts.get(it) is None for it in self.given)

    def refusal(self, case: Case) -> str | None:
        """Return what speaks against it for an actor of the right role; None where nothing does."""
        action, actor = case.action, case.actor
        if not is_related(self.relation, actor, case.ticket, action):
            return f"unit {actor.unit!r} may not act for unit {case.unit!r} ({self.relation.value})"
        facts = action.facts()
        surplus = sorted({*action.fields} - {*self.needs, *self.facts})
        if surplus:
            return f"it may not set {', '.join(surplus)}"
        missing = [need for need in self.needs if not self._has(need, action, facts)]
        if missing:
            return f"it needs {', '.join(missing)}"
        return next((why for it in self.conditions if (why := it.refusal(case)) is not None), None)

    def asks_approval(self, case: Case) -> bool:
        """Whether somebody else must approve this case."""
        return any(isinstance(it, Approved) and it.is_asked(case) for it in self.conditions)

    @staticmethod
    def _has(need: str, action: Action, facts: Mapping[str, Fact]) -> bool:
        value = action.reason if need == "reason" else facts.get(need)
        if isinstance(value, tuple):
            return bool(value) and all(str(it).strip() for it in value)
        return bool(value.strip()) if isinstance(value, str) else value is not None


def _is_at(row: Transition, step: str) -> bool:
    """Whether a row begins at a step; "" is before the first."""
    return step in row.sources if step else not row.sources


def _choices(rows: Iterable[Transition]) -> list[str]:
    """Return what an action would have to state for one of these rows to be meant, in one sentence."""
    values: dict[str, set[str]] = {}
    for row in rows:
        for fact, value in row.given.items():
            values.setdefault(fact, set()).add(str(value))
    told = []
    for fact, found in values.items():
        *first, last = sorted(found)
        told.append(f"{fact} = {', '.join(first)} or {last}" if first else f"{fact} = {last}")
    return [f"it needs to state {' and '.join(told)}"] if told else []


@attrs.frozen(kw_only=True)
class Flow:
    """The table of a district."""

    steps: tuple[FlowStep, ...]
    transitions: tuple[Transition, ...]
    _by_action: dict[str, list[Transition]] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        by_action: dict[str, list[Transition]] = {}
        for row in self.transitions:
            by_action.setdefault(row.action, []).append(row)
        object.__setattr__(self, "_by_action", by_action)

    def transition(self, case: Case) -> Transition:
        """Return the row that lets this actor do this now.

        Errors: `NotAllowedError` with the step, what is possible there, and who may do it.
        """
        action, actor, ticket = case.action, case.actor, case.ticket
        step, name = ("" if ticket is None else ticket.step), name_of(action)
        named = self._by_action.get(name, [])
        rows = [row for row in named if row.is_meant(case.facts)]
        here = [row for row in rows if _is_at(row, step)]
        refusals = []
        for row in here:
            if actor.role in row.roles:
                refusal = row.refusal(case)
                if refusal is None:
                    return row
                refusals.append(refusal)
        open_rows = [row for row in named if actor.role in row.roles and _is_at(row, step)]
        refusals += _choices(
            row for row in open_rows if not row.is_meant(case.facts) and row.lacks(case.facts)
        )
        if not here and not refusals:
            given = sorted({it for row in named for it in row.given})
            reason = "the ticket is not at a step where it can be done" if rows else "there is no such action"
            if given and not rows:
                reason = f"nothing is meant by what it states as {', '.join(given)}"
            raise NotAllowedError(name, step or "-", reason, self.possible(step, actor))
        takers = sorted({role for row in here for role in row.roles})
        refusals.append(f"role {actor.role!r} may not; it takes {', '.join(takers)}")
        raise NotAllowedError(name, step or "-", refusals[0], self.possible(step, actor))

    def opens(self, action: Action) -> bool:
        """Whether an action may open a ticket."""
        return any(not row.sources for row in self._by_action.get(name_of(action), ()))

    def possible(self, step: str, actor: Actor) -> list[str]:
        """Return the actions that this actor's role may do at a step; "" is before the first."""
        return sorted(
            {row.action for row in self.transitions if actor.role in row.roles and _is_at(row, step)}
        )

    def step(self, step_id: str) -> FlowStep:
        """Return a step by its id; `UnknownNameError` for one the table does not hold."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise UnknownNameError("步骤 step", step_id, (step.id for step in self.steps))

    def diagram(self) -> str:
        """Return the table as a Mermaid state diagram: steps by their Chinese names, edges by action."""
        lines = ["stateDiagram-v2"]
        lines += [f'    state "{step.name}" as {step.id}' for step in self.steps]
        edges = {
            f"    {source} --> {row.target}: {row.action}"
            for row in self.transitions
            if row.target is not None
            for source in (row.sources or {"[*]"})
        }
        return "\n".join([*lines, *sorted(edges)]) + "\n"
