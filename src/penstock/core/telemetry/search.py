"""Looking through a device's readings for those of a kind, in order, as far as that can be afforded."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.actor import Actor
from penstock.core.telemetry.errors import SearchTooWide
from penstock.core.telemetry.models import HistoryQuery, Reading
from penstock.core.telemetry.service import EXPORT_PAGE, TelemetryService

MAX_LOOKED_AT = 50_000
"""Readings that one search looks at. Judging one takes some ten microseconds, and everybody else waits for a page of them."""


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
            DeviceNotFound: none with this id in the caller's organisation.
            SearchTooWide: it is not decided after as many readings as one search looks at.
        """
        found: list[Reading] = []
        wanted, looked_at = skip + query.limit, 0
        size = EXPORT_PAGE if matches else min(wanted, EXPORT_PAGE)
        while True:
            rows, _ = await self._telemetry.history(actor, msgspec.structs.replace(query, limit=size))
            found += filter(matches, rows) if matches else rows
            looked_at += len(rows)
            if len(found) >= wanted or len(rows) < size:
                return found[skip:wanted]
            if looked_at >= MAX_LOOKED_AT:
                raise SearchTooWide(count=MAX_LOOKED_AT)
            query = msgspec.structs.replace(query, after=(rows[-1].time_us, rows[-1].seq))
