"""Reading a profile: strictly, and everything that is wrong at once."""

from pathlib import Path

import pytest

from bubancheng.district import District, parse_profile, read_profile
from bubancheng.errors import BubanchengError, ProfileError
from tests.acting import PROFILE

SMALL = """
[district]
name = "test"
code = "xx-test"
title = "测试区"
window = "窗口"
hours = "09:00-17:00"

[[role]]
id = "clerk"
name = "专员"

[[unit]]
name = "甲局"
kind = "matter_authority"
matters = ["执照"]
places = ["一厅"]

[[flow.step]]
id = "registered"
stage = "intake"
name = "已登记"

[[flow.step]]
id = "resolved"
stage = "resolve"
name = "已办结"
end = true

[[flow.transition]]
action = "register"
entry = "registered"
to = "registered"
roles = ["clerk"]

[[flow.transition]]
action = "resolve"
entry = "resolved"
from = ["registered"]
to = "resolved"
roles = ["clerk"]

[[rule]]
version = "1"
valid_from = 2020-01-01
source = "测试"

[[rule.class]]
id = "general"
name = "一般"

[[rule.target]]
name = "resolve"
starts = "registered"
stops = ["resolved"]
unclassified = "general"
watched = true
limits = { general = "3个工作日" }
"""


def small(old: str = "", new: str = "") -> District:
    """Return the small profile, with one text in place of another."""
    assert old in SMALL
    return parse_profile(SMALL.replace(old, new, 1) if old else SMALL)


def faults(text: str) -> tuple[str, ...]:
    """Return everything that is wrong with a profile."""
    with pytest.raises(ProfileError) as caught:
        parse_profile(text, "测试.toml")
    return caught.value.problems


def fault(old: str, new: str) -> str:
    """Return the one thing that is wrong with the small profile after a change."""
    assert old in SMALL
    (found,) = faults(SMALL.replace(old, new, 1))
    return found


class TestReading:
    def test_a_small_profile_reads(self) -> None:
        assert small().units[0].matters == frozenset({"执照"})

    def test_hours_may_differ_by_weekday(self) -> None:
        found = small('hours = "09:00-17:00"', 'hours = {mon = "09:00-12:00"}')
        assert found.hours == {"mon": "09:00-12:00"}

    def test_rules_are_put_in_the_order_of_their_dates(self) -> None:
        head, rule = SMALL.split("[[rule]]", 1)
        older = rule.replace('"1"', '"0"', 1).replace("2020-", "2010-", 1)
        found = parse_profile(f"{head}[[rule]]{rule}\n[[rule]]{older}")
        assert [it.version for it in found.rules] == ["0", "1"]

    def test_a_byte_order_mark_does_no_harm(self, tmp_path: Path) -> None:
        path = tmp_path / "p.toml"
        path.write_text("\ufeff" + SMALL, encoding="utf-8")
        assert read_profile(path).name == "test"


class TestUnknownKeys:
    @pytest.mark.parametrize(
        ("old", "new", "where", "right"),
        [
            ("window =", "windows =", "district.windows", "window"),
            ("[[unit]]", "[[units]]", "units", "unit"),
            ("matters =", "matter =", "unit[1].matter", "matters"),
            ("valid_from =", "valid_form =", "rule[1].valid_form", "valid_from"),
            ("roles = [", "role = [", "flow.transition[1].role", "roles"),
            ("stage =", "stag =", "flow.step[1].stag", "stage"),
            ("watched =", "watch =", "rule[1].target[1].watch", "watched"),
        ],
    )
    def test_an_unknown_key_is_named_with_the_nearest_right_one(
        self, old: str, new: str, where: str, right: str
    ) -> None:
        found = [it for it in faults(SMALL.replace(old, new, 1)) if it.startswith(f"{where}:")]
        assert (1, True) == (len(found), right in found[0])

    def test_a_key_like_none_is_named_alone(self) -> None:
        assert fault('title = "测试区"', 'title = "测试区"\nzzzzzz = 1') == (
            "district.zzzzzz: 没有这个键 (unknown key)"
        )


