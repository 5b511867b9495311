"""Settings of limits."""

from __future__ import annotations

import msgspec


class LimitsConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits that no plan carries.

    Units: calls per minute, as the names say. Source of the three groups: surfaces/kaito.md 1.
    """

    kaito_code_per_minute: int
    kaito_read_per_minute: int
    kaito_write_per_minute: int
    bad_credentials_per_minute: int
