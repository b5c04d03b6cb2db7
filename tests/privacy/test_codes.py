"""Query codes: drawn, printed, read however they were typed, and refused where one is wrong."""

import itertools
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubancheng.errors import ArgumentError, KindError, QueryCodeError
from bubancheng.privacy import hashed_query_code, new_query_code, read_query_code

CODE = (
    "2222-2222-2222-224Y"  # by hand: the 15th character weighs 2 and is worth 2, so the check is -4 = 25, Y
)
CODES = [new_query_code() for _ in range(20)]
every_code = pytest.mark.parametrize("code", [CODE, *CODES], ids=range(21))
USED = "23456789ACDEFHJKMNPQRTUWXY"

LOOK_ALIKE = [*itertools.combinations("0OQ1IL", 2), "2Z", "5S", "8B", "6G", "UV", "CG", "QO", "DO"]


def is_refused(text: str) -> bool:
    """Tell whether a text is no code."""
    try:
        read_query_code(text)
    except QueryCodeError:
        return True
    return False


class TestNew:
    @every_code
    def test_a_code_is_printed_in_four_groups_of_four(self, code: str) -> None:
        assert [4, 4, 4, 4] == [len(group) for group in code.split("-")]

    @every_code
    def test_a_new_code_is_read_as_it_is(self, code: str) -> None:
        assert code == read_query_code(code)

    @pytest.mark.parametrize("pair", LOOK_ALIKE)
    def test_of_two_characters_that_look_alike_at_most_one_is_used(self, pair: str) -> None:
        assert not set(pair) <= set(USED)

    def test_every_place_takes_every_character_and_no_code_comes_twice(self) -> None:
        drawn = [new_query_code().replace("-", "") for _ in range(2000)]
        assert ([set(USED)] * 16, 2000) == ([set(it) for it in zip(*drawn, strict=True)], len(set(drawn)))

    def test_seventy_bits_are_random(self) -> None:
        """15 free characters of 26, of which 26 in 29 draws are kept (the rest has no check)."""
        assert 2**70 < 26**15 * 26 // 29


class TestRead:
    @pytest.mark.parametrize(
        "typed",
        [
            "2222-2222-2222-224Y",
            "222222222222224Y",
            "2222 2222 2222 224y",
            "  2222-2222-2222-224Y\r\n",
            "２２２２－２２２２－２２２２－２２４Ｙ",
            "２２２２　２２２２　２２２２　２２４ｙ",
            "2222–2222—2222−224Y",
            "2222‐2222‑2222‒224Y",
            "2222——2222ーー2222─224Y",
            "2222_2222_2222_224Y",
            "\ufeff2222\u200b2222\u00a02222\u00ad224Y",
        ],
    )
    def test_a_code_may_be_typed_in_many_ways(self, typed: str) -> None:
        assert CODE == read_query_code(typed)

    @every_code
    def test_every_single_wrong_character_is_found(self, code: str) -> None:
        plain = code.replace("-", "")
        wrong = [
            plain[:place] + char + plain[place + 1 :]
            for place, right in enumerate(plain)
            for char in USED
            if char != right
        ]
        assert (16 * 25, True) == (len(wrong), all(map(is_refused, wrong)))

    @every_code
    def test_every_exchange_of_two_different_characters_is_found(self, code: str) -> None:
        plain = code.replace("-", "")
        pairs = itertools.combinations(range(16), 2)
        assert [] == [
            (one, other)
            for one, other in pairs
            if plain[one] != plain[other]
            and not is_refused(
                plain[:one] + plain[other] + plain[one + 1 : other] + plain[one] + plain[other + 1 :]
            )
        ]

    @every_code
    def test_a_character_too_few_or_too_many_is_found(self, code: str) -> None:
        assert is_refused(code[:-1])
        assert is_refused(code[1:])
        assert is_refused(code + "2")

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ("", "应为 16 位，现为 0 位 (16 characters are meant, got 0)"),
            ("2222-2222", "现为 8 位"),
            ("O222-2222-2222-224Y", "只用 23456789ACDEFHJKMNPQRTUWXY 这些字符"),
            ("2222-2222-2222-224Z", "these characters only"),
            ("2222-2222-2222-224/", "这些字符"),
            ("查询编码", "这些字符"),
            ("2222-2222-2222-2242", "校验不符"),
            ("2222-2222-2222-422Y", "two changed places"),
            ("2" * 1_000_000, "太长"),
            ("\u0315\u0300" * 500_000, "太长"),
        ],
    )
    def test_a_refusal_says_what_is_wrong_and_what_to_do(self, typed: str, said: str) -> None:
        with pytest.raises(QueryCodeError) as caught:
            read_query_code(typed)
        assert said in caught.value.reason
        assert "请对照凭证重新输入" in str(caught.value)
        assert "type it as it is printed" in str(caught.value)

    @pytest.mark.parametrize("typed", ["9999-HHHH-7777-KKKK", "9999-HHHH-7777-KKK!", "9999-HHHH-7777-K"])
    def test_a_refusal_does_not_repeat_what_was_typed(self, typed: str) -> None:
        with pytest.raises(QueryCodeError) as caught:
            read_query_code(typed)
        assert not any(group in str(caught.value) for group in ("9999", "HHHH", "7777"))

    def test_a_refusal_is_a_mistake_in_an_argument_and_survives_pickling(self) -> None:
        error = pickle.loads(pickle.dumps(QueryCodeError("太长 (too long)")))  # noqa: S301 our own bytes
        assert (True, True, "太长 (too long)") == (
            isinstance(error, ArgumentError),
            isinstance(error, ValueError),
            error.reason,
        )

    @pytest.mark.parametrize("value", [None, 2222, b"2222-2222-2222-224Y"])
    def test_what_is_no_text_is_a_type_error_and_ours(self, value: object) -> None:
        with pytest.raises(KindError, match="is text"):
            read_query_code(value)  # type: ignore[arg-type]

    @given(typed=st.text(max_size=300))
    def test_any_text_is_read_or_refused(self, typed: str) -> None:
        assert is_refused(typed) or len(read_query_code(typed)) == len(CODE)


class TestHashed:
    def test_the_hash_is_that_of_the_printed_form_behind_its_prefix(self) -> None:
        r"""From the shell: printf 'bubancheng query code 1\0002222-2222-2222-2222' | sha256sum."""
        expected = "5e19c6c0855623847602d3ef14f84d7802a155054169aca3962b1464ad9d1cdd"
        assert expected == hashed_query_code("2222-2222-2222-2222")

    @every_code
    def test_the_way_of_typing_does_not_matter(self, code: str) -> None:
        assert hashed_query_code(code) == hashed_query_code(f" {code.lower().replace('-', ' ')} ")

    def test_different_codes_have_different_hashes(self) -> None:
        assert len(set(CODES)) == len({hashed_query_code(code) for code in CODES})

    def test_what_is_no_code_has_no_hash(self) -> None:
        with pytest.raises(QueryCodeError):
            hashed_query_code("2222-2222-2222-2223")
