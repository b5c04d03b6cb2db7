"""The contract of districts: whatever gives a `District`, a profile file, a plugin or Python."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Iterator
from zoneinfo import ZoneInfo

import pytest

from bubancheng.calendar import WorkCalendar
from bubancheng.desk import Desk
from bubancheng.district import District, Rule
from bubancheng.flow import Approved, BeforeDue
from bubancheng.ledger import LedgerRow, take_in
from bubancheng.sla import Target
from bubancheng.testing.contracts.kit import Contract, check, demand, expect

MINUTE = dt.timedelta(minutes=1)
BY_ITSELF = frozenset({"recalculated", "corrected"})
"""Kinds of entry that a desk writes without a row of the table."""
LIGHTS = frozenset({"light:yellow", "light:red"})
_TIMES = {
    "registered_at": "register",
    "dispatched_at": "dispatch",
    "acknowledged_at": "acknowledge",
    "contacted_at": "contact",
    "resolved_at": "resolve",
}
"""The times of a ledger, in their order, each with the action that it reports."""


class DistrictContract(Contract):
    """What a district must be; an author gives the fixture `setup`."""

    @pytest.fixture
    def setup(self) -> District:
        """Return the district under test; override this."""
        msg = f"{type(self).__name__} gives no district: override the fixture `setup` with a District"
        raise NotImplementedError(msg)

    @check("P1")
    def test_every_step_can_be_reached(self, setup: District) -> None:
        """From an action that opens a ticket, over the rows of the table."""
        reached = {step for step, _ in _standings(setup)}
        expect([], [it.id for it in setup.flow.steps if it.id not in reached], "steps that nothing leads to")

    @check("P2")
    def test_a_clock_that_runs_can_always_be_stopped(self, setup: District) -> None:
        """From wherever a ticket stands with a clock running, somebody can bring it to its answer."""
        ways = _standings(setup)
        done = {it for it in ways if not it[1]}
        while more := {it for it, targets in ways.items() if it not in done and targets & done}:
            done |= more
        expect(
            [], sorted(step for step, _ in ways.keys() - done), "steps with a running clock and no way out"
        )

    @check("P3")
    def test_every_class_has_a_limit_or_says_why_not(self, setup: District) -> None:
        """A class without a number needs a source that says what holds instead (确实难度较大)."""
        bare = [
            f"{rule.version}: {it.name}"
            for rule in setup.rules
            for it in rule.categories
            if not (it.source or "").strip()
            and all(target.limit is None and it.id not in target.limits for target in _watched(rule))
        ]
        expect([], bare, "classes without a limit and without a source")

    @check("P4")
    def test_every_matter_and_every_place_has_one_unit(self, setup: District) -> None:
        """And every unit that is named is one of the district's."""
        for what, names in (
            ("matters", [it for unit in setup.units for it in unit.matters]),
            ("places", [it for unit in setup.units for it in unit.places]),
            ("units", [unit.name for unit in setup.units]),
        ):
            expect([], [name for name, times in Counter(names).items() if times > 1], f"{what} of two units")
        named = {it.unit for it in setup.service_points} | {it.parent for it in setup.units if it.parent}
        expect([], sorted(named - {it.name for it in setup.units}), "units that are not listed")

    @check("P5")
    def test_every_role_has_something_to_do_and_every_row_somebody(self, setup: District) -> None:
        """Who acts and who approves is a role of the district's; a role acts, has a right, or is watched."""
        acting = {role for row in setup.flow.transitions for role in row.roles}
        approving = {
            role
            for row in setup.flow.transitions
            for it in row.conditions
            if isinstance(it, Approved)
            for role in it.roles
        }
        known = {it.id for it in setup.roles}
        expect([], sorted((acting | approving) - known), "roles that are not defined")
        idle = [
            it.id for it in setup.roles if it.id not in acting | approving and not it.rights and not it.logged
        ]
        expect([], idle, "roles that do nothing")
        expect([], [it.action for it in setup.flow.transitions if not it.roles], "rows that nobody may do")

    @check("P6")
    def test_a_ledger_goes_through(self, setup: District) -> None:
        """One row of each class under each version of the rules, and the same rows again change nothing."""
        for rule in setup.rules:
            rows = list(_rows(setup, rule))
            now = max(rows[0].times.values()) + MINUTE
            with Desk.open(setup, clock=lambda now=now: now) as desk:  # type: ignore[misc] # a lambda holds its instant by a default
                taken, again = take_in(desk, rows, now), take_in(desk, rows, now)
                lines = {it.id: it.category for it in desk.board(now)}
            expect(
                [], [str(it) for it in taken.problems], f"what is wrong with a ledger under {rule.version}"
            )
            expect((len(rows), len(rows)), (taken.new, again.unchanged), "rows taken in, then unchanged")
            expect({it.id: it.texts.get("class", "") for it in rows}, lines, "classes on the board")

    @check("P7")
    def test_everything_that_people_read_has_a_name(self, setup: District) -> None:
        """Steps, roles, classes, channels and codes; no two steps have the same name."""
        named = {it.id: it.name for it in setup.flow.steps}
        named |= {it.id: it.name for it in setup.roles} | {it.id: it.name for it in setup.channels}
        named |= {f"{it.fact} {it.id}": it.name for it in setup.codes}
        named |= {f"{rule.version} {it.id}": it.name for rule in setup.rules for it in rule.categories}
        expect([], [it for it, name in named.items() if not name.strip()], "ids without a name")
        names = Counter(it.name for it in setup.flow.steps)
        expect([], [name for name, times in names.items() if times > 1], "names of two steps")
        words = {name: word for name, word in setup.light_words.items() if not word.strip()}
        expect({}, words, "lights without a word: colour alone is not enough")
        expect([], [it for it in (setup.title, setup.window) if not it.strip()], "title and window")

    @check("P8")
    def test_every_rule_and_exclusion_cites_its_source(self, setup: District) -> None:
        """A rule without a source is somebody's opinion."""
        demand(
            "the district names its legal basis", setup.legal_basis and all(map(str.strip, setup.legal_basis))
        )
        cited = [(it.version, it.source) for it in setup.rules] + [
            (it.id, it.source) for it in setup.exclusions
        ]
        expect(
            [],
            [name for name, source in cited if not source.strip()],
            "rules and exclusions without a source",
        )

    @check("P9")
    def test_every_route_leads_from_something_to_somebody(self, setup: District) -> None:
        """To a unit, the reporter or a role; on entries that the table writes, on lights, on limits."""
        receivers = {"unit", "reporter", *(it.id for it in setup.roles)}
        expect([], [it.id for it in setup.routes if it.to not in receivers], "routes to nobody")
        dues = {f"due:{target.name}" for rule in setup.rules for target in rule.policy.targets}
        events = _written(setup) | LIGHTS | dues
        expect(
            [], sorted({event for it in setup.routes for event in it.on} - events), "events that never come"
        )

    @check("P10")
    def test_every_target_waits_for_what_the_table_writes(self, setup: District) -> None:
        """What starts, stops or ends a clock happens; a limit that an action must keep exists."""
        written, steps = _written(setup), {it.id for it in setup.flow.steps}
        for rule in setup.rules:
            waited = {kind for target in rule.policy.targets for kind in _kinds(target)} | {
                *rule.policy.final
            }
            expect([], sorted(waited - written), f"entries that nothing writes, in {rule.version}")
            names = {it for target in rule.policy.targets for it in _into(target)}
            expect([], sorted(names - steps), f"steps that do not exist, in {rule.version}")
        targets = {target.name for rule in setup.rules for target in rule.policy.targets}
        conditions = [it for row in setup.flow.transitions for it in row.conditions]
        kept = {it.target for it in conditions if isinstance(it, BeforeDue)}
        expect([], sorted(kept - targets), "limits that no rule has")

    @check("P11")
    def test_every_version_of_the_rules_comes_into_force(self, setup: District) -> None:
        """On its day it is the one that holds, and under its name it is found."""
        for rule in setup.rules:
            found = setup.rule_on(rule.valid_from)
            expect(rule.version, None if found is None else found.version, f"the rules of {rule.valid_from}")
            demand(f"{rule.version!r} is one version", setup.rule(rule.version) is rule)

    @check("P12")
    def test_the_system_can_do_what_follows_by_itself(self, setup: District) -> None:
        """Where a step names what follows, a row lets the role `system` do it there."""
        missing = [
            f"{step.id}: {step.follow_up}"
            for step in setup.flow.steps
            if step.follow_up is not None
            and not any(
                row.action == step.follow_up and step.id in row.sources and "system" in row.roles
                for row in setup.flow.transitions
            )
        ]
        expect([], missing, "steps whose follow-up the system may not do")


