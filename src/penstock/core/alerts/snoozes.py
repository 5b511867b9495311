"""Use cases on snoozes: an alert is still evaluated and recorded, but notifies no one and triggers no actions for a while.

Theory of operation. While a row of a snooze exists, events of its alert are marked as `snoozed`, which adds no actions, and which
webhooks and rules skip. When it ends, by time or by a user, the row is removed in the transaction that adds the actions of the
occurrences that are still raised and not acknowledged: so none is notified twice, and none is lost while the server is down.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

from penstock.core.actor import Actor
from penstock.core.alerts.errors import OccurrenceNotFound
from penstock.core.alerts.events import RAISED, REPEATED, SNOOZED, AlertSnoozed, alert_moved
from penstock.core.alerts.jobs import jobs_for
from penstock.core.alerts.models import Alert, Occurrence, Snooze
from penstock.core.alerts.service import get_alert
from penstock.core.alerts.store import AlertTransaction
from penstock.core.alerts.who import who
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.commands.definitions import device_of
from penstock.core.database import OrganizationDatabase
from penstock.kit.clock import DAY_US, Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import AlertId, DeviceId, EventId, IdSource, OrgId, Prefix, encode

MAX_US = 366 * DAY_US
"""The longest snooze."""


class SnoozeRequest(msgspec.Struct, frozen=True, kw_only=True):
    """A snooze: its end as a time or as a length, exactly one of them."""

    until_us: int | None = None
    for_us: int | None = None
    note: str = ""


class Snoozes:
    """The snoozes of some alerts."""

    def __init__(self, found: Iterable[Snooze] = ()) -> None:
        self._by_alert: dict[AlertId, dict[DeviceId | None, Snooze]] = {}
        for one in found:
            self._by_alert.setdefault(one.alert_id, {})[one.device_id] = one

    def of_alert(self, alert_id: AlertId) -> Snooze | None:
        """The snooze of an alert on every device."""
        return self._by_alert.get(alert_id, {}).get(None)

    def of_device(self, alert_id: AlertId, device_id: DeviceId) -> Snooze | None:
        """Of the snoozes of an alert that concern a device, the one that ends last."""
        known = self._by_alert.get(alert_id, {})
        concerning = [known[one] for one in (None, device_id) if one in known]
        return max(concerning, key=lambda one: one.until_us, default=None)


class SnoozeService:
    """Snoozes of alerts, on every device or on one."""

    def __init__(
        self, *, database: OrganizationDatabase[AlertTransaction], trail: AuditTrail, ids: IdSource, clock: Clock
    ) -> None:
        self._database = database
        self._trail = trail
        self._ids = ids
        self._clock = clock

    async def of_alerts(self, actor: Actor, alert_ids: Collection[AlertId]) -> Snoozes:
        """The snoozes of some alerts."""
        async with self._database.snapshot(actor.org_id) as tx:
            return Snoozes(await tx.snoozes.of_alerts(alert_ids))

    async def snooze(self, actor: Actor, alert_id: AlertId, device_id: DeviceId | None, request: SnoozeRequest) -> Snooze:
        """Snooze an alert. Another snooze of the same alert and device replaces it.

        Raises:
            InvalidInput: the end is missing, in the past or too far away; the field is named.
            AlertNotFound, DeviceNotFound.
        """
        now_us = self._clock.now_us()
        until_us = _end_of(request, now_us)
        async with self._database.transaction(actor.org_id) as tx:
            alert = await get_alert(tx, alert_id)
            if device_id is not None:
                await device_of(tx, device_id)
            before = await tx.snoozes.find(alert_id, device_id)
            made = Snooze(
                alert_id=alert_id,
                device_id=device_id,
                until_us=until_us,
                note=request.note,
                created_by=who(actor),
                # Occurrences raised since the first of them were not notified yet.
                created_us=before.created_us if before else now_us,
            )
            await tx.snoozes.set(made)
            await tx.outbox.add(SNOOZED, alert_id, _event(alert, made, now_us, actor))
            place = None if device_id is None else encode(Prefix.DEVICE, device_id)
            facts = {"until_us": until_us, "note": request.note, "device_id": place}
            await self._trail.record(tx, actor, "alert.snooze", _target(alert), after=facts)
        return made

    async def snooze_event(self, actor: Actor, event_id: EventId, request: SnoozeRequest) -> Snooze:
        """Snooze the alert of an occurrence on its device.

        Raises:
            InvalidInput, OccurrenceNotFound, AlertNotFound, DeviceNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.occurrences.find(event_id)
        if found is None:
            raise OccurrenceNotFound(event_id=encode(Prefix.EVENT, event_id))
        return await self.snooze(actor, found.alert_id, found.device_id, request)

    async def end(self, actor: Actor, alert_id: AlertId, device_id: DeviceId | None) -> None:
        """End a snooze. What is still raised is notified now. Repeating the call has no effect.

        Raises:
            AlertNotFound.
        """
        async with self._database.transaction(actor.org_id) as tx:
            alert = await get_alert(tx, alert_id)
            found = await tx.snoozes.find(alert_id, device_id)
            if found is None:
                return
            await self._end(tx, alert, found)
            place = None if device_id is None else encode(Prefix.DEVICE, device_id)
            await self._trail.record(tx, actor, "alert.snooze_end", _target(alert), before={"device_id": place})

    async def end_due(self, org_id: OrgId, due: Snooze, now_us: int) -> None:
        """End a snooze whose time is over, unless it was prolonged or ended in the meantime."""
        async with self._database.transaction(org_id) as tx:
            found = await tx.snoozes.find(due.alert_id, due.device_id)
            if found is not None and found.until_us <= now_us:
                await self._end(tx, await get_alert(tx, due.alert_id), found)

    async def _end(self, tx: AlertTransaction, alert: Alert, snooze: Snooze) -> None:
        await tx.snoozes.end(alert.id, snooze.device_id)
        for found in await _open(tx, snooze):
            if found.acknowledged_us is None and await tx.snoozes.covering(alert.id, found.device_id) is None:
                await self._notify(tx, alert, found, RAISED if found.raised_us >= snooze.created_us else REPEATED)

    async def _notify(self, tx: AlertTransaction, alert: Alert, found: Occurrence, topic: str) -> None:
        now_us = self._clock.now_us()
        event = alert_moved(found, found.device_name, alert.condition, now_us, chain=found.chain)
        await tx.outbox.add(topic, found.id, event)
        # Actions have words for an alert that is raised, and none for one that still is.
        await tx.occurrences.add_jobs(jobs_for(alert.actions, found.org_id, RAISED, event, now_us, self._ids.number))


