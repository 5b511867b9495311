"""Doing a thing once however often it is asked for.

The caller names a request with an `Idempotency-Key`. The first answer is kept under it, in the same transaction as the
effect, and given again to every repetition; another body under the same key is an error. One writer at a time means that
a repetition which arrives while the first still runs waits for it and then gets its answer. Kept for 24 hours.

Answers can hold a credential shown once, so they are stored sealed under a key that only the request itself can make.
Source: the IETF draft on the Idempotency-Key header, -07, for the meaning of a key and the refusal of another payload.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from penstock.kit.errors import Kind, PenstockError

KEEP_HOURS = 24
MAX_KEY_LENGTH = 255


class IdempotencyMismatch(PenstockError):
    """The key was used before for a request with another body."""

    kind, code = Kind.PRECONDITION, "idempotency.mismatch"
    message = "this Idempotency-Key was used before with another request"


class IdempotencyKey(msgspec.Struct, frozen=True, kw_only=True):
    """A caller's name for a request, and what the request was."""

    key: str
    fingerprint: bytes


class IdempotencyStore(Protocol):
    """Answers by idempotency key, within the transaction's organisation."""

    async def find(self, caller_id: int, wanted: IdempotencyKey) -> bytes | None:
        """The answer kept under this key.

        Raises:
            IdempotencyMismatch: the key was used with another fingerprint.
        """

    async def keep(self, caller_id: int, wanted: IdempotencyKey, answer: bytes, now_us: int) -> None:
        """Keep the answer, and forget those older than a day."""


class HasIdempotency(Protocol):
    """A transaction with answers kept for repetitions."""

    @property
    def idempotency(self) -> IdempotencyStore:
        """Answers kept for repetitions."""
