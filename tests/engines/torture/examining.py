"""What stands in the tables after a round, against what was acknowledged."""

import datetime as dt
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

from bubancheng.ticket import Entry
from tests.acting import DISTRICT, WINDOW
from tests.desk.working import Journal
from tests.engines.torture.writing import opened

_LATER = dt.timedelta(hours=1)  # what a killed writer had claimed is free again
Histories = Mapping[str, Sequence[Entry]]


def examine(url: str, folder: Path, began: float, acknowledged: Collection[str]) -> tuple[int, list[str]]:
    """Deliver what is left; return how many notices were delivered in all, and what is wrong."""
    with opened(url, folder / "last.notices", began, _LATER) as desk:
        desk.sweep()
        while desk.relay().delivered:
            pass
        histories = {
            it.id: desk.history(it.id, actor=WINDOW) for it in desk.find(actor=WINDOW, limit=100_000)
        }
        broken = [str(it) for it in desk.verify()]
    lines = [line for it in folder.glob("*.notices") for line in Journal(it).lines()]
    return len(lines), [
        *broken,
        *wrong_commands(histories, acknowledged),
        *wrong_histories(histories),
        *wrong_notices(histories, lines),
    ]


def wrong_commands(histories: Histories, acknowledged: Collection[str]) -> list[str]:
    """Return which command that was acknowledged is not there once, and which other is there."""
    marks = Counter(it.reason for entries in histories.values() for it in entries if it.reason)
    lost = [f"{it}: acknowledged once, found {marks[it]} times" for it in acknowledged if marks[it] != 1]
    return lost + [f"{it}: found, never acknowledged" for it in marks if it not in set(acknowledged)]


def wrong_histories(histories: Histories) -> list[str]:
    """Return which history has a gap, or in which what follows from a command did not follow once."""
    problems = []
    for number, entries in histories.items():
        if [it.sequence for it in entries] != list(range(1, len(entries) + 1)):
            problems.append(f"{number}: the history has a gap")
        kinds = Counter(it.kind for it in entries)
        if kinds["accepted"] != kinds["dispatched"]:
            sentence = f"accepted {kinds['accepted']}, dispatched {kinds['dispatched']} times"
            problems.append(f"{number}: {sentence}")
    return problems


def wrong_notices(histories: Histories, lines: Sequence[str]) -> list[str]:
    """Return which notice was not delivered, or was under several ids."""
    expected = Counter(
        (entry.ticket, entry.kind, route.id)
        for entries in histories.values()
        for entry in entries
        for route in DISTRICT.routes
        if entry.kind in route.on
    )
    told = {tuple(line.split(" ", 3)) for line in lines}
    delivered = Counter((ticket, event, route) for _, ticket, event, route in told)
    return [
        f"notice {it}: {delivered[it]} ids, {expected[it]} expected"
        for it in expected | delivered
        if delivered[it] != expected[it]
    ]
