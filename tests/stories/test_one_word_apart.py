"""Dongcheng, November 2021: 身份证明 and 身份证 are one character apart, and the guide meant the second.

The report gives the month; the days are ours. Five working days from Wednesday 10 November 2021: 11, 12, 15,
16, 17. The portal has half of them, rounded down: two, until Friday the 12th.
"""

from bubancheng.actions import (
    Accept,
    Acknowledge,
    Act,
    AnswerCoHandling,
    CallBack,
    Link,
    OpenItem,
    Register,
    RequestCoHandling,
    Resolve,
)
from tests.acting import instant
from tests.features.districts.beijing import (
    DONGCHENG,
    GROUP,
    GUIDE_OWNER,
    OFFICE,
    SCOPE,
    office,
    officer,
    window,
)
from tests.stories.telling import Case


def test_a_guide_that_says_one_character_too_many() -> None:
    hall = office("dongcheng", "2021-11-10 09:50")
    case, at_work = Case(hall, "DC-2021-011"), officer(DONGCHENG)
    number = case.number

    case.opens(
        Register(
            ticket=number,
            matter="办事指南纠错",
            channel="窗口",
            reporter_kind="个人",
            reporter="王先生",
            intake_reason="指南看不明白",
            failed_stage="受理",
            text="照首都之窗公示的材料，带了社保卡没带身份证",
            fields={"origin": "企业群众反映", "counter": "一层"},
        ),
        window(DONGCHENG),
        "2021-11-10 09:50",
    )
    assert case.seen() == ("发现问题 | green | - | -", "已登记 | 信息搜集小组汇总转办 | - | -")

    case.happens(Accept(ticket=number, scope_reason=SCOPE), GROUP, "2021-11-10 10:00")
    assert case.seen() == (
        "限期解决 | green | - | -",
        f"承办单位正在解决 | 结果核查 | {DONGCHENG} | -",
    )
    case.happens(Acknowledge(ticket=number), at_work, "2021-11-10 10:30")
    assert case.seen() == (
        "限期解决 | green | - | 2021-11-17 17:00",
        f"承办单位正在解决 | 结果核查 | {DONGCHENG} | 2021-11-17 17:00",
    )

    case.happens(
        OpenItem(
            ticket="ZN-2021-07",
            item="指南纠错",
            title="申请材料用语",
            unit="首都之窗",
            agreed_due=instant("2021-11-12 17:00"),
            fields={
                "guide_matter": "社会保障卡业务",
                "guide_field": "申请材料",
                "old_text": "身份证明",
                "new_text": "身份证",
            },
        ),
        GROUP,
        "2021-11-10 11:00",
    )
    case.happens(Link(ticket=number, link="指南纠错", linked_to="ZN-2021-07"), GROUP, "2021-11-10 11:05")
    asked = RequestCoHandling(ticket=number, co_handler="首都之窗", question="何时修正上线")
    case.happens(asked, at_work, "2021-11-10 11:10")
    assert "2021-11-12 17:00" == hall.due("co_handling:首都之窗", number)

    live = {"live_from": "2021-11-11", "confirmed_by": "首都之窗值班编辑"}
    case.happens(Act(ticket="ZN-2021-07", kind="publish_guide", fields=live), GUIDE_OWNER, "2021-11-11 15:00")
    assert ("指南已修正", True) == (
        hall.district.flow.step(hall.seen("ZN-2021-07").step).name,
        hall.timers("ZN-2021-07")["item"].met,
    )
    answer = AnswerCoHandling(ticket=number, co_handler="首都之窗", answer="已改为“身份证”")
    case.happens(answer, GUIDE_OWNER, "2021-11-11 15:10")

    case.happens(
        Resolve(
            ticket=number,
            outcome="办成",
            done=True,
            reply="指南已修正，事项已办好",
            root_cause="办事指南不精准",
            measure="修正办事指南",
        ),
        at_work,
        "2021-11-11 16:30",
    )
    assert case.seen() == (
        "结果核查 | green | - | 2021-11-17 17:00",
        f"已答复，正在核查结果 | 监督检查 | {DONGCHENG} | -",
    )
    case.happens(
        CallBack(ticket=number, level="centre", reached="接通", solved=True, grade=1),
        GROUP,
        "2021-11-12 09:50",
    )
    confirmed = Act(ticket=number, kind="verify_result", fields={"verification": "核查属实"})
    case.happens(confirmed, GROUP, "2021-11-12 10:00")
    assert case.seen() == (
        "监督检查 | green | - | 2021-11-17 17:00",
        f"已答复，结果属实 | 报送备案 | {DONGCHENG} | -",
    )
    inspected = Act(ticket=number, kind="inspect", fields={"inspection": "指南页面已核对"})
    case.happens(inspected, OFFICE, "2021-11-15 10:00")
    filed = Act(ticket=number, kind="file", fields={"filing_number": "备〔2021〕11号"})
    case.happens(filed, GROUP, "2021-11-16 10:00")
    assert case.seen() == (
        "报送备案 | green | - | 2021-11-17 17:00",
        f"已办结，报送备案 | - | {DONGCHENG} | -",
    )
    assert [
        "registered",
        "accepted",
        "dispatched",
        "acknowledged",
        "linked",
        "co_handling_requested",
        "co_handling_answered",
        "resolved",
        "called_back",
        "result_verified",
        "inspected",
        "filed",
    ] == case.history()
    assert [] == hall.desk.verify()
