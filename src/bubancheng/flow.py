"""The flow (流程): which action leads from which step to which, who may do it, what it needs."""

from enum import Enum

import attrs

from bubancheng.actions import Act, Action, name_of
from bubancheng.errors import NotAllowedError, UnknownNameError
from bubancheng.ticket import Actor, Ticket


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


@attrs.frozen(kw_only=True)
class FlowStep:
    """A step a ticket can stand at: its `id`, its stage, its Chinese name.

    `follow_up`: the action that the system tries by itself as soon as a ticket stands here.
    """

    id: str
    stage: Stage
    name: str
    follow_up: str | None = None


@attrs.frozen(kw_only=True)
class Transition:
    """A row of the table: `action` leads from any of `sources` to `target` (None: it stays).

    `entry`: the kind of entry it writes; `roles` and `relation`: who may; `needs`: the facts (or
    "reason") it must bring; `facts`: the others that an action of the district's own (`Act`) may set.
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

    def refusal(self, actor: Actor, action: Action, ticket: Ticket | None) -> str | None:
        """Return what speaks against it for an actor of the right role; None where nothing does."""
        unit = None if ticket is None else ticket.unit
        if self.relation is Relation.OWN and (unit is None or actor.unit != unit):
            return f"unit {actor.unit!r} may not act for unit {unit!r}"
        facts = action.facts()
        surplus = sorted({*facts} - {*self.needs, *self.facts}) if isinstance(action, Act) else []
        if surplus:
            return f"it may not set {', '.join(surplus)}"
        missing = [
            need for need in self.needs if not (action.reason if need == "reason" else facts.get(need))
        ]
        if missing:
            return f"it needs {', '.join(missing)}"
        return None


@attrs.frozen(kw_only=True)
class Flow:
    """The table of a district."""

    steps: tuple[FlowStep, ...]
    transitions: tuple[Transition, ...]

    def transition(self, action: Action, actor: Actor, ticket: Ticket | None) -> Transition:
        """Return the row that lets this actor do this now.

        Errors: `NotAllowedError` with the step, what is possible there, and who may do it.
        """
        step, name = ("" if ticket is None else ticket.step), name_of(action)
        rows = [row for row in self.transitions if row.action == name]
        here = [row for row in rows if (step in row.sources if ticket else not row.sources)]
        if not here:
            reason = "the ticket is not at a step where it can be done" if rows else "there is no such action"
            raise NotAllowedError(name, step or "-", reason, self.possible(step, actor))
        refusals = []
        for row in here:
            if actor.role in row.roles:
                refusal = row.refusal(actor, action, ticket)
                if refusal is None:
                    return row
                refusals.append(refusal)
        takers = sorted({role for row in here for role in row.roles})
        refusals.append(f"role {actor.role!r} may not; it takes {', '.join(takers)}")
        raise NotAllowedError(name, step or "-", refusals[0], self.possible(step, actor))

    def possible(self, step: str, actor: Actor) -> list[str]:
        """Return the actions that this actor's role may do at a step; "" is before the first."""
        return sorted(
            {
                row.action
                for row in self.transitions
                if actor.role in row.roles and (step in row.sources if step else not row.sources)
            }
        )

    def step(self, step_id: str) -> FlowStep:
        """Return a step by its id; `UnknownNameError` for one the table does not hold."""
        for step in self.steps:
            if step.id == step_id:
                return step
        raise UnknownNameError("步骤 step", step_id, (step.id for step in self.steps))
