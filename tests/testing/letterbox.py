"""A receiver of notices on this machine, and a notifier that is right: a line a notice, over a socket."""

import json
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from bubancheng.hooks import DistrictPlugin, Notice, hookimpl
from bubancheng.testing import NotifySetup


class Letterbox:
    """A server that writes the keys of lines down, and answers ok; while it fails it answers no."""

    def __init__(self) -> None:
        self.keys: list[str] = []
        self._fails = False
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = int(self._server.getsockname()[1])
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                call, _ = self._server.accept()
            except OSError:
                return
            with call, call.makefile("rw", encoding="utf-8") as lines:
                key = json.loads(lines.readline())["key"]
                if not self._fails:
                    self.keys.append(key)
                lines.write("no\n" if self._fails else "ok\n")

    @contextmanager
    def failing(self) -> Iterator[None]:
        """Refuse everything for a while."""
        self._fails = True
        yield
        self._fails = False

    def close(self) -> None:
        """Answer nobody any more."""
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join()


class ByLine(DistrictPlugin):
    """Sends a notice as one line; its key is its id."""

    routes = ("unit_inbox", "office_inbox")
    timeout: float | None = 0.2

    def __init__(self, host: str, port: int) -> None:
        super().__init__()
        self._address = host, port

    @hookimpl
    def bubancheng_notify(self, notice: Notice) -> None:
        self.deliver(notice, notice.id)

    def deliver(self, notice: Notice, key: str) -> None:
        """Send a line, and demand that it was taken."""
        with socket.create_connection(self._address, timeout=self.timeout) as call:
            with call.makefile("rw", encoding="utf-8") as lines:
                lines.write(json.dumps({"key": key, "event": notice.event}) + "\n")
                lines.flush()
                answer = lines.readline()
        if answer != "ok\n":
            msg = f"the letterbox refused notice {notice.id}"
            raise OSError(msg)


@contextmanager
def notify_setup(make: type[ByLine] = ByLine, patience: float = 30.0) -> Iterator[NotifySetup]:
    """Return the setup of a notifier with a letterbox of its own."""
    box = Letterbox()
    plugin = make("127.0.0.1", box.port)
    yield NotifySetup(
        plugin=plugin,
        received=lambda: tuple(box.keys),
        failing=box.failing,
        aimed_at=make,
        patience=patience,
    )
    box.close()
