"""Laws of scrubbing: total, idempotent, in place, linear, and no number can be read afterwards."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bubancheng.privacy import scrub

many = settings(max_examples=400, deadline=None)

PIECES = "138 1381 2341234 +86 0086 86 021 (021) 0513- 310230 19900101 123X 6222 0200 @qq.com a E1234 5678 20240325"
TEXTS = (
    st.text()
    | st.text("0123456789 -*.@+()XxEGa１２张\n_", max_size=60)
    | st.lists(st.sampled_from([*PIECES.split(), " ", "-", "*", "****", "张", "."]), max_size=12).map("".join)
)
AROUND = st.text("请打电话找我，。、（）：abc\n", max_size=10)


@many
@given(text=TEXTS)
def test_scrubbing_twice_is_scrubbing_once(text: str) -> None:
    assert scrub(text) == scrub(scrub(text))


@many
@given(text=TEXTS)
def test_scrubbing_writes_stars_and_nothing_else(text: str) -> None:
    pairs = zip(text, scrub(text), strict=True)
    assert {"*"} >= {after for before, after in pairs if before != after}


def full_width(text: str) -> str:
    """Return a text with its digits in full width."""
    return "".join(chr(ord(char) + 0xFEE0) if char in "0123456789" else char for char in text)


def digits(n: int) -> st.SearchStrategy[str]:
    """Return strings of n digits."""
    return st.text("0123456789", min_size=n, max_size=n)


@st.composite
def numbers(draw: st.DrawFn) -> tuple[str, str]:
    """Return a number that points at a person, bare and as somebody wrote it."""
    joint = draw(st.sampled_from(["", "", " ", "-", "　", "－", "—", " - "]))
    tail = draw(digits(4))
    parts, prefix = draw(
        st.one_of(
            st.tuples(st.tuples(st.sampled_from(["138", "159", "170", "199"]), digits(4)), st.just("")),
            st.tuples(
                st.tuples(st.sampled_from(["138", "159"]), digits(4)),
                st.sampled_from(["+86", "+86 ", "0086-"]),
            ),
            st.tuples(st.tuples(st.sampled_from(["010", "021", "0513", "0991"]), digits(4)), st.just("")),
            st.tuples(st.tuples(st.sampled_from(["310230", "110101"]), digits(8)), st.just("")),
            st.tuples(st.tuples(st.sampled_from(["6222", "4563"]), digits(4), digits(4)), st.just("")),
        )
    )
    written = prefix + joint.join([*parts, tail])
    return "".join([*parts, tail]), full_width(written) if draw(st.booleans()) else written


@many
@given(number=numbers(), before=AROUND, after=AROUND)
def test_no_seven_digits_in_a_row_are_left_of_a_number(
    number: tuple[str, str], before: str, after: str
) -> None:
    bare, written = number
    scrubbed = scrub(before + written + after)
    left = "".join(
        char
        for char in scrubbed.translate(str.maketrans("０１２３４５６７８９", "0123456789"))
        if char not in " -　－—"
    )
    assert not any(bare[place : place + 7] in left for place in range(len(bare) - 6))


@many
@given(number=numbers(), before=AROUND, after=AROUND)
def test_what_stands_around_a_number_stays(number: tuple[str, str], before: str, after: str) -> None:
    scrubbed = scrub(f"{before}：{number[1]}。{after}")
    assert (f"{before}：", f"。{after}") == (scrubbed[: len(before) + 1], scrubbed[-len(after) - 1 :])


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "0",
        "１",
        "1 ",
        "1-",
        "1*",
        "*",
        "86",
        "86 ",
        "021-",
        "138 1234 ",
        "13812341234 ",
        "E1",
        "a",
        "a.",
        "a@",
        "@a.",
        "x@a.b ",
    ],
)
def test_a_million_hostile_characters_take_seconds_at_most(piece: str) -> None:
    """Linear: a quadratic pattern would take hours."""
    text = piece * (1_000_000 // len(piece))
    start = time.perf_counter()
    scrubbed = scrub(text)
    assert (len(text), True) == (len(scrubbed), time.perf_counter() - start < 20)
