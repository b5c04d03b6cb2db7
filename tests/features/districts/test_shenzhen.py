"""Shenzhen's rule on service complaints, and Shahe street under it: rows 216 to 247."""

import pytest

from bubancheng.actions import (
    Accept,
    Act,
    Archive,
    Assist,
    CallBack,
    CloseItem,
    Decline,
    Defer,
    Expedite,
    InformOnce,
    Link,
    OpenItem,
    ReceiveDocuments,
    Register,
    Resolve,
    SolveOnSite,
)
from bubancheng.errors import ArgumentError, NotAllowedError
from bubancheng.sla import Clock
from bubancheng.ticket import Actor
from tests.acting import instant
from tests.features.districts.halls import district, hall_of
from tests.features.districts.shahe import (
    CENTRE,
    CLAIM,
    COLLEAGUE,
    HEAD,
    INSURANCE,
    LEASES,
    MARKET,
    ROOM,
    USHER,
    WINDOW,
    act,
    forwarded,
    hall,
    on_site,
    registered,
    resolved,
    taken,
)
from tests.features.hall import Hall

CITY_WINDOW = Actor(id="w-9", role="window_officer", unit="市政务服务中心")


def timer(opened: Hall, name: str) -> Clock:
    return opened.timers()[name]


# -- remedies, attempts, papers


def test_whoever_is_told_no_is_told_of_other_remedies() -> None:
    opened = hall()
    registered(opened)
    opened.do(
        Decline(
            ticket="T1", exclusion="诉讼、仲裁、行政复议、调解中", citation="暂行办法", explanation="仲裁中"
        ),
        WINDOW,
    )
    opened.do(act("tell_remedies", remedies=("仲裁", "12345")), WINDOW)
    assert ("arbitration", "hotline_12345") == opened.fact("remedies")
    with pytest.raises(ArgumentError, match="没有这个词"):
        opened.do(act("tell_remedies", remedies=("托人",)), WINDOW)


def test_one_request_holds_many_items_and_ends_when_all_of_them_have() -> None:
    opened = hall()
    taken(opened)
    for number in range(1, 15):
        opened.do(act("add_item", case_item=f"合同{number}", item_matter="转租租赁合同"), LEASES)
    for number in range(1, 14):
        opened.do(act("settle_item", case_item=f"合同{number}", item_result="已出证"), LEASES)
    reply = Resolve(ticket="T1", outcome="办成", reply="14份租赁凭证均已出证")
    with pytest.raises(NotAllowedError, match="case_item 合同14 is still open"):
        opened.do(reply, LEASES)
    opened.do(act("settle_item", case_item="合同14", item_result="已出证"), LEASES)
    assert "resolved" == opened.do(reply, LEASES).step


def check_class(word: str, category: str) -> None:
    opened = hall()
    taken(opened, category=word)
    assert (category, word) == (opened.line().category, opened.line().category_name)
    assert "2024-03-15 18:00" == opened.due("resolve")  # what was agreed on, for each class alike


def test_special_handling_is_a_class_of_request() -> None:
    check_class("特事特办", "expedite")


def test_policy_advice_is_a_class_of_request() -> None:
    check_class("政策咨询", "policy_advice")


def test_incomplete_papers_are_a_class_of_request_with_a_notice_of_all_that_is_missing() -> None:
    check_class("资料不齐", "material_incomplete")
    opened = hall()
    on_site(opened, category="资料不齐")
    opened.do(InformOnce(ticket="T1", missing=("房产证明", "身份证")), WINDOW)
    assert ("房产证明", "身份证") == opened.fact("missing")


def test_urgent_handling_takes_a_reason_and_somebody_else_who_approves_it() -> None:
    opened = hall()
    taken(opened)
    wanted = instant("2024-03-12 12:00")
    urgent = Expedite(ticket="T1", wanted_by=wanted, reason="14份合同，期待尽快取得凭证")
    with pytest.raises(NotAllowedError, match="needs the approval of dispatch_centre, window_head"):
        opened.do(urgent, LEASES)
    with pytest.raises(NotAllowedError, match="needs reason"):
        opened.do(Expedite(ticket="T1", wanted_by=wanted), LEASES, approver=HEAD)
    opened.do(urgent, LEASES, approver=HEAD)
    assert HEAD == opened.desk.history("T1", actor=WINDOW)[-1].approver


