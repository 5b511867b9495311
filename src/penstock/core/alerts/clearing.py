"""Clearing an occurrence: state, event and actions in the running transaction, for every reason."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.alerts.events import CLEARED, alert_moved
from penstock.core.alerts.jobs import jobs_for
from penstock.core.alerts.models import Alert, End, Occurrence
from penstock.core.alerts.store import AlertTransaction
from penstock.kit.ids import AlertId, DeviceId, RuleId


class Clearing:
    """Clears occurrences. `new_id` numbers the actions."""

    def __init__(self, new_id: Callable[[], int]) -> None:
        self._new_id = new_id

    async def clear(
        self,
        tx: AlertTransaction,
        alert: Alert,
        found: Occurrence,
        end: End,
        *,
        chain: tuple[RuleId, ...] = (),
        device_name: str | None = None,
    ) -> Occurrence | None:
        """Clear an occurrence of an alert; return it, or None if it was already cleared.

        `chain` are the rules that led to its end. `device_name` is looked up if it is None.
        """
        if not await tx.occurrences.clear(found.id, end):
            return None
        over = msgspec.structs.replace(
            found,
            cleared_us=end.at_us,
            clear_time_us=end.at_us if end.time_us is None else end.time_us,
            cleared_by=end.by,
            clear_reason=end.reason,
            clear_value=end.value,
            clear_seq=end.seq,
        )
        if device_name is None:
            device = await tx.devices.find(found.device_id)
            device_name = device.name if device else found.device_name
        facts = {"reason": end.reason.value, "by": end.by, "value": end.value, "seq": end.seq, "chain": chain}
        facts["snoozed"] = await tx.snoozes.covering(alert.id, found.device_id) is not None
        event = alert_moved(over, device_name, alert.condition, end.at_us, **facts)
        await tx.outbox.add(CLEARED, found.id, event)
        requested = [one for one in alert.actions if one.on_clear]
        await tx.occurrences.add_jobs(jobs_for(requested, found.org_id, CLEARED, event, end.at_us, self._new_id))
        return over

    async def clear_of_alert(self, tx: AlertTransaction, alert: Alert, end: End, chain: tuple[RuleId, ...] = ()) -> None:
        """Clear every open occurrence of a definition."""
        for found in await tx.occurrences.list_open(alert.id):
            await self.clear(tx, alert, found, end, chain=chain)

    async def clear_of_device(self, tx: AlertTransaction, device_id: DeviceId, end: End, chain: tuple[RuleId, ...] = ()) -> None:
        """Clear every open occurrence of a device."""
        alerts: dict[AlertId, Alert | None] = {}
        for found in await tx.occurrences.list_open_by_device(device_id):
            if found.alert_id not in alerts:
                alerts[found.alert_id] = await tx.alerts.find(found.alert_id)
            alert = alerts[found.alert_id]
            if alert is not None:  # deleting a definition clears its occurrences, so there is none without one
                await self.clear(tx, alert, found, end, chain=chain)
