"""A round: eight write, others kill, and afterwards all is looked at."""

import random
import signal
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from bubancheng.actions import Accept, Acknowledge, Register
from bubancheng_sql import SqlStore
from tests.acting import OFFICER, OWNED, WINDOW
from tests.desk.working import OK
from tests.engines.conftest import wipe
from tests.engines.servers import ENGINES, Galera, PostgreSQL, Server
from tests.engines.torture.examining import examine
from tests.engines.torture.outcome import Outcome
from tests.engines.torture.writing import ENOUGH, TICKETS, WRITERS, opened, start

TORTURED = ("postgresql-15", "galera", "mariadb", "oceanbase")
_CUT_OFF = "SET GLOBAL wsrep_provider_options = 'gmcast.isolate={}'"
_PATIENCE = 600  # seconds until a writer hangs


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

    def round(self, seed: int, commands: int, *, server_kills: int = 2) -> Outcome:
        """Let eight write while others kill; return what was found afterwards."""
        wipe(self.server.url)
        clock = time.monotonic()
        with tempfile.TemporaryDirectory(prefix="torture-") as name:
            folder, began = Path(name), time.time()
            self._prepare(folder, began)
            disturbed = Disturbance(self, folder, commands, began)
            disturbed.run(random.Random(seed), server_kills)
            logs = [(folder / f"p{it}.log").read_text("utf-8").split() for it in range(WRITERS)]
            said = {mark: word for log in logs for word, mark in zip(log[::2], log[1::2], strict=True)}
            acknowledged = [mark for mark, word in said.items() if word == OK]
            notices, found = examine(self.server.url, folder, began, acknowledged)
        return Outcome(
            engine=self.name,
            seed=seed,
            seconds=round(time.monotonic() - clock, 1),
            writers_killed=disturbed.writers_killed,
            servers_killed=disturbed.servers_killed,
            commands=len(acknowledged),
            notices=notices,
            problems=(*disturbed.problems(), *found),
        )

    def _prepare(self, folder: Path, began: float) -> None:
        with opened(self.server.url, folder / "first.notices", began) as desk:
            for number in range(TICKETS):
                ticket = f"S{number:02}"
                desk.do(Register(ticket=ticket, matter=OWNED), actor=WINDOW)
                desk.do(Accept(ticket=ticket), actor=WINDOW)
                desk.do(Acknowledge(ticket=ticket), actor=OFFICER)


class Disturbance:
    """Eight writers, and what is done to them and to their server meanwhile."""

    def __init__(self, torture: Torture, folder: Path, commands: int, began: float) -> None:
        self.torture, self.folder, self.commands, self.began = torture, folder, commands, began
        self.writers_killed = self.servers_killed = 0
        self.hanging: list[int] = []
        self.writers = [self._start(it) for it in range(WRITERS)]

    def _start(self, place: int) -> ForkServerProcess:
        urls = self.torture.urls()
        return start(urls[place % len(urls)], self.folder, f"p{place}", self.commands, self.began)

    def run(self, rng: random.Random, server_kills: int) -> None:
        """Kill servers, and twice as many writers, at random instants while all write; then it is enough."""
        end = time.monotonic() + _PATIENCE
        try:
            self._wait_for_all(end)
            with ThreadPoolExecutor(1) as pool:
                servers = pool.submit(self._kill_servers, random.Random(rng.random()), server_kills)
                for _ in range(2 * server_kills):
                    time.sleep(rng.uniform(0.1, 1.0))
                    self._kill(rng.randrange(WRITERS))
                servers.result()
            (self.folder / ENOUGH).touch()
            for it in self.writers:
                it.join(max(0.0, end - time.monotonic()))
        finally:
            self.hanging = [place for place, it in enumerate(self.writers) if it.is_alive()]
            for it in self.writers:
                it.kill()
                it.join()

    def _wait_for_all(self, end: float) -> None:
        logs = [self.folder / f"p{it}.log" for it in range(WRITERS)]
        while not all(it.exists() for it in logs) and time.monotonic() < end:
            time.sleep(0.05)

    def _kill_servers(self, rng: random.Random, count: int) -> None:
        for _ in range(count):
            time.sleep(rng.uniform(0.1, 1.0))
            self.torture.kill_server(rng)
            self.servers_killed += 1

    def _kill(self, place: int) -> None:
        self.writers[place].kill()
        self.writers[place].join()
        self.writers_killed += self.writers[place].exitcode == -signal.SIGKILL
        self.writers[place] = self._start(place)

    def problems(self) -> list[str]:
        """Return which writers did not come to a good end."""
        return [f"writer {place} did not come to its end" for place in self.hanging] + [
            f"writer {place} ended with {it.exitcode}"
            for place, it in enumerate(self.writers)
            if it.exitcode and place not in self.hanging
        ]


def rounds(names: Sequence[str], count: int, commands: int, seed: int) -> Iterator[Outcome]:
    """Torture engines in turn, each so many rounds."""
    for name in names:
        torture = Torture(name)
        try:
            for number in range(count):
                yield torture.round(seed + number, commands)
        finally:
            torture.close()
