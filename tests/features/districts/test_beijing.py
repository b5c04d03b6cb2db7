"""What the documents tell of Beijing and its districts, performed in a hall of each; rows 151 to 215."""

import datetime as dt
import hashlib
from itertools import chain

import attrs
import pytest

from bubancheng.actions import (
    Accept,
    Acknowledge,
    Act,
    AnswerCoHandling,
    Archive,
    Assign,
    Assist,
    CallBack,
    Decline,
    Dispatch,
    Escalate,
    Explain,
    InformOnce,
    Link,
    Note,
    OpenItem,
    Register,
    Reopen,
    RequestCoHandling,
    Resolve,
    Review,
    SolveOnSite,
    Supervise,
)
from bubancheng.district import Unit
from bubancheng.errors import ArgumentError, NotAllowedError
from bubancheng.ticket import Actor, Fact, Ticket
from bubancheng_beijing import patrol
from tests.acting import CALENDAR, instant
from tests.features.districts.beijing import (
    ALLOWANCE,
    CARD,
    CENTRE,
    CHAOYANG,
    CLERK,
    DAXING,
    DONGCHENG,
    GROUP,
    GUIDE_OWNER,
    LEVY,
    LICENCE,
    OFFICE,
    PATROLLER,
    PERMIT,
    PORTAL,
    SCOPE,
    SHIJINGSHAN,
    TAXES,
    XICHENG,
    office,
    officer,
    registered,
    taken,
    window,
)
from tests.features.districts.halls import DISTRICTS
from tests.features.hall import Hall

BASIS = "《政务服务中心现场运行和管理规范》"


def tickets(hall: Hall) -> list[Ticket]:
    """Return all tickets of a hall."""
    return hall.desk.find(actor=OFFICE)


# -- the city rule


def test_in_scope_is_who_meets_the_guides_conditions_and_still_cannot_get_it_done() -> None:
    hall, clerk = office("beijing"), window(XICHENG)
    registered(hall, clerk, LICENCE)
    with pytest.raises(NotAllowedError, match="it needs scope_reason"):
        hall.do(Accept(ticket="T1"), clerk)
    hall.do(Accept(ticket="T1", scope_reason=SCOPE), clerk)
    assert ("meets_guide_conditions", "pending_dispatch") == (hall.fact("scope_reason"), hall.seen().step)


def test_disputes_litigation_and_petitions_are_declined_with_an_explanation() -> None:
    hall, clerk, found = office("beijing"), window(XICHENG), []
    for number, word in enumerate(("涉法", "涉诉", "涉访")):
        registered(hall, clerk, LICENCE, f"T{number}")
        hall.do(Decline(ticket=f"T{number}", exclusion=word, citation=BASIS, explanation="已说明渠道"), clerk)
        found.append((hall.fact("exclusion", f"T{number}"), hall.seen(f"T{number}").step))
    assert [(it, "not_accepted") for it in ("legal_dispute", "litigation", "petition")] == found


def test_what_is_against_current_policy_is_declined_with_an_explanation() -> None:
    hall, clerk = office("beijing"), window(XICHENG)
    registered(hall, clerk, LICENCE)
    asked = Decline(ticket="T1", exclusion="与当前政策法规不相符", citation=BASIS, explanation="")
    with pytest.raises(NotAllowedError, match="it needs explanation"):
        hall.do(asked, clerk)
    hall.do(attrs.evolve(asked, explanation="已说明现行政策"), clerk)
    assert "against_policy" == hall.fact("exclusion")


def test_the_city_rule_has_its_text_and_its_day() -> None:
    beijing = DISTRICTS["beijing"]
    assert any("《政务服务中心现场运行和管理规范》" in it for it in beijing.legal_basis)
    before, since = beijing.rule_on(dt.date(2021, 11, 28)), beijing.rule_on(dt.date(2021, 11, 29))
    assert before is not None
    assert since is not None
    assert ("2020-10", "2021-11-29") == (before.version, since.version)
    assert "2021-11-29" in since.source


def test_halls_are_of_three_tiers_one_under_the_other() -> None:
    beijing = DISTRICTS["beijing"]
    street = "西城区展览路街道市民服务中心"
    chain = [street, *beijing.superiors(street)]
    levels = [unit.level for name in chain if (unit := beijing.unit(name)) is not None]
    assert ["township", "district", "city"] == levels


def test_one_centre_has_reporting_points_on_three_floors() -> None:
    points = [it for it in DISTRICTS["dongcheng"].service_points if not it.any_matter]
    assert [("服务台", 1), ("一层", 1), ("二层", 2), ("三层", 3)] == [(it.counter, it.floor) for it in points]
    assert {DONGCHENG} == {it.unit for it in points}


def test_fifty_eight_ordinary_counters_collect_reports_too() -> None:
    counters = [it.counter for it in DISTRICTS["dongcheng"].service_points if it.any_matter]
    assert (58, 58) == (len(counters), len({*counters}))
    hall = office("dongcheng")
    with pytest.raises(NotAllowedError, match="it needs counter"):
        registered(hall, CLERK, CARD, channel="综合窗口", fields={"origin": "综合窗口搜集"})
    registered(hall, CLERK, CARD, channel="综合窗口", fields={"origin": "综合窗口搜集", "counter": "综合7"})
    seen = [hall.fact(name) for name in ("channel", "origin", "counter")]
    assert ["floor_counter", "floor_counter", "综合7"] == seen
    with pytest.raises(NotAllowedError, match="role 'floor_clerk' may not"):
        hall.do(Accept(ticket="T1", scope_reason=SCOPE), CLERK)  # they collect, they do not take in


def test_the_window_has_its_number_its_brand_and_its_sign() -> None:
    point = next(it for it in DISTRICTS["xicheng"].service_points if it.counter == "12")
    seen = (point.brand, point.floor, point.signage, point.also_signed)
    assert ("悉心听", 1, "疏堵管家 倾听意见", "反映“办不成事”窗口") == seen


def solved(hall: Hall, ticket: str, *, done: bool = True, grade: int = 1) -> None:
    """Bring a request at the tax desk of Daxing to its end: resolved, called back."""
    clerk = window(DAXING)
    registered(hall, clerk, TAXES, ticket)
    hall.do(Accept(ticket=ticket, scope_reason=SCOPE), clerk)
    tax = officer("大兴区税务局")
    hall.do(Acknowledge(ticket=ticket, fields={"chief_representative": "dx-shuiwu-1"}), tax)
    hall.do(Resolve(ticket=ticket, outcome="办成" if done else "未办成", done=done), tax)
    hall.do(CallBack(ticket=ticket, level="unit", reached="接通", solved=done, grade=grade), tax)


