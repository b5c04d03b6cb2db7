"""A server of its own process: started, killed, started again."""

import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import sqlalchemy as sa

from tests.engines.servers.place import PATIENCE, Place, free_port


class Server:
    """A server: `url` for SQLAlchemy; it can be killed, stopped at once, and started again."""

    name = ""
    url = ""

    def __init__(self) -> None:
        self.place = Place()
        self.port = free_port()
        self.log = self.place.folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None

    def words(self) -> Sequence[str | Path]:
        """Return the command that starts it."""
        raise NotImplementedError  # each kind of server has words of its own

    def greet(self) -> None:
        """Connect once; raise while it is not ready."""
        engine = sa.create_engine(self.url)
        try:
            with engine.connect() as connection:
                connection.exec_driver_sql("SELECT 1")
        finally:
            engine.dispose()

    def start(self, *, prepare: Callable[[], None] | None = None) -> None:
        """Start it and wait until it answers; fail with its own last words where it does not."""
        self.process = self.place.start(self.log, self.words(), prepare=prepare)
        self.wait()

    def wait(self) -> None:
        """Wait until it answers."""
        end, error = time.monotonic() + PATIENCE, None
        while time.monotonic() < end:
            assert self.process is not None
            if self.process.poll() is not None:
                break
            try:
                self.greet()
            except Exception as problem:  # noqa: BLE001 whatever a driver says while it starts
                error = problem
                time.sleep(0.1)
            else:
                return
        self.stop(signal.SIGKILL)
        message = f"{self.name} did not start: {error}\n{self.log.read_text('utf-8', 'replace')[-3000:]}"
        raise AssertionError(message)

    def stop(self, how: int = signal.SIGTERM) -> None:
        """End it by a signal, and wait until it is gone."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def close(self) -> None:
        """End it and remove what it left."""
        self.stop(signal.SIGKILL)
        self.place.remove()
