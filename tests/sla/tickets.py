"""Tickets made of bare entries, for policies and clocks."""

import datetime as dt

from bubancheng.ticket import Actor, Effect, Entry, Fact, Ticket, fold


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
