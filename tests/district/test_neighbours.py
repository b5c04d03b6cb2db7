"""Three neighbours that the documents do not tell of: ladders, refusals that are reported, colours."""

from pathlib import Path
from typing import Any

import pytest

from bubancheng.actions import (
    Accept,
    Acknowledge,
    Act,
    Classify,
    Consult,
    Decline,
    Escalate,
    Explain,
    Register,
    Resolve,
    SolveOnSite,
)
from bubancheng.district import parse_profile
from bubancheng.errors import NotAllowedError, ProfileError
from bubancheng.privacy import new_query_code
from bubancheng.ticket import Actor, Fact
from tests.acting import instant
from tests.district.installed import district_of
from tests.features.districts.halls import hall_of
from tests.features.hall import Hall

LICENCE = "营业执照变更登记"
PLUGINS = Path(__file__).parents[2] / "plugins"


def act(kind: str, **fields: Fact) -> Act:
    return Act(ticket="T1", kind=kind, fields=fields)


class TestLuquan:
    WINDOW = Actor(id="w-1", role="window_officer", unit="区政务服务中心")
    SECTION = Actor(id="s-1", role="disposal_officer", unit="区行政审批局商事登记股")
    DEPUTY = Actor(id="d-1", role="district_office")

    @pytest.fixture
    def hall(self) -> Hall:
        """A request that the section has, on Wednesday 30 September 2026, 16:00."""
        hall = hall_of("luquan", "2026-09-30 16:00")
        hall.do(Register(ticket="T1", matter=LICENCE), self.WINDOW)
        hall.do(Accept(ticket="T1"), self.WINDOW)
        return hall

    def test_each_stage_is_counted_from_its_own_start_and_the_light_watches_the_last(
        self, hall: Hall
    ) -> None:
        found = [(hall.line().step_name, f"{hall.line().due:%m-%d %H:%M}")]
        for action, actor, at in (
            (act("study", study_result="需问上级"), self.SECTION, "2026-09-30 16:20"),
            (
                act("consult_superior", superior="市局", superior_answer="无先例"),
                self.SECTION,
                "2026-09-30 16:45",
            ),
            (act("report_up", reported_to="分管领导"), self.SECTION, "2026-10-08 09:30"),
        ):
            hall.do(action, actor, at)
            found.append((hall.line().step_name, f"{hall.line().due:%m-%d %H:%M}"))
        assert [
            ("股室研判", "09-30 16:30"),
            ("咨询上级", "09-30 16:50"),
            ("汇报分管领导", "10-08 12:45"),  # a quarter of an hour before the holiday, 3:45 after it
            ("会商研判", "10-09 17:00"),
        ] == found
        hall.do(act("decide", conclusion="仍需专题研究"), self.DEPUTY, "2026-10-09 10:00")
        hall.do(Act(ticket="T1", kind="call_meeting", reason="涉及两个股室"), self.DEPUTY, "2026-10-09 10:05")
        assert ("局专题会议", None, "green") == (
            hall.line().step_name,
            hall.line().due,
            hall.line().light.value,
        )

    def test_a_stage_that_took_too_long_stays_missed_though_the_next_one_is_green(self, hall: Hall) -> None:
        hall.do(act("study", study_result="需问上级"), self.SECTION, "2026-09-30 16:40")
        timers = hall.timers()
        assert (False, "green") == (timers["s1"].met, hall.line().light.value)

    def test_whatever_solves_it_ends_it_at_any_stage(self, hall: Hall) -> None:
        hall.do(Resolve(ticket="T1", outcome="办成", reply="已办"), self.SECTION, "2026-09-30 16:10")
        assert ("办结", True) == (hall.line().step_name, hall.timers()["s1"].met)

    def test_no_meeting_before_the_deputy_has_decided(self, hall: Hall) -> None:
        for action in (
            act("study", study_result="x"),
            act("consult_superior", superior="市局", superior_answer="x"),
            act("report_up", reported_to="分管领导"),
        ):
            hall.do(action, self.SECTION)
        with pytest.raises(NotAllowedError, match="decided has not happened"):
            hall.do(Act(ticket="T1", kind="call_meeting", reason="x"), self.DEPUTY)


