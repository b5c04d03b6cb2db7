"""Who read what: access records in a chain of their own, written before anything is shown."""

from collections.abc import Iterator, Sequence

from bubancheng.desk.besides import access_district, appended
from bubancheng.desk.ground import Ground
from bubancheng.desk.wording import check_actor, check_text
from bubancheng.errors import ConflictError
from bubancheng.ticket import Actor, Entry, Fact, chain

_TRIES = 20
EVERYTHING = " "  # no ticket has a blank number
"""Under which number it is recorded that somebody looked for tickets, and not at one."""


def record_access(ground: Ground, ticket: str, actor: Actor, fields: Sequence[str], purpose: str) -> None:
    """Append an access record: who read which fields of which ticket, and why; durable on return."""
    check_actor("actor", actor)
    check_text("purpose", purpose)
    district, now = access_district(ground.district.name), ground.clock()
    facts: dict[str, Fact] = {"fields": tuple(fields), "purpose": purpose}
    for _ in range(_TRIES):
        change = appended(ground.store, district, ticket, "read", facts, actor=actor, at=now)
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
