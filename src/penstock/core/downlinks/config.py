"""Settings of downlinks."""

from __future__ import annotations

import msgspec


class DownlinksConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often network servers are called. Units: seconds."""

    retry_s: float
    max_retry_s: float
    look_interval_s: float
