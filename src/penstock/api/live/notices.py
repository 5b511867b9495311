"""The notices of streams, that is, events other than readings, as JSON."""

from __future__ import annotations

import msgspec

from penstock.core.alerts.events import AlertMoved
from penstock.core.commands.events import CommandMoved
from penstock.core.connections.intake import DeviceEventNoted
from penstock.core.devices.connectivity import ConnectivityChanged
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, encode


def command_notice(moved: CommandMoved) -> bytes:
    """A change of an execution's state. Shape: {id, device_id, definition_id, name, state, reason, at}."""
    return msgspec.json.encode(
        {
            "id": encode(Prefix.EXECUTION, moved.execution_id),
            "device_id": encode(Prefix.DEVICE, moved.device_id),
            "definition_id": encode(Prefix.DEFINITION, moved.definition_id),
            "name": moved.name,
            "state": moved.state,
            "reason": moved.reason,
            "at": format_time(moved.at_us),
        }
    )


def connectivity_notice(changed: ConnectivityChanged) -> bytes:
    """A device that came online or went offline.

    Shape: {device_id, event, connectivity, reason, at}; in maintenance also {maintenance: true}.
    """
    return msgspec.json.encode(
        {
            "device_id": encode(Prefix.DEVICE, changed.device_id),
            "event": f"device.{changed.state}",
            "connectivity": changed.state,
            "reason": changed.reason,
            "at": format_time(changed.at_us),
        }
        | ({"maintenance": True} if changed.maintenance else {})
    )


def event_notice(noted: DeviceEventNoted) -> bytes:
    """A network server's report about a device. Shape: {id, device_id, kind, connection_id, time, details}."""
    connection_id = noted.connection_id
    return msgspec.json.encode(
        {
            "id": encode(Prefix.EVENT, noted.event_id),
            "device_id": encode(Prefix.DEVICE, noted.device_id),
            "kind": noted.kind,
            "connection_id": None if connection_id is None else encode(Prefix.CONNECTION, connection_id),
            "time": format_time(noted.time_us),
            "details": noted.details,
        }
    )


def alert_notice(moved: AlertMoved, topic: str) -> bytes:
    """An alert that was raised, acknowledged, escalated or cleared.

    Shape: {id, event, alert_id, device_id, name, severity, state, condition, value, reading_id, raised_at, at, by, note, reason,
    step, test, message, rule_id, run_id}.
    """
    return msgspec.json.encode(
        {
            "id": encode(Prefix.EVENT, moved.event_id),
            "event": topic,
            "alert_id": encode(Prefix.ALERT, moved.alert_id),
            "device_id": encode(Prefix.DEVICE, moved.device_id),
            "name": moved.name,
            "severity": moved.severity,
            "state": moved.state,
            "condition": moved.condition,
            "value": moved.value,
            "reading_id": None if moved.seq is None else encode(Prefix.READING, moved.seq),
            "raised_at": format_time(moved.raised_us),
            "at": format_time(moved.at_us),
            "by": moved.by,
            "note": moved.note,
            "reason": moved.reason,
            "step": moved.step,
            "test": moved.test,
            "message": moved.message,
            "rule_id": None if moved.rule_id is None else encode(Prefix.RULE, moved.rule_id),
            "run_id": None if moved.run_id is None else encode(Prefix.RUN, moved.run_id),
        }
    )
