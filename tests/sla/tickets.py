"""Tickets made of bare entries, for policies and clocks."""

import datetime as dt
from collections.abc import Mapping

from bubancheng.ticket import Actor, Effect, Entry, Fact, Ticket, fold

Happened = tuple[str, dt.datetime, Mapping[str, Fact]]


def told(*happened: Happened) -> Ticket:
    """Return a ticket to which these kinds of entry happened, each with the facts that it sets."""
    actor = Actor(id="chen", role="disposal_officer", unit="区公安分局")
    return fold(
        (
            Entry(
                district="chongming",
                ticket="G1",
                sequence=number,
                kind=kind,
                effect=Effect(step=kind, facts=facts),
                actor=actor,
                at=at,
                recorded_at=at,
            )
            for number, (kind, at, facts) in enumerate(happened, start=1)
        ),
        rule="2023",
    )


def ticket(*events: tuple[str, dt.datetime], **facts: Fact) -> Ticket:
    """Return a ticket to which these kinds of entry happened; `facts` are known from the first on."""
    return fold(
        (
            Entry(
                district="chongming",
                ticket="G1",
                sequence=number,
                kind=kind,
                effect=Effect(step="somewhere", facts=facts if number == 1 else {}),
                actor=Actor(id="a", role="system"),
                at=at,
                recorded_at=at,
            )
            for number, (kind, at) in enumerate(events, start=1)
        ),
        rule="2023",
    )