def test_requests_received_are_counted_and_more_is_neither_good_nor_bad() -> None:
    hall = office("daxing")
    for number in range(3):
        registered(hall, window(DAXING), TAXES, f"T{number}")
    metric = hall.district.metric("orders_received")
    assert ((3, None), "件", "registered", "neutral") == (
        metric.part(tickets(hall)),
        metric.unit,
        metric.cohort,
        metric.better,
    )


def test_done_and_satisfied_are_two_rates_each_with_its_numerator_and_denominator() -> None:
    hall = office("daxing")
    solved(hall, "A")
    solved(hall, "B", done=False, grade=2)  # not done, and satisfied all the same
    solved(hall, "C", grade=4)
    parts = [hall.district.metric(it).part(tickets(hall)) for it in ("done_rate", "satisfaction_rate")]
    assert [(2, 3), (2, 3)] == parts
    assert ["up", "up"] == [hall.district.metric(it).better for it in ("done_rate", "satisfaction_rate")]


def between(hall: Hall, first: str, end: str) -> list[Ticket]:
    """Return the tickets registered in a period, its end not in it."""
    since, until = instant(f"{first} 00:00"), instant(f"{end} 00:00")
    return [it for it in tickets(hall) if since <= it.marks[0].at < until]


def test_the_same_half_of_two_years_can_be_told_from_the_tickets() -> None:
    hall = office("daxing", "2021-03-01 10:00")
    for number in range(6):
        registered(hall, window(DAXING), TAXES, f"A{number}")
    hall.clock.put("2021-09-01 10:00")
    registered(hall, window(DAXING), TAXES, "S1")  # in the other half: not compared
    hall.clock.put("2022-03-01 10:00")
    for number in range(3):
        registered(hall, window(DAXING), TAXES, f"B{number}")
    metric = hall.district.metric("orders_received")
    halves = [between(hall, f"{year}-01-01", f"{year}-07-01") for year in (2021, 2022)]
    assert [(6, None), (3, None)] == [metric.part(it) for it in halves]


def test_five_months_and_a_year_are_two_periods_of_one_figure() -> None:
    hall = office("pinggu", "2021-03-01 10:00")
    clerk = window("平谷区政务服务中心")
    for number in range(27):
        registered(hall, clerk, "老年人优待证办理", f"A{number:02}")
    hall.clock.put("2022-04-01 10:00")
    registered(hall, clerk, "老年人优待证办理", "B1")
    metric = hall.district.metric("orders_received")
    year, months = between(hall, "2021-01-01", "2022-01-01"), between(hall, "2022-01-01", "2022-06-01")
    assert [(27, None), (1, None), 0] == [
        metric.part(year),
        metric.part(months),
        len(between(hall, "2021-01-01", "2021-03-01")),
    ]
    assert "registered" == metric.cohort


def test_one_of_one_is_told_as_one_of_one() -> None:
    hall = office("daxing")
    solved(hall, "A")
    assert (1, 1) == hall.district.metric("done_rate").part(tickets(hall))


def test_eleven_are_few_and_the_definition_says_so() -> None:
    hall, clerk = office("chaoyang"), window(CHAOYANG)
    for number in range(11):
        ticket = f"T{number:02}"
        at_work = taken(hall, clerk, LICENCE, ticket, fields={"request_type": "办不成事"})
        hall.do(Resolve(ticket=ticket, outcome="办成", done=True), at_work)
    metric = hall.district.metric("done_rate")
    done, over = metric.part(tickets(hall))
    assert (11, 11) == (done, over)
    assert 11 < metric.least


def test_a_period_without_a_request_is_a_result() -> None:
    pinggu = DISTRICTS["pinggu"]
    assert (0, None) == pinggu.metric("increment").part([])
    assert (0, 0) == pinggu.metric("done_rate").part([])
    assert DISTRICTS["beijing"].unit("北京城市副中心政务服务中心") is not None


def test_what_the_hotline_passes_on_is_counted_apart_and_comes_in_once() -> None:
    hall = office("xicheng")
    action = Register(
        ticket="T1",
        matter=ALLOWANCE,
        channel="12345热线",
        source="12345",
        external_id="BJ12345-0001",
        fields={"request_type": "解决问题"},
    )
    hall.do(action, CENTRE)
    with pytest.raises(ArgumentError, match="BJ12345-0001"):
        hall.do(attrs.evolve(action, ticket="T2"), CENTRE)
    registered(hall, window(XICHENG), ALLOWANCE, "T3", fields={"request_type": "解决问题"})
    parts = [
        hall.district.metric(it).part(tickets(hall))[0] for it in ("hotline_requests", "orders_received")
    ]
    assert [1, 2] == parts


def test_praise_is_counted_apart_and_handed_on() -> None:
    hall, clerk = office("xicheng"), window(XICHENG)
    for number in range(5):
        registered(hall, clerk, "服务态度", f"P{number}", fields={"request_type": "表扬"})
        hall.do(Act(ticket=f"P{number}", kind="pass_on_praise", fields={"praised": "综合窗口办事员"}), clerk)
    registered(hall, clerk, ALLOWANCE, "R1", fields={"request_type": "解决问题"})
    with pytest.raises(NotAllowedError, match="request_type = praise"):  # no problem is praised away
        hall.do(Act(ticket="R1", kind="pass_on_praise", fields={"praised": "某人"}), clerk)
    assert [5, 1] == [hall.district.metric(it).part(tickets(hall))[0] for it in ("praise", "orders_received")]
    line = hall.line("2022-12-30 10:00", "P0")
    assert ("表扬已转告", None, "green") == (line.step_name, line.due, line.light.value)


def resolved(hall: Hall, at_work: Actor, ticket: str = "T1", **stated: object) -> Ticket:
    """Reply to a request as done."""
    fields = {name: stated.pop(name) for name in ("cause_family", "benefit") if name in stated}
    given = {"outcome": "办成", "done": True} | stated
    return hall.do(Resolve(ticket=ticket, **given, fields=fields), at_work)  # type: ignore[arg-type]


def allowance() -> tuple[Hall, Actor]:
    """Return a hall of Xicheng with a case of a low-income allowance, and the officer who has it."""
    hall = office("xicheng")
    at_work = taken(hall, window(XICHENG), ALLOWANCE, fields={"request_type": "疑难解答"}, category="疑难")
    return hall, at_work


