"""Alerts over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.alerts import event_wire, wire
from penstock.api.v2.alerts.event_translate import from_core_event, from_core_snooze, to_core_snooze
from penstock.api.v2.alerts.examples import ALERT, ALERT_PATH, EVENT, NEW_ALERT, SNOOZE
from penstock.api.v2.alerts.translate import from_core_alert, to_core_alert, to_core_filter, to_core_patch
from penstock.api.v2.devices.examples import DEVICE_ID
from penstock.api.v2.views import view_of
from penstock.api.v2.wire import ListOf
from penstock.core.actor import Actor
from penstock.core.alerts.models import Alert, OccurrenceFilter, OccurrenceState
from penstock.core.alerts.occurrences import OccurrenceService
from penstock.core.alerts.service import AlertService
from penstock.core.alerts.snoozes import Snoozes, SnoozeService
from penstock.core.expressions.error_counts import EvaluationErrors
from penstock.kit.ids import AlertId, Prefix
from penstock.kit.operation import Example

READ, WRITE = "alerts:read", "alerts:write"
MAX_BODY_BYTES = 262_144


class AlertEndpoints:
    """Create, list, change, delete and test alerts."""

    routes = Routes("/api/v2/alerts", surface="v2", tag="Alerts")

    def __init__(
        self, alerts: AlertService, occurrences: OccurrenceService, snoozes: SnoozeService, errors: EvaluationErrors
    ) -> None:
        self._alerts = alerts
        self._snoozes = snoozes
        self._errors = errors
        self._occurrences = occurrences

    @routes.get(
        scope=READ,
        example=Example(query={"status": "enabled", "limit": "2"}, answer={"data": [ALERT], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.AlertQuery, None]) -> ListOf[wire.Alert]:
        """List alerts.

        Newest first by default. `status=active` selects those that are currently raised for at least one device.
        """
        query = call.query
        page = await self._alerts.list(call.actor, to_core_filter(query), query.limit, query.cursor, view_of(query))
        snoozes = await self._snoozes.of_alerts(call.actor, [one.id for one in page.items])
        return ListOf([from_core_alert(one, self._errors, snoozes) for one in page.items], page.next_cursor)

    @routes.post(
        scope=WRITE,
        status=201,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(body=NEW_ALERT, answer=ALERT),
    )
    async def create(self, call: Call[None, wire.AlertCreate]) -> wire.Alert:
        """Create an alert.

        Besides `alerts:write` it requires the scopes of its condition and actions: `telemetry:read` for readings, `devices:read`
        for `no_data` and `connectivity`, and for example `commands:write` for a command. It applies to
        readings that arrive from now on. With an `Idempotency-Key` the same request can be sent again and creates only one alert.
        """
        return from_core_alert(await self._alerts.create(call.actor, to_core_alert(call.body)), self._errors, Snoozes())

    @routes.get(
        "/{alert_id}",
        scope=READ,
        example=Example(path=ALERT_PATH, answer=ALERT),
    )
    async def get(self, call: Call[None, None]) -> wire.Alert:
        """Get an alert."""
        return await self._shown(call.actor, await self._alerts.get(call.actor, _alert_id(call)))

    @routes.patch(
        "/{alert_id}",
        scope=WRITE,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(path=ALERT_PATH, body={"enabled": True}, answer=ALERT),
    )
    async def update(self, call: Call[None, wire.AlertPatch]) -> wire.Alert:
        """Change, enable or disable an alert.

        Omitted fields are unchanged. A change of the target or the condition clears the open alert events and restarts the
        evaluation.
        """
        alert = await self._alerts.update(call.actor, _alert_id(call), to_core_patch(call.body))
        return await self._shown(call.actor, alert)

    @routes.delete(
        "/{alert_id}",
        scope=WRITE,
        example=Example(path=ALERT_PATH),
    )
    async def delete(self, call: Call[None, None]) -> None:
        """Delete an alert.

        Its events are deleted with it. Open events are reported as cleared.
        """
        await self._alerts.delete(call.actor, _alert_id(call))

    @routes.post(
        "/{alert_id}/test",
        scope=WRITE,
        status=202,
        example=Example(path=ALERT_PATH, body={"device_id": DEVICE_ID}, answer={"actions": 1}),
    )
    async def test(self, call: Call[None, wire.AlertTest]) -> wire.AlertTested:
        """Test the actions of an alert.

        They are executed shortly afterwards and are marked as a test. No alert is raised.
        """
        device_id = body_id(Prefix.DEVICE, call.body.device_id, "device_id") if call.body.device_id else None
        return wire.AlertTested(await self._alerts.test(call.actor, _alert_id(call), device_id))

    @routes.get(
        "/{alert_id}/history",
        scope=READ,
        example=Example(path=ALERT_PATH, query={"limit": "2"}, answer={"data": [EVENT], "next_cursor": None}),
    )
    async def history(self, call: Call[event_wire.HistoryQuery, None]) -> ListOf[event_wire.AlertEvent]:
        """List the events of an alert.

        Newest first.
        """
        query = call.query
        filters = OccurrenceFilter(
            device_id=body_id(Prefix.DEVICE, query.device_id, "device_id") if query.device_id else None,
            state=OccurrenceState(query.state) if query.state else None,
        )
        page = await self._occurrences.list_by_alert(call.actor, _alert_id(call), filters, query.limit, query.cursor)
        snoozes = await self._snoozes.of_alerts(call.actor, {one.alert_id for one in page.items})
        return ListOf([from_core_event(one, snoozes) for one in page.items], page.next_cursor)

    @routes.post(
        "/{alert_id}/snooze",
        scope=WRITE,
        example=Example(path=ALERT_PATH, body={"for_s": 14_400, "note": "Compressor is being replaced"}, answer=SNOOZE),
    )
    async def snooze(self, call: Call[None, event_wire.SnoozeSet]) -> event_wire.Snooze:
        """Snooze an alert.

        Until then it is evaluated and its events are recorded, but it notifies no one and executes no actions. Events that are
        still raised and not acknowledged at the end are notified then. With `device_id` it is snoozed on this device only.
        """
        body = call.body
        device_id = body_id(Prefix.DEVICE, body.device_id, "device_id") if body.device_id else None
        request = to_core_snooze(body.until, body.for_s, body.note)
        return from_core_snooze(await self._snoozes.snooze(call.actor, _alert_id(call), device_id, request))

    @routes.delete("/{alert_id}/snooze", scope=WRITE, example=Example(path=ALERT_PATH))
    async def end_snooze(self, call: Call[event_wire.SnoozeQuery, None]) -> None:
        """End the snooze of an alert.

        Events that are still raised and not acknowledged are notified now.
        """
        query = call.query
        device_id = body_id(Prefix.DEVICE, query.device_id, "device_id") if query.device_id else None
        await self._snoozes.end(call.actor, _alert_id(call), device_id)

    async def _shown(self, actor: Actor, alert: Alert) -> wire.Alert:
        return from_core_alert(alert, self._errors, await self._snoozes.of_alerts(actor, [alert.id]))


def _alert_id(call: Call[Any, Any]) -> AlertId:
    return path_id(Prefix.ALERT, call.path["alert_id"])
