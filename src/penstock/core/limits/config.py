"""Settings of limits."""

from __future__ import annotations

import msgspec


class LimitsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits that no plan carries.

    Units: calls per minute, and seconds, as the names say; readings of a device in the lane for old ones (`backfill.py`).
    """

    bad_credentials_per_minute: int
    backfill_older_than_s: int
    backfill_per_second: int
    backfill_burst: int
    backfill_max_delay_s: float
