"""Settings of calls that the server makes."""

from __future__ import annotations

import msgspec


class OutboundConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whom the server may call, and what an answer may cost. `allowed_targets` are hosts and networks.

    Units: seconds, bytes.
    """

    allowed_targets: tuple[str, ...]
    ports: tuple[int, ...]
    plain_http: bool
    connect_timeout_s: float
    timeout_s: float
    max_response_bytes: int
    max_connections: int
    ca_file: str
