"""A deliberately naive second implementation of the deadline rules behind ``bubancheng run --json``.

It was written from ``domain.md`` and ``design.md`` alone, without sight of the library, and shares nothing with it: the
calendar is read from ``tests/data/cn-days.json``, and every limit is found by walking from one day to the next.

Ambiguities met in the texts, and how each is read here
--------------------------------------------------------

1.  "Deemed acknowledged at the close of the next working day after dispatch": the calendar day of the dispatch is left
    out, whatever the hour and whether or not it is a working day. Dispatched on Friday 18:00, on Saturday or on Sunday:
    deemed on Monday 17:00.
2.  A real acknowledgement at exactly the deemed instant: the deemed one did not come *first*, so
    ``deemed_acknowledged_at`` is null. The clock starts at the same instant either way.
3.  A real acknowledgement later than the deemed one: both are reported, ``acknowledged_at`` is always the time in the
    row (null where there is none, as a deemed acknowledgement is never an entry); the clock starts at the deemed one.
4.  A deemed acknowledgement that lies after ``now`` has not happened yet, like any other time: until then the order has
    no deemed acknowledgement and no due times. At ``now`` exactly, an event (real or deemed) has happened.
5.  Resolved with no acknowledgement: strictly before the deemed instant the clock never starts, and nothing starts it
    later. At exactly the deemed instant the clock did start (equal times are allowed in a row, so the acknowledgement
    counts as the earlier of the two).
6.  A clock that never started can miss nothing: ``contact_due`` null, ``contact_overdue`` false, green, no change.
7.  Times of the row after ``now`` are ignored one by one. A dispatch after ``now`` means no deemed acknowledgement yet,
    even if a contact has already happened. They do not foretell ``next_change`` either: the light is asked as if
    nothing else were to happen.
8.  The class in the row holds from the start of the clock, although decision 18 makes it final at first contact only;
    the row has no time for the classification. Blank counts as general.
9.  A contact before the acknowledgement (even before the dispatch) fulfils the duty: never ``contact_overdue``.
10. ``contact_overdue`` is judged against the *effective* limit, min(contact, due). What stops the contact clock is the
    earlier of contact and resolution among those that have happened; a contact noted after the resolution is idle.
    Exactly at the limit is in time; with nothing to stop it, overdue begins when now > limit.
11. Hard orders (确实难度较大) have a contact limit but no due time: the light is always green, ``next_change`` always
    null, and a resolution closes them without a colour.
12. ``provisional`` of the order: that of ``due``; where there is none (hard) that of ``contact_due``; false where there
    is neither. The section on the command does not say which limit the flag belongs to. It stays as counted on closed
    orders. Days after ``settled_until`` (2026-12-28) are provisional, the 29th to 31st too, although they are listed.
    The rule itself (a day after the start day up to the due day; for 当日 the start day too) stands in design 3.1.
13. Whether a provisional *deemed* day taints a limit counted from it need not be decided: every limit that starts after
    2026-12-28 lands on a provisional day anyway.
14. Frozen light of a closed order: the colour at the instant of the resolution, which may be yellow. ``next_change`` of
    a closed order is null, also where the resolution is at ``now`` exactly.
15. ``next_change`` is null while there is no due time, although a deemed acknowledgement that is to come would make a
    simple order yellow. An order in the yellow changes at due + 1 microsecond.
16. The opening hour, 09:00, changes no result: no rule here counts working hours, and a start before opening keeps its
    day. 当日 rolls at 17:00 sharp ("at or after the close"). There is no lunch break.
17. A blank 派单时间 is taken as 登记时间, as every row here names a unit. Rows without a unit (the manual queue or a
    dispatch rule) are refused with an error: they would need a profile.
18. An order registered after ``now`` is left out of the result, as the task says; one registered at ``now`` is in it.
19. Section 8 does not say which words 渠道 may hold, so the random rows leave it blank.
20. Bad rows are not this oracle's business: a row that breaks a rule, or an id seen twice, raises ``ValueError``.
21. ``now`` may have microseconds (sometimes 17:00:00.000001 here); the times of rows have minutes.
22. After 2026 only January 2027 is known, by statute: 1 January and the weekends off, no make-up days. Asking further
    raises, so that a wrong guess cannot hide.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from random import Random

DATA = Path(__file__).resolve().parent.parent / "data"
SHANGHAI = timezone(timedelta(hours=8))
CLOSE = time(17, 0)

ONE_DAY = timedelta(days=1)
ONE_MINUTE = timedelta(minutes=1)
ONE_MICROSECOND = timedelta(microseconds=1)
WARNING = timedelta(hours=24)

COLUMNS = (
    "工单编号",
    "渠道",
    "事项",
    "办理地点",
    "诉求内容",
    "反映人",
    "联系电话",
    "难易",
    "登记时间",
    "派单时间",
    "接单时间",
    "联系时间",
    "办结时间",
    "主办单位",
)
SIMPLE, GENERAL, COMPLEX, HARD = "简单", "一般", "复杂", "确实难度较大"


@dataclass(frozen=True)
class Expected:
    """What ``run --json`` must say of one order."""

    acknowledged_at: datetime | None
    deemed_acknowledged_at: datetime | None
    contact_due: datetime | None
    due: datetime | None
    provisional: bool
    light: str
    contact_overdue: bool
    next_change: datetime | None


# The calendar: one question for one day.


def _read_calendar() -> tuple[frozenset[date], frozenset[date], date]:
    """The days off, the make-up days and the last settled day, as the file has them."""
    content = json.loads((DATA / "cn-days.json").read_text(encoding="utf-8"))
    off: set[date] = set()
    make_up: set[date] = set()
    for year in content["years"].values():
        off.update(date.fromisoformat(day) for day in year["off"])
        make_up.update(date.fromisoformat(day) for day in year["make_up"])
    return frozenset(off), frozenset(make_up), date.fromisoformat(content["settled_until"])


OFF, MAKE_UP, SETTLED_UNTIL = _read_calendar()


def is_working_day(day: date) -> bool:
    """Whether the State Council (or, for January 2027, the statute) has people work on this day."""
    if not date(2007, 1, 1) <= day <= date(2027, 1, 31):
        raise ValueError(f"the oracle knows nothing of {day}")
    if day in MAKE_UP:
        return True
    if day in OFF or day == date(2027, 1, 1):
        return False
    return day.isoweekday() <= 5


def close_of(day: date) -> datetime:
    """The instant at which the hall closes on this day."""
    return datetime.combine(day, CLOSE, SHANGHAI)


# The limits: walk forward, one day after the other.


@dataclass(frozen=True)
class Limit:
    """A limit that was counted: its instant, and whether a day looked at on the way may still change."""

    at: datetime
    provisional: bool


def working_days_after(start: datetime, count: int) -> Limit:
    """The close of the ``count``-th working day after the day of ``start``, which itself is not counted."""
    day = start.date()
    provisional = False
    counted = 0
    while counted < count:
        day += ONE_DAY
        if day > SETTLED_UNTIL:
            provisional = True
        if is_working_day(day):
            counted += 1
    return Limit(close_of(day), provisional)


def same_day(start: datetime) -> Limit:
    """当日: today's close; from the close on, or on a day off, the close of the next working day."""
    day = start.date()
    provisional = day > SETTLED_UNTIL
    if is_working_day(day) and start < close_of(day):
        return Limit(close_of(day), provisional)
    later = working_days_after(start, 1)
    return Limit(later.at, provisional or later.provisional)


