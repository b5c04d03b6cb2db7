"""Roles and rights (岗位职责): who may, who may not, and who watches."""

import pytest

from bubancheng.actions import (
    Acknowledge,
    Action,
    Archive,
    CallBack,
    Contact,
    Explain,
    Note,
    Register,
    Resolve,
    Supervise,
)
from bubancheng.errors import NotAllowedError
from tests.acting import CENTRE, HEAD, OFFICE, OFFICER, OVERSEER, OWNED, WINDOW, instant
from tests.features.hall import CIVIL, LICENCE, MARKET, Hall

TYPHOON = (instant("2024-03-27 09:00"), instant("2024-03-28 00:00"))


def supervising() -> Supervise:
    """Return the order to put a case right."""
    return Supervise(ticket="T1", finding="谎报", rectification_due=instant("2024-04-03 17:00"))


def test_each_unit_runs_its_own_cases_and_no_others(hall: Hall) -> None:
    hall.acknowledged("T1")
    hall.accepted("T2", matter=LICENCE)
    assert [["T1"], ["T2"]] == [
        [it.id for it in hall.desk.find(actor=official, unit=official.unit)] for official in (OFFICER, MARKET)
    ]
    for action in (Contact(ticket="T1"), Resolve(ticket="T1")):
        with pytest.raises(NotAllowedError, match="may not act for unit"):
            hall.do(action, CIVIL)


def test_the_district_office_oversees_and_only_it(hall: Hall) -> None:
    hall.resolved()
    for official in (WINDOW, HEAD, OFFICER, CENTRE, OVERSEER):
        with pytest.raises(NotAllowedError, match="may not"):
            hall.do(supervising(), official)
    assert hall.do(supervising(), OFFICE).step == "supervised"


def test_the_district_office_keeps_the_systems_calendar_and_only_it(hall: Hall) -> None:
    hall.acknowledged()
    closed = hall.district.work_calendar(closures=[TYPHOON])
    with pytest.raises(NotAllowedError):
        hall.desk.apply_calendar(closed, actor=CENTRE)
    (move,) = hall.desk.apply_calendar(closed, actor=OFFICE)
    assert (instant("2024-03-28 17:00"), instant("2024-03-29 17:00")) == (move.old_due, move.new_due)


def test_the_overseer_reads_everything_with_its_history_and_changes_nothing(hall: Hall) -> None:
    hall.resolved()
    assert "resolved" == hall.desk.get("T1", actor=OVERSEER).step
    assert "resolved" == hall.desk.history("T1", actor=OVERSEER)[-1].kind
    refused: list[Action] = [
        Register(ticket="T2", matter=OWNED),
        Note(ticket="T1", topic="其他", note="已阅"),
        CallBack(ticket="T1", level="centre", reached="answered"),
        supervising(),
        Archive(ticket="T1"),
    ]
    for action in refused:
        with pytest.raises(NotAllowedError):
            hall.do(action, OVERSEER)


def test_what_the_overseer_reads_is_on_record(hall: Hall) -> None:
    hall.resolved()
    hall.desk.get("T1", actor=OVERSEER)
    hall.desk.history("T1", actor=OVERSEER)
    fields = [(entry.actor, entry.effect.facts["fields"]) for entry in hall.desk.accesses("T1", actor=OFFICE)]
    assert [(OVERSEER, ("state",)), (OVERSEER, ("history",))] == fields


def test_no_unit_can_keep_a_case_from_the_overseer(hall: Hall) -> None:
    for number, matter in enumerate((OWNED, LICENCE)):
        hall.accepted(f"T{number}", matter=matter)
    assert ["T0", "T1"] == [it.id for it in hall.desk.find(actor=OVERSEER)]


def test_each_unit_has_one_disposal_officer_who_takes_and_follows_its_orders(hall: Hall) -> None:
    role = hall.district.role("disposal_officer")
    assert role is not None
    assert ("处置专员", 1) == (role.name, role.per_unit)
    hall.accepted()
    for official in (WINDOW, HEAD, CENTRE, OFFICE):
        with pytest.raises(NotAllowedError, match="disposal_officer"):
            hall.do(Acknowledge(ticket="T1"), official)
    assert hall.do(Acknowledge(ticket="T1"), OFFICER).step == "acknowledged"


def test_each_centre_has_one_window_officer_who_registers_and_files(hall: Hall) -> None:
    role = hall.district.role("window_officer")
    assert role is not None
    assert ("窗口办理专员", 1) == (role.name, role.per_unit)
    assert hall.registered().step == "registered"
    assert {"register", "archive"} <= {
        row.action for row in hall.district.flow.transitions if "window_officer" in row.roles
    }


def test_each_centre_has_one_window_head_who_answers_for_the_whole(hall: Hall) -> None:
    role = hall.district.role("window_head")
    assert role is not None
    assert ("窗口负责人", 1) == (role.name, role.per_unit)
    hall.acknowledged()
    action = Explain(ticket="T1", explanation="户籍系统正在并库", next_review=instant("2024-04-08 10:00"))
    with pytest.raises(NotAllowedError, match="may not"):
        hall.do(action, WINDOW)
    assert hall.do(action, HEAD).step == "tracking"
