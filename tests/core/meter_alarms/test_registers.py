"""What watched meters count: the registers that their settings describe."""

from __future__ import annotations

from pathlib import Path

from penstock.core.meter_alarms.registers import registers_of
from penstock.core.meters.models import MeterRole
from penstock.core.meters.registers import DEFAULT_REGISTERS
from tests.support.commands import open_site
from tests.support.days import PassingClock


async def test_a_device_without_settings_has_the_usual_register(tmp_path: Path) -> None:
    async with open_site(tmp_path, PassingClock(), run_workers=False) as site:
        first, second = (await site.add_device()).device_id, (await site.add_device()).device_id
        async with site.server.database.snapshot(site.actor.org_id) as tx:
            found = await registers_of(tx, [first, second])
        assert found.keys() == {first, second}
        (one,) = found[first]
        assert (one.role, one.device_id, one.versions) == (MeterRole.LEAF, first, DEFAULT_REGISTERS)
