"""A second opinion on the life of a ticket: what a command leads to, in plain dicts, lists and ifs.

Written from `domain.md` (1, 3, 6), `design.md` (4, 5, 11) and the rows of the district's own table, which are read
here as data by an interpreter of its own; without sight of the library's flow, desk, store or ticket. It predicts for
each command whether it is accepted, what is wrong with it where it is not (any one of the faults may be the one that
is told), the entry it writes, what follows by itself, and what waits in the outbox.

Ambiguities met in the text, and how they are read here.

1.  A first classification is no upgrade: there is nothing yet to go up from (decision 18 calls the class until then
    provisional). A class given at registration is one.
2.  "Somebody else" who approves is somebody with another id; of which unit, the texts leave open.
3.  The entry before, which `at` may not precede, is the last by sequence, at the time it was recorded with.
4.  Half a day ends at noon. Attempts count until the order is returned; what another unit tried before does not.
5.  What was asked of a co-handler stays open when the ticket is returned; the unit it goes to next may be that one.
6.  A delegation ends when the ticket is returned, not when it is reopened.
7.  A list of missing papers in another order is the same list.
8.  A correction restates an entry: the facts are those of all entries in order, each as corrected. None is "not stated".
9.  The automatic dispatch happens when it is recorded, also where the acceptance was told of later.
10. A repeated command has the same content when all that was given with it is the same: the action, who, who approved,
    and `at` as it was given.
11. A unit that returns an order was not the one that received it first.
12. What came in without a unit (a portal, an import) may be taken up by any window.
13. The system dispatches when a ticket comes to wait for it, and tries again when its place is filled in; what is
    corrected in the manual queue is left to the person who sits there.
14. A notice to the responsible unit goes nowhere while there is none.
"""

import datetime as dt
import json
import tomllib
from pathlib import Path
from typing import Any

ZONE = dt.timezone(dt.timedelta(hours=8))
QUARTER = dt.timedelta(minutes=15)
CLOSE = dt.time(17)

NOT_ALLOWED, UNKNOWN_TICKET, BAD_ARGUMENT = "not allowed", "unknown ticket", "bad argument"

PERSONAL = ("reporter", "phone", "identity", "text")
UNIT_FIELDS = ("unit", "suggested", "delegate", "co_handler")
NO_FACTS = {"correct": ("sequence", "field", "old", "new")}

Who = tuple[str, str, str | None]  # id, role, unit
Command = dict[str, Any]  # action, ticket, fields, reason, who, approver, at, id


class Calendar:
    """The working days of the State Council's notices."""

    def __init__(self, days: Path) -> None:
        years = json.loads(days.read_text("utf-8"))["years"]
        self.off = {day for year in years.values() for day in year["off"]}
        self.extra = {day for year in years.values() for day in year["make_up"]}

    def works(self, day: dt.date) -> bool:
        """Whether offices work on a day."""
        text = day.isoformat()
        if text in self.extra:
            return True
        return day.isoweekday() < 6 and text not in self.off

    def close_after(self, start: dt.datetime, days: int) -> dt.datetime:
        """Return the close of the so manieth working day after the day of an instant."""
        day = start.astimezone(ZONE).date()
        while days:
            day += dt.timedelta(days=1)
            if self.works(day):
                days -= 1
        return dt.datetime.combine(day, CLOSE, ZONE)


