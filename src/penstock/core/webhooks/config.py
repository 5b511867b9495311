"""Settings of webhooks."""

from __future__ import annotations

import msgspec


class WebhooksConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How webhooks are delivered, and how long delivered messages are stored."""

    max_endpoints: int
    parallel_per_endpoint: int
    disable_after_s: int
    rotation_overlap_s: int
    payload_days: int
    keep_days: int
    tidy_interval_s: float
