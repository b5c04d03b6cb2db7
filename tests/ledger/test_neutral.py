"""What a spreadsheet must not run, and the way back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubancheng.ledger.neutral import LONGEST, fitted, legible, neutralised, restored

SIGNS = "=+-@\t\r＝＋－＠"
TEXTS = st.text() | st.text(alphabet=f"'{SIGNS}1A ")


class TestNeutralised:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("+8613800001234", "'+8613800001234"),
            ("-1", "'-1"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("＝1+1", "'＝1+1"),
            ("'=1", "''=1"),
            ("''=1", "'''=1"),
        ],
    )
    def test_what_may_be_run_gets_an_apostrophe(self, text: str, expected: str) -> None:
        assert expected == neutralised(text)

    @pytest.mark.parametrize("text", ["", "居住证办理", "'", "'quoted'", "1-2", "a=b", "138****1234", " =1"])
    def test_anything_else_stays(self, text: str) -> None:
        assert text == neutralised(text)

    @given(TEXTS)
    def test_no_cell_begins_as_a_formula(self, text: str) -> None:
        assert neutralised(text)[:1] not in {*SIGNS}

    @given(TEXTS)
    def test_the_way_back_is_exact(self, text: str) -> None:
        assert text == restored(neutralised(text))

    @given(TEXTS, TEXTS)
    def test_two_texts_never_become_one(self, one: str, other: str) -> None:
        assert (one == other) == (neutralised(one) == neutralised(other))


class TestLegible:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("一\r\n二\r三\n四", "一\n二\n三\n四"),
            (" \t居住证\u3000\n", "居住证"),
            ("a\0b\x1bc\x7f\x85\x0bd", "a�b�c���d"),
            ("\ud800a\ufffe\uffff", "�a��"),
            ("列\t列", "列\t列"),
            ("𠮷é“”", "𠮷é“”"),
        ],
    )
    def test_it_holds_nothing_that_a_file_breaks_on(self, text: str, expected: str) -> None:
        assert expected == legible(text)

    @given(st.text(alphabet=st.characters()))
    def test_it_is_legible_for_good(self, text: str) -> None:
        assert legible(text) == legible(legible(text))


class TestFitted:
    @pytest.mark.parametrize("text", ["", "字" * (LONGEST - 1), "𠮷" * (LONGEST // 2)])
    def test_what_fits_stays(self, text: str) -> None:
        assert text == fitted(text)

    @pytest.mark.parametrize("text", ["字" * LONGEST, "字" * 100_000, "𠮷" * 20_000, "=" * 40_000])
    def test_what_does_not_is_cut_and_says_so(self, text: str) -> None:
        cut = fitted(text)
        assert (True, True, f"…（全文 {len(text)} 字，此处截断）") == (
            len(neutralised(cut).encode("utf-16-le")) <= 2 * LONGEST,
            text.startswith(cut.partition("…")[0]),
            cut[cut.index("…") :],
        )