class Profile:
    """The rows of a district's table, as they stand in its file, and in the one beneath it.

    Naive on purpose: a table of the upper file is laid over the one of the same name beneath.
    """

    def __init__(self, path: Path, beneath: Path) -> None:
        table = tomllib.loads(beneath.read_text("utf-8"))
        upper = tomllib.loads(path.read_text("utf-8"))
        table["district"] = upper["district"]
        for key, names in (("role", ("id",)), ("route", ("id",)), ("code", ("fact", "id"))):
            for own in upper.pop(key, []):
                same = [it for it in table[key] if all(it[name] == own[name] for name in names)]
                if same:
                    same[0].update(own)
                else:
                    table[key].append(own)
        for rule in upper["rule"]:
            rule["target"] = rule["target"] + table["target"] + upper.get("target", [])
        table.update({key: value for key, value in upper.items() if key != "district"})
        self.rows: list[dict[str, Any]] = table["flow"]["transition"]
        self.follow_up = {it["id"]: it.get("follow_up") for it in table["flow"]["step"]}
        self.rights = {it["id"]: it.get("rights", []) for it in table["role"]}
        self.units = {it["name"]: it for it in table["unit"]}
        self.routes: list[dict[str, Any]] = table["route"]
        self.rules: list[dict[str, Any]] = sorted(table["rule"], key=lambda it: str(it["valid_from"]))
        self.channels = words(table["channel"])
        self.codes: dict[str, dict[str, str]] = {}
        for code in table["code"]:
            self.codes.setdefault(code["fact"], {}).update(words([code]))
        self.codes["retention"] = words(table["retention"])
        self.keys: list[str] = table["district"]["dispatch_keys"]

    def actions(self) -> list[str]:
        """Return the actions of the table, each once, in its order."""
        return list(dict.fromkeys(it["action"] for it in self.rows))

    def rule_at(self, instant: dt.datetime) -> dict[str, Any]:
        """Return the rules in force at an instant."""
        day, found = instant.astimezone(ZONE).date(), self.rules[0]
        for rule in self.rules:
            if rule["valid_from"] <= day:
                found = rule
        return found

    def rule(self, version: str) -> dict[str, Any]:
        """Return the rules of a version."""
        return next(it for it in self.rules if it["version"] == version)

    def assigned(self, facts: dict[str, Any]) -> tuple[str, str] | None:
        """Return to which unit a ticket goes by itself, by which key; None: a person decides."""
        for key in self.keys:
            for name, unit in self.units.items():
                if key == "matter_owner" and facts.get("matter") in unit.get("matters", []):
                    return name, key
                if key == "handling_place" and facts.get("place") in unit.get("places", []):
                    return name, key
        return None


def words(rows: list[dict[str, Any]]) -> dict[str, str]:
    """Return which id a word means: an id, a name, or another word for it."""
    return {word: it["id"] for it in rows for word in (it["id"], it["name"], *it.get("aliases", []))}


def is_blank(value: object) -> bool:
    """Whether a field was left open."""
    if isinstance(value, tuple):
        return all(is_blank(it) for it in value)
    if isinstance(value, str):
        return not value.strip()
    return value is None


class Case:
    """One ticket: its entries, in order, and where it stands."""

    def __init__(self, number: str, rule: str) -> None:
        self.number, self.rule, self.step = number, rule, ""
        self.entries: list[dict[str, Any]] = []
        self.personal: dict[str, Any] = {}

    def facts(self) -> dict[str, Any]:
        """Return what is known of it: all entries in order, each as corrected."""
        found: dict[str, Any] = {}
        for entry in self.entries:
            found.update(entry["facts"])
        return {name: value for name, value in found.items() if value is not None}

    def kinds(self, kind: str) -> list[dict[str, Any]]:
        """Return its entries of a kind."""
        return [it for it in self.entries if it["kind"] == kind]

    def unit(self) -> str | None:
        """Return the unit that is responsible."""
        unit: str | None = self.facts().get("unit")
        return unit

    def open_of(self, row: dict[str, Any]) -> list[Any]:
        """Return what was begun and has not ended: co-handlers that were asked, papers that were promised."""
        found: list[Any] = []
        for entry in self.entries:
            value = entry["facts"].get(row["field"])
            if entry["kind"] == row["begins"] and value not in found:
                found.append(value)
            if entry["kind"] in row["ends"] and value in found:
                found.remove(value)
        return found

    def co_handlers(self) -> list[Any]:
        """Return the units that were asked for help and have not answered."""
        ends = ["co_handling_answered"]
        return self.open_of({"field": "co_handler", "begins": "co_handling_requested", "ends": ends})

    def deferrals(self) -> list[Any]:
        """Return the papers that are still to come."""
        ends = ["documents_received", "deferral_lapsed"]
        return self.open_of({"field": "deferral", "begins": "deferred", "ends": ends})


