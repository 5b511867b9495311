"""The states of devices: whether they are online, where they are, and their open alerts."""

from __future__ import annotations

from collections.abc import Sequence

from penstock.core.actor import Actor
from penstock.core.dashboards.latest_values import latest_values
from penstock.core.dashboards.shown import Shown, ShownState, ShownValue
from penstock.core.dashboards.store import WidgetDataTransaction
from penstock.core.database import OrganizationDatabase
from penstock.core.devices.models import Device
from penstock.core.notifications.models import RANKS, Severity
from penstock.core.telemetry.latest import LatestReadings
from penstock.core.telemetry.models import TimeRange
from penstock.core.telemetry.service import TelemetryService
from penstock.kit.clock import Clock

READ_ALERTS = "alerts:read"
Severities = dict[int, list[Severity]]
"""The severities of the open alerts of each device."""


class StateReader:
    """Reads the states of devices."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[WidgetDataTransaction],
        telemetry: TelemetryService,
        latest: LatestReadings,
        clock: Clock,
        offline_after_us: int,
    ) -> None:
        self._database = database
        self._telemetry = telemetry
        self._latest = latest
        self._clock = clock
        self._offline_after_us = offline_after_us

    async def read(self, actor: Actor, found: Sequence[Shown], field: str | None, span: TimeRange) -> list[ShownState]:
        """The states of devices, each with the latest value of a field if one is named."""
        severities = await self._open_alerts(actor, found)
        return [await self._state(actor, of, field, span, severities) for of in found]

    async def _open_alerts(self, actor: Actor, found: Sequence[Shown]) -> Severities | None:
        if not actor.allows(READ_ALERTS):
            return None
        async with self._database.snapshot(actor.org_id) as tx:
            devices = [of.device.id for of in found if of.device is not None]
            return {one: [each.severity for each in await tx.occurrences.list_open_by_device(one)] for one in devices}

    async def _state(
        self, actor: Actor, of: Shown, field: str | None, span: TimeRange, severities: Severities | None
    ) -> ShownState:
        if of.device is None:
            return ShownState(of=of)
        device = self._latest.with_last_seen(of.device)
        opened = None if severities is None else severities.get(device.id, [])
        return ShownState(
            of=of,
            connectivity=device.connectivity(self._clock.now_us(), self._offline_after_us).value,
            last_seen_us=device.last_seen_us,
            alerts=None if opened is None else len(opened),
            severity=max(opened, key=RANKS.__getitem__).value if opened else None,
            value=None if field is None else await self._value(actor, of, device, field, span),
        )

    async def _value(self, actor: Actor, of: Shown, device: Device, field: str, span: TimeRange) -> ShownValue:
        latest = await latest_values(self._telemetry, actor, device.id, [field], span)
        async with self._database.snapshot(actor.org_id) as tx:
            sensor = await tx.sensors.find(device.id, field)
        value, time_us = latest.get(field, (None, None))
        name, unit, decimals = (sensor.name, sensor.unit, sensor.decimals) if sensor else (field, "", None)
        return ShownValue(of=of, field=field, name=name, unit=unit, decimals=decimals, value=value, time_us=time_us)
