"""Settings of connections to external brokers."""

from __future__ import annotations

from typing import Annotated

import msgspec

from penstock.kit.bounds import Count, Seconds


class MqttClientConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of a connection to a broker, and its retry times.

    Units: seconds, bytes and messages, as in the names.
    """

    enabled: bool = True
    connect_timeout_s: Seconds = 10
    reconnect_min_s: Seconds = 1
    reconnect_max_s: Seconds = 120
    max_packet_bytes: Annotated[int, msgspec.Meta(ge=1024, le=16_777_216)] = 262_144
    max_inflight: Annotated[int, msgspec.Meta(ge=1, le=65_535)] = 500
    max_waiting_bytes: Annotated[int, msgspec.Meta(ge=65_536, le=68_719_476_736)] = 4_194_304
    max_connections: Count = 1_000
