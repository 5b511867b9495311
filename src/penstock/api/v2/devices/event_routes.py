"""What network servers told of a device, over the native API."""

from __future__ import annotations

from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.devices import examples
from penstock.api.v2.ranges import parse_moment
from penstock.api.v2.wire import Cursor, Limit, ListOf, Word
from penstock.core.devices.history import DeviceEvent, DeviceEventQuery
from penstock.core.devices.history_service import DeviceEventService
from penstock.kit.clock import format_time
from penstock.kit.ids import Prefix, encode
from penstock.kit.operation import Example

EVENT: dict[str, Any] = {
    "id": "evt_0c2k9fq7w3v4h",
    "kind": "ack",
    "time": "2026-05-02T09:15:04Z",
    "received_at": "2026-05-02T09:15:04.310Z",
    "connection_id": "con_0c2k9fq7w3n9s",
    "details": {"acknowledged": True, "f_cnt_down": 41},
}


class DeviceEventsQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which events to list, by their own time."""

    limit: Limit = 100
    cursor: Cursor | None = None
    kind: Word | None = None
    from_: Annotated[str, Meta(max_length=64)] | None = msgspec.field(default=None, name="from")
    to: Annotated[str, Meta(max_length=64)] | None = None


class DeviceEventShown(Struct, frozen=True):
    """Something that a network server told of a device.

    `kind` is join, status, ack, nack, txack, failed, queued, invalidated, location, service or log. `details` are its facts
    by our names: `device_address`, `battery_percent`, `margin_db`, `external_power`, `queue_item_id`, `f_cnt_down`,
    `gateway_id`, `latitude`, `longitude`, `altitude_m`, `level`, `code`, `description`.
    """

    id: str
    kind: str
    time: str
    received_at: str
    connection_id: str | None
    details: dict[str, object]


class DeviceEventEndpoints:
    """A device's events."""

    routes = Routes("/api/v2/devices", surface="v2", tag="Devices")

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
        """List what network servers told of a device.

        Joins, acknowledgements of downlinks, battery and margin, locations: newest first. Streams tell of them live, with
        `events=true`.
        """
        query = call.query
        wanted = DeviceEventQuery(
            device_id=path_id(Prefix.DEVICE, call.path["device_id"]),
            kind=query.kind,
            from_us=parse_moment(query.from_, "from") if query.from_ else None,
            to_us=parse_moment(query.to, "to") if query.to else None,
        )
        page = await self._events.list(call.actor, wanted, query.limit, query.cursor)
        return ListOf([_shown(one) for one in page.items], page.next_cursor)


def _shown(event: DeviceEvent) -> DeviceEventShown:
    return DeviceEventShown(
        id=encode(Prefix.EVENT, event.id),
        kind=event.kind,
        time=format_time(event.time_us),
        received_at=format_time(event.received_us),
        connection_id=None if event.connection_id is None else encode(Prefix.CONNECTION, event.connection_id),
        details=event.details,
    )
