"""What may be shown, and to whom: query codes, masks, and the vault for personal data."""

from bubancheng.privacy.codes import hashed_query_code, new_query_code, read_query_code
from bubancheng.privacy.masks import mask_identity, mask_name, mask_personal, mask_phone
from bubancheng.privacy.scrubbing import scrub
from bubancheng.privacy.vault import PASS_THROUGH, Vault

__all__ = [
    "PASS_THROUGH",
    "Vault",
    "hashed_query_code",
    "mask_identity",
    "mask_name",
    "mask_personal",
    "mask_phone",
    "new_query_code",
    "read_query_code",
    "scrub",
]