def test_a_cause_may_belong_to_the_errands() -> None:
    hall, at_work = allowance()
    resolved(hall, at_work, cause_family="跑腿")
    assert "errands" == hall.fact("cause_family")


def test_a_cause_may_belong_to_the_tangled_interests() -> None:
    hall, at_work = allowance()
    resolved(hall, at_work, cause_family="利益关系复杂一点儿")
    assert "complex_interest" == hall.fact("cause_family")


def test_a_cause_may_be_a_notice_that_was_not_complete() -> None:
    hall, at_work = allowance()
    resolved(hall, at_work, root_cause="一次性告知不准确", measure="优化、改进工作制度")
    assert ("incomplete_notice", "work_rules_improved") == (hall.fact("root_cause"), hall.fact("measure"))


# -- Shijingshan: the notice


def told(
    hall: Hall, actor: Actor, *missing: str, number: str = "GZ-01", at: str = "2022-03-01", ticket: str = "T1"
) -> Ticket:
    """Tell the reporter what is missing, in writing."""
    fields = {"notice_number": number, "told_at": f"综合窗口 {at}", "signed_by": "企业办事员"}
    return hall.do(InformOnce(ticket=ticket, missing=missing, fields=fields), actor)


def test_a_second_list_that_differs_is_a_violation() -> None:
    hall, clerk = office("shijingshan"), window(SHIJINGSHAN)
    registered(hall, clerk, PERMIT)
    told(hall, clerk, "员工身份证复印件")
    assert hall.fact("notice_violation") is None
    told(hall, clerk, "纳税记录断档部分", number="GZ-02", at="2022-03-02")
    assert hall.fact("notice_violation") is True


def test_no_refusal_without_a_written_notice_that_is_numbered_and_signed_for() -> None:
    hall, clerk = office("shijingshan"), window(SHIJINGSHAN)
    registered(hall, clerk, PERMIT)
    with pytest.raises(NotAllowedError, match="it needs notice_number"):
        hall.do(InformOnce(ticket="T1", missing=("纳税记录",)), clerk)
    declining = Decline(ticket="T1", exclusion="涉诉", citation=BASIS, explanation="正在诉讼中")
    with pytest.raises(NotAllowedError, match="informed has not happened"):
        hall.do(declining, clerk)
    told(hall, clerk, "员工身份证复印件", "纳税记录断档部分")
    hall.do(declining, clerk)
    assert ("not_accepted", "GZ-01") == (hall.seen().step, hall.fact("notice_number"))

    at_work = taken(hall, clerk, PERMIT, "T2")
    for refusing in (
        Resolve(ticket="T2", outcome="未办成"),
        Explain(ticket="T2", explanation="条件不符", next_review=instant("2022-03-09 10:00")),
    ):
        with pytest.raises(NotAllowedError, match="informed has not happened"):
            hall.do(refusing, at_work)
    told(hall, at_work, "纳税记录断档部分", ticket="T2")
    hall.do(Resolve(ticket="T2", outcome="未办成"), at_work)
    assert "not_done" == hall.fact("outcome", "T2")

    (sheet,) = hall.district.tips_about(PERMIT)
    assert ["材料 1：员工身份证复印件", "材料 2：连续的纳税记录"] == sheet.printed().splitlines()[-2:]


def test_a_notice_is_checked_afterwards() -> None:
    hall, clerk = office("shijingshan"), window(SHIJINGSHAN)
    at_work = taken(hall, clerk, PERMIT)
    checking = Act(ticket="T1", kind="check_notice", fields={"notice_accuracy": "不全"})
    with pytest.raises(NotAllowedError, match="informed has not happened"):
        hall.do(checking, clerk)
    told(hall, at_work, "员工身份证复印件")
    hall.do(checking, clerk)
    assert "incomplete" == hall.fact("notice_accuracy")
    with pytest.raises(ArgumentError, match="准确"):
        hall.do(Act(ticket="T1", kind="check_notice", fields={"notice_accuracy": "差不多"}), clerk)


def test_the_department_is_asked_to_rectify_and_says_what_came_of_it() -> None:
    hall, clerk = office("shijingshan"), window(SHIJINGSHAN)
    at_work = taken(hall, clerk, PERMIT)
    told(hall, at_work, "员工身份证复印件")
    due = {"rectification_due": "2022-03-11T17:00:00+08:00"}
    with pytest.raises(NotAllowedError, match="nobody has stated notice_violation"):
        hall.do(Act(ticket="T1", kind="urge_rectification", fields=due), clerk)  # one notice is no violation
    told(hall, at_work, "纳税记录断档部分", number="GZ-02")
    hall.do(Act(ticket="T1", kind="urge_rectification", fields=due), clerk)
    assert "2022-03-11 17:00" == hall.due("notice_rectification")
    assert instant("2022-03-09 17:00") == hall.line().due  # the case keeps its own limit
    assert "rectification_urged 石景山区人力资源社会保障局" in hall.notices("unit_inbox")
    fields: dict[str, Fact] = {
        "evidence": ("告知单样张",),
        "rectification_outcome": "出具详细的告知单和相关文书",
    }
    hall.do(Act(ticket="T1", kind="report_rectification", fields=fields), at_work)
    assert ("notice_sheet", True) == (
        hall.fact("rectification_outcome"),
        hall.timers()["notice_rectification"].met,
    )


# -- Dongcheng: the guide


CORRECTION = {
    "guide_matter": CARD,
    "guide_field": "申请材料",
    "old_text": "身份证明",
    "new_text": "身份证",
}


def asked_for(hall: Hall) -> None:
    """Ask the owner of the guide to correct a word."""
    item = OpenItem(
        ticket="G1",
        item="指南纠错",
        title="“身份证明”应为“身份证”",
        unit="首都之窗",
        agreed_due=instant("2022-03-04 17:00"),
        fields=CORRECTION,
    )
    hall.do(item, GROUP)


def test_a_guide_correction_says_what_where_and_from_what_to_what() -> None:
    hall = office("dongcheng")
    bare = OpenItem(ticket="G0", item="指南纠错", title="写得不准", unit="首都之窗")
    with pytest.raises(NotAllowedError, match="it needs guide_matter, guide_field, old_text, new_text"):
        hall.do(bare, GROUP)
    asked_for(hall)
    assert CORRECTION == {name: hall.fact(name, "G1") for name in CORRECTION}
    assert "2022-03-04 17:00" == hall.due("item", "G1")
    live = {"live_from": "2022-03-03", "confirmed_by": "首都之窗值班编辑"}
    hall.do(
        Act(ticket="G1", kind="publish_guide", fields=live),
        GUIDE_OWNER,
        "2022-03-03 09:30",
    )
    assert ("guide_published", "2022-03-03", True) == (
        hall.seen("G1").step,
        hall.fact("live_from", "G1"),
        hall.timers("G1")["item"].met,
    )


