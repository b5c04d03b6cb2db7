"""Sorted dispatch (分类派单): to which unit, back again, and who takes it there."""

from typing import ClassVar

import attrs

from bubancheng.actions.base import Action, fact, unit


@attrs.frozen(kw_only=True)
class Dispatch(Action):
    """Give the work order to a unit (派单).

    `dispatch_rule`: by which rule, None by hand; `dispatch_assumed`: what an import had to assume because
    its source left it blank ("unit", "at", or both with a comma).
    """

    name: ClassVar[str] = "dispatch"

    unit: str = unit()
    dispatch_rule: str | None = fact(default=None)
    dispatch_assumed: str | None = fact(default=None)


@attrs.frozen(kw_only=True)
class Return(Action):
    """Give a work order back that belongs elsewhere (退单); `suggested`: to whom it should go."""

    name: ClassVar[str] = "return"

    suggested: str | None = unit(default=None)


@attrs.frozen(kw_only=True)
class Acknowledge(Action):
    """Take the work order (接单): this starts the clocks."""

    name: ClassVar[str] = "acknowledge"


@attrs.frozen(kw_only=True)
class Assign(Action):
    """Give it to a section or a person inside the unit (内部派件)."""

    name: ClassVar[str] = "assign"

    handler: str = fact()
    section: str | None = fact(default=None)


@attrs.frozen(kw_only=True)
class Delegate(Action):
    """Pass it down to a subordinate unit (向下派单); the one that passes it stays answerable."""

    name: ClassVar[str] = "delegate"

    delegate: str = unit()


@attrs.frozen(kw_only=True)
class Escalate(Action):
    """Bring it before somebody above the unit (提级协调): a leader, the district office."""

    name: ClassVar[str] = "escalate"

    escalated_to: str = fact()
