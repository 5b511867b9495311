"""Settings of alerts."""

from __future__ import annotations

import msgspec


class AlertsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many alerts there may be, how long their events are kept, how often actions are tried."""

    max_per_org: int
    keep_days: int
    action_attempts: int
