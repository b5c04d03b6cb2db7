"""Pudong's fault-finding counter of 2017: rows 248 to 273."""

import sqlite3

import pytest

from bubancheng.actions import Acknowledge, Dispatch, Register, Resolve, SolveOnSite
from bubancheng.desk import Desk
from bubancheng.errors import NotAllowedError, QueryCodeError
from bubancheng.flow import Stage
from bubancheng.privacy import new_query_code
from bubancheng.privacy.codes import read_query_code
from bubancheng.sqlite import SqliteStore
from tests.acting import Clock
from tests.features.districts.halls import district
from tests.features.districts.pudong import (
    BUREAU_HANDLER,
    CENTRE,
    COUNTER,
    HALL,
    MONDAY,
    OFFICE,
    OFFICER,
    PORTAL,
    POST,
    act,
    analysed,
    fed_back,
    followed,
    hall,
    reported,
)

FIVE = ("汇总", "分析", "派发", "跟踪", "反馈")


def test_the_way_in_to_improve_things_is_on_and_offline_and_has_its_own_name() -> None:
    brands = {it.id: it.brand for it in district("pudong").channels}
    assert {"fault_window": "大家来找茬", "fault_portal": "请您来找茬"} == brands


def test_the_counter_answers_questions_and_takes_criticism() -> None:
    opened = hall()
    for ticket, kind in (("Q", "咨询"), ("F", "找茬")):
        reported(opened, kind, ticket)
    assert ["inquiry", "fault"] == [opened.fact("request_type", it) for it in ("Q", "F")]
    assert "solved_on_site" == opened.do(SolveOnSite(ticket="Q", result="已解答"), OFFICER).step


def test_people_find_faults_suggest_and_propose() -> None:
    opened = hall()
    for number, kind in enumerate(("找问题", "提建议", "谋策略")):
        reported(opened, kind, f"T{number}")
    found = [opened.fact("request_type", f"T{number}") for number in range(3)]
    assert ["fault", "suggestion", "proposal"] == found


def test_one_counter_takes_any_matter() -> None:
    (counter,) = district("pudong").service_points
    assert counter.any_matter is True
    opened = hall()
    for number, matter in enumerate(("公司登记", "食品经营许可证办理", "从未有过的事项")):
        assert "collected" == reported(opened, ticket=f"T{number}", matter=matter).step


def test_every_report_is_written_down_whoever_takes_it() -> None:
    opened = hall()
    for number, actor in enumerate((OFFICER, COUNTER, POST, PORTAL)):
        assert "collected" == reported(opened, "建议", f"T{number}", by=actor).step
    assert 4 == len(list(opened.desk.find(actor=POST)))


def test_a_channel_says_since_when_it_is_on_trial() -> None:
    assert {"2017-11-17"} == {f"{it.trial_from}" for it in district("pudong").channels}


def test_the_counter_has_its_number_floor_and_name() -> None:
    (counter,) = district("pudong").service_points
    assert ("19", 0, "大家来找茬", CENTRE) == (counter.counter, counter.floor, counter.brand, counter.unit)


def test_handled_reports_can_be_counted_from_the_first_day_on() -> None:
    opened = hall()
    fed_back(opened)
    reported(opened, "咨询", "T2")
    opened.do(SolveOnSite(ticket="T2", result="已解答", fields={"handled": True}), OFFICER)
    reported(opened, "建议", "T3")
    metric = district("pudong").metric("handled")
    assert "2017-11-17" == f"{metric.since}"
    assert (2, None) == metric.part([opened.seen(it) for it in ("T1", "T2", "T3")])


def test_a_fault_finding_officer_solves_at_the_counter_and_nobody_else() -> None:
    opened = hall()
    reported(opened, "咨询")
    with pytest.raises(NotAllowedError, match="it takes fault_finding_officer"):
        opened.do(SolveOnSite(ticket="T1", result="已解答"), COUNTER)
    role = district("pudong").role("fault_finding_officer")
    assert role is not None
    assert "找茬解疑专员" == role.name


def test_an_answer_lies_ready_and_is_printed_and_handed_out() -> None:
    (tip,) = district("pudong").tips_about("食品经营许可证办理")
    assert tip.printed().startswith("【食品经营许可证办理】网上预约、支付宝预约，还是现场取号\n有网上预约")
    opened = hall()
    reported(opened, "咨询", matter="食品经营许可证办理")
    opened.do(act("hand_tip", tip=tip.id), OFFICER)
    assert ("tip_handed", "food-licence-queue") == (opened.kinds()[-1], opened.fact("tip"))


