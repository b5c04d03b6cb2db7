"""Unified intake (统一受理): who reports what, by which way, and what the window makes of it."""

import pytest

from bubancheng.actions import (
    Accept,
    Archive,
    Assist,
    Consult,
    Decline,
    Defer,
    Explain,
    Note,
    Register,
    Resolve,
    SolveOnSite,
)
from bubancheng.errors import ArgumentError, NotAllowedError, UnknownTicketError
from bubancheng.privacy import new_query_code
from tests.acting import CENTRE, HEAD, OFFICER, OWNED, OWNER, UNOWNED, WINDOW, instant
from tests.features.hall import CIVIL, KIOSK, LICENCE, MARKET, OWN_CENTRE, PORTAL, STATION, Hall

LAW = "《居住证暂行条例》第九条"


def declining(ticket: str = "T1") -> Decline:
    """Return how an official says that a case is out of scope."""
    return Decline(
        ticket=ticket,
        exclusion="法律法规限制",
        citation=LAW,
        explanation="不满半年居住期，暂不能申领；已说明条件和申领时间",
        explained_by="电话",
    )


def test_what_was_tried_before_is_written_down(hall: Hall) -> None:
    tried = ("居住证办理，城桥镇社区事务受理服务中心，2024-03-20，受理号 JZ-0320-17",)
    hall.registered(prior_attempts=tried)
    assert hall.fact("prior_attempts") == tried


def test_a_kiosk_that_was_offline_uploads_later_and_twice_is_once(hall: Hall) -> None:
    action = Register(ticket="T1", matter=OWNED, channel="自助终端")
    for _ in range(2):
        hall.desk.do(action, actor=KIOSK, at=instant("2024-03-23 11:20"), command_id="kiosk-7-0001")
    (entry,) = hall.desk.history("T1", actor=WINDOW)
    assert (instant("2024-03-23 11:20"), instant("2024-03-25 10:00")) == (entry.at, entry.recorded_at)
    assert (True, "kiosk") == (entry.backdated, hall.fact("channel"))


def dropout(hall: Hall, ticket: str = "T1") -> None:
    """Write down what the city portal knows of somebody who gave up half way."""
    action = Register(
        ticket=ticket,
        matter=LICENCE,
        channel="市一网通办中途退出",
        source="好差评平台",
        external_id="HCP-20240325-0017",
        stuck_step="上传股东会决议",
        reason="系统提示格式不符，无法继续",
    )
    hall.do(action, CENTRE)


def test_a_dropout_of_the_city_portal_carries_form_step_and_reason(hall: Hall) -> None:
    dropout(hall)
    (entry,) = hall.desk.history("T1", actor=WINDOW)
    assert {
        "channel": "city_portal_dropout",
        "matter": LICENCE,
        "stuck_step": "上传股东会决议",
    }.items() <= entry.effect.facts.items()
    assert entry.reason == "系统提示格式不符，无法继续"


def test_the_step_where_somebody_got_stuck_is_kept(hall: Hall) -> None:
    hall.registered(stuck_step="上传股东会决议")
    assert hall.fact("stuck_step") == "上传股东会决议"


def test_the_district_centre_accepts_a_dropout_and_it_comes_in_once(hall: Hall) -> None:
    dropout(hall)
    with pytest.raises(ArgumentError, match="HCP-20240325-0017"):
        dropout(hall, "T2")
    hall.do(Accept(ticket="T1"), CENTRE)
    assert ("好差评平台", "HCP-20240325-0017") == (hall.fact("source"), hall.fact("external_id"))
    assert hall.seen().unit == "区市场监管局"


def test_an_import_can_be_typed_in_by_hand(hall: Hall) -> None:
    dropout(hall)
    assert hall.seen().step == "registered"
    (entry,) = hall.desk.history("T1", actor=WINDOW)
    assert CENTRE == entry.actor


def test_a_person_and_an_enterprise_are_both_first_class(hall: Hall) -> None:
    lines = []
    for ticket, kind in (("P", "个人"), ("E", "企业")):
        hall.accepted(ticket, reporter_kind=kind)
        lines.append((hall.fact("reporter_kind", ticket), hall.seen(ticket).unit))
    assert [("person", OWNER), ("organisation", OWNER)] == lines


def test_scope_one_is_a_matter_handed_in_and_not_got_through_with_its_stage(hall: Hall) -> None:
    for number, stage in enumerate(("受理", "审批", "办结")):
        hall.registered(f"T{number}", failed_stage=stage)
        hall.do(Accept(ticket=f"T{number}", scope_reason="提交材料后未能受理、审批或办结"), WINDOW)
    found = [(hall.fact("scope_reason", f"T{n}"), hall.fact("failed_stage", f"T{n}")) for n in range(3)]
    assert [("submitted_not_completed", it) for it in ("acceptance", "approval", "completion")] == found


