"""Settings of subscriptions."""

from __future__ import annotations

import msgspec


class SubscriptionConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happens when a plan ends or is replaced by a smaller one."""

    fallback_plan: str
    retention_grace_days: int
    interval_s: float