class TestBinhai:
    WINDOW = Actor(id="w-1", role="window_officer", unit="区政务服务中心")
    BUREAU = Actor(id="o-1", role="disposal_officer", unit="区市场监管局")

    @pytest.fixture
    def hall(self) -> Hall:
        """A request that is being classified, on Friday 18 September 2026, 10:00."""
        hall = hall_of("binhai", "2026-09-18 10:00")
        hall.do(Register(ticket="T1", matter=LICENCE, query_code=CODE), self.WINDOW)
        hall.do(Accept(ticket="T1"), self.WINDOW)
        return hall

    def consulted(self, hall: Hall) -> None:
        hall.do(
            Consult(
                ticket="T1",
                consultation="多方会诊",
                participants=("区市场监管局",),
                question="能否办理",
                decision="一事一议",
                legal_basis=("条例",),
            ),
            self.WINDOW,
        )

    def test_a_simple_one_is_done_at_the_window(self, hall: Hall) -> None:
        hall.do(Classify(ticket="T1", category="简单问题"), self.WINDOW)
        hall.do(SolveOnSite(ticket="T1", result="已办"), self.WINDOW)
        assert ("当场解决", None) == (hall.line().step_name, hall.line().due)

    def test_a_complex_one_has_five_working_days_from_its_dispatch(self, hall: Hall) -> None:
        hall.do(Classify(ticket="T1", category="复杂问题"), self.WINDOW)
        assert ("转办", "区市场监管局", "2026-09-24 17:00") == (
            hall.line().step_name,
            hall.line().unit,
            hall.due("resolve"),
        )
        assert "已转办" == hall.desk.track(CODE).step

    def test_a_special_one_takes_a_joint_review_first_and_has_ten(self, hall: Hall) -> None:
        with pytest.raises(NotAllowedError, match=r"consulted .* has not happened"):
            hall.do(Classify(ticket="T1", category="特殊情况"), self.WINDOW)
        self.consulted(hall)
        hall.do(Classify(ticket="T1", category="特殊情况"), self.WINDOW)
        assert "2026-10-09 17:00" == hall.due("resolve")

    def hard(self, hall: Hall) -> None:
        hall.do(Escalate(ticket="T1", escalated_to="领导小组", reason="无政策依据"), self.WINDOW)
        agreed = instant("2026-10-12 17:00")
        hall.do(Classify(ticket="T1", category="难点问题", agreed_due=agreed), self.WINDOW)
        hall.do(Acknowledge(ticket="T1"), self.BUREAU)

    def test_a_hard_one_goes_to_the_leading_group_is_explained_by_a_day_and_followed_until_done(
        self, hall: Hall
    ) -> None:
        with pytest.raises(NotAllowedError, match="escalated has not happened"):
            hall.do(
                Classify(ticket="T1", category="难点问题", agreed_due=instant("2026-10-12 17:00")),
                self.WINDOW,
            )
        self.hard(hall)
        assert "2026-10-12 17:00" == hall.due("resolve")
        again = instant("2026-10-20 17:00")
        hall.do(Explain(ticket="T1", explanation="正在争取政策", next_review=again), self.BUREAU)
        assert ("跟踪服务", "2026-10-20 17:00") == (hall.line().step_name, hall.due("review"))
        hall.do(Resolve(ticket="T1", outcome="办成", reply="已办"), self.BUREAU)
        assert "办结" == hall.line().step_name

    def test_nobody_explains_what_did_not_go_to_the_leading_group(self, hall: Hall) -> None:
        hall.do(Classify(ticket="T1", category="复杂问题"), self.WINDOW)
        hall.do(Acknowledge(ticket="T1"), self.BUREAU)
        with pytest.raises(NotAllowedError, match="escalated has not happened"):
            hall.do(
                Explain(ticket="T1", explanation="难", next_review=instant("2026-10-20 17:00")), self.BUREAU
            )

    def test_a_window_may_not_say_no_without_reporting_it(self, hall: Hall) -> None:
        no = Decline(ticket="T1", exclusion="涉诉", citation="规则", explanation="法院审理中")
        with pytest.raises(NotAllowedError, match="negative_reported has not happened"):
            hall.do(no, self.WINDOW)
        hall.do(
            act("report_negative", negative_reason="涉诉", negative_reported_to="窗口负责人"), self.WINDOW
        )
        assert "not_accepted" == hall.do(no, self.WINDOW).step

    @pytest.mark.parametrize("outcome", ["未办成", "已解释"])
    def test_nor_may_a_unit(self, hall: Hall, outcome: str) -> None:
        hall.do(Classify(ticket="T1", category="复杂问题"), self.WINDOW)
        hall.do(Acknowledge(ticket="T1"), self.BUREAU)
        no = Resolve(ticket="T1", outcome=outcome, reply="不符合条件")
        with pytest.raises(NotAllowedError, match="negative_reported has not happened"):
            hall.do(no, self.BUREAU)
        with pytest.raises(
            NotAllowedError, match="it needs to state outcome = done, explained, not_done or partly"
        ):
            hall.do(Resolve(ticket="T1", reply="不符合条件"), self.BUREAU)
        hall.do(
            act("report_negative", negative_reason="不符合条件", negative_reported_to="领导小组"), self.BUREAU
        )
        assert "resolved" == hall.do(no, self.BUREAU).step


