"""Whole lives, as the documents of Chongming tell them.

The press report of 10 April 2023 tells two cases and a way of working, all under the rules before the
notice; the notice of 26 October 2023 tells the whole loop. Times of day are ours; every due time was
counted by hand on the State Council's calendars of 2022 to 2024.
"""

import pytest

from bubancheng.actions import (
    Accept,
    Acknowledge,
    AnswerCoHandling,
    Archive,
    Assist,
    CallBack,
    Classify,
    ConfirmRectification,
    Consult,
    Contact,
    Decline,
    Defer,
    Delegate,
    Dispatch,
    Escalate,
    Explain,
    Link,
    Note,
    OpenItem,
    ReceiveDocuments,
    Rectify,
    Register,
    RequestCoHandling,
    Resolve,
    Return,
    Review,
    SolveOnSite,
    Supervise,
)
from bubancheng.errors import NotAllowedError
from tests.acting import CENTRE, HEAD, OFFICE, OFFICER, OWNED, WINDOW, instant
from tests.features.hall import MARKET, PORTAL, STATION, TAX, TOWN, Hall
from tests.stories.telling import Case

BUREAU = "区市场监管局"
RECORDS = "《市场主体登记管理条例》第十六条"


def test_a_resolution_that_is_only_a_scan() -> None:
    """August 2022: an enterprise's shareholders are abroad, and their resolution is only a scan."""
    hall = Hall(at="2022-08-16 09:30")  # a Tuesday
    case = Case(hall, "CM-20220816-03")
    number = case.number

    case.opens(
        Register(
            ticket=number,
            matter="营业执照变更登记",
            channel="线下窗口",
            place="区行政服务中心",
            category="复杂情形",
            reporter_kind="企业",
            reporter="某企业经办人",
            phone="13800001234",
            intake_reason="材料没带齐",
            failed_stage="受理",
            triage="不能办",
            prior_attempts=("营业执照经营延续变更，二楼市场准入窗口，2022-08-16：股东大会决议无原件",),
            text="股东大会决议是扫描件，法人股东均不在国内，窗口无原件不能办理",
        ),
        WINDOW,
        "2022-08-16 09:30",
    )
    assert case.seen() == (
        "已登记 | green | - | -",
        "已登记 | 窗口受理 | - | -",
    )
    assert ("before-2023-10-26", "complex") == (hall.seen(number).rule, hall.line(ticket=number).category)

    case.happens(
        Accept(ticket=number, scope_reason="到政务服务中心未能办成或解决"), WINDOW, "2022-08-16 09:35"
    )
    assert case.seen() == (
        "已派单 | green | - | -",
        "已派给承办单位 | 承办单位接单并先行联系 | 区市场监管局 | -",
    )

    case.happens(Acknowledge(ticket=number), MARKET, "2022-08-16 10:00")
    assert case.seen() == (
        "已接单 | green | 2022-08-17 17:00 | -",
        "承办单位已接单 | 承办单位先行联系 | 区市场监管局 | -",
    )

    case.happens(Contact(ticket=number, learned="股东均在境外，决议只有扫描件"), MARKET, "2022-08-16 10:05")
    assert case.seen() == (
        "已先行联系 | green | 2022-08-17 17:00 | -",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | -",
    )

    case.happens(
        Escalate(ticket=number, escalated_to="市场准入条线负责人", reason="需直接协调相关条线"),
        MARKET,
        "2022-08-16 10:20",
    )
    assert case.seen() == (
        "已先行联系 | green | 2022-08-17 17:00 | -",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | -",
    )
    case.happens(
        Consult(
            ticket=number,
            consultation="多方会诊",
            participants=(BUREAU, "区行政服务中心"),
            question="股东大会决议无原件，能否办理变更",
            decision="容缺办理，企业书面承诺，改走全程网办",
            legal_basis=(RECORDS,),
            urgent=True,
        ),
        MARKET,
        "2022-08-16 11:00",
    )
    assert case.seen() == (
        "已先行联系 | green | 2022-08-17 17:00 | -",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | -",
    )
    case.happens(
        Classify(ticket=number, category="复杂", agreed_due=instant("2022-08-18 17:00")),
        MARKET,
        "2022-08-16 11:30",
    )
    assert case.seen() == (
        "已先行联系 | green | 2022-08-17 17:00 | 2022-08-18 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2022-08-18 17:00",
    )

    case.happens(
        Assist(ticket=number, assistance="告知承诺", result="承诺书一份"), MARKET, "2022-08-16 14:00"
    )
    assert case.seen() == (
        "已先行联系 | green | 2022-08-17 17:00 | 2022-08-18 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2022-08-18 17:00",
    )
    case.happens(
        Defer(
            ticket=number,
            deferral="决议原件",
            documents=("股东大会决议原件",),
            commitment="9月16日前寄达原件",
            deferred_due=instant("2022-09-16 17:00"),
            consequence="撤销变更登记",
            checked_by="市场准入条线负责人",
        ),
        MARKET,
        "2022-08-16 14:10",
    )
    assert case.seen() == (
        "已先行联系 | green | 2022-08-17 17:00 | 2022-08-18 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2022-08-18 17:00",
    )
    case.happens(Assist(ticket=number, assistance="全程网上办理"), MARKET, "2022-08-16 14:30")
    assert case.seen() == (
        "已先行联系 | green | 2022-08-17 17:00 | 2022-08-18 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2022-08-18 17:00",
    )
    assert ["green", "yellow", "red"] == case.lights(
        "2022-08-17 16:59", "2022-08-17 17:00", "2022-08-18 17:01"
    )

    case.happens(
        Resolve(
            ticket=number,
            outcome="办成",
            handled=True,
            done=True,
            reply="营业执照已变更",
            root_cause="材料携带不齐全",
            measure="个案解决",
        ),
        MARKET,
        "2022-08-18 11:00",
    )
    assert case.seen() == (
        "办结回复 | yellow | 2022-08-17 17:00 | 2022-08-18 17:00",
        "已办结回复 | 回访 | 区市场监管局 | -",
    )
    assert ["yellow"] == case.lights("2022-12-31 10:00")  # in time, and so it stays

    case.happens(
        CallBack(ticket=number, level="unit", reached="接通", solved=True, grade=1),
        MARKET,
        "2022-08-19 10:00",
    )
    assert case.seen() == (
        "单位已回访 | yellow | 2022-08-17 17:00 | 2022-08-18 17:00",
        "已办结，单位已回访 | 中心回访、满意度测评 | 区市场监管局 | -",
    )
    case.happens(
        CallBack(ticket=number, level="centre", reached="接通", solved=True, grade=1),
        CENTRE,
        "2022-08-22 10:00",
    )
    assert case.seen() == (
        "中心已回访 | yellow | 2022-08-17 17:00 | 2022-08-18 17:00",
        "已办结，已回访 | 归档 | 区市场监管局 | -",
    )

    case.happens(
        ReceiveDocuments(ticket=number, deferral="决议原件", delivered_by="国际邮件"),
        WINDOW,
        "2022-09-09 10:00",
    )
    assert case.seen() == (
        "中心已回访 | yellow | 2022-08-17 17:00 | 2022-08-18 17:00",
        "已办结，已回访 | 归档 | 区市场监管局 | -",
    )
    assert hall.timers(number)["deferral:决议原件"].met is True
    case.happens(Archive(ticket=number, retention="十年"), WINDOW, "2022-09-09 11:00")
    assert case.seen() == (
        "已归档 | yellow | 2022-08-17 17:00 | 2022-08-18 17:00",
        "已归档 | - | 区市场监管局 | -",
    )

    assert [
        "registered",
        "accepted",
        "dispatched",
        "acknowledged",
        "contacted",
        "escalated",
        "consulted",
        "classified",
        "assisted",
        "deferred",
        "assisted",
        "resolved",
        "called_back",
        "called_back",
        "documents_received",
        "archived",
    ] == case.history()
    assert [] == hall.desk.verify()


