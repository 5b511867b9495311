"""What is read for the rows of a part, from a real database."""

from __future__ import annotations

from pathlib import Path

import pytest

from penstock.core.customers.periods import Period
from penstock.core.imports.known import Known, look_up
from penstock.core.imports.models import ImportKind
from penstock.core.imports.planning import read_file
from penstock.core.meters.settings import MeterSettings
from penstock.kit.ids import CustomerId, DeviceId
from tests.core.imports.rows import EUI, NOW_US, customer, resident
from tests.support.shelf import Shelf, open_shelf


async def known_from(shelf: Shelf, kind: ImportKind, file: str, limit: int | None = None, before: Known | None = None) -> Known:
    async with shelf.own() as tx:
        return await look_up(tx, kind, read_file(file.encode(), kind).rows, NOW_US, limit, before)


async def test_only_what_the_rows_refer_to_is_read(tmp_path: Path) -> None:
    async with open_shelf(tmp_path) as shelf:
        await shelf.add_device(1, eui=EUI)
        await shelf.add_device(2, eui="70b3d57ed0060002")
        await shelf.add_device(3, org_id=shelf.other, eui="70b3d57ed0060003")
        period = Period(device_id=DeviceId(1), customer_id=CustomerId(5), from_us=1)
        async with shelf.own() as tx:
            await tx.customers.create(customer(5, "north"))
            await tx.customers.create(customer(6, "south"))
            await tx.residents.create(resident(7, 5, "Erika@example.org"))
            await tx.placements.replace_periods(DeviceId(1), [period])
        file = f"device,resident\n{EUI},erika@example.org\n70b3d57ed0060003,nobody\n"
        known = await known_from(shelf, ImportKind.PLACEMENTS, file)
        assert (list(known.devices), known.periods) == ([1], {1: [period]})
        assert ([one.id for one in known.residents], [one.id for one in known.customers]) == ([7], [5])
        known = await known_from(shelf, ImportKind.DEVICES, f"eui,project\n{EUI},x\n", limit=5)
        assert (known.room, list(known.devices), len(known.projects)) == (3, [1], 1)
        known = await known_from(shelf, ImportKind.REGISTERS, f"device\n{EUI}\n")
        assert known.settings == {1: MeterSettings()}
        known = await known_from(shelf, ImportKind.RESIDENTS, "customer,name,email\nsouth,a,ERIKA@example.org\n")
        assert ([one.id for one in known.customers], [one.id for one in known.residents]) == ([6], [7])


@pytest.mark.parametrize("kind", [ImportKind.REGISTERS, ImportKind.PLACEMENTS])
async def test_earlier_rows_of_a_dry_run_are_remembered(tmp_path: Path, kind: ImportKind) -> None:
    async with open_shelf(tmp_path) as shelf:
        await shelf.add_device(1, eui=EUI)
        before = Known(now_us=NOW_US)
        before.noted_settings = {DeviceId(1): MeterSettings(own=())}
        before.noted_periods = {DeviceId(1): [Period(device_id=DeviceId(1), customer_id=CustomerId(5), from_us=1)]}
        known = await known_from(shelf, kind, f"device\n{EUI}\n", before=before)
        assert known.settings == before.noted_settings
        assert known.periods == before.noted_periods
