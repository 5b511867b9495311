"""Alerts that rules raise and clear, in the transaction that records the rule's run.

Each combination of rule and name has one definition, created when it is first raised. The engine does not monitor it; history,
lists, actions, acknowledgement and streams are those of any alert. It is raised once for a device until it is cleared.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from penstock.core.alerts.clearing import Clearing
from penstock.core.alerts.conditions import RaisedByRule
from penstock.core.alerts.errors import AlertLimitReached
from penstock.core.alerts.events import RAISED, alert_moved
from penstock.core.alerts.jobs import jobs_for
from penstock.core.alerts.models import Alert, ClearReason, End, Occurrence, Target
from penstock.core.alerts.store import AlertTransaction
from penstock.core.commands.definitions import device_of
from penstock.core.devices.models import Device
from penstock.core.notifications.models import Severity
from penstock.core.telemetry.fields import Scalar
from penstock.kit.clock import Clock
from penstock.kit.ids import AlertId, DeviceId, EventId, IdSource, OrgId, RuleId, RunId, Seq


class AlertRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A rule's request to raise or clear an alert.

    `act` is stable: the same act is one request. `value`, `seq` and `time_us` are those of the event that triggered the rule.
    """

    act: str
    rule_id: RuleId
    run_id: RunId
    name: str
    device_id: DeviceId
    time_us: int
    severity: Severity = Severity.WARNING
    message: str = ""
    value: Scalar | None = None
    seq: Seq | None = None
    chain: tuple[RuleId, ...] = ()


class RuleAlerts:
    """Raises and clears alerts for rules."""

    def __init__(self, *, ids: IdSource, clock: Clock, max_per_org: int) -> None:
        self._ids = ids
        self._clock = clock
        self._max_per_org = max_per_org
        self._clearing = Clearing(ids.number)

    async def raise_for(self, tx: AlertTransaction, org_id: OrgId, request: AlertRequest) -> Occurrence | None:
        """Raise an alert in the running transaction. Return the occurrence, or None if the alert is disabled or in maintenance.

        Raises:
            DeviceNotFound: the device no longer exists.
            AlertLimitReached: the organisation has reached the limit of definitions.
        """
        device = await device_of(tx, request.device_id)
        if (known := await tx.occurrences.find_by_act(request.act)) is not None:
            return known
        now_us = self._clock.now_us()
        alert = await tx.alerts.find_for_rule(request.rule_id, request.name) or await self._define(tx, org_id, request, now_us)
        if (found := await tx.occurrences.find_open(alert.id, device.id)) is not None:
            await tx.occurrences.suppress(found.id)
            return found
        muted = await tx.alerts.maintenance(device.id)
        if muted is not None and (muted.until_us is None or muted.until_us > now_us):
            return None
        if not await tx.alerts.mark_raised(alert.id, alert.revision, now_us):
            return None
        found = self._occurrence(alert, request, device, now_us)
        snoozed = await tx.snoozes.covering(alert.id, device.id) is not None
        event = alert_moved(found, device.name, alert.condition, now_us, chain=request.chain, snoozed=snoozed)
        await tx.occurrences.create(found)
        await tx.outbox.add(RAISED, found.id, event)
        await tx.occurrences.add_jobs(jobs_for(alert.actions, org_id, RAISED, event, now_us, self._ids.number))
        return found

    async def clear_for(self, tx: AlertTransaction, org_id: OrgId, request: AlertRequest) -> Occurrence | None:
        """Clear what the rule raised for the device, in the running transaction. Return None if nothing was raised."""
        alert = await tx.alerts.find_for_rule(request.rule_id, request.name)
        found = await tx.occurrences.find_open(alert.id, request.device_id) if alert is not None else None
        if alert is None or found is None:
            return None
        now_us = self._clock.now_us()
        reason, time_us = ClearReason.CONDITION, min(request.time_us, now_us)
        end = End(at_us=now_us, reason=reason, time_us=time_us, value=request.value, seq=request.seq)
        return await self._clearing.clear(tx, alert, found, end, chain=request.chain)

    async def _define(self, tx: AlertTransaction, org_id: OrgId, request: AlertRequest, now_us: int) -> Alert:
        # Only the server's limit applies: definitions of rules do not count against the plan's.
        total, _ = await tx.alerts.count()
        if total >= self._max_per_org:
            raise AlertLimitReached(limit=self._max_per_org)
        alert = Alert(
            id=self._ids.next(AlertId),
            org_id=org_id,
            name=request.name,
            description="",
            # The field is required, but has no effect: the engine never loads this definition.
            target=Target(all=True),
            condition=RaisedByRule(request.rule_id, request.name),
            severity=request.severity,
            enabled=True,
            armed_us=now_us,
            revision=self._ids.number(),
            created_us=now_us,
            updated_us=now_us,
        )
        await tx.alerts.create(alert)
        return alert

    def _occurrence(self, alert: Alert, request: AlertRequest, device: Device, now_us: int) -> Occurrence:
        return Occurrence(
            id=self._ids.next(EventId),
            org_id=alert.org_id,
            alert_id=alert.id,
            device_id=request.device_id,
            name=alert.name,
            severity=request.severity,
            value=request.value,
            seq=request.seq,
            time_us=min(request.time_us, now_us),
            raised_us=now_us,
            message=request.message,
            rule_id=request.rule_id,
            run_id=request.run_id,
            act=request.act,
            device_name=device.name,
            project_id=device.project_id,
            chain=request.chain,
        )


async def clear_of_rule(
    tx: AlertTransaction, rule_id: RuleId, now_us: int, new_id: Callable[[], int], chain: tuple[RuleId, ...] = ()
) -> None:
    """Clear every open occurrence that a rule raised. The rule is deleted; its alerts and their history are kept."""
    for alert in await tx.alerts.list_by_rule(rule_id):
        await Clearing(new_id).clear_of_alert(tx, alert, End(at_us=now_us, reason=ClearReason.CHANGED), chain)
