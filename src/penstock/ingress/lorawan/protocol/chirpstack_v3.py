"""ChirpStack 3 in its two JSON forms: "JSON v3", with EUIs in hex, and the protobuf mapping, with EUIs in base64.

Neither names a tenant. Bandwidth is in kHz.
Source: ChirpStack v3 HTTP integration (chirpstack-application-server `models.go`, `marshaler.go`); fixtures chirpstack_v3.json.
"""

from __future__ import annotations

from typing import Any

from penstock.core.uplinks.models import EventKind, Network, NetworkMessage, Radio, Reception
from penstock.ingress.lorawan.protocol.chirpstack_v4 import kind_of, place
from penstock.ingress.lorawan.protocol.fields import (
    MAX_DATA,
    decoded,
    group,
    hex_of_base64,
    integer,
    moment,
    number,
    picked,
    read_eui,
    rows,
    text,
    to_radio,
)
from penstock.kit import strict_json
from penstock.kit.errors import InvalidInput

_DETAILS = {
    "devAddr": "device_address",
    "margin": "margin_db",
    "externalPowerSource": "external_power",
    "batteryLevelUnavailable": "battery_unknown",
    "batteryLevel": "battery_percent",
    "acknowledged": "acknowledged",
    "fCnt": "f_cnt",
    "type": "code",
    "error": "description",
}
_ALIASES = {"objectJSON": "object"}
_HZ_PER_KHZ = 1000


def read(body: dict[str, Any], event: str | None) -> NetworkMessage:
    """Parse a body with `devEUI` and no `deviceInfo`.

    Raises:
        InvalidInput: the EUI is invalid in both encodings.
    """
    kind = kind_of({_ALIASES.get(name, name): value for name, value in body.items()}, event)
    if kind is EventKind.ACKNOWLEDGED and body.get("acknowledged") is False:
        kind = EventKind.NOT_ACKNOWLEDGED
    received = rows(body, "rxInfo")
    # When a gateway with a clock received the message, or when the server published it.
    time = moment(*((row, "time") for row in received), (body, "publishedAt"))
    return NetworkMessage(
        network=Network.CHIRPSTACK_V3,
        kind=kind,
        eui=_eui(body),
        device_name=text(body, "deviceName"),
        application_id=text(body, "applicationID"),
        time_us=time.time_us,
        time_fault=time.fault,
        dedupe_key=next((found for row in received if (found := text(row, "uplinkID"))), None),
        f_port=integer(body, "fPort"),
        f_cnt=integer(body, "fCnt"),
        data=text(body, "data", MAX_DATA),
        values=_values(body),
        radio=_radio(body, received),
        details={} if kind is EventKind.UPLINK else picked(body, _DETAILS) | place(group(body, "location")),
    )


def _eui(body: dict[str, Any]) -> str:
    value = body["devEUI"] if isinstance(body["devEUI"], str) else ""
    # Sixteen hexadecimal digits are valid base64 too, but of twelve bytes, so the two forms cannot be confused.
    return hex_of_base64(value) or read_eui(value, "devEUI")


def _values(body: dict[str, Any]) -> dict[str, Any] | None:
    """`object`, or `objectJSON`, which is JSON in a string. An invalid string counts as if no codec had run."""
    found: Any = body.get("object")
    if found is None and isinstance(body.get("objectJSON"), str):
        try:
            found = strict_json.decode(body["objectJSON"].encode())
        except InvalidInput:
            return None
    return decoded({"object": found}, "object")


def _radio(body: dict[str, Any], received: list[dict[str, Any]]) -> Radio:
    sent = group(body, "txInfo")
    lora = group(sent, "loRaModulationInfo")
    bandwidth_khz = integer(lora, "bandwidth")
    return to_radio(
        [Reception(_gateway(row), number(row, "rssi"), number(row, "loRaSNR")) for row in received],
        frequency_hz=integer(sent, "frequency"),
        bandwidth_hz=None if bandwidth_khz is None else bandwidth_khz * _HZ_PER_KHZ,
        spreading_factor=integer(lora, "spreadingFactor"),
        code_rate=text(lora, "codeRate"),
        data_rate=integer(sent, "dr") if "dr" in sent else integer(body, "dr"),
    )


def _gateway(row: dict[str, Any]) -> str | None:
    value = text(row, "gatewayID")
    return (hex_of_base64(value) or value.lower()) if value else None
