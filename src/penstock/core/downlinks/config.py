"""Settings of downlinks."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Seconds


class DownlinksConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often network servers are called. Units: seconds."""

    retry_s: Seconds
    max_retry_s: Seconds
    look_interval_s: Seconds
