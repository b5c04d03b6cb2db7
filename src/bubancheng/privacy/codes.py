"""Query codes (查询编码): by which a citizen follows a ticket without logging in.

Fifteen random characters and a check character, in groups of four. Of what looks alike the alphabet
has one or none: 0 O 1 I L are out altogether; of 2 Z, 5 S, 8 B, 6 G and U V the second is out. The
check is a weighted sum modulo 29: a prime above the size of the alphabet and above the length, with a
weight of its own for each place, so that every single wrong character and every exchange of two
different characters changes it. A draw whose check has no character is drawn again.
"""

import hashlib
import secrets
import unicodedata

from bubancheng.errors import KindError, QueryCodeError

_ALPHABET = "23456789ACDEFHJKMNPQRTUWXY"
_VALUES = {char: value for value, char in enumerate(_ALPHABET)}
_PRIME = 29
_LENGTH = 16  # the check character included: 15 * log2(26) = 70.5 bits, 70.3 after drawing again
_GROUP = 4
_LONGEST = 200  # what is still looked at; a code with every decoration is far shorter
_DASHES = "\N{MINUS SIGN}─ー_"  # what passes for a dash without being one by its category
_DOMAIN = "bubancheng query code 1\0"


def new_query_code() -> str:
    """Return a new query code such as `7KQ4-XW2M-93HD-TRAC`, 70 bits of it random."""
    while True:
        drawn = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH - 1))
        check = -_weighted(drawn + _ALPHABET[0]) % _PRIME
        if check < len(_ALPHABET):
            return _printed(drawn + _ALPHABET[check])


def read_query_code(text: str) -> str:
    """Return a code as it is printed, from what somebody typed.

    Lower case, full-width characters, spaces and dashes of all sorts are accepted. Errors:
    `QueryCodeError` for anything that is no code; its sentence does not repeat what was typed.
    """
    if not isinstance(text, str):
        msg = f"a query code (查询编码) is text, got {type(text).__name__}"
        raise KindError(msg)
    if len(text) > _LONGEST:
        raise QueryCodeError("太长 (too long)")
    code = "".join(char for char in unicodedata.normalize("NFKC", text).upper() if not _is_filling(char))
    if not _VALUES.keys() >= set(code):
        raise QueryCodeError(f"只用 {_ALPHABET} 这些字符 (it has these characters only)")
    if len(code) != _LENGTH:
        raise QueryCodeError(
            f"应为 {_LENGTH} 位，现为 {len(code)} 位 ({_LENGTH} characters are meant, got {len(code)})"
        )
    if _weighted(code) % _PRIME:
        raise QueryCodeError("校验不符，有字符输错或颠倒 (a character is wrong, or two changed places)")
    return _printed(code)


def hashed_query_code(code: str) -> str:
    """Return what a store keeps of a code: the SHA-256, in hex, of its printed form behind a prefix.

    However the code is typed, its hash is the same. Errors: `QueryCodeError`, as in reading.
    """
    return hashlib.sha256((_DOMAIN + read_query_code(code)).encode()).hexdigest()


def _weighted(code: str) -> int:
    """Return the sum that is a multiple of 29 for a code; the check character has weight 1."""
    return sum((_LENGTH - place) * _VALUES[char] for place, char in enumerate(code))


def _printed(code: str) -> str:
    return "-".join(code[place : place + _GROUP] for place in range(0, _LENGTH, _GROUP))


def _is_filling(char: str) -> bool:
    """Tell whether a character only holds the groups apart: space, dash, invisible."""
    return char.isspace() or char in _DASHES or unicodedata.category(char) in {"Pd", "Cf"}
