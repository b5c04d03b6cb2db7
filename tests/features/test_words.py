"""The words of the mechanism: its basis, its ways in, its codes, its stages, its two versions."""

import datetime as dt

from bubancheng.actions import Acknowledge, Archive, CallBack, Classify, Contact
from bubancheng.desk import Desk
from bubancheng.flow import Flow, Stage
from tests.acting import CENTRE, OFFICER, OWNED, WINDOW, instant
from tests.cli.calling import call, json_of
from tests.features.hall import LICENCE, MARKET, Hall

OLD, NEW = "before-2023-10-26", "2023-10-26"


def reachable(flow: Flow, start: str) -> set[str]:
    """Return the steps that can be reached from a step."""
    found, ahead = {start}, [start]
    while ahead:
        step = ahead.pop()
        targets = {row.target for row in flow.transitions if row.target and step in row.sources}
        ahead += targets - found
        found |= targets
    return found


def names_of(hall: Hall, fact: str) -> dict[str, str]:
    """Return the words a fact may take: id by Chinese name."""
    return {code.name: code.id for code in hall.district.coded(fact)}


def test_every_rule_can_be_traced_to_its_text(hall: Hall) -> None:
    assert "国办发〔2023〕29号" in hall.district.legal_basis
    rule = hall.district.rule_of(hall.registered())
    assert (NEW, "四(三) 限时办结") == (rule.version, rule.source)
    assert [] == [it.name for it in rule.categories if not it.source]
    assert [] == [it.name for it in hall.district.exclusions if not it.source]


def test_every_counter_bears_the_one_name(hall: Hall) -> None:
    assert hall.district.window == "“办不成事”反映窗口"
    assert {"“办不成事”反映窗口"} == {point.name for point in hall.district.service_points}


def test_a_counter_says_whose_it_is_where_it_stands_and_when_it_is_open(hall: Hall) -> None:
    point = next(it for it in hall.district.service_points if it.unit == "区行政服务中心")
    assert ("一楼大厅，进门的右手侧", "09:00-17:00") == (point.location, point.hours)


def test_a_counter_has_a_sign(hall: Hall) -> None:
    assert {"“办不成事”反映窗口"} == {point.signage for point in hall.district.service_points}


def test_a_counters_place_is_told_in_words(hall: Hall) -> None:
    assert any("进门的右手侧" in point.location for point in hall.district.service_points)


def test_every_way_in_is_known_by_the_notices_own_name(hall: Hall) -> None:
    ways = {
        "区一网通办": "web_portal",
        "企业专属网页": "web_enterprise",
        "随申办市民云": "mobile_citizen",
        "企业云崇明旗舰店": "mobile_enterprise",
        "政务服务自助终端": "kiosk",
        "市一网通办中途退出": "city_portal_dropout",
        "线上人工帮办": "online_human_help",
    }
    for number, name in enumerate(ways):
        hall.registered(f"T{number}", channel=name)
    assert list(ways.values()) == [hall.fact("channel", f"T{number}") for number in range(len(ways))]


def test_five_stages_make_the_loop_and_one_life_passes_through_them(hall: Hall) -> None:
    assert {*Stage} == {step.stage for step in hall.district.flow.steps}
    hall.resolved()
    hall.do(CallBack(ticket="T1", level="unit", reached="接通", solved=True, grade=1), OFFICER)
    hall.do(CallBack(ticket="T1", level="centre", reached="接通", solved=True, grade=1), CENTRE)
    ticket = hall.do(Archive(ticket="T1"), WINDOW)
    stages = [hall.district.flow.step(mark.step).stage.value for mark in ticket.marks if mark.step]
    assert ["intake", "dispatch", "resolve", "callback", "rectify"] == list(dict.fromkeys(stages))


def test_no_step_is_a_dead_end(hall: Hall) -> None:
    flow = hall.district.flow
    stuck = [it.id for it in flow.steps if not {"archived", "item_closed"} & reachable(flow, it.id)]
    assert [] == stuck


def test_a_case_that_nobody_classified_counts_as_general(hall: Hall) -> None:
    hall.acknowledged()
    assert ("general", "2024-03-28 17:00") == (hall.line().category, hall.due("resolve"))


def test_the_districts_system_opens_by_its_name() -> None:
    with Desk.open("chongming") as desk:
        assert ("上海市崇明区", "sh-chongming") == (desk.district.title, desk.district.code)


def test_the_mechanism_can_be_drawn(hall: Hall) -> None:
    drawn = hall.district.flow.diagram()
    assert 'state "已受理" as' not in drawn  # the steps bear the names that officials see
    assert all(
        f"    {edge}\n" in drawn
        for edge in (
            'state "待派单" as pending_dispatch',
            "registered --> pending_dispatch: accept",
            "registered --> not_accepted: decline",
            "supervised --> rectified: rectify",
        )
    )