def test_an_identity_card_that_stayed_in_beijing() -> None:
    """28 February 2023, afternoon: three people from Beijing lack one original, and tomorrow is too late."""
    hall = Hall(at="2023-02-28 14:20")  # a Tuesday
    case = Case(hall, "CM-20230228-07")
    number = case.number

    case.opens(
        Register(
            ticket=number,
            matter="企业法定代表人变更登记",
            channel="线下窗口",
            place="区行政服务中心",
            category="一般情形",
            reporter_kind="企业",
            reporter="三名办事群众",
            intake_reason="材料没带齐",
            failed_stage="受理",
            triage="不知怎么办",
            urgency=("逾期有经济损失", "远道而来"),
            began=instant("2023-02-28 14:05"),
            prior_attempts=("企业法人变更，二楼市场准入窗口，2023-02-28：缺新法人身份证原件，未予受理",),
        ),
        WINDOW,
        "2023-02-28 14:20",
    )
    assert case.seen() == (
        "已登记 | green | - | -",
        "已登记 | 窗口受理 | - | -",
    )
    assert ("economic_loss", "long_travel") == hall.fact("urgency", number)
    case.happens(
        Accept(ticket=number, scope_reason="到政务服务中心未能办成或解决"), WINDOW, "2023-02-28 14:25"
    )
    assert case.seen() == (
        "已派单 | green | - | -",
        "已派给承办单位 | 承办单位接单并先行联系 | 区市场监管局 | -",
    )
    case.happens(Acknowledge(ticket=number), MARKET, "2023-02-28 14:30")
    # a general case is answered on the day, so it is yellow from the start
    assert case.seen() == (
        "已接单 | yellow | 2023-02-28 17:00 | 2023-02-28 17:00",
        "承办单位已接单 | 承办单位先行联系 | 区市场监管局 | 2023-02-28 17:00",
    )

    case.happens(
        Contact(
            ticket=number, learned="对办事指南理解有偏差，未带新法人身份证原件", agreed_step="今日内办结"
        ),
        MARKET,
        "2023-02-28 14:35",
    )
    assert case.seen() == (
        "已先行联系 | yellow | 2023-02-28 17:00 | 2023-02-28 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2023-02-28 17:00",
    )
    case.happens(
        Assist(ticket=number, assistance="指引讲解", result="讲解政策规章和办事指南"),
        WINDOW,
        "2023-02-28 14:40",
    )
    assert case.seen() == (
        "已先行联系 | yellow | 2023-02-28 17:00 | 2023-02-28 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2023-02-28 17:00",
    )
    case.happens(
        Consult(
            ticket=number,
            consultation="多方会诊",
            participants=("区行政服务中心", BUREAU),
            question="主要材料齐全，只缺新法人身份证原件",
            decision="容缺受理，远程核验身份，原件事后邮寄查验",
            legal_basis=(RECORDS,),
        ),
        WINDOW,
        "2023-02-28 15:00",
    )
    assert case.seen() == (
        "已先行联系 | yellow | 2023-02-28 17:00 | 2023-02-28 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2023-02-28 17:00",
    )
    case.happens(
        Defer(
            ticket=number,
            deferral="身份证",
            documents=("新法定代表人身份证原件",),
            commitment="3月14日前寄达查验",
            deferred_due=instant("2023-03-14 17:00"),
            consequence="撤销变更登记",
            checked_by="审批科",
        ),
        MARKET,
        "2023-02-28 15:30",
    )
    assert case.seen() == (
        "已先行联系 | yellow | 2023-02-28 17:00 | 2023-02-28 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2023-02-28 17:00",
    )
    case.happens(
        Assist(ticket=number, assistance="远程核验", result="新法人信息一致"), MARKET, "2023-02-28 15:40"
    )
    assert case.seen() == (
        "已先行联系 | yellow | 2023-02-28 17:00 | 2023-02-28 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2023-02-28 17:00",
    )

    case.happens(
        Resolve(
            ticket=number,
            outcome="办成",
            handled=True,
            done=True,
            reply="准予变更",
            root_cause="办事指南理解有偏差",
            cause_text="指南中“身份证明”被理解为复印件",
            measure="个案解决",
            delivered_by="公益邮寄",
            trips_saved=1,
        ),
        MARKET,
        "2023-02-28 16:30",
    )
    assert case.seen() == (
        "办结回复 | yellow | 2023-02-28 17:00 | 2023-02-28 17:00",
        "已办结回复 | 回访 | 区市场监管局 | -",
    )
    assert ["yellow"] == case.lights("2023-12-31 10:00")
    assert hall.timers(number)["resolve"].met is True

    case.happens(
        Assist(ticket=number, assistance="公益邮寄", result="准予变更通知书、新营业执照，EMS 1234567890123"),
        MARKET,
        "2023-03-02 10:00",
    )
    assert case.seen() == (
        "办结回复 | yellow | 2023-02-28 17:00 | 2023-02-28 17:00",
        "已办结回复 | 回访 | 区市场监管局 | -",
    )
    case.happens(
        CallBack(ticket=number, level="unit", reached="接通", solved=True, grade=1),
        MARKET,
        "2023-03-03 10:00",
    )
    assert case.seen() == (
        "单位已回访 | yellow | 2023-02-28 17:00 | 2023-02-28 17:00",
        "已办结，单位已回访 | 中心回访、满意度测评 | 区市场监管局 | -",
    )
    case.happens(
        CallBack(ticket=number, level="centre", reached="接通", solved=True, grade=1),
        CENTRE,
        "2023-03-06 10:00",
    )
    assert case.seen() == (
        "中心已回访 | yellow | 2023-02-28 17:00 | 2023-02-28 17:00",
        "已办结，已回访 | 归档 | 区市场监管局 | -",
    )
    assert "2023-03-14 17:00" == hall.due("deferral:身份证", number)
    case.happens(
        ReceiveDocuments(ticket=number, deferral="身份证", delivered_by="邮寄"), WINDOW, "2023-03-08 10:00"
    )
    assert case.seen() == (
        "中心已回访 | yellow | 2023-02-28 17:00 | 2023-02-28 17:00",
        "已办结，已回访 | 归档 | 区市场监管局 | -",
    )
    case.happens(Archive(ticket=number), WINDOW, "2023-03-09 10:00")
    assert case.seen() == (
        "已归档 | yellow | 2023-02-28 17:00 | 2023-02-28 17:00",
        "已归档 | - | 区市场监管局 | -",
    )
    assert ("guide_misread", 1, True) == tuple(
        hall.fact(name, number) for name in ("root_cause", "trips_saved", "done")
    )

    assert [
        "registered",
        "accepted",
        "dispatched",
        "acknowledged",
        "contacted",
        "assisted",
        "consulted",
        "deferred",
        "assisted",
        "resolved",
        "assisted",
        "called_back",
        "called_back",
        "documents_received",
        "archived",
    ] == case.history()
    assert [] == hall.desk.verify()


