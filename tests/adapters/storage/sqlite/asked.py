"""All readings of a device, asked for page by page."""

from __future__ import annotations

from typing import Any

from penstock.core.telemetry.models import HistoryQuery, Reading, TimeRange

EVER = TimeRange(from_us=0, to_us=4_000_000_000_000_000)


async def history(store: Any, device: int = 10, *, org: int = 1, descending: bool = False, page: int = 10_000) -> list[Reading]:
    """All readings of a device, page by page."""
    found: list[Reading] = []
    after: tuple[int, int] | None = None
    while True:
        query = HistoryQuery(device_id=device, range=EVER, descending=descending, limit=page, after=after)
        rows = await store.history(org, query)
        found += rows
        if len(rows) < page:
            return found
        after = rows[-1].time_us, rows[-1].seq