def _watched(rule: Rule) -> list[Target]:
    """Return the targets that the light watches from the first round on."""
    return [it for it in rule.policy.targets if it.watched and not it.again]


def _kinds(target: Target) -> Iterator[str]:
    yield from target.starting_kinds
    yield from (stop.partition("?")[0] for stop in target.stops)
    if target.deemed is not None:
        yield target.deemed.kind


def _into(target: Target) -> Iterable[str]:
    start, found, names = target.starts.partition("step:")
    return names.split(",") if found and not start else ()


def _written(district: District) -> set[str]:
    """Return the kinds of entry that can be written."""
    return {row.entry for row in district.flow.transitions} | BY_ITSELF


def _standings(district: District) -> dict[tuple[str, bool], set[tuple[str, bool]]]:
    """Return where a ticket can stand, whether a clock the light watches runs there, and what comes next."""
    targets = [it for rule in district.rules for it in rule.policy.targets if it.watched]
    starts = {kind for it in targets for kind in it.starting_kinds} | {
        it.deemed.kind for it in targets if it.deemed is not None
    }
    stops = {stop.partition("?")[0] for it in targets for stop in it.stops}

    def runs(entry: str, *, before: bool) -> bool:
        return entry in starts or (before and entry not in stops)

    rows = district.flow.transitions
    waiting = [
        (row.target, runs(row.entry, before=False))
        for row in rows
        if not row.sources and row.target is not None
    ]
    ways: dict[tuple[str, bool], set[tuple[str, bool]]] = {}
    while waiting:
        standing = waiting.pop()
        if standing not in ways:
            step, running = standing
            leading = [row for row in rows if step in row.sources]
            ways[standing] = {(row.target or step, runs(row.entry, before=running)) for row in leading}
            waiting += ways[standing]
    return ways


