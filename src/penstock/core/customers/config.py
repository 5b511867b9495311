"""Settings of customers' devices."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import WholeSeconds


class CustomersConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """After which silence a meter is offline: meters report hourly or daily, not every minute."""

    offline_after_s: WholeSeconds
