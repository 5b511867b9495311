"""Settings of invoices."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Seconds


class InvoicesConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often the server looks for periods to close, and for late readings in closed ones."""

    interval_s: Seconds
