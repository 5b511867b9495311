"""Settings of outgoing calls."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Count, Positive, RemotePort


class OutboundConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Which addresses the server calls, and how much a response may cost. `allowed_targets` are hosts and networks.

    Units: seconds, bytes.
    """

    allowed_targets: tuple[str, ...]
    ports: tuple[RemotePort, ...]
    plain_http: bool
    connect_timeout_s: Positive
    timeout_s: Positive
    max_response_bytes: Count
    max_connections: Count
    ca_file: str