CODE = new_query_code()


class TestShouguang:
    def test_late_or_not_what_is_done_is_green_and_late_stays_on_record(self) -> None:
        hall = hall_of("shouguang", "2026-09-21 10:00")
        window = Actor(id="w-1", role="window_officer", unit="市政务服务中心")
        bureau = Actor(id="o-1", role="disposal_officer", unit="市行政审批服务局")
        fields: dict[str, Any] = {"agreed_due": "2026-09-30T17:00:00+08:00"}
        hall.do(Register(ticket="T1", matter=LICENCE, fields=fields), window)
        hall.do(Accept(ticket="T1"), window)
        hall.do(Acknowledge(ticket="T1"), bureau)
        assert ["green", "yellow", "red"] == [
            hall.line(it).light.value for it in ("2026-09-27 16:59", "2026-09-27 17:00", "2026-09-30 17:01")
        ]
        hall.do(Resolve(ticket="T1", reply="已办"), bureau, "2026-10-08 10:00")
        assert ("green", False) == (hall.line().light.value, hall.timers()["resolve"].met)


BROKEN = [
    ("shenzhen/shenzhen", 'to = "on_site"', 'to = "onsite"', "没有步骤 step (not defined) 'onsite'"),
    (
        "shenzhen/shenzhen",
        'starts = "due:resolve"',
        'starts = "due:resolved"',
        "'resolved', which does not exist",
    ),
    ("shenzhen/shenzhen", "valid_until = 2026-01-31", "valid_until = 2026-02-01", "两版规则重叠"),
    ("shenzhen/shenzhen", 'based_on = "2023-02-01"', 'based_on = "2023"', "没有这一版"),
    (
        "shenzhen/shahe",
        'matters = ["医保报销"]',
        'matters = ["医保报销", "个体工商户变更"]',
        "已属 南山区市场监管局",
    ),
    ("shenzhen/shahe", 'inherits = "shenzhen.toml"', 'inherits = "guangdong.toml"', "无法继承"),
    ("shenzhen/shahe", 'substitutes = ["senior-3"]', 'substitutes = ["senior-1"]', "已是负责人"),
    (
        "shenzhen/shahe",
        'entry = "accepted" }\nsource',
        'entry = "taken" }\nsource',
        "没有一行流程写出 'taken'",
    ),
    ("pudong/profile", 'to = "analysed"', 'to = "collected"', "没有动作能到达"),
    ("pudong/profile", 'unit = "浦东新区行政服务中心"\nholders', 'unit = "浦东"\nholders', "没有单位"),
    ("pudong/profile", "trial_from = 2017-11-17", 'trial_from = "2017-11-17"', "日期"),
    ("luquan/profile", 'limit = "0.5个工作日"', 'limit = "半天左右"', "is not a limit"),
    ("binhai/profile", 'hard = "约定"', 'very_hard = "约定"', "没有这个难易等级"),
    ("shouguang/profile", 'closed_light = "green"', 'closed_light = "blue"', "blue"),
]


@pytest.mark.parametrize(("file", "was", "now", "said"), BROKEN, ids=lambda it: str(it)[:40])
def test_a_profile_that_is_broken_is_refused_with_the_place(file: str, was: str, now: str, said: str) -> None:
    city, _, name = file.partition("/")
    path = PLUGINS / f"bubancheng-{city}" / "src" / f"bubancheng_{city}" / f"{name}.toml"
    text = path.read_text("utf-8")
    assert was in text
    with pytest.raises(ProfileError) as caught:
        parse_profile(text.replace(was, now), folder=path.parent)
    assert any(said in it for it in caught.value.problems), caught.value.problems
    assert district_of(name if name != "profile" else city)
