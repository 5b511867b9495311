"""Settings of telemetry."""

from __future__ import annotations

import msgspec


class TelemetryConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits for event times and payloads: what is in the future, what is backfill, what is too large.

    Units: seconds and bytes, as the names say.
    """

    future_tolerance_s: int = 600
    backfill_after_s: int = 86_400
    max_payload_bytes: int = 65_536
    max_latest_devices: int = 200_000
