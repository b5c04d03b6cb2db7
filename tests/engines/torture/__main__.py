"""The command line of a long torture."""

import argparse
import datetime as dt
import sys
from pathlib import Path

from tests.engines.torture import __doc__ as purpose
from tests.engines.torture.outcome import Outcome, row, write_down
from tests.engines.torture.rounds import TORTURED, rounds


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument("--engine", action="append", choices=TORTURED)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--commands", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", type=Path)
    words = parser.parse_args()
    outcomes: dict[str, list[Outcome]] = {}
    for it in rounds(words.engine or TORTURED, words.rounds, words.commands, words.seed):
        own = outcomes.setdefault(it.engine, [])
        own.append(it)
        line = row(own, dt.datetime.now(dt.UTC).date().isoformat(), words.commands)
        sys.stdout.write(f"{it}\n{line}\n")
        sys.stdout.flush()
        if words.report:  # after every round, so that a run that is cut off has its rows too
            write_down(words.report, line, TORTURED)
    return int(any(it.problems for own in outcomes.values() for it in own))


if __name__ == "__main__":
    sys.exit(main())