def finish_limit(start: datetime, difficulty: str) -> Limit | None:
    """When an order of this class must be resolved; a hard one has no such time."""
    if difficulty == SIMPLE:
        return same_day(start)
    if difficulty in (GENERAL, ""):
        return working_days_after(start, 3)
    if difficulty == COMPLEX:
        return working_days_after(start, 5)
    if difficulty == HARD:
        return None
    raise ValueError(f"unknown class {difficulty!r}")


def contact_limit(start: datetime, difficulty: str) -> Limit:
    """The effective limit of the first contact: one working day, but never later than the end of the order."""
    contact = working_days_after(start, 1)
    finish = finish_limit(start, difficulty)
    if finish is not None and finish.at < contact.at:
        return finish
    return contact


def deemed_acknowledgement(dispatched: datetime) -> datetime:
    """When an order that nobody has acknowledged counts as acknowledged."""
    return working_days_after(dispatched, 1).at


# The light.


def light_at(instant: datetime, due: datetime) -> str:
    """The colour at one instant of a clock that is running."""
    remaining = due - instant
    if remaining < timedelta(0):
        return "red"
    if remaining <= WARNING:
        return "yellow"
    return "green"


def change_after(now: datetime, due: datetime) -> datetime | None:
    """The first instant after ``now`` at which the colour of a running clock is another than at ``now``."""
    for instant in (due - WARNING, due + ONE_MICROSECOND):
        if instant > now and light_at(instant, due) != light_at(now, due):
            return instant
    return None


