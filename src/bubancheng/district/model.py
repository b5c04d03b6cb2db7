"""What a district is: its rules by date, its units, words and flow, as frozen values."""

import datetime as dt
from collections.abc import Iterable, Mapping

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.calendar.building import Interval
from bubancheng.errors import UnknownNameError
from bubancheng.flow import Flow
from bubancheng.sla import Policy
from bubancheng.ticket import Actor, Ticket


@attrs.frozen(kw_only=True)
class Category:
    """A class of difficulty (难易): its `id`, its Chinese name, other words for it, its source."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    source: str | None = None


@attrs.frozen(kw_only=True)
class Rule:
    """One version of a district's rules, in force from `valid_from` until the next one.

    `assumptions`: what its text leaves open and somebody had to decide, in Chinese.
    """

    version: str
    valid_from: dt.date
    source: str
    categories: tuple[Category, ...]
    policy: Policy
    assumptions: tuple[str, ...] = ()

    def category(self, word: str) -> str | None:
        """Return the id of a class by its id, its name or another word; None for an unknown one."""
        return next((it.id for it in self.categories if word in {it.id, it.name, *it.aliases}), None)

    def category_name(self, category: str) -> str:
        """Return the Chinese name of a class."""
        return next((it.name for it in self.categories if it.id == category), category)


@attrs.frozen(kw_only=True)
class Channel:
    """A way in (反映渠道): its `id`, its Chinese name, other words for it."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Unit:
    """A unit (单位): its name, its kind, the matters (事项) it owns, the places (办理地点) it runs."""

    name: str
    kind: str
    matters: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class Role:
    """A role (角色): its `id` and name, and rights of its own such as "backdate"."""

    id: str
    name: str
    rights: frozenset[str] = frozenset()


@attrs.frozen(kw_only=True)
class Exclusion:
    """What is out of scope (不纳入受理范围): registered all the same, with an explanation."""

    id: str
    name: str
    source: str


@attrs.frozen(kw_only=True)
class Assignment:
    """Where a dispatch leads: the unit, and the rule that fired."""

    unit: str
    rule: str


@attrs.frozen(kw_only=True)
class District:
    """One district's way of working, read from its profile."""

    name: str
    code: str
    title: str
    window: str
    legal_basis: tuple[str, ...]
    hours: str | Mapping[str, str] = attrs.field(hash=False)
    rules: tuple[Rule, ...]
    flow: Flow
    channels: tuple[Channel, ...] = ()
    scope: tuple[str, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    units: tuple[Unit, ...] = ()
    roles: tuple[Role, ...] = ()
    dispatch_keys: tuple[str, ...] = ("matter_owner", "handling_place")

    def rule_on(self, date: dt.date) -> Rule | None:
        """Return the rules in force on a date; None before the first ones."""
        return next((rule for rule in reversed(self.rules) if rule.valid_from <= date), None)

    def rule(self, version: str) -> Rule:
        """Return the rules of a version; `UnknownNameError` for one the profile does not hold."""
        for rule in self.rules:
            if rule.version == version:
                return rule
        raise UnknownNameError("规则版本 rule version", version, (rule.version for rule in self.rules))

    def rule_of(self, ticket: Ticket) -> Rule:
        """Return the rules that a ticket keeps."""
        return self.rule(ticket.rule)

    def channel(self, word: str) -> str | None:
        """Return the id of a channel by its id, its name or another word."""
        return next((it.id for it in self.channels if word in {it.id, it.name, *it.aliases}), None)

    def assign(self, *, matter: str | None, place: str | None) -> Assignment | None:
        """Return the unit that the dispatch keys name, in their order; None where none is certain.

        Source: the Chongming notice 四(二): 根据事项的归属或具体办理地点.
        """
        owners = {
            "matter_owner": [unit.name for unit in self.units if matter in unit.matters],
            "handling_place": [unit.name for unit in self.units if place in unit.places],
        }
        for key in self.dispatch_keys:
            if len(owners[key]) == 1:
                return Assignment(unit=owners[key][0], rule=key)
        return None

    def may(self, actor: Actor, right: str) -> bool:
        """Whether an actor's role has a right of its own, such as "backdate"."""
        return any(role.id == actor.role and right in role.rights for role in self.roles)

    def work_calendar(
        self,
        *,
        closures: Iterable[Interval] = (),
        openings: Iterable[Interval] = (),
        notices: Iterable[str] = (),
    ) -> WorkCalendar:
        """Return the state calendar with the district's hours, and what else it closes and opens."""
        return WorkCalendar.china(self.hours, closures=closures, openings=openings, notices=notices)
