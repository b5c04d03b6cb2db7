"""Commands drawn for the lives of tickets: by whom, on what, mostly right, or with something about them that is not."""

import datetime as dt
import random
from typing import TYPE_CHECKING, Any

import attrs

from bubancheng.actions import Act, Action
from tests.acting import PROFILE, STANDARD
from tests.oracles import life_model as model
from tests.support import DAY, HOUR, MINUTE, US

if TYPE_CHECKING:
    from collections.abc import Callable

CLASSES: dict[str, type[Action]] = {it.name: it for it in Action.__subclasses__() if it is not Act}
PLAN = model.Profile(PROFILE, STANDARD)

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
    "retention": [None, "十年", "permanent"],
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
    "retention": ["三年"],
    "delegate": [NOWHERE, CIVIL],
    "co_handler": [NOWHERE],
    "urgency": [("没有这个词",)],
    "grade": [0, 6],
}
BLANKS: list[Any] = [None, "", "  "]
NEEDED = {it for row in PLAN.rows for it in row.get("needs", [])}
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
RARE = {"decline", "solve_on_site", "withdraw", "transfer_out", "open_item", "note", "link"}
OFTEN = {
    *(
        "delegate",
        "request_co_handling",
        "answer_co_handling",
        "defer",
        "receive_documents",
        "lapse_deferral",
    ),
    *("attempt_contact", "classify", "review", "archive"),
}
WORKED_ON = {"acknowledged", "contacted", "tracking"}
AGAIN = {"attempt_contact", "inform_once"}
ENDED = {"item_closed", "archived", "withdrawn", "transferred_out", "not_accepted"}


def fields_of(action: str) -> list[str]:
    """Return the fields of an action, but the number and the reason."""
    return [it.name for it in attrs.fields(CLASSES[action]) if it.name not in {"ticket", "reason", "fields"}]


