"""Settings of sign-up."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import CountFromZero


class SignupConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether visitors may make organisations, on which plan for how long, and how many a day from one address."""

    enabled: bool
    plan: str
    trial_days: CountFromZero
    per_address_per_day: int
