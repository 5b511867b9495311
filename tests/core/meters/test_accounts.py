"""What accounts used in a period: by meter and version, exact, and only what was theirs."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from penstock.core.meters.definitions import Replacement
from penstock.core.meters.models import MeterRole, Quality
from penstock.core.meters.settings import MeterSettings
from penstock.core.meters.usage import MeterUsage, UsageReader
from penstock.core.registers.models import NANO, Register, RegisterKind, Source
from penstock.kit.clock import DAY_US, HOUR_US
from penstock.kit.ids import CustomerId, ResidentId
from tests.core.meters.sites import add_customer, add_meter, add_resident, place
from tests.support.commands import Site, open_site
from tests.support.days import NOON_US

BEGIN_US = NOON_US - 12 * HOUR_US
DAYS = [(BEGIN_US + (number - 1) * DAY_US + HOUR_US, 100 + number) for number in range(12)]
"""One m³ a day, read at one o'clock, from the day before."""


async def used(site: Site, customer_id: CustomerId, resident_id: ResidentId | None = None, days: int = 10) -> list[MeterUsage]:
    reader: UsageReader = site.server.parts.meters.usage
    (found,) = await reader.of_accounts(
        site.actor.org_id, [(customer_id, resident_id)], BEGIN_US, BEGIN_US + days * DAY_US, "UTC"
    )
    return found


def short(usages: list[MeterUsage]) -> list[tuple[str, int | None, int | None, int | None]]:
    return [(one.device_name, one.first, one.last, one.amount) for one in usages]


async def test_leaves_count_or_else_the_principals(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        house, setup = await add_customer(site), site.server.parts.meters.setup
        main = await add_meter(site, DAYS, "Main")
        await setup.set(site.actor, main, MeterSettings(role=MeterRole.PRINCIPAL))
        await place(site, main, house)
        (only,) = await used(site, house)
        assert (only.device_id, only.amount, only.quality, only.estimated) == (main, 10 * NANO, Quality.MEASURED, 0)
        assert (only.first, only.last, only.begin_us, only.end_us) == (
            100 * NANO,
            110 * NANO,
            BEGIN_US,
            BEGIN_US + 10 * DAY_US,
        )
        assert (only.register, only.kind, only.unit, only.decimals) == ("volume", RegisterKind.VOLUME, "m3", 3)
        leaf = await add_meter(site, DAYS, "Flat")
        await place(site, leaf, house)
        between = await add_meter(site, DAYS, "Floor")
        await setup.set(site.actor, between, MeterSettings(role=MeterRole.INTERMEDIATE))
        await place(site, between, house)
        assert [one.device_id for one in await used(site, house)] == [leaf]
        energy = Register(name="e", kind=RegisterKind.ENERGY, sources=(Source(field="consumption_m3", unit="kWh"),), unit="kWh")
        await setup.set(site.actor, main, MeterSettings(role=MeterRole.PRINCIPAL, own=(energy,)))
        assert [one.kind for one in await used(site, house)] == [RegisterKind.ENERGY, RegisterKind.VOLUME], "each by its own kind"


async def test_a_replaced_meter_is_one_line_for_each_and_nothing_is_lost(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        house = await add_customer(site)
        at_us = BEGIN_US + 5 * DAY_US
        old, new = DAYS[:6], [(time_us, value - 105.5) for time_us, value in DAYS[6:]]
        meter = await add_meter(site, [*old, *new])
        await place(site, meter, house)
        change = Replacement(register="volume", at_us=at_us, last_value=Decimal("105.5"), first_value=Decimal(0), serial="8ZRI")
        await site.server.parts.meters.setup.replace(site.actor, meter, change)
        first, second = await used(site, house)
        assert (first.serial, first.first, first.last, first.end_us) == (None, 100 * NANO, 105_500_000_000, at_us)
        assert (second.serial, second.first, second.begin_us) == ("8ZRI", 0, at_us)
        assert (first.amount or 0) + (second.amount or 0) == 10 * NANO


async def test_households_share_a_day_at_the_hour_of_the_move(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        house = await add_customer(site)
        resident = await add_resident(site, house)
        meter = await add_meter(site, DAYS)
        await place(site, meter, house)
        moved_us = BEGIN_US + 4 * DAY_US + 7 * HOUR_US
        await place(site, meter, house, resident, moved_us)
        (theirs,) = await used(site, house, resident)
        (whole,) = await used(site, house)
        assert (theirs.begin_us, theirs.end_us) == (moved_us, BEGIN_US + 10 * DAY_US)
        assert theirs.first == 105_250_000_000, "six hours after the last value a quarter of the next step has flowed"
        assert (theirs.amount, whole.amount) == (110 * NANO - (theirs.first or 0), 10 * NANO)
        assert await used(site, house, ResidentId(1)) == []


async def test_a_period_of_the_customer_s_days_goes_on_from_one_of_others(tmp_path: Path) -> None:
    async with open_site(tmp_path, run_workers=False) as site:
        house = await add_customer(site, "Europe/Berlin")
        meter = await add_meter(site, [(BEGIN_US - 3 * HOUR_US, 0), (BEGIN_US + 21 * HOUR_US, 24), (BEGIN_US + 45 * HOUR_US, 48)])
        await place(site, meter, house)
        reader = site.server.parts.meters.usage
        day_us = BEGIN_US - 2 * HOUR_US
        ((whole,),) = await reader.of_accounts(site.actor.org_id, [(house, None)], day_us, day_us + DAY_US, "Europe/Berlin")
        assert (whole.first, whole.last, whole.amount) == (0, 24 * NANO, 24 * NANO)
        ((cut,),) = await reader.of_accounts(site.actor.org_id, [(house, None)], day_us + DAY_US, BEGIN_US + 2 * DAY_US, "UTC")
        assert (cut.first, cut.last, cut.amount) == (24 * NANO, 48 * NANO, 24 * NANO)
