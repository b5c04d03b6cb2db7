import hashlib
import secrets
from collections.abc import Mapping
from typing import Protocol


def hashed_query_code(text):
    return hashlib.sha256(text.encode()).hexdigest()


def read_query_code(text):
    return text


def new_query_code():
    return secrets.token_hex(8)


def mask_personal(data, *, kind=None):
    return dict.fromkeys(data, "*")


def scrub(text):
    return text


class Vault(Protocol):
    def seal(self, text: str) -> str: ...
    def open(self, text: str) -> str: ...


class _P:
    def seal(self, text):
        return text

    def open(self, text):
        return text


PASS_THROUGH = _P()
