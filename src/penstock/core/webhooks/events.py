"""Converts entries of the outbox, the reading log and the audit log to webhook events."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from penstock.core.audit.models import AuditEntry
from penstock.core.outbox import OutboxEntry
from penstock.core.telemetry.models import Reading
from penstock.core.webhooks.models import Event
from penstock.core.webhooks.topics import AUDIT, CATALOGUE, READING, topic_of_kind
from penstock.kit.clock import format_time
from penstock.kit.ids import DeviceId, Prefix, WebhookId, encode, text_of


class EndpointDisabledEvent(msgspec.Struct, frozen=True, kw_only=True):
    """An endpoint was disabled: `gone` when it returned 410, `failing` after days of failures."""

    endpoint_id: WebhookId
    name: str
    reason: str
    at_us: int


_IDS: dict[str, str] = {
    "device_id": Prefix.DEVICE,
    "project_id": Prefix.PROJECT,
    "execution_id": Prefix.EXECUTION,
    "definition_id": Prefix.DEFINITION,
    "endpoint_id": Prefix.WEBHOOK,
    "customer_id": Prefix.CUSTOMER,
    "resident_id": Prefix.RESIDENT,
    "user_id": Prefix.USER,
    "key_id": Prefix.KEY,
    "alert_id": Prefix.ALERT,
    "event_id": Prefix.EVENT,
    "rule_id": Prefix.RULE,
    "run_id": Prefix.RUN,
    "version_id": Prefix.VERSION,
    "connection_id": Prefix.CONNECTION,
    "statement_id": Prefix.STATEMENT,
}


_OF_AUDIT = ("seq", "time", "action", "actor", "address", "target", "outcome", "details", "prev_hash", "hash")


class _ReadingData(msgspec.Struct, gc=False):
    id: str
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


def shown_names(struct: type[msgspec.Struct]) -> frozenset[str]:
    """The fields of the data of an event of the outbox; a field without a value keeps its name."""
    names = struct.__struct_fields__
    return frozenset(names) | {_shown(name, [] if name == "chain" else 0)[0] for name in names}


def of_outbox(entry: OutboxEntry, now_us: int) -> Event:
    """The event of an outbox entry; numeric ids become public ids, times RFC 3339 strings."""
    found: dict[str, Any] = msgspec.json.decode(entry.body)
    at_us, device_id = found.get("at_us"), found.get("device_id")
    return Event(
        key=f"outbox:{entry.id}",
        org_id=entry.org_id,
        topic=entry.topic,
        at_us=at_us if isinstance(at_us, int) else now_us,
        data=msgspec.json.encode(dict(_shown(name, value) for name, value in found.items())),
        device_id=DeviceId(device_id) if isinstance(device_id, int) else None,
    )


def of_reading(reading: Reading) -> Event:
    """The event of a reading."""
    data = _ReadingData(
        encode(Prefix.READING, reading.seq),
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
    )


def of_audit(entry: AuditEntry) -> Event:
    """The event of an audit entry, with the hashes that chain it."""
    data = {
        "seq": entry.seq,
        "time": format_time(entry.time_us),
        "action": entry.action,
        "actor": {"kind": entry.actor_kind, "id": entry.actor_id, "name": entry.actor_name},
        "address": entry.address,
        "target": {"kind": entry.target.kind, "id": entry.target.id, "name": entry.target.name},
        "outcome": entry.outcome.value,
        "details": entry.details,
        "prev_hash": entry.prev_hash,
        "hash": entry.hash,
    }
    return Event(
        key=f"audit:{entry.seq}",
        org_id=entry.org_id,
        topic=AUDIT,
        at_us=entry.time_us,
        data=msgspec.json.encode(data),
        action=entry.action,
    )


def _shown(name: str, value: Any) -> tuple[str, Any]:
    if name == "at_us" and isinstance(value, int):
        return "at", format_time(value)
    if name.endswith("_us") and isinstance(value, int):
        return f"{name.removesuffix('_us')}_at", format_time(value)
    if name in _IDS and isinstance(value, int):
        return name, text_of(_IDS[name], value)
    if name == "seq" and isinstance(value, int):
        return "reading_id", text_of(Prefix.READING, value)
    if name == "chain" and isinstance(value, list):
        return name, [text_of(Prefix.RULE, one) for one in value]
    return name, value
