"""Reads meters that can be deleted at any time: their readings move into an archive, and then disappear."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from penstock.core.database import OrganizationDatabase
from penstock.core.meters.models import MeterOf
from penstock.core.meters.series import MeterDays, MeterReader, Window
from penstock.core.meters.store import MeterTransaction
from penstock.kit.ids import OrgId


class PastReader:
    """Reads meters as `MeterReader` does, and again from their archives those whose readings disappeared meanwhile."""

    def __init__(self, database: OrganizationDatabase[MeterTransaction], reader: MeterReader) -> None:
        self._database = database
        self._reader = reader

    async def read(self, org_id: OrgId, meters: Sequence[MeterOf], window: Window) -> list[MeterDays]:
        """Each meter on the days of a window, in the requested order."""
        found = await self._reader.read(org_id, meters, window)
        # The archive is stored before the first reading is removed. So readings that were read while there was none are complete.
        async with self._database.snapshot(org_id) as tx:
            former = await tx.former_meters.of([one.device_id for one in meters if one.archived is None])
        points = {one.device_id: one.points for one in former.values() if one.points is not None}
        again = [at for at, one in enumerate(meters) if one.archived is None and one.device_id in points]
        if again:
            archived = [msgspec.structs.replace(meters[at], archived=points[meters[at].device_id]) for at in again]
            for at, days in zip(again, await self._reader.read(org_id, archived, window), strict=True):
                found[at] = days
        return found
