"""Use cases on validated values: a register's list, and what needs a person's decision at a customer's."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence

import msgspec

from penstock.core.actor import Actor
from penstock.core.customers.service import get_customer
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.directory import DeviceDirectory
from penstock.core.meters.finding import Selection, batches_of, register_of
from penstock.core.meters.models import MeterOf
from penstock.core.meters.past import PastReader
from penstock.core.meters.series import MeterDays
from penstock.core.meters.store import MeterTransaction
from penstock.core.meters.values import Status, Value
from penstock.core.meters.windows import MAX_DAYS, Windows
from penstock.core.registers.models import Register
from penstock.core.telemetry.models import TimeRange
from penstock.core.telemetry.service import TelemetryService
from penstock.kit.clock import DAY_US
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import CustomerId, DeviceId, OrgId
from penstock.kit.paging import Page, decode_cursor, encode_cursor

CHUNK_US = 31 * DAY_US
"""How much of a register's past is in memory at a time."""
SHOWN = 100
"""How many values of each register a customer's list shows."""
MAX_BATCHES = 4
"""How many batches of meters one page of a customer's list searches: a customer with 10,000 sound meters has pages too."""


class FoundValues(msgspec.Struct, frozen=True, kw_only=True):
    """The values of one register that were asked for, oldest first."""

    of: MeterOf
    values: list[Value]
    has_more: bool = False


class _Kept(msgspec.Struct, frozen=True, kw_only=True):
    """A range within the plan's retention, and from when on readings are used at all."""

    range: TimeRange
    from_us: int


class ValidatedValues:
    """Values of registers, with their status."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[MeterTransaction],
        directory: DeviceDirectory,
        telemetry: TelemetryService,
        windows: Windows,
        reader: PastReader,
    ) -> None:
        self._database = database
        self._directory = directory
        self._telemetry = telemetry
        self._windows = windows
        self._reader = reader

    async def reported(self, org_id: OrgId, device_id: DeviceId, versions: tuple[Register, ...], time_us: int) -> list[Value]:
        """The values of a register that a device reported at a time, whatever was edited since."""
        one = MeterOf(device_id=device_id, name="", versions=versions)
        kept = _Kept(range=TimeRange(from_us=time_us, to_us=time_us + 1), from_us=0)
        return [value async for (values,) in self._chunks(org_id, [one], kept, None) for value in values]

    async def of_device(
        self,
        actor: Actor,
        device_id: DeviceId,
        register: str | None,
        span: TimeRange,
        status: Status | None,
        limit: int,
        cursor: str | None,
    ) -> tuple[FoundValues, str | None]:
        """A page of the values of one register of a device, by default its first, oldest first.

        Raises:
            DeviceNotFound.
            InvalidInput: the register or cursor is invalid, or there are too many days.
        """
        await self._directory.reach(actor, device_id)
        async with self._database.snapshot(actor.org_id) as tx:
            one = await register_of(tx, device_id, register)
        after = decode_cursor(cursor, tuple[int, int])
        kept = await self._kept(actor, span)
        # Several values can have one time: a page continues at the time of the last value, after those that it showed.
        begin_us, skip = after or (kept.range.from_us, 0)
        found: list[Value] = []
        async for (values,) in self._chunks(actor.org_id, [one], _from(kept, begin_us), status):
            found += values
            if len(found) > skip + limit:
                break
        return FoundValues(of=one, values=found[skip : skip + limit]), _cursor_after(found, skip + limit)

    async def of_customer(
        self, actor: Actor, customer_id: CustomerId, span: TimeRange, status: Status, limit: int, cursor: str | None
    ) -> Page[FoundValues]:
        """The values with a status at a customer's, by device and register: those that were there in the range.

        A page has the registers of up to `limit` devices, and can have fewer.

        Raises:
            CustomerNotFound.
            InvalidInput: the cursor is invalid, or there are too many days.
        """
        after = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            await get_customer(tx, customer_id)
        kept = await self._kept(actor, span)
        found: list[FoundValues] = []
        last_id = after[0] if after else 0
        number = 0
        async for batch in batches_of(self._database, actor.org_id, Selection(customer_id=customer_id), kept.range, last_id):
            found += await self._with_status(actor.org_id, batch, kept, status)
            last_id, number = batch[-1].device_id, number + 1
            devices = list(dict.fromkeys(one.of.device_id for one in found))
            if len(devices) > limit:
                shown = set(devices[:limit])
                items = [one for one in found if one.of.device_id in shown]
                return Page(items=items, next_cursor=encode_cursor(devices[limit - 1]))
            if number == MAX_BATCHES:
                return Page(items=found, next_cursor=encode_cursor(last_id))
        return Page(items=found)

    async def _with_status(self, org_id: OrgId, batch: Sequence[MeterOf], kept: _Kept, status: Status) -> list[FoundValues]:
        """The registers of a batch that have values with a status, with the first of these."""
        found: list[list[Value]] = [[] for _ in batch]
        async for chunk in self._chunks(org_id, batch, kept, status):
            for values, more in zip(found, chunk, strict=True):
                values.extend(more[: SHOWN + 1 - len(values)])
        return [
            FoundValues(of=one, values=values[:SHOWN], has_more=len(values) > SHOWN)
            for one, values in zip(batch, found, strict=True)
            if values
        ]

    async def _chunks(
        self, org_id: OrgId, batch: Sequence[MeterOf], kept: _Kept, status: Status | None
    ) -> AsyncIterator[list[list[Value]]]:
        """The values of each register in a range, all or those with a status, part by part."""
        begin_us, end_us = kept.range.from_us, kept.range.to_us
        while begin_us < end_us:
            until_us = min(begin_us + CHUNK_US, end_us)
            window = self._windows.exact(begin_us, until_us, kept_from_us=kept.from_us)
            read = await self._reader.read(org_id, batch, window)
            yield [_values(one, begin_us, until_us, status) for one in read]
            begin_us = until_us

    async def _kept(self, actor: Actor, span: TimeRange) -> _Kept:
        effective = (await self._telemetry.effective(actor, span)).effective
        if effective.to_us - effective.from_us > MAX_DAYS * DAY_US:
            raise InvalidInput.field("from", f"must be at most {MAX_DAYS} days before to")
        return _Kept(range=effective, from_us=await self._windows.kept_from(actor, effective.to_us))


def _values(one: MeterDays, begin_us: int, end_us: int, status: Status | None) -> list[Value]:
    # The reader lists what was held out in any case; to list all values of a month of 10,000 meters takes minutes.
    if status in (Status.SUSPECT, Status.VOID):
        return [value for value in one.suspects if value.status is status and begin_us <= value.time_us < end_us]
    return [value for value in one.values(begin_us, end_us) if status in (None, value.status)]


def _from(kept: _Kept, begin_us: int) -> _Kept:
    span = TimeRange(from_us=max(kept.range.from_us, begin_us), to_us=kept.range.to_us)
    return _Kept(range=span, from_us=kept.from_us)


def _cursor_after(found: Sequence[Value], shown: int) -> str | None:
    """The cursor after the first values of a list that begins at the time of the cursor before; None if these are all."""
    if len(found) <= shown:
        return None
    time_us = found[shown - 1].time_us
    return encode_cursor(time_us, sum(value.time_us == time_us for value in found[:shown]))
