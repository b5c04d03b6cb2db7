"""MariaDB."""

import shutil
from collections.abc import Sequence
from pathlib import Path

from tests.engines.servers.place import WORD
from tests.engines.servers.server import Server

_LOG = "--innodb-log-file-size=16M"  # a node that joins is sent all of it


class MariaDB(Server):
    """MariaDB from Debian, on its own or as a node of a Galera cluster."""

    name = "MariaDB 10.11"
    options: tuple[str, ...] = ()

    def __init__(self) -> None:
        super().__init__()
        self.program = shutil.which("mariadbd") or "/usr/sbin/mariadbd"
        assert Path(self.program).exists(), "MariaDB is not installed: apt-get install mariadb-server"
        self.data = self.place.folder / "data"
        self.install()
        begin = self.place.folder / "begin.sql"
        begin.write_text(
            f"CREATE OR REPLACE USER desk@'%' IDENTIFIED BY '{WORD}';\n"
            "GRANT ALL ON *.* TO desk@'%';\n"
            "CREATE DATABASE IF NOT EXISTS windows;\n"
        )
        begin.chmod(0o644)
        self.url = f"mysql+pymysql://desk:{WORD}@127.0.0.1:{self.port}/windows"

    def install(self) -> None:
        """Make its system tables."""
        self.place.run(
            "mariadb-install-db", "--no-defaults", f"--datadir={self.data}", "--skip-test-db",
            "--auth-root-authentication-method=normal", _LOG,
        )  # fmt: skip

    def words(self) -> Sequence[str | Path]:
        """Return the command that starts it."""
        folder = self.place.folder
        return [
            self.program, "--no-defaults", f"--datadir={self.data}", f"--port={self.port}",
            "--bind-address=127.0.0.1", f"--socket={folder}/sock", f"--pid-file={folder}/pid",
            f"--init-file={folder}/begin.sql", f"--tmpdir={folder}", "--skip-name-resolve", "--skip-log-bin",
            "--innodb-buffer-pool-size=64M", _LOG, "--innodb-flush-log-at-trx-commit=2", "--max-connections=200",
            *self.options,
        ]  # fmt: skip
