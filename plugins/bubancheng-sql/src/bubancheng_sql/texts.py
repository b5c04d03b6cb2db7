"""Any text as one that every server keeps as it is.

PostgreSQL refuses U+0000, the Oracle-like (Dameng, openGauss by default) take an empty text for NULL, and
comparisons that pad with spaces take "a " for "a". So U+0000 and U+0001 are written as U+0001 with U+0001
or U+0002 after it, and an empty text, or one that ends with a space, gets a U+0001 at its end. Ordinary texts
stay as they are, and the order by code point too.
"""

import re

_MARK = "\x01"
_SHIELDED = {"\x00": f"{_MARK}\x01", _MARK: f"{_MARK}\x02"}
_PLAIN = {stored: text for text, stored in _SHIELDED.items()} | {_MARK: ""}
_TO_SHIELD, _SHIELD = re.compile("[\x00\x01]"), re.compile("\x01[\x01\x02]?")


def shielded(text: str) -> str:
    """Return what is stored for a text."""
    kept = _TO_SHIELD.sub(lambda it: _SHIELDED[it[0]], text)
    return f"{kept}{_MARK}" if not kept or kept.endswith(" ") else kept


def plain(stored: str) -> str:
    """Return the text that something stored stands for."""
    return _SHIELD.sub(lambda it: _PLAIN[it[0]], stored) if _MARK in stored else stored
