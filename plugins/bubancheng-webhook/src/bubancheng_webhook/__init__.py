"""Notices as signed JSON over HTTPS, and what a receiver checks them with."""

from bubancheng_webhook.errors import DeliveryError, SignatureError
from bubancheng_webhook.plugin import WebhookPlugin
from bubancheng_webhook.settings import WebhookSettings
from bubancheng_webhook.signing import KEY, SIGNATURE, TIMESTAMP, idempotency_key, sign, verify

__all__ = [
    "KEY",
    "SIGNATURE",
    "TIMESTAMP",
    "DeliveryError",
    "SignatureError",
    "WebhookPlugin",
    "WebhookSettings",
    "idempotency_key",
    "sign",
    "verify",
]
