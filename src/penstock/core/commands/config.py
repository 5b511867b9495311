"""Settings of commands."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Count, Days, Seconds, WholeSeconds


class CommandsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long commands wait, and how many can."""

    expiry_s: WholeSeconds
    max_expiry_s: WholeSeconds
    verification_timeout_s: WholeSeconds
    max_queued_per_device: Count
    keep_days: Days
    sweep_interval_s: Seconds