def test_staff_look_the_application_up_by_its_number() -> None:
    opened = hall()
    on_site(opened)
    with pytest.raises(NotAllowedError, match="needs application_ref"):
        opened.do(act("check_system", check_result="资料不齐"), WINDOW)
    opened.do(act("check_system", application_ref="ZL-2024-0311-07", check_result="资料不齐，未通过"), WINDOW)
    assert "ZL-2024-0311-07" == opened.fact("application_ref")


def test_all_missing_papers_are_told_at_once() -> None:
    opened = hall()
    on_site(opened)
    opened.do(InformOnce(ticket="T1", missing=("房产证明", "身份证", "委托书")), WINDOW)
    assert opened.fact("notice_violation") is None
    opened.do(InformOnce(ticket="T1", missing=("银行证明",)), WINDOW)
    assert opened.fact("notice_violation") is True


def test_help_is_an_application_made_together_at_the_computer() -> None:
    opened = hall()
    on_site(opened)
    opened.do(Assist(ticket="T1", assistance="协助非全流程网上申请", result="地址变更已提交"), WINDOW)
    assert "assisted_application" == opened.fact("assistance")


def test_the_reporters_own_deadline_is_a_clock_of_its_own() -> None:
    opened = hall("2023-04-30 10:00")  # a Sunday, off: no working day comes before the school's deadline
    taken(opened, due="2023-05-05 18:00", wanted_by=instant("2023-04-30 17:00"))
    urgent = Expedite(ticket="T1", wanted_by=instant("2023-04-30 17:00"), reason="孩子上学")
    opened.do(urgent, LEASES, approver=HEAD)
    assert ("2023-04-30 17:00", "2023-05-05 18:00") == (opened.due("wanted"), opened.due("resolve"))
    assert "2023-04-30T17:00:00+08:00" == opened.fact("wanted_by")


def deferred(opened: Hall) -> None:
    taken(opened)
    opened.do(
        Defer(
            ticket="T1",
            deferral="同意出租证明",
            documents=("抵押行出具的同意出租证明",),
            commitment="3月20日前补交",
            deferred_due=instant("2024-03-20 18:00"),
            consequence="撤销租赁凭证",
            checked_by="窗口负责人",
            fields={"after_issue": True},
        ),
        LEASES,
    )
    opened.do(
        Resolve(
            ticket="T1",
            outcome="办成",
            done=True,
            reply="当日出证，后补材料",
            root_cause="资料不齐",
            measure="个案解决",
        ),
        LEASES,
    )


def test_a_certificate_is_issued_today_and_a_paper_follows_after_it() -> None:
    opened = hall()
    deferred(opened)
    assert (True, "resolved") == (opened.fact("after_issue"), opened.seen().step)
    opened.do(CallBack(ticket="T1", level="centre", reached="接通"), WINDOW, "2024-03-18 10:00")
    with pytest.raises(NotAllowedError, match="同意出租证明 is still open"):
        opened.do(Archive(ticket="T1"), WINDOW)
    opened.do(ReceiveDocuments(ticket="T1", deferral="同意出租证明"), WINDOW, "2024-03-19 10:00")
    assert timer(opened, "deferral:同意出租证明").met is True
    assert "archived" == opened.do(Archive(ticket="T1"), WINDOW).step


# -- why people come, and about whom


def test_the_list_of_papers_is_unclear_is_a_reason_to_come() -> None:
    opened = hall()
    registered(opened, intake_reason="材料清单搞不明白")
    assert "list_unclear" == opened.fact("intake_reason")


def test_no_department_to_be_found_is_a_reason_to_come() -> None:
    opened = hall()
    registered(opened, intake_reason="办业务找不到具体部门")
    assert "owner_unknown" == opened.fact("intake_reason")


