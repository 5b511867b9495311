"""Settings of alerts."""

from __future__ import annotations

import msgspec


class AlertsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of alerts, how long their events are stored, and how often actions are attempted."""

    max_per_org: int
    keep_days: int
    action_attempts: int
