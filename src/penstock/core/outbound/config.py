"""Settings of outgoing calls."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Bytes, Count, LongText, RemotePort, Seconds, ShortText


class OutboundConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which addresses the server calls, and how much a response may cost. `allowed_targets` are hosts and networks.

    Units: seconds, bytes.
    """

    allowed_targets: tuple[ShortText, ...]
    ports: tuple[RemotePort, ...]
    plain_http: bool
    connect_timeout_s: Seconds
    timeout_s: Seconds
    max_response_bytes: Bytes
    max_connections: Count
    ca_file: LongText
