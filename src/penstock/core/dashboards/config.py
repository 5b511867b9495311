"""Settings of dashboards."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Count


class DashboardConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How many dashboards an organisation can have, and how often visitors of one address can read shared ones per minute."""

    max_dashboards: Count
    shared_calls_per_minute: Count
