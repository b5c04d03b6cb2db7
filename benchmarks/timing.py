"""Two sides timed in turns, in many short rounds, and the table of what came out.

Races are timed in processor time, so that whoever else uses the machine lengthens neither side.
"""

import gc
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from statistics import median

ROUNDS = 7  # at least
SECONDS = 2.5  # of one race: longer than what disturbs a shared machine for a moment


@dataclass(frozen=True)
class Row:
    """One line of the table: times are seconds for one item; without a peer, `goal` limits `ours`."""

    what: str
    peer: str
    goal: str
    ours: float
    theirs: float | None = None
    ratio: float | None = None  # of the fastest rounds of both
    middle: float | None = None  # median of the ratios of neighbouring rounds


def clocked(call: Callable[[], object], clock: Callable[[], float] = time.process_time) -> float:
    """Return the seconds of one call, by default of the processor's."""
    start = clock()
    call()
    return clock() - start


def race(
    what: str, goal: str, items: int, ours: Callable[[], object], theirs: Mapping[str, Callable[[], object]]
) -> Row:
    """Time all sides in turns; the peer of the row is the fastest of them.

    A peer that takes twice the time of another in a first try takes no part.
    """
    tried = {name: min(clocked(call) for _ in range(2)) for name, call in theirs.items()}
    theirs = {name: call for name, call in theirs.items() if tried[name] < 2 * min(tried.values())}
    times: dict[str, list[float]] = {name: [] for name in ("", *theirs)}
    gc.collect()
    gc.disable()
    try:
        end = time.perf_counter() + SECONDS
        while len(times[""]) < ROUNDS or time.perf_counter() < end:
            times[""].append(clocked(ours))
            for name, call in theirs.items():
                times[name].append(clocked(call))
    finally:
        gc.enable()
    mine = times.pop("")
    best = min(times, key=lambda name: min(times[name]))
    return Row(
        what,
        best,
        goal,
        min(mine) / items,
        min(times[best]) / items,
        min(times[best]) / min(mine),
        median(their / our for their, our in zip(times[best], mine, strict=True)),
    )


def alone(what: str, goal: str, call: Callable[[], object]) -> Row:
    """Time one side that has no peer."""
    return Row(what, "", goal, min(clocked(call) for _ in range(100)))


def shown(seconds: float | None) -> str:
    """Return a time with three digits and the unit that fits it."""
    if seconds is None:
        return ""
    unit, scale = next(
        (unit, scale)
        for unit, scale in (("s", 1), ("ms", 1e3), ("µs", 1e6), ("ns", 1e9))
        if seconds * scale >= 1 or unit == "ns"
    )
    return f"{seconds * scale:.3g} {unit}"


def table(rows: Iterable[Row]) -> str:
    """Return the rows as a Markdown table."""
    lines = [
        "| what | peer | goal | ratio | median ratio | ours | peer's |",
        "| --- | --- | --- | --- | --- | --- | --- |",
    ]
    for row in rows:
        ratio, middle = (f"{it:.1f}x" if it else "" for it in (row.ratio, row.middle))
        cells = (row.what, row.peer, row.goal, ratio, middle, shown(row.ours), shown(row.theirs))
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)
