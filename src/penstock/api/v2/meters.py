"""Meters and consumption over the native API."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable
from typing import Any

from penstock.api.shared.call import Call, Stream
from penstock.api.shared.decoding import path_id
from penstock.api.v2 import examples
from penstock.api.v2 import meters_wire as wire
from penstock.api.v2.export import rows_writer
from penstock.api.v2.ranges import Ranged, parse_range
from penstock.api.v2.translate import from_core_range
from penstock.core.meters.models import (
    MICRO,
    BalanceRow,
    BucketAmount,
    Consumption,
    LeakHint,
    Meter,
    MeterEvent,
    MeterOf,
    MeterRole,
)
from penstock.core.meters.service import MeterService, Told, Wanted
from penstock.core.telemetry.models import TimeRange
from penstock.kit.clock import DAY_US, Clock, format_time
from penstock.kit.ids import CustomerId, DeviceId, Prefix, encode
from penstock.kit.operation import Example, operation

TAG = "Meters"
DEVICE, CUSTOMER = "/api/v2/devices/{device_id}", "/api/v2/customers/{customer_id}"
CUSTOMER_PATH = {"customer_id": "cus_0c2k9fq7w3c5d"}
DAYS = {"range": "30d", "bucket": "month", "timezone": "Europe/Brussels"}
METER = {"field": "consumption_m3", "unit": "m3", "role": "leaf", "rolls_over_at": 100_000}
AMOUNT = {
    "start": "2026-04-30T22:00:00Z",
    "end": "2026-05-31T22:00:00Z",
    "consumption": 7.415,
    "not_measured": 0.25,
    "quality": "interpolated",
    "missing_days": 0,
}
EVENT = {"kind": "reset", "time": "2026-05-02T09:15:04Z", "before": 184.327, "after": 0.004, "detected": False}
ROW = {"device_id": "dev_0c2k9fq7w3m1x", "name": "Flat 12", "role": "leaf", "unit": "m3", "data": [AMOUNT], "events": [EVENT]}
HINT = {
    "device_id": "dev_0c2k9fq7w3m1x",
    "suspected": True,
    "nights": 7,
    "nights_flowing": 7,
    "least_per_hour": 0.004,
    "timezone": "Europe/Brussels",
}
HEADER = ["device_id", "name", "role", "unit", "start", "end", "consumption", "not_measured", "quality", "missing_days"]


class MeterEndpoints:
    """What devices count, and what they counted."""

    def __init__(self, meters: MeterService, clock: Clock) -> None:
        self._meters = meters
        self._clock = clock

    @operation(
        "GET",
        f"{DEVICE}/meter",
        surface="v2",
        tag=TAG,
        summary="Get what a device counts",
        scope="devices:read",
        of_project=True,
        answer=wire.Meter,
        example=Example(path=examples.DEVICE_PATH, answer=METER),
    )
    async def get(self, call: Call[None, None]) -> wire.Meter:
        return _meter(await self._meters.get(call.actor, _device_id(call)))

    @operation(
        "PUT",
        f"{DEVICE}/meter",
        surface="v2",
        tag=TAG,
        summary="Say what a device counts",
        description="It holds for the device's past as well. Left out fields take their defaults.",
        scope="devices:write",
        of_project=True,
        body=wire.Meter,
        answer=wire.Meter,
        example=Example(path=examples.DEVICE_PATH, body=METER, answer=METER),
    )
    async def set(self, call: Call[None, wire.Meter]) -> wire.Meter:
        body = call.body
        meter = Meter(field=body.field, unit=body.unit, role=MeterRole(body.role), rolls_over_at=body.rolls_over_at)
        return _meter(await self._meters.set(call.actor, _device_id(call), meter))

    @operation(
        "DELETE",
        f"{DEVICE}/meter",
        surface="v2",
        tag=TAG,
        summary="Make a device the usual meter again",
        scope="devices:write",
        of_project=True,
        status=204,
        example=Example(path=examples.DEVICE_PATH),
    )
    async def reset(self, call: Call[None, None]) -> None:
        await self._meters.reset(call.actor, _device_id(call))

    @operation(
        "GET",
        f"{DEVICE}/consumption",
        surface="v2",
        tag=TAG,
        summary="Consumption of a meter",
        description="By day, week or month, the last 30 days unless asked otherwise. A day is its last reading less the last of "
        "the day before; what was counted over a gap is spread over its days, and days since the last reading are usual ones.",
        scope="telemetry:read",
        of_project=True,
        of_resident=True,
        query=wire.ConsumptionQuery,
        answer=wire.DeviceConsumption,
        example=Example(
            path=examples.DEVICE_PATH,
            query=DAYS,
            answer={
                "device_id": "dev_0c2k9fq7w3m1x",
                "unit": "m3",
                "bucket": "month",
                "timezone": "Europe/Brussels",
                "data": [AMOUNT],
                "events": [EVENT],
                "query": examples.RANGE,
            },
        ),
    )
    async def of_device(self, call: Call[wire.ConsumptionQuery, None]) -> wire.DeviceConsumption:
        found, told = await self._meters.of_device(call.actor, _device_id(call), self._wanted(call.query))
        return wire.DeviceConsumption(
            device_id=call.path["device_id"],
            unit=found.meter.unit,
            bucket=call.query.bucket,
            timezone=told.timezone,
            data=_amounts(found.buckets),
            events=_events(found.events),
            query=from_core_range(told.range),
        )

    @operation(
        "GET",
        f"{DEVICE}/leak-hint",
        surface="v2",
        tag=TAG,
        summary="Whether a meter never stands still at night",
        description="From readings at least hourly between 02:00 and 05:00, the last 7 days unless asked otherwise.",
        scope="telemetry:read",
        of_project=True,
        query=wire.DaysQuery,
        answer=wire.LeakHint,
        example=Example(path=examples.DEVICE_PATH, query={"range": "7d"}, answer=HINT),
    )
    async def leak_hint(self, call: Call[wire.DaysQuery, None]) -> wire.LeakHint:
        device_id = _device_id(call)
        hint, told = await self._meters.leak_hint(call.actor, device_id, self._days(call.query, 7))
        return _hint(device_id, hint, told)

    @operation(
        "GET",
        f"{CUSTOMER}/consumption",
        surface="v2",
        tag=TAG,
        summary="Consumption of a customer",
        description="What its meters of one role counted together, its leaves unless asked otherwise.",
        scope="telemetry:read",
        query=wire.TotalQuery,
        answer=wire.CustomerConsumption,
        example=Example(
            path=CUSTOMER_PATH,
            query=DAYS,
            answer={
                "customer_id": "cus_0c2k9fq7w3c5d",
                "role": "leaf",
                "meters": 24,
                "bucket": "month",
                "timezone": "Europe/Brussels",
                "data": [AMOUNT],
                "query": examples.RANGE,
            },
        ),
    )
    async def of_customer(self, call: Call[wire.TotalQuery, None]) -> wire.CustomerConsumption:
        query = call.query
        buckets, count, told = await self._meters.of_customer(
            call.actor, _customer_id(call), MeterRole(query.role), self._wanted(query)
        )
        return wire.CustomerConsumption(
            customer_id=call.path["customer_id"],
            role=query.role,
            meters=count,
            bucket=query.bucket,
            timezone=told.timezone,
            data=_amounts(buckets),
            query=from_core_range(told.range),
        )

    @operation(
        "GET",
        f"{CUSTOMER}/consumption/devices",
        surface="v2",
        tag=TAG,
        summary="Consumption of a customer, meter by meter",
        scope="telemetry:read",
        query=wire.ListQuery,
        answer=wire.MeterRows,
        example=Example(
            path=CUSTOMER_PATH,
            query=DAYS | {"limit": "1"},
            answer={
                "data": [ROW],
                "next_cursor": None,
                "bucket": "month",
                "timezone": "Europe/Brussels",
                "query": examples.RANGE,
            },
        ),
    )
    async def list(self, call: Call[wire.ListQuery, None]) -> wire.MeterRows:
        query = call.query
        page, told = await self._meters.page(
            call.actor, _customer_id(call), _role(query.role), self._wanted(query), query.limit, query.cursor
        )
        rows = [_row(of, found) for of, found in page.items]
        return wire.MeterRows(rows, page.next_cursor, query.bucket, told.timezone, from_core_range(told.range))

    @operation(
        "GET",
        f"{CUSTOMER}/consumption/export",
        surface="v2",
        tag=TAG,
        summary="Consumption of a customer as a file",
        description="CSV: a line per meter and bucket, written as it is read.",
        scope="telemetry:read",
        query=wire.FileQuery,
        answer=str,
        media_type="text/csv",
        example=Example(
            path=CUSTOMER_PATH,
            query=DAYS,
            answer=f"{','.join(HEADER)}\r\ndev_0c2k9fq7w3m1x,Flat 12,leaf,m3,2026-04-30T22:00:00Z,2026-05-31T22:00:00Z,"
            "7.415,0.25,interpolated,0\r\n",
        ),
    )
    async def export(self, call: Call[wire.FileQuery, None]) -> Stream:
        query = call.query
        batches = self._meters.export(call.actor, _customer_id(call), _role(query.role), self._wanted(query))
        first = await anext(batches, None)  # refuses before the first byte of the file
        return Stream(write=rows_writer(HEADER, _lines(first, batches), call.path["customer_id"]))

    @operation(
        "GET",
        f"{CUSTOMER}/balance",
        surface="v2",
        tag=TAG,
        summary="Principal meters of a customer against its leaves",
        description="By day, the last 30 days unless asked otherwise. A leaf counts on days on which it was measured, from "
        "readings of that day and the day before.",
        scope="telemetry:read",
        query=wire.DaysQuery,
        answer=wire.BalanceDays,
        example=Example(
            path=CUSTOMER_PATH,
            query={"range": "7d"},
            answer={
                "customer_id": "cus_0c2k9fq7w3c5d",
                "timezone": "Europe/Brussels",
                "data": [
                    {
                        "start": "2026-04-30T22:00:00Z",
                        "end": "2026-05-01T22:00:00Z",
                        "principal": 10.5,
                        "leaves": 8.25,
                        "unmetered": 2.25,
                        "notable": True,
                        "leaves_measured": 22,
                        "leaves_silent": 2,
                        "leaves_estimated": 0.75,
                    }
                ],
                "query": examples.RANGE,
            },
        ),
    )
    async def balance(self, call: Call[wire.DaysQuery, None]) -> wire.BalanceDays:
        rows, told = await self._meters.balance(call.actor, _customer_id(call), self._days(call.query, 30))
        data = [_balance(row) for row in rows]
        return wire.BalanceDays(call.path["customer_id"], told.timezone, data, from_core_range(told.range))

    @operation(
        "GET",
        f"{CUSTOMER}/leak-hints",
        surface="v2",
        tag=TAG,
        summary="Which meters of a customer never stand still at night",
        description="Every meter, by device, the last 7 days unless asked otherwise.",
        scope="telemetry:read",
        query=wire.HintsQuery,
        answer=wire.LeakHints,
        example=Example(path=CUSTOMER_PATH, query={"limit": "1"}, answer={"data": [HINT], "next_cursor": None}),
    )
    async def leak_hints(self, call: Call[wire.HintsQuery, None]) -> wire.LeakHints:
        query = call.query
        page, told = await self._meters.leak_hints(
            call.actor, _customer_id(call), self._days(query, 7), query.limit, query.cursor
        )
        return wire.LeakHints([_hint(of.device_id, hint, told) for of, hint in page.items], page.next_cursor)

    def _range(self, query: Ranged, days: int) -> TimeRange:
        found = parse_range(query, self._clock)
        if query.from_ or query.range:
            return found
        return TimeRange(from_us=max(found.to_us - days * DAY_US, 0), to_us=found.to_us)

    def _wanted(self, query: wire.ConsumptionQuery) -> Wanted:
        return Wanted(range=self._range(query, 30), bucket=query.bucket, timezone=query.timezone, estimate=query.estimate)

    def _days(self, query: wire.DaysQuery, days: int) -> Wanted:
        return Wanted(range=self._range(query, days), timezone=query.timezone, estimate=False)


def _device_id(call: Call[Any, Any]) -> DeviceId:
    return path_id(Prefix.DEVICE, call.path["device_id"])


def _customer_id(call: Call[Any, Any]) -> CustomerId:
    return path_id(Prefix.CUSTOMER, call.path["customer_id"])


def _role(name: str | None) -> MeterRole | None:
    return None if name is None else MeterRole(name)


def _units(amount: int) -> float:
    return amount / MICRO


def _maybe(amount: int | None) -> float | None:
    return None if amount is None else _units(amount)


def _meter(meter: Meter) -> wire.Meter:
    return wire.Meter(field=meter.field, unit=meter.unit, role=meter.role.value, rolls_over_at=meter.rolls_over_at)


def _amounts(buckets: Iterable[BucketAmount]) -> list[wire.Amount]:
    return [
        wire.Amount(
            start=format_time(one.start_us),
            end=format_time(one.end_us),
            consumption=_maybe(one.amount),
            not_measured=_units(one.not_measured),
            quality=one.worst.value,
            missing_days=one.missing_days,
        )
        for one in buckets
    ]


def _events(found: Iterable[MeterEvent]) -> list[wire.Event]:
    return [
        wire.Event(one.kind.value, format_time(one.at_us), _units(one.before), _units(one.after), one.detected) for one in found
    ]


def _row(of: MeterOf, found: Consumption) -> wire.MeterRow:
    device_id = encode(Prefix.DEVICE, of.device_id)
    return wire.MeterRow(device_id, of.name, of.meter.role.value, of.meter.unit, _amounts(found.buckets), _events(found.events))


async def _lines(
    first: list[tuple[MeterOf, Consumption]] | None, rest: AsyncIterator[list[tuple[MeterOf, Consumption]]]
) -> AsyncIterator[list[list[object]]]:
    yield _cells(first or [])
    async for batch in rest:
        yield _cells(batch)


def _cells(batch: Iterable[tuple[MeterOf, Consumption]]) -> list[list[object]]:
    return [
        [encode(Prefix.DEVICE, of.device_id), of.name, of.meter.role.value, of.meter.unit, *_cells_of(one)]
        for of, found in batch
        for one in _amounts(found.buckets)
    ]


def _cells_of(one: wire.Amount) -> list[object]:
    return [one.start, one.end, one.consumption, one.not_measured, one.quality, one.missing_days]


def _balance(row: BalanceRow) -> wire.BalanceDay:
    return wire.BalanceDay(
        start=format_time(row.start_us),
        end=format_time(row.end_us),
        principal=_maybe(row.principal),
        leaves=_units(row.leaves),
        unmetered=_maybe(row.unmetered),
        notable=row.notable,
        leaves_measured=row.contributing,
        leaves_silent=row.silent,
        leaves_estimated=_units(row.estimated),
    )


def _hint(device_id: DeviceId, hint: LeakHint, told: Told) -> wire.LeakHint:
    return wire.LeakHint(
        device_id=encode(Prefix.DEVICE, device_id),
        suspected=hint.suspected,
        nights=hint.nights,
        nights_flowing=hint.flowing,
        least_per_hour=_maybe(hint.least),
        timezone=told.timezone,
    )
