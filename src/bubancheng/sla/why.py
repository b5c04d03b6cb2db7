"""Why a clock stands where it stands: a whole ticket, explained to a citizen or an inspector."""

import datetime as dt

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import KindError, UnknownNameError
from bubancheng.sla.clock import Clock
from bubancheng.sla.explain import Explanation
from bubancheng.sla.light import Light
from bubancheng.sla.limit import Limit
from bubancheng.sla.notation import LimitUnit
from bubancheng.sla.policy import Policy
from bubancheng.ticket import Ticket

_WORDS = {Light.GREEN: ("绿", "green"), Light.YELLOW: ("黄", "yellow"), Light.RED: ("红", "red")}
_TICK = dt.timedelta(microseconds=1)


@attrs.frozen(kw_only=True)
class Reason:
    """One thing that made a clock what it is: in Chinese, in English."""

    zh: str
    en: str


@attrs.frozen(kw_only=True)
class ClockExplanation:
    """Why one clock of a ticket shows its light at an instant.

    `since`: from when it shows that light (None: from its start); `in_time_until`: the last instant that
    would have been, or is, in time; `count`: the day-by-day count of its limit before pauses and
    extensions, None where there is no limit; `reasons`: everything in order, for people.
    """

    clock: Clock
    light: Light
    since: dt.datetime | None
    in_time_until: dt.datetime | None
    count: Explanation | None
    reasons: tuple[Reason, ...]

    @property
    def chinese(self) -> str:
        """The whole explanation in Chinese, a line a reason."""
        lines = [reason.zh for reason in self.reasons]
        return "\n".join([*lines, *([] if self.count is None else [self.count.chinese])])

    @property
    def english(self) -> str:
        """The whole explanation in English, a line a reason."""
        lines = [reason.en for reason in self.reasons]
        return "\n".join([*lines, *([] if self.count is None else [self.count.english])])


def _zh(when: dt.datetime) -> str:
    return f"{when:%Y-%m-%d %H:%M}"


def explain_clock(
    policy: Policy, ticket: Ticket, calendar: WorkCalendar, now: dt.datetime, *, target: str | None = None
) -> ClockExplanation:
    """Return why a clock shows its light at `now`: the one the light watches, or the one named.

    Says what started it, by which limit, what paused or extended it, since when it shows its light, and what
    would have been in time. Errors: `UnknownNameError` for a name with no clock.
    """
    if not isinstance(now, dt.datetime) or now.tzinfo is None:
        msg = f"now takes an instant with a zone (aware datetime), got {now!r}"
        raise KindError(msg)
    seen = ticket.as_of(now) or ticket
    clocks = policy.clocks(seen, calendar)
    if target is not None and target not in clocks:
        raise UnknownNameError("计时 clock", target, clocks)
    clock = policy.watched(clocks) if target is None else clocks[target]
    rule, limit = policy.target(clock.target.partition(":")[0]), clock.limit
    reasons = [*_start(rule.starts, clock, limit), *_moves(clock), *_end(clock, now)]
    counted = clock.started is not None and limit is not None and limit.unit is not LimitUnit.BY_AGREEMENT
    count = None
    if counted and clock.started is not None and limit is not None:
        count = limit.explain(clock.started, calendar, policy.counting)
    return ClockExplanation(
        clock=clock,
        light=clock.light(now),
        since=_since(clock, now),
        in_time_until=clock.due,
        count=count,
        reasons=tuple(reasons),
    )


def _start(starts: str, clock: Clock, limit: Limit | None) -> list[Reason]:
    if clock.started is None:
        return [
            Reason(zh=f"尚未开始计时：没有 {starts} 的记录", en=f"not started: no entry of kind {starts}")
        ]
    how = ("视同", "deemed ") if clock.deemed else ("", "")
    reasons = [
        Reason(
            zh=f"自{_zh(clock.started)}{how[0]}（{starts}）起计时",
            en=f"started {_zh(clock.started)} by {how[1]}{starts}",
        )
    ]
    if limit is None:
        reasons.append(Reason(zh="这一等级没有时限", en="its class has no limit"))
    elif limit.unit is LimitUnit.BY_AGREEMENT:
        reasons.append(Reason(zh="时限由双方约定", en="the due time is by agreement"))
    return reasons


def _moves(clock: Clock) -> list[Reason]:
    reasons = [
        Reason(zh=f"{_zh(start)}至{_zh(end)}暂停，不计入", en=f"paused {_zh(start)} to {_zh(end)}: left out")
        for start, end in clock.paused
    ]
    if clock.paused_since is not None:
        at = _zh(clock.paused_since)
        reasons.append(Reason(zh=f"自{at}起暂停，灯色不变", en=f"paused since {at}: the light stands still"))
    if clock.due is not None and clock.original_due is not None and clock.due > clock.original_due:
        words = "、".join(str(it) for it in clock.extensions)
        before, after = _zh(clock.original_due), _zh(clock.due)
        reasons.append(
            Reason(
                zh=f"延期{words}：由{before}至{after}", en=f"extended by {words}: from {before} to {after}"
            )
        )
    return reasons


def _end(clock: Clock, now: dt.datetime) -> list[Reason]:
    light = _WORDS[clock.light(now)]
    if clock.due is None:
        return [Reason(zh=f"没有期限，亮{light[0]}", en=f"no due time: {light[1]}")]
    due = _zh(clock.due)
    if clock.stopped is not None and clock.stopped <= now:
        at = _zh(clock.stopped)
        met = ("按时", "in time") if clock.met else ("超时", "late")
        return [
            Reason(
                zh=f"{at}办结，期限{due}，{met[0]}，灯色定格为{light[0]}",
                en=f"done {at}, due {due}: {met[1]}, the light stays {light[1]}",
            )
        ]
    since = _since(clock, now)
    began = "" if since is None else f"自{_zh(since)}起"
    began_en = "" if since is None else f" since {_zh(since)}"
    return [
        Reason(
            zh=f"期限{due}，{began}亮{light[0]}；不晚于{due}办结为按时",
            en=f"due {due}: {light[1]}{began_en}; in time until {due}",
        )
    ]


def _since(clock: Clock, now: dt.datetime) -> dt.datetime | None:
    """Return from when the clock shows its light; None from its start, or where it has none."""
    light = clock.light(now)
    if light is Light.RED and clock.due is not None:
        return clock.due + _TICK
    if light is Light.YELLOW and clock.yellow_from is not None and clock.started is not None:
        return max(clock.yellow_from, clock.started)
    return clock.started
