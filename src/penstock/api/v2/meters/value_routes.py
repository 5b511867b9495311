"""Values of registers and their edits over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import device_id_of, path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.devices import examples
from penstock.api.v2.meters import value_wire as wire
from penstock.api.v2.meters.examples import CUSTOMER_PATH, EDIT, EDIT_SET, EDITED_VALUE, VALUES, WITHDRAWN
from penstock.api.v2.meters.value_translate import (
    from_core_edit,
    from_core_value,
    from_core_values,
    to_core_edit,
    to_core_filter,
)
from penstock.api.v2.ranges import Ranged, parse_range
from penstock.api.v2.wire import ListOf
from penstock.core.meters.editing import MeterEditing
from penstock.core.meters.validated import ValidatedValues
from penstock.core.meters.values import Status
from penstock.core.telemetry.models import TimeRange
from penstock.kit.clock import DAY_US, Clock
from penstock.kit.ids import Prefix
from penstock.kit.operation import Example

EDIT_PATH = examples.DEVICE_PATH | {"edit_id": "edt_0c2k9fq7w3e7r"}
USUAL_DAYS = 30


class MeterValueEndpoints:
    """What validation says about values, and what people say about them."""

    routes = Routes("/api/v2", surface="v2", tag="Meters")

    def __init__(self, values: ValidatedValues, editing: MeterEditing, clock: Clock) -> None:
        self._values = values
        self._editing = editing
        self._clock = clock

    @routes.get(
        "/devices/{device_id}/meter/values",
        scope="telemetry:read",
        of_customer=True,
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, query={"range": "7d"}, answer={"data": [EDITED_VALUE], "next_cursor": None}),
    )
    async def list_values(self, call: Call[wire.ValueQuery, None]) -> ListOf[wire.Value]:
        """List the values of a meter.

        Of one register, oldest first; by default of the last 30 days. A suspect value is not in consumption until an edit
        confirms or corrects it.
        """
        query = call.query
        found, cursor = await self._values.of_device(
            call.actor,
            device_id_of(call),
            query.register,
            self._range(query),
            None if query.status is None else Status(query.status),
            query.limit,
            query.cursor,
        )
        return ListOf([from_core_value(found.of, value) for value in found.values], cursor)

    @routes.get(
        "/customers/{customer_id}/meter/values",
        scope="telemetry:read",
        of_customer=True,
        example=Example(path=CUSTOMER_PATH, query={"range": "30d"}, answer={"data": [VALUES], "next_cursor": None}),
    )
    async def list_of_customer(self, call: Call[wire.CustomerValueQuery, None]) -> ListOf[wire.MeterValues]:
        """List the values of the meters of a customer.

        Those that need a decision, by device and register: by default suspect values of the last 30 days, of the meters that were
        there in the range. Some pages have fewer devices than `limit`; continue until `next_cursor` is null.
        """
        query = call.query
        customer_id = path_id(Prefix.CUSTOMER, call.path["customer_id"])
        page = await self._values.of_customer(
            call.actor, customer_id, self._range(query), Status(query.status), query.limit, query.cursor
        )
        return ListOf([from_core_values(found) for found in page.items], page.next_cursor)

    @routes.get(
        "/devices/{device_id}/meter/edits",
        scope="telemetry:read",
        of_customer=True,
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, answer={"data": [EDIT], "next_cursor": None}),
    )
    async def list_edits(self, call: Call[wire.EditQuery, None]) -> ListOf[wire.Edit]:
        """List the edits of a meter's values.

        Newest first, including withdrawn ones.
        """
        query = call.query
        page = await self._editing.list(call.actor, device_id_of(call), to_core_filter(query), query.limit, query.cursor)
        return ListOf([from_core_edit(found) for found in page.items], page.next_cursor)

    @routes.post(
        "/devices/{device_id}/meter/edits",
        scope="devices:write",
        of_project=True,
        status=201,
        refuses=(409,),
        example=Example(path=examples.DEVICE_PATH, body=EDIT_SET, answer=EDIT),
    )
    async def edit(self, call: Call[None, wire.EditCreate]) -> wire.Edit:
        """Edit a value.

        `add` adds a value at a time without one; `correct` replaces the reported value, `void` lets it count no more, and
        `confirm` lets a suspect one count. The reading is never changed. Returns 404 if there is no value at this time, and 409
        if there is one to be added, or if the value has been edited: withdraw that edit first.
        """
        return from_core_edit(await self._editing.create(call.actor, device_id_of(call), to_core_edit(call.body)))

    @routes.post(
        "/devices/{device_id}/meter/edits/{edit_id}/withdraw",
        scope="devices:write",
        of_project=True,
        status=200,
        refuses=(409,),
        example=Example(path=EDIT_PATH, body={"reason": "Wrong meter"}, answer=WITHDRAWN),
    )
    async def withdraw(self, call: Call[None, wire.Withdrawal]) -> wire.Edit:
        """Withdraw an edit.

        It is kept in the list, and the value counts again as it was reported.
        """
        edit_id = path_id(Prefix.EDIT, call.path["edit_id"])
        return from_core_edit(await self._editing.withdraw(call.actor, device_id_of(call), edit_id, call.body.reason))

    def _range(self, query: Ranged) -> TimeRange:
        found = parse_range(query, self._clock)
        if query.from_ or query.range:
            return found
        return TimeRange(from_us=max(found.to_us - USUAL_DAYS * DAY_US, 0), to_us=found.to_us)
