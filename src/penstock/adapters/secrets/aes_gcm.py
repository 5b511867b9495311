"""AES-256-GCM. Source: NIST SP 800-38D."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

KEY_BYTES = 32
NONCE_BYTES = 12
"""Random: one key may encrypt 2^32 values until two are likely to share one (SP 800-38D, 8.3). A data key encrypts one."""
TAG_BYTES = 16


class AesGcm:
    """Implements `Ciphers`. Plain content is only written to memory that the caller can wipe."""

    def new_key(self) -> bytearray:
        return bytearray(secrets.token_bytes(KEY_BYTES))

    def encrypt(self, key: bytes | bytearray, content: bytes | bytearray, bond: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + _cipher(key).encrypt(nonce, content, bond.encode())

    def decrypt(self, key: bytes | bytearray, encrypted: bytes, bond: str) -> bytearray:
        from cryptography.exceptions import InvalidTag

        if len(encrypted) < NONCE_BYTES + TAG_BYTES:
            raise ValueError("too short")
        content = bytearray(len(encrypted) - NONCE_BYTES - TAG_BYTES)
        try:
            nonce, rest = encrypted[:NONCE_BYTES], memoryview(encrypted)[NONCE_BYTES:]
            _cipher(key).decrypt_into(nonce, rest, bond.encode(), content)
        except InvalidTag:
            raise ValueError("encrypted with another key, or for another owner") from None
        return content


def _cipher(key: bytes | bytearray) -> AESGCM:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM  # here, because the import takes 10 ms

    return AESGCM(key)
