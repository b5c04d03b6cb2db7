"""The profiles of Beijing: whole, in Chinese, and told what is wrong when somebody spoils one."""

import re
from pathlib import Path

import pytest

from bubancheng.district import District
from bubancheng.testing import DistrictContract
from tests.cli.calling import call
from tests.features.districts.beijing import NAMES
from tests.features.districts.halls import DISTRICTS

LATIN = re.compile("[A-Za-z]")
CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.mark.parametrize("name", NAMES)
def test_an_installed_district_is_whole(name: str) -> None:
    result = call("check", name)
    assert (0, f"{name} 没有问题\n") == (result.exit_code, result.stdout)


@pytest.mark.parametrize("name", NAMES)
def test_every_word_that_a_clerk_or_a_reporter_sees_is_chinese(name: str) -> None:
    district = DISTRICTS[name]
    seen = [district.title, district.window]
    for part in ("channels", "roles", "codes", "units", "exclusions", "duties", "columns", "metrics"):
        seen += [it.name for it in getattr(district, part)]
    seen += [word for it in district.flow.steps for word in (it.name, it.public, it.next_step) if word]
    seen += [it.name for rule in district.rules for it in rule.categories]
    seen += [word for rule in district.rules for word in rule.assumptions]
    seen += [it.words for it in district.questions] + [it.printed() for it in district.tips]
    assert [] == [word for word in seen if LATIN.search(word) or not CHINESE.search(word)]


@pytest.mark.parametrize("name", NAMES)
def test_every_version_says_its_source_and_what_was_assumed(name: str) -> None:
    for rule in DISTRICTS[name].rules:
        assert (True, True) == (bool(rule.source), len(rule.assumptions) >= 3)


@pytest.mark.parametrize("name", NAMES)
def test_the_counters_and_the_duties_are_of_units_that_are_listed(name: str) -> None:
    district = DISTRICTS[name]
    named = {it.unit for it in district.service_points} | {it.unit for it in district.duties if it.unit}
    assert named <= {it.name for it in district.units}


def test_whoever_may_get_an_order_in_daxing_has_a_chief_representative() -> None:
    daxing = DISTRICTS["daxing"]
    has_one = {it.unit for it in daxing.duties if it.post == "chief_representative"}
    assert {it.name for it in daxing.units if it.level == "district"} == has_one


SPOILT = {
    "a base that is not there": (
        "rule",
        "rules.toml",
        "",
        "a.toml:2 district.inherits: 无法继承",
    ),
    "a role nobody defined": (
        "xicheng",
        None,
        '[[flow.transition]]\naction = "run_errand"\nentry = "errand_run"\nfrom = ["registered"]\nroles = ["stewart"]\n',
        "a.toml:8 flow.transition[1].roles: 没有角色 role (not defined) 'stewart'",
    ),
    "two owners of a matter": (
        "xicheng",
        None,
        '[[unit]]\nname = "西城区残联"\nmatters = ["最低生活保障申请"]\n',
        "事项 最低生活保障申请 已属",
    ),
    "a step that does not exist": (
        "dongcheng",
        None,
        '[[flow.transition]]\nalso = true\naction = "inspect"\nentry = "inspected"\nfrom = ["inspekt"]\nroles = ["collection_group"]\n',
        "a.toml:8 flow.transition[1].from: 没有步骤 step (not defined) 'inspekt'，是否为 inspect？",
    ),
    "a step nobody reaches": (
        "dongcheng",
        None,
        '[[flow.step]]\nid = "seventh"\nstage = "rectify"\nname = "第七步"\n',
        "a.toml:5 flow.step[1].id: seventh 没有动作能到达",
    ),
    "a step left out of the six": (
        "dongcheng",
        None,
        '[without]\nstep = ["verify"]\n',
        "inspect 没有动作能到达",
    ),
    "units in a circle": (
        "xicheng",
        None,
        '[[unit]]\nname = "西城区政务服务中心"\nparent = "文兴街社区服务站"\n',
        "a.toml:6 unit[1].parent: 西城区政务服务中心 上下级成环",
    ),
    "questions in a circle": (
        "xicheng",
        None,
        '[[question]]\nid = "staff_changed"\n\n[[question.reply]]\nwords = "再问一遍"\nquestion = "worked_before"\n',
        "a.toml:5 question[1].id: 问题成环",
    ),
    "a limit in no words of ours": (
        "rule",
        None,
        '[[rule]]\nversion = "2020-10"\n\n[[rule.target]]\nname = "resolve"\nlimits = { general = "5个工作天" }\n',
        "a.toml:9 rule[1].target[1].limits.general: '5个工作天'",
    ),
    "a version based on none": (
        "rule",
        None,
        '[[rule]]\nversion = "2025"\nvalid_from = 2025-01-01\nsource = "新办法"\nbased_on = "2021"\n',
        "a.toml:8 rule[1].based_on: '2021' 没有这一版",
    ),
    "a post that nobody holds": (
        "daxing",
        None,
        '[[flow.transition]]\nalso = true\naction = "sign"\nentry = "signed"\nfrom = ["acknowledged"]\nroles = ["disposal_officer"]\non_duty = { field = "signer", post = "chief" }\n',
        "a.toml:10 flow.transition[1].on_duty: 没有 [[duty]] 岗位",
    ),
    "a word in no code table": (
        "chaoyang",
        None,
        '[[flow.transition]]\nalso = true\naction = "register"\nentry = "registered"\nto = "lead"\nroles = ["kiosk"]\ngiven = { request_type = "leed" }\n',
        "a.toml:10 flow.transition[1].given: request_type 没有这个词",
    ),
}


@pytest.mark.parametrize("fault", SPOILT)
def test_whoever_spoils_a_profile_is_told_where_and_in_chinese(fault: str, tmp_path: Path) -> None:
    name, base, more, told = SPOILT[fault]
    path = tmp_path / "a.toml"
    inherits = base or f"bubancheng_beijing:{name}.toml"
    path.write_text(f'[district]\ninherits = "{inherits}"\n\n{more}', encoding="utf-8")
    result = call("check", str(path))
    assert (1, True) == (result.exit_code, told in result.stdout), result.stdout


class TestContract(DistrictContract):
    @pytest.fixture(params=NAMES)
    def setup(self, request: pytest.FixtureRequest) -> District:
        return DISTRICTS[request.param]
