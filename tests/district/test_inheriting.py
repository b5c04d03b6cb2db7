"""A profile over another one (继承): what is taken over, what is left out, and what cannot be."""

from pathlib import Path

import pytest

from bubancheng.district import District, parse_profile, read_profile
from bubancheng.errors import ProfileError
from tests.district.test_profile import SMALL


def over(folder: Path, own: str, base: str = SMALL) -> District:
    """Return the district of a profile that inherits another one beside it."""
    (folder / "base.toml").write_text(base, encoding="utf-8")
    (folder / "own.toml").write_text(f'[district]\ninherits = "base.toml"\n{own}', encoding="utf-8")
    return read_profile(folder / "own.toml")


def faults(folder: Path, own: str, base: str = SMALL) -> tuple[str, ...]:
    """Return everything that is wrong with such a profile."""
    with pytest.raises(ProfileError) as caught:
        over(folder, own, base)
    return caught.value.problems


class TestTakingOver:
    def test_what_is_not_said_is_the_bases(self, tmp_path: Path) -> None:
        assert attrs_of(parse_profile(SMALL)) == attrs_of(over(tmp_path, ""))

    def test_what_is_said_counts(self, tmp_path: Path) -> None:
        found = over(tmp_path, 'name = "street"\n')
        assert ("street", "测试区") == (found.name, found.title)

    def test_tables_of_one_name_are_merged_key_by_key(self, tmp_path: Path) -> None:
        found = over(tmp_path, '[[unit]]\nname = "甲局"\nmatters = ["许可"]\n')
        (unit,) = found.units
        assert (frozenset({"许可"}), frozenset({"一厅"})) == (unit.matters, unit.places)

    def test_another_name_is_added_after_the_bases(self, tmp_path: Path) -> None:
        found = over(tmp_path, '[[unit]]\nname = "乙局"\nkind = "x"\n')
        assert ["甲局", "乙局"] == [it.name for it in found.units]

    def test_a_limit_of_one_class_leaves_the_others(self, tmp_path: Path) -> None:
        base = SMALL.replace(
            'limits = { general = "3个工作日" }', 'limits = { general = "3个工作日", simple = "当日" }'
        ).replace("[[rule.target]]", '[[rule.class]]\nid = "simple"\nname = "简单"\n\n[[rule.target]]', 1)
        own = (
            '[[rule]]\nversion = "1"\n[[rule.target]]\nname = "resolve"\nlimits = { general = "2个工作日" }\n'
        )
        (rule,) = over(tmp_path, own, base).rules
        assert {"general": "2个工作日", "simple": "当日"} == {
            name: str(limit) for name, limit in rule.policy.target("resolve").limits.items()
        }

    def test_rows_of_an_action_replace_the_bases_rows_of_it(self, tmp_path: Path) -> None:
        own = '[[role]]\nid = "head"\nname = "负责人"\n\n[[flow.transition]]\naction = "resolve"\nentry = "resolved"\nfrom = ["registered"]\nto = "resolved"\nroles = ["head"]\n'
        rows = [it for it in over(tmp_path, own).flow.transitions if it.action == "resolve"]
        assert [frozenset({"head"})] == [row.roles for row in rows]

    def test_a_row_that_says_also_stands_beside_the_bases(self, tmp_path: Path) -> None:
        own = '[[role]]\nid = "head"\nname = "负责人"\n\n[[flow.transition]]\nalso = true\naction = "resolve"\nentry = "resolved"\nfrom = ["registered"]\nto = "resolved"\nroles = ["head"]\n'
        rows = [it for it in over(tmp_path, own).flow.transitions if it.action == "resolve"]
        assert [frozenset({"clerk"}), frozenset({"head"})] == [row.roles for row in rows]

    def test_a_base_may_have_a_base_and_lie_in_a_folder_of_its_own(self, tmp_path: Path) -> None:
        (tmp_path / "city").mkdir()
        (tmp_path / "city" / "root.toml").write_text(SMALL, encoding="utf-8")
        middle = '[district]\ninherits = "root.toml"\ntitle = "中间"\n'
        (tmp_path / "city" / "middle.toml").write_text(middle, encoding="utf-8")
        own = '[district]\ninherits = "city/middle.toml"\nname = "leaf"\n'
        (tmp_path / "leaf.toml").write_text(own, encoding="utf-8")
        found = read_profile(tmp_path / "leaf.toml")
        assert ("leaf", "中间", "xx-test") == (found.name, found.title, found.code)

    def test_a_base_may_be_in_a_package(self) -> None:
        found = parse_profile('[district]\ninherits = "bubancheng_chongming:profile.toml"\ntitle = "别处"\n')
        assert ("别处", "chongming") == (found.title, found.name)

    def test_the_librarys_own_base_holds_no_rules_and_no_district(self) -> None:
        with pytest.raises(ProfileError) as caught:
            parse_profile('[district]\ninherits = "standard"\n')
        wanting = {it.partition(":")[0] for it in caught.value.problems}
        assert {f"district.{key}" for key in ("name", "code", "title", "window", "hours")} <= wanting
        assert "rule" in wanting


