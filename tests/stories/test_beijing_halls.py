"""Smaller things that the report of Beijing tells, each in its own hall; the days are ours where it names none."""

import datetime as dt
import hashlib

from bubancheng.actions import (
    Accept,
    Acknowledge,
    Act,
    Assign,
    Assist,
    Escalate,
    Link,
    Register,
    Resolve,
    SolveOnSite,
)
from bubancheng.ticket import Actor, Fact
from bubancheng_beijing import patrol
from tests.acting import CALENDAR
from tests.features.districts.beijing import (
    CARD,
    CHAOYANG,
    CLERK,
    DAXING,
    DONGCHENG,
    GROUP,
    LICENCE,
    OFFICE,
    PATROLLER,
    SCOPE,
    TAXES,
    XICHENG,
    office,
    officer,
    window,
)
from tests.stories.telling import Case


def test_an_old_man_who_wants_a_number_plate() -> None:
    """西城, last winter: he was at the vehicle office and at the traffic police, and comes in shouting."""
    hall = office("xicheng", "2021-12-15 10:00")
    case, head = Case(hall, "XC-2021-033"), window(XICHENG, "window_head")
    clerk = Actor(id="xc-mengfanjie", role="window_officer", unit=XICHENG)
    case.opens(
        Register(
            ticket=case.number,
            matter="家庭小客车摇号",
            channel="悉心管家",
            reporter_kind="个人",
            intake_reason="不知从何办起",
            prior_attempts=("车管所，没办成", "交通大队，没办成"),
            fields={"request_type": "政策咨询", "on_behalf": "老年人"},
        ),
        Actor(id="gj-1", role="roving_steward", unit=XICHENG),
        "2021-12-15 10:00",
    )
    case.happens(Assign(ticket=case.number, handler="xc-mengfanjie"), head, "2021-12-15 10:05")
    for help_given, what in (
        ("指引讲解", "送上温水，坐下细细询问"),
        ("协助登记", "带着填表"),
        ("教会自己办", "会用手机查询结果"),
    ):
        case.happens(
            Assist(ticket=case.number, assistance=help_given, result=what), clerk, "2021-12-15 10:20"
        )
    case.happens(SolveOnSite(ticket=case.number, result="摇号申请已提交"), clerk, "2021-12-15 11:20")
    assert case.seen() == ("当场解决 | green | - | -", "已当场解决 | 单位回访 | - | -")
    assert ["registered", "assigned", "assisted", "assisted", "assisted", "solved_on_site"] == case.history()


def test_a_tax_clerk_who_cannot_come_back_to_beijing() -> None:
    """大兴, spring 2022: the clerk is elsewhere; the chief representative carries the order himself.

    Five working days from Thursday 31 March 2022: 1 April, Saturday the 2nd (worked), 6, 7, 8 April.
    """
    hall = office("daxing", "2022-03-31 09:00")
    case, clerk = Case(hall, "DX-2022-002"), window(DAXING)
    chief = Actor(id="dx-shuiwu-1", role="chief_representative", unit="大兴区税务局")
    number = case.number
    case.opens(
        Register(
            ticket=number,
            matter=TAXES,
            channel="窗口",
            reporter_kind="企业",
            intake_reason="无法回京办理",
            fields={"tag": "卡脖子"},
        ),
        clerk,
        "2022-03-31 09:00",
    )
    case.happens(Accept(ticket=number, scope_reason=SCOPE), clerk, "2022-03-31 09:30")
    named = {"chief_representative": chief.id}
    case.happens(Acknowledge(ticket=number, fields=named), chief, "2022-03-31 10:00")
    assert case.seen() == (
        "已接单 | green | - | 2022-04-08 17:00",
        "承办单位已接单 | 承办单位先行联系 | 大兴区税务局 | 2022-04-08 17:00",
    )
    errand = {"stop": "办税服务厅", "result": "可以异地办"}
    case.happens(Act(ticket=number, kind="run_errand", fields=errand), chief, "2022-03-31 15:00")
    promise = {
        "promise": "身份核验",
        "promised": "本人回京后五日内到场核验",
        "check_due": "2022-05-31T17:00:00+08:00",
        "consequence": "撤回本次办理",
    }
    case.happens(Act(ticket=number, kind="take_commitment", fields=promise), chief, "2022-03-31 16:00")
    for signed in ("经办人意见：同意", "首席代表意见：办结"):
        case.happens(Act(ticket=number, kind="sign", fields={"signed": signed}), chief, "2022-04-01 10:00")
    case.happens(
        Resolve(
            ticket=number,
            outcome="办成",
            done=True,
            reply="已异地办结",
            root_cause="本人不能到场",
            measure="个案解决",
            trips_saved=1,
        ),
        chief,
        "2022-04-01 11:00",
    )
    assert "办结回复 | green | - | 2022-04-08 17:00" == case.seen()[0]
    kept: dict[str, Fact] = {"promise": "身份核验", "kept": True}
    case.happens(
        Act(ticket=number, kind="check_commitment", fields=kept), officer("大兴区税务局"), "2022-05-20 10:00"
    )
    assert hall.timers(number)["commitment:身份核验"].met is True


