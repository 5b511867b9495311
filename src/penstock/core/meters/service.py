"""Use cases on meters: their settings, consumption, balances and leak hints."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import msgspec

from penstock.core.actor import Actor
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.customers.service import get_customer
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.meters.balance import Balance, total_of
from penstock.core.meters.consumption import in_buckets
from penstock.core.meters.leaks import leak_hint
from penstock.core.meters.models import BalanceRow, BucketAmount, Consumption, LeakHint, Meter, MeterOf, MeterRole, register_of
from penstock.core.meters.series import MeterDays, MeterReader, Window
from penstock.core.meters.store import MeterTransaction
from penstock.core.telemetry.buckets import Bucket, Unit, edges, parse_zone
from penstock.core.telemetry.models import EffectiveRange, TimeRange
from penstock.core.telemetry.service import TelemetryService
from penstock.kit.clock import DAY_US, Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import CustomerId, DeviceId, Prefix, encode
from penstock.kit.paging import Page, decode_cursor, page_of

BATCH = 250
"""How many meters are in memory at a time."""
MAX_DAYS = 1_100
UNITS = {"day": Unit.DAY, "week": Unit.WEEK, "month": Unit.MONTH}


class ConsumptionQuery(msgspec.Struct, frozen=True, kw_only=True):
    """A query of consumption. `timezone` None is the customer's."""

    range: TimeRange
    bucket: str = "day"
    timezone: str | None = None
    estimate: bool = True


class ConsumptionScope(msgspec.Struct, frozen=True, kw_only=True):
    """What a result covers: the range within the plan's retention, and the time zone of the days."""

    range: EffectiveRange
    timezone: str


