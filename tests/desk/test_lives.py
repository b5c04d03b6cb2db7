"""Whole lives of tickets: random commands by random actors, each foretold by a model written apart.

`BUBANCHENG_STEPS=10000` drives as many steps in memory and a tenth of them on a file.
"""

import datetime as dt
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, cast

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from bubancheng.actions import Act, Action
from bubancheng.desk import Desk
from bubancheng.errors import ArgumentError, NotAllowedError, UnknownTicketError
from bubancheng.sla import Light
from bubancheng.sqlite import SqliteStore
from bubancheng.store import ChangeSet, Filter, Link, MemoryStore, OutboxRow, StateRow, Store
from bubancheng.ticket import Actor, Ticket
from tests.acting import CALENDAR, DISTRICT, PROFILE, WINDOW, ZONE
from tests.oracles import life_model as model
from tests.support import DATA, DAY, HOUR, MINUTE, US

STEPS = int(os.environ.get("BUBANCHENG_STEPS", "1000"))
LENGTH = 100  # steps of one life

CLASSES: dict[str, type[Action]] = {it.name: it for it in Action.__subclasses__() if it is not Act}
ERRORS = {
    model.NOT_ALLOWED: NotAllowedError,
    model.UNKNOWN_TICKET: UnknownTicketError,
    model.BAD_ARGUMENT: ArgumentError,
}
PLAN = model.Profile(PROFILE)
DAYS = model.Calendar(DATA / "cn-days.json")

NUMBERS = [f"T{it}" for it in range(3)]
CENTRE, TOWN = "区行政服务中心", "城桥镇社区事务受理服务中心"
POLICE, MARKET, SUB, CIVIL, OFFICE = (
    "区公安分局",
    "区市场监管局",
    "城桥镇市场监管所",
    "区民政局",
    "区政务服务办",
)
UNITS = [POLICE, MARKET, SUB, CIVIL, CENTRE, OFFICE]
NOWHERE = "火星分局"
HOMES: dict[str, list[str | None]] = {
    "window_officer": [CENTRE, TOWN],
    "window_head": [CENTRE, TOWN],
    "disposal_officer": [*UNITS, NOWHERE, None],
    "dispatch_centre": [CENTRE],
    "district_office": [OFFICE],
    "discipline_overseer": ["区纪委监委"],
    "kiosk": [CENTRE],
    "importer": [None],
    "portal": [None],
    "system": [None],
    "visitor": [None, POLICE],
}
ACTORS: list[model.Who] = [(f"{role}/{unit}", role, unit) for role, units in HOMES.items() for unit in units]

