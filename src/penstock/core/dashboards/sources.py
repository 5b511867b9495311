"""Finds the devices that a widget shows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec

from penstock.core.actor import Actor
from penstock.core.dashboards.access import NO_PROJECT
from penstock.core.dashboards.models import Dashboard, Variable
from penstock.core.dashboards.options import Source
from penstock.core.dashboards.shown import Shown
from penstock.core.devices.models import Device, DeviceFilter, DeviceSort
from penstock.core.devices.store import HasDevices
from penstock.core.telemetry.models import TimeRange
from penstock.kit.ids import Prefix, ProjectId, decode, encode

READ_DEVICES = "devices:read"


class Requested(msgspec.Struct, frozen=True, kw_only=True):
    """How a widget is asked for: with a range, or None for that of its dashboard."""

    zone: ZoneInfo
    range: TimeRange | None = None
    variables: Mapping[str, str] = {}


class Viewing(msgspec.Struct, frozen=True, kw_only=True):
    """How a widget is viewed: in which range and time zone, and with which values of variables."""

    range: TimeRange
    zone: ZoneInfo
    variables: Mapping[str, str] = {}


class Finder:
    """Finds the devices of a dashboard's widgets for a caller, inside a transaction."""

    def __init__(self, tx: HasDevices, actor: Actor, variables: Sequence[Variable], chosen: Mapping[str, str]) -> None:
        self._tx = tx
        self._actor = actor
        self._variables = {one.name: one for one in variables}
        self._chosen = chosen
        self._project_id = actor.project_id

    def within(self, dashboard: Dashboard | None) -> Finder:
        """Select devices by labels in the project of a dashboard only, if it belongs to one."""
        if dashboard is not None and dashboard.project_id is not None:
            self._project_id = dashboard.project_id if self._actor.reaches(dashboard.project_id) else NO_PROJECT
        return self

    async def find(self, source: Source, limit: int) -> tuple[list[Shown], bool]:
        """The devices of a source, at most `limit`, and whether there are more.

        Raises:
            ScopeMissing: it selects by labels, and the caller cannot list devices.
        """
        if source.variable is not None:
            return await self._of_variable(source.variable, limit)
        if source.labels:
            return await self._with_labels(source.labels, limit)
        ids = source.device_ids if source.device_id is None else [source.device_id]
        return [await self._one(text) for text in ids[:limit]], len(ids) > limit

    async def options(self, variable: Variable, limit: int) -> list[tuple[str, str]]:
        """The values that a variable can have, each with its name.

        Raises:
            ScopeMissing.
        """
        found, _ = await self._with_labels(variable.labels, limit)
        devices = [one.device for one in found if one.device is not None]
        if variable.kind == "device":
            return [(encode(Prefix.DEVICE, one.id), one.name) for one in devices]
        values = {one.labels[variable.label_key] for one in devices if variable.label_key in one.labels}
        return [(value, value) for value in sorted(values)]

    async def _of_variable(self, name: str, limit: int) -> tuple[list[Shown], bool]:
        variable = self._variables.get(name)
        value = self._chosen.get(name, variable.default if variable else "")
        if variable is None or (variable.kind == "device" and not value):
            return [Shown(device_id=None, device=None)], False
        if variable.kind == "device":
            return [await self._one(value)], False
        return await self._with_labels(variable.labels | ({variable.label_key: value} if value else {}), limit)

    async def _with_labels(self, labels: dict[str, str], limit: int) -> tuple[list[Shown], bool]:
        self._actor.require(READ_DEVICES)
        filters = DeviceFilter(labels=labels, project_id=self._project_id)
        found = await self._tx.devices.list(filters, limit + 1, None, DeviceSort.NAME)
        return [self._shown(one) for one in found[:limit]], len(found) > limit

    async def _one(self, text: str) -> Shown:
        device_id = decode(Prefix.DEVICE, text)
        device = None if device_id is None else await self._tx.devices.find(device_id)
        if device is None or not self._actor.reaches(ProjectId(device.project_id)):
            return Shown(device_id=text[:64], device=None)
        return self._shown(device)

    def _shown(self, device: Device) -> Shown:
        named = self._actor.allows(READ_DEVICES)
        return Shown(device_id=encode(Prefix.DEVICE, device.id), device=device, named=named)
