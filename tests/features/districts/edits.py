"""Edits of a profile: each takes one thing away, so that a test can show that it is missed."""

from collections.abc import Callable
from typing import Any

import attrs
import pytest

from bubancheng.actions import Action
from bubancheng.district import District
from bubancheng.flow import Transition
from bubancheng.sla import Policy, Target
from bubancheng.ticket import Fact
from tests.district.installed import district_of

Edit = Callable[[District, pytest.MonkeyPatch], District]
Switch = Callable[[pytest.MonkeyPatch], District]
"""Takes a feature away, and returns the district that it took it from."""


def inside(name: str, edit: Edit) -> Switch:
    """Edit the installed district of a name."""
    return lambda monkeypatch: edit(district_of(name), monkeypatch)


def rows_of(action: str, change: Callable[[Transition], Transition | None]) -> Edit:
    """Change the rows of an action; None takes one away."""

    def edit(district: District, _: pytest.MonkeyPatch) -> District:
        rows = [change(row) if row.action == action else row for row in district.flow.transitions]
        assert any(row.action == action for row in district.flow.transitions), action
        kept = tuple(row for row in rows if row is not None)
        return attrs.evolve(district, flow=attrs.evolve(district.flow, transitions=kept))

    return edit


def no_row(action: str, role: str | None = None) -> Edit:
    """Take an action away, from everybody or from a role."""

    def change(row: Transition) -> Transition | None:
        left = row.roles - {role} if role else frozenset()
        return attrs.evolve(row, roles=left) if left else None

    return rows_of(action, change)


def row_but(action: str, **changes: Any) -> Edit:
    """Change what the rows of an action say."""
    return rows_of(action, lambda row: attrs.evolve(row, **changes))


def no_need(action: str, *needs: str) -> Edit:
    """Ask for less, and let it be stated all the same."""
    return rows_of(
        action,
        lambda row: attrs.evolve(
            row,
            needs=tuple(it for it in row.needs if it not in needs),
            facts=(*row.facts, *(it for it in row.needs if it in needs)),
        ),
    )


def no_fact(action: str, fact: str) -> Edit:
    """Let an action not state a fact of the district's own."""
    return rows_of(action, lambda row: attrs.evolve(row, facts=tuple(it for it in row.facts if it != fact)))


def no_condition(action: str, kind: type) -> Edit:
    """Drop a condition."""
    return rows_of(
        action,
        lambda row: attrs.evolve(
            row, conditions=tuple(it for it in row.conditions if not isinstance(it, kind))
        ),
    )


def without(part: str, **told_by: Any) -> Edit:
    """Leave out those of a part (codes, channels, tips ...) that have these attributes."""

    def edit(district: District, _: pytest.MonkeyPatch) -> District:
        before = getattr(district, part)
        left = tuple(
            it for it in before if any(getattr(it, name) != value for name, value in told_by.items())
        )
        assert len(left) < len(before), told_by
        changes: dict[str, Any] = {part: left}
        return attrs.evolve(district, **changes)

    return edit


def each(part: str, **changes: Any) -> Edit:
    """Change all of a part alike."""

    def edit(district: District, _: pytest.MonkeyPatch) -> District:
        changed: dict[str, Any] = {part: tuple(attrs.evolve(it, **changes) for it in getattr(district, part))}
        return attrs.evolve(district, **changed)

    return edit


def head(**changes: Any) -> Edit:
    """Change what the district says of itself."""
    return lambda district, _: attrs.evolve(district, **changes)


def policy(change: Callable[[Policy], Policy]) -> Edit:
    """Change the policy of every version."""
    return lambda district, _: attrs.evolve(
        district,
        rules=tuple(attrs.evolve(rule, policy=change(rule.policy)) for rule in district.rules),
    )


def rules(**changes: Any) -> Edit:
    """Change every version of the rules."""
    return lambda district, _: attrs.evolve(
        district, rules=tuple(attrs.evolve(rule, **changes) for rule in district.rules)
    )


def no_target(name: str) -> Edit:
    """Take a duty away."""
    return policy(lambda it: attrs.evolve(it, targets=tuple(t for t in it.targets if t.name != name)))


def target(name: str, **changes: Any) -> Edit:
    """Change a duty."""

    def change(old: Target) -> Target:
        return attrs.evolve(old, **changes) if old.name == name else old

    return policy(lambda it: attrs.evolve(it, targets=tuple(map(change, it.targets))))


def no_class(category: str) -> Edit:
    """Take a class away."""

    def edit(district: District, _: pytest.MonkeyPatch) -> District:
        return attrs.evolve(
            district,
            rules=tuple(
                attrs.evolve(rule, categories=tuple(it for it in rule.categories if it.id != category))
                for rule in district.rules
            ),
        )

    return edit


def step(step_id: str, **changes: Any) -> Edit:
    """Change a step."""

    def edit(district: District, _: pytest.MonkeyPatch) -> District:
        steps = tuple(attrs.evolve(it, **changes) if it.id == step_id else it for it in district.flow.steps)
        return attrs.evolve(district, flow=attrs.evolve(district.flow, steps=steps))

    return edit


def forgets(*names: str) -> Edit:
    """Let actions not state a fact."""
    real = Action.facts

    def facts(action: Action) -> dict[str, Fact]:
        return {name: value for name, value in real(action).items() if name not in names}

    return patched(Action, "facts", facts)


def patched(owner: object, name: str, other: object) -> Edit:
    """Replace one function, and leave the district as it is."""

    def edit(district: District, monkeypatch: pytest.MonkeyPatch) -> District:
        monkeypatch.setattr(owner, name, other)
        return district

    return edit
