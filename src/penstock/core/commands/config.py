"""Settings of commands."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Count


class CommandsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long commands wait, and how many can."""

    expiry_s: Count
    max_expiry_s: int
    verification_timeout_s: int
    max_queued_per_device: int
    keep_days: int
    sweep_interval_s: float
