"""What accounts used in a period, for those who bill it, from the meters that they have now."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from penstock.core.database import OrganizationDatabase
from penstock.core.meters.consumption import in_buckets
from penstock.core.meters.models import MICRO, BucketAmount, MeterOf, MeterRole
from penstock.core.meters.registers import NANO, RegisterKind
from penstock.core.meters.series import MeterDays, MeterReader, Window
from penstock.core.meters.store import MeterTransaction
from penstock.core.meters.usage import MeterUsage
from penstock.core.telemetry.buckets import Bucket, Unit, edges, parse_zone
from penstock.kit.clock import Clock
from penstock.kit.ids import CustomerId, OrgId, ResidentId

BATCH = 250
FACTOR = NANO // MICRO


class CurrentMeters:
    """Implements `UsageReader`."""

    def __init__(self, database: OrganizationDatabase[MeterTransaction], reader: MeterReader, clock: Clock) -> None:
        self._database = database
        self._reader = reader
        self._clock = clock

    async def of_account(
        self, org_id: OrgId, customer_id: CustomerId, resident_id: ResidentId | None, begin_us: int, end_us: int
    ) -> list[MeterUsage]:
        """See `UsageReader`."""
        async with self._database.snapshot(org_id) as tx:
            customer = await tx.customers.find(customer_id)
        zone = parse_zone(customer.timezone if customer else "UTC")
        days = edges(begin_us, end_us, Bucket(unit=Unit.DAY), zone)
        window = Window(
            zone=zone,
            buckets=[days[0], days[-1]],
            days=days,
            first=0,
            last=len(days) - 1,
            kept_from_us=0,
            now_us=self._clock.now_us(),
            estimate=True,
        )
        found: list[MeterUsage] = []
        after_id = 0
        while meters := await self._meters(org_id, customer_id, resident_id, after_id):
            found += [_usage(one, window) for one in await self._reader.read(org_id, meters, window)]
            after_id = meters[-1].device_id
        return found

    async def _meters(
        self, org_id: OrgId, customer_id: CustomerId, resident_id: ResidentId | None, after_id: int
    ) -> Sequence[MeterOf]:
        async with self._database.snapshot(org_id) as tx:
            if resident_id is None:
                return await tx.meters.of_customer(customer_id, MeterRole.LEAF, BATCH, after_id)
            placed = await tx.placements.of_resident(resident_id, BATCH, after_id)
            return [
                MeterOf(device_id=one.device.id, name=one.device.name, meter=await tx.meters.find(one.device.id))
                for one in placed
            ]


def _usage(found: MeterDays, window: Window) -> MeterUsage:
    bucket: BucketAmount = in_buckets(found.days, window.days, window.buckets)[0]
    return MeterUsage(
        device_id=found.of.device_id,
        device_name=found.of.name,
        eui=None,
        serial=None,
        register="volume",
        kind=RegisterKind.VOLUME,
        unit=found.of.meter.unit,
        decimals=3,
        begin_us=bucket.start_us,
        end_us=bucket.end_us,
        first=_counter_at(found, bucket.start_us),
        last=_counter_at(found, bucket.end_us),
        amount=None if bucket.amount is None else bucket.amount * FACTOR,
        estimated=bucket.not_measured * FACTOR,
        quality=bucket.worst,
    )


def _counter_at(found: MeterDays, time_us: int) -> int | None:
    at = bisect_left(found.points, (time_us, 0))
    return found.points[at - 1][1] * FACTOR if at else None
