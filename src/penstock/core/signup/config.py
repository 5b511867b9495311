"""Settings of sign-up."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Count, DaysFromZero, ShortText


class SignupConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether visitors can create organisations, on which plan and for how long, and how many per day and address."""

    enabled: bool
    plan: ShortText
    trial_days: DaysFromZero
    per_address_per_day: Count
