"""A reading as it arrives, in the log, and as it is queried."""

from __future__ import annotations

from enum import IntEnum
from hashlib import blake2b

import msgspec

from penstock.core.devices.models import DeviceRef
from penstock.kit.ids import DeviceId, OrgId, Seq

KIND_TELEMETRY = "telemetry"
KIND_DERIVED = "derived"
"""Not sent by the device but computed by a rule; `channel` then names the rules that led to it."""
KIND_MALFORMED = "malformed"
"""Not a reading: a malformed message, stored in quarantine."""


class Source(IntEnum):
    """How a reading arrived. Stored as a number: only ever add."""

    HTTP = 1
    MQTT = 2
    AGENT = 3
    LORAWAN = 4
    MIOTY = 5
    RULE = 6
    """Computed by a rule, or sent by a call that a rule caused."""
    REDECODE = 7
    """Found when a stored uplink was decoded again. From `RULE` on, readings were not received from their device."""


def hash_of(dedupe_key: str) -> bytes:
    """A dedupe key as it is stored."""
    return blake2b(dedupe_key.encode(), digest_size=16).digest()


class NewReading(msgspec.Struct, frozen=True, gc=False):
    """A reading as sent by a device, parsed by its protocol.

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
    """A reading in the log. The log sets `seq`, and `duplicate` if the same reading was stored before.

    `seq` is then that of the first delivery. `dedupe` is a 16-byte hash of the device's own key for the reading. `counted` says
    whether it is part of the month's count of a limited plan; None if that was decided before it came to the log.
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
    counted: bool | None = False


class TimeRange(msgspec.Struct, frozen=True, kw_only=True):
    """Event times from `from_us` (included) to `to_us` (not included)."""

    from_us: int
    to_us: int


class EffectiveRange(msgspec.Struct, frozen=True, kw_only=True):
    """The requested range, and the part of it within the plan's retention."""

    requested: TimeRange
    effective: TimeRange
    retention_days: int | None


class HistoryQuery(msgspec.Struct, frozen=True, kw_only=True):
    """The readings of a device to list. `after` is the (time_us, seq) of the last one already returned."""

    device_id: DeviceId
    range: TimeRange
    descending: bool = True
    limit: int = 100
    after: tuple[int, int] | None = None