# What the fields of actions may hold: words that can be meant, then some that cannot.
GOOD: dict[str, list[Any]] = {
    "matter": ["居住证办理", "食品经营许可", "最低生活保障申请", "没有归属的事项"],
    "place": [None, CENTRE, TOWN, "路边"],
    "channel": [None, "窗口", "web_portal", "传真"],
    "category": ["simple", "一般", "复杂", "确实难度较大", "hard", "general"],
    "reporter_kind": [None, "person", "企业"],
    "failed_stage": [None, "审批", "completion"],
    "urgency": [None, ("逾期有经济损失",), ("long_travel", "逾期有经济损失")],
    "scope_reason": [None, "other_problem", "到政务服务中心未能办成或解决"],
    "exclusion": ["legal_bar", "有明确文件规定"],
    "unit": UNITS,
    "suggested": [None, *UNITS],
    "delegate": [SUB, SUB, POLICE],
    "co_handler": UNITS,
    "agreed_due": [None, 2 * DAY],
    "wanted_by": [None, 3 * DAY],
    "next_review": [2 * DAY, 12 * DAY],
    "deferred_due": [5 * DAY],
    "rectification_due": [DAY, 9 * DAY],
    "began": [None, -5 * MINUTE],
    "deferral": ["原件", "盖章页"],
    "documents": [("原件",), ("原件", "复印件")],
    "evidence": [("照片",)],
    "missing": [("原件",), ("原件", "照片"), ("照片", "原件")],
    "participants": [("甲", "乙")],
    "legal_basis": [("条例第一条",)],
    "consultation": ["joint", "一事一议"],
    "assistance": ["guidance", "远程代办"],
    "outcome": [None, "办成", "explained"],
    "root_cause": [None, "政策限制", "other"],
    "measure": [None, "case_only", "个案解决"],
    "handled": [None, True],
    "done": [None, True, False],
    "solved": [None, True, False],
    "urgent": [None, True],
    "trips_saved": [None, 0, 2],
    "level": ["unit", "centre"],
    "reached": ["answered", "无法接通"],
    "grade": [None, 1, 5],
    "finding": ["unsolved", "谎报"],
    "topic": ["inquiry", "协调窗口部门"],
    "link": ["ticket", "指南纠错"],
    "item": ["improvement", "堵点"],
    "intake_reason": [None, "other"],
    "triage": [None, "不好办"],
    "prior_attempts": [None, ("去过一次",)],
    "opinions": [None, ("同意",)],
    "source": [None, "12345"],
    "external_id": [None, None, None, "1", "2"],
    "query_code": [None],
    "duplicate_of": [None, "T0"],
    "dispatch_rule": [None],
    "dispatch_assumed": [None],
}
TEXTS = ["电话核实", "材料齐全"]
BAD: dict[str, list[Any]] = {
    "category": ["特难", "即时"],
    "channel": [],
    "unit": [NOWHERE],
    "suggested": [NOWHERE],
    "delegate": [NOWHERE, CIVIL],
    "co_handler": [NOWHERE],
    "urgency": [("没有这个词",)],
    "grade": [0, 6],
}
BLANKS: list[Any] = [None, ""] + ([] if model.BLANK_NEEDS in model.LEFT_OUT else ["  "])
OPTIONAL = {
    *("explained_by", "handler", "section", "learned", "agreed_step", "reply", "delivered_by", "bulletin"),
    *("cause_text", "opinions", "minutes", "mandate"),
    *("retention", "number_there", "stuck_step", "phone", "reporter", "text", "identity"),
}
INSTANTS = {"agreed_due", "wanted_by", "next_review", "deferred_due", "rectification_due", "began"}
LISTS = {
    "urgency",
    "documents",
    "evidence",
    "missing",
    "participants",
    "legal_basis",
    "prior_attempts",
    "opinions",
}
RARE = {"decline", "solve_on_site", "withdraw", "transfer_out", "archive", "open_item", "note", "link"}
OFTEN = {
    *(
        "delegate",
        "request_co_handling",
        "answer_co_handling",
        "defer",
        "receive_documents",
        "lapse_deferral",
    ),
    *("attempt_contact", "classify", "review"),
}
ENDED = {"item_closed", "archived", "withdrawn", "transferred_out", "not_accepted"}


def fields_of(action: str) -> list[str]:
    """Return the fields of an action, but the number and the reason."""
    known = CLASSES[action].__annotations__
    return [it for it in known if it not in {"name", "ticket", "reason"}]


