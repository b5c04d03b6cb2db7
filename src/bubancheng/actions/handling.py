"""Handling within the limits (限时办结): contact, class, help from others, papers, time."""

import datetime as dt
from typing import ClassVar

import attrs

from bubancheng.actions.base import Action, fact, instant, texts, unit, words


@attrs.frozen(kw_only=True)
class AttemptContact(Action):
    """Record that the reporter could not be reached (联系未果), and by what means it was tried."""

    name: ClassVar[str] = "attempt_contact"

    tried_by: str = fact()


@attrs.frozen(kw_only=True)
class Contact(Action):
    """Record the first contact with the reporter (先行联系): what was learned, what comes next."""

    name: ClassVar[str] = "contact"

    learned: str | None = words(default=None)
    agreed_step: str | None = words(default=None)


@attrs.frozen(kw_only=True)
class Classify(Action):
    """Say how difficult it is (难易); a class by agreement takes `agreed_due`, its due time."""

    name: ClassVar[str] = "classify"

    category: str = fact("class")
    agreed_due: dt.datetime | None = instant(default=None)


@attrs.frozen(kw_only=True)
class RequestCoHandling(Action):
    """Ask another unit to help (协办); `agreed_due`: until when, else half of the working days left."""

    name: ClassVar[str] = "request_co_handling"

    co_handler: str = unit()
    question: str = words()
    agreed_due: dt.datetime | None = instant(default=None)


@attrs.frozen(kw_only=True)
class AnswerCoHandling(Action):
    """Answer the unit that leads (协办答复); `co_handler`: the unit that answers."""

    name: ClassVar[str] = "answer_co_handling"

    co_handler: str = unit()
    answer: str = words()


@attrs.frozen(kw_only=True)
class Consult(Action):
    """Record a joint consultation (多方会诊) or a case-by-case decision (一事一议).

    `consultation`: which of them; `participants` and `legal_basis`: each at least one; `opinions`: what
    they said; `minutes`: the number of the minutes.
    """

    name: ClassVar[str] = "consult"

    consultation: str = fact()
    participants: tuple[str, ...] = texts()
    question: str = words()
    decision: str = words()
    legal_basis: tuple[str, ...] = texts()
    opinions: tuple[str, ...] | None = texts(default=None)
    minutes: str | None = fact(default=None)
    urgent: bool | None = fact(default=None)


@attrs.frozen(kw_only=True)
class Assist(Action):
    """Record help that was given (帮办): guidance, acting as agent, walking along, a remote check.

    `mandate`: what an agent was charged with, and by what proof.
    """

    name: ClassVar[str] = "assist"

    assistance: str = fact()
    result: str | None = words(default=None)
    mandate: str | None = words(default=None)
    trips_saved: int | None = fact(default=None)


@attrs.frozen(kw_only=True)
class Defer(Action):
    """Accept with papers to follow (容缺受理): which, promised how, until when, else what.

    `checked_by`: who found the main papers complete and the case lawful. Source: 安阳市政务服务条例 第24条.
    """

    name: ClassVar[str] = "defer"

    deferral: str = fact()
    documents: tuple[str, ...] = texts()
    commitment: str = words()
    deferred_due: dt.datetime = instant()
    consequence: str = words()
    checked_by: str = fact()


@attrs.frozen(kw_only=True)
class ReceiveDocuments(Action):
    """Record that deferred papers arrived (补齐), all of a deferral's; `delivered_by`: how."""

    name: ClassVar[str] = "receive_documents"

    deferral: str = fact()
    delivered_by: str | None = fact(default=None)


@attrs.frozen(kw_only=True)
class LapseDeferral(Action):
    """Record that deferred papers did not arrive (逾期未补), and what follows from it."""

    name: ClassVar[str] = "lapse_deferral"

    deferral: str = fact()
    consequence: str = words()


@attrs.frozen(kw_only=True)
class InformOnce(Action):
    """Tell the reporter at once all that is missing (一次性告知); another list later is a violation."""

    name: ClassVar[str] = "inform_once"

    missing: tuple[str, ...] = texts()


@attrs.frozen(kw_only=True)
class Expedite(Action):
    """Handle it as urgent (特事特办、加急), for a deadline outside the service."""

    name: ClassVar[str] = "expedite"

    wanted_by: dt.datetime = instant()


@attrs.frozen(kw_only=True)
class Pause(Action):
    """Stop the clock for a reason that the rules list (暂停), told in writing by a `notice`.

    Source: 行政许可法 第45条.
    """

    name: ClassVar[str] = "pause"

    pause_reason: str = fact()
    notice: str = fact()


@attrs.frozen(kw_only=True)
class Resume(Action):
    """Let the clock go on (恢复计时)."""

    name: ClassVar[str] = "resume"


@attrs.frozen(kw_only=True)
class Extend(Action):
    """Lengthen a limit before it ends (延期): by how much, of which target (None: all).

    `informed`: how the reporter was told. Source: 行政许可法 第42条.
    """

    name: ClassVar[str] = "extend"

    extension: str = fact()
    target: str | None = fact(default=None)
    informed: str = fact()


@attrs.frozen(kw_only=True)
class Explain(Action):
    """Explain a hard case to the reporter (解释说明) and follow it up from then on; `next_review`: when."""

    name: ClassVar[str] = "explain"

    explanation: str = words()
    next_review: dt.datetime | None = instant(default=None)


@attrs.frozen(kw_only=True)
class Review(Action):
    """Look at a case that is followed up (跟踪服务): what was found, when next."""

    name: ClassVar[str] = "review"

    finding_of_review: str = words()
    next_review: dt.datetime | None = instant(default=None)
