"""The rules of a sheet, the most specific first, found by hashing."""

import datetime as dt
import unicodedata
from collections.abc import Iterable, Mapping

import attrs

FIRST, NEVER = dt.date.min, dt.date.max

# the most specific first; True: the rule must name it
_LEVELS = (
    (True, True, True),
    (True, True, False),
    (True, False, True),
    (True, False, False),
    (False, True, True),
    (False, True, False),
)

Key = tuple[str, ...]
"""Matter, place and channel in their plain form; blank where a rule does not ask."""


def plain(text: str) -> str:
    """Return a text as two spellings of it agree: full-width or not, with or without spaces and marks."""
    found = unicodedata.normalize("NFKC", text).casefold()
    return "".join(it for it in found if unicodedata.category(it)[0] not in "ZC")


@attrs.frozen(kw_only=True)
class Rule:
    """A row of the sheet: who takes what, from a date on, and until before another one.

    `key`: matter, place and channel in their plain form; `valid_until`: the first day on which it holds no
    longer; `source`: by which document (依据); `row`: its number in the sheet.
    """

    key: Key
    unit: str
    valid_from: dt.date = FIRST
    valid_until: dt.date = NEVER
    source: str = ""
    row: int

    def holds_on(self, day: dt.date) -> bool:
        """Whether the rule holds on a day."""
        return self.valid_from <= day < self.valid_until


@attrs.frozen
class RuleBook:
    """All rules of a sheet, `name` being its file's; asking costs the same however many there are."""

    name: str
    rules: tuple[Rule, ...]
    _by_key: Mapping[Key, list[Rule]] = attrs.field(init=False, repr=False, eq=False, hash=False)

    @_by_key.default
    def _found_by(self) -> Mapping[Key, list[Rule]]:
        return grouped(self.rules)

    def find(self, matter: str, place: str | None, channel: str | None, day: dt.date) -> Rule | None:
        """Return the most specific rule that holds on a day; None where nobody is named."""
        asked = plain(matter), plain(place or ""), plain(channel or "")
        for level in _LEVELS:
            key = tuple(text if wanted else "" for text, wanted in zip(asked, level, strict=True))
            for rule in self._by_key.get(key, ()):
                if rule.holds_on(day):
                    return rule
        return None

    def cite(self, rule: Rule) -> str:
        """Return how a rule stands in the record: file and row, and its document."""
        source = f"，依据：{rule.source}" if rule.source else ""
        return f"{self.name} 第{rule.row}行{source}"


def grouped(rules: Iterable[Rule]) -> Mapping[Key, list[Rule]]:
    """Return rules by what they ask for."""
    found: dict[Key, list[Rule]] = {}
    for rule in rules:
        found.setdefault(rule.key, []).append(rule)
    return found
