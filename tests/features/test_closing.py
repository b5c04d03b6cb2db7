"""Callback, supervision, rectification (回访督办、反馈整改): what became of it, and what is learned."""

import csv
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest

from bubancheng.actions import (
    Acknowledge,
    Archive,
    CallBack,
    CloseItem,
    ConfirmRectification,
    Contact,
    Link,
    Note,
    OpenItem,
    Rectify,
    Resolve,
    Supervise,
)
from bubancheng.errors import NotAllowedError
from bubancheng.ledger import COLUMNS, write_ledger
from bubancheng.sla import Light
from tests.acting import CENTRE, HEAD, IMPORT, OFFICE, OFFICER, OWNER, UNOWNED, WINDOW, instant
from tests.features.hall import LICENCE, MARKET, PORTAL, Hall


def calling(level: str, **stated: object) -> CallBack:
    """Return a callback in which somebody answered."""
    return CallBack(ticket="T1", level=level, **{"reached": "接通", **stated})  # type: ignore[arg-type]


def called_back(hall: Hall, **stated: Any) -> None:
    """Bring a ticket through both callbacks."""
    hall.resolved(**stated)
    hall.do(calling("unit", solved=True, grade=2), OFFICER)
    hall.do(calling("centre", solved=True, grade=2), CENTRE)


def supervising(due: str = "2024-04-03 17:00", **stated: Any) -> Supervise:
    """Return the order to put a case right by a date."""
    given: dict[str, Any] = {"finding": "应解决未解决", "bulletin": "崇政办通报〔2024〕2号"}
    return Supervise(ticket="T1", rectification_due=instant(due), **(given | stated))


def test_the_unit_calls_back_every_case_before_its_file_is_closed(hall: Hall) -> None:
    hall.resolved()
    assert "2024-03-28 17:00" == hall.due("unit_callback")
    hall.do(calling("centre", solved=True, grade=2), CENTRE)
    with pytest.raises(NotAllowedError, match="has not happened"):
        hall.do(Archive(ticket="T1"), WINDOW)
    hall.do(calling("unit", reached="拒访"), OFFICER)
    assert hall.do(Archive(ticket="T1"), WINDOW).step == "archived"


def test_a_callback_asks_whether_it_was_handled_and_how_satisfied_in_five_grades(hall: Hall) -> None:
    grades = {code.name: code.id for code in hall.district.coded("grade")}
    assert {"非常满意": "1", "满意": "2", "基本满意": "3", "不满意": "4", "非常不满意": "5"} == grades
    hall.resolved()
    hall.do(calling("unit", solved=True, grade=3), OFFICER)
    assert ("answered", True, 3) == tuple(hall.fact(name) for name in ("reached", "solved", "grade"))


def test_a_thing_can_be_answered_not_solved_and_satisfied(hall: Hall) -> None:
    hall.resolved(done=False, outcome="未办成")
    hall.do(calling("unit", solved=False, grade=2), OFFICER)
    assert (False, False, 2) == tuple(hall.fact(name) for name in ("done", "solved", "grade"))


def test_the_centre_calls_back_once_more_and_asks_for_a_grade(hall: Hall) -> None:
    hall.resolved()
    assert "2024-04-09 17:00" == hall.due("centre_callback")
    hall.do(calling("unit", solved=True, grade=1), OFFICER)
    with pytest.raises(NotAllowedError, match="may not"):
        hall.do(calling("centre", solved=True, grade=1), OFFICER)
    assert hall.do(calling("centre", solved=True, grade=2), CENTRE).step == "centre_called_back"


def test_a_callback_finds_unsolved_false_or_concealed(hall: Hall) -> None:
    found = {}
    for word in ("应解决未解决", "谎报", "瞒报"):
        hall.resolved(word)
        hall.do(
            CallBack(ticket=word, level="centre", reached="接通", solved=False, grade=5, finding=word), CENTRE
        )
        found[word] = hall.fact("finding", word)
    assert {"应解决未解决": "unsolved", "谎报": "false_report", "瞒报": "concealment"} == found


