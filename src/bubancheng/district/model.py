"""What a district is: its rules by date, its units, words and flow, as frozen values."""

import datetime as dt
from collections.abc import Iterable, Mapping

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.calendar.building import Interval
from bubancheng.district.duties import Duty, held
from bubancheng.district.knowledge import Question, Tip
from bubancheng.district.metrics import Metric
from bubancheng.district.retaining import Retention, class_of
from bubancheng.errors import UnknownNameError
from bubancheng.flow import Flow
from bubancheng.sla import Policy
from bubancheng.ticket import Actor, Ticket

LEVELS = ("province", "city", "district", "township", "community")
"""The levels of units (层级), the highest first."""
RESPONSIBILITIES = ("first_receiver", "first_inquiry")


@attrs.frozen(kw_only=True)
class Category:
    """A class of difficulty (难易): its `id`, its Chinese name, other words for it, its source."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    source: str | None = None


@attrs.frozen(kw_only=True)
class Unreachable:
    """When a reporter counts as unreachable: so many attempts, over so many half-days (decision 17)."""

    attempts: int = 3
    half_days: int = 2


@attrs.frozen(kw_only=True)
class Rule:
    """One version of a district's rules, in force from `valid_from` until the next one.

    `valid_until`: its last day, where it ends by itself; `assumptions`: what its text leaves open and
    somebody had to decide, in Chinese; `unreachable`: None where attempts never count as a contact.
    """

    version: str
    valid_from: dt.date
    source: str
    categories: tuple[Category, ...]
    policy: Policy
    assumptions: tuple[str, ...] = ()
    unreachable: Unreachable | None = None
    valid_until: dt.date | None = None

    def is_in_force(self, date: dt.date) -> bool:
        """Whether it holds on a date, as far as it says itself."""
        return self.valid_from <= date and (self.valid_until is None or date <= self.valid_until)

    def rank(self, category: object) -> int | None:
        """Return how difficult a class is: the place of its id in the rules' own order."""
        return next((place for place, it in enumerate(self.categories) if it.id == category), None)

    def category(self, word: str) -> str | None:
        """Return the id of a class by its id, its name or another word; None for an unknown one."""
        return next((it.id for it in self.categories if word in {it.id, it.name, *it.aliases}), None)

    def category_name(self, category: str) -> str:
        """Return the Chinese name of a class."""
        return next((it.name for it in self.categories if it.id == category), category)


