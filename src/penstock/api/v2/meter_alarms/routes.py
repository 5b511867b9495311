"""Alarms of meters over the native API: list, get and acknowledge them; and those of a resident's own meters."""

from __future__ import annotations

from typing import Any

from penstock.api.shared.call import Call
from penstock.api.shared.decoding import path_id
from penstock.api.shared.routes import Routes
from penstock.api.v2.meter_alarms import wire
from penstock.api.v2.meter_alarms.examples import ACKNOWLEDGED, ALARM, ALARM_PATH, OWN
from penstock.api.v2.meter_alarms.translate import (
    from_core_alarm,
    from_core_own_alarm,
    to_core_filter,
    to_core_own_filter,
)
from penstock.api.v2.wire import ListOf
from penstock.core.meter_alarms.service import MeterAlarmService
from penstock.kit.ids import MeterAlarmId, Prefix
from penstock.kit.operation import Example

READ, WRITE = "alerts:read", "alerts:write"
"""Those of alerts: who is on duty for these has to see and acknowledge both, and need not see what anybody consumes."""


class MeterAlarmEndpoints:
    """List, get and acknowledge meter alarms."""

    routes = Routes("/api/v2/meter-alarms", surface="v2", tag="Meter alarms")
    routes_oneself = Routes("/api/v2/profile/meter-alarms", surface="v2", tag="Oneself")

    def __init__(self, alarms: MeterAlarmService) -> None:
        self._alarms = alarms

    @routes.get(
        scope=READ,
        of_customer=True,
        example=Example(query={"state": "open"}, answer={"data": [ALARM], "next_cursor": None}),
    )
    async def list(self, call: Call[wire.MeterAlarmQuery, None]) -> ListOf[wire.MeterAlarm]:
        """List meter alarms.

        Newest first. Filters are combined with AND.
        """
        query = call.query
        page = await self._alarms.list(call.actor, to_core_filter(query), query.limit, query.cursor)
        return ListOf([from_core_alarm(one) for one in page.items], page.next_cursor)

    @routes.get("/{alarm_id}", scope=READ, of_customer=True, example=Example(path=ALARM_PATH, answer=ALARM))
    async def get(self, call: Call[None, None]) -> wire.MeterAlarm:
        """Get a meter alarm."""
        return from_core_alarm(await self._alarms.get(call.actor, _alarm_id(call)))

    @routes.post(
        "/{alarm_id}/acknowledge",
        scope=WRITE,
        of_customer=True,
        example=Example(path=ALARM_PATH, body={"note": "The plumber comes at noon"}, answer=ACKNOWLEDGED),
    )
    async def acknowledge(self, call: Call[None, wire.AcknowledgeAlarm]) -> wire.MeterAlarm:
        """Acknowledge a meter alarm.

        It stays open until a reading shows its end. Repeating the call has no effect; the first note is kept.
        """
        return from_core_alarm(await self._alarms.acknowledge(call.actor, _alarm_id(call), call.body.note))

    @routes_oneself.get(
        scope="profile:read",
        session=True,
        of_resident=True,
        example=Example(query={"state": "open"}, answer={"data": [OWN], "next_cursor": None}),
    )
    async def list_own(self, call: Call[wire.OwnMeterAlarmQuery, None]) -> ListOf[wire.OwnMeterAlarm]:
        """List the alarms of the caller's meters.

        Newest first: those of the devices assigned to the caller that were open at some time since they were. Only residents have
        any; for other callers the list is empty.
        """
        query = call.query
        page = await self._alarms.list_own(call.actor, to_core_own_filter(query), query.limit, query.cursor)
        return ListOf([from_core_own_alarm(one) for one in page.items], page.next_cursor)


def _alarm_id(call: Call[Any, Any]) -> MeterAlarmId:
    return path_id(Prefix.METER_ALARM, call.path["alarm_id"])
