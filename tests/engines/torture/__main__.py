"""The command line of a long torture."""

import argparse
import datetime as dt
import sys
from pathlib import Path

from tests.engines.torture import __doc__ as purpose
from tests.engines.torture.outcome import report
from tests.engines.torture.rounds import TORTURED, rounds
from tests.engines.torture.writing import WRITERS


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=purpose)
    parser.add_argument("--engine", action="append", choices=TORTURED)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--commands", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", type=Path)
    words = parser.parse_args()
    outcomes = []
    for it in rounds(words.engine or TORTURED, words.rounds, words.commands, words.seed):
        sys.stdout.write(f"{it}\n")
        sys.stdout.flush()
        outcomes.append(it)
        if words.report:  # after every round, so that a run that is cut off has its table too
            stamp = dt.datetime.now(dt.UTC).date()
            head = (
                "# The last long torture\n\n"
                f"{stamp}: {WRITERS} writers, {words.commands} commands each at least, two kills of a server and four of "
                f"writers a round, seeds from {words.seed} on.\n\n"
            )
            words.report.write_text(head + "\n".join(report(outcomes)) + "\n", "utf-8")
    sys.stdout.write("\n".join(report(outcomes)) + "\n")
    return int(any(it.problems for it in outcomes))


if __name__ == "__main__":
    sys.exit(main())
