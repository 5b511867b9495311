"""Refusals by limits."""

from __future__ import annotations

import math
from typing import Any

from penstock.core.limits.models import State, Verdict
from penstock.kit.errors import Kind, PenstockError

LIMIT_FACTS = ("limit", "scope", "count", "window", "remaining", "reset_s", "retry_after_s")
"""What every refusal by a limit tells programs."""


class LimitExceeded(PenstockError):
    """A limit on calls is used up; the error names it, who shares it, what is left, and when to come back."""

    kind, code = Kind.EXHAUSTED, "limits.exceeded"
    message = "the limit of {count} calls per {window} for this {scope} is used up; try again in {retry_after_s} s"
    shown = LIMIT_FACTS

    @classmethod
    def by(cls, verdict: Verdict) -> LimitExceeded:
        """The refusal of a verdict."""
        assert verdict.refused is not None
        return cls(**_facts(verdict.refused, verdict.retry_after_s))


class MonthlyLimitExceeded(PenstockError):
    """The plan's readings of this calendar month (UTC) are used up."""

    kind, code = Kind.EXHAUSTED, "limits.monthly_readings"
    message = "the plan's {count} readings of this month are used up"
    shown = LIMIT_FACTS

    @classmethod
    def by(cls, state: State) -> MonthlyLimitExceeded:
        """The refusal of a state: nothing is left until the month ends."""
        return cls(**_facts(state, math.ceil(state.reset_s)))


class BackfillPaced(PenstockError):
    """A device sends old readings faster than they are taken in. They were not stored, and may all come again later."""

    kind, code = Kind.EXHAUSTED, "limits.backfill_paced"
    message = "old readings of a device are taken in at {count} a second; try again in {retry_after_s} s"
    shown = LIMIT_FACTS

    @classmethod
    def by(cls, state: State, retry_after_s: int) -> BackfillPaced:
        """The refusal of a device's bucket."""
        return cls(**_facts(state, retry_after_s))


class ApiNotInPlan(PenstockError):
    """The plan has no access to this API."""

    kind, code = Kind.FORBIDDEN, "plans.no_api_access"
    message = "the plan {plan} has no access to this API"


def _facts(state: State, retry_after_s: int) -> dict[str, Any]:
    return {
        "limit": state.limit.name,
        "scope": state.limit.scope.value,
        "count": state.limit.count,
        "window": state.limit.window.value,
        "remaining": state.remaining,
        "reset_s": math.ceil(state.reset_s),
        "retry_after_s": retry_after_s,
    }
