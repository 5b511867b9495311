"""What exceeds the limits of another plan. Pure: it looks nothing up."""

from __future__ import annotations

import math
from collections.abc import Sequence

from penstock.core.tenancy.models import ApiKey, KeyStatus, Plan


def excess_keys(plan: Plan, keys: Sequence[ApiKey], now_us: int) -> list[ApiKey]:
    """The usable keys that exceed a plan's limit. The most recently used ones are kept.

    A plan without access to the API keeps none. A rotated key in its overlap is kept with its successor.
    """
    if not plan.api_access:
        return list(keys)
    active = sorted(
        (key for key in keys if key.status(now_us) is KeyStatus.ACTIVE),
        # Ids increase with time, so of keys that were never used the newest are kept.
        key=lambda key: (key.last_used_us or 0, key.id),
        reverse=True,
    )
    # A limit of None slices to the end: it keeps all.
    kept = {key.id for key in active[: plan.key_limit]}
    return [key for key in keys if key.id not in kept and key.replaced_by not in kept]


def longest(*days: int | None) -> int | None:
    """The longest of several times; None is unlimited."""
    return max(days, key=_endless)


def kept(plan: Plan) -> tuple[float, float]:
    """For how many days a plan keeps readings, and audit entries."""
    return _endless(plan.retention_days), _endless(plan.audit_days)


def keeps_less(plan: Plan, other: Plan) -> bool:
    """Whether a plan keeps readings or audit entries for a shorter time than another."""
    return any(mine < theirs for mine, theirs in zip(kept(plan), kept(other), strict=True))


def _endless(days: int | None) -> float:
    return math.inf if days is None else days