class WatchedStore:
    """A store that keeps what was committed to it since it was last asked."""

    def __init__(self, inner: Store) -> None:
        self.inner, self.seen, self.is_borrowed = inner, list[ChangeSet](), inner.is_borrowed

    def load(self, district: str, ticket: str) -> StateRow | None:
        """Pass on."""
        return self.inner.load(district, ticket)

    def entries(self, district: str, ticket: str, after: int = 0) -> Iterator[Link]:
        """Pass on."""
        return self.inner.entries(district, ticket, after)

    def lookup(self, district: str, kind: str, key: str) -> str | None:
        """Pass on."""
        return self.inner.lookup(district, kind, key)

    def commit(self, *changes: ChangeSet) -> None:
        """Pass on, and keep it once it is done."""
        self.inner.commit(*changes)
        self.seen += changes

    def find(self, wanted: Filter) -> list[StateRow]:
        """Pass on."""
        return self.inner.find(wanted)

    def due_before(self, district: str, instant: int, limit: int = 1000) -> list[StateRow]:
        """Pass on."""
        return self.inner.due_before(district, instant, limit)

    def claim(self, district: str, kinds: Iterable[str], n: int, *, now: int, lease: int) -> list[OutboxRow]:
        """Pass on."""
        return self.inner.claim(district, kinds, n, now=now, lease=lease)

    def finish(self, row: OutboxRow) -> None:
        """Pass on."""
        self.inner.finish(row)

    def districts(self) -> list[str]:
        """Pass on."""
        return self.inner.districts()

    def close(self) -> None:
        """Pass on."""
        self.inner.close()

    def taken(self) -> list[ChangeSet]:
        """Return what was committed since the last time."""
        seen, self.seen = self.seen, []
        return seen


def notices(changes: list[ChangeSet]) -> Counter[tuple[str, str]]:
    """Return which notices were put up, for which tickets."""
    rows = [row for change in changes for row in change.outbox]
    return Counter((it.ticket, it.kind) for it in rows if it.kind.startswith("notice:"))


def named(who: model.Who) -> Actor:
    """Return an actor of the library."""
    return Actor(id=who[0], role=who[1], unit=who[2])


