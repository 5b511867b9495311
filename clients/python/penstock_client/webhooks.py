"""Verifies webhooks (Standard Webhooks): that the server sent them, that nothing was altered, and that they are recent.

event = penstock_client.webhooks.verify(request.body, request.headers, secret)
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
import time
from collections.abc import Iterable, Mapping
from typing import Any

from .errors import ConfigurationInvalid, PenstockError

PREFIX = "whsec_"
TOLERANCE_S = 300.0


class SignatureInvalid(PenstockError):
    """The message was not sent by the server, was altered, or is too old. Answer it with 400, and do nothing else with it."""


def verify(
    payload: bytes | str,
    headers: Mapping[str, str],
    secret: str | Iterable[str],
    *,
    tolerance_s: float = TOLERANCE_S,
    now: float | None = None,
) -> dict[str, Any]:
    """The event of a message: `type`, `timestamp` and `data`.

    `payload` is the body as it was received, before it is parsed. `secret` is that of the endpoint (`whsec_…`), or several.
    Messages can come twice: remember the header `webhook-id`.

    Raises:
        SignatureInvalid: it must not be trusted.
        ConfigurationInvalid: a secret has not the form of one.
    """
    body = payload.encode() if isinstance(payload, str) else bytes(payload)
    given = {name.lower(): value for name, value in headers.items()}
    message_id, sent_at, signatures = (given.get(f"webhook-{name}", "") for name in ("id", "timestamp", "signature"))
    if not (message_id and sent_at and signatures):
        raise SignatureInvalid("a header is missing: webhook-id, webhook-timestamp and webhook-signature are needed")
    keys = [_key(one) for one in ([secret] if isinstance(secret, str) else secret)]
    signed = f"{message_id}.{sent_at}.".encode() + body
    if not _is_signed(signed, signatures, keys):
        raise SignatureInvalid("no signature matches")
    _check_time(sent_at, time.time() if now is None else now, tolerance_s)
    event: dict[str, Any] = json.loads(body)
    return event


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret[len(PREFIX) :] if secret.startswith(PREFIX) else secret, validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if not key:
        raise ConfigurationInvalid("a webhook secret begins with whsec_, followed by base64")
    return key


def _is_signed(signed: bytes, signatures: str, keys: list[bytes]) -> bool:
    found = False
    for key in keys:
        mine = "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
        for one in signatures.split(" "):
            found |= hmac.compare_digest(mine.encode(), one.encode())
    return found


def _check_time(sent_at: str, now: float, tolerance_s: float) -> None:
    if not (sent_at.isascii() and sent_at.isdigit()) or abs(now - int(sent_at)) > tolerance_s:
        raise SignatureInvalid("the message is too old, or from the future")
