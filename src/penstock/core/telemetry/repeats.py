"""Repeated readings: whether the first delivery had the same content.

A reading that a request names by its `Idempotency-Key` is stored once. If a second request has the same key and other content,
its reading is not stored; unless its sender is told, the reading would be lost.
"""

from __future__ import annotations

from collections.abc import Sequence

from penstock.core.telemetry.models import NewReading, Reading
from penstock.core.telemetry.store import ReadingLog
from penstock.kit.ids import Seq


async def find_altered(log: ReadingLog, sent: Sequence[NewReading], stored: Sequence[Reading]) -> set[int]:
    """The positions of the duplicates whose first delivery had other content. All are of one organisation.

    The rows of one request have followed one another in the log, so they are read at once. One that does not, or that was
    quarantined, counts as equal.
    """
    repeated = [reading for reading in stored if reading.duplicate]
    if not repeated:
        return set()
    before = Seq(min(reading.seq for reading in repeated) - 1)
    first = {reading.seq: reading for reading in await log.read_after(before, len(repeated), repeated[0].org_id)}
    return {
        place
        for place, (new, reading) in enumerate(zip(sent, stored, strict=True))
        if reading.duplicate and reading.seq in first and not _is_same(new, first[reading.seq])
    }


def _is_same(new: NewReading, first: Reading) -> bool:
    # Without a time of its own, a reading has that of its arrival, which differs each time.
    same_time = new.time_us is None or new.time_us == first.time_us
    return same_time and (new.payload, new.kind, new.channel) == (first.payload, first.kind, first.channel)