def test_a_lead_that_turns_out_to_be_true() -> None:
    """朝阳: a lead handed in at the zone is verified first; only then is it a case, with a limit.

    Five working days from Friday 20 May 2022: 23, 24, 25, 26, 27 May.
    """
    hall = office("chaoyang", "2022-05-19 15:00")
    case, clerk, market = Case(hall, "CY-2022-007"), window(CHAOYANG), officer("朝阳区市场监管局")
    number = case.number
    lead = Register(ticket=number, matter=LICENCE, channel="专区", fields={"request_type": "问题线索"})
    case.opens(lead, clerk, "2022-05-19 15:00")
    assert case.seen() == ("线索待核实 | green | - | -", "已收到，正在核实 | 核实后告知 | - | -")
    found = {"lead_finding": "属实", "verified": "两个窗口的材料清单不同"}
    case.happens(Act(ticket=number, kind="verify_lead", fields=found), clerk, "2022-05-20 09:00")
    case.happens(Act(ticket=number, kind="convert_lead"), clerk, "2022-05-20 09:10")
    assert case.seen() == ("已登记 | green | - | -", "已登记 | 窗口受理 | - | -")
    case.happens(Accept(ticket=number, scope_reason=SCOPE), clerk, "2022-05-20 09:20")
    case.happens(Acknowledge(ticket=number), market, "2022-05-20 10:00")
    assert "已接单 | green | - | 2022-05-27 17:00" == case.seen()[0]
    case.happens(Resolve(ticket=number, outcome="办成", done=True), market, "2022-05-25 10:00")
    assert "办结回复 | green | - | 2022-05-27 17:00" == case.seen()[0]


