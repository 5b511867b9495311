"""A meter that is deleted while it is read: its readings are gone, and its archive has them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from penstock.core.meters.archive import MeterArchivist
from penstock.core.meters.finding import register_of
from penstock.core.meters.models import MeterOf
from penstock.core.meters.past import PastReader
from penstock.core.meters.series import MeterDays, MeterReader, Window
from penstock.core.meters.windows import Windows
from penstock.core.registers.models import NANO
from penstock.kit.clock import DAY_US, SystemClock
from penstock.kit.ids import OrgId
from tests.core.meters.sites import add_customer, add_meter, place
from tests.support.commands import Site, open_site
from tests.support.days import NOON_US


class DeletedFirst(MeterReader):
    """Reads a meter after the worker removed its readings, the first time."""

    def __init__(self, site: Site) -> None:
        super().__init__(site.server.store)
        self._site = site
        self.asked: list[Sequence[MeterOf]] = []

    async def read(self, org_id: OrgId, meters: Sequence[MeterOf], window: Window) -> list[MeterDays]:
        if not self.asked:
            await self._site.server.devices.delete(self._site.actor, meters[0].device_id)
            await MeterArchivist(self._site.server.database, self._site.server.store).keep(org_id, meters[0].device_id)
            await self._site.server.store.purge_device(org_id, meters[0].device_id)
        self.asked.append(meters)
        return await super().read(org_id, meters, window)


async def test_readings_that_disappear_meanwhile_are_read_from_the_archive(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        org_id, house = site.actor.org_id, await add_customer(site)
        rows = [(NOON_US, 1), (NOON_US + DAY_US, 3)]
        gone, stays = await add_meter(site, rows), await add_meter(site, rows)
        await place(site, gone, house)
        async with site.server.database.snapshot(org_id) as tx:
            meters = [await register_of(tx, one, None) for one in (gone, stays)]
        window = Windows(site.server.telemetry, SystemClock()).exact(NOON_US, NOON_US + DAY_US + 1)
        reader = DeletedFirst(site)
        found = await PastReader(site.server.database, reader).read(org_id, meters, window)
        assert [[day.amount for day in one.days] for one in found] == [[0, 2 * NANO]] * 2
        assert [[one.device_id for one in asked] for asked in reader.asked] == [[gone, stays], [gone]]