def test_tips_lie_by_topic() -> None:
    pudong = district("pudong")
    for topic in ("公司登记", "注销", "变更", "食品经营许可证办理"):
        assert 1 == len(pudong.tips_about(topic=topic)), topic


def test_a_tip_lists_pitfalls_and_papers_one_by_one() -> None:
    (tip,) = district("pudong").tips_about(topic="公司登记")
    assert ("产证", "租赁合同", "股东信息") == tip.materials
    assert ["材料 1：产证", "材料 2：租赁合同", "材料 3：股东信息"] == tip.printed().splitlines()[-3:]
    assert "易错：" in tip.printed()


def test_a_simple_question_is_answered_on_the_spot() -> None:
    opened = hall()
    reported(opened, "咨询")
    assert "solved_on_site" == opened.do(SolveOnSite(ticket="T1", result="材料三份"), OFFICER).step
    assert ("当场解答", None, True) == (opened.line().step_name, opened.line().due, opened.line().closed)


def test_a_complex_one_is_studied_behind_the_counter() -> None:
    opened = hall()
    reported(opened)
    with pytest.raises(NotAllowedError, match="it takes dispatch_centre"):
        opened.do(act("analyse", analysis="不清楚"), OFFICER)
    assert "analysed" == opened.do(act("analyse", analysis="待研究排队数据"), POST).step


def test_the_analysis_is_on_record_with_its_cause() -> None:
    opened = hall()
    reported(opened)
    with pytest.raises(NotAllowedError, match="it needs analysis"):
        opened.do(act("analyse"), POST)
    opened.do(act("analyse", analysis="现场号前有较多的预约号", root_cause="取号方式不同，排队过长"), POST)
    assert ("现场号前有较多的预约号", "queue_order") == (opened.fact("analysis"), opened.fact("root_cause"))


def test_a_measure_says_what_was_changed() -> None:
    opened = hall()
    followed(opened)
    with pytest.raises(NotAllowedError, match="it needs improvement"):
        opened.do(act("improve", measure="调整窗口设置"), HALL)
    with pytest.raises(NotAllowedError, match="may not act for unit"):
        opened.do(act("improve", measure="调整窗口设置", improvement="专设窗口"), BUREAU_HANDLER)
    opened.do(act("improve", measure="调整窗口设置", improvement="专设现场号优先办理窗口"), HALL)
    assert ("counter_layout", "专设现场号优先办理窗口") == (
        opened.fact("measure"),
        opened.fact("improvement"),
    )


def test_the_effect_is_two_numbers_before_and_after() -> None:
    opened = hall()
    fed_back(opened)
    with pytest.raises(NotAllowedError, match="it needs after"):
        opened.do(act("record_effect", effect="现场号等待时间", before=120, counted_in="分钟"), HALL)
    opened.do(act("record_effect", effect="现场号等待时间", before=120, after=20, counted_in="分钟"), HALL)
    assert (120, 20, "分钟") == tuple(opened.fact(it) for it in ("before", "after", "counted_in"))


def test_a_report_says_which_function_of_the_portal_it_is_about() -> None:
    opened = hall()
    for number, word in enumerate(("办事指南", "我要预约", "网上申请", "我要查询")):
        reported(opened, "纠错", f"T{number}", by=PORTAL, about=word)
    found = [opened.fact("report_target", f"T{number}") for number in range(4)]
    assert ["guide", "booking", "application", "query"] == found


def test_a_correction_a_question_and_a_suggestion_are_three_types_and_a_correction_names_its_target() -> None:
    opened = hall()
    with pytest.raises(NotAllowedError, match="it needs report_target"):
        reported(opened, "纠错", by=PORTAL)
    for number, (kind, about) in enumerate((("纠错", "办事指南"), ("咨询", None), ("建议", None))):
        reported(opened, kind, f"T{number}", by=PORTAL, about=about)
    found = [opened.fact("request_type", f"T{number}") for number in range(3)]
    assert ["correction", "inquiry", "suggestion"] == found


