"""Districts that are wrong in one way each, made of a right one."""

from collections.abc import Callable
from typing import Any

import attrs

from bubancheng.district import District, Role, Route, Rule
from bubancheng.flow import Approved, FlowStep, Stage, Transition
from bubancheng.sla import Policy, Target
from tests.acting import DISTRICT


def _with_rows(change: Callable[[Transition], Transition | None]) -> District:
    rows = [change(it) for it in DISTRICT.flow.transitions]
    flow = attrs.evolve(DISTRICT.flow, transitions=tuple(it for it in rows if it is not None))
    return attrs.evolve(DISTRICT, flow=flow)


def _with_last_rule(change: Callable[[Rule], Rule]) -> District:
    return attrs.evolve(DISTRICT, rules=(*DISTRICT.rules[:-1], change(DISTRICT.rules[-1])))


def _with_target(name: str, **fields: Any) -> District:
    def change(rule: Rule) -> Rule:
        def changed(target: Target) -> Target:
            return attrs.evolve(target, **fields) if target.name == name else target

        policy: Policy = rule.policy
        return attrs.evolve(
            rule, policy=attrs.evolve(policy, targets=tuple(changed(it) for it in policy.targets))
        )

    return _with_last_rule(change)


def orphan_step() -> District:
    """Has a step that nothing leads to."""
    step = FlowStep(id="mediation", stage=Stage.RESOLVE, name="调解")
    return attrs.evolve(DISTRICT, flow=attrs.evolve(DISTRICT.flow, steps=(*DISTRICT.flow.steps, step)))


def dead_end() -> District:
    """Lets a ticket be set aside, with its clock running, where no way leads on."""
    row = Transition(
        action="shelve",
        entry="noted",
        sources=frozenset({"acknowledged"}),
        target="withdrawn",
        roles=frozenset({"disposal_officer"}),
    )
    rows = (*DISTRICT.flow.transitions, row)
    return attrs.evolve(DISTRICT, flow=attrs.evolve(DISTRICT.flow, transitions=rows))


def bare_class() -> District:
    """Has a class without a number and without a word about what holds instead."""

    def change(rule: Rule) -> Rule:
        classes = [attrs.evolve(it, source=None) if it.id == "hard" else it for it in rule.categories]
        return attrs.evolve(rule, categories=tuple(classes))

    return _with_last_rule(change)


def two_owners() -> District:
    """Has a matter that two units own, so that no dispatch is certain."""
    first, second, *others = DISTRICT.units
    second = attrs.evolve(second, matters=second.matters | {min(first.matters)})
    return attrs.evolve(DISTRICT, units=(first, second, *others))


def lost_window() -> District:
    """Has a window of a unit that it does not list."""
    point = attrs.evolve(DISTRICT.service_points[0], unit="区行政服务大厅")
    return attrs.evolve(DISTRICT, service_points=(*DISTRICT.service_points, point))


def idle_role() -> District:
    """Has a role that may do nothing and is asked nothing."""
    return attrs.evolve(DISTRICT, roles=(*DISTRICT.roles, Role(id="usher", name="引导员")))


def misspelt_role() -> District:
    """Lets a role act that it does not define."""
    return _with_rows(
        lambda row: attrs.evolve(row, roles=row.roles | {"disposal_oficer"}) if row.action == "assign" else row
    )


def misspelt_approver() -> District:
    """Has an approval by a role that it does not define."""
    return _with_rows(
        lambda row: attrs.evolve(row, conditions=(*row.conditions, Approved(frozenset({"head"}))))
        if row.action == "assign"
        else row
    )


def shut_to_ledgers() -> District:
    """Lets nobody who imports a ledger say when an order was acknowledged."""
    return _with_rows(
        lambda row: None if row.action == "acknowledge" and row.roles == {"importer"} else row
    )


def nameless_step() -> District:
    """Shows people nothing where a step's name belongs."""
    steps = [attrs.evolve(it, name=" ") if it.id == "tracking" else it for it in DISTRICT.flow.steps]
    return attrs.evolve(DISTRICT, flow=attrs.evolve(DISTRICT.flow, steps=tuple(steps)))


def one_name_for_two() -> District:
    """Calls two steps the same."""
    steps = [attrs.evolve(it, name="办结回复") if it.id == "archived" else it for it in DISTRICT.flow.steps]
    return attrs.evolve(DISTRICT, flow=attrs.evolve(DISTRICT.flow, steps=tuple(steps)))


def without_source() -> District:
    """Has rules of which nobody knows who made them."""
    return _with_last_rule(lambda rule: attrs.evolve(rule, source=" "))


def without_basis() -> District:
    """Names no legal basis."""
    return attrs.evolve(DISTRICT, legal_basis=())


def route_to_nobody() -> District:
    """Sends red lights to a role that it does not define."""
    route = Route(id="leader", on=frozenset({"light:red"}), to="leader")
    return attrs.evolve(DISTRICT, routes=(*DISTRICT.routes, route))


def deaf_route() -> District:
    """Sends a notice on an entry that is never written."""
    route = Route(id="leader", on=frozenset({"disptached"}), to="district_office")
    return attrs.evolve(DISTRICT, routes=(*DISTRICT.routes, route))


def misspelt_stop() -> District:
    """Waits, besides the reply, for an entry that is never written."""
    return _with_target("unit_callback", stops=("caled_back",))


def misspelt_step() -> District:
    """Starts a clock at a step that does not exist."""
    return _with_target("dispatch", starts="step:pending", again=False)


def never_in_force() -> District:
    """Has two versions of the rules from one day on, so that one of them never holds."""
    last = DISTRICT.rules[-1]
    return attrs.evolve(DISTRICT, rules=(*DISTRICT.rules, attrs.evolve(last, version="2023-10-26 (2)")))


def idle_system() -> District:
    """Lets a ticket wait for a dispatch that the system may not do."""
    return _with_rows(
        lambda row: attrs.evolve(row, roles=row.roles - {"system"}) if row.action == "dispatch" else row
    )


WRONG: dict[Callable[[], District], str] = {
    orphan_step: "test_every_step_can_be_reached",
    dead_end: "test_a_clock_that_runs_can_always_be_stopped",
    bare_class: "test_every_class_has_a_limit_or_says_why_not",
    two_owners: "test_every_matter_and_every_place_has_one_unit",
    lost_window: "test_every_matter_and_every_place_has_one_unit",
    idle_role: "test_every_role_has_something_to_do_and_every_row_somebody",
    misspelt_role: "test_every_role_has_something_to_do_and_every_row_somebody",
    misspelt_approver: "test_every_role_has_something_to_do_and_every_row_somebody",
    shut_to_ledgers: "test_a_ledger_goes_through",
    nameless_step: "test_everything_that_people_read_has_a_name",
    one_name_for_two: "test_everything_that_people_read_has_a_name",
    without_source: "test_every_rule_and_exclusion_cites_its_source",
    without_basis: "test_every_rule_and_exclusion_cites_its_source",
    route_to_nobody: "test_every_route_leads_from_something_to_somebody",
    deaf_route: "test_every_route_leads_from_something_to_somebody",
    misspelt_stop: "test_every_target_waits_for_what_the_table_writes",
    misspelt_step: "test_every_target_waits_for_what_the_table_writes",
    never_in_force: "test_every_version_of_the_rules_comes_into_force",
    idle_system: "test_the_system_can_do_what_follows_by_itself",
}
"""Each wrong district, and the one check that rejects it."""
