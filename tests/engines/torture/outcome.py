"""What rounds came to."""

from collections.abc import Sequence

import attrs


@attrs.frozen(kw_only=True)
class Outcome:
    """What one round came to: how much was killed, given and delivered, and what was wrong."""

    engine: str
    seed: int
    seconds: float
    writers_killed: int
    servers_killed: int
    commands: int
    notices: int
    problems: tuple[str, ...]


HEAD = (
    "| engine | rounds | commands acknowledged | writers killed | servers killed | notices delivered | seconds | problems |",
    "| --- | --- | --- | --- | --- | --- | --- | --- |",
)


def report(outcomes: Sequence[Outcome]) -> list[str]:
    """Return a table with a row an engine."""
    lines = list(HEAD)
    for name in dict.fromkeys(it.engine for it in outcomes):
        own = [it for it in outcomes if it.engine == name]
        sums = [
            sum(getattr(it, field) for it in own)
            for field in ("commands", "writers_killed", "servers_killed", "notices")
        ]
        cells = [
            name,
            len(own),
            *sums,
            round(sum(it.seconds for it in own)),
            sum(len(it.problems) for it in own),
        ]
        lines.append(f"| {' | '.join(map(str, cells))} |")
    return lines
