"""Failed evaluations of the expressions of an alert, a webhook endpoint or a rule, as its answers show them."""

from __future__ import annotations

from msgspec import Struct

from penstock.core.expressions.error_counts import ErrorCount
from penstock.kit.clock import format_time_or_none


class EvaluationErrors(Struct, frozen=True):
    """How many evaluations of the expressions failed since the last change, and why and when the last one did.

    A value that a reading does not contain is not a failure.
    """

    count: int
    last_error: str | None
    last_at: str | None


def from_core_errors(errors: ErrorCount) -> EvaluationErrors:
    """A count as a wire struct."""
    return EvaluationErrors(errors.count, errors.reason, format_time_or_none(errors.last_us))
