"""Four cases of Shahe street, as the press report of 11 April 2024 tells them.

Times of day and agreed days are ours; every due time was counted by hand on the State Council's calendars
of 2023 and 2024. The callback is due four working days after the limit expires, hours until 18:00.
"""

import pytest

from bubancheng.actions import (
    Accept,
    Acknowledge,
    Action,
    Archive,
    Assist,
    CallBack,
    CloseItem,
    Defer,
    Expedite,
    InformOnce,
    Link,
    Note,
    OpenItem,
    ReceiveDocuments,
    Register,
    Resolve,
    SolveOnSite,
)
from bubancheng.errors import NotAllowedError
from bubancheng.ticket import Fact
from tests.acting import instant
from tests.features.districts.shahe import CENTRE, HEAD, LEASES, MARKET, USHER, WINDOW, act, hall
from tests.stories.telling import Case

NOT_DONE: dict[str, Fact] = {"request_type": "办不成事"}


def forwarding(ticket: str, due: str) -> Accept:
    """Return how the window forwards a request, with the day that was agreed on."""
    return Accept(ticket=ticket, fields={"handling_mode": "登记转发", "agreed_due": instant(due).isoformat()})


def test_fourteen_contracts_at_once() -> None:
    """March 2024: a company hands in 14 sublease contracts at once and needs the certificates soon."""
    opened = hall("2024-03-11 09:30")  # a Monday
    case = Case(opened, "SH-20240311-01")
    number = case.number

    def happens(action: Action, at: str) -> None:
        case.happens(action, LEASES, at)

    case.opens(
        Register(
            ticket=number,
            matter="房屋租赁合同办理",
            channel="现场窗口",
            category="特事特办",
            reporter_kind="企业",
            reporter="某企业管理公司",
            intake_reason="急需加快办事进度",
            text="一次提交14份转租租赁合同，期待尽快取得租赁凭证",
            fields={**NOT_DONE, "referred_by": USHER.id},
        ),
        WINDOW,
        "2024-03-11 09:30",
    )
    assert case.seen() == ("已登记 | green | - | -", "已登记 | 受理 | - | -")
    assert ("expedite", "w-1") == (opened.fact("class", number), opened.fact("first_inquiry", number))

    case.happens(forwarding(number, "2024-03-13 18:00"), WINDOW, "2024-03-11 09:40")
    assert case.seen() == (
        "已派单 | green | - | 2024-03-13 18:00",
        f"已派给承办单位 | 承办单位接单 | {CENTRE} | 2024-03-13 18:00",
    )
    happens(Acknowledge(ticket=number), "2024-03-11 09:45")
    assert case.seen() == (
        "已接单 | green | - | 2024-03-13 18:00",
        f"承办单位已接单 | 承办单位处理 | {CENTRE} | 2024-03-13 18:00",
    )
    assert ["green", "yellow", "yellow", "red"] == case.lights(
        "2024-03-12 17:59", "2024-03-12 18:00", "2024-03-13 18:00", "2024-03-13 18:01"
    )

    urgent = Expedite(ticket=number, wanted_by=instant("2024-03-12 12:00"), reason="企业急需，加急审核")
    with pytest.raises(NotAllowedError, match="needs the approval"):
        happens(urgent, "2024-03-11 09:50")
    case.happens(urgent, LEASES, "2024-03-11 09:50", approver=HEAD)
    assert "2024-03-12 12:00" == opened.due("wanted", number)

    happens(
        act("diagnose", number, seen_by="senior-1", diagnosis="逐份指导填写，批量审核"), "2024-03-11 10:00"
    )
    for part in range(1, 15):
        happens(
            act("add_item", number, case_item=f"合同{part}", item_matter="转租租赁合同"), "2024-03-11 10:10"
        )
    case.happens(
        Assist(ticket=number, assistance="指导", result="帮助取号，指导准确填写"), WINDOW, "2024-03-11 10:30"
    )
    for part in range(1, 14):
        happens(act("settle_item", number, case_item=f"合同{part}", item_result="已出证"), "2024-03-11 16:00")
    reply = Resolve(
        ticket=number,
        outcome="办成",
        handled=True,
        done=True,
        reply="14份租赁凭证已全部审批出证",
        root_cause="事项加急",
        measure="个案解决",
    )
    with pytest.raises(NotAllowedError, match="case_item 合同14 is still open"):
        happens(reply, "2024-03-12 10:00")
    happens(act("settle_item", number, case_item="合同14", item_result="已出证"), "2024-03-12 10:30")
    happens(reply, "2024-03-12 11:00")
    assert case.seen() == (
        "办结 | green | - | 2024-03-13 18:00",
        f"已办结 | 回访评价 | {CENTRE} | -",
    )
    assert opened.timers(number)["wanted"].met is True
    assert "2024-03-19 18:00" == opened.due("callback", number)  # after 13 March: 14, 15, 18, 19

    case.happens(
        CallBack(ticket=number, level="centre", reached="接通", solved=True, grade=1),
        WINDOW,
        "2024-03-18 10:00",
    )
    assert case.seen() == (
        "已评价 | green | - | 2024-03-13 18:00",
        f"已办结，已回访评价 | 归档 | {CENTRE} | -",
    )
    case.happens(act("praise", number, praise="锦旗", praised_unit=CENTRE), WINDOW, "2024-03-20 15:00")
    case.happens(Archive(ticket=number), WINDOW, "2024-03-20 15:30")
    assert case.seen() == ("已归档 | green | - | 2024-03-13 18:00", f"已归档 | - | {CENTRE} | -")
    assert [
        "registered",
        "accepted",
        "dispatched",
        "acknowledged",
        "expedited",
        "diagnosed",
        *["item_added"] * 14,
        "assisted",
        *["item_settled"] * 14,
        "resolved",
        "called_back",
        "praised",
        "archived",
    ] == case.history()
    assert [] == opened.desk.verify()