def test_one_case_one_discussion() -> None:
    """Under the older rules: taken for a general case, found undecidable on the spot, discussed by itself."""
    hall = Hall(at="2023-04-11 09:10")  # a Tuesday
    case = Case(hall, "CM-20230411-01")
    number = case.number

    case.opens(
        Register(ticket=number, matter="个体工商户变更登记", category="一般情形"), WINDOW, "2023-04-11 09:10"
    )
    assert case.seen() == (
        "已登记 | green | - | -",
        "已登记 | 窗口受理 | - | -",
    )
    case.happens(Accept(ticket=number, scope_reason="办事过程中遇到的其他问题"), WINDOW, "2023-04-11 09:15")
    assert case.seen() == (
        "已派单 | green | - | -",
        "已派给承办单位 | 承办单位接单并先行联系 | 区市场监管局 | -",
    )
    case.happens(Acknowledge(ticket=number), MARKET, "2023-04-11 09:30")
    assert case.seen() == (
        "已接单 | yellow | 2023-04-11 17:00 | 2023-04-11 17:00",
        "承办单位已接单 | 承办单位先行联系 | 区市场监管局 | 2023-04-11 17:00",
    )
    case.happens(Contact(ticket=number, learned="两份登记信息互相矛盾"), MARKET, "2023-04-11 10:00")
    assert case.seen() == (
        "已先行联系 | yellow | 2023-04-11 17:00 | 2023-04-11 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2023-04-11 17:00",
    )

    harder = Classify(
        ticket=number,
        category="复杂",
        agreed_due=instant("2023-04-14 17:00"),
        reason="情况不明晰，当场无法判断",
    )
    with pytest.raises(NotAllowedError, match="it needs the approval of"):
        case.happens(harder, MARKET, "2023-04-11 10:20")
    case.happens(harder, MARKET, "2023-04-11 10:30", approver=HEAD)
    assert case.seen() == (
        "已先行联系 | green | 2023-04-12 17:00 | 2023-04-14 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2023-04-14 17:00",
    )

    case.happens(
        Consult(
            ticket=number,
            consultation="一事一议",
            participants=(BUREAU, "区行政服务中心"),
            question="以哪一份登记信息为准",
            decision="以原始档案为准，更正后办理",
            legal_basis=(RECORDS, "国办发〔2022〕5号"),
        ),
        MARKET,
        "2023-04-12 15:00",
    )
    assert case.seen() == (
        "已先行联系 | green | 2023-04-12 17:00 | 2023-04-14 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2023-04-14 17:00",
    )
    assert ["green", "yellow", "yellow", "red"] == case.lights(
        "2023-04-13 16:59", "2023-04-13 17:00", "2023-04-14 17:00", "2023-04-14 17:01"
    )
    case.happens(
        Resolve(
            ticket=number,
            outcome="办成",
            done=True,
            root_cause="企业个人信息变更滞后",
            measure="办事流程优化",
        ),
        MARKET,
        "2023-04-14 10:00",
    )
    assert case.seen() == (
        "办结回复 | yellow | 2023-04-12 17:00 | 2023-04-14 17:00",
        "已办结回复 | 回访 | 区市场监管局 | -",
    )
    assert ["yellow"] == case.lights("2023-05-01 10:00")
    assert ("case_by_case", "stale_data") == (
        hall.fact("consultation", number),
        hall.fact("root_cause", number),
    )
    assert [
        "registered",
        "accepted",
        "dispatched",
        "acknowledged",
        "contacted",
        "classified",
        "consulted",
        "resolved",
    ] == case.history()
    assert [] == hall.desk.verify()


