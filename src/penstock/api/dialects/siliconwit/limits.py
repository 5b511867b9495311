"""SiliconWit's limits: those of the plan, which may have no access to this API at all. Source: surfaces/siliconwit.md 3.5."""

from __future__ import annotations

from penstock.core.limits.config import LimitsConfig
from penstock.core.limits.surfaces import LimitRule


def limit_rule(_: LimitsConfig) -> LimitRule:
    """The rule of this surface; there is nothing to set."""
    return LimitRule(surface="siliconwit", needs_api_access=True)