def test_before_the_notice_there_were_two_classes_and_a_case_keeps_its_version(hall: Hall) -> None:
    versions = [hall.district.rule_on(dt.date.fromisoformat(day)) for day in ("2023-04-10", "2023-10-26")]
    assert [["一般", "复杂"], ["简单", "一般", "复杂", "确实难度较大"]] == [
        [it.name for it in rule.categories] for rule in versions if rule
    ]
    hall.clock.put("2023-10-25 16:00")
    assert OLD == hall.accepted().rule
    assert OLD == hall.do(Acknowledge(ticket="T1"), OFFICER, "2023-10-26 10:00").rule


def test_what_cannot_be_judged_on_the_spot_is_complex_and_has_its_own_agreed_day(hall: Hall) -> None:
    hall.clock.put("2022-08-16 09:30")
    hall.accepted(matter=LICENCE, category="复杂情形")
    hall.do(Acknowledge(ticket="T1"), MARKET, "2022-08-16 10:00")
    assert ("complex", None) == (hall.line().category, hall.line().due)
    agreed = instant("2022-08-18 17:00")
    hall.do(Classify(ticket="T1", category="复杂", agreed_due=agreed), MARKET, "2022-08-16 11:00")
    assert agreed == hall.line().due


def test_three_reasons_bring_a_case_into_scope(hall: Hall) -> None:
    assert {
        "提交材料后未能受理、审批或办结": "submitted_not_completed",
        "到政务服务中心未能办成或解决": "counter_unsolved",
        "办事过程中遇到的其他问题": "other_problem",
    } == names_of(hall, "scope_reason")


def test_why_people_come_is_a_code(hall: Hall) -> None:
    for number, word in enumerate(("办事没头绪", "材料没带齐", "部门间跑来跑去")):
        hall.registered(f"T{number}", intake_reason=word)
    assert ["unclear_procedure", "material_missing", "runaround"] == [
        hall.fact("intake_reason", f"T{number}") for number in range(3)
    ]


def test_cannot_hard_and_unknown_how_are_told_apart_at_the_door(hall: Hall) -> None:
    for number, word in enumerate(("不能办", "不好办", "不知怎么办")):
        hall.registered(f"T{number}", triage=word)
    assert ["cannot", "hard", "unknown_how"] == [hall.fact("triage", f"T{number}") for number in range(3)]


def test_causes_are_codes(hall: Hall) -> None:
    assert {
        "跨部门业务协调复杂": "cross_department",
        "企业个人信息变更滞后": "stale_data",
        "材料携带不齐全": "material_incomplete",
        "办事指南理解有偏差": "guide_misread",
        "隐性壁垒": "hidden_barrier",
    }.items() <= names_of(hall, "root_cause").items()


def test_a_hidden_barrier_is_a_cause_of_its_own(hall: Hall) -> None:
    hall.resolved(root_cause="隐性壁垒")
    assert hall.fact("root_cause") == "hidden_barrier"


def test_measures_are_redesign_optimisation_and_conduct(hall: Hall) -> None:
    for number, word in enumerate(("业务流程再造", "办事流程优化", "改进窗口服务")):
        hall.resolved(f"T{number}", measure=word)
    assert ["process_reengineering", "flow_optimisation", "window_conduct"] == [
        hall.fact("measure", f"T{number}") for number in range(3)
    ]


def test_urgency_is_loss_and_a_long_way(hall: Hall) -> None:
    hall.registered(urgency=("逾期有经济损失", "远道而来"))
    assert hall.fact("urgency") == ("economic_loss", "long_travel")


def test_nothing_stays_overnight_where_the_same_day_is_read_as_the_natural_day() -> None:
    words = ("due", "2024-03-25 16:30", "当日", "--json")
    assert "2024-03-25T17:00:00+08:00" == json_of(call(*words))["at"]
    natural = json_of(call(*words, "--counting", "same_day=natural_day"))
    assert natural["at"] == "2024-03-26T00:00:00+08:00"


def test_the_same_case_has_the_same_limits_whatever_way_it_came_in(hall: Hall) -> None:
    for number, channel in enumerate(("线下窗口", "区一网通办", "随申办", "自助终端", "企业专属网页")):
        hall.accepted(f"T{number}", matter=OWNED, channel=channel)
        hall.do(Acknowledge(ticket=f"T{number}"), OFFICER)
        hall.do(Contact(ticket=f"T{number}"), OFFICER)
    lines = [(line.unit, line.step, line.contact_due, line.due) for line in hall.desk.board()]
    expected = (OFFICER.unit, "contacted", instant("2024-03-26 17:00"), instant("2024-03-28 17:00"))
    assert [expected] * 5 == lines