def test_scope_two_is_a_matter_not_done_at_the_centre(hall: Hall) -> None:
    hall.registered()
    hall.do(Accept(ticket="T1", scope_reason="到政务服务中心未能办成或解决"), WINDOW)
    assert hall.fact("scope_reason") == "counter_unsolved"


def test_scope_three_is_any_other_problem_on_the_way(hall: Hall) -> None:
    hall.registered()
    hall.do(Accept(ticket="T1", scope_reason="办事过程中遇到的其他问题"), WINDOW)
    assert hall.fact("scope_reason") == "other_problem"


def test_what_law_or_a_document_bars_is_declined_only_with_the_citation(hall: Hall) -> None:
    hall.registered()
    for word in ("法律法规限制", "有明确文件规定"):
        with pytest.raises(NotAllowedError, match="it needs citation"):
            hall.do(Decline(ticket="T1", exclusion=word, citation="", explanation="已说明"), WINDOW)
    hall.do(declining(), WINDOW)
    assert ("legal_bar", LAW) == (hall.fact("exclusion"), hall.fact("citation"))


def test_whoever_declines_explains_and_that_is_on_record(hall: Hall) -> None:
    hall.registered()
    with pytest.raises(NotAllowedError, match="it needs explanation"):
        hall.do(Decline(ticket="T1", exclusion="法律法规限制", citation=LAW, explanation=""), WINDOW)
    hall.do(declining(), WINDOW, "2024-03-25 10:40")
    entry = hall.desk.history("T1", actor=WINDOW)[-1]
    assert (instant("2024-03-25 10:40"), WINDOW) == (entry.at, entry.actor)
    assert ("不满半年居住期，暂不能申领；已说明条件和申领时间", "电话") == (
        hall.fact("explanation"),
        hall.fact("explained_by"),
    )


def test_out_of_scope_is_an_end_that_stays_in_the_ledger(hall: Hall) -> None:
    hall.registered()
    assert hall.do(declining(), WINDOW).step == "not_accepted"
    with pytest.raises(NotAllowedError):
        hall.do(Accept(ticket="T1"), WINDOW)
    assert ["T1"] == [it.id for it in hall.desk.find(actor=WINDOW, step="not_accepted")]
    assert ("不纳入受理范围", None) == (hall.line().step_name, hall.line().due)
    assert hall.do(Archive(ticket="T1"), WINDOW).step == "archived"


def test_any_unit_may_say_no_only_together_with_an_explanation(hall: Hall) -> None:
    for number, official in enumerate((WINDOW, HEAD, OFFICER, CENTRE)):
        hall.registered(f"T{number}", actor=PORTAL, channel="随申办")
        assert hall.do(declining(f"T{number}"), official).step == "not_accepted"
        assert hall.fact("explanation", f"T{number}")


def test_a_reception_is_on_record_with_who_when_and_how_long(hall: Hall) -> None:
    hall.registered(began=instant("2024-03-25 09:40"))
    (entry,) = hall.desk.history("T1", actor=WINDOW)
    assert (WINDOW, instant("2024-03-25 10:00")) == (entry.actor, entry.at)
    assert hall.fact("began") == "2024-03-25T09:40:00+08:00"


def test_a_second_visit_of_the_same_person_is_a_reception_too(hall: Hall) -> None:
    hall.acknowledged()
    hall.do(Note(ticket="T1", topic="接待", note="补充材料，约十分钟"), WINDOW, "2024-03-26 14:00")
    assert ("noted", "reception") == (hall.kinds()[-1], hall.fact("topic"))


def test_nothing_happens_to_what_is_not_registered(hall: Hall) -> None:
    for action in (Accept(ticket="T9"), SolveOnSite(ticket="T9", result="已办"), declining("T9")):
        with pytest.raises(UnknownTicketError):
            hall.do(action, WINDOW)


def test_a_centre_handles_its_own_place_itself(hall: Hall) -> None:
    hall.accepted(matter="大厅引导", place="区行政服务中心")
    assert (OWN_CENTRE.unit, "handling_place") == (hall.seen().unit, hall.fact("dispatch_rule"))


def test_what_another_unit_has_to_do_becomes_a_work_order(hall: Hall) -> None:
    hall.accepted(place="区行政服务中心")
    assert ("dispatched", OWNER) == (hall.seen().step, hall.seen().unit)
    assert ["dispatched 区公安分局"] == hall.notices("unit_inbox")


