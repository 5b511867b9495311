"""Penstock's own format: the body and the signature of Standard Webhooks 1.0."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence

import msgspec

from penstock.core.webhooks.formats import FormatTraits, Subject
from penstock.core.webhooks.models import STANDARD, Event
from penstock.core.webhooks.signing import PREFIX
from penstock.core.webhooks.topics import BATCH
from penstock.kit.clock import format_time
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import WebhookMessageId


class StandardFormat:
    """Implements `BatchingFormat`."""

    name = STANDARD
    traits = FormatTraits(own_headers=("webhook-",))

    def body(self, event: Event, subject: Subject) -> bytes:
        """Type, time and data of the event."""
        return _body(event.topic, event.at_us, event.data)

    def batch(self, message_id: WebhookMessageId, at_us: int, readings: Sequence[bytes]) -> bytes:
        """As `body`, with a list as data."""
        return _body(BATCH, at_us, b"[" + b",".join(readings) + b"]")

    def check_secret(self, secret: str, field: str) -> None:
        """A secret is `whsec_` followed by base64."""
        key = _key(secret)
        if key is None or not 24 <= len(key) <= 64:
            raise InvalidInput.field(field, f"must be {PREFIX} followed by 24 to 64 bytes in base64")

    def signature(self, signing: Sequence[str], message_id: str, body: bytes, now_s: int) -> list[tuple[str, str]]:
        """One header contains the signatures of all secrets."""
        signatures = " ".join(f"v1,{_signature(secret, message_id, now_s, body)}" for secret in signing)
        return [("webhook-id", message_id), ("webhook-timestamp", str(now_s)), ("webhook-signature", signatures)]


def _body(topic: str, at_us: int, data: bytes) -> bytes:
    return msgspec.json.encode({"type": topic, "timestamp": format_time(at_us), "data": msgspec.Raw(data)})


def _key(secret: str) -> bytes | None:
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True) if secret.startswith(PREFIX) else None
    except (binascii.Error, ValueError):
        return None


def _signature(secret: str, message_id: str, now_s: int, body: bytes) -> str:
    key = _key(secret)
    assert key is not None
    content = f"{message_id}.{now_s}.".encode() + body
    return base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
