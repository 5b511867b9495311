"""Marks invoices whose consumption may have changed: by people, as changes of consumption say, and by readings that came late.

Nothing follows every reading: the store finds those that arrived since the last time and whose times lie before the latest
invoice was issued. What was interpolated up to a value changes with it, so the invoices since the value before it are marked too.
A mark says that an invoice is compared again, not that it is wrong, so one too many does no harm.
"""

from __future__ import annotations

from penstock.core.database import OrganizationDatabase
from penstock.core.invoices.store import InvoiceTransaction
from penstock.core.meters.usage import KnownValues
from penstock.core.telemetry.models import TimeRange
from penstock.core.telemetry.store import ReadingLog, ReadingStore
from penstock.kit.clock import HOUR_US
from penstock.kit.ids import ChangeId, DeviceId, OrgId

LATE = "late readings"
CLOSING_US = HOUR_US
"""How long closing may take: what meters send meanwhile is not late."""
ROWS = 1_000
"""Changes or readings that are handled in one transaction."""


class InvoiceRechecks:
    """Keeps the marks of an organisation up to date."""

    def __init__(
        self, database: OrganizationDatabase[InvoiceTransaction], log: ReadingLog, store: ReadingStore, known: KnownValues
    ) -> None:
        self._database = database
        self._log = log
        self._store = store
        self._known = known

    async def update(self, org_id: OrgId) -> None:
        """Mark what changed since the last time. The first time, nothing is: there are no invoices yet."""
        while await self._step(org_id):
            pass

    async def _step(self, org_id: OrgId) -> bool:
        """Handle a part. Returns whether there is more."""
        async with self._database.snapshot(org_id) as tx:
            position, closed = await tx.rechecks.position(), await tx.rechecks.closed_until()
            newest = await tx.rechecks.last_change()
            changes = await tx.rechecks.changes(position[0], ROWS) if position else []
        if position is None:
            await self._start(org_id, newest)
            return False
        head, seq = self._log.last_seq, position[1]
        until_us = max(closed[0], closed[1] - CLOSING_US)
        late = (
            await self._store.arrived(org_id, TimeRange(from_us=0, to_us=until_us), seq, ROWS) if head > seq and until_us else []
        )
        marks: dict[tuple[DeviceId, str], int] = {}
        for _, device_id, from_us, reason in changes:
            marks[device_id, reason] = min(from_us, marks.get((device_id, reason), from_us))
        for reading in late:
            marks[reading.device_id, LATE] = min(reading.time_us, marks.get((reading.device_id, LATE), reading.time_us))
        reached = late[-1].seq if len(late) == ROWS else max(head, seq)
        last = changes[-1][0] if changes else position[0]
        if (last, reached) != position:
            since = {each: await self._known.changed_from(org_id, each[0], from_us) for each, from_us in marks.items()}
            async with self._database.transaction(org_id) as tx:
                for (device_id, reason), from_us in since.items():
                    await tx.rechecks.mark_device(device_id, from_us, reason)
                await tx.rechecks.set_position(last, reached)
        return len(changes) == ROWS or len(late) == ROWS

    async def _start(self, org_id: OrgId, newest: ChangeId) -> None:
        async with self._database.transaction(org_id) as tx:
            if await tx.rechecks.position() is None:
                await tx.rechecks.set_position(newest, self._log.last_seq)