# A row of the ledger.


def read_time(row: dict[str, str], column: str) -> datetime | None:
    """One cell as an instant in Shanghai, None if it is blank."""
    text = row[column].strip()
    if not text:
        return None
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def check_row(row: dict[str, str]) -> None:
    """Raise ``ValueError`` where a row breaks a rule of the ledger, or is more than this oracle understands."""
    name = row["工单编号"]
    if not name or not row["事项"] or not row["主办单位"]:
        raise ValueError(f"{name!r}: number, matter and unit must be there")
    if row["难易"] not in (SIMPLE, GENERAL, COMPLEX, HARD, ""):
        raise ValueError(f"{name!r}: unknown class")
    registered = read_time(row, "登记时间")
    if registered is None:
        raise ValueError(f"{name!r}: no time of registration")
    previous = registered
    for column in ("派单时间", "接单时间", "办结时间"):
        moment = read_time(row, column)
        if moment is None:
            continue
        if moment < previous:
            raise ValueError(f"{name!r}: {column} is too early")
        previous = moment
    contacted = read_time(row, "联系时间")
    if contacted is not None and contacted < registered:
        raise ValueError(f"{name!r}: contacted before it was registered")


def _if_happened(moment: datetime | None, now: datetime) -> datetime | None:
    """The moment, unless it is still to come."""
    if moment is not None and moment > now:
        return None
    return moment


def expected_of(row: dict[str, str], now: datetime) -> Expected | None:
    """What must be said of one row at ``now``; None if it is not registered yet."""
    check_row(row)
    registered = _if_happened(read_time(row, "登记时间"), now)
    if registered is None:
        return None
    dispatched = _if_happened(read_time(row, "派单时间") or registered, now)
    acknowledged = _if_happened(read_time(row, "接单时间"), now)
    contacted = _if_happened(read_time(row, "联系时间"), now)
    resolved = _if_happened(read_time(row, "办结时间"), now)

    # Would the order have been deemed acknowledged by now, and did anything come before that?
    deemed: datetime | None = None
    if dispatched is not None:
        deemed = _if_happened(deemed_acknowledgement(dispatched), now)
    if deemed is not None and acknowledged is not None and acknowledged <= deemed:
        deemed = None
    if deemed is not None and resolved is not None and resolved < deemed:
        deemed = None

    start = deemed if deemed is not None else acknowledged
    if start is None:
        return Expected(
            acknowledged_at=None,
            deemed_acknowledged_at=None,
            contact_due=None,
            due=None,
            provisional=False,
            light="green",
            contact_overdue=False,
            next_change=None,
        )

    contact = contact_limit(start, row["难易"])
    finish = finish_limit(start, row["难易"])

    contact_ended = now
    if resolved is not None:
        contact_ended = resolved
    if contacted is not None and contacted < contact_ended:
        contact_ended = contacted

    light = "green"
    next_change: datetime | None = None
    if finish is not None and resolved is not None:
        light = light_at(resolved, finish.at)
    elif finish is not None:
        light = light_at(now, finish.at)
        next_change = change_after(now, finish.at)

    return Expected(
        acknowledged_at=acknowledged,
        deemed_acknowledged_at=deemed,
        contact_due=contact.at,
        due=None if finish is None else finish.at,
        provisional=contact.provisional if finish is None else finish.provisional,
        light=light,
        contact_overdue=contact_ended > contact.at,
        next_change=next_change,
    )


