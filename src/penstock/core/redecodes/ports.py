"""The port to which re-decodes report that consumption in the past has changed."""

from __future__ import annotations

from typing import Protocol

from penstock.core.redecodes.store import RedecodeTransaction
from penstock.kit.ids import DeviceId

REASON = "redecode"


class ConsumptionNotes(Protocol):
    """Records which consumption has to be computed again."""

    async def add(self, tx: RedecodeTransaction, device_id: DeviceId, from_us: int, reason: str) -> None:
        """Note that values of a device have changed from a time on, in the transaction that counts the change."""


class NoConsumptionNotes:
    """Implements `ConsumptionNotes` where nothing depends on consumption of the past: it is computed on request."""

    async def add(self, tx: RedecodeTransaction, device_id: DeviceId, from_us: int, reason: str) -> None:
        """Nothing to note."""
