"""The signature of a notice, and what a receiver checks before believing it."""

import datetime as dt
import hmac
import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from bubancheng.errors import KindError
from bubancheng_webhook.errors import SignatureError

TIMESTAMP = "Bubancheng-Timestamp"
"""The header with the instant of sending, in whole seconds since 1970 UTC."""
SIGNATURE = "Bubancheng-Signature"
"""The header with "v1=" and the HMAC-SHA256 of timestamp, full stop and body, in hexadecimal."""
KEY = "Idempotency-Key"
"""The header with district and id of the notice, the same however often it comes."""

WINDOW = dt.timedelta(minutes=5)
_LONGEST_TIMESTAMP = 11


def sign(secret: str, timestamp: int, body: bytes) -> str:
    """Return the signature of a body that is sent at a timestamp. Source: RFC 2104."""
    return "v1=" + hmac.new(secret.encode(), b"%d." % timestamp + body, "sha256").hexdigest()


def idempotency_key(district: str, notice: str) -> str:
    """Return what tells a notice apart, fit for a header: ids are unique within a district only."""
    return quote(f"{district}/{notice}", safe="/:")


def verify(
    secret: str,
    headers: Mapping[str, str],
    body: bytes,
    now: dt.datetime,
    *,
    window: dt.timedelta = WINDOW,
) -> dict[str, Any]:
    """Return the notice that a request brings, as JSON values, if its signature fits.

    `headers`: in any case; `body`: as received, not parsed and written again; `now`: the receiver's clock;
    `window`: how far the instant of sending may be from it, both ways. What was believed once may come again
    within the window and later (the desk delivers at least once): keep (district, id) and skip known ones.
    Errors: `SignatureError`.
    """
    if now.tzinfo is None:
        msg = f"now takes an instant with its zone, got {now!r}"
        raise KindError(msg)
    found = {name.lower(): value for name, value in headers.items()}
    stamp, given = found.get(TIMESTAMP.lower(), ""), found.get(SIGNATURE.lower(), "")
    if not (stamp.isascii() and stamp.isdigit() and len(stamp) <= _LONGEST_TIMESTAMP):
        raise SignatureError(f"no {TIMESTAMP} in whole seconds")
    if not hmac.compare_digest(sign(secret, int(stamp), body).encode(), given.encode()):
        raise SignatureError(f"{SIGNATURE} does not fit the body: another secret, or somebody changed it")
    away = abs(now.timestamp() - int(stamp))
    if away > window.total_seconds():
        raise SignatureError(f"sent {away:.0f} seconds from now: an old request again, or a clock is wrong")
    notice: dict[str, Any] = json.loads(body)
    return notice