def expected(rows: list[dict[str, str]], now: str) -> dict[str, Expected]:
    """What ``run --json --now NOW`` must say of these rows, by number; rows registered after ``now`` are left out."""
    moment = datetime.fromisoformat(now).astimezone(SHANGHAI)
    seen: set[str] = set()
    result: dict[str, Expected] = {}
    for row in rows:
        name = row["工单编号"]
        if name in seen:
            raise ValueError(f"{name!r} stands twice in the ledger")
        seen.add(name)
        answer = expected_of(row, moment)
        if answer is not None:
            result[name] = answer
    return result


# Random ledgers: good rows that crowd around the limits.

FIRST_REGISTRATION = datetime(2024, 1, 1, 0, 0, tzinfo=SHANGHAI)
LAST_REGISTRATION = datetime(2026, 12, 20, 23, 59, tzinfo=SHANGHAI)
EDGE_TIMES = (time(0, 0), time(8, 59), time(9, 0), time(16, 59), time(17, 0), time(17, 1), time(23, 59))
UNITS = ("测试一局", "测试二局", "测试三中心", "测试四街道办事处")
MATTERS = ("食品经营许可", "居住证办理", "企业变更登记", "残疾人补贴申领", "不动产登记")


def _minute_between(rng: Random, low: datetime, high: datetime) -> datetime:
    """Any minute from ``low`` to ``high``, both possible; ``low`` if they are the wrong way round."""
    minutes = int((high - low) / ONE_MINUTE)
    return low + rng.randint(0, max(minutes, 0)) * ONE_MINUTE


def _special_day(rng: Random, first: date, last: date) -> date:
    """A holiday, a make-up day, or the day before or after one."""
    special = sorted(day for day in OFF | MAKE_UP if first < day < last)
    return rng.choice(special) + rng.choice((-1, 0, 0, 1)) * ONE_DAY


def _random_now(rng: Random) -> datetime:
    """An instant in 2026, most often about the close, where lights change."""
    first, last = date(2026, 1, 2), date(2026, 12, 31)
    mode = rng.choice(("any", "any", "special", "year's end"))
    if mode == "any":
        day = first + rng.randrange((last - first).days + 1) * ONE_DAY
    elif mode == "special":
        day = _special_day(rng, first, last)
    else:
        day = last - rng.randrange(18) * ONE_DAY
    close = close_of(day)
    around = (
        close,
        close,
        close,
        close + ONE_MICROSECOND,
        close - ONE_MINUTE,
        close + ONE_MINUTE,
        _minute_between(rng, close - timedelta(hours=17), close + timedelta(hours=6)),
    )
    return rng.choice(around)


def _random_registration(rng: Random) -> datetime:
    """Any minute of three years, with a liking for holidays, make-up days and the edges of the working day."""
    moment = _minute_between(rng, FIRST_REGISTRATION, LAST_REGISTRATION)
    if rng.random() < 0.3:
        day = _special_day(rng, FIRST_REGISTRATION.date(), LAST_REGISTRATION.date())
        moment = datetime.combine(day, moment.time(), SHANGHAI)
    if rng.random() < 0.25:
        moment = datetime.combine(moment.date(), rng.choice(EDGE_TIMES), SHANGHAI)
    return moment


def _registration_near(rng: Random, now: datetime) -> datetime:
    """A registration from which a due time close to ``now`` may come."""
    latest = min(now + ONE_DAY, LAST_REGISTRATION)
    moment = _minute_between(rng, now - 14 * ONE_DAY, latest)
    if rng.random() < 0.25:
        edge = datetime.combine(moment.date(), rng.choice(EDGE_TIMES), SHANGHAI)
        moment = min(edge, LAST_REGISTRATION)
    if rng.random() < 0.04:
        moment = min(rng.choice((now, now + ONE_MINUTE)), LAST_REGISTRATION)
    return moment


def _random_dispatch(rng: Random, registered: datetime) -> datetime | None:
    """When the order went to the unit; None is a blank cell."""
    mode = rng.choices(("blank", "at once", "soon", "days", "weeks"), (30, 10, 40, 17, 3))[0]
    if mode == "blank":
        return None
    if mode == "at once":
        return registered
    if mode == "soon":
        return _minute_between(rng, registered, registered + timedelta(hours=8))
    if mode == "weeks":
        return _minute_between(rng, registered, registered + 12 * ONE_DAY)
    moment = _minute_between(rng, registered, registered + 3 * ONE_DAY)
    return max(registered, datetime.combine(moment.date(), rng.choice(EDGE_TIMES), SHANGHAI))


