"""A network server's message about one device, in our own words."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec


class Network(StrEnum):
    """Which server's form a message had."""

    CHIRPSTACK_V4 = "chirpstack_v4"
    CHIRPSTACK_V3 = "chirpstack_v3"
    THINGS_STACK_V3 = "things_stack_v3"
    CUSTOM = "custom"


class EventKind(StrEnum):
    """What a message is about. Only an uplink carries values; the others tell of the device or of a downlink."""

    UPLINK = "uplink"
    NORMALIZED = "normalized"
    JOIN = "join"
    STATUS = "status"
    ACKNOWLEDGED = "acknowledged"
    NOT_ACKNOWLEDGED = "not_acknowledged"
    SENT = "sent"
    FAILED = "failed"
    QUEUED = "queued"
    INVALIDATED = "invalidated"
    LOCATION = "location"
    SERVICE = "service"
    LOG = "log"
    OTHER = "other"


class Reception(msgspec.Struct, frozen=True, omit_defaults=True):
    """How one gateway heard an uplink."""

    gateway_id: str | None = None
    rssi_dbm: float | None = None
    snr_db: float | None = None


class Radio(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How an uplink came through the air. `rssi_dbm` and `snr_db` are those of the gateway that heard it best."""

    frequency_hz: int | None = None
    bandwidth_hz: int | None = None
    spreading_factor: int | None = None
    data_rate: int | None = None
    code_rate: str | None = None
    rssi_dbm: float | None = None
    snr_db: float | None = None
    gateways: list[Reception] = []


class NetworkMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message. Everything but its form and kind may be missing, as servers leave out what is unset or masked.

    `eui` has 16 lower-case hex digits. `tenant_name` is the server's name for whose the device is,
    `application_id` its own id of the application that a downlink is addressed to. `data` is the payload as
    it was on the air, in base64; `values` what a codec made of it, None when none ran. `dedupe_key` is the server's name of
    the message, the same when it is delivered again. `details` are the facts of an event that is no uplink. `encrypted` tells
    that the server had not the key to the payload. `codec` is how our own codec came to `values`, and `network_values` what the
    server's had made then; both are None before it ran.
    """

    network: Network
    kind: EventKind
    eui: str | None = None
    device_name: str | None = None
    tenant_name: str | None = None
    application_id: str | None = None
    time_us: int | None = None
    dedupe_key: str | None = None
    f_port: int | None = None
    f_cnt: int | None = None
    data: str | None = None
    values: dict[str, Any] | None = None
    radio: Radio = Radio()
    details: dict[str, Any] = {}
    encrypted: bool = False
    codec: dict[str, Any] | None = None
    network_values: dict[str, Any] | None = None

    def metadata(self) -> dict[str, Any]:
        """What is kept beside an uplink's values.

        Shape: {network, f_port?, f_cnt?, data?, encrypted?: true, codec?: {profile_id, version, status, warnings?, errors?},
        network_values?: {…}, frequency_hz?, bandwidth_hz?, spreading_factor?, data_rate?, code_rate?, rssi_dbm?, snr_db?,
        gateways?: [{gateway_id?, rssi_dbm?, snr_db?}]}.
        """
        own: dict[str, Any] = {"network": self.network.value, "f_port": self.f_port, "f_cnt": self.f_cnt, "data": self.data}
        own |= {"encrypted": self.encrypted or None, "codec": self.codec, "network_values": self.network_values}
        radio: dict[str, Any] = msgspec.to_builtins(self.radio)
        return {name: value for name, value in own.items() if value is not None} | radio

    def payload(self, values: Mapping[str, object]) -> bytes:
        """A reading's payload: values, and what else is known of the uplink beside them, under `lorawan`.

        A body of somebody's own is values alone.
        """
        if self.network is Network.CUSTOM and self.data is None:
            return msgspec.json.encode(values)
        return msgspec.json.encode({**values, "lorawan": self.metadata()})