@attrs.frozen(kw_only=True)
class Channel:
    """A way in (反映渠道): its `id`, its Chinese name, other words for it.

    `brand`: the name it goes by in public; `trial_from`: since when it is on trial (试运行), None for good.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    brand: str = ""
    trial_from: dt.date | None = None


@attrs.frozen(kw_only=True)
class Unit:
    """A unit (单位): its name, its kind, the matters (事项) it owns, the places (办理地点) it runs.

    `parent`: the unit it is subordinate to, which may pass work down to it (向下派单); `level`: one of
    `LEVELS`, None where not said; `is_outside`: it belongs to another body and only answers.
    """

    name: str
    kind: str
    matters: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    parent: str | None = None
    level: str | None = None
    is_outside: bool = False


@attrs.frozen(kw_only=True)
class ServicePoint:
    """A counter (窗口) that the public can walk up to: whose, where, with what sign, when open.

    `counter`: its number; `floor`: 0 for the one at the street, below it negative; `brand`: the name it
    goes by; `also_signed`: another sign that hangs there (加挂); `any_matter`: it takes any matter.
    """

    name: str
    unit: str
    location: str
    signage: str = ""
    hours: str = ""
    counter: str = ""
    floor: int | None = None
    brand: str = ""
    also_signed: str = ""
    any_matter: bool = False


@attrs.frozen(kw_only=True)
class LedgerColumn:
    """A column of the ledger (台账) in this district's words: its `id`, its name, other names.

    With a `fact` its texts (instants where `is_time`) are facts of the registration; with an `action` its
    times are when that action of the district's own was carried out; with neither it gives a column of every
    ledger other names.
    """

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    fact: str | None = None
    action: str | None = None
    is_time: bool = False


@attrs.frozen(kw_only=True)
class Code:
    """A word that a fact may take: its `id`, its Chinese name, other words for it, its source."""

    fact: str
    id: str
    name: str
    aliases: tuple[str, ...] = ()
    source: str | None = None


@attrs.frozen(kw_only=True)
class Route:
    """A way on which notices go out: its `id`, what sets it off, and to whom.

    `on`: kinds of entry, or "light:yellow", "light:red", "due:<target>"; `to`: "unit", "reporter", or
    the id of a role.
    """

    id: str
    on: frozenset[str]
    to: str


@attrs.frozen(kw_only=True)
class Role:
    """A role (角色): its `id` and name, and rights of its own such as "backdate".

    `logged`: whatever it reads is on record; `per_unit`: how many persons of a unit hold it, None for any
    number (the embedding system, which knows the persons, sees to it).
    """

    id: str
    name: str
    rights: frozenset[str] = frozenset()
    logged: bool = False
    per_unit: int | None = None


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
    service_points: tuple[ServicePoint, ...] = ()
    codes: tuple[Code, ...] = ()
    routes: tuple[Route, ...] = ()
    retentions: tuple[Retention, ...] = ()
    """The classes of retention (保管期限); without one nothing is ever erased or destroyed."""
    responsibility: str = RESPONSIBILITIES[0]
    """Who stays answerable: the unit that took it first (首受负责制), or the person asked first (首问)."""
    light_words: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    """Other words for the lights (green, yellow, red)."""
    columns: tuple[LedgerColumn, ...] = ()
    duties: tuple[Duty, ...] = ()
    tips: tuple[Tip, ...] = ()
    questions: tuple[Question, ...] = ()
    metrics: tuple[Metric, ...] = ()

    def rule_on(self, date: dt.date) -> Rule | None:
        """Return the rules in force on a date; None where there are none."""
        last = next((rule for rule in reversed(self.rules) if rule.valid_from <= date), None)
        return last if last is not None and last.is_in_force(date) else None

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

    def code_of(self, fact: str, word: object) -> str | None:
        """Return the id of a word for a fact; None for an unknown one."""
        return next(
            (it.id for it in self.codes if it.fact == fact and word in {it.id, it.name, *it.aliases}), None
        )

    def coded(self, fact: str) -> tuple[Code, ...]:
        """Return the words a fact may take; none where any text will do."""
        return tuple(it for it in self.codes if it.fact == fact)

    def tips_about(self, matter: str | None = None, topic: str | None = None) -> tuple[Tip, ...]:
        """Return the tips (贴士) about a matter, or on a topic."""
        return tuple(it for it in self.tips if matter in it.matters or topic == it.topic)

    def question(self, question_id: str) -> Question | None:
        """Return a question by its id; None for an unknown one."""
        return next((it for it in self.questions if it.id == question_id), None)

    def retention_of(self, ticket: Ticket) -> Retention | None:
        """Return the class of a file: the one stated, or the default; None where there is none such."""
        return class_of(self.retentions, ticket.facts.get("retention"))

    def metric(self, metric_id: str) -> Metric:
        """Return the definition of a figure; `UnknownNameError` for one the profile does not hold."""
        for metric in self.metrics:
            if metric.id == metric_id:
                return metric
        raise UnknownNameError("指标 metric", metric_id, (metric.id for metric in self.metrics))

    def on_duty(self, post: str, unit: str | None, day: dt.date) -> tuple[Duty, ...]:
        """Return who holds a post in a unit on a day."""
        return held(self.duties, post, unit, day)

    def superiors(self, name: object) -> tuple[str, ...]:
        """Return the units above a unit, the nearest first."""
        found: list[str] = []
        unit = self.unit(name)
        while unit is not None and unit.parent is not None and unit.parent not in found:
            found.append(unit.parent)
            unit = self.unit(unit.parent)
        return tuple(found)

    def unit(self, name: object) -> Unit | None:
        """Return a unit by its name; None for one that the profile does not list."""
        return next((it for it in self.units if it.name == name), None)

    def role(self, role_id: str) -> Role | None:
        """Return a role by its id; None for an unknown one."""
        return next((it for it in self.roles if it.id == role_id), None)

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