class Desk:
    """All tickets of a district, and what was commanded so far."""

    def __init__(self, profile: Profile, calendar: Calendar) -> None:
        self.profile, self.calendar = profile, calendar
        self.cases: dict[str, Case] = {}
        self.external: dict[str, str] = {}
        self.done: dict[str, tuple[Command, dict[str, Any]]] = {}
        self.notices: list[tuple[str, str, str]] = []  # what the last command put into the outbox

    # -- what speaks against a command ---------------------------------------------------------------------------

    def faults(self, command: Command, now: dt.datetime) -> set[str]:
        """Return the kinds of what is wrong with a command; empty where it is accepted."""
        case = self.cases.get(command["ticket"])
        rows = [it for it in self.profile.rows if it["action"] == command["action"]]
        if case is None and not any("from" not in it for it in rows):
            return {UNKNOWN_TICKET} | (
                {NOT_ALLOWED} if not rows else self.argument_faults(command, None, now)
            )
        found = self.argument_faults(command, case, now)
        if not any(self.allows(row, command, case, now) for row in rows):
            found.add(NOT_ALLOWED)
        if self.time_fault(command, case, now):
            found.add(NOT_ALLOWED)
        return found

    def argument_faults(self, command: Command, case: Case | None, now: dt.datetime) -> set[str]:  # noqa: PLR0911 naive on purpose
        """Return whether a value of a command cannot be meant."""
        fields, role = command["fields"], command["who"][1]
        bad = {BAD_ARGUMENT}
        listed = "unlisted_unit" in self.profile.rights.get(role, [])
        for name in UNIT_FIELDS:
            if fields.get(name) is not None and fields[name] not in self.profile.units and not listed:
                return bad
        if command["action"] == "delegate" and case is not None and fields.get("delegate") is not None:
            above = self.profile.units.get(fields["delegate"], {}).get("parent")
            if above != case.unit() and fields["delegate"] != case.unit():
                return bad
        if command["action"] == "complete" and case is not None:
            known = case.facts()
            for name in ("channel", "place"):
                if fields.get(name) and known.get(name) and known[name] != self.word(name, fields[name], ""):
                    return bad
            for name in PERSONAL:
                if fields.get(name) and case.personal.get(name, fields[name]) != fields[name]:
                    return bad
        version = case.rule if case else self.profile.rule_at(command["at"] or now)["version"]
        stated = dict(self.raw_facts(command))
        if command["action"] == "correct" and case is not None:
            if not 1 <= fields["sequence"] <= len(case.entries):
                return bad
            if case.entries[fields["sequence"] - 1]["facts"].get(fields["field"]) != fields["old"]:
                return bad
            if fields["field"] == "unit" and fields["new"] not in self.profile.units and not listed:
                return bad
            stated[fields["field"]] = fields["new"]
        for name, value in stated.items():
            if any(
                self.word(name, it, version) is None
                for it in (value if isinstance(value, tuple) else [value])
            ):
                return bad
        if fields.get("external_id") is not None and self.source_key(fields) in self.external:
            return bad
        return set()

    def source_key(self, fields: dict[str, Any]) -> str:
        """Return the number a source gave it, with the source."""
        return f"{fields.get('source')} {fields['external_id']}"

    def word(self, fact: str, value: Any, version: str) -> Any:
        """Return the id that a word means, None where the table does not know it."""
        if fact == "channel":
            return self.profile.channels.get(value, value)
        if fact == "class":
            return words(self.profile.rule(version)["class"]).get(value)
        if fact in self.profile.codes:
            known = self.profile.codes[fact].get(str(value))
            return None if known is None else int(known) if isinstance(value, int) else known
        return value

    def raw_facts(self, command: Command) -> dict[str, Any]:
        """Return the facts a command states, in its own words."""
        found = {}
        for name, value in command["fields"].items():
            if value is None or name in PERSONAL or name in NO_FACTS.get(command["action"], ()):
                continue
            plain = value.isoformat() if isinstance(value, dt.datetime) else value
            found["class" if name == "category" else name] = (
                tuple(plain) if isinstance(plain, list) else plain
            )
        return found

    def stated(self, command: Command, version: str) -> dict[str, Any]:
        """Return the facts a command states, in the words of the tables."""
        found = {}
        for name, value in self.raw_facts(command).items():
            if isinstance(value, tuple):
                found[name] = tuple(self.word(name, it, version) for it in value)
            else:
                found[name] = self.word(name, value, version)
        return found

    def time_fault(self, command: Command, case: Case | None, now: dt.datetime) -> bool:
        """Whether it has not happened yet, or lies back too far for who tells it."""
        at = command["at"] or now
        if at > now:
            return True
        return self.lies_back(at, case, now) and "backdate" not in self.profile.rights.get(
            command["who"][1], []
        )

    def lies_back(self, at: dt.datetime, case: Case | None, now: dt.datetime) -> bool:
        """Whether it lies before the entry before, or more than a quarter of an hour back."""
        return at < now - QUARTER or (case is not None and at < case.entries[-1]["at"])

    def allows(self, row: dict[str, Any], command: Command, case: Case | None, now: dt.datetime) -> bool:
        """Whether a row of the table lets this happen."""
        _, role, unit = command["who"]
        if role not in row["roles"]:
            return False
        if ("from" in row) != (case is not None):
            return False
        if case is not None and case.step not in row["from"]:
            return False
        version = case.rule if case else self.profile.rule_at(command["at"] or now)["version"]
        facts = self.stated(command, version)
        for name, value in row.get("given", {}).items():
            if facts.get(name) != value:
                return False
        for name in row.get("needs", []):
            if is_blank(command["reason"] if name == "reason" else facts.get(name)):
                return False
        return self.is_related(row, unit, facts, case) and self.holds(row, command, facts, case, now)

    def is_related(
        self, row: dict[str, Any], unit: str | None, facts: dict[str, Any], case: Case | None
    ) -> bool:
        """Whether the actor's unit is to the ticket what a row asks for."""
        relation = row.get("relation")
        if relation is None:
            return True
        if unit is None or case is None:
            return False
        if relation == "named":
            return bool(facts.get("co_handler") == unit)
        known = case.facts()
        if relation == "own":
            return bool(known.get("unit") == unit)
        if relation == "handling":
            return known.get("unit") is not None and unit in (known["unit"], known.get("delegate"))
        if relation == "intake":
            return known.get("intake_unit") in (None, unit)
        raise AssertionError(relation)

    def holds(  # noqa: PLR0911 naive on purpose
        self,
        row: dict[str, Any],
        command: Command,
        facts: dict[str, Any],
        case: Case | None,
        now: dt.datetime,
    ) -> bool:
        """Whether the conditions of a row hold."""
        for name in row:
            assert name in {
                *("action", "entry", "from", "to", "roles", "relation", "needs", "given"),
                *("at_most", "within", "approvers", "approve_harder_only", "open", "not_open", "other_unit"),
                *("known", "happened"),
            }, f"the model does not know {name}"
        if case is None:
            return True
        if any(is_blank((case.facts() | facts).get(it)) for it in row.get("known", [])):
            return False
        if "happened" in row:
            it = row["happened"]
            if not any(entry["facts"].get(it["field"]) == it["value"] for entry in case.kinds(it["kind"])):
                return False
        if "at_most" in row and len(case.kinds(row["entry"])) >= row["at_most"]:
            return False
        if "within" in row:
            started = case.kinds(row["within"]["after"])
            assert row["within"]["limit"] == "1个工作日"
            if started and (command["at"] or now) > self.calendar.close_after(started[-1]["at"], 1):
                return False
        if "other_unit" in row and facts.get(row["other_unit"]) == case.unit():
            return False
        if "open" in row and facts.get(row["open"]["field"]) not in case.open_of(row["open"]):
            return False
        if "not_open" in row and facts.get(row["not_open"]["field"]) in case.open_of(row["not_open"]):
            return False
        if "approvers" not in row:
            return True
        if row.get("approve_harder_only"):
            ranks = [it["id"] for it in self.profile.rule(case.rule)["class"]]
            before, after = case.facts().get("class"), facts.get("class")
            if before is None or after is None or ranks.index(after) <= ranks.index(before):
                return True
            if is_blank(command["reason"]):
                return False
        approver = command["approver"]
        return approver is not None and approver[0] != command["who"][0] and approver[1] in row["approvers"]

    # -- what a command does -------------------------------------------------------------------------------------

    def told_before(self, command: Command) -> tuple[bool, dict[str, Any]] | None:
        """Return whether a command of this id was the same, and what came of it; None for a new one."""
        before = self.done.get(command["id"]) if command["id"] is not None else None
        return None if before is None else (before[0] == command, before[1])

    def carry_out(self, command: Command, now: dt.datetime) -> dict[str, Any]:
        """Do what an accepted command does, and return what it leads to."""
        self.notices = []
        at, number = command["at"] or now, command["ticket"]
        case = self.cases.get(number)
        row = next(
            it
            for it in self.profile.rows
            if it["action"] == command["action"] and self.allows(it, command, case, now)
        )
        if case is None:
            case = self.cases[number] = Case(number, self.profile.rule_at(at)["version"])
        backdated = self.lies_back(at, case if case.entries else None, now)
        if command["fields"].get("external_id") is not None:
            self.external[self.source_key(command["fields"])] = number
        facts = self.stated(command, case.rule)
        if command["action"] == "correct":
            fields = command["fields"]
            new = self.word(fields["field"], fields["new"], case.rule)
            case.entries[fields["sequence"] - 1]["facts"][fields["field"]] = new
        told = {name: value for name, value in command["fields"].items() if name in PERSONAL and value}
        case.personal |= told
        facts |= self.derived(command, facts, case, at)
        self.write(case, row, facts, command["who"], at, now, backdated=backdated)
        placed = command["action"] == "complete" and facts.get("place")
        if self.profile.follow_up[case.step] == "dispatch" and (row.get("to") == case.step or placed):
            self.dispatch(case, now)
        outcome = snapshot(case)
        if command["id"] is not None:
            self.done[command["id"]] = (dict(command), outcome)
        return outcome

    def derived(  # noqa: PLR0911 naive on purpose
        self, command: Command, facts: dict[str, Any], case: Case, at: dt.datetime
    ) -> dict[str, Any]:
        """Return what follows from a command for the facts."""
        action, unit, known = command["action"], command["who"][2], case.facts()
        if action in {"register", "open_item"}:
            return {} if unit is None else {"intake_unit": unit}
        if action == "return":
            gone: dict[str, Any] = {"unit": None, "delegate": None, "first_receiver": None}
            return gone | {"returns": len(case.kinds("returned")) + 1}
        if action == "dispatch" and "dispatch_rule" not in facts:
            return {"dispatch_rule": None}
        if action == "acknowledge" and "first_receiver" not in known and known.get("unit"):
            return {"first_receiver": known["unit"]}
        if action == "supervise":
            return {"round": len(case.kinds("supervised")) + 1}
        if action == "attempt_contact":
            return self.attempts(case, at)
        lists = [it["facts"]["missing"] for it in case.kinds("informed")]
        if action == "inform_once" and any(set(it) != set(facts["missing"]) for it in lists):
            return {"notice_violation": True}
        return {}

    def attempts(self, case: Case, at: dt.datetime) -> dict[str, Any]:
        """Return how often this unit tried, and whether that is often enough (decision 17)."""
        tried = [at]
        for entry in reversed(case.entries):
            if entry["kind"] == "returned":
                break  # what another unit tried before it gave the order back
            if entry["kind"] == "contact_attempted":
                tried.append(entry["at"])
        found: dict[str, Any] = {"attempts": len(tried)}
        enough = self.profile.rule(case.rule).get("unreachable")
        local = [it.astimezone(ZONE) for it in tried]
        halves = {(it.date(), it.hour < 12) for it in local}
        if enough and len(set(local)) >= enough["attempts"] and len(halves) >= enough["half_days"]:
            found["unreachable"] = True
        return found

    def dispatch(self, case: Case, now: dt.datetime) -> None:
        """Dispatch by itself, where one of the keys says to whom; else the ticket waits for a person."""
        target = self.profile.assigned(case.facts())
        if target is None:
            return
        row = next(it for it in self.profile.rows if it["action"] == "dispatch" and "system" in it["roles"])
        facts = {"unit": target[0], "dispatch_rule": target[1]}
        self.write(case, row, facts, ("", "system", None), now, now, backdated=False)

    def write(
        self,
        case: Case,
        row: dict[str, Any],
        facts: dict[str, Any],
        who: Who,
        at: dt.datetime,
        now: dt.datetime,
        *,
        backdated: bool,
    ) -> None:
        """Append an entry, go on to its step, and put up who hears of it."""
        entry = {"kind": row["entry"], "facts": facts, "who": who, "at": at, "recorded_at": now}
        case.entries.append(entry | {"backdated": backdated})
        case.step = row.get("to", case.step)
        for route in self.profile.routes:
            if row["entry"] in route["on"]:
                receiver = case.unit() if route["to"] == "unit" else route["to"]
                if receiver is not None:
                    self.notices.append((case.number, f"notice:{route['id']}", receiver))

    # -- what is seen --------------------------------------------------------------------------------------------

    def found(self, unit: str | None, step: str | None, after: str | None, limit: int) -> list[str]:
        """Return the numbers that a search gives."""
        numbers = sorted(
            it.number
            for it in self.cases.values()
            if (unit is None or it.unit() == unit) and (step is None or it.step == step)
        )
        return [it for it in numbers if after is None or it > after][:limit]


def snapshot(case: Case) -> dict[str, Any]:
    """Return where a ticket stands."""
    facts = case.facts()
    return {
        "step": case.step,
        "unit": case.unit(),
        "version": len(case.entries),
        "rule": case.rule,
        "facts": facts,
        "co_handlers": case.co_handlers(),
        "deferrals": case.deferrals(),
    }