class MeterService:
    """Meters of an organisation. Buckets that a range cuts are returned whole, as far as the plan's retention allows."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[MeterTransaction],
        directory: DeviceDirectory,
        telemetry: TelemetryService,
        reader: MeterReader,
        trail: AuditTrail,
        clock: Clock,
    ) -> None:
        self._database = database
        self._directory = directory
        self._telemetry = telemetry
        self._reader = reader
        self._trail = trail
        self._clock = clock

    async def get(self, actor: Actor, device_id: DeviceId) -> Meter:
        """The meter settings of a device.

        Raises:
            DeviceNotFound.
        """
        await self._directory.reach(actor, device_id)
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.meters.find(device_id)

    async def set(self, actor: Actor, device_id: DeviceId, meter: Meter) -> Meter:
        """Set the meter settings of a device; they apply to its past as well.

        Raises:
            DeviceNotFound.
        """
        await self._directory.reach(actor, device_id)
        async with self._database.transaction(actor.org_id) as tx:
            await _find_device(tx, device_id)
            before = await tx.meters.find(device_id)
            await tx.meters.set(device_id, meter)
            target = Target("device", encode(Prefix.DEVICE, device_id), "")
            was, now = msgspec.to_builtins(before), msgspec.to_builtins(meter)
            await self._trail.record(tx, actor, "meter.set", target, before=was, after=now)
        return meter

    async def reset(self, actor: Actor, device_id: DeviceId) -> None:
        """Restore the default meter settings of a device.

        Raises:
            DeviceNotFound.
        """
        await self._directory.reach(actor, device_id)
        async with self._database.transaction(actor.org_id) as tx:
            await _find_device(tx, device_id)
            await tx.meters.delete(device_id)
            await self._trail.record(tx, actor, "meter.reset", Target("device", encode(Prefix.DEVICE, device_id), ""))

    async def of_device(self, actor: Actor, device_id: DeviceId, query: ConsumptionQuery) -> tuple[Consumption, ConsumptionScope]:
        """The consumption of one meter.

        Raises:
            DeviceNotFound.
            InvalidInput: the bucket or time zone is invalid, or there are too many days.
        """
        await self._directory.reach(actor, device_id)
        async with self._database.snapshot(actor.org_id) as tx:
            meter = await tx.meters.find(device_id)
            customer_id = (await tx.placements.find(device_id)).customer_id
            customer = await tx.customers.find(customer_id) if customer_id is not None else None
        window, scope = await self._window(actor, query, customer.timezone if customer else "UTC")
        (found,) = await self._reader.read(
            actor.org_id, [MeterOf(device_id=device_id, name="", role=meter.role, versions=(register_of(meter),))], window
        )
        return self._consumption(found, window), scope

    async def of_customer(
        self, actor: Actor, customer_id: CustomerId, role: MeterRole, query: ConsumptionQuery
    ) -> tuple[list[BucketAmount], int, ConsumptionScope]:
        """The total consumption of the meters of one role, and the number of meters.

        Raises:
            CustomerNotFound.
            InvalidInput: the bucket or time zone is invalid, or there are too many days.
        """
        window, scope = await self._window_of(actor, customer_id, query)
        parts = []
        count = 0
        async for batch in self._batches(actor, customer_id, role, window):
            parts.append(total_of((found.days for found in batch), len(window.days) - 1))
            count += len(batch)
        total = total_of(parts, len(window.days) - 1)
        return in_buckets(total, window.days, window.buckets), count, scope

    async def page(
        self,
        actor: Actor,
        customer_id: CustomerId,
        role: MeterRole | None,
        query: ConsumptionQuery,
        limit: int,
        cursor: str | None,
    ) -> tuple[Page[tuple[MeterOf, Consumption]], ConsumptionScope]:
        """The consumption of each meter of a customer, by device, a page at a time.

        Raises:
            CustomerNotFound.
            InvalidInput: the bucket or time zone is invalid, or there are too many days.
        """
        after = decode_cursor(cursor, tuple[int])
        window, scope = await self._window_of(actor, customer_id, query)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.meters.of_customer(customer_id, role, limit + 1, after[0] if after else 0)
        page = page_of(found, limit, lambda last: (last.device_id,))
        read = []
        for start in range(0, len(page.items), BATCH):
            read += await self._reader.read(actor.org_id, page.items[start : start + BATCH], window)
        items = [(one.of, self._consumption(one, window)) for one in read]
        return Page(items=items, next_cursor=page.next_cursor), scope

    async def export(
        self, actor: Actor, customer_id: CustomerId, role: MeterRole | None, query: ConsumptionQuery
    ) -> tuple[AsyncIterator[list[tuple[MeterOf, Consumption]]], ConsumptionScope]:
        """The consumption of each meter of a customer, all of them, in batches.

        Raises:
            CustomerNotFound.
            InvalidInput: the bucket or time zone is invalid, or there are too many days.
        """
        window, scope = await self._window_of(actor, customer_id, query)

        async def batches() -> AsyncIterator[list[tuple[MeterOf, Consumption]]]:
            async for batch in self._batches(actor, customer_id, role, window):
                yield [(one.of, self._consumption(one, window)) for one in batch]

        return batches(), scope

    async def balance(
        self, actor: Actor, customer_id: CustomerId, query: ConsumptionQuery
    ) -> tuple[list[BalanceRow], ConsumptionScope]:
        """Principal meters compared with leaves, by day.

        Raises:
            CustomerNotFound.
            InvalidInput: the time zone is invalid, or there are too many days.
        """
        # The usual day of a leaf that is silent on the first day is computed from the days before.
        window, scope = await self._window_of(actor, customer_id, query, days_before=31)
        # An estimate would count as the principal's consumption. Leaves are estimated separately, in the balance.
        window = msgspec.structs.replace(window, estimate=False)
        balance = Balance(window.days, window.first, window.last)
        async for batch in self._batches(actor, customer_id, None, window):
            for one in batch:
                balance.add(one.of.role, one.days)
        return balance.rows(), scope

    async def leak_hint(self, actor: Actor, device_id: DeviceId, query: ConsumptionQuery) -> tuple[LeakHint, ConsumptionScope]:
        """Whether a meter never stops at night.

        Raises:
            DeviceNotFound.
            InvalidInput: the time zone is invalid, or there are too many days.
        """
        await self._directory.reach(actor, device_id)
        async with self._database.snapshot(actor.org_id) as tx:
            meter = await tx.meters.find(device_id)
            customer_id = (await tx.placements.find(device_id)).customer_id
            customer = await tx.customers.find(customer_id) if customer_id is not None else None
        window, scope = await self._window(actor, query, customer.timezone if customer else "UTC")
        (found,) = await self._reader.read(
            actor.org_id, [MeterOf(device_id=device_id, name="", role=meter.role, versions=(register_of(meter),))], window
        )
        return leak_hint(found.points, window.days), scope

    async def leak_hints(
        self, actor: Actor, customer_id: CustomerId, query: ConsumptionQuery, limit: int, cursor: str | None
    ) -> tuple[Page[tuple[MeterOf, LeakHint]], ConsumptionScope]:
        """The same for each meter of a customer, by device, a page at a time.

        Raises:
            CustomerNotFound.
            InvalidInput: the time zone is invalid, or there are too many days.
        """
        after = decode_cursor(cursor, tuple[int])
        window, scope = await self._window_of(actor, customer_id, query)
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.meters.of_customer(customer_id, None, limit + 1, after[0] if after else 0)
        page = page_of(found, limit, lambda last: (last.device_id,))
        items = []
        for start in range(0, len(page.items), BATCH):
            read = await self._reader.read(actor.org_id, page.items[start : start + BATCH], window)
            items += [(one.of, leak_hint(one.points, window.days)) for one in read]
        return Page(items=items, next_cursor=page.next_cursor), scope

    def _consumption(self, found: MeterDays, window: Window) -> Consumption:
        return Consumption(meter=found.of, buckets=in_buckets(found.days, window.days, window.buckets), events=found.events)

    async def _batches(
        self, actor: Actor, customer_id: CustomerId, role: MeterRole | None, window: Window
    ) -> AsyncIterator[Sequence[MeterDays]]:
        after_id = 0
        while True:
            async with self._database.snapshot(actor.org_id) as tx:
                meters = await tx.meters.of_customer(customer_id, role, BATCH, after_id)
            if meters:
                yield await self._reader.read(actor.org_id, meters, window)
            if len(meters) < BATCH:
                return
            after_id = meters[-1].device_id

    async def _window_of(
        self, actor: Actor, customer_id: CustomerId, query: ConsumptionQuery, days_before: int = 0
    ) -> tuple[Window, ConsumptionScope]:
        async with self._database.snapshot(actor.org_id) as tx:
            customer = await get_customer(tx, customer_id)
        return await self._window(actor, query, customer.timezone, days_before)

    async def _window(
        self, actor: Actor, query: ConsumptionQuery, timezone: str, days_before: int = 0
    ) -> tuple[Window, ConsumptionScope]:
        if query.bucket not in UNITS:
            raise InvalidInput.field("bucket", f"must be one of {', '.join(UNITS)}")
        zone = parse_zone(query.timezone or timezone)
        span = await self._telemetry.effective(actor, query.range)
        # Readings before the range are used too, but only as far back as the plan's retention allows.
        kept = await self._telemetry.effective(actor, TimeRange(from_us=0, to_us=query.range.to_us))
        begin_us, end_us = span.effective.from_us, max(span.effective.to_us, span.effective.from_us + 1)
        if end_us - begin_us > MAX_DAYS * DAY_US:
            raise InvalidInput.field("from", f"must be at most {MAX_DAYS} days before to")
        buckets = edges(begin_us, end_us, Bucket(unit=UNITS[query.bucket]), zone)
        days = edges(buckets[0] - days_before * DAY_US, buckets[-1], Bucket(unit=Unit.DAY), zone)
        window = Window(
            zone=zone,
            buckets=buckets,
            days=days,
            first=days.index(buckets[0]),
            last=len(days) - 1,
            kept_from_us=kept.effective.from_us,
            now_us=self._clock.now_us(),
            estimate=query.estimate,
        )
        return window, ConsumptionScope(range=span, timezone=zone.key)


async def _find_device(tx: MeterTransaction, device_id: DeviceId) -> None:
    """Check that a device exists within this transaction, because the directory may still cache a deleted one.

    Raises:
        DeviceNotFound.
    """
    if await tx.devices.find_ref(device_id) is None:
        raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))