def _random_acknowledgement(rng: Random, dispatched: datetime, now: datetime) -> datetime | None:
    """When the unit took the order; None is a blank cell."""
    deemed = deemed_acknowledgement(dispatched)
    edge = datetime.combine(dispatched.date(), rng.choice(EDGE_TIMES), SHANGHAI)
    choices: list[tuple[int, datetime | None]] = [
        (20, None),
        (8, deemed),
        (5, deemed - ONE_MINUTE),
        (5, deemed + ONE_MINUTE),
        (12, _minute_between(rng, deemed + ONE_MINUTE, deemed + 6 * ONE_DAY)),
        (35, _minute_between(rng, dispatched, deemed)),
        (5, dispatched),
        (7, edge),
        (2, now),
        (1, now + ONE_MINUTE),
    ]
    moment = _pick(rng, choices)
    return None if moment is None else max(moment, dispatched)


def _random_contact(
    rng: Random, registered: datetime, start: datetime, limit: datetime, now: datetime
) -> datetime | None:
    """When somebody spoke to the reporter; None is a blank cell."""
    choices: list[tuple[int, datetime | None]] = [
        (22, None),
        (12, limit),
        (10, limit + ONE_MINUTE),
        (4, limit - ONE_MINUTE),
        (22, _minute_between(rng, start, limit)),
        (12, _minute_between(rng, limit, limit + 5 * ONE_DAY)),
        (12, _minute_between(rng, registered, start)),
        (2, registered),
        (2, now),
        (2, now + ONE_MINUTE),
    ]
    moment = _pick(rng, choices)
    return None if moment is None else max(moment, registered)


def _random_resolution(
    rng: Random,
    dispatched: datetime,
    acknowledged: datetime | None,
    start: datetime,
    due: datetime | None,
    now: datetime,
) -> datetime | None:
    """When the reply was given; None is a blank cell. Never before the steps that the row records."""
    choices: list[tuple[int, datetime | None]] = [(30, None), (2, now), (2, now + ONE_MINUTE)]
    if due is None:
        choices.append((20, _minute_between(rng, start, start + 20 * ONE_DAY)))
    else:
        choices += [
            (12, due),
            (12, due + ONE_MINUTE),
            (4, due - ONE_MINUTE),
            (7, due - WARNING),
            (4, due - WARNING - ONE_MINUTE),
            (12, _minute_between(rng, due - WARNING, due)),
            (12, _minute_between(rng, start, due)),
            (9, _minute_between(rng, due, due + 60 * ONE_DAY)),
        ]
    if acknowledged is None:  # then the clock starts at the deemed acknowledgement, or never
        choices += [
            (15, _minute_between(rng, dispatched, start - ONE_MINUTE)),
            (4, start - ONE_MINUTE),
            (6, start),
        ]
    moment = _pick(rng, choices)
    return None if moment is None else max(moment, acknowledged or dispatched)


def _pick(rng: Random, choices: list[tuple[int, datetime | None]]) -> datetime | None:
    """One of the moments, by weight."""
    weights = [weight for weight, _ in choices]
    moments = [moment for _, moment in choices]
    return rng.choices(moments, weights)[0]


def _cell(moment: datetime | None) -> str:
    """A moment as a clerk writes it."""
    return "" if moment is None else moment.strftime("%Y-%m-%d %H:%M")


def _random_row(rng: Random, registered: datetime, now: datetime) -> tuple[dict[str, str], datetime]:
    """A good row without its number, and the limit it is all about: the due time, or a hard order's contact limit."""
    difficulty = rng.choice((SIMPLE, SIMPLE, GENERAL, GENERAL, COMPLEX, COMPLEX, HARD, ""))
    dispatched = _random_dispatch(rng, registered)
    sent = dispatched or registered
    acknowledged = _random_acknowledgement(rng, sent, now)
    start = deemed_acknowledgement(sent)
    if acknowledged is not None and acknowledged < start:
        start = acknowledged
    limit = contact_limit(start, difficulty).at
    finish = finish_limit(start, difficulty)
    due = None if finish is None else finish.at
    row = dict.fromkeys(COLUMNS, "")
    row |= {
        "事项": rng.choice(MATTERS),
        "办理地点": rng.choice(("", "测试大厅")),
        "诉求内容": rng.choice(("", "材料已交,未能办成", "网上申报被退回")),
        "反映人": rng.choice(("", "张某", "测试有限公司")),
        "联系电话": rng.choice(("", "13800000000")),
        "难易": difficulty,
        "登记时间": _cell(registered),
        "派单时间": _cell(dispatched),
        "接单时间": _cell(acknowledged),
        "联系时间": _cell(_random_contact(rng, registered, start, limit, now)),
        "办结时间": _cell(_random_resolution(rng, sent, acknowledged, start, due, now)),
        "主办单位": rng.choice(UNITS),
    }
    return row, due or limit