def test_a_filing_that_did_not_pass_and_nobody_had_said_why() -> None:
    """March 2024: Ms Liu comes for a certificate and hears that there is none; papers were missing."""
    opened = hall("2024-03-20 10:00")  # a Wednesday
    case = Case(opened, "SH-20240320-02")
    number = case.number
    case.opens(
        Register(
            ticket=number,
            matter="房屋租赁网签备案",
            channel="现场窗口",
            category="资料不齐",
            reporter="刘女士",
            intake_reason="资料不齐",
            prior_attempts=("网签备案后到便民服务中心取证，被告知没有租赁凭证",),
            fields=NOT_DONE,
        ),
        WINDOW,
        "2024-03-20 10:00",
    )
    case.happens(Accept(ticket=number, fields={"handling_mode": "现场处理"}), WINDOW, "2024-03-20 10:05")
    assert case.seen() == ("现场处理 | green | - | -", "已受理，正在现场处理 | 当场办结 | - | -")
    case.happens(
        act("check_system", number, application_ref="WQ-2024-0318-22", check_result="资料不齐，备案未通过"),
        WINDOW,
        "2024-03-20 10:10",
    )
    case.happens(
        InformOnce(ticket=number, missing=("房产证明复印件", "承租人身份证明", "转租同意书")),
        WINDOW,
        "2024-03-20 10:20",
    )
    assert opened.fact("notice_violation", number) is None
    case.happens(
        SolveOnSite(
            ticket=number, result="已一次性告知需补齐的全部资料", root_cause="资料不齐", measure="个案解决"
        ),
        WINDOW,
        "2024-03-20 10:25",
    )
    assert case.seen() == ("当场解决 | green | - | -", "已当场解决 | 回访评价 | - | -")
    assert "-" == opened.due("callback", number)  # on the spot there is no limit that could expire
    case.happens(
        CallBack(ticket=number, level="centre", reached="接通", solved=True), WINDOW, "2024-03-22 10:00"
    )
    case.happens(Archive(ticket=number), WINDOW, "2024-03-22 10:10")
    assert "已归档 | green | - | -" == case.seen()[0]


def test_an_address_that_could_not_be_changed_online() -> None:
    """November 2023: Ms Huang has tried several times online to change her restaurant's address."""
    opened = hall("2023-11-15 14:30")  # a Wednesday
    case = Case(opened, "SH-20231115-03")
    number = case.number
    tried = tuple(f"2023-11-{day} 网上变更个体工商户地址，不成功" for day in ("08", "10", "13"))
    case.opens(
        Register(
            ticket=number,
            matter="个体工商户变更",
            channel="现场窗口",
            category="资料不齐",
            reporter="黄女士",
            intake_reason="网上多次操作不成功",
            stuck_step="上传经营场所材料",
            prior_attempts=tried,
            fields=NOT_DONE,
        ),
        WINDOW,
        "2023-11-15 14:30",
    )
    assert tried == opened.fact("prior_attempts", number)
    case.happens(forwarding(number, "2023-11-17 18:00"), WINDOW, "2023-11-15 14:40")
    case.happens(Acknowledge(ticket=number), MARKET, "2023-11-15 15:00")
    assert case.seen() == (
        "已接单 | green | - | 2023-11-17 18:00",
        f"承办单位已接单 | 承办单位处理 | {MARKET.unit} | 2023-11-17 18:00",
    )
    case.happens(
        Note(ticket=number, topic="协调窗口部门", note="与工商部门沟通，可改为非全流程申请"),
        WINDOW,
        "2023-11-15 15:10",
    )
    case.happens(
        Assist(ticket=number, assistance="协助非全流程网上申请", result="在大厅电脑上提交，材料收齐"),
        WINDOW,
        "2023-11-15 15:40",
    )
    case.happens(
        Resolve(
            ticket=number,
            outcome="办成",
            handled=True,
            done=True,
            reply="地址变更成功",
            root_cause="网上操作不成功",
            measure="完善办事流程和机制",
        ),
        MARKET,
        "2023-11-16 16:00",
    )
    assert case.seen() == (
        "办结 | green | - | 2023-11-17 18:00",
        f"已办结 | 回访评价 | {MARKET.unit} | -",
    )
    assert "2023-11-23 18:00" == opened.due("callback", number)  # after 17 November: 20, 21, 22, 23
    case.happens(
        OpenItem(ticket="SH-L-01", item="举一反三", title="网上变更地址的卡点", unit=CENTRE),
        HEAD,
        "2023-11-17 09:00",
    )
    case.happens(Link(ticket=number, link="举一反三", linked_to="SH-L-01"), HEAD, "2023-11-17 09:05")
    case.happens(
        CloseItem(ticket="SH-L-01", result="大厅设电脑，工作人员协助申请"), LEASES, "2023-11-30 17:00"
    )
    case.happens(
        CallBack(ticket=number, level="centre", reached="接通", solved=True, grade=1),
        WINDOW,
        "2023-11-30 17:10",
    )
    assert opened.timers(number)["callback"].met is False  # a week late, and so it stays
    case.happens(Archive(ticket=number), WINDOW, "2023-11-30 17:20")
    assert "已归档 | green | - | 2023-11-17 18:00" == case.seen()[0]


