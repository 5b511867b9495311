"""Idempotency of operations: the caller's name for a request, and the response that is stored under it."""

from __future__ import annotations

from hashlib import blake2b
from typing import Any

import msgspec

from penstock.api.shared.call import Answer, Call
from penstock.core.idempotency import IdempotencyKey, checked_key
from penstock.kit.http import Headers, header

REPLAYED = (b"idempotent-replayed", b"true")
"""Marks a response that was stored for an earlier request, as Stripe does."""


class KeptAnswer(msgspec.Struct, frozen=True, array_like=True):
    """A response as it is stored. What differs with each request, such as its id, is not part of it."""

    status: int
    headers: Headers
    body: bytes


def idempotency_of(call: Call[Any, Any]) -> IdempotencyKey | None:
    """The key of a call, with a fingerprint of the request; None if it has no key.

    Raises:
        InvalidInput: the key is empty or too long.
    """
    key = header(call.scope, b"idempotency-key")
    if key is None:
        return None
    return IdempotencyKey(key=checked_key(key), fingerprint=_fingerprint(call, key))


def _fingerprint(call: Call[Any, Any], key: bytes) -> bytes:
    """What must not differ between repetitions. The same key on another call is a mismatch, not a repetition.

    Under the caller's key, of which only a digest is stored: without it, no short secret in the body can be guessed from the
    stored fingerprint.
    """
    scope = call.scope
    media_type = (header(scope, b"content-type") or b"").partition(b";")[0].strip().lower()
    parts = (scope["method"].encode(), scope["raw_path"], scope["query_string"], media_type, call.raw)
    # With their lengths, so that no two requests are the same bytes in a row.
    return blake2b(b"".join(b"%d:%b" % (len(part), part) for part in parts), digest_size=32, key=blake2b(key).digest()).digest()


def to_kept(answer: Answer[bytes], default_status: int) -> bytes:
    """A response as the bytes to store."""
    body = answer.body or b""
    return msgspec.msgpack.encode(KeptAnswer(answer.status or default_status, answer.headers, body))


def from_kept(stored: bytes) -> Answer[bytes]:
    """A stored response, marked as such."""
    kept = msgspec.msgpack.decode(stored, type=KeptAnswer)
    return Answer(body=kept.body, status=kept.status, headers=[*kept.headers, REPLAYED])