def complaint(**fields: str) -> Register:
    return Register(ticket="T1", matter=CLAIM, fields={"request_type": "投诉", **fields})


def test_a_complaint_is_taken_as_one() -> None:
    opened = hall()
    opened.do(complaint(respondent="医保窗口工作人员"), WINDOW)
    assert "complaint" == opened.fact("request_type")


def test_a_complaint_names_its_respondent() -> None:
    opened = hall()
    with pytest.raises(NotAllowedError, match="needs respondent"):
        opened.do(complaint(), WINDOW)
    opened.do(complaint(respondent="医保窗口工作人员"), WINDOW)
    assert "医保窗口工作人员" == opened.fact("respondent")


def test_the_window_advises_guides_coordinates_and_leads_to_reform() -> None:
    opened = hall()
    on_site(opened)
    for word in ("咨询", "指导", "协调"):
        opened.do(Assist(ticket="T1", assistance=word), WINDOW)
    resolved(opened, "T2")
    opened.do(OpenItem(ticket="L1", item="举一反三", title="租赁凭证", unit=CENTRE), HEAD)
    done = [mark.facts["assistance"] for mark in opened.seen().marks if mark.kind == "assisted"]
    assert ["policy_advice", "guidance", "coordination"] == done
    assert "reform" == district("shahe").code_of("measure", "改革")


def test_one_case_leads_to_a_better_procedure_for_all() -> None:
    opened = hall()
    resolved(opened)
    opened.do(OpenItem(ticket="L1", item="举一反三", title="转租合同批量办理", unit=CENTRE), HEAD)
    opened.do(Link(ticket="T1", link="举一反三", linked_to="L1"), HEAD)
    opened.do(CloseItem(ticket="L1", result="设批量办理通道"), LEASES)
    assert ("lesson", "L1") == (opened.fact("link"), opened.fact("linked_to"))
    assert ("item_closed", "设批量办理通道") == (opened.seen("L1").step, opened.fact("result", "L1"))


# -- figures


def handled(opened: Hall) -> None:
    """Two accepted requests, one of them handled, and one that was only registered."""
    resolved(opened, "T1")
    taken(opened, "T2", matter="灵活就业补贴", category="政策咨询")
    registered(opened, "T3", matter=CLAIM)


def test_accepted_and_coordinated_are_two_counts() -> None:
    opened = hall()
    handled(opened)
    tickets = [opened.seen(it) for it in ("T1", "T2", "T3")]
    counts = [district("shahe").metric(it).part(tickets) for it in ("accepted", "coordinated")]
    assert [(2, None), (1, None)] == counts


def test_handled_is_a_rate_over_those_accepted_and_not_the_done_rate() -> None:
    opened = hall()
    handled(opened)
    opened.do(Resolve(ticket="T2", outcome="未办成", handled=True, done=False, reply="政策不允许"), LEASES)
    tickets = [opened.seen(it) for it in ("T1", "T2", "T3")]
    assert (2, 2) == district("shahe").metric("handled_rate").part(tickets)
    assert (True, False) == (opened.fact("handled", "T2"), opened.fact("done", "T2"))


def test_the_matters_that_come_most_can_be_ranked() -> None:
    opened = hall()
    handled(opened)
    matters = sorted(str(it.facts["matter"]) for it in opened.desk.find(actor=WINDOW))
    assert ["医保报销", "房屋租赁合同办理", "灵活就业补贴"] == matters


def test_figures_count_from_the_day_the_window_was_set_up() -> None:
    since = {district("shahe").metric(it).since for it in ("accepted", "coordinated", "handled_rate")}
    assert ["2023-02-28"] == [f"{it}" for it in since]


# -- ways in, ways of handling


def test_people_book_by_phone_or_write_a_letter_whose_postmark_is_kept() -> None:
    opened = hall()
    opened.do(
        Register(
            ticket="T1",
            matter=CLAIM,
            channel="信件",
            fields={
                "request_type": "办不成事",
                "postmarked_at": "2024-03-08T16:00+08:00",
                "scan_ref": "信2024-17",
            },
        ),
        WINDOW,
    )
    opened.do(
        Register(
            ticket="T2",
            matter=CLAIM,
            channel="电话预约",
            fields={"request_type": "办不成事", "appointment_at": "2024-03-12T10:00+08:00"},
        ),
        WINDOW,
    )
    assert ("letter", "2024-03-08T16:00+08:00", "信2024-17") == tuple(
        opened.fact(it) for it in ("channel", "postmarked_at", "scan_ref")
    )
    assert "appointment" == opened.fact("channel", "T2")


