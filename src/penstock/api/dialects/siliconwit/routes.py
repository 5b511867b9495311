"""SiliconWit's endpoints: decode, call, encode."""

from __future__ import annotations

from typing import Any

from penstock.api.dialects.siliconwit import examples, wire
from penstock.api.dialects.siliconwit.translate import (
    from_core_alert,
    from_core_device,
    from_core_device_counts,
    from_core_firing,
    from_core_key,
    from_core_plan,
    from_core_reading,
    from_core_retention,
    shortened,
    to_core_filter,
    to_core_history,
    to_core_range,
)
from penstock.api.shared.call import Call
from penstock.api.shared.decoding import device_id_of, path_id
from penstock.api.shared.routes import Routes
from penstock.core.alerts.occurrences import OccurrenceService
from penstock.core.alerts.service import AlertService
from penstock.core.devices.models import DeviceFilter, DeviceStatus
from penstock.core.devices.service import DeviceService
from penstock.core.limits.periods import month_of
from penstock.core.telemetry.latest import LatestReadings
from penstock.core.telemetry.service import TelemetryService
from penstock.core.tenancy.keys import KeyService
from penstock.core.tenancy.plans import PlanCatalogue
from penstock.core.usage.service import UsageService
from penstock.kit.clock import Clock
from penstock.kit.ids import AlertId, Prefix, encode
from penstock.kit.operation import Example
from penstock.kit.paging import all_items

AT_ONCE = 1_000
"""The vendor's list of keys is not paginated."""


