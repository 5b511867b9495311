"""Settings of telemetry."""

from __future__ import annotations

import msgspec

from penstock.kit.bounds import Bytes, Count, WholeSeconds, WholeSecondsFromZero


class TelemetryConfig(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Limits for event times and payloads: what is in the future, what is backfill, what is too large.

    Units: seconds and bytes, as the names say.
    """

    future_tolerance_s: WholeSecondsFromZero = 600
    backfill_after_s: WholeSeconds = 86_400
    max_payload_bytes: Bytes = 65_536
    max_latest_devices: Count = 200_000
