"""Notices as signed JSON over HTTPS, and what a receiver checks them with."""

from bubancheng_webhook.errors import DeliveryError, SettingsError, SignatureError
from bubancheng_webhook.plugin import WebhookPlugin
from bubancheng_webhook.settings import Settings
from bubancheng_webhook.signing import KEY, SIGNATURE, TIMESTAMP, idempotency_key, sign, verify

__all__ = [
    "KEY",
    "SIGNATURE",
    "TIMESTAMP",
    "DeliveryError",
    "Settings",
    "SettingsError",
    "SignatureError",
    "WebhookPlugin",
    "idempotency_key",
    "sign",
    "verify",
]