def _rows(district: District, rule: Rule) -> Iterator[LedgerRow]:
    """Yield a row of a ledger for each class, handled at the first opening under a version of the rules.

    Where a rule has no classes, one without; of what a ledger reports that which the district does.
    """
    calendar = district.work_calendar()
    opening = _opening(calendar, rule.valid_from)
    unit = next((it for it in district.units if it.matters), None)
    texts = {"matter": "试办" if unit is None else min(unit.matters)}
    if district.units:
        texts["unit"] = (unit or district.units[0]).name
    for column in district.columns:
        if column.fact is not None and not column.is_time:
            texts[column.id] = next((it.id for it in district.coded(column.fact)), "试办")
    known = {row.action for row in district.flow.transitions}
    times = {
        name: opening + place * MINUTE
        for place, (name, action) in enumerate(_TIMES.items())
        if action in known
    }
    for number, category in enumerate([it.id for it in rule.categories] or [""], start=2):
        own = texts | {"id": f"K{number}"} | ({"class": category} if category else {})
        yield LedgerRow(number=number, texts=own, times=times)


def _opening(calendar: WorkCalendar, date: dt.date) -> dt.datetime:
    first = max(date, calendar.known_from)
    return calendar.next_open(dt.datetime.combine(first, dt.time(0), tzinfo=ZoneInfo(calendar.zone)))
