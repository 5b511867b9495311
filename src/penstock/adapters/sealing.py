"""Sealing: ChaCha20-Poly1305 under a key derived from the server's secret. Source: RFC 8439."""

from __future__ import annotations

import secrets
from functools import cached_property
from typing import TYPE_CHECKING

from penstock.kit.secret import Pepper

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

NONCE_BYTES = 12
"""Random: under one key about 2^32 messages can be sealed before two are likely to share one."""


class SealedBox:
    """Implements `Box`. A sealed value is the nonce, then the ciphertext with its tag; its owner is bound to it."""

    def __init__(self, pepper: Pepper) -> None:
        self._key = pepper.derive("sealed box")

    def seal(self, content: bytes, belongs_to: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, content, belongs_to.encode())

    def open(self, sealed: bytes, belongs_to: str) -> bytes:
        from cryptography.exceptions import InvalidTag

        try:
            return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], belongs_to.encode())
        except InvalidTag as error:
            raise ValueError("sealed with another secret, or for another owner") from error

    @cached_property
    def _cipher(self) -> ChaCha20Poly1305:
        from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305  # here, because the import takes 10 ms

        return ChaCha20Poly1305(self._key)
