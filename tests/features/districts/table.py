"""The table of docs/features-districts.md, and what a name of a district may mean in it."""

from collections.abc import Callable, Iterable

from bubancheng.district import District
from bubancheng.registry import installed
from tests.features.districts.halls import district
from tests.features.table import ROOT, Row, rows

PAGE = ROOT / "docs" / "features-districts.md"
NAMES = frozenset(name for it in installed() for name in it.districts)

WORDS: dict[str, Callable[[District], Iterable[str]]] = {
    "action": lambda it: (row.action for row in it.flow.transitions),
    "channel": lambda it: (channel.id for channel in it.channels),
    "class": lambda it: (one.id for rule in it.rules for one in rule.categories),
    "code": lambda it: (f"{code.fact} {code.id}" for code in it.codes),
    "column": lambda it: (column.id for column in it.columns),
    "duty": lambda it: (duty.post for duty in it.duties),
    "exclusion": lambda it: (exclusion.id for exclusion in it.exclusions),
    "metric": lambda it: (metric.id for metric in it.metrics),
    "question": lambda it: (question.id for question in it.questions),
    "right": lambda it: (right for role in it.roles for right in role.rights),
    "role": lambda it: (role.id for role in it.roles),
    "route": lambda it: (route.id for route in it.routes),
    "rule": lambda it: (rule.version for rule in it.rules),
    "step": lambda it: (step.id for step in it.flow.steps),
    "target": lambda it: (one.name for rule in it.rules for one in rule.policy.targets),
    "tip": lambda it: (tip.id for tip in it.tips),
}
"""What each word before an identifier lists in a profile."""


def district_rows() -> list[Row]:
    """Return the rows of the table in order."""
    return rows(PAGE)


def is_in_profile(name: str) -> bool | None:
    """Tell whether a profile holds a name such as "pudong step followed"; None where it begins with no district."""
    owner, _, rest = name.partition(" ")
    if owner not in NAMES:
        return None
    kind, _, word = rest.partition(" ")
    return kind in WORDS and word in WORDS[kind](district(owner))
