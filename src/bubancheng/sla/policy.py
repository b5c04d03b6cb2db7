"""Policies: which clocks run on a ticket, how they count, when they warn."""

from collections.abc import Mapping

import attrs

from bubancheng.calendar import WorkCalendar
from bubancheng.errors import ArgumentError, UnknownNameError
from bubancheng.sla.clock import Clock
from bubancheng.sla.clocks import Clocks, Terms
from bubancheng.sla.counting import DEFAULT, Counting
from bubancheng.sla.light import Warning_, check_warning
from bubancheng.sla.limit import Limit
from bubancheng.sla.target import Target
from bubancheng.ticket import Ticket


def _in_order(targets: tuple[Target, ...]) -> tuple[Target, ...]:
    """Return the targets so that each comes after those it waits for; refuse what cannot be."""
    names = [target.name for target in targets]
    problems = [
        f"target {name!r} is given twice" for name in sorted({it for it in names if names.count(it) > 1})
    ]
    problems += [
        f"target {target.name!r} waits for {other!r}, which does not exist"
        for target in targets
        for other in target.waits_for
        if other not in names
    ]
    ordered: list[Target] = []
    left = list(targets)
    while left and not problems:
        ready = [it for it in left if {*it.waits_for} <= {done.name for done in ordered}]
        if not ready:
            problems.append(
                f"targets wait for each other (capped_by, due:): {', '.join(it.name for it in left)}"
            )
        ordered += ready
        left = [it for it in left if it not in ready]
    if problems:
        msg = "; ".join(problems)
        raise ArgumentError(msg)
    return tuple(ordered)


@attrs.frozen(kw_only=True)
class Policy:
    """A district's set of targets, how it counts, and when it warns.

    `final`: the kinds of entry that end a ticket; no clock starts after one of them. `levels`: numbered
    warnings beside the light. `closed`: what a closed ticket shows, "frozen" or "green".
    """

    targets: tuple[Target, ...]
    final: tuple[str, ...] = ("resolved",)
    counting: Counting = DEFAULT
    warn_before: Warning_ = attrs.field(default=Limit.parse("24小时"))
    levels: tuple[Warning_, ...] = ()
    closed: str = "frozen"
    _terms: Terms = attrs.field(init=False, repr=False, eq=False)
    _watched: tuple[Target, ...] = attrs.field(init=False, repr=False, eq=False)

    def __attrs_post_init__(self) -> None:
        if self.closed not in ("frozen", "green"):
            msg = f'closed takes "frozen" or "green", got {self.closed!r}'
            raise ArgumentError(msg)
        for before in (self.warn_before, *self.levels):
            check_warning(before)
        terms = Terms(
            targets={it.name: it for it in _in_order(self.targets)},
            final=self.final,
            counting=self.counting,
            warn_before=self.warn_before,
            levels=self.levels,
            green_when_done=self.closed == "green",
        )
        object.__setattr__(self, "_terms", terms)
        object.__setattr__(self, "_watched", tuple(it for it in self.targets if it.watched))

    def clocks(self, ticket: Ticket, calendar: WorkCalendar) -> Mapping[str, Clock]:
        """Return a clock for each target by its name; one counted apart has "name:value" for each.

        Each is made when it is first asked for, so that a light costs no more than its own clock.
        """
        return Clocks(self._terms, ticket, calendar)

    def watched(self, clocks: Mapping[str, Clock]) -> Clock:
        """Return the clock that the light watches: of several, the one that started last.

        Of two that are no new round, one without a due time gives way to one that is due and not stopped.
        """
        found: Clock | None = None
        is_round = False  # whether what was found is a new round
        for target in self._watched:
            clock = clocks.get(target.name)
            newer, plain = target.again and not is_round, not (target.again or is_round)
            if clock is not None and (found is None or _goes_before(clock, found, newer=newer, plain=plain)):
                found, is_round = clock, target.again
        if found is None:
            msg = "the light watches no target of this policy: give one of them watched=True"
            raise ArgumentError(msg)
        return found

    def target(self, name: str) -> Target:
        """Return a target by its name; `UnknownNameError` for another."""
        found = self._terms.targets.get(name)
        if found is None:
            raise UnknownNameError("目标 target", name, (target.name for target in self.targets))
        return found


def _goes_before(clock: Clock, other: Clock, *, newer: bool, plain: bool) -> bool:
    """Whether the light watches a clock rather than another: the one that started later.

    Of two that started together a new round counts (`newer`). Where neither is one (`plain`), a clock
    without a due time gives way to one that still runs towards its own.
    """
    if plain and (clock.due is None) != (other.due is None):
        dated = other if clock.due is None else clock
        if dated.stopped is None:
            return dated is clock
    if clock.started is None:
        return False
    if other.started is None or clock.started == other.started:
        return other.started is None or newer
    return clock.started > other.started
