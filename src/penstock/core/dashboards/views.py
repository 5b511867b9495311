"""Checks how a dashboard is shown at first. Pure."""

from __future__ import annotations

from penstock.core.dashboards.models import View
from penstock.core.telemetry.models import TimeRange
from penstock.core.telemetry.service import parse_span
from penstock.kit.clock import MIN_US
from penstock.kit.errors import InvalidInput


def range_of(view: View, now_us: int) -> TimeRange:
    """The range that a dashboard shows at first."""
    if view.range is None and view.from_us is not None and view.to_us is not None:
        return TimeRange(from_us=view.from_us, to_us=view.to_us)
    # Plus one microsecond, because the end is excluded.
    return TimeRange(from_us=max(now_us + 1 - parse_span(view.range or "24h"), MIN_US), to_us=now_us + 1)


def check_view(view: View) -> None:
    """Check a dashboard's range and variables.

    Raises:
        InvalidInput: the range is given twice or in part, or a variable has the name of another.
    """
    if view.range is not None:
        if view.from_us is not None or view.to_us is not None:
            raise InvalidInput.field("range", "must not be set together with from and to")
        parse_span(view.range)
    elif view.from_us is None or view.to_us is None:
        raise InvalidInput.field("range", "must be set, or from and to", "required")
    elif view.to_us < view.from_us:
        raise InvalidInput.field("to", "must not be before from")
    seen: set[str] = set()
    for at, variable in enumerate(view.variables):
        if variable.name in seen:
            raise InvalidInput.field(f"variables[{at}].name", "must not be repeated", "duplicate")
        if variable.kind == "label" and not variable.label_key:
            raise InvalidInput.field(f"variables[{at}].label_key", "must be set for the kind label", "required")
        seen.add(variable.name)
