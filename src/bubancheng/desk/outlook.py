"""What a ticket shows at an instant, what of it was told, and when something changes by itself."""

import datetime as dt
from collections.abc import Mapping

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.district import District
from bubancheng.sla import Clock, Light
from bubancheng.ticket import Ticket

_TICK = dt.timedelta(microseconds=1)
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


def micros(when: dt.datetime) -> int:
    """Return an instant as microseconds since 1970 UTC, as stores keep it."""
    return (when - _EPOCH) // _TICK


def instant_of(micro: int) -> dt.datetime:
    """Return the instant of microseconds since 1970 UTC."""
    return _EPOCH + micro * _TICK


def clocks_of(
    district: District, calendar: WorkCalendar, ticket: Ticket
) -> tuple[Clock, Mapping[str, Clock]]:
    """Return the clock the light watches, and all clocks by name."""
    policy = district.rule_of(ticket).policy
    clocks = policy.clocks(ticket, calendar)
    return policy.watched(clocks), clocks


@attrs.frozen
class Told:
    """What is known of a ticket outside: its light, and the limits that have passed, the light's own too.

    A limit that passed is "<target>@<start>", so that a new round of it is another one, and a due time that
    moved is not.
    """

    light: Light
    passed: frozenset[str] = frozenset()

    @classmethod
    def read(cls, text: str) -> "Told":
        """Return what a state row says was told."""
        light, *passed = text.split("\t")
        return cls(Light(light), frozenset(passed))

    def __str__(self) -> str:
        return "\t".join([self.light.value, *sorted(self.passed)])


def key_of(clock: Clock) -> str:
    """Return what tells a limit that passed from those of other rounds."""
    return f"{clock.target}@{'' if clock.started is None else micros(clock.started)}"


def missed_before(district: District, calendar: WorkCalendar, ticket: Ticket, now: dt.datetime) -> set[str]:
    """Return the limits beside the light's own that had passed when a class was changed to another.

    A missed contact stays missed (domain decision 13), also where the new class would have given more time.
    The first class that is stated changes nothing: it holds from the start.
    """
    lights = {it.name for it in district.rule_of(ticket).policy.targets if it.watched}
    missed: set[str] = set()
    stating = [mark for mark in ticket.marks if "class" in mark.facts]
    for mark in stating[1:]:
        if mark.at > now:
            continue
        before = ticket.before(mark)
        clocks = district.rule_of(ticket).policy.clocks(before, calendar)
        missed |= {key_of(it) for it in clocks.values() if it.target not in lights and it.is_overdue(mark.at)}
    return missed


@attrs.frozen
class Outlook:
    """A ticket at one instant: what there is to tell, and when that changes by itself (None: never)."""

    told: Told
    next_change: dt.datetime | None


def outlook(district: District, calendar: WorkCalendar, ticket: Ticket, now: dt.datetime) -> Outlook:
    """Return a ticket's light, the limits it has passed, and the first instant at which either changes.

    The earliest of a light changing, a limit passing, a review date, a deemed acknowledgement.
    """
    watched, clocks = clocks_of(district, calendar, ticket)
    passed, ahead = missed_before(district, calendar, ticket, now), []
    for clock in clocks.values():
        if clock.due is None or clock.started is None:
            continue
        if clock.is_overdue(now):
            passed.add(key_of(clock))
        if clock.stopped is None:
            change = clock.next_change(now) if clock is watched else None
            ahead += [it for it in (clock.started, change, clock.due + _TICK) if it is not None and it > now]
    return Outlook(Told(watched.light(now), frozenset(passed)), min(ahead, default=None))
