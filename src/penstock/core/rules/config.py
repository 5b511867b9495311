"""Settings of rules."""

from __future__ import annotations

import msgspec


class RulesConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of rules, and when a rule is stopped automatically."""

    max_rules: int
    max_versions: int
    max_failures_in_a_row: int
    evaluation_budget_ms: float
    max_runs_per_minute: int
    max_chain: int
    action_timeout_s: float
    keep_days: int
    trash_days: int
    max_rehearsals: int