def test_only_the_city_portal_puts_a_corrected_guide_online() -> None:
    hall = office("dongcheng")
    asked_for(hall)
    portal = hall.district.unit("首都之窗")
    assert portal is not None
    assert (True, "city") == (portal.is_outside, portal.level)
    live = Act(ticket="G1", kind="publish_guide", fields={"live_from": "2022-03-03", "confirmed_by": "自己"})
    for actor in (GROUP, OFFICE, officer(DONGCHENG), attrs.evolve(GUIDE_OWNER, unit="别的门户")):
        with pytest.raises(NotAllowedError):
            hall.do(live, actor)
    assert ["guide_correction_asked portal_owner"] == hall.notices("guide_owner")
    hall.do(live, GUIDE_OWNER)


def test_people_abroad_cannot_sign_on_the_spot() -> None:
    hall = office("dongcheng")
    registered(hall, window(DONGCHENG), LICENCE, intake_reason="无法现场签字")
    assert "cannot_attend" == hall.fact("intake_reason")


# -- Xicheng: the long way


def test_a_case_may_run_for_months_and_its_light_watches_the_next_review() -> None:
    hall, at_work = allowance()
    hall.do(
        Explain(ticket="T1", explanation="等登记机关核实", next_review=instant("2022-04-01 17:00")), at_work
    )
    assert ("跟踪服务", "2022-04-01 17:00") == (hall.line().step_name, hall.due("review"))
    moments = ("2022-03-30 10:00", "2022-04-01 10:00", "2022-04-02 10:00")
    assert ["green", "yellow", "red"] == [hall.line(at).light.value for at in moments]
    for month in ("04-01", "05-05", "06-01"):
        review = Review(ticket="T1", finding_of_review="还在核实", next_review=instant("2022-07-01 17:00"))
        hall.do(review, at_work, f"2022-{month} 11:00")
    assert ["green", "2022-07-01 17:00"] == [hall.line().light.value, hall.due("review")]
    assert 3 == hall.kinds().count("reviewed")
    resolved(hall, at_work)
    assert "green" == hall.line("2023-01-04 10:00").light.value


def test_what_the_reporter_got_in_the_end_is_written_down() -> None:
    hall, at_work = allowance()
    resolved(hall, at_work, reply="核对报告已更正，准予低保", benefit="享受最低生活保障")
    assert ("享受最低生活保障", True) == (hall.fact("benefit"), hall.fact("done"))


def test_related_needs_are_settled_on_the_same_case() -> None:
    hall, at_work = allowance()
    head = window(XICHENG, "window_head")
    for need in ("住房补贴", "再就业登记"):
        hall.do(Act(ticket="T1", kind="add_need", fields={"need": need}), head)
    with pytest.raises(NotAllowedError, match="open already"):
        hall.do(Act(ticket="T1", kind="add_need", fields={"need": "住房补贴"}), head)
    resolved(hall, at_work, root_cause="登记信息填写错误", measure="更正登记信息")
    hall.do(CallBack(ticket="T1", level="unit", reached="接通", solved=True, grade=1), at_work)
    hall.do(CallBack(ticket="T1", level="centre", reached="接通", solved=True, grade=1), CENTRE)
    settled = {"need": "住房补贴", "result": "已发放"}
    hall.do(Act(ticket="T1", kind="settle_need", fields=settled), head)
    with pytest.raises(NotAllowedError, match="再就业登记 is still open"):
        hall.do(Archive(ticket="T1"), head)
    settled = {"need": "再就业登记", "result": "已登记"}
    hall.do(Act(ticket="T1", kind="settle_need", fields=settled), head)
    hall.do(Archive(ticket="T1"), head)
    assert "archived" == hall.seen().step


def test_the_window_transfers_and_coordinates() -> None:
    hall, at_work = allowance()
    market = "西城区市场监管局"
    hall.do(
        RequestCoHandling(
            ticket="T1",
            co_handler=market,
            question="10万元认缴出资是否登记有误",
            agreed_due=instant("2022-03-08 17:00"),
        ),
        at_work,
    )
    hall.do(Note(ticket="T1", topic="协调窗口部门", note="三方通话，请登记机关先查"), window(XICHENG))
    hall.do(AnswerCoHandling(ticket="T1", co_handler=market, answer="登记时填写错误"), officer(market))
    assert ["dispatched", "acknowledged", "co_handling_requested", "noted", "co_handling_answered"] == (
        hall.kinds()[2:]
    )
    assert ("西城区民政局", True) == (hall.seen().unit, hall.timers()[f"co_handling:{market}"].met)


def test_reporting_is_bound_to_no_counter() -> None:
    found = []
    for ticket, channel, actor in (("W", "窗口", window(XICHENG)), ("O", "网上", PORTAL)):
        hall = office("xicheng")
        registered(hall, actor, ALLOWANCE, ticket, channel=channel, fields={"request_type": "解决问题"})
        hall.do(Accept(ticket=ticket, scope_reason=SCOPE), window(XICHENG))
        hall.do(Acknowledge(ticket=ticket), officer("西城区民政局"))
        line = hall.line(ticket=ticket)
        found.append((line.unit, line.due, line.step))
    assert found[0] == found[1]
    assert instant("2022-03-09 17:00") == found[0][1]


def test_the_enterprise_steward_runs_errands_beside_the_listening_window() -> None:
    hall, _ = allowance()
    steward = Actor(id="xc-wuxin", role="enterprise_steward", unit=XICHENG)
    with pytest.raises(NotAllowedError, match="it needs result"):
        hall.do(Act(ticket="T1", kind="run_errand", fields={"stop": "市场监管局档案室"}), steward)
    errand = {"stop": "市场监管局档案室", "result": "调到登记档案"}
    hall.do(Act(ticket="T1", kind="run_errand", fields=errand), steward, "2022-03-02 15:00")
    entry = hall.desk.history("T1", actor=window(XICHENG))[-1]
    assert ("errand_run", "xc-wuxin", instant("2022-03-02 15:00")) == (entry.kind, entry.actor.id, entry.at)
    assert "悉心听" in hall.district.window


