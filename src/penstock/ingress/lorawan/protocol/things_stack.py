"""The Things Stack 3 (The Things Network): webhooks, one oneof key per type of event.

Fields at their defaults are omitted, so a missing frame counter is 0. A filter can remove everything but chosen paths.
Source: The Things Stack v3 webhooks (lorawan-stack `messages.proto`, data formats page); fixtures things_stack.json.
"""

from __future__ import annotations

from typing import Any

from penstock.core.downlinks.models import CORRELATION
from penstock.core.uplinks.models import EventKind, Network, NetworkMessage, Radio, Reception
from penstock.ingress.lorawan.protocol.chirpstack_v4 import place
from penstock.ingress.lorawan.protocol.fields import (
    MAX_DATA,
    MAX_TEXT,
    decoded,
    eui,
    group,
    integer,
    moment,
    number,
    picked,
    rows,
    text,
    to_radio,
)

_KINDS = {
    "uplink_message": EventKind.UPLINK,
    "uplink_normalized": EventKind.NORMALIZED,
    "join_accept": EventKind.JOIN,
    "downlink_ack": EventKind.ACKNOWLEDGED,
    "downlink_nack": EventKind.NOT_ACKNOWLEDGED,
    "downlink_sent": EventKind.SENT,
    "downlink_failed": EventKind.FAILED,
    "downlink_queued": EventKind.QUEUED,
    "downlink_queue_invalidated": EventKind.INVALIDATED,
    "location_solved": EventKind.LOCATION,
    "service_data": EventKind.SERVICE,
}
_DETAILS = {
    "session_key_id": "session_key_id",
    "f_port": "f_port",
    "f_cnt": "f_cnt_down",
    "last_f_cnt_down": "f_cnt_down",
    "confirmed": "confirmed",
    "service": "service",
}
_UPLINK = "gs:uplink:"
_VALUES = {EventKind.UPLINK: "decoded_payload", EventKind.NORMALIZED: "normalized_payload"}


def is_message(body: dict[str, Any]) -> bool:
    """Whether a body is from The Things Stack."""
    return "end_device_ids" in body or any(name in body for name in _KINDS)


def read(body: dict[str, Any]) -> NetworkMessage:
    """Parse a body from The Things Stack.

    Raises:
        InvalidInput: the EUI is invalid.
    """
    name = next((name for name in _KINDS if name in body), "")
    kind = _KINDS.get(name, EventKind.OTHER)
    ids, content = group(body, "end_device_ids"), group(body, name)
    is_uplink, simulated = kind in _VALUES, _is_simulated(body, content)
    time = moment((content, "received_at"), (body, "received_at"))
    application_id = text(group(ids, "application_ids"), "application_id")
    return NetworkMessage(
        network=Network.THINGS_STACK_V3,
        kind=kind,
        eui=eui(ids, "dev_eui"),
        device_name=text(ids, "device_id"),
        # Its applications correspond to the tenants of other servers (docs/glossary.md).
        tenant_name=application_id,
        application_id=application_id,
        time_us=time.time_us,
        time_fault=time.fault,
        # A normalised uplink has the session and counter of its uplink, and would be stored as its duplicate.
        dedupe_key=_dedupe_key(body, content, simulated) if kind is EventKind.UPLINK else None,
        f_port=integer(content, "f_port") if is_uplink else None,
        f_cnt=(integer(content, "f_cnt") or 0) if kind is EventKind.UPLINK else None,
        data=text(content, "frm_payload", MAX_DATA) if is_uplink else None,
        values=decoded(content, _VALUES[kind]) if is_uplink else None,
        encrypted=is_uplink and "app_s_key" in content,
        simulated=simulated,
        radio=_radio(content) if is_uplink else Radio(),
        details={} if is_uplink else _details(body, content) | ({"simulated": True} if simulated else {}),
    )


def _is_simulated(body: dict[str, Any], content: dict[str, Any]) -> bool:
    """Whether a person sent the message in the server's console. The schema has the mark in the message, the documentation also
    inside the uplink.
    """
    return body.get("simulated") is True or content.get("simulated") is True


def _dedupe_key(body: dict[str, Any], content: dict[str, Any], simulated: bool) -> str | None:
    """Session and frame counter, which identify an uplink; or the gateway server's id for it, if a filter removed those.

    A simulated uplink can have those of a real one, and is not its duplicate.
    """
    session = text(content, "session_key_id")
    if session:
        return f"{'simulated:' if simulated else ''}{session}:{integer(content, 'f_cnt') or 0}"
    return next((one for one in _correlations(body) if one.startswith(_UPLINK)), None)


def _radio(content: dict[str, Any]) -> Radio:
    settings = group(content, "settings")
    lora = group(group(settings, "data_rate"), "lora")
    return to_radio(
        [Reception(_gateway(row), number(row, "rssi"), number(row, "snr")) for row in rows(content, "rx_metadata")],
        frequency_hz=integer(settings, "frequency"),
        bandwidth_hz=integer(lora, "bandwidth"),
        spreading_factor=integer(lora, "spreading_factor"),
        # The documentation shows it in the settings, the schema has it inside the data rate.
        code_rate=text(lora, "coding_rate") or text(settings, "coding_rate"),
    )


def _gateway(row: dict[str, Any]) -> str | None:
    ids = group(row, "gateway_ids")
    value = text(ids, "eui")
    return value.lower() if value else text(ids, "gateway_id")


def _details(body: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    failure = picked(group(content, "error"), {"name": "code", "message_format": "description"})
    ours = next(
        (one for part in (content, group(content, "downlink"), body) for one in _correlations(part) if _is_ours(one)), None
    )
    named = {} if ours is None else {"correlation_id": ours}
    return (
        picked(group(content, "downlink"), _DETAILS)
        | picked(content, _DETAILS)
        | failure
        | named
        | place(group(content, "location"))
    )


def _correlations(part: dict[str, Any]) -> list[str]:
    named = part.get("correlation_ids")
    return [one for one in named if isinstance(one, str)] if isinstance(named, list) else []


def _is_ours(name: str) -> bool:
    return name.startswith(CORRELATION) and len(name) <= MAX_TEXT