def test_a_bulletin_has_a_number_and_the_cases_it_names(hall: Hall) -> None:
    bulletin = "崇政办通报〔2024〕2号"
    hall.do(OpenItem(ticket=bulletin, item="通报", title="居住证办理拖延", unit="区政务服务办"), OFFICE)
    for ticket in ("T1", "T2"):
        hall.resolved(ticket)
        hall.do(Link(ticket=ticket, link="通报", linked_to=bulletin), OFFICE)
    named = [it.id for it in hall.desk.find(actor=OFFICE) if it.facts.get("linked_to") == bulletin]
    assert (["T1", "T2"], "bulletin") == (named, hall.fact("link"))
    assert hall.do(supervising(bulletin=bulletin), OFFICE).facts["bulletin"] == bulletin


def test_supervised_again_is_a_new_round_with_a_new_clock(hall: Hall) -> None:
    called_back(hall)
    hall.do(supervising("2024-04-03 17:00"), OFFICE)
    assert (1, "2024-04-03 17:00") == (hall.fact("round"), hall.due("rectification"))
    hall.do(Rectify(ticket="T1", evidence=("回执",)), OFFICER, "2024-04-03 16:00")
    hall.do(supervising("2024-04-12 17:00", reason="证据与事实不符"), OFFICE, "2024-04-07 10:00")
    assert (2, "2024-04-12 17:00") == (hall.fact("round"), hall.due("rectification"))
    assert hall.timers()["rectification"].stopped is None


def test_it_is_put_right_by_a_date_with_evidence_and_confirmed(hall: Hall) -> None:
    called_back(hall)
    hall.do(supervising("2024-04-03 17:00"), OFFICE, "2024-03-26 10:00")
    assert [Light.GREEN, Light.YELLOW, Light.RED] == [
        hall.line(at).light for at in ("2024-04-02 16:59", "2024-04-02 17:00", "2024-04-03 17:01")
    ]
    with pytest.raises(NotAllowedError, match="it needs evidence"):
        hall.do(Rectify(ticket="T1", evidence=()), OFFICER)
    assert hall.do(Rectify(ticket="T1", evidence=("补发回执",)), OFFICER).step == "rectified"
    assert hall.do(ConfirmRectification(ticket="T1"), OFFICE).step == "resolved"


def test_how_far_rectification_is_can_be_seen_by_the_centre(hall: Hall) -> None:
    called_back(hall)
    hall.do(supervising("2024-04-03 17:00"), OFFICE)
    assert ["T1"] == [it.id for it in hall.desk.find(actor=CENTRE, step="supervised")]
    hall.do(Rectify(ticket="T1", evidence=("补发回执",)), OFFICER, "2024-04-07 10:00")
    assert (False, "unsolved", 1) == (
        hall.timers()["rectification"].met,
        hall.fact("finding"),
        hall.fact("round"),
    )


def test_at_the_close_the_measure_is_on_record(hall: Hall) -> None:
    called_back(hall, measure=None)
    with pytest.raises(NotAllowedError, match="nobody has stated measure"):
        hall.do(Archive(ticket="T1"), WINDOW)
    hall.do(Archive(ticket="T1", measure="办事流程优化"), WINDOW)
    assert hall.fact("measure") == "flow_optimisation"


def test_at_the_close_the_cause_is_on_record_as_code_and_text(hall: Hall) -> None:
    called_back(hall, root_cause=None)
    with pytest.raises(NotAllowedError, match="nobody has stated root_cause"):
        hall.do(Archive(ticket="T1"), WINDOW)
    hall.do(Archive(ticket="T1", root_cause="办事指南理解有偏差", cause_text="指南未写明可用复印件"), WINDOW)
    assert ("guide_misread", "指南未写明可用复印件") == (hall.fact("root_cause"), hall.fact("cause_text"))


def improving(ticket: str = "ZG-1", item: str = "整改事项") -> OpenItem:
    """Return an item that many cases may be linked to."""
    return OpenItem(
        ticket=ticket,
        item=item,
        title="居住证材料清单统一",
        unit=OWNER,
        agreed_due=instant("2024-04-30 17:00"),
    )


