"""Settings of gRPC."""

from __future__ import annotations

from typing import Annotated

import msgspec

from penstock.kit.bounds import Count, Port, Seconds, ShortText


class GrpcConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Where gRPC listens, and the limits of one client.

    Units: seconds and bytes, as in the names. With a certificate for HTTP, gRPC has TLS with the same one.
    """

    listen: bool = False
    host: ShortText = "127.0.0.1"
    port: Port = 9090
    connect: bool = True
    max_message_bytes: Annotated[int, msgspec.Meta(ge=65_536, le=67_108_864)] = 8_388_608
    max_calls: Count = 5_000
    max_calls_per_connection: Count = 1_000
    keep_alive_s: Seconds = 60
    keep_alive_timeout_s: Seconds = 20
    min_ping_s: Seconds = 10
    write_stall_timeout_s: Seconds = 30
