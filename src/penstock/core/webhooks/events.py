"""Converts entries of the outbox, the reading log and the audit log to webhook events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from penstock.core.audit.chain import document
from penstock.core.audit.models import AuditEntry
from penstock.core.event_data import event_data
from penstock.core.outbox import OutboxEntry
from penstock.core.telemetry.chains import chain_of
from penstock.core.telemetry.models import Reading
from penstock.core.webhooks.models import Event
from penstock.core.webhooks.topics import AUDIT, CATALOGUE, READING, topic_of_kind
from penstock.kit.clock import format_time
from penstock.kit.ids import DeviceId, Prefix, RuleId, Seq, WebhookId, encode


class EndpointDisabledEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint was disabled: `gone` when it returned 410, `failing` after days of failures.

    `chain` are the rules that led to the message at which it was.
    """

    endpoint_id: WebhookId
    name: str
    reason: str
    at_us: int
    chain: tuple[RuleId, ...] = ()


_OF_AUDIT = (
    *("seq", "time", "action", "actor", "address", "target", "outcome", "details", "prev_hash", "hash"),
    *("ts", "actor_kind", "actor_id", "user", "ip", "target_type", "target_id", "target_name"),
)
"""The fields of an audit event: those of the API, and those of exports."""


class _ReadingData(msgspec.Struct, gc=False):
    id: str
    seq: Seq
    device_id: str
    kind: str
    channel: str | None
    time: str
    received_at: str
    backfill: bool
    data: msgspec.Raw


OWN_SHAPES: Mapping[str, frozenset[str]] = {
    **dict.fromkeys((name for name in CATALOGUE if name.startswith(READING)), frozenset(_ReadingData.__struct_fields__)),
    AUDIT: frozenset(_OF_AUDIT),
}
"""The fields of the data of events that are not in the outbox."""


def of_outbox(entry: OutboxEntry, now_us: int) -> Event:
    """The event of an outbox entry, with its public data."""
    found: dict[str, Any] = msgspec.json.decode(entry.body)
    at_us, device_id = found.get("at_us"), found.get("device_id")
    return Event(
        key=f"outbox:{entry.id}",
        org_id=entry.org_id,
        topic=entry.topic,
        at_us=at_us if isinstance(at_us, int) else now_us,
        data=msgspec.json.encode(event_data(entry.topic, found)),
        device_id=DeviceId(device_id) if isinstance(device_id, int) else None,
        project_id=found.get("project_id"),
        chain=tuple(RuleId(one) for one in found.get("chain", ())),
    )


def of_reading(reading: Reading) -> Event:
    """The event of a reading."""
    data = _ReadingData(
        encode(Prefix.READING, reading.seq),
        reading.seq,
        encode(Prefix.DEVICE, reading.device_id),
        reading.kind,
        reading.channel,
        format_time(reading.time_us),
        format_time(reading.received_us),
        reading.backfill,
        msgspec.Raw(reading.payload),
    )
    return Event(
        key=f"reading:{reading.seq}",
        org_id=reading.org_id,
        topic=topic_of_kind(reading.kind),
        at_us=reading.received_us,
        data=msgspec.json.encode(data),
        device_id=reading.device_id,
        reading=reading,
        chain=chain_of(reading),
    )


def of_audit(entry: AuditEntry) -> Event:
    """The event of an audit entry: as it is listed and exported, with the hashes that chain it, and its parts grouped."""
    data = document(entry) | {
        "time": format_time(entry.time_us),
        "actor": {"kind": entry.actor_kind, "id": entry.actor_id, "name": entry.actor_name},
        "address": entry.address,
        "target": {"kind": entry.target.kind, "id": entry.target.id, "name": entry.target.name},
    }
    return Event(
        key=f"audit:{entry.seq}",
        org_id=entry.org_id,
        topic=AUDIT,
        at_us=entry.time_us,
        data=msgspec.json.encode(data),
        action=entry.action,
    )
