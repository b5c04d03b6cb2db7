"""A way to a server that can be cut: before a COMMIT reaches it, or before its answer comes back."""

import socket
import threading
from contextlib import suppress
from enum import Enum, auto

_CHUNK = 1 << 16
_PATIENCE = 60  # seconds for an answer that never comes


class Cut(Enum):
    """Where a connection is cut, once."""

    NOWHERE = auto()
    BEFORE_COMMIT = auto()
    AFTER_COMMIT = auto()
    ANY_STATEMENT = auto()


def _shut(*connections: socket.socket) -> None:
    """End connections, also where another thread waits for them."""
    for it in connections:
        with suppress(OSError):
            it.shutdown(socket.SHUT_RDWR)
        it.close()


class Proxy:
    """Passes bytes between clients and a server on loopback; `cut` says where the next connection breaks."""

    def __init__(self, port: int) -> None:
        self._server = port
        self.cut = Cut.NOWHERE
        self.cuts = 0
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._open: list[socket.socket] = []
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
                server = socket.create_connection(("127.0.0.1", self._server))
            except OSError:
                return
            self._open += [client, server]
            back = threading.Thread(target=self._back, args=(server, client), daemon=True)
            back.start()
            threading.Thread(target=self._pass, args=(client, server, back), daemon=True).start()

    def _pass(self, client: socket.socket, server: socket.socket, back: threading.Thread) -> None:
        try:
            while data := client.recv(_CHUNK):
                is_commit = b"COMMIT" in data
                if self.cut is Cut.ANY_STATEMENT or (self.cut is Cut.BEFORE_COMMIT and is_commit):
                    self._break()
                    break
                if self.cut is Cut.AFTER_COMMIT and is_commit:
                    self._break()
                    client.shutdown(socket.SHUT_RDWR)  # nothing comes back any more
                    server.sendall(data)
                    back.join(_PATIENCE)  # it ends when the answer comes, which it cannot pass on
                    break
                server.sendall(data)
        except OSError:
            pass
        _shut(client, server)

    def _back(self, server: socket.socket, client: socket.socket) -> None:
        try:
            while data := server.recv(_CHUNK):
                client.sendall(data)
        except OSError:
            pass
        _shut(client, server)

    def _break(self) -> None:
        self.cut = Cut.NOWHERE
        self.cuts += 1

    def close(self) -> None:
        """Close everything."""
        self._listener.close()
        _shut(*self._open)