def test_an_online_order_is_accepted_by_the_authority_or_a_centre_in_an_act_of_its_own(hall: Hall) -> None:
    for number, official in enumerate((OFFICER, WINDOW, CENTRE)):
        hall.registered(f"T{number}", actor=PORTAL, channel="随申办")
        assert hall.seen(f"T{number}").step == "registered"
        hall.do(Accept(ticket=f"T{number}"), official)
        assert hall.seen(f"T{number}").unit == OWNER
    hall.registered("T9", actor=PORTAL)
    with pytest.raises(NotAllowedError, match="role 'portal' may not"):
        hall.do(Accept(ticket="T9"), PORTAL)


def test_who_asks_online_for_help_can_become_a_case(hall: Hall) -> None:
    hall.accepted(channel="线上人工帮办")
    assert ("online_human_help", OWNER) == (hall.fact("channel"), hall.seen().unit)


def test_what_can_be_solved_at_once_is_solved_at_once(hall: Hall) -> None:
    hall.registered()
    began = instant("2024-03-25 09:50")
    hall.do(SolveOnSite(ticket="T1", result="当场补打凭证", began=began), WINDOW, "2024-03-25 10:25")
    ticket = hall.seen()
    assert ("solved_on_site", instant("2024-03-25 10:25")) == (ticket.step, ticket.marks[-1].at)
    assert ticket.facts["began"] == "2024-03-25T09:50:00+08:00"


def test_one_entry_leads_to_several_ways_of_help(hall: Hall) -> None:
    hall.registered("guide")
    hall.do(Assist(ticket="guide", assistance="指引讲解"), WINDOW)
    hall.accepted("transfer", matter=UNOWNED)
    hall.acknowledged("tolerate")
    hall.do(
        Defer(
            ticket="tolerate",
            deferral="1",
            documents=("租赁合同原件",),
            commitment="3月29日前补交",
            deferred_due=instant("2024-03-29 17:00"),
            consequence="逾期视为撤回申请",
            checked_by="李某",
        ),
        OFFICER,
    )
    hall.acknowledged("consult")
    hall.do(
        Consult(
            ticket="consult",
            consultation="多方会诊",
            participants=("区公安分局", "区行政服务中心"),
            question="合同备案号缺失",
            decision="以备案系统查询结果代替",
            legal_basis=(LAW,),
        ),
        OFFICER,
    )
    assert ["consulted", "assisted", "deferred", "dispatch"] == [
        hall.kinds("consult")[-1],
        hall.kinds("guide")[-1],
        hall.kinds("tolerate")[-1],
        hall.district.flow.step(hall.seen("transfer").step).follow_up,
    ]


def test_a_general_case_gets_the_right_counter_to_take_it_at_once(hall: Hall) -> None:
    hall.registered()
    hall.do(Assist(ticket="T1", assistance="协调窗口即时受理", result="12号窗口已收件"), WINDOW)
    assert hall.fact("assistance") == "immediate_acceptance"


def test_the_reporter_sees_who_is_on_it_and_what_comes_next(hall: Hall) -> None:
    code = new_query_code()
    hall.registered(query_code=code)
    seen = [hall.desk.track(code)]
    hall.do(Accept(ticket="T1"), WINDOW)
    seen.append(hall.desk.track(code))
    assert [("已登记", "窗口受理", None), ("已派给承办单位", "承办单位接单并先行联系", OWNER)] == [
        (it.step, it.next_step, it.unit) for it in seen
    ]


def test_the_loop_talks_back_to_the_reporter(hall: Hall) -> None:
    hall.resolved("done")
    hall.registered("barred")
    hall.do(declining("barred"), WINDOW)
    hall.acknowledged("hard")
    hall.do(
        Explain(ticket="hard", explanation="政策正在调整", next_review=instant("2024-04-08 10:00")), OFFICER
    )
    told = hall.notices("reporter")
    assert {"accepted reporter", "resolved reporter", "declined reporter", "explained reporter"} == {*told}


def test_a_unit_and_its_subordinate_accept_what_comes_in_online(hall: Hall) -> None:
    kinds = {unit.name: unit.kind for unit in hall.district.units}
    assert ["matter_authority", "service_centre"] == [kinds[str(it.unit)] for it in (MARKET, STATION)]
    for number, official in enumerate((CIVIL, STATION)):
        hall.registered(f"T{number}", actor=PORTAL, channel="区一网通办", matter="最低生活保障申请")
        assert hall.do(Accept(ticket=f"T{number}"), official).unit == CIVIL.unit


def test_every_request_gets_an_answer_with_its_outcome(hall: Hall) -> None:
    for number, word in enumerate(("办成", "已解释", "部分办成", "未办成")):
        hall.acknowledged(f"T{number}")
        hall.do(
            Resolve(ticket=f"T{number}", outcome=word, handled=True, done=word == "办成", root_cause="其他"),
            OFFICER,
        )
    assert [("done", True), ("explained", False), ("partly", False), ("not_done", False)] == [
        (hall.fact("outcome", f"T{number}"), hall.fact("done", f"T{number}")) for number in range(4)
    ]