class Lives(RuleBasedStateMachine):
    """A desk and its model, given the same commands."""

    def __init__(self) -> None:
        super().__init__()
        self.now = dt.datetime(2024, 3, 25, 10, tzinfo=ZONE)
        self.ids = 0
        self.store = WatchedStore(self.inner())
        self.desk = Desk.open(
            DISTRICT, calendar=CALENDAR, store=cast("Store", self.store), clock=lambda: self.now
        )
        self.model = model.Desk(PLAN, DAYS)
        self.past: list[model.Command] = []
        self.store.taken()

    def inner(self) -> Store:
        """Return the store of this machine."""
        return MemoryStore()

    def teardown(self) -> None:
        """Close the desk."""
        self.desk.close()

    # -- drawing -------------------------------------------------------------------------------------------------

    def value(self, data: st.DataObject, action: str, field: str) -> Any:
        """Draw what a field holds, among what can be meant."""
        good = GOOD.get(field, [None, *TEXTS] if field in OPTIONAL else TEXTS)
        if field == "category" and action == "register":
            good = [None, None, None, *good]
        if field == "category" and data.draw(st.booleans()):
            good = [it["id"] for it in PLAN.rule_at(self.now)["class"]]
        value = data.draw(st.sampled_from(good))
        return self.now + value if field in INSTANTS and value is not None else value

    def corrected(self, data: st.DataObject, case: model.Case | None) -> dict[str, Any]:
        """Draw a correction, mostly of something that is there."""
        names = ["matter", "place", "class", "reporter_kind", "unit"]
        field = data.draw(st.sampled_from(names))
        entries = case.entries if case else []
        sequence = data.draw(st.integers(0, len(entries) + 1))
        old = entries[sequence - 1]["facts"].get(field) if 0 < sequence <= len(entries) else None
        if data.draw(st.integers(0, 7)) == 0:
            old = data.draw(st.sampled_from(["从来没有写过", None]))
        new = {
            "matter": GOOD["matter"],
            "place": GOOD["place"][1:],
            "class": ["complex", "一般", "特难"],
            "reporter_kind": ["企业", "公司"],
            "unit": [*UNITS, NOWHERE],
        }[field]
        return {"sequence": sequence, "field": field, "old": old, "new": data.draw(st.sampled_from(new))}

    def sensible(self, data: st.DataObject, number: str) -> model.Command:
        """Draw a command that the table has a row for at this step, by somebody it names, most probably right."""
        case = self.model.cases.get(number)
        step = case.step if case else None
        rows = [it for it in PLAN.rows if (step in it["from"] if "from" in it else step is None)]
        common = [it for it in rows if it["action"] not in RARE]
        rows = common if common and data.draw(st.integers(0, 5)) else rows or PLAN.rows
        rows = [row for row in rows for _ in range(4 if row["action"] in OFTEN else 1)]
        going = [it for it in rows if it.get("to", step) != step]
        row = rows[data.draw(st.integers(0, len(rows) - 1))]
        if going and data.draw(st.integers(0, 2)) == 2:
            row = going[data.draw(st.integers(0, len(going) - 1))]
        action = row["action"]
        role = data.draw(st.sampled_from(row["roles"]))
        unit = data.draw(st.sampled_from(HOMES[role]))
        fields = {it: self.value(data, action, it) for it in fields_of(action) if action != "correct"}
        if action == "correct":
            fields = self.corrected(data, case)
        for name, value in row.get("given", {}).items():
            fields[name] = value
            if data.draw(st.booleans()):
                fields[name] = {"unit": "单位", "centre": "中心"}[value]
        known = case.facts() if case else {}
        relation = row.get("relation")
        if relation in {"own", "handling"}:
            unit = known.get("unit")
            if relation == "handling" and known.get("delegate") and data.draw(st.booleans()):
                unit = known["delegate"]
        elif relation == "named":
            asked = case.co_handlers() if case else []
            fields["co_handler"] = data.draw(st.sampled_from(asked)) if asked else fields["co_handler"]
            unit = fields["co_handler"]
        elif relation == "intake":
            unit = known.get("intake_unit") or unit
        if action in {"receive_documents", "lapse_deferral"} and case and case.deferrals():
            fields["deferral"] = data.draw(st.sampled_from(case.deferrals()))
        if action == "archive" and data.draw(st.booleans()):
            fields |= {"root_cause": "other", "measure": "case_only"}
        if action == "complete" and model.COMPLETE_TWICE in model.LEFT_OUT:
            fields = {name: None if known.get(name) else value for name, value in fields.items()}
        approver = data.draw(st.sampled_from([None, *ACTORS]))
        if "approvers" in row and data.draw(st.booleans()):
            other = data.draw(st.sampled_from(row["approvers"]))
            approver = (f"{other}/{HOMES[other][0]}", other, HOMES[other][0])
        needed = "reason" in row.get("needs", []) or data.draw(st.booleans())
        return {
            "action": action,
            "ticket": number,
            "fields": fields,
            "reason": data.draw(st.sampled_from(TEXTS)) if needed else None,
            "who": (f"{role}/{unit}", role, unit),
            "approver": approver,
            "at": self.moment(data, case, backdate=role in {"kiosk", "importer"}),
            "id": self.next_id() if data.draw(st.booleans()) else None,
        }

    def moment(self, data: st.DataObject, case: model.Case | None, *, backdate: bool) -> dt.datetime | None:
        """Draw when it happened: mostly now, or as long ago as anybody may say."""
        kind = data.draw(st.integers(0, 9))
        if kind < 6:
            return None
        if kind < 9 or not backdate:
            before = case.entries[-1]["at"] if case else self.now
            return max(before, self.now - 15 * MINUTE)
        return self.now - data.draw(st.integers(0, 200)) * data.draw(st.sampled_from([HOUR, DAY]))

    def next_id(self) -> str:
        """Return a command id that was not used before."""
        self.ids += 1
        return f"c{self.ids}"

    def number(self, data: st.DataObject) -> str:
        """Draw a ticket: those that are there, and the next one."""
        known = sorted(self.model.cases)
        alive = [it for it in known if self.model.cases[it].step not in ENDED]
        free = [it for it in NUMBERS if it not in known]
        return data.draw(st.sampled_from([*known, *4 * alive, *free[:1]]))

    # -- driving -------------------------------------------------------------------------------------------------

    @initialize(days=st.integers(-520, 600), minutes=st.integers(0, 1439))
    def start(self, days: int, minutes: int) -> None:
        """Begin somewhere between the old rules and the end of 2025."""
        self.now = dt.datetime(2024, 4, 1, tzinfo=ZONE) + days * DAY + minutes * MINUTE

    @rule(data=st.data())
    def likely(self, data: st.DataObject) -> None:
        """Command what is probably right."""
        self.command(self.sensible(data, self.number(data)))

    @rule(data=st.data())
    def likely_again(self, data: st.DataObject) -> None:
        """Command what is probably right; a life is made of such."""
        self.command(self.sensible(data, self.number(data)))

    @rule(data=st.data())
    def likely_too(self, data: st.DataObject) -> None:
        """Command what is probably right; most steps of a life go on."""
        self.command(self.sensible(data, self.number(data)))

    @rule(data=st.data())
    def twisted(self, data: st.DataObject) -> None:
        """Command something with one thing about it that may be wrong."""
        command = self.sensible(data, self.number(data))
        fields = command["fields"]
        what = data.draw(st.sampled_from(["who", "field", "blank", "reason", "approver", "at", "ticket"]))
        if what == "who":
            command["who"] = data.draw(st.sampled_from(ACTORS))
        elif what == "field" and fields and command["action"] != "correct":
            name = data.draw(st.sampled_from(sorted(fields)))
            coded = ["没有这个词"] if name in PLAN.codes and name not in {"grade", "urgency"} else []
            bad = BAD.get(name, coded)
            if bad:
                fields[name] = data.draw(st.sampled_from(bad))
        elif what == "blank" and fields and command["action"] != "correct":
            name = data.draw(st.sampled_from(sorted(fields)))
            if name not in INSTANTS and name not in LISTS and name not in PLAN.codes:
                blanks = (
                    BLANKS if name in {it for row in PLAN.rows for it in row.get("needs", [])} else [None]
                )
                fields[name] = (
                    None if name in {*model.UNIT_FIELDS, "category"} else data.draw(st.sampled_from(blanks))
                )
            elif name in LISTS and name not in PLAN.codes:
                fields[name] = ()
            else:
                fields[name] = None
        elif what == "reason":
            command["reason"] = data.draw(st.sampled_from(BLANKS))
        elif what == "approver":
            command["approver"] = data.draw(st.sampled_from([None, command["who"], *ACTORS]))
        elif what == "at":
            late = [-US, MINUTE, DAY, -15 * MINUTE - US, -16 * MINUTE, -3 * HOUR, -40 * DAY]
            command["at"] = self.now + data.draw(st.sampled_from([US, *late]))
        else:
            command["ticket"] = data.draw(st.sampled_from([*NUMBERS, "T99"]))
        if command["action"] == "complete" and model.COMPLETE_TWICE in model.LEFT_OUT:
            case = self.model.cases.get(command["ticket"])
            known = case.facts() if case else {}
            command["fields"] = {it: None if known.get(it) else value for it, value in fields.items()}
        self.command(command)

    @rule(data=st.data(), number=st.sampled_from([*NUMBERS, "T99"]), who=st.sampled_from(ACTORS))
    def anything(self, data: st.DataObject, number: str, who: model.Who) -> None:
        """Command anything at all."""
        action = data.draw(st.sampled_from(sorted(CLASSES)))
        case = self.model.cases.get(number)
        fields = {it: self.value(data, action, it) for it in fields_of(action) if action != "correct"}
        if action == "correct":
            fields = self.corrected(data, case)
        if action == "complete" and model.COMPLETE_TWICE in model.LEFT_OUT:
            known = case.facts() if case else {}
            fields = {name: None if known.get(name) else value for name, value in fields.items()}
        self.command(
            {
                "action": action,
                "ticket": number,
                "fields": fields,
                "reason": data.draw(st.sampled_from([None, *TEXTS])),
                "who": who,
                "approver": data.draw(st.sampled_from([None, *ACTORS])),
                "at": None,
                "id": data.draw(st.sampled_from([None, self.next_id()])),
            }
        )

    @precondition(lambda self: self.past)
    @rule(data=st.data())
    def again(self, data: st.DataObject) -> None:
        """Repeat a command id, with the same content or with other content."""
        command = dict(data.draw(st.sampled_from(self.past)))
        what = data.draw(
            st.sampled_from(["same", "same", "who", "at", "reason", "ticket", "approver", "other"])
        )
        if what == "who":
            command["who"] = data.draw(st.sampled_from(ACTORS))
        elif what == "at":
            command["at"] = data.draw(st.sampled_from([None, self.now, self.now - MINUTE]))
        elif what == "reason":
            command["reason"] = data.draw(st.sampled_from([None, "别的理由"]))
        elif what == "approver":
            command["approver"] = data.draw(st.sampled_from([None, *ACTORS]))
        elif what == "ticket":
            command["ticket"] = data.draw(st.sampled_from(NUMBERS))
        elif what == "other":
            command = self.sensible(data, self.number(data)) | {"id": command["id"]}
        self.command(command)

    @rule(amount=st.one_of(st.integers(0, 59), st.integers(60, 1440), st.integers(1440, 20000)))
    def wait(self, amount: int) -> None:
        """Let time pass, minutes to days."""
        self.now += amount * MINUTE

    @precondition(lambda self: any(it.kinds("dispatched") for it in self.model.cases.values()))
    @rule(data=st.data(), past=st.sampled_from([dt.timedelta(0), US, -US]))
    def wait_until_the_last_moment(self, data: st.DataObject, past: dt.timedelta) -> None:
        """Let time pass until an order can only just be returned."""
        sent = [
            it.kinds("dispatched")[-1]["at"] for it in self.model.cases.values() if it.kinds("dispatched")
        ]
        moments = [DAYS.close_after(it, 1) + past for it in sent]
        self.now = max(self.now, data.draw(st.sampled_from(moments)))

    @rule(data=st.data())
    def look(self, data: st.DataObject) -> None:
        """Sweep or read, which writes no entry."""
        looks = [self.sweep, self.overlook, self.search, self.search, self.search_by_light]
        looks[data.draw(st.integers(0, len(looks) - 1))](data)
        self.store.taken()

    def sweep(self, _: st.DataObject) -> None:
        """Sweep."""
        self.desk.sweep(self.now)

    def overlook(self, data: st.DataObject) -> None:
        """Read as the overseer, which is on record."""
        overseer, office = named(("i", "discipline_overseer", None)), named(("d", "district_office", OFFICE))
        for number in data.draw(st.sampled_from([[it] for it in sorted(self.model.cases)] or [[]])):
            before = len(self.desk.accesses(number, actor=office))
            self.desk.get(number, actor=overseer)
            assert before + 1 == len(self.desk.accesses(number, actor=office))

    def search(self, data: st.DataObject) -> None:
        """Find what the model finds."""
        cases = list(self.model.cases.values())
        unit = data.draw(st.sampled_from([None, *UNITS, *(it.unit() for it in cases)]))
        step = data.draw(st.sampled_from([None, None, "registered", *(it.step for it in cases)]))
        after, limit = data.draw(st.sampled_from([None, *NUMBERS])), data.draw(st.integers(1, 4))
        found = self.desk.find(actor=WINDOW, unit=unit, step=step, after=after, limit=limit)
        assert self.model.found(unit, step, after, limit) == [it.id for it in found]

    def search_by_light(self, data: st.DataObject) -> None:
        """Find by light what the board shows in that light; the board shows no items."""
        light = data.draw(st.sampled_from(Light))
        shown = [it.id for it in self.desk.board(self.now) if it.light is light]
        found = self.desk.find(actor=WINDOW, light=light)
        assert shown == [it.id for it in found if not it.step.startswith("item_")]

    # -- comparing -----------------------------------------------------------------------------------------------

    def command(self, command: model.Command) -> None:
        """Give a command to both, and compare."""
        before = self.model.told_before(command)
        if before is None:
            faults = self.model.faults(command, self.now)
        else:
            faults = set() if before[0] else {model.BAD_ARGUMENT}
        action = CLASSES[command["action"]](
            ticket=command["ticket"], reason=command["reason"], **command["fields"]
        )
        told: Ticket | None = None
        error: Exception | None = None
        try:
            told = self.desk.do(
                action,
                actor=named(command["who"]),
                at=command["at"],
                command_id=command["id"],
                approver=named(command["approver"]) if command["approver"] else None,
            )
        except tuple(ERRORS.values()) as refusal:
            error = refusal
        changes = self.store.taken()
        if faults or told is None:
            assert any(isinstance(error, ERRORS[it]) for it in faults), (faults, error, command)
            assert not changes, "a refused command changes nothing"
            kept = command["id"] and self.store.lookup("chongming", "command", command["id"])
            assert bool(kept) == (before is not None)
        elif before is not None:
            assert not changes, "a repeated command changes nothing"
            self.compare(told, before[1])
        else:
            outcome = self.model.carry_out(command, self.now)
            self.compare(told, outcome)
            expected = Counter((number, kind) for number, kind, _ in self.model.notices)
            assert expected == notices(changes)
            self.compare_history(command["ticket"])
            if command["id"]:
                self.past.append(dict(command))

    def compare(self, ticket: Ticket, expected: Mapping[str, Any]) -> None:
        """Compare a ticket with where the model has it."""
        assert expected["step"] == ticket.step
        assert expected["unit"] == ticket.unit
        assert expected["version"] == ticket.version
        assert expected["rule"] == ticket.rule
        facts = {name: value for name, value in ticket.facts.items() if value is not None}
        derived = {"dispatches", "returned_by", "ping_pong", "archive_checksum"}
        wanted = expected["facts"]
        names = (set(wanted) | set(facts)) - derived
        other = {it: (wanted.get(it), facts.get(it)) for it in names if wanted.get(it) != facts.get(it)}
        assert not other, other

    def compare_history(self, number: str) -> None:
        """Compare the entries of a ticket."""
        case = self.model.cases[number]
        entries = self.desk.history(number, actor=WINDOW)
        expected = [(it["kind"], it["at"], it["recorded_at"], it["backdated"]) for it in case.entries]
        assert expected == [(it.kind, it.at, it.recorded_at, it.backdated) for it in entries]
        assert [it["who"][1:] for it in case.entries] == [(it.actor.role, it.actor.unit) for it in entries]

    @invariant()
    def all_is_whole(self) -> None:
        """Every chain holds, and every ticket stands where the model has it."""
        assert self.desk.verify() == []
        tickets = self.desk.find(actor=WINDOW)
        assert sorted(self.model.cases) == [it.id for it in tickets]
        for ticket in tickets:
            self.compare(ticket, model.snapshot(self.model.cases[ticket.id]))
            assert ticket == self.desk.get(ticket.id, actor=WINDOW)


class LivesOnFile(Lives):
    """The same on a file."""

    def inner(self) -> Store:
        """Return a store on a file of its own."""
        self.folder = tempfile.TemporaryDirectory()
        return SqliteStore(str(Path(self.folder.name) / "desk.db"))

    def teardown(self) -> None:
        """Close the desk, and remove the file."""
        super().teardown()
        self.folder.cleanup()


def steps(number: int) -> settings:
    """Return settings for so many steps."""
    return settings(
        max_examples=max(1, number // LENGTH),
        stateful_step_count=LENGTH,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


TestInMemory = Lives.TestCase
TestInMemory.settings = steps(STEPS)
TestOnFile = LivesOnFile.TestCase
TestOnFile.settings = steps(STEPS // 10)
