"""A network server's message about one device, independent of the vendor."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any

import msgspec

from penstock.kit.clock import format_time


class Network(StrEnum):
    """The server whose format a message had."""

    CHIRPSTACK_V4 = "chirpstack_v4"
    CHIRPSTACK_V3 = "chirpstack_v3"
    THINGS_STACK_V3 = "things_stack_v3"
    CUSTOM = "custom"


class EventKind(StrEnum):
    """What a message is about. Only an uplink contains values; the others report about the device or a downlink."""

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


SENT_BY_DEVICE = frozenset(
    {EventKind.UPLINK, EventKind.NORMALIZED, EventKind.JOIN, EventKind.STATUS, EventKind.ACKNOWLEDGED, EventKind.LOCATION}
)
"""The messages that the device itself has caused by transmitting. The others report what the server did, or did not receive."""


class Reception(msgspec.Struct, frozen=True, omit_defaults=True):
    """The reception of an uplink by one gateway."""

    gateway_id: str | None = None
    rssi_dbm: float | None = None
    snr_db: float | None = None


class Radio(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The radio facts of an uplink. `rssi_dbm` and `snr_db` are those of the gateway with the best reception."""

    frequency_hz: int | None = None
    bandwidth_hz: int | None = None
    spreading_factor: int | None = None
    data_rate: int | None = None
    code_rate: str | None = None
    rssi_dbm: float | None = None
    snr_db: float | None = None
    gateways: list[Reception] = []


class NetworkMessage(msgspec.Struct, frozen=True, kw_only=True):
    """One message. Everything except its form and kind may be missing, because servers omit unset or masked fields.

    `eui` has 16 lower-case hexadecimal digits. `tenant_name` is the server's name of the device's owner, `application_id` its own
    id of the application that a downlink is addressed to. `data` is the payload as transmitted, in base64; `values` are the
    values decoded from it, None if no codec ran. `dedupe_key` is the server's name of the message, the same when it is delivered
    again. `details` are the facts of an event other than an uplink. `encrypted`: the server did not have the key to the payload.
    `simulated`: a person had the server send the message; no device did.
    `time_fault` is why the time that the server sent cannot be read; `time_us` is then None.
    `codec` describes how Penstock's codec decoded `values`, and `network_values` are the values that the server's codec had
    decoded; both are None before Penstock's codec ran. `history`: it is an earlier reading that a later uplink carried
    (`histories.py`). `single`: its values are one reading, whatever arrays they contain.
    `uplink_us` is the time of the uplink, if `time_us` is that of a reading in it.
    """

    network: Network
    kind: EventKind
    eui: str | None = None
    device_name: str | None = None
    tenant_name: str | None = None
    application_id: str | None = None
    time_us: int | None = None
    time_fault: str | None = None
    dedupe_key: str | None = None
    f_port: int | None = None
    f_cnt: int | None = None
    data: str | None = None
    values: dict[str, Any] | None = None
    radio: Radio = Radio()
    details: dict[str, Any] = {}
    encrypted: bool = False
    simulated: bool = False
    codec: dict[str, Any] | None = None
    network_values: dict[str, Any] | None = None
    history: bool = False
    single: bool = False
    uplink_us: int | None = None

    def metadata(self) -> dict[str, Any]:
        """The facts that are stored next to an uplink's values.

        Shape: {network, time?, f_port?, f_cnt?, data?, encrypted?: true, simulated?: true, history?: true,
        codec?: {profile_id, version, status, warnings?, errors?}, network_values?: {…}, frequency_hz?, bandwidth_hz?,
        spreading_factor?, data_rate?, code_rate?, rssi_dbm?, snr_db?, gateways?: [{gateway_id?, rssi_dbm?, snr_db?}]}.
        """
        own: dict[str, Any] = {"network": self.network.value, "f_port": self.f_port, "f_cnt": self.f_cnt, "data": self.data}
        own |= {"encrypted": self.encrypted or None, "simulated": self.simulated or None}
        if self.uplink_us is not None:
            own["time"] = format_time(self.uplink_us)
        own |= {"history": self.history or None, "codec": self.codec, "network_values": self.network_values}
        radio: dict[str, Any] = msgspec.to_builtins(self.radio)
        return {name: value for name, value in own.items() if value is not None} | radio

    def payload(self, values: Mapping[str, object]) -> bytes:
        """The payload of the reading: the values, and the other facts about the uplink next to them, under `lorawan`.

        A body in a custom format has only values.
        """
        if self.network is Network.CUSTOM and self.data is None:
            return msgspec.json.encode(values)
        return msgspec.json.encode({**values, "lorawan": self.metadata()})
