"""Numbers that point at a person, found in free text (诉求内容) and masked where they stand.

The patterns are read on a folded copy of the text (full-width characters, dashes and spaces made
plain, one for one), so that places agree. In each pattern one group is what a mask hides; in it a
star is as good as a digit, and everything that is demanded beyond "a digit" lies outside it. So a
masked text has the matches it had before, and masking it again changes nothing. Every pattern has
a bounded length or never goes back over what it has read: the time is linear in the text.
"""

import re

_DASHES = "\N{SOFT HYPHEN}\u2010\u2011\u2012–—―\N{MINUS SIGN}─\ufe58\ufe63ーｰ_"
_SPACES = "\t\v\f\xa0\u1680\u202f\u205f\u2060\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x2010)))
_FOLDED = str.maketrans(
    {chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}  # full width
    | dict.fromkeys(_DASHES, "-")
    | dict.fromkeys(_SPACES, " ")
)
_DIGIT = re.compile(r"[0-9\uff10-\uff19]")

_D, _H = "[0-9]", "[0-9*]"  # a digit that stays, a digit that a mask hides
_G = "[ -]{0,3}"  # what may stand between the groups of a number
_S = f"(?:{_G}|[.])"  # the same for phones
_A = "(?:[) -]{0,3}|[.])"  # behind an area code or a country code

_MOBILE = f"(?:(?:00)?86{_A}|0)?1[3-9]{_D}{_S}({_H}{_S}{_H}{{3}}){_S}{_D}{_S}{_D}{{3}}"
_COUNTRY = rf"(?:(?<=\+)86{_A}|0086{_A}|86[) -]{{1,3}})"
_AREA = f"(?:{_COUNTRY}0?|0)(?:10|2{_D}|[3-9]{_D}{{2}})"  # 10, 2x and three digits, without the 0
_LOCAL = f"({_H}{{3}}{_S}{_H}){_S}{_D}{{3,4}}"
_LANDLINE = f"{_AREA}{_A}{_LOCAL}"
_IDENTITY = f"{_D}{{6}}{_G}({_H}{{4}}{_G}{_H}{{2}}{_G}{_H}{{2}}){_G}{_D}{{3}}[0-9Xx]"
_OLD_IDENTITY = f"{_D}{{6}}{_G}({_H}{{6}}){_G}{_D}{{3}}"
_NO_DATE = f"(?!(?:19|20){_D}{{2}}(?:{_H}{{4}})?[ -])"  # a list of years, a date before a number
_CARD = f"{_NO_DATE}{_D}{{4}}{_G}({_H}{{2}}{_G}{_H}{{2}}{_G}{_H}{{4}}"
_CARDS = (
    f"{_CARD}{_G}{_H}{{3}}){_D}{_G}{_D}{{3}}",
    f"{_CARD}{_G}{_H}{{2}}){_D}{{2}}{_G}{_D}{{2}}",
    f"{_CARD}{_G}{_H}){_D}{{3}}{_G}{_D}",
    f"{_CARD}){_G}{_D}{{4}}",
)
_PASSPORTS = (f"[EGeg]({_H}{{4}}){_D}{{4}}", f"[Ee][A-Za-z]({_H}{{4}}){_D}{{3}}")

_NUMBER = re.compile(
    f"(?<![0-9*])(?:{'|'.join((_IDENTITY, *_CARDS, _OLD_IDENTITY, _MOBILE, _LANDLINE))})(?![0-9*])"
    f"|(?<![A-Za-z0-9*])(?:{'|'.join(_PASSPORTS)})(?![A-Za-z0-9*])"
)
_PHONE = re.compile(rf"\+?(?:{_MOBILE}|[(]?{_LANDLINE}|{_LOCAL})")
_IDENTITIES = re.compile(f"{_IDENTITY}|{_OLD_IDENTITY}")
_EMAIL = re.compile(
    "(?<![A-Za-z0-9.*%+-])(?:([A-Za-z0-9.%+-])|[A-Za-z0-9.%+-]([A-Za-z0-9.*%+-]++))"
    "(?=@[A-Za-z0-9-]++[.][A-Za-z0-9])"
)


def scrub(text: str) -> str:
    """Return a text with the numbers and addresses in it that point at a person masked in place.

    Masked are: mobile numbers and landlines with area code (also with +86, spaces and dashes),
    resident identity numbers of 18 and 15 digits, bank cards of 16 to 19, passports (E or G and 8
    digits, E and a letter and 7), the part of an e-mail address before the @; full-width too.
    Everything else stays, and so does the length of the text.

    When in doubt it masks: an order number that has exactly as many digits as one of these, such as
    any number of 15 to 19 digits, is taken for one, also right behind letters. It does not find:
    landlines without area code (20260930 would be one), numbers in Chinese numerals or with their
    digits spaced one by one, names.
    """
    masked = _masked(_EMAIL, text, whole=True)
    return _masked(_NUMBER, masked)


def masked_phone(text: str) -> str | None:
    """Return the masked form of a text that is one phone number, None for any other."""
    return _masked_whole(_PHONE, text)


def masked_identity(text: str) -> str | None:
    """Return the masked form of a text that is one resident identity number, None for any other."""
    return _masked_whole(_IDENTITIES, text)


def _masked_whole(pattern: re.Pattern[str], text: str) -> str | None:
    found = pattern.fullmatch(text.translate(_FOLDED))
    if found is None or found.lastindex is None:
        return None
    start, end = found.span(found.lastindex)
    return text[:start] + _DIGIT.sub("*", text[start:end]) + text[end:]


def _masked(pattern: re.Pattern[str], text: str, *, whole: bool = False) -> str:
    """Return the text with the hidden group of every match starred: its digits, or the whole of it."""
    parts, done = [], 0
    for found in pattern.finditer(text.translate(_FOLDED)):
        start, end = found.span(found.lastindex or 0)
        hidden = "*" * (end - start) if whole else _DIGIT.sub("*", text[start:end])
        parts += [text[done:start], hidden]
        done = end
    return "".join([*parts, text[done:]])
