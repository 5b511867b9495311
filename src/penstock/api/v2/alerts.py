"""Definitions of alerts over the native API."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Answer, Call
from penstock.api.shared.decoding import body_id, path_id
from penstock.api.shared.idempotency import idempotency_of
from penstock.api.v2 import alerts_wire as wire
from penstock.api.v2.alert_examples import ALERT, ALERT_PATH, EVENT, NEW_ALERT, TAG
from penstock.api.v2.alerts_translate import from_core_alert, from_core_event, to_core_alert, to_core_filter, to_core_patch
from penstock.api.v2.examples import DEVICE_ID
from penstock.api.v2.wire import ListOf
from penstock.core.alerts.models import OccurrenceFilter, OccurrenceState
from penstock.core.alerts.occurrences import OccurrenceService
from penstock.core.alerts.service import AlertService
from penstock.kit.ids import AlertId, Prefix
from penstock.kit.operation import Example, operation

READ, WRITE = "alerts:read", "alerts:write"
PATH = "/api/v2/alerts"
MAX_BODY_BYTES = 262_144
_ONCE = {"Idempotency-Key": "A name for this request of 1 to 255 characters, good for 24 hours."}


class AlertEndpoints:
    """Define, list, change, delete and try out alerts."""

    def __init__(self, alerts: AlertService, occurrences: OccurrenceService) -> None:
        self._alerts = alerts
        self._occurrences = occurrences

    @operation(
        "GET",
        PATH,
        surface="v2",
        tag=TAG,
        summary="List alerts",
        description="Newest first. `status=active` are those that are raised for some device now.",
        scope=READ,
        query=wire.AlertQuery,
        answer=ListOf[wire.Alert],
        example=Example(query={"status": "enabled", "limit": "2"}, answer={"data": [ALERT], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.AlertQuery, None]) -> ListOf[wire.Alert]:
        query = call.query
        page = await self._alerts.list(call.actor, to_core_filter(query), query.limit, query.cursor)
        return ListOf([from_core_alert(one) for one in page.items], page.next_cursor)

    @operation(
        "POST",
        PATH,
        surface="v2",
        tag=TAG,
        summary="Define an alert",
        description="It watches readings that come from now on. With an `Idempotency-Key` the same request can be sent again and "
        "defines one alert.",
        scope=WRITE,
        status=201,
        body=wire.AlertCreate,
        answer=wire.Alert,
        max_body_bytes=MAX_BODY_BYTES,
        headers=_ONCE,
        example=Example(body=NEW_ALERT, answer=ALERT),
    )
    async def create(self, call: Call[None, wire.AlertCreate]) -> wire.Alert:
        return from_core_alert(await self._alerts.create(call.actor, to_core_alert(call.body), idempotency_of(call)))

    @operation(
        "GET",
        f"{PATH}/{{alert_id}}",
        surface="v2",
        tag=TAG,
        summary="Get an alert",
        scope=READ,
        answer=wire.Alert,
        example=Example(path=ALERT_PATH, answer=ALERT),
    )
    async def get(self, call: Call[None, None]) -> wire.Alert:
        return from_core_alert(await self._alerts.get(call.actor, _alert_id(call)))

    @operation(
        "PATCH",
        f"{PATH}/{{alert_id}}",
        surface="v2",
        tag=TAG,
        summary="Change, enable or disable an alert",
        description="A field that is left out stays. A change of what is watched for clears what is open and begins anew.",
        scope=WRITE,
        body=wire.AlertPatch,
        answer=wire.Alert,
        max_body_bytes=MAX_BODY_BYTES,
        example=Example(path=ALERT_PATH, body={"enabled": True}, answer=ALERT),
    )
    async def update(self, call: Call[None, wire.AlertPatch]) -> wire.Alert:
        return from_core_alert(await self._alerts.update(call.actor, _alert_id(call), to_core_patch(call.body)))

    @operation(
        "DELETE",
        f"{PATH}/{{alert_id}}",
        surface="v2",
        tag=TAG,
        summary="Delete an alert",
        description="With its history. What is open is told as cleared.",
        scope=WRITE,
        status=204,
        example=Example(path=ALERT_PATH),
    )
    async def delete(self, call: Call[None, None]) -> Answer:
        await self._alerts.delete(call.actor, _alert_id(call))
        return Answer()

    @operation(
        "POST",
        f"{PATH}/{{alert_id}}/test",
        surface="v2",
        tag=TAG,
        summary="Try out the actions of an alert",
        description="They are carried out a moment later, marked as a test. Nothing is raised.",
        scope=WRITE,
        status=202,
        body=wire.AlertTest,
        answer=wire.AlertTested,
        headers=_ONCE,
        example=Example(path=ALERT_PATH, body={"device_id": DEVICE_ID}, answer={"actions": 1}),
    )
    async def test(self, call: Call[None, wire.AlertTest]) -> wire.AlertTested:
        device_id = body_id(Prefix.DEVICE, call.body.device_id, "device_id") if call.body.device_id else None
        return wire.AlertTested(await self._alerts.test(call.actor, _alert_id(call), device_id, idempotency_of(call)))

    @operation(
        "GET",
        f"{PATH}/{{alert_id}}/history",
        surface="v2",
        tag=TAG,
        summary="List the events of an alert",
        description="Newest first.",
        scope=READ,
        query=wire.HistoryQuery,
        answer=ListOf[wire.AlertEvent],
        example=Example(path=ALERT_PATH, query={"limit": "2"}, answer={"data": [EVENT], "next_cursor": None}),
    )
    async def history(self, call: Call[wire.HistoryQuery, None]) -> ListOf[wire.AlertEvent]:
        query = call.query
        wanted = OccurrenceFilter(
            alert_id=_alert_id(call),
            device_id=body_id(Prefix.DEVICE, query.device_id, "device_id") if query.device_id else None,
            state=OccurrenceState(query.state) if query.state else None,
        )
        page = await self._occurrences.list(call.actor, wanted, query.limit, query.cursor)
        return ListOf([from_core_event(one) for one in page.items], page.next_cursor)


def _alert_id(call: Call[Any, Any]) -> AlertId:
    return path_id(Prefix.ALERT, call.path["alert_id"])
