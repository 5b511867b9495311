"""Idempotency keys: a repeated request has its effect once.

The caller names a request with an `Idempotency-Key`. The first response is stored under the key, in the same transaction as
the effect (`core/database.py`, `held`), and returned to every repetition. Another request under the same key is an error. Because
there is one writer at a time, a repetition that arrives while the first request is running waits for it and returns its response.
Responses are stored for 24 hours; errors are not, so a request that failed can be repeated under its key.

A response can contain a credential that is shown once, so it is sealed with a key that only the request itself can derive.
Source: the IETF draft on the Idempotency-Key header, -07, for the meaning of a key and the rejection of another payload.
"""

from __future__ import annotations

from typing import Protocol

import msgspec

from penstock.kit.errors import InvalidInput, Kind, PenstockError

KEEP_HOURS = 24
MAX_KEY_LENGTH = 255


class IdempotencyMismatch(PenstockError):
    """The idempotency key was already used for a different request."""

    kind, code = Kind.PRECONDITION, "idempotency.mismatch"
    message = "the Idempotency-Key was already used with a different request"


def checked_key(key: bytes) -> str:
    """The value of an `Idempotency-Key` header.

    Raises:
        InvalidInput: it is empty or too long.
    """
    # An empty header is an error and not "no key": a client that sends it expects protection from repetitions.
    if not 0 < len(key) <= MAX_KEY_LENGTH:
        raise InvalidInput.field("Idempotency-Key", f"must be 1 to {MAX_KEY_LENGTH} characters")
    return key.decode("latin-1")


class IdempotencyKey(msgspec.Struct, frozen=True, kw_only=True):
    """The caller's name for a request, and the fingerprint of the request."""

    key: str
    fingerprint: bytes


class IdempotencyStore(Protocol):
    """Responses by idempotency key, within the transaction's organisation."""

    async def find(self, caller_id: int, requested: IdempotencyKey) -> bytes | None:
        """The response stored under this key, or None.

        Raises:
            IdempotencyMismatch: the key was used with another fingerprint.
        """

    async def keep(self, caller_id: int, requested: IdempotencyKey, answer: bytes, now_us: int) -> None:
        """Store the response, and delete those older than a day."""


class HasIdempotency(Protocol):
    """A transaction with the stored responses."""

    @property
    def idempotency(self) -> IdempotencyStore:
        """Responses stored for repeated requests."""
