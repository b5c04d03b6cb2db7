"""Texts that a spreadsheet shows and never runs, and that no file format breaks on; and the way back.

A cell that begins with = + - @ or a tab may be run as a formula by the program that opens the file, so an
apostrophe is put before it (OWASP ASVS 5.0, 1.2.10); to be safe, before the full-width forms too. Where
apostrophes stand before such a sign already they get one more, so that the way back is exact.
"""

import re

LONGEST = 32_767
"""What a cell of an Excel workbook holds, in UTF-16 units."""

_FORMULA = re.compile("'*[=+\\-@\t\r\uff1d\uff0b\uff0d\uff20]")
_ILLEGAL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_BREAKS = re.compile("[\n\t]+")
_UTF16_SHORT = LONGEST // 2  # so many characters fit whatever they are


def neutralised(text: str) -> str:
    """Return a cell's text so that no spreadsheet runs it as a formula."""
    return f"'{text}" if _FORMULA.match(text) else text


def restored(text: str) -> str:
    """Return the text that `neutralised` was given."""
    return text[1:] if text.startswith("'") and _FORMULA.match(text) else text


def legible(text: str) -> str:
    """Return a text without blanks around it, its line breaks plain, its control characters marked."""
    return _ILLEGAL.sub("�", text.replace("\r\n", "\n").replace("\r", "\n").strip())


def on_one_line(text: str) -> str:
    """Return a legible text with blanks for its line breaks and tabs."""
    return _BREAKS.sub(" ", text)


def fitted(text: str) -> str:
    """Return a text that fits into a cell of a workbook: cut where it does not, with a note of its length."""
    if len(text) <= _UTF16_SHORT or _units(text) < LONGEST:  # one is left for an apostrophe
        return text
    note = f"…（全文 {len(text)} 字，此处截断）"
    data = text.encode("utf-16-le")[: 2 * (LONGEST - 1 - len(note))]
    return data.decode("utf-16-le", "ignore") + note


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
