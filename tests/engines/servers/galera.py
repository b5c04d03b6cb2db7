"""A Galera cluster of three nodes."""

import time
from collections.abc import Sequence
from pathlib import Path

import pymysql

from tests.engines.servers.mariadb import MariaDB
from tests.engines.servers.place import PATIENCE, WORD, free_port

_GALERA = Path("/usr/lib/galera/libgalera_smm.so")


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
        end = time.monotonic() + PATIENCE
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
