"""Events of alerts over the native API: what was raised, taking note of it, ending it; and devices that are worked on."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.decoding import path_id
from penstock.api.v2 import alerts_wire as wire
from penstock.api.v2.alert_examples import ACKNOWLEDGED, CLEARED, EVENT, EVENT_PATH, MAINTENANCE, TAG
from penstock.api.v2.alerts import READ, WRITE
from penstock.api.v2.alerts_translate import from_core_event, from_core_maintenance, to_core_event_filter
from penstock.api.v2.examples import DEVICE_PATH
from penstock.api.v2.ranges import parse_moment
from penstock.api.v2.wire import ListOf
from penstock.core.alerts.occurrences import OccurrenceService
from penstock.kit.ids import DeviceId, EventId, Prefix
from penstock.kit.operation import Example, operation

PATH = "/api/v2/alert-events"
MAINTENANCE_PATH = "/api/v2/devices/{device_id}/maintenance"


class AlertEventEndpoints:
    """List, look at, acknowledge and clear; begin and end maintenance."""

    def __init__(self, occurrences: OccurrenceService) -> None:
        self._occurrences = occurrences

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="List alert events",
        description="Newest first. `state=open` are those that are not cleared.",
        scope=READ,
        query=wire.EventQuery,
        answer=ListOf[wire.AlertEvent],
        example=Example(query={"state": "open", "limit": "2"}, answer={"data": [EVENT], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.EventQuery, None]) -> ListOf[wire.AlertEvent]:
        query = call.query
        page = await self._occurrences.list(call.actor, to_core_event_filter(query), query.limit, query.cursor)
        return ListOf([from_core_event(one) for one in page.items], page.next_cursor)

    @operation(
        "GET",
        f"{PATH}/{{event_id}}",
        surface="v2",
        tag=TAG,
        summary="Get an alert event",
        scope=READ,
        answer=wire.AlertEvent,
        example=Example(path=EVENT_PATH, answer=EVENT),
    )
    async def get(self, call: Call[None, None]) -> wire.AlertEvent:
        return from_core_event(await self._occurrences.get(call.actor, _event_id(call)))

    @operation(
        "POST",
        f"{PATH}/{{event_id}}/acknowledge",
        surface="v2",
        tag=TAG,
        summary="Acknowledge an alert event",
        description="It escalates no further. Also of one that is cleared. Again is the same as once; the first note stays.",
        scope=WRITE,
        body=wire.Acknowledge,
        answer=wire.AlertEvent,
        example=Example(path=EVENT_PATH, body={"note": "On my way"}, answer=ACKNOWLEDGED),
    )
    async def acknowledge(self, call: Call[None, wire.Acknowledge]) -> wire.AlertEvent:
        return from_core_event(await self._occurrences.acknowledge(call.actor, _event_id(call), call.body.note))

    @operation(
        "POST",
        f"{PATH}/{{event_id}}/clear",
        surface="v2",
        tag=TAG,
        summary="Clear an alert event by hand",
        description="It is raised again when the condition holds at a later reading. Again is the same as once.",
        scope=WRITE,
        answer=wire.AlertEvent,
        example=Example(path=EVENT_PATH, answer=CLEARED),
    )
    async def clear(self, call: Call[None, None]) -> wire.AlertEvent:
        return from_core_event(await self._occurrences.clear(call.actor, _event_id(call)))

    @operation(
        "GET",
        MAINTENANCE_PATH,
        surface="v2",
        tag=TAG,
        summary="See whether a device is in maintenance",
        scope=READ,
        answer=wire.Maintenance,
        example=Example(path=DEVICE_PATH, answer=MAINTENANCE),
    )
    async def get_maintenance(self, call: Call[None, None]) -> wire.Maintenance:
        device_id = _device_id(call)
        return from_core_maintenance(device_id, await self._occurrences.maintenance(call.actor, device_id))

    @operation(
        "PUT",
        MAINTENANCE_PATH,
        surface="v2",
        tag=TAG,
        summary="Begin a device's maintenance",
        description="Nothing is raised for it until then; what is raised already goes on, and is cleared as ever.",
        scope=WRITE,
        body=wire.MaintenanceSet,
        answer=wire.Maintenance,
        example=Example(path=DEVICE_PATH, body={"until": "2099-05-02T12:00:00Z", "reason": "New compressor"}, answer=MAINTENANCE),
    )
    async def set_maintenance(self, call: Call[None, wire.MaintenanceSet]) -> wire.Maintenance:
        device_id, until = _device_id(call), call.body.until
        until_us = None if until is None else parse_moment(until, "until")
        found = await self._occurrences.set_maintenance(call.actor, device_id, until_us, call.body.reason)
        return from_core_maintenance(device_id, found)

    @operation(
        "DELETE",
        MAINTENANCE_PATH,
        surface="v2",
        tag=TAG,
        summary="End a device's maintenance",
        scope=WRITE,
        status=204,
        example=Example(path=DEVICE_PATH),
    )
    async def end_maintenance(self, call: Call[None, None]) -> Answer:
        await self._occurrences.end_maintenance(call.actor, _device_id(call))
        return Answer()


def _event_id(call: Call[Any, Any]) -> EventId:
    return path_id(Prefix.EVENT, call.path["event_id"])


def _device_id(call: Call[Any, Any]) -> DeviceId:
    return path_id(Prefix.DEVICE, call.path["device_id"])
