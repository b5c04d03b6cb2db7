"""Unified intake (统一受理): everything is written down, then taken in, solved at once, or declined."""

import datetime as dt
import json
from typing import ClassVar

import attrs

from bubancheng.actions.base import Action, fact, instant, personal, texts, unit, words
from bubancheng.privacy import hashed_query_code


@attrs.frozen(kw_only=True)
class Register(Action):
    """Write a request down (登记): everything is registered, even what is solved at once.

    `reporter_kind`: "person" or "organisation"; `prior_attempts`: what was tried before, each with matter,
    place and day; `failed_stage`: at which stage it failed (受理, 审批, 办结); `stuck_step`: the step of an
    online form where it got stuck (卡壳); `urgency`: what harm waiting does; `wanted_by`: the reporter's own
    deadline; `began`: when the reception began; `source` and `external_id`: where an import has it from,
    each pair once; `duplicate_of`: an open ticket on the same matter; `query_code`: the code with which the
    reporter looks it up. `reporter`, `phone`, `identity`, `text` are personal data.
    """

    name: ClassVar[str] = "register"

    matter: str = fact()
    channel: str | None = fact(default=None)
    place: str | None = fact(default=None)
    category: str | None = fact("class", default=None)
    reporter_kind: str | None = fact(default=None)
    intake_reason: str | None = fact(default=None)
    failed_stage: str | None = fact(default=None)
    stuck_step: str | None = fact(default=None)
    triage: str | None = fact(default=None)
    prior_attempts: tuple[str, ...] | None = texts(default=None)
    urgency: tuple[str, ...] | None = texts(default=None)
    wanted_by: dt.datetime | None = instant(default=None)
    began: dt.datetime | None = instant(default=None)
    source: str | None = fact(default=None)
    external_id: str | None = fact(default=None)
    duplicate_of: str | None = fact(default=None)
    query_code: str | None = attrs.field(default=None, repr=False)
    reporter: str | None = personal()
    phone: str | None = personal()
    identity: str | None = personal()
    text: str | None = personal()

    def keys(self) -> dict[str, str]:
        """Return the hash of the query code, and the number the source gave it."""
        found = {} if self.query_code is None else {"query": hashed_query_code(self.query_code)}
        if self.external_id is not None:
            found["external"] = json.dumps([self.source or "", self.external_id], ensure_ascii=False)
        return found


@attrs.frozen(kw_only=True)
class Accept(Action):
    """Take the request in (受理), for one of the reasons of scope; it then waits to be dispatched."""

    name: ClassVar[str] = "accept"

    scope_reason: str | None = fact(default=None)


@attrs.frozen(kw_only=True)
class Triage(Action):
    """Put advice on record (预检): whether it is in scope and of which class; a person decides.

    `triage_rule`: whose advice, by which rule.
    """

    name: ClassVar[str] = "triage"

    triage_rule: str = fact()
    advised_scope: bool | None = fact(default=None)
    advised_exclusion: str | None = fact(default=None)
    advised_class: str | None = fact(default=None)


@attrs.frozen(kw_only=True)
class Decline(Action):
    """Say that it is out of scope (不纳入受理范围): by which exclusion, citing what, explained how."""

    name: ClassVar[str] = "decline"

    exclusion: str = fact()
    citation: str = fact()
    explanation: str = words()
    explained_by: str | None = fact(default=None)


@attrs.frozen(kw_only=True)
class SolveOnSite(Action):
    """Solve it at the window (当场解决); `began`: when the reporter sat down."""

    name: ClassVar[str] = "solve_on_site"

    result: str = words()
    began: dt.datetime | None = instant(default=None)
    root_cause: str | None = fact(default=None)
    measure: str | None = fact(default=None)
    assistance: str | None = fact(default=None)


@attrs.frozen(kw_only=True)
class Complete(Action):
    """Fill in what registration left blank (补录); it states facts, it changes none."""

    name: ClassVar[str] = "complete"
    fills_only: ClassVar[bool] = True

    channel: str | None = fact(default=None)
    place: str | None = fact(default=None)
    reporter: str | None = personal()
    phone: str | None = personal()
    identity: str | None = personal()
    text: str | None = personal()


@attrs.frozen(kw_only=True)
class Note(Action):
    """Put something on record: an inquiry before dispatch, a reception, a coordination of departments."""

    name: ClassVar[str] = "note"

    topic: str = fact()
    note: str = words()


@attrs.frozen(kw_only=True)
class Withdraw(Action):
    """End it because the reporter no longer wants it (撤回)."""

    name: ClassVar[str] = "withdraw"


@attrs.frozen(kw_only=True)
class TransferOut(Action):
    """Hand it to another district, under the number it has there (转出)."""

    name: ClassVar[str] = "transfer_out"

    transferred_to: str = fact()
    number_there: str | None = fact(default=None)


@attrs.frozen(kw_only=True)
class OpenItem(Action):
    """Open an item that many tickets may be linked to: an improvement (整改事项), a guide correction.

    `item`: which of them; `unit`: who owns it; `agreed_due`: until when.
    """

    name: ClassVar[str] = "open_item"

    item: str = fact()
    title: str = words()
    unit: str = unit()
    agreed_due: dt.datetime | None = instant(default=None)
