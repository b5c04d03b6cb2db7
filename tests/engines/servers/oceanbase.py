"""OceanBase."""

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import pymysql

from tests.engines.servers.place import PATIENCE
from tests.engines.servers.server import Server


class OceanBase(Server):
    """The OceanBase engine in its single-node edition, seekdb, from a wheel."""

    name = "OceanBase seekdb (wheel)"

    def __init__(self) -> None:
        super().__init__()
        self.program = self.place.wheel("pylibseekdb") / "seekdb"
        self.base = self.place.folder / "base"
        self.base.mkdir()
        if self.place.who:
            os.chown(self.base, self.place.who["user"], self.place.who["group"])  # type: ignore[arg-type]
        self.url = f"mysql+pymysql://root@127.0.0.1:{self.port}/test"

    def words(self) -> Sequence[str | Path]:
        """Return the command that starts it."""
        return [
            self.program, "--nodaemon", "--port", str(self.port), "--base-dir", self.base,
            "--parameter", "memory_budget=1G", "--parameter", "log_disk_size=2G",
        ]  # fmt: skip

    def start(self, *, prepare: Callable[[], None] | None = None) -> None:
        """Start it; a statement may take its time, on a busy machine too."""
        super().start(prepare=prepare)
        db = pymysql.connect(host="127.0.0.1", port=self.port, user="root", autocommit=True)
        with db, db.cursor() as cursor:
            cursor.execute(f"SET GLOBAL ob_query_timeout = {1_000_000 * PATIENCE}")
