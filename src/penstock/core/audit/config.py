"""Settings of the audit log."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import WholeSeconds


class AuditConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How often the stored chains are verified. Units: seconds from the start of one pass to the next."""

    check_interval_s: WholeSeconds
