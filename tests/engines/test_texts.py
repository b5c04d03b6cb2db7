"""Texts as every server keeps them; no server is needed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubancheng_sql.texts import plain, shielded

texts = st.text(st.one_of(st.sampled_from("\x00\x01\x02 a中"), st.characters(exclude_categories=["Cs"])))


@given(texts)
def test_every_text_comes_back(text: str) -> None:
    assert text == plain(shielded(text))


@given(texts)
def test_what_is_stored_suits_every_server(text: str) -> None:
    stored = shielded(text)
    assert ("\x00" not in stored, stored != "", stored.endswith(" ")) == (True, True, False)


@given(texts, texts)
def test_the_order_by_code_point_stays(first: str, second: str) -> None:
    assert (first < second) == (shielded(first) < shielded(second))


@pytest.mark.parametrize("text", ["T1", "区公安分局", " a", "𠮷😀", "\x02", '{"a": 1}'])
def test_ordinary_texts_stay_as_they_are(text: str) -> None:
    assert text == shielded(text)


@pytest.mark.parametrize(
    ("text", "stored"),
    [("", "\x01"), ("a ", "a \x01"), ("\x00", "\x01\x01"), ("\x01", "\x01\x02"), ("a\x00b", "a\x01\x01b")],
)
def test_what_some_server_would_change_is_written_otherwise(text: str, stored: str) -> None:
    assert stored == shielded(text)
