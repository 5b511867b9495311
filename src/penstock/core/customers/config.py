"""Settings of customers' devices."""

from __future__ import annotations

import msgspec


class CustomersConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When a meter stands as offline: meters report by the hour or the day, not by the minute."""

    offline_after_s: int