def test_an_improvement_has_an_owner_a_date_a_state_and_many_cases(hall: Hall) -> None:
    hall.do(improving(), OFFICE)
    for ticket in ("T1", "T2"):
        hall.resolved(ticket)
        hall.do(Link(ticket=ticket, link="整改事项", linked_to="ZG-1"), OFFICER)
    item = hall.seen("ZG-1")
    assert (OWNER, "item_open", "2024-04-30 17:00") == (item.unit, item.step, hall.due("item", "ZG-1"))
    assert 2 == sum(it.facts.get("linked_to") == "ZG-1" for it in hall.desk.find(actor=OFFICE))
    assert (
        hall.do(CloseItem(ticket="ZG-1", result="清单合并为一份"), OFFICER, "2024-04-29 10:00").step
        == "item_closed"
    )
    assert hall.timers("ZG-1")["item"].met is True


def test_a_pain_point_is_found_without_a_complaint_solved_and_told(hall: Hall) -> None:
    hall.do(improving("DD-1", "堵点"), WINDOW)
    assert ("pain_point", []) == (hall.fact("item", "DD-1"), list(hall.desk.board()))
    hall.registered()
    hall.do(Link(ticket="T1", link="堵点", linked_to="DD-1"), WINDOW)
    assert "item_closed" == hall.do(CloseItem(ticket="DD-1", result="上传格式放宽"), OFFICER).step


def test_a_case_leads_to_a_changed_rule(hall: Hall) -> None:
    hall.resolved()
    hall.do(improving("ZN-1", "指南纠错"), WINDOW)
    hall.do(Link(ticket="T1", link="指南纠错", linked_to="ZN-1"), WINDOW)
    hall.do(CloseItem(ticket="ZN-1", result="指南第三条已改为“原件或复印件”"), OFFICER)
    assert ("guide_correction", "ZN-1") == (hall.fact("link"), hall.fact("linked_to"))
    assert hall.fact("result", "ZN-1") == "指南第三条已改为“原件或复印件”"


def test_the_problem_list_can_be_drawn_from_items_and_their_cases(hall: Hall) -> None:
    hall.do(improving("DD-1", "堵点"), OFFICE)
    hall.do(improving("DD-2", "堵点"), OFFICE)
    for ticket, item in (("T1", "DD-1"), ("T2", "DD-1"), ("T3", "DD-2")):
        hall.registered(ticket)
        hall.do(Link(ticket=ticket, link="堵点", linked_to=item), WINDOW)
    found = hall.desk.find(actor=OFFICE)
    counts = Counter(
        mark.facts.get("linked_to") for it in found for mark in it.marks if mark.kind == "linked"
    )
    assert {"DD-1": 2, "DD-2": 1} == counts
    assert [("居住证材料清单统一", OWNER, "item_open")] * 2 == [
        (it.text("title"), it.unit, it.step) for it in found if "item" in it.facts
    ]


def test_weak_and_blind_spots_show_by_matter_step_unit_and_cause(hall: Hall) -> None:
    hall.acknowledged(stuck_step="上传租赁合同")
    ticket = hall.do(Resolve(ticket="T1", root_cause="隐性壁垒"), OFFICER)
    assert ("居住证办理", "上传租赁合同", OWNER, "hidden_barrier") == tuple(
        ticket.facts[name] for name in ("matter", "stuck_step", "unit", "root_cause")
    )


def test_good_practice_and_precedents_can_be_drawn_from_cases(hall: Hall) -> None:
    hall.resolved(root_cause="材料携带不齐全")
    hall.do(Link(ticket="T1", link="经验做法", linked_to="非主要证件缺失容缺办理"), WINDOW)
    found = [
        it.id
        for it in hall.desk.find(actor=WINDOW)
        if (it.text("matter"), it.text("root_cause"), it.text("link"))
        == ("居住证办理", "material_incomplete", "best_practice")
    ]
    assert ["T1"] == found


def test_the_file_is_sealed_with_a_checksum_and_a_class_of_retention(hall: Hall) -> None:
    called_back(hall)
    head = hall.store.load("chongming", "T1")
    hall.do(Archive(ticket="T1", retention="十年"), WINDOW)
    assert head is not None
    assert (head.head, "ten_years") == (hall.fact("archive_checksum"), hall.fact("retention"))
    with pytest.raises(NotAllowedError):
        hall.do(Contact(ticket="T1"), OFFICER)
    assert [] == hall.desk.verify()


