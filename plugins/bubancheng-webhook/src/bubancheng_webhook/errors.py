"""What can go wrong with a webhook; no message holds the secret, a header's value or a URL's path."""

from bubancheng.errors import BubanchengError


class DeliveryError(BubanchengError):
    """A receiver that did not take a notice; `receiver` (host and port) and `reason`.

    `status`: its HTTP status, None where there was no answer; `excerpt`: how its answer begins.
    """

    def __init__(self, receiver: str, reason: str, status: int | None = None, excerpt: str = "") -> None:
        super().__init__(receiver, reason, status, excerpt)
        self.receiver, self.reason, self.status, self.excerpt = receiver, reason, status, excerpt

    def __str__(self) -> str:
        excerpt = f"，答复开头 (its answer begins): {self.excerpt}" if self.excerpt else ""
        return f"{self.receiver} 未收下通知 (did not take the notice): {self.reason}{excerpt}"


class SignatureError(BubanchengError, ValueError):
    """A request that is not to be believed; `reason`. Answer it with 401 and forget it."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason

    def __str__(self) -> str:
        return f"签名不符，不予采信 (not to be believed): {self.reason}"
