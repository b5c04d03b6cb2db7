"""What is asserted about: one clock of one ticket, with all that decides it."""

import datetime as dt
from collections.abc import Iterable, Mapping
from functools import cached_property
from zoneinfo import ZoneInfo

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.district import District, Rule
from bubancheng.errors import ArgumentError, UnknownNameError
from bubancheng.sla import Clock, ClockExplanation, Counting, Limit, Policy, Target, explain_clock
from bubancheng.testing.cells import read_moment
from bubancheng.ticket import Actor, Effect, Entry, Fact, Ticket, fold

Moment = dt.datetime | str
"""An instant, or one as people write it: 2026-09-30 16:00; without an offset it is the calendar's zone."""

Event = tuple[str, Moment] | tuple[str, Moment, Mapping[str, Fact]]
"""A kind of entry, when it happened, the facts it sets."""

_START = "起算"
_NOBODY = Actor(id="case", role="case")


@attrs.frozen(kw_only=True, slots=False)
class Timing:
    """One clock (计时) of a ticket: by which policy and calendar, of which target (None: the watched one)."""

    policy: Policy
    ticket: Ticket
    calendar: WorkCalendar
    target: str | None = None

    @classmethod
    def of_limit(
        cls,
        limit: Limit | str,
        start: Moment,
        calendar: WorkCalendar | None = None,
        counting: Counting | None = None,
    ) -> "Timing":
        """Return the timing of a bare limit, by China's calendar, 09:00 to 17:00, unless another is given."""
        counted = Limit.parse(limit) if isinstance(limit, str) else limit
        found = WorkCalendar.china() if calendar is None else calendar
        target = Target(name="limit", starts=_START, stops=(), limit=counted, watched=True)
        policy = Policy(targets=(target,), counting=Counting() if counting is None else counting)
        entry = _entry("-", 1, _START, instant(start, found), {}, None)
        return cls(policy=policy, ticket=fold([entry], rule="-"), calendar=found)

    @classmethod
    def of_events(  # noqa: PLR0913 each is a thing that decides a clock
        cls,
        district: District,
        events: Mapping[str, Moment] | Iterable[Event],
        *,
        calendar: WorkCalendar | None = None,
        category: str | None = None,
        channel: str | None = None,
        target: str | None = None,
    ) -> "Timing":
        """Return the timing of a ticket of a district to which these kinds of entry happened.

        `events`: {"registered": "2026-09-30 15:00", "acknowledged": ...}, or tuples that also hold the facts
        of an entry; `category` and `channel` in any of the district's words. The rules are those of the
        day of the first event. Errors: `UnknownNameError` for a word that the district does not have,
        `ArgumentError` for an event before the registration.
        """
        found = district.work_calendar() if calendar is None else calendar
        ticket = ticket_of(district, events, found, category=category, channel=channel)
        return cls.of_ticket(ticket, district, found, target=target)

    @classmethod
    def of_ticket(
        cls, ticket: Ticket, district: District, calendar: WorkCalendar, *, target: str | None = None
    ) -> "Timing":
        """Return the timing of a ticket that a desk holds, by the rules that it keeps."""
        policy = district.rule_of(ticket).policy
        return cls(policy=policy, ticket=ticket, calendar=calendar, target=target)

    @cached_property
    def zone(self) -> ZoneInfo:
        """The zone in which the calendar means its dates."""
        return ZoneInfo(self.calendar.zone)

    def instant(self, moment: Moment) -> dt.datetime:
        """Return an instant in the calendar's zone, as people write it or as it is."""
        return instant(moment, self.calendar)

    def explained(self, now: dt.datetime | None = None) -> ClockExplanation:
        """Return the clock and why it stands so: at `now`, or after all that happened."""
        seen = max(mark.at for mark in self.ticket.marks) if now is None else now
        return explain_clock(self.policy, self.ticket, self.calendar, seen, target=self.target)

    def clock(self, now: dt.datetime | None = None) -> Clock:
        """Return the clock at `now`, or after all that happened."""
        return self.explained(now).clock


