"""Callback, supervision, rectification (回访督办、反馈整改): from the reply to the archive."""

import datetime as dt
from typing import ClassVar

import attrs

from bubancheng.actions.base import Action, fact, instant, texts, words
from bubancheng.ticket import Amendment, Fact


@attrs.frozen(kw_only=True)
class Resolve(Action):
    """Give the reply (办结回复).

    Facts that people mix up stay apart: `handled` (处理), the reply itself, `done` (办成: the thing was
    achieved). `root_cause`, `cause_text` and `measure`: why it could not be done before, and what changes.
    """

    name: ClassVar[str] = "resolve"

    outcome: str | None = fact(default=None)
    handled: bool | None = fact(default=None)
    done: bool | None = fact(default=None)
    reply: str | None = words(default=None)
    root_cause: str | None = fact(default=None)
    cause_text: str | None = words(default=None)
    measure: str | None = fact(default=None)
    trips_saved: int | None = fact(default=None)
    delivered_by: str | None = fact(default=None)


@attrs.frozen(kw_only=True)
class CallBack(Action):
    """Ask the reporter afterwards (回访): the unit every one, the centre with a survey.

    `level`: "unit" or "centre"; `reached`: answered, refused, unreachable; `solved` (解决) and `grade`
    (满意度, five grades) are the reporter's own words; `finding`: what was found (未解决, 谎报, 瞒报).
    """

    name: ClassVar[str] = "call_back"

    level: str = fact()
    reached: str = fact()
    solved: bool | None = fact(default=None)
    grade: int | None = fact(default=None)
    finding: str | None = fact(default=None)


@attrs.frozen(kw_only=True)
class Supervise(Action):
    """Order that it be put right (督办、再督办), by a date that the issuer sets; `bulletin`: its number."""

    name: ClassVar[str] = "supervise"

    finding: str = fact()
    rectification_due: dt.datetime = instant()
    bulletin: str | None = fact(default=None)


@attrs.frozen(kw_only=True)
class Rectify(Action):
    """Report that it was put right (整改), with the evidence."""

    name: ClassVar[str] = "rectify"

    evidence: tuple[str, ...] = texts()
    measure: str | None = fact(default=None)


@attrs.frozen(kw_only=True)
class ConfirmRectification(Action):
    """Confirm that it was put right (整改确认)."""

    name: ClassVar[str] = "confirm_rectification"


@attrs.frozen(kw_only=True)
class Link(Action):
    """Link it to something (关联): another ticket, an improvement item, a guide correction, a bulletin."""

    name: ClassVar[str] = "link"

    link: str = fact()
    linked_to: str = fact()


@attrs.frozen(kw_only=True)
class Reopen(Action):
    """Take it up again (重新办理), with a new clock; what the first one showed stays on record."""

    name: ClassVar[str] = "reopen"


@attrs.frozen(kw_only=True)
class Archive(Action):
    """Close the file (归档); `retention`: its retention class; what the reply left open may be added."""

    name: ClassVar[str] = "archive"

    retention: str | None = fact(default=None)
    root_cause: str | None = fact(default=None)
    cause_text: str | None = words(default=None)
    measure: str | None = fact(default=None)


@attrs.frozen(kw_only=True)
class CloseItem(Action):
    """Finish an item (销号): what was changed."""

    name: ClassVar[str] = "close_item"

    result: str = words()


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