def test_a_certificate_that_a_child_needs_today() -> None:
    """30 April 2023: Ms Zhang needs the lease certificate today; the bank's paper can only follow.

    The report of April 2024 says "last year": a Sunday in the May Day holiday (29 April to 3 May; Saturday 6 May
    is worked). A limit in working days could not end that day; the reporter's own deadline does.
    """
    opened = hall("2023-04-30 09:30")
    case = Case(opened, "SH-20230430-04")
    number = case.number
    today = instant("2023-04-30 17:00")
    case.opens(
        Register(
            ticket=number,
            matter="房屋租赁合同办理",
            channel="现场窗口",
            category="加急",
            reporter="张女士",
            intake_reason="急需加快办事进度",
            wanted_by=today,
            text="孩子上学，教育局招生要求当日出证",
            fields=NOT_DONE,
        ),
        WINDOW,
        "2023-04-30 09:30",
    )
    case.happens(forwarding(number, "2023-04-30 17:00"), WINDOW, "2023-04-30 09:40")
    case.happens(Acknowledge(ticket=number), LEASES, "2023-04-30 09:45")
    assert case.seen() == (
        "已接单 | yellow | - | 2023-04-30 17:00",
        f"承办单位已接单 | 承办单位处理 | {CENTRE} | 2023-04-30 17:00",
    )
    case.happens(
        Expedite(ticket=number, wanted_by=today, reason="招生材料当日截止"),
        LEASES,
        "2023-04-30 09:50",
        approver=HEAD,
    )
    case.happens(
        Note(ticket=number, topic="协调窗口部门", note="与抵押行沟通，同意出租证明节后出具"),
        WINDOW,
        "2023-04-30 10:30",
    )
    case.happens(
        Defer(
            ticket=number,
            deferral="同意出租证明",
            documents=("抵押行出具的同意出租证明",),
            commitment="5月9日前补交",
            deferred_due=instant("2023-05-09 18:00"),
            consequence="撤销租赁凭证",
            checked_by="窗口负责人",
            fields={"after_issue": True},
        ),
        LEASES,
        "2023-04-30 11:00",
    )
    case.happens(
        Resolve(
            ticket=number,
            outcome="办成",
            handled=True,
            done=True,
            reply="当日出证，同意出租证明后补",
            root_cause="资料不齐",
            measure="个案解决",
        ),
        LEASES,
        "2023-04-30 16:20",
    )
    assert case.seen() == (
        "办结 | yellow | - | 2023-04-30 17:00",
        f"已办结 | 回访评价 | {CENTRE} | -",
    )
    assert opened.timers(number)["wanted"].met is True
    assert "2023-05-08 18:00" == opened.due("callback", number)  # 4, 5, 6 (worked) and 8 May
    case.happens(
        CallBack(ticket=number, level="centre", reached="接通", solved=True, grade=1),
        WINDOW,
        "2023-05-08 10:00",
    )
    with pytest.raises(NotAllowedError, match="同意出租证明 is still open"):
        case.happens(Archive(ticket=number), WINDOW, "2023-05-08 10:10")
    case.happens(  # it arrives two days late, but was posted in time
        ReceiveDocuments(
            ticket=number,
            deferral="同意出租证明",
            delivered_by="邮寄",
            fields={"postmarked_at": instant("2023-05-08 16:00").isoformat()},
        ),
        WINDOW,
        "2023-05-11 10:00",
    )
    assert opened.timers(number)["deferral:同意出租证明"].met is True
    case.happens(Archive(ticket=number), WINDOW, "2023-05-11 10:10")
    assert case.seen() == ("已归档 | yellow | - | 2023-04-30 17:00", f"已归档 | - | {CENTRE} | -")
    assert [] == opened.desk.verify()
