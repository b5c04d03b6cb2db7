"""A receiver of webhooks on this machine, and how one misbehaves."""

import http.server
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, NamedTuple


class Arrived(NamedTuple):
    """A request as it came in."""

    path: str
    headers: dict[str, str]
    body: bytes


class _Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_: Any) -> None:
        """Say nothing of a sender that has hung up."""


class Receiver:
    """A server on 127.0.0.1 that keeps what arrives and answers as it is told.

    `answers`: how it answers, in turn, the last one for ever; `released` ends every hang.
    """

    def __init__(self, *answers: "Answer", certificate: str | None = None) -> None:
        self.arrived: list[Arrived] = []
        self.answers = list(answers or [status(204)])
        self.released = threading.Event()
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                """Keep the request, then do as told."""
                length = int(self.headers["Content-Length"])
                receiver.arrived.append(Arrived(self.path, dict(self.headers), self.rfile.read(length)))
                answers = receiver.answers
                answer = answers.pop(0) if len(answers) > 1 else answers[0]
                with suppress(OSError):  # the sender has hung up
                    answer(self, receiver)

            def log_message(self, *_: Any) -> None:
                """Say nothing."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self.scheme = "http" if certificate is None else "https"
        if certificate is not None:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificate)
            self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"{self.scheme}://127.0.0.1:{self._server.server_address[1]}/hook?token=t-1"

    def close(self) -> None:
        """Let go of all that hangs, and stop."""
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


Answer = Callable[[http.server.BaseHTTPRequestHandler, Receiver], None]


def status(code: int, body: bytes = b"", **headers: str) -> Answer:
    """Answer with a status."""

    def answer(handler: http.server.BaseHTTPRequestHandler, _: Receiver) -> None:
        handler.send_response(code)
        for name, value in headers.items():
            handler.send_header(name.replace("_", "-"), value)
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    return answer


def raw(*parts: bytes, pause: float = 0) -> Answer:
    """Answer with bytes as they are, a pause after each part, and hang up."""

    def answer(handler: http.server.BaseHTTPRequestHandler, receiver: Receiver) -> None:
        for part in parts:
            handler.wfile.write(part)
            if receiver.released.wait(pause):
                break
        handler.close_connection = True

    return answer


def each_byte(text: bytes, pause: float) -> Answer:
    """Answer a byte at a time."""
    return raw(*(bytes([it]) for it in text), pause=pause)


def hang(_: http.server.BaseHTTPRequestHandler, receiver: Receiver) -> None:
    """Never answer."""
    receiver.released.wait(60)


def for_ever(handler: http.server.BaseHTTPRequestHandler, receiver: Receiver) -> None:
    """Answer 500 and a body without end."""
    handler.wfile.write(b"HTTP/1.1 500 no\r\n\r\n")
    while not receiver.released.is_set():
        handler.wfile.write(b"x" * 65536)


def echo(handler: http.server.BaseHTTPRequestHandler, receiver: Receiver) -> None:
    """Answer 400 with all that came, as a careless receiver does."""
    arrived = receiver.arrived[-1]
    said = "\n".join(f"{name}: {value}" for name, value in arrived.headers.items())
    status(400, said.encode() + b"\n" + arrived.body)(handler, receiver)


def closed_port() -> int:
    """Return a port on which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        port: int = sock.getsockname()[1]
        return port


def keys(arrived: Iterable[Arrived]) -> list[str]:
    """Return the idempotency keys of requests."""
    return [it.headers["Idempotency-Key"] for it in arrived]
