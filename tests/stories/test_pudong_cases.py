"""Two cases of the fault-finding counter in Pudong, as the press report of 24 November 2017 tells them.

No time limit is published; a day was agreed on in the first case, in the second none. Days of 2017 are ours.
"""

from bubancheng.actions import Acknowledge, Dispatch, Link, Note, Register, Resolve
from tests.acting import instant
from tests.features.districts.pudong import (
    BUREAU,
    BUREAU_HANDLER,
    CENTRE,
    COUNTER,
    HALL,
    OFFICE,
    OFFICER,
    POST,
    act,
    hall,
)
from tests.stories.telling import Case


def test_a_queue_of_two_hours_becomes_one_of_twenty_minutes() -> None:
    """November 2017: a company waits too long for its food licence; the counter layout is changed."""
    opened = hall("2017-11-20 10:00")  # a Monday
    case = Case(opened, "PD-20171120-01")
    number = case.number
    case.opens(
        Register(
            ticket=number,
            matter="办事等候",
            channel="找茬专窗",
            reporter_kind="企业",
            text="办理食品许可证等候时间太长",
            fields={"request_type": "找茬"},
        ),
        OFFICER,
        "2017-11-20 10:00",
    )
    assert case.seen() == ("汇总 | green | - | -", "已收到，汇总中 | 当场解答，或后台分析 | - | -")
    case.happens(act("hand_tip", number, tip="food-licence-queue"), OFFICER, "2017-11-20 10:05")

    case.happens(
        act(
            "analyse",
            number,
            analysis="预约号需提前网上预审，现场取号不需预审；该企业取的是现场号，前面有较多的预约号",
            root_cause="取号方式不同，排队过长",
            agreed_due=instant("2017-11-24 17:00").isoformat(),
        ),
        POST,
        "2017-11-20 16:00",
    )
    assert case.seen() == (
        "分析 | green | - | 2017-11-24 17:00",
        "后台研究分析中 | 派发给承办单位 | - | 2017-11-24 17:00",
    )
    case.happens(Dispatch(ticket=number, unit=CENTRE), POST, "2017-11-20 16:30")
    assert case.seen() == (
        "派发 | green | - | 2017-11-24 17:00",
        f"已派发给承办单位 | 跟踪处置 | {CENTRE} | 2017-11-24 17:00",
    )
    case.happens(Acknowledge(ticket=number), HALL, "2017-11-21 09:10")
    assert case.seen() == (
        "跟踪 | green | - | 2017-11-24 17:00",
        f"承办单位处置中 | 反馈结果 | {CENTRE} | 2017-11-24 17:00",
    )
    assert ["green", "yellow", "yellow", "red"] == case.lights(
        "2017-11-23 16:59", "2017-11-23 17:00", "2017-11-24 17:00", "2017-11-24 17:01"
    )
    case.happens(
        act("improve", number, measure="调整窗口设置", improvement="专设现场号优先办理窗口"),
        HALL,
        "2017-11-21 15:00",
    )
    case.happens(
        act("record_effect", number, effect="现场号等待时间", before=120, after=20, counted_in="分钟"),
        HALL,
        "2017-11-23 11:00",
    )
    case.happens(
        Resolve(ticket=number, reply="已专设现场号优先办理窗口，等待约20分钟", handled=True, done=True),
        POST,
        "2017-11-23 16:00",
    )
    assert case.seen() == ("反馈 | green | - | 2017-11-24 17:00", f"已反馈结果 | - | {CENTRE} | -")
    assert ["green"] == case.lights("2018-01-01 10:00")  # in time, and so it stays
    assert (120, 20) == (opened.fact("before", number), opened.fact("after", number))
    case.happens(
        act(
            "adopt",
            number,
            published_text="现场取号的，可到现场号优先办理窗口",
            published_in="网上政务大厅“请您来找茬”",
            thanks="感谢您的意见",
        ),
        OFFICE,
        "2017-11-24 09:30",
    )
    assert case.seen() == (
        "采纳公布 | green | - | 2017-11-24 17:00",
        f"建议已采纳并公布，谢谢您 | - | {CENTRE} | -",
    )
    assert [
        "registered",
        "tip_handed",
        "analysed",
        "dispatched",
        "acknowledged",
        "improved",
        "effect_recorded",
        "resolved",
        "adopted",
    ] == case.history()
    assert [] == opened.desk.verify()


def test_the_same_papers_handed_in_again_and_again() -> None:
    """24 November 2017: an agent for company registrations asks for shared data, and is written down."""
    opened = hall("2017-11-24 14:00")  # a Friday
    case = Case(opened, "PD-20171124-02")
    number = case.number
    case.opens(
        Register(
            ticket=number,
            matter="公司登记",
            channel="19号窗口",
            reporter_kind="企业",
            reporter="某企业登记代理公司负责人",
            text="办理餐饮许可证和营业执照，往往需要重复提交产证、租赁合同、股东信息",
            fields={"request_type": "建议"},
        ),
        OFFICER,
        "2017-11-24 14:00",
    )
    case.happens(
        act(
            "analyse", number, analysis="窗口物理上已打通，信息没有共享", root_cause="信息没有共享，重复提交"
        ),
        POST,
        "2017-11-24 15:00",
    )
    assert "no_data_sharing" == opened.fact("root_cause", number)
    case.happens(Dispatch(ticket=number, unit=BUREAU), POST, "2017-11-24 15:30")
    case.happens(Acknowledge(ticket=number), BUREAU_HANDLER, "2017-11-27 09:30")
    assert case.seen() == (  # no day was agreed on, so none is shown and the light stays green
        "跟踪 | green | - | -",
        f"承办单位处置中 | 反馈结果 | {BUREAU} | -",
    )
    case.happens(
        Note(ticket=number, topic="协调窗口部门", note="与许可窗口商定共用材料清单"),
        BUREAU_HANDLER,
        "2017-12-04 10:00",
    )
    case.happens(Link(ticket=number, link="关联工单", linked_to="PD-20171120-01"), POST, "2017-12-04 10:10")
    case.happens(
        act("improve", number, measure="信息共享", improvement="产证、租赁合同、股东信息只收一次"),
        BUREAU_HANDLER,
        "2017-12-11 10:00",
    )
    case.happens(Resolve(ticket=number, reply="三项材料将共享", handled=True), POST, "2017-12-12 10:00")
    assert case.seen() == ("反馈 | green | - | -", f"已反馈结果 | - | {BUREAU} | -")
    assert case.lights("2018-12-12 10:00") == ["green"]
    case.happens(
        act(
            "adopt", number, published_text="材料只交一次", published_in="网上政务大厅", thanks="感谢您的建议"
        ),
        OFFICE,
        "2017-12-13 10:00",
    )
    assert "采纳公布 | green | - | -" == case.seen()[0]
    assert COUNTER.unit == opened.fact("intake_unit", number)
    assert [] == opened.desk.verify()
