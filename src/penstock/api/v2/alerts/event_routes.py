"""Alert events over the native API: list, acknowledge and clear them; and the maintenance of devices."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import device_id_of, path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.alerts import event_wire as wire
from penstock.api.v2.alerts.event_translate import from_core_counts, from_core_event, from_core_maintenance, to_core_event_filter
from penstock.api.v2.alerts.examples import ACKNOWLEDGED, CLEARED, EVENT, EVENT_PATH, MAINTENANCE, SUMMARY
from penstock.api.v2.alerts.routes import READ, WRITE
from penstock.api.v2.devices.examples import DEVICE_PATH
from penstock.api.v2.ranges import parse_moment
from penstock.api.v2.wire import ListOf
from penstock.core.actor import Actor
from penstock.core.alerts.models import Occurrence
from penstock.core.alerts.occurrences import OccurrenceService
from penstock.core.alerts.snoozes import SnoozeService
from penstock.kit.ids import EventId, Prefix
from penstock.kit.operation import Example


class AlertEventEndpoints:
    """List, get, acknowledge and clear alert events; start and end maintenance."""

    routes = Routes("/api/v2", surface="v2", tag="Alerts")

    def __init__(self, occurrences: OccurrenceService, snoozes: SnoozeService) -> None:
        self._occurrences = occurrences
        self._snoozes = snoozes

    @routes.get(
        "/alert-events",
        scope=READ,
        example=Example(query={"state": "open", "limit": "2"}, answer={"data": [EVENT], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.EventQuery, None]) -> ListOf[wire.AlertEvent]:
        """List alert events.

        Newest first. `state=open` selects those that are not cleared.
        """
        query = call.query
        page = await self._occurrences.list(call.actor, to_core_event_filter(query), query.limit, query.cursor)
        snoozes = await self._snoozes.of_alerts(call.actor, {one.alert_id for one in page.items})
        return ListOf([from_core_event(one, snoozes) for one in page.items], page.next_cursor)

    @routes.get("/alert-events/summary", scope=READ, example=Example(answer=SUMMARY))
    async def summary(self, call: Call[None, None]) -> wire.Summary:
        """Count open alert events.

        By state and by severity.
        """
        return from_core_counts(await self._occurrences.count_open(call.actor))

    @routes.get(
        "/alert-events/{event_id}",
        scope=READ,
        example=Example(path=EVENT_PATH, answer=EVENT),
    )
    async def get(self, call: Call[None, None]) -> wire.AlertEvent:
        """Get an alert event."""
        return await self._shown(call.actor, await self._occurrences.get(call.actor, _event_id(call)))

    @routes.post(
        "/alert-events/{event_id}/acknowledge",
        scope=WRITE,
        example=Example(path=EVENT_PATH, body={"note": "On my way"}, answer=ACKNOWLEDGED),
    )
    async def acknowledge(self, call: Call[None, wire.Acknowledge]) -> wire.AlertEvent:
        """Acknowledge an alert event.

        Stops its escalation. A cleared event can be acknowledged too. Repeating the call has no effect; the first note is kept.
        """
        found = await self._occurrences.acknowledge(call.actor, _event_id(call), call.body.note)
        return await self._shown(call.actor, found)

    @routes.post(
        "/alert-events/{event_id}/clear",
        scope=WRITE,
        example=Example(path=EVENT_PATH, answer=CLEARED),
    )
    async def clear(self, call: Call[None, None]) -> wire.AlertEvent:
        """Clear an alert event manually.

        It is raised again if the condition is true at a later reading. Repeating the call has no effect.
        """
        return await self._shown(call.actor, await self._occurrences.clear(call.actor, _event_id(call)))

    @routes.get(
        "/devices/{device_id}/maintenance",
        scope=READ,
        example=Example(path=DEVICE_PATH, answer=MAINTENANCE),
    )
    async def get_maintenance(self, call: Call[None, None]) -> wire.Maintenance:
        """Get the maintenance state of a device."""
        device_id = device_id_of(call)
        return from_core_maintenance(device_id, await self._occurrences.maintenance(call.actor, device_id))

    @routes.put(
        "/devices/{device_id}/maintenance",
        scope=WRITE,
        example=Example(path=DEVICE_PATH, body={"until": "2099-05-02T12:00:00Z", "reason": "New compressor"}, answer=MAINTENANCE),
    )
    async def set_maintenance(self, call: Call[None, wire.MaintenanceSet]) -> wire.Maintenance:
        """Start a device's maintenance.

        No alerts are raised for the device until `until`. Alert events that are already raised stay open, and are cleared as
        usual.
        """
        device_id, until = device_id_of(call), call.body.until
        until_us = None if until is None else parse_moment(until, "until")
        found = await self._occurrences.set_maintenance(call.actor, device_id, until_us, call.body.reason)
        return from_core_maintenance(device_id, found)

    @routes.delete(
        "/devices/{device_id}/maintenance",
        scope=WRITE,
        example=Example(path=DEVICE_PATH),
    )
    async def end_maintenance(self, call: Call[None, None]) -> None:
        """End a device's maintenance."""
        await self._occurrences.end_maintenance(call.actor, device_id_of(call))

    async def _shown(self, actor: Actor, found: Occurrence) -> wire.AlertEvent:
        return from_core_event(found, await self._snoozes.of_alerts(actor, [found.alert_id]))


def _event_id(call: Call[Any, Any]) -> EventId:
    return path_id(Prefix.EVENT, call.path["event_id"])
