"""One POST, its whole exchange within one time-out, its answer read only so far."""

import http.client
import io
import socket
import ssl
import time
from collections.abc import Mapping
from typing import Any, cast

import attrs

OK = range(200, 300)
LONGEST_ANSWER = 2048


@attrs.frozen
class Answer:
    """What a receiver answered: its status, its headers by lower-case name, how a refusal begins."""

    status: int
    headers: Mapping[str, str]
    begins: bytes


@attrs.frozen
class Place:
    """Where to send to: host, port, and how its certificate is checked (None: no TLS)."""

    host: str
    port: int
    tls: ssl.SSLContext | None


class _Deadline:
    """An instant on the monotonic clock, asked for what is left."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def left(self) -> float:
        """Return the seconds that are left; `TimeoutError` where none are."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Reader(io.RawIOBase):
    """Reads from a socket until a deadline: each byte, not only the first, comes in time or not at all."""

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 a buffer has no type before Python 3.12
        self._sock.settimeout(self._deadline.left())
        return self._sock.recv_into(buffer)


class _Line:
    """A connected socket as `http.client` uses one, with one deadline for all that it does."""

    def __init__(self, sock: socket.socket, deadline: _Deadline) -> None:
        self._sock, self._deadline = sock, deadline

    def sendall(self, data: bytes) -> None:
        view = memoryview(data)
        while view:
            self._sock.settimeout(self._deadline.left())
            view = view[self._sock.send(view) :]

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._sock, self._deadline))

    def close(self) -> None:
        """Leave it to `post`: what has arrived is still to be read."""


def post(place: Place, target: str, body: bytes, headers: Mapping[str, str], timeout: float) -> Answer:
    """Send a body and return the answer; redirects are not followed.

    `timeout`: seconds from connecting to the last byte that is read; only looking up the host's name takes
    the time that the system gives it. Errors: `OSError` (a time-out and a certificate that does not hold are
    some) and `http.client.HTTPException`.
    """
    deadline = _Deadline(timeout)
    connection = http.client.HTTPConnection(place.host, place.port)
    with _connect(place, deadline) as sock:
        connection.sock = cast("socket.socket", _Line(sock, deadline))
        connection.request("POST", target, body, {**headers, "Connection": "close"})
        with connection.getresponse() as response:
            named = {name.lower(): value for name, value in response.getheaders()}
            return Answer(response.status, named, _beginning(response))


def _beginning(response: http.client.HTTPResponse) -> bytes:
    """Return how a refusal begins; the status counts, also where nothing more comes."""
    if response.status in OK:
        return b""
    try:
        return response.read(LONGEST_ANSWER)
    except (OSError, http.client.HTTPException):
        return b""


def reach(place: Place, timeout: float) -> None:
    """Connect, check the certificate, and hang up; errors as `post` has them."""
    _connect(place, _Deadline(timeout)).close()


def _connect(place: Place, deadline: _Deadline) -> socket.socket:
    """Connect to the first address of a host that answers, all of them within the deadline."""
    failed: OSError = OSError("the host has no address")
    for family, kind, protocol, _, address in socket.getaddrinfo(
        place.host, place.port, type=socket.SOCK_STREAM
    ):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(deadline.left())
            sock.connect(address)
            if place.tls is None:
                return sock
            sock.settimeout(deadline.left())
            return place.tls.wrap_socket(sock, server_hostname=place.host)
        except OSError as error:
            sock.close()
            failed = error
    raise failed