def _random_row_near(rng: Random, now: datetime) -> dict[str, str]:
    """A good row whose limit lies within ten days of ``now``, every other time within two."""
    span = rng.choice((2, 10)) * ONE_DAY
    row, limit = _random_row(rng, _registration_near(rng, now), now)
    for _ in range(50):
        if abs(limit - now) <= span:
            break
        row, limit = _random_row(rng, _registration_near(rng, now), now)
    return row


def random_ledger(seed: int, count: int) -> tuple[list[dict[str, str]], str]:
    """``count`` good rows and a ``now`` in 2026; two fifths of the rows crowd within ten days of it."""
    rng = Random(seed)
    now = _random_now(rng)
    minute = now.replace(second=0, microsecond=0)
    near = count * 2 // 5
    rows = [_random_row_near(rng, minute) for _ in range(near)]
    rows += [_random_row(rng, _random_registration(rng), minute)[0] for _ in range(count - near)]
    rng.shuffle(rows)
    for number, row in enumerate(rows, start=1):
        row["工单编号"] = f"CM{seed:04d}-{number:05d}"
        check_row(row)
    return rows, now.isoformat()


# The check of the checker.


def check_golden() -> int:
    """Compare every row of the golden table with the walk; the number of rows. Raises where they differ."""
    with (DATA / "golden-chongming.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        start = datetime.fromisoformat(row["acknowledged_at"]).replace(tzinfo=SHANGHAI)
        general = working_days_after(start, 3).at
        walked = {
            "contact_due": working_days_after(start, 1).at,
            "simple_due": same_day(start).at,
            "general_due": general,
            "complex_due": working_days_after(start, 5).at,
            "general_yellow_from": general - WARNING,
        }
        for column, instant in walked.items():
            told = datetime.fromisoformat(row[column]).replace(tzinfo=SHANGHAI)
            if told != instant:
                raise AssertionError(f"{row['acknowledged_at']} {column}: table {told}, walked {instant}")
        if light_at(general - WARNING, general) != "yellow":
            raise AssertionError("exactly 24 hours before the limit must be yellow")
        if light_at(general - WARNING - ONE_MICROSECOND, general) != "green":
            raise AssertionError("more than 24 hours before the limit must be green")
    return len(rows)


def main() -> None:
    """Check the golden table, then show a sample."""
    print(f"golden table: {check_golden()} rows agree")
    for seed in range(1, 7):
        rows, now = random_ledger(seed, 500)
        answers = expected(rows, now)
        lights = Counter(answer.light for answer in answers.values())
        moment = datetime.fromisoformat(now)
        dues = [answer.due for answer in answers.values() if answer.due is not None]
        print(
            f"seed {seed}, now {now}: {len(answers)} of {len(rows)} registered, {dict(sorted(lights.items()))},",
            f"deemed {sum(answer.deemed_acknowledged_at is not None for answer in answers.values())},",
            f"contact overdue {sum(answer.contact_overdue for answer in answers.values())},",
            f"to change {sum(answer.next_change is not None for answer in answers.values())},",
            f"provisional {sum(answer.provisional for answer in answers.values())},",
            f"due within 10 days {sum(abs(due - moment) <= 10 * ONE_DAY for due in dues)},",
            f"due or yellow at now exactly {sum(due - moment in (timedelta(0), WARNING) for due in dues)}",
        )
    rows, now = random_ledger(1, 5)
    print(f"now {now}")
    for row in rows:
        print({column: text for column, text in row.items() if text})
        print("   ", expected([row], now).get(row["工单编号"]))


if __name__ == "__main__":
    main()