def test_a_paper_that_was_posted_in_time_is_in_time_whenever_it_arrives() -> None:
    opened = hall()
    deferred(opened)
    posted = {"postmarked_at": "2024-03-20T17:30:00+08:00"}
    opened.do(
        ReceiveDocuments(ticket="T1", deferral="同意出租证明", delivered_by="邮寄", fields=posted),
        WINDOW,
        "2024-03-25 10:00",
    )
    assert timer(opened, "deferral:同意出租证明").met is True


def test_an_usher_at_the_door_refers_people_to_the_window() -> None:
    opened = hall()
    opened.do(
        Register(ticket="T1", matter=CLAIM, fields={"request_type": "办不成事", "referred_by": "u-1"}), WINDOW
    )
    assert "u-1" == opened.fact("referred_by")
    opened.do(Register(ticket="T2", matter=CLAIM, fields={"request_type": "办不成事"}), USHER)
    with pytest.raises(NotAllowedError, match="role 'usher' may not"):
        opened.do(Accept(ticket="T2", fields={"handling_mode": "现场处理"}), USHER)


def test_a_request_is_handled_on_the_spot_forwarded_or_taken_in_hand() -> None:
    opened = hall()
    on_site(opened, "T1")
    assert "solved_on_site" == opened.do(SolveOnSite(ticket="T1", result="已讲明"), WINDOW).step
    assert ("dispatched", CENTRE) == (forwarded(opened, "T2").step, opened.seen("T2").unit)
    opened.do(
        Act(ticket="T2", kind="intervene", fields={"handling_mode": "介入处理"}, reason="承办单位之间推诿"),
        ROOM,
    )
    assert "intervene" == opened.fact("handling_mode", "T2")


def test_forwarding_takes_a_day_that_was_agreed_on() -> None:
    opened = hall()
    registered(opened)
    with pytest.raises(NotAllowedError, match="needs agreed_due"):
        opened.do(Accept(ticket="T1", fields={"handling_mode": "登记转办"}), WINDOW)


def test_the_window_is_a_second_sign_on_the_complaint_room() -> None:
    for name in ("shenzhen", "shahe"):
        (point,) = district(name).service_points
        assert ("投诉协调室", "“办不成事”反映窗口") == (point.signage, point.also_signed)


def test_scope_is_service_complaints_with_five_exclusions() -> None:
    city = district("shenzhen")
    assert ("政务服务投诉", "办不成事") == city.scope
    assert 5 == len(city.exclusions)
    for number, word in enumerate(it.name for it in city.exclusions):
        opened = hall_of("shenzhen", "2024-03-11 09:30")
        ticket = f"T{number}"
        opened.do(
            Register(ticket=ticket, matter="社保转移", fields={"request_type": "办不成事"}), CITY_WINDOW
        )
        declined = opened.do(
            Decline(ticket=ticket, exclusion=word, citation="暂行办法", explanation="已说明"), CITY_WINDOW
        )
        assert "not_accepted" == declined.step


def test_the_person_asked_first_stays_answerable_and_time_is_limited() -> None:
    opened = hall()
    resolved(opened)
    assert ("first_inquiry", "w-1") == (district("shahe").responsibility, opened.fact("first_inquiry"))
    with pytest.raises(NotAllowedError, match="first_inquiry"):
        opened.do(CallBack(ticket="T1", level="centre", reached="接通"), COLLEAGUE)
    assert "2024-03-15 18:00" == opened.due("resolve")
    assert (
        "centre_called_back" == opened.do(CallBack(ticket="T1", level="centre", reached="接通"), WINDOW).step
    )


