"""Settings of the MQTT endpoint."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from penstock.kit.bounds import Count, LongText, Port, Seconds, ShortText, WholeSecondsFromZero


class MqttConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where devices connect, and the limits of one device.

    Units: seconds, bytes and messages, as in the names. TLS is used on `tls_port` if `tls_certificate` names a file.
    """

    enabled: bool = True
    host: ShortText = "127.0.0.1"
    port: Port = 1883
    tls_port: Port = 8883
    tls_certificate: LongText = ""
    tls_key: LongText = ""
    connect_timeout_s: Seconds = 10
    keep_alive_max_s: Annotated[int, msgspec.Meta(ge=1, le=43_690)] = 3_600
    session_expiry_max_s: WholeSecondsFromZero = 604_800
    write_stall_timeout_s: Seconds = 30
    max_packet_bytes: Annotated[int, msgspec.Meta(ge=1024, le=16_777_216)] = 262_144
    max_inflight: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 100
    max_connections: Count = 10_000
    max_connecting_per_address: Count = 64
    max_connections_per_device: Count = 4
    max_programs_per_org: Count = 200
    max_messages_per_s: Count = 1_000
    max_sessions: Count = 100_000
    foreign_topic: Literal["cut", "ignore"] = "cut"
    retained: Literal["off", "last_value", "last_command", "both"] = "last_value"