def test_a_fault_found_on_a_day_that_nobody_knew() -> None:
    """东城, from the second half of 2021: a day of the month at random, round all counters."""
    seed, month, announced = "西总布胡同的银杏 共两半各一人写", "2021-11", dt.date(2021, 10, 28)
    hall = office("dongcheng", f"{announced} 10:00")
    committed = hashlib.sha256(f"{month} {seed}".encode()).hexdigest()
    fields: dict[str, Fact] = {"item": "找茬日", "month": month, "commitment": (committed,)}
    hall.do(Act(ticket="ZC-2021-11", kind="announce_patrol", fields=fields), GROUP)

    day = patrol.drawn_day(seed, month, CALENDAR, announced)
    assert (2021, 11) == (day.year, day.month)
    assert day.weekday() < 5  # nothing was off in November 2021 but weekends, and none was worked
    revealed: dict[str, Fact] = {"patrol_day": f"{day}", "seed": (seed,)}
    hall.do(Act(ticket="ZC-2021-11", kind="begin_patrol", fields=revealed), GROUP, f"{day} 09:00")

    counters = [it.counter for it in hall.district.service_points]
    members = ("dc-xunshi-1", "dc-xunshi-2", "dc-xunshi-3")
    for member, round_ in patrol.roster(members, counters, month).items():
        for counter in round_:
            seen = "样表是旧版" if counter == "综合7" else "正常"
            fields = {"counter": counter, "patroller": member, "seen": seen}
            hall.do(Act(ticket="ZC-2021-11", kind="check_counter", fields=fields), PATROLLER)
    covered = patrol.coverage(hall.seen("ZC-2021-11"), counters)
    assert (62, 62, (), 100) == (covered.checked, covered.counters, covered.missing, covered.percent)

    case = Case(hall, "DC-2021-014")
    origin = {"origin": "找茬日发现", "counter": "综合7"}
    found = Register(ticket=case.number, matter=LICENCE, channel="找茬日", fields=origin)
    case.opens(found, PATROLLER, f"{day} 10:00")
    case.happens(Link(ticket=case.number, link="找茬日", linked_to="ZC-2021-11"), PATROLLER, f"{day} 10:00")
    case.happens(Accept(ticket=case.number, scope_reason=SCOPE), GROUP, f"{day} 10:30")
    assert case.seen() == (
        "限期解决 | green | - | -",
        "承办单位正在解决 | 结果核查 | 东城区市场监管局 | -",
    )
    ended: dict[str, Fact] = {"checked": covered.checked, "counters": covered.counters}
    hall.do(Act(ticket="ZC-2021-11", kind="end_patrol", fields=ended), GROUP, f"{day} 17:00")

    # afterwards anybody checks it: the entry of the beginning holds all there is to know
    told = hall.seen("ZC-2021-11").facts
    assert patrol.is_fair(
        seed=str(told["seed"][0]),  # type: ignore[index]
        month=str(told["month"]),
        calendar=CALENDAR,
        announced=hall.seen("ZC-2021-11").marks[0].at.date(),
        committed=str(told["commitment"][0]),  # type: ignore[index]
        held=dt.date.fromisoformat(str(told["patrol_day"])),
    )
    assert [] == hall.desk.verify()


def test_two_departments_that_point_at_each_other() -> None:
    """东城: whoever sees it raises it to the office at once, at any step (提级响应)."""
    hall = office("dongcheng", "2022-03-02 10:00")
    case = Case(hall, "DC-2022-001")
    origin = {"origin": "综合窗口搜集", "counter": "综合7"}
    case.opens(Register(ticket=case.number, matter=CARD, fields=origin), CLERK, "2022-03-02 10:00")
    raised = Escalate(ticket=case.number, escalated_to="东城区政务服务局", reason="两个部门互相推")
    case.happens(raised, CLERK, "2022-03-02 10:01")
    assert ["escalated district_office"] == hall.notices("office_inbox")
    case.happens(Accept(ticket=case.number, scope_reason=SCOPE), GROUP, "2022-03-02 10:10")
    case.happens(raised, window(DONGCHENG), "2022-03-02 10:20")
    unit = officer("东城区人力资源社会保障局")
    case.happens(Acknowledge(ticket=case.number), unit, "2022-03-02 11:00")
    case.happens(Resolve(ticket=case.number, outcome="办成", done=True), unit, "2022-03-02 16:00")
    # the group finds that it is not so: a new date, a new clock, and the light follows it
    wrong = {"verification": "核查不属实", "redo_due": "2022-03-04T17:00:00+08:00"}
    back = Act(ticket=case.number, kind="verify_result", fields=wrong, reason="反映人说还没有办成")
    case.happens(back, GROUP, "2022-03-03 10:00")
    assert "限期解决 | green | - | 2022-03-04 17:00" == case.seen()[0]
    case.happens(Resolve(ticket=case.number, outcome="办成", done=True), unit, "2022-03-04 15:00")
    true = Act(ticket=case.number, kind="verify_result", fields={"verification": "核查属实"})
    case.happens(true, GROUP, "2022-03-04 16:00")
    case.happens(
        Act(ticket=case.number, kind="inspect", fields={"inspection": "属实"}), OFFICE, "2022-03-07 10:00"
    )
    assert "报送备案 | yellow | - | 2022-03-04 17:00" == case.seen()[0]