class TestWrongTypes:
    @pytest.mark.parametrize(
        ("old", "new", "where"),
        [
            ('name = "test"', "name = 5", "district.name"),
            ('name = "test"', "name = true", "district.name"),
            ('title = "测试区"', 'title = ["测试区"]', "district.title"),
            ('hours = "09:00-17:00"', "hours = 9", "district.hours"),
            ('hours = "09:00-17:00"', "hours = {mon = 9}", "district.hours"),
            ("valid_from = 2020-01-01", 'valid_from = "2020-01-01"', "rule[1].valid_from"),
            ("valid_from = 2020-01-01", "valid_from = 2020-01-01T00:00:00", "rule[1].valid_from"),
            ("valid_from = 2020-01-01", "valid_from = 2020", "rule[1].valid_from"),
            ("watched = true", "watched = 1", "rule[1].target[1].watched"),
            ("watched = true", 'watched = "true"', "rule[1].target[1].watched"),
            ('matters = ["执照"]', 'matters = "执照"', "unit[1].matters"),
            ('matters = ["执照"]', "matters = [1]", "unit[1].matters"),
            ('"3个工作日" }', "3 }", "rule[1].target[1].limits.general"),
            ('limits = { general = "3个工作日" }', 'limits = "3个工作日"', "rule[1].target[1].limits"),
            ("[[role]]", "[role]", "role"),
        ],
    )
    def test_nothing_is_coerced(self, old: str, new: str, where: str) -> None:
        assert where in {it.partition(":")[0] for it in faults(SMALL.replace(old, new, 1))}

    def test_a_wrong_type_is_one_fault_and_says_what_it_should_be(self) -> None:
        assert fault('title = "测试区"', "title = 5") == "district.title: 应为文字 (a string)，现为 5"

    def test_a_blank_text_is_a_fault(self) -> None:
        assert fault('title = "测试区"', 'title = " "') == "district.title: 不能为空 (blank)"


class TestWhatMustBeThere:
    @pytest.mark.parametrize("key", ["name", "code", "title", "window", "hours"])
    def test_a_missing_identity_is_named(self, key: str) -> None:
        line = next(it for it in SMALL.splitlines() if it.startswith(f"{key} ="))
        assert fault(line + "\n", "") == f"district.{key}: 缺少此项 (missing)"

    def test_a_profile_without_rules_is_refused(self) -> None:
        assert faults(SMALL.partition("[[rule]]")[0]) == ("rule: 至少需要一版规则 (at least one rule)",)

    def test_a_profile_without_steps_is_refused(self) -> None:
        head, _, rest = SMALL.partition("[[flow.step]]")
        assert any(it.startswith("flow") for it in faults(head + "[[rule]]" + rest.partition("[[rule]]")[2]))

    def test_an_empty_profile_lacks_everything(self) -> None:
        assert len(faults("")) >= 6

    def test_a_rule_needs_a_date(self) -> None:
        assert fault("valid_from = 2020-01-01\n", "") == "rule[1].valid_from: 缺少此项 (missing)"

    def test_a_deemed_start_needs_a_limit(self) -> None:
        found = fault("watched = true", 'watched = true\ndeemed = { kind = "dispatched" }')
        assert ("deemed.after" in found, "缺少" in found) == (True, True)

    def test_the_light_must_watch_a_target(self) -> None:
        found = fault("watched = true\n", "")
        assert (
            found
            == "rule[1].target: 须有 watched = true 的目标，一开始就有灯可看 (the light watches no target from the start)"
        )

    def test_the_light_may_watch_several_targets(self) -> None:
        other = '\n[[rule.target]]\nname = "x"\nstarts = "registered"\nstops = ["resolved"]\nwatched = true\n'
        (rule,) = parse_profile(SMALL + other).rules
        assert [it.name for it in rule.policy.targets if it.watched] == ["resolve", "x"]


