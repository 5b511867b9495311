"""Settings of subscriptions."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import DaysFromZero, Seconds, ShortText


class SubscriptionConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happens when a plan ends or is replaced by a smaller one."""

    fallback_plan: ShortText
    retention_grace_days: DaysFromZero
    interval_s: Seconds
