"""ChirpStack 4, HTTP integration in JSON: the type of event is in `?event=`, or is derived from the body's keys.

Source: ChirpStack v4 integration events (chirpstack-docs `events.md`, `integration.proto`), July 2026.
Fixtures: chirpstack_v4.json.
"""

from __future__ import annotations

from typing import Any

from penstock.core.uplinks.models import EventKind, Network, NetworkMessage, Radio, Reception
from penstock.ingress.lorawan.protocol.fields import (
    MAX_DATA,
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
    "up": EventKind.UPLINK,
    "join": EventKind.JOIN,
    "ack": EventKind.ACKNOWLEDGED,
    "txack": EventKind.SENT,
    "log": EventKind.LOG,
    "error": EventKind.LOG,
    "status": EventKind.STATUS,
    "location": EventKind.LOCATION,
    "integration": EventKind.SERVICE,
}
_KINDS_BY_KEY = (
    ("acknowledged", EventKind.ACKNOWLEDGED),
    ("downlinkId", EventKind.SENT),
    ("integrationName", EventKind.SERVICE),
    ("margin", EventKind.STATUS),
    ("batteryLevel", EventKind.STATUS),
    ("level", EventKind.LOG),
    ("location", EventKind.LOCATION),
    *((name, EventKind.UPLINK) for name in ("object", "data", "fCnt", "fPort", "rxInfo", "txInfo", "dr")),
    ("devAddr", EventKind.JOIN),
)
"""The first of these keys that is present determines the type. A join has a device address and no field of an uplink."""
_DETAILS = {
    "devAddr": "device_address",
    "margin": "margin_db",
    "externalPowerSource": "external_power",
    "batteryLevelUnavailable": "battery_unknown",
    "batteryLevel": "battery_percent",
    "queueItemId": "queue_item_id",
    "acknowledged": "acknowledged",
    "fCntDown": "f_cnt_down",
    "gatewayId": "gateway_id",
    "level": "level",
    "code": "code",
    "description": "description",
    "integrationName": "service",
}


def read(body: dict[str, Any], event: str | None) -> NetworkMessage:
    """Parse a body with `deviceInfo`.

    Raises:
        InvalidInput: the EUI is invalid.
    """
    device = group(body, "deviceInfo")
    kind = kind_of(body, event)
    if kind is EventKind.ACKNOWLEDGED and body.get("acknowledged") is False:
        kind = EventKind.NOT_ACKNOWLEDGED
    time = moment((body, "time"))
    return NetworkMessage(
        network=Network.CHIRPSTACK_V4,
        kind=kind,
        eui=eui(device, "devEui"),
        device_name=text(device, "deviceName"),
        tenant_name=text(device, "tenantName"),
        application_id=text(device, "applicationId"),
        time_us=time.time_us,
        time_fault=time.fault,
        dedupe_key=text(body, "deduplicationId"),
        f_port=integer(body, "fPort"),
        f_cnt=integer(body, "fCnt"),
        data=text(body, "data", MAX_DATA),
        values=decoded(body, "object"),
        # Present only if the server has no key to the payload, which is then still encrypted.
        encrypted=bool(group(body, "joinServerContext")),
        radio=_radio(body),
        details={} if kind is EventKind.UPLINK else _details(body) | place(group(body, "location")),
    )


def kind_of(body: dict[str, Any], event: str | None) -> EventKind:
    """The type of an event. An unknown word comes from a newer server and is not treated as an uplink."""
    if event is not None:
        return _KINDS.get(event, EventKind.OTHER)
    return next((kind for name, kind in _KINDS_BY_KEY if name in body), EventKind.OTHER)


def place(location: dict[str, Any]) -> dict[str, Any]:
    """A device's computed location, for the details of an event."""
    names = {"latitude": "latitude", "longitude": "longitude", "altitude": "altitude_m", "accuracy": "accuracy_m"}
    return picked(location, names)


def _details(body: dict[str, Any]) -> dict[str, Any]:
    """Plain facts. A log event names its downlink in its context."""
    return picked(group(body, "context"), {"queue_item_id": "queue_item_id"}) | picked(body, _DETAILS)


def _radio(body: dict[str, Any]) -> Radio:
    sent = group(body, "txInfo")
    lora = group(group(sent, "modulation"), "lora")
    return to_radio(
        [Reception(text(row, "gatewayId"), number(row, "rssi"), number(row, "snr")) for row in rows(body, "rxInfo")],
        frequency_hz=integer(sent, "frequency"),
        bandwidth_hz=integer(lora, "bandwidth"),
        spreading_factor=integer(lora, "spreadingFactor"),
        code_rate=text(lora, "codeRate"),
        data_rate=integer(body, "dr"),
    )
