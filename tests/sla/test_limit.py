"""Reading and printing limits: every form of design 3.2, in Chinese and in English."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubancheng.errors import KindError, LimitError
from bubancheng.sla import Limit, LimitUnit
from tests.strategies import law

U = LimitUnit

FORMS = [
    # design 3.2, Chinese
    ("3个工作日", 3, U.WORKING_DAY),
    ("当日", 0, U.SAME_DAY),
    ("0.5个工作日", Fraction(1, 2), U.WORKING_DAY),
    ("2个工作小时", 2, U.WORKING_HOUR),
    ("24小时", 24, U.HOUR),
    ("7日", 7, U.DAY),
    ("15个自然日", 15, U.DAY),
    ("1个月", 1, U.MONTH),
    ("60秒", 60, U.SECOND),
    ("30分钟", 30, U.MINUTE),
    ("当场", 0, U.ON_THE_SPOT),
    ("7天", 7, U.DAY),
    # design 3.2, English
    ("3 working days", 3, U.WORKING_DAY),
    ("1 working day", 1, U.WORKING_DAY),
    ("same day", 0, U.SAME_DAY),
    ("0.5 working days", Fraction(1, 2), U.WORKING_DAY),
    ("2 working hours", 2, U.WORKING_HOUR),
    ("24 hours", 24, U.HOUR),
    ("7 days", 7, U.DAY),
    ("1 month", 1, U.MONTH),
    ("60 seconds", 60, U.SECOND),
    ("30 minutes", 30, U.MINUTE),
    ("on the spot", 0, U.ON_THE_SPOT),
    # full-width digits and spaces
    ("３个工作日", 3, U.WORKING_DAY),
    ("１５个自然日", 15, U.DAY),
    ("０．５个工作日", Fraction(1, 2), U.WORKING_DAY),
    (" 3 个 工作日 ", 3, U.WORKING_DAY),
    ("　3　个工作日　", 3, U.WORKING_DAY),
    ("24 小时", 24, U.HOUR),
    ("\t7\n日", 7, U.DAY),
    ("  3   WORKING   Days ", 3, U.WORKING_DAY),
    # numerals and halves
    ("一个工作日", 1, U.WORKING_DAY),
    ("两个工作日", 2, U.WORKING_DAY),
    ("二个工作日", 2, U.WORKING_DAY),
    ("十个工作日", 10, U.WORKING_DAY),
    ("十五日", 15, U.DAY),
    ("二十天", 20, U.DAY),
    ("二十四小时", 24, U.HOUR),
    ("三十分钟", 30, U.MINUTE),
    ("六十秒", 60, U.SECOND),
    ("九十九日", 99, U.DAY),
    ("三个月", 3, U.MONTH),
    ("半个工作日", Fraction(1, 2), U.WORKING_DAY),
    ("一个半工作日", Fraction(3, 2), U.WORKING_DAY),
    ("1个半工作日", Fraction(3, 2), U.WORKING_DAY),
    ("十二个半小时", Fraction(25, 2), U.HOUR),
    ("半小时", Fraction(1, 2), U.HOUR),
    ("半个小时", Fraction(1, 2), U.HOUR),
    ("半个工作小时", Fraction(1, 2), U.WORKING_HOUR),
    ("1.5小时", Fraction(3, 2), U.HOUR),
    # other words of the rules for the same units
    ("现场", 0, U.ON_THE_SPOT),
    ("即时", 0, U.ON_THE_SPOT),
    ("当天", 0, U.SAME_DAY),
    ("约定", 0, U.BY_AGREEMENT),
    ("按约定", 0, U.BY_AGREEMENT),
    ("另行约定", 0, U.BY_AGREEMENT),
    ("3工作日", 3, U.WORKING_DAY),
    ("2工作小时", 2, U.WORKING_HOUR),
    ("30个工作分钟", 30, U.WORKING_MINUTE),
    ("30工作分钟", 30, U.WORKING_MINUTE),
    ("60秒钟", 60, U.SECOND),
    ("30分", 30, U.MINUTE),
    ("24个小时", 24, U.HOUR),
    ("24个自然小时", 24, U.HOUR),
    ("24自然小时", 24, U.HOUR),
    ("15自然日", 15, U.DAY),
    ("15个日历日", 15, U.DAY),
    ("1月", 1, U.MONTH),
    ("1个自然月", 1, U.MONTH),
    ("by agreement", 0, U.BY_AGREEMENT),
    ("30 working minutes", 30, U.WORKING_MINUTE),
    ("24 natural hours", 24, U.HOUR),
    ("15 natural days", 15, U.DAY),
    ("15 calendar days", 15, U.DAY),
    ("3 business days", 3, U.WORKING_DAY),
    ("2 business hours", 2, U.WORKING_HOUR),
]


@pytest.mark.parametrize(("text", "amount", "unit"), FORMS, ids=[repr(row[0]) for row in FORMS])
def test_each_form_is_read(text: str, amount: Fraction, unit: LimitUnit) -> None:
    limit = Limit.parse(text)
    assert (amount, unit) == (limit.amount, limit.unit)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("7日", "7天"),
        ("7日", "7个自然日"),
        ("7日", "7 days"),
        ("3个工作日", "3 working days"),
        ("3个工作日", "3个工作日内"),
        ("3个工作日", "3个工作日以内"),
        ("3个工作日", "3个工作日之内"),
        ("0.5个工作日", "半个工作日"),
        ("当日", "same day"),
        ("当场", "on the spot"),
        ("24小时", "24 hours"),
    ],
)
def test_two_ways_to_write_a_limit_are_one_limit(one: str, other: str) -> None:
    assert (Limit.parse(one), hash(Limit.parse(one))) == (Limit.parse(other), hash(Limit.parse(other)))


@pytest.mark.parametrize(
    ("one", "other"),
    [("3个工作日", "3日"), ("24小时", "1日"), ("24小时", "24个工作小时"), ("当日", "1日"), ("1个月", "30日")],
)
def test_limits_that_only_look_alike_differ(one: str, other: str) -> None:
    assert Limit.parse(one) != Limit.parse(other)


ONES = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"]
NUMERALS = {
    10 * tens + ones: ("" if tens == 0 else "十" if tens == 1 else ONES[tens] + "十") + ONES[ones]
    for tens in range(10)
    for ones in range(10)
    if tens or ones
}


@pytest.mark.parametrize(("number", "numeral"), NUMERALS.items(), ids=NUMERALS.values())
def test_numerals_from_1_to_99_are_read(number: int, numeral: str) -> None:
    assert Limit.parse(f"{number}个工作日") == Limit.parse(f"{numeral}个工作日")


def test_there_are_99_numerals() -> None:
    assert list(range(1, 100)) == list(NUMERALS)


# -- printing


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("3 working days", "3个工作日", "3 working days"),
        ("1个工作日", "1个工作日", "1 working day"),
        ("半个工作日", "0.5个工作日", "0.5 working days"),
        ("当 日", "当日", "same day"),
        ("on the spot", "当场", "on the spot"),
        ("7天", "7日", "7 days"),
        ("1 month", "1个月", "1 month"),
        ("2 working hours", "2个工作小时", "2 working hours"),
        ("60 seconds", "60秒", "60 seconds"),
        ("30 minutes", "30分钟", "30 minutes"),
        ("24 hours", "24小时", "24 hours"),
        ("30 working minutes", "30个工作分钟", "30 working minutes"),
        ("by agreement", "约定", "by agreement"),
    ],
)
def test_a_limit_is_printed_as_a_rule_writes_it(text: str, chinese: str, english: str) -> None:
    limit = Limit.parse(text)
    assert (chinese, english) == (str(limit), limit.english)


@pytest.mark.parametrize("text", [row[0] for row in FORMS], ids=repr)
def test_what_is_printed_is_read_back(text: str) -> None:
    limit = Limit.parse(text)
    assert (limit, limit) == (Limit.parse(str(limit)), Limit.parse(limit.english))


AMOUNTS = st.one_of(
    st.integers(1, 10**12 - 1).map(str), st.decimals("0.000001", 10**9, places=6, allow_nan=False).map(str)
)
FRACTIONAL = ["个工作日", "个工作小时", "小时", "分钟", "秒", " working days", " hours"]


@law
@given(AMOUNTS, st.sampled_from(FRACTIONAL))
def test_every_amount_that_is_read_is_printed_and_read_back(amount: str, unit: str) -> None:
    limit = Limit.parse(f"{amount}{unit}")
    assert (limit, limit) == (Limit.parse(str(limit)), Limit.parse(limit.english))


def test_the_longest_number_that_is_read_is_printed_and_read_back() -> None:
    limit = Limit.parse("123456789012.123456小时")
    assert limit == Limit.parse(str(limit))


@pytest.mark.parametrize("unit", U)
def test_seconds_minutes_hours_and_at_once_run_without_a_look_at_any_day(unit: LimitUnit) -> None:
    bare = {U.ON_THE_SPOT, U.SAME_DAY, U.BY_AGREEMENT}
    expected = unit in {U.SECOND, U.MINUTE, U.HOUR, U.ON_THE_SPOT}
    assert expected == Limit(Fraction(unit not in bare), unit).is_natural_time


# -- refusals

NO_LIMITS = [
    "",
    " ",
    "3",
    "日",
    "个工作日",
    "工作日",
    "三",
    "半",
    "3个",
    "3工作",
    "3 fortnights",
    "three working days",
    "working days",
    "3working days4",
    "尽快",
    "立即办理",
    "一百日",
    "百日",
    "零个工作日",
    "一二日",
    "十十日",
    "0个工作日",
    "0日",
    "0小时",
    "0.0小时",
    "-1个工作日",
    "-1 days",
    "+1日",
    "1.5日",
    "半天",
    "半个月",
    "0.5个月",
    "1.5 days",
    "1..5小时",
    "1.小时",
    ".5小时",
    "1e3小时",
    "1/2个工作日",
    "1,5小时",
    "1_000秒",
    "nan小时",
    "inf hours",
    "∞日",
    "3个工作日3",
    "3个工作日和2小时",
    "当日当场",
    "1当日",
    "1 same day",
    "2 on the spots",
    "9" * 400 + "日",
    "0." + "0" * 400 + "1小时",
    "日" * 5000,
    "\0",
    "💥",
]


@pytest.mark.parametrize("text", NO_LIMITS, ids=lambda it: repr(it)[:30])
def test_anything_else_is_refused_with_the_forms(text: str) -> None:
    with pytest.raises(LimitError) as caught:
        Limit.parse(text)
    message = str(caught.value)
    assert isinstance(caught.value, ValueError)
    assert [] == [
        form
        for form in (
            "当日",
            "3个工作日",
            "2个工作小时",
            "24小时",
            "7日",
            "15个自然日",
            "1个月",
            "60秒",
            "30分钟",
            "当场",
        )
        if form not in message
    ]
    assert [] == [form for form in ("same day", "3 working days", "on the spot") if form not in message]
    assert len(message) < 1000


@pytest.mark.parametrize(
    "text", ["", "3", "三", "日", "个工作日", "working days", "3 fortnights", "尽快办理", "1当日", "1..5小时"]
)
def test_a_refusal_says_what_was_got(text: str) -> None:
    with pytest.raises(LimitError) as caught:
        Limit.parse(text)
    assert str(caught.value).startswith(f"{text!r} is not a limit")


def test_a_refusal_of_a_long_text_says_how_it_begins() -> None:
    with pytest.raises(LimitError) as caught:
        Limit.parse("日" * 5000)
    assert str(caught.value).startswith(f"'{'日' * 40}' ")


def test_a_refusal_lists_every_form_and_each_is_one() -> None:
    with pytest.raises(LimitError) as caught:
        Limit.parse("")
    forms = str(caught.value).partition("; write ")[2].replace("; ", ", ").split(", ")
    assert 22 == len([Limit.parse(form) for form in forms])


@pytest.mark.parametrize("value", [None, 3, 1.5, float("nan"), True, b"3", ["3个工作日"], U.DAY], ids=repr)
def test_what_is_no_text_is_refused(value: Any) -> None:
    with pytest.raises(KindError) as caught:
        Limit.parse(value)
    assert isinstance(caught.value, TypeError)
    assert repr(value) in str(caught.value)
    assert "3个工作日" in str(caught.value)


@given(
    st.text(alphabet="0123456789.一二两十九半个工作自然日天月小时分钟秒内当场 daysworkinghour", max_size=12)
)
@law
def test_no_text_ends_in_anything_but_a_limit_or_a_refusal(text: str) -> None:
    try:
        limit = Limit.parse(text)
    except LimitError:
        return
    assert limit == Limit.parse(str(limit))


@pytest.mark.parametrize(
    ("amount", "unit", "words"),
    [
        (Fraction(0), U.WORKING_DAY, "'working day' .*greater than 0, got 0;"),
        (Fraction(-1), U.HOUR, "'hour' .*greater than 0, got -1;"),
        (Fraction(1, 2), U.DAY, r"'day' .*whole amount, got 0\.5;"),
        (Fraction(3, 2), U.MONTH, r"'month' .*whole amount, got 1\.5;"),
        (Fraction(1), U.SAME_DAY, "'same day' .*no amount, got 1;"),
        (Fraction(1), U.ON_THE_SPOT, "'on the spot' .*no amount, got 1;"),
        (Fraction(1), U.BY_AGREEMENT, "'by agreement' .*no amount, got 1;"),
    ],
)
def test_a_limit_that_cannot_be_is_refused_however_it_is_made(
    amount: Fraction, unit: LimitUnit, words: str
) -> None:
    with pytest.raises(LimitError, match=words):
        Limit(amount, unit)


def test_a_whole_amount_may_be_a_plain_number() -> None:
    assert Limit.parse("3个工作日") == Limit(3, U.WORKING_DAY)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("amount", "unit"),
    [
        ("3", U.WORKING_DAY),
        (None, U.HOUR),
        (1.5, U.DAY),
        (float("nan"), U.HOUR),
        (Fraction(3), "working day"),
    ],
    ids=repr,
)
def test_a_limit_made_of_the_wrong_things_is_refused(amount: Any, unit: Any) -> None:
    with pytest.raises(KindError) as caught:
        Limit(amount, unit)
    assert f"got {amount!r} and {unit!r}" in str(caught.value)