def test_a_query_code_comes_with_the_report_and_a_slip_of_the_pen_is_found() -> None:
    opened = hall()
    code = new_query_code()
    reported(opened, "建议", by=PORTAL, query_code=code)
    assert "T1" == opened.desk.track(code.lower().replace("-", " ")).ticket
    wrong = code[:-1] + ("2" if code[-1] != "2" else "3")
    with pytest.raises(QueryCodeError):
        read_query_code(wrong)


def test_one_person_holds_the_post() -> None:
    pudong = district("pudong")
    (duty,) = pudong.duties
    assert ("找茬解疑专员", ("officer-19",), CENTRE) == (duty.name, duty.holders, duty.unit)
    role = pudong.role(duty.post)
    assert role is not None
    assert 1 == role.per_unit


def test_five_steps_lead_from_the_report_to_the_answer() -> None:
    opened = hall()
    seen = [reported(opened).step]
    for action, actor in (
        (act("analyse", analysis="待研究"), POST),
        (Dispatch(ticket="T1", unit=CENTRE), POST),
        (Acknowledge(ticket="T1"), HALL),
        (Resolve(ticket="T1", reply="已改"), POST),
    ):
        seen.append(opened.do(action, actor).step)
    steps = {it.id: it for it in district("pudong").flow.steps}
    assert FIVE == tuple(steps[it].name for it in seen)
    assert [Stage.INTAKE, Stage.DISPATCH, Stage.RESOLVE, Stage.RESOLVE, Stage.CALLBACK] == [
        steps[it].stage for it in seen
    ]


def test_it_runs_inside_the_platform_that_is_there(tmp_path: object) -> None:
    db = sqlite3.connect(f"{tmp_path}/platform.db")
    db.execute("CREATE TABLE form (number TEXT)")
    desk = Desk.open(district("pudong"), store=SqliteStore.on(db), clock=Clock(MONDAY))
    db.commit()
    db.execute("INSERT INTO form VALUES ('F1')")
    desk.do(Register(ticket="T1", matter="办事等候", fields={"request_type": "建议"}), actor=PORTAL)
    db.rollback()  # the platform's row and ours vanish together
    assert ([], []) == (db.execute("SELECT * FROM form").fetchall(), list(desk.find(actor=POST)))
    db.close()


def test_the_reporter_follows_it_by_the_code_without_logging_in() -> None:
    opened = hall()
    code = new_query_code()
    reported(opened, "建议", by=PORTAL, query_code=code, reporter="朱女士", phone="13800001234")
    opened.do(act("analyse", analysis="涉及两个部门"), POST)
    status = opened.desk.track(code)
    assert ("后台研究分析中", "派发给承办单位", None) == (status.step, status.next_step, status.due)
    assert "朱女士" not in repr(status)


def test_an_adopted_suggestion_is_published_with_thanks() -> None:
    opened = hall()
    code = new_query_code()
    reported(opened, "建议", query_code=code)
    opened.do(act("analyse", analysis="可行"), POST)
    opened.do(Dispatch(ticket="T1", unit=CENTRE), POST)
    opened.do(Acknowledge(ticket="T1"), HALL)
    opened.do(Resolve(ticket="T1", reply="将实现信息共享"), POST)
    with pytest.raises(NotAllowedError, match="it needs thanks"):
        opened.do(act("adopt", published_text="材料只交一次", published_in="网上政务大厅"), OFFICE)
    opened.do(
        act("adopt", published_text="材料只交一次", published_in="网上政务大厅", thanks="感谢您的建议"),
        OFFICE,
    )
    assert ("adopted", "建议已采纳并公布，谢谢您") == (opened.seen().step, opened.desk.track(code).step)
    assert "adopted reporter" in opened.notices("reporter")


def test_no_limit_is_published_so_the_light_watches_a_day_that_was_agreed_on() -> None:
    opened = hall()
    analysed(opened)
    assert (None, "green") == (
        opened.line("2018-11-20 10:00").due,
        opened.line("2018-11-20 10:00").light.value,
    )
    other = hall()
    analysed(other, agreed_due="2017-11-22T17:00:00+08:00")
    lights = [
        other.line(it).light.value for it in ("2017-11-21 16:59", "2017-11-21 17:00", "2017-11-22 17:01")
    ]
    assert ["green", "yellow", "red"] == lights