def test_a_steward_who_walks_the_hall_takes_requests() -> None:
    hall = office("xicheng")
    walking = Actor(id="gj-1", role="roving_steward", unit=XICHENG)
    registered(hall, walking, ALLOWANCE, channel="悉心管家", fields={"request_type": "意见收集"})
    assert ("roving_steward", "opinion", XICHENG) == tuple(
        hall.fact(it) for it in ("channel", "request_type", "intake_unit")
    )
    with pytest.raises(NotAllowedError, match="role 'roving_steward' may not"):
        hall.do(Accept(ticket="T1", scope_reason=SCOPE), walking)


def test_the_halls_share_one_brand_and_one_set_of_rules() -> None:
    district = DISTRICTS["xicheng"]
    points = [it for it in district.service_points if it.name == district.window]
    assert ({"悉心听"}, 3) == ({it.brand for it in points}, len({it.unit for it in points}))
    found = []
    for unit in sorted({it.unit for it in points}):
        hall = office("xicheng")
        taken(hall, window(unit), ALLOWANCE, fields={"request_type": "解决问题"})
        found.append(hall.line().due)
    assert [instant("2022-03-09 17:00")] * 3 == found


def test_a_community_station_listens_too() -> None:
    hall = office("xicheng")
    station = hall.district.unit("文兴街社区服务站")
    assert station is not None
    assert ("community", "西城区展览路街道市民服务中心") == (station.level, station.parent)
    fields = {"request_type": "意见收集"}
    registered(hall, window(station.name), ALLOWANCE, channel="社区服务站", fields=fields)
    assert ("community_station", station.name) == (hall.fact("channel"), hall.fact("intake_unit"))


def test_the_window_is_for_advice_opinions_hard_questions_and_problems() -> None:
    hall, clerk = office("xicheng"), window(XICHENG)
    with pytest.raises(NotAllowedError, match="it needs request_type"):
        registered(hall, clerk, ALLOWANCE)
    types = ("政策咨询", "意见收集", "疑难解答", "解决问题")
    for number, word in enumerate(types):
        registered(hall, clerk, ALLOWANCE, f"T{number}", fields={"request_type": word})
    found = [hall.fact("request_type", f"T{number}") for number in range(4)]
    assert ["policy_advice", "opinion", "hard_question", "problem"] == found


# -- Chaoyang: leads


def test_chaoyangs_ways_in_go_by_their_brands() -> None:
    chaoyang = DISTRICTS["chaoyang"]
    assert {"offline_window": "朝我说", "online": "朝我说", "online_help": "朝好办"} == {
        it.id: it.brand for it in chaoyang.channels if it.brand
    }
    assert ("online", "online_help") == (chaoyang.channel("线上“朝我说”"), chaoyang.channel("朝好办"))


def lead(hall: Hall, ticket: str = "T1") -> None:
    """Hand a lead in at the zone in the hall."""
    fields = {"request_type": "问题线索"}
    registered(hall, window(CHAOYANG), LICENCE, ticket, channel="专区", fields=fields)


def test_the_zone_in_the_hall_takes_leads_on_the_spot() -> None:
    hall = office("chaoyang")
    lead(hall)
    (zone,) = hall.district.service_points
    assert ("offline_window", "线索待核实", "朝我说") == (
        hall.fact("channel"),
        hall.line().step_name,
        zone.brand,
    )


def verified(hall: Hall, finding: str, ticket: str = "T1") -> None:
    """Verify a lead."""
    fields = {"lead_finding": finding, "verified": "调取录音、询问窗口"}
    hall.do(Act(ticket=ticket, kind="verify_lead", fields=fields), window(CHAOYANG))


def test_a_lead_is_verified_and_then_converted_or_closed() -> None:
    hall, clerk = office("chaoyang"), window(CHAOYANG)
    lead(hall)
    for asked in (
        Act(ticket="T1", kind="convert_lead"),
        Act(ticket="T1", kind="close_lead", fields={"explanation": "查无此事"}),
    ):
        with pytest.raises(NotAllowedError, match="lead_verified"):
            hall.do(asked, clerk)
    verified(hall, "属实")
    with pytest.raises(NotAllowedError, match="lead_finding = not_found"):  # a true one is not closed
        hall.do(Act(ticket="T1", kind="close_lead", fields={"explanation": "不必再办"}), clerk)
    hall.do(Act(ticket="T1", kind="convert_lead"), clerk)
    assert "朝阳区市场监管局" == hall.do(Accept(ticket="T1", scope_reason=SCOPE), clerk).unit

    lead(hall, "T2")
    verified(hall, "查无此事", "T2")
    with pytest.raises(NotAllowedError, match="lead_finding = true"):
        hall.do(Act(ticket="T2", kind="convert_lead"), clerk)
    hall.do(Act(ticket="T2", kind="close_lead", fields={"explanation": "录音中没有这句话"}), clerk)
    assert ("lead_closed", True) == (
        hall.seen("T2").step,
        hall.district.flow.step("lead_closed").is_end,
    )


def test_opinions_and_suggestions_come_in_online_and_are_answered() -> None:
    hall = office("chaoyang")
    for ticket, word in (("T1", "意见"), ("T2", "建议")):
        fields = {"request_type": word}
        registered(hall, PORTAL, "大厅指引", ticket, channel="线上“朝我说”", fields=fields)
        hall.do(
            Act(ticket=ticket, kind="answer_opinion", fields={"answer": "下月增设指引", "adopted": True}),
            CENTRE,
        )
    assert [("online", "opinion", "opinion_answered"), ("online", "suggestion", "opinion_answered")] == [
        (hall.fact("channel", it), hall.fact("request_type", it), hall.seen(it).step) for it in ("T1", "T2")
    ]


# -- Dongcheng: six steps, and the patrol day


def collected(hall: Hall, ticket: str = "T1", **stated: object) -> Ticket:
    """Register a request in Dongcheng and let the group collect and transfer it."""
    registered(hall, window(DONGCHENG), CARD, ticket, **stated)
    return hall.do(
        Accept(ticket=ticket, scope_reason=SCOPE, fields={"work_order_form": "工作单〔2022〕1号"}), GROUP
    )


