"""Eight writers on one store, and everything that can be killed is: what was acknowledged happened, once.

`python -m tests.engines.torture --rounds 50 --report FILE` tortures every engine so often and writes down what was
found. Killed at random: writers (kill -9), PostgreSQL (`pg_ctl stop -m immediate`), MariaDB and OceanBase (kill -9), a
node of a Galera cluster (kill -9, or cut off from the others for a while).
"""

import argparse
import datetime as dt
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs

from bubancheng.actions import Accept, Acknowledge, Register
from bubancheng.errors import StoreError
from bubancheng_sql import Patience, SqlStore
from tests.acting import DISTRICT, OFFICER, OWNED, WINDOW
from tests.desk.working import OK, REFUSED, RELAY_EVERY, Journal, command, give, open_shared
from tests.engines.conftest import wipe
from tests.engines.servers import ENGINES, Galera, PostgreSQL, Server

ROOT = Path(__file__).parents[2]
WRITERS, TICKETS = 8, 20
_CUT_OFF = "SET GLOBAL wsrep_provider_options = 'gmcast.isolate={}'"


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


# -- a writer


def write(url: str, folder: Path, name: str, commands: int, began: float) -> None:
    """Give all commands that are not on record yet, and the last one that is, once more."""
    journal = Journal(folder / f"{name}.log")
    done = {line.split()[1]: line.split()[0] for line in journal.lines()}
    last = max((int(it.split("/")[1]) for it in done), default=0)
    with open_shared(_store(url), Journal(folder / f"{name}.notices"), began) as desk:
        for number in range(last, commands):
            mark = f"{name}/{number}"
            if done.get(mark) == REFUSED:
                continue
            while True:
                try:
                    word = give(desk, *command(name, number, TICKETS), mark)
                except StoreError:  # the server is away for longer than a store is patient
                    time.sleep(0.1)
                else:
                    break
            journal.write(f"{word} {mark}")
            if number % RELAY_EVERY == 0:
                _relay(desk)


def _store(url: str) -> SqlStore:
    while True:
        try:
            return SqlStore(url, patience=Patience(5))
        except StoreError:
            time.sleep(0.2)


def _relay(desk: object) -> None:
    try:
        desk.relay()  # type: ignore[attr-defined]
    except StoreError:
        return  # whatever was claimed comes again


# -- a round


