"""Handling within the limits (限时办结): help, papers to follow, 1-3-5, lights, hard cases."""

from typing import Any

import pytest

from bubancheng.actions import (
    Acknowledge,
    AnswerCoHandling,
    Assist,
    AttemptContact,
    Classify,
    Consult,
    Contact,
    Defer,
    Delegate,
    Escalate,
    Expedite,
    Explain,
    LapseDeferral,
    Note,
    ReceiveDocuments,
    Rectify,
    RequestCoHandling,
    Resolve,
    Review,
    Supervise,
)
from bubancheng.desk import Change
from bubancheng.errors import NotAllowedError
from bubancheng.sla import Light
from tests.acting import CENTRE, HEAD, OFFICE, OFFICER, OWNER, WINDOW, instant
from tests.features.hall import CIVIL, LICENCE, MARKET, PORTAL, STATION, TAX, Hall

GREEN, YELLOW, RED = Light.GREEN, Light.YELLOW, Light.RED


def asking(unit: str | None = CIVIL.unit) -> RequestCoHandling:
    """Return how the lead asks another unit for help."""
    return RequestCoHandling(ticket="T1", co_handler=unit or "", question="是否仍在低保名单")


def deferring(**stated: Any) -> Defer:
    """Return how papers that are not the main ones may follow, promised by Friday."""
    given = {
        "commitment": "承诺书一份，3月29日前补交",
        "consequence": "逾期视为撤回申请",
        "checked_by": "李某",
    }
    return Defer(
        ticket="T1",
        deferral="1",
        documents=("租赁合同原件",),
        deferred_due=instant("2024-03-29 17:00"),
        **(given | stated),
    )


def explaining(review: str = "2024-04-08 10:00") -> Explain:
    """Return how a hard case is explained."""
    return Explain(ticket="T1", explanation="户籍系统正在并库，暂不能办", next_review=instant(review))


