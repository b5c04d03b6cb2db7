"""What a district's figures mean (指标定义): what is counted, over what, and how few are too few."""

import datetime as dt
from collections.abc import Iterable, Mapping

import attrs

from bubancheng.district.reading import Table, Words
from bubancheng.ticket import Fact, Ticket

COHORTS = ("registered", "resolved")
SENSES = ("up", "down", "neutral")


@attrs.frozen(kw_only=True)
class Tally:
    """Which tickets count: those with an entry of a kind, with these facts, and of these but not of those.

    `where`: facts of the entry; `tickets`: facts of the ticket; `but`: facts that take a ticket out. Each
    gives the values that will do.
    """

    entry: str
    where: Mapping[str, tuple[Fact, ...]] = attrs.field(factory=dict, hash=False)
    tickets: Mapping[str, tuple[Fact, ...]] = attrs.field(factory=dict, hash=False)
    but: Mapping[str, tuple[Fact, ...]] = attrs.field(factory=dict, hash=False)

    def counts(self, ticket: Ticket) -> bool:
        """Whether a ticket counts."""
        if any(ticket.facts.get(name) in values for name, values in self.but.items()):
            return False
        if not all(ticket.facts.get(name) in values for name, values in self.tickets.items()):
            return False
        return any(
            mark.kind == self.entry
            and all(mark.facts.get(name) in values for name, values in self.where.items())
            for mark in ticket.marks
        )


@attrs.frozen(kw_only=True)
class Metric:
    """The definition of a figure; without a denominator it is a count.

    `version`: a changed definition is another one; `unit`: what one of it is (件, 人次); `cohort`: whether
    the tickets are those registered or those resolved in the period; `least`: below so many it is marked as
    few; `better`: whether "up" or "down" is good, or neither ("neutral"); `since`: from which day on it is
    counted, where not from the period's. Source: domain section 8.
    """

    id: str
    version: int
    name: str
    english: str
    unit: str
    cohort: str
    numerator: Tally
    denominator: Tally | None = None
    least: int = 1
    better: str = "neutral"
    since: dt.date | None = None
    source: str | None = None

    def part(self, tickets: Iterable[Ticket]) -> tuple[int, int | None]:
        """Return how many of the tickets are in the numerator, and in the denominator (None for a count)."""
        given = list(tickets)
        over = self.denominator
        if over is None:
            return sum(map(self.numerator.counts, given)), None
        basis = [it for it in given if over.counts(it)]
        return sum(map(self.numerator.counts, basis)), len(basis)


def read_metric(table: Table, words: Words) -> Metric:
    """Read a definition; the values of coded facts are words of the profile."""
    metric = Metric(
        id=table.text("id"),
        version=table.need("version", int, 1),
        name=table.text("name"),
        english=table.text("english"),
        unit=table.text("unit"),
        cohort=table.one_of("cohort", COHORTS),
        numerator=_tally(table.table("numerator"), words),
        denominator=_tally(table.table("denominator"), words) if "denominator" in table else None,
        least=table.get("least", int, 1) or 1,
        better=table.one_of("better", SENSES, "neutral"),
        since=table.get("since", dt.date),
        source=table.get("source", str),
    )
    table.done()
    return metric


def _tally(table: Table, words: Words) -> Tally:
    parts = {name: _values(table.table(name), words) for name in ("where", "tickets", "but")}
    tally = Tally(entry=table.text("entry"), **parts)
    table.done()
    return tally


def _values(table: Table, words: Words) -> dict[str, tuple[Fact, ...]]:
    """Return the values that will do by fact; one alone may stand without brackets."""
    found: dict[str, tuple[Fact, ...]] = {}
    for name, given in table.each():
        values = tuple(given) if isinstance(given, list) else (given,)
        for value in values:
            if type(value) not in {str, int, bool}:
                table.fault(name, f"应为文字、整数、true 或 false，现为 {value!r}")
            elif name in words and str(value) not in words[name]:
                table.fault(
                    name, f"没有这个词 (not in the code table) {value!r}：{', '.join(sorted(words[name]))}"
                )
        found[name] = values
    return found
