"""Sorted dispatch (分类派单): to whom, by which rule, by whom, and who looks every day."""

import pytest

from bubancheng.actions import Accept, Acknowledge, Assign, Dispatch, Escalate, Note, Return
from bubancheng.desk import Absence
from bubancheng.errors import NotAllowedError
from tests.acting import CENTRE, OFFICE, OFFICER, OWNED, OWNER, PLACE, UNOWNED, WINDOW, instant
from tests.features.hall import TAX, Hall


def test_the_owner_of_the_matter_comes_first_then_the_place(hall: Hall) -> None:
    hall.accepted("both", matter=OWNED, place=PLACE)
    hall.accepted("place", matter=UNOWNED, place=PLACE)
    assert [OWNER, PLACE] == [hall.seen("both").unit, hall.seen("place").unit]


def test_the_system_dispatches_by_itself_and_says_by_which_rule(hall: Hall) -> None:
    hall.accepted()
    entry = hall.desk.history("T1", actor=WINDOW)[-1]
    assert ("dispatched", "system", "matter_owner") == (entry.kind, entry.actor.role, entry.rule)


def test_what_fits_nobody_waits_for_a_person(hall: Hall) -> None:
    ticket = hall.accepted(matter=UNOWNED)
    assert ("pending_dispatch", None) == (ticket.step, ticket.unit)
    assert ["T1"] == [it.id for it in hall.desk.find(actor=CENTRE, step="pending_dispatch")]


def test_the_centre_may_ask_before_it_dispatches(hall: Hall) -> None:
    hall.accepted(matter=UNOWNED)
    hall.do(Note(ticket="T1", topic="派单前了解", note="来电核实：实为残保金补缴"), CENTRE)
    assert ("pending_dispatch", "noted") == (hall.seen().step, hall.kinds()[-1])
    assert ("inquiry", "来电核实：实为残保金补缴") == (hall.fact("topic"), hall.fact("note"))


def test_dispatching_by_hand_takes_a_reason(hall: Hall) -> None:
    hall.accepted(matter=UNOWNED)
    with pytest.raises(NotAllowedError, match="it needs reason"):
        hall.do(Dispatch(ticket="T1", unit=OWNER), CENTRE)
    hall.do(Dispatch(ticket="T1", unit=OWNER, reason="电话核实归公安"), CENTRE)
    entry = hall.desk.history("T1", actor=WINDOW)[-1]
    assert (CENTRE, "电话核实归公安", None) == (entry.actor, entry.reason, entry.rule)


def test_only_the_district_centre_dispatches_by_hand(hall: Hall) -> None:
    hall.accepted(matter=UNOWNED)
    for official in (WINDOW, OFFICER, OFFICE):
        with pytest.raises(NotAllowedError, match="may not"):
            hall.do(Dispatch(ticket="T1", unit=OWNER, reason="归公安"), official)
    assert hall.do(Dispatch(ticket="T1", unit=OWNER, reason="归公安"), CENTRE).unit == OWNER


def test_an_order_waits_where_nobody_has_looked_today(hall: Hall) -> None:
    hall.accepted()
    assert [Absence(unit=OWNER, waiting=1, last_seen=None)] == hall.desk.absences()
    hall.desk.sign_in(actor=OFFICER)
    assert [] == hall.desk.absences()
    seen = instant("2024-03-25 10:00")
    assert [Absence(unit=OWNER, waiting=1, last_seen=seen)] == hall.desk.absences(instant("2024-03-26 09:30"))


def test_taking_an_order_and_giving_it_to_somebody_inside_are_two_acts(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(Assign(ticket="T1", section="人口办", handler="周某"), OFFICER)
    assert ["acknowledged", "assigned"] == hall.kinds()[-2:]
    assert ("acknowledged", "人口办", "周某") == (
        hall.seen().step,
        hall.fact("section"),
        hall.fact("handler"),
    )


def test_a_units_own_sections_are_its_own_words(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(Assign(ticket="T1", section="登记科（周某不在，由吴某代）", handler="吴某"), OFFICER)
    assert hall.fact("section") == "登记科（周某不在，由吴某代）"


def test_a_hard_question_between_departments_goes_up_to_the_district_office(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(Escalate(ticket="T1", escalated_to="区政务服务办", reason="公安、民政均认为不归己"), OFFICER)
    assert hall.fact("escalated_to") == "区政务服务办"
    assert ["escalated district_office"] == hall.notices("office_inbox")


def test_a_wrong_order_is_given_back_once_with_a_reason_within_a_day(hall: Hall) -> None:
    hall.acknowledged()
    with pytest.raises(NotAllowedError, match="it needs reason"):
        hall.do(Return(ticket="T1"), OFFICER)
    hall.do(Return(ticket="T1", reason="不属本局", suggested=TAX.unit), OFFICER, "2024-03-25 15:00")
    assert ("returned", None) == (hall.seen().step, hall.seen().unit)
    hall.do(Dispatch(ticket="T1", unit=OWNER, reason="确属公安"), CENTRE)
    with pytest.raises(NotAllowedError, match="at most 1"):
        hall.do(Return(ticket="T1", reason="仍认为不属本局"), OFFICER)


def test_how_long_an_order_lay_between_units_is_on_record(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(Return(ticket="T1", reason="不属本局"), OFFICER, "2024-03-25 15:00")
    assert "2024-03-26 17:00" == hall.due("dispatch")
    hall.do(Dispatch(ticket="T1", unit=TAX.unit or "", reason="归税务"), CENTRE, "2024-03-26 09:20")
    hall.do(Acknowledge(ticket="T1"), TAX, "2024-03-26 11:00")
    marks = {mark.kind: mark.at for mark in hall.seen().marks}
    assert [instant("2024-03-25 15:00"), instant("2024-03-26 09:20"), instant("2024-03-26 11:00")] == [
        marks[kind] for kind in ("returned", "dispatched", "acknowledged")
    ]
    assert (2, 1, OWNER) == (hall.fact("dispatches"), hall.fact("returns"), hall.fact("returned_by"))


def test_accepting_leaves_no_order_without_an_owner_or_a_queue(hall: Hall) -> None:
    hall.registered(matter=UNOWNED)
    ticket = hall.do(Accept(ticket="T1"), WINDOW)
    assert hall.district.flow.step(ticket.step).follow_up == "dispatch"
