"""Settings of bills."""

from __future__ import annotations

import msgspec


class BillingConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long after its end a month becomes a statement, and how often is looked for such months."""

    statement_delay_s: int
    interval_s: float
