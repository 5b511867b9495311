"""Settings of outgoing calls for tests."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.core.outbound.config import OutboundConfig


def outbound_config(allowed: Sequence[str] = ("127.0.0.1",)) -> OutboundConfig:
    """Settings that allow calls to some private addresses."""
    return OutboundConfig(
        allowed_targets=tuple(allowed),
        ports=(443,),
        plain_http=False,
        connect_timeout_s=5,
        timeout_s=10,
        max_response_bytes=65_536,
        max_connections=10,
        ca_file="",
    )
