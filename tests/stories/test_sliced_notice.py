"""Shijingshan, 2022: a residence permit that took two trips because the notice came in slices.

The report names no day; the days are ours, in an ordinary week of March 2022. Five working days from Wednesday
2 March: 3, 4, 7, 8, 9 March.
"""

import pytest

from bubancheng.actions import Accept, Acknowledge, Act, Contact, InformOnce, Register, Resolve
from bubancheng.errors import NotAllowedError
from tests.features.districts.beijing import PERMIT, SCOPE, SHIJINGSHAN, office, officer, window
from tests.stories.telling import Case

UNIT = "石景山区人力资源社会保障局"


def test_a_notice_that_came_in_slices() -> None:
    hall = office("shijingshan", "2022-03-02 14:20")
    case, clerk, at_work = Case(hall, "SJS-2022-001"), window(SHIJINGSHAN), officer(UNIT)
    number = case.number

    case.opens(
        Register(
            ticket=number,
            matter=PERMIT,
            channel="窗口",
            reporter_kind="企业",
            intake_reason="多次告知、跑了几次",
            failed_stage="受理",
            prior_attempts=("综合窗口，2022-03-01：身份证复印件不合格", "综合窗口，2022-03-02：纳税记录断档"),
            text="跑了两次还没办成",
        ),
        clerk,
        "2022-03-02 14:20",
    )
    assert case.seen() == ("已登记 | green | - | -", "已登记 | 窗口受理 | - | -")

    # both notices are written down as they were given; the second is not the first
    for sheet, day, missing in (
        ("口头-1", "2022-03-01", "员工身份证复印件"),
        ("口头-2", "2022-03-02", "纳税记录断档部分"),
    ):
        fields = {"notice_number": sheet, "told_at": f"综合窗口 {day}", "signed_by": "未签收"}
        case.happens(InformOnce(ticket=number, missing=(missing,), fields=fields), clerk, "2022-03-02 14:25")
    assert hall.fact("notice_violation", number) is True

    case.happens(Accept(ticket=number, scope_reason=SCOPE), clerk, "2022-03-02 14:30")
    case.happens(Acknowledge(ticket=number), at_work, "2022-03-02 15:00")
    assert case.seen() == (
        "已接单 | green | - | 2022-03-09 17:00",
        f"承办单位已接单 | 承办单位先行联系 | {UNIT} | 2022-03-09 17:00",
    )
    assert ["green", "yellow", "red"] == case.lights(
        "2022-03-08 16:59", "2022-03-08 17:00", "2022-03-09 17:01"
    )

    # the window looks for the fault at once, and urges the department to mend its ways
    due = {"rectification_due": "2022-03-04T17:00:00+08:00"}
    case.happens(Act(ticket=number, kind="urge_rectification", fields=due), clerk, "2022-03-02 15:10")
    assert f"rectification_urged {UNIT}" in hall.notices("unit_inbox")
    case.happens(
        Contact(ticket=number, learned="两次告知内容不同", agreed_step="再来时一次办成"),
        at_work,
        "2022-03-03 09:30",
    )
    assert case.seen() == (
        "已先行联系 | green | - | 2022-03-09 17:00",
        f"承办单位已联系，正在办理 | 办结回复 | {UNIT} | 2022-03-09 17:00",
    )
    checked = Act(ticket=number, kind="check_notice", fields={"notice_accuracy": "不全"})
    case.happens(checked, clerk, "2022-03-03 10:00")
    mended = Act(
        ticket=number,
        kind="report_rectification",
        fields={"evidence": ("告知单样张",), "rectification_outcome": "优化、改进工作制度"},
    )
    case.happens(mended, at_work, "2022-03-04 16:00")
    assert hall.timers(number)["notice_rectification"].met is True

    # the next time the ordinary counter hands out one sheet with everything on it, and it is done at once
    (sheet_of_all,) = hall.district.tips_about(PERMIT)
    assert "材料 1：员工身份证复印件\n材料 2：连续的纳税记录" in sheet_of_all.printed()
    with pytest.raises(NotAllowedError, match="it needs outcome"):
        case.happens(Resolve(ticket=number, done=True), at_work, "2022-03-07 10:20")
    case.happens(
        Resolve(
            ticket=number,
            outcome="办成",
            done=True,
            reply="居住证已办理",
            root_cause="一次性告知不准确",
            measure="优化、改进工作制度",
            fields={"cause_family": "告知差一点儿、需要跑腿"},
        ),
        at_work,
        "2022-03-07 10:30",
    )
    assert case.seen() == (
        "办结回复 | green | - | 2022-03-09 17:00",
        f"已办结回复 | 回访 | {UNIT} | -",
    )
    assert ("incomplete_notice", "errands", "work_rules_improved") == tuple(
        hall.fact(it, number) for it in ("root_cause", "cause_family", "measure")
    )
    assert [] == hall.desk.verify()