def test_the_whole_loop_of_the_notice() -> None:  # noqa: PLR0915 a whole life
    """From a drop-out of the city portal to the archive, with all that the notice of October 2023 provides."""
    hall = Hall(at="2023-11-06 10:00")  # a Monday, eleven days after the notice
    case = Case(hall, "CM-20231106-11")
    number = case.number
    town = "城桥镇社区事务受理服务中心"

    # 统一受理: the district centre takes it in from the rating platform and types it in
    case.opens(
        Register(
            ticket=number,
            matter="合伙企业份额转让登记",
            place=town,
            channel="市一网通办中途退出",
            source="好差评平台",
            external_id="HCP-20231106-0017",
            stuck_step="上传转让协议",
            reporter_kind="企业",
            reporter="李某",
            phone="13900001234",
            text="上传转让协议后系统提示格式不符",
        ),
        CENTRE,
        "2023-11-06 10:00",
    )
    assert case.seen() == (
        "已登记 | green | - | -",
        "已登记 | 窗口受理 | - | -",
    )
    assert "2023-10-26" == hall.seen(number).rule

    # 分类派单: nobody owns the matter, the place is certain, and it is the wrong one
    case.happens(
        Accept(ticket=number, scope_reason="提交材料后未能受理、审批或办结"), CENTRE, "2023-11-06 10:05"
    )
    assert case.seen() == (
        "已派单 | green | - | -",
        "已派给承办单位 | 承办单位接单并先行联系 | 城桥镇社区事务受理服务中心 | -",
    )
    assert "handling_place" == hall.fact("dispatch_rule", number)

    case.happens(Acknowledge(ticket=number), TOWN, "2023-11-06 10:30")
    assert case.seen() == (
        "已接单 | green | 2023-11-07 17:00 | 2023-11-09 17:00",
        "承办单位已接单 | 承办单位先行联系 | 城桥镇社区事务受理服务中心 | 2023-11-09 17:00",
    )

    case.happens(
        Return(ticket=number, reason="企业登记不属本中心", suggested=BUREAU),
        TOWN,
        "2023-11-06 15:00",
    )
    assert case.seen() == (
        "退单 | green | 2023-11-07 17:00 | 2023-11-09 17:00",
        "正在确认承办单位 | 重新派给承办单位 | - | 2023-11-09 17:00",
    )

    case.happens(
        Note(ticket=number, topic="派单前了解", note="来电核实：为合伙企业份额转让"),
        CENTRE,
        "2023-11-07 09:00",
    )
    assert case.seen() == (
        "退单 | green | 2023-11-07 17:00 | 2023-11-09 17:00",
        "正在确认承办单位 | 重新派给承办单位 | - | 2023-11-09 17:00",
    )
    case.happens(
        Dispatch(ticket=number, unit=BUREAU, reason="企业登记归市场监管"),
        CENTRE,
        "2023-11-07 09:20",
    )
    assert case.seen() == (
        "已派单 | green | 2023-11-07 17:00 | 2023-11-09 17:00",
        "已派给承办单位 | 承办单位接单并先行联系 | 区市场监管局 | 2023-11-09 17:00",
    )
    case.happens(Acknowledge(ticket=number), MARKET, "2023-11-07 11:00")
    # the citizen's clock was not restarted
    assert case.seen() == (
        "已接单 | green | 2023-11-07 17:00 | 2023-11-09 17:00",
        "承办单位已接单 | 承办单位先行联系 | 区市场监管局 | 2023-11-09 17:00",
    )
    assert (BUREAU, 2, 1, town) == tuple(
        hall.fact(name, number) for name in ("first_receiver", "dispatches", "returns", "returned_by")
    )
    with pytest.raises(NotAllowedError, match="at most 1"):
        case.happens(Return(ticket=number, reason="也不属本局"), MARKET, "2023-11-07 11:05")

    # 限时办结: contacted in time, found complex, counted from the first start
    case.happens(
        Contact(ticket=number, learned="协议为外文，需翻译件", agreed_step="先核税务意见"),
        MARKET,
        "2023-11-07 14:00",
    )
    assert case.seen() == (
        "已先行联系 | green | 2023-11-07 17:00 | 2023-11-09 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2023-11-09 17:00",
    )
    assert hall.timers(number)["contact"].met is True
    case.happens(
        Classify(ticket=number, category="复杂", reason="涉及税务"),
        MARKET,
        "2023-11-07 14:30",
        approver=CENTRE,
    )
    assert case.seen() == (
        "已先行联系 | green | 2023-11-07 17:00 | 2023-11-13 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2023-11-13 17:00",
    )

    # 协办: of Wednesday, Thursday, Friday and Monday the half are two
    case.happens(
        RequestCoHandling(ticket=number, co_handler=TAX.unit or "", question="份额转让是否已完税"),
        MARKET,
        "2023-11-07 15:00",
    )
    assert case.seen() == (
        "已先行联系 | green | 2023-11-07 17:00 | 2023-11-13 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2023-11-13 17:00",
    )
    assert "2023-11-09 17:00" == hall.due("co_handling:区税务局", number)
    # 向下派单
    case.happens(Delegate(ticket=number, delegate=STATION.unit or ""), MARKET, "2023-11-08 09:30")
    assert case.seen() == (
        "已先行联系 | green | 2023-11-07 17:00 | 2023-11-13 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2023-11-13 17:00",
    )
    case.happens(
        Assist(ticket=number, assistance="陪同办理", result="陪同取得翻译件"), STATION, "2023-11-08 10:30"
    )
    assert case.seen() == (
        "已先行联系 | green | 2023-11-07 17:00 | 2023-11-13 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2023-11-13 17:00",
    )
    case.happens(
        AnswerCoHandling(ticket=number, co_handler=TAX.unit or "", answer="尚有一笔税款待核定"),
        TAX,
        "2023-11-09 10:00",
    )
    assert case.seen() == (
        "已先行联系 | green | 2023-11-07 17:00 | 2023-11-13 17:00",
        "承办单位已联系，正在办理 | 办结回复 | 区市场监管局 | 2023-11-13 17:00",
    )
    assert hall.timers(number)["co_handling:区税务局"].met is True
    assert BUREAU == hall.seen(number).unit
    assert ["green", "yellow", "yellow", "red"] == case.lights(
        "2023-11-12 16:59:59",
        "2023-11-12 17:00",
        "2023-11-13 17:00",
        "2023-11-13 17:00:01",
    )

    # 解释说明、跟踪服务: explained before the limit, then looked at again
    case.happens(
        Explain(
            ticket=number,
            explanation="税款核定需市级复核，暂不能登记",
            next_review=instant("2023-11-22 15:00"),
        ),
        MARKET,
        "2023-11-10 16:00",
    )
    assert case.seen() == (
        "跟踪服务 | green | 2023-11-07 17:00 | 2023-11-13 17:00",
        "已解释说明，跟踪服务中 | 继续跟踪，直至办结 | 区市场监管局 | -",
    )
    assert ["green"] == case.lights("2023-11-30 10:00")  # answered before its limit
    assert "2023-11-22 15:00" == hall.due("review", number)
    case.happens(
        Review(ticket=number, finding_of_review="复核中", next_review=instant("2023-12-06 10:00")),
        MARKET,
        "2023-11-22 14:00",
    )
    assert case.seen() == (
        "跟踪服务 | green | 2023-11-07 17:00 | 2023-11-13 17:00",
        "已解释说明，跟踪服务中 | 继续跟踪，直至办结 | 区市场监管局 | -",
    )
    hall.desk.sweep(hall.clock.put("2023-12-06 10:00"))
    assert [("review",)] == [it.passed for it in hall.desk.sweep(hall.clock.put("2023-12-06 10:01"))]
    case.happens(
        Review(ticket=number, finding_of_review="复核已通过", next_review=instant("2023-12-20 10:00")),
        HEAD,
        "2023-12-06 11:00",
    )
    assert case.seen() == (
        "跟踪服务 | green | 2023-11-07 17:00 | 2023-11-13 17:00",
        "已解释说明，跟踪服务中 | 继续跟踪，直至办结 | 区市场监管局 | -",
    )
    case.happens(
        Resolve(
            ticket=number,
            outcome="办成",
            handled=True,
            done=True,
            reply="份额转让已登记",
            root_cause="跨部门业务协调复杂",
            cause_text="登记与核税互为前提",
            measure="业务流程再造",
        ),
        MARKET,
        "2023-12-18 10:00",
    )
    assert case.seen() == (
        "办结回复 | green | 2023-11-07 17:00 | 2023-11-13 17:00",
        "已办结回复 | 回访 | 区市场监管局 | -",
    )

    # 回访督办: the unit heard yes, the centre hears no
    assert ("2023-12-21 17:00", "2024-01-02 17:00") == (
        hall.due("unit_callback", number),
        hall.due("centre_callback", number),
    )
    case.happens(
        CallBack(ticket=number, level="unit", reached="接通", solved=True, grade=2),
        MARKET,
        "2023-12-20 10:00",
    )
    assert case.seen() == (
        "单位已回访 | green | 2023-11-07 17:00 | 2023-11-13 17:00",
        "已办结，单位已回访 | 中心回访、满意度测评 | 区市场监管局 | -",
    )
    case.happens(
        CallBack(
            ticket=number, level="centre", reached="接通", solved=False, grade=4, finding="应解决未解决"
        ),
        CENTRE,
        "2023-12-27 10:00",
    )
    assert case.seen() == (
        "中心已回访 | green | 2023-11-07 17:00 | 2023-11-13 17:00",
        "已办结，已回访 | 归档 | 区市场监管局 | -",
    )
    assert ("unsolved", False, 4) == tuple(hall.fact(name, number) for name in ("finding", "solved", "grade"))

    bulletin = "崇政办通报〔2023〕4号"
    hall.do(
        OpenItem(ticket=bulletin, item="通报", title="应解决未解决一件", unit="区政务服务办"),
        OFFICE,
        "2023-12-28 09:00",
    )
    case.happens(
        Supervise(
            ticket=number,
            finding="应解决未解决",
            rectification_due=instant("2024-01-08 17:00"),
            bulletin=bulletin,
        ),
        OFFICE,
        "2023-12-28 09:30",
    )
    assert case.seen() == (
        "再督办 | green | 2023-11-07 17:00 | 2024-01-08 17:00",
        "正在督办整改 | 限时整改 | 区市场监管局 | 2024-01-08 17:00",
    )
    case.happens(Link(ticket=number, link="通报", linked_to=bulletin), OFFICE, "2023-12-28 09:35")
    assert case.seen() == (
        "再督办 | green | 2023-11-07 17:00 | 2024-01-08 17:00",
        "正在督办整改 | 限时整改 | 区市场监管局 | 2024-01-08 17:00",
    )
    assert ["green", "yellow", "red"] == case.lights(
        "2024-01-07 16:59", "2024-01-07 17:00", "2024-01-08 17:01"
    )

    # 反馈整改: put right with evidence, confirmed, asked again
    case.happens(
        Rectify(ticket=number, evidence=("登记通知书", "送达回执"), measure="办事流程优化"),
        MARKET,
        "2024-01-05 15:00",
    )
    assert case.seen() == (
        "已整改待确认 | green | 2023-11-07 17:00 | 2024-01-08 17:00",
        "已整改，等待确认 | 确认整改 | 区市场监管局 | -",
    )
    case.happens(ConfirmRectification(ticket=number), OFFICE, "2024-01-08 09:30")
    assert case.seen() == (
        "办结回复 | green | 2023-11-07 17:00 | 2024-01-08 17:00",
        "已办结回复 | 回访 | 区市场监管局 | -",
    )
    assert (True, "2024-01-11 17:00") == (
        hall.timers(number)["rectification"].met,
        hall.due("unit_callback", number),
    )
    case.happens(
        CallBack(ticket=number, level="unit", reached="接通", solved=True, grade=2),
        MARKET,
        "2024-01-09 10:00",
    )
    assert case.seen() == (
        "单位已回访 | green | 2023-11-07 17:00 | 2024-01-08 17:00",
        "已办结，单位已回访 | 中心回访、满意度测评 | 区市场监管局 | -",
    )
    case.happens(
        CallBack(ticket=number, level="centre", reached="接通", solved=True, grade=2),
        CENTRE,
        "2024-01-10 10:00",
    )
    assert case.seen() == (
        "中心已回访 | green | 2023-11-07 17:00 | 2024-01-08 17:00",
        "已办结，已回访 | 归档 | 区市场监管局 | -",
    )
    head = hall.store.load("chongming", number)
    case.happens(Archive(ticket=number, retention="十年"), WINDOW, "2024-01-11 10:00")
    assert case.seen() == (
        "已归档 | green | 2023-11-07 17:00 | 2024-01-08 17:00",
        "已归档 | - | 区市场监管局 | -",
    )
    assert head is not None
    assert (head.head, True, 2) == tuple(
        hall.fact(name, number) for name in ("archive_checksum", "solved", "grade")
    )

    history = hall.desk.history(number, actor=WINDOW)
    assert [
        "registered",
        "accepted",
        "dispatched",
        "acknowledged",
        "returned",
        "noted",
        "dispatched",
        "acknowledged",
        "contacted",
        "classified",
        "co_handling_requested",
        "delegated",
        "assisted",
        "co_handling_answered",
        "explained",
        "reviewed",
        "reviewed",
        "resolved",
        "called_back",
        "called_back",
        "supervised",
        "linked",
        "rectified",
        "rectification_confirmed",
        "called_back",
        "called_back",
        "archived",
    ] == [entry.kind for entry in history]
    stages = [hall.district.flow.step(it.effect.step).stage.value for it in history if it.effect.step]
    assert ["intake", "dispatch", "resolve", "callback", "rectify"] == list(dict.fromkeys(stages))
    assert [] == hall.desk.verify()


