"""Settings of tenancy."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import CountFromZero


class SubscriptionConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What happens when a plan ends or gives way to a smaller one."""

    fallback_plan: str
    retention_grace_days: int
    interval_s: float


class SignupConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Whether visitors may make organisations, on which plan for how long, and how many a day from one address."""

    enabled: bool
    plan: str
    trial_days: CountFromZero
    per_address_per_day: int


class InstallerConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What installers of agents are told. `{platform}` in file and address stands for the project's, without spaces."""

    file: str
    url: str
    host: str
