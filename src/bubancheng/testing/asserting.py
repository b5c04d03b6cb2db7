"""Assertions that say what was expected, what came, and why, day by day; for any test runner."""

import datetime as dt
from collections.abc import Iterable, Mapping

import attrs

from bubancheng.district import District
from bubancheng.errors import ArgumentError
from bubancheng.sla import Clock, Light
from bubancheng.testing.cells import read_day_or_moment, read_light
from bubancheng.testing.timing import Moment, Timing, class_of
from bubancheng.ticket import Ticket

_TICK = dt.timedelta(microseconds=1)
Expected = Moment | dt.date | None
_WORDS = {Light.GREEN: "●绿 green", Light.YELLOW: "●黄 yellow", Light.RED: "●红 red"}


@attrs.frozen(kw_only=True)
class Difference:
    """One thing that is not as expected: `what`, and both values in words."""

    what: str
    expected: str
    got: str

    def __str__(self) -> str:
        return f"{self.what}：应为 (expected) {self.expected}，实为 (got) {self.got}"


def assert_due(
    expected: Expected, timing: Timing, *, provisional: bool | None = None, now: Moment | None = None
) -> None:
    """Demand that a clock is due at an instant, on a date (`2026-10-10`), or never (None).

    `provisional`: whether it may still change by a notice, not looked at where None; `now`: as the ticket
    stood then. Errors: `AssertionError` with both values and the explanation.
    """
    __tracebackhide__ = True
    at = None if now is None else timing.instant(now)
    demand(timing, due_differences(expected, timing, provisional=provisional, now=at), at)


def assert_light(expected: Light | str, timing: Timing, now: Moment) -> None:
    """Demand what a clock shows at an instant: 绿, 黄, 红, or green, yellow, red."""
    __tracebackhide__ = True
    at = timing.instant(now)
    demand(timing, light_differences(expected, timing, at), at)


def assert_lights(expected: Mapping[Moment, Light | str], timing: Timing) -> None:
    """Demand what a clock shows at each of several instants; all that differ are told together."""
    __tracebackhide__ = True
    if not expected:
        msg = 'assert_lights takes at least one instant, such as {"2026-10-10 17:00": "黄"}'
        raise ArgumentError(msg)
    moments = [(timing.instant(now), light) for now, light in expected.items()]
    found = [it for at, light in moments for it in light_differences(light, timing, at)]
    demand(timing, found, max(at for at, _ in moments))


def assert_class(expected: str, ticket: Ticket, district: District) -> None:
    """Demand the class (难易) of a ticket, in any word that its rules have for it."""
    __tracebackhide__ = True
    rule = district.rule_of(ticket)
    wanted, got = class_of(rule, expected), ticket.text("class")
    if got == wanted:
        return
    words = "未定 (none yet)" if got is None else f"{rule.category_name(got)} ({got})"
    source = next((it.source for it in rule.categories if it.id == wanted and it.source), rule.source)
    it = Difference(what="难易 (class)", expected=f"{rule.category_name(wanted)} ({wanted})", got=words)
    msg = f"{it}\n依据 (source)：{source}"
    raise AssertionError(msg)


def due_differences(
    expected: Expected, timing: Timing, *, provisional: bool | None, now: dt.datetime | None
) -> list[Difference]:
    """Return what of a due time is not as expected; a date stands for any instant of it, 24:00 too."""
    clock = timing.clock(now)
    wanted = read_day_or_moment(expected) if isinstance(expected, str) else expected
    got: dt.date | dt.datetime | None = None if clock.due is None else clock.due.astimezone(timing.zone)
    if isinstance(wanted, dt.datetime):
        wanted = timing.instant(wanted)
    elif wanted is not None and isinstance(got, dt.datetime):
        got = (got - _TICK).date()  # midnight is the 24:00 of the day before (民法典 第203条第二款)
    found = []
    if wanted != got:
        found.append(Difference(what="到期 (due)", expected=_said(wanted), got=_due_said(clock, timing)))
    if provisional is not None and provisional is not clock.provisional:
        words = {True: "暂定 (provisional)", False: "确定 (settled)"}
        found.append(
            Difference(what="暂定 (provisional)", expected=words[provisional], got=words[clock.provisional])
        )
    return found


def light_differences(expected: Light | str, timing: Timing, now: dt.datetime) -> list[Difference]:
    """Return what of a light is not as expected."""
    wanted = read_light(expected) if isinstance(expected, str) else expected
    got = timing.clock(now).light(now)
    if wanted is got:
        return []
    return [Difference(what=f"{_said(now)} 的灯 (light)", expected=_WORDS[wanted], got=_WORDS[got])]


def demand(
    timing: Timing, differences: Iterable[Difference], now: dt.datetime | None, about: Iterable[str] = ()
) -> None:
    """Raise an `AssertionError` where something differs: what, `about` which rule, and why it came so."""
    __tracebackhide__ = True
    lines = [str(it) for it in differences]
    if lines:
        explanation = timing.explained(now).chinese
        raise AssertionError("\n".join([*lines, *about, "逐日说明 (day by day)：", explanation]))


def _due_said(clock: Clock, timing: Timing) -> str:
    if clock.due is None:
        return _said(None)
    return _said(clock.due.astimezone(timing.zone)) + ("（暂定 provisional）" if clock.provisional else "")


def _said(when: dt.date | dt.datetime | None) -> str:
    if when is None:
        return "没有期限 (no due time)"
    if not isinstance(when, dt.datetime):
        return f"{when}"
    exact = f":{when:%S.%f}".rstrip("0").rstrip(".") if when.microsecond else f":{when:%S}"
    return f"{when:%Y-%m-%d %H:%M}" + (exact if when.second or when.microsecond else "")
