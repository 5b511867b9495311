"""Bodies of messages in each format. Iottly's envelope needs that surface's names and is given from outside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from penstock.core.alerts.events import RAISED, REPEATED
from penstock.core.devices.models import Device
from penstock.core.telemetry.models import Reading
from penstock.core.tenancy.models import Project
from penstock.core.webhooks.models import Endpoint, Event, Format
from penstock.core.webhooks.topics import AUDIT, BATCH
from penstock.kit.clock import SECOND_US, format_seconds, format_time, parse_time
from penstock.kit.ids import Prefix, WebhookMessageId, encode, text_of

Envelope = Callable[[Reading, Device, Project], bytes]
"""A reading as Iottly's message: JSON."""
_BATCHED = (Format.STANDARD, Format.KAITO)
_SILICONWIT_EVENTS = {"device.offline": "device_offline", "device.online": "device_online"}
_SILICONWIT_ALERTS = {"threshold": "threshold_exceeded", "rate": "threshold_exceeded", "no_data": "inactivity"}
"""By the type of the condition. Source: surfaces/siliconwit.md 5.4, where all but the first are inferred."""
_OFFLINE_SEVERITY = {"device.offline": "warning", "device.online": "info"}


def can_batch(form: Format) -> bool:
    """Whether a format has a form for several readings at once."""
    return form in _BATCHED


def render(endpoint: Endpoint, event: Event, message_id: WebhookMessageId, device: Device | None) -> bytes:
    """The body of a message in every format but Iottly's."""
    if endpoint.format is Format.KAITO:
        return _kaito(message_id, event.topic, event.at_us, _kaito_data(event))
    if endpoint.format is Format.SILICONWIT:
        return msgspec.json.encode(_siliconwit(event, device))
    return _standard(event.topic, event.at_us, event.data)


def render_iottly(endpoint: Endpoint, reading: Reading, device: Device, project: Project, envelope: Envelope) -> bytes:
    """A reading for an Iottly hook: the envelope as `msg`, or the payload alone."""
    return reading.payload if endpoint.options.payload_only else b'{"msg": ' + envelope(reading, device, project) + b"}"


def render_batch(endpoint: Endpoint, message_id: WebhookMessageId, at_us: int, readings: Sequence[bytes]) -> bytes:
    """The body of a message with several readings, in the order of the log."""
    data = b"[" + b",".join(readings) + b"]"
    return _kaito(message_id, BATCH, at_us, data) if endpoint.format is Format.KAITO else _standard(BATCH, at_us, data)


def _standard(topic: str, at_us: int, data: bytes) -> bytes:
    return msgspec.json.encode({"type": topic, "timestamp": format_time(at_us), "data": msgspec.Raw(data)})


def _kaito(message_id: WebhookMessageId, topic: str, at_us: int, data: bytes) -> bytes:
    body = {"id": text_of(Prefix.EVENT, message_id), "type": topic, "created_at": format_seconds(at_us)}
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
    if event.topic.startswith("alert."):
        return found | _siliconwit_alert(event, data, device)
    if event.topic not in _OFFLINE_SEVERITY:
        return found | {"severity": data.get("severity", "info"), "metadata": data}
    return found | _presence(event.topic.removeprefix("device."), name, device, _OFFLINE_SEVERITY[event.topic])


def _presence(state: str, name: str, device: Device | None, severity: str) -> dict[str, Any]:
    seen_us = device.last_seen_us if device else None
    interval_us = device.expected_interval_us if device else None
    return {
        "message": f"{name} {'came online' if state == 'online' else 'went offline'}",
        "severity": severity,
        "metadata": {
            "last_seen": None if seen_us is None else format_seconds(seen_us),
            "expected_interval_s": None if interval_us is None else interval_us // SECOND_US,
        },
    }


def _siliconwit_alert(event: Event, data: dict[str, Any], device: Device | None) -> dict[str, Any]:
    """The vendor's payload of an alert. What it has no word for, such as one that was cleared, is named as here."""
    kind, shown, name = str(data.get("kind", "")), str(data.get("condition", "")), str(data.get("device_name", ""))
    fired = {"device_name": name}
    if event.topic in (RAISED, REPEATED):
        if kind == "connectivity":
            state = "offline" if "offline" in shown else "online"
            return fired | {"event": f"device_{state}"} | _presence(state, name, device, str(data.get("severity", "info")))
        if kind == "geofence":
            fired["event"] = "geofence_enter" if shown.startswith("enters") else "geofence_exit"
        elif kind in _SILICONWIT_ALERTS:
            fired["event"] = _SILICONWIT_ALERTS[kind]
    raised_us = parse_time(data["raised_at"]) if data.get("raised_at") else event.at_us
    told = {"message": data["message"]} if data.get("message") else {}  # a rule's; the vendor's own alerts have none
    return fired | {
        "condition": shown,
        "current_value": data.get("value"),
        "threshold": data.get("threshold"),
        **told,
        "severity": data.get("severity", "info"),
        "metadata": {"unit": None, "duration_above_s": max(event.at_us - raised_us, 0) // SECOND_US},
    }
