"""Use cases on consumption: of one meter, of a customer's, balances and leak hints."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from itertools import groupby

import msgspec

from penstock.core.actor import Actor
from penstock.core.customers.periods import spans_of
from penstock.core.customers.service import get_customer
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.meters.balance import Balance, total_of
from penstock.core.meters.consumption import in_buckets
from penstock.core.meters.finding import BATCH, Selection, batches_of, register_of
from penstock.core.meters.leaks import leak_hint
from penstock.core.meters.models import ALWAYS, BalanceRow, BucketAmount, Consumption, LeakHint, MeterOf, MeterRole, Span
from penstock.core.meters.past import PastReader
from penstock.core.meters.series import MeterDays, Window
from penstock.core.meters.store import MeterTransaction
from penstock.core.meters.windows import ConsumptionQuery, ConsumptionScope, Windows
from penstock.core.registers.models import RegisterKind
from penstock.core.telemetry.models import TimeRange
from penstock.kit.ids import CustomerId, DeviceId
from penstock.kit.paging import Page, decode_cursor, page_of


class MeterService:
    """Consumption of an organisation's meters. Buckets that a range cuts are whole, as far as the plan's retention allows.

    What a customer used is what its devices counted while they were there, also those that moved or were deleted since.
    """

    def __init__(
        self,
        *,
        database: OrganizationDatabase[MeterTransaction],
        directory: DeviceDirectory,
        windows: Windows,
        reader: PastReader,
    ) -> None:
        self._database = database
        self._directory = directory
        self._windows = windows
        self._reader = reader

    async def of_device(
        self, actor: Actor, device_id: DeviceId, register: str | None, query: ConsumptionQuery
    ) -> tuple[Consumption, ConsumptionScope]:
        """The consumption of one register of a device, by default its first; to a resident only while the device was theirs.

        Raises:
            DeviceNotFound.
            InvalidInput: the register, bucket or time zone is invalid, or there are too many days.
        """
        found, window, scope = await self._read_one(actor, device_id, register, query)
        return _consumption(found, window), scope

    async def of_customer(
        self, actor: Actor, customer_id: CustomerId, role: MeterRole, kind: RegisterKind, query: ConsumptionQuery
    ) -> tuple[list[BucketAmount], int, ConsumptionScope]:
        """The total consumption of one kind at the meters of one role, and the number of meters.

        Raises:
            CustomerNotFound.
            InvalidInput: the bucket or time zone is invalid, or there are too many days.
        """
        window, scope = await self._window_of(actor, customer_id, query)
        parts = []
        meters: set[DeviceId] = set()
        async for batch in self._read_all(actor, Selection(customer_id=customer_id, role=role, kind=kind), window):
            parts.append(total_of((found.days for found in batch), len(window.days) - 1))
            meters.update(found.of.device_id for found in batch)
        total = total_of(parts, len(window.days) - 1)
        return in_buckets(total, window.days, window.buckets), len(meters), scope

    async def page(
        self, actor: Actor, selection: Selection, query: ConsumptionQuery, limit: int, cursor: str | None
    ) -> tuple[Page[tuple[MeterOf, Consumption]], ConsumptionScope]:
        """The consumption of a customer by device and register. A page has up to `limit` devices.

        Raises:
            CustomerNotFound.
            InvalidInput: the bucket or time zone is invalid, or there are too many days.
        """
        window, scope = await self._window_of(actor, selection.customer_id, query)
        window = msgspec.structs.replace(window, as_shown=True)
        page = await self._page(actor, selection, window, limit, cursor)
        items = []
        for start in range(0, len(page.items), BATCH):
            read = await self._reader.read(actor.org_id, page.items[start : start + BATCH], window)
            items += [(one.of, _consumption(one, window)) for one in _there(read)]
        return Page(items=items, next_cursor=page.next_cursor), scope

    async def export(
        self, actor: Actor, selection: Selection, query: ConsumptionQuery
    ) -> tuple[AsyncIterator[list[tuple[MeterOf, Consumption]]], ConsumptionScope]:
        """The consumption of a customer by device and register, all of it, in batches.

        Raises:
            CustomerNotFound.
            InvalidInput: the bucket or time zone is invalid, or there are too many days.
        """
        window, scope = await self._window_of(actor, selection.customer_id, query)
        window = msgspec.structs.replace(window, as_shown=True)

        async def batches() -> AsyncIterator[list[tuple[MeterOf, Consumption]]]:
            async for batch in self._read_all(actor, selection, window):
                yield [(one.of, _consumption(one, window)) for one in batch]

        return batches(), scope

    async def balance(
        self, actor: Actor, customer_id: CustomerId, kind: RegisterKind, query: ConsumptionQuery
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
        async for batch in self._read_all(actor, Selection(customer_id=customer_id, kind=kind), window):
            for one in batch:
                balance.add(one.of.role, one.days)
        return balance.rows(), scope

    async def leak_hint(
        self, actor: Actor, device_id: DeviceId, register: str | None, query: ConsumptionQuery
    ) -> tuple[MeterOf, LeakHint, ConsumptionScope]:
        """Whether a meter never stops at night.

        Raises:
            DeviceNotFound.
            InvalidInput: the register or time zone is invalid, or there are too many days.
        """
        found, window, scope = await self._read_one(actor, device_id, register, query)
        return found.of, _leak_hint(found, window), scope

    async def leak_hints(
        self, actor: Actor, customer_id: CustomerId, query: ConsumptionQuery, limit: int, cursor: str | None
    ) -> tuple[Page[tuple[MeterOf, LeakHint]], ConsumptionScope]:
        """The same for each meter of volume of a customer, by device, a page at a time.

        Raises:
            CustomerNotFound.
            InvalidInput: the time zone is invalid, or there are too many days.
        """
        window, scope = await self._window_of(actor, customer_id, query)
        selection = Selection(customer_id=customer_id, kind=RegisterKind.VOLUME)
        page = await self._page(actor, selection, window, limit, cursor)
        items = []
        for start in range(0, len(page.items), BATCH):
            read = await self._reader.read(actor.org_id, page.items[start : start + BATCH], window)
            items += [(one.of, _leak_hint(one, window)) for one in _there(read)]
        return Page(items=items, next_cursor=page.next_cursor), scope

    async def _read_one(
        self, actor: Actor, device_id: DeviceId, register: str | None, query: ConsumptionQuery
    ) -> tuple[MeterDays, Window, ConsumptionScope]:
        await self._directory.reach(actor, device_id)
        async with self._database.snapshot(actor.org_id) as tx:
            one = await register_of(tx, device_id, register, await _spans_for(tx, actor, device_id))
            customer_id = (await tx.placements.find(device_id)).customer_id
            customer = await tx.customers.find(customer_id) if customer_id is not None else None
        window, scope = await self._windows.of(actor, query, customer.timezone if customer else "UTC")
        window = msgspec.structs.replace(window, as_shown=True)
        (found,) = await self._reader.read(actor.org_id, [one], window)
        return found, window, scope

    async def _page(self, actor: Actor, selection: Selection, window: Window, limit: int, cursor: str | None) -> Page[MeterOf]:
        """The registers of up to `limit` devices."""
        after = decode_cursor(cursor, tuple[int])
        devices: list[list[MeterOf]] = []
        batches = batches_of(self._database, actor.org_id, selection, _span(window), after[0] if after else 0)
        async for batch in batches:
            devices += [list(registers) for _, registers in groupby(batch, key=lambda one: one.device_id)]
            if len(devices) > limit:
                break
        page = page_of(devices, limit, lambda last: (last[0].device_id,))
        return Page(items=[one for registers in page.items for one in registers], next_cursor=page.next_cursor)

    async def _read_all(self, actor: Actor, selection: Selection, window: Window) -> AsyncIterator[Sequence[MeterDays]]:
        async for batch in batches_of(self._database, actor.org_id, selection, _span(window)):
            yield _there(await self._reader.read(actor.org_id, batch, window))

    async def _window_of(
        self, actor: Actor, customer_id: CustomerId, query: ConsumptionQuery, days_before: int = 0
    ) -> tuple[Window, ConsumptionScope]:
        async with self._database.snapshot(actor.org_id) as tx:
            customer = await get_customer(tx, customer_id)
        return await self._windows.of(actor, query, customer.timezone, days_before)


async def _spans_for(tx: MeterTransaction, actor: Actor, device_id: DeviceId) -> tuple[Span, ...]:
    """The part of time that the caller can see: of a resident the current assignment, of a manager the current placement with
    their customer, of others everything.
    """
    if actor.resident_id is None and actor.customer_id is None:
        return ALWAYS
    periods = await tx.placements.periods_of_device(device_id)
    if actor.customer_id is None:
        theirs = [one for one in periods if one.resident_id == actor.resident_id]
    else:
        theirs = [one for one in periods if one.customer_id == actor.customer_id]
    return tuple(Span(from_us=one.from_us) for one in spans_of(theirs) if one.to_us is None)


def _there(read: Sequence[MeterDays]) -> list[MeterDays]:
    """The meters without those that left when the range began and counted nothing on its first day."""
    return [one for one in read if any(day.applies for day in one.days)]


def _span(window: Window) -> TimeRange:
    return TimeRange(from_us=window.days[window.first], to_us=window.days[window.last])


def _consumption(found: MeterDays, window: Window) -> Consumption:
    return Consumption(meter=found.of, buckets=in_buckets(found.days, window.days, window.buckets), events=found.events)


def _leak_hint(found: MeterDays, window: Window) -> LeakHint:
    return leak_hint(found.points, window.days)
