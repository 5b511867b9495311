"""SiliconWit's webhook messages: one flat object, and a signature over the raw body.

Source: surfaces/siliconwit.md 5.4, where all event names except `threshold_exceeded` are inferred.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from penstock.core.alerts.events import RAISED, REPEATED
from penstock.core.devices.models import Device
from penstock.core.webhooks.formats import FormatTraits, Subject
from penstock.core.webhooks.models import Event
from penstock.core.webhooks.signing import check_any_secret, hex_signatures
from penstock.kit.clock import SECOND_US, format_seconds, parse_time
from penstock.kit.ids import Prefix, encode

_EVENTS = {"device.offline": "device_offline", "device.online": "device_online"}
_ALERTS = {"threshold": "threshold_exceeded", "rate": "threshold_exceeded", "no_data": "inactivity"}
"""By the type of the condition."""
_OFFLINE_SEVERITY = {"device.offline": "warning", "device.online": "info"}


class SiliconWitFormat:
    """Implements `WebhookFormat`."""

    name = "siliconwit"
    traits = FormatTraits(needs_device=True, own_headers=("x-webhook-signature",))

    def body(self, event: Event, subject: Subject) -> bytes:
        """The vendor's object for an alert or a device's presence; for any other event, the common fields."""
        return msgspec.json.encode(_payload(event, subject.device))

    def check_secret(self, secret: str, field: str) -> None:
        """Any secret is valid: it is used as it is written."""
        check_any_secret(secret, field)

    def signature(self, signing: Sequence[str], message_id: str, body: bytes, now_s: int) -> list[tuple[str, str]]:
        """The signature of the body."""
        return hex_signatures("X-Webhook-Signature", signing, body)


def _payload(event: Event, device: Device | None) -> dict[str, Any]:
    data: dict[str, Any] = msgspec.json.decode(event.data)
    name = device.name if device else str(data.get("device_name") or data.get("name", ""))
    found: dict[str, Any] = {
        "event": _EVENTS.get(event.topic, event.topic.replace(".", "_")),
        "alert_id": data.get("alert_id"),
        "device_id": encode(Prefix.DEVICE, event.device_id) if event.device_id else None,
        "device_name": name,
        "timestamp": format_seconds(event.at_us),
    }
    if event.topic.startswith("alert."):
        return found | _alert(event, data, device)
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


def _alert(event: Event, data: dict[str, Any], device: Device | None) -> dict[str, Any]:
    """The vendor's payload of an alert. Cases that the vendor does not name, such as a cleared alert, have Penstock's names."""
    kind, shown, name = str(data.get("kind", "")), str(data.get("condition", "")), str(data.get("device_name", ""))
    fired = {"device_name": name}
    if event.topic in (RAISED, REPEATED):
        if kind == "connectivity":
            # The event contains the condition only as text: `device is offline` or `device is online`.
            state = "offline" if "offline" in shown else "online"
            return fired | {"event": f"device_{state}"} | _presence(state, name, device, str(data.get("severity", "info")))
        if kind == "geofence":
            # The vendor has two events of fences, so a device that is outside counts as one that left.
            fired["event"] = "geofence_enter" if shown.startswith("enters") else "geofence_exit"
        elif kind in _ALERTS:
            fired["event"] = _ALERTS[kind]
    raised_us = parse_time(data["raised_received_at"]) if data.get("raised_received_at") else event.at_us
    message = {"message": data["message"]} if data.get("message") else {}  # a rule's; the vendor's own alerts have none
    return fired | {
        "condition": shown,
        "current_value": data.get("value"),
        "threshold": data.get("threshold"),
        **message,
        "severity": data.get("severity", "info"),
        "metadata": {"unit": None, "duration_above_s": max(event.at_us - raised_us, 0) // SECOND_US},
    }
