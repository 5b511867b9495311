"""SiliconWit's limits: those of the plan, which may not include this API. Source: surfaces/siliconwit.md 3.5."""

from __future__ import annotations

from penstock.core.limits.config import LimitsConfig
from penstock.core.limits.surfaces import LimitRule


def limit_rule(_: LimitsConfig) -> LimitRule:
    """The rule of this surface; it has no settings."""
    return LimitRule(surface="siliconwit", needs_api_access=True)
