"""Kaito's webhook messages: an envelope with an id, and a signature over the time and the body.

Source: surfaces/kaito.md 6.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.api.dialects.kaito.sms_ids import sms_id
from penstock.core.tokens.grant_events import PERMISSION_CHANGED
from penstock.core.webhooks.formats import FormatTraits, Subject
from penstock.core.webhooks.models import Event
from penstock.core.webhooks.signing import check_any_secret, hex_signatures
from penstock.core.webhooks.topics import AUDIT, BATCH
from penstock.kit.clock import format_seconds
from penstock.kit.ids import Prefix, WebhookMessageId, text_of

NAME = "kaito"
_OF_SMS = {
    "sms.inbound": ("id", "number", "from", "body", "received_at"),
    "sms.delivery_status": ("id", "number", "to", "status", "error", "at"),
}
"""The fields of the data of SMS, in their order."""


class KaitoFormat:
    """Implements `BatchingFormat`."""

    name = NAME
    traits = FormatTraits(own_headers=("kaito-",))

    def body(self, event: Event, subject: Subject) -> bytes:
        """The envelope; an entry of the audit log is formatted as one of Kaito's rows."""
        return _envelope(subject.message_id, event.topic, event.at_us, _data(event))

    def batch(self, message_id: WebhookMessageId, at_us: int, readings: Sequence[bytes]) -> bytes:
        """The envelope; its data is a list."""
        return _envelope(message_id, BATCH, at_us, b"[" + b",".join(readings) + b"]")

    def check_secret(self, secret: str, field: str) -> None:
        """Any secret is valid: it is used as it is written."""
        check_any_secret(secret, field)

    def signature(self, signing: Sequence[str], message_id: str, body: bytes, now_s: int) -> list[tuple[str, str]]:
        """The time, and the signature over the time and the body."""
        signatures = hex_signatures("Kaito-Signature", signing, f"{now_s}.".encode() + body)
        return [("Kaito-Timestamp", str(now_s)), *signatures]


def _envelope(message_id: WebhookMessageId, topic: str, at_us: int, data: bytes) -> bytes:
    body = {"id": text_of(Prefix.EVENT, message_id), "type": topic, "created_at": format_seconds(at_us)}
    return msgspec.json.encode(body | {"data": msgspec.Raw(data)})


def _data(event: Event) -> bytes:
    if event.topic == PERMISSION_CHANGED:
        return _permission(event.data)
    if event.topic in _OF_SMS:
        return _sms(msgspec.json.decode(event.data), _OF_SMS[event.topic])
    if event.topic != AUDIT:
        return event.data
    found: dict[str, Any] = msgspec.json.decode(event.data)
    target = found["target"]
    return msgspec.json.encode(
        {
            "user": found["actor"]["name"],
            "ts": found["time"],
            "ip": found["address"],
            "action": found["action"],
            "target": f"{target['kind']}:{target['name'] or target['id']}" if target["kind"] else "",
        }
    )


def _permission(data: bytes) -> bytes:
    """The fields of the vendor's event, and of the group, user and key the one that is set. Source: surfaces/kaito.md 6.2."""
    found: dict[str, Any] = msgspec.json.decode(data)
    subject = {name: found[name] for name in ("group", "user", "key") if found[name] is not None}
    rest = {name: found[name] for name in ("permission", "change", "expires_at", "actor")}
    return msgspec.json.encode({"token": found["token"]} | subject | rest)


def _sms(found: dict[str, Any], fields: Sequence[str]) -> bytes:
    """Only the vendor's fields, with the same id as in `GET /v1/sms`."""
    return msgspec.json.encode({name: found[name] for name in fields} | {"id": sms_id(found["id"])})