def test_an_online_order_accepted_by_the_authority() -> None:
    """A citizen reports by telephone app at night; the authority accepts it in the morning; it is simple."""
    hall = Hall(at="2023-11-14 20:10")  # a Tuesday night
    case = Case(hall, "CM-20231114-21")
    number = case.number

    case.opens(
        Register(ticket=number, matter=OWNED, channel="随申办", category="简单", reporter_kind="个人"),
        PORTAL,
        "2023-11-14 20:10",
    )
    assert case.seen() == (
        "已登记 | green | - | -",
        "已登记 | 窗口受理 | - | -",
    )
    case.happens(Accept(ticket=number), OFFICER, "2023-11-15 09:05")
    assert case.seen() == (
        "已派单 | green | - | -",
        "已派给承办单位 | 承办单位接单并先行联系 | 区公安分局 | -",
    )
    case.happens(Acknowledge(ticket=number), OFFICER, "2023-11-15 09:10")
    assert case.seen() == (
        "已接单 | yellow | 2023-11-15 17:00 | 2023-11-15 17:00",
        "承办单位已接单 | 承办单位先行联系 | 区公安分局 | 2023-11-15 17:00",
    )
    case.happens(
        Resolve(ticket=number, outcome="办成", done=True, root_cause="其他", measure="个案解决"),
        OFFICER,
        "2023-11-15 11:00",
    )
    assert case.seen() == (
        "办结回复 | yellow | 2023-11-15 17:00 | 2023-11-15 17:00",
        "已办结回复 | 回访 | 区公安分局 | -",
    )
    timers = hall.timers(number)
    assert (True, True) == (timers["resolve"].met, timers["contact"].met)  # the reply is a contact too
    assert [] == hall.desk.verify()


