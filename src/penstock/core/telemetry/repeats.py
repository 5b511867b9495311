"""Repeated readings: what their first delivery was.

A reading that a request names by its `Idempotency-Key` is stored once. If a second request has the same key and other content,
its reading is not stored; without an error the sender would lose the reading.
"""

from __future__ import annotations

from collections.abc import Sequence

from penstock.core.telemetry.models import NewReading, Reading
from penstock.core.telemetry.store import ReadingLog
from penstock.kit.ids import Seq


async def find_first(log: ReadingLog, stored: Sequence[Reading]) -> dict[Seq, Reading]:
    """The first deliveries of the duplicates among readings of one organisation, by sequence number.

    The rows of one request have followed one another in the log, so they are read at once. One that has not, or that was
    quarantined, is missing.
    """
    repeated = [reading for reading in stored if reading.duplicate]
    if not repeated:
        return {}
    before = Seq(min(reading.seq for reading in repeated) - 1)
    numbers = {reading.seq for reading in repeated}
    found = await log.read_after(before, len(repeated), repeated[0].org_id)
    return {reading.seq: reading for reading in found if reading.seq in numbers}


def is_altered(new: NewReading, first: Reading | None) -> bool:
    """Whether a repeated reading has other content than its first delivery, as far as that is known."""
    if first is None:
        return False
    # Without a time of its own, a reading has that of its arrival, which differs each time.
    same_time = new.time_us is None or new.time_us == first.time_us
    return not same_time or (new.payload, new.kind, new.channel) != (first.payload, first.kind, first.channel)
