"""Device events, which network servers report, over the native API."""

from __future__ import annotations

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.devices import examples
from penstock.api.v2.devices.examples import EVENT
from penstock.api.v2.devices.translate import from_core_event
from penstock.api.v2.devices.wire import DeviceEventShown, DeviceEventsQuery
from penstock.api.v2.ranges import parse_moment
from penstock.api.v2.wire import ListOf
from penstock.core.devices.history import DeviceEventQuery
from penstock.core.devices.history_service import DeviceEventService
from penstock.kit.ids import Prefix
from penstock.kit.operation import Example


class DeviceEventEndpoints:
    """The events of a device."""

    routes = Routes("/api/v2/devices", surface="v2", tag="Devices")

    def __init__(self, events: DeviceEventService) -> None:
        self._events = events

    @routes.get(
        "/{device_id}/events",
        scope="devices:read",
        of_project=True,
        example=Example(
            path=examples.DEVICE_PATH,
            query={"from": "2026-05-02T00:00:00Z"},
            answer={"data": [EVENT], "next_cursor": None},
        ),
    )
    async def list(self, call: Call[DeviceEventsQuery, None]) -> ListOf[DeviceEventShown]:
        """List the events of a device.

        Events are reported by network servers: joins, acknowledgements of downlinks, battery and margin, locations. Newest
        first. Streams report them live with `events=true`.
        """
        query = call.query
        requested = DeviceEventQuery(
            device_id=path_id(Prefix.DEVICE, call.path["device_id"]),
            kind=query.kind,
            from_us=parse_moment(query.from_, "from") if query.from_ else None,
            to_us=parse_moment(query.to, "to") if query.to else None,
        )
        page = await self._events.list(call.actor, requested, query.limit, query.cursor)
        return ListOf([from_core_event(one) for one in page.items], page.next_cursor)