def test_the_lead_asks_another_unit_which_has_its_own_limit_and_answers(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(asking(), OFFICER)  # three working days are left: half of them, whole ones, is one
    assert "2024-03-26 17:00" == hall.due("co_handling:区民政局")
    hall.do(
        AnswerCoHandling(ticket="T1", co_handler=CIVIL.unit or "", answer="在名单"), CIVIL, "2024-03-26 09:30"
    )
    assert (OWNER, "在名单") == (hall.seen().unit, hall.fact("answer"))
    assert hall.timers()["co_handling:区民政局"].met is True


def test_a_department_passes_work_down_and_stays_answerable(hall: Hall) -> None:
    hall.accepted(matter=LICENCE)
    hall.do(Acknowledge(ticket="T1"), MARKET)
    hall.do(Delegate(ticket="T1", delegate=STATION.unit or ""), MARKET)
    hall.do(Contact(ticket="T1", learned="需现场核查"), STATION)
    assert hall.do(Resolve(ticket="T1", outcome="办成", done=True), STATION).unit == MARKET.unit
    assert ("2024-03-28 17:00", "区市场监管局") == (hall.due("resolve"), hall.fact("first_receiver"))


def test_what_came_of_it_is_kept_apart_from_how_far_it_went(hall: Hall) -> None:
    hall.resolved(outcome="部分办成", handled=True, done=False)
    ticket = hall.seen()
    assert ("resolved", "partly", True, False) == (
        ticket.step,
        *(ticket.facts[name] for name in ("outcome", "handled", "done")),
    )


def test_one_three_five_are_four_clocks(hall: Hall) -> None:
    dues = []
    for category in ("简单", "一般", "复杂"):
        hall.acknowledged(category, category=category)
        dues.append((hall.due("contact", category), hall.due("resolve", category)))
    assert [
        ("2024-03-25 17:00", "2024-03-25 17:00"),  # never later than the reply itself
        ("2024-03-26 17:00", "2024-03-28 17:00"),
        ("2024-03-26 17:00", "2024-04-01 17:00"),
    ] == dues


def test_the_first_contact_is_due_a_working_day_after_the_order_was_taken(hall: Hall) -> None:
    hall.accepted()
    hall.do(Acknowledge(ticket="T1"), OFFICER, "2024-03-25 16:00")
    assert instant("2024-03-26 17:00") == hall.line().contact_due
    assert hall.line("2024-03-26 17:00").contact_overdue is False
    assert hall.line("2024-03-26 17:00:01").contact_overdue is True


def test_a_contact_says_what_was_learned_and_what_comes_next_and_tries_are_kept(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(AttemptContact(ticket="T1", tried_by="电话"), OFFICER, "2024-03-25 10:30")
    hall.do(Contact(ticket="T1", learned="缺备案号", agreed_step="周三到窗口"), OFFICER, "2024-03-25 14:00")
    assert ["contact_attempted", "contacted"] == hall.kinds()[-2:]
    assert (1, "缺备案号", "周三到窗口") == tuple(
        hall.fact(name) for name in ("attempts", "learned", "agreed_step")
    )


def test_somebody_who_cannot_be_reached_was_contacted_after_three_tries_in_two_half_days(hall: Hall) -> None:
    hall.acknowledged()
    for at in ("2024-03-25 10:30", "2024-03-25 11:30", "2024-03-25 15:00"):
        hall.do(AttemptContact(ticket="T1", tried_by="电话"), OFFICER, at)
    assert (True, True) == (hall.fact("unreachable"), hall.timers()["contact"].met)


def test_a_simple_case_is_answered_on_the_same_day(hall: Hall) -> None:
    hall.acknowledged(category="简单")
    assert "2024-03-25 17:00" == hall.due("resolve")


def test_a_general_case_is_answered_within_three_working_days(hall: Hall) -> None:
    hall.clock.put("2024-04-02 10:00")  # Thursday to Saturday are off, Sunday 7 April is worked
    hall.acknowledged(category="一般")
    assert "2024-04-08 17:00" == hall.due("resolve")


def test_a_complex_case_is_answered_within_five_working_days(hall: Hall) -> None:
    hall.clock.put("2024-04-02 10:00")
    hall.acknowledged(category="复杂")
    assert "2024-04-10 17:00" == hall.due("resolve")


def test_a_case_found_harder_keeps_its_start_and_takes_a_reason_and_a_second_person(hall: Hall) -> None:
    hall.acknowledged(category="一般")
    harder = Classify(ticket="T1", category="复杂", reason="涉及两个部门")
    with pytest.raises(NotAllowedError, match="it needs the approval of"):
        hall.do(harder, OFFICER)
    hall.do(harder, OFFICER, "2024-03-27 10:00", approver=CENTRE)
    assert "2024-04-01 17:00" == hall.due("resolve")


def test_a_really_hard_case_has_no_number(hall: Hall) -> None:
    hall.acknowledged(category="确实难度较大")
    assert ("hard", None, GREEN) == (
        hall.line().category,
        hall.line().due,
        hall.line("2024-12-31 10:00").light,
    )


def test_an_explanation_in_time_is_an_answer_and_says_why_and_until_when(hall: Hall) -> None:
    hall.acknowledged()
    with pytest.raises(NotAllowedError, match="it needs next_review"):
        hall.do(Explain(ticket="T1", explanation="户籍系统正在并库"), OFFICER)
    with pytest.raises(NotAllowedError, match="it needs explanation"):
        hall.do(Explain(ticket="T1", explanation="", next_review=instant("2024-04-08 10:00")), OFFICER)
    hall.do(explaining(), OFFICER, "2024-03-27 10:00")
    assert (True, GREEN) == (hall.timers()["resolve"].met, hall.line("2024-12-31 10:00").light)


def test_a_case_that_is_followed_up_stays_open_and_has_its_next_look(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(explaining("2024-04-08 10:00"), OFFICER)
    assert ("tracking", False, "2024-04-08 10:00") == (
        hall.seen().step,
        hall.line().closed,
        hall.due("review"),
    )
    hall.desk.sweep(instant("2024-04-08 10:00"))
    assert [Change("T1", GREEN, GREEN, ("review",))] == hall.desk.sweep(instant("2024-04-08 10:01"))
    with pytest.raises(NotAllowedError, match="it needs next_review"):
        hall.do(Review(ticket="T1", finding_of_review="并库未完成"), OFFICER, "2024-04-08 11:00")
    later = instant("2024-04-18 10:00")
    hall.do(Review(ticket="T1", finding_of_review="并库未完成", next_review=later), OFFICER)
    assert ("2024-04-18 10:00", "tracking") == (hall.due("review"), hall.seen().step)


def test_the_unit_that_took_it_first_keeps_it_to_the_end(hall: Hall) -> None:
    hall.accepted(matter=LICENCE)
    hall.do(Acknowledge(ticket="T1"), MARKET)
    hall.do(asking(TAX.unit), MARKET)
    hall.do(Delegate(ticket="T1", delegate=STATION.unit or ""), MARKET)
    hall.do(Resolve(ticket="T1"), MARKET)
    assert (MARKET.unit, MARKET.unit) == (hall.seen().unit, hall.fact("first_receiver"))


def test_only_the_unit_that_took_it_first_asks_others(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(asking(), OFFICER)
    with pytest.raises(NotAllowedError, match="may not act for unit"):
        hall.do(asking(TAX.unit), CIVIL)
    with pytest.raises(NotAllowedError, match="may not act for unit"):
        hall.do(AnswerCoHandling(ticket="T1", co_handler=CIVIL.unit or "", answer="在名单"), TAX)


def test_a_late_co_handler_shows_and_is_told(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(asking(), OFFICER)
    changes = hall.desk.sweep(instant("2024-03-26 17:01"))
    assert ("co_handling:区民政局", "contact") == changes[0].passed
    hall.do(
        AnswerCoHandling(ticket="T1", co_handler=CIVIL.unit or "", answer="在名单"), CIVIL, "2024-03-27 09:30"
    )
    assert hall.timers()["co_handling:区民政局"].met is False


def test_the_light_changes_with_time_and_not_with_events(hall: Hall) -> None:
    version = hall.acknowledged().version
    times = ("2024-03-25 10:00", "2024-03-27 17:00", "2024-03-28 17:00", "2024-03-28 17:00:01")
    assert [GREEN, YELLOW, YELLOW, RED] == [hall.line(at).light for at in times]
    assert version == hall.seen().version


def test_yellow_begins_twenty_four_hours_before_the_limit(hall: Hall) -> None:
    hall.acknowledged()
    assert [GREEN, YELLOW] == [
        hall.line(at).light for at in ("2024-03-27 16:59:59.999999", "2024-03-27 17:00")
    ]


def test_red_comes_after_the_limit_and_stays_when_it_is_closed_late(hall: Hall) -> None:
    hall.acknowledged()
    assert [YELLOW, RED] == [hall.line(at).light for at in ("2024-03-28 17:00", "2024-03-28 17:00:00.000001")]
    hall.do(Resolve(ticket="T1"), OFFICER, "2024-03-29 09:00")
    assert (RED, False) == (hall.line("2025-01-01 10:00").light, hall.timers()["resolve"].met)


def test_help_is_guidance(hall: Hall) -> None:
    hall.registered()
    hall.do(Assist(ticket="T1", assistance="指引讲解", result="已逐项讲解办理流程"), WINDOW)
    assert ("guidance", "registered") == (hall.fact("assistance"), hall.seen().step)


def test_papers_may_follow_only_after_somebody_checked_that_the_rest_is_in_order(hall: Hall) -> None:
    hall.acknowledged()
    with pytest.raises(NotAllowedError, match="it needs checked_by"):
        hall.do(deferring(checked_by=""), OFFICER)
    hall.do(deferring(), OFFICER)
    assert ("李某", ("租赁合同原件",)) == (hall.fact("checked_by"), hall.fact("documents"))


def test_help_is_acting_as_agent_from_afar_with_a_mandate(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(
        Assist(
            ticket="T1", assistance="远程代办", mandate="委托书 2024-17，限居住证申领", result="已代为提交"
        ),
        OFFICER,
    )
    assert ("remote_agent", "委托书 2024-17，限居住证申领") == (
        hall.fact("assistance"),
        hall.fact("mandate"),
    )


def test_help_is_walking_along(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(Assist(ticket="T1", assistance="陪同办理", result="陪同至三楼公安综合窗口"), WINDOW)
    assert hall.fact("assistance") == "accompany"


def consulting(**stated: object) -> Consult:
    """Return a joint consultation on record."""
    given = {
        "consultation": "多方会诊",
        "participants": ("区公安分局", "区民政局"),
        "question": "租住证明由谁出具",
        "opinions": ("公安：可由社区出具", "民政：同意"),
        "decision": "由社区出具，公安认可",
        "minutes": "会诊纪要〔2024〕3号",
        "legal_basis": ("《居住证暂行条例》第九条",),
        "reason": "房东在外地，无法到场",
    }
    return Consult(ticket="T1", **(given | stated))  # type: ignore[arg-type]


def test_departments_consult_together_and_their_opinions_and_decision_are_kept(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(consulting(), OFFICER)
    assert (
        "joint",
        ("区公安分局", "区民政局"),
        ("公安：可由社区出具", "民政：同意"),
        "由社区出具，公安认可",
        "会诊纪要〔2024〕3号",
    ) == tuple(
        hall.fact(name) for name in ("consultation", "participants", "opinions", "decision", "minutes")
    )


def test_a_decision_on_one_case_has_its_reasons(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(consulting(), OFFICER)
    assert "房东在外地，无法到场" == hall.desk.history("T1", actor=WINDOW)[-1].reason


def test_one_case_one_discussion_is_a_decision_of_its_own_kind(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(consulting(consultation="一事一议"), OFFICER)
    assert hall.fact("consultation") == "case_by_case"


def test_a_decision_cites_what_it_rests_on(hall: Hall) -> None:
    hall.acknowledged()
    with pytest.raises(NotAllowedError, match="it needs legal_basis"):
        hall.do(consulting(legal_basis=()), OFFICER)
    hall.do(consulting(), OFFICER)
    assert hall.fact("legal_basis") == ("《居住证暂行条例》第九条",)


def test_the_district_office_decides_above_the_units(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(Escalate(ticket="T1", escalated_to="区政务服务办", reason="两局意见不一"), OFFICER)
    hall.do(consulting(decision="由公安牵头，民政配合"), OFFICE)
    entry = hall.desk.history("T1", actor=WINDOW)[-1]
    assert (OFFICE, "由公安牵头，民政配合") == (entry.actor, entry.effect.facts["decision"])


def test_an_urgent_consultation_has_a_short_clock(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(Expedite(ticket="T1", wanted_by=instant("2024-03-25 16:00"), reason="明日开学报到"), OFFICER)
    hall.do(consulting(urgent=True), OFFICER, "2024-03-25 11:00")
    assert (True, "2024-03-25 16:00") == (hall.fact("urgent"), hall.due("wanted"))


def test_a_case_goes_up_to_a_leader_by_name(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(Escalate(ticket="T1", escalated_to="市场准入条线负责人", reason="需协调相关条线"), OFFICER)
    assert hall.fact("escalated_to") == "市场准入条线负责人"


def test_a_commitment_says_what_until_when_and_what_else_follows(hall: Hall) -> None:
    hall.acknowledged()
    for blank in ("commitment", "consequence"):
        with pytest.raises(NotAllowedError, match=f"it needs {blank}"):
            hall.do(deferring(**{blank: ""}), OFFICER)
    hall.do(Assist(ticket="T1", assistance="告知承诺"), OFFICER)
    hall.do(deferring(), OFFICER)
    assert ("commitment_notice", "承诺书一份，3月29日前补交", "逾期视为撤回申请") == tuple(
        hall.fact(name) for name in ("assistance", "commitment", "consequence")
    )
    assert hall.due("deferral:1") == "2024-03-29 17:00"


def test_help_is_going_online_from_end_to_end(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(Assist(ticket="T1", assistance="全程网上办理"), OFFICER)
    assert hall.fact("assistance") == "switch_online"


def test_an_identity_is_verified_from_afar_and_only_the_result_is_kept(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(Assist(ticket="T1", assistance="远程核验", result="与登记信息一致"), OFFICER)
    entry = hall.desk.history("T1", actor=WINDOW)[-1]
    assert {"assistance": "remote_verification", "result": "与登记信息一致"} == dict(entry.effect.facts)


def test_papers_that_follow_are_open_received_or_overdue(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(deferring(), OFFICER)
    assert hall.timers()["deferral:1"].stopped is None
    hall.do(Resolve(ticket="T1"), OFFICER)
    hall.do(ReceiveDocuments(ticket="T1", deferral="1", delivered_by="邮寄"), WINDOW, "2024-03-29 16:00")
    assert (True, "邮寄") == (hall.timers()["deferral:1"].met, hall.fact("delivered_by"))


def test_papers_that_do_not_follow_are_overdue_and_have_their_consequence(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(deferring(), OFFICER)
    hall.desk.sweep(instant("2024-03-29 17:00"))
    assert ("deferral:1",) == hall.desk.sweep(instant("2024-03-29 17:00:01"))[0].passed
    hall.do(LapseDeferral(ticket="T1", deferral="1", consequence="视为撤回申请"), OFFICER, "2024-04-01 09:00")
    assert hall.timers()["deferral:1"].met is False


def test_the_result_is_sent_free_by_post(hall: Hall) -> None:
    hall.resolved(delivered_by="公益邮寄")
    hall.do(
        Assist(ticket="T1", assistance="公益邮寄", result="EMS 1234567890123 已签收"),
        OFFICER,
        "2024-03-27 11:00",
    )
    assert ("公益邮寄", "postal_delivery", "EMS 1234567890123 已签收") == tuple(
        hall.fact(name) for name in ("delivered_by", "assistance", "result")
    )


def test_trips_saved_are_counted(hall: Hall) -> None:
    hall.resolved(trips_saved=1)
    assert hall.fact("trips_saved") == 1


def test_somebody_who_asks_online_is_answered_within_a_minute(hall: Hall) -> None:
    for number, second in enumerate(("2024-03-25 10:00:45", "2024-03-25 10:01:01")):
        ticket = f"T{number}"
        hall.clock.put("2024-03-25 10:00")
        hall.registered(ticket, actor=PORTAL, channel="线上人工帮办")
        hall.do(Assist(ticket=ticket, assistance="指引讲解"), WINDOW, second)
    assert [True, False] == [hall.timers(f"T{number}")["online_response"].met for number in range(2)]


def test_requests_answers_and_answers_within_a_minute_can_be_counted(hall: Hall) -> None:
    hall.registered("window")
    for number, second in enumerate(("2024-03-25 10:00:45", "2024-03-25 10:01:01", None)):
        ticket = f"T{number}"
        hall.clock.put("2024-03-25 10:00")
        hall.registered(ticket, actor=PORTAL, channel="线上人工帮办")
        if second is not None:
            hall.do(Assist(ticket=ticket, assistance="指引讲解"), WINDOW, second)
    timers = [
        hall.timers(it.id)["online_response"]
        for it in hall.desk.find(actor=CENTRE)
        if it.facts.get("channel") == "online_human_help"
    ]
    answered = [timer for timer in timers if timer.stopped is not None]
    assert (3, 2, 1) == (len(timers), len(answered), sum(timer.met is True for timer in answered))


def test_the_window_head_coordinates_explains_and_rectifies_on_record(hall: Hall) -> None:
    hall.resolved()
    hall.do(
        Supervise(ticket="T1", finding="应解决未解决", rectification_due=instant("2024-04-01 17:00")), OFFICE
    )
    hall.do(Note(ticket="T1", topic="协调窗口部门", note="请公安综合窗口今日补办"), HEAD)
    hall.do(Rectify(ticket="T1", evidence=("补办回执",)), HEAD)
    assert [("noted", HEAD), ("rectified", HEAD)] == [
        (entry.kind, entry.actor) for entry in hall.desk.history("T1", actor=WINDOW)[-2:]
    ]
    hall.acknowledged("T2")
    action = Explain(ticket="T2", explanation="户籍系统正在并库", next_review=instant("2024-04-08 10:00"))
    assert hall.do(action, HEAD).step == "tracking"