class TestLeavingOut:
    def test_a_unit_can_be_left_out(self, tmp_path: Path) -> None:
        assert () == over(tmp_path, '[without]\nunit = ["甲局"]\n').units

    def test_a_star_leaves_all_of_them_out(self, tmp_path: Path) -> None:
        found = over(tmp_path, '[without]\nunit = ["*"]\n[[unit]]\nname = "乙局"\nkind = "x"\n')
        assert ["乙局"] == [it.name for it in found.units]

    def test_a_step_that_is_left_out_takes_the_rows_to_it_along(self, tmp_path: Path) -> None:
        base = (
            SMALL
            + '\n[[flow.step]]\nid = "aside"\nstage = "resolve"\nname = "旁"\n'
            + '[[flow.transition]]\naction = "park"\nentry = "parked"\nfrom = ["registered"]\nto = "aside"\nroles = ["clerk"]\n'
            + '[[flow.transition]]\naction = "fetch"\nentry = "fetched"\nfrom = ["aside", "registered"]\nto = "resolved"\nroles = ["clerk"]\n'
        )
        flow = over(tmp_path, '[without]\nstep = ["aside"]\n', base).flow
        assert {"register", "resolve", "fetch"} == {row.action for row in flow.transitions}
        (fetch,) = (row for row in flow.transitions if row.action == "fetch")
        assert frozenset({"registered"}) == fetch.sources

    def test_all_words_of_a_code_or_one_of_them(self, tmp_path: Path) -> None:
        base = SMALL + "".join(
            f'\n[[code]]\nfact = "{fact}"\nid = "{word}"\nname = "{word}"\n'
            for fact, word in (("cause", "a"), ("cause", "b"), ("grade", "1"))
        )
        assert ["1"] == [it.id for it in over(tmp_path, '[without]\ncode = ["cause"]\n', base).codes]
        found = over(tmp_path, '[without]\ncode = ["cause b"]\n', base)
        assert ["a", "1"] == [it.id for it in found.codes]

    @pytest.mark.parametrize(
        ("own", "named"),
        [
            ('[without]\nunit = ["丙局"]\n', "without.unit: 没有可去掉的 (nothing to leave out) '丙局'"),
            ('[without]\nunits = ["甲局"]\n', "without.units: 应为"),
            ('[without]\nunit = "甲局"\n', "without.unit: 应为"),
        ],
    )
    def test_what_is_not_there_cannot_be_left_out(self, tmp_path: Path, own: str, named: str) -> None:
        (found,) = faults(tmp_path, own)
        assert found.startswith(named)


