"""Xicheng, 2021: a company's wrong registry entry stands between a sick woman and her allowance; four months.

The report gives the street, the sum and the four months; the days are ours, none of them off. A hard case has no
limit; the light watches the day of the next review, which somebody sets each time.
"""

from bubancheng.actions import (
    Accept,
    Acknowledge,
    Act,
    AnswerCoHandling,
    Archive,
    CallBack,
    Explain,
    Note,
    Register,
    RequestCoHandling,
    Resolve,
    Review,
)
from tests.acting import instant
from tests.features.districts.beijing import ALLOWANCE, CENTRE, SCOPE, office, officer, window
from tests.stories.telling import Case

STREET = "西城区展览路街道市民服务中心"
CIVIL, MARKET = "西城区民政局", "西城区市场监管局"


def test_a_hundred_thousand_yuan_that_she_never_had() -> None:
    hall = office("xicheng", "2021-03-15 10:10")
    case, clerk, at_work = Case(hall, "XC-2021-001"), window(STREET), officer(CIVIL)
    number = case.number

    case.opens(
        Register(
            ticket=number,
            matter=ALLOWANCE,
            channel="悉心听",
            place=STREET,
            category="疑难杂症",
            reporter_kind="个人",
            reporter="尹女士",
            failed_stage="审批",
            text="核对时冒出一笔10万元公司认缴出资记录，自己怎么查，到哪里去查",
            fields={"request_type": "疑难解答"},
        ),
        clerk,
        "2021-03-15 10:10",
    )
    case.happens(Accept(ticket=number, scope_reason=SCOPE), clerk, "2021-03-15 10:30")
    case.happens(Acknowledge(ticket=number), at_work, "2021-03-15 14:00")
    assert case.seen() == (
        "已接单 | green | - | -",
        f"承办单位已接单 | 承办单位先行联系 | {CIVIL} | -",
    )

    case.happens(
        RequestCoHandling(
            ticket=number,
            co_handler=MARKET,
            question="认缴出资记录是否登记有误",
            agreed_due=instant("2021-04-15 17:00"),
        ),
        at_work,
        "2021-03-16 10:00",
    )
    case.happens(Note(ticket=number, topic="协调窗口部门", note="带她一起去查"), clerk, "2021-03-16 11:00")
    case.happens(
        Explain(
            ticket=number,
            explanation="须先查清出资记录，逐月告知进展",
            next_review=instant("2021-04-15 17:00"),
        ),
        at_work,
        "2021-03-17 10:00",
    )
    # the reporter is told that it goes on, and until when she will hear something
    assert case.seen() == (
        "跟踪服务 | green | - | 2021-04-15 17:00",
        f"已解释说明，跟踪服务中 | 继续跟踪，直至办结 | {CIVIL} | 2021-04-15 17:00",
    )
    assert ["green", "yellow", "red"] == case.lights(
        "2021-04-14 16:59", "2021-04-14 17:00", "2021-04-15 17:01"
    )

    reviews = (
        ("2021-04-14 15:00", "登记机关在查原始档案", "2021-05-14 17:00"),
        ("2021-05-13 15:00", "疑似公司登记时填写错误，待公司确认", "2021-06-15 17:00"),
        ("2021-06-11 15:00", "更正登记正在办理", "2021-07-15 17:00"),
    )
    for at, found, then in reviews:
        case.happens(Review(ticket=number, finding_of_review=found, next_review=instant(then)), at_work, at)
        assert f"跟踪服务 | green | - | {then}" == case.seen()[0]
    answer = AnswerCoHandling(ticket=number, co_handler=MARKET, answer="登记时填写错误，已更正")
    case.happens(answer, officer(MARKET), "2021-07-12 10:00")

    for need in ("住房补贴", "再就业登记"):
        case.happens(Act(ticket=number, kind="add_need", fields={"need": need}), clerk, "2021-07-13 10:00")
    case.happens(
        Resolve(
            ticket=number,
            outcome="办成",
            done=True,
            reply="核对报告已更正，低保已批准",
            root_cause="登记信息填写错误",
            measure="更正登记信息",
            fields={"cause_family": "利益关系复杂一点儿", "benefit": "享受最低生活保障"},
        ),
        at_work,
        "2021-07-15 16:00",
    )
    # four months and two days after it began, an hour before the day that was promised
    assert case.seen() == (
        "办结回复 | yellow | - | 2021-07-15 17:00",
        f"已办结回复 | 回访 | {CIVIL} | -",
    )
    for need, result in (("住房补贴", "已发放"), ("再就业登记", "已登记")):
        fields = {"need": need, "result": result}
        case.happens(Act(ticket=number, kind="settle_need", fields=fields), clerk, "2021-07-20 10:00")
    for level, actor, at in (
        ("unit", at_work, "2021-07-21 10:00"),
        ("centre", CENTRE, "2021-07-22 10:00"),
    ):
        case.happens(CallBack(ticket=number, level=level, reached="接通", solved=True, grade=1), actor, at)
    case.happens(Archive(ticket=number), clerk, "2021-07-23 10:00")
    assert case.seen() == ("已归档 | yellow | - | 2021-07-15 17:00", f"已归档 | - | {CIVIL} | -")
    assert ("享受最低生活保障", "complex_interest") == (
        hall.fact("benefit", number),
        hall.fact("cause_family", number),
    )
    assert [] == hall.desk.verify()
