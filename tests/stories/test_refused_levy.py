"""Xicheng, 2021: a declaration that always went through is refused, and nobody can say why; asking finds it.

The report gives no day; ours is Friday 17 September 2021.
"""

from bubancheng.actions import Archive, Assist, CallBack, Register, SolveOnSite
from tests.features.districts.beijing import CENTRE, LEVY, XICHENG, office, window
from tests.stories.telling import Case


def test_a_levy_that_was_suddenly_refused() -> None:
    hall = office("xicheng", "2021-09-17 09:30")
    case, clerk = Case(hall, "XC-2021-002"), window(XICHENG)
    number = case.number

    case.opens(
        Register(
            ticket=number,
            matter=LEVY,
            channel="悉心听",
            reporter_kind="企业",
            intake_reason="突然未通过、说不出原因",
            failed_stage="受理",
            stuck_step="网上申办",
            text="之前一直可以，突然间未通过",
            fields={"request_type": "疑难解答"},
        ),
        clerk,
        "2021-09-17 09:30",
    )
    assert "rejected_without_reason" == hall.fact("intake_reason", number)

    # he is asked what changed, and remembers the man who moved to the head office
    xicheng, asked, cause = hall.district, [], None
    question = xicheng.question("worked_before")
    for words in ("是", "有员工调到了别的公司、别的地方"):
        assert question is not None
        asked.append(question.words)
        reply = question.reply(words)
        assert reply is not None
        cause, question = reply.cause, xicheng.question(reply.question or "")
    assert ["之前一直可以，这次突然不行了吗？", "公司内人员是有变化了吗？"] == asked
    assert "data_mismatch" == cause
    (tip,) = xicheng.tips_about(LEVY)
    case.happens(Assist(ticket=number, assistance="指引讲解", result=tip.title), clerk, "2021-09-17 09:50")
    case.happens(
        SolveOnSite(
            ticket=number,
            result="找到根源：调动后工资和社保不在一地",
            root_cause=cause,
            measure="个案解决",
            fields={"cause_family": "跑腿"},
        ),
        clerk,
        "2021-09-17 10:10",
    )
    assert case.seen() == ("当场解决 | green | - | -", "已当场解决 | 单位回访 | - | -")
    for level, actor, at in (("unit", clerk, "2021-09-22 10:00"), ("centre", CENTRE, "2021-09-23 10:00")):
        case.happens(CallBack(ticket=number, level=level, reached="接通", solved=True, grade=1), actor, at)
    case.happens(Archive(ticket=number), clerk, "2021-09-24 10:00")
    assert case.seen() == ("已归档 | green | - | -", "已归档 | - | - | -")
    assert ("data_mismatch", "errands") == (
        hall.fact("root_cause", number),
        hall.fact("cause_family", number),
    )
