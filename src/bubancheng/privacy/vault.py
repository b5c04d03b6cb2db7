"""The vault (保管库): where personal data is sealed before it is stored, and opened when it is read."""

from typing import Final, Protocol


class Vault(Protocol):
    """What seals personal data: a plugin's SM4 or AES, or nothing at all (`PASS_THROUGH`).

    Any text is sealed, the empty one too, and what comes back is text, so that it can be stored as
    any other. Several threads may use one vault at once. A vault that holds a key keeps to:

    - `open(seal(text)) == text`, in another process and after a change of keys too;
    - `open` raises for a text that it did not seal, and for a sealed text that was changed in any
      place: use an authenticated mode (SM4-GCM, AES-GCM), never a bare cipher;
    - sealing one text twice gives two texts (a fresh nonce), so that equal data cannot be seen;
    - no sentence of an error repeats the text or the key: a desk reports it in its `StoreError`.
    """

    def seal(self, text: str) -> str:
        """Return the text as it is to be stored."""

    def open(self, text: str) -> str:
        """Return the text that was sealed; raise where this vault did not seal it, or it was changed."""


class _PassThrough:
    """Seals nothing: what is stored is the text itself, so that `open` cannot tell a change."""

    def seal(self, text: str) -> str:
        """Return the text as it is."""
        return text

    def open(self, text: str) -> str:
        """Return the text as it is."""
        return text


PASS_THROUGH: Final[Vault] = _PassThrough()
"""The default vault: it seals nothing, and whoever reads the store reads the data."""