def test_a_group_of_its_own_collects_what_could_not_be_done() -> None:
    hall = office("dongcheng")
    registered(hall, window(DONGCHENG), CARD)
    assert ["registered collection_group"] == hall.notices("dispatch_queue")
    with pytest.raises(NotAllowedError, match="it takes collection_group"):
        hall.do(Accept(ticket="T1", scope_reason=SCOPE), window(DONGCHENG))
    hall.do(Accept(ticket="T1", scope_reason=SCOPE), GROUP)
    escalated = Escalate(ticket="T1", escalated_to="东城区政务服务局", reason="两个部门互相推")
    hall.do(escalated, window(DONGCHENG))  # at once, at whatever step
    assert ["escalated district_office"] == hall.notices("office_inbox")


def test_a_problem_is_discovered_collected_and_transferred_and_solved_by_a_date() -> None:
    hall = office("dongcheng")
    registered(hall, window(DONGCHENG), CARD)
    steps = [hall.line().step_name]
    hall.do(Accept(ticket="T1", scope_reason=SCOPE), GROUP)  # the system transfers it at once
    steps.append(hall.line().step_name)
    hall.do(Acknowledge(ticket="T1"), officer("东城区人力资源社会保障局"))
    assert ["发现问题", "限期解决"] == steps
    # Wednesday; 03-03, 04, 07, 08, 09
    assert (instant("2022-03-09 17:00"), "东城区人力资源社会保障局") == (hall.line().due, hall.line().unit)
    registered(hall, window(DONGCHENG), "没有归属的事项", "T2")
    hall.do(Accept(ticket="T2", scope_reason=SCOPE), GROUP)
    assert "汇总转办" == hall.line(ticket="T2").step_name
    by_hand = Dispatch(ticket="T2", unit="东城区市场监管局", reason="电话核实")
    assert "solve_by_date" == hall.do(by_hand, GROUP).step
    first = [
        it.id for it in hall.district.flow.steps if it.id in {"discover", "collect_transfer", "solve_by_date"}
    ]
    assert ["discover", "collect_transfer", "solve_by_date"] == first


def test_a_result_is_verified_inspected_and_filed() -> None:
    hall, at_work = office("dongcheng"), officer("东城区人力资源社会保障局")
    collected(hall)
    hall.do(Acknowledge(ticket="T1"), at_work)
    resolved(hall, at_work, root_cause="办事指南不精准", measure="修正办事指南")
    steps = [hall.line().step_name]
    wrong = {"verification": "核查不属实", "redo_due": "2022-03-15T17:00:00+08:00"}
    hall.do(Act(ticket="T1", kind="verify_result", fields=wrong, reason="反映人说没有办成"), GROUP)
    steps.append(hall.line().step_name)
    assert instant("2022-03-15 17:00") == hall.line().due  # the date that the group set
    resolved(hall, at_work, root_cause="办事指南不精准", measure="修正办事指南")
    hall.do(Act(ticket="T1", kind="verify_result", fields={"verification": "核查属实"}), GROUP)
    steps.append(hall.line().step_name)
    filing = Act(ticket="T1", kind="file", fields={"filing_number": "备〔2022〕3号"})
    with pytest.raises(NotAllowedError, match="refused at step 'inspect'"):
        hall.do(filing, GROUP)
    hall.do(Act(ticket="T1", kind="inspect", fields={"inspection": "抽查属实"}), OFFICE)
    steps.append(hall.line().step_name)
    assert ["结果核查", "限期解决", "监督检查", "报送备案"] == steps
    bare = Act(ticket="T1", kind="file")
    with pytest.raises(NotAllowedError, match="it needs filing_number"):
        hall.do(bare, GROUP)
    hall.do(filing, GROUP)
    assert ("filed", True) == (hall.kinds()[-1], hall.district.flow.step("file").is_end)
    # what turns out undone later is taken up again, with a limit of its own: 03-03, 04, 07, 08, 09
    hall.do(Reopen(ticket="T1", reason="窗口又要身份证明"), GROUP)
    assert ("限期解决", instant("2022-03-09 17:00")) == (hall.line().step_name, hall.line().due)


def test_what_the_inspection_finds_unsolved_goes_back_with_a_date() -> None:
    hall, at_work = office("dongcheng"), officer("东城区人力资源社会保障局")
    collected(hall)
    hall.do(Acknowledge(ticket="T1"), at_work)
    resolved(hall, at_work)
    hall.do(Act(ticket="T1", kind="verify_result", fields={"verification": "核查属实"}), GROUP)
    hall.do(
        Supervise(ticket="T1", finding="应解决未解决", rectification_due=instant("2022-03-14 17:00")),
        OFFICE,
    )
    assert ("限期解决", instant("2022-03-14 17:00")) == (hall.line().step_name, hall.line().due)
    resolved(hall, at_work)
    assert ("结果核查", True) == (hall.line().step_name, hall.timers()["rectification"].met)


SEED, MONTH, ANNOUNCED = "东城找茬 2022-03 一号信封 甲乙", "2022-03", dt.date(2022, 2, 28)


def announced(hall: Hall, ticket: str = "Z1") -> None:
    """Announce the patrol day of March: its month, and what its seed is committed to."""
    fields: dict[str, Fact] = {
        "item": "找茬日",
        "month": MONTH,
        "commitment": (patrol.commitment(SEED, MONTH),),
    }
    hall.do(Act(ticket=ticket, kind="announce_patrol", fields=fields), GROUP)


def begun(hall: Hall, ticket: str = "Z1") -> dt.date:
    """Announce it on 28 February, and begin it on the day that is drawn."""
    hall.clock.put(f"{ANNOUNCED} 10:00")
    announced(hall, ticket)
    day = patrol.drawn_day(SEED, MONTH, CALENDAR, ANNOUNCED)
    fields: dict[str, Fact] = {"patrol_day": day.isoformat(), "seed": (SEED,)}
    hall.do(Act(ticket=ticket, kind="begin_patrol", fields=fields), GROUP, f"{day} 09:00")
    return day


def test_a_patrol_day_is_announced_each_month() -> None:
    hall = office("dongcheng", "2022-02-28 10:00")
    announced(hall)
    assert ("patrol_announced", MONTH, (patrol.commitment(SEED, MONTH),)) == (
        hall.seen("Z1").step,
        hall.fact("month", "Z1"),
        hall.fact("commitment", "Z1"),
    )
    assert [] == list(hall.desk.board())  # it is nobody's request
    with pytest.raises(NotAllowedError, match="it needs month"):
        hall.do(Act(ticket="Z2", kind="announce_patrol", fields={"item": "找茬日"}), GROUP)


