"""Records of any kind, drawn from the types of their fields; what a constructor demands stands below."""

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from enum import Enum
from fractions import Fraction
from functools import cache
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints
from zoneinfo import ZoneInfo

import attrs
from hypothesis import reject
from hypothesis import strategies as st

from bubancheng.actions import Action
from bubancheng.calendar import Notice
from bubancheng.errors import BubanchengError
from bubancheng.flow import (
    Approved,
    AtMost,
    BeforeDue,
    Condition,
    Happened,
    Known,
    Listed,
    Open,
    OtherUnit,
    Within,
)
from bubancheng.records import PUBLIC_RECORDS
from bubancheng.sla import Counting, Deemed, Limit, LimitUnit, Policy, Remainder, Share, Target
from tests.acting import ZONE

Drawn = st.SearchStrategy[Any]

BARE = (LimitUnit.ON_THE_SPOT, LimitUnit.SAME_DAY, LimitUnit.BY_AGREEMENT)
ZONES = (dt.UTC, ZONE, dt.timezone(-dt.timedelta(hours=3, minutes=30)), ZoneInfo("Asia/Shanghai"))
ANY: Mapping[Any, list[Any]] = {
    Action: [it for it in PUBLIC_RECORDS if issubclass(it, Action) and it is not Action],
    Condition: [AtMost, Within, BeforeDue, Approved, OtherUnit, Open, Known, Happened, Listed],
}
"""What may stand where a family is named."""

_texts = st.text(max_size=6)
_instants = st.datetimes(
    dt.datetime(1992, 1, 1), dt.datetime(2099, 1, 1), timezones=st.sampled_from(ZONES), allow_imaginary=False
)

VALUES: Mapping[Any, Drawn] = {
    NoneType: st.none(),
    bool: st.booleans(),
    int: st.integers(),
    float: st.floats(allow_nan=False, allow_infinity=False),
    str: _texts,
    dt.datetime: _instants,
    dt.date: st.dates(),
    dt.timedelta: st.timedeltas(-dt.timedelta(days=90_000), dt.timedelta(days=90_000)),
    dt.tzinfo: st.sampled_from(ZONES),
    Fraction: st.fractions(Fraction(1, 999), 1, max_denominator=999),
}

LIMITS = st.one_of(
    st.builds(Limit, st.just(Fraction(0)), st.sampled_from(BARE)),
    st.builds(
        Limit, st.integers(1, 99).map(Fraction), st.sampled_from([it for it in LimitUnit if it not in BARE])
    ),
    st.builds(
        Limit,
        st.fractions(Fraction(1, 12), 9, max_denominator=12),
        st.sampled_from([LimitUnit.WORKING_DAY, LimitUnit.WORKING_HOUR]),
    ),
)
WARNINGS = st.one_of(
    st.sampled_from([Limit.parse(it) for it in ("24小时", "2个工作小时", "3日", "1个工作日")]),
    st.builds(Share, VALUES[Fraction]),
)
WAYS = {
    "first_day": ["excluded", "included", "included_before:12:00"],
    "out_of_hours": ["keep_day", "roll"],
    "day_end": ["close_of_business", "midnight", "18:30"],
    "shift_last_day": ["next_workday", "none"],
    "same_day": ["close_roll", "natural_day", "business_hours"],
    "pause": ["whole_days", "exact"],
}


def _targets() -> st.SearchStrategy[Target]:
    """Return targets with one kind of limit each, and no word that has a meaning in `starts`."""
    one = drawn_fields(
        Target,
        starts=st.sampled_from(["registered", "step:a,b", "due:other"]),
        limits=st.just({}),
        limit=st.none(),
        remainder=st.none(),
    )
    more = st.one_of(
        st.fixed_dictionaries({"limit": LIMITS}),
        st.fixed_dictionaries({"limits": st.dictionaries(_texts, LIMITS, max_size=2)}),
        st.fixed_dictionaries({"remainder": drawn(Remainder)}),
    )
    return st.builds(lambda target, changes: attrs.evolve(target, **changes), one, more)


def _policies() -> st.SearchStrategy[Policy]:
    free = drawn(Target).map(lambda it: attrs.evolve(it, starts="registered", capped_by=None, remainder=None))
    return drawn_fields(
        Policy,
        targets=st.lists(free, max_size=2, unique_by=lambda it: it.name).map(tuple),
        warn_before=WARNINGS,
        levels=st.lists(WARNINGS, max_size=2).map(tuple),
        closed=st.sampled_from(["frozen", "green"]),
    )


def _notices() -> st.SearchStrategy[Notice]:
    days = st.lists(st.dates(dt.date(2026, 1, 1), dt.date(2026, 12, 31)), min_size=1, max_size=3, unique=True)
    return st.builds(
        lambda off, work: Notice(
            document="国办发明电〔2025〕7号", year=2026, off=tuple(off), work=tuple({*work} - {*off})
        ),
        days,
        days,
    )


DEMANDING: Mapping[type, Callable[[], Drawn]] = {
    Counting: lambda: drawn_fields(Counting, **{name: st.sampled_from(ways) for name, ways in WAYS.items()}),
    Deemed: lambda: drawn_fields(Deemed, after=st.just(Limit.parse("1个工作日"))),
    Limit: lambda: LIMITS,
    Notice: _notices,
    Policy: _policies,
    Remainder: lambda: drawn_fields(Remainder, at_least=st.integers(1, 9)),
    Target: _targets,
}
"""What the types of the fields do not say."""


def drawn_fields(kind: type, **given: Drawn) -> Drawn:
    """Return records whose fields are drawn by their types, except those given."""
    hints = get_type_hints(kind)
    names = [it.name for it in attrs.fields(kind) if it.init]
    parts = {name: given[name] if name in given else drawn(hints[name]) for name in names}

    def make(values: dict[str, Any]) -> Any:
        try:
            return kind(**values)
        except BubanchengError:
            reject()

    return st.fixed_dictionaries(parts).map(make)


@cache
def drawn(kind: Any) -> Drawn:
    """Return values of a type as an annotation writes it."""
    return st.deferred(lambda: _drawn(kind))


def _drawn(kind: Any) -> Drawn:  # noqa: PLR0911 a way out for each shape
    origin, args = get_origin(kind), get_args(kind)
    if kind in VALUES:
        return VALUES[kind]
    if kind in ANY:
        return st.sampled_from(ANY[kind]).flatmap(drawn)
    if kind in DEMANDING:
        return DEMANDING[kind]()
    if origin in {Union, UnionType}:
        return st.one_of([drawn(it) for it in args])
    if origin is tuple and args[-1] is not Ellipsis:
        return st.tuples(*map(drawn, args))
    if origin in {tuple, Sequence}:
        return st.lists(drawn(args[0]), max_size=2).map(tuple)
    if origin is frozenset:
        return st.frozensets(drawn(args[0]), max_size=3)
    if origin is Mapping:
        return st.dictionaries(drawn(args[0]), drawn(args[1]), max_size=2)
    if issubclass(kind, Enum):
        return st.sampled_from(list(kind))
    return drawn_fields(kind)
