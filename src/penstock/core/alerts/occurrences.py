"""Use cases on occurrences of alerts: read, acknowledge, clear; and maintenance of devices."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import msgspec

from penstock.core.actor import Actor
from penstock.core.alerts.clearing import Clearing
from penstock.core.alerts.errors import OccurrenceNotFound
from penstock.core.alerts.events import ACKNOWLEDGED, alert_moved
from penstock.core.alerts.models import ChangeKind, ClearReason, End, Firing, Maintenance, Occurrence, OccurrenceFilter, OpenCount
from penstock.core.alerts.service import get_alert
from penstock.core.alerts.store import AlertTransaction
from penstock.core.alerts.who import who
from penstock.core.audit.models import Target
from penstock.core.audit.trail import AuditTrail
from penstock.core.commands.definitions import device_of
from penstock.core.database import OrganizationDatabase
from penstock.kit.clock import Clock
from penstock.kit.errors import InvalidInput
from penstock.kit.ids import AlertId, DeviceId, EventId, IdSource, Prefix, encode
from penstock.kit.paging import Page, decode_cursor, page_of


class OccurrenceService:
    """Occurrences of alerts. `on_change` is called after a commit that the engine must load."""

    def __init__(
        self,
        *,
        database: OrganizationDatabase[AlertTransaction],
        trail: AuditTrail,
        ids: IdSource,
        clock: Clock,
        on_change: Callable[[], None],
    ) -> None:
        self._database = database
        self._trail = trail
        self._clock = clock
        self._on_change = on_change
        self._clearing = Clearing(ids.number)

    async def get(self, actor: Actor, event_id: EventId) -> Occurrence:
        """Return an occurrence.

        Raises:
            OccurrenceNotFound: the caller's organisation has no occurrence with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            return await _get(tx, event_id)

    async def list(self, actor: Actor, filters: OccurrenceFilter, limit: int, cursor: str | None) -> Page[Occurrence]:
        """Return a page of occurrences, newest first."""
        key = decode_cursor(cursor, tuple[int])
        async with self._database.snapshot(actor.org_id) as tx:
            found = await tx.occurrences.list(filters, limit + 1, key[0] if key else None)
        return page_of(found, limit, lambda last: (last.id,))

    async def count_open(self, actor: Actor) -> Sequence[OpenCount]:
        """Return how many occurrences are not cleared, by severity and whether they are acknowledged."""
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.occurrences.count_open()

    async def list_by_alert(
        self, actor: Actor, alert_id: AlertId, filters: OccurrenceFilter, limit: int, cursor: str | None
    ) -> Page[Occurrence]:
        """Return a page of one alert's occurrences, newest first.

        Raises:
            AlertNotFound: it does not exist, and has no history.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await _known_alert(tx, alert_id)
        return await self.list(actor, msgspec.structs.replace(filters, alert_id=alert_id), limit, cursor)

    async def firings(self, actor: Actor, alert_id: AlertId, limit: int) -> Sequence[Firing]:
        """Return the latest times an alert fired, newest first: when it was raised, and after each cooldown while it held.

        Raises:
            AlertNotFound.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await _known_alert(tx, alert_id)
            return await tx.occurrences.firings(alert_id, limit)

    async def last_repeats(self, actor: Actor, alert_ids: Sequence[AlertId]) -> Mapping[AlertId, int]:
        """Return when each alert last fired again; alerts that never did are omitted."""
        async with self._database.snapshot(actor.org_id) as tx:
            return await tx.occurrences.last_repeats(alert_ids)

    async def acknowledge(self, actor: Actor, event_id: EventId, note: str | None) -> Occurrence:
        """Acknowledge an occurrence, open or cleared; it no longer escalates. Repeating the call has no effect.

        Raises:
            OccurrenceNotFound.
        """
        now_us, by = self._clock.now_us(), who(actor)
        async with self._database.transaction(actor.org_id) as tx:
            found = await _get(tx, event_id)
            if not await tx.occurrences.acknowledge(event_id, now_us, by, note):
                return found
            found = await _get(tx, event_id)
            await self._acknowledged(tx, actor, found, now_us, note)
            await tx.alerts.record_change(ChangeKind.ACKNOWLEDGED, event_id, found.alert_id, found.device_id)
            await self._trail.record(tx, actor, "alert.acknowledge", _target(found), note=note)
        self._on_change()
        return found

    async def clear(self, actor: Actor, event_id: EventId) -> Occurrence:
        """Clear an occurrence manually. It is raised again if the condition holds at a later reading. Repeating the call has no
        effect.

        Raises:
            OccurrenceNotFound.
        """
        now_us = self._clock.now_us()
        async with self._database.transaction(actor.org_id) as tx:
            found = await _get(tx, event_id)
            if found.cleared_us is not None:
                return found
            alert = await get_alert(tx, found.alert_id)
            end = End(at_us=now_us, reason=ClearReason.MANUAL, by=who(actor))
            found = await self._clearing.clear(tx, alert, found, end, chain=actor.chain) or found
            await tx.alerts.record_change(ChangeKind.CLEARED, event_id, found.alert_id, found.device_id)
            await self._trail.record(tx, actor, "alert.clear", _target(found))
        self._on_change()
        return found

    async def maintenance(self, actor: Actor, device_id: DeviceId) -> Maintenance | None:
        """Return the device's current maintenance, or None.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        async with self._database.snapshot(actor.org_id) as tx:
            await device_of(tx, device_id)
            found = await tx.alerts.maintenance(device_id)
        over = found is not None and found.until_us is not None and found.until_us <= self._clock.now_us()
        return None if over else found

    async def set_maintenance(self, actor: Actor, device_id: DeviceId, until_us: int | None, reason: str) -> Maintenance:
        """Start maintenance: nothing is raised for the device until `until_us`, or until a user ends it.

        Raises:
            InvalidInput: the time is in the past.
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        now_us = self._clock.now_us()
        if until_us is not None and until_us <= now_us:
            raise InvalidInput.field("until", "must be in the future")
        requested = Maintenance(device_id=device_id, until_us=until_us, reason=reason, created_by=who(actor), created_us=now_us)
        async with self._database.transaction(actor.org_id) as tx:
            device = await device_of(tx, device_id)
            await tx.alerts.set_maintenance(requested)
            await tx.alerts.record_change(ChangeKind.DEVICE, device_id)
            target = Target("device", encode(Prefix.DEVICE, device_id), device.name)
            await self._trail.record(tx, actor, "device.maintenance_begin", target, reason=reason)
        self._on_change()
        return requested

    async def end_maintenance(self, actor: Actor, device_id: DeviceId) -> None:
        """End maintenance and monitor the device again. Repeating the call has no effect.

        Raises:
            DeviceNotFound: the caller's organisation has no device with this id.
        """
        async with self._database.transaction(actor.org_id) as tx:
            device = await device_of(tx, device_id)
            await tx.alerts.end_maintenance(device_id, self._clock.now_us())
            await tx.alerts.record_change(ChangeKind.DEVICE, device_id)
            target = Target("device", encode(Prefix.DEVICE, device_id), device.name)
            await self._trail.record(tx, actor, "device.maintenance_end", target)
        self._on_change()

    async def _acknowledged(self, tx: AlertTransaction, actor: Actor, found: Occurrence, now_us: int, note: str | None) -> None:
        alert = await tx.alerts.find(found.alert_id)
        if alert is None:
            return  # its events ended with the definition; only the history is left, and shows the note
        device = await tx.devices.find(found.device_id)
        name = device.name if device else found.device_name
        snoozed = await tx.snoozes.covering(alert.id, found.device_id) is not None
        facts = {"by": who(actor), "note": note, "chain": actor.chain, "snoozed": snoozed}
        event = alert_moved(found, name, alert.condition, now_us, **facts)
        await tx.outbox.add(ACKNOWLEDGED, found.id, event)


async def _known_alert(tx: AlertTransaction, alert_id: AlertId) -> None:
    """Check that the organisation has the alert, or the history of one that was deleted."""
    if not await tx.occurrences.list(OccurrenceFilter(alert_id=alert_id), 1, None):
        await get_alert(tx, alert_id)


async def _get(tx: AlertTransaction, event_id: EventId) -> Occurrence:
    found = await tx.occurrences.find(event_id)
    if found is None:
        raise OccurrenceNotFound(event_id=encode(Prefix.EVENT, event_id))
    return found


def _target(found: Occurrence) -> Target:
    return Target("alert_event", encode(Prefix.EVENT, found.id), found.name)
