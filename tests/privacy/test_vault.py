"""The vault: nothing by default, and a contract that a vault with a key can keep."""

import hashlib
import hmac
import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bubancheng.privacy import PASS_THROUGH, Vault

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=50)


class KeyedVault:
    """A vault as the contract wants it, from the standard library: for tests, not for use."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def _stream(self, nonce: bytes, size: int) -> bytes:
        return hashlib.shake_256(self._key + nonce).digest(size)

    def _tag(self, sealed: bytes) -> bytes:
        return hmac.digest(self._key, sealed, "sha256")

    def seal(self, text: str) -> str:
        data, nonce = text.encode(), secrets.token_bytes(16)
        hidden = bytes(a ^ b for a, b in zip(data, self._stream(nonce, len(data)), strict=True))
        return (nonce + hidden + self._tag(nonce + hidden)).hex()

    def open(self, text: str) -> str:
        sealed = bytes.fromhex(text)
        body, tag = sealed[:-32], sealed[-32:]
        if text != sealed.hex() or not hmac.compare_digest(tag, self._tag(body)):
            msg = "not sealed by this vault"
            raise ValueError(msg)
        stream = self._stream(body[:16], len(body) - 16)
        return bytes(a ^ b for a, b in zip(body[16:], stream, strict=True)).decode()


KEYED = KeyedVault(b"k" * 32)


@pytest.mark.parametrize("vault", [PASS_THROUGH, KEYED])
@given(text=TEXTS)
def test_what_was_sealed_opens_as_it_was(vault: Vault, text: str) -> None:
    assert text == vault.open(vault.seal(text))


@given(text=TEXTS)
def test_the_default_stores_the_text_itself(text: str) -> None:
    assert text == PASS_THROUGH.seal(text)


def test_a_vault_with_a_key_can_find_every_changed_character() -> None:
    sealed = KEYED.seal("张三 13800000000")
    for place, char in enumerate(sealed):
        changed = sealed[:place] + ("0" if char != "0" else "1") + sealed[place + 1 :]
        with pytest.raises(ValueError, match="not sealed by this vault"):
            KEYED.open(changed)


@pytest.mark.parametrize(
    "text", ["", "00", "张三", PASS_THROUGH.seal("张三"), KeyedVault(b"other").seal("张三")]
)
def test_a_vault_with_a_key_can_refuse_what_it_did_not_seal(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        KEYED.open(text)


def test_a_vault_with_a_key_can_seal_one_text_in_two_ways() -> None:
    assert KEYED.seal("张三") != KEYED.seal("张三")
