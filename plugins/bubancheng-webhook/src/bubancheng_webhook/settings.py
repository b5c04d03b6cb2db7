"""The settings of a webhook, checked before anything is sent."""

import ipaddress
import re
import ssl
from collections.abc import Iterator, Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

import attrs

from bubancheng_webhook.signing import KEY, SIGNATURE, TIMESTAMP

LONGEST_TIMEOUT = 60
SHORTEST_SECRET = 32  # bytes, as many as the hash gives (RFC 2104, section 3)
_PORTS = {"http": 80, "https": 443}
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # RFC 9110, section 5.6.2
_VALUE = re.compile(r"[ -~]*")
_OURS = {"connection", "content-length", "content-type", "host", "transfer-encoding"} | {
    name.lower() for name in (KEY, SIGNATURE, TIMESTAMP)
}


def _origin(url: str) -> str:
    """Return a URL without path and query, which may hold a token; blank where it cannot be read."""
    try:
        parts = urlsplit(url)
        return f"{parts.scheme}://{parts.hostname}:{parts.port or _PORTS.get(parts.scheme, '?')}"
    except ValueError:
        return ""


@attrs.frozen(kw_only=True)
class WebhookSettings:
    """What a webhook must know.

    `routes`: the profile's routes that it delivers; `url`: https, or http on this machine; `secret` or
    `secret_file`: 32 bytes or more, known to both sides; `timeout`: seconds for the whole exchange, at most
    60; `headers`: further ones; `ca_file`: certificates (PEM) to trust in place of the system's.
    """

    routes: tuple[str, ...]
    url: str = attrs.field(repr=_origin)
    secret: str | None = attrs.field(default=None, repr=False)
    secret_file: str | None = None
    timeout: float = 5.0
    headers: Mapping[str, str] = attrs.field(
        factory=dict, hash=False, repr=lambda headers: f"{sorted(headers)}"
    )
    ca_file: str | None = None

    def problems(self) -> list[str]:
        """Return everything that is wrong with the settings, each with its key."""
        return [*_faults(self), *_url_faults(self.url), *_header_faults(self.headers)]

    @property
    def parts(self) -> SplitResult:
        """The URL in its parts."""
        return urlsplit(self.url)

    @property
    def host(self) -> str:
        """Where to connect to."""
        return self.parts.hostname or ""

    @property
    def port(self) -> int:
        """On which port; that of the scheme where the URL names none."""
        return self.parts.port or _PORTS[self.parts.scheme]

    @property
    def target(self) -> str:
        """What to ask for there: path and query."""
        return (self.parts.path or "/") + (f"?{self.parts.query}" if self.parts.query else "")

    @property
    def tls(self) -> ssl.SSLContext | None:
        """How the receiver's certificate is checked; None without TLS."""
        return ssl.create_default_context(cafile=self.ca_file) if self.parts.scheme == "https" else None

    def read_secret(self) -> str:
        """Return the secret, from its file where one is named."""
        if self.secret_file is None:
            return self.secret or ""
        return Path(self.secret_file).read_text("utf-8").strip()


def _faults(settings: WebhookSettings) -> Iterator[str]:
    if not settings.routes:
        yield "routes: 至少一条 (at least one route of the profile)"
    if not 0 < settings.timeout <= LONGEST_TIMEOUT:
        yield f"timeout: 须大于 0、不超过 {LONGEST_TIMEOUT} 秒 (seconds), got {settings.timeout!r}"
    if settings.ca_file is not None:
        try:
            ssl.create_default_context(cafile=settings.ca_file)
        except (OSError, ValueError) as error:
            yield f"ca_file: 不是 PEM 证书文件 (no file of PEM certificates): {error}"
    if (settings.secret is None) is (settings.secret_file is None):
        yield "secret: secret 与 secret_file 须有且只有一项 (exactly one of the two)"
        return
    try:
        length = len(settings.read_secret().encode())
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no UTF-8 text"
        yield f"secret_file: 无法读取 (cannot be read): {reason}"
        return
    if length < SHORTEST_SECRET:
        yield (
            f"secret: 至少 {SHORTEST_SECRET} 字节 (bytes), got {length}: "
            "take one from python -c 'import secrets; print(secrets.token_hex())'"
        )


def _url_faults(url: str) -> Iterator[str]:
    try:
        parts = urlsplit(url)
        known = bool(parts.hostname) and parts.port != 0
        (parts.hostname or "").encode("idna")  # as looking it up does
    except ValueError:
        known = False
    if not known or not url.isascii() or not url.isprintable() or " " in url:
        yield "url: 不是网址 (no URL): write https://host/path in ASCII, without spaces"
    elif parts.scheme not in _PORTS:
        yield f"url: 须以 https:// 开头 (must begin with https://), got {parts.scheme!r}"
    elif parts.username is not None or parts.password is not None:
        yield "url: 网址里不得有用户名和口令 (no user name, no password): put them into headers"
    elif parts.fragment:
        yield "url: 不得有 # 之后的部分 (no fragment): it is never sent"
    elif parts.scheme == "http" and not _is_loopback(parts.hostname or ""):
        yield "url: 本机以外须用 https (https beyond this machine)"


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _header_faults(headers: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with further headers; their values are never shown."""
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name):
            yield f"headers: {name!r} 不是标头名 (no name of a header)"
        elif name.lower() in _OURS:
            yield f"headers: {name} 由插件填写 (written by the plugin): leave it out"
        elif not _VALUE.fullmatch(value):
            yield f"headers.{name}: 只能是可见的 ASCII (visible ASCII only, no line breaks)"
