"""What rounds came to, and the report of them."""

from collections.abc import Sequence
from pathlib import Path

import attrs

_TITLE = "# The last long torture of each engine\n\n"
_HEAD = (
    "| engine | day | rounds | commands a writer, at least | commands acknowledged | writers killed | servers killed "
    "| notices delivered | seconds | problems |\n| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |\n"
)


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


def row(outcomes: Sequence[Outcome], day: str, commands: int) -> str:
    """Return the row of an engine in a report."""
    sums = [
        sum(getattr(it, field) for it in outcomes)
        for field in ("commands", "writers_killed", "servers_killed", "notices")
    ]
    seconds, problems = round(sum(it.seconds for it in outcomes)), sum(len(it.problems) for it in outcomes)
    cells = [outcomes[0].engine, day, len(outcomes), commands, *sums, seconds, problems]
    return f"| {' | '.join(map(str, cells))} |"


def write_down(path: Path, line: str, engines: Sequence[str]) -> None:
    """Put the row of an engine into a report, in place of its last one; those of other engines stay."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    rows = {it: old for it in engines for old in lines if old.startswith(f"| {it} |")}
    rows[line.split()[1]] = line
    path.write_text(_TITLE + _HEAD + "".join(f"{rows[it]}\n" for it in engines if it in rows), "utf-8")
