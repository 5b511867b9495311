"""Errors about limits."""

from __future__ import annotations

import math
from typing import Any

from penstock.core.limits.models import State, Verdict
from penstock.kit.errors import Kind, PenstockError

LIMIT_FACTS = ("limit", "scope", "count", "window", "remaining", "reset_s", "retry_after_s")
"""The facts that every error about a limit contains for programs."""


class LimitExceeded(PenstockError):
    """A limit on calls, or on something that calls do, is exceeded.

    The error contains its name, its scope, the remaining calls and when to retry.
    """

    kind, code = Kind.EXHAUSTED, "limits.exceeded"
    message = "the limit of {count} {noun} per {window} for this {scope} is exceeded; retry in {retry_after_s} s"
    shown = LIMIT_FACTS

    @classmethod
    def by(cls, verdict: Verdict) -> LimitExceeded:
        """The error for a verdict."""
        assert verdict.refused is not None
        return cls(**_facts(verdict.refused, verdict.retry_after_s))


class MonthlyLimitExceeded(PenstockError):
    """The plan's limit of readings per calendar month (UTC) is exceeded."""

    kind, code = Kind.EXHAUSTED, "limits.monthly_readings"
    message = "the plan's limit of {count} readings per month is exceeded"
    shown = LIMIT_FACTS

    @classmethod
    def by(cls, state: State) -> MonthlyLimitExceeded:
        """The error for an exhausted state: it lasts until the month ends."""
        return cls(**_facts(state, math.ceil(state.reset_s)))


class BackfillPaced(PenstockError):
    """The device sends old readings faster than they are accepted. None was stored; send all of them again later."""

    kind, code = Kind.EXHAUSTED, "limits.backfill_paced"
    message = "old readings are limited to {count} per second and device; retry in {retry_after_s} s"
    shown = LIMIT_FACTS

    @classmethod
    def by(cls, state: State, retry_after_s: int) -> BackfillPaced:
        """The error for a device's bucket."""
        return cls(**_facts(state, retry_after_s))


class ApiNotInPlan(PenstockError):
    """The plan does not include access to this API."""

    kind, code = Kind.FORBIDDEN, "plans.no_api_access"
    message = "the plan {plan} does not include this API"


def _facts(state: State, retry_after_s: int) -> dict[str, Any]:
    return {
        "limit": state.limit.name,
        "scope": state.limit.scope.value,
        "count": state.limit.count,
        "noun": state.limit.noun,
        "window": state.limit.window.value,
        "remaining": state.remaining,
        "reset_s": math.ceil(state.reset_s),
        "retry_after_s": retry_after_s,
    }