def test_out_of_scope_and_explained() -> None:
    """What an explicit document bars is registered, explained to the person, and filed."""
    hall = Hall(at="2023-11-15 20:10")  # a Wednesday night
    case = Case(hall, "CM-20231115-30")
    number = case.number

    case.opens(
        Register(ticket=number, matter=OWNED, channel="随申办", reporter_kind="个人"),
        PORTAL,
        "2023-11-15 20:10",
    )
    assert case.seen() == (
        "已登记 | green | - | -",
        "已登记 | 窗口受理 | - | -",
    )
    case.happens(
        Decline(
            ticket=number,
            exclusion="有明确文件规定",
            citation="《居住证暂行条例》第二条",
            explanation="居住未满半年，文件规定暂不能申领；已说明何时可办、带什么材料",
            explained_by="电话",
        ),
        OFFICER,
        "2023-11-16 09:20",
    )
    assert case.seen() == (
        "不纳入受理范围 | green | - | -",
        "不属于受理范围，已作解释 | - | - | -",
    )
    assert ["green"] == case.lights("2024-01-31 10:00")
    assert ["declined reporter"] == hall.notices("reporter")
    with pytest.raises(NotAllowedError):
        case.happens(Accept(ticket=number), WINDOW, "2023-11-16 09:30")
    case.happens(Archive(ticket=number), WINDOW, "2023-11-17 10:00")
    assert case.seen() == (
        "已归档 | green | - | -",
        "已归档 | - | - | -",
    )
    assert ["registered", "declined", "archived"] == case.history()
    assert [] == hall.desk.verify()


