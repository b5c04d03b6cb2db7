"""A time limit (时限): an amount of a unit, when it ends, and why then."""

import datetime as dt
from fractions import Fraction

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import KindError, LimitError
from bubancheng.sla.counting import DEFAULT, Counting
from bubancheng.sla.dues import Deadline, Dues, kept_dues
from bubancheng.sla.explain import Explanation, explain_due
from bubancheng.sla.notation import (
    BARE,
    FORMS,
    NATURAL_TIME,
    WHOLE,
    LimitUnit,
    print_chinese,
    print_english,
    read_limit,
)


@attrs.frozen(cache_hash=True)
class Limit:
    """An amount of a unit; `Limit.parse` reads it, `str` prints it in Chinese, `english` in English.

    Working days and hours may be fractions; natural days and months are whole. Errors:
    `LimitError` for an amount of nothing, or one that its unit cannot have.
    """

    amount: Fraction
    unit: LimitUnit
    _last: Dues | None = attrs.field(default=None, init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        if not isinstance(self.unit, LimitUnit) or type(self.amount) not in {Fraction, int}:
            msg = f"a limit takes a Fraction and a LimitUnit, got {self.amount!r} and {self.unit!r}"
            raise KindError(msg)
        problem = None
        if self.unit in BARE:
            problem = None if self.amount == 0 else "takes no amount"
        elif self.amount <= 0:
            problem = "needs an amount greater than 0"
        elif self.unit in WHOLE and self.amount.denominator != 1:
            problem = "needs a whole amount"
        if problem:
            msg = f"{self.unit.value!r} {problem}, got {float(self.amount):g}; write {FORMS}"
            raise LimitError(msg)

    @classmethod
    def parse(cls, text: str) -> "Limit":
        """Return the limit that a rule writes, in Chinese or English.

        Accepts full-width digits, spaces, 一 to 九十九, 半, and 内 or 以内 behind. 7日 and 7天 are natural
        days; seconds, minutes and hours are natural unless called working. Errors: `LimitError`
        listing the forms, `KindError` for anything but a string.
        """
        return cls(*read_limit(text))

    def due(self, start: dt.datetime, calendar: WorkCalendar, counting: Counting = DEFAULT) -> Deadline:
        """Return when this limit ends if it starts at `start`, in the zone that `start` has.

        Source: 民法典 第201-203条 for the defaults of `Counting`; working-day limits land at the close
        of their last day. Errors: `UnknownDayError` where the count leaves the calendar's table,
        `KindError` for a start that is no instant, `LimitError` for a limit by agreement (约定).
        """
        at, provisional = self.dues(calendar, counting).find(start)
        return Deadline(at, provisional, calendar.version)

    def dues(self, calendar: WorkCalendar, counting: Counting = DEFAULT) -> Dues:
        """Return this limit by one calendar, for many starts."""
        last = self._last
        if last is None or last.calendar is not calendar or last.counting is not counting:
            last = kept_dues(self.amount, self.unit, calendar, counting)
            object.__setattr__(self, "_last", last)
        return last

    def explain(
        self, start: dt.datetime, calendar: WorkCalendar, counting: Counting = DEFAULT
    ) -> Explanation:
        """Return the same deadline with its reasons: day by day, counted or skipped, and why."""
        return explain_due(self.amount, self.unit, start, calendar, counting)

    @property
    def is_natural_time(self) -> bool:
        """Whether it runs in natural hours, minutes or seconds: no day is ever consulted."""
        return self.unit in NATURAL_TIME

    def __str__(self) -> str:
        return print_chinese(self.amount, self.unit)

    @property
    def english(self) -> str:
        """The limit in English, as `parse` reads it back."""
        return print_english(self.amount, self.unit)
