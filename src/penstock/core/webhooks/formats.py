"""Bodies of messages in each format. Iottly's envelope needs that surface's names and is given from outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from penstock.core.devices.models import Device
from penstock.core.telemetry.models import Reading
from penstock.core.tenancy.models import Project
from penstock.core.webhooks.models import Endpoint, Event, Format
from penstock.core.webhooks.topics import AUDIT, BATCH
from penstock.kit.clock import SECOND_US, format_seconds, format_time
from penstock.kit.ids import Prefix, encode

Envelope = Callable[[Reading, Device, Project], bytes]
"""A reading as Iottly's message: JSON."""
_BATCHED = (Format.STANDARD, Format.KAITO)
_SILICONWIT_EVENTS = {"device.offline": "device_offline", "device.online": "device_online"}
_SILICONWIT_ALERTS = {"threshold": "threshold_exceeded", "no_data": "inactivity"}
"""By the type of the condition; what the vendor has no word for is named by the topic, as `alert_raised`."""
_OFFLINE_SEVERITY = {"device.offline": "warning", "device.online": "info"}


def can_batch(form: Format) -> bool:
    """Whether a format has a form for several readings at once."""
    return form in _BATCHED


def render(endpoint: Endpoint, event: Event, message_id: int, device: Device | None) -> bytes:
    """The body of a message in every format but Iottly's."""
    if endpoint.format is Format.KAITO:
        return _kaito(message_id, event.topic, event.at_us, _kaito_data(event))
    if endpoint.format is Format.SILICONWIT:
        return msgspec.json.encode(_siliconwit(event, device))
    return _standard(event.topic, event.at_us, event.data)


def render_iottly(endpoint: Endpoint, reading: Reading, device: Device, project: Project, envelope: Envelope) -> bytes:
    """A reading for an Iottly hook: the envelope as `msg`, or the payload alone."""
    return reading.payload if endpoint.options.payload_only else b'{"msg": ' + envelope(reading, device, project) + b"}"


def render_batch(endpoint: Endpoint, message_id: int, at_us: int, readings: Sequence[bytes]) -> bytes:
    """The body of a message with several readings, in the order of the log."""
    data = b"[" + b",".join(readings) + b"]"
    return _kaito(message_id, BATCH, at_us, data) if endpoint.format is Format.KAITO else _standard(BATCH, at_us, data)


def _standard(topic: str, at_us: int, data: bytes) -> bytes:
    return msgspec.json.encode({"type": topic, "timestamp": format_time(at_us), "data": msgspec.Raw(data)})


def _kaito(message_id: int, topic: str, at_us: int, data: bytes) -> bytes:
    body = {"id": encode(Prefix.EVENT, message_id), "type": topic, "created_at": format_seconds(at_us)}
    return msgspec.json.encode(body | {"data": msgspec.Raw(data)})


def _kaito_data(event: Event) -> bytes:
    """An entry of the audit log as one row of Kaito's; everything else as it is."""
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


def _siliconwit(event: Event, device: Device | None) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.json.decode(event.data)
    name = device.name if device else str(data.get("name", ""))
    found: dict[str, Any] = {
        "event": _SILICONWIT_EVENTS.get(event.topic, event.topic.replace(".", "_")),
        "alert_id": data.get("alert_id"),
        "device_id": encode(Prefix.DEVICE, event.device_id) if event.device_id else None,
        "device_name": name,
        "timestamp": format_seconds(event.at_us),
    }
    if event.topic == "alert.raised":
        return found | _siliconwit_alert(found, data)
    if event.topic not in _OFFLINE_SEVERITY:
        return found | {"severity": data.get("severity", "info"), "metadata": data}
    seen_us = device.last_seen_us if device else None
    interval_us = device.expected_interval_us if device else None
    state = event.topic.removeprefix("device.")
    return found | {
        "message": f"{name} {'came online' if state == 'online' else 'went offline'}",
        "severity": _OFFLINE_SEVERITY[event.topic],
        "metadata": {
            "last_seen": None if seen_us is None else format_seconds(seen_us),
            "expected_interval_s": None if interval_us is None else interval_us // SECOND_US,
        },
    }


def _siliconwit_alert(found: dict[str, Any], data: dict[str, Any]) -> dict[str, Any]:
    """An alert that was raised. Source: surfaces/siliconwit.md 5.4, `threshold_exceeded`; the other names are inferred there."""
    kind, shown = str(data.get("kind", "")), str(data.get("name", ""))
    name = _SILICONWIT_ALERTS.get(kind, found["event"])
    if kind == "connectivity":
        name = "device_offline" if "offline" in data["condition"] else "device_online"
    if kind == "geofence":
        name = "geofence_enter" if data["condition"].startswith("enters") else "geofence_exit"
    return {
        "event": name,
        "device_name": data.get("device_name") or found["device_name"],
        "condition": data.get("condition"),
        "current_value": data.get("value"),
        "threshold": data.get("threshold"),
        "message": data.get("message") or f"{shown}: {data.get('condition')}",
        "severity": data.get("severity", "info"),
        "metadata": {"event_id": data.get("event_id"), "reading_id": data.get("reading_id"), "test": data.get("test", False)},
    }