def test_there_are_ways_in_at_the_hall_by_phone_and_on_the_web() -> None:
    city = district("shenzhen")
    words = (
        "现场窗口",
        "手机",
        "网页",
        "咨询投诉电话",
        "12345",
        "i深圳公众号@深圳",
        "信函",
        "意见箱",
        "意见簿",
    )
    assert [
        "offline_window",
        "app",
        "web",
        "phone",
        "hotline_12345",
        "public_account",
        "letter",
        "suggestion_box",
        "suggestion_book",
    ] == [city.channel(it) for it in words]


def test_senior_staff_sit_at_the_window_by_a_roster() -> None:
    opened = hall()  # a Monday: senior-1 sits there
    on_site(opened)
    with pytest.raises(NotAllowedError, match="'senior-2' does not hold the post"):
        opened.do(act("diagnose", seen_by="senior-2", diagnosis="需补委托书"), WINDOW)
    with pytest.raises(NotAllowedError, match="stands in for senior-1: it needs reason"):
        opened.do(act("diagnose", seen_by="senior-3", diagnosis="需补委托书"), WINDOW)
    opened.do(act("diagnose", seen_by="senior-1", diagnosis="需补委托书"), WINDOW)
    assert "senior-1" == opened.fact("seen_by")


def test_every_request_gets_a_reply_and_a_result() -> None:
    opened = hall()
    taken(opened)
    for incomplete in (Resolve(ticket="T1", outcome="办成"), Resolve(ticket="T1", reply="已办")):
        with pytest.raises(NotAllowedError, match=r"it needs (reply|outcome)"):
            opened.do(incomplete, LEASES)
    assert "resolved" == opened.do(Resolve(ticket="T1", outcome="办成", reply="已办"), LEASES).step
    # no way leads from the work order to the file but by a reply, a withdrawal or another place
    ways = district("shahe").flow.transitions
    replies = {"resolve", "solve_on_site", "withdraw", "transfer_out", "decline"}
    reached, fresh = {"on_site", "pending_dispatch"}, {"on_site", "pending_dispatch"}
    while fresh:
        fresh = {
            it.target for it in ways if it.action not in replies and it.sources & reached and it.target
        } - reached
        reached |= fresh
    assert "archived" not in reached


def test_praise_is_on_record_apart_from_requests() -> None:
    opened = hall()
    resolved(opened)
    opened.do(act("praise", praise="锦旗", praised_unit=CENTRE), WINDOW)
    assert ("banner", "praised") == (opened.fact("praise"), opened.kinds()[-1])
    found = [opened.seen(it.id) for it in opened.desk.find(actor=WINDOW)]
    assert (1, None) == district("shahe").metric("praised").part(found)
    assert (1, None) == district("shahe").metric("accepted").part(found)


# -- the clocks of the city's rule


def test_rectification_is_filed_within_two_working_days_of_the_end() -> None:
    opened = hall("2026-09-18 10:00")  # a Friday; Sunday the 20th is worked
    resolved(opened, fields={"rectification": "需整改"}, due="2026-09-21 18:00")
    assert "2026-09-21 18:00" == opened.due("filing")
    opened.do(act("file_rectification", rectification_result="已改"), LEASES, "2026-09-21 17:00")
    assert timer(opened, "filing").met is True
    other = hall("2026-09-18 10:00")
    resolved(other, fields={"rectification": "无需整改"}, due="2026-09-21 18:00")
    assert "-" == other.due("filing")


def test_the_callback_is_due_four_working_days_after_the_limit_expires_however_early_the_reply() -> None:
    opened = hall("2026-09-16 10:00")
    resolved(opened, due="2026-09-18 18:00")  # resolved two days before the limit
    assert "2026-09-23 18:00" == opened.due("callback")  # 20, 21, 22, 23 September


def test_an_order_of_another_unit_is_not_ours_to_resolve() -> None:
    opened = hall()
    forwarded(opened, matter=CLAIM)
    assert INSURANCE.unit == opened.seen().unit
    with pytest.raises(NotAllowedError):
        opened.do(Resolve(ticket="T1", outcome="办成", reply="已办"), MARKET)
