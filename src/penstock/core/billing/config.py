"""Settings of bills."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Seconds, WholeSecondsFromZero


class BillingConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How long after its end a month is closed, and how often completed months are searched for."""

    statement_delay_s: WholeSecondsFromZero
    interval_s: Seconds
