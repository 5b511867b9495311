"""The stores of snoozes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from penstock.core.alerts.models import Snooze
from penstock.kit.ids import AlertId, DeviceId, OrgId


class SnoozeStore(Protocol):
    """Snoozes of the transaction's organisation. A row is in force until it is removed, which a worker does at its end."""

    async def set(self, snooze: Snooze) -> None:
        """Start a snooze, or replace the one of the same alert and device."""

    async def find(self, alert_id: AlertId, device_id: DeviceId | None) -> Snooze | None:
        """The snooze of an alert on exactly this device, or with None on every device."""

    async def covering(self, alert_id: AlertId, device_id: DeviceId) -> Snooze | None:
        """A snooze of an alert that concerns a device, or None."""

    async def of_alerts(self, alert_ids: Collection[AlertId]) -> Sequence[Snooze]:
        """All snoozes of some alerts."""

    async def end(self, alert_id: AlertId, device_id: DeviceId | None) -> bool:
        """Remove a snooze; False if there is none."""


class SystemSnoozeStore(Protocol):
    """Snoozes of all organisations, for the worker."""

    async def due(self, now_us: int, limit: int) -> Sequence[tuple[OrgId, Snooze]]:
        """Snoozes whose time is over, oldest first."""


class HasSnoozes(Protocol):
    """A transaction with snoozes."""

    @property
    def snoozes(self) -> SnoozeStore:
        """Snoozes of alerts."""


class HasSystemSnoozes(Protocol):
    """A transaction across organisations with snoozes."""

    @property
    def snoozes(self) -> SystemSnoozeStore:
        """Snoozes of all organisations, for the worker."""
