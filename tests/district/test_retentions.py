"""Classes of retention (保管期限): what a profile may say of them, and what the law does not let it say."""

import attrs
import pytest

from bubancheng.district import District, Retention
from bubancheng.district.retaining import class_of
from tests.acting import DISTRICT
from tests.district.invented import invented, problems

CLASS = '\n[[retention]]\nid = "short"\nname = "短期"\n{}\n'
WHOLE = 'personal = "12个月"\nonline = "184日"\ncase = "60个月"\naccesses = "6个月"\n'


def classes(district: District) -> dict[str, tuple[str | None, ...]]:
    """Return the limits of every class, by id."""
    return {
        it.id: tuple(
            None if limit is None else str(limit) for limit in (it.personal, it.online, it.case, it.accesses)
        )
        for it in district.retentions
    }


def test_a_class_says_four_limits() -> None:
    assert ("12个月", "184日", "60个月", "6个月") == classes(invented(CLASS.format(WHOLE)))["short"]


def test_a_limit_that_is_not_said_never_ends() -> None:
    assert (None, None, None, None) == classes(invented(CLASS.format("")))["short"]


def test_the_standard_has_the_three_of_the_archives_order() -> None:
    """国家档案局令第8号 第六条: permanent, or fixed, which is 30 or 10 years; personal data for 36 months."""
    assert {
        "ten_years": ("36个月", None, "120个月", "36个月"),
        "thirty_years": ("36个月", None, "360个月", "36个月"),
        "permanent": ("36个月", None, None, "36个月"),
    } == classes(DISTRICT)


@pytest.mark.parametrize("key", ["case", "accesses"])
@pytest.mark.parametrize("limit", ["5个月", "183日", "1日"])
def test_a_log_is_kept_six_months_at_least(key: str, limit: str) -> None:
    """网络安全法 第21条(三); 1 July to 1 January are 184 days, so 183 may be less than six months."""
    assert any(
        f"{key}: {limit} 少于 6个月" in it and "网络安全法" in it
        for it in problems(CLASS.format(f'{key} = "{limit}"'))
    )


@pytest.mark.parametrize("key", ["case", "accesses"])
@pytest.mark.parametrize("limit", ["6个月", "184日", "7个月", "36个月"])
def test_six_months_and_more_are_accepted(key: str, limit: str) -> None:
    assert limit in classes(invented(CLASS.format(f'{key} = "{limit}"')))["short"]


@pytest.mark.parametrize("key", ["personal", "online"])
def test_personal_data_and_the_place_of_a_file_have_no_least_time(key: str) -> None:
    assert "1日" in classes(invented(CLASS.format(f'{key} = "1日"')))["short"]


@pytest.mark.parametrize("key", ["personal", "online", "case", "accesses"])
@pytest.mark.parametrize("limit", ["3个工作日", "24小时", "当日", "约定", "1000个工作日"])
def test_retention_runs_in_months_or_natural_days(key: str, limit: str) -> None:
    found = problems(CLASS.format(f'{key} = "{limit}"'))
    assert 1 == len(found)
    assert found[0].endswith(f"{key}: 应以月或自然日计 (in months or natural days)，现为 {limit}")


def test_two_classes_of_one_id_are_one_too_many() -> None:
    assert any("retention: short" in it for it in problems(CLASS.format("") * 2))


def test_two_defaults_are_one_too_many() -> None:
    more = '\n[[retention]]\nid = "long"\nname = "长期"\ndefault = true\n'
    assert any("只能有一个默认" in it for it in problems(CLASS.format("default = true") + more))


def test_an_unknown_key_is_named_with_the_nearest() -> None:
    assert any("是否为 personal？" in it for it in problems(CLASS.format('personel = "1个月"')))


def test_the_old_key_is_an_unknown_one() -> None:
    assert any("district.retention: 没有这个键" in it for it in problems("", head='retention = "36个月"'))


def test_the_classes_are_the_words_that_a_file_may_state() -> None:
    assert [("ten_years", "十年"), ("thirty_years", "三十年"), ("permanent", "永久")] == [
        (it.id, it.name) for it in DISTRICT.coded("retention")
    ]


class TestDefault:
    """Which class a file has of which none was stated."""

    FIRST, SECOND = Retention(id="first", name="甲"), Retention(id="second", name="乙")

    def of(self, *retentions: Retention) -> Retention | None:
        return class_of(retentions, None)

    def test_it_is_the_first(self) -> None:
        assert self.FIRST is self.of(self.FIRST, self.SECOND)

    def test_it_is_the_one_that_says_so(self) -> None:
        chosen = attrs.evolve(self.SECOND, is_default=True)
        assert chosen is self.of(self.FIRST, chosen)

    def test_without_classes_there_is_none(self) -> None:
        assert None is self.of()


def test_a_district_that_inherits_changes_one_limit_and_leaves_out_a_class() -> None:
    text = """
[without]
retention = ["permanent"]

[[retention]]
id = "thirty_years"
online = "24个月"
default = true
"""
    assert {
        "ten_years": ("36个月", None, "120个月", "36个月"),
        "thirty_years": ("36个月", "24个月", "360个月", "36个月"),
    } == classes(invented(text))