class TestGivenTwice:
    @pytest.mark.parametrize(
        ("extra", "named"),
        [
            ('name = "甲局"\nkind = "x"', "unit: 甲局 出现不止一次 (given twice)"),
            (
                'name = "乙局"\nkind = "x"\nmatters = ["执照"]',
                "unit[2].matters: 事项 执照 已属 甲局 (two units own it)",
            ),
            (
                'name = "乙局"\nkind = "x"\nplaces = ["一厅"]',
                "unit[2].places: 办理地点 一厅 已属 甲局 (two units own it)",
            ),
        ],
    )
    def test_a_unit_a_matter_and_a_place_are_given_once(self, extra: str, named: str) -> None:
        assert (named,) == faults(f"{SMALL}\n[[unit]]\n{extra}\n")

    @pytest.mark.parametrize(
        ("old", "new", "named"),
        [("2020", "2021", "1"), ('"1"', '"2"', "valid_from 2020-01-01")],
    )
    def test_a_version_and_its_date_are_given_once(self, old: str, new: str, named: str) -> None:
        rule = SMALL.partition("[[rule]]")[2]
        (found,) = faults(f"{SMALL}\n[[rule]]{rule.replace(old, new, 1)}")
        assert f"rule: {named} 出现不止一次 (given twice)" == found

    def test_a_class_is_given_once(self) -> None:
        extra = '[[rule.class]]\nid = "general"\nname = "普通"\n\n[[rule.target]]'
        assert fault("[[rule.target]]", extra) == "rule[1].class: general 出现不止一次 (given twice)"


class TestUndefined:
    @pytest.mark.parametrize(
        ("old", "new", "where"),
        [
            ('to = "registered"', 'to = "somewhere"', "flow.transition[1].to"),
            ('to = "registered"', 'from = ["somewhere"]', "flow.transition[1].from"),
            ('roles = ["clerk"]', 'roles = ["nobody"]', "flow.transition[1].roles"),
            ('stage = "intake"', 'stage = "nowhere"', "flow.step[1].stage"),
            ('{ general = "3', '{ genral = "3', "rule[1].target[1].limits.genral"),
            ('unclassified = "general"', 'unclassified = "x"', "rule[1].target[1].unclassified"),
            ("watched = true", 'watched = true\ncapped_by = "x"', "rule[1].target"),
            (
                'hours = "09:00-17:00"',
                'hours = "09:00-17:00"\ndispatch_keys = ["luck"]',
                "district.dispatch_keys",
            ),
        ],
    )
    def test_what_nobody_defined_is_named(self, old: str, new: str, where: str) -> None:
        assert fault(old, new).startswith(f"{where}:")

    def test_a_transition_without_roles_is_refused(self) -> None:
        assert fault('roles = ["clerk"]', "roles = []").startswith("flow.transition[1].roles:")

    def test_targets_that_cap_each_other_are_refused(self) -> None:
        other = '\n[[rule.target]]\nname = "x"\nstarts = "a"\nstops = ["b"]\ncapped_by = "resolve"\n'
        text = SMALL.replace("watched = true", 'watched = true\ncapped_by = "x"') + other
        assert any("capped_by" in it for it in faults(text))


class TestLimits:
    @pytest.mark.parametrize(
        ("old", "new", "where"),
        [
            ('"3个工作日"', '"一会儿"', "rule[1].target[1].limits.general"),
            ("watched = true", 'watched = true\nlimit = "soon"', "rule[1].target[1].limit"),
            ('source = "测试"', 'source = "测试"\nwarn_before = "1个月"', "rule[1].warn_before"),
            ('source = "测试"', 'source = "测试"\ncounting = {first_day = "maybe"}', "rule[1].counting"),
            ('source = "测试"', 'source = "测试"\ncounting = {firstday = "excluded"}', "rule[1].counting"),
            ('hours = "09:00-17:00"', 'hours = "9 to 5"', "district.hours"),
        ],
    )
    def test_a_limit_that_cannot_be_read_is_a_fault(self, old: str, new: str, where: str) -> None:
        assert fault(old, new).startswith(f"{where}:")

    def test_a_bad_deemed_limit_is_one_fault(self) -> None:
        found = fault("watched = true", 'watched = true\ndeemed = { kind = "dispatched", after = "soon" }')
        assert found.startswith("rule[1].target[1].deemed.after:")

    def test_nothing_is_deemed_to_happen_by_agreement(self) -> None:
        found = fault("watched = true", 'watched = true\ndeemed = { kind = "dispatched", after = "约定" }')
        assert "deemed" in found


