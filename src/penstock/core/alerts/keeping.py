"""Writing the engine's effects: state, event and actions in one transaction.

What users have done in the meantime takes precedence: an occurrence that was cleared manually is not cleared again, one that
was acknowledged does not escalate, and a changed definition does not raise what its previous version found.
"""

from __future__ import annotations

from penstock.core.alerts.clearing import Clearing
from penstock.core.alerts.events import ESCALATED, RAISED, REPEATED, alert_moved
from penstock.core.alerts.jobs import jobs_for
from penstock.core.alerts.machine import Cleared, Effect, Escalated, Raised, Repeated
from penstock.core.alerts.models import ClearReason, End, Firing, Occurrence
from penstock.core.alerts.store import AlertTransaction
from penstock.kit.ids import IdSource


class AlertNotes:
    """Writes effects in a running transaction of their organisation."""

    def __init__(self, ids: IdSource) -> None:
        self._ids = ids
        self._clearing = Clearing(ids.number)

    async def write(self, tx: AlertTransaction, effect: Effect) -> None:
        """Write one effect."""
        match effect:
            case Raised():
                await self._raised(tx, effect)
            case Cleared():
                await self._cleared(tx, effect)
            case Escalated():
                await self._escalated(tx, effect)
            case Repeated():
                await self._repeated(tx, effect)

    async def _raised(self, tx: AlertTransaction, effect: Raised) -> None:
        alert, device = effect.alert, effect.device
        if not await tx.alerts.mark_raised(alert.id, alert.revision, effect.at_us) or not await tx.devices.find_ref(device.id):
            return
        found = Occurrence(
            id=effect.event_id,
            org_id=alert.org_id,
            alert_id=alert.id,
            device_id=device.id,
            name=alert.name,
            severity=alert.severity,
            value=effect.value,
            seq=effect.seq,
            time_us=effect.time_us,
            raised_us=effect.at_us,
            suppressed=effect.suppressed,
            device_name=device.name,
            project_id=device.project_id,
            chain=effect.chain,
        )
        snoozed = await tx.snoozes.covering(alert.id, device.id) is not None
        event = alert_moved(found, device.name, alert.condition, effect.at_us, chain=effect.chain, snoozed=snoozed)
        await tx.occurrences.create(found)
        await tx.outbox.add(RAISED, found.id, event)
        await tx.occurrences.add_jobs(jobs_for(alert.actions, alert.org_id, RAISED, event, effect.at_us, self._ids.number))

    async def _cleared(self, tx: AlertTransaction, effect: Cleared) -> None:
        found = await tx.occurrences.find(effect.event_id)
        if found is None:
            return
        end = End(at_us=effect.at_us, reason=effect.reason, time_us=effect.time_us, value=effect.value, seq=effect.seq)
        # A timer continues what the rules began that raised it; a reading is a cause of its own.
        chain = found.chain if effect.reason is ClearReason.QUIET else effect.chain
        await self._clearing.clear(tx, effect.alert, found, end, chain=chain, device_name=effect.device.name)

    async def _escalated(self, tx: AlertTransaction, effect: Escalated) -> None:
        if not await tx.occurrences.escalate(effect.event_id, effect.at_us):
            return
        alert, found = effect.alert, await tx.occurrences.find(effect.event_id)
        assert found is not None
        facts = {"step": effect.step + 1, "chain": found.chain}
        facts["snoozed"] = await tx.snoozes.covering(alert.id, found.device_id) is not None
        event = alert_moved(found, effect.device.name, alert.condition, effect.at_us, **facts)
        await tx.outbox.add(ESCALATED, found.id, event)
        actions = alert.escalation[effect.step].actions
        await tx.occurrences.add_jobs(jobs_for(actions, alert.org_id, ESCALATED, event, effect.at_us, self._ids.number))

    async def _repeated(self, tx: AlertTransaction, effect: Repeated) -> None:
        alert, found = effect.alert, await tx.occurrences.find(effect.event_id)
        if found is None or found.cleared_us is not None:
            return
        repeat = Firing(
            id=effect.firing_id,
            alert_id=found.alert_id,
            device_id=found.device_id,
            event_id=found.id,
            severity=found.severity,
            value=effect.value,
            fired_us=effect.at_us,
        )
        await tx.occurrences.add_repeat(repeat)
        facts = {"value": effect.value, "seq": effect.seq, "chain": effect.chain}
        facts["snoozed"] = await tx.snoozes.covering(alert.id, found.device_id) is not None
        event = alert_moved(found, effect.device.name, alert.condition, effect.at_us, **facts)
        await tx.outbox.add(REPEATED, found.id, event)
