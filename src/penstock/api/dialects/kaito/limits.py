"""Kaito's limits: three groups of calls, counted separately for each key. Source: surfaces/kaito.md 1."""

from __future__ import annotations

import msgspec

from penstock.core.limits.config import LimitsConfig
from penstock.core.limits.models import Limit, LimitScope, Window
from penstock.core.limits.surfaces import LimitRule


class KaitoLimits(msgspec.Struct, frozen=True, kw_only=True):
    """The keys of the section `limits` that this surface reads. Units: calls per minute and key."""

    kaito_code_per_minute: int
    kaito_read_per_minute: int
    kaito_write_per_minute: int


def limit_rule(config: LimitsConfig) -> LimitRule:
    """The rule of this surface, from the settings."""
    found = msgspec.convert(config, KaitoLimits, from_attributes=True)
    per_minute = {
        "code": found.kaito_code_per_minute,
        "read": found.kaito_read_per_minute,
        "write": found.kaito_write_per_minute,
    }
    groups = {name: Limit(f"group_{name}", LimitScope.GROUP, count, Window.MINUTE) for name, count in per_minute.items()}
    return LimitRule(surface="kaito", group_of=lambda scope: groups[_group(scope)])


def _group(scope: str) -> str:
    """The group of a scope. Scopes that the vendor puts into no group: `audit:read` counts as read, all others as write."""
    if scope == "tokens:code":
        return "code"
    return "read" if scope.endswith(":read") else "write"