def test_solved_on_the_spot() -> None:
    """What can be solved at once is solved at once, and the person is called all the same."""
    hall = Hall(at="2023-11-15 10:00")  # a Wednesday
    case = Case(hall, "CM-20231115-05")
    number = case.number

    case.opens(
        Register(ticket=number, matter=OWNED, place="区行政服务中心", intake_reason="办事没头绪"),
        WINDOW,
        "2023-11-15 10:00",
    )
    assert case.seen() == (
        "已登记 | green | - | -",
        "已登记 | 窗口受理 | - | -",
    )
    case.happens(
        SolveOnSite(
            ticket=number,
            result="指引至12号窗口，当场补打凭证",
            began=instant("2023-11-15 09:50"),
            assistance="指引讲解",
            root_cause="办事指南理解有偏差",
            measure="改进窗口服务",
        ),
        WINDOW,
        "2023-11-15 10:25",
    )
    assert case.seen() == (
        "当场解决 | green | - | -",
        "已当场解决 | 单位回访 | - | -",
    )
    assert ("2023-11-20 17:00", "2023-11-29 17:00") == (
        hall.due("unit_callback", number),
        hall.due("centre_callback", number),
    )
    case.happens(
        CallBack(ticket=number, level="unit", reached="接通", solved=True, grade=1),
        WINDOW,
        "2023-11-17 10:00",
    )
    assert case.seen() == (
        "单位已回访 | green | - | -",
        "已办结，单位已回访 | 中心回访、满意度测评 | - | -",
    )
    case.happens(CallBack(ticket=number, level="centre", reached="无法接通"), CENTRE, "2023-11-22 10:00")
    assert case.seen() == (
        "中心已回访 | green | - | -",
        "已办结，已回访 | 归档 | - | -",
    )
    case.happens(Archive(ticket=number), WINDOW, "2023-11-23 10:00")
    assert case.seen() == (
        "已归档 | green | - | -",
        "已归档 | - | - | -",
    )
    assert ["registered", "solved_on_site", "called_back", "called_back", "archived"] == case.history()
    assert [] == hall.desk.verify()
