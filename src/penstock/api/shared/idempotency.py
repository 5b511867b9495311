"""The caller's name for a request, from its `Idempotency-Key` header."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

from penstock.api.shared.call import Call
from penstock.core.idempotency import MAX_KEY_LENGTH, IdempotencyKey
from penstock.kit.errors import InvalidInput
from penstock.kit.http import header


def idempotency_of(call: Call[Any, Any]) -> IdempotencyKey | None:
    """The key of a call, with a fingerprint of method, path and body; None if it has no key.

    Raises:
        InvalidInput: the key is empty or too long.
    """
    key = header(call.scope, b"idempotency-key")
    if key is None:
        return None
    # An empty header is an error and not "no key": a client that sends it expects protection from repetitions.
    if not 0 < len(key) <= MAX_KEY_LENGTH:
        raise InvalidInput.field("Idempotency-Key", f"must be 1 to {MAX_KEY_LENGTH} characters")
    # Part of the fingerprint: the same key on another call is a mismatch, not a repetition.
    route = f"{call.scope['method']} {call.scope['path']}\n".encode()
    return IdempotencyKey(key=key.decode("latin-1"), fingerprint=blake2b(route + call.raw, digest_size=32).digest())