def test_the_day_is_drawn_by_lot_from_a_seed_that_was_committed_to() -> None:
    day = patrol.drawn_day(SEED, MONTH, CALENDAR, ANNOUNCED)
    # working days of March 2022 from the 2nd on: every weekday, nothing was off
    weekdays = [it for n in range(2, 32) if (it := dt.date(2022, 3, n)).weekday() < 5]
    assert weekdays == patrol.candidates(MONTH, CALENDAR, ANNOUNCED)
    assert day in weekdays
    committed = hashlib.sha256(f"{MONTH} {SEED}".encode()).hexdigest()
    told_all = {"month": MONTH, "calendar": CALENDAR, "announced": ANNOUNCED, "committed": committed}
    assert patrol.is_fair(seed=SEED, held=day, **told_all)  # type: ignore[arg-type]
    assert not patrol.is_fair(seed=f"{SEED}!", held=day, **told_all)  # type: ignore[arg-type]
    other = next(it for it in weekdays if it != day)
    assert not patrol.is_fair(seed=SEED, held=other, **told_all)  # type: ignore[arg-type]
    hall = office("dongcheng")
    announced(hall)
    with pytest.raises(NotAllowedError, match="it needs patrol_day, seed"):
        hall.do(Act(ticket="Z1", kind="begin_patrol"), GROUP)
    assert day == begun(hall, "Z9")
    assert (SEED,) == hall.fact("seed", "Z9")


def test_the_patrol_takes_turns_and_only_its_members_walk() -> None:
    hall = office("dongcheng")
    begun(hall)
    members = [it for duty in hall.district.duties if duty.post == "patrol" for it in duty.holders]
    counters = [it.counter for it in hall.district.service_points]
    march, april = (patrol.roster(members, counters, month) for month in ("2022-03", "2022-04"))
    assert [sorted(counters)] * 2 == [sorted(chain.from_iterable(it.values())) for it in (march, april)]
    assert all(not {*march[it]} & {*april[it]} for it in members)  # other counters each month
    check = {"counter": "综合7", "seen": "样表是旧版"}
    with pytest.raises(NotAllowedError, match="does not hold the post 'patrol'"):
        hall.do(Act(ticket="Z1", kind="check_counter", fields=check | {"patroller": "路过的人"}), PATROLLER)
    hall.do(Act(ticket="Z1", kind="check_counter", fields=check | {"patroller": members[0]}), PATROLLER)
    assert "counter_checked" == hall.kinds("Z1")[-1]


def test_the_checklist_covers_every_counter_and_says_which_are_left() -> None:
    hall = office("dongcheng")
    begun(hall)
    counters = [it.counter for it in hall.district.service_points]
    for counter in counters[:-2]:
        fields = {"counter": counter, "patroller": "dc-xunshi-1", "seen": "正常"}
        hall.do(Act(ticket="Z1", kind="check_counter", fields=fields), PATROLLER)
    seen = patrol.coverage(hall.seen("Z1"), counters)
    assert (60, 62, ("综合57", "综合58"), 96) == (seen.checked, seen.counters, seen.missing, seen.percent)
    hall.do(
        Act(ticket="Z1", kind="end_patrol", fields={"checked": seen.checked, "counters": seen.counters}),
        GROUP,
    )
    assert (60, 62, "patrol_done") == (
        hall.fact("checked", "Z1"),
        hall.fact("counters", "Z1"),
        hall.seen("Z1").step,
    )


def test_what_a_patrol_finds_is_a_case_before_anybody_complains() -> None:
    hall = office("dongcheng")
    begun(hall)
    found = {"origin": "找茬日发现", "counter": "综合7"}
    registered(hall, PATROLLER, CARD, channel="找茬日", fields=found)
    hall.do(Link(ticket="T1", link="找茬日", linked_to="Z1"), PATROLLER)
    hall.do(Accept(ticket="T1", scope_reason=SCOPE), GROUP)
    assert ("patrol", "patrol", "Z1", "solve_by_date") == (
        hall.fact("origin"),
        hall.fact("channel"),
        hall.fact("linked_to"),
        hall.seen().step,
    )


# -- Daxing: the chief representative


def order(hall: Hall) -> Actor:
    """Bring an order to the tax office of Daxing; return its chief representative."""
    registered(hall, window(DAXING), TAXES, intake_reason="无法回京办理")
    hall.do(Accept(ticket="T1", scope_reason=SCOPE), window(DAXING))
    return Actor(id="dx-shuiwu-1", role="chief_representative", unit="大兴区税务局")


def test_every_order_has_a_named_chief_representative() -> None:
    hall = office("daxing")
    chief = order(hall)
    with pytest.raises(NotAllowedError, match="it needs chief_representative"):
        hall.do(Acknowledge(ticket="T1"), chief)
    for who, why in (("dx-shichang-1", "does not hold the post"), ("dx-shuiwu-2", "it needs reason")):
        with pytest.raises(NotAllowedError, match=why):
            hall.do(Acknowledge(ticket="T1", fields={"chief_representative": who}), chief)
    hall.do(Acknowledge(ticket="T1", fields={"chief_representative": "dx-shuiwu-1"}), chief)
    changing = Act(
        ticket="T1",
        kind="change_representative",
        fields={"chief_representative": "dx-shuiwu-2"},
        reason="首席代表外出学习",
    )
    hall.do(changing, chief)
    assert "dx-shuiwu-2" == hall.fact("chief_representative")
    for _ in range(2):
        hall.do(Act(ticket="T1", kind="sign", fields={"signed": "同意办理"}), chief)
    with pytest.raises(NotAllowedError, match="at most 2"):
        hall.do(Act(ticket="T1", kind="sign", fields={"signed": "再签一次"}), chief)


def test_the_chief_representative_runs_the_order_for_an_enterprise() -> None:
    hall = office("daxing")
    chief = order(hall)
    hall.do(Acknowledge(ticket="T1", fields={"chief_representative": chief.id}), chief)
    for at, stop, result in (
        ("2022-03-02 14:00", "办税服务厅", "核对申报"),
        ("2022-03-03 09:30", "信息中心", "开通异地办税"),
    ):
        fields = {"stop": stop, "result": result}
        hall.do(Act(ticket="T1", kind="run_errand", fields=fields), chief, at)
    log = [
        (f"{it.at:%m-%d %H:%M}", it.facts["stop"], it.facts["result"])
        for it in hall.seen().marks
        if it.kind == "errand_run"
    ]
    assert [
        ("03-02 14:00", "办税服务厅", "核对申报"),
        ("03-03 09:30", "信息中心", "开通异地办税"),
    ] == log
    elsewhere = Act(ticket="T1", kind="run_errand", fields={"stop": "别处", "result": "无"})
    with pytest.raises(NotAllowedError):
        hall.do(elsewhere, attrs.evolve(chief, unit=DAXING))


