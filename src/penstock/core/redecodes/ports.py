"""The port to which re-decodes report that consumption in the past has changed."""

from __future__ import annotations

from typing import Protocol

from penstock.core.redecodes.store import RedecodeTransaction
from penstock.kit.clock import Clock
from penstock.kit.ids import DeviceId

REASON = "redecode"


class ConsumptionNotes(Protocol):
    """Records which consumption has to be computed again."""

    async def add(self, tx: RedecodeTransaction, device_id: DeviceId, from_us: int, reason: str) -> None:
        """Note that values of a device have changed from a time on, in the transaction that counts the change."""


class NotedChanges:
    """Implements `ConsumptionNotes`: with the other changes of consumption, for those who have billed it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    async def add(self, tx: RedecodeTransaction, device_id: DeviceId, from_us: int, reason: str) -> None:
        """Note the change once it is committed."""
        await tx.consumption_changes.add(device_id, from_us, reason, self._clock.now_us())