def test_a_case_is_followed_through_all_units_with_its_light(hall: Hall) -> None:
    hall.acknowledged("T1")
    hall.accepted("T2", matter=LICENCE)
    hall.do(Acknowledge(ticket="T2"), MARKET)
    hall.accepted("T3", matter=UNOWNED)
    hall.clock.put("2024-03-28 17:01")
    watched = [(line.id, line.unit, line.light.value) for line in hall.desk.board()]
    assert [("T1", OWNER, "red"), ("T2", MARKET.unit, "red"), ("T3", None, "green")] == watched
    assert ["T1", "T2"] == [it.id for it in hall.desk.find(actor=HEAD, light=Light.RED)]


def test_every_column_of_the_ledger_can_be_filled_from_a_case(hall: Hall) -> None:
    hall.registered(
        channel="线下窗口",
        place="城桥镇",
        category="一般",
        text="材料不全",
        reporter="张某",
        phone="13800001234",
    )
    hall.do(Note(ticket="T1", topic="接待", note="首次来访"), WINDOW)
    assert {"reporter", "phone", "text"} == {*hall.desk.personal("T1", actor=IMPORT)}
    hall.resolved("T2", reply="已办")
    hall.do(Contact(ticket="T2"), IMPORT, "2024-03-25 11:00")
    kinds, facts = {*hall.kinds("T2")}, {*hall.seen().facts, *hall.seen("T2").facts}
    times = {"registered", "dispatched", "acknowledged", "contacted", "resolved"}
    assert times <= kinds
    columns = {it.id for it in COLUMNS if not it.is_time and not it.is_personal} - {"id"}
    assert set() == columns - facts


def test_the_ledger_is_written_out_with_its_fixed_columns_nobody_named(hall: Hall) -> None:
    hall.acknowledged(reporter="张三", category="一般")
    with TemporaryDirectory() as folder:
        path = Path(folder) / "台账.csv"
        write_ledger(hall.desk, path, actor=OFFICE)
        (row,) = csv.DictReader(path.read_text("utf-8-sig").splitlines())
    assert [*(it.name for it in COLUMNS), "办结期限"] == [*row]
    assert ("T1", "张*", "一般", "2024-03-28 17:00") == (
        *(row[name] for name in ("工单编号", "反映人", "难易", "办结期限")),
    )


def test_the_figures_of_an_assessment_are_those_of_its_day_whenever_they_are_asked(hall: Hall) -> None:
    hall.acknowledged()
    hall.clock.put("2024-03-28 10:00")
    then = list(hall.desk.board())
    hall.do(Resolve(ticket="T1", outcome="办成", done=True), OFFICER, "2024-03-29 10:00")
    hall.do(calling("unit", solved=True, grade=4), OFFICER, "2024-04-01 10:00")
    assert then == list(hall.desk.board(instant("2024-03-28 10:00")))
    ticket = hall.seen()
    assert (False, "done", True, 4) == (
        hall.timers()["resolve"].met,
        *(ticket.facts[name] for name in ("outcome", "solved", "grade")),
    )


def test_any_period_can_be_counted_also_the_one_since_the_sign_went_up(hall: Hall) -> None:
    for ticket, day in (("T1", "2022-07-15 10:00"), ("T2", "2023-04-03 10:00"), ("T3", "2023-11-06 10:00")):
        hall.clock.put(day)
        hall.registered(ticket)
    began = [it.first("registered") for it in hall.desk.find(actor=OFFICE)]
    since = [at for at in began if at is not None and at >= instant("2022-07-01 00:00")]
    month = [at for at in since if instant("2023-04-01 00:00") <= at < instant("2023-05-01 00:00")]
    assert (3, 1) == (len(since), len(month))


def test_persons_and_visits_are_two_counts(hall: Hall) -> None:
    hall.registered("T1", reporter="张某", phone="13800001234")
    hall.do(Note(ticket="T1", topic="接待", note="补交材料"), WINDOW)
    hall.registered("T2", reporter="张某", phone="13800001234")
    hall.registered("T3", actor=PORTAL, reporter="李某", phone="13900001234")
    found = hall.desk.find(actor=CENTRE)
    people = {tuple(sorted(hall.desk.personal(it.id, actor=IMPORT).items())) for it in found}
    visits = sum(
        mark.kind == "registered" or mark.facts.get("topic") == "reception"
        for it in found
        for mark in it.marks
    )
    assert (2, 4) == (len(people), visits)
