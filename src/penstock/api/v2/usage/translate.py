"""Converts usage and limits between wire structs and core models."""

from __future__ import annotations

import math

from penstock.api.v2.usage.wire import LimitState, Usage
from penstock.core.limits.models import State
from penstock.core.usage.models import UsageBy, UsageRow
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, text_of

_PREFIXES: dict[UsageBy, str] = {
    UsageBy.PROJECT: Prefix.PROJECT,
    UsageBy.CUSTOMER: Prefix.CUSTOMER,
    UsageBy.KEY: Prefix.KEY,
    UsageBy.DEVICE: Prefix.DEVICE,
}


def from_core_usage(row: UsageRow, by: UsageBy) -> Usage:
    shown = text_of(_PREFIXES[by], row.subject_id) if by in _PREFIXES and row.subject_id else None
    start = format_time(row.start_us)
    return Usage(start, shown, row.calls, row.readings, row.data_points, row.size_bytes, row.refused, row.webhooks, row.sms)


def from_core_limit(state: State) -> LimitState:
    limit = state.limit
    # Rounded up: a client that waits this long must not be rejected again.
    return LimitState(
        limit.name, limit.scope.value, limit.count, limit.window.value, state.remaining, math.ceil(max(state.reset_s, 0))
    )
