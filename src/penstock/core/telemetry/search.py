"""Searches a device's readings in order for those that match a condition, up to a limit of scanned readings."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.actor import Actor
from penstock.core.telemetry.errors import SearchTooWide
from penstock.core.telemetry.models import HistoryQuery, Reading
from penstock.core.telemetry.service import EXPORT_PAGE, TelemetryService

MAX_SCANNED = 50_000
"""The maximum number of readings that one search scans.

Checking one takes about ten microseconds, and other requests wait while a page of them is checked.
"""


class ReadingSearch:
    """Searches over `TelemetryService`."""

    def __init__(self, telemetry: TelemetryService) -> None:
        self._telemetry = telemetry

    async def find(
        self,
        actor: Actor,
        query: HistoryQuery,
        *,
        matches: Callable[[Reading], bool] | None = None,
        skip: int = 0,
    ) -> list[Reading]:
        """Up to `query.limit` readings that match, in the query's order, without the first `skip` of them.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
            SearchTooWide: the limit of scanned readings was reached before the search finished.
        """
        found: list[Reading] = []
        needed, scanned = skip + query.limit, 0
        size = EXPORT_PAGE if matches else min(needed, EXPORT_PAGE)
        while True:
            rows, _ = await self._telemetry.history(actor, msgspec.structs.replace(query, limit=size))
            found += filter(matches, rows) if matches else rows
            scanned += len(rows)
            if len(found) >= needed or len(rows) < size:
                return found[skip:needed]
            if scanned >= MAX_SCANNED:
                raise SearchTooWide(count=MAX_SCANNED)
            query = msgspec.structs.replace(query, after=(rows[-1].time_us, rows[-1].seq))