class SiliconWitEndpoints:
    """The Public API. All its calls are read-only."""

    routes = Routes("/v1", surface="siliconwit", tag="SiliconWit.IO")

    def __init__(
        self,
        *,
        devices: DeviceService,
        telemetry: TelemetryService,
        keys: KeyService,
        plans: PlanCatalogue,
        usage: UsageService,
        latest: LatestReadings,
        alerts: AlertService,
        occurrences: OccurrenceService,
        clock: Clock,
    ) -> None:
        self._devices = devices
        self._telemetry = telemetry
        self._keys = keys
        self._plans = plans
        self._usage = usage
        self._latest = latest
        self._alerts = alerts
        self._occurrences = occurrences
        self._clock = clock

    @routes.get(
        "/devices",
        scope="devices:read",
        of_project=True,
        example=Example(query={"status": "active", "limit": "1"}, answer=examples.DEVICES),
    )
    async def list_devices(self, call: Call[wire.DevicesQuery, None]) -> wire.Devices:
        """List devices (SiliconWit).

        Newest first, paginated by offset.
        """
        query = call.query
        found, total = await self._devices.page(call.actor, to_core_filter(query), query.limit, query.offset)
        return wire.Devices(
            [from_core_device(self._latest.with_last_seen(device)) for device in found],
            wire.Pagination(total, query.limit, query.offset),
        )

    @routes.get(
        "/devices/{device_id}",
        scope="devices:read",
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, answer={"data": examples.DEVICE}),
    )
    async def get_device(self, call: Call[None, None]) -> wire.OneDevice:
        """Get a device (SiliconWit).

        Another account's device returns the same response as an unknown one.
        """
        device = await self._devices.get(call.actor, device_id_of(call))
        return wire.OneDevice(from_core_device(self._latest.with_last_seen(device)))

    @routes.get(
        "/devices/{device_id}/telemetry/latest",
        scope="telemetry:read",
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, answer={"data": examples.READING}),
    )
    async def get_latest(self, call: Call[None, None]) -> wire.Latest:
        """Get the latest telemetry of a device (SiliconWit).

        By the time of the reading. Returns `{"data": null}` if there is none.
        """
        by_event, _ = await self._telemetry.latest(call.actor, device_id_of(call))
        return wire.Latest(from_core_reading(by_event) if by_event else None)

    @routes.get(
        "/devices/{device_id}/telemetry",
        scope="telemetry:read",
        of_project=True,
        example=Example(path=examples.DEVICE_PATH, query={"range": "30d", "limit": "2"}, answer=examples.HISTORY),
    )
    async def get_history(self, call: Call[wire.TelemetryQuery, None]) -> wire.History:
        """Get the telemetry history of a device (SiliconWit).

        Newest first. If the range is longer than the plan's retention, it is shortened to the longest value within it; `query`
        contains both.
        """
        requested, device_id = call.query, device_id_of(call)
        days = self._plans.in_force(await self._plans.organization(call.actor.org_id), self._clock.now_us()).retention_days
        word = shortened(requested.range, days)
        query = to_core_history(device_id, to_core_range(word, self._clock.now_us()), requested.limit)
        rows, _ = await self._telemetry.history(call.actor, query)
        return wire.History(
            [from_core_reading(row) for row in rows],
            wire.HistoryEcho(
                device_id=encode(Prefix.DEVICE, device_id),
                requested_range=requested.range,
                range=word,
                limit=requested.limit,
                data_retention_days=from_core_retention(days),
            ),
        )

    @routes.get(
        "/alerts",
        scope="alerts:read",
        example=Example(query={"limit": "1"}, answer=examples.ALERTS),
    )
    async def list_alerts(self, call: Call[wire.AlertsQuery, None]) -> wire.Alerts:
        """List alerts (SiliconWit).

        Newest first, paginated by offset.
        """
        query = call.query
        found, total = await self._alerts.page(call.actor, query.limit, query.offset)
        fired = await self._occurrences.last_repeats(call.actor, [one.id for one in found])
        return wire.Alerts(
            [from_core_alert(one, fired.get(one.id)) for one in found], wire.Pagination(total, query.limit, query.offset)
        )

    @routes.get(
        "/alerts/{alert_id}",
        scope="alerts:read",
        example=Example(path=examples.ALERT_PATH, answer={"data": examples.ALERT}),
    )
    async def get_alert(self, call: Call[None, None]) -> wire.OneAlert:
        """Get an alert (SiliconWit).

        Another account's alert returns the same response as an unknown one.
        """
        found = await self._alerts.get(call.actor, _alert_id(call))
        fired = await self._occurrences.last_repeats(call.actor, [found.id])
        return wire.OneAlert(from_core_alert(found, fired.get(found.id)))

    @routes.get(
        "/alerts/{alert_id}/history",
        scope="alerts:read",
        example=Example(path=examples.ALERT_PATH, query={"limit": "1"}, answer=examples.ALERT_HISTORY),
    )
    async def get_alert_history(self, call: Call[wire.AlertHistoryQuery, None]) -> wire.AlertHistory:
        """Get the history of an alert (SiliconWit).

        The times it was triggered, newest first: when its condition became true, and again at a reading after each cooldown
        while it is true.
        """
        found = await self._occurrences.firings(call.actor, _alert_id(call), call.query.limit)
        return wire.AlertHistory([from_core_firing(one) for one in found])

    @routes.get(
        "/account/usage",
        scope="usage:read",
        example=Example(answer=examples.USAGE),
    )
    async def get_usage(self, call: Call[None, None]) -> wire.OneUsage:
        """Get plan and usage (SiliconWit).

        The period is the calendar month in UTC. `data_points_24h` counts values that arrived in the last 24 hours, starting at a
        whole hour, and is updated shortly afterwards. An alert is active if it is enabled.
        """
        organization = await self._plans.organization(call.actor.org_id)
        plan = self._plans.in_force(organization, self._clock.now_us())
        _, active = await self._devices.page(call.actor, DeviceFilter(status=DeviceStatus.ACTIVE), 0, 0)
        _, paused = await self._devices.page(call.actor, DeviceFilter(status=DeviceStatus.PAUSED), 0, 0)
        total, enabled = await self._alerts.count(call.actor)
        stored = await self._usage.last_day(call.actor)
        return wire.OneUsage(
            wire.Usage(
                plan=from_core_plan(organization.plan, plan, month_of(self._clock.now_us())),
                devices=from_core_device_counts(active, paused, plan),
                telemetry=wire.TelemetryUsage(stored.data_points),
                alerts=wire.AlertUsage(total=total, active=enabled),
            )
        )

    @routes.get(
        "/account/keys",
        scope="profile:read",
        example=Example(answer=examples.KEYS),
    )
    async def list_keys(self, call: Call[None, None]) -> wire.Keys:
        """List API keys (SiliconWit).

        Newest first, with the metadata of each key but never its value.
        """
        now_us = self._clock.now_us()
        found = await all_items(lambda cursor: self._keys.list(call.actor, None, AT_ONCE, cursor))
        return wire.Keys([from_core_key(key, now_us) for key in found])


def _alert_id(call: Call[Any, Any]) -> AlertId:
    return path_id(Prefix.ALERT, call.path["alert_id"])
