"""Which registers an answer is computed from: of all devices that were there in a range, by device, all registers of each."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.core.meters.finding import Selection, batches_of, register_of
from penstock.core.meters.models import ALWAYS, MeterOf, MeterRole, Span
from penstock.core.meters.settings import MeterSettings
from penstock.core.registers.models import RegisterKind
from penstock.core.telemetry.models import TimeRange
from penstock.kit.clock import DAY_US
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import CustomerId
from tests.core.meters.sites import add_customer, add_meter, add_resident, place
from tests.core.meters.test_settings import COUNT, LATER, LITRES
from tests.support.commands import Site, open_site
from tests.support.days import NOON_US

SPAN = TimeRange(from_us=NOON_US, to_us=NOON_US + DAY_US)


async def found(site: Site, selection: Selection, span: TimeRange = SPAN) -> list[list[MeterOf]]:
    return [batch async for batch in batches_of(site.server.database, site.actor.org_id, selection, span)]


async def test_all_registers_of_a_device_are_in_one_batch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("penstock.core.meters.finding.BATCH", 2)
    async with open_site(tmp_path, run_workers=False) as site:
        house = await add_customer(site)
        meters = [await add_meter(site, []) for _ in range(4)]
        for meter in meters:
            await place(site, meter, house)
        setup = site.server.parts.meters.setup
        await setup.set(site.actor, meters[1], MeterSettings(own=(LITRES, COUNT)))
        await setup.set(site.actor, meters[2], MeterSettings(role=MeterRole.PRINCIPAL))
        batches = await found(site, Selection(customer_id=house))
        assert [[(one.device_id, one.kind.value) for one in batch] for batch in batches] == [
            [(meters[0], "volume"), (meters[1], "volume"), (meters[1], "count")],
            [(meters[2], "volume"), (meters[3], "volume")],
        ]
        (count,) = await found(site, Selection(customer_id=house, kind=RegisterKind.COUNT))
        assert [one.versions for one in count] == [(COUNT,)]
        (main,) = await found(site, Selection(customer_id=house, role=MeterRole.PRINCIPAL))
        assert [(one.device_id, one.spans) for one in main] == [(meters[2], ALWAYS)]
        assert await found(site, Selection(customer_id=CustomerId(1))) == []


async def test_devices_of_the_range_have_the_time_that_they_were_there(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        house = await add_customer(site)
        resident = await add_resident(site, house)
        meter = await add_meter(site, [])
        await place(site, meter, house)
        await place(site, meter, house, resident, NOON_US + 5)
        await site.server.devices.delete(site.actor, meter)
        ((whole,),) = await found(site, Selection(customer_id=house))
        assert (whole.spans[0].from_us, whole.name, whole.archived) == (0, "Meter", None)
        ((theirs,),) = await found(site, Selection(customer_id=house, resident_id=resident))
        assert theirs.spans[0].from_us == NOON_US + 5
        assert theirs.spans[0].to_us is not None, "the device was deleted"
        early = TimeRange(from_us=0, to_us=NOON_US)
        assert await found(site, Selection(customer_id=house, resident_id=resident), early) == []


async def test_one_register_by_its_name_or_the_first(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        meter = await add_meter(site, [])
        await site.server.parts.meters.setup.set(site.actor, meter, MeterSettings(own=(LATER, COUNT)))
        async with site.server.database.snapshot(site.actor.org_id) as tx:
            first = await register_of(tx, meter, None, (Span(from_us=5),))
            assert (first.versions, first.spans) == ((LATER,), (Span(from_us=5),))
            assert (await register_of(tx, meter, "count")).versions == (COUNT,)
            with pytest.raises(InvalidInput, match="volume, count"):
                await register_of(tx, meter, "heat")