def test_what_chokes_an_enterprise_is_marked() -> None:
    hall = office("xicheng")
    steward = Actor(id="xc-wuxin", role="enterprise_steward", unit=XICHENG)
    fields = {"request_type": "解决问题", "tag": "卡脖子"}
    registered(hall, steward, LEVY, reporter_kind="企业", fields=fields)
    assert ("blocker", "organisation") == (hall.fact("tag"), hall.fact("reporter_kind"))


def test_three_rates_can_be_told_from_the_tickets() -> None:
    hall = office("daxing")
    solved(hall, "A")
    solved(hall, "B", done=False, grade=5)
    rates = ("response_rate", "solved_rate", "satisfaction_rate")
    parts = [hall.district.metric(it).part(tickets(hall)) for it in rates]
    assert [(0, 2), (1, 2), (1, 2)] == parts  # nobody was contacted beforehand


def test_a_commitment_may_stand_in_for_a_paper_and_is_checked_by_a_day() -> None:
    hall = office("daxing")
    chief = order(hall)
    hall.do(Acknowledge(ticket="T1", fields={"chief_representative": chief.id}), chief)
    fields: dict[str, str] = {"promise": "社保缴纳", "promised": "承诺三月底前补缴"}
    with pytest.raises(NotAllowedError, match="it needs check_due, consequence"):
        hall.do(Act(ticket="T1", kind="take_commitment", fields=fields), chief)
    fields |= {"check_due": "2022-03-31T17:00:00+08:00", "consequence": "撤销并记入信用记录"}
    hall.do(Act(ticket="T1", kind="take_commitment", fields=fields), chief)
    assert "2022-03-31 17:00" == hall.due("commitment:社保缴纳")
    kept = Act(ticket="T1", kind="check_commitment", fields={"promise": "社保缴纳", "kept": True})
    hall.do(kept, chief, "2022-03-30 10:00")
    assert hall.timers()["commitment:社保缴纳"].met is True


def test_staff_elsewhere_cannot_come_back() -> None:
    hall = office("daxing")
    order(hall)
    assert "cannot_attend" == hall.fact("intake_reason")


# -- Xicheng: the people at the counter


def test_a_request_can_be_given_to_a_certified_clerk_only() -> None:
    hall = office("xicheng")
    (duty,) = (it for it in hall.district.duties if it.post == "certified_clerk")
    assert "综合窗口办事员技能鉴定（国家证书）" == duty.certificate
    registered(hall, window(XICHENG), LEVY, fields={"request_type": "疑难解答"})
    head = window(XICHENG, "window_head")
    with pytest.raises(NotAllowedError, match="does not hold the post 'certified_clerk'"):
        hall.do(Assign(ticket="T1", handler="新来的同事"), head)
    hall.do(Assign(ticket="T1", handler=duty.holders[0]), head)
    assert duty.holders[0] == hall.fact("handler")


def test_a_hall_of_forty_departments_with_1485_matters_and_110_counters_finds_each_owner() -> None:
    """发改委、城管委、市场局、卫健委等40个政府部门的1485项业务，全部110个窗口."""
    xicheng = DISTRICTS["xicheng"]
    (any_matter,) = (it for it in xicheng.service_points if it.any_matter)
    units = tuple(
        Unit(
            name=f"第{place}部门",
            kind="matter_authority",
            matters=frozenset(f"第{matter}项" for matter in range(place, 1485, 40)),
        )
        for place in range(40)
    )
    points = tuple(attrs.evolve(any_matter, counter=str(number)) for number in range(1, 111))
    hall = Hall(attrs.evolve(xicheng, units=(*xicheng.units, *units), service_points=points))
    assert (1485, 110) == (sum(len(it.matters) for it in units), sum(it.any_matter for it in points))
    owners = [
        found.unit for n in range(1485) if (found := hall.district.assign(matter=f"第{n}项", place=None))
    ]
    assert [f"第{n % 40}部门" for n in range(1485)] == owners
    registered(hall, window(XICHENG), "第1484项", fields={"request_type": "解决问题"})
    assert "第4部门" == hall.do(Accept(ticket="T1", scope_reason=SCOPE), window(XICHENG)).unit


def test_a_report_says_at_which_stage_of_the_service_it_broke() -> None:
    hall, clerk = office("xicheng"), window(XICHENG)
    stages = ("咨询", "取号", "受理", "发证", "办结")
    for number, stage in enumerate(stages):
        fields = {"request_type": "解决问题"}
        registered(hall, clerk, ALLOWANCE, f"T{number}", failed_stage=stage, fields=fields)
    found = [hall.fact("failed_stage", f"T{number}") for number in range(5)]
    assert ["consultation", "queueing", "acceptance", "issuing", "completion"] == found


def test_the_elderly_are_helped_to_report_and_taught_to_do_it_themselves() -> None:
    hall, clerk = office("xicheng"), window(XICHENG)
    fields = {"request_type": "政策咨询", "on_behalf": "老年人"}
    registered(hall, clerk, "家庭小客车摇号", fields=fields)
    hall.do(Assist(ticket="T1", assistance="协助登记", result="代填表格，读给本人听"), clerk)
    hall.do(Assist(ticket="T1", assistance="教会自己办", result="会用手机查询了"), clerk)
    hall.do(SolveOnSite(ticket="T1", result="已办好"), clerk)
    assert ("elderly", "taught", "solved_on_site") == (
        hall.fact("on_behalf"),
        hall.fact("assistance"),
        hall.seen().step,
    )


def test_questions_lead_to_the_cause() -> None:
    xicheng = DISTRICTS["xicheng"]
    first = xicheng.question("worked_before")
    assert first is not None
    reply = first.reply("是")
    assert reply is not None
    second = xicheng.question(str(reply.question))
    assert second is not None
    assert "公司内人员是有变化了吗？" == second.words
    end = second.reply("有员工调到了别的公司、别的地方")
    assert end is not None
    assert "data_mismatch" == end.cause
    assert "root_cause" in {it.fact for it in xicheng.codes if it.id == end.cause}
    (tip,) = xicheng.tips_about(LEVY)
    assert "工资和社保" in tip.answer
