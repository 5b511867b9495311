"""Sealing: ChaCha20-Poly1305 under a key derived from the server's secret. Source: RFC 8439."""

from __future__ import annotations

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

from penstock.kit.secret import Pepper

NONCE_BYTES = 12
"""Random: under one key about 2^32 messages can be sealed before two are likely to share one."""


class SealedBox:
    """Implements `Box`. A sealed value is the nonce, then the ciphertext with its tag; its owner is bound to it."""

    def __init__(self, pepper: Pepper) -> None:
        self._cipher = ChaCha20Poly1305(pepper.derive("sealed box"))

    def seal(self, content: bytes, belongs_to: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, belongs_to.encode())

    def open(self, sealed: bytes, belongs_to: str) -> bytes:
        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], belongs_to.encode())
        except InvalidTag as error:
            raise ValueError("sealed with another secret, or for another owner") from error