class Drawing:
    """Draws commands for one desk, as its model has it, at one instant; the same for the same seed."""

    def __init__(self, seed: int, desk: model.Desk, now: dt.datetime) -> None:
        self.rng, self.desk, self.now = random.Random(seed), desk, now

    def one_of(self, values: list[Any]) -> Any:
        """Draw one of several."""
        return self.rng.choice(values)

    def chance(self, one_in: int) -> bool:
        """Draw whether something happens that happens once in so many times."""
        return self.rng.randrange(one_in) == 0

    # -- parts ---------------------------------------------------------------------------------------------------

    def number(self) -> str:
        """Draw a ticket: those that are there, most of all those that go on, and the next one."""
        known = sorted(self.desk.cases)
        alive = [it for it in known if self.desk.cases[it].step not in ENDED]
        return str(self.one_of([*known, *4 * alive, *[it for it in NUMBERS if it not in known][:1]]))

    def row(self, case: model.Case | None) -> dict[str, Any]:
        """Draw a row of the table that may be meant where a ticket stands."""
        step = case.step if case else None
        rows = [it for it in PLAN.rows if (step in it["from"] if "from" in it else step is None)]
        common = [it for it in rows if it["action"] not in RARE]
        rows = (common if common and not self.chance(6) else rows) or PLAN.rows
        going = [it for it in rows if it.get("to", step) != step]
        if going and step not in WORKED_ON and self.chance(3):
            rows = going
        row: dict[str, Any] = self.one_of([it for it in rows for _ in range(weight(it, case))])
        return row

    def value(self, action: str, field: str) -> Any:
        """Draw what a field holds, among what can be meant."""
        good = GOOD.get(field, [None, *TEXTS] if field in OPTIONAL else TEXTS)
        if field == "category" and action == "register":
            good = [None, None, None, *good]
        elif field == "category" and self.chance(2):
            good = [it["id"] for it in PLAN.rule_at(self.now)["class"]]
        value = self.one_of(good)
        return self.now + value if field in INSTANTS and value is not None else value

    def fields(self, action: str, case: model.Case | None) -> dict[str, Any]:
        """Draw the fields of an action."""
        if action == "correct":
            return self.correction(case)
        return {it: self.value(action, it) for it in fields_of(action)}

    def correction(self, case: model.Case | None) -> dict[str, Any]:
        """Draw a correction, mostly of something that is there."""
        new = {
            "matter": GOOD["matter"],
            "place": GOOD["place"][1:],
            "class": ["complex", "一般", "特难"],
            "reporter_kind": ["企业", "公司"],
            "unit": [*UNITS, NOWHERE],
        }
        field, entries = self.one_of(sorted(new)), case.entries if case else []
        sequence = self.rng.randint(0, len(entries) + 1)
        old = entries[sequence - 1]["facts"].get(field) if 0 < sequence <= len(entries) else None
        if self.chance(8):
            old = self.one_of(["从来没有写过", None])
        return {"sequence": sequence, "field": field, "old": old, "new": self.one_of(new[field])}

    def moment(self, case: model.Case | None, *, backdate: bool) -> dt.datetime | None:
        """Draw when it happened: mostly now, or as long ago as anybody may say."""
        if not self.chance(3):
            return None
        if backdate and self.chance(2):
            long: dt.timedelta = self.rng.randint(0, 200) * self.one_of([HOUR, DAY])
            return self.now - long
        before: dt.datetime = case.entries[-1]["at"] if case else self.now
        quarter: dt.datetime = self.now - 15 * MINUTE
        return max(before, quarter)

    def approver(self, row: dict[str, Any]) -> model.Who | None:
        """Draw who approves it, mostly somebody who may where somebody must."""
        if "approvers" in row and self.chance(2):
            role = self.one_of(row["approvers"])
            return f"{role}/{HOMES[role][0]}", role, HOMES[role][0]
        who: model.Who | None = self.one_of([None, *ACTORS])
        return who

    def related(
        self, row: dict[str, Any], case: model.Case | None, fields: dict[str, Any], role: str
    ) -> str | None:
        """Draw a unit that is to the ticket what a row asks for; what the row is about goes into the fields."""
        known, relation = case.facts() if case else {}, row.get("relation")
        unit: str | None = self.one_of(HOMES.get(role, [None]))
        if case and relation == "named" and case.co_handlers():
            fields["co_handler"] = self.one_of(case.co_handlers())
        if case and row["action"] in {"receive_documents", "lapse_deferral"} and case.deferrals():
            fields["deferral"] = self.one_of(case.deferrals())
        if relation == "handling" and known.get("delegate") and self.chance(2):
            return str(known["delegate"])
        units = {"own": "unit", "handling": "unit", "intake": "intake_unit"}
        if relation == "named":
            return str(fields["co_handler"])
        return known.get(units[relation]) or unit if relation in units else unit

    # -- whole commands ------------------------------------------------------------------------------------------

    def likely(self, number: str, new_id: str) -> model.Command:
        """Draw what the table has a row for at this step, by somebody it names: most probably right."""
        case = self.desk.cases.get(number)
        row = self.row(case)
        action, role = row["action"], self.one_of(row["roles"])
        fields = self.fields(action, case)
        for name, value in row.get("given", {}).items():
            fields[name] = self.one_of([value, {"unit": "单位", "centre": "中心"}[value]])
        if action == "archive" and self.chance(2):
            fields |= {"root_cause": "other", "measure": "case_only"}
        unit = self.related(row, case, fields, role)
        return {
            "action": action,
            "ticket": number,
            "fields": fields,
            "reason": self.one_of(TEXTS) if "reason" in row.get("needs", []) or self.chance(2) else None,
            "who": (f"{role}/{unit}", role, unit),
            "approver": self.approver(row),
            "at": self.moment(case, backdate="backdate" in PLAN.rights[role]),
            "id": self.one_of([None, new_id]),
        }

    def anything(self, new_id: str) -> model.Command:
        """Draw anything at all."""
        action, number = self.one_of(sorted(CLASSES)), self.one_of([*NUMBERS, "T99"])
        return {
            "action": action,
            "ticket": number,
            "fields": self.fields(action, self.desk.cases.get(number)),
            "reason": self.one_of([None, *TEXTS]),
            "who": self.one_of(ACTORS),
            "approver": self.one_of([None, *ACTORS]),
            "at": None,
            "id": self.one_of([None, new_id]),
        }

    def twisted(self, command: model.Command) -> model.Command:
        """Draw one thing that is otherwise, and probably wrong."""
        late = [-US, MINUTE, DAY, -15 * MINUTE - US, -16 * MINUTE, -3 * HOUR, -40 * DAY]
        what = self.one_of(["who", "fields", "fields", "reason", "approver", "at", "ticket"])
        draws: dict[str, Callable[[], Any]] = {
            "who": lambda: self.one_of(ACTORS),
            "fields": lambda: self.spoilt(command["action"], command["fields"]),
            "reason": lambda: self.one_of(BLANKS[:3]),
            "approver": lambda: self.one_of([None, command["who"], *ACTORS]),
            "at": lambda: self.now + self.one_of([US, *late]),
            "ticket": lambda: self.one_of([*NUMBERS, "T99"]),
        }
        return command | {what: draws[what]()}

    def spoilt(self, action: str, fields: dict[str, Any]) -> dict[str, Any]:
        """Draw one field that is blank, or holds what cannot be meant."""
        if action == "correct" or not fields:
            return fields
        name = self.one_of(sorted(fields))
        values: list[Any] = [(), ("",), (" ", "")] if name in LISTS and name not in PLAN.codes else [None]
        if name in NEEDED and name not in {*INSTANTS, *LISTS, *PLAN.codes, *model.UNIT_FIELDS, "category"}:
            values = BLANKS
        unknown = ["没有这个词"] if name in PLAN.codes else []
        return fields | {name: self.one_of([*values, *BAD.get(name, unknown)])}

    def other(self, command: model.Command) -> model.Command:
        """Draw a repetition of a command: the same, or with something else under its id."""
        what = self.one_of(["id", "id", "who", "at", "reason", "ticket", "approver", "fields"])
        draws: dict[str, Callable[[], Any]] = {
            "id": lambda: command["id"],
            "who": lambda: self.one_of(ACTORS),
            "at": lambda: self.one_of([None, self.now, self.now - MINUTE]),
            "reason": lambda: self.one_of([None, "别的理由"]),
            "approver": lambda: self.one_of([None, *ACTORS]),
            "ticket": lambda: self.one_of(NUMBERS),
            "fields": lambda: self.fields(command["action"], self.desk.cases.get(command["ticket"])),
        }
        return command | {what: draws[what]()}


def weight(row: dict[str, Any], case: model.Case | None) -> int:
    """Return how often a row is drawn: more often what few tickets come to, or what was begun."""
    begun = case is not None and (
        case.open_of(row["open"]) if "open" in row else case.kinds(row["entry"]) and row["action"] in AGAIN
    )
    return 12 if begun else 4 if row["action"] in OFTEN else 1