class Torture:
    """One engine under torture."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.server: Server | Galera = ENGINES[name]()
        self.server.start()
        SqlStore(self.server.url).close()

    def close(self) -> None:
        """End the servers."""
        self.server.close()

    def urls(self) -> Sequence[str]:
        """Return the addresses that writers are given, one after the other."""
        return self.server.urls if isinstance(self.server, Galera) else [self.server.url]

    def kill_server(self, rng: random.Random) -> None:
        """Kill what can be killed, and bring it back."""
        server = self.server
        if isinstance(server, Galera):
            node = rng.choice(server.nodes)
            if rng.random() < 0.5:
                node.say(_CUT_OFF.format(1))
                time.sleep(rng.uniform(0.5, 4))
                node.say(_CUT_OFF.format(0))
            else:
                node.stop(signal.SIGKILL)
                time.sleep(rng.uniform(0, 1))
                server.restart(node)
            server.settle()
            return
        if isinstance(server, PostgreSQL):
            server.stop_immediately()
        else:
            server.stop(signal.SIGKILL)
        time.sleep(rng.uniform(0, 1))
        server.start()

    def round(self, seed: int, commands: int, *, server_kills: int, patience: float) -> Outcome:
        """Let eight write while others kill; return what was found afterwards."""
        wipe(self.server.url)
        rng, clock = random.Random(seed), time.monotonic()
        with tempfile.TemporaryDirectory(prefix="torture-") as name:
            folder, began = Path(name), time.time()
            self._prepare(folder, began)
            writers_killed, servers_killed, problems = self._disturb(
                folder, began, rng, (commands, server_kills, patience)
            )
            logs = [(folder / f"p{it}.log").read_text("utf-8").split() for it in range(WRITERS)]
            said = {mark: word for log in logs for word, mark in zip(log[::2], log[1::2], strict=True)}
            notices, found = self._examine(folder, began, [mark for mark, word in said.items() if word == OK])
        return Outcome(
            engine=self.name,
            seed=seed,
            seconds=round(time.monotonic() - clock, 1),
            writers_killed=writers_killed,
            servers_killed=servers_killed,
            commands=len(said),
            notices=notices,
            problems=(*problems, *found),
        )

    def _prepare(self, folder: Path, began: float) -> None:
        with open_shared(_store(self.server.url), Journal(folder / "first.notices"), began) as desk:
            for number in range(TICKETS):
                ticket = f"S{number:02}"
                desk.do(Register(ticket=ticket, matter=OWNED), actor=WINDOW)
                desk.do(Accept(ticket=ticket), actor=WINDOW)
                desk.do(Acknowledge(ticket=ticket), actor=OFFICER)

    def _start(self, folder: Path, place: int, commands: int, began: float) -> "subprocess.Popen[bytes]":
        urls = self.urls()
        words = [urls[place % len(urls)], str(folder), f"p{place}", str(commands), str(began)]
        return subprocess.Popen(  # noqa: S603 our own
            [sys.executable, "-m", "tests.engines.torture", "--write", *words], cwd=ROOT
        )

    def _disturb(
        self, folder: Path, began: float, rng: random.Random, bounds: tuple[int, int, float]
    ) -> tuple[int, int, list[str]]:
        commands, server_kills, patience = bounds
        end, writers_killed, servers_killed = time.monotonic() + patience, 0, 0
        running = [self._start(folder, it, commands, began) for it in range(WRITERS)]
        try:
            while any(it.poll() is None for it in running) and time.monotonic() < end:
                time.sleep(rng.uniform(0.1, 1.0))
                at_work = [
                    place
                    for place, it in enumerate(running)
                    if it.poll() is None and (folder / f"p{place}.log").exists()
                ]
                if not at_work:
                    continue
                if servers_killed < server_kills:
                    self.kill_server(rng)
                    servers_killed += 1
                if writers_killed < 2 * server_kills:
                    place = rng.choice(at_work)
                    running[place].kill()
                    writers_killed += running[place].wait() == -signal.SIGKILL
                    running[place] = self._start(folder, place, commands, began)
        finally:
            hanging = [place for place, it in enumerate(running) if it.poll() is None]
            for it in running:
                it.kill()
                it.wait()
        problems = [f"writer {place} did not come to its end" for place in hanging]
        problems += [
            f"writer {place} ended with {it.returncode}"
            for place, it in enumerate(running)
            if it.returncode and place not in hanging
        ]
        return writers_killed, servers_killed, problems

    def _examine(self, folder: Path, began: float, acknowledged: list[str]) -> tuple[int, list[str]]:
        later = dt.timedelta(hours=1)  # what a killed writer had claimed is free again
        with open_shared(_store(self.server.url), Journal(folder / "last.notices"), began, later) as desk:
            desk.sweep()
            while desk.relay().delivered:
                pass
            histories = {
                it.id: desk.history(it.id, actor=WINDOW) for it in desk.find(actor=WINDOW, limit=100_000)
            }
            broken = desk.verify()
        marks = Counter(it.reason for entries in histories.values() for it in entries if it.reason)
        problems = [
            f"{it}: acknowledged once, found {marks[it]} times" for it in acknowledged if marks[it] != 1
        ]
        problems += [f"{it}: found, never acknowledged" for it in marks if it not in set(acknowledged)]
        problems += [str(it) for it in broken]
        for number, entries in histories.items():
            if [it.sequence for it in entries] != list(range(1, len(entries) + 1)):
                problems.append(f"{number}: the history has a gap")
            kinds = Counter(it.kind for it in entries)
            if kinds["accepted"] != kinds["dispatched"]:
                problems.append(
                    f"{number}: accepted {kinds['accepted']}, dispatched {kinds['dispatched']} times"
                )
        expected = Counter(
            (entry.ticket, entry.kind, route.id)
            for entries in histories.values()
            for entry in entries
            for route in DISTRICT.routes
            if entry.kind in route.on
        )
        lines = [tuple(line.split(" ", 3)) for it in folder.glob("*.notices") for line in Journal(it).lines()]
        delivered = Counter((ticket, event, route) for _, ticket, event, route in set(lines))
        problems += [
            f"notice {it}: {delivered[it]} ids, {expected[it]} expected"
            for it in expected | delivered
            if delivered[it] != expected[it]
        ]
        return len(lines), problems


def rounds(names: Sequence[str], count: int, commands: int, seed: int) -> Iterator[Outcome]:
    """Torture engines in turn, each so many rounds."""
    for name in names:
        torture = Torture(name)
        try:
            for number in range(count):
                yield torture.round(seed + number, commands, server_kills=2, patience=300)
        finally:
            torture.close()


HEAD = (
    "| engine | rounds | commands | writers killed | servers killed | notices delivered | seconds | problems |",
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


def main() -> int:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0] if __doc__ else None)
    parser.add_argument("--write", nargs=5, metavar=("URL", "FOLDER", "NAME", "COMMANDS", "BEGAN"))
    parser.add_argument("--engine", action="append", choices=list(ENGINES))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--commands", type=int, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--report", type=Path)
    words = parser.parse_args()
    if words.write:
        url, folder, name, commands, began = words.write
        write(url, Path(folder), name, int(commands), float(began))
        return 0
    outcomes = []
    for it in rounds(words.engine or list(ENGINES), words.rounds, words.commands, words.seed):
        sys.stdout.write(f"{it}\n")
        sys.stdout.flush()
        outcomes.append(it)
    lines = report(outcomes)
    sys.stdout.write("\n".join(lines) + "\n")
    if words.report:
        stamp = dt.datetime.now(dt.UTC).date()
        head = f"# The last long torture\n\n{stamp}: {words.rounds} rounds an engine, eight writers, seed {words.seed}.\n\n"
        words.report.write_text(head + "\n".join(lines) + "\n", "utf-8")
    return int(any(it.problems for it in outcomes))


if __name__ == "__main__":
    sys.exit(main())
