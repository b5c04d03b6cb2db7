"""The notifier: each notice of its routes is one signed POST."""

import http.client
import json
import time
from collections.abc import Callable

from bubancheng.errors import SettingsError
from bubancheng.hooks import DistrictPlugin, Health, Notice, hookimpl
from bubancheng.records import to_dict
from bubancheng_webhook.errors import DeliveryError
from bubancheng_webhook.sending import OK, Answer, Place, post, reach
from bubancheng_webhook.settings import WebhookSettings
from bubancheng_webhook.signing import KEY, SIGNATURE, TIMESTAMP, idempotency_key, sign

_REPORTER = "reporter"
_REDIRECTS = range(300, 400)
_KNOWN_ALREADY = 409
_LONGEST_EXCERPT = 200


class WebhookPlugin(DistrictPlugin):
    """Posts each notice of its routes to one URL, signed; a plain object without state of its own.

    Delivered means: the receiver answered 2xx, or 409 with the notice's own idempotency key (it has it
    already). Anything else is a `DeliveryError`, and the desk tries again later. How to reach a reporter is
    sent on routes that lead to reporters only. Errors: `SettingsError` at load.
    """

    Settings = WebhookSettings
    settings: WebhookSettings

    def __init__(self, settings: object = None, *, clock: Callable[[], float] = time.time) -> None:
        super().__init__(settings)
        if problems := self.settings.problems():
            raise SettingsError("webhook", problems)
        self.routes = self.settings.routes
        self._secret = self.settings.read_secret()
        self._place = Place(self.settings.host, self.settings.port, self.settings.tls)
        self._clock = clock

    @hookimpl
    def bubancheng_notify(self, notice: Notice) -> None:
        """Post a notice; errors: `DeliveryError`."""
        for_reporter = notice.receiver == _REPORTER
        body = json.dumps(to_dict(notice, personal=for_reporter)).encode()
        key, stamp = idempotency_key(notice.district, notice.id), int(self._clock())
        headers = {
            **self.settings.headers,
            "Content-Type": "application/json",
            KEY: key,
            TIMESTAMP: str(stamp),
            SIGNATURE: sign(self._secret, stamp, body),
        }
        try:
            answer = post(self._place, self.settings.target, body, headers, self.settings.timeout)
        except (OSError, http.client.HTTPException) as error:
            raise DeliveryError(self._receiver, _why(error, self.settings.timeout)) from None
        is_known = answer.status == _KNOWN_ALREADY and answer.headers.get(KEY.lower()) == key
        if answer.status in OK or is_known:
            return
        reason = f"HTTP {answer.status}"
        if answer.status in _REDIRECTS:
            reason += "，不跟随转址 (redirects are not followed): 请在 url 写最终网址"
        excerpt = "" if for_reporter else self._excerpt(answer)
        raise DeliveryError(self._receiver, reason, answer.status, excerpt)

    @hookimpl
    def bubancheng_health(self) -> Health:
        """Connect to the receiver, check its certificate, send nothing."""
        try:
            reach(self._place, self.settings.timeout)
        except OSError as error:
            return Health(ok=False, detail=f"{self._receiver}: {_why(error, self.settings.timeout)}")
        return Health(ok=True, detail=f"{self._receiver} 可以连接 (can be reached)")

    @property
    def _receiver(self) -> str:
        return f"{self._place.host}:{self._place.port}"

    def _excerpt(self, answer: Answer) -> str:
        """Return how a refusal begins, without what we sent in confidence, on one line."""
        text = answer.begins.decode("utf-8", "replace")
        for value in (self._secret, *self.settings.headers.values()):
            text = text.replace(value, "…") if value else text
        return "".join(it if it.isprintable() else " " for it in text)[:_LONGEST_EXCERPT].strip()


def _why(error: Exception, timeout: float) -> str:
    if isinstance(error, TimeoutError):
        return f"{timeout:g} 秒内没有答复 (no answer in time)"
    return f"{type(error).__name__}: {error}"
