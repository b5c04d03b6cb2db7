"""Who read what: access records in a chain of their own, written before anything is shown."""

from collections.abc import Iterator, Sequence

from bubancheng.desk.ground import Ground
from bubancheng.desk.wording import check_actor, check_text
from bubancheng.errors import ConflictError
from bubancheng.store import ChangeSet, Link, StateRow
from bubancheng.ticket import Actor, Effect, Entry, chain

_TRIES = 20
_SUFFIX = "/access"
EVERYTHING = " "  # no ticket has a blank number
"""Under which number it is recorded that somebody looked for tickets, and not at one."""


def access_district(district: str) -> str:
    """Return the name under which a store keeps a district's access records."""
    return f"{district}{_SUFFIX}"


def is_access_district(district: str) -> bool:
    """Whether a store's district is not one, but the access records of one."""
    return district.endswith(_SUFFIX)


def record_access(ground: Ground, ticket: str, actor: Actor, fields: Sequence[str], purpose: str) -> None:
    """Append an access record: who read which fields of which ticket, and why; durable on return."""
    check_actor("actor", actor)
    check_text("purpose", purpose)
    district, now = access_district(ground.district.name), ground.clock()
    for _ in range(_TRIES):
        row = ground.store.load(district, ticket)
        sequence = 1 if row is None else row.version + 1
        entry = Entry(
            district=district,
            ticket=ticket,
            sequence=sequence,
            kind="read",
            effect=Effect(facts={"fields": tuple(fields), "purpose": purpose}),
            actor=actor,
            at=now,
            recorded_at=now,
        )
        text = chain.encode(entry)
        head = chain.link(chain.start(district, ticket) if row is None else row.head, text)
        after = StateRow(
            district=district,
            ticket=ticket,
            version=sequence,
            head=head,
            step="",
            unit=None,
            told="",
            next_change=None,
            text="",
        )
        change = ChangeSet(
            district=district, expected=sequence - 1, row=after, links=[Link(sequence, text, head)]
        )
        try:
            ground.store.commit(change)
        except ConflictError:
            continue
        return
    msg = f"the access records of ticket {ticket!r} were changed by others {_TRIES} times: repeat the reading"
    raise ConflictError(msg)


def accesses(ground: Ground, ticket: str) -> Iterator[Entry]:
    """Yield the access records of a ticket in order."""
    links = ground.store.entries(access_district(ground.district.name), ticket)
    return (chain.decode(link.text) for link in links)
