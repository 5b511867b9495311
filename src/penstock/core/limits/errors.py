"""Refusals by limits."""

from __future__ import annotations

from penstock.core.limits.models import Verdict
from penstock.kit.errors import Kind, PenstockError


class LimitExceeded(PenstockError):
    """A limit on calls is used up; the error names it, who shares it, what is left, and when to come back."""

    kind, code = Kind.EXHAUSTED, "limits.exceeded"
    message = "the limit of {count} calls per {window} for this {scope} is used up; try again in {retry_after_s} s"
    shown = ("limit", "scope", "count", "window", "remaining", "reset_s", "retry_after_s")

    @classmethod
    def by(cls, verdict: Verdict) -> LimitExceeded:
        """The refusal of a verdict."""
        state = verdict.refused
        assert state is not None
        limit = state.limit
        return cls(
            limit=limit.name,
            scope=limit.scope.value,
            count=limit.count,
            window=limit.window.value,
            remaining=state.remaining,
            reset_s=round(state.reset_s),
            retry_after_s=verdict.retry_after_s,
        )


class MonthlyLimitExceeded(PenstockError):
    """The plan's readings of this calendar month (UTC) are used up."""

    kind, code = Kind.EXHAUSTED, "limits.monthly_readings"
    message = "the plan's {count} readings of this month are used up"
    shown = ("count", "retry_after_s")


class ApiNotInPlan(PenstockError):
    """The plan has no access to this API."""

    kind, code = Kind.FORBIDDEN, "plans.no_api_access"
    message = "the plan {plan} has no access to this API"
