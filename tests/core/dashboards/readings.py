"""Readings in place of the service that keeps them."""

from __future__ import annotations

from typing import Any, cast

import msgspec

from penstock.core.actor import Actor
from penstock.core.dashboards.shown import Shown
from penstock.core.devices.errors import DeviceNotFound
from penstock.core.telemetry.aggregate import BucketRow
from penstock.core.telemetry.models import HistoryQuery, Reading
from penstock.core.telemetry.service import TelemetryService
from penstock.kit.ids import DeviceId, OrgId, Prefix, encode

ACTOR = Actor.system(OrgId(1))


class Readings:
    """The readings of one device, oldest first; of any other it says that there is none."""

    def __init__(self, *readings: tuple[int, dict[str, Any]], device_id: int = 1) -> None:
        self.device_id, self.asked = DeviceId(device_id), [""]
        self.rows = [Reading(OrgId(1), self.device_id, at, at, msgspec.json.encode(data)) for at, data in readings]

    @property
    def service(self) -> TelemetryService:
        return cast(TelemetryService, self)

    async def latest(self, actor: Actor, device_id: DeviceId) -> tuple[Reading | None, Reading | None]:
        self._check(device_id)
        last = self.rows[-1] if self.rows else None
        return last, last

    async def history(self, actor: Actor, query: HistoryQuery) -> tuple[list[Reading], None]:
        self._check(query.device_id)
        self.asked.append("history")
        return (self.rows[::-1] if query.descending else self.rows)[: query.limit], None

    async def aggregate(
        self, actor: Actor, device_id: DeviceId, *about: Any, include_empty: bool
    ) -> tuple[list[BucketRow], None]:
        self._check(device_id)
        *_, fields, functions = about
        values = {field: dict.fromkeys(functions, 7 if field == "t" else None) for field in fields}
        return [BucketRow(start_us=10, end_us=20, values=values)], None

    def _check(self, device_id: DeviceId) -> None:
        if device_id != self.device_id:
            raise DeviceNotFound(device_id=encode(Prefix.DEVICE, device_id))


def nobody() -> Shown:
    """A device that does not exist."""
    return Shown(device_id=None, device=None)