def instant(moment: Moment, calendar: WorkCalendar) -> dt.datetime:
    """Return an instant in a calendar's zone."""
    at = read_moment(moment) if isinstance(moment, str) else moment
    zone = ZoneInfo(calendar.zone)
    return at.replace(tzinfo=zone) if at.tzinfo is None else at.astimezone(zone)


def ticket_of(
    district: District,
    events: Mapping[str, Moment] | Iterable[Event],
    calendar: WorkCalendar,
    *,
    category: str | None = None,
    channel: str | None = None,
) -> Ticket:
    """Return a ticket of a district to which these kinds of entry happened, in the order of their times."""
    listed = list(events.items()) if isinstance(events, Mapping) else list(events)
    if not listed:
        msg = 'a ticket needs at least one event, such as {"registered": "2026-09-30 15:00"}'
        raise ArgumentError(msg)
    happened: list[tuple[str, dt.datetime, Mapping[str, Fact]]] = [
        (kind, instant(at, calendar), *rest) if rest else (kind, instant(at, calendar), {})  # type: ignore[misc] # a third, if any, is the facts
        for kind, at, *rest in listed
    ]
    happened.sort(key=lambda event: (event[1], event[0] != "registered"))
    kinds = [kind for kind, _, _ in happened]
    if "registered" in kinds[1:]:
        msg = f"{kinds[0]!r} happened at {happened[0][1]}, before the ticket was registered: order the times"
        raise ArgumentError(msg)
    rule = _rule(district, happened[0][1].date())
    _check_kinds(district, rule, kinds)
    first = _first_facts(district, rule, category, channel)
    return fold(
        (
            _entry(district.name, number, kind, at, {**(first if number == 1 else {}), **facts}, district)
            for number, (kind, at, facts) in enumerate(happened, start=1)
        ),
        rule=rule.version,
    )


def _rule(district: District, day: dt.date) -> Rule:
    rule = district.rule_on(day)
    if rule is None:
        msg = (
            f"{day} 早于 {district.name} 的第一版规则 {district.rules[0].valid_from} (before the first rules)"
        )
        raise ArgumentError(msg)
    return rule


def _check_kinds(district: District, rule: Rule, kinds: Iterable[str]) -> None:
    """Refuse a kind of entry that no row of the flow writes and no target waits for."""
    known = {row.entry for row in district.flow.transitions}
    for target in rule.policy.targets:
        known |= {*target.starting_kinds, *(stop.partition("?")[0] for stop in target.stops)}
    for kind in kinds:
        if kind not in known:
            raise UnknownNameError("记录 entry", kind, sorted(known))


def _first_facts(
    district: District, rule: Rule, category: str | None, channel: str | None
) -> dict[str, Fact]:
    facts: dict[str, Fact] = {}
    if category is not None:
        facts["class"] = class_of(rule, category)
    if channel is not None:
        facts["channel"] = district.channel(channel)
        if facts["channel"] is None:
            raise UnknownNameError("渠道 channel", channel, [it.name for it in district.channels])
    return facts


def class_of(rule: Rule, word: str) -> str:
    """Return the id of a class by any of its words; `UnknownNameError` with the words there are."""
    found = rule.category(word)
    if found is None:
        raise UnknownNameError("难易 class", word, [it.name for it in rule.categories])
    return found


def _entry(  # noqa: PLR0913, PLR0917 the parts of an entry
    name: str,
    sequence: int,
    kind: str,
    at: dt.datetime,
    facts: Mapping[str, Fact],
    district: District | None,
) -> Entry:
    rows = () if district is None else district.flow.transitions
    step = next((row.target for row in rows if row.entry == kind and row.target), None)
    return Entry(
        district=name,
        ticket="case",
        sequence=sequence,
        kind=kind,
        effect=Effect(step=step, facts=facts),
        actor=_NOBODY,
        at=at,
        recorded_at=at,
    )