class TestAllAtOnce:
    TEXT = (
        SMALL.replace('title = "测试区"', 'title = 5\ncolour = "red"')
        .replace('to = "registered"', 'to = "somewhere"')
        .replace('"3个工作日"', '"一会儿"')
        .replace('kind = "matter_authority"\n', "")
    )

    @pytest.mark.parametrize(
        "where",
        [
            "district.title",
            "district.colour",
            "flow.transition[1].to",
            "rule[1].target[1].limits.general",
            "unit[1].kind",
        ],
    )
    def test_every_fault_is_told_at_once(self, where: str) -> None:
        assert where in {it.partition(":")[0] for it in faults(self.TEXT)}

    def test_every_fault_of_the_counting_is_told(self) -> None:
        bad = 'source = "测试"\ncounting = {first_day = "maybe", day_end = "never"}'
        told = " ".join(faults(SMALL.replace('source = "测试"', bad)))
        assert ("first_day" in told, "day_end" in told) == (True, True)

    def test_the_sentence_names_the_file(self) -> None:
        with pytest.raises(ProfileError, match=r"^测试\.toml: "):
            parse_profile("", "测试.toml")


class TestNoProfile:
    @pytest.mark.parametrize(
        "text",
        ["[[[", "name = ", "工单", "a = 1\na = 2", "x = " + "[" * 3000, "x = " + "1" * 5000],
        ids=["brackets", "half a line", "words", "a key twice", "very deep", "a very long number"],
    )
    def test_what_is_not_toml_is_said_in_one_sentence(self, text: str) -> None:
        assert "不是 TOML" in faults(text)[0]

    def test_a_file_in_gbk_is_refused(self, tmp_path: Path) -> None:
        path = tmp_path / "p.toml"
        path.write_bytes(SMALL.encode("gb18030"))
        with pytest.raises(ProfileError, match="UTF-8"):
            read_profile(path)

    @pytest.mark.parametrize("name", ["", "missing.toml", "x" * 300])
    def test_what_cannot_be_read_is_refused(self, tmp_path: Path, name: str) -> None:
        with pytest.raises(ProfileError, match="无法读取"):
            read_profile(tmp_path / name)

    def test_a_profile_error_is_ours_and_a_value_error(self) -> None:
        with pytest.raises(ValueError, match="缺少") as caught:
            parse_profile("")
        assert isinstance(caught.value, BubanchengError)

    def test_the_real_profile_has_no_fault(self) -> None:
        assert read_profile(PROFILE).title == "上海市崇明区"


class TestWhatWouldFailLater:
    def test_a_word_of_two_classes_is_refused(self) -> None:
        extra = '[[rule.class]]\nid = "hard"\nname = "疑难"\naliases = ["一般"]\n\n[[rule.target]]'
        assert fault("[[rule.target]]", extra) == "rule[1].class: 一般 出现不止一次 (given twice)"

    def test_a_target_that_is_watched_only_later_is_none_to_begin_with(self) -> None:
        assert "须有 watched" in fault("watched = true\n", "watched = true\nagain = true\n")

    def test_a_row_that_waits_for_an_unknown_target_names_the_nearest(self) -> None:
        found = fault('to = "resolved"\n', 'to = "resolved"\nbefore_due = "reslove"\n')
        assert found == "flow.transition[2].before_due: 没有目标 (no such target) 'reslove'，是否为 resolve？"

    def test_a_ledger_column_cannot_carry_out_an_action_of_the_librarys(self) -> None:
        extra = '[[ledger.column]]\nid = "x"\nname = "延期"\naction = "resolve"\n\n[[rule]]'
        assert "'resolve' 是库自带的动作" in fault("[[rule]]", extra)

    def test_chinese_quotes_are_told(self) -> None:
        (found,) = faults("[district]\nname = “某区”\n")
        assert "引号要用英文的" in found
