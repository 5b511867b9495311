"""Settings of rules."""

from __future__ import annotations

from typing import Annotated

import msgspec

from penstock.kit.bounds import Count, CountFromZero, Days, Seconds


class RulesConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits of rules, and when a rule is stopped automatically."""

    max_rules: CountFromZero
    max_versions: Count
    max_failures_in_a_row: Count
    evaluation_budget_ms: Annotated[float, msgspec.Meta(ge=0.01, le=60_000)]
    max_runs_per_minute: Count
    max_chain: Annotated[int, msgspec.Meta(ge=1, le=100)]
    action_timeout_s: Seconds
    keep_days: Days
    trash_days: Days
    max_rehearsals: CountFromZero
