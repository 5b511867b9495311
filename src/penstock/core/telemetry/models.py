"""What a reading is on its way in, in the log, and on its way out."""

from __future__ import annotations

from enum import IntEnum

import msgspec

from penstock.core.devices.models import DeviceRef
from penstock.kit.ids import DeviceId, OrgId, Seq

KIND_TELEMETRY = "telemetry"
KIND_DERIVED = "derived"
"""Not said by the device but computed by a rule; `channel` then names the rules that led to it."""
KIND_MALFORMED = "malformed"
"""Not a reading: what a device sent that could not be read as one, kept in quarantine."""


class Source(IntEnum):
    """By which door a reading came. Stored as a number: only ever add."""

    HTTP = 1
    MQTT = 2
    AGENT = 3
    LORAWAN = 4
    MIOTY = 5
    RULE = 6
    """Computed from other readings; no device can say this of what it sends."""


class NewReading(msgspec.Struct, frozen=True, gc=False):
    """What a device said, as the protocol read it.

    `payload` is the JSON object exactly as sent, already checked by `kit.strict_json`. `time_us` None means now.
    """

    device: DeviceRef
    payload: bytes
    time_us: int | None = None
    kind: str = KIND_TELEMETRY
    channel: str | None = None
    dedupe_key: str | None = None
    source: Source = Source.HTTP


class Reading(msgspec.Struct, gc=False):
    """A reading of the log. The log sets `seq`, and `duplicate` when the same reading was there before.

    `seq` then is the one of the first delivery. `dedupe` is a 16-byte hash of the device's own key for the reading.
    """

    org_id: OrgId
    device_id: DeviceId
    time_us: int
    received_us: int
    payload: bytes
    kind: str = KIND_TELEMETRY
    channel: str | None = None
    source: int = Source.HTTP
    backfill: bool = False
    quarantined: bool = False
    dedupe: bytes | None = None
    seq: Seq = Seq(0)
    duplicate: bool = False


class TimeRange(msgspec.Struct, frozen=True, kw_only=True):
    """Event times from `from_us` (included) to `to_us` (not included)."""

    from_us: int
    to_us: int


class EffectiveRange(msgspec.Struct, frozen=True, kw_only=True):
    """The range asked for and the one that the plan's retention lets through."""

    requested: TimeRange
    effective: TimeRange
    retention_days: int | None


class HistoryQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which readings of a device to list. `after` is the (time_us, seq) of the last one already seen."""

    device_id: DeviceId
    range: TimeRange
    descending: bool = True
    limit: int = 100
    after: tuple[int, int] | None = None
