"""What can be done to a ticket: one frozen command a class, and `Act` for a district's own.

An action carries words, never a result: which step it leads to, who may do it and what kind of
entry it writes stands in the district's flow table, under the action's `name`.
"""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, ClassVar

import attrs

from bubancheng.errors import ArgumentError, KindError
from bubancheng.ticket import Amendment, Fact


def _fact(name: str | None = None, **options: Any) -> Any:  # noqa: ANN401 attrs.field's own type
    """Declare a field whose value becomes a fact of the ticket."""
    return attrs.field(metadata={"fact": name or True}, **options)


def _personal() -> Any:  # noqa: ANN401 attrs.field's own type
    """Declare a field of personal data (个人信息), which never enters an entry."""
    return attrs.field(default=None, metadata={"personal": True})


def _aware(_owner: object, field: "attrs.Attribute[dt.datetime | None]", value: object) -> None:
    if value is not None and (not isinstance(value, dt.datetime) or value.tzinfo is None):
        msg = f"{field.name} takes an instant with a zone (aware datetime), got {value!r}"
        raise KindError(msg)


@attrs.frozen(kw_only=True)
class Action:
    """Base of every action: the ticket's number (工单编号) and, where one is asked for, the reason."""

    name: ClassVar[str] = ""

    ticket: str
    reason: str | None = None

    def facts(self) -> dict[str, Fact]:
        """Return the facts this action states; what it leaves open is not in it."""
        found: dict[str, Fact] = {}
        for field in attrs.fields(type(self)):
            named, value = field.metadata.get("fact"), getattr(self, field.name)
            if named and value is not None:
                key = field.name if named is True else str(named)
                found[key] = value.isoformat() if isinstance(value, dt.datetime) else value
        return found

    def personal(self) -> dict[str, str]:
        """Return the personal data it brings, by field."""
        return {
            field.name: value
            for field in attrs.fields(type(self))
            if field.metadata.get("personal") and (value := getattr(self, field.name)) is not None
        }

    def amendments(self) -> tuple[Amendment, ...]:
        """Return the corrections of earlier entries it makes."""
        return ()


@attrs.frozen(kw_only=True)
class Register(Action):
    """Write a request down (登记): everything is registered, even what is solved at once."""

    name: ClassVar[str] = "register"

    matter: str = _fact()
    channel: str | None = _fact(default=None)
    place: str | None = _fact(default=None)
    category: str | None = _fact("class", default=None)
    reporter: str | None = _personal()
    phone: str | None = _personal()
    text: str | None = _personal()


@attrs.frozen(kw_only=True)
class Accept(Action):
    """Take the request in (受理); it then waits to be dispatched."""

    name: ClassVar[str] = "accept"


@attrs.frozen(kw_only=True)
class Dispatch(Action):
    """Give the work order to a unit (派单).

    `dispatch_rule`: by which rule, None by hand; `dispatch_assumed`: what an import had to assume because
    its source left it blank ("unit", "at", or both with a comma).
    """

    name: ClassVar[str] = "dispatch"

    unit: str = _fact()
    dispatch_rule: str | None = _fact(default=None)
    dispatch_assumed: str | None = _fact(default=None)


@attrs.frozen(kw_only=True)
class Acknowledge(Action):
    """Take the work order (接单): this starts the clocks."""

    name: ClassVar[str] = "acknowledge"


@attrs.frozen(kw_only=True)
class Classify(Action):
    """Say how difficult it is (难易); a class by agreement takes `agreed_due`, its due time."""

    name: ClassVar[str] = "classify"

    category: str = _fact("class")
    agreed_due: dt.datetime | None = _fact(default=None, validator=_aware)  # noqa: RUF009 attrs.field


@attrs.frozen(kw_only=True)
class Contact(Action):
    """Record the first contact with the reporter (先行联系)."""

    name: ClassVar[str] = "contact"


@attrs.frozen(kw_only=True)
class Resolve(Action):
    """Give the reply (办结回复)."""

    name: ClassVar[str] = "resolve"


@attrs.frozen(kw_only=True)
class Complete(Action):
    """Fill in what registration left blank (补录); it states facts, it changes none."""

    name: ClassVar[str] = "complete"

    channel: str | None = _fact(default=None)
    place: str | None = _fact(default=None)
    reporter: str | None = _personal()
    phone: str | None = _personal()
    text: str | None = _personal()


@attrs.frozen(kw_only=True)
class Correct(Action):
    """Correct an earlier entry (更正): which one, its time ("at") or a fact, both values, why."""

    name: ClassVar[str] = "correct"

    sequence: int
    field: str
    old: Fact
    new: Fact

    def amendments(self) -> tuple[Amendment, ...]:
        """Return the one correction."""
        return (Amendment(sequence=self.sequence, field=self.field, old=self.old, new=self.new),)


def _frozen(fields: Mapping[str, Fact]) -> Mapping[str, Fact]:
    return MappingProxyType(dict(fields))


@attrs.frozen(kw_only=True)
class Act(Action):
    """A district's own action: the `kind` that its flow table names, and the facts it states."""

    kind: str
    fields: Mapping[str, Fact] = attrs.field(factory=dict, converter=_frozen, hash=False)

    def __attrs_post_init__(self) -> None:
        own = {kind.name for kind in Action.__subclasses__()}
        if self.kind in own:
            msg = f"{self.kind!r} is an action of the library: use its own class, not Act"
            raise ArgumentError(msg)

    def facts(self) -> dict[str, Fact]:
        """Return the fields as they are."""
        return dict(self.fields)


def name_of(action: Action) -> str:
    """Return the name under which a flow table knows an action."""
    return action.kind if isinstance(action, Act) else action.name
