"""The conventions of counting that peers silently disagree on, each a named field."""

import re
from collections.abc import Mapping

import attrs

from bubancheng.calendar.hours import MINUTE
from bubancheng.errors import ArgumentError, KindError

_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")

_FORMS: dict[str, tuple[str, ...]] = {
    "first_day": ("excluded", "included", "included_before:HH:MM"),
    "out_of_hours": ("keep_day", "roll"),
    "day_end": ("close_of_business", "midnight", "HH:MM"),
    "shift_last_day": ("next_workday", "none"),
    "same_day": ("close_roll", "natural_day", "business_hours"),
    "pause": ("whole_days", "exact"),
}


def clock_time(text: str) -> int | None:
    """Return HH:MM as microseconds after midnight; None for any other text."""
    found = _CLOCK.fullmatch(text)
    if found is None or (found[1] == "24" and found[2] != "00"):
        return None
    return (int(found[1]) * 60 + int(found[2])) * MINUTE


def _allowed(_owner: object, field: "attrs.Attribute[str]", value: object) -> None:
    forms = _FORMS[field.name]
    fits = isinstance(value, str) and any(
        (value == form and not form.endswith("HH:MM"))
        or (form == "HH:MM" and clock_time(value) is not None)
        or (
            form.endswith(":HH:MM")
            and value.startswith(form[:-5])
            and clock_time(value[len(form) - 5 :]) is not None
        )
        for form in forms
    )
    if not fits:
        msg = f"{field.name} takes {' | '.join(forms)}, got {value!r}"
        raise ArgumentError(msg)


@attrs.frozen(kw_only=True, cache_hash=True)
class Counting:
    """How a limit is counted; the defaults are the law's.

    `first_day`: whether the day of the start counts (民法典 第201条: it does not);
    `out_of_hours`: what a start on a day off, or at or after the close, does (第201条 leaves out that
    day only: `keep_day`; `roll` moves the start to the next working day);
    `day_end`: when the last day ends (第203条第二款: with the close of business);
    `shift_last_day`: natural days and months that end on a day off (第203条第一款: the day after);
    `same_day`: what 当日 means (until the close, rolling to the next working day; the natural day;
    a regular day's working hours); `pause`: what a pause leaves out (行政许可法 第45条: whole days).
    """

    first_day: str = attrs.field(default="excluded", validator=_allowed)
    out_of_hours: str = attrs.field(default="keep_day", validator=_allowed)
    day_end: str = attrs.field(default="close_of_business", validator=_allowed)
    shift_last_day: str = attrs.field(default="next_workday", validator=_allowed)
    same_day: str = attrs.field(default="close_roll", validator=_allowed)
    pause: str = attrs.field(default="whole_days", validator=_allowed)

    @classmethod
    def of(cls, values: Mapping[str, str]) -> "Counting":
        """Return the conventions of a mapping; `ArgumentError` for an unknown name or value."""
        if not isinstance(values, Mapping):
            msg = f"conventions come as a mapping of names to values, got {values!r}"
            raise KindError(msg)
        for name in values:
            if name not in _FORMS:
                msg = f"no counting convention {name!r}: use {', '.join(_FORMS)}"
                raise ArgumentError(msg)
        return cls(**values)

    def counts_first_day(self, clock: int) -> bool:
        """Whether the day of a start at this wall clock (microseconds after midnight) counts."""
        if self.first_day == "included":
            return True
        before = clock_time(self.first_day.removeprefix("included_before:"))
        return before is not None and clock < before


DEFAULT = Counting()