async def _open(tx: AlertTransaction, snooze: Snooze) -> list[Occurrence]:
    if snooze.device_id is None:
        return list(await tx.occurrences.list_open(snooze.alert_id))
    found = await tx.occurrences.find_open(snooze.alert_id, snooze.device_id)
    return [] if found is None else [found]


def _end_of(request: SnoozeRequest, now_us: int) -> int:
    if request.until_us is not None and request.for_us is not None:
        raise InvalidInput.field("for_s", "must not be combined with until")
    if request.for_us is not None:
        return now_us + request.for_us
    if request.until_us is None:
        raise InvalidInput.field("until", "is required without for_s", "missing")
    if request.until_us <= now_us:
        raise InvalidInput.field("until", "must be in the future")
    if request.until_us > now_us + MAX_US:
        raise InvalidInput.field("until", "must be at most 366 days away")
    return request.until_us


def _event(alert: Alert, made: Snooze, now_us: int, actor: Actor) -> AlertSnoozed:
    return AlertSnoozed(
        alert_id=alert.id,
        device_id=made.device_id,
        name=alert.name,
        severity=alert.severity.value,
        until_us=made.until_us,
        by=made.created_by,
        note=made.note,
        at_us=now_us,
        chain=actor.chain,
    )


def _target(alert: Alert) -> Target:
    return Target("alert", encode(Prefix.ALERT, alert.id), alert.name)
