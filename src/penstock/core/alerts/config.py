"""Settings of alerts."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Count, CountFromZero, Days


class AlertsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of alerts, how long their events are stored, and how often actions are attempted."""

    max_per_org: CountFromZero
    keep_days: Days
    action_attempts: Count
