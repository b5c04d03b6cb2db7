"""What every action is: one frozen command a class, and `Act` for a district's own."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import attrs

from bubancheng.errors import ArgumentError, KindError
from bubancheng.ticket import Amendment, Fact
from bubancheng.ticket.entry import frozen_facts


def fact(name: str | None = None, **options: Any) -> Any:  # noqa: ANN401 attrs.field's own type
    """Declare a field whose value becomes a fact of the ticket."""
    return attrs.field(metadata={"fact": name or True}, **options)


def words(**options: Any) -> Any:  # noqa: ANN401 attrs.field's own type
    """Declare a fact in free words: numbers of persons in it are masked before it is written for good."""
    return attrs.field(metadata={"fact": True, "free": True}, **options)


def texts(**options: Any) -> Any:  # noqa: ANN401 attrs.field's own type
    """Declare a fact that is a list of texts, kept as a tuple."""
    return attrs.field(metadata={"fact": True}, converter=_tuple, validator=_texts_only, **options)


def unit(**options: Any) -> Any:  # noqa: ANN401 attrs.field's own type
    """Declare a fact that names a unit (单位) of the district."""
    return attrs.field(metadata={"fact": True, "unit": True}, **options)


def instant(**options: Any) -> Any:  # noqa: ANN401 attrs.field's own type
    """Declare a fact that is an instant with a zone."""
    return attrs.field(metadata={"fact": True}, validator=_aware, **options)


def personal() -> Any:  # noqa: ANN401 attrs.field's own type
    """Declare a field of personal data (个人信息), which never enters an entry."""
    return attrs.field(default=None, metadata={"personal": True})


def _tuple(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def _texts_only(_owner: object, field: "attrs.Attribute[tuple[str, ...] | None]", value: object) -> None:
    fits = isinstance(value, tuple) and all(isinstance(it, str) for it in value)
    if value is not None and not fits:
        msg = f"{field.name} takes a list of texts, got {value!r}"
        raise KindError(msg)


def _own_facts(value: Mapping[str, Fact]) -> Mapping[str, Fact]:
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        msg = f"fields takes a mapping of facts by their names, got {value!r}"
        raise KindError(msg)
    return frozen_facts(value)


def _aware(_owner: object, field: "attrs.Attribute[dt.datetime | None]", value: object) -> None:
    if value is not None and (not isinstance(value, dt.datetime) or value.tzinfo is None):
        msg = f"{field.name} takes an instant with a zone (aware datetime), got {value!r}"
        raise KindError(msg)


_known: dict[tuple[type, str], tuple[tuple[str, str], ...]] = {}


def _declared(kind: type["Action"], key: str) -> tuple[tuple[str, str], ...]:
    """Return the names of the fields of a class declared so, as facts and as attributes; looked up once."""
    found = _known.get((kind, key))
    if found is None:
        found = _known[kind, key] = tuple(
            (named if isinstance(named, str) else field.name, field.name)
            for field in attrs.fields(kind)
            if (named := field.metadata.get(key))
        )
    return found


@attrs.frozen(kw_only=True)
class Action:
    """Base of every action: the ticket's number (工单编号) and, where one is asked for, the reason.

    `fields`: facts of the district's own, which its flow's row lists; numbers of persons in them are masked.
    """

    name: ClassVar[str] = ""
    fills_only: ClassVar[bool] = False
    """Whether it may state only what nobody has stated yet."""

    ticket: str
    reason: str | None = None
    fields: Mapping[str, Fact] = attrs.field(factory=dict, converter=_own_facts, hash=False)

    def __attrs_post_init__(self) -> None:
        doubled = sorted({*self.fields} & {name for name, _ in _declared(type(self), "fact")})
        if doubled:
            msg = f"{self.name} states {', '.join(doubled)} itself: leave it out of fields"
            raise ArgumentError(msg)

    def _stated(self, key: str) -> Iterator[tuple[str, Any]]:
        """Yield the names and values of the fields declared so; what was left open is not in it."""
        for name, field in _declared(type(self), key):
            value = getattr(self, field)
            if value is not None:
                yield name, value

    def facts(self) -> dict[str, Fact]:
        """Return the facts this action states; what it leaves open is not in it."""
        own = {
            name: value.isoformat() if isinstance(value, dt.datetime) else value
            for name, value in self._stated("fact")
        }
        return own | {**self.fields} if self.fields else own

    def free_texts(self) -> frozenset[str]:
        """Return the names of the facts that are free words."""
        return frozenset((*(name for name, _ in self._stated("free")), *self.fields))

    def units(self) -> dict[str, str]:
        """Return the units it names, by field."""
        return dict(self._stated("unit"))

    def personal(self) -> dict[str, str]:
        """Return the personal data it brings, by field."""
        return dict(self._stated("personal"))

    def keys(self) -> dict[str, str]:
        """Return the keys under which the ticket is found again, by kind; each has one ticket."""
        return {}

    def amendments(self) -> tuple[Amendment, ...]:
        """Return the corrections of earlier entries it makes."""
        return ()


@attrs.frozen(kw_only=True)
class Act(Action):
    """A district's own action: the `kind` that its flow table names, and in `fields` the facts it states."""

    kind: str

    def __attrs_post_init__(self) -> None:
        if self.kind in own_actions():
            msg = f"{self.kind!r} is an action of the library: use its own class, not Act"
            raise ArgumentError(msg)


def stated_facts() -> frozenset[str]:
    """Return the names of all facts that the library's actions may state."""
    return frozenset(name for kind in Action.__subclasses__() for name, _ in _declared(kind, "fact"))


def own_actions() -> frozenset[str]:
    """Return the names of the library's own actions."""
    return frozenset(kind.name for kind in Action.__subclasses__() if kind.name)


def name_of(action: Action) -> str:
    """Return the name under which a flow table knows an action."""
    return action.kind if isinstance(action, Act) else action.name
