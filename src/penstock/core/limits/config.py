"""Settings of limits."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Count, CountFromZero, SecondsFromZero, WholeSecondsFromZero


class LimitsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits that do not depend on the plan.

    Units: calls per minute, and seconds, as the names say; readings of a device in the lane for old ones (`backfill.py`).
    """

    bad_credentials_per_minute: Count
    codes_per_minute: Count
    console_calls_per_minute: Count
    mcp_requests_per_minute: Count
    backfill_older_than_s: WholeSecondsFromZero
    backfill_per_second: CountFromZero
    backfill_burst: CountFromZero
    backfill_max_delay_s: SecondsFromZero
