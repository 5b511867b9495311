"""Settings of webhooks."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Count, CountFromZero, Days, Seconds, WholeSeconds, WholeSecondsFromZero


class WebhooksConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How webhooks are delivered, and how long delivered messages are stored."""

    max_endpoints: CountFromZero
    parallel_per_endpoint: Count
    disable_after_s: WholeSeconds
    rotation_overlap_s: WholeSecondsFromZero
    payload_days: Days
    keep_days: Days
    tidy_interval_s: Seconds
