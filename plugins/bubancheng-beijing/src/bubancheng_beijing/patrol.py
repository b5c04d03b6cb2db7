"""东城“找茬日”: a day drawn at random each month, secret until it comes, open to checking afterwards.

Pure functions: seed, month, calendar and the day of the announcement are arguments; there is no clock here.
How the day is announced, begun and ended stands in the flow of `dongcheng.toml`.
"""

import calendar as civil
import datetime as dt
import hashlib
import hmac
import re
from collections.abc import Iterable, Sequence

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import ArgumentError
from bubancheng.ticket import Ticket

SECRECY = dt.timedelta(days=2)
"""How long after the announcement the day comes at the earliest (assumed: domain decision 38)."""
SHORTEST_SEED = 16  # characters: a short one could be found by trying, and the day known too soon

_MONTH = re.compile("([0-9]{4})-(0[1-9]|1[0-2])")
_YEAR_SETTLED = (12, 28)  # the notice for a year has reached back to 29 December, never further


def commitment(seed: str, month: str) -> str:
    """Return what is published beforehand: SHA-256 of "2022-03 " and the seed, in hexadecimal."""
    return _digest(_checked(seed, month))


def candidates(month: str, calendar: WorkCalendar, announced: dt.date) -> list[dt.date]:
    """Return the days that may be drawn: working days of the month, two days or more after `announced`.

    The days after 28 December are left out: whether they are worked is known only with next year's notice.
    Errors: `ArgumentError` where the month is no month such as "2022-03", where its days are not settled in
    the calendar, or where no day is left.
    """
    year, number = _parts(month)
    last = civil.monthrange(year, number)[1]
    if (number, last) > _YEAR_SETTLED:
        last = _YEAR_SETTLED[1]
    days = [dt.date(year, number, day) for day in range(1, last + 1)]
    if not calendar.known_from <= days[0] or days[-1] > calendar.known_until:
        msg = f"{month} 的放假安排尚未公布 (not settled in this calendar): 等通知公布后再抽"
        raise ArgumentError(msg)
    found = [day for day in days if day >= announced + SECRECY and calendar.is_workday(day)]
    if not found:
        msg = f"{announced} 公布承诺值后，{month} 已没有可抽的工作日 (no day left): 请早些公布"
        raise ArgumentError(msg)
    return found


def drawn_day(seed: str, month: str, calendar: WorkCalendar, announced: dt.date) -> dt.date:
    """Return the day that a seed draws; nobody can tell it from the commitment."""
    days = candidates(month, calendar, announced)
    return days[int(_digest(f"day {_checked(seed, month)}"), 16) % len(days)]


def is_fair(  # noqa: PLR0913 all that was published
    *, seed: str, month: str, calendar: WorkCalendar, announced: dt.date, committed: str, held: dt.date
) -> bool:
    """Whether a revealed seed is the one committed to, and the day that was held the one it draws."""
    same = hmac.compare_digest(commitment(seed, month), committed)
    return same and held == drawn_day(seed, month, calendar, announced)


def roster(members: Sequence[str], counters: Sequence[str], month: str) -> dict[str, list[str]]:
    """Return who looks at which counters (轮流巡视): every counter once, other ones each month."""
    if not members:
        msg = "“找茬”小组没有成员 (nobody to patrol)"
        raise ArgumentError(msg)
    year, number = _parts(month)
    turn = year * 12 + number
    found: dict[str, list[str]] = {member: [] for member in members}
    for place, counter in enumerate(counters):
        found[members[(place + turn) % len(members)]].append(counter)
    return found


@attrs.frozen(kw_only=True)
class Coverage:
    """How much of the checklist was done: how many counters of how many, and which not."""

    checked: int
    counters: int
    missing: tuple[str, ...]

    @property
    def percent(self) -> int:
        """The share in whole percent, rounded down: 100 only where none is missing."""
        return 100 * self.checked // self.counters if self.counters else 100


def coverage(ticket: Ticket, counters: Iterable[str]) -> Coverage:
    """Return how many of the counters a patrol day has a check of."""
    wanted = list(dict.fromkeys(counters))
    seen = {mark.facts.get("counter") for mark in ticket.marks if mark.kind == "counter_checked"}
    missing = tuple(it for it in wanted if it not in seen)
    return Coverage(checked=len(wanted) - len(missing), counters=len(wanted), missing=missing)


def _parts(month: str) -> tuple[int, int]:
    found = _MONTH.fullmatch(month)
    if found is None or found[1] == "0000":
        msg = f"月份写作 2022-03 (a month such as 2022-03), got {month!r}"
        raise ArgumentError(msg)
    return int(found[1]), int(found[2])


def _checked(seed: str, month: str) -> str:
    _parts(month)
    if len(seed.strip()) < SHORTEST_SEED:
        msg = f"种子至少 {SHORTEST_SEED} 个字符 (the seed is too short): 太短的可以逐个试出来"
        raise ArgumentError(msg)
    return f"{month} {seed}"


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
