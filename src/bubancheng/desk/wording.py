"""The words of an action in the district's own identifiers: classes, codes, channels, units."""

import datetime as dt
from collections.abc import Mapping

from bubancheng.actions import Action
from bubancheng.district import District, Rule
from bubancheng.errors import ArgumentError, KindError
from bubancheng.privacy import scrub
from bubancheng.ticket import Actor, Fact

_PLAIN = {str, int, bool}
_UNITS = {"unit", "co_handler", "delegate", "suggested"}  # the facts that name a unit


def check_text(name: str, value: object) -> None:
    """Refuse a text that no store can keep: one that holds half a character."""
    if isinstance(value, str) and any("\ud800" <= char <= "\udfff" for char in value):
        msg = f"{name} holds half a character (a lone surrogate): {value!r}"
        raise ArgumentError(msg)


def check_actor(name: str, actor: Actor) -> None:
    """Refuse an actor whose words no store can keep."""
    for part, text in (("id", actor.id), ("role", actor.role), ("unit", actor.unit)):
        check_text(f"the {name}'s {part}", text)


def check_action(action: Action) -> None:
    """Refuse a blank number, and values that no store can keep.

    Kept are text, whole numbers, true, false, and lists of texts.
    """
    values = {"ticket": action.ticket, "reason": action.reason, **action.facts(), **action.personal()}
    for amendment in action.amendments():
        values |= {"old": amendment.old, "new": amendment.new}
    if not isinstance(action.ticket, str) or not action.ticket.strip():
        msg = f"a ticket needs a number (工单编号), got {action.ticket!r}"
        raise ArgumentError(msg)
    for name, value in values.items():
        parts = value if type(value) is tuple else (value,)
        if value is not None and not all(type(it) in (_PLAIN if parts != value else {str}) for it in parts):
            msg = f"{name} takes text, a whole number, True or False, or a list of texts, got {value!r}"
            raise KindError(msg)
        for part in parts:
            check_text(name, part)


def without_numbers(action: Action) -> dict[str, Fact]:
    """Return an action's facts, phone and identity numbers in free words masked: an entry is for good.

    Whoever must keep such a number writes it into a personal field, from which it can be erased.
    """
    free = action.free_texts()
    return {
        name: scrub(value) if name in free and isinstance(value, str) else value
        for name, value in action.facts().items()
    }


def known_facts(facts: dict[str, Fact], district: District, rule: Rule) -> dict[str, Fact]:
    """Return the facts in the district's own identifiers; `ArgumentError` for unknown words."""
    found = dict(facts)
    if "channel" in found:  # 渠道 never changes what a ticket gets; other words stay as written
        found["channel"] = district.channel(str(found["channel"])) or found["channel"]
    if "class" in found:
        category = rule.category(str(found["class"]))
        if category is None:
            words = "、".join(it.name for it in rule.categories)
            msg = f"没有难易等级 (unknown class) {found['class']!r}；本版规则有 (known): {words}"
            raise ArgumentError(msg)
        found["class"] = category
    for name, value in found.items():
        if district.coded(name) and value is not None:
            found[name] = _coded(name, value, district)
    return found


def check_blank(stated: Mapping[str, Fact], known: Mapping[str, Fact]) -> None:
    """Refuse to state again what is known already, but for the same words."""
    for name, value in stated.items():
        before = known.get(name)
        if before is not None and before != value:
            msg = f"{name} is known already: it takes a correction (更正), not a completion (补录)"
            raise ArgumentError(msg)


def merged(personal: Mapping[str, Mapping[str, Mapping[str, str]]]) -> dict[str, str]:
    """Return personal rows as one, by field; the latest word counts."""
    found: dict[str, str] = {}
    for _, row in sorted(personal.items(), key=lambda it: int(it[0])):
        found.update(row["data"])
    return found


def translated(facts: Mapping[str, Fact], district: District, rule: Rule) -> dict[str, Fact]:
    """Return facts in the district's own identifiers where it knows the words, as they are elsewhere."""
    found = dict(facts)
    for name in facts:
        try:
            found |= known_facts({name: facts[name]}, district, rule)
        except ArgumentError:
            continue  # refused when it is written
    return found


def _coded(name: str, value: Fact, district: District) -> Fact:
    if isinstance(value, tuple):
        return tuple(str(_coded(name, it, district)) for it in value)
    code = district.code_of(name, str(value))
    if code is None:
        words = "、".join(f"{it.name} ({it.id})" for it in district.coded(name))
        msg = f"{name} 没有这个词 (unknown) {value!r}；现有 (known): {words}"
        raise ArgumentError(msg)
    return int(code) if code.isdecimal() else code  # a grade is a number, however it was given


def check_instants(action: Action, rule: Rule) -> None:
    """Refuse a fact of the district's own that a clock counts by, and that is no instant."""
    counted = {it.stop_fact for it in rule.policy.targets} | {it.due_fact for it in rule.policy.targets}
    for name in sorted(action.fields.keys() & counted):
        value = action.fields[name]
        try:
            at = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
        except ValueError:
            at = None
        if at is None or at.tzinfo is None:
            msg = f"{name} takes an instant with a zone such as 2026-09-30T16:00+08:00, got {value!r}"
            raise ArgumentError(msg)


def check_units(action: Action, district: District, actor: Actor) -> None:
    """Refuse a unit that the profile does not list; an import takes units as written."""
    if not district.units or district.may(actor, "unlisted_unit"):
        return
    corrected = {it.field: it.new for it in action.amendments() if it.field in _UNITS and it.new is not None}
    own = {name: unit for name, unit in action.fields.items() if name in _UNITS and unit is not None}
    for name, unit in (corrected | action.units() | own).items():
        if district.unit(unit) is None:
            words = "、".join(it.name for it in district.units)
            msg = f"{name}: 没有单位 (unknown unit) {unit!r}；现有 (known): {words}"
            raise ArgumentError(msg)
    child = action.units().get("delegate")
    if child is not None:
        known = district.unit(child)
        if known is not None and known.parent != actor.unit:
            msg = f"{child!r} 不是 {actor.unit!r} 的下级单位 (not subordinate to it)"
            raise ArgumentError(msg)
