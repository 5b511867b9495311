"""Consumption over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call, Stream
from penstock.api.shared.decoding import device_id_of, path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.devices import examples
from penstock.api.v2.meters import wire
from penstock.api.v2.meters.examples import AMOUNT, CUSTOMER_PATH, DAYS, EVENT, HINT, ROW
from penstock.api.v2.meters.export import HEADER, lines
from penstock.api.v2.meters.translate import (
    BASE,
    from_core_amounts,
    from_core_balance,
    from_core_events,
    from_core_hint,
    from_core_row,
    ratio_of,
    to_core_role,
    unit_of_total,
)
from penstock.api.v2.ranges import Ranged, parse_range
from penstock.api.v2.telemetry.examples import RANGE
from penstock.api.v2.telemetry.export import rows_writer
from penstock.api.v2.telemetry.translate import from_core_range
from penstock.core.meters.finding import Selection
from penstock.core.meters.models import MeterRole
from penstock.core.meters.service import MeterService
from penstock.core.meters.windows import ConsumptionQuery
from penstock.core.registers.models import RegisterKind
from penstock.core.telemetry.models import TimeRange
from penstock.kit.clock import DAY_US, Clock
from penstock.kit.ids import CustomerId, Prefix
from penstock.kit.operation import Example


class MeterEndpoints:
    """Consumption, balances and leak hints, computed from the readings."""

    routes = Routes("/api/v2", surface="v2", tag="Meters")

    def __init__(self, meters: MeterService, clock: Clock) -> None:
        self._meters = meters
        self._clock = clock

    @routes.get(
        "/devices/{device_id}/consumption",
        scope="telemetry:read",
        of_project=True,
        of_resident=True,
        of_customer=True,
        example=Example(
            path=examples.DEVICE_PATH,
            query=DAYS,
            answer={
                "device_id": "dev_0c2k9fq7w3m1x",
                "register": "volume",
                "kind": "volume",
                "unit": "m3",
                "bucket": "month",
                "timezone": "Europe/Brussels",
                "data": [AMOUNT],
                "events": [EVENT],
                "query": RANGE,
            },
        ),
    )
    async def of_device(self, call: Call[wire.RegisterQuery, None]) -> wire.DeviceConsumption:
        """Get the consumption of a meter.

        Of one register, by day, week or month; by default the last 30 days. The consumption of a day is its last count minus the
        last count of the day before. The consumption over a gap is spread over its days, and days since the last reading are
        estimated from a usual day.
        """
        query = call.query
        found, scope = await self._meters.of_device(call.actor, device_id_of(call), query.register, self._query(query))
        unit = ratio_of(found.meter)
        return wire.DeviceConsumption(
            device_id=call.path["device_id"],
            register=found.meter.register.name,
            kind=found.meter.kind.value,
            unit=found.meter.unit,
            bucket=query.bucket,
            timezone=scope.timezone,
            data=from_core_amounts(found.buckets, unit),
            events=from_core_events(found.events, unit),
            query=from_core_range(scope.range),
        )

    @routes.get(
        "/devices/{device_id}/leak-hint",
        scope="telemetry:read",
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, query={"range": "7d"}, answer=HINT),
    )
    async def leak_hint(self, call: Call[wire.HintQuery, None]) -> wire.LeakHint:
        """Get the leak hint of a meter.

        A leak is suspected if the flow never stops between 02:00 and 05:00. Requires at least hourly readings in these hours; by
        default the last 7 days are evaluated.
        """
        query = call.query
        of, hint, scope = await self._meters.leak_hint(call.actor, device_id_of(call), query.register, self._days(query, 7))
        return from_core_hint(of, hint, scope)

    @routes.get(
        "/customers/{customer_id}/consumption",
        scope="telemetry:read",
        of_customer=True,
        example=Example(
            path=CUSTOMER_PATH,
            query=DAYS,
            answer={
                "customer_id": "cus_0c2k9fq7w3c5d",
                "role": "leaf",
                "kind": "volume",
                "unit": "m3",
                "meters": 24,
                "bucket": "month",
                "timezone": "Europe/Brussels",
                "data": [AMOUNT],
                "query": RANGE,
            },
        ),
    )
    async def of_customer(self, call: Call[wire.TotalQuery, None]) -> wire.CustomerConsumption:
        """Get the consumption of a customer.

        The total of the registers of one kind, by default volume, at its meters with one role, by default its leaves. Each
        device counts from when it came until it left, also if it was deleted since.
        """
        query = call.query
        kind = RegisterKind(query.kind)
        buckets, count, scope = await self._meters.of_customer(
            call.actor, _customer_id(call), MeterRole(query.role), kind, self._query(query)
        )
        return wire.CustomerConsumption(
            customer_id=call.path["customer_id"],
            role=query.role,
            kind=query.kind,
            unit=unit_of_total(kind),
            meters=count,
            bucket=query.bucket,
            timezone=scope.timezone,
            data=from_core_amounts(buckets, BASE),
            query=from_core_range(scope.range),
        )

    @routes.get(
        "/customers/{customer_id}/consumption/devices",
        scope="telemetry:read",
        of_customer=True,
        example=Example(
            path=CUSTOMER_PATH,
            query=DAYS | {"limit": "1"},
            answer={
                "data": [ROW],
                "next_cursor": None,
                "bucket": "month",
                "timezone": "Europe/Brussels",
                "query": RANGE,
            },
        ),
    )
    async def list(self, call: Call[wire.ListQuery, None]) -> wire.MeterRows:
        """List the consumption of a customer by meter.

        One row for each register of the kind. A page has up to `limit` devices, with all of their registers.
        """
        query = call.query
        page, scope = await self._meters.page(call.actor, _selection(call, query), self._query(query), query.limit, query.cursor)
        rows = [from_core_row(of, found) for of, found in page.items]
        return wire.MeterRows(rows, page.next_cursor, query.bucket, scope.timezone, from_core_range(scope.range))

    @routes.get(
        "/customers/{customer_id}/consumption/export",
        scope="telemetry:read",
        of_customer=True,
        media_type="text/csv",
        example=Example(
            path=CUSTOMER_PATH,
            query=DAYS,
            answer=f"{','.join(HEADER)}\r\ndev_0c2k9fq7w3m1x,Flat 12,leaf,volume,volume,m3,2026-04-30T22:00:00Z,"
            "2026-05-31T22:00:00Z,7.415,0.25,interpolated,linear,0,1\r\n",
        ),
    )
    async def export(self, call: Call[wire.FileQuery, None]) -> Stream:
        """Export the consumption of a customer.

        CSV: one line per register and bucket, streamed. The headers `X-Range-From` and `X-Range-To` are the range within the
        plan's retention.
        """
        query = call.query
        batches, scope = await self._meters.export(call.actor, _selection(call, query), self._query(query))
        first = await anext(batches, None)  # raises errors before the first byte of the file
        return Stream(write=rows_writer(HEADER, lines(first, batches), call.path["customer_id"], scope.range.effective))

    @routes.get(
        "/customers/{customer_id}/balance",
        scope="telemetry:read",
        of_customer=True,
        example=Example(
            path=CUSTOMER_PATH,
            query={"range": "7d"},
            answer={
                "customer_id": "cus_0c2k9fq7w3c5d",
                "kind": "volume",
                "unit": "m3",
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
                "query": RANGE,
            },
        ),
    )
    async def balance(self, call: Call[wire.BalanceQuery, None]) -> wire.BalanceDays:
        """Compare a customer's principal meters with its leaves.

        By day; by default the last 30 days. A leaf counts on days on which it was measured, that is, with readings on that day
        and the day before.
        """
        kind = RegisterKind(call.query.kind)
        rows, scope = await self._meters.balance(call.actor, _customer_id(call), kind, self._days(call.query, 30))
        return wire.BalanceDays(
            customer_id=call.path["customer_id"],
            kind=kind.value,
            unit=unit_of_total(kind),
            timezone=scope.timezone,
            data=[from_core_balance(row) for row in rows],
            query=from_core_range(scope.range),
        )

    @routes.get(
        "/customers/{customer_id}/leak-hints",
        scope="telemetry:read",
        of_customer=True,
        example=Example(path=CUSTOMER_PATH, query={"limit": "1"}, answer={"data": [HINT], "next_cursor": None}),
    )
    async def leak_hints(self, call: Call[wire.HintsQuery, None]) -> wire.LeakHints:
        """List the leak hints of a customer.

        All its meters of volume, by device; by default the last 7 days are evaluated.
        """
        query = call.query
        page, scope = await self._meters.leak_hints(
            call.actor, _customer_id(call), self._days(query, 7), query.limit, query.cursor
        )
        return wire.LeakHints([from_core_hint(of, hint, scope) for of, hint in page.items], page.next_cursor)

    def _range(self, query: Ranged, days: int) -> TimeRange:
        found = parse_range(query, self._clock)
        # The default of `parse_range`, 24 hours, is too short for days of consumption.
        if query.from_ or query.range:
            return found
        return TimeRange(from_us=max(found.to_us - days * DAY_US, 0), to_us=found.to_us)

    def _query(self, query: wire.ConsumptionQuery) -> ConsumptionQuery:
        return ConsumptionQuery(
            range=self._range(query, 30), bucket=query.bucket, timezone=query.timezone, estimate=query.estimate
        )

    def _days(self, query: wire.DaysQuery, days: int) -> ConsumptionQuery:
        # An estimated day must not appear as a difference or as a leak.
        return ConsumptionQuery(range=self._range(query, days), timezone=query.timezone, estimate=False)


def _selection(call: Call[Any, Any], query: wire.ListQuery | wire.FileQuery) -> Selection:
    return Selection(customer_id=_customer_id(call), role=to_core_role(query.role), kind=RegisterKind(query.kind))


def _customer_id(call: Call[Any, Any]) -> CustomerId:
    return path_id(Prefix.CUSTOMER, call.path["customer_id"])