class TestVersions:
    def test_a_version_takes_over_what_it_does_not_say_from_the_one_it_is_based_on(
        self, tmp_path: Path
    ) -> None:
        own = '[[rule]]\nversion = "2"\nvalid_from = 2024-01-01\nsource = "新办法"\nbased_on = "1"\n[[rule.target]]\nname = "resolve"\nlimits = { general = "2个工作日" }\n'
        older, newer = over(tmp_path, own).rules
        assert ("测试", "新办法") == (older.source, newer.source)
        assert ["3个工作日", "2个工作日"] == [
            str(rule.policy.target("resolve").limits["general"]) for rule in (older, newer)
        ]
        assert older.categories == newer.categories

    @pytest.mark.parametrize(("base", "why"), [("9", "没有这一版"), ("2", "成环")])
    def test_it_must_be_based_on_another_one_that_is_there(self, tmp_path: Path, base: str, why: str) -> None:
        own = f'[[rule]]\nversion = "2"\nvalid_from = 2024-01-01\nsource = "新"\nbased_on = "{base}"\n'
        assert any("based_on" in it and why in it for it in faults(tmp_path, own))

    def test_a_target_outside_the_rules_holds_in_every_version(self, tmp_path: Path) -> None:
        own = '[[target]]\nname = "common"\nstarts = "registered"\nstops = ["resolved"]\nlimit = "1个工作日"\n[[rule]]\nversion = "2"\nvalid_from = 2024-01-01\nsource = "新"\nbased_on = "1"\n'
        assert [["resolve", "common"]] * 2 == [
            [it.name for it in rule.policy.targets] for rule in over(tmp_path, own).rules
        ]

    def test_a_version_may_leave_a_common_target_out(self, tmp_path: Path) -> None:
        own = '[[target]]\nname = "common"\nstarts = "registered"\nstops = ["resolved"]\nlimit = "1个工作日"\n[[rule]]\nversion = "1"\nwithout = { target = ["common"] }\n'
        (rule,) = over(tmp_path, own).rules
        assert ["resolve"] == [it.name for it in rule.policy.targets]


class TestWhatCannotBe:
    def test_a_circle_is_told_with_its_links(self, tmp_path: Path) -> None:
        (tmp_path / "base.toml").write_text('[district]\ninherits = "own.toml"\n', encoding="utf-8")
        (tmp_path / "own.toml").write_text('[district]\ninherits = "base.toml"\n', encoding="utf-8")
        with pytest.raises(ProfileError, match=r"base\.toml → own\.toml → base\.toml"):
            read_profile(tmp_path / "own.toml")

    @pytest.mark.parametrize(
        "name", ["nowhere.toml", "no_such_package:x.toml", "chongming", "bubancheng:no.toml", "../x"]
    )
    def test_a_base_that_is_not_there_is_named(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "own.toml").write_text(f'[district]\ninherits = "{name}"\n', encoding="utf-8")
        with pytest.raises(ProfileError) as caught:
            read_profile(tmp_path / "own.toml")
        assert any(it.startswith("district.inherits: ") and name in it for it in caught.value.problems)

    def test_a_base_that_is_no_toml_is_named(self, tmp_path: Path) -> None:
        assert any("base.toml" in it for it in faults(tmp_path, "", "[["))

    def test_nothing_else_is_said_where_the_base_is_missing(self, tmp_path: Path) -> None:
        own = '[district]\ninherits = "nowhere.toml"\n[without]\nunit = ["甲局"]\n[[flow.transition]]\naction = "register"\nfrom = ["new"]\n'
        (tmp_path / "own.toml").write_text(own, encoding="utf-8")
        with pytest.raises(ProfileError) as caught:
            read_profile(tmp_path / "own.toml")
        (problem,) = caught.value.problems
        assert problem.startswith("district.inherits: 无法继承 (cannot be inherited) 'nowhere.toml'")

    def test_a_name_is_a_text(self, tmp_path: Path) -> None:
        (tmp_path / "own.toml").write_text("[district]\ninherits = 5\n", encoding="utf-8")
        with pytest.raises(ProfileError, match=r"district\.inherits: 应为文字"):
            read_profile(tmp_path / "own.toml")

    def test_a_fault_says_in_which_file_it_stands(self, tmp_path: Path) -> None:
        assert ("base.toml#unit[1].matter",) == tuple(
            it.partition(":")[0] for it in faults(tmp_path, "", SMALL.replace("matters", "matter"))
        )

    def test_a_fault_of_its_own_keeps_its_own_number(self, tmp_path: Path) -> None:
        (found,) = faults(tmp_path, '[[unit]]\nname = "乙局"\nkind = "x"\nmater = ["甲"]\n')
        assert found.startswith("unit[1].mater: ")


def attrs_of(district: District) -> tuple[object, ...]:
    """Return what a district is made of."""
    return (district.name, district.units, district.rules, district.flow, district.roles, district.hours)
